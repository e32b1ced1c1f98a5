package watcher

import (
	"context"
	"time"
	"tocsin/evidence"

	"tocsin"
	"tocsin/notifier"
	"tocsin/store"
	"tocsin/watchlist"
)

// What the goroutines of Run do in their loops, one turn at a time, so that
// tests can keep the time.

// DrainBell is one turn of a bell; it returns when the next is wanted.
func (w *Watcher) DrainBell(ctx context.Context, id string) (time.Time, error) {
	return w.bell(id).drain(ctx)
}

func (w *Watcher) bell(id string) *bell {
	for _, b := range w.bells {
		if b.ID == id {
			return b
		}
	}
	panic("no bell " + id)
}

func (w *Watcher) Bells() (ids []string) {
	for _, b := range w.bells {
		ids = append(ids, b.ID)
	}
	return ids
}

func (w *Watcher) MindLate(ctx context.Context) error { return w.mindLate(ctx) }
func (w *Watcher) MindDrills(ctx context.Context) error {
	_, err := w.mindDrills(ctx)
	return err
}
func (w *Watcher) Beat(ctx context.Context) time.Duration { return w.beat(ctx) }
func (w *Watcher) Prove(ctx context.Context, id string) bool {
	b := w.bell(id)
	return b.prove(ctx, b.Notifier.(prover))
}

// FollowStore is what hears of what others write.
func (w *Watcher) FollowStore(ctx context.Context) error { return w.followStore(ctx) }

// Woken is what has the drills looked at.
func (w *Watcher) Woken() <-chan struct{} { return w.wakeDrills }

// Turn is the lease under which it watches.
func (w *Watcher) Turn() store.Lease { return *w.turn() }

// Agrees is what a replica that stands by asks every few seconds.
func (w *Watcher) Agrees(ctx context.Context) (bool, error) { return w.agrees(ctx) }

// Hold is what it does when its file was edited.
func (w *Watcher) Hold(list *watchlist.List) { w.hold(list) }

// Adopt is what it does then in its turn.
func (w *Watcher) Adopt(ctx context.Context, list *watchlist.List) error { return w.adopt(ctx, list) }

// Route is what an event owes to each bell.
func (w *Watcher) Route(e tocsin.Event, tags []string) []tocsin.Delivery {
	return w.route(e, tags, w.now().UTC())
}

// Owed makes an event as a look would.
func (w *Watcher) Owed(e tocsin.Event, tags []string) store.NewEvent {
	return store.NewEvent{Event: e, Deliveries: w.Route(e, tags)}
}

// BoundEvidenceOnce is what happens once a day.
func (w *Watcher) BoundEvidenceOnce(ctx context.Context, l evidence.Limits) error {
	return w.boundOnce(ctx, l)
}

// Press is what the ears have presses heard by.
func (w *Watcher) Press(ctx context.Context, p notifier.Press) (string, error) {
	return w.press(ctx, p)
}

// MindButtons is one turn of keeping how the buttons stand.
func (w *Watcher) MindButtons(ctx context.Context) error {
	said, err := w.store.Meta(ctx, MetaButtons)
	if err == nil {
		_, err = w.mindButtons(ctx, said)
	}
	return err
}
