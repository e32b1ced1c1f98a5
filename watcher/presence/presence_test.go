package presence

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"tocsin"
)

var day = time.Date(2026, 5, 3, 8, 0, 0, 0, time.UTC)

func at(minutes int) time.Time { return day.Add(time.Duration(minutes) * time.Minute) }

func notice(i int) tocsin.Notice {
	return tocsin.Notice{ID: fmt.Sprintf("2026/%d", i), Name: fmt.Sprintf("VARDEN%d", i), Forename: "MIRA", BirthDate: tocsin.Date{Year: 1980 + i%20, Month: 3, Day: 1}, Nationalities: []string{"MD"}}
}

func notices(n int) []tocsin.Notice {
	var out []tocsin.Notice
	for i := range n {
		out = append(out, notice(i))
	}
	return out
}

// world feeds looks to Compare and keeps what it says.
type world struct {
	st   State
	look int64
}

func newWorld() *world { return &world{st: State{Source: "red", Held: map[string]tocsin.Held{}}} }

func (w *world) see(s tocsin.Snapshot) Result {
	w.look++
	s.Look = w.look
	r := Compare(w.st, s)
	for _, h := range r.Held {
		w.st.Held[h.Notice.ID] = h
	}
	if s.Kind == tocsin.LookSweep && Trusted(w.st, s) {
		w.st.FirstDone, w.st.LastComplete = true, s.Ended
	}
	return r
}

func sweep(minute int, rows []tocsin.Notice, details ...tocsin.DetailAnswer) tocsin.Snapshot {
	return tocsin.Snapshot{Kind: tocsin.LookSweep, Began: at(minute), Ended: at(minute + 2), Notices: rows, Complete: true, Exact: true, Listed: len(rows), Details: details}
}

func gone(id string) tocsin.DetailAnswer {
	return tocsin.DetailAnswer{ID: id, State: tocsin.DetailGone}
}

func failed(id string, controlled bool) tocsin.DetailAnswer {
	return tocsin.DetailAnswer{ID: id, State: tocsin.DetailFailed, Why: "unreachable (502)", Controlled: controlled}
}

func kinds(r Result) (out []tocsin.EventKind) {
	for _, c := range r.Changes {
		out = append(out, c.Kind)
	}
	return out
}

func want(t *testing.T, r Result, k ...tocsin.EventKind) {
	t.Helper()
	if got := kinds(r); !reflect.DeepEqual(got, k) {
		t.Fatalf("changes %v, want %v", got, k)
	}
}

func TestTheSameListTwiceChangesNothing(t *testing.T) {
	w := newWorld()
	w.see(sweep(0, notices(30)))
	want(t, w.see(sweep(10, notices(30))))
}

func TestFirstLookListsAndLaterOnesAppear(t *testing.T) {
	w := newWorld()
	r := w.see(sweep(0, notices(1)))
	want(t, r, tocsin.Listed)
	if !r.Changes[0].Window.After.IsZero() {
		t.Error("a listed notice has no lower bound for when it became public")
	}
	r = w.see(sweep(10, notices(2)))
	want(t, r, tocsin.Appeared)
	if w := r.Changes[0].Window; w.After != at(2) || w.Before != at(12) {
		t.Errorf("window %v", w)
	}
}

func TestRowsInAnyOrderGiveTheSameResult(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		a, b := newWorld(), newWorld()
		rows := notices(40)
		a.see(sweep(0, rows))
		b.see(sweep(0, rows))
		next := notices(60)[rng.IntN(20):]
		for i := range next {
			if rng.IntN(4) == 0 {
				next[i].Forename = "MIRA ILSE"
			}
		}
		ra := a.see(sweep(10, next))
		rng.Shuffle(len(next), func(i, j int) { next[i], next[j] = next[j], next[i] })
		rb := b.see(sweep(10, next))
		if !reflect.DeepEqual(ra, rb) {
			t.Fatal("the order of rows matters")
		}
	}
}

func TestAPartialLookTakesNothingAway(t *testing.T) {
	for _, kind := range []tocsin.LookKind{tocsin.LookSweep, tocsin.LookLeaf, tocsin.LookNewest, tocsin.LookDetail} {
		w := newWorld()
		w.see(sweep(0, notices(10)))
		for i := range 5 {
			s := sweep(10*(i+1), notices(3), gone("2026/7"))
			s.Kind, s.Complete, s.Exact = kind, false, false
			want(t, w.see(s))
		}
		for id, h := range w.st.Held {
			if h.Missed != 0 || h.Absence != tocsin.Public {
				t.Fatalf("%s: %s counted as absent by a partial look: %+v", kind, id, h)
			}
		}
	}
}

