package watcher_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"tocsin"
	"tocsin/notifier"
	"tocsin/sim"
	"tocsin/store"
)

func TestANoticesLifeRingsOncePerTurn(t *testing.T) {
	r := newRig(t, people(t, vardenLine), sim.People(3, 400)...)
	equal(t, "first look without her", kinds(r.poll()), nil)
	r.notices.Publish(vardenRow())
	equal(t, "published", kinds(r.poll()), []string{"appeared p-017 2026/48213"})
	equal(t, "nothing new", kinds(r.poll()), nil)
	r.notices.Edit("2026/48213", func(x *sim.Row) { x.Forename = sim.Str("MIRA") })
	events := r.poll()
	equal(t, "edited", kinds(events), []string{"changed p-017 2026/48213"})
	if c := events[0].Changes; len(c) != 1 || c[0].Field != "forename" || c[0].From[0] != "MIRA ILSE" || c[0].To[0] != "MIRA" {
		t.Errorf("changes are %+v", c)
	}
	r.notices.Withdraw("2026/48213")
	equal(t, "first miss", kinds(r.poll()), nil)
	gone := r.poll()
	equal(t, "second miss", kinds(gone), []string{"disappeared p-017 2026/48213"})
	if w := gone[0].Window; w == nil || w.After.IsZero() || !w.Before.After(w.After) {
		t.Errorf("the window is %+v", w)
	}
	equal(t, "stays away", kinds(r.poll()), nil)
	r.notices.Publish(vardenRow())
	equal(t, "back", kinds(r.poll()), []string{"reappeared p-017 2026/48213"})
	if got := len(r.inbox.messages()); got != 4 {
		t.Errorf("%d messages arrived, want 4", got)
	}
}

func TestAReturnSaysUnderWhichID(t *testing.T) {
	r := newRig(t, people(t, vardenLine), append([]sim.Row{vardenRow()}, sim.People(3, 100)...)...)
	r.poll()
	r.notices.Withdraw("2026/48213")
	r.poll()
	r.poll()
	again := vardenRow()
	again.EntityID = "2026/60001"
	r.notices.Publish(again)
	equal(t, "under another id", kinds(r.poll()), []string{"appeared p-017 2026/60001"})
	ms := r.inbox.messages()
	if e := ms[len(ms)-1].Items[0].Earlier; len(e) != 1 || e[0].ID != "2026/48213" {
		t.Errorf("the message knows of earlier notices %+v", e)
	}
}

func TestAnAppearanceCarriesItsChargesAndItsWindow(t *testing.T) {
	r := newRig(t, people(t, vardenLine), sim.People(3, 50)...)
	r.poll()
	r.notices.Publish(vardenRow())
	e := r.poll()[0]
	if e.Window == nil || e.Window.After.IsZero() || e.Window.Before.Before(e.Window.After) {
		t.Errorf("the window is %+v", e.Window)
	}
	it := r.inbox.messages()[0].Items[0]
	if it.Notice == nil || it.Notice.Detail == nil || len(it.Notice.Detail.Charges) != 1 {
		t.Errorf("the message knows no charge: %+v", it.Notice)
	}
}

func TestTheFirstLookIsOneMessage(t *testing.T) {
	lines := []string{vardenLine, "p-009,Darya Kosten,,1979-11-02,UA,F,,,"}
	r := newRig(t, people(t, lines...), append(sim.People(3, 300), vardenRow(), row("2025/31170", "KOSTEN", "DARYA", "1979/11/02", "UA", "F"))...)
	equal(t, "first look", kinds(r.poll()), []string{"listed p-009 2025/31170", "listed p-017 2026/48213"})
	ms := r.inbox.messages()
	if len(ms) != 1 || ms[0].Kind != notifier.Gathered || len(ms[0].Items) != 2 {
		t.Errorf("it came as %d messages: %+v", len(ms), ms)
	}
}

func TestAFirstLookThatIsCutShortStillTellsItsHits(t *testing.T) {
	// She was published last, so she is on the newest page.
	r := newRig(t, people(t, vardenLine), append([]sim.Row{vardenRow()}, sim.People(3, 900)...)...)
	remove := r.notices.AddFault(sim.Fault{Kind: sim.Refused, On: sim.List, After: 3})
	equal(t, "cut short", kinds(r.poll()), []string{"listed p-017 2026/48213"})
	remove()
	equal(t, "completed", kinds(r.poll()), nil)
}

