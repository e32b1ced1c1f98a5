package watcher_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin"
	"tocsin/notifier"
	"tocsin/watcher"
)

func TestWhatIsLateGoesToTheOthersOncePastDigestAndFilters(t *testing.T) {
	team, lawyers, board := newInbox(), newInbox(), newInbox()
	team.fail = refusal
	waits, filtered := bellOf("lawyers", lawyers), bellOf("board", board)
	waits.Digest = weekly(t, "0 8 * * 1")
	filtered.Events, filtered.Tiers = []tocsin.EventKind{tocsin.Blind}, []tocsin.Tier{tocsin.TierReview}
	h := newHall(t, []string{vardenLine}, bellOf("team", team), waits, filtered)
	h.start()
	h.after(10 * time.Minute) // the first digest is out
	told := len(lawyers.messages())
	alert := h.tell(h.appeared("p-017", 1, tocsin.TierAlert), h.appeared("p-017", 2, tocsin.TierReview))[0]

	h.after(9 * time.Minute)
	if n := len(lawyers.messages()) - told + len(board.messages()); n != 0 {
		t.Errorf("%d messages before it was late", n)
	}
	h.after(2 * time.Minute)
	if !slices.Contains(h.errors(), "late: goes to the other notifiers too") {
		t.Errorf("the log says %v", h.errors())
	}
	for name, b := range map[string]*inbox{"lawyers": lawyers, "board": board} {
		if got := b.times(); got[alert.ID] != 1 || len(got) != 1 {
			t.Errorf("%s was told %v, want the alert once and nothing else", name, got)
		}
	}
	if m := lawyers.messages()[told]; m.Kind == notifier.Digest {
		t.Error("it came as a digest")
	}

	// Neither more time nor another start tells it again, and the team gets it late.
	h.stop()
	h.start()
	h.after(time.Hour)
	team.fail = nil
	h.after(time.Hour)
	for name, b := range map[string]*inbox{"team": team, "lawyers": lawyers, "board": board} {
		if got := b.times()[alert.ID]; got != 1 {
			t.Errorf("%s was told %d times", name, got)
		}
	}
	equal(t, "the ledger", h.history(), []string{
		"appeared team sent, lawyers sent, board sent", "appeared team sent, lawyers pending, board skipped",
	})
}

func TestACrashWhileItIsLateLosesNothing(t *testing.T) {
	team, mail := newInbox(), newInbox()
	team.fail = refusal
	h := newHall(t, []string{vardenLine}, bellOf("team", team))
	h.start()
	alert := h.tell(h.appeared("p-017", 1, tocsin.TierAlert))[0]
	h.after(time.Minute)
	h.stop()
	// The mail was configured while nobody ran: the event owes it nothing yet.
	h.bells = append(h.bells, bellOf("mail", mail))
	h.start()
	h.clock.set(h.clock.Now().Add(20 * time.Minute))
	if err := h.MindLate(context.Background()); err != nil {
		t.Fatal(err)
	}
	h.stop() // noted, and nothing sent yet
	h.start()
	h.after(time.Minute)
	if got := mail.times(); got[alert.ID] != 1 {
		t.Errorf("the mail was told %v", got)
	}
}

func TestBlindAndUndeliveredAreLateToo(t *testing.T) {
	team, mail := newInbox(), newInbox()
	mail.fail = refusal
	late := bellOf("mail", mail)
	late.LateAfter = time.Minute
	team2 := bellOf("team", team)
	team2.Digest = weekly(t, "0 8 * * 1")
	h := newHall(t, []string{vardenLine}, team2, late)
	h.start()
	h.after(10 * time.Minute)
	blind := h.tell(h.blind(1))[0]
	h.after(2 * time.Minute)
	if got := team.times(); got[blind.ID] != 1 {
		t.Errorf("the team was told %v", got)
	}
}

