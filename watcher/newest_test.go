package watcher_test

import (
	"context"
	"testing"
	"time"

	"tocsin/sim"
	"tocsin/watcher"
	"tocsin/watcher/presence"
)

// minutely is a hall whose newest page is due every minute and whose list every
// hour; drive lets minutes pass as a daemon spends them.
type minutely struct {
	*hall
	notices *sim.Notices
}

func newMinutely(t *testing.T) *minutely {
	c := &stillClock{t: monday}
	b := newInbox()
	h := newHall(t, []string{vardenLine}, bellOf("team", b))
	h.clock = c
	n := sourced(t, h, sim.People(3, 12)...)
	h.listings[0].Newest = every(time.Minute)
	h.listings[0].Sight = presence.SightRules{After: 2 * time.Hour, NewestAfter: 15 * time.Minute}
	h.start()
	return &minutely{h, n}
}

// drive reads the newest page at each minute from one to another, and the whole
// list at minute 2 of each hour.
func (m *minutely) drive(from, to time.Time) {
	m.t.Helper()
	ctx := context.Background()
	for at := from; !at.After(to); at = at.Add(time.Minute) {
		m.clock.set(at)
		if at.Minute() == 2 {
			m.look(at)
		}
		if err := m.ModelNewestPage(ctx); err != nil {
			m.t.Fatal(err)
		}
		if err := m.ModelSight(ctx); err != nil {
			m.t.Fatal(err)
		}
	}
}

// agrees holds coverage against what is known of each minute.
func (m *minutely) agrees(what string, since, until time.Time, want func(time.Time) watcher.Vision) {
	m.t.Helper()
	cov, err := m.Coverage(context.Background(), "interpol-red", since, until)
	if err != nil {
		m.t.Fatal(err)
	}
	wrong := 0
	for at := since; at.Before(until); at = at.Add(time.Minute) {
		if got, want := cov.At(at), want(at); got != want {
			if wrong++; wrong < 5 {
				m.t.Errorf("%s: %s: vision %d, want %d", what, at.Format("15:04"), got, want)
			}
		}
	}
	if wrong > 0 {
		m.t.Errorf("%s: %d minutes are wrong: %+v", what, wrong, cov.Spans)
	}
}

func clockTime(hour, minute int) time.Time {
	return time.Date(2026, 4, 27, hour, minute, 0, 0, time.UTC)
}

func within(at, from, to time.Time) bool { return !at.Before(from) && at.Before(to) }

func TestAnyPastMinuteTellsWhetherTheNewestPageWasAnswered(t *testing.T) {
	m := newMinutely(t)
	m.drive(clockTime(8, 2), clockTime(9, 20))
	mend := m.notices.AddFault(sim.Fault{Kind: sim.Refused, On: sim.List}) // begins and ends between two looks at the whole
	m.drive(clockTime(9, 21), clockTime(9, 40))
	mend()
	m.drive(clockTime(9, 41), clockTime(11, 1))
	once := m.notices.AddFault(sim.Fault{Kind: sim.Refused, On: sim.List})
	m.drive(clockTime(11, 3), clockTime(11, 3)) // the look at 11:02 is made by itself
	once()
	m.look(clockTime(11, 4))
	m.drive(clockTime(11, 4), clockTime(12, 30))
	m.agrees("the newest page refused for twenty minutes, and once", clockTime(8, 10), clockTime(12, 30), func(at time.Time) watcher.Vision {
		if within(at, clockTime(9, 20), clockTime(9, 41)) || within(at, clockTime(11, 1), clockTime(11, 4)) {
			return watcher.Partly
		}
		return watcher.Seen
	})
}

