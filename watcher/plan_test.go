package watcher

import (
	"fmt"
	"slices"
	"testing"

	"tocsin"
	"tocsin/store"
)

// planned writes batches as "root a1" or "gathered r1 r2".
func planned(bs []batch) (out []string) {
	for _, b := range bs {
		s := b.kind
		for _, e := range b.events {
			s += " " + e.ID
		}
		out = append(out, s)
	}
	return out
}

func TestWhatIsOwedBecomesMessagesTheLoudestFirst(t *testing.T) {
	event := func(id string, kind tocsin.EventKind, tier tocsin.Tier, caseID string) store.Owed {
		return store.Owed{Event: tocsin.Event{ID: id, Kind: kind, Tier: tier, Case: caseID, Source: "red"}}
	}
	alert, review := tocsin.TierAlert, tocsin.TierReview
	drill := event("drill", tocsin.Appeared, alert, "cd")
	drill.Event.Drill = true
	undrilled := event("lost", tocsin.Undelivered, "", "")
	undrilled.Event.Drill = true
	for _, x := range []struct {
		what  string
		limit int
		owed  []store.Owed
		want  []string
	}{
		{"sight, then alerts, a drill, the rest", 5,
			[]store.Owed{event("a", tocsin.Appeared, alert, "c1"), event("l", tocsin.Listed, alert, "c2"), drill, event("b", tocsin.Blind, "", ""), event("r", tocsin.Appeared, review, "c3")},
			[]string{"sight b", "root a", "root l", "root drill", "list r"}},
		{"that a drill was lost is no drill", 5, []store.Owed{drill, undrilled}, []string{"sight lost", "root drill"}},
		{"more than gather go together, a drill and weak matches apart", 1,
			[]store.Owed{event("a", tocsin.Appeared, alert, "c1"), drill, event("r", tocsin.Appeared, review, "c2"), event("b", tocsin.Appeared, alert, "c3"), event("s", tocsin.Appeared, review, "c4")},
			[]string{"gathered a b", "root drill", "list r s"}},
		{"a weak match is in a list once, and what follows goes under it", 5,
			[]store.Owed{event("r", tocsin.Appeared, review, "c1"), event("s", tocsin.Changed, review, "c1"), event("t", tocsin.Changed, review, "listed")},
			[]string{"list r", "reply s", "reply t"}},
		{"a match that grew strong rings alone", 5, []store.Owed{event("a", tocsin.Changed, alert, "listed")}, []string{"root a"}},
		{"gather 0 gathers nothing", 0, []store.Owed{event("a", tocsin.Appeared, alert, "c1"), event("b", tocsin.Changed, alert, "c1")}, []string{"root a", "reply b"}},
		{"a first look is one message, after alerts that are no part of it", 5,
			[]store.Owed{event("a", tocsin.Appeared, alert, "c1"), event("l1", tocsin.Listed, review, "c2"), event("l2", tocsin.Listed, review, "c3")},
			[]string{"root a", "gathered l1 l2"}},
		{"an alert in a first look is not behind weak matches", 5,
			[]store.Owed{event("l1", tocsin.Listed, alert, "c2"), event("r", tocsin.Appeared, review, "c1"), event("l2", tocsin.Listed, review, "c3")},
			[]string{"gathered l1 l2", "list r"}},
		{"a case that has a message gets replies", 5, []store.Owed{event("a", tocsin.Changed, review, "known")}, []string{"reply a"}},
	} {
		got := planned(gather(x.owed, x.limit, func(id string) (bool, bool) { return id == "known", id == "listed" }))
		if !slices.Equal(got, x.want) {
			t.Errorf("%s:\n%q, want\n%q", x.what, got, x.want)
		}
	}
	var many []store.Owed
	for i := range 100 {
		many = append(many, event(fmt.Sprint(i), tocsin.Appeared, alert, fmt.Sprint(i)))
	}
	if bs := gather(many, 5, func(string) (bool, bool) { return false, false }); len(bs) != 3 || len(bs[0].events) != gatheredMax || len(bs[2].events) != 20 {
		t.Errorf("a hundred events are %d messages", len(bs))
	}
}
