package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"tocsin"
	"tocsin/sim"
)

// drill runs 'tocsin drill' and reads what it printed.
func (h *house) drill(args ...string) (d drillJSON, stderr string, code int) {
	h.t.Helper()
	out, stderr, code := h.command(append([]string{"drill", "--json"}, args...)...)
	if err := json.Unmarshal([]byte(out), &d); err != nil {
		h.t.Fatalf("exit %d, %v: %s\n%s", code, err, out, stderr)
	}
	return d, stderr, code
}

func TestADrillIsTimedToEveryChannelBesideADaemonAndAlone(t *testing.T) {
	h := newHouse(t, houseConfig, "id,name,codename\np-017,Mira Varden,HERON\n", sim.People(5, 40)...)
	alone, stderr, code := h.drill()
	if code != 0 || !alone.OK || len(alone.Channels) != 2 {
		t.Fatalf("alone: exit %d, %+v\n%s", code, alone, stderr)
	}
	h.run()
	h.until("the first complete look", 30*time.Second, func() bool { return h.status().Sources[0].State == "ok" })
	beside, stderr, code := h.drill()
	if code != 0 || !beside.OK || len(beside.Channels) != 2 || beside.Event == alone.Event {
		t.Fatalf("beside: exit %d, %+v\n%s", code, beside, stderr)
	}
	for _, c := range beside.Channels {
		if c.State != tocsin.Sent || c.Seconds <= 0 || c.Seconds > 20 {
			t.Errorf("%s took %v s, %s", c.Notifier, c.Seconds, c.State)
		}
	}
	drills := 0
	for _, e := range h.events() {
		if !e.Drill || e.Kind != tocsin.Appeared {
			t.Errorf("%s is no drill's", e.ID)
		}
		drills++
	}
	ms, letters := h.slack.Messages(), h.mail.Messages()
	if drills != 2 || len(ms) != 2 || len(letters) != 2 || !strings.Contains(ms[1].Text, "DRILL") || !strings.Contains(letters[1].Text, "DRILL") {
		t.Errorf("%d drills, %d messages, %d mails", drills, len(ms), len(letters))
	}
	out, _, code := h.command("drill")
	if code != 0 || !strings.Contains(out, "CHANNEL") || !strings.Contains(out, "lawyers") {
		t.Errorf("for people: exit %d\n%s", code, out)
	}
}

func TestADrillThatFailsSaysSoHereAndElsewhere(t *testing.T) {
	h := newHouse(t, houseConfig, "id,name,codename\np-017,Mira Varden,HERON\n", sim.People(5, 40)...)
	h.slack.AddFault(sim.Fault{Kind: sim.Cut, On: sim.PostMessage})
	h.run()
	h.until("the first complete look", 30*time.Second, func() bool { return h.status().Sources[0].State == "ok" })
	d, stderr, code := h.drill("--within", "2s")
	if code != exitFailed || d.OK || !strings.Contains(stderr, "did not take the drill") {
		t.Errorf("exit %d, %+v: %s", code, d, stderr)
	}
	h.until("the alarm by mail", 20*time.Second, func() bool {
		for _, l := range h.mail.Messages() {
			if strings.Contains(l.Text, `The drill did not reach "team"`) {
				return true
			}
		}
		return false
	})
	if _, stderr, code := h.command("drill", "--within", "0s"); code != exitUsage || !strings.Contains(stderr, "--within") {
		t.Errorf("no time at all: exit %d, %s", code, stderr)
	}
}
