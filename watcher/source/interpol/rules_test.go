package interpol_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin"
	"tocsin/sim"
	"tocsin/watcher/source/interpol"
)

// everyName is the count of all rows with a name, which closes a sweep of a list
// that moved.
var everyName = regexp.MustCompile(`name=%5E(&|$)`)

// The count that closes a sweep of a list that moved proves something only while
// nothing moves: a row that was never seen could take the place of one that went.
func TestACountTakenWhileTheListMovesProvesNothing(t *testing.T) {
	for what, move := range map[string]func(n *sim.Notices, rows []sim.Row){
		"the total moves": func(n *sim.Notices, rows []sim.Row) { n.Withdraw(rows[300].EntityID) },
		"one goes and one comes": func(n *sim.Notices, rows []sim.Row) {
			n.Withdraw(rows[300].EntityID)
			come := sim.NullRows(77, 1)[0]
			come.Name = nil
			n.Publish(come)
		},
	} {
		t.Run(what, func(t *testing.T) {
			// read sweeps the same list each time. It moves once right after the count-th
			// count of all names, and read says how many counts there were.
			read := func(count int) (snap tocsin.Snapshot, unseen string, counts int) {
				rows := sim.People(21, 400)
				rows[399].Name, rows[399].Unfiltered = nil, true // nothing reaches it: it stands far down
				n := service(t, sim.Options{LogLimit: 1}, rows...)
				moved := false
				n.AddFault(sim.Fault{Kind: sim.Act, On: sim.List, Do: func() {
					if counts == count && !moved {
						moved = true
						move(n, rows)
					}
				}})
				n.AddFault(sim.Fault{Kind: sim.Act, On: sim.List, Match: everyName, Do: func() { counts++ }})
				n.AddFault(sim.Fault{Kind: sim.Act, On: sim.List, After: 5, Count: 1, Do: func() { n.Withdraw(rows[200].EntityID) }})
				s, _ := reader(t, n, interpol.Red, nil)
				snap, _ = sweep(t, s, interpol.State{}, interpol.Hooks{})
				if count > 0 && !moved {
					t.Fatal("the list did not move while rows were counted: the test tests nothing")
				}
				return snap, rows[399].EntityID, counts
			}
			still, unseen, last := read(-1) // it moves before it is counted alone
			if still.Complete {
				t.Errorf("complete with %d of %d rows: the count misses one, and it is public", len(still.Notices), still.Listed)
			}
			snap, _, _ := read(last)
			if has := slices.ContainsFunc(snap.Notices, func(x tocsin.Notice) bool { return x.ID == unseen }); snap.Complete || has {
				t.Errorf("complete with %d of %d rows, though %s was public all the time and not seen", len(snap.Notices), snap.Listed, unseen)
			}
		})
	}
}

// Rows lacking that are too many to be out of reach are a sign that the list is
// divided wrongly: how it can be divided is found anew, once.
func TestADivisionThatLacksManyIsFoundAnewOnce(t *testing.T) {
	rows := sim.People(21, 700)
	n := service(t, sim.Options{LogLimit: 1}, rows...)
	s, _ := reader(t, n, interpol.Red, nil)
	_, st := sweep(t, s, interpol.State{}, interpol.Hooks{})
	var lost []string
	for _, r := range rows[:5] {
		lost = append(lost, r.EntityID)
	}
	n.AddFault(sim.Fault{Kind: sim.Unfiltered, IDs: lost})
	n.Publish(sim.People(22, 170)...) // the five are not on the newest page
	for i := 1; i <= 6; i++ {
		var snap tocsin.Snapshot
		snap, st = sweep(t, s, st, interpol.Hooks{})
		if snap.Complete || snap.Unreachable != 0 {
			t.Errorf("sweep %d: complete %v with %d unreachable: five of 870 are too many for that", i, snap.Complete, snap.Unreachable)
		}
		if anew := st.Mode == interpol.ModeUnknown && len(st.Leaves) == 0; anew != (i == 3) {
			t.Errorf("after sweep %d: mode %q with %d leaves; the division is to be found anew after the third alone", i, st.Mode, len(st.Leaves))
		}
	}
	n.ClearFaults()
	snap, _ := sweep(t, s, st, interpol.Hooks{})
	wholly(t, n, snap)
}

