package store

import (
	"reflect"
	"regexp"
	"testing"
	"time"

	"tocsin"
)

func TestAnOccurrenceCountsAKindWithinItsCase(t *testing.T) {
	r := newRig(t)
	var got []int
	for _, n := range []NewEvent{
		about(tocsin.Appeared, "p-017", "2026/1"), about(tocsin.Changed, "p-017", "2026/1"), about(tocsin.Changed, "p-017", "2026/1"),
		about(tocsin.Changed, "p-009", "2026/1"), about(tocsin.Changed, "p-017", "2026/2"), about(tocsin.Disappeared, "p-017", "2026/1"),
		about(tocsin.Reappeared, "p-017", "2026/1"), about(tocsin.Changed, "p-017", "2026/1"),
	} {
		got = append(got, r.tell(n)[0].Occurrence)
	}
	equal(t, "told one after the other", got, []int{1, 1, 2, 1, 1, 1, 1, 3})
	both := r.tell(about(tocsin.Changed, "p-017", "2026/1"), about(tocsin.Changed, "p-017", "2026/1"))
	equal(t, "told in one look", []int{both[0].Occurrence, both[1].Occurrence}, []int{4, 5})
}

func TestAnOccurrenceOfSightIsTheOutagesNumber(t *testing.T) {
	r := newRig(t)
	lost := NewEvent{Event: tocsin.Event{Kind: tocsin.Undelivered, Notifier: "mail", Events: []string{"e_1"}}}
	var got []int
	for _, n := range []NewEvent{sight(tocsin.Blind, 4), sight(tocsin.Recovered, 4), sight(tocsin.Blind, 5), lost, lost} {
		got = append(got, r.tell(n)[0].Occurrence)
	}
	equal(t, "occurrences", got, []int{4, 4, 5, 1, 2})
}

func TestIDsAreOpaqueAndNeverTheSame(t *testing.T) {
	r := newRig(t)
	form, seen := regexp.MustCompile(`^[A-Za-z0-9_-]{6,64}$`), map[string]bool{}
	for range 3 {
		e := r.tell(about(tocsin.Changed, "p-017", "2026/1", "team"))[0]
		m := r.claim(Message{Events: []string{e.ID}})
		for _, id := range []string{e.ID, m.ID} {
			if !form.MatchString(id) || seen[id] {
				t.Errorf("%q", id)
			}
			seen[id] = true
		}
		if !form.MatchString(e.Case) {
			t.Errorf("%q", e.Case)
		}
	}
}

func TestAnEventIsReadAsItWasTold(t *testing.T) {
	at := time.Date(2026, 5, 3, 6, 0, 0, 0, time.UTC)
	full := about(tocsin.Changed, "p-017", "2026/1", "team")
	full.Fingerprint, full.Inferred, full.Drill, full.Quiet, full.Evidence = "fp", true, true, true, "sha256:00"
	full.Changes = []tocsin.FieldChange{{Field: "forename", From: []string{"MIRA"}}, {Field: "charges", From: []string{"a"}, To: []string{"a", "b"}, List: true}}
	full.Window = &tocsin.Window{After: at, Before: at.Add(time.Hour)}
	lost := NewEvent{Event: tocsin.Event{Kind: tocsin.Undelivered, At: at, Notifier: "mail", Events: []string{"e_1", "e_2"}}, Deliveries: owed("team")}
	r := newRig(t)
	for _, n := range []NewEvent{full, lost, sight(tocsin.Blind, 2, "team")} {
		stored := r.tell(n)[0]
		if got := r.event(stored.ID); !reflect.DeepEqual(got, stored) {
			t.Errorf("read as\n%+v, told as\n%+v", got, stored)
		}
		want := n.Event
		want.Seq, want.ID, want.Case, want.Occurrence, want.At, want.Deliveries = stored.Seq, stored.ID, stored.Case, stored.Occurrence, stored.At, n.Deliveries
		if !reflect.DeepEqual(stored, want) {
			t.Errorf("stored as\n%+v, given as\n%+v", stored, want)
		}
	}
}

func TestEventsAreChosenOldestFirst(t *testing.T) {
	r := newRig(t)
	story := about(tocsin.Appeared, "p-009", "2026/2", "team", "mail")
	story.Source, story.At = "un", time.Date(2026, 5, 3, 7, 30, 0, 0, time.UTC)
	es := r.tell(about(tocsin.Appeared, "p-017", "2026/1", "mail", "team"), story, about(tocsin.Changed, "p-017", "2026/1"))
	a, b, c := es[0].ID, es[1].ID, es[2].ID
	for _, x := range []struct {
		what string
		f    EventFilter
		want []string
	}{
		{"all", EventFilter{}, []string{a, b, c}},
		{"a person's", EventFilter{Person: "p-017"}, []string{a, c}},
		{"a source's", EventFilter{Source: "un"}, []string{b}},
		{"a case's", EventFilter{Case: es[0].Case}, []string{a, c}},
		{"a case's that is not there", EventFilter{Case: "c_unknown"}, nil},
		{"later than a time", EventFilter{Since: es[0].At}, []string{b}},
		{"after a number", EventFilter{After: es[1].Seq}, []string{c}},
		{"a person's of another source", EventFilter{Person: "p-017", Source: "un"}, nil},
		{"by id, in that order", EventFilter{IDs: []string{c, "e_unknown", a}}, []string{c, a}},
		{"no ids", EventFilter{IDs: []string{}}, nil},
	} {
		events, err := r.Events(r.ctx, x.f)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range events {
			got = append(got, e.ID)
			for i, d := range e.Deliveries {
				if want := map[string][]string{a: {"mail", "team"}, b: {"team", "mail"}}[e.ID][i]; d.Notifier != want {
					t.Errorf("%s: delivery %d is to %s, want %s", x.what, i, d.Notifier, want)
				}
			}
		}
		equal(t, x.what, got, x.want)
	}
	if n, err := r.LastSeq(r.ctx); err != nil || n != es[2].Seq {
		t.Error(n, err)
	}
}
