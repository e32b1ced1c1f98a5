package watcher

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.uber.org/zap"

	"tocsin"
	"tocsin/notifier"
	"tocsin/store"
	"tocsin/watcher/match"
	"tocsin/watcher/presence"
)

// DrillWithin is how long a channel may take for a drill where nobody says
// otherwise.
const DrillWithin = 2 * time.Minute

// alarmWithin is how long 'tocsin drill' waits for the alarm that a channel did
// not take it; it stays owed beyond that.
const alarmWithin = 20 * time.Second

const (
	drillSource = "drill" // a source of its own: no real one is asked, none is touched
	drillID     = "drill"
)

// drillPerson is whom a drill's notice names: nobody.
func drillPerson() *notifier.Subject {
	return &notifier.Subject{
		ID: drillID, Names: []string{"Nobody Example"}, BirthDate: tocsin.Date{Year: 1970, Month: 1, Day: 1}, Sex: "U",
		Codename: "DRILL", Initials: "N. E.",
	}
}

// drillNotice is the notice of a drill.
func drillNotice(ref *tocsin.NoticeRef) *tocsin.Notice {
	n := &tocsin.Notice{
		Source: drillSource, Color: "red", Name: "EXAMPLE", Forename: "NOBODY", BirthDate: tocsin.Date{Year: 1970, Month: 1, Day: 1},
		Detail: &tocsin.Detail{Sex: "U", Charges: []tocsin.Charge{{Text: "none: this is a drill"}}},
	}
	if ref != nil {
		n.ID = ref.ID
	}
	return n
}

// drills begins what drills were asked for and ends those whose time is up, for
// as long as the watch runs, and asks for one when the schedule says so.
func (w *Watcher) drills(ctx context.Context) error {
	for {
		open, err := w.mindDrills(ctx)
		if err != nil && ctx.Err() == nil {
			w.log.Error("drilling", zap.Error(err))
		}
		next := w.scan()
		if open { // somebody waits for its end
			next = time.Second
		}
		if !w.wait(ctx, w.now().Add(next), w.wakeDrills) {
			return ctx.Err()
		}
	}
}

// mindDrills brings every drill further; some: one was open.
func (w *Watcher) mindDrills(ctx context.Context) (some bool, err error) {
	if w.drillAt != nil {
		last, err := w.store.LastScheduledDrill(ctx)
		if err != nil {
			return false, err
		}
		if last.IsZero() {
			last = w.begun()
		}
		if next := w.drillAt.Next(last.In(w.zone)); !next.After(w.now()) {
			if _, err := w.store.AskDrill(ctx, DrillWithin, true); err != nil {
				return false, err
			}
		}
	}
	open, err := w.store.OpenDrills(ctx)
	if err != nil {
		return false, err
	}
	for _, d := range open {
		if err := w.mindDrill(ctx, d); err != nil {
			return true, err
		}
	}
	return len(open) > 0, nil
}

