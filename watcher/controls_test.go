package watcher_test

import (
	"context"
	"testing"
	"time"

	"tocsin"
	"tocsin/sim"
)

// A service that fails for every id it does not know says nothing about one,
// unless at the same time it answers for those that the list has: both of them.
func TestAnAbsenceIsInferredOnlyWhereBothControlsAnswer(t *testing.T) {
	for failing := range 2 {
		controls := sim.People(3, 2)
		r := newRig(t, people(t, vardenLine), append(controls, vardenRow())...)
		r.notices.SetUnknownID(502)
		r.poll()
		r.notices.Withdraw(vardenRow().EntityID)
		mend := r.notices.AddFault(sim.Fault{Kind: sim.Null, On: sim.Detail, IDs: []string{controls[failing].EntityID}})
		for i := range 8 {
			if _, err := r.Poll(context.Background(), "", time.Minute); err != nil {
				t.Fatal(err)
			}
			if _, held := r.ModelState(); held[vardenRow().EntityID].Absence == tocsin.Gone {
				t.Fatalf("gone after %d looks, though the document of one that the list has failed, too", i+1)
			}
		}
		mend()
		for range 4 {
			r.poll()
		}
		if _, held := r.ModelState(); held[vardenRow().EntityID].Absence != tocsin.Gone || !held[vardenRow().EntityID].Inferred {
			t.Errorf("with both controls it is held as %+v", held[vardenRow().EntityID].Absence)
		}
	}
}
