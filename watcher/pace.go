package watcher

import (
	"context"
	"fmt"
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

// hang readies the bells: those of one channel share its turn, and what waits
// for an hour waits for the one that is configured now.
func (w *Watcher) hang(ctx context.Context) error {
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
		now := w.now().UTC()
		due := now
		if b.Digest != nil {
			if err := w.store.BeginDigests(ctx, b.ID, now); err != nil {
				return fmt.Errorf("readying notifier %s: %w", b.ID, err)
			}
			hour, err := b.hour(ctx)
			if err != nil {
				return fmt.Errorf("readying notifier %s: %w", b.ID, err)
			}
			due = hour
		}
		if err := w.store.Reschedule(ctx, b.ID, now, due); err != nil {
			return fmt.Errorf("readying notifier %s: %w", b.ID, err)
		}
	}
	return nil
}
