package watcher_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"tocsin"
	"tocsin/notifier"
	"tocsin/sim"
	"tocsin/store"
)

// calls counts a Slack's requests of one method.
func calls(s *sim.Slack, method sim.Part) (n int) {
	for _, c := range s.Calls() {
		if c.Method == method {
			n++
		}
	}
	return n
}

func TestAMessageThatArrivedUnheardIsFoundAndNotSentAgain(t *testing.T) {
	h, s := slackHall(t)
	s.AddFault(sim.Fault{Kind: sim.Lost, On: sim.PostMessage, Count: 3})
	for i := range 3 {
		h.tell(h.appeared("p-017", i, tocsin.TierAlert))
	}
	h.after(30 * time.Second)
	if p, m := calls(s, sim.PostMessage), len(s.Messages()); p != 3 || m != 3 {
		t.Errorf("%d posts, %d messages, want 3 of each", p, m)
	}
	h.tell(h.about(tocsin.Changed, "p-017", 0)) // what was found has a place to reply to
	h.after(10 * time.Second)
	ts, thread := threads(s)
	if len(ts) != 4 || thread[3] == "" {
		t.Errorf("the threads are %q of %q", thread, ts)
	}
}

func TestOnePassLooksForAllThatIsUnknown(t *testing.T) {
	h, s := slackHall(t)
	s.AddFault(sim.Fault{Kind: sim.Lost, On: sim.PostMessage, Count: 3})
	remove := s.AddFault(sim.Fault{Kind: sim.Cut, On: sim.History})
	for i := range 3 {
		h.tell(h.appeared("p-017", i, tocsin.TierAlert))
	}
	h.after(time.Minute)
	remove()
	before := calls(s, sim.History)
	h.after(time.Minute)
	if n := calls(s, sim.History) - before; n != 1 {
		t.Errorf("the history was read %d times for three messages", n)
	}
	if n := len(s.Messages()); n != 3 || len(h.pending()) != 0 {
		t.Errorf("%d messages, %d owed", n, len(h.pending()))
	}
}

func TestAMessageThatIsAbsentTwiceIsSentAgainUnderItsID(t *testing.T) {
	h, s := slackHall(t)
	s.AddFault(sim.Fault{Kind: sim.Cut, On: sim.PostMessage, Count: 1}) // never taken
	h.tell(h.appeared("p-017", 1, tocsin.TierAlert))
	h.after(9 * time.Second)
	if p, r := calls(s, sim.PostMessage), calls(s, sim.History); p != 1 || r != 1 {
		t.Errorf("before ten seconds: %d posts and %d reads, want one of each", p, r)
	}
	h.after(30 * time.Second)
	var ids []string
	for _, c := range s.Calls() {
		if c.Method == sim.PostMessage {
			ids = append(ids, c.Form.Get("metadata"))
		}
	}
	if len(ids) != 2 || ids[0] != ids[1] || calls(s, sim.History) != 2 {
		t.Errorf("posts %q after %d reads", ids, calls(s, sim.History))
	}
	if m := s.Messages(); len(m) != 1 || strings.Contains(strings.ToLower(m[0].Text), "possible repeat") {
		t.Errorf("%d messages, or one marked as a repeat although it is none", len(m))
	}
}

func TestAReplyIsLookedForInItsThread(t *testing.T) {
	h, s := slackHall(t)
	h.tell(h.appeared("p-017", 1, tocsin.TierAlert))
	h.after(5 * time.Second)
	s.AddFault(sim.Fault{Kind: sim.Lost, On: sim.PostMessage, Count: 1})
	h.tell(h.about(tocsin.Changed, "p-017", 1))
	h.after(time.Minute)
	if n := len(s.Messages()); n != 2 || calls(s, sim.Replies) == 0 || len(h.pending()) != 0 {
		t.Errorf("%d messages, %d reads of the thread, %d owed", n, calls(s, sim.Replies), len(h.pending()))
	}
}

