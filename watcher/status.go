package watcher

import (
	"context"

	"tocsin/store"
)

// Status reads how the running watch stands.
func (w *Watcher) Status(ctx context.Context) (store.Status, error) {
	ids := make([]string, 0, len(w.listings))
	for _, l := range w.listings {
		ids = append(ids, l.ID)
	}
	ws := w.Watchlist()
	return w.store.Status(ctx, ids, ws.People, ws.Error)
}
