package watcher

import (
	"context"

	"tocsin/store"
)

// Status reads how the running watch stands.
func (w *Watcher) Status(ctx context.Context) (store.Status, error) {
	ids := make([]string, 0, len(w.sources))
	for _, x := range w.sources {
		ids = append(ids, x.common().ID)
	}
	ws := w.Watchlist()
	st, err := w.store.Status(ctx, ids, ws.People, ws.Error)
	if err != nil {
		return st, err
	}
	st.Turn, err = turnStatus(ctx, w.store, w.holder)
	if deaf := w.deaf(); deaf != "" {
		st.Buttons = &store.ButtonsStatus{Error: deaf}
	}
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.evidenceError != "" {
		st.Evidence = &store.EvidenceStatus{Error: w.evidenceError}
	}
	return st, err
}

// ReadStatus reads how the watch stands from the ledger alone, for commands beside
// the daemon. ids are the configured sources.
func ReadStatus(ctx context.Context, s *store.Store, ids []string) (store.Status, error) {
	ws, err := ReadStanding(ctx, s)
	if err != nil {
		return store.Status{}, err
	}
	st, err := s.Status(ctx, ids, ws.People, ws.Error)
	if err != nil {
		return st, err
	}
	if st.Turn, err = turnStatus(ctx, s, ""); err != nil {
		return st, err
	}
	broken, err := s.Meta(ctx, MetaEvidence)
	if err != nil {
		return st, err
	}
	if broken != "" {
		st.Evidence = &store.EvidenceStatus{Error: broken}
	}
	deaf, err := s.Meta(ctx, MetaButtons)
	if deaf != "" {
		st.Buttons = &store.ButtonsStatus{Error: deaf}
	}
	return st, err
}
