package store

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"tocsin"
)

func TestAnObservationIsKeptWhole(t *testing.T) {
	r := newRig(t)
	at := r.clock
	row := Source{
		ID: "red", Look: 1, Plan: []byte("plan"), Validators: []byte("v"), Began: at, LastLook: at, LastComplete: at, NewestAt: at, FirstDone: true,
		Listed: 7, Seen: 6, Requests: 5, Details: 4, Unreachable: 1, Complete: true, Cause: tocsin.CauseLate, Why: "late", OutageN: 3,
		OutageSince: at, NextTry: at, Failed: 2, Tries: 9, AskedOn: at.Truncate(24 * time.Hour), Asked: 12,
	}
	if err := r.SaveLeaf(r.ctx, Leaf{Source: "red", Cell: "MD", Total: 1, Rows: []tocsin.Notice{{ID: "2026/1"}}}); err != nil {
		t.Fatal(err)
	}
	stored, err := r.Observe(r.ctx, Observation{
		Source: row, Held: manyHeld(2, 1), DropLeaves: true,
		Looks:  []Look{{Source: "red", N: 1, Kind: tocsin.LookSweep, Began: at, Ended: at, Complete: true, Listed: 7, Seen: 6, Requests: 5}},
		Events: []NewEvent{about(tocsin.Listed, "p-017", "2026/0", "team", "mail"), about(tocsin.Listed, "p-009", "2026/1", "team")},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := r.Source(r.ctx, "red"); err != nil || !reflect.DeepEqual(got, row) {
		t.Errorf("the source's row is\n%+v, want\n%+v (%v)", got, row, err)
	}
	if held, err := r.Held(r.ctx, "red"); err != nil || len(held) != 2 {
		t.Errorf("held: %v, %v", held, err)
	}
	if leaves, err := r.Leaves(r.ctx, "red"); err != nil || len(leaves) != 0 {
		t.Errorf("leaves of a sweep that is over: %v, %v", leaves, err)
	}
	var looks int
	if err := r.r.QueryRow(`SELECT count(*) FROM look WHERE source = 'red' AND n = 1 AND complete = 1`).Scan(&looks); err != nil || looks != 1 {
		t.Errorf("%d looks are kept, %v", looks, err)
	}
	kept, err := r.Events(r.ctx, EventFilter{})
	if err != nil || !reflect.DeepEqual(kept, stored) {
		t.Errorf("the ledger reads\n%+v, Observe said\n%+v (%v)", kept, stored, err)
	}
	if stored[0].Seq >= stored[1].Seq || stored[0].Person != "p-017" || len(stored[0].Deliveries) != 2 || stored[0].Deliveries[1].Notifier != "mail" {
		t.Errorf("the events are %+v", stored)
	}
}

func TestASweepIsKeptTheSameWhetherFewOrManyNoticesAreWritten(t *testing.T) {
	r := newRig(t)
	for look, n := range []int{manyRows + 1, manyRows + 1, 3} { // new, seen again, a few of them
		held := manyHeld(n, int64(look+1))
		held[1].Ver = look + 1
		if _, err := r.Observe(r.ctx, Observation{Was: int64(look), Source: Source{ID: "red", Look: int64(look + 1)}, Held: held}); err != nil {
			t.Fatal(err)
		}
	}
	held, err := r.Held(r.ctx, "red")
	if err != nil || len(held) != manyRows+1 {
		t.Fatal(len(held), err)
	}
	if h := held["2026/1"]; h.Ver != 3 || h.LastLook != 3 {
		t.Errorf("the changed notice is at version %d, look %d", h.Ver, h.LastLook)
	}
	if h := held["2026/400"]; h.Ver != 1 || h.LastLook != 2 {
		t.Errorf("an unchanged notice is at version %d, look %d", h.Ver, h.LastLook)
	}
	if vs, err := r.Versions(r.ctx, "red", "2026/1"); err != nil || len(vs) != 3 {
		t.Errorf("%d versions are kept, %v", len(vs), err)
	}
}

func TestWhatWasComputedFromAStateThatMovedOnIsRefused(t *testing.T) {
	r := newRig(t)
	r.tell(about(tocsin.Appeared, "p-017", "2026/1", "team"))
	if _, err := r.Screen(r.ctx, Screening{Now: "r1"}); err != nil {
		t.Fatal(err)
	}
	before := r.dump()
	e := []NewEvent{about(tocsin.Appeared, "p-017", "2026/2", "team")}
	row := Source{ID: "red", Look: 2}
	for name, try := range map[string]func() error{
		"another look came first": func() error {
			_, err := r.Observe(r.ctx, Observation{Was: 0, Revision: "r1", Source: row, Events: e})
			return err
		},
		"a look that never was": func() error {
			_, err := r.Observe(r.ctx, Observation{Was: 5, Revision: "r1", Source: Source{ID: "yellow", Look: 6}, Events: e})
			return err
		},
		"another watchlist is in force": func() error {
			_, err := r.Observe(r.ctx, Observation{Was: 1, Revision: "r0", Source: row, Events: e})
			return err
		},
		"another revision came first": func() error {
			_, err := r.Screen(r.ctx, Screening{Was: "", Now: "r2", Events: e})
			return err
		},
	} {
		if err := try(); !errors.Is(err, ErrStale) {
			t.Errorf("%s: %v, want ErrStale", name, err)
		}
	}
	equal(t, "the ledger", r.dump(), before)
	if _, err := r.Observe(r.ctx, Observation{Was: 1, Revision: "r1", Source: row, Events: e}); err != nil {
		t.Error("what is up to date is refused too:", err)
	}
}

func TestATransactionThatFailsAtItsEndLeavesNothing(t *testing.T) {
	r := newRig(t)
	es := r.tell(about(tocsin.Appeared, "p-017", "2026/1", "team", "mail"), about(tocsin.Appeared, "p-009", "2026/2", "team"), sight(tocsin.Blind, 1, "team"))
	taken := r.claim(Message{Kind: "root", Case: es[0].Case, Events: []string{es[0].ID}})
	good, nobody := about(tocsin.Appeared, "p-044", "2026/3", "team"), about(tocsin.Appeared, "", "2026/3", "team")
	before := r.dump()
	for name, try := range map[string]func() error{
		"observe, an event about nobody": func() error {
			_, err := r.Observe(r.ctx, Observation{
				Was: 1, Source: Source{ID: "red", Look: 2}, Held: manyHeld(3, 2), Looks: []Look{{Source: "red", N: 2}}, DropLeaves: true,
				Scores: []CaseScore{{Case: es[0].Case, Tier: tocsin.TierReview}}, Events: []NewEvent{good, nobody},
			})
			return err
		},
		"observe, an outage told twice": func() error {
			_, err := r.Observe(r.ctx, Observation{Was: 1, Source: Source{ID: "red", Look: 2}, Events: []NewEvent{good, sight(tocsin.Blind, 1)}})
			return err
		},
		"screen": func() error {
			_, err := r.Screen(r.ctx, Screening{
				Now: "r1", People: []Person{{ID: "p-044", Fingerprint: "f"}}, Cases: []NewCase{{Person: "p-044", Source: "red", Notice: tocsin.NoticeRef{ID: "2020/1"}}},
				Events: []NewEvent{good, nobody},
			})
			return err
		},
		"claim, its second event taken": func() error {
			_, err := r.Claim(r.ctx, r.lease, Message{Notifier: "team", Kind: "gathered", Events: []string{es[1].ID, es[0].ID}})
			return err
		},
		"settle, its alarm about nobody": func() error {
			return r.Settle(r.ctx, r.lease, taken.ID, Settlement{State: StateFailed, Events: []NewEvent{nobody}})
		},
		"decide, an unknown case": func() error {
			_, err := r.Decide(r.ctx, Decision{Case: "c_unknown", Action: tocsin.Ack})
			return err
		},
	} {
		if err := try(); err == nil {
			t.Errorf("%s: no error", name)
		}
		equal(t, name, r.dump(), before)
	}
}

func TestScreeningKeepsPeopleCasesAndEventsUnderTheNewRevision(t *testing.T) {
	r := newRig(t)
	r.tell(about(tocsin.Listed, "p-009", "2026/2"))
	_, err := r.Screen(r.ctx, Screening{
		Now: "r1", People: []Person{{ID: "p-017", Fingerprint: "f1", Screened: "r1"}, {ID: "p-009", Fingerprint: "f2", Screened: "r1"}},
		Cases:  []NewCase{{Person: "p-017", Source: "red", Notice: tocsin.NoticeRef{ID: "2019/5", Name: "VARDEN, M"}, Tier: tocsin.TierReview, Score: 0.7}},
		Events: []NewEvent{about(tocsin.Listed, "p-017", "2026/1", "team")},
	})
	if err != nil {
		t.Fatal(err)
	}
	if rev, err := r.Revision(r.ctx); err != nil || rev != "r1" {
		t.Error(rev, err)
	}
	gone := Person{ID: "p-009", Fingerprint: "f2", Screened: "r1", RemovedAt: r.clock}
	if _, err := r.Screen(r.ctx, Screening{Was: "r1", Now: "r2", People: []Person{gone}}); err != nil {
		t.Fatal(err)
	}
	people, err := r.Persons(r.ctx)
	if err != nil || people["p-009"] != gone || people["p-017"].Fingerprint != "f1" {
		t.Errorf("%+v, %v", people, err)
	}
	cases, err := r.Cases(r.ctx, CaseFilter{Person: "p-017"})
	if err != nil || len(cases) != 2 {
		t.Fatal(cases, err)
	}
	silent := cases[1] // opened now; the other one by its event, an hour ago
	if silent.Public || len(silent.Events) != 0 || silent.State != tocsin.CaseOpen || silent.Tier != tocsin.TierReview || silent.Notice.Name != "VARDEN, M" {
		t.Errorf("the silent case is %+v", silent)
	}
	// Told twice, it stays the one it is.
	if _, err := r.Screen(r.ctx, Screening{Was: "r2", Now: "r3", Cases: []NewCase{{Person: "p-017", Source: "red", Notice: tocsin.NoticeRef{ID: "2019/5"}}}}); err != nil {
		t.Fatal(err)
	}
	if again := r.oneCase(silent.ID); again.Notice.Name != "VARDEN, M" {
		t.Errorf("it became %+v", again)
	}
}

func TestAPlaceInTimeSurvivesTheLedger(t *testing.T) {
	r := newRig(t)
	at := time.Date(2026, 5, 3, 7, 0, 0, 123456789, time.FixedZone("", 7200))
	n := about(tocsin.Appeared, "p-017", "2026/1")
	n.At, n.Window = at, &tocsin.Window{Before: at}
	e := r.event(r.tell(n)[0].ID)
	if !e.At.Equal(at) || e.At.Location() != time.UTC || !e.Window.Before.Equal(at) || !e.Window.After.IsZero() {
		t.Errorf("at %v, window %+v", e.At, e.Window)
	}
}
