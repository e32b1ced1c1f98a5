package watcher_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"tocsin"
	"tocsin/notifier"
	"tocsin/sim"
	"tocsin/store"
	"tocsin/watcher"
)

const oncall = "<!subteam^S01>"

// desk is a hall with a Slack channel that calls, and another notifier through
// which it rings in the end.
type desk struct {
	*hall
	slack *sim.Slack
	last  *inbox
	seen  int // of Slack's messages
	rung  int // of the other's
}

func newDesk(t *testing.T, lines ...string) *desk {
	t.Helper()
	c := &stillClock{t: monday}
	b, s := channel(t, "team", c.Now)
	b.Escalate = watcher.Escalate{After: 15 * time.Minute, WarnedAfter: 2 * time.Hour, To: oncall, Repeat: 3, Then: "lawyers"}
	last := newInbox()
	mail := bellOf("lawyers", last)
	mail.Events = []tocsin.EventKind{tocsin.Blind}
	h := newHall(t, append(lines, vardenLine), b, mail)
	h.clock = c
	h.start()
	return &desk{hall: h, slack: s, last: last}
}

// restart ends the daemon as a crash does, and starts it.
func (d *desk) restart() { d.t.Helper(); d.stop(); d.start() }

// news are what came since it was last asked for: "root", "reply" or "channel"
// (a reply that the channel sees), whom it calls, and how it begins; and what came
// the other way.
func (d *desk) news() (out []string) {
	d.t.Helper()
	ms := d.slack.Messages()
	for _, m := range ms[d.seen:] {
		s := "root"
		if m.Thread != "" {
			s = "reply"
		}
		if m.Broadcast {
			s = "channel"
		}
		text := m.Text
		if rest, ok := strings.CutPrefix(text, oncall+"\n"); ok {
			s, text = s+" calls", rest
		}
		out = append(out, s+": "+strings.SplitN(text, "\n", 2)[0])
	}
	d.seen = len(ms)
	got := d.last.messages()
	for _, m := range got[d.rung:] {
		out = append(out, "lawyers: "+notifier.Render(m).Alerts[0].Title)
	}
	d.rung = len(got)
	return out
}

// turn does all that is due now, and what the channel's pace puts off by a second.
func (d *desk) turn() {
	d.t.Helper()
	for range 20 {
		soon := time.Time{}
		for _, id := range d.Bells() {
			next, err := d.DrainBell(context.Background(), id)
			if err != nil {
				d.t.Fatal(err)
			}
			if !next.IsZero() && next.Before(d.clock.Now().Add(5*time.Second)) {
				soon = next
			}
		}
		if soon.IsZero() {
			return
		}
		d.clock.set(soon)
	}
}

// told lets minutes pass, five by five, and says when in them what was said, as
// "15 root: …". It begins with what is due now.
func (d *desk) told(minutes int) (out []string) {
	d.t.Helper()
	begun := d.clock.Now()
	for m := 0; m <= minutes; m += 5 {
		d.clock.set(begun.Add(time.Duration(m) * time.Minute))
		d.turn()
		for _, s := range d.news() {
			out = append(out, fmt.Sprintf("%d %s", m, s))
		}
	}
	return out
}

func (d *desk) decided(x store.Decision) tocsin.Case {
	d.t.Helper()
	x.At = d.clock.Now()
	c, err := d.Decide(context.Background(), x)
	if err != nil {
		d.t.Fatal(err)
	}
	return c
}

func (d *desk) does(id string, a tocsin.Action, by string) tocsin.Case {
	d.t.Helper()
	return d.decided(store.Decision{Case: id, Action: a, By: by})
}

const (
	nobodyHas    = "calls: ⏰ Nobody has it yet: Mira Varden (p-017) · possible match"
	nobodyWarned = "calls: ⏰ Nobody has warned the person yet: Mira Varden (p-017)"
	nobodyCame   = "lawyers: Nobody has it yet: Mira Varden (p-017) · possible match"
)

func TestACaseThatNobodyTakesIsCalledForEverLaterAndThenElsewhere(t *testing.T) {
	for _, restarts := range []bool{false, true} {
		d := newDesk(t)
		id := d.tell(d.appeared("p-017", 1, tocsin.TierAlert))[0].Case
		if got := d.told(0); len(got) != 1 || !strings.HasPrefix(got[0], "0 root: ") {
			t.Fatalf("told: %q", got)
		}
		var got []string
		for i := range 27 {
			if restarts {
				d.restart()
			}
			d.clock.set(monday.Add(time.Duration(i) * 10 * time.Minute))
			for _, s := range d.told(5) {
				at, what, _ := strings.Cut(s, " ")
				got = append(got, fmt.Sprintf("%d+%s %s", i*10, at, what))
			}
		}
		equal(t, fmt.Sprintf("restarts %v", restarts), got, []string{"10+5 reply " + nobodyHas, "40+5 reply " + nobodyHas, "100+5 reply " + nobodyHas, "120+0 " + nobodyCame})
		if m := d.slack.Messages(); m[2].Thread != m[0].TS || !strings.Contains(m[2].Text, "called once before") || !strings.Contains(m[2].Text, "45 min ago") {
			t.Errorf("the second call reads\n%s", m[2].Text)
		}
		if got := d.last.messages()[0]; len(got.Events()) != 0 || !strings.Contains(notifier.Render(got).Alerts[0].Status, "called 3 times before in team: nobody came") {
			t.Errorf("the other is told %+v", notifier.Render(got).Alerts[0])
		}

		// Whoever takes it at last is not called for another two hours.
		d.does(id, tocsin.Ack, "amina")
		if got := d.told(115); len(got) != 0 {
			t.Errorf("after it was taken: %q", got)
		}
	}
}

