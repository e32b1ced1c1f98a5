package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tocsin"
)

var testKey = bytes.Repeat([]byte{7}, 32)

// keys are how a ledger may be kept; every test of copies holds for all.
var keys = map[string]Options{"plain": {}, "encrypted": {EncryptionKey: testKey}}

// reopen opens a ledger that is there.
func reopen(t testing.TB, path string, o Options) *Store {
	t.Helper()
	s, err := Open(context.Background(), "sqlite:"+path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// told is a rig's ledger with some events, one sent, one being sent, one owed.
func told(t *testing.T, o Options) (*rig, []tocsin.Event) {
	t.Helper()
	o.Create, o.Exclusive = true, true
	s := reopen(t, filepath.Join(t.TempDir(), "t.db"), o)
	r := &rig{Store: s, t: t, ctx: t.Context(), clock: time.Date(2026, 5, 3, 8, 0, 0, 0, time.UTC)}
	r.now = func() time.Time { return r.clock }
	r.lease = r.acquire("holder")
	es := r.tell(about(tocsin.Appeared, "p-017", "2026/1", "team"), about(tocsin.Appeared, "p-009", "2026/2", "team"), about(tocsin.Appeared, "p-011", "2026/3", "team"))
	r.settle(r.claim(Message{Kind: "root", Case: es[0].Case, Events: []string{es[0].ID}}).ID, Settlement{State: StateSent, Ref: "C1/1.0"})
	r.claim(Message{Kind: "root", Case: es[1].Case, Events: []string{es[1].ID}})
	return r, es
}

func dumpOf(t testing.TB, s *Store) string {
	return (&rig{Store: s, t: t, ctx: context.Background()}).dump()
}

func TestABackupIsTheLedgerAsItWasWhileADaemonWrites(t *testing.T) {
	ofFiles(t)
	for name, o := range keys {
		t.Run(name, func(t *testing.T) {
			r, _ := told(t, o)
			to := filepath.Join(t.TempDir(), "copy.db")
			stop, wrote := make(chan struct{}), make(chan error, 1)
			begun := make(chan struct{})
			go func() {
				var err error
				for i := 10; err == nil; i++ {
					if i == 20 {
						close(begun)
					}
					select {
					case <-stop:
						wrote <- nil
						return
					default:
					}
					_, err = r.Observe(r.ctx, Observation{Was: r.look, Source: Source{ID: "red", Look: r.look + 1}, Held: manyHeld(20, r.look+1),
						Events: []NewEvent{about(tocsin.Appeared, "p-017", fmt.Sprintf("2027/%d", i), "team")}})
					r.look++
				}
				wrote <- err
			}()
			<-begun
			c, err := Backup(r.ctx, "sqlite:"+r.Path(), o, to)
			close(stop)
			if werr := <-wrote; werr != nil || err != nil {
				t.Fatal(err, werr)
			}
			if c.Events < 13 || c.Cases != c.Events || c.Owed != c.Events-1 || c.Unknown != 1 || c.Made.IsZero() || c.Encrypted != (o.EncryptionKey != nil) {
				t.Errorf("it says %+v", c)
			}
			if info, err := os.Stat(to); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("its mode is %v, %v", info.Mode(), err)
			}
			raw, err := os.ReadFile(to)
			if err != nil {
				t.Fatal(err)
			}
			if readable := bytes.Contains(raw, []byte("VARDEN")); readable != (o.EncryptionKey == nil) {
				t.Errorf("that it can be read without a key is %v", readable)
			}
			onlyFiles(t, filepath.Dir(to), "copy.db")
			s := reopen(t, to, o)
			es, err := s.Events(t.Context(), EventFilter{})
			if err != nil || len(es) != c.Events {
				t.Fatal(len(es), err)
			}
			all, err := r.Events(r.ctx, EventFilter{})
			if err != nil {
				t.Fatal(err)
			}
			equal(t, "the first events", es, all[:len(es)])
			row, err := s.Source(t.Context(), "red")
			if err != nil || row.Look != int64(c.Events-2) { // one look of three events, then one each
				t.Errorf("look %d belongs to other than %d events, %v", row.Look, c.Events, err)
			}
		})
	}
}

// onlyFiles holds that a folder has these files and no other.
func onlyFiles(t *testing.T, dir string, want ...string) {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	got := []string{}
	for _, f := range list {
		got = append(got, f.Name())
	}
	equal(t, "the folder", got, want)
}

func TestABackupIsRefusedAndLeavesNothing(t *testing.T) {
	ofFiles(t)
	for _, c := range []struct {
		name    string
		prepare func(t *testing.T, db, to string) error
		o       Options
		want    error
		says    string
	}{
		{"over a file", func(_ *testing.T, db, to string) error {
			return errors.Join(ledger(db, nil), os.WriteFile(to, []byte("precious"), 0o600))
		}, Options{}, ErrExists, "name another file"},
		{"over a link that leads nowhere", func(_ *testing.T, db, to string) error {
			return errors.Join(ledger(db, nil), os.Symlink("nowhere", to))
		}, Options{}, ErrExists, "name another file"},
		{"of nothing", func(*testing.T, string, string) error { return nil }, Options{}, ErrNotExist, "tocsin run"},
		{"of an empty file", func(_ *testing.T, db, _ string) error { return os.WriteFile(db, nil, 0o600) }, Options{}, ErrEmpty, "t.db"},
		{"of another program's file", func(_ *testing.T, db, _ string) error { return ledger(db, change(`DROP TABLE goose_db_version`)) }, Options{}, ErrForeign, "t.db"},
		{"of a newer version's", func(_ *testing.T, db, _ string) error {
			return ledger(db, change(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)`))
		}, Options{}, ErrNewer, "newer version"},
		{"of a damaged ledger", func(_ *testing.T, db, _ string) error { return damage(db) }, Options{}, ErrDamaged, "t.db"},
		{"of a ledger with a damaged index", func(_ *testing.T, db, _ string) error { return damageIndex(db) }, Options{}, ErrDamaged, "t.db"},
		{"with another key", func(_ *testing.T, db, _ string) error { return sealed(db, testKey) }, Options{EncryptionKey: make([]byte, 32)}, ErrDamaged, "database_key_file"},
		{"with a key for a plain file", func(_ *testing.T, db, _ string) error { return ledger(db, nil) }, Options{EncryptionKey: testKey}, ErrDamaged, "database_key_file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			db, dir := filepath.Join(t.TempDir(), "t.db"), t.TempDir()
			to := filepath.Join(dir, "copy.db")
			if err := c.prepare(t, db, to); err != nil {
				t.Fatal(err)
			}
			before := folder(t, dir)
			_, err := Backup(t.Context(), "sqlite:"+db, c.o, to)
			if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v, want %v that says %q", err, c.want, c.says)
			}
			equal(t, "the folder", folder(t, dir), before)
		})
	}
	db := filepath.Join(t.TempDir(), "t.db")
	if err := ledger(db, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := Backup(t.Context(), "sqlite:"+db, Options{}, filepath.Join(t.TempDir(), "no", "copy.db")); err == nil || !strings.Contains(err.Error(), "folder does not exist: make ") {
		t.Errorf("into a missing folder: %v", err)
	}
	if _, err := Backup(t.Context(), "postgres://db.example/tocsin", Options{}, "copy.db"); err == nil || !strings.Contains(err.Error(), "pg_dump") {
		t.Errorf("of PostgreSQL: %v", err)
	}
}

// folder is the content of every file of a folder, but for what SQLite and locks leave.
func folder(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range list {
		b, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil && !errors.Is(err, fs.ErrNotExist) { // a link that leads nowhere
			t.Fatal(err)
		}
		out[f.Name()] = string(b)
	}
	return out
}

func TestNoErrorOfABackupTellsTheKey(t *testing.T) {
	ofFiles(t)
	db := filepath.Join(t.TempDir(), "t.db")
	if err := sealed(db, testKey); err != nil {
		t.Fatal(err)
	}
	s := reopen(t, db, Options{EncryptionKey: testKey})
	err := s.vacuumInto(t.Context(), filepath.Join(t.TempDir(), "no", "copy.db"))
	if err == nil {
		t.Fatal("copied into a folder that is not there")
	}
	for _, err := range []error{s.copying("copy.db", err), ofBackup("copy.db", "checking", err)} {
		if strings.Contains(err.Error(), "0707") {
			t.Errorf("%v", err)
		}
	}
}

func TestARestoredLedgerIsTheBackupWithItsGapMarked(t *testing.T) {
	ofFiles(t)
	for name, o := range keys {
		t.Run(name, func(t *testing.T) {
			r, es := told(t, o)
			dsn, to := "sqlite:"+r.Path(), filepath.Join(t.TempDir(), "copy.db")
			made, err := Backup(r.ctx, dsn, o, to)
			if err != nil {
				t.Fatal(err)
			}
			r.decide(es[0].Case, tocsin.Ack)
			r.tell(about(tocsin.Appeared, "p-012", "2026/4", "team"))
			late := r.dump()
			if _, err := Restore(r.ctx, dsn, o, to); !errors.Is(err, ErrBusy) || !strings.Contains(err.Error(), "stop the other one") {
				t.Fatalf("beside a daemon: %v, want ErrBusy", err)
			}
			equal(t, "the daemon's ledger", r.dump(), late)
			if err := r.Close(); err != nil {
				t.Fatal(err)
			}
			got, err := Restore(t.Context(), dsn, o, to)
			if err != nil {
				t.Fatal(err)
			}
			if got.Events != made.Events || !got.Sound || got.Kept == "" || !got.Gap.From.Equal(made.Made) || got.Gap.Until.Before(got.Gap.From) {
				t.Errorf("it says %+v", got)
			}
			equal(t, "what was there", dumpOf(t, reopen(t, got.Kept, o)), late)

			o.Exclusive = true
			s := reopen(t, r.Path(), o)
			var mode string
			if err := s.w.QueryRow(`PRAGMA journal_mode`).Scan(&mode); err != nil || mode != "wal" {
				t.Errorf("journal mode %q, %v: readers would hold the daemon up", mode, err)
			}
			g, ok, err := s.Gap(t.Context())
			if err != nil || !ok || g.LastSeq != es[2].Seq || !g.From.Equal(made.Made) {
				t.Errorf("the gap is %+v, %v, %v", g, ok, err)
			}
			x := &rig{Store: s, t: t, ctx: t.Context()}
			if c := x.oneCase(es[0].Case); c.State != tocsin.CaseOpen {
				t.Errorf("the case is %s; its decision came after the backup", c.State)
			}
			if got := x.stale(); len(got) != 1 {
				t.Errorf("%d messages will be shown anew, want the one that was sent", len(got))
			}
			ms, err := s.OpenMessages(t.Context(), "team")
			if err != nil || len(ms) != 1 || ms[0].State != StateUnknown || ms[0].Events[0] != es[1].ID {
				t.Errorf("being sent at the backup, now: %+v, %v", ms, err)
			}
			if _, err := s.Renew(t.Context(), r.lease, time.Hour); !errors.Is(err, ErrFenced) {
				t.Errorf("the lease of the daemon that was: %v, want ErrFenced", err)
			}
		})
	}
}

func TestARestoreIsRefusedAndTouchesNothing(t *testing.T) {
	ofFiles(t)
	noise := func(p string) error { return os.WriteFile(p, bytes.Repeat([]byte("VARDEN"), 2000), 0o600) }
	for _, c := range []struct {
		name string
		from func(path string) error
		o    Options
		want error
		says string
	}{
		{"missing", func(string) error { return nil }, Options{}, ErrNotExist, "tocsin backup"},
		{"of no length", func(p string) error { return os.WriteFile(p, nil, 0o600) }, Options{}, ErrEmpty, "another backup"},
		{"noise", noise, Options{}, ErrDamaged, "earlier backup"},
		{"damaged within", damage, Options{}, ErrDamaged, "earlier backup"},
		{"cut short", func(p string) error { return errors.Join(ledger(p, nil), os.Truncate(p, 40<<10)) }, Options{}, ErrDamaged, "earlier backup"},
		{"another program's", func(p string) error { return ledger(p, change(`DROP TABLE goose_db_version`)) }, Options{}, ErrForeign, "tocsin backup"},
		{"of a newer version", func(p string) error {
			return ledger(p, change(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)`))
		}, Options{}, ErrNewer, "newer version"},
		{"plain, with a key", func(p string) error { return ledger(p, nil) }, Options{EncryptionKey: testKey}, ErrPlain, "database_key_file left out"},
		{"encrypted, without", func(p string) error { return sealed(p, testKey) }, Options{}, ErrDamaged, "database_key_file"},
		{"encrypted, with another key", func(p string) error { return sealed(p, testKey) }, Options{EncryptionKey: make([]byte, 32)}, ErrDamaged, "database_key_file"},
		{"with rows that refer to nothing", func(p string) error {
			return ledger(p, change(`PRAGMA foreign_keys=OFF; INSERT INTO decision (case_id, action, who, assignee, note, at) VALUES ('c_none', 'ack', 'amina', '', '', 0)`))
		}, Options{}, ErrDamaged, "earlier backup"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			db, from := filepath.Join(dir, "t.db"), filepath.Join(t.TempDir(), "copy.db")
			if err := errors.Join(ledger(db, nil), c.from(from)); err != nil {
				t.Fatal(err)
			}
			before := folder(t, dir)
			_, err := Restore(t.Context(), "sqlite:"+db, c.o, from)
			if !errors.Is(err, c.want) || !strings.Contains(err.Error(), from) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v, want %v of the file that says %q", err, c.want, c.says)
			}
			equal(t, "the database's folder", folder(t, dir), before)
		})
	}
}

