package interpol

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"tocsin"
	"tocsin/watcher/source"
)

// Saved is a cell that an earlier sweep, broken off, had read.
type Saved struct {
	Cell  string
	Began time.Time // of that sweep
	Total int
	Rows  []tocsin.Notice
}

// Hooks are how a sweep hands on what it reads, and asks for what it does not
// keep itself. Nil hooks are not called. An error of a hook ends the sweep.
type Hooks struct {
	Saved      []Saved
	Unfiltered func() []string // public ids that no filter has reached so far
	// Newest gets each reading of the newest page.
	Newest func(rows []tocsin.Notice, total int, a *source.Answer) error
	// Leaf gets each cell read, to be Saved; began is the sweep's. Of a cell that
	// proved too large, total is more than the rows.
	Leaf func(cell string, began time.Time, total int, rows []tocsin.Notice, a *source.Answer) error
	// Document gets each notice's document that stands for its row.
	Document func(d tocsin.DetailAnswer, a *source.Answer) error
}

// Mode is how the list can be divided.
type Mode string

const (
	ModeUnknown     Mode = ""
	ModeAlternation Mode = "alternation" // by patterns with alternatives
	ModePlain       Mode = "plain"       // by patterns without
	ModeAges        Mode = "ages"        // patterns are not honoured
)

// State is what is kept from one sweep to the next, as JSON. The zero State is
// that of a list never seen.
type State struct {
	LastListed int    `json:"last_listed,omitempty"` // the total at the last complete look
	Mode       Mode   `json:"mode,omitempty"`
	Since      int    `json:"since,omitempty"`  // complete sweeps since Mode was found
	Leaves     []leaf `json:"leaves,omitempty"` // the plan
	Rest       []Cell `json:"rest,omitempty"`   // cells of people whom no leaf reaches
	Ages       []Cell `json:"ages,omitempty"`   // the plan of ModeAges
	// Done is when the last sweep began that was read to its end: what was saved
	// by then is not taken up again.
	Done time.Time `json:"done,omitzero"`
	// Deficit is how many rows the last sweeps could not reach though nothing
	// moved, Runs how many sweeps in a row; from the third on they count as
	// unreachable.
	Deficit int `json:"deficit,omitempty"`
	Runs    int `json:"runs,omitempty"`
}

const (
	resumeWithin = 30 * time.Minute
	reprobeAfter = 24 // sweeps
	deficitRuns  = 3
)

// unreachable are rows that no filter reaches, by the rule of three sweeps.
func (st State) unreachable(total int) int {
	if st.Runs >= deficitRuns && st.Deficit <= max(3, total/1000) {
		return st.Deficit
	}
	return 0
}

// stopped ends a sweep that cannot see everything.
type stopped struct {
	cause tocsin.Cause
	why   string
}

func (s *stopped) Error() string { return s.why }

// errMode says that the list is not divided the way it was thought to be.
var errMode = errors.New("filters are not honoured as before")

// run is one sweep under way.
type run struct {
	*Source
	h     Hooks
	st    State
	mode  Mode
	began time.Time

	got      map[string]tocsin.Notice
	order    []string
	filtered map[string]bool // reached through a filter
	viaR     map[string]bool // seen by their own document only
	asked    map[string]Page // this sweep's cells
	saved    map[string]Saved
	resumed  bool
	loose    bool // the division of names has gaps that only a count closes
	agesOnly bool // of ModeAges: ages are not divided further yet
	requests int
	useful   []Cell // of ModeAges: cells that brought rows, in order

	first Page // the newest page at the beginning
	last  Page // the newest page read last
	total int  // the total at the beginning
}

