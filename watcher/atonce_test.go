package watcher_test

import (
	"context"
	"testing"
	"time"

	"tocsin"
	"tocsin/sim"
)

// hears waits until an inbox was told of an event of a kind.
func (b *inbox) hears(t *testing.T, kind tocsin.EventKind) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	for {
		for _, m := range b.messages() {
			for _, x := range m.Items {
				if x.Event.Kind == kind {
					return
				}
			}
		}
		select {
		case <-b.more:
		case <-ctx.Done():
			t.Fatalf("nobody was told %q", kind)
		}
	}
}

// No sweep is due by the schedule here: one is made because the newest page's
// total is not explained, and the second at once because the first misses somebody.
func TestAnUnexplainedTotalAndAFirstMissAreFollowedUpAtOnce(t *testing.T) {
	r := newRig(t, people(t, vardenLine), append(sim.People(3, 20), vardenRow())...)
	r.stop()
	r.listing.Newest = every(20 * time.Millisecond)
	r.start()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- r.Run(ctx) }()
	r.inbox.hears(t, tocsin.Listed)
	r.notices.Withdraw(vardenRow().EntityID)
	r.inbox.hears(t, tocsin.Disappeared)
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