func TestWhoHasACaseIsCalledWhereNobodyWarnsThePerson(t *testing.T) {
	d := newDesk(t)
	id := d.tell(d.appeared("p-017", 1, tocsin.TierAlert))[0].Case
	d.told(10)
	d.does(id, tocsin.Ack, "slack:U0AMINA")
	equal(t, "taken and not warned", d.told(160), []string{"120 reply " + nobodyWarned, "150 reply " + nobodyWarned})
	if m := d.slack.Messages(); !strings.Contains(m[len(m)-1].Text, "2 h 30 ago") || strings.Count(string(m[len(m)-1].Blocks), "U0AMINA") != 1 {
		t.Errorf("it does not say since when, and who has it: %s", m[len(m)-1].Blocks)
	}
	d.does(id, tocsin.Warned, "slack:U0AMINA")
	if got := d.told(400); len(got) != 0 {
		t.Errorf("after the person was warned: %q", got)
	}
}

func TestACallIsForWhatIsSoAtItsTime(t *testing.T) {
	for _, x := range []struct {
		name string
		does func(d *desk, id string)
		want []string
	}{
		{"dismissed in time", func(d *desk, id string) { d.does(id, tocsin.Dismiss, "amina") }, nil},
		{"closed in time", func(d *desk, id string) { d.does(id, tocsin.Close, "amina") }, nil},
		{"taken, and that taken back", func(d *desk, id string) {
			d.does(id, tocsin.Ack, "amina")
			d.told(5)
			d.does(id, tocsin.Undo, "amina")
		}, []string{"15 reply " + nobodyHas}},
		{"dismissed and reopened", func(d *desk, id string) {
			d.does(id, tocsin.Dismiss, "amina")
			d.told(60)
			d.does(id, tocsin.Reopen, "bo")
		}, []string{"15 reply " + nobodyHas}},
		{"a reminder moves no call", func(d *desk, id string) {
			d.decided(store.Decision{Case: id, Action: tocsin.Remind, By: "amina", When: d.clock.Now().Add(1000 * time.Hour)})
		}, []string{"10 reply " + nobodyHas}},
	} {
		d := newDesk(t)
		id := d.tell(d.appeared("p-017", 1, tocsin.TierAlert))[0].Case
		d.told(5)
		x.does(d, id)
		equal(t, x.name, d.told(20), x.want)
	}
}

func TestOnlyWhatAppearsAtAlertTierIsCalledFor(t *testing.T) {
	d := newDesk(t)
	d.tell(d.appeared("p-017", 1, tocsin.TierReview))
	changed := d.appeared("p-017", 2, tocsin.TierAlert)
	changed.Kind = tocsin.Changed
	d.tell(changed)
	d.told(0)
	if got := d.told(60); len(got) != 0 {
		t.Errorf("called: %q", got)
	}
}

func TestAReturnIsCalledForAgain(t *testing.T) {
	d := newDesk(t)
	d.tell(d.appeared("p-017", 1, tocsin.TierAlert))
	d.told(130) // all calls, and the last resort
	back := d.appeared("p-017", 1, tocsin.TierAlert)
	back.Kind = tocsin.Reappeared
	d.tell(back)
	equal(t, "public again", d.told(20), []string{"0 channel: 🔔 Public again: Mira Varden (p-017) · notice that was no longer public", "15 reply " + nobodyHas})
}

// Downtime: what should have been said meanwhile is said once.
func TestCallsMissedWhileNobodyRanAreOne(t *testing.T) {
	d := newDesk(t)
	d.tell(d.appeared("p-017", 1, tocsin.TierAlert))
	d.told(0)
	d.stop()
	d.clock.set(d.clock.Now().Add(12 * time.Hour))
	d.start()
	equal(t, "after the night", d.told(35), []string{"0 reply " + nobodyHas, "30 reply " + nobodyHas})
}

// More than a message holds alone are called for together, in their thread.
func TestABurstIsFollowedByOneCall(t *testing.T) {
	lines := []string{}
	for i := range 7 {
		lines = append(lines, fmt.Sprintf("p-10%d,Person %d,,,,,BIRD%d,,", i, i, i))
	}
	d := newDesk(t, lines...)
	var events []store.NewEvent
	for i := range 7 {
		events = append(events, d.appeared(fmt.Sprintf("p-10%d", i), i, tocsin.TierAlert))
	}
	d.does(d.tell(events...)[3].Case, tocsin.Ack, "amina")
	d.told(0)
	equal(t, "called", d.told(20), []string{"15 reply calls: ⏰ Nobody has these yet: 6 possible matches"})
}

