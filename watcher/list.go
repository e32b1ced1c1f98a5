package watcher

import (
	"context"
	"encoding/json"
	"fmt"

	"go.uber.org/zap"

	"tocsin"
	"tocsin/store"
	"tocsin/watcher/match"
	"tocsin/watcher/presence"
	"tocsin/watcher/source"
)

// Versions is a list that is published whole under one version after another.
type Versions interface {
	// Poll reads the list once and hands on its rows one by one; see source.Version.
	Poll(ctx context.Context, kept []byte, row func(source.Row) error) (source.Version, []byte, error)
}

// List is one versioned list to watch.
type List struct {
	ID       string
	Name     string // what people call it
	Source   Versions
	Pacer    *source.Pacer
	Poll     Schedule
	Sight    presence.SightRules
	Required bool
	// WitnessFor is the id of the Listing that it is a copy of, "" for none. What that
	// has as well is told by that, and by the copy while that is blind.
	WitnessFor string
}

// list is one versioned list under watch. Such a list may have a million rows: what
// is held of it stays in the store, and nothing of it in memory between two looks.
type list struct {
	watched
	Source Versions
	main   *listing // that it is a copy of; nil: none
}

func newList(w *Watcher, o List) *list {
	l := &list{
		watched: watched{ID: o.ID, Name: o.Name, Pacer: o.Pacer, Sight: o.Sight, Required: o.Required, w: w, due: o.Poll, row: store.Source{ID: o.ID}},
		Source:  o.Source,
	}
	for _, m := range w.listings {
		if m.ID == o.WitnessFor {
			l.main = m
		}
	}
	return l
}

func (l *list) loops() map[string]func(context.Context) error {
	return map[string]func(context.Context) error{"reading": l.polls(l.look)}
}

// listState is what a list's row keeps from one look to the next.
type listState struct {
	Kept []byte `json:"kept,omitempty"` // the source's own
	// Whole says that the next version is to be read whole: something was missing from
	// the last one that was, and a delta says nothing of that.
	Whole bool `json:"whole,omitempty"`
}

func (l *list) kept(row store.Source) listState {
	var st listState
	if len(row.Validators) > 0 {
		if err := json.Unmarshal(row.Validators, &st); err != nil {
			l.w.log.Warn("what was kept of a list cannot be read; it is read anew", zap.String("source", l.ID), zap.Error(err))
			st = listState{}
		}
	}
	return st
}

// look reads the list once. What concerns nobody is committed batch by batch as it
// comes; what may concern somebody when the reading has ended, with the version and
// the age of its data, and is found anew if it does not come to that.
func (l *list) look(ctx context.Context) (bool, error) {
	row := l.state()
	st := l.kept(row)
	r, err := newReading(ctx, l, row)
	if err != nil {
		return false, err
	}
	kept := st.Kept
	if st.Whole {
		kept = nil
	}
	v, next, err := l.Source.Poll(ctx, kept, func(x source.Row) error { return r.take(ctx, x) })
	if err == nil {
		err = r.flush(ctx)
	}
	if err != nil {
		return false, err
	}
	believed, err := l.believe(ctx, row, r, &v)
	if err != nil {
		return false, err
	}
	if believed { // else it is read once more
		st.Kept = next
	}
	if err := r.finish(ctx, v, st); err != nil {
		return false, err
	}
	l.lookEnded()
	l.lookLogged(v.Complete, l.state().Listed, v.Seen, v.Requests, v.Why, zap.String("version", v.ID), zap.Time("data", v.DataAt), zap.Int("changed", r.changed))
	return v.Complete, nil
}

