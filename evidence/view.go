package evidence

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sort"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Names in a store's folder.
const (
	logName     = "log"
	keyName     = "key"
	pubName     = "key.pub"
	lockName    = "lock"
	recordsDir  = "records"
	incomingDir = "incoming"
	suffix      = ".warc.gz"
	againSuffix = ".revisit" + suffix
)

// maxFile is how large a record's file may be: gzip never adds a tenth.
const maxFile = maxRecord + maxRecord/8

// ErrNotKept is a digest of which there is no record, or none any more.
var ErrNotKept = errors.New("no such record is kept")

// entry is what a record's file tells by its name.
type entry struct {
	digest  string
	payload string
	leaf    int64
	again   bool
	size    int64 // of the file
	coming  bool  // it still stands in incoming
}

// name is the file's name, without its folder. It holds all that is needed to
// find a record, to know its age and who shares its payload; what it says is
// checked whenever the file is read.
func (e entry) name() string {
	end := suffix
	if e.again {
		end = againSuffix
	}
	return fmt.Sprintf("%s.%s.%d%s", e.digest[len(digestPrefix):], e.payload[len(digestPrefix):], e.leaf, end)
}

func (e entry) dir() string {
	if e.coming {
		return incomingDir
	}
	return recordsDir + "/" + e.digest[len(digestPrefix):][:2]
}

func (e entry) path() string { return e.dir() + "/" + e.name() }

func parseName(name string) (entry, bool) {
	var e entry
	head, ok := strings.CutSuffix(name, suffix)
	if !ok {
		return e, false
	}
	head, e.again = strings.CutSuffix(head, strings.TrimSuffix(againSuffix, suffix))
	f := strings.Split(head, ".")
	if len(f) != 3 {
		return e, false
	}
	n, err := strconv.ParseInt(f[2], 10, 64)
	if err != nil || n < 0 {
		return e, false
	}
	e.digest, e.payload, e.leaf = digestPrefix+f[0], digestPrefix+f[1], n
	return e, validDigest(e.digest) && validDigest(e.payload) && e.name() == name
}

// known is what is known of a leaf.
type known struct {
	hash tlog.Hash // of the leaf
	root tlog.Hash // of a record's tree
	kind string    // leafRecord, leafAdopted; "" for a tombstone
	at   int64     // Unix seconds of the checkpoint that first signed it
}

// view is the log and the names of the records, as they were at the last load.
type view struct {
	d        disk
	verifier note.Verifier
	st       logState
	leaves   []known
	dropped  map[int64]string // leaf → why
	entries  map[string]*entry
	holders  map[string]*entry // payload → the record that holds it
	astray   []entry           // files whose leaf the log does not have
	files    []entry           // all files of leaves that the log has
	odd      []string          // names in the records' folders that are no record's
}

func (v *view) add(n int64, l leaf) {
	k := known{hash: l.hash()}
	if kind, root, ok := l.record(); ok {
		k.kind, k.root = kind, root
	}
	if n, why, ok := l.dropped(); ok {
		v.dropped[n] = why
	}
	v.leaves = append(v.leaves, k)
}

func (v *view) signed(c checkpoint) {
	for i := int64(len(v.leaves)) - 1; i >= 0 && v.leaves[i].at == 0; i-- {
		v.leaves[i].at = c.at.Unix()
	}
}

// readLog reads on what the log has more. size is the log's whole size, a torn
// end included.
func (v *view) readLog() (size int64, err error) {
	if v.dropped == nil {
		v.dropped = map[int64]string{}
	}
	f, err := os.Open(v.d.path(logName))
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	st, err := readLog(f, v.verifier, v.st, visitor{
		leaf:  func(n int64, l leaf) error { v.add(n, l); return nil },
		point: func(c checkpoint) error { v.signed(c); return nil },
	})
	v.st = st
	if err != nil {
		return 0, err
	}
	if st.point.signed == nil {
		return 0, fmt.Errorf("%w: the log has no checkpoint", ErrTampered)
	}
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	if info.Size() < st.end {
		return 0, fmt.Errorf("%w: the log has become shorter", ErrTampered)
	}
	return info.Size(), nil
}

// readLogBeside is readLog beside a process that writes: it may take away a torn
// end while that is being read, which looks like tampering, but once only.
func (v *view) readLogBeside() error {
	var err error
	for range 3 {
		if _, err = v.readLog(); err == nil || !errors.Is(err, ErrTampered) {
			return err
		}
	}
	return err
}

