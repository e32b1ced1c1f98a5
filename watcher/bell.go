package watcher

import (
	"context"
	"errors"
	"fmt"
	"sync"
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
	patienceMax  = 2 * time.Hour
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
	turn   *gate          // shared by all bells of one channel
	clock  time.Time      // what the machine's clock showed at the last turn, without its monotonic part
	paused time.Time      // nothing is sent before: the service refused or cannot be reached
	shown  time.Time      // no message is brought up to date before
	unseen int            // how often in a row one could not be
	absent map[string]int // how often a message of unknown outcome was looked for and not found
	unread time.Time      // since when its history cannot be read
	items  bool           // cases of gathered messages may want messages of their own

	mu    sync.Mutex
	proof proof // whether the channel would take a message, as far as was asked
}

func newBell(w *Watcher, b Bell) *bell {
	return &bell{Bell: b, w: w, wake: make(chan struct{}, 1), turn: &gate{}, absent: map[string]int{}, items: true}
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
		// Counted from now on: what next is by the clock may be another time soon.
		now, rest := b.w.now(), b.w.scan()
		if !next.IsZero() {
			rest = min(rest, max(0, next.Sub(now)))
		}
		if !b.w.wait(ctx, now.Add(rest), b.wake) {
			return ctx.Err()
		}
	}
}

// empty drains until nothing is owed that could be sent before ctx ends. What is
// late elsewhere is owed here too.
func (b *bell) empty(ctx context.Context) error {
	if err := b.w.mindLate(ctx); err != nil {
		return err
	}
	for {
		next, err := b.drain(ctx)
		if err != nil {
			return err
		}
		if next.IsZero() {
			return nil
		}
		// The deadline is the machine's clock's, what is due is the watch's.
		if deadline, ok := ctx.Deadline(); ok && next.Sub(b.w.now()) > time.Until(deadline) {
			return nil
		}
		if !b.w.wait(ctx, next, nil) {
			return nil
		}
	}
}

// drain sends what is due, as far as the service and its pace allow now, and
// returns when it is to be called next, the zero time if nothing is owed.
func (b *bell) drain(ctx context.Context) (time.Time, error) {
	now := b.w.now()
	if err := b.mindClock(ctx, now); err != nil {
		return time.Time{}, err
	}
	if b.paused.After(now) {
		return b.showMeanwhile(ctx, now)
	}
	due, next, err := b.due(ctx, now)
	if err != nil || !due {
		return next, err
	}
	lease, ok, err := b.acquire(ctx)
	if err != nil || !ok {
		return now.Add(time.Second), err
	}
	for _, step := range []func(context.Context, store.Lease) error{b.resolve, b.digests, b.timers, b.post, b.showItems, b.refresh} {
		if b.paused.After(b.w.now()) {
			return b.paused, nil
		}
		if lease, err = b.renewed(ctx, lease); err != nil {
			return time.Time{}, err
		}
		if err := step(ctx, lease); err != nil {
			return time.Time{}, err
		}
	}
	if b.paused.After(b.w.now()) {
		return b.paused, nil
	}
	due, next, err = b.due(ctx, b.w.now())
	if turn := b.turn.comes(); due && turn.After(next) {
		next = turn
	}
	return next, err
}

// atOnce is how many messages go out before what is owed is read again, so that
// an alert waits for no long row of others.
const atOnce = 10

// post sends what is owed at once, the loudest first.
func (b *bell) post(ctx context.Context, lease store.Lease) error {
	owed, err := b.w.store.Owed(ctx, b.ID, b.w.now().UTC(), owedLimit)
	if err != nil {
		return err
	}
	has, err := b.threads(ctx, owed)
	if err != nil {
		return err
	}
	batches, err := b.joining(ctx, gather(owed, b.Gather, has))
	if err != nil {
		return err
	}
	for i, batch := range batches {
		if i == atOnce || !b.free() {
			return nil
		}
		if lease, err = b.renewed(ctx, lease); err != nil {
			return err
		}
		m := store.Message{Notifier: b.ID, Kind: batch.kind}
		for _, e := range batch.events {
			m.Events = append(m.Events, e.ID)
		}
		if batch.kind == kindRoot || batch.kind == kindReply || batch.kind == kindItem {
			m.Case, m.Parent = batch.events[0].Case, batch.under
		}
		if err := b.parent(ctx, &m, batch); err != nil {
			return err
		}
		if err := b.send(ctx, lease, m); err != nil {
			return err
		}
	}
	return nil
}

// free reports whether a message may go out now.
func (b *bell) free() bool {
	now := b.w.now()
	return !b.paused.After(now) && !b.turn.comes().After(now)
}

