package store

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"tocsin"
)

// looked commits a sweep that ended at a time.
func (r *rig) looked(ended time.Time, complete bool) {
	r.t.Helper()
	r.look++
	l := Look{Source: "red", N: r.look, Kind: tocsin.LookSweep, Began: ended.Add(-time.Minute), Ended: ended, Complete: complete, Listed: 100, Seen: 40}
	if _, err := r.Observe(r.ctx, Observation{Was: r.look - 1, Source: Source{ID: "red", Look: r.look}, Looks: []Look{l}}); err != nil {
		r.t.Fatal(err)
	}
}

func TestLooksAreThoseThatBearOnATime(t *testing.T) {
	r := newRig(t)
	hour := func(h int) time.Time { return r.clock.Add(time.Duration(h) * time.Hour) }
	for h, complete := range []bool{true, true, false, true, false, true, true} {
		r.looked(hour(h), complete)
	}
	for _, x := range []struct {
		since, until time.Time
		want         []int // hours
	}{
		{hour(3), hour(5), []int{3, 4, 5}},
		{hour(2), hour(4), []int{1, 2, 3, 4, 5}},
		{hour(3).Add(time.Minute), hour(3).Add(2 * time.Minute), []int{3, 4, 5}},
		{hour(-2), hour(-1), []int{0}},
		{hour(7), hour(8), []int{6}},
		{hour(-9), hour(9), []int{0, 1, 2, 3, 4, 5, 6}},
	} {
		looks, err := r.Looks(r.ctx, "red", x.since, x.until)
		if err != nil {
			t.Fatal(err)
		}
		var got []int
		for _, l := range looks {
			got = append(got, int(l.Ended.Sub(r.clock)/time.Hour))
		}
		if !slices.Equal(got, x.want) {
			t.Errorf("%s to %s: %v, want %v", x.since, x.until, got, x.want)
		}
	}
	if looks, err := r.Looks(r.ctx, "yellow", hour(0), hour(9)); err != nil || len(looks) != 0 {
		t.Errorf("another source's: %v, %v", looks, err)
	}
}

func TestOutagesHaveTheirEnds(t *testing.T) {
	r := newRig(t)
	at := func(kind tocsin.EventKind, n int, since, until time.Time) NewEvent {
		e := sight(kind, n, "team")
		e.Outage = &tocsin.Outage{Cause: tocsin.CauseRefused, Since: since, Until: until}
		return e
	}
	one, two := r.clock, r.clock.Add(time.Hour)
	r.tell(at(tocsin.Blind, 1, one, time.Time{}), at(tocsin.Recovered, 1, one, two), at(tocsin.Blind, 2, two, time.Time{}))
	os, err := r.Outages(r.ctx, "red")
	if err != nil || len(os) != 2 || !os[0].Until.Equal(two) || !os[1].Since.Equal(two) || !os[1].Until.IsZero() {
		t.Errorf("%+v, %v", os, err)
	}
}

