package watcher

import (
	"context"
	"fmt"
	"time"

	"tocsin"
	"tocsin/store"
	"tocsin/watcher/presence"
)

// observe commits one snapshot: what presence says changed, whom it may
// concern, and what that owes, in one transaction. after may set what the
// source's own row is to say; it sees the row as it would be without it.
func (w *Watcher) observe(ctx context.Context, l *listing, s tocsin.Snapshot, after func(*store.Source, presence.Result) []store.NewEvent) error {
	w.commit.Lock()
	defer w.commit.Unlock()
	src, state := l.snapshotState()
	s.Source, s.Look = l.ID, src.Look+1
	r := presence.Compare(state, s)
	p := w.current()
	row := src
	row.Look = s.Look
	o := store.Observation{Revision: p.revision, Held: worthKeeping(state, s.Kind, r.Held)}
	for _, ch := range r.Changes {
		events, scores, err := w.concerns(ctx, p, l.ID, ch, true)
		if err != nil {
			return err
		}
		o.Events = append(o.Events, events...)
		o.Scores = append(o.Scores, scores...)
	}
	if after != nil {
		o.Events = append(o.Events, after(&row, r)...)
	}
	if !src.OutageSince.IsZero() && row.OutageSince.IsZero() {
		retold, err := w.retold(ctx, l.ID, src.OutageSince)
		if err != nil {
			return err
		}
		o.Scores = append(o.Scores, retold...)
	}
	if s.Kind == tocsin.LookSweep {
		o.DropLeaves = s.Complete
		trusted, record := presence.Trusted(state, s), ""
		if trusted {
			record = w.keepIndex(ctx, s)
		}
		o.Looks = append(o.Looks, store.Look{
			Source: l.ID, N: s.Look, Kind: s.Kind, Began: s.Began, Ended: s.Ended, Complete: trusted, Exact: s.Exact,
			Listed: s.Listed, Seen: len(s.Notices), Requests: s.Requests, Cause: s.Cause, Why: s.Why, Record: record,
		})
	}
	adopt := func() { l.adopt(r.Held) }
	if len(o.Held) == 0 && len(o.Events) == 0 && len(o.Looks) == 0 && sameRow(row, src) {
		l.adoptRow(src, adopt)
		return nil
	}
	return l.put(ctx, src, row, o, adopt)
}

// worthKeeping leaves out records of a partial look in which nothing but the
// time of the last sight moved: the sweep that follows writes it for all.
func worthKeeping(st presence.State, kind tocsin.LookKind, changed []tocsin.Held) []tocsin.Held {
	if kind != tocsin.LookNewest && kind != tocsin.LookLeaf {
		return changed
	}
	var out []tocsin.Held
	for _, h := range changed {
		old, ok := st.Held[h.Notice.ID]
		if !ok || old.Ver != h.Ver || old.Missed != h.Missed || old.Absence != h.Absence || old.Unfiltered != h.Unfiltered {
			out = append(out, h)
		}
	}
	return out
}

// sameRow reports whether nothing but the look's number would change.
func sameRow(a, b store.Source) bool {
	a.Look, a.Plan, a.Validators, a.AskedOn, a.Asked = b.Look, nil, nil, b.AskedOn, b.Asked
	b.Plan, b.Validators = nil, nil
	return fmt.Sprint(a) == fmt.Sprint(b)
}

// concerns says what one change at a source means for the people on the list.
// Those who have a case about the notice are told whatever happens to it; opens
// reports whether others may be, too.
func (w *Watcher) concerns(ctx context.Context, p *people, src string, ch tocsin.Change, opens bool) ([]store.NewEvent, []store.CaseScore, error) {
	now := w.now().UTC()
	matched := map[string]tocsin.Match{}
	var order []string
	if ch.Kind != tocsin.Disappeared {
		for _, m := range p.index.Match(ch.Notice) {
			matched[m.Person] = m
			order = append(order, m.Person)
		}
	}
	var events []store.NewEvent
	var scores []store.CaseScore
	had := map[string]bool{}
	if ch.Kind != tocsin.Listed && ch.Kind != tocsin.Appeared {
		cases, err := w.casesOf(ctx, src, ch)
		if err != nil {
			return nil, nil, err
		}
		for _, c := range cases {
			if had[c.Person] {
				continue
			}
			had[c.Person] = true
			if _, watched := p.byID[c.Person]; !watched {
				continue
			}
			m, still := matched[c.Person]
			if !still {
				m = tocsin.Match{Person: c.Person, Fingerprint: p.prints[c.Person], Tier: c.Tier, Score: c.Score, Reasons: c.Reasons}
			}
			if ch.FirstDetail {
				// The document's first reading is no change of the notice; only a
				// match that grew loud by it must not stay quiet.
				if c.Tier == tocsin.TierReview && m.Tier == tocsin.TierAlert {
					up := ch
					up.Fields = []tocsin.FieldChange{{Field: "sex", To: []string{ch.Notice.Sex()}}}
					events = append(events, w.event(p, tocsin.Changed, src, ch.Notice, m, up, now))
				} else {
					scores = append(scores, store.CaseScore{Case: c.ID, Tier: m.Tier, Score: m.Score, Reasons: m.Reasons, Anew: true})
				}
				continue
			}
			events = append(events, w.event(p, ch.Kind, src, ch.Notice, m, ch, now))
		}
	}
	if !opens {
		return events, scores, nil
	}
	for _, id := range order {
		if had[id] {
			continue
		}
		kind := ch.Kind
		switch {
		case kind == tocsin.Reappeared:
			kind = tocsin.Appeared
		case kind == tocsin.Changed && ch.FirstDetail:
			// Only the document shows whom it may concern: it is told as it would have
			// been when the notice was first seen.
			after, err := w.store.CompleteBefore(ctx, src, ch.FirstSeen)
			if err != nil {
				return nil, nil, err
			}
			kind, ch.Window = tocsin.Listed, tocsin.Window{Before: ch.FirstSeen}
			if !after.IsZero() {
				kind, ch.Window.After = tocsin.Appeared, after
			}
		}
		events = append(events, w.event(p, kind, src, ch.Notice, matched[id], ch, now))
	}
	return events, scores, w.confirms(ctx, src, ch.Notice.ID, events)
}

