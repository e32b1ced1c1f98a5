package watchlist

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Imported is what Import read of somebody else's list.
type Imported struct {
	Format   string   // "CSV", "YAML", "XLSX" or "FollowTheMoney"
	People   []Person // in the order of the file; an ID is "" where the file gave none
	Lines    []int    // of People
	Rows     int      // met, good or not
	Refused  []Refusal
	Omitted  int // refused beyond those in Refused
	Warnings []Problem
}

// Refusal is a row that was not taken, and why; nothing of it is quoted.
type Refusal struct {
	Line int    `json:"line"`
	Why  string `json:"why"`
}

// maxRefused bounds how many refusals are told one by one.
const maxRefused = 100_000

// imports is what a reader of somebody else's list keeps beside a report.
type imports struct {
	refused []Refusal
	omitted int
	resumed int  // how often reading began anew behind a quote that is not closed
	headed  bool // a header, or what there is of one, could be read
}

// Import reads a list that is not ours, leniently: CSV, YAML or JSON in our own
// columns or under the names that spreadsheets have for them, XLSX, and
// FollowTheMoney JSON (followthemoney.tech), an array or one entity a line; the
// format is told by what the file holds. Countries may be written by name, dates
// and sex in the common ways. A row that is wrong is refused by itself. An error,
// mostly an *Errors, means that nothing could be read.
func Import(path string, o Options) (*Imported, error) {
	data, _, err := read(path)
	if err != nil {
		return nil, err
	}
	return importData(path, data, o)
}

func importData(path string, data []byte, o Options) (*Imported, error) {
	data, err := opened(path, data, o)
	if err != nil {
		return nil, err
	}
	r := &reader{report: report{file: path, most: maxProblems}, options: Options{}, ids: map[string]int{}, imports: &imports{}}
	out := &Imported{}
	switch {
	case isZip(data):
		out.Format = "XLSX"
		r.xlsx(data)
	case foreign(data) != "":
		r.wrong(place{line: 1}, foreign(data))
	default:
		text := r.decodeLeniently(data)
		switch {
		case len(r.problems) > 0:
		case isFtM(text):
			out.Format = "FollowTheMoney"
			r.ftm(text)
		case isYAML(path):
			out.Format = "YAML"
			r.yaml(text)
		default:
			out.Format = "CSV"
			r.csv(text)
		}
	}
	if r.entries == 0 || !r.imports.headed {
		if len(r.problems) == 0 {
			r.wrong(place{line: 1}, "nobody is in it")
		}
		return nil, r.err()
	}
	// What is wrong beside rows, such as the end of a file that cannot be read.
	for _, p := range r.problems {
		r.refuse(p.Line, p.Message)
	}
	out.People, out.Lines, out.Rows = r.people, r.lines, r.entries
	r.twins()
	inOrder(r.warnings)
	out.Refused, out.Omitted, out.Warnings = r.imports.refused, r.imports.omitted, r.warnings
	return out, nil
}

// decodeLeniently is decode, but that bytes that cannot be read spoil their own
// row only.
func (r *reader) decodeLeniently(data []byte) string {
	if data := bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")); !utf8.Valid(data) && mostlyUTF8(data) {
		return strings.ToValidUTF8(string(data), "\uFFFD")
	}
	return r.decode(data)
}

// row reads one entry by f. In an import what is wrong with it refuses it alone.
func (r *reader) row(line int, f func()) {
	if r.imports == nil {
		f()
		return
	}
	problems, people, entries := len(r.problems), len(r.people), r.entries
	f()
	if len(r.problems) == problems {
		return
	}
	why := make([]string, 0, 1)
	for _, p := range r.problems[problems:] {
		why = append(why, p.Message)
	}
	r.problems, r.omitted = r.problems[:problems], 0
	for _, p := range r.people[people:] {
		delete(r.ids, p.ID)
	}
	r.people, r.lines = r.people[:people], r.lines[:people]
	if r.entries == entries {
		r.entries++
	}
	r.refuse(line, strings.Join(why, "; "))
}

func (r *reader) refuse(line int, why string) {
	if len(r.imports.refused) == maxRefused {
		r.imports.omitted++
		return
	}
	r.imports.refused = append(r.imports.refused, Refusal{line, why})
}

// Names that other lists have for columns; see also columnNames. Written in lower
// case without blanks and marks.
var foreignColumns = map[string]column{
	"fullname": colName, "personname": colName, "caption": colName,
	"alias": colAliases, "aka": colAliases, "othernames": colAliases, "othername": colAliases, "alsoknownas": colAliases,
	"birthdate": colBirthDate, "dateofbirth": colBirthDate, "dob": colBirthDate, "born": colBirthDate, "birthday": colBirthDate, "birthyear": colBirthDate, "yearofbirth": colBirthDate,
	"nationality": colNationalities, "citizenship": colNationalities, "citizenships": colNationalities, "country": colNationalities, "countries": colNationalities,
	"gender": colSex,
	"tag":    colTags, "notes": colNote, "comment": colNote, "comments": colNote, "remarks": colNote,
	"surname": familyName, "familyname": familyName, "lastname": familyName,
	"forename": givenName, "forenames": givenName, "givenname": givenName, "givennames": givenName, "firstname": givenName, "firstnames": givenName,
}

