package store

import (
	"testing"
	"time"

	"tocsin"
)

func TestTheLoudestAndOldestIsOwedFirst(t *testing.T) {
	r := newRig(t)
	review := about(tocsin.Appeared, "p-009", "2026/2", "team")
	review.Tier = tocsin.TierReview
	later := about(tocsin.Appeared, "p-017", "2026/3", "team")
	later.Deliveries[0].Due = r.clock.Add(time.Hour)
	skipped := about(tocsin.Appeared, "p-017", "2026/4", "team")
	skipped.Deliveries[0].State = tocsin.Skipped
	es := r.tell(review, about(tocsin.Appeared, "p-017", "2026/1", "team"), later, skipped, about(tocsin.Appeared, "p-044", "2026/5", "mail"),
		sight(tocsin.Blind, 1, "team"), about(tocsin.Appeared, "p-017", "2026/6", "team"))
	read := func(now time.Time, limit int) (got []string) {
		t.Helper()
		owed, err := r.Owed(r.ctx, "team", now, limit)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range owed {
			got = append(got, o.Event.ID)
			if want := r.event(o.Event.ID); o.Event.Kind != want.Kind || o.Event.Case != want.Case {
				t.Errorf("owed as %+v, is %+v", o.Event, want)
			}
		}
		return got
	}
	equal(t, "now", read(r.clock, 10), []string{es[1].ID, es[5].ID, es[6].ID, es[0].ID})
	equal(t, "two of them", read(r.clock, 2), []string{es[1].ID, es[5].ID})
	equal(t, "in an hour", read(r.clock.Add(time.Hour), 10), []string{es[1].ID, es[2].ID, es[5].ID, es[6].ID, es[0].ID})
	r.claim(Message{Events: []string{es[1].ID}})
	equal(t, "with one in a message", read(r.clock, 10), []string{es[5].ID, es[6].ID, es[0].ID})
}

func TestNextDueIsTheFirstThingToDo(t *testing.T) {
	r := newRig(t)
	next := func(what string, want time.Time, some bool) {
		t.Helper()
		got, ok, err := r.NextDue(r.ctx, "team")
		if err != nil || ok != some || !got.Equal(want) {
			t.Errorf("%s: %v, %v, %v; want %v, %v", what, got, ok, err, want, some)
		}
	}
	at := func(minutes int) time.Time { return r.clock.Add(time.Duration(minutes) * time.Minute) }
	next("nothing is owed", time.Time{}, false)
	n := about(tocsin.Appeared, "p-017", "2026/1", "team", "mail")
	n.Deliveries[0].Due = at(10)
	e := r.tell(n)[0]
	next("an event waits for its hour", at(10), true)
	m := r.claim(Message{Events: []string{e.ID}})
	next("a message is being sent", r.clock, true)
	r.settle(m.ID, Settlement{State: StateRetry, Due: at(20)})
	next("it is to be tried again, its event no longer counts", at(20), true)
	other := r.tell(about(tocsin.Appeared, "p-009", "2026/2", "team"))[0]
	next("an event is due at once", time.Time{}, true)
	r.settle(r.claim(Message{Events: []string{other.ID}}).ID, Settlement{State: StateSent})
	next("it is sent", at(20), true)
	r.settle(m.ID, Settlement{State: StateFailed})
	next("all is settled", time.Time{}, false)
}

func TestWhatIsOwedToANotifierThatIsGoneIsGivenUpWithItsAlarm(t *testing.T) {
	r := newRig(t)
	told := r.tell(about(tocsin.Appeared, "p-017", "2026/1", "team", "old"), about(tocsin.Appeared, "p-009", "2026/2", "old"))
	orphans, err := r.Orphans(r.ctx, []string{"team"})
	if err != nil || len(orphans) != 1 || len(orphans["old"]) != 2 || orphans["old"][0] != told[0].ID {
		t.Fatalf("orphans are %v, %v", orphans, err)
	}
	alarm := NewEvent{Event: tocsin.Event{Kind: tocsin.Undelivered, Notifier: "old", Events: orphans["old"]}, Deliveries: owed("team")}
	if err := r.Forsake(r.ctx, "old", "not configured any more", []NewEvent{alarm}); err != nil {
		t.Fatal(err)
	}
	if d := r.event(told[0].ID).Deliveries; d[0].State != tocsin.Pending || d[1].State != tocsin.Failed || d[1].Why != "not configured any more" {
		t.Errorf("deliveries are %+v", d)
	}
	if orphans, err = r.Orphans(r.ctx, []string{"team"}); err != nil || len(orphans) != 0 {
		t.Errorf("orphans are still %v, %v", orphans, err)
	}
	owed, err := r.Owed(r.ctx, "team", r.clock.Add(time.Hour), 10)
	if err != nil || len(owed) != 2 || owed[0].Event.Kind != tocsin.Appeared && owed[1].Event.Kind != tocsin.Undelivered {
		t.Errorf("owed is %+v, %v", owed, err)
	}
}
