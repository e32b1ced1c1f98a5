package watchlist

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// followed is a file in a folder of its own and what follows it.
type followed struct {
	t    *testing.T
	path string
	*File
}

// listOf is a CSV of n people.
func listOf(n int) string {
	var b strings.Builder
	b.WriteString(header)
	for i := range n {
		fmt.Fprintf(&b, "p-%03d,Mira Varden,,,,,,,\n", i)
	}
	return b.String()
}

func follow(t *testing.T, text string) followed {
	t.Helper()
	f := followed{t: t, path: filepath.Join(t.TempDir(), "watchlist.csv")}
	f.write(text)
	list, _, err := Read(f.path, daemon)
	if err != nil {
		t.Fatal(err)
	}
	f.File = NewFile(f.path, list, Options{})
	return f
}

func (f followed) write(text string) {
	f.t.Helper()
	if err := os.WriteFile(f.path, []byte(text), 0o600); err != nil {
		f.t.Fatal(err)
	}
}

func (f followed) must(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

// poll gives how many people come into force, -1 for no change.
func (f followed) poll() (int, error) {
	f.t.Helper()
	l, changed, err := f.Changed(context.Background())
	if changed != (l != nil) || changed && err != nil {
		f.t.Fatalf("list %v, changed %v, error %v", l != nil, changed, err)
	}
	if !changed {
		return -1, err
	}
	return len(l.People), nil
}

// quiet is a poll in which nothing happens.
func (f followed) quiet(when string) {
	f.t.Helper()
	if n, err := f.poll(); n != -1 || err != nil {
		f.t.Fatalf("%s: %d people come into force, error %v", when, n, err)
	}
}

// settles is the two polls after which n people are in force.
func (f followed) settles(when string, n int) {
	f.t.Helper()
	f.quiet(when + ", at once")
	if got, err := f.poll(); got != n || err != nil {
		f.t.Fatalf("%s: %d people come into force, error %v; want %d", when, got, err, n)
	}
	f.quiet(when + ", again")
}

// refuses is the polls that give an error, and give it again.
func (f followed) refuses(when, want string) error {
	f.t.Helper()
	f.quiet(when + ", at once")
	_, first := f.poll()
	if first == nil || !strings.HasPrefix(first.Error(), f.path+want) {
		f.t.Fatalf("%s: error %v, want %s", when, first, want)
	}
	if _, again := f.poll(); again == nil || again.Error() != first.Error() {
		f.t.Fatalf("%s, again: %v", when, again)
	}
	return first
}

func TestAFileAtRestChangesNothing(t *testing.T) {
	f := follow(t, listOf(5))
	for range 3 {
		f.quiet("at rest")
	}
	f.must(os.Chtimes(f.path, time.Now(), time.Now().Add(time.Hour)))
	f.must(os.Chmod(f.path, 0o640))
	for range 3 {
		f.quiet("touched")
	}
}

func TestEditsComeIntoForceHoweverTheyAreMade(t *testing.T) {
	f := follow(t, listOf(5))
	f.write(listOf(6))
	f.settles("written", 6)

	f.must(os.WriteFile(f.path+".new", []byte(listOf(7)), 0o600))
	f.must(os.Rename(f.path+".new", f.path))
	f.settles("renamed", 7)

	info, err := os.Stat(f.path)
	f.must(err)
	f.write(strings.Replace(listOf(7), "Mira", "Mora", 1))
	f.must(os.Chtimes(f.path, info.ModTime(), info.ModTime()))
	f.settles("same size, same time", 7)
}

// Kubernetes puts a ConfigMap's files behind a link that it swaps.
func TestASwappedLinkIsAnEdit(t *testing.T) {
	dir := t.TempDir()
	f := followed{t: t, path: filepath.Join(dir, "watchlist.csv")}
	for i, text := range []string{listOf(5), listOf(6)} {
		sub := filepath.Join(dir, fmt.Sprintf("..%d", i))
		f.must(os.Mkdir(sub, 0o700))
		f.must(os.WriteFile(filepath.Join(sub, "watchlist.csv"), []byte(text), 0o600))
	}
	f.must(os.Symlink("..0", filepath.Join(dir, "..data")))
	f.must(os.Symlink(filepath.Join("..data", "watchlist.csv"), f.path))
	list, _, err := Read(f.path, daemon)
	f.must(err)
	f.File = NewFile(f.path, list, Options{})
	f.quiet("before")
	f.must(os.Symlink("..1", filepath.Join(dir, "..new")))
	f.must(os.Rename(filepath.Join(dir, "..new"), filepath.Join(dir, "..data")))
	f.settles("swapped", 6)
}

// A file over 1 MiB is not read at rest, and its edits are seen all the same.
func TestALargeFileIsReadOnlyWhenItMayHaveChanged(t *testing.T) {
	note := strings.Repeat("x", 4000)
	large := func(name string) string {
		rows := header
		for i := range 400 {
			rows += fmt.Sprintf("p-%03d,%s,,,,,,,%s\n", i, name, note)
		}
		return rows
	}
	f := follow(t, large("Mira Varden"))
	f.quiet("first")
	f.quiet("written just now")
	if f.stamp.still(f.stamp.info) {
		t.Error("a file written just now may change within the same tick")
	}
	later := func() time.Time { return time.Now().Add(time.Minute) }
	if runtime.GOOS == "linux" {
		f.must(os.Chtimes(f.path, time.Now(), time.Now().Add(-time.Hour)))
		f.quiet("dated back")
		if f.stamp.still(f.stamp.info) {
			t.Error("a file dated back just now passes for an old one")
		}
	}
	f.now = later
	f.quiet("a minute later")
	at := f.stamp.at
	f.now = func() time.Time { return later().Add(time.Minute) }
	f.quiet("at rest")
	if !f.stamp.at.Equal(at) {
		t.Error("a large file at rest is read")
	}
	info, err := os.Stat(f.path)
	f.must(err)
	f.write(large("Mora Varden"))
	f.must(os.Chtimes(f.path, info.ModTime(), info.ModTime()))
	f.settles("same size, same time", 400)
}

func TestAFileStillBeingWrittenIsLeftAlone(t *testing.T) {
	f := follow(t, listOf(5))
	whole := listOf(9)
	for i := len(header); i < len(whole); i += 20 {
		f.write(whole[:i])
		f.quiet("in the middle")
	}
	f.write(whole)
	f.settles("written", 9)
}

func TestABrokenFileLeavesTheOldListInForce(t *testing.T) {
	f := follow(t, listOf(5))
	f.write(listOf(5) + "p-001,Omar Said,,1988-13-01,,,,,\n")
	err := f.refuses("broken", ":7: the same id as on line 3")
	var e *Errors
	if !errors.As(err, &e) || len(e.Problems) != 2 {
		t.Errorf("%v", err)
	}
	f.write(listOf(5) + "p-006,Omar Said,,,,,,,\n")
	f.settles("mended", 6)

	f.write("")
	f.refuses("emptied", ":1: the file is empty")
	f.write(listOf(6))
	f.settles("another list", 6)
}

// Whoever was told of the error is told that it is over.
func TestAFileTakenBackIsGivenOnceMore(t *testing.T) {
	f := follow(t, listOf(5))
	f.write("broken")
	f.refuses("broken", ":1: ")
	f.write(listOf(5))
	if n, err := f.poll(); n != 5 || err != nil {
		t.Errorf("%d people, %v", n, err)
	}
	f.quiet("after")
}

func TestAMissingFileIsAnErrorAndNoEmptyList(t *testing.T) {
	f := follow(t, listOf(5))
	f.must(os.Rename(f.path, f.path+".bak"))
	if err := f.refuses("missing", ": there is no such file"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v", err)
	}
	f.must(os.Rename(f.path+".bak", f.path))
	if n, err := f.poll(); n != 5 || err != nil {
		t.Errorf("back: %d people, %v", n, err)
	}
	f.must(os.Remove(f.path))
	f.quiet("between an editor's removing and renaming")
	f.write(listOf(6))
	f.settles("renamed", 6)
	f.must(os.Remove(f.path))
	f.must(os.Mkdir(f.path, 0o700))
	f.refuses("a folder", ": is a folder")
}

func TestLosingMoreThanAFifthWaitsForConfirmation(t *testing.T) {
	f := follow(t, listOf(10))
	f.write(listOf(8))
	f.settles("a fifth", 8)
	f.write(listOf(6))
	err := f.refuses("two of eight", ": 2 of 8 people are no longer in it")
	var s *Shrunk
	if !errors.As(err, &s) || s.Was != 8 || s.Now != 6 || s.Lost != 2 || s.File != f.path {
		t.Fatalf("%+v", s)
	}

	f.Accept(testKey, testKey.ContentDigest([]byte(listOf(5))))
	if _, err := f.poll(); err == nil {
		t.Error("another file's digest lets this one in")
	}
	digest := s.ContentDigest(testKey)
	if digest != testKey.ContentDigest([]byte(listOf(6))) {
		t.Errorf("the digest %q is not of the file's bytes", digest)
	}
	f.Accept(testKey, digest)
	if n, err := f.poll(); n != 6 || err != nil {
		t.Errorf("accepted: %d people, %v", n, err)
	}
	f.quiet("after")

	f.write(listOf(10))
	f.settles("grown", 10)
	f.write(listOf(6))
	f.refuses("the same once more", ": 4 of 10 people")
}

func TestAcceptedBeforeItIsWritten(t *testing.T) {
	f := follow(t, listOf(10))
	f.Accept(testKey, testKey.ContentDigest([]byte(listOf(3))))
	f.write(listOf(3))
	f.settles("written", 3)
}

func TestAcceptingABrokenFileDoesNotMendIt(t *testing.T) {
	f := follow(t, listOf(10))
	const broken = header + "p-1,--,,,,,,,\n"
	f.Accept(testKey, testKey.ContentDigest([]byte(broken)))
	f.write(broken)
	f.refuses("broken", ":2: the name has no letter")
}

// It is people who may not go unwatched, not lines.
func TestLossIsCountedByID(t *testing.T) {
	f := follow(t, listOf(10))
	f.write(strings.ReplaceAll(listOf(10), "p-00", "q-00"))
	f.refuses("ten others", ": 10 of 10 people are no longer in it")
	f.write(strings.ReplaceAll(listOf(10), "Mira", "Mora"))
	f.settles("ten edited", 10)
}

func TestOnePersonMayAlwaysGo(t *testing.T) {
	f := follow(t, listOf(3))
	f.write(listOf(2))
	f.settles("one of three", 2)
	f.write(listOf(1))
	f.settles("one of two", 1)
}

func TestAListThatCouldNotBeTakenIsGivenAgain(t *testing.T) {
	f := follow(t, listOf(5))
	f.write(listOf(6))
	f.settles("written", 6)
	f.Again()
	if n, err := f.poll(); n != 6 || err != nil {
		t.Errorf("%d people, %v", n, err)
	}
	f.quiet("after")
}

func TestAnEditBeforeTheFirstPollIsSeen(t *testing.T) {
	f := follow(t, listOf(5))
	f.write(listOf(6))
	f.settles("written before", 6)
}

func TestFollowingEndsWithItsContext(t *testing.T) {
	f := follow(t, listOf(5))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, changed, err := f.Changed(ctx); changed || !errors.Is(err, context.Canceled) {
		t.Errorf("%v, %v", changed, err)
	}
}

func TestReadSaysWhatIsWrongWithTheFileItself(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "none.csv")
	if _, _, err := Read(path, daemon); !errors.Is(err, fs.ErrNotExist) || !strings.HasPrefix(err.Error(), path+": there is no such file") {
		t.Errorf("missing: %v", err)
	}
	if _, _, err := Read(dir, daemon); err == nil || !strings.HasPrefix(err.Error(), dir+": is a folder") {
		t.Errorf("folder: %v", err)
	}
	large := filepath.Join(dir, "large.csv")
	if err := errors.Join(os.WriteFile(large, nil, 0o600), os.Truncate(large, maxFile+1)); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Read(large, daemon); err == nil || !strings.HasPrefix(err.Error(), large+": larger than 256 MiB") {
		t.Errorf("large: %v", err)
	}
}