// column finds which column a name of the file means.
func (r *reader) column(name string) (column, bool) {
	if c, ok := columnOf(name); ok || r.imports == nil {
		return c, ok
	}
	bare := strings.Map(func(x rune) rune {
		if strings.ContainsRune(" _-./\u00a0\t\r\n", x) {
			return -1
		}
		return x
	}, strings.ToLower(strings.TrimSpace(name)))
	for c, known := range columnNames {
		if bare == strings.ReplaceAll(known, "_", "") {
			return column(c), true
		}
	}
	c, ok := foreignColumns[bare]
	return c, ok
}

// Entry is a person as somebody types one: a text for each column, as CSV has it.
type Entry struct {
	ID, Name, Aliases, BirthDate, Nationalities, Sex, Codename, Tags, Note string
}

// Entry writes a person as Entry.Person reads one.
func (p Person) Entry() Entry {
	return Entry{
		ID: p.ID, Name: p.Name, Aliases: strings.Join(p.Aliases, ";"), BirthDate: p.BirthDate.String(),
		Nationalities: strings.Join(p.Nationalities, ";"), Sex: p.Sex, Codename: p.Codename, Tags: strings.Join(p.Tags, ";"), Note: p.Note,
	}
}

func (e Entry) texts() [columns]string {
	return [columns]string{e.ID, e.Name, e.Aliases, e.BirthDate, e.Nationalities, e.Sex, e.Codename, e.Tags, e.Note}
}

// Person checks what was typed, as leniently as Import. The error is one mistake a
// line and quotes nothing; the warnings say what is odd.
func (e Entry) Person() (p Person, warnings []string, err error) {
	r := &reader{report: report{most: maxProblems}, ids: map[string]int{}, imports: &imports{}}
	var x entry
	for c, text := range e.texts() {
		x.values[c].text = text
	}
	if !utf8.ValidString(strings.Join(func() []string { t := e.texts(); return t[:] }(), "")) {
		return p, nil, errors.New("unreadable bytes: write UTF-8")
	}
	r.take(&x)
	for _, w := range r.warnings {
		warnings = append(warnings, w.Message)
	}
	if len(r.problems) > 0 {
		why := make([]string, len(r.problems))
		for i, p := range r.problems {
			why[i] = p.Message
		}
		return p, warnings, errors.New(strings.Join(why, "\n"))
	}
	return r.people[0], warnings, nil
}

// twins says where people of an import stand twice: with the same name and birth
// date, and no ids that tell them apart.
func (r *reader) twins() {
	first := map[string]int{}
	for i, p := range r.people {
		if p.ID != "" {
			continue
		}
		k := who(p)
		if line, ok := first[k]; ok {
			r.warn(place{line: r.lines[i]}, fmt.Sprintf("the same name and birth date as on line %d: both are taken", line))
			continue
		}
		first[k] = r.lines[i]
	}
}

// who tells people apart who have no id.
func who(p Person) string { return strings.ToLower(p.Name) + "\x00" + p.BirthDate.String() }

// Merge puts the imported people into a draft. Whoever is in it already keeps the
// id: by the file's own id, otherwise by name and birth date, the first such row
// being the first such person. Others get one from newID. It gives the ids of those
// in the draft whom the import does not have; they stay.
func (m *Imported) Merge(d *Draft, newID func(taken func(string) bool) string) (kept []string) {
	named := map[string][]string{}
	claimed := map[string]bool{}
	for _, p := range m.People {
		if p.ID != "" {
			claimed[p.ID] = true
		}
	}
	for _, p := range d.People() {
		if !claimed[p.ID] {
			named[who(p)] = append(named[who(p)], p.ID)
		}
	}
	old := make([]string, 0, len(d.People()))
	for _, p := range d.People() {
		old = append(old, p.ID)
	}
	for _, p := range m.People {
		if p.ID == "" {
			if ids := named[who(p)]; len(ids) > 0 {
				p.ID, named[who(p)] = ids[0], ids[1:]
			} else {
				p.ID = newID(func(id string) bool { _, ok := d.Person(id); return ok || claimed[id] })
			}
			claimed[p.ID] = true
		}
		d.Put(p)
	}
	for _, id := range old {
		if !claimed[id] {
			kept = append(kept, id)
		}
	}
	return kept
}