// What is lacking counts as out of reach only if as many lacked in three whole
// sweeps that followed each other.
func TestOnlyTheSameDeficitThreeTimesInARowIsOutOfReach(t *testing.T) {
	for what, lacks := range map[string][]int{
		"another deficit between": {1, 2, 1}, "an exact sweep between": {1, 1, 0, 1}, "two sweeps": {2, 2},
	} {
		rows := sim.People(21, 700)
		n := service(t, sim.Options{LogLimit: 1}, rows...)
		s, _ := reader(t, n, interpol.Red, nil)
		_, st := sweep(t, s, interpol.State{}, interpol.Hooks{})
		n.Publish(sim.People(22, 170)...)
		for i, lack := range lacks {
			n.ClearFaults()
			if lack > 0 {
				n.AddFault(sim.Fault{Kind: sim.Unfiltered, IDs: []string{rows[1].EntityID, rows[2].EntityID}[:lack]})
			}
			var snap tocsin.Snapshot
			snap, st = sweep(t, s, st, interpol.Hooks{})
			if snap.Complete != (lack == 0) {
				t.Errorf("%s: sweep %d lacks %d: complete %v, %d unreachable", what, i+1, lack, snap.Complete, snap.Unreachable)
			}
		}
	}
}

// What a sweep broken off long ago had read, or one that was read to its end, is
// not taken up: it says what was, not what is.
func TestOnlyASweepBrokenOffNotLongAgoIsTakenUp(t *testing.T) {
	now := time.Date(2026, 5, 5, 12, 0, 0, 0, time.UTC)
	rows := sim.People(8, 1200)
	n := service(t, sim.Options{LogLimit: 1}, rows...)
	s, _ := reader(t, n, interpol.Red, func() time.Time { return now })
	_, st := sweep(t, s, interpol.State{}, interpol.Hooks{})
	var saved []interpol.Saved
	_, st = sweep(t, s, st, saving(&saved))
	for _, c := range []struct {
		what    string
		later   time.Duration
		done    time.Time
		less    int // rows of each cell
		resumed bool
	}{
		{"not long ago", 29 * time.Minute, time.Time{}, 0, true},
		{"half an hour ago", 30 * time.Minute, time.Time{}, 0, false},
		{"read to its end", time.Minute, now.Add(time.Second), 0, false},
		{"a clock that went back", -time.Minute, time.Time{}, 0, false},
		{"cells that are not whole", time.Minute, time.Time{}, 1, false},
	} {
		s, _ := reader(t, n, interpol.Red, func() time.Time { return now.Add(c.later) })
		st.Done = c.done
		h := interpol.Hooks{Saved: slices.Clone(saved)}
		for i := range h.Saved {
			h.Saved[i].Rows = h.Saved[i].Rows[c.less:]
		}
		snap, _ := sweep(t, s, st, h)
		if resumed := snap.Began.Equal(now); resumed != c.resumed || snap.Exact == c.resumed || !snap.Complete {
			t.Errorf("%s: taken up %v, exact %v, complete %v: %s", c.what, resumed, snap.Exact, snap.Complete, snap.Why)
		}
	}
}

// A page that does not add up is read once more before the sweep is given up.
func TestAPageThatDoesNotAddUpOnceIsReadOnceMore(t *testing.T) {
	n := service(t, sim.Options{LogLimit: 1}, sim.People(21, 1200)...)
	s, p := reader(t, n, interpol.Red, nil)
	_, st := sweep(t, s, interpol.State{}, interpol.Hooks{})
	n.AddFault(sim.Fault{Kind: sim.Doubled, After: 3, Count: 1})
	snap, st := sweep(t, s, st, interpol.Hooks{})
	wholly(t, n, snap)
	n.AddFault(sim.Fault{Kind: sim.Doubled, After: 3, Count: 2})
	if snap, _ = sweep(t, s, st, interpol.Hooks{}); snap.Complete || p.Outage().Cause != tocsin.CauseMalformed {
		t.Errorf("twice: complete %v, %s", snap.Complete, snap.Why)
	}
}

// A leaf that has grown beyond what can be reached is divided there and then,
// among names and among the forenames of a name too common for names alone.
func TestALeafThatHasGrownTooLargeIsDivided(t *testing.T) {
	common := func(from, to int) []sim.Row {
		var rows []sim.Row
		for i, r := range sim.People(31, to)[from:to] {
			r.Name = sim.Str("KIM")
			r.Forename = sim.Str(fmt.Sprintf("%c%cORA", 'A'+rune((from+i)%26), 'A'+rune((from+i)/26%26)))
			rows = append(rows, r)
		}
		return rows
	}
	n := service(t, sim.Options{LogLimit: 1}, append(sim.People(30, 200), common(0, 300)...)...)
	s, _ := reader(t, n, interpol.Red, nil)
	snap, st := sweep(t, s, interpol.State{}, interpol.Hooks{})
	wholly(t, n, snap)
	snap, st = sweep(t, s, st, interpol.Hooks{})
	wholly(t, n, snap)
	steady := snap.Requests
	n.Publish(common(300, 400)...)    // the leaves of forenames
	n.Publish(sim.People(32, 200)...) // the leaves of names
	snap, st = sweep(t, s, st, interpol.Hooks{})
	wholly(t, n, snap)
	// Divided there and then it costs the parts; searched for at the end, far more.
	if snap.Requests > 2*steady {
		t.Errorf("%d requests steadily, %d when leaves had grown", steady, snap.Requests)
	}
	if again, _ := sweep(t, s, st, interpol.Hooks{}); !again.Exact || again.Requests >= snap.Requests {
		t.Errorf("the next takes %d requests, after %d: the plan is not made anew", again.Requests, snap.Requests)
	}
}

