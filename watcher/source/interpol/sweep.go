package interpol

import (
	"context"
	"time"

	"tocsin"
	"tocsin/watcher/source"
)

// Saved is a cell that an earlier sweep, broken off, had read whole.
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
	Newest     func(rows []tocsin.Notice, total int, a *source.Answer) error
	Leaf       func(cell string, began time.Time, total int, rows []tocsin.Notice, a *source.Answer) error
}

// State is what is kept from one sweep to the next, as JSON.
type State struct {
	LastListed int `json:"-"` // the total at the last complete look
}

// Sweep reads the whole list.
func (s *Source) Sweep(ctx context.Context, st State, h Hooks) (tocsin.Snapshot, State, error) {
	began := s.now().UTC()
	p, err := s.page(ctx, Cell{}, source.PrioritySweep)
	if ctx.Err() != nil {
		return tocsin.Snapshot{}, st, ctx.Err()
	}
	snap := tocsin.Snapshot{Source: s.id, Kind: tocsin.LookSweep, Began: began, Ended: s.now().UTC(), Requests: 1}
	if err != nil {
		snap.Cause, snap.Why = tocsin.CauseUnreachable, err.Error()
		return snap, st, nil
	}
	snap.Notices, snap.Listed = p.Notices, p.Total
	snap.Complete = len(p.Notices) == p.Total
	snap.Exact = snap.Complete
	return snap, st, nil
}
