package store

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ncruces/go-sqlite3"

	"tocsin"
)

func TestAFileThatCannotBeUsedSaysWhyAndWhatToDo(t *testing.T) {
	ofFiles(t)
	plain := func(path string) error { return ledger(path, nil) }
	for _, c := range []struct {
		name    string
		prepare func(path string) error
		o       Options
		want    error
		says    string
	}{
		{"missing", func(string) error { return nil }, Options{}, ErrNotExist, "run `tocsin run`"},
		{"of a newer version", func(p string) error {
			return ledger(p, change(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)`))
		}, Options{}, ErrNewer, "newer version"},
		{"of a newer version, for sending", func(p string) error {
			return ledger(p, change(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)`))
		}, Options{Exclusive: true}, ErrNewer, "newer version"},
		{"no database", func(p string) error { return os.WriteFile(p, bytes.Repeat([]byte("VARDEN"), 2000), 0o600) }, Options{}, ErrDamaged, "backup"},
		{"damaged within", damage, Options{Exclusive: true}, ErrDamaged, "backup"},
		{"plain, with a key", plain, Options{EncryptionKey: make([]byte, 32)}, ErrDamaged, "database_key_file"},
		{"encrypted, without its key", func(p string) error { return sealed(p, bytes.Repeat([]byte{7}, 32)) }, Options{}, ErrDamaged, "database_key_file"},
		{"encrypted, with another key", func(p string) error { return sealed(p, bytes.Repeat([]byte{7}, 32)) }, Options{EncryptionKey: make([]byte, 32)}, ErrDamaged, "database_key_file"},
		{"another program's", func(p string) error { return ledger(p, change(`DROP TABLE goose_db_version`)) }, Options{}, nil, "another program's file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "t.db")
			if err := c.prepare(path); err != nil {
				t.Fatal(err)
			}
			s, err := Open(t.Context(), "sqlite:"+path, c.o)
			if err == nil {
				s.Close()
				t.Fatal("opened")
			}
			if c.want != nil && !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
			if !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%q names not the file or not what to do", err)
			}
		})
	}
}

// ledger makes a ledger with a few rows and changes it; nil leaves it.
func ledger(path string, change func(*Store) error) error {
	s, err := Open(context.Background(), "sqlite:"+path, Options{Create: true, Exclusive: true})
	if err != nil {
		return err
	}
	if _, err := s.Observe(context.Background(), Observation{Source: Source{ID: "red", Look: 1}, Held: manyHeld(300, 1)}); err != nil {
		return err
	}
	if change != nil {
		if err := change(s); err != nil {
			return err
		}
	}
	return s.Close()
}

func change(query string) func(*Store) error {
	return func(s *Store) error { _, err := s.w.Exec(query); return err }
}

// sealed makes an empty ledger that a key opens.
func sealed(path string, key []byte) error {
	s, err := Open(context.Background(), "sqlite:"+path, Options{Create: true, EncryptionKey: key})
	if err != nil {
		return err
	}
	return s.Close()
}

// damage overwrites some pages in the middle of a ledger.
func damage(path string) error {
	if err := ledger(path, nil); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if _, err := f.WriteAt(bytes.Repeat([]byte{0xa5}, 16<<10), info.Size()/2&^4095); err != nil {
		return err
	}
	return f.Close()
}

