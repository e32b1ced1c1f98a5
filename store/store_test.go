package store

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"tocsin"
	"tocsin/store/pgtest"
)

// onServer says that the tests' ledgers are on PostgreSQL. The whole suite runs on
// both: see TestTheSameOnPostgreSQL.
var onServer = os.Getenv("TOCSIN_TEST_DATABASE") == "postgres"

// TestTheSameOnPostgreSQL runs this package's tests once more, with ledgers on a
// server. By hand: TOCSIN_TEST_DATABASE=postgres go test ./store
func TestTheSameOnPostgreSQL(t *testing.T) {
	if onServer {
		t.Skip("this is that run")
	}
	pgtest.Again(t, "", "TOCSIN_TEST_DATABASE=postgres")
}

// ofFiles marks a test of what only files have.
func ofFiles(t testing.TB) {
	t.Helper()
	if onServer {
		t.Skip("of SQLite's files")
	}
}

// newDSN is the address of a ledger that is not there yet.
func newDSN(t testing.TB) string {
	t.Helper()
	if onServer {
		return pgtest.DSN(t)
	}
	return "sqlite:" + filepath.Join(t.TempDir(), "t.db")
}

// open gives a new ledger of its own.
func open(t testing.TB) *Store {
	t.Helper()
	return openAt(t, newDSN(t))
}

func openAt(t testing.TB, dsn string) *Store {
	t.Helper()
	s, err := Open(t.Context(), dsn, Options{Create: true, Exclusive: true})
	if err != nil {
		t.Fatal(err)
	}
	if s.server != nil {
		s.server.own = true // tests set the clock
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// rig is a ledger with a clock that is set by hand, one source ("red") and the
// lease of one notifier ("team").
type rig struct {
	*Store
	t     testing.TB
	ctx   context.Context
	clock time.Time
	look  int64
	lease Lease
}

func newRig(t testing.TB) *rig {
	t.Helper()
	r := &rig{Store: open(t), t: t, ctx: t.Context(), clock: time.Date(2026, 5, 3, 8, 0, 0, 0, time.UTC)}
	r.now = func() time.Time { return r.clock }
	r.lease = r.acquire("holder")
	return r
}

func (r *rig) acquire(holder string) Lease {
	r.t.Helper()
	l, ok, err := r.Acquire(r.ctx, "notifier:team", holder, time.Hour)
	if err != nil || !ok {
		r.t.Fatalf("the lease was not given: %v, %v", ok, err)
	}
	return l
}

// tell commits events as one look at the source.
func (r *rig) tell(events ...NewEvent) []tocsin.Event {
	r.t.Helper()
	stored, err := r.Observe(r.ctx, Observation{Was: r.look, Source: Source{ID: "red", Look: r.look + 1}, Events: events})
	if err != nil {
		r.t.Fatal(err)
	}
	r.look++
	return stored
}

// about is an event at alert tier about a notice, owed to the given notifiers.
func about(kind tocsin.EventKind, person, notice string, notifiers ...string) NewEvent {
	return NewEvent{Event: tocsin.Event{
		Kind: kind, At: time.Date(2026, 5, 3, 7, 0, 0, 0, time.UTC), Source: "red", Person: person,
		Notice: &tocsin.NoticeRef{ID: notice, Name: "VARDEN, Mira", URL: "https://notices.example/" + notice}, Tier: tocsin.TierAlert, Score: 0.9,
		Reasons: []tocsin.Reason{{Code: tocsin.ReasonFamilyEqual, Part: 2, With: "VARDEN"}},
	}, Deliveries: owed(notifiers...)}
}

func owed(notifiers ...string) (ds []tocsin.Delivery) {
	for _, n := range notifiers {
		ds = append(ds, tocsin.Delivery{Notifier: n, State: tocsin.Pending})
	}
	return ds
}

// sight is an event of a source's outage.
func sight(kind tocsin.EventKind, outage int, notifiers ...string) NewEvent {
	return NewEvent{Event: tocsin.Event{Kind: kind, Source: "red", Occurrence: outage, Outage: &tocsin.Outage{Cause: tocsin.CauseRefused}}, Deliveries: owed(notifiers...)}
}

func (r *rig) claim(m Message) Message {
	r.t.Helper()
	m.Notifier = "team"
	got, err := r.Claim(r.ctx, r.lease, m)
	if err != nil {
		r.t.Fatal(err)
	}
	return got
}

func (r *rig) settle(id string, x Settlement) {
	r.t.Helper()
	if err := r.Settle(r.ctx, r.lease, id, x); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) decide(caseID string, a tocsin.Action) tocsin.Case {
	r.t.Helper()
	c, err := r.Decide(r.ctx, Decision{Case: caseID, Action: a, By: "amina"})
	if err != nil {
		r.t.Fatal(err)
	}
	return c
}

// event reads one event as it now stands.
func (r *rig) event(id string) tocsin.Event {
	r.t.Helper()
	es, err := r.Events(r.ctx, EventFilter{IDs: []string{id}})
	if err != nil || len(es) != 1 {
		r.t.Fatal(es, err)
	}
	return es[0]
}

func (r *rig) oneCase(id string) tocsin.Case {
	r.t.Helper()
	cs, err := r.Cases(r.ctx, CaseFilter{ID: id})
	if err != nil || len(cs) != 1 {
		r.t.Fatal(cs, err)
	}
	return cs[0]
}

// stale lists the messages that are to be brought up to date.
func (r *rig) stale() []string {
	r.t.Helper()
	ms, err := r.Stale(r.ctx, "team", 10)
	if err != nil {
		r.t.Fatal(err)
	}
	return ids(ms)
}

func ids(ms []Message) []string {
	out := []string{}
	for _, m := range ms {
		out = append(out, m.ID)
	}
	return out
}

// dump writes down every row of the ledger.
func (r *rig) dump() string {
	r.t.Helper()
	var b strings.Builder
	for _, table := range []string{"meta", "source", "look", "leaf", "notice", "notice_version", "person", "cases", "decision", "event", "message", "delivery", "lease"} {
		rows, err := r.r.QueryContext(r.ctx, `SELECT * FROM `+table)
		if err != nil {
			r.t.Fatal(err)
		}
		columns, err := rows.Columns()
		if err != nil {
			r.t.Fatal(err)
		}
		row, to := make([]any, len(columns)), make([]any, len(columns))
		for i := range row {
			to[i] = &row[i]
		}
		for rows.Next() {
			if err := rows.Scan(to...); err != nil {
				r.t.Fatal(err)
			}
			fmt.Fprintln(&b, table, row)
		}
		if err := rows.Err(); err != nil {
			r.t.Fatal(err)
		}
	}
	return b.String()
}

func equal[T any](t testing.TB, what string, got, want T) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: got %+v, want %+v", what, got, want)
	}
}
