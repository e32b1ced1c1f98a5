// Package watcher runs the watch: it has sources looked at when they are due,
// asks presence what changed and match whom it may concern, commits both with
// the deliveries they owe in one transaction, and drains what is owed through
// the notifiers.
package watcher

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"
	"time"

	"go.uber.org/zap"

	"tocsin"
	"tocsin/evidence"
	"tocsin/notifier"
	"tocsin/store"
	"tocsin/watcher/match"
	"tocsin/watcher/presence"
	"tocsin/watcher/source"
	"tocsin/watcher/source/interpol"
	"tocsin/watchlist"
)

// Schedule tells when something is next due after t, as robfig/cron's do.
type Schedule interface {
	Next(t time.Time) time.Time
}

// Listing is one notice listing to watch.
type Listing struct {
	ID       string
	Name     string // what people call it: "INTERPOL's red list"
	Source   *interpol.Source
	Pacer    *source.Pacer
	Newest   Schedule // nil: the newest page is not read by itself
	Sweep    Schedule
	Details  time.Duration // in which each held notice's document is read once; 0: never in turn
	Sight    presence.SightRules
	Required bool
}

// Notifier takes messages to one channel. An error is a *notifier.Error where
// it is known what became of the message.
type Notifier interface {
	Send(ctx context.Context, m notifier.Message) (notifier.Result, error)
}

// Bell is one notifier and what it is to ring for.
type Bell struct {
	ID        string
	Notifier  Notifier
	Detail    notifier.Detail
	Events    []tocsin.EventKind // nil: all
	Tiers     []tocsin.Tier      // nil: both
	Tags      []string           // nil: everybody
	Sources   []string           // nil: all
	Quiet     Quiet              // hours in which what is at review tier waits
	Digest    Schedule           // nil: at once
	SkipEmpty bool               // no digest where there is nothing to say
	Gather    int                // more events than this due together go as one message
	Links     bool
	Language  string // of the playbook's plays; "": those without one
	Escalate  Escalate
	Channel   string        // bells of one channel share its Pace; "": a channel of its own
	Pace      time.Duration // from one message to the next; 0: as fast as they are taken

	Retry, RetryMax, GiveUpAfter, LateAfter time.Duration
}

// Options is all that a Watcher needs. All fields but Now, Progress, Evidence and
// EvidenceLimits are required.
type Options struct {
	Store             *store.Store
	Key               watchlist.Key
	WatchlistFile     string
	WatchlistIdentity string // the file that opens a sealed watchlist, "" for none
	List              *watchlist.List
	Matching          match.Options
	Listings          []Listing
	Feeds             []Feed
	Lists             []List
	Bells             []Bell
	Zone              *time.Location
	Log               *zap.Logger
	Now               func() time.Time // nil: time.Now
	Evidence          *evidence.Store  // nil: what was served is not kept
	// EvidenceLimits bound it; the zero value does not. Cited is not looked at.
	EvidenceLimits evidence.Limits
	// Progress hears how many rows a sweep under way has seen, of how many; nil: nobody listens.
	Progress func(source string, seen, listed int)
	Heart    Heart    // pinged while all is seen and delivered; nil: nobody listens
	Drill    Schedule // when the bell is tried by itself; nil: never
	Ears     []Ear    // hear the presses of buttons; only Run listens
	// Holder names this process among those that share the ledger; "" draws a name.
	Holder string
	// TwoPeople: at alert tier a dismissal takes a second person to agree.
	TwoPeople bool
	Playbook  notifier.Playbook // the team's own steps; nil: the built-in ones
}

