package presence

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	"tocsin"
)

// edition is one version of a list as it is published: the truth.
type edition struct {
	id   string
	rows map[string]Entry
}

// shelf reads editions as the watch does, all of them in memory.
type shelf struct {
	held    map[string]tocsin.Held
	look    int64
	reading Reading
	done    bool
}

func newShelf() *shelf { return &shelf{held: map[string]tocsin.Held{}} }

// reads takes in rows of a reading and its end.
func (s *shelf) reads(rows []Entry, e Ending) (changes []tocsin.Change, moves []Move) {
	met := map[string]bool{}
	r := Reading{Began: s.look, FirstDone: s.done, LastComplete: s.reading.LastComplete, Met: func(id string) bool { return met[id] }}
	keep := func(res Result) {
		for _, h := range res.Held {
			s.held[h.Notice.ID] = h
		}
		changes, moves = append(changes, res.Changes...), append(moves, res.Moves...)
	}
	for _, x := range rows {
		s.look++
		r.Look, r.At = s.look, at(int(s.look))
		keep(r.Row(x, s.held))
		met[x.Notice.ID] = true
	}
	s.look++
	r.Look, r.At = s.look, at(int(s.look))
	var absent []tocsin.Held
	listed, unsaid := 0, 0
	for _, h := range s.held {
		if h.Absence.Listed() {
			listed++
		}
		if r.Misses(h, e) {
			absent = append(absent, h)
			if !e.Vouched(h) {
				unsaid++
			}
		}
	}
	e.Mass = unsaid > Tolerance(listed)
	for _, h := range absent {
		keep(r.Absent(h, e))
	}
	if e.Complete {
		s.done, s.reading.LastComplete = true, r.At
	}
	return changes, moves
}

func entry(i int) Entry { return Entry{Notice: notice(i)} }

func entries(from, to int) (out []Entry) {
	for i := from; i < to; i++ {
		out = append(out, entry(i))
	}
	return out
}

func whole(id string) Ending { return Ending{Version: id, Complete: true} }

func told(changes []tocsin.Change) (out []string) {
	for _, c := range changes {
		s := string(c.Kind) + " " + c.Notice.ID
		if c.Inferred {
			s += " inferred"
		}
		for _, w := range c.Was {
			s += " was " + w
		}
		out = append(out, s)
	}
	slices.Sort(out)
	return out
}

func wantTold(t *testing.T, changes []tocsin.Change, want ...string) {
	t.Helper()
	if got := told(changes); !slices.Equal(got, want) {
		t.Fatalf("told %q, want %q", got, want)
	}
}

func TestAVersionWithoutAnEntryIsNotEnough(t *testing.T) {
	s := newShelf()
	s.reads(entries(0, 30), whole("v1"))
	c, _ := s.reads(entries(1, 30), whole("v2"))
	wantTold(t, c)
	c, _ = s.reads(entries(1, 30), whole("v2")) // the same version, read once more
	wantTold(t, c)
	c, _ = s.reads(entries(5, 10), Ending{Version: "v3"}) // a part of one
	wantTold(t, c)
	c, _ = s.reads(nil, Ending{Version: "v2"}) // unchanged
	wantTold(t, c)
	c, _ = s.reads(entries(1, 30), whole("v3"))
	wantTold(t, c, "disappeared 2026/0 inferred")
	if w := c[0].Window; !w.After.Equal(s.held["2026/0"].LastSeen) || !w.After.Before(w.Before) {
		t.Errorf("window %v", w)
	}
	c, _ = s.reads(entries(1, 30), whole("v4"))
	wantTold(t, c)
	c, _ = s.reads(entries(0, 30), whole("v5"))
	wantTold(t, c, "reappeared 2026/0")
}

func TestADeltaSaysNothingOfTheRowsThatItDoesNotHave(t *testing.T) {
	s := newShelf()
	s.reads(entries(0, 30), whole("v1"))
	for i := range 5 {
		c, _ := s.reads(entries(3, 4), Ending{Version: fmt.Sprint("d", i), Complete: true, Delta: true})
		wantTold(t, c)
	}
}

