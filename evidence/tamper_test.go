package evidence

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// spoiled reports whether Verify accepts the store though something that it
// promises is not as it was.
func spoiled(t *testing.T, dir, root string, bodies map[string][]byte, known ...string) (accepted, same bool) {
	t.Helper()
	s, err := Open(dir, Options{ReadOnly: true})
	if err != nil {
		return false, false
	}
	r, err := s.Verify(context.Background(), known...)
	if err != nil || !r.OK {
		return false, false
	}
	same = r.Root == root
	for digest, body := range bodies {
		k, err := s.Get(digest)
		same = same && err == nil && bytes.Equal(k.Exchange.Body, body)
	}
	return true, same
}

func TestTamperingWithAnyByteShowsOrIsHarmless(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir, Options{})
	bodies := map[string][]byte{}
	xs := []Exchange{page(1, 1), detail(1, `{"one":1}`), detail(2, `{"one":1}`)}
	records, err := s.KeepAll(t.Context(), xs)
	must(t, err)
	for i, r := range records {
		bodies[r.Digest] = xs[i].Body
	}
	if _, err := s.Forget(t.Context(), keep(t, s, page(2, 1)).Digest); err != nil {
		t.Fatal(err)
	}
	report := holds(t, s)
	root := report.Root
	step := 1
	if raced { // CI changes every byte without the race detector
		step = 7
	}
	shown, harmless := map[string]int{}, map[string]int{}
	for _, name := range filesOf(t, dir) {
		whole := readFile(t, dir, name)
		class := strings.SplitN(name, "/", 2)[0]
		for i := 0; i < len(whole); i += step {
			bad := bytes.Clone(whole)
			bad[i] ^= []byte{0x01, 0x20, 0x80}[i%3]
			writeFile(t, dir, name, bad)
			switch accepted, same := spoiled(t, dir, root, bodies); {
			case accepted && !same:
				t.Errorf("%s: byte %d changed and accepted", name, i)
			case accepted:
				harmless[class]++
			default:
				shown[class]++
			}
			if i%9 != 0 {
				continue
			}
			// An end that is cut off together with its records, as here that of the
			// one forgotten, shows against a checkpoint kept elsewhere alone.
			writeFile(t, dir, name, whole[:i])
			if accepted, same := spoiled(t, dir, root, bodies, report.Checkpoint.Note); accepted && !same {
				t.Errorf("%s: cut to %d bytes and accepted", name, i)
			}
		}
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
		if accepted, same := spoiled(t, dir, root, bodies); accepted && !same {
			t.Errorf("%s: removed and accepted", name)
		}
		writeFile(t, dir, name, whole)
	}
	if shown[logName] == 0 || shown[recordsDir] == 0 || shown[pubName] == 0 {
		t.Errorf("shown: %v", shown)
	}
	// A log's bytes matter, all but the unused bits of a signature's last digit.
	if n := harmless[logName]; n > 5 {
		t.Errorf("%d changes of the log went unseen", n)
	}
	t.Logf("changes shown: %v; harmless (keys that are not read, the lock, gzip's own header): %v", shown, harmless)
	holds(t, s)
}