// moves has a notice withdrawn while the list is read: the count at the end must
// then stand in for totals that agree.
func moves(n *sim.Notices, r sim.Row) {
	n.AddFault(sim.Fault{Kind: sim.Act, On: sim.List, After: 5, Count: 1, Do: func() { n.Withdraw(r.EntityID) }})
}

// bare are rows with a name alone, which only a division by names reaches.
func bare(name string, count int) []sim.Row {
	rows := sim.People(57, count)
	for i := range rows {
		rows[i].Name, rows[i].Forename, rows[i].DateOfBirth = sim.Str(fmt.Sprintf("%s%c%cU", name, 'A'+rune(i%26), 'A'+rune(i/26%26))), nil, nil
	}
	return rows
}

// A leaf that has more rows than can be reached is no whole leaf, however the
// count of all names comes out when the list has moved.
func TestALeafAboveTheReachIsNotWholeInAListThatMoves(t *testing.T) {
	rows := sim.People(21, 500)
	n := service(t, sim.Options{LogLimit: 1}, rows...)
	s, _ := reader(t, n, interpol.Red, nil)
	_, st := sweep(t, s, interpol.State{}, interpol.Hooks{})
	grown, top := bare("V", 250), sim.People(22, 170)
	n.Publish(grown...)
	n.Publish(top...) // the others are not on the newest page
	moves(n, top[0])
	snap, _ := sweep(t, s, st, interpol.Hooks{})
	lacking(t, snap, grown)
}

// Nor are the parts of one the whole of it, unless they add up to it: some name
// may be in none of them.
func TestPartsThatDoNotAddUpAreNotWholeInAListThatMoves(t *testing.T) {
	rows := sim.People(21, 500)
	n := service(t, sim.Options{LogLimit: 1}, rows...)
	s, _ := reader(t, n, interpol.Red, nil)
	_, st := sweep(t, s, interpol.State{}, interpol.Hooks{})
	grown, top := bare("V", 250), sim.People(22, 170)
	top[0].Name = sim.Str("BRANIK") // of another leaf
	n.Publish(grown...)
	n.Publish(top...)
	// Its leaf has the letter in brackets, its parts have it before them.
	if leaf := interpol.LeafOf(st, *grown[240].Name); leaf == "" || strings.Contains(leaf, "v%5B") {
		t.Fatalf("the leaf is %s: the test tests nothing", leaf)
	}
	n.AddFault(sim.Fault{Kind: sim.Half, IDs: []string{grown[240].EntityID}, Match: regexp.MustCompile(`name=[^&]*v%5B`)})
	moves(n, top[0])
	snap, _ := sweep(t, s, st, interpol.Hooks{})
	lacking(t, snap, grown)
}

// A row that no leaf has, though the count of all names has it, is not seen: as
// many rows as there are have to be seen, be it that the list has moved.
func TestFewerRowsThanThereAreAreNotAllOfThem(t *testing.T) {
	for seed := range uint64(8) {
		lost := bare("V", 1)
		rows := append(sim.People(21+seed, 700), lost...)
		n := service(t, sim.Options{LogLimit: 1}, rows...)
		n.Publish(sim.People(60, 170)...) // it is not on the newest page
		s, _ := reader(t, n, interpol.Red, nil)
		_, st := sweep(t, s, interpol.State{}, interpol.Hooks{})
		n.AddFault(sim.Fault{Kind: sim.Half, IDs: []string{lost[0].EntityID}, Match: regexp.MustCompile(`name=[^&]{4,}`)})
		come := sim.People(22, 1)
		n.AddFault(sim.Fault{Kind: sim.Act, On: sim.List, After: 5, Count: 1, Do: func() { n.Publish(come...) }})
		snap, _ := sweep(t, s, st, interpol.Hooks{})
		lacking(t, snap, lost)
	}
}