// Sweep reads the whole list: the newest page first, then cells that divide it,
// then what they leave out, the newest page and its total once more at last.
// The error is ctx's or a hook's; whatever else prevents a complete look stands
// in the snapshot, with the rows that were seen. The State is to be kept and
// given to the next sweep.
func (s *Source) Sweep(ctx context.Context, st State, h Hooks) (tocsin.Snapshot, State, error) {
	r := &run{
		Source: s, h: h, st: st, mode: st.Mode, began: s.now().UTC(), got: map[string]tocsin.Notice{}, filtered: map[string]bool{},
		viaR: map[string]bool{}, asked: map[string]Page{}, saved: map[string]Saved{},
	}
	err := r.sweep(ctx)
	snap := tocsin.Snapshot{
		Source: s.id, Kind: tocsin.LookSweep, Began: r.began,
	}
	var f *source.Failure
	var stop *stopped
	switch {
	case ctx.Err() != nil:
		return snap, st, ctx.Err()
	case err == nil:
		err = r.settle(ctx, &snap)
		if ctx.Err() != nil {
			return snap, st, ctx.Err()
		}
	}
	switch {
	case err == nil:
	case errors.As(err, &f): // the pacer knows of it
		snap.Cause, snap.Why = f.Cause, f.Why
	case errors.As(err, &stop):
		snap.Cause, snap.Why = stop.cause, stop.why
	default:
		return snap, st, err
	}
	if err != nil {
		snap.Complete, snap.Exact = false, false
	}
	snap.Ended, snap.Requests = s.now().UTC(), r.requests
	snap.Listed, snap.Shift = r.last.Total, max(r.last.Total-r.total, r.total-r.last.Total)
	for _, id := range r.order {
		snap.Notices = append(snap.Notices, r.got[id])
	}
	if snap.Complete {
		s.pacer.Whole()
	}
	return snap, r.st, nil
}

func (r *run) sweep(ctx context.Context) error {
	if err := r.newest(ctx); err != nil {
		return err
	}
	r.first, r.total = r.last, r.last.Total
	if r.total == 0 && r.st.LastListed > 0 {
		return r.emptied(r.st.LastListed)
	}
	if r.total <= reach {
		return r.onePage(ctx)
	}
	r.resume()
	for try := 0; ; try++ {
		err := r.divide(ctx)
		if !errors.Is(err, errMode) {
			return err
		}
		if try == 2 {
			f := &source.Failure{Cause: tocsin.CauseMalformed, Why: "malformed (200, filters that do not hold)"}
			r.pacer.Report(f)
			return f
		}
		r.st.Leaves, r.st.Rest, r.mode = nil, nil, ModeUnknown
		r.asked, r.saved, r.loose = map[string]Page{}, map[string]Saved{}, false
		r.filtered = map[string]bool{} // by filters that did not filter
	}
}

// divide reads everything in the mode that holds.
func (r *run) divide(ctx context.Context) error {
	if r.mode == ModeUnknown || r.mode == ModeAges || r.mode == ModePlain && r.st.Since >= reprobeAfter {
		m, err := r.probe(ctx)
		if err != nil {
			return err
		}
		if m != r.st.Mode {
			r.st.Mode, r.st.Since, r.st.Leaves, r.st.Rest = m, 0, nil, nil
		} else if r.st.Since >= reprobeAfter {
			r.st.Since = 0
		}
		r.mode = m
	}
	if r.mode == ModeAges {
		if err := r.byAges(ctx); err != nil {
			return err
		}
	} else if err := r.byNames(ctx); err != nil {
		return err
	}
	if err := r.documents(ctx); err != nil {
		return err
	}
	return r.rest(ctx)
}

// newest reads the first page.
func (r *run) newest(ctx context.Context) error {
	p, err := r.fetch(ctx, Cell{})
	if err != nil {
		return err
	}
	r.last = p
	for _, n := range p.Notices {
		r.take(n)
	}
	if r.h.Newest != nil {
		return r.h.Newest(p.Notices, p.Total, p.Answer)
	}
	return nil
}

// onePage is the sweep of a list that one page holds.
func (r *run) onePage(ctx context.Context) error {
	if len(r.first.Notices) == r.total {
		return nil
	}
	if err := r.newest(ctx); err != nil {
		return err
	}
	if r.last.Total == 0 {
		return r.emptied(r.total)
	}
	r.first, r.total = r.last, r.last.Total
	if len(r.first.Notices) == r.total {
		return nil
	}
	return r.broken()
}

