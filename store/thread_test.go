package store

import (
	"errors"
	"testing"
	"time"

	"tocsin"
)

// send tells an event of a case and settles its message as sent.
func (r *rig) send(kind, ref string, n NewEvent) (tocsin.Event, Message) {
	r.t.Helper()
	e := r.tell(n)[0]
	m := r.claim(Message{Kind: kind, Case: e.Case, Events: []string{e.ID}})
	rev := int64(0)
	if e.Case != "" {
		rev = r.oneCase(e.Case).Rev
	}
	r.settle(m.ID, Settlement{State: StateSent, Ref: ref, ShownRev: rev})
	return e, m
}

func TestACasesRootIsItsFirstMessageThatArrived(t *testing.T) {
	r := newRig(t)
	e := r.tell(about(tocsin.Listed, "p-017", "2026/1", "team"))[0]
	root := func(what, want string) {
		t.Helper()
		m, ok, err := r.Root(r.ctx, "team", e.Case)
		if err != nil || ok != (want != "") || m.ID != want {
			t.Errorf("%s: %q, %v, %v; want %q", what, m.ID, ok, err, want)
		}
	}
	root("nothing was sent", "")
	all := r.claim(Message{Kind: "gathered", Events: []string{e.ID}})
	r.settle(all.ID, Settlement{State: StateSent, Ref: "1.1"})
	r.settle(r.claim(Message{Kind: "item", Case: e.Case, Parent: all.ID}).ID, Settlement{State: StateSent, Ref: "1.2"})
	root("told in a gathered message alone", "")
	failed := r.claim(Message{Kind: "root", Case: e.Case, Events: []string{r.tell(about(tocsin.Changed, "p-017", "2026/1", "team"))[0].ID}})
	root("a root is being sent", "")
	r.settle(failed.ID, Settlement{State: StateFailed})
	root("a root was given up", "")
	r.clock = r.clock.Add(time.Second)
	_, first := r.send("root", "1.3", about(tocsin.Changed, "p-017", "2026/1", "team"))
	root("a root arrived", first.ID)
	r.clock = r.clock.Add(time.Second)
	r.send("reply", "1.4", about(tocsin.Changed, "p-017", "2026/1", "team"))
	r.send("root", "1.5", about(tocsin.Changed, "p-017", "2026/1", "team"))
	r.send("root", "1.6", about(tocsin.Changed, "p-009", "2026/1", "team"))
	root("later ones do not take its place", first.ID)
	if _, ok, err := r.Root(r.ctx, "mail", e.Case); ok || err != nil {
		t.Error("another notifier's root was given", err)
	}
}

func TestARecoveryFindsTheAlarmOfItsOutage(t *testing.T) {
	r := newRig(t)
	_, first := r.send("sight", "1.1", sight(tocsin.Blind, 1, "team"))
	r.send("sight", "1.2", sight(tocsin.Recovered, 1, "team"))
	_, second := r.send("sight", "1.3", sight(tocsin.Blind, 2, "team"))
	unsent := r.tell(sight(tocsin.Blind, 3, "team"))[0]
	r.claim(Message{Kind: "sight", Events: []string{unsent.ID}})
	for _, c := range []struct {
		notifier, source string
		outage           int
		want             string
	}{
		{"team", "red", 1, first.ID}, {"team", "red", 2, second.ID}, {"team", "red", 3, ""}, {"team", "red", 4, ""}, {"team", "un", 1, ""}, {"mail", "red", 1, ""},
	} {
		m, ok, err := r.SightMessage(r.ctx, c.notifier, c.source, c.outage)
		if err != nil || m.ID != c.want || ok != (c.want != "") {
			t.Errorf("%+v: %q, %v, %v", c, m.ID, ok, err)
		}
	}
}

