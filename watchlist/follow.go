package watchlist

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"
)

// File follows a watchlist file while people edit it. One goroutine may use it.
type File struct {
	path  string
	open  Options
	now   func() time.Time
	force *List   // in force
	bytes content // of force

	last     glimpse // what the last poll saw
	refused  content // what err is about
	err      error   // why the file as it is is not in force, nil if it is
	accepted func(content) bool
	again    bool

	stamp   stamp   // of the file when it was last read
	stamped content // what it held then
}

// glimpse is what one poll sees. Two that are equal, one after the other, mean
// that nobody is writing.
type glimpse struct {
	content content
	failed  string // why there is no content
}

// NewFile follows the file at path, or what stands in for it (see Read), current
// being in force.
func NewFile(path string, current *List, o Options) *File {
	o.RequireIDs = true
	return &File{path: path, open: o, now: time.Now, force: current, bytes: current.content, accepted: func(content) bool { return false }}
}

// Changed looks at the file, and is meant to be called every second. It gives a
// list, and true, when another is to come into force; the list counts as in force
// from then on. A file that changed is judged at the second of two calls that see
// the same bytes, so that one still being written is left alone. A file that is
// broken, missing or has lost too many people (*Shrunk) gives an error, the same
// at every call while it stays so; the old list stays. When such a file is back to
// what is in force, that list is given once more with true, so that who told the
// error can say that it is over.
//
// Changes are known by content, whatever names, links and times say. All of a
// file is read when its metadata changed or changed lately, or it is small.
func (f *File) Changed(ctx context.Context) (*List, bool, error) {
	if err := ctx.Err(); err != nil {
		return nil, false, err
	}
	data, g, err := f.look()
	settled := g == f.last
	f.last = g
	switch {
	case f.again:
		f.again = false
		return f.force, true, nil
	case g.failed == "" && g.content == f.bytes:
		over := f.err != nil
		f.err = nil
		if over {
			return f.force, true, nil
		}
		return nil, false, nil
	case !settled:
		return nil, false, nil
	case g.failed != "":
		f.err, f.refused = err, content{}
		return nil, false, f.err
	case f.err != nil && g.content == f.refused && !f.confirmed():
		return nil, false, f.err
	}
	if data == nil {
		if data, _, err = read(standIn(f.path)); err != nil || sha256.Sum256(data) != g.content {
			f.last = glimpse{} // it changes again: the next polls say how, or why it cannot be read
			return nil, false, nil
		}
	}
	list, _, err := parse(standIn(f.path), data, f.open)
	if err == nil && !f.accepted(g.content) {
		if s := Shrinks(ids(f.force), list); s != nil {
			s.File = f.path
			err = s
		}
	}
	if err != nil {
		f.err, f.refused = err, g.content
		return nil, false, err
	}
	f.force, f.bytes, f.err = list, g.content, nil
	f.accepted = func(content) bool { return false }
	return list, true, nil
}

// confirmed reports whether what is refused was accepted since.
func (f *File) confirmed() bool {
	var s *Shrunk
	return errors.As(f.err, &s) && f.accepted(f.refused)
}

// smallFile is what costs nothing to read every second, in bytes. It is, because
// not every file system's times can be trusted.
const smallFile = 1 << 20

// recent is how long after a write another may leave the same times, with
// the coarsest file systems in use.
const recent = 2 * time.Second

// look polls the file. data is nil if it was not read.
func (f *File) look() (data []byte, g glimpse, err error) {
	path := standIn(f.path)
	info, err := os.Stat(path)
	if err == nil && info.Size() > smallFile && f.stamp.still(info) {
		return nil, glimpse{content: f.stamped}, nil
	}
	at := f.now()
	data, info, err = read(path)
	if err != nil {
		return nil, glimpse{failed: err.Error()}, err
	}
	f.stamp, f.stamped = stamp{info, at}, sha256.Sum256(data)
	return data, glimpse{content: f.stamped}, nil
}

// read gives all of a regular file, and what was said of it before.
func read(path string) ([]byte, fs.FileInfo, error) {
	// Before opening, since a pipe would not open until somebody writes.
	info, err := os.Stat(path)
	if err != nil {
		return nil, nil, unreadable(path, err)
	}
	if err := fit(path, info); err != nil {
		return nil, nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, nil, &Errors{Problems: []Problem{{File: path, Message: "not a plain file: it cannot be followed"}}}
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, nil, unreadable(path, err)
	}
	defer file.Close() // it was only read
	if info, err = file.Stat(); err != nil {
		return nil, nil, unreadable(path, err)
	}
	data, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	if err != nil {
		return nil, nil, unreadable(path, err)
	}
	if len(data) > maxFile {
		return nil, nil, tooLarge(path)
	}
	return data, info, nil
}

// stamp is a file's metadata and when they were read.
type stamp struct {
	info fs.FileInfo
	at   time.Time
}

// still reports whether a file with info surely holds what it held at the stamp.
func (s stamp) still(info fs.FileInfo) bool {
	return s.info != nil && os.SameFile(s.info, info) && s.info.Size() == info.Size() && s.info.ModTime().Equal(info.ModTime()) &&
		statusChange(s.info).Equal(statusChange(info)) &&
		s.at.Sub(info.ModTime()) > recent && s.at.Sub(statusChange(info)) > recent
}

// Accept says that an operator wants the content with this digest (see
// Key.ContentDigest) in force whoever it leaves out. It holds until a list comes
// into force, for no other content, and replaces an earlier one; "" takes it back.
func (f *File) Accept(k Key, digest string) {
	f.accepted = func(c content) bool { return digest != "" && c.digest(k) == digest }
}

// Again makes the next Changed give the list in force once more, for a caller
// that could not take it.
func (f *File) Again() { f.again = true }

// Shrunk is the error about an edit that leaves out so many people that it may
// be a file cut short, and no decision.
type Shrunk struct {
	File string
	Was  int // people in force
	Now  int // people in the file
	Lost int // of those in force, how many the file does not have

	list *List
}

// Error says what to do.
func (s *Shrunk) Error() string {
	return fmt.Sprintf("%s: %d of %d people are no longer in it: the old list stays; if that is meant, confirm it with 'tocsin watchlist accept'", s.File, s.Lost, s.Was)
}

// ContentDigest stands for the refused file, as File.Accept takes it; "" if the
// list was no file's.
func (s *Shrunk) ContentDigest(k Key) string { return s.list.ContentDigest(k) }

// Shrinks reports whether going from the people with ids was to list would leave
// out more than a fifth of them; nil if not. One person alone may always go: of a
// short list one is a fifth, and no less a decision.
func Shrinks(was []string, list *List) *Shrunk {
	left := make(map[string]bool, len(list.People))
	for _, p := range list.People {
		left[p.ID] = true
	}
	lost := 0
	for _, id := range was {
		if !left[id] {
			lost++
		}
	}
	if lost <= 1 || lost*5 <= len(was) {
		return nil
	}
	return &Shrunk{Was: len(was), Now: len(list.People), Lost: lost, list: list}
}

func ids(l *List) []string {
	out := make([]string, len(l.People))
	for i, p := range l.People {
		out[i] = p.ID
	}
	return out
}
