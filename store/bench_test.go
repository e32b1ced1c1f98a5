package store

import (
	"fmt"
	"testing"
	"time"

	"tocsin"
)

// manyHeld are n fictional notices, as a sweep of the whole list leaves them.
func manyHeld(n int, look int64) []tocsin.Held {
	seen := time.Unix(1_700_000_000+look*3600, 0).UTC()
	held := make([]tocsin.Held, 0, n)
	for i := range n {
		held = append(held, tocsin.Held{Ver: 1, FirstLook: 1, LastLook: look, LastSeen: seen, Notice: tocsin.Notice{
			Source: "red", ID: fmt.Sprintf("2026/%d", i), Color: "red", Name: fmt.Sprintf("VARDEN %d", i), Forename: "Mira",
			Nationalities: []string{"MD", "RO"}, Photo: "61", URL: "https://notices.example/2026",
		}})
	}
	return held
}

// BenchmarkObserve commits what a sweep of 7,000 notices leaves: the first, in
// which all are new, and a later one, in which all were seen again.
func BenchmarkObserve(b *testing.B) {
	ctx := b.Context()
	b.Run("first", func(b *testing.B) {
		held := manyHeld(7000, 1)
		for b.Loop() {
			b.StopTimer()
			s := open(b)
			b.StartTimer()
			if _, err := s.Observe(ctx, Observation{Source: Source{ID: "red", Look: 1}, Held: held}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("later", func(b *testing.B) {
		s := open(b)
		look := int64(0)
		for b.Loop() {
			b.StopTimer()
			held := manyHeld(7000, look+1)
			b.StartTimer()
			if _, err := s.Observe(ctx, Observation{Was: look, Source: Source{ID: "red", Look: look + 1}, Held: held}); err != nil {
				b.Fatal(err)
			}
			look++
		}
	})
	b.Run("one", func(b *testing.B) {
		s := open(b)
		if _, err := s.Observe(ctx, Observation{Source: Source{ID: "red", Look: 1}, Held: manyHeld(7000, 1)}); err != nil {
			b.Fatal(err)
		}
		look := int64(1)
		for b.Loop() {
			if _, err := s.Observe(ctx, Observation{Was: look, Source: Source{ID: "red", Look: look + 1}, Held: manyHeld(1, look+1)}); err != nil {
				b.Fatal(err)
			}
			look++
		}
	})
}

// BenchmarkIdle asks what a notifier that owes nothing asks every second,
// beside 20,000 messages of earlier years.
func BenchmarkIdle(b *testing.B) {
	ctx := b.Context()
	s := open(b)
	if err := s.write(ctx, "filling", func(t *tx) error {
		for i := range 20000 {
			id := fmt.Sprint(i)
			if _, err := t.exec(insertCase, "c_"+id, "p-017", "red", id, false, "", "", true, "alert", 1, "[]", i); err != nil {
				return err
			}
			if _, err := t.exec(`INSERT INTO message (id, notifier, case_id, parent, kind, state, attempts, tried_at, created_at, ref, shown_rev, events, again, why, due, behind)
				VALUES ($1, 'team', $2, '', 'root', 'sent', 1, 1, 1, 'ref', 1, '[]', 0, '', 0, 0)`, "m_"+id, "c_"+id); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, _, err := s.NextDue(ctx, "team"); err != nil {
			b.Fatal(err)
		}
		if m, err := s.Stale(ctx, "team", 1); err != nil || len(m) > 0 {
			b.Fatal(m, err)
		}
	}
}

// BenchmarkDeliver is what the ledger adds to one message: claimed and settled.
func BenchmarkDeliver(b *testing.B) {
	r := newRig(b)
	var es []tocsin.Event
	for b.Loop() {
		if len(es) == 0 {
			b.StopTimer()
			var ns []NewEvent
			for i := range 500 {
				ns = append(ns, about(tocsin.Appeared, "p-017", fmt.Sprintf("2026/%d-%d", r.look, i), "team"))
			}
			es = r.tell(ns...)
			b.StartTimer()
		}
		m := r.claim(Message{Kind: "root", Case: es[0].Case, Events: []string{es[0].ID}})
		r.settle(m.ID, Settlement{State: StateSent, Ref: "ref", ShownRev: 1})
		es = es[1:]
	}
}
