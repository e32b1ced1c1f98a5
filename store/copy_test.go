package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin"
	"tocsin/store/pgtest"
)

// contents are all rows of a ledger but its leases, as text.
func contents(t testing.TB, dsn string) string {
	t.Helper()
	s, err := Open(t.Context(), dsn, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close() // only read
	tables, err := copiedTables()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, table := range tables {
		rows, err := s.r.QueryContext(t.Context(), `SELECT * FROM `+table)
		if err != nil {
			t.Fatal(err)
		}
		names, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for rows.Next() {
			row, to := make([]any, len(names)), make([]any, len(names))
			for i := range row {
				to[i] = &row[i]
			}
			if err := rows.Scan(to...); err != nil {
				t.Fatal(err)
			}
			line := table
			for i, name := range names {
				line += fmt.Sprintf(" %s=%T(%v)", name, row[i], row[i])
			}
			out = append(out, line)
			n++
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

func TestALedgerIsCopiedWholeToTheOtherDatabaseAndBack(t *testing.T) {
	ofFiles(t)
	for version, file := range earlier(t) {
		from, back := "sqlite:"+earlierCopy(t, file, Options{}), "sqlite:"+filepath.Join(t.TempDir(), "back.db")
		server := pgtest.DSN(t)
		there, err := Copy(t.Context(), from, server, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if there["event"] == 0 || there["notice_version"] == 0 || there["message"] == 0 {
			t.Errorf("from %d: %v rows", version, there)
		}
		if _, err := Copy(t.Context(), server, back, Options{}); err != nil {
			t.Fatal(err)
		}
		want := contents(t, from)
		equal(t, "on the server", contents(t, server), want)
		equal(t, "back in a file", contents(t, back), want)
		for _, dsn := range []string{server, back} {
			s := openAt(t, dsn)
			understood(t, s)
			last, err := s.LastSeq(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			es, err := s.Observe(t.Context(), Observation{Source: Source{ID: "new", Look: 1}, Revision: revision(t, s), Events: []NewEvent{{Event: tocsin.Event{Kind: tocsin.Blind, Source: "new"}}}})
			if err != nil || es[0].Seq != last+1 {
				t.Errorf("from %d: what comes next is not numbered on: %+v, %v", version, es, err)
			}
		}
	}
}

func revision(t *testing.T, s *Store) string {
	t.Helper()
	rev, err := s.Revision(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return rev
}

func TestACopyIsRefusedBesideADaemonAndOntoALedger(t *testing.T) {
	ofFiles(t)
	from, full, server := filepath.Join(t.TempDir(), "t.db"), filepath.Join(t.TempDir(), "full.db"), pgtest.DSN(t)
	if err := errors.Join(ledger(from, nil), ledger(full, nil)); err != nil {
		t.Fatal(err)
	}
	before := contents(t, "sqlite:"+full)
	if _, err := Copy(t.Context(), "sqlite:"+from, "sqlite:"+full, Options{}); !errors.Is(err, ErrNotEmpty) {
		t.Errorf("onto a ledger: %v, want ErrNotEmpty", err)
	}
	equal(t, "the ledger that was there", contents(t, "sqlite:"+full), before)
	daemon, err := Open(t.Context(), "sqlite:"+from, Options{Exclusive: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Copy(t.Context(), "sqlite:"+from, server, Options{}); !errors.Is(err, ErrBusy) {
		t.Errorf("beside a daemon: %v, want ErrBusy", err)
	}
	if err := daemon.Close(); err != nil {
		t.Fatal(err)
	}
	replica := openAt(t, server)
	if _, _, err := replica.TakeOver(t.Context(), "watch", "r", 1<<40); err != nil {
		t.Fatal(err)
	}
	if _, err := Copy(t.Context(), "sqlite:"+from, server, Options{}); !errors.Is(err, ErrBusy) {
		t.Errorf("to where a replica watches: %v, want ErrBusy", err)
	}
}

// A ledger of very many events, most of them settled, is copied whole and in little
// memory: 2,000 here, 100,000 with TOCSIN_SOAK.
func TestALedgerOfManyEventsIsCopiedWhole(t *testing.T) {
	ofFiles(t)
	events, server := 2000, pgtest.DSN(t)
	if os.Getenv("TOCSIN_SOAK") != "" {
		events = 100_000
	}
	from := "sqlite:" + filepath.Join(t.TempDir(), "many.db")
	full, err := Open(t.Context(), from, Options{Create: true, Exclusive: true})
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{Store: full, t: t, ctx: t.Context(), clock: time.Date(2026, 5, 3, 8, 0, 0, 0, time.UTC)}
	r.now = func() time.Time { return r.clock }
	r.lease = r.acquire("holder")
	for n := 0; n < events; n += 500 {
		var ns []NewEvent
		for i := range 500 {
			ns = append(ns, about(tocsin.Appeared, fmt.Sprintf("p-%d", (n+i)%1000), fmt.Sprintf("2026/%d", n+i), "team"))
		}
		for i, e := range r.tell(ns...) {
			if i%10 == 0 {
				r.settle(r.claim(Message{Kind: "root", Case: e.Case, Events: []string{e.ID}}).ID, Settlement{State: StateSent, Ref: fmt.Sprint("ref", n+i), ShownRev: 1})
			}
		}
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	rows, err := Copy(t.Context(), from, server, Options{})
	if err != nil {
		t.Fatal(err)
	}
	took := time.Since(began)
	file, err := os.Stat(strings.TrimPrefix(from, "sqlite:"))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d events, %d deliveries, %d messages, a file of %.1f MB, copied in %s", rows["event"], rows["delivery"], rows["message"], float64(file.Size())/1e6, took.Round(time.Millisecond))
	if rows["event"] != events || rows["message"] != events/10 {
		t.Errorf("%v", rows)
	}
	equal(t, "on the server", contents(t, server), contents(t, from))
}
