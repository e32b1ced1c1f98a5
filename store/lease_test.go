package store

import (
	"errors"
	"testing"
	"time"
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
	under, ok, err := r.AcquireUnder(r.ctx, over, "notifier:mail", "a", time.Hour)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	if free, err := r.Free(r.ctx, "watch"); err != nil || free {
		t.Error(free, err)
	}
	if _, ok, err := r.TakeOver(r.ctx, "watch", "b", time.Minute); ok || err != nil {
		t.Fatal("taken from its holder", ok, err)
	}
	r.clock = r.clock.Add(time.Minute)
	if free, err := r.Free(r.ctx, "watch"); err != nil || !free {
		t.Error(free, err)
	}
	if _, ok, err := r.TakeOver(r.ctx, "watch", "b", time.Minute); !ok || err != nil {
		t.Fatal("not taken over", ok, err)
	}
	if _, err := r.Renew(r.ctx, under, time.Hour); !errors.Is(err, ErrFenced) {
		t.Errorf("what it held goes on: %v", err)
	}
	if _, _, err := r.AcquireUnder(r.ctx, over, "notifier:mail", "a", time.Hour); !errors.Is(err, ErrFenced) {
		t.Errorf("it takes it again: %v", err)
	}
	if _, err := r.Observe(r.ctx, Observation{Turn: &over, Source: Source{ID: "red", Look: 1}}); !errors.Is(err, ErrFenced) {
		t.Errorf("it keeps a look: %v", err)
	}
	if err := r.Reclaim(r.ctx, "b"); err != nil {
		t.Fatal(err)
	}
	if free, err := r.Free(r.ctx, "watch"); err != nil || !free {
		t.Error("a dead holder's lease is not free:", free, err)
	}
}
