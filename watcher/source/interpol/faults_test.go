package interpol_test

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"tocsin"
	"tocsin/sim"
	"tocsin/watcher/source"
	"tocsin/watcher/source/interpol"
)

// TestAnAnswerThatIsNotRightNeverMakesACompleteSweep walks through what goes
// wrong, at the first page, in the middle and at the last.
func TestAnAnswerThatIsNotRightNeverMakesACompleteSweep(t *testing.T) {
	unlessRaced(t)
	rows := append(sim.People(21, 1200), sim.NullRows(22, 7)...)
	for _, c := range []struct {
		fault sim.Fault
		cause tocsin.Cause
	}{
		{sim.Fault{Kind: sim.Refused}, tocsin.CauseRefused},
		{sim.Fault{Kind: sim.TooMany, RetryAfter: "1"}, tocsin.CauseRefused},
		{sim.Fault{Kind: sim.Challenge}, tocsin.CauseRefused},
		{sim.Fault{Kind: sim.Status, Status: 503}, tocsin.CauseUnreachable},
		{sim.Fault{Kind: sim.Cut}, tocsin.CauseUnreachable},
		{sim.Fault{Kind: sim.CutBody}, tocsin.CauseUnreachable},
		{sim.Fault{Kind: sim.Truncated}, tocsin.CauseMalformed},
		{sim.Fault{Kind: sim.Null}, tocsin.CauseMalformed},
		{sim.Fault{Kind: sim.HTML}, tocsin.CauseMalformed},
		{sim.Fault{Kind: sim.OtherEcho}, tocsin.CauseMalformed},
		{sim.Fault{Kind: sim.Answer, Body: `{"total":"many","query":{},"_embedded":{}}`}, tocsin.CauseMalformed},
		{sim.Fault{Kind: sim.Answer, Body: `{"message":"quota"}`}, tocsin.CauseMalformed},
		{sim.Fault{Kind: sim.Answer, Body: `{"total":0,"query":{"page":1,"resultPerPage":160,"name":"^other"},"_embedded":{"notices":[]}}`}, tocsin.CauseMalformed},
	} {
		for _, after := range []int{3, 0, 9} {
			n := service(t, sim.Options{}, rows...)
			s, p := reader(t, n, interpol.Red, nil)
			_, st := sweep(t, s, interpol.State{}, interpol.Hooks{})
			f := c.fault
			f.After, f.On = after, sim.List
			n.AddFault(f)
			snap, next := sweep(t, s, st, interpol.Hooks{})
			if snap.Complete || snap.Exact || snap.Cause != c.cause || snap.Why == "" {
				t.Errorf("%s after %d answers: complete %v, %s: %s; want %s", f.Kind, after, snap.Complete, snap.Cause, snap.Why, c.cause)
			}
			if after > 0 && len(snap.Notices) == 0 {
				t.Errorf("%s after %d answers: what was seen is lost", f.Kind, after)
			}
			if p.Outage().Cause != c.cause {
				t.Errorf("%s after %d answers: the outage is %+v", f.Kind, after, p.Outage())
			}
			n.ClearFaults()
			snap, _ = sweep(t, s, next, interpol.Hooks{})
			wholly(t, n, snap)
			if p.Outage() != (source.Tries{}) {
				t.Errorf("%s: the outage goes on after a complete sweep", f.Kind)
			}
		}
	}
}

