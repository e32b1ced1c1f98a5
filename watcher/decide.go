package watcher

import (
	"context"

	"tocsin"
	"tocsin/store"
)

// Decide writes down what somebody decided about a case, by the watch's rules, and
// has every message about it brought up to date. Its errors are those of
// store.Decide.
func (w *Watcher) Decide(ctx context.Context, d store.Decision) (tocsin.Case, error) {
	d.TwoPeople = w.twoPeople
	c, err := w.store.Decide(ctx, d)
	if err == nil {
		w.wakeBells()
	}
	return c, err
}
