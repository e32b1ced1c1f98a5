package watcher

import (
	"context"
	"fmt"
	"time"

	"tocsin"
	"tocsin/store"
	"tocsin/watcher/presence"
)

func quarantineWords(n int) string {
	return fmt.Sprintf("%d notices absent at once: held back until each one's own page says that it is gone", n)
}

// sight says blind when a source has not been seen for too long, once an
// outage. A daemon that starts after a pause first gets its chance to look.
func (l *listing) sight(ctx context.Context) error {
	every := time.Second
	for _, d := range []time.Duration{l.Sight.After, l.Sight.NewestAfter} {
		if d > 0 {
			every = min(every, max(d/20, 5*time.Millisecond))
		}
	}
	for {
		if !l.w.wait(ctx, l.w.now().Add(every), nil) {
			return ctx.Err()
		}
		if err := l.mindSight(ctx); err != nil {
			return err
		}
	}
}

// mindSight says blind if the source has gone unseen for too long by now.
func (l *listing) mindSight(ctx context.Context) error {
	now := l.w.now().UTC()
	l.mu.Lock()
	row, ended := l.row, l.ended
	l.mu.Unlock()
	if !row.OutageSince.IsZero() {
		return nil
	}
	complete := row.LastComplete
	if !ended && complete.Before(l.w.started) && now.Sub(l.w.started) < l.Sight.After {
		complete = l.w.started
	}
	rules := l.Sight
	if l.Newest == nil {
		rules.NewestAfter = 0
	}
	s := presence.See(rules, now, l.w.started, complete, row.NewestAt)
	if !s.Blind || s.Newest && row.LastComplete.After(s.Since) { // the whole list was seen since
		return nil
	}
	return l.blind(ctx, s, now)
}

// blind opens an outage and owes its alarm to everybody.
func (l *listing) blind(ctx context.Context, s presence.Sight, now time.Time) error {
	tries := l.Pacer.Outage()
	whole, _, err := l.w.store.LastComplete(ctx, l.ID)
	if err != nil {
		return err
	}
	since := s.Since
	l.mu.Lock()
	if !s.Newest && !l.row.LastComplete.IsZero() {
		since = l.row.LastComplete
	}
	l.mu.Unlock()
	return l.w.observe(ctx, l, tocsin.Snapshot{Kind: tocsin.LookNewest, Began: now, Ended: now}, func(r *store.Source, _ presence.Result) []store.NewEvent {
		if !r.OutageSince.IsZero() {
			return nil
		}
		cause, why := tries.Cause, tries.Why
		if cause == "" {
			cause, why = r.Cause, r.Why
		}
		if cause == "" {
			cause, why = tocsin.CauseLate, "no look has finished in time"
		}
		r.OutageN++
		r.OutageSince, r.Cause, r.Why = since, cause, why
		r.Tries, r.Failed, r.NextTry = tries.Tries, tries.Failed, l.Pacer.NextTry().UTC()
		seen, other := l.w.othersSeen(l)
		e := tocsin.Event{Kind: tocsin.Blind, At: now, Source: l.ID, Occurrence: r.OutageN, Outage: &tocsin.Outage{
			Cause: cause, Why: why, Since: since, Next: r.NextTry, Tries: tries.Tries, Failed: tries.Failed,
			Listed: whole.Listed, Seen: whole.Seen, People: len(l.w.current().byID), SourcesSeen: seen, SourcesOther: other, Newest: s.Newest,
		}}
		return []store.NewEvent{{Event: e, Deliveries: l.w.route(e, nil, now)}}
	})
}

// recovered closes an outage at the first complete look after it, with what
// came and went meanwhile.
func (l *listing) recovered(r *store.Source, s tocsin.Snapshot, res presence.Result, cause tocsin.Cause) []store.NewEvent {
	if r.OutageSince.IsZero() {
		return nil
	}
	since := r.OutageSince
	r.OutageSince, r.NextTry = time.Time{}, time.Time{}
	out := &tocsin.Outage{Cause: cause, Since: since, Until: s.Ended, Listed: s.Listed, Seen: len(s.Notices), People: len(l.w.current().byID)}
	l.mu.Lock()
	for _, h := range l.notices {
		if h.FirstSeen.After(since) {
			out.Appeared++
		}
		if h.Absence == tocsin.Gone && h.GoneAt.After(since) {
			out.Disappeared++
		}
	}
	l.mu.Unlock()
	for _, ch := range res.Changes {
		switch ch.Kind {
		case tocsin.Appeared, tocsin.Listed, tocsin.Reappeared:
			out.Appeared++
		case tocsin.Disappeared:
			out.Disappeared++
		case tocsin.Changed:
			if !ch.FirstDetail {
				out.Changed++
			}
		}
	}
	r.Cause, r.Tries, r.Failed = "", 0, 0
	now := l.w.now().UTC()
	e := tocsin.Event{Kind: tocsin.Recovered, At: now, Source: l.ID, Occurrence: r.OutageN, Outage: out}
	return []store.NewEvent{{Event: e, Deliveries: l.w.route(e, nil, now)}}
}

// othersSeen counts the other sources, and those of them that are seen.
func (w *Watcher) othersSeen(l *listing) (seen, other int) {
	for _, o := range w.listings {
		if o == l {
			continue
		}
		other++
		o.mu.Lock()
		if o.row.OutageSince.IsZero() && !o.row.LastComplete.IsZero() {
			seen++
		}
		o.mu.Unlock()
	}
	return seen, other
}
