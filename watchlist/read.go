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
}

// Read reads the watchlist file at path: YAML if it is called .yaml, .yml or
// .json, otherwise CSV. The Problems are warnings, which may come with an error
// too. A file that is not fit for use is an *Errors with every mistake.
func Read(path string, o Options) (*List, []Problem, error) {
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
	var in *fs.PathError
	why := err
	if errors.As(err, &in) {
		why = in.Err
	}
	message := "cannot be read: " + why.Error()
	if errors.Is(err, fs.ErrNotExist) {
		message = "there is no such file: 'tocsin init' writes a sample watchlist"
	}
	return &Errors{Problems: []Problem{{File: path, Message: message}}, cause: err}
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
	r := &reader{report: report{file: name}, options: o, ids: map[string]int{}}
	if what := foreign(data); what != "" {
		r.wrong(place{line: 1}, what)
		return nil, nil, r.err()
	}
	text := r.decode(data)
	if len(r.problems) > 0 {
		return nil, r.warnings, r.err()
	}
	switch strings.ToLower(filepath.Ext(name)) {
	case ".yaml", ".yml", ".json":
		r.yaml(text)
	default:
		r.csv(text)
	}
	if err := r.err(); err != nil {
		return nil, r.warnings, err
	}
	return &List{People: r.people, content: sha256.Sum256(data)}, r.warnings, nil
}

// foreign knows files of other kinds by how they begin.
func foreign(data []byte) string {
	for _, f := range []struct{ magic, what string }{
		{"PK\x03\x04", "a spreadsheet or archive, not text: save the sheet as CSV UTF-8"},
		{"\xd0\xcf\x11\xe0", "an old spreadsheet, not text: save the sheet as CSV UTF-8"},
		{"%PDF", "a PDF, not text: write a CSV file"},
		{"age-encryption.org/", "sealed with age: a sealed watchlist is not available in this version"},
		{"-----BEGIN AGE", "sealed with age: a sealed watchlist is not available in this version"},
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
	ids     map[string]int // id → line where it was first
	entries int            // met, right or wrong
}

// nobody refuses a file without an entry: more likely cut short than meant.
func (r *reader) nobody(at place) {
	if r.entries == 0 && len(r.problems) == 0 {
		r.wrong(at, fmt.Sprintf("nobody is on the list: write at least one person, with the columns %s", strings.Join(columnNames[:], ",")))
	}
}
