package watcher

import (
	"context"
	"fmt"
	"time"

	"go.uber.org/zap"

	"tocsin"
	"tocsin/notifier"
	"tocsin/store"
)

// Escalate says when to call where nobody takes a case, or nobody warns the
// person: first After the message, or WarnedAfter the case was taken (0: not for
// that), then twice, four times … After later, Repeat times in all. One more After
// later it rings through Then, once. The zero value calls nobody.
type Escalate struct {
	After, WarnedAfter time.Duration
	To                 string // whom, as it is to stand in the channel
	Repeat             int
	Then               string // the id of another bell, "" for none
}

// Phases of a call: what nobody has done.
const (
	phaseTake = "take"
	phaseWarn = "warn"
)

// missing says what of a case nobody has done, and since when: phaseTake since it
// was told at a time, or since it is open again, phaseWarn since it was taken.
func missing(c tocsin.Case, told time.Time) (phase string, since time.Time) {
	switch {
	case c.Tier != tocsin.TierAlert:
	case c.State == tocsin.CaseOpen:
		return phaseTake, later(told, c.Since)
	case (c.State == tocsin.CaseAcknowledged || c.State == tocsin.CaseConfirmed) && c.WarnedAt.IsZero():
		return phaseWarn, c.TakenAt
	}
	return "", time.Time{}
}

// within is how long nobody may do it; 0 is for ever.
func (e Escalate) within(phase string) time.Duration {
	switch phase {
	case phaseTake:
		return e.After
	case phaseWarn:
		return e.WarnedAfter
	}
	return 0
}

// call brings a call up to what its case is now. It is due at once, later, or not
// at all until something is decided.
func (e Escalate) call(t store.Timer, c tocsin.Case) store.Timer {
	phase, since := missing(c, t.At)
	if phase != t.Phase || !since.Equal(t.Since) {
		t.Phase, t.Since, t.N = phase, since, 0
	}
	within := e.within(phase)
	switch {
	case within == 0 || t.N >= e.Repeat:
		t.Due = time.Time{}
	case t.N == 0:
		t.Due = since.Add(within)
	default:
		t.Due = t.Called.Add(e.After << t.N)
	}
	return t
}

// next are the timers that follow a call which was made now.
func (e Escalate) next(t store.Timer, now time.Time) []store.Timer {
	again := t
	again.N, again.Called, again.Due = t.N+1, now, time.Time{}
	if again.N < e.Repeat {
		again.Due = now.Add(e.After << again.N)
		return []store.Timer{again}
	}
	if e.Then == "" {
		return []store.Timer{again}
	}
	last := again
	last.Kind, last.Notifier, last.Under, last.Due = store.TimerLast, e.Then, t.Notifier, now.Add(e.After)
	return []store.Timer{again, last}
}

// watchOver are the timers that an accepted message sets: whoever reads it may not come.
func (b *bell) watchOver(m store.Message, msg notifier.Message, now time.Time) (out []store.Timer) {
	if b.Escalate.After <= 0 {
		return nil
	}
	for _, it := range msg.Items {
		e := it.Event
		if !msg.Silent && e.Case != "" && !e.Drill && e.Tier == tocsin.TierAlert && (e.Kind == tocsin.Appeared || e.Kind == tocsin.Reappeared) {
			out = append(out, store.Timer{Kind: store.TimerCall, Notifier: b.ID, Case: e.Case, Under: m.ID, At: now, Due: now.Add(b.Escalate.After)})
		}
	}
	return out
}

// judge says whether a timer that is due is to ring, and otherwise how it rests.
func (b *bell) judge(t store.Timer, c tocsin.Case, now time.Time) (store.Timer, bool) {
	if _, watched := b.w.current().byID[c.Person]; !watched && t.Kind != store.TimerRemind {
		t.Due = time.Time{}
		return t, false
	}
	so := true
	switch t.Kind {
	case store.TimerCall:
		t = b.Escalate.call(t, c)
		return t, !t.Due.IsZero() && !t.Due.After(now)
	case store.TimerLast:
		phase, since := missing(c, t.At)
		so = phase == t.Phase && since.Equal(t.Since)
	case store.TimerArrest:
		so = c.State == tocsin.CaseArrested
	case store.TimerDates:
		so = c.State != tocsin.CaseDismissed && c.State != tocsin.CaseClosed
		if day := t.Decision.When; t.Decision.Action == tocsin.Filed {
			so = so && c.Admissible.IsZero() && c.Filed.Equal(day)
		} else {
			so = so && c.Admissible.Equal(day)
		}
	}
	if !so {
		t.Due = time.Time{}
	}
	return t, so
}

