package store

import (
	"errors"
	"testing"
	"time"

	"tocsin"
)

func TestAMessageIsKnownToBeTriedBeforeItIs(t *testing.T) {
	r := newRig(t)
	es := r.tell(about(tocsin.Appeared, "p-017", "2026/1", "mail", "team"), about(tocsin.Appeared, "p-009", "2026/2", "team"))
	m := r.claim(Message{Kind: "gathered", Parent: "m_0", Events: []string{es[1].ID, es[0].ID}})
	kept, err := r.Messages(r.ctx, m.ID)
	if err != nil || len(kept) != 1 {
		t.Fatal(kept, err)
	}
	equal(t, "the message", kept[0], m)
	equal(t, "it", m, Message{
		ID: m.ID, Notifier: "team", Parent: "m_0", Kind: "gathered", State: StateSending, Attempts: 1, TriedAt: r.clock, CreatedAt: r.clock,
		Events: []string{es[1].ID, es[0].ID}, Due: r.clock,
	})
	for i, want := range []int{0, 1} { // mail, team
		if d := r.event(es[0].ID).Deliveries[i]; d.Attempts != want || d.State != tocsin.Pending {
			t.Errorf("%+v", d)
		}
	}
}

func TestAnEventIsInOneMessageAtMost(t *testing.T) {
	r := newRig(t)
	skipped := about(tocsin.Appeared, "p-009", "2026/2", "team")
	skipped.Deliveries[0].State = tocsin.Skipped
	es := r.tell(about(tocsin.Appeared, "p-017", "2026/1", "team"), skipped, about(tocsin.Appeared, "p-044", "2026/3", "mail"), about(tocsin.Appeared, "p-050", "2026/4", "team"))
	r.claim(Message{Events: []string{es[0].ID}})
	for what, events := range map[string][]string{
		"in an open message": {es[0].ID}, "skipped": {es[1].ID}, "owed to another notifier": {es[2].ID}, "unknown": {"e_unknown"}, "named twice": {es[3].ID, es[3].ID},
	} {
		if _, err := r.Claim(r.ctx, r.lease, Message{Notifier: "team", Events: events}); !errors.Is(err, ErrTaken) {
			t.Errorf("an event %s: %v, want ErrTaken", what, err)
		}
	}
	m := r.claim(Message{Events: []string{es[3].ID}})
	for _, x := range []Settlement{{State: StateSent}, {State: StateSent}} {
		r.settle(m.ID, x)
		if _, err := r.Claim(r.ctx, r.lease, Message{Notifier: "team", Events: []string{es[3].ID}}); !errors.Is(err, ErrTaken) {
			t.Errorf("an event that was sent: %v, want ErrTaken", err)
		}
	}
}

func TestAnotherAttemptKeepsTheMessageAsItWas(t *testing.T) {
	r := newRig(t)
	e := r.tell(about(tocsin.Appeared, "p-017", "2026/1", "team"))[0]
	first := r.claim(Message{Kind: "root", Case: e.Case, Events: []string{e.ID}})
	r.settle(first.ID, Settlement{State: StateUnknown, Why: "cut", Due: r.clock})
	r.clock = r.clock.Add(time.Minute)
	second := r.claim(Message{ID: first.ID, Repeat: true, Kind: "other", Case: "c_other", Events: []string{"e_other"}})
	r.settle(first.ID, Settlement{State: StateRetry, Why: "not now", Due: r.clock})
	third := r.claim(Message{ID: first.ID})
	want := first
	want.Attempts, want.TriedAt, want.Due, want.Repeat, want.Why = 2, r.clock, r.clock, true, "cut"
	equal(t, "the second attempt", second, want)
	want.Attempts, want.Why = 3, "not now"
	equal(t, "the third: what may have arrived once may have for ever", third, want)
	if d := r.event(e.ID).Deliveries[0]; d.Attempts != 3 {
		t.Errorf("the delivery is %+v", d)
	}
	if _, err := r.Claim(r.ctx, r.lease, Message{ID: "m_unknown", Notifier: "team"}); !errors.Is(err, ErrNoMessage) {
		t.Errorf("an unknown message: %v", err)
	}
}

func TestAMessageMayCarryNoEvent(t *testing.T) {
	r := newRig(t)
	e := r.tell(about(tocsin.Listed, "p-017", "2026/1", "team"))[0]
	m := r.claim(Message{Kind: "item", Case: e.Case})
	if m.Events == nil || len(m.Events) != 0 {
		t.Errorf("its events are %#v, which would choose all of them", m.Events)
	}
	r.settle(m.ID, Settlement{State: StateSent, Ref: "1.1"})
	if d := r.event(e.ID).Deliveries[0]; d.State != tocsin.Pending || d.Attempts != 0 {
		t.Errorf("the case's event is %+v", d)
	}
}

