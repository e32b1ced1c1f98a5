package store

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"tocsin"
	"tocsin/store/pgtest"
)

// onPostgres marks a test of what only a server has.
func onPostgres(t testing.TB) {
	t.Helper()
	if !onServer {
		t.Skip("of PostgreSQL; TestTheSameOnPostgreSQL runs it")
	}
}

// The migrations are written once and translated: what one database has, the
// other has too.
func TestBothDatabasesHaveTheSameTablesAndColumns(t *testing.T) {
	onPostgres(t)
	file, err := Open(t.Context(), "sqlite:"+t.TempDir()+"/t.db", Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close() // only read
	want := map[string][]string{}
	if err := each(t.Context(), file.r, `SELECT m.name, c.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> 'goose_db_version' ORDER BY m.name, c.name`, nil, scanColumn(want)); err != nil {
		t.Fatal(err)
	}
	got := map[string][]string{}
	if err := each(t.Context(), open(t).r, `SELECT table_name, column_name FROM information_schema.columns
		WHERE table_schema = current_schema() AND table_name <> 'goose_db_version' ORDER BY table_name COLLATE "C", column_name COLLATE "C"`, nil, scanColumn(got)); err != nil {
		t.Fatal(err)
	}
	equal(t, "the tables", slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
	for table := range want {
		equal(t, "the columns of "+table, got[table], want[table])
	}
}

func scanColumn(into map[string][]string) func(*sql.Rows) error {
	return func(r *sql.Rows) error {
		var table, column string
		err := r.Scan(&table, &column)
		into[table] = append(into[table], column)
		return err
	}
}

// A replica of the version before goes on while the new one is rolled out: what a
// migration adds, it adds with a default, and it takes nothing away.
func TestMigrationsAfterTheFirstReleaseOnlyAdd(t *testing.T) {
	files, err := migrations.ReadDir("migrations")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := migrations.ReadFile("migrations/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		if f.Name() < "00002" {
			continue
		}
		for _, line := range strings.Split(string(text), ";") {
			up := strings.ToUpper(line)
			if strings.Contains(up, "DROP ") || strings.Contains(up, "RENAME ") || strings.Contains(up, "ADD COLUMN") && strings.Contains(up, "NOT NULL") && !strings.Contains(up, "DEFAULT") {
				t.Errorf("%s: %s: a replica of the version before could not go on", f.Name(), strings.TrimSpace(line))
			}
		}
	}
}

func TestSeveralThatStartAtOnceMakeTheTablesOnce(t *testing.T) {
	onPostgres(t)
	dsn := pgtest.DSN(t)
	var wg sync.WaitGroup
	errs := make([]error, 3)
	for i := range errs {
		wg.Go(func() {
			s, err := Open(t.Context(), dsn, Options{Create: true, Exclusive: true})
			if err == nil {
				err = s.Close()
			}
			errs[i] = err
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

// with gives an address with one part changed.
func with(t testing.TB, dsn string, change func(*url.URL)) string {
	t.Helper()
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	change(u)
	return u.String()
}

func TestAServerThatCannotBeUsedSaysWhyWhatToDoAndNoPassword(t *testing.T) {
	onPostgres(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	dsn := pgtest.DSN(t)
	newer := pgtest.DSN(t)
	s := openAt(t, newer)
	if _, err := s.w.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)`); err != nil {
		t.Fatal(err)
	}
	foreign := pgtest.DSN(t)
	if x, err := Open(t.Context(), foreign, Options{Create: true}); err != nil {
		t.Fatal(err)
	} else if _, err := x.w.Exec(`DROP TABLE goose_db_version`); err != nil {
		t.Fatal(err)
	} else if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, dsn string
		o         Options
		want      error
		says      string
	}{
		{"nobody answers", with(t, dsn, func(u *url.URL) { u.Host = nobody }), Options{Create: true}, ErrUnreachable, "start it"},
		{"another database", with(t, dsn, func(u *url.URL) { u.Path = "/nowhere" }), Options{Create: true}, ErrRefused, "correct user"},
		{"another user", with(t, dsn, func(u *url.URL) { u.User = url.UserPassword("nobody", "secret-of-tests") }), Options{Create: true}, ErrRefused, "correct user"},
		{"no ledger", dsn, Options{}, ErrNotExist, "run `tocsin run`"},
		{"of a newer version", newer, Options{}, ErrNewer, "newer version"},
		{"another program's", foreign, Options{Create: true}, ErrForeign, "name another database"},
		{"no address", "postgres://tocsin:secret-of-tests@[::1/x", Options{}, nil, "postgres://USER"},
		{"with a key", dsn, Options{Create: true, EncryptionKey: make([]byte, 32)}, nil, "database_key_file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := Open(t.Context(), c.dsn, c.o)
			if err == nil {
				s.Close()
				t.Fatal("opened")
			}
			if c.want != nil && !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v, want %v that says %q", err, c.want, c.says)
			}
			if strings.Contains(err.Error(), "secret-of-tests") {
				t.Errorf("%v shows the password", err)
			}
		})
	}
}

// Whoever reads what came after a number misses nothing that has a smaller one.
func TestEventsAreNumberedInTheOrderInWhichTheyCanBeRead(t *testing.T) {
	dsn := newDSN(t)
	a := openAt(t, dsn)
	writers := []*Store{a}
	if onServer {
		writers = append(writers, openAt(t, dsn), openAt(t, dsn))
	}
	var wg sync.WaitGroup
	const each = 40
	errs := make([]error, len(writers))
	for i, s := range writers {
		wg.Go(func() {
			for n := range each {
				_, err := s.Observe(t.Context(), Observation{Was: int64(n), Source: Source{ID: string(rune('a' + i)), Look: int64(n) + 1},
					Events: []NewEvent{{Event: tocsin.Event{Kind: tocsin.Blind, Source: string(rune('a' + i))}}}})
				if err != nil {
					errs[i] = err
					return
				}
			}
		})
	}
	last, seen := int64(0), 0
	for seen < each*len(writers) {
		es, err := a.Events(t.Context(), EventFilter{After: last})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range es {
			if e.Seq <= last {
				t.Fatalf("event %d after %d", e.Seq, last)
			}
			last = e.Seq
			seen++
		}
		if err := errors.Join(errs...); err != nil && len(es) == 0 {
			t.Fatal(err)
		}
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Error(err)
	}
	if n, err := a.LastSeq(t.Context()); err != nil || seen != each*len(writers) || n != last {
		t.Errorf("%d read, the last is %d of %d, %v", seen, last, n, err)
	}
}

// A replica that is paused in the middle of a transaction loses its turn, and what
// it wrote; it cannot go on where it was.
func TestAWriterThatIsPausedWithinItsTurnLosesIt(t *testing.T) {
	onPostgres(t)
	dsn := with(t, pgtest.DSN(t), func(u *url.URL) { u.RawQuery += "&idle_in_transaction_session_timeout=300ms" })
	paused, other := openAt(t, dsn), openAt(t, dsn)
	in, out := make(chan struct{}), make(chan struct{})
	ended := make(chan error, 1)
	go func() {
		first := true
		ended <- paused.write(t.Context(), "pausing", func(x *tx) error {
			if first {
				first = false
				close(in)
				<-out
			}
			return setMeta(x, "who", "paused")
		})
	}()
	<-in
	if err := other.SetMeta(t.Context(), "who", "other"); err != nil {
		t.Errorf("the other does not get its turn: %v", err)
	}
	close(out)
	if err := <-ended; err != nil { // it was begun again, behind the other
		t.Errorf("the one that was paused: %v", err)
	}
	if v, err := other.Meta(t.Context(), "who"); err != nil || v != "paused" {
		t.Errorf("%q, %v", v, err)
	}
}

// A server that goes away in the middle of writing is a fault that passes: what
// was said to be kept is there, what was not is not, also where the answer to a
// commit was lost, and the same Store goes on.
func TestAServerThatGoesAwayAndComesBackLosesNothingAnswered(t *testing.T) {
	onPostgres(t)
	c, dsn := pgtest.Own(t)
	s := openAt(t, dsn)
	ctx, stop := context.WithCancel(t.Context())
	kept := make(chan int64, 1)
	go func() {
		n := int64(0)
		for ctx.Err() == nil {
			_, err := s.Observe(t.Context(), Observation{Was: n, Source: Source{ID: "red", Look: n + 1},
				Events: []NewEvent{{Event: tocsin.Event{Kind: tocsin.Blind, Source: "red"}}}})
			switch {
			case err == nil:
				n++
			case !Passing(err) || !strings.Contains(err.Error(), "goes on by itself"):
				t.Errorf("%v, want one that passes", err)
				stop()
			}
		}
		kept <- n
	}()
	for range 3 {
		written := func() int64 {
			var n int64
			for n == 0 {
				var err error
				if n, err = s.LastSeq(t.Context()); err != nil && !Passing(err) {
					t.Fatal(err)
				}
			}
			return n
		}
		for before := written(); written() < before+20; {
		}
		c.Stop(t)
		c.Start(t)
	}
	stop()
	n := <-kept
	row, err := s.Source(t.Context(), "red")
	es, err2 := s.Events(t.Context(), EventFilter{})
	if errors.Join(err, err2) != nil || row.Look != n || int64(len(es)) != n {
		t.Errorf("%d looks and %d events, %d were kept: %v, %v", row.Look, len(es), n, err, err2)
	}
}

// What one process writes wakes the others, at once; its own writes, and leases,
// wake nobody.
func TestWhatAnotherProcessWritesIsHeard(t *testing.T) {
	onPostgres(t)
	dsn := pgtest.DSN(t)
	a, b := openAt(t, dsn), openAt(t, dsn)
	ctx, stop := context.WithCancel(t.Context())
	heard, ended := make(chan struct{}, 100), make(chan error, 1)
	go func() { ended <- a.Listen(ctx, func() { heard <- struct{}{} }) }()
	<-heard // it listens from now on: what was before may have been missed
	if err := a.SetMeta(t.Context(), "own", "1"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := b.Acquire(t.Context(), "notifier:team", "b", 1<<40); err != nil {
		t.Fatal(err)
	}
	if len(heard) > 0 {
		t.Error("it heard itself, or a lease")
	}
	if err := b.SetMeta(t.Context(), "other", "1"); err != nil {
		t.Fatal(err)
	}
	<-heard
	stop()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if len(heard) > 0 {
		t.Error("it heard more than was written")
	}
}

func TestATextThatPostgreSQLDoesNotKeepIsKeptWithoutThat(t *testing.T) {
	r := newRig(t)
	for i, title := range []string{"a\x00b", "\xff\xfe", "ж"} {
		e := about(tocsin.Appeared, "p-017", "2026/"+string(rune('1'+i)), "team")
		e.Notice.Name = title
		r.tell(e)
	}
	cs, err := r.Cases(r.ctx, CaseFilter{})
	if err != nil || len(cs) != 3 {
		t.Fatal(len(cs), err)
	}
}
