package store

import (
	"errors"
	"testing"
	"time"

	"tocsin"
)

// due are the timers of a notifier that are due in a while.
func (r *rig) due(in time.Duration) []Timer {
	r.t.Helper()
	ts, err := r.DueTimers(r.ctx, "team", r.clock.Add(in), 10)
	if err != nil {
		r.t.Fatal(err)
	}
	return ts
}

func TestACallIsOneRowUntilItIsMade(t *testing.T) {
	r := newRig(t)
	e := r.tell(about(tocsin.Appeared, "p-017", "2026/1", "team"))[0]
	m := r.claim(Message{Kind: "root", Case: e.Case, Events: []string{e.ID}})
	call := Timer{Kind: TimerCall, Notifier: "team", Case: e.Case, Under: m.ID, At: r.clock, Due: r.clock.Add(time.Minute)}
	r.settle(m.ID, Settlement{State: StateSent, Ref: "1", Timers: []Timer{call, call}})
	if n := len(r.due(0)); n != 0 {
		t.Errorf("%d are due before their time", n)
	}
	ts := r.due(time.Minute)
	if len(ts) != 1 || ts[0].Under != m.ID || !ts[0].At.Equal(r.clock) {
		t.Fatalf("two calls of one case are %+v", ts)
	}
	ts[0].Phase, ts[0].Since, ts[0].Due = "take", r.clock, time.Time{}
	if err := r.Rest(r.ctx, r.lease, ts); err != nil {
		t.Fatal(err)
	}
	if n := len(r.due(time.Hour)); n != 0 {
		t.Errorf("%d are due though they sleep", n)
	}
	r.decide(e.Case, tocsin.Ack) // whatever is decided wakes it
	if ts = r.due(0); len(ts) != 1 || ts[0].Phase != "take" {
		t.Fatalf("after a decision: %+v", ts)
	}

	next := ts[0]
	next.N, next.Called, next.Due = 1, r.clock, r.clock.Add(time.Hour)
	rung, err := r.Ring(r.ctx, r.lease, Message{Notifier: "team", Kind: "call", Case: e.Case, Parent: m.ID}, ts, []Timer{next})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Ring(r.ctx, r.lease, Message{Notifier: "team", Kind: "call"}, ts, nil); !errors.Is(err, ErrTaken) {
		t.Errorf("the same call again: %v", err)
	}
	said, err := r.TimersOf(r.ctx, rung.ID)
	if err != nil || len(said) != 1 || said[0].ID != ts[0].ID {
		t.Errorf("the message tells %+v, %v", said, err)
	}
	if ts = r.due(time.Hour); len(ts) != 1 || ts[0].N != 1 || !ts[0].Called.Equal(r.clock) {
		t.Errorf("what follows: %+v", ts)
	}
	if open, err := r.OpenMessages(r.ctx, "team"); err != nil || len(open) != 1 || open[0].ID != rung.ID {
		t.Errorf("to be sent: %+v, %v", open, err)
	}
}

func TestWhatADecisionHasSaidLaterIsTakenBackWithIt(t *testing.T) {
	r := newRig(t)
	e := r.tell(about(tocsin.Appeared, "p-017", "2026/1", "team"))[0]
	m := r.claim(Message{Kind: "root", Case: e.Case, Events: []string{e.ID}})
	r.settle(m.ID, Settlement{State: StateSent, Ref: "1"})
	remind := Decision{Case: e.Case, Action: tocsin.Remind, By: "amina", Note: "why", When: r.clock.Add(time.Hour), Key: "k"}
	for range 2 {
		if _, err := r.Decide(r.ctx, remind); err != nil {
			t.Fatal(err)
		}
	}
	if ts := r.due(time.Hour); len(ts) != 1 || ts[0].Decision.By != "amina" || ts[0].Decision.Note != "why" || ts[0].Kind != TimerRemind {
		t.Fatalf("the reminder is %+v", ts)
	}
	r.decide(e.Case, tocsin.Undo)
	if ts := r.due(time.Hour); len(ts) != 0 {
		t.Errorf("after the undo: %+v", ts)
	}
	if _, err := r.Decide(r.ctx, Decision{Case: e.Case, Action: tocsin.Undo, By: "amina"}); !errors.Is(err, ErrNothingDecided) {
		t.Errorf("nothing is left to take back: %v", err)
	}
	if _, err := r.Decide(r.ctx, Decision{Case: e.Case, Action: tocsin.Filed, By: "amina"}); !errors.Is(err, ErrUndecidable) {
		t.Errorf("a request without its day: %v", err)
	}
}

// A list is behind when one of its cases moves, and has the cases that joined it.
func TestAListKnowsItsCases(t *testing.T) {
	r := newRig(t)
	es := r.tell(about(tocsin.Appeared, "p-017", "2026/1", "team"), about(tocsin.Appeared, "p-017", "2026/2", "team"), about(tocsin.Appeared, "p-017", "2026/3", "team"))
	list := r.claim(Message{Kind: "list", Events: []string{es[0].ID, es[1].ID}})
	r.settle(list.ID, Settlement{State: StateSent, Ref: "1", ShownRev: 2})
	equal(t, "stale at first", r.stale(), []string{})
	r.decide(es[1].Case, tocsin.Dismiss)
	equal(t, "stale after a decision", r.stale(), []string{list.ID})
	if err := r.Shown(r.ctx, r.lease, list.ID, 3); err != nil {
		t.Fatal(err)
	}
	equal(t, "stale once it is shown", r.stale(), []string{})

	item := r.claim(Message{Kind: "item", Case: es[2].Case, Parent: list.ID, Events: []string{es[2].ID}})
	r.settle(item.ID, Settlement{State: StateSent, Ref: "2", ShownRev: 1})
	equal(t, "stale when another joined", r.stale(), []string{list.ID})
	m, n, ok, err := r.OpenList(r.ctx, "team", r.clock.Add(-time.Hour))
	if err != nil || !ok || m.ID != list.ID || n != 3 {
		t.Errorf("the open list is %s of %d cases, %v, %v", m.ID, n, ok, err)
	}
	if _, _, ok, err := r.OpenList(r.ctx, "team", r.clock.Add(time.Hour)); ok || err != nil {
		t.Errorf("an old list is open: %v, %v", ok, err)
	}
	for _, e := range es {
		if m, ok, err := r.ListWith(r.ctx, "team", e.Case); err != nil || !ok || m.ID != list.ID {
			t.Errorf("%s is in no list: %v, %v", e.Case, ok, err)
		}
	}
	e, _ := r.send("root", "3", about(tocsin.Appeared, "p-017", "2026/4", "team"))
	own := e.Case
	alone := r.tell(about(tocsin.Appeared, "p-017", "2026/5", "team"))[0].Case
	all := []string{alone, own, es[0].Case, es[2].Case}
	for notifier, want := range map[string][2]map[string]bool{"team": {{own: true}, {es[0].Case: true, es[2].Case: true}}, "mail": {{}, {}}} {
		roots, lists, err := r.Threads(r.ctx, notifier, all)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "cases with a message of their own at "+notifier, roots, want[0])
		equal(t, "cases in a list at "+notifier, lists, want[1])
	}
	un, err := r.Unshown(r.ctx, "team", r.clock.Add(-time.Hour), 20, 10)
	if err != nil || len(un) != 2 {
		t.Errorf("without a message of their own: %+v, %v", un, err)
	}
}