func TestWhatWaitsForItsHourIsNotLate(t *testing.T) {
	team, lawyers := newInbox(), newInbox()
	waits, north := bellOf("lawyers", lawyers), bellOf("team", team)
	waits.Digest = weekly(t, "0 8 * * 1")
	north.Tags = []string{"south"}
	h := newHall(t, []string{vardenLine}, north, waits)
	h.start()
	h.after(10 * time.Minute)
	h.tell(h.appeared("p-017", 1, tocsin.TierAlert, "north"))
	h.after(24 * time.Hour)
	if got := team.times(); len(got) != 0 {
		t.Errorf("the team, whose tags leave her out, was told %v", got)
	}
}

func TestALateEventBringsNoNameToAChannelWhoseTagsLeaveThePersonOut(t *testing.T) {
	team, partner := newInbox(), newInbox()
	team.fail = refusal
	south := bellOf("partner", partner)
	south.Tags = []string{"south"}
	h := newHall(t, []string{vardenLine}, bellOf("team", team), south)
	h.start()
	h.tell(h.appeared("p-017", 1, tocsin.TierAlert, "north"))
	h.after(15 * time.Minute)
	ms := partner.messages()
	if len(ms) != 1 {
		t.Fatalf("%d messages, want one", len(ms))
	}
	text := notifier.Text(notifier.Render(ms[0]), 100)
	if !strings.Contains(text, "HERON") || strings.Contains(text, "Varden") || strings.Contains(text, "VARDEN") || strings.Contains(text, "2026/") {
		t.Errorf("the partner reads\n%s", text)
	}
}

func TestWhatIsGivenUpIsToldToTheOthers(t *testing.T) {
	for _, outcome := range []notifier.Outcome{notifier.Temporary, notifier.Unknown} {
		team, mail := newInbox(), newInbox()
		team.fail = func(notifier.Message) error { return &notifier.Error{Outcome: outcome, Why: "not now"} }
		h := newHall(t, []string{vardenLine}, bellOf("team", team), bellOf("mail", mail))
		h.bells[0].GiveUpAfter, h.bells[1].Events = time.Hour, []tocsin.EventKind{tocsin.Changed}
		h.start()
		alert := h.tell(h.appeared("p-017", 1, tocsin.TierAlert))[0]
		h.after(50 * time.Minute)
		equal(t, "before", h.history(), []string{"appeared team pending, mail sent"})
		h.after(20 * time.Minute)
		equal(t, "after an hour", h.history(), []string{"appeared team failed, mail sent", "undelivered team skipped, mail sent"})
		ms := mail.messages()
		if e := ms[len(ms)-1].Items[0].Event; e.Kind != tocsin.Undelivered || e.Notifier != "team" || !slices.Equal(e.Events, []string{alert.ID}) {
			t.Errorf("the alarm is %+v", e)
		}
	}
}

func TestWhatTheOnlyNotifierGivesUpStandsInStatusAndLogAndStopsTheHeartbeat(t *testing.T) {
	team := newInbox()
	team.fail = func(notifier.Message) error { return &notifier.Error{Outcome: notifier.Permanent, Why: "gone"} }
	pings := &pings{}
	h := newHall(t, []string{vardenLine}, bellOf("team", team))
	h.heart = pings
	h.start()
	h.tell(h.appeared("p-017", 1, tocsin.TierAlert))
	h.after(time.Minute)
	equal(t, "the ledger", h.history(), []string{"appeared team failed"})
	st, err := h.Status(context.Background())
	if err != nil || st.Deliveries.Failed != 1 {
		t.Errorf("status says %+v, %v", st.Deliveries, err)
	}
	equal(t, "the log", h.errors(), []string{"not accepted, given up"})
	h.Beat(context.Background())
	if pings.n != 0 {
		t.Error("the heart beats")
	}
	team.fail = nil
	h.clock.set(h.clock.Now().Add(time.Minute))
	h.tell(h.appeared("p-017", 2, tocsin.TierAlert))
	h.after(time.Minute)
	h.Beat(context.Background())
	if pings.n != 1 {
		t.Error("the heart does not beat though deliveries flow again")
	}
}

// pings is a heart that counts.
type pings struct {
	n   int
	err error
}

func (p *pings) Ping(context.Context) error {
	p.n++
	return p.err
}

var _ watcher.Heart = (*pings)(nil)
