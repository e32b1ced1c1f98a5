package watcher

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.uber.org/zap"

	"tocsin"
	"tocsin/notifier"
	"tocsin/store"
)

// Timing of the message protocol (DESIGN.md, "Slack, unknown outcome").
const (
	leaseTTL     = 45 * time.Second
	sendTimeout  = 20 * time.Second
	lookAgain    = 10 * time.Second // between two looks for a message of unknown outcome
	looksAbsent  = 2
	unreadableMx = 5 * time.Minute
	owedLimit    = 400
)

// finder is a notifier that can say whether a message arrived.
type finder interface {
	// Find looks for messages by id among what was accepted since a time, in the
	// thread of parent if that is not "". It returns the references of those found.
	Find(ctx context.Context, since time.Time, thread string, ids []string) (map[string]string, error)
}

// updater is a notifier whose messages can be changed after they were sent.
type updater interface {
	Update(ctx context.Context, ref string, m notifier.Message) error
}

// bell drains what is owed to one notifier: claim, send, settle.
type bell struct {
	Bell
	w      *Watcher
	wake   chan struct{}
	paused time.Time      // nothing is sent before: the service refused or cannot be reached
	absent map[string]int // how often a message of unknown outcome was looked for and not found
	unread time.Time      // since when its history cannot be read
}

func newBell(w *Watcher, b Bell) *bell {
	return &bell{Bell: b, w: w, wake: make(chan struct{}, 1), absent: map[string]int{}}
}

// run drains until ctx ends. A message under way is finished first.
func (b *bell) run(ctx context.Context) error {
	for {
		next, err := b.drain(ctx)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			b.w.log.Error("delivering", zap.String("notifier", b.ID), zap.Error(err))
			next = b.w.now().Add(time.Second)
		}
		if limit := b.w.now().Add(time.Second); next.IsZero() || next.After(limit) {
			next = limit
		}
		if !b.w.wait(ctx, next, b.wake) {
			return ctx.Err()
		}
	}
}

// empty drains until nothing is owed that could be sent before ctx ends.
func (b *bell) empty(ctx context.Context) error {
	for {
		next, err := b.drain(ctx)
		if err != nil {
			return err
		}
		deadline, _ := ctx.Deadline()
		if next.IsZero() || next.After(deadline) {
			return nil
		}
		if !b.w.wait(ctx, next, nil) {
			return nil
		}
	}
}

// drain sends everything that is due and returns when something is next, the
// zero time if nothing is owed.
func (b *bell) drain(ctx context.Context) (time.Time, error) {
	now := b.w.now()
	if b.paused.After(now) {
		return b.paused, nil
	}
	due, next, err := b.due(ctx, now)
	if err != nil || !due {
		return next, err
	}
	lease, ok, err := b.w.store.Acquire(ctx, "notifier:"+b.ID, b.w.holder, leaseTTL)
	if err != nil || !ok {
		return now.Add(time.Second), err
	}
	if err := b.resolve(ctx, lease); err != nil {
		return time.Time{}, err
	}
	if b.paused.After(b.w.now()) {
		return b.paused, nil
	}
	owed, err := b.w.store.Owed(ctx, b.ID, now.UTC(), owedLimit)
	if err != nil {
		return time.Time{}, err
	}
	roots := map[string]bool{}
	hasRoot := func(id string) bool {
		if _, known := roots[id]; !known {
			_, ok, err := b.w.store.Root(ctx, b.ID, id)
			roots[id] = ok && err == nil
		}
		return roots[id]
	}
	for _, batch := range gather(owed, b.Gather, b.Digest != nil, hasRoot) {
		if lease, err = b.renewed(ctx, lease); err != nil {
			return time.Time{}, err
		}
		m := store.Message{Notifier: b.ID, Kind: batch.kind}
		for _, e := range batch.events {
			m.Events = append(m.Events, e.ID)
		}
		if batch.kind == kindRoot || batch.kind == kindReply {
			m.Case = batch.events[0].Case
		}
		if err := b.parent(ctx, &m, batch); err != nil {
			return time.Time{}, err
		}
		if err := b.send(ctx, lease, m); err != nil {
			return time.Time{}, err
		}
		if b.paused.After(b.w.now()) {
			return b.paused, nil
		}
	}
	if err := b.refresh(ctx, lease); err != nil {
		return time.Time{}, err
	}
	_, next, err = b.due(ctx, now)
	return next, err
}

