package watcher

import (
	"cmp"
	"context"
	"encoding/json"
	"hash/fnv"
	"maps"
	"slices"
	"time"

	"go.uber.org/zap"

	"tocsin"
	"tocsin/store"
	"tocsin/watcher/presence"
	"tocsin/watcher/source"
	"tocsin/watcher/source/interpol"
)

// held is what the store holds of one source.
type held struct {
	row     store.Source
	notices map[string]tocsin.Held
	answers answers
}

// listing is one notice listing under watch. What is held of it is kept in
// memory beside the store; only observe changes both.
type listing struct {
	watched
	Source  *interpol.Source
	Newest  Schedule
	Sweep   Schedule
	Details time.Duration

	// mu, which is watched's, guards what follows too.
	notices map[string]tocsin.Held
	// firstRows are rows met while a first look is under way: they are told with it.
	firstRows map[string]tocsin.Notice
	records   map[string]string // evidence of rows that the sweep under way tells at its end
	sweeping  bool
	// fresh are ids not held yet whose document is being waited for.
	fresh      map[string]fresh
	freshOrder []string
	tried      map[string]time.Time // documents read in turn that did not answer
	kicked     int                  // the total of the newest page that last started a sweep
	tookHope   int                  // the outage in which a newest page that was answered started a sweep
	answers    answers              // of the newest page

	wakeSweep chan struct{}
	wakeFresh chan struct{}
	idleFresh chan struct{}
}

// fresh is a row seen for the first time, and when.
type fresh struct {
	notice tocsin.Notice
	record string // evidence of the page
	kind   tocsin.LookKind
	seen   time.Time
	told   bool // its appearance is committed; only its document is still wanted
}

func newListing(w *Watcher, o Listing) *listing {
	if o.Newest == nil {
		o.Sight.NewestAfter = 0 // what is not read cannot be missed
	}
	l := &listing{
		watched: watched{ID: o.ID, Name: o.Name, Pacer: o.Pacer, Sight: o.Sight, Required: o.Required, w: w, due: o.Sweep, row: store.Source{ID: o.ID}},
		Source:  o.Source, Newest: o.Newest, Sweep: o.Sweep, Details: o.Details,
		firstRows: map[string]tocsin.Notice{}, records: map[string]string{}, fresh: map[string]fresh{}, tried: map[string]time.Time{},
		wakeSweep: make(chan struct{}, 1), wakeFresh: make(chan struct{}, 1), idleFresh: make(chan struct{}, 1),
	}
	l.newest = l.answeredIn
	return l
}

func (l *listing) loops() map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"sweeping": l.sweeps, "newest page of": l.newestPages, "details of": l.freshDetails, "details in turn of": l.turnDetails,
	}
}

// look makes one sweep, without the confirming second one.
func (l *listing) look(ctx context.Context) (bool, error) {
	s, _, err := l.sweep(ctx, false)
	return s.Complete && l.seen(), err
}

// snapshotState gives what presence compares with. The map is shared: only
// observe, which holds the commit lock, replaces entries.
func (l *listing) snapshotState() (store.Source, presence.State) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.row, presence.State{Source: l.ID, FirstDone: l.row.FirstDone, LastComplete: l.row.LastComplete, Held: l.notices}
}

// adopt takes in what observe has committed. Callers hold l.mu.
func (l *listing) adopt(changed []tocsin.Held) {
	if len(changed) == 0 {
		return
	}
	// Readers hold the old map: replace it rather than write into it.
	next := make(map[string]tocsin.Held, len(l.notices)+len(changed))
	maps.Copy(next, l.notices)
	for _, h := range changed {
		next[h.Notice.ID] = h
	}
	l.notices = next
}

func (l *listing) heldInOrder() []tocsin.Held {
	l.mu.Lock()
	notices := l.notices
	l.mu.Unlock()
	out := make([]tocsin.Held, 0, len(notices))
	for _, h := range notices {
		out = append(out, h)
	}
	slices.SortFunc(out, func(a, b tocsin.Held) int { return cmp.Compare(a.Notice.ID, b.Notice.ID) })
	return out
}