func TestASettlementIsWhatBecomesOfTheDeliveries(t *testing.T) {
	at, due := time.Date(2026, 5, 3, 9, 0, 0, 0, time.UTC), time.Date(2026, 5, 3, 9, 5, 0, 0, time.UTC)
	for _, c := range []struct {
		say      Settlement
		delivery tocsin.Delivery
		message  Message
		next     time.Time
	}{
		{Settlement{State: StateSent, At: at, Ref: "1.1", ShownRev: 7, Why: "x", Due: due}, tocsin.Delivery{State: tocsin.Sent, At: at}, Message{State: StateSent, Ref: "1.1", ShownRev: 7}, time.Time{}},
		{Settlement{State: StateFailed, At: at, Why: "refused", Due: due}, tocsin.Delivery{State: tocsin.Failed, At: at, Why: "refused"}, Message{State: StateFailed, Why: "refused"}, time.Time{}},
		{Settlement{State: StateRetry, At: at, Why: "busy", Due: due}, tocsin.Delivery{State: tocsin.Pending, Why: "busy"}, Message{State: StateRetry, Why: "busy", Due: due}, due},
		{Settlement{State: StateUnknown, At: at, Why: "cut", Due: due}, tocsin.Delivery{State: tocsin.Pending, Why: "cut"}, Message{State: StateUnknown, Why: "cut", Due: due}, due},
	} {
		t.Run(string(c.say.State), func(t *testing.T) {
			r := newRig(t)
			es := r.tell(about(tocsin.Appeared, "p-017", "2026/1", "team", "mail"), about(tocsin.Appeared, "p-009", "2026/2", "team"))
			m := r.claim(Message{Kind: "gathered", Events: []string{es[0].ID, es[1].ID}})
			r.settle(m.ID, c.say)
			for _, e := range es {
				c.delivery.Notifier, c.delivery.Attempts = "team", 1
				equal(t, "the delivery", r.event(e.ID).Deliveries[0], c.delivery)
			}
			equal(t, "the other notifier's", r.event(es[0].ID).Deliveries[1], tocsin.Delivery{Notifier: "mail", State: tocsin.Pending})
			kept, err := r.Messages(r.ctx, m.ID)
			if err != nil {
				t.Fatal(err)
			}
			want := m
			want.State, want.Ref, want.ShownRev, want.Why, want.Due = c.message.State, c.message.Ref, c.message.ShownRev, c.message.Why, c.message.Due
			equal(t, "the message", kept[0], want)
			next, some, err := r.NextDue(r.ctx, "team")
			if err != nil || some == c.next.IsZero() || !next.Equal(c.next) {
				t.Errorf("next due: %v, %v, %v", next, some, err)
			}
			left, err := r.Owed(r.ctx, "team", due, 10)
			if err != nil || len(left) != 0 {
				t.Errorf("owed beside the message: %+v, %v", left, err)
			}
		})
	}
}

func TestWhatIsGivenUpIsAlarmedInTheSameTransaction(t *testing.T) {
	r := newRig(t)
	e := r.tell(about(tocsin.Appeared, "p-017", "2026/1", "team", "mail"))[0]
	m := r.claim(Message{Kind: "root", Case: e.Case, Events: []string{e.ID}})
	alarm := NewEvent{Event: tocsin.Event{Kind: tocsin.Undelivered, Notifier: "team", Events: []string{e.ID}}, Deliveries: owed("mail")}
	give := Settlement{State: StateFailed, Why: "channel_not_found", Events: []NewEvent{alarm}}
	r.settle(m.ID, give)
	r.settle(m.ID, give) // said twice, alarmed once
	owed, err := r.Owed(r.ctx, "mail", r.clock, 10)
	if err != nil || len(owed) != 2 {
		t.Fatal(owed, err)
	}
	if u := owed[1].Event; u.Kind != tocsin.Undelivered || u.Notifier != "team" || u.Events[0] != e.ID || u.Occurrence != 1 || u.At != r.clock {
		t.Errorf("the alarm is %+v", u)
	}
	counts, err := r.Counts(r.ctx)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "counts", counts, map[string]Count{"team": {Failed: 1}, "mail": {Pending: 2}})
}