// due reads, without taking the lease, whether there is anything to do now, and
// otherwise when there will be; the zero time if nothing is owed.
func (b *bell) due(ctx context.Context, now time.Time) (bool, time.Time, error) {
	next, some, err := b.w.store.NextDue(ctx, b.ID)
	if err != nil {
		return false, time.Time{}, err
	}
	if some && !next.After(now) {
		return true, next, nil
	}
	if _, ok := b.Notifier.(updater); ok {
		stale, err := b.w.store.Stale(ctx, b.ID, 1)
		if err != nil || len(stale) > 0 {
			return err == nil, now, err
		}
	}
	if !some {
		next = time.Time{}
	}
	return false, next, nil
}

func (b *bell) renewed(ctx context.Context, l store.Lease) (store.Lease, error) {
	if l.Until.Sub(b.w.now()) > leaseTTL/2 {
		return l, nil
	}
	return b.w.store.Renew(ctx, l, leaseTTL)
}

// parent finds the message that a reply belongs under.
func (b *bell) parent(ctx context.Context, m *store.Message, batch batch) error {
	switch {
	case m.Kind == kindReply:
		root, ok, err := b.w.store.Root(ctx, b.ID, m.Case)
		if err != nil {
			return err
		}
		if ok {
			m.Parent = root.ID
		} else {
			m.Kind = kindRoot
		}
	case m.Kind == kindSight && batch.events[0].Kind == tocsin.Recovered:
		alarm, ok, err := b.w.store.SightMessage(ctx, b.ID, batch.events[0].Source, batch.events[0].Occurrence)
		if err != nil {
			return err
		}
		if ok {
			m.Parent = alarm.ID
		}
	}
	return nil
}

// send claims a message, sends it and settles what came of it. The claim is
// committed first: whatever happens from here on, it is known that it was tried.
func (b *bell) send(ctx context.Context, lease store.Lease, m store.Message) error {
	m, err := b.w.store.Claim(ctx, lease, m)
	if err != nil {
		return fmt.Errorf("claiming a message: %w", err)
	}
	msg, err := b.compose(ctx, m)
	if err != nil {
		return err
	}
	// A message under way is finished even if the daemon is told to stop: its
	// outcome would be unknown otherwise.
	sending, cancel := context.WithTimeout(context.WithoutCancel(ctx), sendTimeout)
	defer cancel()
	res, err := b.Notifier.Send(sending, msg)
	settle := b.outcome(m, msg, res, err)
	if err := b.w.store.Settle(sending, lease, m.ID, settle); err != nil {
		return fmt.Errorf("settling a message: %w", err)
	}
	if settle.State == store.StateSent {
		delete(b.absent, m.ID)
		if m.Kind == kindGathered {
			return b.items(ctx, lease, m, msg)
		}
	}
	if len(settle.Events) > 0 {
		b.w.wakeBells()
	}
	return nil
}

// outcome says what becomes of a message after one attempt.
func (b *bell) outcome(m store.Message, msg notifier.Message, res notifier.Result, err error) store.Settlement {
	now := b.w.now().UTC()
	if err == nil {
		b.paused = time.Time{}
		return store.Settlement{State: store.StateSent, Ref: res.Ref, At: now, ShownRev: rev(msg)}
	}
	var e *notifier.Error
	if !errors.As(err, &e) {
		e = &notifier.Error{Outcome: notifier.Unknown, Why: "no definite answer"}
	}
	log := b.w.log.With(zap.String("notifier", b.ID), zap.String("message", m.ID), zap.Strings("events", m.Events), zap.Int("attempt", m.Attempts), zap.String("why", e.Why))
	switch {
	case e.Outcome == notifier.Permanent:
		log.Error("not accepted, given up")
		return store.Settlement{State: store.StateFailed, Why: e.Why, At: now, Events: b.undelivered(m, now)}
	case e.Outcome == notifier.Unknown:
		log.Warn("outcome unknown")
		b.paused = now.Add(min(b.backoff(m.Attempts), lookAgain))
		return store.Settlement{State: store.StateUnknown, Why: e.Why, At: now, Due: now.Add(b.recheck(m.Attempts))}
	}
	if b.GiveUpAfter > 0 && now.Sub(m.CreatedAt) > b.GiveUpAfter {
		log.Error("not accepted for too long, given up")
		return store.Settlement{State: store.StateFailed, Why: e.Why, At: now, Events: b.undelivered(m, now)}
	}
	due := now.Add(max(b.backoff(m.Attempts), e.RetryAfter))
	b.paused = due
	log.Warn("not accepted, will be tried again", zap.Time("due", due))
	return store.Settlement{State: store.StateRetry, Why: e.Why, At: now, Due: due}
}