// Watcher is the running watch. Its methods may be called from any goroutine.
type Watcher struct {
	store    *store.Store
	key      watchlist.Key
	file     string
	identity string
	matching match.Options
	zone     *time.Location
	log      *zap.Logger
	now      func() time.Time
	progress func(source string, seen, listed int)
	holder   string
	started  time.Time // guarded by mu; a clock that is set back moves it
	evidence *evidence.Store
	limits   evidence.Limits

	sources  []watching // all of them
	listings []*listing // those of them that are notice listings
	feeds    []*news
	lists    []*list
	bells    []*bell
	heart    Heart
	drillAt  Schedule
	// wakeDrills has the drills looked at: one may have been asked for.
	wakeDrills chan struct{}
	playbook   notifier.Playbook
	ears       []Ear

	twoPeople bool

	// commit serialises everything that goes from presence to the ledger, so that
	// matching, the watchlist's revision and the look number agree.
	commit sync.Mutex

	mu            sync.RWMutex
	people        *people
	lease         *store.Lease      // the turn, see replica.go
	differs       bool              // this replica's list is not the one in force
	status        Standing          // of the watchlist file
	evidenceError string            // why evidence cannot be kept, "" while it can
	loss          *watchlist.Shrunk // people who went missing while no watcher ran; nil: none, or confirmed
}

// Standing is how the watchlist file stands.
type Standing struct {
	People int
	Error  string // why the file as it is now is not in force; "" if it is
}

// ledgerWait is how long work rests after the ledger could not be written.
const ledgerWait = 2 * time.Second

// freshWait is how long an appearance waits for its document (contract).
const freshWait = 20 * time.Second

// New restores what the store holds and takes in the watchlist: who is new or
// edited is screened against what is held before New returns. Where others share
// the store, that is done when it is this one's turn.
func New(ctx context.Context, o Options) (*Watcher, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	if o.Holder == "" {
		id := make([]byte, 8)
		rand.Read(id) // never fails (Go 1.24)
		o.Holder = hex.EncodeToString(id)
	}
	if o.Progress == nil {
		o.Progress = func(string, int, int) {}
	}
	w := &Watcher{
		progress: o.Progress, store: o.Store, key: o.Key, file: o.WatchlistFile, identity: o.WatchlistIdentity, matching: o.Matching, zone: o.Zone,
		log: o.Log, now: o.Now, holder: o.Holder, started: o.Now().UTC(),
		evidence: o.Evidence, limits: o.EvidenceLimits, wakeDrills: make(chan struct{}, 1),
	}
	for _, l := range o.Listings {
		x := newListing(w, l)
		w.listings, w.sources = append(w.listings, x), append(w.sources, x)
	}
	for _, f := range o.Feeds {
		x := newNews(w, f)
		w.feeds, w.sources = append(w.feeds, x), append(w.sources, x)
	}
	for _, l := range o.Lists {
		x := newList(w, l)
		w.lists, w.sources = append(w.lists, x), append(w.sources, x)
	}
	for _, b := range o.Bells {
		w.bells = append(w.bells, newBell(w, b))
	}
	w.heart, w.drillAt, w.ears, w.twoPeople = o.Heart, o.Drill, o.Ears, o.TwoPeople
	w.playbook = o.Playbook
	w.hang()
	w.people = w.compile(o.List)
	w.status = Standing{People: len(o.List.People)}
	if w.store.Shared() {
		return w, nil // it begins when it is its turn
	}
	return w, w.begin(ctx)
}

// forsake gives up what is owed to notifiers that are not configured any more,
// and tells the others.
func (w *Watcher) forsake(ctx context.Context) error {
	var ids []string
	for _, b := range w.bells {
		ids = append(ids, b.ID)
	}
	orphans, err := w.store.Orphans(ctx, ids)
	if err != nil {
		return err
	}
	for id, events := range orphans {
		var alarms []store.NewEvent
		if len(events) > 0 && len(w.bells) > 0 {
			e := tocsin.Event{Kind: tocsin.Undelivered, At: w.now().UTC(), Notifier: id, Events: events}
			alarms = append(alarms, store.NewEvent{Event: e, Deliveries: w.route(e, nil, e.At)})
		}
		w.log.Error("a notifier is not configured any more: what was owed to it is given up", zap.String("notifier", id), zap.Strings("events", events))
		if err := w.store.Forsake(ctx, id, "not configured any more", alarms); err != nil {
			return err
		}
	}
	return nil
}