func TestDisappearanceNeedsTwoCompleteSweepsAndThePagesWord(t *testing.T) {
	w := newWorld()
	w.see(sweep(0, notices(5)))
	id := notice(4).ID
	want(t, w.see(sweep(10, notices(4), gone(id)))) // one sweep is not enough
	r := w.see(sweep(20, notices(4), gone(id)))
	want(t, r, tocsin.Disappeared)
	if c := r.Changes[0]; c.Inferred || c.Notice.ID != id || c.Window.After != at(2) {
		t.Errorf("%+v", c)
	}
	want(t, w.see(sweep(30, notices(4)))) // said once

	r = w.see(sweep(40, notices(5)))
	want(t, r, tocsin.Reappeared)
}

func TestAnErrorNeverConfirmsAnAbsence(t *testing.T) {
	w := newWorld()
	w.see(sweep(0, notices(5)))
	id := notice(4).ID
	for i := range 20 {
		want(t, w.see(sweep(10*(i+1), notices(4), failed(id, false))))
	}
	if h := w.st.Held[id]; h.Absence != tocsin.Unconfirmed {
		t.Fatalf("absence %q, want unconfirmed", h.Absence)
	}
}

func TestAPageThatAnswersKeepsItsNoticePublic(t *testing.T) {
	w := newWorld()
	w.see(sweep(0, notices(5)))
	n := notice(4)
	n.Detail = &tocsin.Detail{Sex: "F"}
	for i := range 5 {
		r := w.see(sweep(10*(i+1), notices(4), tocsin.DetailAnswer{ID: n.ID, State: tocsin.DetailFound, Notice: n, At: at(10*(i+1) + 2)}))
		for _, c := range r.Changes {
			if !c.FirstDetail {
				t.Fatalf("change %+v", c)
			}
		}
	}
	if h := w.st.Held[n.ID]; h.Missed != 0 || h.Absence != tocsin.Public {
		t.Fatalf("%+v", h)
	}
}

func TestInferenceNeedsTwoSweepsThenThreeExactOnesWithControls(t *testing.T) {
	id := notice(4).ID
	run := func(spoil func(i int, s *tocsin.Snapshot)) (said int, inferred bool) {
		w := newWorld()
		w.see(sweep(0, notices(5)))
		for i := range 5 {
			s := sweep(10*(i+1), notices(4), failed(id, i >= 2))
			spoil(i, &s)
			for _, c := range w.see(s).Changes {
				if c.Kind == tocsin.Disappeared {
					said, inferred = i+1, c.Inferred
				}
			}
		}
		return said, inferred
	}
	if said, inferred := run(func(int, *tocsin.Snapshot) {}); said != 5 || !inferred {
		t.Errorf("said after %d sweeps, inferred %v; want after 5, inferred", said, inferred)
	}
	if said, _ := run(func(_ int, s *tocsin.Snapshot) { s.Details[0].Controlled = true }); said != 5 {
		t.Errorf("said after %d sweeps where the first two are controlled as well, want after 5: they are not further ones", said)
	}
	spoilers := map[string]func(int, *tocsin.Snapshot){
		"a sweep that is not exact": func(i int, s *tocsin.Snapshot) {
			if i == 3 {
				s.Exact = false
			}
		},
		"a control that fails": func(i int, s *tocsin.Snapshot) {
			if i == 4 {
				s.Details[0].Controlled = false
			}
		},
		"another failure": func(i int, s *tocsin.Snapshot) {
			if i == 3 {
				s.Details[0].Why = "malformed (200)"
			}
		},
		"a sweep that is not complete": func(i int, s *tocsin.Snapshot) {
			if i == 2 {
				s.Complete, s.Exact = false, false
			}
		},
	}
	for name, spoil := range spoilers {
		if said, _ := run(spoil); said != 0 {
			t.Errorf("%s: said gone after %d sweeps all the same", name, said)
		}
	}
}