// mindDrill brings one drill further: it begins, or ends when all channels have
// taken it or their time is up.
func (w *Watcher) mindDrill(ctx context.Context, d store.Drill) error {
	now := w.now().UTC()
	if d.Event == "" {
		n, err := w.drillEvent(d, now)
		if err != nil {
			return err
		}
		e, err := w.store.BeginDrill(ctx, d.ID, n)
		if errors.Is(err, store.ErrSettled) {
			return nil // whoever asked did not wait
		}
		if err != nil {
			return err
		}
		w.log.Info("drill", zap.String("drill", d.ID), zap.String("event", e.ID))
		w.wakeBells()
		return nil
	}
	events, err := w.store.Events(ctx, store.EventFilter{IDs: []string{d.Event}})
	if err != nil {
		return err
	}
	if len(events) == 0 {
		return errors.New("a drill's event is not in the ledger")
	}
	e := events[0]
	waiting := false
	for _, x := range e.Deliveries {
		waiting = waiting || x.State == tocsin.Pending
	}
	if waiting && now.Sub(e.At) < d.Within {
		return nil
	}
	missed, err := w.store.EndDrill(ctx, d.ID, fmt.Sprintf("the drill was not taken within %s", d.Within), func(id string) []store.NewEvent {
		for _, b := range w.bells {
			if b.ID == id {
				return b.lost([]string{e.ID}, true, now)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	took := store.TakenOf(e)
	for _, t := range took {
		w.log.Info("drill ended", zap.String("drill", d.ID), zap.String("notifier", t.Notifier), zap.Bool("taken", !t.Missed), zap.Duration("took", t.Took))
	}
	for _, id := range missed {
		w.log.Error("a channel did not take the drill in time", zap.String("drill", d.ID), zap.String("notifier", id), zap.Duration("within", d.Within))
	}
	w.wakeBells()
	return nil
}

// drillEvent makes a drill's notice appear: it goes the way of a real one, from
// what presence says of a look to what the matcher says of a person, and is owed
// to every channel at once.
func (w *Watcher) drillEvent(d store.Drill, now time.Time) (store.NewEvent, error) {
	n := *drillNotice(&tocsin.NoticeRef{ID: "DRILL-" + d.ID})
	look := tocsin.Snapshot{Source: drillSource, Look: 2, Kind: tocsin.LookNewest, Began: now, Ended: now, Notices: []tocsin.Notice{n}}
	before := presence.State{Source: drillSource, FirstDone: true, LastComplete: d.AskedAt, Held: map[string]tocsin.Held{}}
	changes := presence.Compare(before, look).Changes
	if len(changes) != 1 || changes[0].Kind != tocsin.Appeared {
		return store.NewEvent{}, errors.New("the drill's notice did not appear")
	}
	p := drillPerson()
	index := match.Compile([]match.Person{{ID: p.ID, Names: p.Names, BirthDate: p.BirthDate, Sex: p.Sex}}, w.matching)
	ms := index.Match(changes[0].Notice)
	if len(ms) != 1 {
		return store.NewEvent{}, errors.New("the drill's notice was not matched: look at matching in the configuration")
	}
	r := ref(n)
	out := store.NewEvent{Event: tocsin.Event{
		Kind: tocsin.Appeared, At: now, Source: drillSource, Notice: &r, Person: p.ID, Tier: tocsin.TierAlert, Score: ms[0].Score, Reasons: ms[0].Reasons,
		Drill: true,
	}}
	for _, b := range w.bells {
		out.Deliveries = append(out.Deliveries, tocsin.Delivery{Notifier: b.ID, State: tocsin.Pending, Due: now})
	}
	return out, nil
}

// Drill does one drill here and now, in the process that sends, and returns how
// each channel took it. It is for a process in which Run does not run.
func (w *Watcher) Drill(ctx context.Context, within time.Duration) (store.Drill, []store.Taken, error) {
	d, err := w.store.AskDrill(ctx, within, false)
	if err != nil {
		return d, nil, err
	}
	for {
		if err := w.mindDrill(ctx, d); err != nil {
			return d, nil, err
		}
		if d, _, err = w.store.Drill(ctx, d.ID); err != nil {
			return d, nil, err
		}
		if !d.EndedAt.IsZero() {
			break
		}
		// What is owed besides goes first, as it would.
		if err := w.Deliver(ctx, max(time.Second, within)); err != nil {
			return d, nil, err
		}
		if !w.wait(ctx, w.now().Add(50*time.Millisecond), nil) {
			return d, nil, ctx.Err()
		}
	}
	if err := w.Deliver(ctx, min(within, alarmWithin)); err != nil { // who did not take it
		return d, nil, err
	}
	taken, err := DrillTaken(ctx, w.store, d)
	return d, taken, err
}

// DrillTaken is how each channel took a drill that has begun, so far.
func DrillTaken(ctx context.Context, s *store.Store, d store.Drill) ([]store.Taken, error) {
	events, err := s.Events(ctx, store.EventFilter{IDs: []string{d.Event}})
	if err != nil {
		return nil, err
	}
	if len(events) == 0 {
		return nil, errors.New("the drill's event is not in the ledger")
	}
	return store.TakenOf(events[0]), nil
}
