package main

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"tocsin"
	"tocsin/sim"
)

// soak is how large the long form of a test is, short unless TOCSIN_SOAK is set.
func soak(short, long int) int {
	if os.Getenv("TOCSIN_SOAK") != "" {
		return long
	}
	return short
}

// listOf is a watchlist of the people in rows.
func listOf(prefix string, rows []sim.Row) string {
	var list strings.Builder
	list.WriteString(csvHeader)
	for i, r := range rows {
		fmt.Fprintf(&list, "%s-%03d,%q,,%s,,,%s%d,,\n", prefix, i, strings.TrimSpace(*r.Forename+" "+*r.Name), strings.ReplaceAll(*r.DateOfBirth, "/", "-"), strings.ToUpper(prefix), i)
	}
	return list.String()
}

// everything reports whether as many notices appeared as were published, and all
// that is owed was settled.
func everything(published int, events []tocsin.Event) bool {
	notices := map[string]bool{}
	for _, e := range events {
		if e.Kind == tocsin.Appeared {
			notices[e.Notice.ID] = true
		}
	}
	return len(notices) >= published && settled(events)
}

// toldOnce wants each event in Slack exactly once, no delivery but sent, and the
// appearance of each published notice in the ledger, once for whomever it may be.
// It returns how many mails came again under the same Message-ID.
func (h *house) toldOnce(published int) (again int) {
	h.t.Helper()
	events := h.events()
	appeared, notices := map[string]int{}, map[string]bool{}
	messages := h.slack.Messages()
	for _, e := range events {
		in := 0
		for _, m := range messages {
			in += strings.Count(string(m.Metadata), `"`+e.ID+`"`)
		}
		if in != 1 {
			h.t.Errorf("%s %s of %s is in Slack %d times", e.Kind, e.ID, e.Person, in)
		}
		for _, d := range e.Deliveries {
			if d.State != tocsin.Sent && d.State != tocsin.Skipped {
				h.t.Errorf("%s %s to %s is %s: %s", e.Kind, e.ID, d.Notifier, d.State, d.Why)
			}
		}
		if e.Kind == tocsin.Appeared {
			appeared[e.Person+" on "+e.Notice.ID]++
			notices[e.Notice.ID] = true
		}
	}
	for what, n := range appeared {
		if n != 1 {
			h.t.Errorf("%s appeared %d times in the ledger", what, n)
		}
	}
	if len(notices) != published {
		h.t.Errorf("%d notices appeared, want %d", len(notices), published)
	}
	letters := map[string]bool{}
	for _, m := range h.mail.Messages() {
		id := m.Header.Get("Message-Id")
		if letters[id] {
			again++
		}
		letters[id] = true
	}
	return again
}

// A daemon that is told to stop in the middle of a storm ends within ten
// seconds, and the next one tells the rest: nothing is lost, nothing told twice.
func TestStoppedUnderLoadItEndsInTimeAndTheNextTellsTheRest(t *testing.T) {
	t.Parallel()
	rounds, each := soak(2, 40), 6
	rows := whole(81, 120+rounds*each)
	watched := rows[120:]
	h := newHouse(t, houseConfig, listOf("t", watched), rows[:120]...)
	d := h.run()
	h.until("the first complete look", 60*time.Second, func() bool { return h.status().Sources[0].State == "ok" })
	for _, f := range []sim.Fault{
		{Kind: sim.Lost, On: sim.PostMessage, Every: 7},
		{Kind: sim.TooMany, On: sim.PostMessage, Every: 5, RetryAfter: "1"},
		{Kind: sim.Status, On: sim.PostMessage, Every: 11, Status: http.StatusServiceUnavailable},
	} {
		h.slack.AddFault(f)
	}
	longest := time.Duration(0)
	for i := range rounds {
		posts := func() (n int) {
			for _, c := range h.slack.Calls() {
				if c.Method == sim.PostMessage {
					n++
				}
			}
			return n
		}
		// A service that never answers must hold up no end, either: that takes long.
		hangs, unhang := soak(0, 1) == 1 && i%4 == 3, func() {}
		if hangs {
			unhang = h.slack.AddFault(sim.Fault{Kind: sim.Hang, On: sim.PostMessage, Limit: time.Minute})
		}
		before := posts()
		h.notices.Publish(watched[i*each : (i+1)*each]...)
		h.until("something under way", 30*time.Second, func() bool { return posts() > before })
		began := time.Now()
		if err := d.cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		err := d.wait(10 * time.Second)
		if longest = max(longest, time.Since(began)); err != nil && !hangs || err != nil && err.Error() == "it still runs" {
			t.Fatalf("round %d: %v\n%s", i, err, tail([]byte(h.read("log")), 8))
		}
		unhang()
		d = h.run()
	}
	h.until("everybody told of everything", 2*time.Minute, func() bool { return everything(len(watched), h.events()) })
	again := h.toldOnce(len(watched))
	t.Logf("%d stops under load, %d appearances, the longest stop %s; mail: %d again under the same Message-ID", rounds, len(watched), longest.Round(time.Millisecond), again)
}