func TestWhatADeltaRemovesIsGoneAfterTwoAndNotInferred(t *testing.T) {
	s := newShelf()
	s.reads(entries(0, 30), whole("v1"))
	c, _ := s.reads(nil, Ending{Version: "v2", Complete: true, Delta: true, Removed: map[string]bool{"2026/0": true, "2026/1": true}})
	wantTold(t, c)
	c, _ = s.reads([]Entry{entry(1)}, Ending{Version: "v3", Complete: true, Delta: true}) // one is back
	wantTold(t, c, "disappeared 2026/0")
	c, _ = s.reads(nil, Ending{Version: "v4", Complete: true, Delta: true})
	wantTold(t, c)
}

func TestAMergeIsNoDisappearance(t *testing.T) {
	s := newShelf()
	s.reads(entries(0, 30), whole("v1"))
	into := entry(40)
	into.Notice.Name, into.Referents = notice(0).Name, []string{"2026/0", "2026/1", "never-held"}
	into.Notice.Forename, into.Notice.BirthDate, into.Notice.Nationalities = notice(0).Forename, notice(0).BirthDate, notice(0).Nationalities
	for i := range 3 {
		c, moves := s.reads(append(entries(2, 30), into), whole(fmt.Sprint("v", i+2)))
		wantTold(t, c)
		if want := 2 * max(0, 1-i); len(moves) != want {
			t.Fatalf("%d moves, want %d", len(moves), want)
		}
	}
	if h := s.held["2026/40"]; !h.FirstSeen.Equal(s.held["2026/0"].FirstSeen) {
		t.Error("it was not public before it had its new id")
	}
	// What says something else under its new id has changed.
	into.Notice.ID, into.Notice.Forename, into.Referents = "2026/41", "MIRA ILSE", []string{"2026/40"}
	c, _ := s.reads(append(entries(2, 30), into), whole("v5"))
	wantTold(t, c, "changed 2026/41 was 2026/40")
	// Both ids in one version: the list is not of one mind, and nobody is told anything.
	odd := entry(2)
	odd.Notice.ID, odd.Referents = "2026/42", []string{"2026/2"}
	for i := range 2 {
		c, _ = s.reads(append([]Entry{into, odd}, entries(2, 30)...), whole(fmt.Sprint("v", i+6)))
		wantTold(t, c)
	}
}

func TestOneThatComesBackUnderAnotherIDIsPublicAgain(t *testing.T) {
	s := newShelf()
	s.reads(entries(0, 30), whole("v1"))
	s.reads(entries(1, 30), whole("v2"))
	c, _ := s.reads(entries(1, 30), whole("v3"))
	wantTold(t, c, "disappeared 2026/0 inferred")
	again := entry(0)
	again.Notice.ID, again.Referents = "2026/50", []string{"2026/0"}
	c, moves := s.reads(append(entries(1, 30), again), whole("v4"))
	wantTold(t, c, "reappeared 2026/50 was 2026/0")
	if len(moves) != 1 {
		t.Errorf("moves %v", moves)
	}
	// And one that stands by itself again, apart from what it was merged into.
	c, _ = s.reads(append(entries(0, 30), again), whole("v5"))
	wantTold(t, c, "reappeared 2026/0")
}

