package watcher_test

import (
	"context"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/zap"

	"tocsin"
	"tocsin/evidence"
	"tocsin/notifier"
	"tocsin/sim"
	"tocsin/store"
	"tocsin/watcher"
	"tocsin/watcher/presence"
	"tocsin/watcher/source"
	"tocsin/watcher/source/interpol"
	"tocsin/watchlist"
)

// inbox is a notifier that keeps what it is given, and fails as it is told to.
type inbox struct {
	mu   sync.Mutex
	got  []notifier.Message
	fail func(notifier.Message) error
	more chan struct{}
}

func newInbox() *inbox { return &inbox{more: make(chan struct{}, 1)} }

func (b *inbox) Send(_ context.Context, m notifier.Message) (notifier.Result, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fail != nil {
		if err := b.fail(m); err != nil {
			return notifier.Result{}, err
		}
	}
	b.got = append(b.got, m)
	select {
	case b.more <- struct{}{}:
	default:
	}
	return notifier.Result{Ref: m.ID}, nil
}

func (b *inbox) messages() []notifier.Message {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]notifier.Message{}, b.got...)
}

// rig is a watch over a local notices service, with a store in a folder of its
// own that outlives the watch.
type rig struct {
	t           testing.TB
	notices     *sim.Notices
	inbox       *inbox
	dir         string
	dsn         string // of its ledger on a server
	key         watchlist.Key
	list        *watchlist.List
	listing     watcher.Listing
	bells       []watcher.Bell
	store       *store.Store
	evidence    *evidence.Store
	evidenceNow func() time.Time   // nil: time.Now
	noEvidence  bool               // the watcher keeps none
	feeds       []outlet           // read beside the listing, the listing not at all
	clock       time.Time          // zero: the machine's
	lose        context.CancelFunc // of the turn, on a server
	ended       chan error
	*watcher.Watcher
}

// every is a schedule of a fixed interval; 0 is never.
type every time.Duration

func (e every) Next(t time.Time) time.Time {
	if e == 0 {
		return t.Add(1000 * time.Hour)
	}
	return t.Add(time.Duration(e))
}

const header = "id,name,aliases,birth_date,nationalities,sex,codename,tags,note\n"

// people parses watchlist lines.
func people(t testing.TB, lines ...string) *watchlist.List {
	t.Helper()
	list, _, err := watchlist.Parse("watchlist.csv", strings.NewReader(header+strings.Join(lines, "\n")+"\n"), watchlist.Options{RequireIDs: true})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

var someKey = func() watchlist.Key {
	k, err := watchlist.ParseKey(strings.Repeat("5a", 32))
	if err != nil {
		panic(err)
	}
	return k
}()

func newRig(t testing.TB, list *watchlist.List, rows ...sim.Row) *rig {
	t.Helper()
	r := &rig{t: t, notices: sim.NewNotices(sim.Options{}), inbox: newInbox(), dir: t.TempDir(), key: someKey, list: list}
	r.notices.Publish(rows...)
	if err := r.notices.Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.notices.Close() })
	r.listing = watcher.Listing{ID: "interpol-red", Sweep: every(0), Newest: every(0), Sight: presence.SightRules{After: time.Hour}, Required: true}
	r.bells = []watcher.Bell{{ID: "inbox", Notifier: r.inbox, Detail: notifier.Full, Gather: 5, Retry: time.Millisecond, RetryMax: 10 * time.Millisecond, GiveUpAfter: time.Hour}}
	r.start()
	t.Cleanup(r.stop)
	return r
}

// start opens the store and a new watcher, as a started daemon does.
func (r *rig) start() {
	r.t.Helper()
	ctx := context.Background()
	s, err := store.Open(ctx, r.dsnOf(), store.Options{Create: true, Exclusive: true, Now: r.now})
	if err != nil {
		r.t.Fatal(err)
	}
	r.store = s
	if r.evidence, err = evidence.Open(filepath.Join(r.dir, "evidence"), evidence.Options{Now: r.evidenceNow}); err != nil {
		r.t.Fatal(err)
	}
	l := r.listing
	l.Source, l.Pacer = newSource(r.t, r.notices)
	listings := []watcher.Listing{l}
	var feeds []watcher.Feed
	for _, o := range r.feeds {
		listings, feeds = nil, append(feeds, r.feed(o))
	}
	w, err := watcher.New(ctx, watcher.Options{
		Store: s, Key: r.key, List: r.list, Listings: listings, Feeds: feeds, Bells: r.bells, Log: zap.NewNop(), Now: r.now,
		Evidence: map[bool]*evidence.Store{false: r.evidence}[r.noEvidence],
	})
	if err != nil {
		r.t.Fatal(err)
	}
	r.Watcher = w
	if s.Shared() {
		r.took(ctx)
	}
}

