package watcher

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/maphash"

	"tocsin"
	"tocsin/store"
	"tocsin/watcher/presence"
	"tocsin/watcher/source"
)

// batchRows is how many rows of a list are compared and committed at once.
const batchRows = 500

// reading is a look at a versioned list under way. Of a list of a million rows it
// holds a number for each, and whole only those that may concern somebody.
type reading struct {
	l     *list
	rules presence.Reading
	seed  maphash.Seed
	met   map[uint64]struct{} // ids of rows that were handed on, hashed: a million in some 30 MB
	rows  int
	batch []source.Row
	cases map[string]bool // ids of entries about which there are cases

	// What is told when the reading ends: the entries as they will be held, what
	// changed, and which go on under another id.
	told    map[string]tocsin.Held
	changes []tocsin.Change
	moves   []store.CaseMove

	count       tocsin.Outage // what came, went and changed on the whole list
	changed     int
	listed      int // entries that stand on the list, as far as the look says
	quarantined int
	pending     bool // something is missing of which a delta says nothing
}

func newReading(ctx context.Context, l *list, row store.Source) (*reading, error) {
	had, err := l.w.hadOn(ctx, l.ID)
	if err != nil {
		return nil, err
	}
	r := &reading{l: l, seed: maphash.MakeSeed(), met: map[uint64]struct{}{}, cases: map[string]bool{}, told: map[string]tocsin.Held{}}
	for k := range had {
		r.cases[k[1]] = true
	}
	r.rules = presence.Reading{Began: row.Look, FirstDone: row.FirstDone, LastComplete: row.LastComplete, Met: r.wasMet}
	return r, nil
}

// wasMet may be wrong once in some trillion ids, about another one each time: a
// disappearance is then told a version later.
func (r *reading) wasMet(id string) bool {
	_, ok := r.met[maphash.String(r.seed, id)]
	return ok
}

// take takes in one row.
func (r *reading) take(ctx context.Context, x source.Row) error {
	r.rows++
	x.Notice.Source = r.l.ID
	if r.batch = append(r.batch, x); len(r.batch) < batchRows {
		return ctx.Err()
	}
	return r.flush(ctx)
}

// flush compares the rows that have come with what is held, and commits what
// changed and concerns nobody.
func (r *reading) flush(ctx context.Context) error {
	if len(r.batch) == 0 {
		return nil
	}
	l := r.l
	l.w.commit.Lock()
	defer l.w.commit.Unlock()
	var ids []string
	for _, x := range r.batch {
		ids = append(append(ids, x.Notice.ID), x.Referents...)
	}
	held, err := l.w.store.HeldOf(ctx, l.ID, ids)
	if err != nil {
		return fmt.Errorf("comparing with what is held of %s: %w", l.ID, err)
	}
	for _, id := range ids {
		if h, ok := r.told[id]; ok {
			held[id] = h
		}
	}
	was := l.state()
	r.rules.Look, r.rules.At = was.Look+1, l.w.now().UTC()
	p := l.w.current()
	quiet := map[string]tocsin.Held{}
	for _, x := range r.batch {
		res := r.rules.Row(presence.Entry{Notice: x.Notice, Referents: x.Referents, SameAs: x.SameAs}, held)
		r.met[maphash.String(r.seed, x.Notice.ID)] = struct{}{}
		count(&r.count, res.Changes)
		if len(res.Changes) > 0 {
			r.changed++
		}
		tell := r.concerns(p, x, res)
		for _, h := range res.Held {
			id := h.Notice.ID
			held[id] = h
			if tell {
				r.told[id] = h
				delete(quiet, id)
			} else {
				quiet[id] = h
			}
		}
		if !tell {
			continue
		}
		r.changes = append(r.changes, res.Changes...)
		for _, m := range res.Moves {
			r.moves = append(r.moves, store.CaseMove{From: m.From, To: ref(m.To)})
		}
	}
	l.w.progress(l.ID, r.rows, was.Listed)
	r.batch = r.batch[:0]
	return r.put(ctx, was, quiet)
}

// put commits entries without any event. The caller holds w.commit.
func (r *reading) put(ctx context.Context, was store.Source, held map[string]tocsin.Held) error {
	if len(held) == 0 {
		return nil
	}
	row := was
	row.Look++
	o := store.Observation{Revision: r.l.w.current().revision}
	for _, h := range held {
		o.Held = append(o.Held, h)
	}
	return r.l.put(ctx, was, row, o, nil)
}

// concerns reports whether what a row changes may be told to somebody: it may name
// a person, there is a case about it, or something is to be told of it already.
func (r *reading) concerns(p *people, x source.Row, res presence.Result) bool {
	for _, h := range res.Held {
		if _, ok := r.told[h.Notice.ID]; ok || r.cases[h.Notice.ID] {
			return true
		}
	}
	return len(res.Changes) > 0 && len(p.index.Match(x.Notice)) > 0
}

