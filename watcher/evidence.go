package watcher

import (
	"context"
	"fmt"
	"strings"
	"time"

	"go.uber.org/zap"

	"tocsin"
	"tocsin/evidence"
	"tocsin/store"
	"tocsin/watcher/presence"
	"tocsin/watcher/source"
)

// What was seen is kept as it was served, because it cannot be fetched again: of
// list pages and documents those that say something new about any notice,
// whoever is watched, so that a person added later has evidence too; of each
// complete sweep the ids that it saw. A record is on disk before the transaction
// that names it. One that cannot be kept withholds no alert: it is logged, and
// stands in the status until one can be.

// MetaEvidence is the key under which the store keeps why evidence cannot be
// kept, "" while it can.
const MetaEvidence = "evidence_error"

// keep writes one exchange down and returns its record's digest, "" if it cannot
// be kept.
func (w *Watcher) keep(ctx context.Context, x evidence.Exchange) string {
	if w.evidence == nil {
		return ""
	}
	r, err := w.evidence.Keep(ctx, x)
	if ctx.Err() != nil {
		return ""
	}
	w.evidenceStands(ctx, err)
	if err != nil {
		return ""
	}
	return r.Digest
}

// evidenceStands says once that evidence cannot be kept, and once that it can again.
func (w *Watcher) evidenceStands(ctx context.Context, err error) {
	said := ""
	if err != nil {
		said = err.Error()
	}
	w.mu.Lock()
	before := w.evidenceError
	w.evidenceError = said
	w.mu.Unlock()
	if said == before {
		return
	}
	if err != nil {
		w.log.Error("evidence cannot be kept; alerts go on without it", zap.Error(err))
	} else {
		w.log.Info("evidence is kept again")
	}
	if err := w.store.SetMeta(ctx, MetaEvidence, said); err != nil {
		w.log.Error("recording how the evidence stands", zap.Error(err))
	}
}

func exchange(a *source.Answer, kind evidence.Kind) evidence.Exchange {
	return evidence.Exchange{
		URL: a.URL, Method: "GET", RequestHeader: a.Request, Status: a.Status, Proto: a.Proto, Header: a.Header, Body: a.Body, At: a.At, Kind: kind,
	}
}

// keepPage keeps a page of the list, row by row.
func (w *Watcher) keepPage(ctx context.Context, a *source.Answer) string {
	if a == nil {
		return ""
	}
	x := exchange(a, evidence.KindPage)
	rows, err := evidence.Elements(a.Body, "_embedded", "notices")
	if err != nil {
		w.log.Error("a page's rows cannot be told apart for the evidence; it is kept as a whole", zap.Error(err))
	}
	x.Rows = rows
	return w.keep(ctx, x)
}

// keepDocument keeps a notice's own document, or what was answered instead.
func (w *Watcher) keepDocument(ctx context.Context, a *source.Answer) string {
	if a == nil {
		return ""
	}
	return w.keep(ctx, exchange(a, evidence.KindDetail))
}

// keepIndex keeps the ids that a complete sweep saw.
func (w *Watcher) keepIndex(ctx context.Context, s tocsin.Snapshot) string {
	ids := make([]string, 0, len(s.Notices))
	for _, n := range s.Notices {
		ids = append(ids, n.ID)
	}
	x, err := evidence.Index(s.Source, s.Look, s.Ended, ids)
	if err != nil {
		w.evidenceStands(ctx, err)
		return ""
	}
	return w.keep(ctx, x)
}

// pageRecord keeps a page that says something new of any notice.
func (l *listing) pageRecord(ctx context.Context, rows []tocsin.Notice, a *source.Answer) string {
	if l.w.evidence == nil || !l.pageIsNews(rows) {
		return ""
	}
	return l.w.keepPage(ctx, a)
}

func (l *listing) pageIsNews(rows []tocsin.Notice) bool {
	_, st := l.snapshotState()
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, n := range rows {
		if _, waits := l.fresh[n.ID]; waits {
			continue
		}
		if _, met := l.firstRows[n.ID]; met {
			continue
		}
		if presence.News(st, n) {
			return true
		}
	}
	return false
}

// documentRecord keeps a document that says something new.
func (l *listing) documentRecord(ctx context.Context, d tocsin.DetailAnswer, a *source.Answer) string {
	if _, st := l.snapshotState(); l.w.evidence == nil || d.State != tocsin.DetailFound || !presence.News(st, d.Notice) {
		return ""
	}
	return l.w.keepDocument(ctx, a)
}

// Several records of one sight are written one after the other, the most telling
// first.
func joined(records ...string) string {
	var out []string
	for _, r := range records {
		if r != "" {
			out = append(out, r)
		}
	}
	return strings.Join(out, " ")
}

// foremost is the first of several records.
func foremost(records string) string {
	first, _, _ := strings.Cut(records, " ")
	return first
}

// boundEvidence keeps the evidence within its limits, once a day. What goes is
// logged in the evidence's own log and in ours.
func (w *Watcher) boundEvidence(ctx context.Context) error {
	limits := w.limits
	if w.evidence == nil || limits.MaxBytes == 0 && limits.MaxAge == 0 && limits.CitedMaxAge == 0 {
		<-ctx.Done()
		return ctx.Err()
	}
	for {
		if err := w.boundOnce(ctx, limits); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			w.log.Error("bounding the evidence", zap.Error(err))
		}
		if !w.wait(ctx, w.now().Add(24*time.Hour), nil) {
			return ctx.Err()
		}
	}
}

func (w *Watcher) boundOnce(ctx context.Context, limits evidence.Limits) error {
	cited, err := w.store.Cited(ctx)
	if err != nil {
		return fmt.Errorf("reading what the ledger cites: %w", err)
	}
	limits.Cited = func(digest string) (bool, error) { return cited[digest], nil }
	b, err := w.evidence.Bound(ctx, limits)
	if b.Dropped > 0 {
		w.log.Warn("evidence beyond its limits is dropped", zap.Int("records", b.Dropped), zap.Int("cited", b.DroppedCited), zap.Int64("bytes", b.Freed))
	}
	if b.Over > 0 {
		w.log.Error("the evidence is larger than evidence_max_size, and the rest of it is what events rest on: it stays. Allow more, or move old records away",
			zap.Int64("bytes", b.Bytes), zap.Int64("over", b.Over))
	}
	return err
}

// VerifyEvidence reads the whole store of evidence anew and holds it against its
// log and against the ledger: what the ledger cites is there, or was dropped.
func VerifyEvidence(ctx context.Context, e *evidence.Store, s *store.Store) (evidence.Report, error) {
	r, err := e.Verify(ctx)
	if err != nil || !r.OK {
		return r, err
	}
	cited, err := s.Cited(ctx)
	if err != nil {
		return r, err
	}
	digests := make([]string, 0, len(cited))
	for d := range cited {
		digests = append(digests, d)
	}
	missing, err := e.Holds(digests)
	if err != nil {
		return r, err
	}
	dropped := 0
	for _, n := range r.Dropped {
		dropped += n
	}
	if len(missing) > dropped {
		r.OK, r.Why = false, fmt.Sprintf("the ledger names %d records that are not there, and only %d were dropped: the end of the log and its records are gone", len(missing), dropped)
	}
	return r, nil
}