// took has the watcher take the turn, as the one daemon there is, until it stops.
func (r *rig) took(ctx context.Context) {
	r.t.Helper()
	if !r.clock.IsZero() {
		r.t.Skip("a lease ends when the time is set by hand")
	}
	ctx, r.lose = context.WithCancel(ctx)
	began, ended := make(chan struct{}), make(chan error, 1)
	r.ended = ended
	go func() {
		ended <- r.Alone(ctx, func(ctx context.Context) error {
			close(began)
			<-ctx.Done()
			return nil
		})
	}()
	select {
	case <-began:
	case err := <-ended:
		r.t.Fatalf("it does not begin: %v", err)
	}
}

// Run is the watcher's, which takes the turn by itself.
func (r *rig) Run(ctx context.Context) error {
	r.letGo()
	return r.Watcher.Run(ctx)
}

// letGo gives the turn back, if the rig has taken it.
func (r *rig) letGo() {
	r.t.Helper()
	if r.lose == nil {
		return
	}
	r.lose()
	if err := <-r.ended; err != nil {
		r.t.Error(err)
	}
	r.lose = nil
}

func (r *rig) stop() {
	if r.store != nil {
		r.letGo()
		if err := r.store.Close(); err != nil {
			r.t.Error(err)
		}
		r.store = nil
		if err := r.evidence.Close(); err != nil {
			r.t.Error(err)
		}
	}
}

func newSource(t testing.TB, n *sim.Notices) (*interpol.Source, *source.Pacer) {
	t.Helper()
	f, err := source.NewFetcher(source.FetchOptions{UserAgent: "tocsin-test", Timeout: 5 * time.Second, MaxBody: 16 << 20, Own: n.URL()})
	if err != nil {
		t.Fatal(err)
	}
	p := source.NewPacer(source.PaceOptions{Backoff: time.Millisecond, BackoffMax: 5 * time.Millisecond})
	s, err := interpol.New(interpol.Options{ID: "interpol-red", URL: n.URL(), Color: "red", Fetcher: f, Pacer: p})
	if err != nil {
		t.Fatal(err)
	}
	return s, p
}

// poll looks once and delivers; it returns the events of that look.
func (r *rig) poll() []tocsin.Event {
	r.t.Helper()
	ctx := context.Background()
	after, err := r.store.LastSeq(ctx)
	if err != nil {
		r.t.Fatal(err)
	}
	if _, err := r.Poll(ctx, "", 10*time.Second); err != nil {
		r.t.Fatal(err)
	}
	events, err := r.store.Events(ctx, store.EventFilter{After: after})
	if err != nil {
		r.t.Fatal(err)
	}
	return events
}

// kinds writes events as "appeared p-017 2026/48213".
func kinds(events []tocsin.Event) []string {
	var out []string
	for _, e := range events {
		s := string(e.Kind)
		if e.Person != "" {
			s += " " + e.Person
		}
		if e.Notice != nil {
			s += " " + e.Notice.ID
		}
		out = append(out, s)
	}
	return out
}

func equal(t testing.TB, what string, got, want []string) {
	t.Helper()
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s: got\n\t%s\nwant\n\t%s", what, strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}

func row(id, family, fore, born, nationality, sex string) sim.Row {
	return sim.Row{
		EntityID: id, Name: sim.Str(family), Forename: sim.Str(fore), DateOfBirth: sim.Str(born), Nationalities: []string{nationality}, Sex: sex,
		Photo: "1" + id[5:], Warrants: []sim.Warrant{{Country: nationality, Charge: "unlawful assembly"}},
	}
}

const vardenLine = "p-017,Mira Varden,Мира Варден,1988-03-14,MD,F,HERON,north,"

func vardenRow() sim.Row { return row("2026/48213", "VARDEN", "MIRA ILSE", "1988/03/14", "MD", "F") }