func TestListsThatLieAboutTheirRowsAreNotWhole(t *testing.T) {
	unlessRaced(t)
	rows := append(sim.People(21, 1200), sim.NullRows(22, 7)...)
	lost := []string{rows[3].EntityID, rows[700].EntityID}
	for _, c := range []struct {
		what  string
		fault sim.Fault
	}{
		{"rows counted and not served", sim.Fault{Kind: sim.Dropped, IDs: lost}},
		{"a row twice on a page", sim.Fault{Kind: sim.Doubled}},
		{"totals that move", sim.Fault{Kind: sim.Shift}},
		{"totals of filters too high", sim.Fault{Kind: sim.Shift, Match: regexp.MustCompile("name=")}},
		{"nothing there", sim.Fault{Kind: sim.Empty}},
		{"filters that find nothing", sim.Fault{Kind: sim.Empty, Match: regexp.MustCompile("name=|ageMin|nationality=|sexId|Country")}},
		{"half of what a filter finds", sim.Fault{Kind: sim.Half, Match: regexp.MustCompile("name=|ageMin|nationality=|sexId|Country")}},
	} {
		for name, learn := range map[string]bool{"first": false, "steady": true} {
			t.Run(c.what+" "+name, func(t *testing.T) {
				n := service(t, sim.Options{LogLimit: 1}, rows...)
				s, _ := reader(t, n, interpol.Red, nil)
				var st interpol.State
				if learn {
					_, st = sweep(t, s, st, interpol.Hooks{})
				} else if c.fault.Kind == sim.Empty && c.fault.Match == nil {
					st.LastListed = len(rows)
				}
				n.AddFault(c.fault)
				for range 3 {
					var snap tocsin.Snapshot
					snap, st = sweep(t, s, st, interpol.Hooks{})
					if snap.Complete || snap.Exact || snap.Cause == "" {
						t.Errorf("complete %v, exact %v, %d of %d: %s %s", snap.Complete, snap.Exact, len(snap.Notices), snap.Listed, snap.Cause, snap.Why)
					}
				}
				n.ClearFaults()
				snap, _ := sweep(t, s, st, interpol.Hooks{})
				wholly(t, n, snap)
			})
		}
	}
}

func TestAnOrderThatIsNotStableDoesNotPreventAnExactSweep(t *testing.T) {
	for _, by := range []int{2, 10, 0} {
		n := service(t, sim.Options{LogLimit: 1}, append(sim.People(21, 1200), sim.NullRows(22, 7)...)...)
		n.AddFault(sim.Fault{Kind: sim.Moving, By: by, Seed: 3})
		s, _ := reader(t, n, interpol.Red, nil)
		var st interpol.State
		for range 3 {
			var snap tocsin.Snapshot
			snap, st = sweep(t, s, st, interpol.Hooks{})
			wholly(t, n, snap)
		}
	}
}

func TestAListOfOnePageTakesOneRequest(t *testing.T) {
	for _, c := range []struct {
		color string
		rows  []sim.Row
	}{
		{interpol.Red, sim.People(1, 160)}, {interpol.Red, sim.NullRows(1, 40)}, {interpol.Red, nil}, {interpol.Yellow, sim.Children(1, 60)}, {interpol.UN, sanctioned(110)},
	} {
		n := service(t, sim.Options{}, c.rows...)
		s, _ := reader(t, n, c.color, nil)
		snap, st := sweep(t, s, interpol.State{}, interpol.Hooks{})
		wholly(t, n, snap)
		if snap.Requests != 1 || len(n.Requests()) != 1 {
			t.Errorf("%s, %d rows: %d requests", c.color, len(c.rows), snap.Requests)
		}
		if len(c.rows) == 0 {
			continue
		}
		n.Replace(nil)
		if snap, _ = sweep(t, s, st, interpol.Hooks{}); snap.Complete || snap.Cause != tocsin.CauseMalformed {
			t.Errorf("%s: an emptied list is taken for complete", c.color)
		}
	}
}

func sanctioned(count int) []sim.Row {
	rows := sim.People(17, count)
	for i := range rows {
		rows[i].Color, rows[i].Warrants, rows[i].Entity = sim.UN, nil, i%3 == 0
	}
	return rows
}

