package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"

	"tocsin"
)

// Each released version of the schema has its file in testdata, called by its
// number: a ledger as that version left it, with a row or more of every table,
// made of the SQL beside it. When a version is released, write its .sql and run
// TOCSIN_WRITE_LEDGERS=1 go test ./store -run TestEarlierLedgersAreMade.

// gone are the columns, or whole tables, of earlier versions whose content is
// not in the newest under that name, and the test that shows where it went.
var gone = map[string]string{
	"goose_db_version": "counts the migrations themselves",
}

func earlier(t *testing.T) map[int64]string {
	t.Helper()
	files, err := filepath.Glob("testdata/[0-9]*.sqlite")
	if err != nil || len(files) == 0 {
		t.Fatal("there is no earlier ledger in testdata", err)
	}
	out := map[int64]string{}
	for _, f := range files {
		v, err := strconv.ParseInt(strings.TrimSuffix(filepath.Base(f), ".sqlite"), 10, 64)
		if err != nil {
			t.Fatalf("%s is not called by its version: %v", f, err)
		}
		out[v] = f
	}
	return out
}

func TestEarlierLedgersAreMade(t *testing.T) {
	ofFiles(t)
	if os.Getenv("TOCSIN_WRITE_LEDGERS") == "" {
		t.Skip("TOCSIN_WRITE_LEDGERS is not set")
	}
	scripts, err := filepath.Glob("testdata/[0-9]*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, script := range scripts {
		file := strings.TrimSuffix(script, ".sql") + ".sqlite"
		if _, err := os.Stat(file); err == nil {
			continue // released: it stays what that version wrote
		}
		version, err := strconv.ParseInt(strings.TrimSuffix(filepath.Base(script), ".sql"), 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := os.ReadFile(script)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := offline(file, Options{})
		if err != nil {
			t.Fatal(err)
		}
		p, err := s.provider()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.UpTo(t.Context(), version); err != nil {
			t.Fatal(err)
		}
		if _, err := s.w.Exec(string(rows)); err != nil {
			t.Fatal(err)
		}
		// WAL, as a daemon leaves it; and nothing beside it.
		if _, err := s.w.Exec(`VACUUM; PRAGMA journal_mode=WAL`); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// rows reads every column of every table, a text for each row, sorted.
func rows(t *testing.T, s *Store, columns map[string][]string) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	for table, names := range columns {
		r, err := s.w.Query(`SELECT ` + strings.Join(names, ", ") + ` FROM ` + table)
		if err != nil {
			t.Fatalf("%s: %v: say in gone where it went", table, err)
		}
		row, to := make([]any, len(names)), make([]any, len(names))
		for i := range row {
			to[i] = &row[i]
		}
		for r.Next() {
			if err := r.Scan(to...); err != nil {
				t.Fatal(err)
			}
			out[table] = append(out[table], fmt.Sprintf("%v", row))
		}
		if err := r.Err(); err != nil {
			t.Fatal(err)
		}
		sort.Strings(out[table])
	}
	return out
}

// columns are the tables of a ledger and the columns of each, but for those gone.
func columns(t *testing.T, s *Store) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	r, err := s.w.Query(`SELECT m.name, c.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'`)
	if err != nil {
		t.Fatal(err)
	}
	for r.Next() {
		var table, column string
		if err := r.Scan(&table, &column); err != nil {
			t.Fatal(err)
		}
		if gone[table] == "" && gone[table+"."+column] == "" {
			out[table] = append(out[table], column)
		}
	}
	if err := r.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestEveryEarlierLedgerIsUpgradedWithAllThatIsInIt(t *testing.T) {
	ofFiles(t)
	for version, file := range earlier(t) {
		for kind, o := range keys {
			t.Run(fmt.Sprintf("from %d, %s", version, kind), func(t *testing.T) {
				path := earlierCopy(t, file, o)
				old, err := offline(path, o)
				if err != nil {
					t.Fatal(err)
				}
				names := columns(t, old)
				before := rows(t, old, names)
				for table := range names {
					if len(before[table]) == 0 {
						t.Errorf("%s has no %s: what becomes of it is not tested", file, table)
					}
				}
				if err := old.Close(); err != nil {
					t.Fatal(err)
				}

				s := reopen(t, path, o) // not exclusive: leases stay
				p, err := s.provider()
				if err != nil {
					t.Fatal(err)
				}
				if have, _, err := s.version(t.Context()); err != nil || have != newest(p) {
					t.Fatalf("it is at schema %d of %d, %v", have, newest(p), err)
				}
				if err := s.whole(t.Context()); err != nil {
					t.Error(err)
				}
				for table, want := range before {
					if got := rows(t, s, map[string][]string{table: names[table]})[table]; !slices.Equal(got, want) {
						t.Errorf("%s: after the upgrade\n%s\nbefore\n%s", table, strings.Join(got, "\n"), strings.Join(want, "\n"))
					}
				}
				understood(t, s)
			})
		}
	}
}

// earlierCopy is a file of testdata in a folder of its own, kept as o says.
func earlierCopy(t *testing.T, file string, o Options) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "t.db")
	if o.EncryptionKey == nil {
		if err := copyFile(file, path); err != nil {
			t.Fatal(err)
		}
		return path
	}
	plain := filepath.Join(t.TempDir(), "plain.db")
	if err := errors.Join(copyFile(file, plain), os.WriteFile(path, nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	s, err := offline(plain, Options{})
	if err != nil {
		t.Fatal(err)
	}
	s.key = o.EncryptionKey // of the copy
	if err := errors.Join(s.vacuumInto(t.Context(), path), s.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

// understood holds that this version makes of an upgraded ledger what the files
// in testdata all hold: what is owed is owed, what is decided is decided.
func understood(t *testing.T, s *Store) {
	t.Helper()
	ctx := t.Context()
	es, err := s.Events(ctx, EventFilter{IDs: []string{"e_appeared"}})
	if err != nil || len(es) != 1 || es[0].Case != "c_varden" || es[0].Tier != tocsin.TierAlert || len(es[0].Deliveries) != 3 ||
		es[0].Deliveries[0].State != tocsin.Sent || es[0].Deliveries[1].State != tocsin.Pending || es[0].Deliveries[2].State != tocsin.Failed {
		t.Errorf("the appearance is %+v, %v", es, err)
	}
	cs, err := s.Cases(ctx, CaseFilter{ID: "c_kosten"})
	if err != nil || len(cs) != 1 || cs[0].State != tocsin.CaseDismissed || cs[0].Public {
		t.Errorf("the dismissed case is %+v, %v", cs, err)
	}
	ms, err := s.OpenMessages(ctx, "team")
	if err != nil || len(ms) != 1 || ms[0].ID != "m_reply" || ms[0].State != StateUnknown {
		t.Errorf("what was being sent is %+v, %v", ms, err)
	}
	owed, err := s.Owed(ctx, "team", s.now(), 10)
	if err != nil || len(owed) != 2 {
		t.Errorf("%d are owed, want the outage and the alarm, %v", len(owed), err)
	}
	held, err := s.Held(ctx, "interpol-red")
	if err != nil || len(held) != 3 || held["2026/48213"].Ver != 2 || held["2025/31170"].Absence != tocsin.Gone {
		t.Errorf("%d notices are held, %v", len(held), err)
	}
	src, err := s.Source(ctx, "interpol-un")
	if err != nil || src.OutageN != 1 || src.OutageSince.IsZero() || src.Cause != tocsin.CauseRefused {
		t.Errorf("the source that is blind is %+v, %v", src, err)
	}
	ps, err := s.Persons(ctx)
	if err != nil || len(ps) != 3 || ps["p-003"].RemovedAt.IsZero() {
		t.Errorf("the people are %+v, %v", ps, err)
	}
}

func TestALedgerOfANewerVersionIsRefusedAndLeftAlone(t *testing.T) {
	ofFiles(t)
	for version, file := range earlier(t) {
		path := earlierCopy(t, file, Options{})
		s, err := offline(path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.w.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)`); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		before, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range []Options{{}, {Exclusive: true}, {Create: true, Exclusive: true}} {
			s, err := Open(t.Context(), "sqlite:"+path, o)
			if err == nil {
				s.Close()
			}
			if !errors.Is(err, ErrNewer) || !strings.Contains(err.Error(), "use the newer version again, or restore a backup") {
				t.Errorf("from %d, %+v: %v, want ErrNewer and what to do", version, o, err)
			}
		}
		if after, err := os.ReadFile(path); err != nil || string(after) != string(before) {
			t.Errorf("from %d: it was written to, %v", version, err)
		}
	}
}
