package watcher

import (
	"context"
	"time"

	"tocsin"
	"tocsin/store"
)

// listFor is how long weak matches join the last list instead of making a new one:
// one message a day in the channel, the others in its thread.
const listFor = 24 * time.Hour

// thread is the message under which later messages about a case go: its own, or
// the list that it stands in.
func (b *bell) thread(ctx context.Context, caseID string) (store.Message, bool, error) {
	m, ok, err := b.w.store.Root(ctx, b.ID, caseID)
	if ok || err != nil {
		return m, ok, err
	}
	return b.w.store.ListWith(ctx, b.ID, caseID)
}

// threads tells of all that is owed at once: it may be very much, and is read anew
// before each few messages.
func (b *bell) threads(ctx context.Context, owed []store.Owed) (threads, error) {
	var cases []string
	seen := map[string]bool{"": true}
	for _, o := range owed {
		if !seen[o.Event.Case] {
			seen[o.Event.Case] = true
			cases = append(cases, o.Event.Case)
		}
	}
	roots, lists, err := b.w.store.Threads(ctx, b.ID, cases)
	return func(id string) (root, list bool) { return roots[id], !roots[id] && lists[id] }, err
}

// joining has few weak matches join the notifier's last list, each by a message in
// its thread, where the service has threads and the list has room. More than are
// gathered begin a list of their own.
func (b *bell) joining(ctx context.Context, batches []batch) (out []batch, err error) {
	if _, ok := b.Notifier.(updater); !ok {
		return batches, nil
	}
	for _, x := range batches {
		if x.kind != kindList || len(x.events) > b.Gather {
			out = append(out, x)
			continue
		}
		list, cases, ok, err := b.w.store.OpenList(ctx, b.ID, b.w.now().Add(-listFor).UTC())
		if err != nil {
			return nil, err
		}
		if !ok || cases+len(x.events) > listMax {
			out = append(out, x)
			continue
		}
		for _, e := range x.events {
			out = append(out, batch{kindItem, []tocsin.Event{e}, list.ID})
		}
	}
	return out, nil
}
