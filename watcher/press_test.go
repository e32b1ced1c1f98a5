package watcher_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"

	"tocsin"
	"tocsin/notifier/slack"
	"tocsin/sim"
	"tocsin/store"
	"tocsin/watcher"
)

// pressroom is a hall whose one bell is in a Slack channel with buttons, and what
// hears them. Time is the test's; the connection's own is the machine's.
type pressroom struct {
	*hall
	sim *sim.Slack
	ear *slack.Listener
	end func()
}

const hallToken = "xapp-hall"

func newPressroom(t *testing.T) *pressroom {
	t.Helper()
	c := &stillClock{t: time.Now().Add(-2 * time.Hour)}
	s, err := sim.NewSlack(sim.SlackOptions{Token: "xoxb-hall", AppToken: hallToken, Channels: []string{"C0HALL"}, Now: c.Now, AckWithin: 200 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	n, err := slack.New(slack.Options{ID: "team", Token: "xoxb-hall", Channel: "C0HALL", APIURL: s.URL(), Now: c.Now, AppToken: hallToken, Buttons: true})
	if err != nil {
		t.Fatal(err)
	}
	b := bellOf("team", n)
	d := &pressroom{hall: newHall(t, []string{vardenLine}, b), sim: s, end: func() {}}
	d.clock = c
	d.ear = slack.Listeners([]*slack.Slack{n.(*slack.Slack)}, time.UTC, zap.NewNop())[0]
	d.ears = []watcher.Ear{d.ear}
	t.Cleanup(func() { d.end() }) // before the ledger is closed
	d.begin()
	return d
}

// begin starts the daemon's two halves that matter here: bells and the ear.
func (d *pressroom) begin() {
	d.t.Helper()
	d.start()
	ctx, cancel := context.WithCancel(context.Background())
	over := make(chan error, 1)
	go func() { over <- d.ear.Listen(ctx, d.Press) }()
	d.end = func() {
		cancel()
		if err := <-over; !errors.Is(err, context.Canceled) {
			d.t.Error(err)
		}
		d.end = func() {}
	}
	d.until("it listens", func() bool { return d.sim.Sockets() > 0 })
}

func (d *pressroom) until(what string, is func() bool) {
	d.t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	limit := time.NewTimer(20 * time.Second)
	defer limit.Stop()
	for !is() {
		select {
		case <-tick.C:
		case <-limit.C:
			d.t.Fatal("waited in vain: " + what)
		}
	}
}

// press presses a button of the n-th message.
func (d *pressroom) press(n int, action, user string) *sim.Interaction {
	d.t.Helper()
	i, err := d.sim.Press(d.sim.Messages()[n].TS, action, user)
	if err != nil {
		d.t.Fatal(err)
	}
	return i
}

func (d *pressroom) kept(i *sim.Interaction) {
	d.t.Helper()
	d.until("the press is acknowledged", func() bool {
		select {
		case <-i.Acked():
			return true
		default:
			return false
		}
	})
}

// shown is the n-th message as the channel shows it.
func (d *pressroom) shown(n int) string {
	return strings.NewReplacer(`\u003c`, "<", `\u003e`, ">").Replace(string(d.sim.Messages()[n].Blocks))
}

// shows wants the n-th message to show something at most three seconds from now.
func (d *pressroom) shows(n int, what string) {
	d.t.Helper()
	d.after(3 * time.Second)
	if s := d.shown(n); !strings.Contains(s, what) {
		d.t.Fatalf("message %d does not show %q: %s", n, what, s)
	}
}

// theCase is the one case, and what was decided about it, as "ack slack:U0AMINA".
func (d *pressroom) theCase() (c tocsin.Case, log []string) {
	d.t.Helper()
	cases, err := d.store.Cases(context.Background(), store.CaseFilter{})
	if err != nil || len(cases) != 1 {
		d.t.Fatalf("%d cases, %v", len(cases), err)
	}
	for _, x := range cases[0].Log {
		log = append(log, string(x.Action)+" "+x.By)
	}
	return cases[0], log
}

func (d *pressroom) decided(want ...string) tocsin.Case {
	d.t.Helper()
	c, log := d.theCase()
	if !slices.Equal(log, want) {
		d.t.Fatalf("decided: %q, want %q", log, want)
	}
	return c
}

// A case is run from its message: by several people, over restarts and cut
// connections, with what Slack tells twice, days later.
func TestACaseIsRunFromItsMessage(t *testing.T) {
	d := newPressroom(t)
	d.tell(d.appeared("p-017", 0, tocsin.TierAlert))
	d.after(5 * time.Second)
	if n := len(d.sim.Messages()); n != 1 {
		t.Fatalf("%d messages", n)
	}

	// Amina has it; she presses twice, and an acknowledgement is lost.
	d.sim.LoseAcks(1)
	first, second := d.press(0, "ack", "U0AMINA"), d.press(0, "ack", "U0AMINA")
	d.kept(first)
	d.kept(second)
	d.shows(0, "<@U0AMINA>")
	d.decided("ack slack:U0AMINA")

	// The daemon is restarted between a press and its message; a press is made
	// while nobody listens.
	i := d.press(0, "warned", "U0BASIL")
	d.kept(i)
	d.end()
	d.stop()
	later := d.press(0, "confirm", "U0CHLOE")
	d.begin()
	d.kept(later)
	d.shows(0, "<@U0CHLOE>")
	d.decided("ack slack:U0AMINA", "warned slack:U0BASIL", "confirm slack:U0CHLOE")

	// Weeks later, the connection just dropped, it is somebody else after all.
	d.after(20 * 24 * time.Hour)
	d.sim.Drop()
	d.kept(d.press(0, "dismiss", "U0AMINA"))
	d.until("the form", func() bool { return len(d.sim.Views()) == 1 })
	form, err := d.sim.Submit(d.sim.Views()[0].ID, map[string]string{"why": "born elsewhere, says her brother"}, "U0AMINA")
	if err != nil {
		t.Fatal(err)
	}
	d.kept(form)
	d.shows(0, "born elsewhere, says her brother")
	if c, _ := d.theCase(); c.State != tocsin.CaseDismissed || c.By != "slack:U0AMINA" {
		t.Errorf("the case is %s by %s", c.State, c.By)
	}
	if n := len(d.sim.Messages()); n != 1 {
		t.Errorf("%d messages: decisions are shown in the one that is there", n)
	}
}

// Slack is away for ten minutes: what was pressed before is kept and shown when
// it is back, what Slack still holds comes then, and meanwhile it is said that
// nothing can be pressed.
func TestSlackAwayForTenMinutesLosesNoPress(t *testing.T) {
	d := newPressroom(t)
	d.tell(d.appeared("p-017", 0, tocsin.TierAlert))
	d.after(5 * time.Second)
	back := d.sim.AddFault(sim.Fault{Kind: sim.Status, Status: http.StatusServiceUnavailable, On: sim.UpdateMessage})
	d.kept(d.press(0, "ack", "U0AMINA"))

	for _, p := range []sim.Part{sim.PostMessage, sim.OpenConnection, sim.History} {
		d.sim.AddFault(sim.Fault{Kind: sim.Status, Status: http.StatusServiceUnavailable, On: p})
	}
	d.sim.Drop()
	d.until("nothing is heard", func() bool { _, why := d.ear.Deaf(); return strings.Contains(why, "status 503") })
	held := d.press(0, "warned", "U0BASIL") // Slack took it and cannot tell it
	d.after(10 * time.Minute)
	stopped, err := d.NotFlowing(context.Background())
	if err != nil || !slices.ContainsFunc(stopped, func(s string) bool { return strings.HasPrefix(s, "team: buttons cannot be pressed since ") }) {
		t.Errorf("said not to flow: %q, %v", stopped, err)
	}
	if st, err := d.Status(context.Background()); err != nil || st.Buttons == nil || !strings.Contains(st.Buttons.Error, "status 503") {
		t.Errorf("status: %+v, %v", st.Buttons, err)
	}
	d.standsInTheLedger("status 503")
	if strings.Contains(d.shown(0), "U0AMINA") {
		t.Error("Slack is not away")
	}

	back()
	d.sim.ClearFaults()
	d.kept(held)
	d.after(time.Minute)
	d.shows(0, "<@U0BASIL>")
	d.decided("ack slack:U0AMINA", "warned slack:U0BASIL")
	if stopped, err := d.NotFlowing(context.Background()); err != nil || len(stopped) != 0 {
		t.Errorf("afterwards said not to flow: %q, %v", stopped, err)
	}
	d.standsInTheLedger("")
}

// standsInTheLedger wants the status beside the daemon to say why buttons cannot
// be pressed.
func (d *pressroom) standsInTheLedger(why string) {
	d.t.Helper()
	if err := d.MindButtons(context.Background()); err != nil {
		d.t.Fatal(err)
	}
	st, err := watcher.ReadStatus(context.Background(), d.store, nil)
	if err != nil || (st.Buttons == nil) != (why == "") || why != "" && !strings.Contains(st.Buttons.Error, why) {
		d.t.Errorf("status: %+v, %v", st.Buttons, err)
	}
}

// The message shows an older state than there is: what it offers and can no
// longer be done is said, and nothing is written down. A press that was written
// down, and is only told again, is not contradicted.
func TestAPressThatComesTooLateIsAnswered(t *testing.T) {
	d := newPressroom(t)
	d.tell(d.appeared("p-017", 0, tocsin.TierAlert))
	d.after(5 * time.Second)
	c, _ := d.theCase()
	d.sim.AddFault(sim.Fault{Kind: sim.Status, Status: http.StatusServiceUnavailable, On: sim.UpdateMessage})
	if _, err := d.Decide(context.Background(), store.Decision{Case: c.ID, Action: tocsin.Close, By: "amina"}); err != nil {
		t.Fatal(err)
	}
	d.kept(d.press(0, "ack", "U0BASIL"))
	d.until("it is answered", func() bool { return len(d.sim.Whispers()) == 1 })
	if w := d.sim.Whispers()[0]; w.User != "U0BASIL" || !strings.Contains(w.Text, "closed by now") {
		t.Errorf("whispered %+v", w)
	}
	d.decided("close amina")

	d.sim.ClearFaults()
	d.shows(0, "Reopen")
	d.sim.LoseAcks(1)
	d.kept(d.press(0, "reopen", "U0BASIL"))
	d.decided("close amina", "reopen slack:U0BASIL")
	if n := len(d.sim.Whispers()); n != 1 {
		t.Errorf("%d whispers: %+v", n, d.sim.Whispers())
	}
	d.shows(0, "Undo")
	d.kept(d.press(0, "undo", "U0BASIL"))
	d.kept(d.press(0, "undo", "U0BASIL")) // pressed twice: one decision is taken back
	if c := d.decided("close amina", "reopen slack:U0BASIL", "undo slack:U0BASIL"); c.State != tocsin.CaseClosed {
		t.Errorf("the case is %s", c.State)
	}
}

// What cannot be done is said to whoever pressed, and to nobody else.
func TestAPressOnACaseThatIsGoneIsAnswered(t *testing.T) {
	d := newPressroom(t)
	d.tell(d.appeared("p-017", 0, tocsin.TierAlert))
	d.after(5 * time.Second)
	d.end()
	d.stop()
	d.dir = t.TempDir() // another ledger: that one was lost
	d.begin()
	d.kept(d.press(0, "ack", "U0AMINA"))
	d.until("it is answered", func() bool { return len(d.sim.Whispers()) == 1 })
	if w := d.sim.Whispers()[0]; w.User != "U0AMINA" || !strings.Contains(w.Text, "no longer in Tocsin's ledger") {
		t.Errorf("whispered %+v", w)
	}
	if n := len(d.sim.Messages()); n != 1 {
		t.Errorf("%d messages", n)
	}
}

// Slack takes no more messages for a while: what is pressed is shown all the same.
func TestAPressIsShownWhileNothingNewIsTaken(t *testing.T) {
	d := newPressroom(t)
	d.tell(d.appeared("p-017", 0, tocsin.TierAlert))
	d.after(5 * time.Second)
	d.sim.AddFault(sim.Fault{Kind: sim.TooMany, RetryAfter: "120", On: sim.PostMessage})
	d.tell(d.blind(1))
	d.after(5 * time.Second)
	d.kept(d.press(0, "ack", "U0AMINA"))
	d.shows(0, "<@U0AMINA>")
	if n := len(d.sim.Messages()); n != 1 {
		t.Errorf("%d messages: Slack took one more", n)
	}
}