func TestAnEncryptedLedgerOpensWithItsKeyAndShowsNothing(t *testing.T) {
	ofFiles(t)
	path, key := filepath.Join(t.TempDir(), "t.db"), bytes.Repeat([]byte{7}, 32)
	s, err := Open(t.Context(), "sqlite:"+path, Options{Create: true, EncryptionKey: key})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Observe(t.Context(), Observation{Source: Source{ID: "red", Look: 1}, Held: manyHeld(50, 1)}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{path, path + "-wal"} {
		b, err := os.ReadFile(name)
		if err != nil || len(b) == 0 {
			t.Fatal(name, err)
		}
		if bytes.Contains(b, []byte("VARDEN")) || bytes.Contains(b, []byte("SQLite format")) {
			t.Errorf("%s can be read without the key", name)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = Open(t.Context(), "sqlite:"+path, Options{EncryptionKey: key, Exclusive: true}); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if held, err := s.Held(t.Context(), "red"); err != nil || len(held) != 50 {
		t.Error(len(held), err)
	}
}

func TestOneProcessSendsOthersMayReadAndDecide(t *testing.T) {
	ofFiles(t)
	r := newRig(t)
	e := r.tell(about(tocsin.Appeared, "p-017", "2026/1", "team"))[0]
	if s, err := Open(r.ctx, "sqlite:"+r.Path(), Options{Exclusive: true}); !errors.Is(err, ErrBusy) || !strings.Contains(err.Error(), "stop the other one") {
		s.Close()
		t.Fatalf("a second daemon: %v, want ErrBusy", err)
	}
	beside, err := Open(r.ctx, "sqlite:"+r.Path(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer beside.Close()
	if es, err := beside.Events(r.ctx, EventFilter{}); err != nil || len(es) != 1 {
		t.Error(es, err)
	}
	was, err := r.DataVersion(r.ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := beside.Decide(r.ctx, Decision{Case: e.Case, Action: tocsin.Ack, By: "amina"}); err != nil {
		t.Fatal(err)
	}
	if v, err := r.DataVersion(r.ctx); err != nil || v == was {
		t.Errorf("the daemon does not notice: %d, %v", v, err)
	}
	if c := r.oneCase(e.Case); c.State != tocsin.CaseAcknowledged {
		t.Errorf("the daemon reads %s", c.State)
	}
	if _, err := r.Renew(r.ctx, r.lease, 1); err != nil {
		t.Error("opening beside the daemon took its lease away:", err)
	}
}

func TestAnEarlierDaemonsLeaseIsDeadAtOnce(t *testing.T) {
	ofFiles(t)
	path := filepath.Join(t.TempDir(), "t.db")
	var old Lease
	if err := ledger(path, func(s *Store) (err error) {
		old, _, err = s.Acquire(context.Background(), "notifier:team", "old", 1<<40)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	s, err := Open(t.Context(), "sqlite:"+path, Options{Exclusive: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	l, ok, err := s.Acquire(t.Context(), "notifier:team", "new", 1<<40)
	if err != nil || !ok || l.Fence <= old.Fence {
		t.Errorf("%+v, %v, %v", l, ok, err)
	}
}

// A daemon that is killed between claim and settle, with another transaction
// half done, leaves a message of unknown outcome and nothing of the other.
func TestWhatAKilledDaemonWasSendingIsOfUnknownOutcome(t *testing.T) {
	ofFiles(t)
	if path := os.Getenv("TOCSIN_TEST_KILLED"); path != "" {
		dieSending(path)
	}
	path := filepath.Join(t.TempDir(), "t.db")
	c := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	c.Env = append(os.Environ(), "TOCSIN_TEST_KILLED="+path)
	if out, err := c.CombinedOutput(); c.ProcessState.ExitCode() != -1 {
		t.Fatalf("it was not killed: %v\n%s", err, out)
	}
	s, err := Open(t.Context(), "sqlite:"+path, Options{Exclusive: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ms, err := s.OpenMessages(t.Context(), "team")
	if err != nil || len(ms) != 1 || ms[0].State != StateUnknown || len(ms[0].Events) != 1 {
		t.Fatalf("%+v, %v", ms, err)
	}
	if next, some, err := s.NextDue(t.Context(), "team"); err != nil || !some || next.After(s.now()) {
		t.Errorf("it is due at %v, %v, %v", next, some, err)
	}
	es, err := s.Events(t.Context(), EventFilter{})
	if err != nil || len(es) != 1 || es[0].ID != ms[0].Events[0] || es[0].Deliveries[0].State != tocsin.Pending {
		t.Errorf("%+v, %v", es, err)
	}
}

func dieSending(path string) {
	ctx := context.Background()
	die := func(err error) {
		if err != nil {
			panic(err)
		}
	}
	s, err := Open(ctx, "sqlite:"+path, Options{Create: true, Exclusive: true})
	die(err)
	es, err := s.Observe(ctx, Observation{Source: Source{ID: "red", Look: 1}, Events: []NewEvent{about(tocsin.Appeared, "p-017", "2026/1", "team")}})
	die(err)
	l, _, err := s.Acquire(ctx, "notifier:team", "old", 1<<40)
	die(err)
	_, err = s.Claim(ctx, l, Message{Notifier: "team", Kind: "root", Case: es[0].Case, Events: []string{es[0].ID}})
	die(err)
	die(s.write(ctx, "dying", func(t *tx) error {
		if _, err := t.record([]NewEvent{about(tocsin.Appeared, "p-009", "2026/2", "team")}); err != nil {
			return err
		}
		p, err := os.FindProcess(os.Getpid())
		if err != nil {
			return err
		}
		if err := p.Kill(); err != nil {
			return err
		}
		select {}
	}))
}

func TestAFullDiskLosesNothingOfWhatWasThere(t *testing.T) {
	ofFiles(t)
	r := newRig(t)
	r.tell(about(tocsin.Appeared, "p-017", "2026/1", "team"))
	before := r.dump()
	if _, err := r.w.Exec(`PRAGMA max_page_count = 60`); err != nil {
		t.Fatal(err)
	}
	_, err := r.Observe(r.ctx, Observation{Was: 1, Source: Source{ID: "red", Look: 2}, Held: manyHeld(3000, 2)})
	if !errors.Is(err, ErrFull) || !strings.Contains(err.Error(), r.Path()) {
		t.Errorf("%v, want ErrFull", err)
	}
	equal(t, "the ledger", r.dump(), before)
	if _, err := r.w.Exec(`PRAGMA max_page_count = 100000`); err != nil {
		t.Fatal(err)
	}
	r.tell(about(tocsin.Changed, "p-017", "2026/1", "team"))
}

func TestACancelledWriteLeavesNothing(t *testing.T) {
	ofFiles(t)
	r := newRig(t)
	before := r.dump()
	ctx, cancel := context.WithCancel(r.ctx)
	cancel()
	if _, err := r.Observe(ctx, Observation{Source: Source{ID: "red", Look: 1}}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	equal(t, "the ledger", r.dump(), before)
}

func TestAFileThatMayNotBeWrittenSaysSo(t *testing.T) {
	ofFiles(t)
	s := &Store{path: "/srv/tocsin.db"}
	for code, want := range map[sqlite3.ErrorCode]error{sqlite3.READONLY: ErrReadOnly, sqlite3.CANTOPEN: ErrReadOnly, sqlite3.PERM: ErrReadOnly, sqlite3.BUSY: ErrLocked, sqlite3.CORRUPT: ErrDamaged} {
		if err := s.explain("keeping a look", code); !errors.Is(err, want) || !strings.Contains(err.Error(), "/srv/tocsin.db") {
			t.Errorf("%v is told as %v", code, err)
		}
	}
	if os.Geteuid() == 0 {
		t.Skip("the rest needs a user who may not write everything")
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "t.db")
	if err := ledger(path, nil); err != nil {
		t.Fatal(err)
	}
	refused := func(what string, o Options) {
		t.Helper()
		s, err := Open(t.Context(), "sqlite:"+path, o)
		if err == nil {
			s.Close()
		}
		if !errors.Is(err, ErrReadOnly) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v, want ErrReadOnly", what, err)
		}
	}
	if err := os.Chmod(path, 0o400); err != nil {
		t.Fatal(err)
	}
	refused("the file", Options{})
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, f := range []string{"-wal", "-shm", ".lock"} {
		if err := os.Remove(path + f); err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.Chmod(dir, 0o700); err != nil { // or it could not be removed
			t.Error(err)
		}
	})
	refused("its folder", Options{})
	refused("its folder, for sending", Options{Exclusive: true})
}

func TestACommandBesideADaemonThatJustStartedWaitsForTheSchema(t *testing.T) {
	ofFiles(t)
	path := filepath.Join(t.TempDir(), "t.db")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	lock, err := lockFile(path + ".lock")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := Open(ctx, "sqlite:"+path, Options{}); !errors.Is(err, ErrBusy) {
		t.Errorf("while the daemon is at it: %v, want ErrBusy in the end", err)
	}
	opened := make(chan error, 1)
	go func() {
		s, err := Open(t.Context(), "sqlite:"+path, Options{})
		if err == nil {
			err = s.Close()
		}
		opened <- err
	}()
	if err := lock.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-opened; err != nil {
		t.Errorf("once it is done: %v", err)
	}
}

// Nor is a daemon kept from starting by a command beside it that makes the schema
// at that moment; another daemon does not let go.
func TestADaemonThatStartsWaitsForACommandThatMakesTheSchema(t *testing.T) {
	ofFiles(t)
	for _, c := range []struct {
		name string
		free bool
		want error
	}{
		{"a command", true, nil},
		{"a daemon", false, ErrBusy},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "t.db")
			synctest.Test(t, func(t *testing.T) {
				lock, err := lockFile(path + ".lock")
				if err != nil {
					t.Fatal(err)
				}
				defer lock.Close() // a second time does nothing here
				opened := make(chan error, 1)
				go func() {
					s, err := Open(t.Context(), "sqlite:"+path, Options{Create: true, Exclusive: true})
					if err == nil {
						err = s.Close()
					}
					opened <- err
				}()
				synctest.Wait() // it has met the lock and waits
				if c.free {
					if err := lock.Close(); err != nil {
						t.Fatal(err)
					}
				}
				if err := <-opened; !errors.Is(err, c.want) {
					t.Errorf("%v, want %v", err, c.want)
				}
			})
		})
	}
}