// believe takes back that a version is complete where that cannot be believed: it is
// older than the one that is held, or lists nobody any more. It reports whether it
// left it as it was.
func (l *list) believe(ctx context.Context, row store.Source, r *reading, v *source.Version) (bool, error) {
	if !v.Complete || v.Unchanged {
		return true, nil
	}
	why := ""
	switch {
	case !v.DataAt.IsZero() && v.DataAt.Before(row.DataAt):
		why = "a version older than the one before"
	case !v.Delta && r.rows == 0:
		standing, err := l.w.store.Absences(ctx, l.ID)
		if err != nil {
			return false, err
		}
		listed := 0
		for a, n := range standing {
			if a.Listed() {
				listed += n
			}
		}
		if listed > 0 {
			why = fmt.Sprintf("it lists nobody, where %d were listed", listed)
		}
	}
	if why == "" {
		return true, nil
	}
	v.Complete, v.Cause, v.Why = false, tocsin.CauseMalformed, why
	return false, nil
}

// ended says in the source's row how a look went, and whether that ends an outage.
func (l *list) ended(row *store.Source, v source.Version, r *reading) []store.NewEvent {
	cause := row.Cause // of the outage that this look may end
	row.Began, row.LastLook, row.Requests = v.Began.UTC(), v.Ended.UTC(), v.Requests
	row.Complete, row.Cause, row.Why = v.Complete, v.Cause, v.Why
	if !v.Complete {
		row.Listed, row.Seen = max(v.Listed, row.Listed), v.Seen
		return nil
	}
	l.Pacer.Whole()
	row.LastComplete, row.FirstDone = row.LastLook, true
	switch {
	case v.Unchanged:
		row.Seen = row.Listed
		return l.recovered(row, tocsin.Outage{Until: row.LastLook, Listed: row.Listed, Seen: row.Seen}, cause)
	case v.Delta:
		row.Listed = r.listed
		row.Seen = r.listed
	default:
		row.Listed, row.Seen = max(v.Listed, v.Seen), v.Seen
	}
	row.Version, row.DataAt = v.ID, v.DataAt.UTC()
	if r.quarantined > 0 {
		row.Why = fmt.Sprintf("%d entries absent at once: held back until the list itself names them as removed", r.quarantined)
	}
	out := r.count
	out.Until, out.Listed, out.Seen = row.LastLook, row.Listed, row.Seen
	return l.recovered(row, out, cause)
}

// screen finds what the list holds about people who are new or edited.
func (l *list) screen(ctx context.Context, p *people, index *match.Index, edited map[string]bool, s *store.Screening) error {
	had, err := l.w.hadOn(ctx, l.ID)
	if err != nil {
		return err
	}
	hadOnMain := map[[2]string]tocsin.Case{}
	if l.main != nil {
		if hadOnMain, err = l.w.hadOn(ctx, l.main.ID); err != nil {
			return err
		}
	}
	row := l.state()
	return l.w.store.EachHeld(ctx, l.ID, func(h tocsin.Held) error {
		if h.Absence == tocsin.Merged {
			return nil
		}
		before := len(s.Events)
		if h.LastSeen.Before(row.LastComplete) && h.Absence == tocsin.Public {
			h.LastSeen = row.LastComplete
		}
		opens := l.opens(tocsin.Listed, h.SameAs)
		l.w.screenHeld(p, index, edited, l.ID, had, h, func(person string) bool {
			_, told := hadOnMain[[2]string{person, h.SameAs}]
			return opens && !told
		}, s)
		for i := range s.Events[before:] {
			s.Events[before+i].Edition = l.edition(row.Version, row.DataAt, h.SameAs)
		}
		return ctx.Err()
	})
}

// heldNow is what the list holds of an entry, under the id under which it goes on.
func (l *list) heldNow(ctx context.Context, id string) (tocsin.Held, bool, error) {
	met := map[string]bool{}
	for {
		held, err := l.w.store.HeldOf(ctx, l.ID, []string{id})
		if err != nil {
			return tocsin.Held{}, false, fmt.Errorf("reading an entry of %s: %w", l.ID, err)
		}
		h, ok := held[id]
		if !ok || h.Into == "" || met[h.Into] {
			return h, ok, nil
		}
		met[id] = true
		id = h.Into
	}
}