// Where the history cannot be read either, the message goes out again after five
// minutes and says that it may be a repeat; not ever again at that pace, for all
// of them may have arrived.
func TestWithoutAHistoryAMessageIsRepeatedSeldomAndMarked(t *testing.T) {
	h, s := slackHall(t)
	down := http.StatusServiceUnavailable
	s.AddFault(sim.Fault{Kind: sim.Status, Status: down, On: sim.PostMessage, Done: true}) // taken, every time
	s.AddFault(sim.Fault{Kind: sim.Status, Status: down, On: sim.History})
	h.tell(h.appeared("p-017", 1, tocsin.TierAlert))
	h.after(4*time.Minute + 50*time.Second)
	if n := len(s.Messages()); n != 1 {
		t.Errorf("%d messages within five minutes", n)
	}
	h.after(time.Minute)
	m := s.Messages()
	if len(m) != 2 || string(m[0].Metadata) != string(m[1].Metadata) || strings.Contains(strings.ToLower(m[0].Text), "possible repeat") || !strings.Contains(strings.ToLower(m[1].Text), "possible repeat") {
		t.Fatalf("%d messages after five minutes: %+v", len(m), m)
	}
	h.after(time.Hour)
	if n := len(s.Messages()); n > 5 {
		t.Errorf("%d messages about one event after an hour", n)
	}
	if n := calls(s, sim.History); n > 500 {
		t.Errorf("the history was asked for %d times in an hour", n)
	}
	s.ClearFaults()
	h.after(10 * time.Minute)
	if len(h.pending()) != 0 {
		t.Error("what can be found now is still owed")
	}
}

func TestAnUpdateIsRepeatedUntilItShowsTheCaseAsItIs(t *testing.T) {
	h, s := slackHall(t)
	e := h.tell(h.appeared("p-017", 1, tocsin.TierAlert))[0]
	h.after(5 * time.Second)
	s.AddFault(sim.Fault{Kind: sim.Lost, On: sim.UpdateMessage, Count: 2})
	s.AddFault(sim.Fault{Kind: sim.TooMany, On: sim.UpdateMessage, Count: 1, RetryAfter: "3"})
	for _, by := range []string{"amina", "boris"} {
		if _, err := h.store.Decide(context.Background(), store.Decision{Case: e.Case, Action: tocsin.Ack, By: by, At: h.clock.Now()}); err != nil {
			t.Fatal(err)
		}
	}
	h.after(time.Minute)
	m := s.Messages()
	if len(m) != 1 || !strings.Contains(string(m[0].Blocks), "boris") {
		t.Errorf("%d messages; the case's shows %s", len(m), m[0].Blocks)
	}
	n := calls(s, sim.UpdateMessage)
	h.after(time.Hour)
	if more := calls(s, sim.UpdateMessage) - n; n > 4 || more != 0 {
		t.Errorf("%d updates, and %d more when all was shown", n, more)
	}
}

// fence is a notifier of which another process takes the lease while a message
// is on its way.
type fence struct {
	*inbox
	during func()
}

func (f fence) Send(ctx context.Context, m notifier.Message) (notifier.Result, error) {
	res, err := f.inbox.Send(ctx, m)
	f.during()
	return res, err
}

func (f fence) Find(_ context.Context, _ time.Time, _ string, ids []string) (map[string]string, error) {
	found := map[string]string{}
	for _, m := range f.messages() {
		for _, id := range ids {
			if m.ID == id {
				found[id] = "ref-" + id
			}
		}
	}
	return found, nil
}

// A holder that comes back after its lease has passed on cannot settle; what it
// sent is looked for by whoever has the lease then, not sent again.
func TestALateHolderSettlesNothingAndItsMessageIsFound(t *testing.T) {
	var h *hall
	taken := false
	b := bellOf("team", fence{newInbox(), func() {
		if taken {
			return
		}
		taken = true
		h.clock.set(h.clock.Now().Add(time.Minute))
		if _, ok, err := h.store.Acquire(context.Background(), "notifier:team", "another", 5*time.Second); err != nil || !ok {
			t.Errorf("the lease is not free: %v, %v", ok, err)
		}
	}})
	h = newHall(t, []string{vardenLine}, b)
	h.start()
	h.tell(h.appeared("p-017", 1, tocsin.TierAlert))
	if _, err := h.DrainBell(context.Background(), "team"); err == nil || !strings.Contains(err.Error(), "settling") {
		t.Errorf("the late holder settled: %v", err)
	}
	if got := h.history(); got[0] != "appeared team pending" {
		t.Errorf("%q", got)
	}
	h.after(time.Minute)
	if got, n := h.history(), len(b.Notifier.(fence).messages()); got[0] != "appeared team sent" || n != 1 {
		t.Errorf("%q, sent %d times", got, n)
	}
}

func TestAQuietOrRefusingServiceIsNotAskedAgainAndAgain(t *testing.T) {
	h, s := slackHall(t)
	h.after(time.Hour)
	if n := len(s.Calls()); n != 0 {
		t.Errorf("%d requests in a quiet hour", n)
	}
	s.AddFault(sim.Fault{Kind: sim.TooMany, On: sim.PostMessage})
	for i := range 50 {
		h.tell(h.appeared("p-017", i, tocsin.TierAlert))
	}
	h.after(time.Hour)
	if n := len(s.Calls()); n > 30 {
		t.Errorf("%d requests in an hour to a service that refuses", n)
	}
}
