package watcher_test

import (
	"testing"
	"time"

	"tocsin"
	"tocsin/notifier"
	"tocsin/sim"
)

// back sets the clock back, as whoever mends a wrong one does.
func (c *stillClock) back(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(-d)
}

// A daemon that ran a day ahead and is started again on time tells at once what
// it put off until tomorrow, and its digest comes at the next hour, not the one
// after.
func TestAfterAClockThatRanADayAheadNothingWaitsForTomorrow(t *testing.T) {
	team, lawyers := newInbox(), newInbox()
	team.fail = refusal
	digests := bellOf("lawyers", lawyers)
	digests.Digest, digests.LateAfter = weekly(t, "0 8 * * *"), 0
	slow := bellOf("team", team)
	slow.LateAfter = 0
	h := newHall(t, []string{vardenLine}, slow, digests)
	h.start()
	h.after(10 * time.Minute) // Monday's digest is out
	h.clock.set(h.clock.Now().Add(24 * time.Hour))
	e := h.tell(h.appeared("p-017", 1, tocsin.TierAlert))[0]
	h.after(time.Minute) // Tuesday's is out, on Monday
	h.stop()
	h.clock.back(24 * time.Hour)
	h.start()
	team.fail = nil
	second := h.tell(h.appeared("p-017", 2, tocsin.TierAlert))[0]
	h.after(6 * time.Minute)
	if got := team.times(); got[e.ID] != 1 || got[second.ID] != 1 {
		t.Errorf("the team was told %v", got)
	}
	before := len(lawyers.messages())
	h.ring(time.Date(2026, 4, 28, 8, 1, 0, 0, time.UTC))
	got := lawyers.messages()
	if len(got) != before+1 || got[before].Kind != notifier.Digest || lawyers.times()[e.ID] != 1 || lawyers.times()[second.ID] != 1 {
		t.Errorf("on Tuesday at eight: %d digests, told %v", len(got)-before, lawyers.times())
	}
}

// What was sent by a clock that ran ahead of Slack's is found there all the same.
func TestAMessageSentByAWrongClockIsNotSentTwice(t *testing.T) {
	ours := &stillClock{t: monday.Add(24 * time.Hour)}
	_, s := channel(t, "team", func() time.Time { return ours.Now().Add(-24 * time.Hour) })
	b := inChannel(t, "team", s, ours.Now)
	h := newHall(t, []string{vardenLine}, b)
	h.clock = ours
	h.start()
	s.AddFault(sim.Fault{Kind: sim.Lost, On: sim.PostMessage, Count: 1}) // taken, and nobody is told so
	e := h.tell(h.appeared("p-017", 1, tocsin.TierAlert))[0]
	h.after(time.Minute)
	if count, _ := told(t, s); count[e.ID] != 1 {
		t.Errorf("told were %v", count)
	}
	if got := h.history(); len(got) != 1 || got[0] != "appeared team sent" {
		t.Errorf("%q", got)
	}
}