// recheck is how long an unknown outcome rests before it is looked into.
func (b *bell) recheck(attempts int) time.Duration {
	if _, ok := b.Notifier.(finder); ok {
		return min(b.backoff(attempts), lookAgain)
	}
	return b.backoff(attempts)
}

func (b *bell) backoff(attempts int) time.Duration {
	d := b.Retry
	for range attempts - 1 {
		if d *= 2; d >= b.RetryMax {
			return b.RetryMax
		}
	}
	return d
}

// undelivered is the alarm that a delivery was given up, owed to every other
// notifier. It never gives rise to another.
func (b *bell) undelivered(m store.Message, now time.Time) []store.NewEvent {
	var lost []string
	for _, id := range m.Events {
		if !b.w.isUndelivered(id) {
			lost = append(lost, id)
		}
	}
	if len(lost) == 0 || len(b.w.bells) < 2 {
		return nil
	}
	e := tocsin.Event{Kind: tocsin.Undelivered, At: now, Notifier: b.ID, Events: lost}
	return []store.NewEvent{{Event: e, Deliveries: b.w.route(e, nil, now)}}
}

func (w *Watcher) isUndelivered(id string) bool {
	es, err := w.store.Events(context.Background(), store.EventFilter{IDs: []string{id}})
	return err == nil && len(es) == 1 && es[0].Kind == tocsin.Undelivered
}

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
		case m.State == store.StateRetry:
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
		for _, m := range unknown {
			m.Repeat = true
			if err := b.send(ctx, lease, m); err != nil {
				return err
			}
		}
		return nil
	}
	return b.lookFor(ctx, lease, f, unknown, now)
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
			if now.Sub(b.unread) < unreadableMx {
				b.paused = now.Add(min(lookAgain, max(b.Retry, time.Second)))
				return nil
			}
			for _, m := range ms {
				m.Repeat = true
				if err := b.send(ctx, lease, m); err != nil {
					return err
				}
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
	delete(b.absent, m.ID)
	return b.send(ctx, lease, m)
}

// items posts each case of a gathered message in its thread. They carry no
// event: losing one to a crash loses no alert.
func (b *bell) items(ctx context.Context, lease store.Lease, m store.Message, msg notifier.Message) error {
	if _, ok := b.Notifier.(updater); !ok || len(msg.Items) > itemsMax {
		return nil
	}
	for _, it := range msg.Items {
		if it.Case == nil {
			continue
		}
		if err := b.send(ctx, lease, store.Message{Notifier: b.ID, Kind: kindItem, Case: it.Case.ID, Parent: m.ID}); err != nil {
			return err
		}
		if b.paused.After(b.w.now()) {
			return nil
		}
	}
	return nil
}

// refresh brings messages that show an older state of their case up to date.
// An update is idempotent: it is repeated until what is shown is what is.
func (b *bell) refresh(ctx context.Context, lease store.Lease) error {
	u, ok := b.Notifier.(updater)
	if !ok {
		return nil
	}
	stale, err := b.w.store.Stale(ctx, b.ID, 50)
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
			if err != nil {
				b.w.log.Warn("a message can no longer be updated", zap.String("notifier", b.ID), zap.String("message", m.ID), zap.Error(err))
			}
			if err := b.w.store.Shown(ctx, lease, m.ID, rev(msg)); err != nil {
				return err
			}
		default:
			wait := b.backoff(1)
			if e != nil {
				wait = max(wait, e.RetryAfter)
			}
			b.paused = b.w.now().Add(wait)
			return nil
		}
	}
	return nil
}

// rev is the revision of the case that a message shows.
func rev(m notifier.Message) int64 {
	if len(m.Items) == 1 && m.Items[0].Case != nil {
		return m.Items[0].Case.Rev
	}
	return 0
}