// Run watches until ctx ends. It returns nil then, or the error that made it
// stop by itself.
func (w *Watcher) Run(ctx context.Context) error {
	return w.together(ctx, func(start starter) {
		start("watchlist", w.followList)
		if w.store.Shared() {
			start("taking turns", w.takeTurns)
		} else {
			w.begunDuties(start)
		}
	})
}

// duties are all that one process does alone, until ctx ends.
func (w *Watcher) duties(ctx context.Context) error { return w.together(ctx, w.begunDuties) }

func (w *Watcher) begunDuties(start starter) {
	for _, s := range w.sources {
		x := s.common()
		for what, f := range s.loops() {
			start(what+" "+x.ID, f)
		}
		start("sight of "+x.ID, x.sight)
	}
	for _, b := range w.bells {
		start("notifier "+b.ID, b.run)
		start("proving "+b.ID, b.proofs)
	}
	for _, e := range w.ears {
		start("buttons", w.listens(e))
	}
	start("sight of the buttons", w.minding)
	start("lateness", w.minds)
	start("drills", w.drills)
	start("heartbeat", w.beats)
	start("waking", w.followStore)
	start("bounding the evidence", w.boundEvidence)
}

// starter starts something that goes on until its context ends.
type starter func(what string, f func(context.Context) error)

// together runs what begin starts until ctx ends, or until one of it ends by
// itself with an error, which it returns.
func (w *Watcher) together(ctx context.Context, begin func(starter)) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wg sync.WaitGroup
	begin(func(what string, f func(context.Context) error) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			err := f(ctx)
			for store.Passing(err) && ctx.Err() == nil {
				// Nothing of it was kept, here or in the ledger: it is done again.
				w.log.Error("the ledger cannot be used; what was not kept is done again", zap.String("doing", what), zap.Error(err))
				if w.wait(ctx, w.now().Add(ledgerWait), nil) {
					err = f(ctx)
				}
			}
			if err != nil && !errors.Is(err, context.Canceled) && ctx.Err() == nil {
				cancel(fmt.Errorf("%s: %w", what, err))
			}
		}()
	})
	<-ctx.Done()
	wg.Wait()
	if err := context.Cause(ctx); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// wait sleeps until t, or until wake is signalled. It reports whether the
// context is still alive.
func (w *Watcher) wait(ctx context.Context, t time.Time, wake <-chan struct{}) bool {
	timer := time.NewTimer(max(0, t.Sub(w.now())))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
	case <-wake:
	}
	return ctx.Err() == nil
}

// signal wakes whoever waits on c, without blocking.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// scan is how often the ledger is asked what is due where nobody told. A server
// tells of what others write, and is asked less often.
func (w *Watcher) scan() time.Duration {
	if w.store.Shared() {
		return 4 * time.Second
	}
	return time.Second
}

// wakeBells tells every notifier's drain that something may be due.
func (w *Watcher) wakeBells() {
	for _, b := range w.bells {
		signal(b.wake)
	}
}

// heard is what another process's writing to the ledger sets off: the drains look, and
// so does who minds drills.
func (w *Watcher) heard() {
	w.wakeBells()
	signal(w.wakeDrills)
}

// followStore wakes the drains when another process (tocsin decide, say) has
// written to the ledger.
func (w *Watcher) followStore(ctx context.Context) error {
	if w.store.Shared() {
		return w.listen(ctx)
	}
	var last int64
	for {
		v, err := w.store.DataVersion(ctx)
		if err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			w.log.Error("reading the database's version", zap.Error(err))
		} else if v != last {
			last = v
			w.heard()
		}
		if !w.wait(ctx, w.now().Add(time.Second), nil) {
			return ctx.Err()
		}
	}
}

// listen is followStore for a ledger that tells of what others write.
func (w *Watcher) listen(ctx context.Context) error {
	for {
		err := w.store.Listen(ctx, w.heard)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		w.log.Error("listening to the database; it is looked at from time to time meanwhile", zap.Error(err))
		if !w.wait(ctx, w.now().Add(ledgerWait), nil) {
			return ctx.Err()
		}
	}
}