// emptied is the failure of a list that had rows and claims to have none: it is
// not believed, at whichever page it says so.
func (r *run) emptied(before int) error {
	f := &source.Failure{Cause: tocsin.CauseMalformed, Why: fmt.Sprintf("the list is empty, though %d were listed before", before)}
	r.pacer.Report(f)
	return f
}

func (r *run) broken() error {
	f := &source.Failure{Cause: tocsin.CauseMalformed, Why: "malformed (200, rows that do not add up to their total)"}
	r.pacer.Report(f)
	return f
}

func (r *run) take(n tocsin.Notice) {
	if _, ok := r.got[n.ID]; !ok {
		r.order = append(r.order, n.ID)
	}
	if old := r.got[n.ID]; n.Detail == nil && old.Detail != nil {
		n.Detail = old.Detail
	}
	r.got[n.ID] = n
}

func (r *run) fetch(ctx context.Context, c Cell) (Page, error) {
	p, err := r.page(ctx, c, source.PrioritySweep)
	var f *source.Failure
	if !errors.As(err, &f) || !f.Held {
		r.requests++
	}
	return p, err
}

// ask reads a cell, unless this sweep has read it already. A page that does not
// add up is read once more, and then breaks the sweep.
func (r *run) ask(ctx context.Context, c Cell) (Page, error) {
	key := c.query()
	if p, ok := r.asked[key]; ok {
		return p, nil
	}
	if s, ok := r.saved[key]; ok {
		p := Page{Notices: s.Rows, Total: s.Total}
		r.resumed = true
		r.keep(c, p)
		return p, nil
	}
	return r.askAnew(ctx, c)
}

func (r *run) askAnew(ctx context.Context, c Cell) (Page, error) {
	key := c.query()
	for again := false; ; again = true {
		p, err := r.fetch(ctx, c)
		if err != nil {
			return p, err
		}
		if len(p.Notices) == min(p.Total, reach) {
			r.keep(c, p)
			if r.h.Leaf != nil {
				return p, r.h.Leaf(key, r.began, p.Total, p.Notices, p.Answer)
			}
			return p, nil
		}
		if again {
			return p, r.broken()
		}
	}
}

func (r *run) keep(c Cell, p Page) {
	r.asked[c.query()] = p
	if r.mode == ModeAges && c != (Cell{}) && slices.ContainsFunc(p.Notices, func(n tocsin.Notice) bool { return !r.filtered[n.ID] }) {
		r.useful = append(r.useful, c)
	}
	for _, n := range p.Notices {
		r.take(n)
		r.filtered[n.ID] = true
	}
}

// resume takes up what a sweep broken off not long ago had read. Only a
// division by names can be taken up: it holds however the list has moved.
func (r *run) resume() {
	if r.mode == ModePlain || r.mode == ModeAges {
		return
	}
	now := r.now()
	began := r.began
	for _, s := range r.h.Saved {
		if s.Began.After(now) || !s.Began.After(r.st.Done) || now.Sub(s.Began) >= resumeWithin || len(s.Rows) != min(s.Total, reach) {
			continue
		}
		r.saved[s.Cell] = s
		if s.Began.Before(began) {
			began = s.Began
		}
	}
	if len(r.saved) > 0 {
		r.began = began.UTC()
	}
}

// documents reads those of known ids that no filter reaches.
func (r *run) documents(ctx context.Context) error {
	if r.h.Unfiltered == nil {
		return nil
	}
	for _, id := range r.h.Unfiltered() {
		if _, ok := r.got[id]; ok {
			continue
		}
		d, a, err := r.Document(ctx, id, source.PrioritySweep)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		var f *source.Failure
		switch {
		case errors.As(err, &f) && (f.Held || f.Cause == tocsin.CauseRefused):
			return f
		case d.State == tocsin.DetailFound:
			r.take(d.Notice)
			r.viaR[id] = true
			if r.h.Document != nil {
				if err := r.h.Document(d, a); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