func TestFlowTellsWhatIsOldestAndWhatWasGivenUpLast(t *testing.T) {
	r := newRig(t)
	flow := func() Flow {
		t.Helper()
		f, err := r.Flow(r.ctx, "team")
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	if f := flow(); f != (Flow{}) {
		t.Errorf("nothing is owed: %+v", f)
	}
	n := about(tocsin.Appeared, "p-017", "2026/1", "team")
	n.Deliveries[0].Due = r.clock
	e := r.tell(n)[0]
	if f := flow(); !f.Oldest.Equal(r.clock) {
		t.Errorf("owed: %+v", f)
	}
	m := r.claim(Message{Kind: "root", Events: []string{e.ID}})
	if err := r.Settle(r.ctx, r.lease, m.ID, Settlement{State: StateFailed, Why: "gone", At: r.clock}); err != nil {
		t.Fatal(err)
	}
	if f := flow(); !f.Oldest.IsZero() || !f.Failed.Equal(r.clock) || f.Why != "gone" {
		t.Errorf("given up: %+v", f)
	}
	r.clock = r.clock.Add(time.Second)
	m = r.claim(Message{Kind: "root", Events: []string{r.tell(about(tocsin.Appeared, "p-017", "2026/2", "team"))[0].ID}})
	if err := r.Settle(r.ctx, r.lease, m.ID, Settlement{State: StateSent, At: r.clock}); err != nil {
		t.Fatal(err)
	}
	if f := flow(); f != (Flow{}) {
		t.Errorf("taken since: %+v", f)
	}
}

func TestADigestIsOpenedOnceWithWhatItTells(t *testing.T) {
	r := newRig(t)
	if err := r.BeginDigests(r.ctx, "team", r.clock); err != nil {
		t.Fatal(err)
	}
	if err := r.BeginDigests(r.ctx, "team", r.clock.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	last, ok, err := r.LastDigest(r.ctx, "team")
	if err != nil || !ok || !last.Until.Equal(r.clock) {
		t.Fatalf("the beginning is %+v, %v, %v", last, ok, err)
	}
	e := r.tell(about(tocsin.Appeared, "p-017", "2026/1", "team"))[0]
	d := Digest{Notifier: "team", Since: r.clock, Until: r.clock.Add(time.Hour)}
	m, err := r.OpenDigest(r.ctx, r.lease, d, "digest", []string{e.ID}, true)
	if err != nil || m.Attempts != 0 || !slices.Equal(m.Events, []string{e.ID}) {
		t.Fatalf("%+v, %v", m, err)
	}
	d.Message = m.ID
	if got, ok, err := r.DigestOf(r.ctx, m.ID); err != nil || !ok || got != d {
		t.Errorf("%+v, %v, %v; want %+v", got, ok, err, d)
	}
	for what, err := range map[string]error{
		"the same period": func() error { _, err := r.OpenDigest(r.ctx, r.lease, d, "digest", nil, false); return err }(),
		"an event that is in another": func() error {
			_, err := r.OpenDigest(r.ctx, r.lease, Digest{Notifier: "team", Until: d.Until.Add(1)}, "digest", []string{e.ID}, true)
			return err
		}(),
		"an event that is in a digest 2": func() error {
			_, err := r.Claim(r.ctx, r.lease, Message{Notifier: "team", Kind: "root", Events: []string{e.ID}})
			return err
		}(),
	} {
		if !errors.Is(err, ErrTaken) {
			t.Errorf("%s: %v", what, err)
		}
	}
	stolen := r.lease
	stolen.Fence++
	if _, err := r.OpenDigest(r.ctx, stolen, Digest{Notifier: "team", Until: d.Until.Add(2)}, "digest", nil, false); !errors.Is(err, ErrFenced) {
		t.Errorf("without the lease: %v", err)
	}
	if m, err := r.OpenDigest(r.ctx, r.lease, Digest{Notifier: "team", Since: d.Until, Until: d.Until.Add(time.Hour)}, "digest", nil, false); err != nil || m.ID != "" {
		t.Errorf("passed over: %+v, %v", m, err)
	}
	if last, _, _ := r.LastDigest(r.ctx, "team"); last.Message != "" || !last.Since.Equal(d.Until) {
		t.Errorf("the last is %+v", last)
	}
}

func TestWhatIsLateIsOwedToOthersOnce(t *testing.T) {
	r := newRig(t)
	alert, review := about(tocsin.Appeared, "p-017", "2026/1", "team", "mail", "board", "sent"), about(tocsin.Appeared, "p-017", "2026/2", "team")
	review.Tier = tocsin.TierReview
	alert.Deliveries[0].Due, review.Deliveries[0].Due = r.clock, r.clock
	alert.Deliveries[1].Due = r.clock.Add(24 * time.Hour)
	alert.Deliveries[2] = tocsin.Delivery{Notifier: "board", State: tocsin.Skipped, Why: "tier filter"}
	alert.Deliveries[3] = tocsin.Delivery{Notifier: "sent", State: tocsin.Skipped, Why: "dismissed"}
	events := r.tell(alert, review, sight(tocsin.Blind, 1, "team"))
	overdue, err := r.Overdue(r.ctx, "team", r.clock, 10)
	if err != nil || len(overdue) != 2 || overdue[0].ID != events[0].ID || overdue[1].ID != events[2].ID {
		t.Fatalf("overdue are %+v, %v", overdue, err)
	}
	for round, want := range [][]string{{events[0].ID}, nil} {
		noted, err := r.Hasten(r.ctx, "team", []string{events[0].ID}, []string{"mail", "board", "sent", "new"})
		if err != nil || !slices.Equal(noted, want) {
			t.Errorf("round %d: %v, %v", round, noted, err)
		}
	}
	es, err := r.Events(r.ctx, EventFilter{IDs: []string{events[0].ID}})
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	for _, d := range es[0].Deliveries {
		got += fmt.Sprintf("%s %s %v; ", d.Notifier, d.State, d.Due.Equal(r.clock))
	}
	if want := "team pending true; mail pending true; board pending true; sent skipped false; new pending true; "; got != want {
		t.Errorf("it is owed %s\nwant %s", got, want)
	}
	if overdue, err = r.Overdue(r.ctx, "team", r.clock, 10); err != nil || len(overdue) != 1 {
		t.Errorf("still overdue are %+v, %v", overdue, err)
	}
}

func TestADrillBeginsOnceAndEndsOnce(t *testing.T) {
	r := newRig(t)
	d, err := r.AskDrill(r.ctx, time.Minute, true)
	if err != nil {
		t.Fatal(err)
	}
	first, err := r.BeginDrill(r.ctx, d.ID, about(tocsin.Appeared, "drill", "DRILL-1", "team", "mail"))
	if err != nil || !first.Drill {
		t.Fatalf("%+v, %v", first, err)
	}
	if again, err := r.BeginDrill(r.ctx, d.ID, about(tocsin.Appeared, "drill", "DRILL-1", "team", "mail")); err != nil || again.ID != first.ID {
		t.Errorf("begun again: %+v, %v", again, err)
	}
	m := r.claim(Message{Kind: "root", Events: []string{first.ID}})
	if err := r.Settle(r.ctx, r.lease, m.ID, Settlement{State: StateSent, At: first.At.Add(4 * time.Second)}); err != nil {
		t.Fatal(err)
	}
	alarm := func(n string) []NewEvent {
		return []NewEvent{{Event: tocsin.Event{Kind: tocsin.Undelivered, Notifier: n, Events: []string{first.ID}}, Deliveries: owed("team")}}
	}
	for round, want := range [][]string{{"mail"}, nil} {
		if missed, err := r.EndDrill(r.ctx, d.ID, "too late", alarm); err != nil || !slices.Equal(missed, want) {
			t.Errorf("round %d: %v, %v", round, missed, err)
		}
	}
	es, err := r.Events(r.ctx, EventFilter{})
	if err != nil || len(es) != 2 || es[1].Kind != tocsin.Undelivered {
		t.Fatalf("the ledger has %+v, %v", es, err)
	}
	if got := TakenOf(es[0]); !slices.Equal(got, []Taken{{"team", 4 * time.Second, false}, {"mail", 0, true}}) {
		t.Errorf("taken %+v", got)
	}
	if open, err := r.OpenDrills(r.ctx); err != nil || len(open) != 0 {
		t.Errorf("open are %+v, %v", open, err)
	}
	if last, ok, err := r.LastDrill(r.ctx, r.clock); err != nil || !ok || last.Event != first.ID {
		t.Errorf("the last is %+v, %v, %v", last, ok, err)
	}
	if at, err := r.LastScheduledDrill(r.ctx); err != nil || !at.Equal(d.AskedAt) {
		t.Errorf("the schedule's last was %v, %v", at, err)
	}
	if _, err := r.BeginDrill(r.ctx, d.ID, about(tocsin.Appeared, "drill", "DRILL-1")); !errors.Is(err, ErrSettled) {
		t.Errorf("begun after its end: %v", err)
	}
}