func TestARefusedLookTakesNothingAway(t *testing.T) {
	r := newRig(t, people(t, vardenLine), append(sim.People(3, 400), vardenRow())...)
	r.poll()
	for _, kind := range []sim.Kind{sim.Refused, sim.TooMany, sim.Status, sim.Truncated, sim.CutBody, sim.Cut, sim.Null, sim.HTML, sim.Challenge, sim.Empty, sim.OtherEcho} {
		remove := r.notices.AddFault(sim.Fault{Kind: kind})
		for range 3 {
			equal(t, string(kind), kinds(r.poll()), nil)
		}
		remove()
		equal(t, "after "+string(kind), kinds(r.poll()), nil)
	}
}

func TestAPersonAddedIsScreenedAgainstWhatIsPublic(t *testing.T) {
	r := newRig(t, people(t, "p-009,Darya Kosten,,1979-11-02,UA,F,,,"), append(sim.People(3, 200), vardenRow())...)
	equal(t, "not watched", kinds(r.poll()), nil)
	r.stop()
	r.list = people(t, "p-009,Darya Kosten,,1979-11-02,UA,F,,,", vardenLine)
	r.start()
	events, err := r.store.Events(context.Background(), store.EventFilter{})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "added", kinds(events), []string{"listed p-017 2026/48213"})
	equal(t, "told once", kinds(r.poll()), nil)
	if got := len(r.inbox.messages()); got != 1 {
		t.Errorf("%d messages, want 1", got)
	}
}

func TestAPersonRemovedRingsNoMore(t *testing.T) {
	r := newRig(t, people(t, vardenLine, "p-009,Darya Kosten,,,,,,,"), append(sim.People(3, 200), vardenRow())...)
	r.poll()
	r.stop()
	r.list = people(t, "p-009,Darya Kosten,,,,,,,")
	r.start()
	r.notices.Edit("2026/48213", func(x *sim.Row) { x.Forename = sim.Str("MIRA") })
	equal(t, "edited", kinds(r.poll()), nil)
	cases, err := r.store.Cases(context.Background(), store.CaseFilter{Person: "p-017"})
	if err != nil || len(cases) != 1 {
		t.Errorf("the case is not in the ledger any more: %v, %v", cases, err)
	}
}

func TestADismissedPairIsRecordedButRingsOnlyWhenItComesBackOrChangesIdentity(t *testing.T) {
	r := newRig(t, people(t, vardenLine), append(sim.People(3, 200), vardenRow())...)
	ctx := context.Background()
	c := r.poll()[0].Case
	if _, err := r.store.Decide(ctx, store.Decision{Case: c, Action: tocsin.Dismiss, By: "amina", At: time.Now()}); err != nil {
		t.Fatal(err)
	}
	r.notices.Withdraw("2026/48213")
	r.poll()
	gone := r.poll()
	equal(t, "gone", kinds(gone), []string{"disappeared p-017 2026/48213"})
	if d := gone[0].Deliveries[0]; d.State != tocsin.Skipped || d.Why != "dismissed" {
		t.Errorf("its delivery is %+v", d)
	}
	r.notices.Publish(vardenRow())
	back := r.poll()
	equal(t, "back", kinds(back), []string{"reappeared p-017 2026/48213"})
	if d := back[0].Deliveries[0]; d.State != tocsin.Sent {
		t.Errorf("its delivery is %+v", d)
	}
	r.notices.Edit("2026/48213", func(x *sim.Row) { x.DateOfBirth = sim.Str("1988/03/15") })
	changed := r.poll()
	equal(t, "changed", kinds(changed), []string{"changed p-017 2026/48213"})
	if d := changed[0].Deliveries[0]; d.State != tocsin.Sent {
		t.Errorf("its delivery is %+v", d)
	}
	cases, _ := r.store.Cases(ctx, store.CaseFilter{ID: c})
	if cases[0].State != tocsin.CaseOpen {
		t.Errorf("the case is %s, want open again", cases[0].State)
	}
}

