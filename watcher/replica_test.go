package watcher_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"

	"tocsin"
	"tocsin/notifier"
	"tocsin/sim"
	"tocsin/store"
	"tocsin/store/pgtest"
	"tocsin/watcher"
	"tocsin/watcher/presence"
	"tocsin/watchlist"
)

// onServer says that the ledgers of rigs are on PostgreSQL.
var onServer = os.Getenv("TOCSIN_TEST_DATABASE") == "postgres"

// protocol are the files whose tests are run on both databases: how what is owed is
// claimed, sent, settled, looked for and shown.
var protocol = []string{"digest_test.go", "resolve_test.go", "root_test.go", "drill_test.go", "late_test.go", "poll_test.go", "atonce_test.go"}

var testName = regexp.MustCompile(`(?m)^func (Test\w+)\(`)

// TestTheProtocolIsTheSameOnPostgreSQL runs the tests of the protocol once more, with
// the ledger on a server. By hand: TOCSIN_TEST_DATABASE=postgres go test ./watcher
func TestTheProtocolIsTheSameOnPostgreSQL(t *testing.T) {
	var names []string
	for _, file := range protocol {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range testName.FindAllSubmatch(text, -1) {
			names = append(names, string(m[1]))
		}
	}
	pgtest.Again(t, "^("+strings.Join(names, "|")+")$", "TOCSIN_TEST_DATABASE=postgres")
}

// replica is one of several watchers over one ledger.
type replica struct {
	*watcher.Watcher
	store *store.Store
	inbox *inbox
}

