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
