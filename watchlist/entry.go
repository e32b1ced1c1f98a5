package watchlist

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"tocsin"
)

// column is one of the contract's columns, and of YAML's keys.
type column int

const (
	colID column = iota
	colName
	colAliases
	colBirthDate
	colNationalities
	colSex
	colCodename
	colTags
	colNote
	columns
)

var columnNames = [columns]string{"id", "name", "aliases", "birth_date", "nationalities", "sex", "codename", "tags", "note"}

// columnOf finds a column by its name in any case.
func columnOf(name string) (column, bool) {
	i := slices.Index(columnNames[:], strings.ToLower(strings.TrimSpace(name)))
	return column(i), i >= 0
}

// maxField bounds one field, in bytes of UTF-8.
const maxField = 4 << 10

// value is what one column says, as one text or, in YAML, as items.
type value struct {
	place
	text  string
	items []value
	list  bool // items, not text
	null  bool // YAML's nothing
	lines bool // a line break separates, as ; does
	told  bool // that it is wrong
}

// entry is one person as the file has it.
type entry struct {
	place
	values [columns]value
}

// parts are the pieces of a column that takes several, with where each stands.
func (v value) parts() []value {
	var out []value
	if v.list {
		for _, item := range v.items {
			item.lines = v.lines
			out = append(out, item.parts()...)
		}
		return out
	}
	for s := range strings.FieldsFuncSeq(v.text, func(x rune) bool { return x == ';' || v.lines && (x == '\n' || x == '\r') || x == '；' && v.lines }) {
		if s = squeeze(s); s != "" {
			out = append(out, value{place: v.place, text: s})
		}
	}
	return out
}

// squeeze makes any white space, line breaks too, one space.
func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }

// take checks an entry and adds the person. A person with a mistake is not
// added; every mistake of the entry is told.
func (r *reader) take(e *entry) {
	r.entries++
	before := len(r.problems) + r.omitted
	for c := range columns {
		e.values[c].lines = r.imports != nil
		r.readable(c, e.values[c])
	}
	if len(r.problems)+r.omitted > before {
		return // what else would be said of such cells is noise
	}
	id := r.id(e)
	p := Person{
		ID: id, Name: r.name(e), Aliases: r.aliases(e.values[colAliases]), BirthDate: r.birthDate(e.values[colBirthDate]),
		Nationalities: r.nationalities(e.values[colNationalities]), Sex: r.sex(e.values[colSex]),
		Codename: strings.Clone(squeeze(e.values[colCodename].text)), Tags: texts(e.values[colTags].parts()),
		Note: strings.Clone(strings.TrimSpace(e.values[colNote].text)),
	}
	if len(r.problems)+r.omitted > before {
		return
	}
	if p.ID != "" && tells(p) {
		r.warn(e.values[colID].place, "the id has a part of the name in it: ids are stored and logged, choose one that says nothing")
	}
	r.people = append(r.people, p)
	r.lines = append(r.lines, e.line)
}

// readable refuses what no field may hold.
func (r *reader) readable(c column, v value) {
	size := r.letters(c, v)
	if size > maxField {
		r.wrong(v.place, fmt.Sprintf("%s is longer than 4 KiB: shorten it, or look for a quote that is not closed", columnNames[c]))
	}
}

func (r *reader) letters(c column, v value) (size int) {
	if v.list {
		for _, item := range v.items {
			size += r.letters(c, item)
		}
		return size
	}
	lost, control := false, false
	for _, x := range v.text {
		lost = lost || x == unicode.ReplacementChar
		control = control || (x != 0 || r.imports != nil) && unicode.IsControl(x) && !unicode.IsSpace(x)
	}
	if lost {
		r.wrong(v.place, columnNames[c]+" has unreadable letters (U+FFFD), lost when the file was converted before: write them again")
	}
	if control {
		r.wrong(v.place, columnNames[c]+" has control characters: type it again")
	}
	return len(v.text)
}