func TestASweepBegunBeforeTheNoticeWasLastSeenDoesNotMissIt(t *testing.T) {
	w := newWorld()
	w.see(sweep(0, notices(5)))
	n := notice(4)
	w.see(tocsin.Snapshot{Kind: tocsin.LookNewest, Began: at(11), Ended: at(11), Notices: []tocsin.Notice{n}})
	want(t, w.see(sweep(10, notices(4), gone(n.ID)))) // began at 10, seen at 11
	want(t, w.see(sweep(20, notices(4), gone(n.ID))))
	want(t, w.see(sweep(30, notices(4), gone(n.ID))), tocsin.Disappeared)
}

func TestMassAbsenceIsHeldBackUntilEachPageSaysGone(t *testing.T) {
	w := newWorld()
	w.see(sweep(0, notices(100)))
	for i := range 8 {
		var details []tocsin.DetailAnswer
		for j := 50; j < 100; j++ {
			details = append(details, failed(notice(j).ID, true))
		}
		if i == 3 {
			details[0] = gone(notice(50).ID)
		}
		r := w.see(sweep(10*(i+1), notices(50), details...))
		if i == 3 {
			want(t, r, tocsin.Disappeared)
			continue
		}
		want(t, r)
		if r.Quarantined == 0 {
			t.Fatal("half the list gone, and nothing quarantined")
		}
	}
}

func TestAnEmptyListIsNotBelieved(t *testing.T) {
	w := newWorld()
	w.see(sweep(0, notices(3)))
	for i := range 4 {
		s := sweep(10*(i+1), nil, gone(notice(0).ID), gone(notice(1).ID), gone(notice(2).ID))
		want(t, w.see(s))
	}
}

func TestChargesAreComparedInMeaning(t *testing.T) {
	with := func(cs ...tocsin.Charge) tocsin.Notice {
		n := notice(1)
		n.Detail = &tocsin.Detail{Sex: "F", Charges: cs}
		return n
	}
	a := tocsin.Charge{Country: "MD", Text: "participation in an\r\nunlawful organisation"}
	b := tocsin.Charge{Country: "MD", Text: "fraud"}
	same := tocsin.Charge{Country: "MD", Text: " Participation in an unlawful  organisation"}
	look := func(from, to tocsin.Notice) Result {
		w := newWorld()
		w.see(sweep(0, []tocsin.Notice{from}))
		return w.see(sweep(10, []tocsin.Notice{to}))
	}
	want(t, look(with(a, b), with(b, same)))
	r := look(with(a), with(a, b))
	want(t, r, tocsin.Changed)
	if f := r.Changes[0].Fields; len(f) != 1 || f[0].Field != "charges" || len(f[0].To) != 2 || r.Changes[0].Identity {
		t.Errorf("%+v", r.Changes[0])
	}
}

func TestTheFirstReadingOfADocumentIsNoChange(t *testing.T) {
	w := newWorld()
	w.see(sweep(0, notices(2)))
	n := notice(1)
	n.Detail = &tocsin.Detail{Sex: "F"}
	r := w.see(tocsin.Snapshot{Kind: tocsin.LookDetail, Began: at(5), Ended: at(5), Details: []tocsin.DetailAnswer{{ID: n.ID, State: tocsin.DetailFound, Notice: n, At: at(5)}}})
	if len(r.Changes) != 1 || !r.Changes[0].FirstDetail || len(r.Changes[0].Fields) != 0 {
		t.Fatalf("%+v", r.Changes)
	}
	want(t, w.see(sweep(10, notices(2)))) // a row without document does not take it away
}

func TestANewPictureAloneIsQuiet(t *testing.T) {
	w := newWorld()
	w.see(sweep(0, notices(1)))
	n := notice(0)
	n.Photo = "62912759"
	r := w.see(sweep(10, []tocsin.Notice{n}))
	want(t, r, tocsin.Changed)
	if !r.Changes[0].Quiet || r.Changes[0].Identity {
		t.Errorf("%+v", r.Changes[0])
	}
}

func TestAnIDThatComesBackAsSomebodyElseSaysSo(t *testing.T) {
	w := newWorld()
	n := notice(0)
	n.Detail = &tocsin.Detail{Sex: "F"}
	w.see(sweep(0, []tocsin.Notice{n}))
	other := tocsin.Notice{ID: n.ID, Name: "OKONJO", Forename: "PETER", BirthDate: tocsin.Date{Year: 1961}}
	r := w.see(sweep(10, []tocsin.Notice{other}))
	want(t, r, tocsin.Changed)
	if c := r.Changes[0]; !c.OtherPerson || !c.Identity || c.Notice.Detail != nil {
		t.Errorf("%+v", c)
	}
}