func (l *listing) heldNotice(id string) (tocsin.Held, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	h, ok := l.notices[id]
	return h, ok
}

// plan is what a source's row keeps between sweeps.
type plan struct {
	Sweep interpol.State `json:"sweep"`
}

// sweeps looks at the whole list whenever that is due: at once unless the last
// complete look is younger than the interval, at once again after a sweep that
// missed ids or saw totals shift, and when the breaker allows after a failure.
func (l *listing) sweeps(ctx context.Context) error {
	due := l.nextLook()
	repeated := false
	for {
		if !l.w.wait(ctx, due, l.wakeSweep) {
			return ctx.Err()
		}
		s, missing, err := l.sweep(ctx, true)
		if err != nil {
			return err
		}
		now := l.w.now()
		due = l.Sweep.Next(now.In(l.w.zone))
		switch {
		case s.Complete && missing:
			due = now
		case !s.Complete && s.Cause == tocsin.CauseShifting && !repeated:
			repeated = true
			due = now
			continue
		case !s.Complete && s.Cause != tocsin.CauseShifting:
			if next := l.Pacer.NextTry(); next.Before(due) {
				due = next
			}
		}
		repeated = false
	}
}

// sweep makes one look at the whole list and commits it. missing reports that
// it is the first complete look to miss some id, so that a second is wanted at
// once. It returns an error only where the watch cannot go on.
func (l *listing) sweep(ctx context.Context, wait bool) (tocsin.Snapshot, bool, error) {
	l.setSweeping(true)
	defer l.setSweeping(false)
	row, _ := l.snapshotState()
	var p plan
	if len(row.Plan) > 0 {
		if err := json.Unmarshal(row.Plan, &p); err != nil {
			l.w.log.Warn("the kept sweep plan cannot be read; making a new one", zap.String("source", l.ID), zap.Error(err))
			p = plan{}
		}
	}
	p.Sweep.LastListed = row.Listed
	saved, err := l.savedLeaves(ctx)
	if err != nil {
		return tocsin.Snapshot{}, false, err
	}
	seen := map[string]bool{}
	shown := func(rows []tocsin.Notice, total int) {
		for _, n := range rows {
			seen[n.ID] = true
		}
		if total > 0 {
			row.Listed = total
		}
		l.w.progress(l.ID, len(seen), row.Listed)
	}
	s, next, err := l.Source.Sweep(ctx, p.Sweep, interpol.Hooks{
		Saved:      saved,
		Unfiltered: l.unfiltered,
		Newest: func(rows []tocsin.Notice, total int, a *source.Answer) error {
			shown(rows, total)
			return l.rows(ctx, tocsin.LookNewest, rows, total, l.pageRecord(ctx, rows, a))
		},
		Leaf: func(cell string, began time.Time, total int, rows []tocsin.Notice, a *source.Answer) error {
			record := l.pageRecord(ctx, rows, a)
			if err := l.w.store.SaveLeaf(ctx, store.Leaf{Source: l.ID, Cell: cell, Began: began, Total: total, Rows: rows, Record: record}); err != nil {
				return err
			}
			shown(rows, 0)
			return l.rows(ctx, tocsin.LookLeaf, rows, -1, record)
		},
		Document: func(d tocsin.DetailAnswer, a *source.Answer) error {
			l.noteRecord(d.ID, l.documentRecord(ctx, d, a))
			return ctx.Err()
		},
	})
	if err != nil {
		return s, false, err
	}
	p.Sweep = next
	planJSON, err := json.Marshal(p)
	if err != nil {
		return s, false, err
	}
	missing, err := l.finish(ctx, s, planJSON, wait)
	return s, missing, err
}

func (l *listing) setSweeping(on bool) {
	l.mu.Lock()
	l.sweeping = on
	l.mu.Unlock()
}

