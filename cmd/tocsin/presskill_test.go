package main

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ncruces/go-sqlite3"

	"tocsin/sim"
)

// decisions counts what is in the ledger's log of decisions.
func (h *house) decisions() (n int) {
	h.t.Helper()
	db, err := sqlite3.Open("file:" + filepath.Join(h.dir, "tocsin.db") + "?mode=ro")
	if err != nil {
		h.t.Fatal(err)
	}
	defer db.Close() // only read
	s, _, err := db.Prepare(`SELECT count(*) FROM decision`)
	if err != nil {
		h.t.Fatal(err)
	}
	defer s.Close() // likewise
	if s.Step() {
		n = s.ColumnInt(0)
	}
	return n
}

// A daemon that is killed between a press and its record, between the record and
// its acknowledgement, or between that and the message, keeps the decision once,
// and the message ends right.
func TestADaemonKilledAroundAPressKeepsItOnce(t *testing.T) {
	for name, around := range map[string]func(h *house, d *daemon) *sim.Interaction{
		"between press and record": func(h *house, d *daemon) *sim.Interaction {
			db, err := sqlite3.Open("file:" + filepath.Join(h.dir, "tocsin.db"))
			if err != nil {
				h.t.Fatal(err)
			}
			defer db.Close() // nothing is written
			if err := db.Exec(`PRAGMA busy_timeout=5000; BEGIN IMMEDIATE`); err != nil {
				h.t.Fatal(err)
			}
			i := h.press("ack", "U0AMINA")
			h.until("the press is told", 5*time.Second, func() bool { return i.Tries() == 1 })
			d.kill()
			if err := db.Exec(`ROLLBACK`); err != nil {
				h.t.Fatal(err)
			}
			if n := h.decisions(); n != 0 {
				h.t.Errorf("%d decisions were recorded: the moment was missed", n)
			}
			return i
		},
		"between record and acknowledgement": func(h *house, d *daemon) *sim.Interaction {
			h.slack.LoseAcks(1)
			i := h.press("ack", "U0AMINA")
			h.until("the press is recorded", 5*time.Second, func() bool { return h.decisions() == 1 })
			d.kill()
			return i
		},
		"between record and update": func(h *house, d *daemon) *sim.Interaction {
			hang := h.slack.AddFault(sim.Fault{Kind: sim.Hang, On: sim.UpdateMessage})
			defer hang()
			i := h.press("ack", "U0AMINA")
			h.kept(i)
			d.kill()
			if m := h.slack.Messages()[0]; m.Edited > 0 {
				h.t.Error("the message was updated: the moment was missed")
			}
			return i
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, d := told(t)
			i := around(h, d)
			h.run()
			h.kept(i)
			h.shows("<@U0AMINA>", 10*time.Second)
			if state, by, _ := h.decided(); state != "acknowledged" || by != "slack:U0AMINA" || h.decisions() != 1 {
				t.Errorf("the case is %s by %s, after %d decisions", state, by, h.decisions())
			}
		})
	}
}

// While people press, the daemon is killed again and again, connections drop and
// acknowledgements get lost. In the end each press is recorded once, and the
// message shows the last.
func TestAStormOfKillsLosesNoPress(t *testing.T) {
	n := kills(t)
	seed := uint64(time.Now().UnixNano())
	rng := rand.New(rand.NewPCG(seed, 3))
	t.Logf("seed %d", seed)
	h, d := told(t)
	moment := func(most time.Duration) {
		timer := time.NewTimer(time.Duration(rng.Int64N(int64(most))))
		defer timer.Stop()
		<-timer.C
	}
	var all []*sim.Interaction
	for i := range n {
		if i%3 == 1 {
			h.slack.LoseAcks(1)
		}
		all = append(all, h.press("warned", fmt.Sprintf("U0%03d", i)))
		moment(60 * time.Millisecond)
		if i%2 == 1 {
			h.slack.Drop()
		}
		d.kill()
		d = h.run()
		moment(500 * time.Millisecond)
	}
	for _, i := range all {
		h.kept(i)
	}
	if got := h.decisions(); got != n {
		t.Errorf("%d presses were recorded %d times", n, got)
	}
	h.kept(h.press("warned", "U0LAST"))
	h.shows("<@U0LAST>", shownWithin)
	told := 0
	for _, i := range all {
		told += i.Tries()
	}
	t.Logf("%d kills, %d presses, told %d times, recorded once each", n, n, told)
}

// The app is put out of its channel: what then happens is told by mail, and so is
// that it did not reach Slack.
func TestAnAppPutOutOfItsChannelIsSaidElsewhere(t *testing.T) {
	t.Parallel()
	h, _ := told(t)
	before := len(h.mail.Messages())
	h.slack.Remove("C0HOUSE")
	h.notices.Publish(person("2026/48214", "VARDEN", "MIRA", "1988/03/14", "MD", "F", "MD", "fraud"))
	h.until("the alert and the alarm by mail", 20*time.Second, func() bool { return len(h.mail.Messages()) >= before+2 })
	h.until("it is said", 5*time.Second, func() bool {
		code, body := h.page("/readyz")
		return code == 503 && strings.Contains(body, "not_in_channel")
	})
}