func TestADaemonThatWasDownDidNotSee(t *testing.T) {
	m := newMinutely(t)
	m.drive(clockTime(8, 2), clockTime(9, 20))
	m.ModelEnd(context.Background())
	m.stop()
	m.clock.set(clockTime(9, 50))
	m.start()
	m.drive(clockTime(9, 50), clockTime(10, 10)) // the look at 10:02 comes when it was due
	m.agrees("down between two looks", clockTime(8, 10), clockTime(10, 10), func(at time.Time) watcher.Vision {
		if within(at, clockTime(9, 20), clockTime(9, 50)) {
			return watcher.Partly
		}
		return watcher.Seen
	})
	m.ModelEnd(context.Background())
	m.stop()
	m.clock.set(clockTime(13, 30))
	m.start()
	m.look(clockTime(13, 30))
	m.drive(clockTime(13, 30), clockTime(13, 40))
	m.agrees("down for longer than looks may be apart", clockTime(10, 0), clockTime(13, 40), func(at time.Time) watcher.Vision {
		switch {
		case within(at, clockTime(10, 2), clockTime(10, 10)):
			return watcher.Partly // nobody saw the whole list again in time, and what was new was seen
		case within(at, clockTime(10, 10), clockTime(13, 30)):
			return watcher.Unseen
		}
		return watcher.Seen
	})
}

func TestARestartCostsNoMinuteAndAKillAFewAtMost(t *testing.T) {
	m := newMinutely(t)
	m.drive(clockTime(8, 2), clockTime(9, 20))
	m.ModelEnd(context.Background())
	m.stop()
	m.start()
	m.drive(clockTime(9, 21), clockTime(9, 33))
	m.agrees("an orderly restart within the minute", clockTime(8, 10), clockTime(9, 33), func(time.Time) watcher.Vision { return watcher.Seen })
	m.stop() // as kill -9 does
	m.start()
	m.drive(clockTime(9, 34), clockTime(10, 30))
	cov, err := m.Coverage(context.Background(), "interpol-red", clockTime(8, 10), clockTime(10, 30))
	if err != nil {
		t.Fatal(err)
	}
	if lost := cov.Sum(watcher.Partly); lost <= 0 || lost > 5*time.Minute {
		t.Errorf("a kill costs %s of what was seen, want some minutes, five at most: %+v", lost, cov.Spans)
	}
	if cov.Sum(watcher.Unseen) != 0 || cov.At(clockTime(9, 20)) != watcher.Seen || cov.At(clockTime(9, 34)) != watcher.Seen {
		t.Errorf("a kill costs more than what was not kept: %+v", cov.Spans)
	}
}

// What is claimed in the ledger may be less than what was seen, and never more.
func TestTheLedgerNeverClaimsMoreThanWasSeen(t *testing.T) {
	m := newMinutely(t)
	m.drive(clockTime(8, 2), clockTime(8, 44))
	last, commits := time.Time{}, 0
	for at := clockTime(8, 45); !at.After(clockTime(10, 1)); at = at.Add(time.Minute) {
		m.clock.set(at)
		refused := at.Minute() >= 20 && at.Minute() < 25
		mend := func() {}
		if refused {
			mend = m.notices.AddFault(sim.Fault{Kind: sim.Status, On: sim.List})
		}
		if err := m.ModelNewestPage(context.Background()); err != nil {
			t.Fatal(err)
		}
		mend()
		spans, _, err := m.store.Answered(context.Background(), "interpol-red", at, at)
		if err != nil || len(spans) == 0 {
			t.Fatal(spans, err)
		}
		kept := spans[len(spans)-1].Until
		if kept.After(at) || refused && !kept.Equal(clockTime(at.Hour(), 19)) {
			t.Errorf("%s: the ledger claims sight until %s", at.Format("15:04"), kept.Format("15:04"))
		}
		if kept != last {
			last, commits = kept, commits+1
		}
		if behind := at.Sub(kept); !refused && behind >= 5*time.Minute {
			t.Errorf("%s: the ledger is %s behind", at.Format("15:04"), behind)
		}
	}
	if commits > 77/4 {
		t.Errorf("%d commits in 77 minutes", commits)
	}
}
