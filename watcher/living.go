package watcher

import (
	"context"
	"errors"
	"time"

	"go.uber.org/zap"

	"tocsin/notifier"
	"tocsin/store"
)

// itemsFor is how long the cases of a gathered message are worth messages of
// their own.
const itemsFor = 24 * time.Hour

// showAgain is the longest that a message which could not be brought up to date
// waits for the next try, unless the service says so.
const showAgain = 10 * time.Second

// showItems posts cases of gathered messages in their threads, once all that is
// owed has gone out. They carry no event: losing one loses no alert. Who reads
// digests is not sent them.
func (b *bell) showItems(ctx context.Context, lease store.Lease) error {
	if _, ok := b.Notifier.(updater); !ok || !b.items || b.Digest != nil {
		b.items = false
		return nil
	}
	next, some, err := b.w.store.NextDue(ctx, b.ID)
	if err != nil || some && !next.After(b.w.now()) {
		return err
	}
	cases, err := b.w.store.Unshown(ctx, b.ID, b.w.now().Add(-itemsFor).UTC(), itemsMax, atOnce)
	if err != nil {
		return err
	}
	b.items = len(cases) > 0
	for _, c := range cases {
		if !b.free() {
			return nil
		}
		if err := b.send(ctx, lease, store.Message{Notifier: b.ID, Kind: kindItem, Case: c.Case, Parent: c.Message}); err != nil {
			return err
		}
	}
	return nil
}

// refresh brings messages that show an older state of their case up to date.
// An update is idempotent: it is repeated until what is shown is what is.
func (b *bell) refresh(ctx context.Context, lease store.Lease) error {
	u, ok := b.Notifier.(updater)
	if !ok || b.shown.After(b.w.now()) {
		return nil
	}
	stale, err := b.w.store.Stale(ctx, b.ID, atOnce)
	if err != nil {
		return err
	}
	for _, m := range stale {
		msg, err := b.compose(ctx, m)
		if err != nil {
			return err
		}
		sending, cancel := context.WithTimeout(ctx, sendTimeout)
		err = u.Update(sending, m.Ref, msg)
		cancel()
		var e *notifier.Error
		switch {
		case err == nil, errors.As(err, &e) && e.Outcome == notifier.Permanent:
			b.unseen = 0
			if err != nil {
				b.w.log.Warn("a message can no longer be updated", zap.String("notifier", b.ID), zap.String("message", m.ID), zap.Error(err))
			}
			if e != nil && e.Gone {
				err = b.w.store.Lose(ctx, lease, m.ID)
			} else {
				err = b.w.store.Shown(ctx, lease, m.ID, rev(msg))
			}
			if err != nil {
				return err
			}
		default:
			b.unseen++
			wait := min(b.backoff(b.unseen), showAgain)
			if e != nil {
				wait = max(wait, e.RetryAfter)
			}
			b.shown = b.w.now().Add(wait)
			return nil
		}
	}
	return nil
}

// showMeanwhile brings messages up to date while nothing new is taken: somebody
// who pressed a button waits to see it, and what a service refuses to take more of
// it may well change. It returns when drain is to be called next.
func (b *bell) showMeanwhile(ctx context.Context, now time.Time) (time.Time, error) {
	if _, ok := b.Notifier.(updater); !ok || b.shown.After(now) {
		return b.paused, nil
	}
	stale, err := b.w.store.Stale(ctx, b.ID, 1)
	if err != nil || len(stale) == 0 {
		return b.paused, err
	}
	lease, ok, err := b.acquire(ctx)
	if err != nil || !ok {
		return now.Add(time.Second), err
	}
	if err := b.refresh(ctx, lease); err != nil {
		return time.Time{}, err
	}
	if b.shown.After(now) && b.shown.Before(b.paused) {
		return b.shown, nil
	}
	return b.paused, nil
}

// rev is the revision of the case that a message shows, of several their sum.
func rev(m notifier.Message) (sum int64) {
	for _, it := range m.Items {
		if it.Case != nil {
			sum += it.Case.Rev
		}
	}
	return sum
}
