package watcher

import (
	"context"
	"time"

	"go.uber.org/zap"

	"tocsin/store"
)

// resolve settles what an earlier attempt left open: messages to be tried again
// now, and messages of which nobody knows whether they arrived. Those are looked
// for; where that cannot be done, they are sent again under the same id, marked.
func (b *bell) resolve(ctx context.Context, lease store.Lease) error {
	open, err := b.w.store.OpenMessages(ctx, b.ID)
	if err != nil {
		return err
	}
	now := b.w.now().UTC()
	var unknown []store.Message
	for _, m := range open {
		switch {
		case m.Due.After(now):
		case m.State == store.StateRetry || m.Attempts == 0:
			if !b.free() {
				continue // it keeps its place
			}
			if err := b.send(ctx, lease, m); err != nil {
				return err
			}
			if b.paused.After(b.w.now()) {
				return nil
			}
		default:
			unknown = append(unknown, m)
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	f, ok := b.Notifier.(finder)
	if !ok {
		return b.again(ctx, lease, unknown)
	}
	return b.lookFor(ctx, lease, f, unknown, now)
}

// again sends messages of which nobody can say whether they arrived, marked.
func (b *bell) again(ctx context.Context, lease store.Lease, unknown []store.Message) error {
	for _, m := range unknown {
		if !b.free() {
			return nil
		}
		m.Repeat = true
		if err := b.send(ctx, lease, m); err != nil {
			return err
		}
	}
	return nil
}

func (b *bell) lookFor(ctx context.Context, lease store.Lease, f finder, unknown []store.Message, now time.Time) error {
	byThread := map[string][]store.Message{}
	for _, m := range unknown {
		thread := ""
		if m.Parent != "" {
			parents, err := b.w.store.Messages(ctx, m.Parent)
			if err != nil {
				return err
			}
			if len(parents) == 1 {
				thread = parents[0].Ref
			}
		}
		byThread[thread] = append(byThread[thread], m)
	}
	for thread, ms := range byThread {
		since := ms[0].TriedAt
		ids := make([]string, 0, len(ms))
		for _, m := range ms {
			if m.TriedAt.Before(since) {
				since = m.TriedAt
			}
			ids = append(ids, m.ID)
		}
		found, err := f.Find(ctx, since.Add(-time.Minute), thread, ids)
		if err != nil {
			if b.unread.IsZero() {
				b.unread = now
			}
			b.w.log.Warn("the channel's history cannot be read", zap.String("notifier", b.ID), zap.Error(err))
			// What is owed besides does not wait for that.
			rest := store.Settlement{State: store.StateUnknown, At: now, Due: now.Add(min(lookAgain, max(time.Second, now.Sub(b.unread))))}
			var blindly []store.Message
			for _, m := range ms {
				if now.Sub(b.unread) >= unreadableMx && now.Sub(m.TriedAt) >= patience(m.Attempts) {
					blindly = append(blindly, m)
					continue
				}
				rest.Why = m.Why
				if err := b.w.store.Settle(ctx, lease, m.ID, rest); err != nil {
					return err
				}
			}
			if err := b.again(ctx, lease, blindly); err != nil {
				return err
			}
			continue
		}
		b.unread = time.Time{}
		for _, m := range ms {
			if err := b.found(ctx, lease, m, found[m.ID], now); err != nil {
				return err
			}
		}
	}
	return nil
}

// patience is how long a message that was tried so often waits for the channel's
// history before it is sent again without: the channel may take it every time.
func patience(attempts int) time.Duration {
	d := unreadableMx
	for range attempts - 1 {
		if d *= 2; d >= patienceMax {
			return patienceMax
		}
	}
	return d
}

// found settles one message that was looked for; ref is "" if it is not there.
func (b *bell) found(ctx context.Context, lease store.Lease, m store.Message, ref string, now time.Time) error {
	if ref != "" {
		delete(b.absent, m.ID)
		return b.w.store.Settle(ctx, lease, m.ID, store.Settlement{State: store.StateSent, Ref: ref, At: now})
	}
	b.absent[m.ID]++
	if b.absent[m.ID] < looksAbsent {
		return b.w.store.Settle(ctx, lease, m.ID, store.Settlement{State: store.StateUnknown, Why: m.Why, At: now, Due: now.Add(lookAgain)})
	}
	if !b.free() {
		return nil // it is looked for once more before its turn comes
	}
	delete(b.absent, m.ID)
	return b.send(ctx, lease, m)
}