func TestSight(t *testing.T) {
	rules := SightRules{After: time.Hour, NewestAfter: 15 * time.Minute}
	cases := []struct {
		name                           string
		now, started, complete, newest int
		blind, newestBlind             bool
	}{
		{"just started", 5, 0, -1, -1, false, false},
		{"newest never answered", 15, 0, -1, -1, true, true},
		{"newest answers, no sweep ends", 60, 0, -1, 59, true, false},
		{"all well", 100, 0, 60, 99, false, false},
		{"sweeps missed", 121, 0, 61, 120, true, false},
		{"newest refused", 80, 0, 60, 64, true, true},
		{"newest refused, the whole list seen since", 80, 0, 66, 64, false, false},
		{"newest refused from when a look had ended", 81, 0, 66, 64, true, true},
	}
	opt := func(m int) time.Time {
		if m < 0 {
			return time.Time{}
		}
		return at(m)
	}
	for _, c := range cases {
		s := See(rules, at(c.now), at(c.started), opt(c.complete), opt(c.newest))
		if s.Blind != c.blind || s.Newest != c.newestBlind {
			t.Errorf("%s: %+v", c.name, s)
		}
	}
}

// Whatever calls itself complete: only a sweep of the whole list counts absences.
func TestALookOfAnotherKindTakesNothingAwayEvenWhole(t *testing.T) {
	for _, kind := range []tocsin.LookKind{tocsin.LookLeaf, tocsin.LookNewest, tocsin.LookDetail} {
		w := newWorld()
		w.see(sweep(0, notices(10)))
		for i := range 3 {
			s := sweep(10*(i+1), notices(3), gone("2026/7"))
			s.Kind = kind
			want(t, w.see(s))
		}
	}
}

func TestPartialLooksTellWhoIsNewAndWhatChanged(t *testing.T) {
	w := newWorld()
	w.see(sweep(0, notices(10)))
	rows := notices(12)[8:]
	rows[0].Forename = "MIRA ILSE"
	s := sweep(10, rows)
	s.Complete, s.Exact = false, false
	want(t, w.see(s), tocsin.Appeared, tocsin.Appeared, tocsin.Changed)
}

// A list whose total moves by more than lists do while it is read is not
// believed about anybody, be it that few are absent.
func TestATotalThatShiftsFarHoldsAbsencesBack(t *testing.T) {
	id := notice(29).ID
	for shift, held := range map[int]bool{20: false, 21: true} {
		w := newWorld()
		w.see(sweep(0, notices(30)))
		for i := range 2 {
			s := sweep(10*(i+1), notices(29), failed(id, true))
			s.Shift = shift
			if r := w.see(s); (r.Quarantined == 1) != held {
				t.Errorf("a total that shifts by %d: %d held back", shift, r.Quarantined)
			}
		}
		// What is held back stays so, whatever looks come after: only its own page releases it.
		for i := range 6 {
			w.see(sweep(40+10*i, notices(29), failed(id, true)))
		}
		if got := w.st.Held[id].Absence == tocsin.Gone; got == held {
			t.Errorf("a total that shifted by %d: gone by inference %v, %+v", shift, got, w.st.Held[id])
		}
		if r := w.see(sweep(200, notices(29), gone(id))); held {
			want(t, r, tocsin.Disappeared)
		}
	}
}

func TestWhatItsDocumentCalledAnOrganisationStaysOneOnRowsThatDoNotSay(t *testing.T) {
	w := newWorld()
	n := notice(1)
	w.see(sweep(0, []tocsin.Notice{n}))
	known := n
	known.Entity, known.Detail = true, &tocsin.Detail{}
	w.see(sweep(10, []tocsin.Notice{n}, tocsin.DetailAnswer{ID: n.ID, State: tocsin.DetailFound, Notice: known, At: at(11)}))
	w.see(sweep(20, []tocsin.Notice{n}))
	if !w.st.Held[n.ID].Notice.Entity {
		t.Error("it is a person again")
	}
}
