package interpol_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"tocsin"
	"tocsin/sim"
	"tocsin/watcher/source/interpol"
)

// mutator changes a list before answers, at a rate, and keeps count of what
// was there all the time.
type mutator struct {
	mu       sync.Mutex
	r        *rand.Rand
	n        *sim.Notices
	fresh    []sim.Row
	rate     float64
	churned  map[string]bool // withdrawn at some time since reset
	arrived  int
	withdrew int
	edited   int
	on       bool
	calls    int // answers since reset
}

func (m *mutator) act() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.calls++; m.calls == 1 || !m.on || m.r.Float64() >= m.rate {
		return // before the first answer nothing has been seen yet
	}
	rows := m.n.Rows()
	pick := rows[m.r.IntN(len(rows))]
	switch m.r.IntN(5) {
	case 0:
		m.n.Withdraw(pick.EntityID)
		m.churned[pick.EntityID] = true
		m.withdrew++
	case 1:
		if len(m.fresh) > 0 {
			m.n.Publish(m.fresh[0])
			m.fresh = m.fresh[1:]
			m.arrived++
		}
	case 2: // one goes and another comes: the total stays
		if len(m.fresh) > 0 {
			m.n.Withdraw(pick.EntityID)
			m.churned[pick.EntityID] = true
			m.n.Publish(m.fresh[0])
			m.fresh = m.fresh[1:]
			m.arrived++
			m.withdrew++
		}
	case 3: // published again: moves up
		m.n.Publish(pick)
		m.edited++
	case 4: // changes its name: moves to another cell
		name := fmt.Sprintf("%c%cQOLAN", 'A'+rune(m.r.IntN(26)), 'A'+rune(m.r.IntN(26)))
		m.n.Edit(pick.EntityID, func(r *sim.Row) { r.Name = sim.Str(name) })
		m.edited++
	}
}

// TestNoSweepOfAMovingListClaimsMoreThanItSaw holds the promise that the rules
// of absence rest on: a sweep that says it is complete has every row that was
// there while it lasted, and one that says it is exact has exactly the list.
func TestNoSweepOfAMovingListClaimsMoreThanItSaw(t *testing.T) {
	unlessRaced(t)
	seeds := 8
	if testing.Short() {
		seeds = 2
	}
	claims := map[string]int{}
	for seed := range uint64(seeds) {
		for _, patterns := range []sim.Patterns{sim.PatternsFull, sim.PatternsNoAlternation, sim.PatternsIgnored} {
			r := rand.New(rand.NewPCG(seed, 5))
			rows := append(sim.People(seed, 900), sim.NullRows(seed+100, 30)...)
			r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
			n := service(t, sim.Options{Patterns: patterns, LogLimit: 1}, rows...)
			m := &mutator{r: r, n: n, fresh: append(sim.NullRows(seed+200, 80), sim.People(seed+300, 200)...), churned: map[string]bool{}}
			r.Shuffle(len(m.fresh), func(i, j int) { m.fresh[i], m.fresh[j] = m.fresh[j], m.fresh[i] })
			n.AddFault(sim.Fault{Kind: sim.Act, Do: m.act})
			s, _ := reader(t, n, interpol.Red, nil)
			var st interpol.State
			for i := range 10 {
				m.mu.Lock()
				m.on, m.rate = i > 0, []float64{0.02, 0.06, 0.3}[i%3]
				m.churned, m.arrived, m.withdrew, m.edited, m.calls = map[string]bool{}, 0, 0, 0, 0
				before := n.Rows()
				m.mu.Unlock()
				snap, next := sweep(t, s, st, interpol.Hooks{})
				st = next
				have := map[string]bool{}
				for _, x := range snap.Notices {
					have[x.ID] = true
				}
				missing := 0
				for _, row := range before {
					if !m.churned[row.EntityID] && !have[row.EntityID] {
						missing++
					}
				}
				switch {
				case snap.Exact:
					claims["exact"]++
					if missing > 0 || len(snap.Notices) != n.Len() || m.arrived > 0 || m.withdrew > 0 {
						t.Errorf("seed %d, %q, sweep %d: claims to be exact with %d rows missing, %d come, %d gone", seed, patterns, i, missing, m.arrived, m.withdrew)
					}
				case snap.Complete:
					claims["complete"]++
					if missing > snap.Unreachable {
						t.Errorf("seed %d, %q, sweep %d: claims to be complete with %d rows missing that were there throughout (%d unreachable)", seed, patterns, i, missing, snap.Unreachable)
					}
				default:
					claims["partial"]++
					if snap.Cause == "" || snap.Why == "" {
						t.Errorf("seed %d: a partial sweep says nothing of why", seed)
					}
				}
			}
		}
	}
	t.Log(claims)
	if claims["exact"] == 0 || claims["complete"] == 0 || claims["partial"] == 0 {
		t.Errorf("the test does not reach all that a sweep can say: %v", claims)
	}
}

