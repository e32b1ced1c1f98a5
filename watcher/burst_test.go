package watcher_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"tocsin"
	"tocsin/sim"
	"tocsin/store"
)

// told is how often each event is in the messages that a Slack took, in the
// order in which they were taken.
func told(t testing.TB, s *sim.Slack) (count map[string]int, order []string) {
	t.Helper()
	count = map[string]int{}
	for _, m := range s.Messages() {
		var d struct {
			Payload struct{ Events []string } `json:"event_payload"`
		}
		if err := json.Unmarshal(m.Metadata, &d); err != nil {
			t.Fatal(err)
		}
		for _, id := range d.Payload.Events {
			count[id]++
			order = append(order, id)
		}
	}
	return count, order
}

// burst has n appearances come at once, every fourth at alert tier, into a Slack
// that takes one message a second and asks to wait now and then. It returns the
// Slack and how long it took until all was told.
func burst(t *testing.T, n, gather int) (*sim.Slack, time.Duration) {
	c := &stillClock{t: monday}
	b, s := channel(t, "team", c.Now)
	b.Gather = gather
	h := newHall(t, []string{vardenLine}, b)
	h.clock = c
	h.start()
	var events []store.NewEvent
	for i := range n {
		tier := tocsin.TierReview
		if i%4 == 3 {
			tier = tocsin.TierAlert
		}
		events = append(events, h.appeared("p-017", i, tier))
	}
	stored := h.tell(events...)
	s.AddFault(sim.Fault{Kind: sim.TooMany, On: sim.PostMessage, After: 2, Count: 3, RetryAfter: "7"})
	s.AddFault(sim.Fault{Kind: sim.TooMany, On: sim.PostMessage, After: 15, Count: 2, RetryAfter: "30"})
	began := h.clock.Now()
	for len(h.pending()) > 0 {
		h.after(time.Second)
	}
	took := h.clock.Now().Sub(began)
	count, order := told(t, s)
	for _, e := range stored {
		if count[e.ID] != 1 {
			t.Errorf("%s was told %d times", e.ID, count[e.ID])
		}
	}
	tier := map[string]tocsin.Tier{}
	for _, e := range stored {
		tier[e.ID] = e.Tier
	}
	if first := slices.IndexFunc(order, func(id string) bool { return tier[id] == tocsin.TierReview }); first < n/4 {
		t.Errorf("a review match was told after %d of %d alerts", first, n/4)
	}
	return s, took
}

func (h *hall) pending() []store.Owed {
	h.t.Helper()
	counts, err := h.store.Counts(context.Background())
	if err != nil {
		h.t.Fatal(err)
	}
	return make([]store.Owed, counts["team"].Pending)
}

// soak is how large the long form of a test is, short unless TOCSIN_SOAK is set.
func soak(short, long int) int {
	if os.Getenv("TOCSIN_SOAK") != "" {
		return long
	}
	return short
}

func TestAThousandAlertsAtOnceAreToldOnceAtAMessageASecond(t *testing.T) {
	unlessRaced(t)
	for _, x := range []struct{ n, gather, messages, refused int }{
		{soak(200, 1000), 5, soak(5, 25), soak(3, 5)}, {soak(120, 1000), 0, soak(120, 1000), 5},
	} {
		t.Run(fmt.Sprintf("%d, gather %d", x.n, x.gather), func(t *testing.T) {
			s, took := burst(t, x.n, x.gather)
			posts, refused := 0, 0
			for _, c := range s.Calls() {
				if c.Method == sim.PostMessage {
					posts++
				}
			}
			refused = posts - len(s.Messages())
			t.Logf("%d alerts: %d messages, %d asked to wait, %s", x.n, len(s.Messages()), refused, took)
			if len(s.Messages()) != x.messages {
				t.Errorf("%d messages, want %d", len(s.Messages()), x.messages)
			}
			// So many answers were made to tell us to wait; at the pace asked for there are no others.
			if refused != x.refused {
				t.Errorf("Slack asked us to wait %d times, want %d", refused, x.refused)
			}
			if most := time.Duration(x.messages+3*7+2*30+15) * time.Second; took > most {
				t.Errorf("it took %s, more than %s", took, most)
			}
		})
	}
}

