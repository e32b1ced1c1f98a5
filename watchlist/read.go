package watchlist

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// maxFile bounds a watchlist file, in bytes.
const maxFile = 256 << 20

// Options say what a list must have.
type Options struct {
	// RequireIDs refuses entries without an id, as the daemon does.
	RequireIDs bool
	// IdentityFile opens sealed files, and seals them; "" for none. It is read
	// each time that it is needed.
	IdentityFile string
}

// Read reads the watchlist file at path: YAML if it is called .yaml, .yml or
// .json, otherwise CSV, either with .age behind it and sealed. Where there is no
// such file, the same list sealed or unsealed since is read, with a warning. The
// Problems are warnings, which may come with an error too. A file that is not
// fit for use is an *Errors with every mistake.
func Read(path string, o Options) (*List, []Problem, error) {
	if other := standIn(path); other != path {
		list, warnings, err := readFile(other, o)
		return list, append(warnings, Problem{File: path, Message: "there is no such file: " + other + " is read in its place: write that as watchlist into tocsin.yaml"}), err
	}
	return readFile(path, o)
}

func readFile(path string, o Options) (*List, []Problem, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, unreadable(path, err)
	}
	defer f.Close() // it was only read
	info, err := f.Stat()
	if err != nil {
		return nil, nil, unreadable(path, err)
	}
	if err := fit(path, info); err != nil {
		return nil, nil, err
	}
	return Parse(path, f, o)
}

// fit refuses what need not be opened to be refused.
func fit(path string, info fs.FileInfo) error {
	switch {
	case info.IsDir():
		return &Errors{Problems: []Problem{{File: path, Message: "is a folder: name the watchlist file in it"}}}
	case info.Size() > maxFile:
		return tooLarge(path)
	}
	return nil
}

func tooLarge(path string) error {
	return &Errors{Problems: []Problem{{File: path, Message: "larger than 256 MiB: this is no watchlist"}}}
}

// unreadable says what the system said, without the path in the middle.
func unreadable(path string, err error) error {
	message := "cannot be read: " + reason(err)
	if errors.Is(err, fs.ErrNotExist) {
		message = "there is no such file: 'tocsin init' writes a sample watchlist"
	}
	return &Errors{Problems: []Problem{{File: path, Message: message}}, cause: err}
}

func reason(err error) string {
	var in *fs.PathError
	if errors.As(err, &in) {
		return in.Err.Error()
	}
	return err.Error()
}

// Parse reads a watchlist from r; name is what messages call it, and decides
// between CSV and YAML as for Read. It reads no more than 256 MiB and a byte.
func Parse(name string, r io.Reader, o Options) (*List, []Problem, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, nil, unreadable(name, err)
	}
	return parse(name, data, o)
}

func parse(name string, data []byte, o Options) (*List, []Problem, error) {
	if len(data) > maxFile {
		return nil, nil, tooLarge(name)
	}
	plain, err := opened(name, data, o)
	if err != nil {
		return nil, nil, err
	}
	r := &reader{report: report{file: name, most: maxProblems}, options: o, ids: map[string]int{}}
	if what := foreign(plain); what != "" {
		r.wrong(place{line: 1}, what)
		return nil, nil, r.err()
	}
	text := r.decode(plain)
	if len(r.problems) > 0 {
		return nil, r.warnings, r.err()
	}
	if isYAML(name) {
		r.yaml(text)
	} else {
		r.csv(text)
	}
	if err := r.err(); err != nil {
		return nil, r.warnings, err
	}
	return &List{People: r.people, lines: r.lines, content: sha256.Sum256(data)}, r.warnings, nil
}

// opened gives what a file holds, unsealed where it is sealed.
func opened(name string, data []byte, o Options) ([]byte, error) {
	switch {
	case sealed(data):
		return o.unseal(name, data)
	case SealedName(name):
		return nil, &Errors{Problems: []Problem{{File: name, Line: 1, Message: "called .age, but not sealed with age: bring it back from a backup, or take .age off its name"}}}
	}
	return data, nil
}

// isYAML tells the format of a file by its name.
func isYAML(name string) bool {
	switch strings.ToLower(filepath.Ext(plainName(name))) {
	case ".yaml", ".yml", ".json":
		return true
	}
	return false
}

// foreign knows files of other kinds by how they begin.
func foreign(data []byte) string {
	for _, f := range []struct{ magic, what string }{
		{"PK\x03\x04", "a spreadsheet or archive, not text: 'tocsin watchlist import' reads .xlsx, or save the sheet as CSV UTF-8"},
		{"\xd0\xcf\x11\xe0", "an old spreadsheet, or one with a password, not text: save the sheet as CSV UTF-8"},
		{"%PDF", "a PDF, not text: write a CSV file"},
	} {
		if bytes.HasPrefix(data, []byte(f.magic)) {
			return f.what
		}
	}
	return ""
}

// reader reads one file and gathers people and mistakes.
type reader struct {
	report
	options Options
	people  []Person
	lines   []int          // of people
	ids     map[string]int // id → line where it was first
	entries int            // met, right or wrong
	imports *imports       // nil: a watchlist of ours, strictly
}

// nobody refuses a file without an entry: more likely cut short than meant.
func (r *reader) nobody(at place) {
	if r.entries == 0 && len(r.problems) == 0 {
		r.wrong(at, fmt.Sprintf("nobody is on the list: write at least one person, with the columns %s", strings.Join(columnNames[:], ",")))
	}
}
