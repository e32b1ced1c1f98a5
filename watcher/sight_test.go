package watcher_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"tocsin"
	"tocsin/sim"
	"tocsin/store"
)

// outages are the events about sight so far, as "blind 08:02 late": since when,
// and why.
func (m *minutely) outages() (out []string) {
	m.t.Helper()
	events, err := m.store.Events(context.Background(), store.EventFilter{})
	if err != nil {
		m.t.Fatal(err)
	}
	for _, e := range events {
		if e.Kind == tocsin.Blind {
			out = append(out, "blind "+e.Outage.Since.Format("15:04")+" "+string(e.Outage.Cause))
		}
	}
	return out
}

func (m *minutely) minds(at time.Time) {
	m.t.Helper()
	m.clock.set(at)
	if err := m.ModelSight(context.Background()); err != nil {
		m.t.Fatal(err)
	}
}

// A daemon that starts after a pause first gets its chance to look: that nobody
// ran is not the source's failure, and it may see at once. If it cannot, the
// outage is told from when the list was last seen.
func TestADaemonThatStartsAfterAPauseFirstGetsItsChanceToLook(t *testing.T) {
	for what, c := range map[string]struct {
		then func(m *minutely)
		want []string
	}{
		"nothing within blind_after": {func(m *minutely) { m.minds(clockTime(13, 0)); m.minds(clockTime(14, 59)) }, nil},
		"no look ends in blind_after": {func(m *minutely) { m.minds(clockTime(14, 59)); m.minds(clockTime(15, 0)) },
			[]string{"blind 08:02 late"}},
		"a look that fails is the chance": {func(m *minutely) {
			m.notices.AddFault(sim.Fault{Kind: sim.Refused})
			m.look(clockTime(13, 5))
			m.minds(clockTime(13, 6))
		}, []string{"blind 08:02 refused"}},
		"a look that sees": {func(m *minutely) { m.look(clockTime(13, 5)); m.minds(clockTime(13, 6)) }, nil},
	} {
		t.Run(what, func(t *testing.T) {
			m := newMinutely(t)
			m.look(clockTime(8, 2))
			m.stop()
			m.listings[0].Newest = nil // the rule of the newest page apart
			m.clock.set(clockTime(13, 0))
			m.start()
			c.then(m)
			if got := m.outages(); !slices.Equal(got, c.want) {
				t.Errorf("told is %q, want %q", got, c.want)
			}
		})
	}
}

// An outage that a restart falls into goes on: it is not told again.
func TestAnOutageIsToldOnceThroughARestart(t *testing.T) {
	m := newMinutely(t)
	m.listings[0].Newest = nil
	m.look(clockTime(8, 2))
	m.minds(clockTime(10, 2))
	m.stop()
	m.clock.set(clockTime(16, 0))
	m.start()
	m.minds(clockTime(23, 0))
	if got, want := m.outages(), []string{"blind 08:02 late"}; !slices.Equal(got, want) {
		t.Errorf("told is %q, want %q", got, want)
	}
}
