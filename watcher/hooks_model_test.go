package watcher

import (
	"context"

	"tocsin"
	"tocsin/store"
	"tocsin/watcher/source"
)

// What the model-based test drives one step at a time, where Run would wait
// for a schedule. Each is the body of the loop that it is named after.

// ModelSweep is one look at the only listing, as Poll makes it; missing says
// that a second one is wanted at once.
func (w *Watcher) ModelSweep(ctx context.Context) (s tocsin.Snapshot, missing bool, err error) {
	return w.listings[0].sweep(ctx, false)
}

// ModelNewest reads the newest page and tells who is new there; nil rows are a
// page that was not answered.
func (w *Watcher) ModelNewest(ctx context.Context) ([]tocsin.Notice, int, error) {
	l := w.listings[0]
	page, err := l.Source.Newest(ctx)
	if err != nil {
		return nil, 0, ctx.Err()
	}
	l.answered()
	if err := l.rows(ctx, tocsin.LookNewest, page.Notices, page.Total, ""); err != nil {
		return nil, 0, err
	}
	for {
		id, f, ok := l.nextFresh()
		if !ok {
			return append([]tocsin.Notice{}, page.Notices...), page.Total, nil
		}
		if err := l.readFresh(ctx, id, f); err != nil {
			return nil, 0, err
		}
	}
}

// ModelNewestPage reads the newest page as the daemon does when it is due.
func (w *Watcher) ModelNewestPage(ctx context.Context) error { return w.listings[0].newestPage(ctx) }

// ModelEnd is what the reading of newest pages does when the daemon is told to end.
func (w *Watcher) ModelEnd(ctx context.Context) { w.listings[0].endAnswers(ctx) }

// ModelTurn reads the document whose turn it is; "" where nothing is held.
func (w *Watcher) ModelTurn(ctx context.Context) (string, error) {
	l := w.listings[0]
	h, n := l.nextTurn()
	if n == 0 {
		return "", nil
	}
	d, _, err := l.detail(ctx, h.Notice.ID, source.PriorityTurn)
	if err != nil {
		return "", err
	}
	l.skipTurn(h.Notice.ID, d)
	if d.State != tocsin.DetailFound {
		return h.Notice.ID, nil
	}
	return h.Notice.ID, w.observe(ctx, l, tocsin.Snapshot{Kind: tocsin.LookDetail, Began: d.At, Ended: d.At, Details: []tocsin.DetailAnswer{d}}, nil)
}

// ModelSight says blind if that is due.
func (w *Watcher) ModelSight(ctx context.Context) error { return w.listings[0].mindSight(ctx) }

// ModelState is what is held. The map must not be changed.
func (w *Watcher) ModelState() (store.Source, map[string]tocsin.Held) {
	row, st := w.listings[0].snapshotState()
	return row, st.Held
}

// ModelWoken reports, once, whether something asked for a sweep at once.
func (w *Watcher) ModelWoken() bool {
	select {
	case <-w.listings[0].wakeSweep:
		return true
	default:
		return false
	}
}
