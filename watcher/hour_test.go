package watcher_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"tocsin"
	"tocsin/sim"
	"tocsin/store"
)

// Slack and the mail server are away for an hour, in each of the ways in which
// they can be. Nothing is lost, what is late goes to whoever is left, it is said
// of each that nothing flows; and when they are back, each
// has everything once, and the ledger says what they have.
func TestSlackAndMailDownForAnHour(t *testing.T) {
	unlessRaced(t)
	for name, x := range map[string]struct {
		slack sim.Fault
		mail  sim.MailFault
	}{
		"refusing for now": {sim.Fault{Kind: sim.TooMany, RetryAfter: "20"}, sim.MailFault{At: sim.AtHello, Code: 421}},
		"broken":           {sim.Fault{Kind: sim.Status, Status: http.StatusServiceUnavailable}, sim.MailFault{At: sim.AtMail, Code: 451}},
		"cutting":          {sim.Fault{Kind: sim.Cut}, sim.MailFault{At: sim.AtRcpt, Cut: true}},
	} {
		t.Run(name, func(t *testing.T) {
			c := &stillClock{t: monday}
			team, s := channel(t, "team", c.Now)
			lawyers, m := post(t, "lawyers", c.Now, "codename")
			left := newInbox()
			desk := bellOf("desk", left)
			desk.Events = []tocsin.EventKind{tocsin.Blind}
			h := newHall(t, []string{vardenLine}, team, lawyers, desk)
			h.clock = c
			h.start()
			h.tell(h.appeared("p-017", 0, tocsin.TierAlert))
			h.after(5 * time.Second)

			slackBack, mailBack := s.AddFault(x.slack), m.AddFault(x.mail)
			for i := range 12 {
				h.tell(h.appeared("p-017", i+1, tocsin.TierAlert))
				h.after(5 * time.Minute)
			}
			stopped, err := h.NotFlowing(context.Background())
			if err != nil || len(stopped) != 2 || !strings.HasPrefix(stopped[0], "team: ") || !strings.HasPrefix(stopped[1], "lawyers: ") {
				t.Errorf("said not to flow: %q, %v", stopped, err)
			}
			if n := len(left.times()); n < 9 {
				t.Errorf("%d late alerts went to the desk", n)
			}
			h.stop() // the hour is not only in memory
			h.start()
			slackBack()
			mailBack()
			h.after(30 * time.Minute)

			events, err := h.store.Events(context.Background(), store.EventFilter{})
			if err != nil {
				t.Fatal(err)
			}
			inSlack, _ := told(t, s)
			letters := map[string]int{}
			for _, l := range m.Messages() {
				letters[l.Header.Get("Message-Id")]++
			}
			for _, e := range events {
				for _, d := range e.Deliveries {
					if d.State != tocsin.Sent && d.Notifier != "desk" {
						t.Errorf("%s to %s is %s", e.Kind, d.Notifier, d.State)
					}
				}
				if inSlack[e.ID] != 1 {
					t.Errorf("%s %s is in Slack %d times", e.Kind, e.ID, inSlack[e.ID])
				}
			}
			if len(events) != 13 {
				t.Errorf("%d events, want 13", len(events))
			}
			for id, n := range letters {
				if n != 1 {
					t.Errorf("%s came %d times", id, n)
				}
			}
			if stopped, err := h.NotFlowing(context.Background()); err != nil || len(stopped) != 0 {
				t.Errorf("afterwards said not to flow: %q, %v", stopped, err)
			}
		})
	}
}