// The power goes after the call was written down, and before it went out.
func TestACallIsMadeOnceThroughACrash(t *testing.T) {
	ctx := context.Background()
	d := newDesk(t)
	id := d.tell(d.appeared("p-017", 1, tocsin.TierAlert))[0].Case
	d.told(0)
	d.clock.set(d.clock.Now().Add(15 * time.Minute))
	due, err := d.store.DueTimers(ctx, "team", d.clock.Now(), 10)
	if err != nil || len(due) != 1 {
		t.Fatal(due, err)
	}
	l, ok, err := d.store.Acquire(ctx, "notifier:team", "the dead", time.Minute)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	x := due[0]
	x.Phase, x.Since = "take", x.At
	m := store.Message{Notifier: "team", Kind: "call", Case: id}
	if _, err := d.store.Ring(ctx, l, m, []store.Timer{x}, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := d.store.Ring(ctx, l, m, []store.Timer{x}, nil); !errors.Is(err, store.ErrTaken) {
		t.Errorf("the same call in another message: %v", err)
	}
	d.restart()
	equal(t, "after the crash", d.told(5), []string{"0 root " + nobodyHas})
}

func TestAReminderComesAtItsTimeForWhoAskedForIt(t *testing.T) {
	d := newDesk(t)
	id := d.tell(d.appeared("p-017", 1, tocsin.TierReview))[0].Case
	d.told(0)
	ask := store.Decision{Case: id, Action: tocsin.Remind, By: "slack:U0AMINA", When: d.clock.Now().Add(30 * time.Minute), Note: "ask the lawyer", Key: "press-1"}
	d.decided(ask)
	d.decided(ask) // pressed once, told twice
	d.restart()
	equal(t, "the reminder", d.told(60), []string{"30 reply: <@U0AMINA>"})
	m := d.slack.Messages()
	if s := m[len(m)-1].Text; !strings.Contains(s, "Reminder: Mira Varden (p-017)") || !strings.Contains(s, "Why: ask the lawyer") {
		t.Errorf("it reads\n%s", s)
	}
	ask.Key, ask.When = "press-2", d.clock.Now().Add(30*time.Minute)
	d.decided(ask)
	d.does(id, tocsin.Undo, "slack:U0AMINA")
	if got := d.told(60); len(got) != 0 {
		t.Errorf("a reminder that was taken back: %q", got)
	}
}

func TestAnArrestStartsItsPlaybookAtOnceForTheWholeChannel(t *testing.T) {
	d := newDesk(t)
	id := d.tell(d.appeared("p-017", 1, tocsin.TierAlert))[0].Case
	d.told(0)
	d.does(id, tocsin.Arrest, "amina")
	equal(t, "arrested", d.told(130), []string{"0 channel: 🚨 Arrested: Mira Varden (p-017)"})
	m := d.slack.Messages()
	for i, where := range []string{"the message", "the reply"} {
		for _, want := range []string{"a local lawyer, now", "General Secretariat", "provisional measures", "refugee agency", "Art. 37; otherside.law", "Not legal advice"} {
			if !strings.Contains(string(m[i].Blocks), want) {
				t.Errorf("%s does not say %q", where, want)
			}
		}
	}
}

// The Commission's dates count from the day on which the request is admissible.
func TestTheCommissionsTimeIsSaidWhenItIsUp(t *testing.T) {
	d := newDesk(t)
	id := d.tell(d.appeared("p-017", 1, tocsin.TierAlert))[0].Case
	d.does(id, tocsin.Warned, "amina")
	d.told(0)
	day := func(m time.Month, day int) time.Time { return time.Date(2026, m, day, 0, 0, 0, 0, time.UTC) }
	for _, x := range []store.Decision{
		{Action: tocsin.Filed, When: day(1, 12), To: "deletion"}, {Action: tocsin.Admissible, When: day(2, 19)},
		{Action: tocsin.Undo}, {Action: tocsin.Admissible, When: day(2, 20)},
	} {
		x.Case, x.By = id, "amina"
		d.decided(x)
	}
	d.news()
	d.clock.set(day(11, 19).Add(23 * time.Hour))
	d.restart()
	if got := d.told(30); len(got) != 0 {
		t.Errorf("before its time: %q", got)
	}
	d.clock.set(day(11, 20))
	equal(t, "in its time", d.told(5), []string{"0 reply: 📅 The Commission (CCF) should have answered by now: Mira Varden (p-017)"})
	m := d.slack.Messages()
	if s := string(m[len(m)-1].Blocks); !strings.Contains(s, "filed 12 Jan 2026, admissible 20 Feb 2026; CCF due about 20 Nov 2026, often late") || !strings.Contains(s, "bind the Commission, not the team") {
		t.Errorf("it reads %s", s)
	}
}
