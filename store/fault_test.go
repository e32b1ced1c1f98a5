//go:build unix

package store

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ncruces/go-sqlite3"

	"tocsin"
)

// goesOn holds that a write fails for a cause that is said, with the file, that
// nothing of it is kept, and that the same Store goes on once cure is done.
func goesOn(t *testing.T, r *rig, want error, says string, cure func() error) {
	t.Helper()
	before := r.dump()
	o := Observation{Was: r.look, Source: Source{ID: "red", Look: r.look + 1}, Held: manyHeld(3000, r.look+1)}
	if _, err := r.Observe(r.ctx, o); !errors.Is(err, want) || !strings.Contains(err.Error(), r.Path()) || !strings.Contains(err.Error(), says) {
		t.Errorf("%v, want %v that says %q", err, want, says)
	}
	if err := cure(); err != nil {
		t.Fatal(err)
	}
	equal(t, "the ledger", r.dump() == before, true)
	if _, err := r.Observe(r.ctx, o); err != nil {
		t.Errorf("once the fault is gone: %v", err)
	}
}

func TestALedgerThatAnotherProgramKeepsLockedGoesOnAfterwards(t *testing.T) {
	ofFiles(t)
	for name, o := range keys {
		t.Run(name, func(t *testing.T) {
			r, _ := told(t, o)
			if _, err := r.w.Exec(`PRAGMA busy_timeout = 50`); err != nil {
				t.Fatal(err)
			}
			other := reopen(t, r.Path(), o)
			c, err := other.w.BeginTx(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			goesOn(t, r, ErrLocked, "end the program that keeps it locked", c.Rollback)
		})
	}
}

func TestAPageThatIsDamagedWhileTheLedgerIsOpenIsSaid(t *testing.T) {
	ofFiles(t)
	for name, o := range keys {
		t.Run(name, func(t *testing.T) {
			r, _ := told(t, o)
			for look := range int64(8) {
				r.look++
				if _, err := r.Observe(r.ctx, Observation{Was: r.look - 1, Source: Source{ID: "red", Look: r.look}, Held: manyHeld(3000, look)}); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := r.w.Exec(`PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
				t.Fatal(err)
			}
			for share := 0.3; share < 0.9; share += 0.01 {
				if err := noiseAt(r.Path(), share); err != nil {
					t.Fatal(err)
				}
			}
			_, err := r.Held(r.ctx, "red")
			if !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), r.Path()) || !strings.Contains(err.Error(), "restore the last backup") {
				t.Errorf("%v, want ErrDamaged", err)
			}
		})
	}
}

// Without its log a ledger is that of an earlier moment, whole or refused: it is
// never read half.
func TestALedgerWithoutItsLogIsAnEarlierOneOrRefused(t *testing.T) {
	ofFiles(t)
	for name, o := range keys {
		t.Run(name, func(t *testing.T) {
			r, es := told(t, o)
			if _, err := r.w.Exec(`PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
				t.Fatal(err)
			}
			r.tell(about(tocsin.Appeared, "p-012", "2026/4", "team"))
			path := leftBehind(t, r)
			if err := os.Remove(path + "-wal"); err != nil {
				t.Fatal(err)
			}
			o.Exclusive = true
			s := reopen(t, path, o)
			got, err := s.Events(t.Context(), EventFilter{})
			if err != nil || len(got) != len(es) {
				t.Errorf("%d events, want the %d of the last checkpoint, %v", len(got), len(es), err)
			}
		})
	}
}

// A restore onto a full disk, and a backup onto it, leave what is there and nothing
// of their own.
func TestARestoreWithoutRoomLeavesTheLedger(t *testing.T) {
	ofFiles(t)
	db, from := filepath.Join(t.TempDir(), "t.db"), filepath.Join(t.TempDir(), "copy.db")
	if err := errors.Join(ledger(db, nil), ledger(from, nil)); err != nil {
		t.Fatal(err)
	}
	disk := smallDisk(t, 1)
	small := filepath.Join(disk, "t.db")
	if err := copyFile(db, small); err != nil {
		t.Fatal(err)
	}
	fill(t, filepath.Join(disk, "filler"))
	before, err := os.ReadFile(small)
	if err != nil {
		t.Fatal(err)
	}
	_, err = Restore(t.Context(), "sqlite:"+small, Options{}, from)
	if !errors.Is(err, ErrFull) {
		t.Errorf("%v, want ErrFull", err)
	}
	if after, err := os.ReadFile(small); err != nil || string(after) != string(before) {
		t.Errorf("the ledger was touched, %v", err)
	}
	onlyFiles(t, disk, "filler", "t.db", "t.db.lock")

	to := filepath.Join(disk, "copy.db")
	if _, err := Backup(t.Context(), "sqlite:"+from, Options{}, to); !errors.Is(err, ErrFull) || !strings.Contains(err.Error(), to) {
		t.Errorf("a backup onto it: %v, want ErrFull of that file", err)
	}
	onlyFiles(t, disk, "filler", "t.db", "t.db.lock")
}

func TestABackupBesideALockedLedgerIsMadeAndARestoreWaits(t *testing.T) {
	ofFiles(t)
	db, to := filepath.Join(t.TempDir(), "t.db"), filepath.Join(t.TempDir(), "copy.db")
	if err := ledger(db, nil); err != nil {
		t.Fatal(err)
	}
	other, err := sqlite3.Open("file:" + db)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close() // nothing was written
	if err := other.Exec(`BEGIN IMMEDIATE`); err != nil {
		t.Fatal(err)
	}
	if _, err := Backup(t.Context(), "sqlite:"+db, Options{}, to); err != nil {
		t.Errorf("a backup needs no writing lock: %v", err)
	}
	if err := other.Exec(`ROLLBACK`); err != nil {
		t.Fatal(err)
	}
	before := folder(t, filepath.Dir(db))
	if testing.Short() {
		t.Skip("the rest waits for some seconds")
	}
	if _, err := Restore(t.Context(), "sqlite:"+db, Options{}, to); !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), "end the program") {
		t.Errorf("under another program: %v, want ErrLocked", err)
	}
	equal(t, "the ledger", folder(t, filepath.Dir(db))["t.db"] == before["t.db"], true)
}

func TestADatabaseBehindALinkIsReplacedWhereItIs(t *testing.T) {
	ofFiles(t)
	disk, dir := t.TempDir(), t.TempDir()
	db, from, link := filepath.Join(disk, "t.db"), filepath.Join(t.TempDir(), "copy.db"), filepath.Join(dir, "t.db")
	if err := errors.Join(ledger(from, nil), sealed(db, nil), os.Symlink(db, link)); err != nil {
		t.Fatal(err)
	}
	if _, err := Restore(t.Context(), "sqlite:"+link, Options{}, from); err != nil {
		t.Fatal(err)
	}
	onlyFiles(t, dir, "t.db", "t.db.lock")
	if held, err := reopen(t, db, Options{}).Held(t.Context(), "red"); err != nil || len(held) != 300 {
		t.Errorf("%d notices are held where the link leads, %v", len(held), err)
	}
}