func TestVerifySaysWhatDoesNotHold(t *testing.T) {
	for _, tt := range []struct {
		name string
		do   func(t *testing.T, s *Store, digest string)
		want string
	}{
		{"a record removed", func(t *testing.T, s *Store, digest string) {
			remove(t, s, s.v.entries[digest].path())
		}, "the record of leaf 0 is missing and no drop explains it"},
		{"a record put in place of another", func(t *testing.T, s *Store, digest string) {
			a, b := s.v.entries[digest], s.v.entries[keep(t, s, page(5, 1)).Digest]
			writeFile(t, s.v.d.dir, a.path(), readFile(t, s.v.d.dir, b.path()))
		}, "is not what its name says"},
		{"a record sealed anew", func(t *testing.T, s *Store, digest string) {
			e := s.v.entries[digest]
			r, err := s.v.open(e)
			if err != nil {
				t.Fatal(err)
			}
			r.salt, r.mac = newSalt(), nil
			file, err := r.encode(s.zw)
			if err != nil {
				t.Fatal(err)
			}
			writeFile(t, s.v.d.dir, e.path(), file)
		}, "is not what the log's leaf 0 says"},
		{"a seal that says more", func(t *testing.T, s *Store, digest string) {
			e := s.v.entries[digest]
			members, err := inflate(readFile(t, s.v.d.dir, e.path()))
			must(t, err)
			last := &members[len(members)-1]
			r, err := parseWARC(*last)
			must(t, err)
			r.block = append(bytes.Clone(r.block), "seen: by nobody\r\n"...)
			*last = r.appendTo(nil)
			file, err := deflate(s.zw, members)
			must(t, err)
			writeFile(t, s.v.d.dir, e.path(), file)
		}, "the seal is not as it is written"},
		{"the log set back to its beginning", func(t *testing.T, s *Store, digest string) {
			first := readFile(t, s.v.d.dir, logName)
			writeFile(t, s.v.d.dir, logName, first[:bytes.Index(first, []byte("record "))])
		}, "is not in the log, which has lost its end"},
		{"the log emptied", func(t *testing.T, s *Store, digest string) {
			writeFile(t, s.v.d.dir, logName, nil)
		}, "the log has no checkpoint"},
		{"a drop without a record", func(t *testing.T, s *Store, digest string) {
			must(t, s.append([]leaf{droppedLeaf(77, WhyAge, noon)}))
		}, "a drop speaks of leaf 77, which is no record's"},
		{"a drop said twice", func(t *testing.T, s *Store, digest string) {
			must(t, s.append([]leaf{droppedLeaf(0, WhyAge, noon), droppedLeaf(0, WhySize, noon)}))
		}, "a record is said to be dropped twice"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := open(t, t.TempDir(), Options{})
			r := keep(t, s, page(1, 2))
			tt.do(t, s, r.Digest)
			if got := verify(t, s); got.OK || !strings.Contains(got.Why, tt.want) {
				t.Errorf("OK %v: %s", got.OK, got.Why)
			}
		})
	}
}

func TestALogContinuesTheCheckpointsKeptElsewhere(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	keep(t, s, page(1, 2))
	before := copyOf(t, dir)
	keep(t, s, page(2, 2))
	kept := holds(t, s).Checkpoint.Note
	keep(t, s, page(3, 2))
	holds(t, s, kept)

	if r := verify(t, open(t, before, Options{ReadOnly: true}), kept); r.OK || !strings.Contains(r.Why, "does not continue") {
		t.Errorf("the log set back: %+v", r)
	}
	keep(t, open(t, before, Options{}), page(4, 2))
	if r := verify(t, open(t, before, Options{ReadOnly: true}), kept); r.OK || !strings.Contains(r.Why, "does not continue") {
		t.Errorf("another history: %+v", r)
	}
	other := open(t, t.TempDir(), Options{})
	if r := verify(t, other, kept); r.OK || !strings.Contains(r.Why, "not signed with this log's key") {
		t.Errorf("another store's: %+v", r)
	}
}

func TestARecordThatCannotBeReadIsKeptOnceMore(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	r := keep(t, s, page(1, 2))
	writeFile(t, dir, s.v.entries[r.Digest].path(), []byte("spoiled"))
	if again := keep(t, s, page(1, 2)); again.Digest != r.Digest || again.Again {
		t.Errorf("%+v", again)
	}
	for _, s := range []*Store{s, open(t, dir, Options{})} {
		if _, err := s.Get(r.Digest); err != nil {
			t.Error(err)
		}
	}
	if r := verify(t, s); r.OK {
		t.Error("the first one is forgotten in silence")
	}
}

func remove(t *testing.T, s *Store, name string) {
	t.Helper()
	must(t, os.Remove(s.v.d.path(name)))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