func TestRetryAfterIsObeyed(t *testing.T) {
	c := &stillClock{t: monday}
	b, s := channel(t, "team", c.Now)
	h := newHall(t, []string{vardenLine}, b)
	h.clock = c
	h.start()
	s.AddFault(sim.Fault{Kind: sim.TooMany, On: sim.PostMessage, Count: 1, RetryAfter: strconv.Itoa(90)})
	h.tell(h.appeared("p-017", 1, tocsin.TierAlert))
	h.after(89 * time.Second)
	if n := len(s.Calls()); n != 1 {
		t.Errorf("%d requests within the 90 seconds that Slack asked for", n)
	}
	h.after(2 * time.Second)
	if n := len(s.Messages()); n != 1 {
		t.Errorf("%d messages after them", n)
	}
}

func TestTwoNotifiersOfOneChannelShareItsPace(t *testing.T) {
	c := &stillClock{t: monday}
	b, s := channel(t, "team", c.Now)
	h := newHall(t, []string{vardenLine}, b, inChannel(t, "again", s, c.Now))
	h.clock = c
	h.start()
	for i := range 4 {
		h.tell(h.appeared("p-017", i, tocsin.TierAlert))
	}
	h.after(time.Minute)
	posts := 0
	for _, c := range s.Calls() {
		if c.Method == sim.PostMessage {
			posts++
		}
	}
	if n := len(s.Messages()); n != 8 || posts != 8 {
		t.Errorf("%d messages of 8 in %d posts: the others were too soon", n, posts)
	}
}

func TestAnAlertGoesBeforeWhatWasOwedEarlier(t *testing.T) {
	c := &stillClock{t: monday}
	b, s := channel(t, "team", c.Now)
	b.Gather = 0
	h := newHall(t, []string{vardenLine}, b)
	h.clock = c
	h.start()
	var events []store.NewEvent
	for i := range 30 {
		events = append(events, h.appeared("p-017", i, tocsin.TierReview))
	}
	h.tell(events...)
	h.after(5 * time.Second)
	before := len(s.Messages())
	alert := h.tell(h.appeared("p-017", 100, tocsin.TierAlert))[0]
	h.after(40 * time.Second)
	_, order := told(t, s)
	if at := slices.Index(order, alert.ID); at < 0 || at > before {
		t.Errorf("the alert is message %d, and %d were told when it came", at, before)
	}
}

func TestTheCasesOfAFirstLookFollowInItsThreadAfterWhatIsOwed(t *testing.T) {
	c := &stillClock{t: monday}
	b, s := channel(t, "team", c.Now)
	h := newHall(t, []string{vardenLine}, b)
	h.clock = c
	h.start()
	var events []store.NewEvent
	for i := range 4 {
		e := h.appeared("p-017", i, tocsin.TierReview)
		e.Kind = tocsin.Listed
		events = append(events, e)
	}
	h.tell(events...)
	h.after(1500 * time.Millisecond) // the message, and one case
	alert := h.tell(h.appeared("p-017", 9, tocsin.TierAlert))[0]
	h.stop() // and the rest is not forgotten
	h.start()
	h.after(time.Minute)
	ms := s.Messages()
	if len(ms) != 6 {
		t.Fatalf("%d messages, want the gathered one, its four cases and the alert", len(ms))
	}
	count, order := told(t, s)
	if len(count) != 5 || count[alert.ID] != 1 || order[4] != alert.ID {
		t.Errorf("told were %v", count)
	}
	inThread, last := 0, 0
	for i, m := range ms {
		if m.Thread == ms[0].TS {
			inThread++
		} else {
			last = i
		}
	}
	if inThread != 4 || last > 2 {
		t.Errorf("%d cases are in the thread, the alert is message %d", inThread, last)
	}
}

// A channel whose history cannot be read holds nothing up but the one message of
// which it is not known whether it arrived.
func TestAnUnreadableHistoryHoldsUpNoOtherAlert(t *testing.T) {
	c := &stillClock{t: monday}
	b, s := channel(t, "team", c.Now)
	h := newHall(t, []string{vardenLine}, b)
	h.clock = c
	h.start()
	s.AddFault(sim.Fault{Kind: sim.Answer, On: sim.History, Status: http.StatusOK, Body: `{"ok":false,"error":"internal_error"}`})
	s.AddFault(sim.Fault{Kind: sim.Cut, On: sim.PostMessage, Count: 1})
	h.tell(h.appeared("p-017", 1, tocsin.TierAlert))
	h.after(time.Second)
	second := h.tell(h.appeared("p-017", 2, tocsin.TierAlert))[0]
	h.after(time.Minute)
	if count, _ := told(t, s); count[second.ID] != 1 {
		t.Errorf("told were %v", count)
	}
}