func TestADocumentIsFoundGoneOrSaysNothing(t *testing.T) {
	rows := sim.People(2, 5)
	n := service(t, sim.Options{}, rows...)
	s, p := reader(t, n, interpol.Red, nil)
	ctx := context.Background()
	d, err := s.Detail(ctx, rows[0].EntityID, source.PriorityFresh)
	if err != nil || d.State != tocsin.DetailFound || d.ID != rows[0].EntityID || d.Notice.Detail == nil || d.At.IsZero() || len(d.Notice.Detail.Charges) == 0 {
		t.Fatalf("got %+v, %v", d, err)
	}
	if d, err = s.Detail(ctx, "2026/1", source.PriorityFresh); err != nil || d.State != tocsin.DetailGone {
		t.Errorf("404: got %+v, %v", d, err)
	}
	n.SetUnknownID(410)
	if d, err = s.Detail(ctx, "2026/1", source.PriorityFresh); err != nil || d.State != tocsin.DetailGone {
		t.Errorf("410: got %+v, %v", d, err)
	}
	n.SetUnknownID(502)
	d, err = s.Detail(ctx, "2026/1", source.PriorityFresh)
	var f *source.Failure
	if !errors.As(err, &f) || d.State != tocsin.DetailFailed || d.Why != "unreachable (502)" {
		t.Errorf("502: got %+v, %v", d, err)
	}
	if p.Outage() != (source.Tries{}) {
		t.Errorf("an unknown id's 502 is an outage: %+v", p.Outage())
	}
	for _, c := range []struct {
		fault sim.Fault
		why   string
	}{
		{sim.Fault{Kind: sim.Null}, "malformed (200, null)"}, {sim.Fault{Kind: sim.HTML}, "malformed"}, {sim.Fault{Kind: sim.Truncated}, "malformed"},
		{sim.Fault{Kind: sim.Answer, Body: `[]`}, "malformed"}, {sim.Fault{Kind: sim.Answer, Body: `{"entity_id":"2026/2"}`}, "malformed (200, another notice"},
		{sim.Fault{Kind: sim.Refused}, "refused (403)"}, {sim.Fault{Kind: sim.Challenge, Status: 404}, "refused"}, {sim.Fault{Kind: sim.Cut}, "no connection"},
	} {
		remove := n.AddFault(c.fault)
		d, err := s.Detail(ctx, rows[1].EntityID, source.PriorityFresh)
		if err == nil || d.State != tocsin.DetailFailed || !strings.HasPrefix(d.Why, c.why) {
			t.Errorf("%s: got %s %q, %v", c.fault.Kind, d.State, d.Why, err)
		}
		remove()
	}
	n.ResetRequests()
	for _, id := range []string{"", "../un", "2026/1/../../x", "2026/1?name=x", "2026/%2e"} {
		if d, err := s.Detail(ctx, id, source.PriorityFresh); err == nil || d.State != tocsin.DetailFailed {
			t.Errorf("%q is taken for an id", id)
		}
	}
	if len(n.Requests()) > 0 {
		t.Error("something that is no id was asked for")
	}
}

func TestUNDocumentsAreFoundWhicheverTheirKind(t *testing.T) {
	rows := sanctioned(6)
	n := service(t, sim.Options{}, rows...)
	s, p := reader(t, n, interpol.UN, nil)
	ctx := context.Background()
	for _, unknown := range []int{404, 502} { // for an id of the other kind too
		n.SetUnknownID(unknown)
		for _, r := range rows {
			if d, err := s.Detail(ctx, r.EntityID, source.PriorityFresh); err != nil || d.State != tocsin.DetailFound || d.Notice.Entity != r.Entity {
				t.Errorf("entity %v, unknown ids %d: %+v, %v", r.Entity, unknown, d, err)
			}
		}
	}
	if d, err := s.Detail(ctx, "2026/1", source.PriorityFresh); err == nil || d.State != tocsin.DetailFailed {
		t.Errorf("an unknown id, 502: %+v, %v", d, err)
	}
	n.SetUnknownID(404)
	if d, err := s.Detail(ctx, "2026/1", source.PriorityFresh); err != nil || d.State != tocsin.DetailGone {
		t.Errorf("an unknown id: %+v, %v", d, err)
	}
	// What one kind's place will not say is not known, whatever the other's says.
	for _, place := range []string{"persons", "entities"} {
		remove := n.AddFault(sim.Fault{Kind: sim.Status, Status: 502, Match: regexp.MustCompile("/un/" + place + "/")})
		if d, err := s.Detail(ctx, "2026/1", source.PriorityFresh); err == nil || d.State != tocsin.DetailFailed {
			t.Errorf("an unknown id, %s unavailable: %+v, %v", place, d, err)
		}
		remove()
	}
	if p.Outage() != (source.Tries{}) {
		t.Errorf("that is an outage: %+v", p.Outage())
	}
	n.ResetRequests()
	defer n.AddFault(sim.Fault{Kind: sim.Refused})()
	if d, err := s.Detail(ctx, "2026/1", source.PriorityFresh); err == nil || d.State != tocsin.DetailFailed || len(n.Requests()) != 1 {
		t.Errorf("refused: %+v, %v, %d requests", d, err, len(n.Requests()))
	}
}