func TestARowThatNoFilterReachesIsSeenByItsDocument(t *testing.T) {
	rows := sim.People(5, 500)
	rows[3].Unfiltered = true
	n := service(t, sim.Options{}, rows...)
	s, _ := reader(t, n, interpol.Red, nil)
	snap, st := sweep(t, s, interpol.State{}, interpol.Hooks{})
	wholly(t, n, snap)
	if len(snap.Unfiltered) != 1 || snap.Unfiltered[0] != rows[3].EntityID {
		t.Fatalf("unfiltered are %v, want the one row that no filter reaches", snap.Unfiltered)
	}
	n.Publish(sim.People(6, 170)...) // pushes it off the newest page
	snap, _ = sweep(t, s, st, interpol.Hooks{Unfiltered: func() []string { return snap.Unfiltered }})
	wholly(t, n, snap)
	if len(snap.Unfiltered) != 1 {
		t.Errorf("unfiltered are %v, want the one", snap.Unfiltered)
	}
}

func TestRowsThatNothingReachesAreAllowedForAfterThreeSweeps(t *testing.T) {
	rows := sim.People(5, 700)
	rows[650].Unfiltered = true
	n := service(t, sim.Options{}, rows...)
	s, _ := reader(t, n, interpol.Red, nil)
	var st interpol.State
	var snap tocsin.Snapshot
	for i := range 3 {
		snap, st = sweep(t, s, st, interpol.Hooks{})
		if snap.Exact || snap.Complete != (i == 2) {
			t.Fatalf("sweep %d: complete %v, exact %v, %s", i+1, snap.Complete, snap.Exact, snap.Why)
		}
	}
	if snap.Unreachable != 1 {
		t.Errorf("unreachable are %d, want 1", snap.Unreachable)
	}
	requests := snap.Requests
	snap, st = sweep(t, s, st, interpol.Hooks{})
	if !snap.Complete || snap.Requests >= requests {
		t.Errorf("the fourth sweep: complete %v with %d requests, after %d", snap.Complete, snap.Requests, requests)
	}
	// Another row lacking is another matter.
	n.AddFault(sim.Fault{Kind: sim.Unfiltered, IDs: []string{rows[600].EntityID}})
	if snap, _ = sweep(t, s, st, interpol.Hooks{}); snap.Complete {
		t.Error("a further row that is not reached is taken for an unreachable one")
	}
}

func TestAListThatForgetsPatternsIsSweptByAges(t *testing.T) {
	n := service(t, sim.Options{}, append(sim.People(8, 1500), sim.NullRows(9, 6)...)...)
	s, _ := reader(t, n, interpol.Red, nil)
	_, st := sweep(t, s, interpol.State{}, interpol.Hooks{})
	for _, p := range []sim.Patterns{sim.PatternsIgnored, sim.PatternsOff, sim.PatternsNoAlternation, sim.PatternsFull} {
		n.SetPatterns(p)
		var snap tocsin.Snapshot
		for i := range 2 {
			snap, st = sweep(t, s, st, interpol.Hooks{})
			wholly(t, n, snap)
			t.Logf("%q, sweep %d: %d requests, mode %s", p, i, snap.Requests, st.Mode)
		}
	}
}

func TestASweepThatIsCutOffGoesOnWhereItWas(t *testing.T) {
	n := service(t, sim.Options{}, append(sim.People(8, 1800), sim.NullRows(9, 7)...)...)
	s, _ := reader(t, n, interpol.Red, nil)
	_, st := sweep(t, s, interpol.State{}, interpol.Hooks{})
	for name, st := range map[string]interpol.State{"first": {}, "steady": st} {
		t.Run(name, func(t *testing.T) {
			var saved []interpol.Saved
			h := saving(&saved)
			whole, _ := sweep(t, s, st, h)
			ctx, cancel := context.WithCancel(context.Background())
			saved = nil
			leaf := h.Leaf
			n.ResetRequests()
			h.Leaf = func(cell string, began timeT, total int, rows []tocsin.Notice, a *answerT) error {
				if len(saved) == 12 {
					cancel()
					return nil
				}
				return leaf(cell, began, total, rows, a)
			}
			if _, _, err := s.Sweep(ctx, st, h); err != context.Canceled {
				t.Fatalf("the sweep ended with %v, want the context's error", err)
			}
			h = saving(&saved)
			h.Saved = saved
			began := saved[0].Began
			snap, _ := sweep(t, s, st, h)
			if !snap.Complete || snap.Exact || !snap.Began.Equal(began) {
				t.Errorf("complete %v, exact %v, began %v, want complete but not exact, begun with the first at %v: %s", snap.Complete, snap.Exact, snap.Began, began, snap.Why)
			}
			if snap.Requests > whole.Requests-6 {
				t.Errorf("going on took %d requests, the whole takes %d", snap.Requests, whole.Requests)
			}
		})
	}
}
