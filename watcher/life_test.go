package watcher_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"tocsin"
	"tocsin/notifier"
	"tocsin/sim"
	"tocsin/store"
)

// says wants the case's own message, the first of the channel, to say things now.
func (d *desk) says(want ...string) {
	d.t.Helper()
	d.turn()
	m := d.slack.Messages()[0]
	text := strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(string(m.Blocks))
	for _, w := range want {
		if not, ok := strings.CutPrefix(w, "not "); ok == strings.Contains(text, not) {
			d.t.Errorf("the case's message: want %q in\n%s", w, text)
		}
	}
}

// A case's whole life, the daemon killed and started between any two steps.
func TestACasesWholeLife(t *testing.T) {
	d := newDesk(t)
	d.stop()
	mail, server := post(t, "board", d.clock.Now, notifier.Codename)
	mail.Digest = weekly(t, "0 8 * * *")
	d.two, d.bells = true, append(d.bells, mail)
	d.start()
	d.told(10) // the first digest

	// It is posted; nobody takes it, so that it is called for; somebody does.
	e := d.tell(d.appeared("p-017", 1, tocsin.TierAlert))[0]
	id := e.Case
	equal(t, "it appears, and nobody comes", d.told(20), []string{"0 root: 🔔 Possible match, strong: Mira Varden (p-017) · new public notice", "15 reply " + nobodyHas})
	d.says("nobody has it yet", "not Owner")
	d.restart()
	d.decided(store.Decision{Case: id, Action: tocsin.Ack, By: "slack:U0AMINA", Key: "press-1"})
	d.restart()
	d.decided(store.Decision{Case: id, Action: tocsin.Ack, By: "slack:U0AMINA", Key: "press-1"}) // the press is told again
	d.says("Owner: <@U0AMINA>", "<@U0AMINA> has it")
	if n := len(d.caseOf("p-017").Log); n != 1 {
		t.Errorf("one press is %d decisions", n)
	}

	// She is warned. One says that it is not her: that alone silences nothing.
	d.does(id, tocsin.Warned, "bo")
	d.decided(store.Decision{Case: id, Action: tocsin.Dismiss, By: "slack:U0AMINA", Note: "twenty years younger"})
	d.restart()
	d.says("Person warned", "bo warned the person", "says not our person; a second person must agree", "twenty years younger")
	again := d.about(tocsin.Changed, "p-017", 1)
	d.tell(again)
	if got := d.told(0); len(got) != 1 || !strings.HasPrefix(got[0], "0 reply: 🔁 Changed: notice") {
		t.Errorf("one person alone silenced it: %q", got)
	}
	server.Forget()
	d.clock.set(d.clock.Now().Truncate(24 * time.Hour).Add(32 * time.Hour))
	d.told(5)
	if l := server.Messages(); len(l) != 1 || !strings.Contains(strings.Join(strings.Fields(l[0].Text), " "), "@U0AMINA says not our person, 27 Apr: a second person must agree") {
		t.Errorf("the digest does not ask for the second: %v", l)
	}

	// A second agrees. Nothing more is said of it, but that it is set aside.
	d.does(id, tocsin.Dismiss, "bo")
	d.tell(d.about(tocsin.Changed, "p-017", 1))
	if got := d.told(60); len(got) != 0 {
		t.Errorf("after two dismissed it: %q", got)
	}
	d.says("Not our person 28 Apr", "not NOW")
	server.Forget()
	d.clock.set(d.clock.Now().Truncate(24 * time.Hour).Add(32 * time.Hour))
	d.told(5)
	if l := server.Messages(); len(l) != 1 || !strings.Contains(strings.Join(strings.Fields(l[0].Text), " "), "dismissed as not our person: HERON, by @U0AMINA and bo 28 Apr") {
		t.Errorf("the digest does not show the dismissal: %v", l)
	}

	// Back on the list it rings for all that, and stays dismissed.
	d.tell(d.about(tocsin.Reappeared, "p-017", 1))
	if got := d.told(60); len(got) != 1 || !strings.HasPrefix(got[0], "0 channel: 🔔 Public again") {
		t.Errorf("it came back: %q", got)
	}

	// What the dismissal rested on changes: it is open again, and says what changed.
	other := d.about(tocsin.Changed, "p-017", 1)
	other.Identity, other.Changes = true, []tocsin.FieldChange{{Field: "birth_date", From: []string{"1968"}, To: []string{"1988"}}}
	d.tell(other)
	d.restart()
	if got := d.told(0); len(got) != 1 || !strings.HasPrefix(got[0], "0 reply: 🔁 Changed: notice") {
		t.Errorf("what it rested on changed: %q", got)
	}
	d.says("nobody has it yet", "Tocsin reopened it: changed since it was dismissed: birth date")
	if _, err := d.Decide(context.Background(), store.Decision{Case: id, Action: tocsin.Undo, By: "bo", At: d.clock.Now()}); err == nil {
		t.Error("what the watch reopened was silenced again by an undo")
	}

	// Undo goes back one decision at a time, and the log keeps all of them.
	d.does(id, tocsin.Ack, "bo")
	d.does(id, tocsin.Close, "bo")
	if c := d.does(id, tocsin.Undo, "slack:U0AMINA"); c.State != tocsin.CaseAcknowledged || c.Owner != "bo" || c.By != "bo" {
		t.Errorf("after the undo it is %s, of %s, by %s", c.State, c.Owner, c.By)
	}
	d.says("Somebody has it", "<@U0AMINA> took back “closed it” of bo")

	// She is arrested. The request to the Commission is filed, and admissible.
	d.does(id, tocsin.Arrest, "bo")
	d.restart()
	if got := d.told(0); len(got) != 1 || !strings.HasPrefix(got[0], "0 channel: 🚨 Arrested: Mira Varden (p-017)") {
		t.Errorf("arrested: %q", got)
	}
	d.decided(store.Decision{Case: id, Action: tocsin.Filed, By: "bo", To: "deletion", When: time.Date(2026, 1, 12, 0, 0, 0, 0, time.UTC)})
	d.decided(store.Decision{Case: id, Action: tocsin.Admissible, By: "bo", When: time.Date(2026, 2, 20, 0, 0, 0, 0, time.UTC)})
	d.says("a local lawyer, now", "bo request to the CCF admissible: 20 Feb 2026")
	server.Forget()
	d.clock.set(d.clock.Now().Truncate(24 * time.Hour).Add(32 * time.Hour))
	d.told(5)
	want := "DATES HERON deletion: filed 12 Jan 2026, admissible 20 Feb 2026; CCF due about 20 Nov 2026, often late"
	if l := server.Messages(); len(l) != 1 || !strings.Contains(strings.Join(strings.Fields(l[0].Text), " "), want) || !strings.Contains(l[0].Text, "bind the Commission") {
		t.Errorf("the digest does not have the dates: %v", l)
	}
	if c := d.caseOf("p-017"); c.State != tocsin.CaseArrested || len(c.Log) != 11 {
		t.Errorf("in the end it is %s after %d decisions: %+v", c.State, len(c.Log), c.Log)
	}
}

