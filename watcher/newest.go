package watcher

import (
	"context"
	"time"

	"go.uber.org/zap"

	"tocsin"
	"tocsin/store"
)

// keepEvery is how far behind the ledger may be with a span that grows. A
// daemon that is killed claims that much less than it saw, never more.
const keepEvery = 5 * time.Minute

// endWithin bounds the last write of a watch that ends.
const endWithin = 5 * time.Second

// answers is when the newest page was answered, as it is kept of one listing.
type answers struct {
	now  store.Answered // the span that grows; the zero span before the first answer
	kept time.Time      // its end in the ledger
}

// lastAnswers is the span that was kept last of a source, to be taken up.
func lastAnswers(ctx context.Context, s *store.Store, id string) (answers, error) {
	spans, _, err := s.Answered(ctx, id, farOff, farOff)
	if err != nil || len(spans) == 0 {
		return answers{}, err
	}
	last := spans[len(spans)-1]
	return answers{last, last.Until}, nil
}

// continues reports whether an answer at a time came when it was due after the
// one before. Callers hold l.mu.
func (l *listing) continues(at time.Time) bool {
	last := l.answers.now.Until
	return !last.IsZero() && l.Newest != nil && !at.Before(last) && !at.After(l.newestRules().dueBy(last))
}

// grow notes an answer of the newest page: the span goes on, or another one
// begins. Callers hold l.mu.
func (l *listing) grow(at time.Time) {
	if !l.continues(at) {
		l.answers = answers{now: store.Answered{Since: at}}
	}
	l.answers.now.Until = at
}

// keepAnswers writes the span that grows into the ledger, if that is behind by
// as much as it may be or with all, by anything.
func (l *listing) keepAnswers(ctx context.Context, all bool) error {
	l.mu.Lock()
	a := l.answers
	l.mu.Unlock()
	behind := a.now.Until.Sub(a.kept)
	if a.now.Since.IsZero() || behind <= 0 || !all && behind < keepEvery {
		return nil
	}
	if err := l.w.store.KeepAnswered(ctx, l.ID, a.now); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.answers.now.Since.Equal(a.now.Since) {
		l.answers.kept = a.now.Until
	}
	return nil
}

// newestPages reads the newest page whenever it is due: the early warning.
func (l *listing) newestPages(ctx context.Context) error {
	if l.Newest == nil {
		<-ctx.Done()
		return ctx.Err()
	}
	defer l.endAnswers(ctx)
	for {
		if !l.w.wait(ctx, l.Newest.Next(l.w.now().In(l.w.zone)), nil) {
			return ctx.Err()
		}
		if err := l.newestPage(ctx); err != nil {
			return err
		}
	}
}

// newestPage reads the newest page now.
func (l *listing) newestPage(ctx context.Context) error {
	page, err := l.Source.Newest(ctx)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		l.w.log.Warn("the newest page was not answered", zap.String("source", l.ID), zap.Error(err))
		return l.keepAnswers(ctx, true) // a time begins in which nobody sees
	}
	l.mu.Lock()
	late := !l.continues(l.w.now().UTC())
	l.mu.Unlock()
	if err := l.keepAnswers(ctx, late); err != nil { // the span that ended is kept whole
		return err
	}
	l.answered()
	if err := l.keepAnswers(ctx, false); err != nil {
		return err
	}
	return l.rows(ctx, tocsin.LookNewest, page.Notices, page.Total, l.pageRecord(ctx, page.Notices, page.Answer))
}

// answered notes that the newest page was answered now. It is kept in memory
// and reaches the store with the next commit, or by keepAnswers. If that ends
// an outage, a sweep is started at once, one time: only a complete look may say so.
func (l *listing) answered() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.row.NewestAt = l.w.now().UTC()
	l.grow(l.row.NewestAt)
	if !l.row.OutageSince.IsZero() && !l.sweeping && l.tookHope != l.row.OutageN {
		l.tookHope = l.row.OutageN
		signal(l.wakeSweep)
	}
}

// newestRules are when the next newest page is due.
func (l *listing) newestRules() sightRules {
	return sightRules{next: func(t time.Time) time.Time { return l.Newest.Next(t.In(l.w.zone)) }}
}

// newestSight is when the newest page was answered. Of what was before from and
// after to nothing is known; the zero newestSight knows of nothing.
type newestSight struct {
	spans    []store.Answered
	from, to time.Time
}

// answeredIn reads when the newest page was answered from since to until. The
// span that grows counts as far as it has, and up to until while the next answer
// is not overdue.
func (l *listing) answeredIn(ctx context.Context, since, until time.Time) (newestSight, error) {
	spans, began, err := l.w.store.Answered(ctx, l.ID, since, until)
	if err != nil {
		return newestSight{}, err
	}
	l.mu.Lock()
	now := l.answers.now
	l.mu.Unlock()
	switch n := len(spans); {
	case now.Since.IsZero() || now.Since.After(until):
	case n > 0 && spans[n-1].Since.Equal(now.Since):
		spans[n-1] = now
	default:
		spans = append(spans, now)
	}
	if began.IsZero() {
		began = now.Since
	}
	if began.IsZero() || len(spans) == 0 {
		return newestSight{}, nil
	}
	a := newestSight{spans: spans, from: began, to: until}
	last := &spans[len(spans)-1]
	switch {
	case l.Newest == nil: // not asked any more: nothing is known of what follows
		a.to = last.Until
	case last.Until.Before(until) && !until.After(l.newestRules().dueBy(last.Until)):
		last.Until = until
	}
	return a, nil
}

// told is what the answers say of the minutes: between is those in which nobody
// saw what was new.
func (a newestSight) told() (seen, between []Span) {
	at := a.from
	for _, s := range a.spans {
		seen = append(seen, Span{s.Since, s.Until, Partly, 0})
		if s.Since.After(at) {
			between = append(between, Span{at, s.Since, Partly, 1})
		}
		at = s.Until
	}
	if a.to.After(at) {
		between = append(between, Span{at, a.to, Partly, 1})
	}
	return seen, between
}

// endAnswers keeps what was answered until the watch ended.
func (l *listing) endAnswers(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endWithin)
	defer cancel()
	if err := l.keepAnswers(ctx, true); err != nil {
		l.w.log.Error("when the newest page was last answered could not be kept; the time since counts as not seen", zap.String("source", l.ID), zap.Error(err))
	}
}
