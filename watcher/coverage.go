package watcher

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"time"

	"tocsin"
	"tocsin/notifier"
	"tocsin/store"
)

// Vision is how a source was seen at a moment.
type Vision int

const (
	Unseen Vision = iota // a notice published then was not seen until later than usual
	Partly               // a part of the list was, or what was new on it alone
	Seen                 // by the looks that were due
)

// Span is a time in which vision did not change.
type Span struct {
	From, To time.Time
	Vision   Vision
	Share    float64 // of the list, where it was seen partly and that is known; else 0
}

// Coverage is how a source was seen over a time, by the ledger.
type Coverage struct {
	Spans   []Span        // without gap from the time's begin to its end
	Last    store.Look    // the last complete look that had ended by then; the zero Look if there was none
	Longest time.Duration // the longest time from one complete look to the next, or to the end
	Open    bool          // the last gap goes on
	Oldest  time.Duration // of a versioned list: how old the data was at most; 0: not known
}

// At is how the source was seen at a moment; outside of the time it was Unseen.
func (c Coverage) At(t time.Time) Vision {
	i := sort.Search(len(c.Spans), func(i int) bool { return c.Spans[i].To.After(t) })
	if i == len(c.Spans) || c.Spans[i].From.After(t) {
		return Unseen
	}
	return c.Spans[i].Vision
}

// Sum is how long vision was of one kind.
func (c Coverage) Sum(v Vision) (d time.Duration) {
	for _, s := range c.Spans {
		if s.Vision == v {
			d += s.To.Sub(s.From)
		}
	}
	return d
}

// sightRules are what makes the time between two complete looks a gap.
type sightRules struct {
	next  func(time.Time) time.Time // when the next look was due after one that ended then
	after time.Duration             // blind_after; 0: none
}

// Bounds of how much later than due a look may begin: it waits for its turn with
// the host, is made once more when totals shift, and the daemon may be busy.
const (
	graceLeast = 10 * time.Second
	graceMost  = 15 * time.Minute
)

// dueBy is when at the latest the look after one that ended at t has to begin.
func (r sightRules) dueBy(t time.Time) time.Time {
	next := r.next(t)
	return next.Add(min(max(next.Sub(t)/4, graceLeast), graceMost))
}

// missed reports whether the list went unseen between two complete looks.
func (r sightRules) missed(a, b store.Look) bool {
	return b.Began.After(r.dueBy(a.Ended)) || r.after > 0 && b.Ended.Sub(a.Ended) > r.after
}

