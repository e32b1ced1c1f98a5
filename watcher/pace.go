package watcher

import (
	"context"
	"sync"
	"time"
)

// gate lets messages into one channel one after the other, at most one in each
// pace, whichever bell they come from.
type gate struct {
	pace time.Duration
	mu   sync.Mutex
	next time.Time
}

// comes is when the next message may go out.
func (t *gate) comes() time.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.next
}

// taken notes that a message was sent, whatever came of it. The service counts
// from when it arrived, which is not later than now.
func (t *gate) taken(now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.next = now.Add(t.pace)
}

// hang gives the bells their turns: those of one channel share it.
func (w *Watcher) hang() {
	turns := map[string]*gate{}
	for _, b := range w.bells {
		b.turn = &gate{pace: b.Pace}
		if b.Channel != "" {
			if t := turns[b.Channel]; t != nil {
				t.pace = max(t.pace, b.Pace)
				b.turn = t
			}
			turns[b.Channel] = b.turn
		}
	}
}

// ready takes up what earlier processes, or another replica, left: what waits for
// an hour waits for the one that is configured now.
func (b *bell) ready(ctx context.Context, now time.Time) error {
	b.paused, b.shown, b.unread, b.items = time.Time{}, time.Time{}, time.Time{}, true
	clear(b.absent)
	if err := b.turnAfter(ctx, now); err != nil {
		return err
	}
	if b.Digest != nil {
		if err := b.w.store.BeginDigests(ctx, b.ID, now); err != nil {
			return err
		}
	}
	b.clock = now
	return b.retime(ctx, now, now.Add(max(b.RetryMax, putOffMax)))
}

// retime has what waits for a time of another clock wait for one of this: digests
// end by now, what is owed is due when it would be if it came now, and what was
// put off to later than latest is tried at once.
func (b *bell) retime(ctx context.Context, now, latest time.Time) error {
	if err := b.w.store.EndDigests(ctx, b.ID, now); err != nil {
		return err
	}
	due, weak := now, b.Quiet.end(now.In(b.w.zone)).UTC()
	if b.Digest != nil {
		hour, err := b.hour(ctx)
		if err != nil {
			return err
		}
		due, weak = hour, hour
	}
	if err := b.w.store.Reschedule(ctx, b.ID, now, due, weak); err != nil {
		return err
	}
	return b.w.store.Recall(ctx, b.ID, latest)
}

// putOffMax is the longest that a service can put a message off by its own word.
const putOffMax = time.Hour

// turnAfter keeps the pace over a restart. A message that was under way when an
// earlier process died may have arrived at any time until now.
func (b *bell) turnAfter(ctx context.Context, now time.Time) error {
	last, err := b.w.store.LastTried(ctx, b.ID)
	if err != nil || last.IsZero() || now.Sub(last) > sendTimeout {
		return err
	}
	b.turn.taken(now)
	return nil
}

// mindClock sees to it that a clock which was set back keeps nothing waiting:
// what was put off by the old time is due by the new one.
func (b *bell) mindClock(ctx context.Context, now time.Time) error {
	shows := now.UTC() // and nothing of the monotonic time
	was := b.clock
	if !shows.Before(was.Add(-clockBack)) {
		b.clock = shows
		return nil
	}
	if err := b.retime(ctx, shows, shows); err != nil {
		return err
	}
	b.paused, b.shown, b.unread = time.Time{}, time.Time{}, time.Time{}
	b.turn.taken(shows)
	b.clock = shows
	return nil
}
