package watcher_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"tocsin"
	"tocsin/sim"
	"tocsin/store"
)

// about is what happened next to the n-th notice of a person.
func (h *hall) about(kind tocsin.EventKind, person string, n int) store.NewEvent {
	e := h.appeared(person, n, tocsin.TierAlert).Event
	e.Kind = kind
	return h.Owed(e, nil)
}

func slackHall(t *testing.T) (*hall, *sim.Slack) {
	c := &stillClock{t: monday}
	b, s := channel(t, "team", c.Now)
	b.Gather = 0
	h := newHall(t, []string{vardenLine}, b)
	h.clock = c
	h.start()
	return h, s
}

// threads are the ts of the messages that each message replies to, "" for none.
func threads(s *sim.Slack) (ts, thread []string) {
	for _, m := range s.Messages() {
		ts, thread = append(ts, m.TS), append(thread, m.Thread)
	}
	return ts, thread
}

// Somebody takes a case's message away. What happens next is told all the same,
// by itself, and what happens then has a message to stand under again.
func TestACaseWhoseMessageWasTakenAwayBeginsANewOne(t *testing.T) {
	h, s := slackHall(t)
	h.tell(h.about(tocsin.Appeared, "p-017", 1))
	h.after(5 * time.Second)
	ts, _ := threads(s)
	if len(ts) != 1 || !s.Delete("C0HALL", ts[0]) {
		t.Fatalf("%d messages", len(ts))
	}
	s.AddFault(sim.Fault{Kind: sim.TooMany, On: sim.UpdateMessage}) // the replies alone must show it
	for _, k := range []tocsin.EventKind{tocsin.Changed, tocsin.Disappeared, tocsin.Reappeared} {
		h.tell(h.about(k, "p-017", 1))
		h.after(5 * time.Second)
	}
	ts, thread := threads(s)
	if len(ts) != 3 || thread[0] != "" || thread[1] != "" || thread[2] != ts[1] {
		t.Errorf("the threads are %q of %q; want the second by itself, the third as a new root, the fourth under it", thread, ts)
	}
	if count, _ := told(t, s); len(count) != 3 {
		t.Errorf("told were %v", count)
	}
}

// The update of a message that is gone shows it too.
func TestAnUpdateThatFindsNoMessageBeginsANewOneToo(t *testing.T) {
	h, s := slackHall(t)
	e := h.tell(h.about(tocsin.Appeared, "p-017", 1))[0]
	h.after(5 * time.Second)
	ts, _ := threads(s)
	s.Delete("C0HALL", ts[0])
	if _, err := h.store.Decide(context.Background(), store.Decision{Case: e.Case, Action: tocsin.Ack, By: "amina", At: h.clock.Now()}); err != nil {
		t.Fatal(err)
	}
	h.after(5 * time.Second)
	h.tell(h.about(tocsin.Changed, "p-017", 1))
	h.after(5 * time.Second)
	h.tell(h.about(tocsin.Disappeared, "p-017", 1))
	h.after(5 * time.Second)
	ts, thread := threads(s)
	if len(ts) != 2 || thread[0] != "" || thread[1] != ts[0] {
		t.Errorf("the threads are %q of %q", thread, ts)
	}
	if b := string(s.Messages()[0].Blocks); !strings.Contains(b, "amina") {
		t.Errorf("the new message does not show who has the case: %s", b)
	}
}

// A message a second, also where the daemon ends between two.
func TestThePaceHoldsOverARestart(t *testing.T) {
	h, s := slackHall(t)
	for i := range 6 {
		h.tell(h.appeared("p-017", i, tocsin.TierAlert))
	}
	for range 6 {
		if _, err := h.DrainBell(context.Background(), "team"); err != nil {
			t.Fatal(err)
		}
		h.stop()
		h.start()
	}
	if n := len(s.Messages()); n != 1 {
		t.Errorf("%d messages in no time", n)
	}
	h.after(10 * time.Second)
	posts := 0
	for _, c := range s.Calls() {
		if c.Method == sim.PostMessage {
			posts++
		}
	}
	if n := len(s.Messages()); n != 6 || posts != 6 {
		t.Errorf("%d messages of 6 in %d posts: the others were too soon", n, posts)
	}
}