func (l *listing) savedLeaves(ctx context.Context) ([]interpol.Saved, error) {
	leaves, err := l.w.store.Leaves(ctx, l.ID)
	if err != nil {
		return nil, err
	}
	out := make([]interpol.Saved, 0, len(leaves))
	for _, x := range leaves {
		for _, n := range x.Rows {
			l.noteRecord(n.ID, x.Record)
		}
		out = append(out, interpol.Saved{Cell: x.Cell, Began: x.Began, Total: x.Total, Rows: x.Rows})
	}
	return out, nil
}

// noteRecord remembers the evidence of a row that is told when the sweep ends.
// What was met first stays.
func (l *listing) noteRecord(id, record string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if record != "" && l.records[id] == "" {
		l.records[id] = record
	}
}

// unfiltered lists, sorted, the public ids that no filter has reached yet.
func (l *listing) unfiltered() []string {
	var ids []string
	for _, h := range l.heldInOrder() {
		if h.Unfiltered && h.Absence != tocsin.Gone {
			ids = append(ids, h.Notice.ID)
		}
	}
	return ids
}

// rows takes in rows of a look that is still under way, or of a newest page;
// record is the evidence of their page. Ids not held yet wait for their document,
// unless this is the first look.
func (l *listing) rows(ctx context.Context, kind tocsin.LookKind, rows []tocsin.Notice, total int, record string) error {
	now := l.w.now().UTC()
	l.mu.Lock()
	if !l.row.FirstDone && l.sweeping {
		for _, n := range rows {
			if _, met := l.firstRows[n.ID]; !met && record != "" {
				l.records[n.ID] = record
			}
			l.firstRows[n.ID] = n
		}
		l.mu.Unlock()
		return nil
	}
	first := !l.row.FirstDone
	known := rows[:0:0]
	records := map[string]string{}
	for _, n := range rows {
		if _, ok := l.notices[n.ID]; ok || first {
			known = append(known, n)
			if record != "" {
				records[n.ID] = record
			}
			continue
		}
		l.await(n, kind, now, record)
	}
	l.mu.Unlock()
	if total >= 0 {
		l.explain(total)
	}
	signal(l.wakeFresh)
	return l.w.observe(ctx, l, tocsin.Snapshot{Kind: kind, Began: now, Ended: now, Notices: known, Records: records}, nil)
}

// await has n's document read before its appearance is told. Callers hold l.mu.
func (l *listing) await(n tocsin.Notice, kind tocsin.LookKind, now time.Time, record string) {
	if f, ok := l.fresh[n.ID]; ok {
		if kind == tocsin.LookLeaf && f.kind == tocsin.LookNewest {
			f.kind = kind // reached by a filter after all
			l.fresh[n.ID] = f
		}
		return
	}
	l.fresh[n.ID] = fresh{notice: n, record: record, kind: kind, seen: now}
	l.freshOrder = append(l.freshOrder, n.ID)
}

// explain starts a sweep at once where the newest page's total is not what the
// last complete look and the ids met since add up to.
func (l *listing) explain(total int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.row.FirstDone || l.sweeping {
		return
	}
	want := l.row.Listed
	for _, h := range l.notices {
		if h.FirstSeen.After(l.row.LastComplete) && h.Absence != tocsin.Gone {
			want++
		}
	}
	for _, f := range l.fresh {
		if !f.told {
			want++
		}
	}
	if total != want && total != l.kicked {
		l.kicked = total
		signal(l.wakeSweep)
	}
}

// turn orders held notices for reading their documents in turn: the longest
// unread first, then by a hash of the id. It does not depend on the watchlist.
func turn(a, b tocsin.Held) int {
	if c := a.DetailAt.Compare(b.DetailAt); c != 0 {
		return c
	}
	return cmp.Compare(idHash(a.Notice.ID), idHash(b.Notice.ID))
}

func idHash(id string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(id))
	return h.Sum64()
}
