package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"tocsin/sim"
)

// pressConfig is a house whose Slack has buttons.
var pressConfig = strings.Replace(houseConfig, "channel: C0HOUSE", "app_token_file: app_token, channel: C0HOUSE", 1)

// shownWithin is how soon a message shows what was pressed (contract).
const shownWithin = 3 * time.Second

// press presses a button of the first message and waits until that is kept.
func (h *house) press(action, user string) *sim.Interaction {
	h.t.Helper()
	i, err := h.slack.Press(h.slack.Messages()[0].TS, action, user)
	if err != nil {
		h.t.Fatal(err)
	}
	return i
}

// kept waits until a press is acknowledged.
func (h *house) kept(i *sim.Interaction) {
	h.t.Helper()
	timer := time.NewTimer(20 * time.Second)
	defer timer.Stop()
	select {
	case <-i.Acked():
	case <-timer.C:
		h.t.Fatal("the press was never acknowledged")
	}
}

// shows waits until the first message shows something.
func (h *house) shows(text string, limit time.Duration) {
	h.t.Helper()
	h.until("the message shows "+text, limit, func() bool {
		return strings.Contains(strings.NewReplacer(`\u003c`, "<", `\u003e`, ">").Replace(string(h.slack.Messages()[0].Blocks)), text)
	})
}

// decided reads the case's state and who decided.
func (h *house) decided() (state, by, note string) {
	h.t.Helper()
	out, errs, code := h.command("cases", "--json")
	var c struct{ State, By, Note string }
	if err := json.Unmarshal([]byte(out), &c); err != nil || code != 0 {
		h.t.Fatalf("cases exits with %d, %v: %s%s", code, err, out, errs)
	}
	return c.State, c.By, c.Note
}

// told is a house in which one alert stands in the channel, with a daemon that
// hears its buttons.
func told(t *testing.T) (*house, *daemon) {
	h := newHouse(t, pressConfig, csvHeader+vardenEntry, sim.People(3, 40)...)
	d := h.run()
	h.until("the first complete look", 30*time.Second, func() bool { return h.status().Sources[0].State == "ok" })
	h.notices.Publish(vardenNotice())
	h.until("the alert in Slack, and somebody who listens", 20*time.Second, func() bool { return len(h.slack.Messages()) == 1 && h.slack.Sockets() > 0 })
	return h, d
}

func TestAPressShowsInTheMessageWhoHasIt(t *testing.T) {
	h, d := told(t)
	h.kept(h.press("ack", "U0AMINA"))
	h.shows("<@U0AMINA>", shownWithin)
	if state, by, _ := h.decided(); state != "acknowledged" || by != "slack:U0AMINA" {
		t.Errorf("the case is %s by %s", state, by)
	}

	// The message is old, and the daemon another one.
	d.kill()
	h.run()
	h.until("somebody listens again", 20*time.Second, func() bool { return h.slack.Sockets() > 0 })
	h.kept(h.press("warned", "U0BASIL"))
	h.shows("<@U0BASIL>", shownWithin)
	if state, by, _ := h.decided(); state != "warned" || by != "slack:U0BASIL" {
		t.Errorf("the case is %s by %s", state, by)
	}
}
