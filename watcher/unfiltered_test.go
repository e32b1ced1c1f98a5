package watcher_test

import (
	"context"
	"testing"
	"time"

	"tocsin"
	"tocsin/sim"
)

// A notice that no filter reaches is seen on the newest page, and by its own
// document once it has left it: it neither goes missing nor makes looks partial.
func TestANoticeThatNoFilterReachesStaysPublicWhenItLeavesTheNewestPage(t *testing.T) {
	for what, meet := range map[string]func(r *rig){
		"met in a sweep": func(r *rig) { r.poll() },
		"met on the newest page": func(r *rig) {
			if _, _, err := r.ModelNewest(context.Background()); err != nil {
				r.t.Fatal(err)
			}
		},
	} {
		t.Run(what, func(t *testing.T) {
			r := newRig(t, people(t, vardenLine), sim.People(3, 300)...)
			r.poll()
			hidden := vardenRow()
			hidden.Unfiltered = true
			r.notices.Publish(hidden)
			meet(r)
			r.notices.Publish(sim.People(4, 170)...)
			for i := range 2 {
				if p, err := r.Poll(context.Background(), "", time.Minute); err != nil || !p.Complete {
					t.Errorf("look %d after it left the newest page: complete %v, %v", i+1, p.Complete, err)
				}
			}
			_, held := r.ModelState()
			if h, ok := held[hidden.EntityID]; !ok || h.Absence != tocsin.Public || h.Missed != 0 {
				t.Errorf("it is held as %q, missed %d times", h.Absence, h.Missed)
			}
		})
	}
}
