package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"tocsin"
	"tocsin/sim"
)

// People appear while the daemon is killed again and again, and Slack and the
// mail server accept, refuse and cut. In the end everybody was told of everything:
// in Slack, which can be asked, once; by mail again only under the same Message-ID.
func TestAStormOfKillsAndCutsLosesNothingAndRepeatsNothing(t *testing.T) {
	for _, database := range databases {
		t.Run(database.name, func(t *testing.T) { storm(t, database.line(t)+houseConfig) })
	}
}

func storm(t *testing.T, config string) {
	n := kills(t)
	seed := uint64(time.Now().UnixNano())
	rng := rand.New(rand.NewPCG(seed, 2))
	t.Logf("seed %d", seed)
	appear := max(6, min(60, n*3/10))

	rows := whole(78, 300+appear)
	watched := rows[300:]
	var list strings.Builder
	list.WriteString(csvHeader)
	for i, r := range watched {
		fmt.Fprintf(&list, "s-%03d,%q,,%s,,,S%d,,\n", i, *r.Forename+" "+*r.Name, strings.ReplaceAll(*r.DateOfBirth, "/", "-"), i)
	}
	h := newHouse(t, config, list.String(), rows[:300]...)
	d := h.run()
	h.until("the first complete look, told", 60*time.Second, func() bool {
		return h.status().Sources[0].State == "ok" && settled(h.events())
	})

	for _, f := range []sim.Fault{
		{Kind: sim.Lost, On: sim.PostMessage, Every: 5},                     // taken, and nobody is told so
		{Kind: sim.Cut, On: sim.PostMessage, After: 2, Every: 7},            // cut before it was taken
		{Kind: sim.TooMany, On: sim.PostMessage, Every: 6, RetryAfter: "1"}, // later
		{Kind: sim.Status, On: sim.PostMessage, Every: 11, Status: 503},     // who knows
		{Kind: sim.Lost, On: sim.UpdateMessage, Every: 3},                   // idempotent
		{Kind: sim.Cut, On: sim.History, Every: 4},                          // looking it up fails too
	} {
		h.slack.AddFault(f)
	}
	for k := range 12 {
		h.mail.AddFault(sim.MailFault{At: sim.AtData, Cut: true, Taken: true, After: 6*k + 3, Count: 1})
		h.mail.AddFault(sim.MailFault{At: sim.AtMail, Code: 451, After: 9*k + 5, Count: 1})
	}

	moment := func(most time.Duration) {
		timer := time.NewTimer(time.Duration(rng.Int64N(int64(most))))
		defer timer.Stop()
		<-timer.C
	}
	for i := range n {
		if i*appear/n != (i-1)*appear/n || i == 0 {
			h.notices.Publish(watched[i*appear/n])
		}
		moment(900 * time.Millisecond)
		d.kill()
		d = h.run()
	}
	for _, r := range watched {
		h.notices.Publish(r) // what was left
	}
	h.until("everybody told of everything", 8*time.Minute, func() bool {
		es := h.events()
		told := 0
		for _, e := range es {
			if e.Kind == tocsin.Appeared {
				told++
			}
		}
		return told >= len(watched) && settled(es)
	})

	events := h.events()
	in := map[string]int{}
	for _, m := range h.slack.Messages() {
		for _, e := range events {
			if strings.Contains(string(m.Metadata), `"`+e.ID+`"`) {
				in[e.ID]++
			}
		}
	}
	attempts := 0
	for _, e := range events {
		if in[e.ID] != 1 {
			t.Errorf("%s %s of %s is in Slack %d times", e.Kind, e.ID, e.Person, in[e.ID])
		}
		for _, dl := range e.Deliveries {
			attempts += dl.Attempts
			if dl.State != tocsin.Sent {
				t.Errorf("%s %s to %s is %s", e.Kind, e.ID, dl.Notifier, dl.State)
			}
		}
	}
	letters, again := map[string]bool{}, 0
	for _, m := range h.mail.Messages() {
		id := m.Header.Get("Message-Id")
		if letters[id] {
			again++
		}
		letters[id] = true
	}
	due, gathered := 0, 0 // the first look's hits go together
	for _, e := range events {
		if e.Kind == tocsin.Listed {
			gathered = 1
			continue
		}
		due++
	}
	if len(letters) != due+gathered {
		t.Errorf("%d letters, want %d", len(letters), due+gathered)
	}
	t.Logf("%d kills, %d appearances, %d events, %d attempts; Slack: each once; mail: %d letters, %d of them again under the same Message-ID",
		n, len(watched), len(events), attempts, len(letters), again)
}
