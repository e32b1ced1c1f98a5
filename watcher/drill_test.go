package watcher_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin"
	"tocsin/notifier"
	"tocsin/sim"
	"tocsin/store"
)

// drill asks for a drill as 'tocsin drill' beside a daemon does.
func (h *hall) ask(within time.Duration) store.Drill {
	h.t.Helper()
	d, err := h.store.AskDrill(context.Background(), within, false)
	if err != nil {
		h.t.Fatal(err)
	}
	return d
}

func (h *hall) drilled(d store.Drill) (store.Drill, []store.Taken) {
	h.t.Helper()
	d, ok, err := h.store.Drill(context.Background(), d.ID)
	if err != nil || !ok {
		h.t.Fatal(ok, err)
	}
	es, err := h.store.Events(context.Background(), store.EventFilter{IDs: []string{d.Event}})
	if err != nil || len(es) != 1 {
		h.t.Fatalf("the drill's events: %v, %v", es, err)
	}
	return d, store.TakenOf(es[0])
}

func TestADrillReachesEveryChannelWhateverItsFiltersAndIsOver(t *testing.T) {
	c := &stillClock{t: monday}
	team, s := channel(t, "team", c.Now)
	mail, server := post(t, "lawyers", c.Now, notifier.Codename)
	team.Events, team.Tags, mail.Digest = []tocsin.EventKind{tocsin.Blind}, []string{"south"}, weekly(t, "0 8 * * 1")
	h := newHall(t, []string{vardenLine}, team, mail)
	h.clock = c
	h.start()
	h.after(10 * time.Minute)
	server.Forget()
	d := h.ask(time.Minute)
	h.after(30 * time.Second)
	d, taken := h.drilled(d)
	if d.EndedAt.IsZero() || len(taken) != 2 || taken[0].Missed || taken[1].Missed {
		t.Fatalf("the drill is %+v, taken %+v", d, taken)
	}
	ms, letters := s.Messages(), server.Messages()
	if len(ms) != 1 || len(letters) != 1 {
		t.Fatalf("%d messages in the channel, %d mails", len(ms), len(letters))
	}
	if !strings.Contains(ms[0].Text, "DRILL, not real") || !strings.Contains(letters[0].Text, "DRILL, not real") || !strings.HasPrefix(letters[0].Subject, "Test, ") {
		t.Errorf("it does not say that it is a drill: %s\n%s\n%s", ms[0].Text, letters[0].Subject, letters[0].Text)
	}
	for _, name := range []string{"Varden", "HERON", "p-017"} {
		if strings.Contains(ms[0].Text+string(ms[0].Blocks)+letters[0].Text, name) {
			t.Errorf("it says %s", name)
		}
	}
	cases, err := h.store.Cases(context.Background(), store.CaseFilter{Source: "drill"})
	if err != nil || len(cases) != 1 || cases[0].State != tocsin.CaseClosed || cases[0].Public {
		t.Errorf("its case is %+v, %v", cases, err)
	}
	events, err := h.store.Events(context.Background(), store.EventFilter{})
	if err != nil || len(events) != 1 || !events[0].Drill || events[0].Kind != tocsin.Appeared || events[0].Tier != tocsin.TierAlert {
		t.Errorf("its events are %+v, %v", events, err)
	}
	h.after(10 * time.Minute)
	if len(h.history()) != 1 || len(s.Messages())+len(server.Messages()) != 2 {
		t.Errorf("it goes on: %v", h.history())
	}
}

func TestADrillThatAChannelDoesNotTakeIsToldElsewhere(t *testing.T) {
	team, mail := newInbox(), newInbox()
	team.fail = refusal
	h := newHall(t, []string{vardenLine}, bellOf("team", team), bellOf("mail", mail))
	h.start()
	d := h.ask(time.Minute)
	h.after(50 * time.Second)
	if n := len(mail.messages()); n != 1 {
		t.Errorf("%d messages before its time was up", n)
	}
	h.after(time.Minute)
	_, taken := h.drilled(d)
	if len(taken) != 2 || !taken[0].Missed || taken[1].Missed {
		t.Errorf("taken %+v", taken)
	}
	equal(t, "the ledger", h.history(), []string{"appeared team failed, mail sent", "undelivered team skipped, mail sent"})
	ms := mail.messages()
	text := notifier.Text(notifier.Render(ms[len(ms)-1]), 100)
	if e := ms[len(ms)-1].Items[0].Event; !e.Drill || !strings.Contains(text, `The drill did not reach "team"`) {
		t.Errorf("the alarm is %+v:\n%s", e, text)
	}
	if !slices.Contains(h.errors(), "a channel did not take the drill in time") {
		t.Errorf("the log says %v", h.errors())
	}
	team.fail = nil
	h.after(time.Hour)
	if n := len(team.messages()); n != 0 {
		t.Errorf("the drill came an hour late, %d times", n)
	}
}

func TestADrillIsDoneOnceThroughACrash(t *testing.T) {
	ctx := context.Background()
	team := newInbox()
	h := newHall(t, []string{vardenLine}, bellOf("team", team))
	h.start()
	d := h.ask(time.Minute)
	if err := h.MindDrills(ctx); err != nil { // begun, nothing sent
		t.Fatal(err)
	}
	h.stop()
	h.start()
	h.after(10 * time.Second)
	h.stop()
	h.start()
	h.after(time.Minute)
	if d, _ = h.drilled(d); d.EndedAt.IsZero() || len(team.messages()) != 1 {
		t.Errorf("the drill %+v was told %d times", d, len(team.messages()))
	}
}

func TestDrillsComeByTheSchedule(t *testing.T) {
	team := newInbox()
	h := newHall(t, []string{vardenLine}, bellOf("team", team))
	h.drill = weekly(t, "0 9 * * *")
	h.start()
	h.after(48 * time.Hour)
	if n := len(team.messages()); n != 2 {
		t.Errorf("%d drills in two days", n)
	}
	h.stop()
	h.clock.set(h.clock.Now().Add(72 * time.Hour)) // three were missed
	h.start()
	h.after(time.Minute)
	if n := len(team.messages()); n != 3 {
		t.Errorf("%d drills, want one for those that were missed", n)
	}
	h.after(24 * time.Hour)
	if n := len(team.messages()); n != 4 {
		t.Errorf("%d drills a day later", n)
	}
}

func TestADrillHereAndNow(t *testing.T) {
	s, err := sim.NewSlack(sim.SlackOptions{Token: "xoxb-hall", Channels: []string{"C0HALL"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	h := newHall(t, []string{vardenLine}, inChannel(t, "team", s, time.Now))
	h.clock = &stillClock{t: time.Now()}
	h.start()
	d, taken, err := h.Drill(context.Background(), 5*time.Second)
	if err != nil || d.EndedAt.IsZero() || len(taken) != 1 || taken[0].Missed {
		t.Errorf("%+v, %+v, %v", d, taken, err)
	}
}
