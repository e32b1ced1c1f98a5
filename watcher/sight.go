package watcher

import (
	"context"
	"fmt"
	"time"

	"go.uber.org/zap"

	"tocsin"
	"tocsin/store"
	"tocsin/watcher/presence"
)

func quarantineWords(n int) string {
	return fmt.Sprintf("%d notices absent at once: held back until each one's own page says that it is gone", n)
}

// sight says blind when a source has not been seen for too long, once an
// outage. A daemon that starts after a pause first gets its chance to look.
func (x *watched) sight(ctx context.Context) error {
	every := time.Second
	for _, d := range []time.Duration{x.Sight.After, x.Sight.NewestAfter} {
		if d > 0 {
			every = min(every, max(d/20, 5*time.Millisecond))
		}
	}
	for {
		if !x.w.wait(ctx, x.w.now().Add(every), nil) {
			return ctx.Err()
		}
		if err := x.mindSight(ctx); err != nil {
			return err
		}
	}
}

// mindSight says blind if the source has gone unseen for too long by now.
func (x *watched) mindSight(ctx context.Context) error {
	now := x.w.now().UTC()
	x.mu.Lock()
	row, ended := x.row, x.ended
	x.mu.Unlock()
	if !row.OutageSince.IsZero() {
		return nil
	}
	complete := row.LastComplete
	if !ended && complete.Before(x.w.begun()) && now.Sub(x.w.begun()) < x.Sight.After {
		complete = x.w.begun()
	}
	s := presence.See(x.Sight, now, x.w.begun(), complete, row.NewestAt)
	if !s.Blind {
		return nil
	}
	return x.commitRow(ctx, func(r *store.Source) []store.NewEvent {
		return x.blind(ctx, r, tocsin.Outage{Since: s.Since, Newest: s.Newest}, now)
	})
}

// blind opens an outage, unless one is open, and owes its alarm to everybody. out
// says since when, and the cause where that is not what the pacer met.
func (x *watched) blind(ctx context.Context, r *store.Source, out tocsin.Outage, now time.Time) []store.NewEvent {
	if !r.OutageSince.IsZero() {
		return nil
	}
	tries := x.Pacer.Outage()
	if out.Cause == "" {
		out.Cause, out.Why = tries.Cause, tries.Why
	}
	if out.Cause == "" {
		out.Cause, out.Why = r.Cause, r.Why
	}
	if out.Cause == "" {
		out.Cause, out.Why = tocsin.CauseLate, "no look has finished in time"
	}
	r.OutageN++
	r.OutageSince, r.Cause, r.Why = out.Since, out.Cause, out.Why
	r.Tries, r.Failed, r.NextTry = tries.Tries, tries.Failed, x.Pacer.NextTry().UTC()
	out.Next, out.Tries, out.Failed, out.People = r.NextTry, tries.Tries, tries.Failed, len(x.w.current().byID)
	whole, _, err := x.w.store.LastComplete(ctx, x.ID)
	if err != nil {
		x.w.log.Error("reading the last complete look", zap.String("source", x.ID), zap.Error(err)) // the alarm does without
	}
	out.Listed, out.Seen = whole.Listed, whole.Seen
	out.SourcesSeen, out.SourcesOther = x.w.othersSeen(x)
	out.Meanwhile = x.w.meanwhile(x.ID)
	return []store.NewEvent{x.sightEvent(tocsin.Blind, r.OutageN, &out, now)}
}

// recovered closes an outage, if one is open, and says what out knows of what
// came and went meanwhile. cause is the outage's.
func (x *watched) recovered(r *store.Source, out tocsin.Outage, cause tocsin.Cause) []store.NewEvent {
	if r.OutageSince.IsZero() {
		return nil
	}
	out.Cause, out.Since, out.People = cause, r.OutageSince, len(x.w.current().byID)
	r.OutageSince, r.NextTry = time.Time{}, time.Time{}
	r.Cause, r.Tries, r.Failed = "", 0, 0
	return []store.NewEvent{x.sightEvent(tocsin.Recovered, r.OutageN, &out, x.w.now().UTC())}
}

// recovered closes an outage at the first complete look after it, with what
// came and went meanwhile.
func (l *listing) recovered(r *store.Source, s tocsin.Snapshot, res presence.Result, cause tocsin.Cause) []store.NewEvent {
	since := r.OutageSince
	if since.IsZero() {
		return nil
	}
	out := tocsin.Outage{Until: s.Ended, Listed: s.Listed, Seen: len(s.Notices)}
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
	count(&out, res.Changes)
	return l.watched.recovered(r, out, cause)
}

// count adds what came and went at a look.
func count(out *tocsin.Outage, changes []tocsin.Change) {
	for _, ch := range changes {
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
}

// othersSeen counts the other sources, and those of them that are seen.
func (w *Watcher) othersSeen(x *watched) (seen, other int) {
	for _, s := range w.sources {
		o := s.common()
		if o == x {
			continue
		}
		other++
		if row := o.state(); row.OutageSince.IsZero() && !row.LastComplete.IsZero() {
			seen++
		}
	}
	return seen, other
}