// lacking checks that a sweep that lacks some of the rows does not call itself complete.
func lacking(t *testing.T, snap tocsin.Snapshot, rows []sim.Row) {
	t.Helper()
	have := map[string]bool{}
	for _, x := range snap.Notices {
		have[x.ID] = true
	}
	missing := 0
	for _, r := range rows {
		if !have[r.EntityID] {
			missing++
		}
	}
	if snap.Complete && missing > 0 {
		t.Errorf("complete with %d of %d rows, though %d were public all the time and not seen", len(snap.Notices), snap.Listed, missing)
	}
	t.Logf("complete %v, %d missing: %s", snap.Complete, missing, snap.Why)
}

// The first answer that is not right ends the sweep, though the next would be:
// what it kept back cannot be told from what is not there.
func TestOneAnswerThatIsNotRightEndsTheSweep(t *testing.T) {
	unlessRaced(t)
	for _, c := range []struct {
		fault sim.Fault
		why   string
	}{
		{sim.Fault{Kind: sim.OtherEcho}, "malformed (200, the answer to another query)"},
		{sim.Fault{Kind: sim.Status, Status: 503}, "unreachable (503)"},
		{sim.Fault{Kind: sim.Refused}, "refused (403)"},
		{sim.Fault{Kind: sim.Null}, "malformed (200, null)"},
	} {
		for after := range 7 {
			n := service(t, sim.Options{}, sim.People(21, 800)...)
			s, _ := reader(t, n, interpol.Red, nil)
			_, st := sweep(t, s, interpol.State{}, interpol.Hooks{})
			f := c.fault
			f.On, f.After, f.Count = sim.List, after, 1
			n.AddFault(f)
			if snap, _ := sweep(t, s, st, interpol.Hooks{}); snap.Complete || snap.Requests != after+1 || snap.Why != c.why {
				t.Errorf("%s as answer %d: complete %v after %d requests, %s; want %s", f.Kind, after+1, snap.Complete, snap.Requests, snap.Why, c.why)
			}
		}
	}
}

// Each filter misses somebody. A row is found through whichever field it has,
// as long as there is one by which it can be told from more than an answer holds.
func TestARowIsFoundThroughWhicheverFieldItHas(t *testing.T) {
	unlessRaced(t)
	rows := sim.People(21, 2000)
	count := map[string]int{}
	for i := range rows {
		rows[i].Sex = "M"
		for _, c := range rows[i].Nationalities {
			count[c]++
		}
	}
	often := "" // the most frequent country of fewer people than an answer holds
	for c, k := range count {
		if k < 120 && (k > count[often] || k == count[often] && c < often) {
			often = c
		}
	}
	for _, c := range []struct {
		what string
		only func(r *sim.Row)
		ages bool // found without patterns, too
	}{
		{"a name", func(r *sim.Row) { r.Name = sim.Str("QADRI") }, false},
		{"a name of no letter", func(r *sim.Row) { r.Name = sim.Str("-") }, false},
		{"a forename", func(r *sim.Row) { r.Forename = sim.Str("MIRA") }, false},
		{"a birth date", func(r *sim.Row) { r.DateOfBirth = sim.Str("1980/05/05") }, true},
		{"a year of birth", func(r *sim.Row) { r.DateOfBirth = sim.Str("1980") }, true},
		{"a nationality", func(r *sim.Row) { r.Nationalities = []string{often} }, true},
		{"an unknown sex", func(r *sim.Row) { r.Sex = "U" }, true},
		{"an issuing country", func(r *sim.Row) { r.Warrants = []sim.Warrant{{Country: often, Charge: "fraud"}} }, true},
	} {
		for _, patterns := range []sim.Patterns{sim.PatternsFull, sim.PatternsIgnored} {
			if patterns == sim.PatternsIgnored && !c.ages {
				continue
			}
			hidden := sim.Row{EntityID: "2026/99999"}
			c.only(&hidden)
			n := service(t, sim.Options{LogLimit: 1, Patterns: patterns}, slices.Insert(slices.Clone(rows), 1000, hidden)...)
			s, _ := reader(t, n, interpol.Red, nil)
			snap, st := sweep(t, s, interpol.State{}, interpol.Hooks{})
			if !snap.Exact {
				t.Errorf("%s, %q: %d of %d with %d requests: %s", c.what, patterns, len(snap.Notices), snap.Listed, snap.Requests, snap.Why)
				continue
			}
			snap, _ = sweep(t, s, st, interpol.Hooks{})
			wholly(t, n, snap)
		}
	}
}
