package watcher_test

import (
	"testing"
	"time"

	"tocsin"
	"tocsin/sim"
)

// Whoever reads only that the watch sees again must be told what it was.
func TestRecoveredSaysWhatTheOutageCameOf(t *testing.T) {
	r := newRig(t, people(t, vardenLine), sim.People(3, 50)...)
	r.poll()
	r.stop()
	r.listing.Sight.After = time.Nanosecond
	r.start()
	remove := r.notices.AddFault(sim.Fault{Kind: sim.Refused})
	equal(t, "refused", kinds(r.poll()), []string{"blind"})
	remove()
	var events []tocsin.Event
	for range 20 { // the breaker's pause passes
		if events = r.poll(); len(events) > 0 {
			break
		}
	}
	equal(t, "answered", kinds(events), []string{"recovered"})
	if len(events) == 1 && events[0].Outage.Cause != tocsin.CauseRefused {
		t.Errorf("the outage's cause is %q", events[0].Outage.Cause)
	}
}