func TestAPermanentErrorIsGivenUpAndToldToTheOthers(t *testing.T) {
	r := newRig(t, people(t, vardenLine), sim.People(3, 100)...)
	r.stop()
	other := newInbox()
	r.inbox.fail = func(notifier.Message) error {
		return &notifier.Error{Outcome: notifier.Permanent, Why: "channel_not_found"}
	}
	b := r.bells[0]
	b.ID, b.Notifier, b.Events = "other", other, []tocsin.EventKind{tocsin.Blind}
	r.bells = append(r.bells, b)
	r.start()
	r.poll()
	r.notices.Publish(vardenRow())
	events := r.poll()
	if got := kinds(events); len(got) != 2 || got[1] != "undelivered" {
		t.Fatalf("events are %v", got)
	}
	if d := events[0].Deliveries; d[0].State != tocsin.Failed && d[1].State != tocsin.Failed {
		t.Errorf("deliveries are %+v", d)
	}
	ms := other.messages()
	if len(ms) != 1 || ms[0].Items[0].Event.Kind != tocsin.Undelivered {
		t.Errorf("the others heard %+v", ms)
	}
}

func TestATemporaryErrorIsTriedAgainUnderTheSameID(t *testing.T) {
	r := newRig(t, people(t, vardenLine), append(sim.People(3, 100), vardenRow())...)
	var ids []string
	r.inbox.fail = func(m notifier.Message) error {
		if ids = append(ids, m.ID); len(ids) < 4 {
			return &notifier.Error{Outcome: notifier.Temporary, Why: "not now"}
		}
		return nil
	}
	e := r.poll()[0]
	if len(ids) != 4 || strings.Count(strings.Join(ids, " "), ids[0]) != 4 {
		t.Errorf("tried as %v", ids)
	}
	if d := e.Deliveries[0]; d.State != tocsin.Sent || d.Attempts != 4 {
		t.Errorf("the delivery is %+v", d)
	}
}

func TestAnUnknownOutcomeThatCannotBeAskedIsRepeatedUnderTheSameIDAndMarked(t *testing.T) {
	r := newRig(t, people(t, vardenLine), append(sim.People(3, 100), vardenRow())...)
	tries := 0
	r.inbox.fail = func(m notifier.Message) error {
		if tries++; tries == 1 {
			return errors.New("cut")
		}
		if !m.Repeat {
			t.Error("the repeat is not marked")
		}
		return nil
	}
	r.poll()
	if tries != 2 {
		t.Errorf("%d tries, want 2", tries)
	}
}

func TestPollSaysWhenASourceWasNotWhollySeen(t *testing.T) {
	r := newRig(t, people(t, vardenLine), sim.People(3, 400)...)
	r.notices.AddFault(sim.Fault{Kind: sim.Refused})
	res, err := r.Poll(context.Background(), "", time.Second)
	if err != nil || res.Complete {
		t.Errorf("Poll = %+v, %v", res, err)
	}
	if _, err := r.Poll(context.Background(), "no-such", time.Second); err == nil {
		t.Error("an unknown source is no error")
	}
}

// Two watchlists that have nobody in common lead to the same requests.
func TestRequestsDoNotDependOnTheWatchlist(t *testing.T) {
	requests := func(list ...string) string {
		r := newRig(t, people(t, list...), sim.People(3, 700)...)
		r.poll()
		r.notices.Publish(vardenRow(), row("2026/50021", "LIN", "JIAHAO", "1990/06/04", "CN", "M"))
		r.poll()
		r.notices.Withdraw("2026/48213")
		r.notices.Edit("2026/50021", func(x *sim.Row) { x.Forename = sim.Str("JIA HAO") })
		for range 3 {
			r.poll()
		}
		var b strings.Builder
		for _, q := range r.notices.Requests() {
			b.Write(q.Bytes())
		}
		return strings.ReplaceAll(b.String(), strings.TrimPrefix(r.notices.URL(), "http://"), "HOST")
	}
	a, b := requests(vardenLine), requests("p-044,Lin Jiahao,,1990,CN,M,,,")
	if a != b {
		t.Error("the polled site can tell one watchlist from another")
	}
	if a == "" {
		t.Error("no request was kept")
	}
}
