package watcher

import (
	"context"

	"go.uber.org/zap"
)

// minds sees to what is late, and to a clock that is set back, for as long as the
// watch runs. It is not done by the bells themselves: one that waits for its
// service must not keep the others from hearing of it.
func (w *Watcher) minds(ctx context.Context) error {
	clock := w.now().UTC()
	for {
		now := w.now().UTC()
		if now.Before(clock.Add(-clockBack)) {
			w.setBack(now)
		}
		clock = now
		if err := w.mindLate(ctx); err != nil && ctx.Err() == nil {
			w.log.Error("looking for what is late", zap.Error(err))
		}
		if !w.wait(ctx, w.now().Add(w.scan()), nil) {
			return ctx.Err()
		}
	}
}

// mindLate owes to the other notifiers, at once and whatever their hours and
// filters, what one should have taken by now: alerts, blind and undelivered. It
// counts from when the delivery was due, so that what waits for a digest is not
// late. The ledger keeps that it was done: a crash repeats nothing.
func (w *Watcher) mindLate(ctx context.Context) error {
	if len(w.bells) < 2 {
		return nil
	}
	for _, b := range w.bells {
		if b.LateAfter <= 0 {
			continue
		}
		overdue, err := w.store.Overdue(ctx, b.ID, w.now().Add(-b.LateAfter).UTC(), owedLimit)
		if err != nil {
			return err
		}
		var events []string
		for _, e := range overdue {
			// A drill has a limit of its own; a new picture alone can wait.
			if !e.Drill && !e.Quiet {
				events = append(events, e.ID)
			}
		}
		if len(events) == 0 {
			continue
		}
		var others []string
		for _, o := range w.bells {
			if o != b {
				others = append(others, o.ID)
			}
		}
		noted, err := w.store.Hasten(ctx, b.ID, events, others)
		if err != nil {
			return err
		}
		if len(noted) > 0 {
			w.log.Error("late: goes to the other notifiers too", zap.String("notifier", b.ID), zap.Duration("after", b.LateAfter), zap.Strings("events", noted))
			w.wakeBells()
		}
	}
	return nil
}
