package interpol_test

import (
	"testing"

	"tocsin"
	"tocsin/sim"
	"tocsin/watcher/source/interpol"
)

// A list that had rows when the look began and has none when it ends is not
// believed either, in parts or on one page.
func TestAListThatEmptiesWhileItIsReadIsNotComplete(t *testing.T) {
	for _, rows := range [][]sim.Row{sim.People(21, 400), sim.People(21, 30)} {
		n := service(t, sim.Options{LogLimit: 1}, rows...)
		s, p := reader(t, n, interpol.Red, nil)
		_, st := sweep(t, s, interpol.State{}, interpol.Hooks{})
		if len(rows) <= 160 {
			n.AddFault(sim.Fault{Kind: sim.Doubled, Count: 1}) // so that its one page is read twice
		}
		n.AddFault(sim.Fault{Kind: sim.Empty, After: 1})
		for range 2 {
			var snap tocsin.Snapshot
			if snap, st = sweep(t, s, st, interpol.Hooks{}); snap.Complete || snap.Cause != tocsin.CauseMalformed || p.Outage().Cause != tocsin.CauseMalformed {
				t.Errorf("%d rows: complete %v with %d listed, %s: %s", len(rows), snap.Complete, snap.Listed, snap.Cause, snap.Why)
			}
		}
	}
}

// What a first reading had that a second one, which adds up, has not is not
// out of the world; but nothing is exact about it.
func TestAPageReadTwiceIsExactOnlyIfBothReadingsAgree(t *testing.T) {
	rows := sim.People(21, 30)
	n := service(t, sim.Options{LogLimit: 1}, rows...)
	s, _ := reader(t, n, interpol.Red, nil)
	n.AddFault(sim.Fault{Kind: sim.Doubled, Count: 1})
	n.AddFault(sim.Fault{Kind: sim.Act, After: 1, Count: 1, Do: func() { n.Withdraw(rows[3].EntityID) }})
	if snap, _ := sweep(t, s, interpol.State{}, interpol.Hooks{}); !snap.Complete || snap.Exact || snap.Listed != 29 || len(snap.Notices) != 30 {
		t.Errorf("complete %v, exact %v, %d of %d", snap.Complete, snap.Exact, len(snap.Notices), snap.Listed)
	}
}

// A division that was found and never put to use must not be held to for ever
// when the service takes alternation for text.
func TestADivisionThatFailsBeforeItsFirstPlanIsFoundAnew(t *testing.T) {
	n := service(t, sim.Options{LogLimit: 1}, sim.People(21, 600)...)
	s, _ := reader(t, n, interpol.Red, nil)
	// The first sweep finds that alternation is taken, and ends before it has a plan.
	remove := n.AddFault(sim.Fault{Kind: sim.Refused, After: 4})
	snap, st := sweep(t, s, interpol.State{}, interpol.Hooks{})
	if snap.Complete || st.Mode != interpol.ModeAlternation || len(st.Leaves) > 0 {
		t.Fatalf("the first sweep: complete %v, by %q with %d leaves", snap.Complete, st.Mode, len(st.Leaves))
	}
	remove()
	n.SetPatterns(sim.PatternsPlainAlternates)
	for range 5 {
		if snap, st = sweep(t, s, st, interpol.Hooks{}); snap.Complete {
			wholly(t, n, snap)
			return
		}
	}
	t.Errorf("five sweeps on: %d of %d, %s", len(snap.Notices), snap.Listed, snap.Why)
}