func TestTheUNListIsSweptWithBothItsKinds(t *testing.T) {
	rows := sanctioned(420) // more than one answer reaches
	n := service(t, sim.Options{}, rows...)
	s, _ := reader(t, n, interpol.UN, nil)
	snap, _ := sweep(t, s, interpol.State{}, interpol.Hooks{})
	wholly(t, n, snap)
	is := map[string]bool{}
	for _, r := range rows {
		is[r.EntityID] = r.Entity
	}
	for _, x := range snap.Notices {
		if x.Entity != is[x.ID] || x.Entity != (x.URL == "") {
			t.Errorf("%s: an organisation? %v, want %v; page %q", x.ID, x.Entity, is[x.ID], x.URL)
		}
	}
}

func TestRequestsGoToTheConfiguredServiceOnlyAndFollowNoLink(t *testing.T) {
	trap := service(t, sim.Options{})
	n := service(t, sim.Options{Base: trap.URL()}, sim.People(1, 300)...)
	s, _ := reader(t, n, interpol.Red, nil)
	snap, _ := sweep(t, s, interpol.State{}, interpol.Hooks{})
	wholly(t, n, snap)
	for _, x := range snap.Notices[:3] {
		if _, err := s.Detail(context.Background(), x.ID, source.PriorityTurn); err != nil {
			t.Error(err)
		}
		if strings.Contains(x.URL, "127.0.0.1") || !strings.Contains(x.URL, "View-Red-Notices#"+strings.Replace(x.ID, "/", "-", 1)) {
			t.Errorf("the page for people is %s", x.URL)
		}
	}
	if len(trap.Requests()) > 0 {
		t.Errorf("a link was followed: %v", trap.Requests())
	}
	for _, q := range n.Requests() {
		if strings.Contains(q.Path, "images") {
			t.Errorf("a picture was asked for: %v", q)
		}
	}
}

func TestTwoSweepsOfTheSameListAskTheSame(t *testing.T) {
	var runs [2]string
	for i := range runs {
		n := service(t, sim.Options{}, append(sim.People(9, 1500), sim.NullRows(3, 7)...)...)
		s, _ := reader(t, n, interpol.Red, func() time.Time { return time.Date(2026, 5, 5, 12, 0, 0, 0, time.UTC) })
		_, st := sweep(t, s, interpol.State{}, interpol.Hooks{})
		sweep(t, s, st, interpol.Hooks{})
		var b strings.Builder
		for _, q := range n.Requests() {
			b.Write(q.Bytes())
		}
		runs[i] = b.String()
	}
	if runs[0] != runs[1] {
		t.Error("two sweeps of the same list ask differently")
	}
}

func TestAHooksErrorEndsTheSweep(t *testing.T) {
	n := service(t, sim.Options{}, sim.People(9, 500)...)
	s, _ := reader(t, n, interpol.Red, nil)
	want := errors.New("the ledger is full")
	if _, _, err := s.Sweep(context.Background(), interpol.State{}, interpol.Hooks{Leaf: func(string, time.Time, int, []tocsin.Notice, *source.Answer) error { return want }}); err != want {
		t.Errorf("got %v", err)
	}
	if _, _, err := s.Sweep(context.Background(), interpol.State{}, interpol.Hooks{Newest: func([]tocsin.Notice, int, *source.Answer) error { return want }}); err != want {
		t.Errorf("got %v", err)
	}
}

// unlessRaced skips a test of many sweeps, one goroutine, under the race detector: CI
// runs it without.
func unlessRaced(t *testing.T) {
	t.Helper()
	if raced {
		t.Skip("many sweeps of one goroutine run without the race detector")
	}
}
