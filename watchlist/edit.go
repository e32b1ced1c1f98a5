package watchlist

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"
)

// Draft is a watchlist file open to be edited. What is not edited stays as it is
// written: order, columns, delimiter, comments. One goroutine may use it; Save ends
// it.
type Draft struct {
	path    string // of the file itself, links followed
	name    string // as the caller named it
	options Options
	fresh   bool // there is no file yet
	info    fs.FileInfo
	was     []byte // of the file when it was read
	sealed  bool
	armored bool
	mark    bool   // a byte order mark stands in front
	text    string // unsealed, in UTF-8
	notes   []string

	people []Person       // as they will be
	at     map[string]int // id → place in people
	gone   map[string]bool
	put    map[string]bool // added or edited
}

// Edit opens the watchlist file at path, or what stands in for it (see Read).
func Edit(path string, o Options) (*Draft, []Problem, error) {
	name := standIn(path)
	d := &Draft{name: name, options: o}
	data, info, err := read(name)
	if err != nil {
		return nil, nil, err
	}
	if d.path, err = filepath.EvalSymlinks(name); err != nil {
		return nil, nil, unreadable(name, err)
	}
	o.RequireIDs = true
	list, warnings, err := parse(name, data, o)
	if err != nil {
		return nil, warnings, err
	}
	plain, err := opened(name, data, o)
	if err != nil {
		return nil, warnings, err
	}
	r := &reader{report: report{file: name, most: maxProblems}}
	d.text = r.decode(plain)
	d.info, d.was, d.sealed, d.armored = info, data, sealed(data), armored(data)
	d.mark = bytes.HasPrefix(plain, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(plain) || bytes.IndexByte(plain, 0) >= 0 {
		d.mark = true // spreadsheets take UTF-8 without it for something else
		d.notes = append(d.notes, "the file was not UTF-8 and is now")
	}
	d.begin(list.People)
	return d, warnings, nil
}

// New begins a watchlist file that is not there yet, of the format that its name
// says, sealed if that ends in .age.
func New(path string, o Options) (*Draft, error) {
	if _, err := os.Lstat(path); err == nil {
		return nil, &Errors{Problems: []Problem{{File: path, Message: "there is such a file already"}}, cause: fs.ErrExist}
	}
	d := &Draft{path: path, name: path, options: o, fresh: true, sealed: SealedName(path)}
	d.begin(nil)
	return d, nil
}

func (d *Draft) begin(people []Person) {
	d.people, d.at, d.gone, d.put = slices.Clone(people), map[string]int{}, map[string]bool{}, map[string]bool{}
	for i, p := range d.people {
		d.at[p.ID] = i
	}
}

// Name is the file that Save writes, which may stand in for the one asked for.
func (d *Draft) Name() string { return d.name }

// People are those on the list as Save will write it.
func (d *Draft) People() []Person { return d.people }

// Person finds somebody by id.
func (d *Draft) Person(id string) (Person, bool) {
	i, ok := d.at[id]
	if !ok {
		return Person{}, false
	}
	return d.people[i], true
}

// Put edits the person with p's id, or adds one.
func (d *Draft) Put(p Person) {
	if i, ok := d.at[p.ID]; ok {
		if alike(d.people[i], p) {
			return
		}
		d.people[i] = p
	} else {
		d.at[p.ID] = len(d.people)
		d.people = append(d.people, p)
	}
	d.put[p.ID] = true
}

// Remove takes people out, and reports whether all were there; if not, nothing is
// done.
func (d *Draft) Remove(ids ...string) bool {
	for _, id := range ids {
		if _, ok := d.at[id]; !ok {
			return false
		}
	}
	for _, id := range ids {
		d.gone[id] = true
		delete(d.put, id)
	}
	kept := slices.DeleteFunc(slices.Clone(d.people), func(p Person) bool { return slices.Contains(ids, p.ID) })
	d.people, d.at = kept, map[string]int{}
	for i, p := range kept {
		d.at[p.ID] = i
	}
	return true
}

// Save writes the file, all of it or nothing, sealed if it was. Notes say what
// became of it beside the edits. Somebody else's write since the file was read is
// an error, and nothing is written.
func (d *Draft) Save() (notes []string, err error) {
	if len(d.people) == 0 {
		return nil, &Errors{Problems: []Problem{{File: d.name, Message: "nobody would be left on the list: an empty list is refused, stop the daemon if nobody is to be watched"}}}
	}
	if !d.fresh && len(d.put) == 0 && len(d.gone) == 0 {
		return nil, nil
	}
	text, err := d.written()
	if err != nil {
		return nil, err
	}
	data := []byte(text)
	if d.mark {
		data = append([]byte("\xef\xbb\xbf"), data...)
	}
	if d.sealed {
		if data, err = d.options.seal(data, d.armored); err != nil {
			return nil, err
		}
	}
	if len(data) > maxFile {
		return nil, tooLarge(d.name)
	}
	if d.fresh {
		if _, err := os.Lstat(d.path); err == nil {
			return nil, &Errors{Problems: []Problem{{File: d.name, Message: "there is such a file already"}}, cause: fs.ErrExist}
		}
		return d.notes, replace(d.path, data, nil, 0)
	}
	unlock, err := lock(d.path)
	if err != nil {
		return nil, err
	}
	defer unlock()
	now, info, err := read(d.path)
	if err != nil {
		return nil, err
	}
	if sha256.Sum256(now) != sha256.Sum256(d.was) {
		return nil, &Errors{Problems: []Problem{{File: d.name, Message: "somebody else wrote it meanwhile: nothing was changed, try again"}}, cause: errMeanwhile}
	}
	return d.notes, replace(d.path, data, info, 0o777)
}

// Meanwhile reports whether err is about a file that somebody else wrote between
// reading and writing: the same again may succeed.
func Meanwhile(err error) bool { return errors.Is(err, errMeanwhile) }

// written is the text with the edits in it. It is read back before it is believed;
// where edits in place do not give what was asked for, the whole is written anew.
func (d *Draft) written() (string, error) {
	if !d.fresh {
		edited, ok := "", false
		if isYAML(d.name) {
			edited, ok = d.editYAML()
		} else {
			edited, ok = d.editCSV()
		}
		if ok && d.holds(edited) {
			return edited, nil
		}
		d.notes = append(d.notes, "the whole file was written anew: comments and its own order of columns are gone")
	}
	whole := ""
	switch {
	case !isYAML(d.name):
		whole = csvText(d.people)
	case strings.EqualFold(filepath.Ext(plainName(d.name)), ".json"):
		whole = jsonText(d.people)
	default:
		whole = yamlText(d.people)
	}
	if !d.holds(whole) {
		return "", fmt.Errorf("%s: what would be written does not read as what was asked for: nothing was changed", d.name)
	}
	return whole, nil
}

// holds reports whether text reads as the people, in any order.
func (d *Draft) holds(text string) bool {
	list, _, err := parse(plainName(d.name), []byte(text), Options{RequireIDs: true})
	if err != nil || len(list.People) != len(d.people) {
		return false
	}
	for _, p := range list.People {
		if q, ok := d.Person(p.ID); !ok || !alike(p, q) {
			return false
		}
	}
	return true
}

// alike compares all that a file holds of people.
func alike(a, b Person) bool {
	return a.ID == b.ID && a.Name == b.Name && slices.Equal(a.Aliases, b.Aliases) && a.BirthDate == b.BirthDate && slices.Equal(a.Nationalities, b.Nationalities) &&
		a.Sex == b.Sex && a.Codename == b.Codename && slices.Equal(a.Tags, b.Tags) && a.Note == b.Note
}

// added are the people to be written behind those of the file.
func (d *Draft) added(had map[string]bool) []Person {
	var out []Person
	for _, p := range d.people {
		if d.put[p.ID] && !had[p.ID] {
			out = append(out, p)
		}
	}
	return out
}
