package watcher

import (
	"context"
	"fmt"
	"time"

	"tocsin"
	"tocsin/notifier"
	"tocsin/store"
)

// A witness is a copy of another source's list. While the source itself is seen,
// what it lists as well is told by it alone; while it is blind, the copy carries its
// alerts, and the source confirms them later without ringing again.

// mainSays is how the source that the list copies stands to an entry.
func (l *list) mainSays(sameAs string) tocsin.MainSays {
	row := l.main.state()
	h, held := l.main.heldNotice(sameAs)
	switch {
	case held && h.Absence.Listed():
		return tocsin.MainHas
	case !row.OutageSince.IsZero() || row.LastComplete.IsZero():
		return tocsin.MainBlind
	case sameAs == "":
		return tocsin.MainUnknown
	case held:
		return tocsin.MainGone
	}
	return tocsin.MainLacks
}

// opens reports whether a case may begin with what happened to an entry of the
// list. The source that it copies tells of what it lists itself; and of what it
// listed once, only that the copy has it anew is worth a case.
func (l *list) opens(kind tocsin.EventKind, sameAs string) bool {
	if l.main == nil {
		return true
	}
	h, held := l.main.heldNotice(sameAs)
	return !held || !h.Absence.Listed() && kind != tocsin.Changed
}

// edition is what an event of the list rests on.
func (l *list) edition(version string, dataAt time.Time, sameAs string) *tocsin.Edition {
	e := &tocsin.Edition{Version: version, DataAt: dataAt}
	if l.main != nil {
		e.WitnessFor, e.Main, e.MainSeen = l.main.ID, l.mainSays(sameAs), l.main.state().LastComplete
	}
	return e
}

// witnesses are the lists that copy a source's.
func (w *Watcher) witnesses(main string) (out []*list) {
	for _, l := range w.lists {
		if l.main != nil && l.main.ID == main {
			out = append(out, l)
		}
	}
	return out
}

// meanwhile are the witnesses that carry a source's alerts while it is blind: those
// that are seen.
func (w *Watcher) meanwhile(main string) (out []tocsin.Witness) {
	for _, l := range w.witnesses(main) {
		if row := l.state(); row.OutageSince.IsZero() && !row.LastComplete.IsZero() {
			out = append(out, tocsin.Witness{Source: l.ID, Name: l.Name, DataAt: row.DataAt})
		}
	}
	return out
}

// confirms marks those of a notice's first events that a witness had told before.
// They go on in its case, and ring only for whom they did not ring then, or where
// the match has grown loud.
func (w *Watcher) confirms(ctx context.Context, src, notice string, events []store.NewEvent) error {
	for _, l := range w.witnesses(src) {
		for i := range events {
			e := &events[i]
			if e.Kind != tocsin.Appeared && e.Kind != tocsin.Listed || e.Takes != "" {
				continue
			}
			c, told, err := l.told(ctx, e.Person, notice)
			if err != nil {
				return err
			}
			if told.ID == "" {
				continue
			}
			e.Takes, e.Confirmed = c.ID, told.ID
			if e.Tier == tocsin.TierAlert && c.Tier != tocsin.TierAlert {
				continue
			}
			for j, d := range e.Deliveries {
				for _, had := range told.Deliveries {
					if had.Notifier == d.Notifier && d.State == tocsin.Pending && (had.State == tocsin.Sent || had.State == tocsin.Pending) {
						e.Deliveries[j] = tocsin.Delivery{Notifier: d.Notifier, State: tocsin.Skipped, At: e.At, Why: "told before, by " + l.ID}
					}
				}
			}
		}
	}
	return nil
}

// told finds the case in which the list told a person of another source's notice,
// and the event that did; both are zero if it did not.
func (l *list) told(ctx context.Context, person, notice string) (tocsin.Case, tocsin.Event, error) {
	copies, err := l.w.store.SameAs(ctx, l.ID, notice)
	if err != nil {
		return tocsin.Case{}, tocsin.Event{}, err
	}
	for _, h := range copies {
		cases, err := l.w.store.Cases(ctx, store.CaseFilter{Source: l.ID, Notice: h.Notice.ID, Person: person})
		if err != nil {
			return tocsin.Case{}, tocsin.Event{}, fmt.Errorf("reading the cases of %s: %w", l.ID, err)
		}
		for _, c := range cases {
			events, err := l.w.store.Events(ctx, store.EventFilter{Case: c.ID})
			if err != nil {
				return c, tocsin.Event{}, fmt.Errorf("reading the events of a case: %w", err)
			}
			for i := len(events) - 1; i >= 0; i-- {
				switch events[i].Kind {
				case tocsin.Appeared, tocsin.Listed, tocsin.Reappeared:
					return c, events[i], nil
				}
			}
		}
	}
	return tocsin.Case{}, tocsin.Event{}, nil
}

// retold has messages about what witnesses told while a source was blind say what
// the source itself says, now that it is seen again.
func (w *Watcher) retold(ctx context.Context, main string, since time.Time) (out []store.CaseScore, err error) {
	for _, l := range w.witnesses(main) {
		cases, err := w.store.Cases(ctx, store.CaseFilter{Source: l.ID})
		if err != nil {
			return nil, fmt.Errorf("reading the cases of %s: %w", l.ID, err)
		}
		for _, c := range cases {
			if c.OpenedAt.After(since) {
				out = append(out, store.CaseScore{Case: c.ID, Tier: c.Tier, Score: c.Score, Reasons: c.Reasons, Anew: true})
			}
		}
	}
	return out, nil
}

// beside adds to an item what a list and its copies say of each other.
func (w *Watcher) beside(ctx context.Context, it *notifier.Item) error {
	e := it.Event
	if e.Notice == nil {
		return nil
	}
	if e.Edition != nil && e.Edition.WitnessFor != "" {
		return w.besideMain(ctx, it)
	}
	for _, l := range w.witnesses(e.Source) {
		copies, err := w.store.SameAs(ctx, l.ID, e.Notice.ID)
		if err != nil {
			return err
		}
		row := l.state()
		for _, h := range copies {
			if h.Absence == tocsin.Merged {
				continue
			}
			it.Copies = append(it.Copies, notifier.Copy{Name: l.called(), Since: h.FirstSeen, Gone: h.GoneAt, DataAt: row.DataAt})
			break
		}
	}
	return nil
}

// besideMain adds to an item of a witness how the source that it copies stands to
// the notice now, and when it confirmed it.
func (w *Watcher) besideMain(ctx context.Context, it *notifier.Item) error {
	e := it.Event
	for _, l := range w.lists {
		if l.ID != e.Source || l.main == nil {
			continue
		}
		it.Main = l.main.called()
		h, _, err := l.heldNow(ctx, e.Notice.ID)
		if err != nil {
			return err
		}
		it.MainNow, it.MainSeen = l.mainSays(h.SameAs), l.main.state().LastComplete
	}
	if it.Case == nil || it.Case.Source == e.Source {
		return nil
	}
	events, err := w.store.Events(ctx, store.EventFilter{Case: e.Case})
	if err != nil {
		return fmt.Errorf("reading the events of a case: %w", err)
	}
	for _, x := range events {
		if x.Confirmed == e.ID {
			it.Confirmed = x.At
		}
	}
	return nil
}