func newReplica(t *testing.T, dsn string, n *sim.Notices, list *watchlist.List) *replica {
	t.Helper()
	s, err := store.Open(t.Context(), dsn, store.Options{Create: true, Exclusive: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	r := &replica{store: s, inbox: newInbox()}
	l := watcher.Listing{ID: "interpol-red", Sweep: every(0), Newest: every(0), Sight: presence.SightRules{After: time.Hour}, Required: true}
	l.Source, l.Pacer = newSource(t, n)
	r.Watcher, err = watcher.New(t.Context(), watcher.Options{
		Store: s, Key: someKey, List: list, Listings: []watcher.Listing{l}, Log: zap.NewNop(),
		Bells: []watcher.Bell{{ID: "inbox", Notifier: r.inbox, Detail: notifier.Full, Gather: 5, Retry: time.Millisecond, RetryMax: 10 * time.Millisecond, GiveUpAfter: time.Hour}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *replica) look(ctx context.Context) error {
	return r.Alone(ctx, func(ctx context.Context) error {
		_, err := r.Poll(ctx, "", 10*time.Second)
		return err
	})
}

func notices(t *testing.T, rows ...sim.Row) *sim.Notices {
	t.Helper()
	n := sim.NewNotices(sim.Options{})
	n.Publish(rows...)
	if err := n.Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { n.Close() })
	return n
}

func TestOneReplicaWatchesAndTheNextGoesOnFromWhatTheLedgerHas(t *testing.T) {
	n := notices(t, vardenRow())
	dsn := pgtest.DSN(t)
	a, b := newReplica(t, dsn, n, people(t, vardenLine)), newReplica(t, dsn, n, people(t, vardenLine))
	err := a.Alone(t.Context(), func(ctx context.Context) error {
		if err := b.look(t.Context()); !errors.Is(err, store.ErrBusy) {
			t.Errorf("the second looks too: %v", err)
		}
		for r, here := range map[*replica]bool{a: true, b: false} {
			if st, err := r.Status(ctx); err != nil || st.Turn == nil || st.Turn.Here != here || st.Turn.Replica != a.Turn().Holder {
				t.Errorf("its status says of who watches %+v, %v", st.Turn, err)
			}
		}
		_, err := a.Poll(ctx, "", 10*time.Second)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	n.Publish(row("2026/5", "KOSTEN", "ADA", "1990/01/01", "MD", "F"), row("2026/6", "VARDEN", "MIRA", "1988/03/14", "MD", "F"))
	if err := b.look(t.Context()); err != nil {
		t.Fatal(err)
	}
	n.Publish(row("2026/7", "VARDEN", "MIRA", "1988/03/14", "MD", "F"))
	if err := a.look(t.Context()); err != nil { // its memory is of two looks ago
		t.Fatal(err)
	}
	es, err := a.store.Events(t.Context(), store.EventFilter{})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "the events", kinds(es), []string{"listed p-017 2026/48213", "appeared p-017 2026/6", "appeared p-017 2026/7"})
	if x, y := len(a.inbox.messages()), len(b.inbox.messages()); x != 2 || y != 1 {
		t.Errorf("%d and %d messages", x, y)
	}
}

// Whoever lost the turn without noticing, paused or cut off, can commit nothing: no
// look and no list.
func TestAReplicaThatLostTheTurnIsFencedOff(t *testing.T) {
	n := notices(t, vardenRow())
	dsn := pgtest.DSN(t)
	a, b := newReplica(t, dsn, n, people(t, vardenLine)), newReplica(t, dsn, n, people(t, vardenLine))
	if err := a.look(t.Context()); err != nil {
		t.Fatal(err)
	}
	n.Publish(row("2026/6", "VARDEN", "MIRA", "1988/03/14", "MD", "F"))
	err := a.Alone(t.Context(), func(ctx context.Context) error {
		// As if its lease had run out while it was paused.
		if err := a.store.Release(ctx, a.Turn()); err != nil {
			return err
		}
		if err := b.look(t.Context()); err != nil {
			return err
		}
		_, err := a.Poll(ctx, "", 10*time.Second)
		if !errors.Is(err, store.ErrFenced) {
			t.Errorf("it still looks: %v", err)
		}
		if err := a.Adopt(ctx, people(t, vardenLine, "p-020,Ada Kosten,,1990-01-01,MD,F,IBIS,,")); !errors.Is(err, store.ErrFenced) {
			t.Errorf("it still puts a list in force: %v", err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	es, err := a.store.Events(t.Context(), store.EventFilter{})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "the events", kinds(es), []string{"listed p-017 2026/48213", "appeared p-017 2026/6"})
}

// A replica whose list differs stands aside while one that agrees is there, and
// says so; what the others have put in force is in force once.
func TestAReplicaWhoseListDiffersStandsAside(t *testing.T) {
	n := notices(t, vardenRow(), row("2026/5", "KOSTEN", "ADA", "1990/01/01", "MD", "F"))
	dsn := pgtest.DSN(t)
	const kosten = "p-020,Ada Kosten,,1990-01-01,MD,F,IBIS,,"
	a := newReplica(t, dsn, n, people(t, vardenLine))
	if err := a.look(t.Context()); err != nil {
		t.Fatal(err)
	}
	b := newReplica(t, dsn, n, people(t, vardenLine, kosten))
	if agrees, err := b.Agrees(t.Context()); err != nil || agrees {
		t.Errorf("it agrees: %v, %v", agrees, err)
	}
	if st, err := b.Status(t.Context()); err != nil || st.Watchlist.Error == "" {
		t.Errorf("the status does not say so: %+v, %v", st.Watchlist, err)
	}
	if err := b.look(t.Context()); err != nil { // nobody else is there: its list is the edit
		t.Fatal(err)
	}
	if agrees, err := a.Agrees(t.Context()); err != nil || agrees {
		t.Errorf("the other agrees: %v, %v", agrees, err)
	}
	a.Hold(people(t, vardenLine, kosten))
	if agrees, err := a.Agrees(t.Context()); err != nil || !agrees {
		t.Errorf("the other does not agree with the same file: %v, %v", agrees, err)
	}
	if err := a.look(t.Context()); err != nil {
		t.Fatal(err)
	}
	es, err := a.store.Events(t.Context(), store.EventFilter{})
	if err != nil {
		t.Fatal(err)
	}
	got := kinds(es)
	slices.Sort(got)
	equal(t, "the events", got, []string{"listed p-017 2026/48213", "listed p-020 2026/5"})
	if es[0].Kind != tocsin.Listed {
		t.Error(es[0].Kind)
	}
}

// What is asked for or decided beside another replica, or by a command, wakes the one
// that watches, at once.
func TestWhatIsAskedForElsewhereWakesTheReplicaThatWatches(t *testing.T) {
	n := notices(t, vardenRow())
	dsn := pgtest.DSN(t)
	a, b := newReplica(t, dsn, n, people(t, vardenLine)), newReplica(t, dsn, n, people(t, vardenLine))
	ctx, stop := context.WithCancel(t.Context())
	over := make(chan error, 1)
	go func() { over <- a.FollowStore(ctx) }()
	<-a.Woken() // it listens: what was before may have been missed
	if _, err := b.store.AskDrill(ctx, time.Minute, false); err != nil {
		t.Fatal(err)
	}
	<-a.Woken()
	stop()
	if err := <-over; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// dsnOf is where the ledger of a rig is.
func (r *rig) dsnOf() string {
	if onServer {
		if r.dsn == "" {
			r.dsn = pgtest.DSN(r.t)
		}
		return r.dsn
	}
	return "sqlite:" + filepath.Join(r.dir, "tocsin.db")
}