// Quiet hours hold what is at review tier, and nothing else.
func TestQuietHoursHoldReviewMatchesAlone(t *testing.T) {
	d := newDesk(t, "p-018,Darya Kosten,,,,,WREN,,")
	d.stop()
	d.bells[0].Quiet.From, d.bells[0].Quiet.To = 22*time.Hour, 7*time.Hour
	d.start()
	at := func(hour, minute int) {
		d.clock.set(monday.Truncate(24 * time.Hour).Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute))
	}
	at(21, 55)
	d.tell(d.appeared("p-017", 1, tocsin.TierReview))
	if got := d.told(0); len(got) != 1 {
		t.Errorf("before they begin: %q", got)
	}
	at(22, 0)
	d.tell(d.appeared("p-018", 2, tocsin.TierReview))
	d.tell(d.appeared("p-017", 3, tocsin.TierAlert), d.blind(1))
	if got := strings.Join(d.told(5), ", "); strings.Contains(got, "Kosten") || strings.Count(got, "root") != 2 {
		t.Errorf("in the night: %q", got)
	}
	at(26, 0) // two in the morning
	d.slack.AddFault(sim.Fault{Kind: sim.TooMany, On: sim.PostMessage})
	d.tell(d.appeared("p-017", 5, tocsin.TierAlert))
	d.restart()
	d.slack.ClearFaults()
	if got := strings.Join(d.told(5), ", "); strings.Count(got, "root: ") != 1 || strings.Contains(got, "Kosten") {
		t.Errorf("an alert that is owed over a restart in the night: %q", got)
	}
	d.tell(d.appeared("p-018", 4, tocsin.TierReview))
	at(30, 54)
	if got := strings.Join(d.told(5), ", "); strings.Contains(got, "Kosten") {
		t.Errorf("before they end: %q", got)
	}
	at(31, 0)
	if got := strings.Join(d.told(0), ", "); !strings.Contains(got, "Kosten") {
		t.Errorf("when they have ended: %q", got)
	}
}

// A notifier that is for some sources hears of no other, and of its own all.
func TestANotifierMayBeForSomeSources(t *testing.T) {
	red, blue := newInbox(), newInbox()
	a, b := bellOf("red", red), bellOf("blue", blue)
	a.Sources, b.Sources = []string{"red"}, []string{"blue"}
	h := newHall(t, []string{vardenLine}, a, b)
	h.start()
	h.tell(h.appeared("p-017", 1, tocsin.TierAlert), h.blind(1))
	h.after(5 * time.Second)
	if n, m := len(red.messages()), len(blue.messages()); n != 2 || m != 0 {
		t.Errorf("%d messages of its own, %d of another's", n, m)
	}
	equal(t, "the ledger", h.history(), []string{"appeared red sent, blue skipped", "blind red sent, blue skipped"})
}