func TestADestroyedDatabaseIsKeptAsItIsAndReplaced(t *testing.T) {
	ofFiles(t)
	for name, destroy := range map[string]func(path string) error{
		"deleted":              os.Remove,
		"truncated":            func(p string) error { return os.Truncate(p, 0) },
		"cut in the middle":    func(p string) error { return os.Truncate(p, 30<<10) },
		"noise":                func(p string) error { return os.WriteFile(p, bytes.Repeat([]byte{0xa5}, 64<<10), 0o600) },
		"a page in the middle": func(p string) error { return noiseAt(p, 0.5) },
		"its log lost":         func(p string) error { return os.Remove(p + "-wal") },
		"its log noise":        func(p string) error { return os.WriteFile(p+"-wal", bytes.Repeat([]byte{0xa5}, 64<<10), 0o600) },
		"under another's key": func(p string) error {
			return errors.Join(os.Remove(p), os.Remove(p+"-wal"), sealed(p, make([]byte, 32)))
		},
	} {
		for kind, o := range keys {
			t.Run(name+", "+kind, func(t *testing.T) {
				r, _ := told(t, o)
				to := filepath.Join(t.TempDir(), "copy.db")
				want, err := Backup(r.ctx, "sqlite:"+r.Path(), o, to)
				if err != nil {
					t.Fatal(err)
				}
				r.look++
				if _, err := r.Observe(r.ctx, Observation{Was: r.look - 1, Source: Source{ID: "red", Look: r.look}, Held: manyHeld(300, r.look)}); err != nil {
					t.Fatal(err)
				}
				if _, err := r.w.Exec(`PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
					t.Fatal(err)
				}
				r.tell(about(tocsin.Appeared, "p-012", "2026/4", "team"))
				path := leftBehind(t, r)
				if err := destroy(path); err != nil {
					t.Fatal(err)
				}
				before := folder(t, filepath.Dir(path))
				got, err := Restore(t.Context(), "sqlite:"+path, o, to)
				if err != nil {
					t.Fatal(err)
				}
				s := reopen(t, path, o)
				es, err := s.Events(t.Context(), EventFilter{})
				if err != nil || len(es) != want.Events || got.Events != want.Events {
					t.Errorf("%d events, want %d, %v", len(es), want.Events, err)
				}
				if lost := strings.HasPrefix(name, "its log"); got.Sound != lost {
					t.Errorf("that it was sound is said to be %v", got.Sound)
				} else if lost {
					return // an earlier state, whole: nothing is missing that could be told
				}
				after := folder(t, filepath.Dir(path))
				for _, suffix := range []string{"", "-wal"} {
					if text, ok := before["t.db"+suffix]; ok {
						equal(t, "what was kept of t.db"+suffix, after[filepath.Base(got.Kept)+suffix] == text, true)
					}
				}
			})
		}
	}
}

// noiseAt overwrites a page at a share of a file's length.
func noiseAt(path string, share float64) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err == nil {
		_, err = f.WriteAt(bytes.Repeat([]byte{0xa5}, 4096), int64(share*float64(info.Size()))&^4095)
	}
	return errors.Join(err, f.Close())
}

// damageIndex overwrites a page that holds nothing but an index.
func damageIndex(path string) error {
	var root int64
	if err := ledger(path, func(s *Store) error {
		if _, err := s.Observe(context.Background(), Observation{Was: 1, Source: Source{ID: "red", Look: 2}, Events: []NewEvent{about(tocsin.Appeared, "p-017", "2026/1", "team")}}); err != nil {
			return err
		}
		return s.w.QueryRow(`SELECT rootpage FROM sqlite_schema WHERE name = 'event_at'`).Scan(&root)
	}); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteAt(bytes.Repeat([]byte{0xa5}, 4096), (root-1)*4096)
	return errors.Join(err, f.Close())
}

// leftBehind copies a ledger's files as a killed daemon leaves them, its log not
// folded in.
func leftBehind(t *testing.T, r *rig) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "t.db")
	for _, suffix := range []string{"", "-wal"} {
		b, err := os.ReadFile(r.Path() + suffix)
		if err != nil || len(b) == 0 {
			t.Fatal(suffix, err)
		}
		if err := os.WriteFile(path+suffix, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

// A restore that is killed after any of its steps leaves the earlier ledger or
// the new one, whole; the next restore does it all.
func TestAKilledRestoreLeavesTheOneOrTheOther(t *testing.T) {
	ofFiles(t)
	if at := os.Getenv("TOCSIN_TEST_KILLED"); at != "" {
		dieRestoring(at)
	}
	for name, o := range keys {
		r, _ := told(t, o)
		to := filepath.Join(t.TempDir(), "copy.db")
		if _, err := Backup(r.ctx, "sqlite:"+r.Path(), o, to); err != nil {
			t.Fatal(err)
		}
		r.tell(about(tocsin.Appeared, "p-012", "2026/4", "team"))
		for _, at := range []string{"locked", "copied", "checked", "settled", "kept", "bare", "in place"} {
			t.Run(name+", "+at, func(t *testing.T) {
				path := leftBehind(t, r)
				c := exec.Command(os.Args[0], "-test.run=^TestAKilledRestoreLeavesTheOneOrTheOther$")
				c.Env = append(os.Environ(), "TOCSIN_TEST_KILLED="+at, "TOCSIN_TEST_DATABASE="+path, "TOCSIN_TEST_BACKUP="+to, "TOCSIN_TEST_KEY="+string(bytes.ReplaceAll(o.EncryptionKey, []byte{7}, []byte{'7'})))
				if out, err := c.CombinedOutput(); c.ProcessState.ExitCode() != -1 {
					t.Fatalf("it was not killed: %v\n%s", err, out)
				}
				want := 4
				if at == "in place" {
					want = 3
				}
				count := func(what string, want int) {
					t.Helper()
					s, err := Open(t.Context(), "sqlite:"+path, Options{EncryptionKey: o.EncryptionKey, Exclusive: true})
					if err != nil {
						t.Fatal(what, err)
					}
					es, err := s.Events(t.Context(), EventFilter{})
					if err := errors.Join(err, s.whole(t.Context()), s.Close()); err != nil || len(es) != want {
						t.Errorf("%s: %d events, want %d, %v", what, len(es), want, err)
					}
				}
				count("after the kill", want)
				if _, err := Restore(t.Context(), "sqlite:"+path, Options{EncryptionKey: o.EncryptionKey, Now: func() time.Time { return time.Now().Add(time.Hour) }}, to); err != nil {
					t.Fatal(err)
				}
				count("restored in the end", 3)
				if left, _ := filepath.Glob(path + ".restoring*"); len(left) > 0 {
					t.Errorf("it left %v", left)
				}
			})
		}
	}
}

func dieRestoring(at string) {
	o := Options{}
	if k := os.Getenv("TOCSIN_TEST_KEY"); k != "" {
		o.EncryptionKey = bytes.ReplaceAll([]byte(k), []byte{'7'}, []byte{7})
	}
	_, err := restore(context.Background(), "sqlite:"+os.Getenv("TOCSIN_TEST_DATABASE"), o, os.Getenv("TOCSIN_TEST_BACKUP"), func(step string) {
		if step != at {
			return
		}
		p, err := os.FindProcess(os.Getpid())
		if err != nil {
			panic(err)
		}
		if err := p.Kill(); err != nil {
			panic(err)
		}
		select {}
	})
	panic(fmt.Sprint("not killed: ", err))
}
