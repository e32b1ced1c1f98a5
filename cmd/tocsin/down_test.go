package main

import (
	"strings"
	"testing"
	"time"

	"tocsin"
	"tocsin/sim"
)

// Slack and the mail server are both away. The daemon says so wherever it can
// be asked, tells the terminal what is late, keeps what it owes, and tells each
// of them everything, once, when it is back.
func TestWhileSlackAndMailAreAwayNothingIsLostAndItIsSaid(t *testing.T) {
	t.Parallel()
	config := strings.NewReplacer("channel: C0HOUSE,", "channel: C0HOUSE, late_after: 1s,", "detail: codename,", "detail: codename, late_after: 1s,").Replace(houseConfig) +
		"  - {id: terminal, kind: console, events: [blind]}\n"
	rows := whole(82, 110)
	watched := rows[100:]
	h := newHouse(t, config, listOf("d", watched), rows[:100]...)
	d := h.run()
	h.until("the first complete look", 60*time.Second, func() bool { return h.status().Sources[0].State == "ok" })
	h.notices.Publish(watched[:2]...)
	h.until("two told", 30*time.Second, func() bool { return everything(2, h.events()) })

	slackBack := h.slack.AddFault(sim.Fault{Kind: sim.TooMany, RetryAfter: "1"})
	mailBack := h.mail.AddFault(sim.MailFault{At: sim.AtHello, Code: 421})
	h.notices.Publish(watched[2:8]...)
	late := func() (n int) { // alerts that went to the terminal because they were late
		for _, e := range h.events() {
			for _, x := range e.Deliveries {
				if x.Notifier == "terminal" && x.State == tocsin.Sent && e.Kind == tocsin.Appeared {
					n++
				}
			}
		}
		return n
	}
	h.until("what is late, on the terminal", 40*time.Second, func() bool { return late() == 6 })
	code, ready := h.page("/readyz")
	if code != 503 || !strings.Contains(ready, "team") || !strings.Contains(ready, "lawyers") {
		t.Errorf("/readyz answers %d: %s", code, ready)
	}
	if code, body := h.page("/healthz"); code != 200 {
		t.Errorf("/healthz answers %d: %s", code, body)
	}
	if st := h.status(); st.Deliveries.Pending != 12 || st.Deliveries.Failed != 0 {
		t.Errorf("status counts %+v, want 12 owed", st.Deliveries)
	}
	for _, said := range []string{"not accepted, will be tried again", "late: goes to the other notifiers too", "rate limited", "is not ready (421)"} {
		if !h.logged(said) {
			t.Errorf("the log does not say %q", said)
		}
	}
	d.kill() // and it is not only kept in memory
	h.run()
	h.notices.Publish(watched[8:]...)
	h.until("all owed", 30*time.Second, func() bool { return h.status().Deliveries.Pending == 16 })

	slackBack()
	mailBack()
	h.until("everybody told of everything", 60*time.Second, func() bool { return everything(len(watched), h.events()) })
	if again := h.toldOnce(len(watched)); again != 0 {
		t.Errorf("%d mails came again", again)
	}
	if n := len(h.mail.Messages()); n != len(watched) {
		t.Errorf("%d mails, want %d", n, len(watched))
	}
	h.until("/readyz to be well", 20*time.Second, func() bool { code, _ := h.page("/readyz"); return code == 200 })
}
