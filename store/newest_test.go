package store

import (
	"testing"
	"time"
)

func TestWhenTheNewestPageWasAnsweredIsKeptAsSpansThatGrow(t *testing.T) {
	r := newRig(t)
	at := func(minute int) time.Time { return r.clock.Add(time.Duration(minute) * time.Minute) }
	keep := func(since, until int) {
		t.Helper()
		if err := r.KeepAnswered(r.ctx, "red", Answered{at(since), at(until)}); err != nil {
			t.Fatal(err)
		}
	}
	if spans, began, err := r.Answered(r.ctx, "red", at(0), at(60)); err != nil || len(spans) != 0 || !began.IsZero() {
		t.Errorf("of a source never answered: %v from %s, %v", spans, began, err)
	}
	keep(0, 0)
	keep(0, 5)
	keep(10, 12)
	keep(20, 20)
	keep(20, 40)
	for _, x := range []struct {
		since, until int
		want         []Answered
	}{
		{0, 60, []Answered{{at(0), at(5)}, {at(10), at(12)}, {at(20), at(40)}}},
		{13, 19, []Answered{{at(10), at(12)}}},
		{30, 60, []Answered{{at(20), at(40)}}},
		{11, 20, []Answered{{at(10), at(12)}, {at(20), at(40)}}},
		{-9, -1, nil},
	} {
		spans, began, err := r.Answered(r.ctx, "red", at(x.since), at(x.until))
		if err != nil || !began.Equal(at(0)) || len(spans) != len(x.want) {
			t.Errorf("%d to %d: %v from %s, %v; want %v", x.since, x.until, spans, began, err, x.want)
			continue
		}
		for i, w := range x.want {
			if !spans[i].Since.Equal(w.Since) || !spans[i].Until.Equal(w.Until) {
				t.Errorf("%d to %d: %v, want %v", x.since, x.until, spans, x.want)
			}
		}
	}
	if spans, _, err := r.Answered(r.ctx, "yellow", at(0), at(60)); err != nil || len(spans) != 0 {
		t.Errorf("another source's: %v, %v", spans, err)
	}
}