// finish commits the end of a reading: what it says of what is missing, and all
// that is to be told.
func (r *reading) finish(ctx context.Context, v source.Version, st listState) error {
	l := r.l
	record := ""
	if !v.Unchanged {
		record = l.w.keepDocument(ctx, v.Answer)
	}
	e := presence.Ending{Version: v.ID, Complete: v.Complete && !v.Unchanged, Delta: v.Delta, Removed: map[string]bool{}}
	for _, id := range v.Removed {
		e.Removed[id] = true
	}
	missing, err := r.missing(ctx, &e)
	if err != nil {
		return err
	}
	r.rules.At = v.Ended.UTC()
	if err := r.absent(ctx, missing, e); err != nil {
		return err
	}
	if e.Complete {
		st.Whole = r.pending
	}
	l.w.commit.Lock()
	defer l.w.commit.Unlock()
	was := l.state()
	row := was
	row.Look++
	if row.Validators, err = json.Marshal(st); err != nil {
		return fmt.Errorf("keeping what is known of %s: %w", l.ID, err)
	}
	p := l.w.current()
	o := store.Observation{Revision: p.revision, Moves: r.moves}
	for _, ch := range r.changes {
		sameAs := r.told[ch.Notice.ID].SameAs
		if ch.Record == "" {
			ch.Record = record
		}
		events, scores, err := l.w.concerns(ctx, p, l.ID, ch, l.opens(ch.Kind, sameAs))
		if err != nil {
			return err
		}
		for i := range events {
			events[i].Edition = l.edition(v.ID, v.DataAt.UTC(), sameAs)
		}
		o.Events, o.Scores = append(o.Events, events...), append(o.Scores, scores...)
	}
	for _, h := range r.told {
		if h.Record == "" {
			h.Record = record
		}
		o.Held = append(o.Held, h)
	}
	o.Events = append(o.Events, l.ended(&row, v, r)...)
	o.Looks = []store.Look{{
		Source: l.ID, N: row.Look, Kind: tocsin.LookSweep, Began: v.Began, Ended: v.Ended, Complete: v.Complete, Exact: v.Complete,
		Listed: row.Listed, Seen: row.Seen, Requests: v.Requests, Cause: v.Cause, Why: v.Why, Record: record, DataAt: row.DataAt,
	}}
	return l.put(ctx, was, row, o, nil)
}

// missing lists the ids of entries that the version is without, and says in e
// whether they are too many at once.
func (r *reading) missing(ctx context.Context, e *presence.Ending) ([]string, error) {
	if !e.Complete {
		return nil, nil
	}
	var ids []string
	unsaid := 0 // missing, and the list does not say that it removed them
	for _, h := range r.told {
		if h.Absence.Listed() {
			r.listed++
		}
	}
	err := r.l.w.store.EachStanding(ctx, r.l.ID, func(h tocsin.Held) error {
		if _, ok := r.told[h.Notice.ID]; ok || !h.Absence.Listed() {
			return ctx.Err() // met, or merged into one that was
		}
		r.listed++
		switch {
		case r.rules.Misses(h, *e):
			ids = append(ids, h.Notice.ID)
			if !e.Vouched(h) {
				unsaid++
			}
		case h.Absence == tocsin.Quarantined && !r.wasMet(h.Notice.ID):
			r.quarantined++
		case h.Absence == tocsin.Missing && !h.Removed && e.Delta && !r.wasMet(h.Notice.ID):
			r.pending = true
		}
		return ctx.Err()
	})
	e.Mass = unsaid > presence.Tolerance(r.listed)
	return ids, err
}

// absent counts what is missing. Where it is too many at once, it is held back batch
// by batch, for it may be all of the list.
func (r *reading) absent(ctx context.Context, ids []string, e presence.Ending) error {
	l := r.l
	for len(ids) > 0 {
		n := min(len(ids), batchRows)
		held, err := l.w.store.HeldOf(ctx, l.ID, ids[:n])
		if err != nil {
			return fmt.Errorf("reading what %s is without: %w", l.ID, err)
		}
		l.w.commit.Lock()
		was := l.state()
		r.rules.Look = was.Look + 1
		back := map[string]tocsin.Held{}
		for _, id := range ids[:n] {
			res := r.rules.Absent(held[id], e)
			r.quarantined += res.Quarantined
			r.listed -= len(res.Changes)
			count(&r.count, res.Changes)
			for _, h := range res.Held {
				if e.Mass && len(res.Changes) == 0 {
					back[id] = h
				} else {
					r.told[id] = h
				}
			}
			r.changes = append(r.changes, res.Changes...)
		}
		err = r.put(ctx, was, back)
		l.w.commit.Unlock()
		if err != nil {
			return err
		}
		ids = ids[n:]
	}
	return nil
}