func TestAMessageIsSettledOnce(t *testing.T) {
	r := newRig(t)
	sent, failed := Settlement{State: StateSent, Ref: "1.1"}, Settlement{State: StateFailed}
	for _, c := range []struct {
		name          string
		first, second Settlement
		want          error
	}{
		{"sent twice", sent, sent, nil},
		{"sent as two", sent, Settlement{State: StateSent, Ref: "2.2"}, ErrSettled},
		{"sent, then failed", sent, failed, ErrSettled},
		{"sent, then unknown", sent, Settlement{State: StateUnknown}, ErrSettled},
		{"failed twice", failed, failed, nil},
		{"failed, then sent", failed, sent, ErrSettled},
		{"failed, then to be tried again", failed, Settlement{State: StateRetry}, ErrSettled},
		{"unknown, then sent", Settlement{State: StateUnknown}, sent, nil},
		{"unknown, then unknown", Settlement{State: StateUnknown}, Settlement{State: StateUnknown}, nil},
	} {
		e := r.tell(about(tocsin.Changed, "p-017", "2026/1", "team"))[0]
		m := r.claim(Message{Events: []string{e.ID}})
		r.settle(m.ID, c.first)
		before := r.dump()
		err := r.Settle(r.ctx, r.lease, m.ID, c.second)
		if !errors.Is(err, c.want) || (c.want == nil) != (err == nil) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
		if c.want != nil {
			equal(t, c.name+": the ledger", r.dump(), before)
			if _, err := r.Claim(r.ctx, r.lease, Message{ID: m.ID, Notifier: "team"}); !errors.Is(err, ErrSettled) {
				t.Errorf("%s: claimed again: %v", c.name, err)
			}
		}
	}
	if err := r.Settle(r.ctx, r.lease, "m_unknown", sent); !errors.Is(err, ErrNoMessage) {
		t.Errorf("an unknown message: %v", err)
	}
	m := r.claim(Message{Kind: "item"})
	if err := r.Settle(r.ctx, r.lease, m.ID, Settlement{State: StateSending}); err == nil {
		t.Error("settled as being sent")
	}
}

func TestALateHolderCanNeitherClaimNorSettleNorUpdate(t *testing.T) {
	for name, lose := range map[string]func(*rig){
		"its lease ran out":            func(r *rig) { r.clock = r.lease.Until },
		"another took it over":         func(r *rig) { r.clock = r.lease.Until; r.acquire("other") },
		"it let go of it":              func(r *rig) { _ = r.Release(r.ctx, r.lease) },
		"it took it again after a gap": func(r *rig) { r.clock = r.lease.Until; r.acquire("holder") },
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			es := r.tell(about(tocsin.Appeared, "p-017", "2026/1", "team"), about(tocsin.Appeared, "p-009", "2026/2", "team"))
			m := r.claim(Message{Events: []string{es[0].ID}})
			lose(r)
			before := r.dump()
			_, claim := r.Claim(r.ctx, r.lease, Message{Notifier: "team", Events: []string{es[1].ID}})
			for what, err := range map[string]error{
				"claim": claim, "settle": r.Settle(r.ctx, r.lease, m.ID, Settlement{State: StateSent}), "shown": r.Shown(r.ctx, r.lease, m.ID, 9),
			} {
				if !errors.Is(err, ErrFenced) {
					t.Errorf("%s: %v, want ErrFenced", what, err)
				}
			}
			equal(t, "the ledger", r.dump(), before)
		})
	}
}

func TestOpenMessagesAreThoseOfWhichMoreIsToBeDone(t *testing.T) {
	r := newRig(t)
	want := map[string]MessageState{}
	for _, s := range []MessageState{StateSending, StateRetry, StateUnknown, StateSent, StateFailed} {
		m := r.claim(Message{Events: []string{r.tell(about(tocsin.Changed, "p-017", "2026/1", "team"))[0].ID}})
		if s != StateSending {
			r.settle(m.ID, Settlement{State: s})
		}
		want[m.ID] = s
		r.clock = r.clock.Add(time.Second)
	}
	open, err := r.OpenMessages(r.ctx, "team")
	if err != nil || len(open) != 3 {
		t.Fatal(open, err)
	}
	for i, m := range open {
		state := want[m.ID]
		if state == StateSending {
			state = StateUnknown // whoever sent it is gone, or its outcome would be known
		}
		if m.State != state || len(m.Events) != 1 || (i > 0 && m.CreatedAt.Before(open[i-1].CreatedAt)) {
			t.Errorf("%d: %+v, want %s", i, m, state)
		}
	}
	if open, err := r.OpenMessages(r.ctx, "mail"); err != nil || len(open) != 0 {
		t.Error(open, err)
	}
}