func TestTooManyAbsentAtOnceAreHeldBackUntilTheListNamesThem(t *testing.T) {
	s := newShelf()
	s.reads(entries(0, 100), whole("v1"))
	for i := range 5 {
		c, _ := s.reads(entries(30, 100), whole(fmt.Sprint("v", i+2)))
		wantTold(t, c)
	}
	// What goes by itself later is told all the same.
	s.reads(entries(31, 100), whole("v8"))
	c, _ := s.reads(entries(31, 100), whole("v9"))
	wantTold(t, c, "disappeared 2026/30 inferred")
	c, _ = s.reads(nil, Ending{Version: "v10", Complete: true, Delta: true, Removed: map[string]bool{"2026/0": true}})
	wantTold(t, c, "disappeared 2026/0")
	c, _ = s.reads(entries(1, 2), Ending{Version: "v11", Complete: true, Delta: true})
	wantTold(t, c)
	if h := s.held["2026/1"]; h.Absence != tocsin.Public || h.Missed != 0 {
		t.Errorf("what is there again is still %q", h.Absence)
	}
}

// TestVersionsNeverTellAFalseNo reads random histories of a list in random ways and
// holds what is told against the truth: nothing that is listed, or goes on in
// another entry, is ever told as gone; nothing that two versions are without stays
// untold; and nobody is told of what they know.
func TestVersionsNeverTellAFalseNo(t *testing.T) {
	runs := 100
	if n, err := strconv.Atoi(os.Getenv("TOCSIN_MODEL_RUNS")); err == nil {
		runs = n
	}
	disappeared, moved := 0, 0
	for seed := range runs {
		d, m := history(t, uint64(seed))
		disappeared, moved = disappeared+d, moved+m
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
	if disappeared == 0 || moved == 0 {
		t.Error("the histories say nothing")
	}
	t.Logf("%d histories, %d disappeared, %d moved", runs, disappeared, moved)
}

func history(t *testing.T, seed uint64) (disappeared, moved int) {
	rng := rand.New(rand.NewPCG(seed, 7))
	now := edition{"v0", map[string]Entry{}}
	next := 60
	for i := range next {
		now.rows[notice(i).ID] = entry(i)
	}
	s := newShelf()
	var complete []edition       // those that were read whole, the last last
	var full []edition           // those of them that were read in full
	met := map[string]int{}      // after how many of those an entry was last met
	listed := map[string]bool{}  // as far as was told
	removed := map[string]bool{} // named by the list as removed, and not back since
	into := func(e edition, id string) bool {
		for _, x := range e.rows {
			if slices.Contains(x.Referents, id) {
				return true
			}
		}
		return false
	}
	pending := false
	for step := range 25 {
		before := now
		if step > 0 && rng.IntN(4) > 0 {
			now = evolve(rng, now, &next)
		}
		var rows []Entry
		for _, id := range slices.Sorted(mapsKeys(now.rows)) {
			rows = append(rows, now.rows[id])
		}
		rng.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		var c []tocsin.Change
		var moves []Move
		var handed []Entry
		last := edition{}
		if n := len(complete); n > 0 {
			last = complete[n-1]
		}
		switch how := rng.IntN(6); {
		case how == 0: // broken off
			handed = rows[:rng.IntN(len(rows))]
			c, moves = s.reads(handed, Ending{Version: now.id})
		case how < 3 && last.id != "" && last.id == before.id && now.id != last.id && !pending: // a delta
			e := Ending{Version: now.id, Complete: true, Delta: true, Removed: map[string]bool{}}
			var changed []Entry
			for _, x := range rows {
				if old, ok := last.rows[x.Notice.ID]; !ok || fmt.Sprint(old) != fmt.Sprint(x) {
					changed = append(changed, x)
				}
			}
			for id := range last.rows {
				if _, ok := now.rows[id]; !ok {
					e.Removed[id] = true
					removed[id] = true
				}
			}
			handed = changed
			c, moves = s.reads(changed, e)
			complete = append(complete, now)
		case last.id == now.id && how == 3: // unchanged
			c, moves = s.reads(nil, Ending{Version: now.id})
		default:
			handed = rows
			c, moves = s.reads(rows, whole(now.id))
			if last.id != now.id {
				complete, full = append(complete, now), append(full, now)
			}
			pending = false
		}
		if n := len(complete); n > 0 && complete[n-1].id == now.id {
			for id, h := range s.held {
				if h.Absence == tocsin.Missing && !h.Removed && len(full) > 0 && full[len(full)-1].id != now.id {
					pending = pending || now.rows[id].Notice.ID == ""
				}
			}
		}
		for _, x := range handed {
			met[x.Notice.ID] = len(full)
		}
		for id := range now.rows {
			delete(removed, id)
		}
		moved += len(moves)
		for _, m := range moves {
			if !slices.Contains(now.rows[m.To.ID].Referents, m.From) {
				t.Errorf("%s moved to %s, which does not name it", m.From, m.To.ID)
			}
			delete(listed, m.From)
			listed[m.To.ID] = true
		}
		for _, x := range c {
			id := x.Notice.ID
			switch x.Kind {
			case tocsin.Disappeared:
				disappeared++
				n := len(complete)
				if _, there := now.rows[id]; there || into(now, id) {
					t.Errorf("%s is told as gone, and is there", id)
				}
				if n < 2 || complete[n-1].id != now.id {
					t.Errorf("%s is told as gone by no complete version", id)
					continue
				}
				if _, there := complete[n-2].rows[id]; there {
					t.Errorf("%s is told as gone, and the version before had it", id)
				}
				if x.Inferred == removed[id] {
					t.Errorf("%s: inferred is %v, and named as removed %v", id, x.Inferred, removed[id])
				}
				if !listed[id] {
					t.Errorf("%s is told as gone twice", id)
				}
				delete(listed, id)
			case tocsin.Appeared, tocsin.Listed, tocsin.Reappeared:
				if listed[id] && len(x.Was) == 0 {
					t.Errorf("%s is told as %s, and was known to be listed", id, x.Kind)
				}
				listed[id] = true
			}
		}
		// Nothing that two versions in a row are without stays untold.
		if n := len(full); n > 1 && full[n-1].id == now.id {
			for id := range listed {
				_, a := full[n-1].rows[id]
				_, b := full[n-2].rows[id]
				if !a && !b && met[id] <= n-2 && complete[len(complete)-2].id == full[n-2].id && !into(now, id) {
					t.Errorf("%s is in neither of two versions, and nobody was told", id)
				}
			}
		}
	}
	return disappeared, moved
}

func mapsKeys(m map[string]Entry) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// evolve publishes a new version: some entries go, come, change, come back or are
// merged.
func evolve(rng *rand.Rand, e edition, next *int) edition {
	n, _ := strconv.Atoi(e.id[1:])
	out := edition{fmt.Sprint("v", n+1), map[string]Entry{}}
	var ids []string
	for id, x := range e.rows {
		out.rows[id] = x
		ids = append(ids, id)
	}
	slices.Sort(ids)
	pick := func() string { return ids[rng.IntN(len(ids))] }
	for range rng.IntN(4) {
		switch rng.IntN(5) {
		case 0:
			delete(out.rows, pick())
		case 1:
			out.rows[notice(*next).ID] = entry(*next)
			*next++
		case 2:
			if x, ok := out.rows[pick()]; ok {
				x.Notice.Forename = fmt.Sprint("MIRA", rng.IntN(9))
				out.rows[x.Notice.ID] = x
			}
		case 3: // back, under its own id
			i := rng.IntN(*next)
			merged := false
			for _, x := range out.rows {
				merged = merged || slices.Contains(x.Referents, notice(i).ID)
			}
			if !merged {
				out.rows[notice(i).ID] = entry(i)
			}
		case 4: // merged into a new entry or another one
			a, b := pick(), pick()
			x, ok := out.rows[a]
			if !ok || a == b {
				continue
			}
			delete(out.rows, a)
			y, ok := out.rows[b]
			if !ok || rng.IntN(2) == 0 {
				y = x
				y.Notice.ID = notice(*next).ID
				y.Referents = nil
				*next++
			}
			y.Referents = append(append(slices.Clone(y.Referents), x.Referents...), a)
			out.rows[y.Notice.ID] = y
		}
	}
	return out
}
