package watcher

import (
	"context"
	"fmt"
	"sync"
	"time"

	"go.uber.org/zap"

	"tocsin"
	"tocsin/store"
	"tocsin/watcher/presence"
	"tocsin/watcher/source"
)

// watching is one source under watch, whatever it lists.
type watching interface {
	common() *watched
	// loops are what it does while the watch runs, by what that is called.
	loops() map[string]func(context.Context) error
	// look looks once at all of it and commits what that says; it reports whether
	// all was seen. An error is one with which the watch cannot go on.
	look(ctx context.Context) (bool, error)
}

// watched is what all sources under watch have in common: how they are called,
// how they are asked, and whether they are seen.
type watched struct {
	ID       string
	Name     string // what people call it
	Pacer    *source.Pacer
	Sight    presence.SightRules
	Required bool

	w   *Watcher
	due Schedule // of its complete looks
	// newest tells when its newest page was answered; nil: it has none.
	newest func(ctx context.Context, since, until time.Time) (newestSight, error)

	mu    sync.Mutex
	row   store.Source // as the store has it; only a commit changes both
	ended bool         // a look of this process has ended, whole or not
}

func (x *watched) common() *watched { return x }

// sourceOf is what the source with an id has in common with others, nil if there is none.
func (w *Watcher) sourceOf(id string) *watched {
	for _, s := range w.sources {
		if x := s.common(); x.ID == id {
			return x
		}
	}
	return nil
}

// called is the name that people know, else the id.
func (x *watched) called() string {
	if x.Name != "" {
		return x.Name
	}
	return x.ID
}

func (x *watched) state() store.Source {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.row
}

// seen reports whether the last look saw all.
func (x *watched) seen() bool { return x.state().Complete }

func (x *watched) lookEnded() {
	x.mu.Lock()
	x.ended = true
	x.mu.Unlock()
}

// nextLook is when the source is to be looked at by its schedule: at once unless
// its last complete look is younger than the interval.
func (x *watched) nextLook() time.Time {
	now := x.w.now()
	if row := x.state(); row.LastComplete.Before(x.w.begun()) { // a later one is of a clock that was set back
		if next := x.due.Next(row.LastComplete.In(x.w.zone)); next.After(now) {
			return next
		}
	}
	return now
}

// afterLook is when it is to be looked at next: by its schedule, or when the
// pacer allows after a failure, if that is sooner.
func (x *watched) afterLook(complete bool) time.Time {
	now := x.w.now()
	due := x.due.Next(now.In(x.w.zone))
	if next := x.Pacer.NextTry(); !complete && next.After(now) && next.Before(due) {
		due = next
	}
	return due
}

// polls looks whenever it is due, for sources that have one kind of look only.
func (x *watched) polls(look func(context.Context) (bool, error)) func(context.Context) error {
	return func(ctx context.Context) error {
		due := x.nextLook()
		for {
			if !x.w.wait(ctx, due, nil) {
				return ctx.Err()
			}
			complete, err := look(ctx)
			if err != nil {
				return err
			}
			due = x.afterLook(complete)
		}
	}
}

// put commits an observation that leaves the source's row as row, computed from
// was; the caller holds w.commit. taken, unless nil, is called together with the
// row's change, x.mu held.
func (x *watched) put(ctx context.Context, was, row store.Source, o store.Observation, taken func()) error {
	row.AskedOn, row.Asked = x.w.now().UTC().Truncate(24*time.Hour), x.Pacer.Today()
	o.Was, o.Source = was.Look, row
	stored, err := x.w.store.Observe(ctx, o)
	if err != nil {
		return fmt.Errorf("committing a look at %s: %w", x.ID, err)
	}
	x.adoptRow(row, taken)
	for _, e := range stored {
		x.w.log.Info("event", zap.String("kind", string(e.Kind)), zap.String("event", e.ID), zap.String("source", e.Source),
			zap.String("person", e.Person), zap.String("case", e.Case), zap.String("tier", string(e.Tier)))
	}
	if len(stored) > 0 || len(o.Scores) > 0 {
		x.w.wakeBells()
	}
	return nil
}

func (x *watched) adoptRow(row store.Source, taken func()) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.row.NewestAt.After(row.NewestAt) {
		row.NewestAt = x.row.NewestAt // answered while the commit was under way
	}
	x.row = row
	if taken != nil {
		taken()
	}
}

// commitRow commits a change of the source's own row, and the events that go
// with it; none is no change.
func (x *watched) commitRow(ctx context.Context, change func(*store.Source) []store.NewEvent) error {
	x.w.commit.Lock()
	defer x.w.commit.Unlock()
	was := x.state()
	row := was
	events := change(&row)
	if sameRow(row, was) && len(events) == 0 {
		return nil
	}
	row.Look++
	return x.put(ctx, was, row, store.Observation{Revision: x.w.current().revision, Events: events}, nil)
}

// lookLogged writes what a look came to into the log.
func (x *watched) lookLogged(complete bool, listed, seen, requests int, why string, more ...zap.Field) {
	level := x.w.log.Info
	if !complete {
		level = x.w.log.Warn
	}
	level("look", append([]zap.Field{zap.String("source", x.ID), zap.Bool("complete", complete), zap.Int("listed", listed), zap.Int("seen", seen),
		zap.Int("requests", requests), zap.String("why", why)}, more...)...)
}

// sightEvent is an event of the source's own sight, owed to everybody.
func (x *watched) sightEvent(kind tocsin.EventKind, occurrence int, out *tocsin.Outage, now time.Time) store.NewEvent {
	e := tocsin.Event{Kind: kind, At: now, Source: x.ID, Occurrence: occurrence, Outage: out}
	return store.NewEvent{Event: e, Deliveries: x.w.route(e, nil, now)}
}