func TestALivingMessageIsBehindUntilItShowsItsCaseAsItIs(t *testing.T) {
	r := newRig(t)
	none := []string{}
	e, root := r.send("root", "1.1", about(tocsin.Appeared, "p-017", "2026/1", "team"))
	equal(t, "just sent", r.stale(), none)
	shown := func() {
		t.Helper()
		if err := r.Shown(r.ctx, r.lease, root.ID, r.oneCase(e.Case).Rev); err != nil {
			t.Fatal(err)
		}
		equal(t, "shown", r.stale(), none)
	}
	for what, move := range map[string]func(){
		"a later event": func() { r.tell(about(tocsin.Changed, "p-017", "2026/1")) },
		"a decision":    func() { r.decide(e.Case, tocsin.Dismiss) },
		"a skipped one": func() {
			r.decide(e.Case, tocsin.Dismiss)
			shown()
			r.tell(about(tocsin.Disappeared, "p-017", "2026/1", "team"))
		},
		"another score": func() {
			_, err := r.Screen(r.ctx, Screening{Scores: []CaseScore{{Case: e.Case, Score: 0.61}}})
			noError(t, err)
		},
		"two things":     func() { r.decide(e.Case, tocsin.Reopen); r.tell(about(tocsin.Changed, "p-017", "2026/1")) },
		"a reply's turn": func() { r.send("reply", "1.2", about(tocsin.Changed, "p-017", "2026/1", "team")) },
	} {
		move()
		equal(t, "after "+what, r.stale(), []string{root.ID})
		shown()
	}
	r.tell(about(tocsin.Changed, "p-009", "2026/1"))
	equal(t, "after another case's event", r.stale(), none)
}

func noError(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
}

func TestAMessageIsBehindIfItsCaseMovedWhileItWasOnItsWay(t *testing.T) {
	r := newRig(t)
	e := r.tell(about(tocsin.Listed, "p-017", "2026/1", "team"))[0]
	rev := r.oneCase(e.Case).Rev
	m := r.claim(Message{Kind: "item", Case: e.Case})
	r.decide(e.Case, tocsin.Ack)
	equal(t, "before it arrived", r.stale(), []string{})
	r.settle(m.ID, Settlement{State: StateSent, Ref: "1.1", ShownRev: rev})
	equal(t, "when it arrived", r.stale(), []string{m.ID})
	r.decide(e.Case, tocsin.Dismiss)
	if err := r.Shown(r.ctx, r.lease, m.ID, rev+1); err != nil {
		t.Fatal(err)
	}
	equal(t, "brought to a revision that is old by now", r.stale(), []string{m.ID})
	for _, rev := range []int64{rev + 2, rev} {
		if err := r.Shown(r.ctx, r.lease, m.ID, rev); err != nil {
			t.Fatal(err)
		}
	}
	equal(t, "brought up to date, with a late answer behind", r.stale(), []string{})
	if err := r.Shown(r.ctx, r.lease, "m_unknown", 1); !errors.Is(err, ErrNoMessage) {
		t.Errorf("an unknown message: %v", err)
	}
}

func TestAMessageThatArrivedIsBehindUnlessItShowsItsCaseAsItIs(t *testing.T) {
	for what, c := range map[string]struct {
		ahead int64 // of the case's revision at the claim
		want  int
	}{
		"found in the channel, nobody knows what it shows": {-1, 1},
		"rendered after the case had moved":                {1, 0},
	} {
		r := newRig(t)
		e := r.tell(about(tocsin.Appeared, "p-017", "2026/1", "team"))[0]
		m := r.claim(Message{Kind: "root", Case: e.Case, Events: []string{e.ID}})
		rev := r.oneCase(e.Case).Rev + c.ahead
		if c.ahead > 0 {
			r.decide(e.Case, tocsin.Ack)
		}
		r.settle(m.ID, Settlement{State: StateSent, Ref: "1.1", ShownRev: rev})
		if got := r.stale(); len(got) != c.want {
			t.Errorf("%s: %d are behind, want %d", what, len(got), c.want)
		}
	}
}

func TestWhatCannotBeReferredToOrIsAReplyIsNotBroughtUpToDate(t *testing.T) {
	r := newRig(t)
	e, _ := r.send("root", "", about(tocsin.Appeared, "p-017", "2026/1", "team"))
	r.send("reply", "1.2", about(tocsin.Changed, "p-017", "2026/1", "team"))
	r.decide(e.Case, tocsin.Ack)
	equal(t, "stale", r.stale(), []string{})
}

func TestTheOldestMessagesAreBroughtUpToDateFirst(t *testing.T) {
	r := newRig(t)
	var want []string
	for _, person := range []string{"p-001", "p-002", "p-003"} {
		e, m := r.send("root", person, about(tocsin.Appeared, person, "2026/1", "team"))
		r.decide(e.Case, tocsin.Ack)
		want = append(want, m.ID)
		r.clock = r.clock.Add(time.Second)
	}
	equal(t, "all", r.stale(), want)
	two, err := r.Stale(r.ctx, "team", 2)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "two", ids(two), want[:2])
}
