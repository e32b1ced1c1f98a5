package store

import (
	"errors"
	"testing"
	"time"

	"tocsin"
)

func TestTheLastAttemptIsKnownOfEachNotifier(t *testing.T) {
	r := newRig(t)
	if at, err := r.LastTried(r.ctx, "team"); err != nil || !at.IsZero() {
		t.Errorf("before any: %v, %v", at, err)
	}
	es := r.tell(about(tocsin.Appeared, "p-017", "2026/1", "team"), about(tocsin.Appeared, "p-009", "2026/2", "team"))
	r.claim(Message{Events: []string{es[0].ID}})
	r.clock = r.clock.Add(time.Second)
	r.claim(Message{Events: []string{es[1].ID}})
	for notifier, want := range map[string]time.Time{"team": r.clock, "mail": {}} {
		if at, err := r.LastTried(r.ctx, notifier); err != nil || !at.Equal(want) {
			t.Errorf("%s: %v, %v, want %v", notifier, at, err, want)
		}
	}
}

func TestWhatAWrongClockPutOffIsRecalled(t *testing.T) {
	r := newRig(t)
	es := r.tell(about(tocsin.Appeared, "p-017", "2026/1", "team"), about(tocsin.Appeared, "p-009", "2026/2", "team"))
	far, near := r.claim(Message{Events: []string{es[0].ID}}), r.claim(Message{Events: []string{es[1].ID}})
	r.settle(far.ID, Settlement{State: StateRetry, Due: r.clock.Add(24 * time.Hour)})
	r.settle(near.ID, Settlement{State: StateUnknown, Due: r.clock.Add(time.Minute)})
	if err := r.Recall(r.ctx, "team", r.clock.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	ms, err := r.Messages(r.ctx, far.ID, near.ID)
	if err != nil || !ms[0].Due.Equal(r.clock) || !ms[1].Due.Equal(r.clock.Add(time.Minute)) {
		t.Errorf("%+v, %v", ms, err)
	}
}

func TestDigestsOfAWrongClockEndNowInTheirOrder(t *testing.T) {
	r := newRig(t)
	start := r.clock
	if err := r.BeginDigests(r.ctx, "team", start); err != nil {
		t.Fatal(err)
	}
	last := start
	for _, d := range []time.Duration{time.Hour, 24 * time.Hour, 25 * time.Hour} {
		if _, err := r.OpenDigest(r.ctx, r.lease, Digest{Notifier: "team", Since: last, Until: start.Add(d)}, "digest", nil, false); err != nil {
			t.Fatal(err)
		}
		last = start.Add(d)
	}
	now := start.Add(2 * time.Hour)
	for range 2 { // doing it twice is doing it once
		if err := r.EndDigests(r.ctx, "team", now); err != nil {
			t.Fatal(err)
		}
	}
	d, ok, err := r.LastDigest(r.ctx, "team")
	if err != nil || !ok || !d.Until.Equal(now) || d.Since.After(d.Until) {
		t.Errorf("%+v, %v", d, err)
	}
	if _, err := r.OpenDigest(r.ctx, r.lease, Digest{Notifier: "team", Since: now, Until: start.Add(24 * time.Hour)}, "digest", nil, false); err != nil {
		t.Errorf("the true hour comes: %v", err)
	}
}

func TestALostMessageIsNoRootAndIsBroughtUpToDateNoMore(t *testing.T) {
	r := newRig(t)
	e := r.tell(about(tocsin.Appeared, "p-017", "2026/1", "team"))[0]
	m := r.claim(Message{Kind: "root", Case: e.Case, Events: []string{e.ID}})
	r.settle(m.ID, Settlement{State: StateSent, Ref: "1", ShownRev: 0})
	if _, ok, err := r.Root(r.ctx, "team", e.Case); err != nil || !ok {
		t.Fatal(ok, err)
	}
	old := r.lease
	old.Fence--
	if err := r.Lose(r.ctx, old, m.ID); !errors.Is(err, ErrFenced) {
		t.Errorf("by a late holder: %v", err)
	}
	if err := r.Lose(r.ctx, r.lease, "m_unknown"); !errors.Is(err, ErrNoMessage) {
		t.Errorf("a message that is not there: %v", err)
	}
	if err := r.Lose(r.ctx, r.lease, m.ID); err != nil {
		t.Fatal(err)
	}
	_, ok, err := r.Root(r.ctx, "team", e.Case)
	stale, err2 := r.Stale(r.ctx, "team", 10)
	if ok || len(stale) != 0 || err != nil || err2 != nil {
		t.Errorf("root %v, stale %v, %v, %v", ok, stale, err, err2)
	}
	if es := r.event(e.ID); es.Deliveries[0].State != tocsin.Sent {
		t.Errorf("its delivery is %s", es.Deliveries[0].State)
	}
}