// due reads, without taking the lease, whether there is anything to do now, and
// otherwise when there will be; the zero time if nothing is owed.
func (b *bell) due(ctx context.Context, now time.Time) (bool, time.Time, error) {
	next, some, err := b.w.store.NextDue(ctx, b.ID)
	if err != nil {
		return false, time.Time{}, err
	}
	if b.Digest != nil {
		hour, err := b.hour(ctx)
		if err != nil {
			return false, time.Time{}, err
		}
		if !some || hour.Before(next) {
			next, some = hour, true
		}
	}
	if some && !next.After(now) {
		return true, next, nil
	}
	// What timers say later is not owed: nobody waits for it before ending.
	if rings, err := b.w.store.TimerDue(ctx, b.ID, now); rings || err != nil {
		return rings, now, err
	}
	if _, ok := b.Notifier.(updater); ok {
		if b.items {
			return true, now, nil
		}
		stale, err := b.w.store.Stale(ctx, b.ID, 1)
		if err != nil {
			return false, time.Time{}, err
		}
		if len(stale) > 0 {
			at := later(b.shown, now)
			return !at.After(now), at, nil
		}
	}
	if !some {
		next = time.Time{}
	}
	return false, next, nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// acquire takes the right to send through the notifier, for a while.
func (b *bell) acquire(ctx context.Context) (store.Lease, bool, error) {
	return b.w.store.Acquire(ctx, "notifier:"+b.ID, b.w.holder, leaseTTL)
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
		above, ok, err := b.thread(ctx, m.Case)
		if err != nil {
			return err
		}
		if ok {
			m.Parent = above.ID
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
	within := sendTimeout
	if turn := b.w.turn(); turn != nil {
		// Whoever has the turn next must find that nothing is on its way any more.
		if within = min(within, turn.Until.Sub(b.w.now())); within <= 0 || ctx.Err() != nil {
			return errTurn
		}
	}
	sending, cancel := context.WithTimeout(context.WithoutCancel(ctx), within)
	defer cancel()
	res, err := b.Notifier.Send(sending, msg)
	b.turn.taken(b.w.now())
	settle := b.outcome(m, msg, res, err)
	switch err := b.w.store.Settle(sending, lease, m.ID, settle); {
	case errors.Is(err, store.ErrSettled):
		// A drill that had ended: what came of its message is of no account.
		b.w.log.Info("the message was settled meanwhile", zap.String("notifier", b.ID), zap.String("message", m.ID))
		return nil
	case err != nil:
		return fmt.Errorf("settling a message: %w", err)
	}
	if settle.State == store.StateSent {
		delete(b.absent, m.ID)
		b.items = b.items || m.Kind == kindGathered || m.Kind == kindList || m.Kind == kindItem && len(m.Events) > 0
	}
	if settle.State == store.StateSent && res.Alone && m.Parent != "" {
		b.w.log.Warn("a message is no longer in the channel: its case begins a new one", zap.String("notifier", b.ID), zap.String("message", m.Parent))
		if err := b.w.store.Lose(sending, lease, m.Parent); err != nil {
			return fmt.Errorf("noting a lost message: %w", err)
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
		return store.Settlement{State: store.StateSent, Ref: res.Ref, At: now, ShownRev: rev(msg), Timers: b.watchOver(m, msg, now)}
	}
	var e *notifier.Error
	if !errors.As(err, &e) {
		e = &notifier.Error{Outcome: notifier.Unknown, Why: "no definite answer"}
	}
	log := b.w.log.With(zap.String("notifier", b.ID), zap.String("message", m.ID), zap.Strings("events", m.Events), zap.Int("attempt", m.Attempts), zap.String("why", e.Why), toDo(e))
	switch {
	case e.Outcome == notifier.Permanent:
		log.Error("not accepted, given up")
		return store.Settlement{State: store.StateFailed, Why: e.Why, At: now, Events: b.undelivered(m, now)}
	case b.GiveUpAfter > 0 && now.Sub(m.CreatedAt) > b.GiveUpAfter:
		log.Error("not accepted for too long, given up")
		return store.Settlement{State: store.StateFailed, Why: e.Why, At: now, Events: b.undelivered(m, now)}
	case e.Outcome == notifier.Unknown:
		log.Warn("outcome unknown")
		b.paused = now.Add(min(b.backoff(m.Attempts), lookAgain))
		return store.Settlement{State: store.StateUnknown, Why: e.Why, At: now, Due: now.Add(b.recheck(m.Attempts))}
	}
	due := now.Add(max(b.backoff(m.Attempts), e.RetryAfter))
	b.paused = due
	log.Warn("not accepted, will be tried again", zap.Time("due", due))
	return store.Settlement{State: store.StateRetry, Why: e.Why, At: now, Due: due}
}

// toDo is what there is to do about a refusal, for the log; nothing where that is
// not known.
func toDo(err error) zap.Field {
	var e *notifier.Error
	if errors.As(err, &e) && e.Do != "" {
		return zap.String("do", e.Do)
	}
	return zap.Skip()
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
	drill := true
	for _, id := range m.Events {
		// What cannot be read is better told once too often.
		es, err := b.w.store.Events(context.Background(), store.EventFilter{IDs: []string{id}})
		if err == nil && len(es) == 1 && es[0].Kind == tocsin.Undelivered {
			continue
		}
		drill = drill && err == nil && len(es) == 1 && es[0].Drill
		lost = append(lost, id)
	}
	return b.lost(lost, drill, now)
}

// lost is the alarm that events did not reach this notifier; none where nobody
// else could be told.
func (b *bell) lost(events []string, drill bool, now time.Time) []store.NewEvent {
	if len(events) == 0 || len(b.w.bells) < 2 {
		return nil
	}
	e := tocsin.Event{Kind: tocsin.Undelivered, At: now, Notifier: b.ID, Events: events, Drill: drill}
	return []store.NewEvent{{Event: e, Deliveries: b.w.route(e, nil, now)}}
}