// rung are timers that are told in one message, in the thread of another.
type rung struct {
	thread string
	timers []store.Timer
}

// timers says what is due to be said about cases. Calls in one thread are one
// message: a burst must not be followed by a burst of calls.
func (b *bell) timers(ctx context.Context, lease store.Lease) error {
	now := b.w.now().UTC()
	due, err := b.w.store.DueTimers(ctx, b.ID, now, owedLimit)
	if err != nil || len(due) == 0 {
		return err
	}
	var rest []store.Timer
	var rings []rung
	calls := map[string]int{}
	for _, t := range due {
		cases, err := b.w.store.Cases(ctx, store.CaseFilter{ID: t.Case})
		if err != nil {
			return err
		}
		t, so := b.judge(t, cases[0], now)
		if !so {
			rest = append(rest, t)
			continue
		}
		thread := ""
		above, ok, err := b.thread(ctx, t.Case)
		switch {
		case err != nil:
			return err
		case ok:
			thread = above.ID
		case t.Kind == store.TimerCall:
			thread = t.Under
		}
		if at, begun := calls[thread]; t.Kind == store.TimerCall && begun {
			rings[at].timers = append(rings[at].timers, t)
			continue
		} else if t.Kind == store.TimerCall {
			calls[thread] = len(rings)
		}
		rings = append(rings, rung{thread, []store.Timer{t}})
	}
	if err := b.w.store.Rest(ctx, lease, rest); err != nil {
		return fmt.Errorf("putting timers off: %w", err)
	}
	for _, r := range rings {
		if !b.free() {
			return nil
		}
		if err := b.ring(ctx, lease, r, now); err != nil {
			return err
		}
	}
	return nil
}

// ring says what timers have to say. That they did, and what follows from it, is
// committed with the message, before it is sent.
func (b *bell) ring(ctx context.Context, lease store.Lease, r rung, now time.Time) error {
	m := store.Message{Notifier: b.ID, Kind: kindCall, Parent: r.thread}
	if len(r.timers) == 1 {
		m.Case = r.timers[0].Case
	}
	var next []store.Timer
	for _, t := range r.timers {
		if t.Kind == store.TimerCall {
			next = append(next, b.Escalate.next(t, now)...)
		}
	}
	m, err := b.w.store.Ring(ctx, lease, m, r.timers, next)
	if err != nil {
		return fmt.Errorf("ringing a timer: %w", err)
	}
	for _, t := range r.timers {
		b.w.log.Info("said at its time", zap.String("notifier", b.ID), zap.String("what", string(t.Kind)+" "+t.Phase), zap.String("case", t.Case), zap.Int("before", t.N))
	}
	return b.send(ctx, lease, m)
}

var callWhys = map[store.TimerKind]notifier.Why{
	store.TimerArrest: notifier.Arrested, store.TimerRemind: notifier.Reminder, store.TimerDates: notifier.CommissionDue,
}

// callOf is what a message of timers says, with an item for each of its cases.
func (b *bell) callOf(ctx context.Context, m store.Message) (*notifier.Call, []notifier.Item, error) {
	timers, err := b.w.store.TimersOf(ctx, m.ID)
	if err != nil {
		return nil, nil, err
	}
	var call notifier.Call
	var items []notifier.Item
	for _, t := range timers {
		events, err := b.w.store.Events(ctx, store.EventFilter{Case: t.Case})
		if err != nil {
			return nil, nil, fmt.Errorf("reading the events of a case: %w", err)
		}
		if len(events) == 0 {
			continue
		}
		it, err := b.item(ctx, events[len(events)-1])
		if err != nil {
			return nil, nil, err
		}
		items = append(items, it)
		call.Why, call.Before, call.Since = callWhys[t.Kind], t.N, t.Since
		switch {
		case t.Phase == phaseTake:
			call.Why = notifier.NobodyHas
		case t.Phase == phaseWarn:
			call.Why = notifier.NobodyWarned
		}
		switch t.Kind {
		case store.TimerCall:
			call.Mention = b.Escalate.To
		case store.TimerLast:
			call.Mention, call.Elsewhere = b.Escalate.To, t.Under
		case store.TimerRemind:
			call.For, call.Note = t.Decision.By, t.Decision.Note
		}
	}
	return &call, items, nil
}