// scan reads the names of all records.
func (v *view) scan() error {
	v.entries, v.holders = map[string]*entry{}, map[string]*entry{}
	v.astray, v.files, v.odd = nil, nil, nil
	// What is coming moves to the records: looked for there last, it is not missed.
	for _, coming := range []bool{true, false} {
		found, odd, err := v.list(coming)
		if err != nil {
			return err
		}
		v.odd = append(v.odd, odd...)
		for _, e := range found {
			if e.leaf < int64(len(v.leaves)) {
				v.hold(e)
				v.files = append(v.files, e)
			} else if !coming {
				v.astray = append(v.astray, e)
			}
		}
	}
	sort.Slice(v.astray, func(i, j int) bool { return v.astray[i].leaf < v.astray[j].leaf })
	return nil
}

func (v *view) hold(e entry) {
	if _, gone := v.dropped[e.leaf]; gone {
		return
	}
	// The later one, where a record that can no longer be read was kept once more.
	if old := v.entries[e.digest]; old == nil || old.leaf <= e.leaf {
		v.entries[e.digest] = &e
	}
	if old := v.holders[e.payload]; !e.again && (old == nil || old.leaf <= e.leaf) {
		v.holders[e.payload] = &e
	}
}

func (v *view) list(coming bool) (found []entry, odd []string, err error) {
	dirs := []string{incomingDir}
	if !coming {
		list, err := os.ReadDir(v.d.path(recordsDir))
		if err != nil {
			return nil, nil, err
		}
		dirs = dirs[:0]
		for _, d := range list {
			dirs = append(dirs, recordsDir+"/"+d.Name())
		}
	}
	for _, dir := range dirs {
		list, err := os.ReadDir(v.d.path(dir))
		if err != nil {
			if info, e := os.Stat(v.d.path(dir)); e == nil && !info.IsDir() {
				odd = append(odd, dir)
				continue
			}
			return nil, nil, err
		}
		for _, f := range list {
			e, ok := parseName(f.Name())
			e.coming = coming
			if !ok || e.dir() != dir {
				odd = append(odd, dir+"/"+f.Name())
				continue
			}
			info, err := f.Info()
			if errors.Is(err, fs.ErrNotExist) {
				continue // dropped, or moved on, since the folder was read
			}
			if err != nil {
				return nil, nil, err
			}
			e.size = info.Size()
			found = append(found, e)
		}
	}
	return found, odd, nil
}

// open reads a record's file and holds it against its name; not against the log.
func (v *view) open(e *entry) (*sealed, error) {
	s, _, err := v.openFile(e)
	return s, err
}

// openFile is open, with the file's bytes.
func (v *view) openFile(e *entry) (*sealed, []byte, error) {
	b, err := v.d.read(e.path(), maxFile)
	if errors.Is(err, fs.ErrNotExist) && e.coming {
		moved := *e
		moved.coming = false
		b, err = v.d.read(moved.path(), maxFile)
	}
	if err != nil {
		return nil, nil, err
	}
	s, err := decode(b, v.payload)
	if err != nil {
		return nil, nil, err
	}
	if s.digest != e.digest || s.payload != e.payload || s.again != e.again {
		return nil, nil, fmt.Errorf("%w: a record is not what its name says", ErrTampered)
	}
	return s, b, nil
}

// payload is a payload that some record holds whole.
func (v *view) payload(digest string) ([]byte, error) {
	h := v.holders[digest]
	if h == nil {
		return nil, ErrNotKept
	}
	held, err := v.open(h)
	if err != nil {
		return nil, err
	}
	return held.x.Body, nil
}

// sound reports whether a record can be read and is the one of its leaf.
func (v *view) sound(e *entry) bool {
	r, err := v.open(e)
	if err != nil {
		return false
	}
	_, err = v.check(r, e.leaf)
	return err == nil
}

// check holds a record against the log. It returns the record's tree.
func (v *view) check(s *sealed, leaf int64) (hashes, error) {
	t, root, err := s.tree()
	if err != nil {
		return nil, err
	}
	if leaf >= int64(len(v.leaves)) || v.leaves[leaf].kind == "" || v.leaves[leaf].root != root {
		return nil, fmt.Errorf("%w: a record is not what the log's leaf %d says", ErrTampered, leaf)
	}
	return t, nil
}

func (v *view) keptAt(n int64) time.Time { return time.Unix(v.leaves[n].at, 0).UTC() }
