//go:build unix

package store

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tocsin"
)

func TestNobodyStartsAnewWhereALedgerWas(t *testing.T) {
	ofFiles(t)
	for name, destroy := range map[string]func(path string) error{
		"deleted":      os.Remove,
		"of no length": func(p string) error { return os.Truncate(p, 0) },
		"deleted, its log": func(p string) error {
			return errors.Join(os.Remove(p), os.WriteFile(p+"-wal", []byte("the last commits"), 0o600))
		},
	} {
		t.Run(name, func(t *testing.T) {
			path, from := filepath.Join(t.TempDir(), "t.db"), filepath.Join(t.TempDir(), "copy.db")
			if err := errors.Join(ledger(path, nil), ledger(from, nil), destroy(path)); err != nil {
				t.Fatal(err)
			}
			before := folder(t, filepath.Dir(path))
			for _, o := range []Options{{}, {Create: true}, {Create: true, Exclusive: true}, {Exclusive: true}} {
				s, err := Open(t.Context(), "sqlite:"+path, o)
				if err == nil {
					s.Close()
				}
				if !errors.Is(err, ErrGone) || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "tocsin restore FILE") {
					t.Errorf("%+v: %v, want ErrGone", o, err)
				}
			}
			equal(t, "the folder", folder(t, filepath.Dir(path)), before)
			if _, err := Restore(t.Context(), "sqlite:"+path, Options{}, from); err != nil {
				t.Fatal(err)
			}
			if held, err := reopen(t, path, Options{Exclusive: true}).Held(t.Context(), "red"); err != nil || len(held) != 300 {
				t.Errorf("%d notices are held, %v", len(held), err)
			}
		})
	}
}

// A first start that is killed before there is a ledger is no ledger lost.
func TestAFirstStartThatWasKilledStartsAgain(t *testing.T) {
	ofFiles(t)
	path := filepath.Join(t.TempDir(), "t.db")
	lock, err := lockFile(path + ".lock")
	if err := errors.Join(err, os.WriteFile(path, nil, 0o600), lock.Close()); err != nil {
		t.Fatal(err)
	}
	reopen(t, path, Options{Create: true, Exclusive: true})
}

func TestALedgerOnAFullOrReadOnlyDiskGoesOnAfterwards(t *testing.T) {
	ofFiles(t)
	for name, o := range keys {
		t.Run(name, func(t *testing.T) {
			disk := smallDisk(t, 8)
			o.Create, o.Exclusive = true, true
			s := reopen(t, filepath.Join(disk, "t.db"), o)
			r := &rig{Store: s, t: t, ctx: t.Context(), clock: time.Date(2026, 5, 3, 8, 0, 0, 0, time.UTC)}
			r.now = func() time.Time { return r.clock }
			r.tell(about(tocsin.Appeared, "p-017", "2026/1", "team"))
			filler := filepath.Join(disk, "filler")
			fill(t, filler)
			goesOn(t, r, ErrFull, "free some space", func() error { return os.Remove(filler) })
			r.look++

			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			remount(t, disk, "ro")
			for _, exclusive := range []bool{true, false} {
				x, err := Open(t.Context(), "sqlite:"+s.Path(), Options{EncryptionKey: o.EncryptionKey, Exclusive: exclusive})
				if err == nil {
					x.Close()
				}
				if !errors.Is(err, ErrReadOnly) || !strings.Contains(err.Error(), "writable for the user") {
					t.Errorf("%v, want ErrReadOnly", err)
				}
			}
			remount(t, disk, "rw")
			reopen(t, s.Path(), o)
		})
	}
}

func remount(t *testing.T, disk, how string) {
	t.Helper()
	if out, err := exec.Command("mount", "-o", "remount,"+how, disk).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

// What was owed at the backup, and what is found by the first look over the gap,
// may have been told before: its message says so. What comes later does not.
func TestAfterARestoreWhatMayHaveBeenToldIsMarked(t *testing.T) {
	ofFiles(t)
	r, es := told(t, Options{})
	to := filepath.Join(t.TempDir(), "copy.db")
	if _, err := Backup(r.ctx, "sqlite:"+r.Path(), Options{}, to); err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	until := time.Date(2026, 5, 4, 8, 0, 0, 0, time.UTC)
	if _, err := Restore(t.Context(), "sqlite:"+r.Path(), Options{Now: func() time.Time { return until }}, to); err != nil {
		t.Fatal(err)
	}
	r.Store = reopen(t, r.Path(), Options{Exclusive: true, Now: func() time.Time { return until.Add(time.Minute) }})
	r.lease = r.acquire("next")
	within := func(notice string, after time.Time) NewEvent {
		e := about(tocsin.Appeared, "p-017", notice, "team")
		e.Window = &tocsin.Window{After: after, Before: until.Add(time.Hour)}
		return e
	}
	found := r.tell(within("2026/7", until.Add(-time.Hour)), within("2026/8", until.Add(time.Minute)))
	for _, c := range []struct {
		what  string
		event tocsin.Event
		want  bool
	}{{"owed at the backup", es[2], true}, {"from the gap", found[0], true}, {"from after it", found[1], false}} {
		if m := r.claim(Message{Kind: "root", Case: c.event.Case, Events: []string{c.event.ID}}); m.Repeat != c.want {
			t.Errorf("%s: possible repeat is %v", c.what, m.Repeat)
		}
	}
}