func (r *reader) id(e *entry) string {
	v := e.values[colID]
	id := strings.TrimSpace(v.text)
	switch first, twice := r.ids[id]; {
	case id == "" && r.options.RequireIDs:
		r.wrong(e.place, "no id: give each person one that says nothing, such as p-017")
	case id == "":
	case !ValidID(id):
		r.wrong(v.place, "not an id: write up to 64 letters a-z, digits and . _ : - beginning with a letter or digit")
	case twice:
		r.wrong(v.place, fmt.Sprintf("the same id as on line %d: each person needs one of their own", first))
	default:
		id = strings.Clone(id)
		r.ids[id] = v.line
	}
	return id
}

func (r *reader) name(e *entry) string {
	v := e.values[colName]
	name := squeeze(v.text)
	switch {
	case v.told:
		return ""
	case v.null:
		r.wrong(v.place, "no name: null, ~ and nothing are no text in YAML: put the name in quotes")
		return ""
	case name == "":
		r.wrong(e.place, "no name: write the name, or take the entry out")
		return ""
	}
	r.nameLike(v.place, "the name", name)
	return strings.Clone(name)
}

func (r *reader) aliases(v value) []string {
	parts := v.parts()
	for i, a := range parts {
		r.nameLike(a.place, fmt.Sprintf("alias %d", i+1), a.text)
	}
	if !v.list && !v.lines && strings.ContainsAny(strings.TrimSpace(v.text), "\r\n") {
		r.warn(v.place, "a line break within aliases counts as a space: separate aliases by ;")
	}
	return texts(parts)
}

// nameLike refuses what would match nothing, or everything.
func (r *reader) nameLike(at place, what, name string) {
	letters := 0
	for _, x := range name {
		switch {
		case unicode.In(x, unicode.Han, unicode.Hangul):
			letters += 2 // says as much as a word
		case unicode.IsLetter(x):
			letters++
		}
	}
	switch letters {
	case 0:
		r.wrong(at, what+" has no letter in it: write it in any script")
	case 1:
		r.wrong(at, what+" has one letter only: write it out")
	}
}

// Birth years outside these are slips of the hand.
const (
	firstYear = 1850
	lastYear  = 2100
)

func (r *reader) birthDate(v value) tocsin.Date {
	d, err := tocsin.ParseDate(v.text)
	if err != nil && r.imports != nil {
		var why string
		if d, why = foreignDate(v.text); why == "" {
			err = nil
		} else {
			r.wrong(v.place, "birth_date: "+why)
			return d
		}
	}
	if err == nil && !d.IsZero() && (d.Year < firstYear || d.Year > lastYear) {
		r.wrong(v.place, "birth_date has a year in which nobody on a watchlist was born")
		return tocsin.Date{}
	}
	if err != nil {
		r.wrong(v.place, "birth_date is no date of the calendar: write YYYY, YYYY-MM or YYYY-MM-DD")
	}
	return d
}

func (r *reader) nationalities(v value) []string {
	var out []string
	parts := v.parts()
	if r.imports != nil {
		parts = namedCountries(parts)
	}
	for _, n := range parts {
		code := strings.ToUpper(n.text)
		switch {
		case tocsin.CountryName(code) != "":
			if !slices.Contains(out, code) {
				out = append(out, strings.Clone(code))
			}
		case code == "UK":
			r.wrong(n.place, "nationalities: the United Kingdom's code is GB")
		default:
			r.wrong(n.place, "nationalities: no such country: write the two letters of ISO 3166, as MD, several separated by ;")
		}
	}
	return out
}

// sex takes U, the notice service's word for unknown, as unknown.
func (r *reader) sex(v value) string {
	s := strings.ToUpper(strings.TrimSpace(v.text))
	if r.imports != nil {
		s = foreignSex(s)
	}
	switch s {
	case "M", "F":
		return strings.Clone(s)
	case "", "U":
	default:
		r.wrong(v.place, "sex: write M or F, or leave it empty")
	}
	return ""
}

func texts(parts []value) []string {
	var out []string
	for _, p := range parts {
		// A copy, so that the list does not hold the whole file in memory.
		out = append(out, strings.Clone(p.text))
	}
	return out
}

// tells reports whether the id gives a part of the name away. Parts under four
// letters prove nothing.
func tells(p Person) bool {
	id := strings.ToLower(p.ID)
	for part := range strings.FieldsSeq(strings.ToLower(p.Name)) {
		if len(part) >= 4 && strings.Contains(id, part) {
			return true
		}
	}
	return false
}
