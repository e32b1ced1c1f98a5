package watcher

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// PollResult is what one look at everything gave.
type PollResult struct {
	Complete bool // every source was wholly seen
	Owed     int  // deliveries that are due and still pending
}

// Poll looks once at each source (only at that one, unless only is ""), then
// delivers what is owed, for at most wait.
func (w *Watcher) Poll(ctx context.Context, only string, wait time.Duration) (PollResult, error) {
	r := PollResult{Complete: true}
	found := only == ""
	for _, s := range w.sources {
		x := s.common()
		if only != "" && x.ID != only {
			continue
		}
		found = true
		complete, err := s.look(ctx)
		if err == nil && !complete {
			r.Complete = false
			err = x.mindSight(ctx)
		}
		if err != nil {
			return r, fmt.Errorf("looking at %s: %w", x.ID, err)
		}
	}
	if !found {
		return r, fmt.Errorf("no source has the id %q", only)
	}
	if err := w.Deliver(ctx, wait); err != nil {
		return r, err
	}
	for _, b := range w.bells {
		if b.Digest != nil {
			continue
		}
		n, err := w.store.CountDue(ctx, b.ID, w.now().UTC())
		if err != nil {
			return r, err
		}
		r.Owed += n
	}
	return r, nil
}

// Deliver drains every notifier until nothing that can be sent now is owed, for
// at most wait. A delivery that is given up owes an alarm to the others, so the
// rounds go on until one raises nothing.
func (w *Watcher) Deliver(ctx context.Context, wait time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	for {
		before, err := w.store.LastSeq(ctx)
		if err == nil {
			err = w.deliverRound(ctx)
		}
		if ctx.Err() != nil {
			return nil // the time is up: what is still owed stays owed
		}
		if err != nil {
			return err
		}
		if after, err := w.store.LastSeq(ctx); err != nil || after == before {
			return err
		}
	}
}

func (w *Watcher) deliverRound(ctx context.Context) error {
	var wg sync.WaitGroup
	errs := make([]error, len(w.bells))
	for i, b := range w.bells {
		wg.Go(func() { errs[i] = b.empty(ctx) })
	}
	wg.Wait()
	return errors.Join(errs...)
}
