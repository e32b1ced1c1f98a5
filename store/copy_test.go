package store

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

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