// casesOf are the cases about a notice that changed, under its id first and then
// under those that it had before.
func (w *Watcher) casesOf(ctx context.Context, src string, ch tocsin.Change) (out []tocsin.Case, err error) {
	for _, id := range append([]string{ch.Notice.ID}, ch.Was...) {
		cases, err := w.store.Cases(ctx, store.CaseFilter{Source: src, Notice: id})
		if err != nil {
			return nil, fmt.Errorf("reading the cases of a notice of %s: %w", src, err)
		}
		out = append(out, cases...)
	}
	return out, nil
}

// event builds the event of one change for one person, with what it owes.
func (w *Watcher) event(p *people, kind tocsin.EventKind, src string, n tocsin.Notice, m tocsin.Match, ch tocsin.Change, now time.Time) store.NewEvent {
	r := ref(n)
	e := store.NewEvent{Event: tocsin.Event{
		Kind: kind, At: now, Source: src, Notice: &r, Person: m.Person, Fingerprint: m.Fingerprint,
		Tier: m.Tier, Score: m.Score, Reasons: m.Reasons, Inferred: ch.Inferred, Quiet: ch.Quiet, Evidence: foremost(ch.Record),
	}, Identity: ch.Identity}
	if kind == tocsin.Changed || kind == tocsin.Reappeared {
		e.Changes = ch.Fields
	}
	if ch.Window != (tocsin.Window{}) {
		win := ch.Window
		e.Window = &win
	}
	e.Deliveries = w.route(e.Event, p.byID[m.Person].Tags, now)
	return e
}

func ref(n tocsin.Notice) tocsin.NoticeRef {
	return tocsin.NoticeRef{ID: n.ID, Name: n.FullName(), URL: n.URL}
}

// route says to whom an event is owed, and who is left out and why.
func (w *Watcher) route(e tocsin.Event, tags []string, now time.Time) []tocsin.Delivery {
	out := make([]tocsin.Delivery, 0, len(w.bells))
	for _, b := range w.bells {
		d := tocsin.Delivery{Notifier: b.ID, State: tocsin.Pending, Due: now}
		if why := b.filtered(e, tags); why != "" {
			d.State, d.Why, d.At, d.Due = tocsin.Skipped, why, now, time.Time{}
		} else if b.Digest != nil {
			d.Due = b.Digest.Next(now.In(w.zone)).UTC()
		} else if e.Tier == tocsin.TierReview && !e.Drill {
			d.Due = b.Quiet.end(now.In(w.zone)).UTC()
		}
		out = append(out, d)
	}
	return out
}

// filtered says why an event is not for this notifier, "" if it is.
func (b *bell) filtered(e tocsin.Event, tags []string) string {
	if e.Kind == tocsin.Undelivered {
		if e.Notifier == b.ID {
			return "its own delivery"
		}
		return ""
	}
	if b.Events != nil && !has(b.Events, e.Kind) {
		return "event filter"
	}
	if len(b.Sources) > 0 && !has(b.Sources, e.Source) {
		return "source filter"
	}
	if e.Kind.AboutSight() {
		return ""
	}
	if b.Tiers != nil && !has(b.Tiers, e.Tier) {
		return "tier filter"
	}
	if len(b.Tags) > 0 && !overlap(b.Tags, tags) {
		return "tag filter"
	}
	if e.Quiet && b.Digest == nil {
		return "a new picture alone"
	}
	return ""
}

func has[T comparable](list []T, x T) bool {
	for _, y := range list {
		if x == y {
			return true
		}
	}
	return false
}

func overlap(a, b []string) bool {
	for _, x := range a {
		if has(b, x) {
			return true
		}
	}
	return false
}

// restore reads what the store holds of one source.
func restore(ctx context.Context, s *store.Store, id string) (held, error) {
	src, err := s.Source(ctx, id)
	if err != nil {
		return held{}, fmt.Errorf("reading the state of %s: %w", id, err)
	}
	h, err := s.Held(ctx, id)
	if err != nil {
		return held{}, fmt.Errorf("reading the notices of %s: %w", id, err)
	}
	a, err := lastAnswers(ctx, s, id)
	if err != nil {
		return held{}, fmt.Errorf("reading how %s was seen: %w", id, err)
	}
	return held{row: src, notices: h, answers: a}, nil
}