// cover works out how a source was seen from since to until. A complete look
// vouches for the time up to the next one where that came when it was due; where
// not, nothing is vouched for from its end to the end of the next: a notice that
// appeared there rang late by up to that long. Between complete looks that came
// in time, the newest page tells minute by minute whether what was new was seen,
// from when on its answers are kept. looks are as store.Looks gives them.
func cover(r sightRules, looks []store.Look, outages []tocsin.Outage, newest newestSight, since, until time.Time) Coverage {
	var c Coverage
	var gaps []Span
	var last store.Look // the last complete one met
	some := false
	for _, l := range looks {
		if !l.Complete {
			continue
		}
		switch {
		case !some:
			gaps = append(gaps, Span{From: since, To: l.Ended})
		case r.missed(last, l):
			gaps = append(gaps, Span{From: last.Ended, To: l.Ended})
		}
		if some {
			c.Longest = max(c.Longest, earlier(l.Ended, until).Sub(last.Ended))
		}
		last, some = l, true
		if !l.Ended.After(until) {
			c.Last = l
		}
	}
	switch {
	case !some:
		gaps, c.Open = append(gaps, Span{From: since, To: until}), true
	case last.Ended.Before(until):
		c.Longest = max(c.Longest, until.Sub(last.Ended))
		if until.After(r.dueBy(last.Ended)) || r.after > 0 && until.Sub(last.Ended) > r.after {
			gaps, c.Open = append(gaps, Span{From: last.Ended, To: until}), true
		}
	}
	var partly []Span // what was seen in spite of a gap
	for i, l := range looks {
		if l.Complete || l.Seen == 0 || l.Listed == 0 {
			continue
		}
		end := until
		if i+1 < len(looks) {
			end = looks[i+1].Ended
		}
		partly = append(partly, Span{l.Ended, end, Partly, float64(l.Seen) / float64(l.Listed)})
	}
	var hidden []Span // where looks were complete and what was new could not be seen between them
	for _, o := range outages {
		end := o.Until
		if end.IsZero() {
			end = until
		}
		if o.Cause == tocsin.CauseSilent { // it was read, and what it should have said is missing
			hidden = append(hidden, Span{o.Since, end, Partly, 1})
		}
		if !o.Newest {
			continue
		}
		if !newest.from.IsZero() { // from there on each answer is known
			if !o.Since.Before(newest.from) {
				continue
			}
			end = earlier(end, newest.from)
		}
		hidden = append(hidden, Span{o.Since, end, Partly, 1})
		// The newest page answered until the outage began.
		for _, g := range gaps {
			if g.From.Before(o.Since) && o.Since.Before(g.To) {
				partly = append(partly, Span{g.From, o.Since, Partly, 0})
			}
		}
	}
	answered, between := newest.told()
	partly, hidden = append(partly, answered...), append(hidden, between...)
	c.Spans = paint(since, until, gaps, partly, hidden)
	return c
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// paint cuts the time where vision changes and says how it was between.
func paint(since, until time.Time, gaps, partly, hidden []Span) []Span {
	cuts := []time.Time{since, until}
	for _, s := range slices.Concat(gaps, partly, hidden) {
		for _, t := range []time.Time{s.From, s.To} {
			if t.After(since) && t.Before(until) {
				cuts = append(cuts, t)
			}
		}
	}
	slices.SortFunc(cuts, time.Time.Compare)
	var out []Span
	for i := 1; i < len(cuts); i++ {
		s := Span{From: cuts[i-1], To: cuts[i], Vision: Seen}
		if !s.To.After(s.From) {
			continue
		}
		if holds(gaps, s) != nil {
			s.Vision = Unseen
			if p := holds(partly, s); p != nil {
				s.Vision, s.Share = Partly, p.Share
			}
		} else if h := holds(hidden, s); h != nil {
			s.Vision, s.Share = Partly, h.Share
		}
		if n := len(out); n > 0 && out[n-1].Vision == s.Vision && out[n-1].Share == s.Share {
			out[n-1].To = s.To
			continue
		}
		out = append(out, s)
	}
	return out
}

// holds is the first of the spans that holds all of s, nil if none does.
func holds(spans []Span, s Span) *Span {
	for i := range spans {
		if !spans[i].From.After(s.From) && !spans[i].To.Before(s.To) {
			return &spans[i]
		}
	}
	return nil
}

// Coverage is how a source was seen from since to until, by the ledger.
func (w *Watcher) Coverage(ctx context.Context, source string, since, until time.Time) (Coverage, error) {
	if x := w.sourceOf(source); x != nil {
		return x.coverage(ctx, since, until)
	}
	return Coverage{}, fmt.Errorf("no source has the id %q", source)
}

func (x *watched) coverage(ctx context.Context, since, until time.Time) (Coverage, error) {
	looks, err := x.w.store.Looks(ctx, x.ID, since, until)
	if err != nil {
		return Coverage{}, err
	}
	outages, err := x.w.store.Outages(ctx, x.ID)
	if err != nil {
		return Coverage{}, err
	}
	var newest newestSight
	if x.newest != nil {
		if newest, err = x.newest(ctx, since, until); err != nil {
			return Coverage{}, err
		}
	}
	rules := sightRules{next: func(t time.Time) time.Time { return x.due.Next(t.In(x.w.zone)) }, after: x.Sight.After}
	c := cover(rules, looks, outages, newest, since, until)
	c.Oldest = oldest(looks, since, until)
	return c, nil
}

// oldest is how old a versioned list's data was at most from since to until: that of
// each version just before the next was read. 0: no version says from when it is.
func oldest(looks []store.Look, since, until time.Time) (age time.Duration) {
	var data time.Time
	for _, l := range looks {
		if !l.Complete {
			continue
		}
		if !data.IsZero() && l.Ended.After(since) {
			age = max(age, earlier(l.Ended, until).Sub(data))
		}
		data = l.DataAt
	}
	if !data.IsZero() {
		age = max(age, until.Sub(data))
	}
	return age
}

// toldLeast is how long a gap has to be in which the list was seen partly, to be
// told as one: a newest page that did not answer once shows in the share alone.
const toldLeast = 10 * time.Minute

// told is the coverage as a digest tells it: spans that follow each other
// without sight being whole again are one gap.
func (c Coverage) told(name string, since, until time.Time) notifier.Coverage {
	out := notifier.Coverage{
		Name: name, Total: until.Sub(since), Seen: c.Sum(Seen), Partly: c.Sum(Partly), Listed: c.Last.Listed, Rows: c.Last.Seen, Longest: c.Longest,
		Oldest: c.Oldest,
	}
	for i, s := range c.Spans {
		if s.Vision == Seen {
			continue
		}
		if i == 0 || c.Spans[i-1].Vision == Seen {
			out.Gaps = append(out.Gaps, notifier.Gap{From: s.From})
		}
		g := &out.Gaps[len(out.Gaps)-1]
		g.To = s.To
		if s.Vision == Unseen {
			g.Unseen += s.To.Sub(s.From)
		}
		g.Open = c.Open && !s.To.Before(until)
	}
	out.Gaps = slices.DeleteFunc(out.Gaps, func(g notifier.Gap) bool { return g.Unseen == 0 && !g.Open && g.To.Sub(g.From) < toldLeast })
	return out
}
