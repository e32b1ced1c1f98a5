package store

import (
	"context"
	"errors"
	"testing"
	"time"

	"tocsin"
)

func TestALateHolderCannotRenewOrReleaseALease(t *testing.T) {
	now, ctx := time.Unix(1000, 0), t.Context()
	s := open(t)
	s.now = func() time.Time { return now }
	a, ok, err := s.Acquire(ctx, "notifier:x", "a", time.Minute)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	if again, ok, err := s.Acquire(ctx, "notifier:x", "a", time.Minute); err != nil || !ok || again.Fence != a.Fence {
		t.Fatal("its holder cannot take it again", ok, err)
	}
	if _, ok, err := s.Acquire(ctx, "notifier:x", "b", time.Minute); ok || err != nil {
		t.Fatal("taken from its holder", ok, err)
	}
	now = now.Add(time.Minute)
	b, ok, err := s.Acquire(ctx, "notifier:x", "b", time.Minute)
	if err != nil || !ok || b.Fence <= a.Fence {
		t.Fatal("not taken over", ok, err, b.Fence)
	}
	if _, err := s.Renew(ctx, a, time.Minute); !errors.Is(err, ErrFenced) {
		t.Fatal("a late holder renewed:", err)
	}
	if err := s.Release(ctx, a); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Renew(ctx, b, time.Minute); err != nil {
		t.Fatal("a late holder released another's lease:", err)
	}
}

// Whoever takes over the lease under which all others are held ends them: what was
// in hand can be settled by nobody but the new holder.
func TestTakingOverEndsWhatTheOtherHeld(t *testing.T) {
	r := newRig(t)
	over, ok, err := r.TakeOver(r.ctx, "watch", "a", time.Minute)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	under, ok, err := r.Acquire(Under(r.ctx, over), "notifier:mail", "a", time.Hour)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	if l, held, err := r.LeaseOf(r.ctx, "watch"); err != nil || l != over {
		t.Error(l, held, err)
	}
	if _, ok, err := r.TakeOver(r.ctx, "watch", "b", time.Minute); ok || err != nil {
		t.Fatal("taken from its holder", ok, err)
	}
	r.clock = r.clock.Add(time.Minute)
	if l, held, err := r.LeaseOf(r.ctx, "watch"); err != nil || held {
		t.Error(l, held, err)
	}
	if _, ok, err := r.TakeOver(r.ctx, "watch", "b", time.Minute); !ok || err != nil {
		t.Fatal("not taken over", ok, err)
	}
	if _, err := r.Renew(r.ctx, under, time.Hour); !errors.Is(err, ErrFenced) {
		t.Errorf("what it held goes on: %v", err)
	}
	if _, _, err := r.Acquire(Under(r.ctx, over), "notifier:mail", "a", time.Hour); !errors.Is(err, ErrFenced) {
		t.Errorf("it takes it again: %v", err)
	}
	if err := r.Reclaim(r.ctx, "b"); err != nil {
		t.Fatal(err)
	}
	if l, held, err := r.LeaseOf(r.ctx, "watch"); err != nil || held {
		t.Error("a dead holder's lease is not free:", l, err)
	}
}

// Whoever lost the turn, paused or cut off, and has not noticed yet, writes nothing:
// what is written in a turn is looked up to be in it, by every method. Only what
// people decide is written down whoever heard it.
func TestWhoHasLostTheTurnWritesNoListNoPartOfASweepAndNoLook(t *testing.T) {
	r := newRig(t)
	e := r.tell(about(tocsin.Appeared, "p-017", "2026/1", "team"))[0]
	late, ok, err := r.TakeOver(r.ctx, "watch", "a", time.Minute)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	ctx := context.WithoutCancel(Under(r.ctx, late))
	if err := r.SetMeta(ctx, "in", "turn"); err != nil {
		t.Fatalf("in its turn it cannot write: %v", err)
	}
	drill, err := r.AskDrill(ctx, time.Minute, true)
	if err != nil {
		t.Fatal(err)
	}
	r.clock = r.clock.Add(time.Minute)
	taken := false
	for _, whose := range []string{"nobody's yet", "another's"} {
		for what, write := range map[string]func() error{
			"a list": func() error {
				_, err := r.Screen(ctx, Screening{Now: "other", People: []Person{{ID: "p-020", Fingerprint: "f"}}})
				return err
			},
			"a part of a sweep": func() error { return r.SaveLeaf(ctx, Leaf{Source: "red", Cell: "x", Began: r.clock}) },
			"a look": func() error {
				_, err := r.Observe(ctx, Observation{Was: r.look, Source: Source{ID: "red", Look: r.look + 1}})
				return err
			},
			"answers":                  func() error { return r.KeepAnswered(ctx, "red", Answered{r.clock, r.clock}) },
			"a value":                  func() error { return r.SetMeta(ctx, "in", "no turn") },
			"a value, if none is":      func() error { _, err := r.KeepMeta(ctx, "new", "1"); return err },
			"what nobody is there for": func() error { return r.Forsake(ctx, "team", "gone", nil) },
			"what is late":             func() error { _, err := r.Hasten(ctx, "team", []string{e.ID}, []string{"mail"}); return err },
			"a drill":                  func() error { _, err := r.AskDrill(ctx, time.Minute, true); return err },
			"a drill's begin": func() error {
				_, err := r.BeginDrill(ctx, drill.ID, about(tocsin.Appeared, "drill", "DRILL"))
				return err
			},
			"a drill's end":     func() error { _, err := r.EndDrill(ctx, drill.ID, "late", nil); return err },
			"digests begun":     func() error { return r.BeginDigests(ctx, "team", r.clock) },
			"digests ended":     func() error { return r.EndDigests(ctx, "team", r.clock) },
			"other hours":       func() error { return r.Reschedule(ctx, "team", r.clock, r.clock, r.clock) },
			"messages recalled": func() error { return r.Recall(ctx, "team", r.clock) },
			"stories forgotten": func() error { return r.ForgetStories(ctx, r.clock, r.clock) },
			"looks forgotten":   func() error { return r.ForgetLooks(ctx, "red", r.clock) },
			"another lease":     func() error { _, _, err := r.Acquire(ctx, "notifier:mail", "a", time.Hour); return err },
		} {
			if err := write(); !errors.Is(err, ErrFenced) {
				t.Errorf("the turn is %s: it writes %s: %v", whose, what, err)
			}
		}
		if !taken {
			taken = true
			if _, ok, err := r.TakeOver(r.ctx, "watch", "b", time.Hour); !ok || err != nil {
				t.Fatal(ok, err)
			}
		}
	}
	if v, err := r.Meta(r.ctx, "in"); err != nil || v != "turn" {
		t.Errorf("%q, %v", v, err)
	}
	if c, err := r.Decide(ctx, Decision{Case: e.Case, Action: tocsin.Ack, By: "slack:U1"}); err != nil || len(c.Log) != 1 {
		t.Errorf("a press is lost with the turn: %v", err)
	}
}
