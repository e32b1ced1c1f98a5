package watcher

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"go.uber.org/zap"

	"tocsin"
	"tocsin/store"
	"tocsin/watcher/presence"
	"tocsin/watcher/source"
	"tocsin/watcher/source/feed"
)

// Feed is one news feed to watch.
type Feed struct {
	ID       string
	Name     string // what people call it
	Source   *feed.Source
	Pacer    *source.Pacer
	Poll     Schedule
	Lookback time.Duration // articles dated up to so long before the first look are told
	FullText bool          // the page of every item is read
	Sight    presence.SightRules
	Required bool
}

// news is one feed under watch.
type news struct {
	watched
	Source   *feed.Source
	Lookback time.Duration
	FullText bool
	tidied   time.Time // when old stories were last forgotten
}

func newNews(w *Watcher, f Feed) *news {
	return &news{
		watched: watched{ID: f.ID, Name: f.Name, Pacer: f.Pacer, Sight: f.Sight, Required: f.Required, w: w, due: f.Poll, row: store.Source{ID: f.ID}},
		Source:  f.Source, Lookback: f.Lookback, FullText: f.FullText,
	}
}

func (n *news) loops() map[string]func(context.Context) error {
	return map[string]func(context.Context) error{"reading": n.polls(n.look)}
}

// newsState is what a feed's row keeps from one look to the next.
type newsState struct {
	Feed   json.RawMessage `json:"feed,omitempty"`   // the source's own
	First  time.Time       `json:"first,omitzero"`   // when the first look ended
	Unread []unread        `json:"unread,omitempty"` // articles whose page has not answered yet
}

// unread is an article of which only the feed's own words are known. Silence of
// its page is no "no": it is asked again.
type unread struct {
	Article tocsin.Article `json:"article"`
	Tries   int            `json:"tries"`
}

// An article's page is asked for at so many looks, and so many wait for it at most.
const (
	pageTries  = 4
	mostUnread = 500
)

func (n *news) kept(row store.Source) newsState {
	var st newsState
	if len(row.Validators) > 0 {
		if err := json.Unmarshal(row.Validators, &st); err != nil {
			n.w.log.Warn("what was kept of a feed cannot be read; it is read anew", zap.String("source", n.ID), zap.Error(err))
			st = newsState{}
		}
	}
	return st
}

// look reads the feed once, and with FullText the page of every new item, and
// commits whom they may name. After the first look each page is committed as it
// is read: an alert does not wait for the pages behind it.
func (n *news) look(ctx context.Context) (bool, error) {
	row := n.state()
	st := n.kept(row)
	r, next, err := n.Source.Poll(ctx, st.Feed)
	if err != nil {
		return false, err
	}
	record := ""
	if len(r.New) > 0 {
		record = n.w.keepDocument(ctx, r.Answer)
	}
	first := !row.FirstDone
	if st.First.IsZero() {
		st.First = r.Began.UTC()
	}
	var waiting []unread
	for _, a := range r.New {
		if a.Source, a.Record = n.ID, joined(a.Record, record); a.Published.After(r.Ended) {
			a.Published = r.Ended // a date that is yet to come dates nothing
		}
		waiting = append(waiting, unread{Article: a})
	}
	look := taking{first: st.First, gathered: first, after: row.LastComplete, at: r.Ended.UTC()}
	var articles []tocsin.Article
	read, failed := 0, 0
	var still []unread
	if n.FullText {
		for _, u := range append(st.Unread, waiting...) {
			a, ok, err := n.page(ctx, u.Article)
			if err != nil {
				return false, err
			}
			read++
			if u.Tries++; !ok {
				failed++
				if u.Tries < pageTries && len(still) < mostUnread {
					still = append(still, u)
				}
			}
			if !first {
				if err := n.take(ctx, look, []tocsin.Article{a}, nil); err != nil {
					return false, err
				}
				continue
			}
			articles = append(articles, a)
		}
	} else {
		for _, u := range waiting {
			articles = append(articles, u.Article)
		}
	}
	st.Feed, st.Unread = next, still
	if !r.Complete && first {
		st.First = time.Time{} // the first look goes on
	}
	validators, err := json.Marshal(st)
	if err != nil {
		return false, fmt.Errorf("keeping what is known of %s: %w", n.ID, err)
	}
	err = n.take(ctx, look, articles, func(row *store.Source) []store.NewEvent {
		row.Validators = validators
		return n.finished(ctx, row, r, read, failed)
	})
	if err != nil {
		return false, err
	}
	n.lookEnded()
	n.lookLogged(r.Complete, r.Items, r.Items, r.Requests+read, r.Why, zap.Int("new", len(r.New)), zap.Int("pages", read), zap.Int("unread", failed))
	return r.Complete, n.tidy(ctx)
}

// page reads an article's own page; false: it was not served, and the article
// has the feed's words alone.
func (n *news) page(ctx context.Context, a tocsin.Article) (tocsin.Article, bool, error) {
	whole, answer, err := n.Source.Read(ctx, a)
	if ctx.Err() != nil {
		return a, false, ctx.Err()
	}
	if err != nil || answer == nil {
		return a, false, nil
	}
	whole.Source, whole.Record = a.Source, joined(n.w.keepDocument(ctx, answer), a.Record)
	if whole.Published.IsZero() || a.Published.Before(whole.Published) && !a.Published.IsZero() {
		whole.Published = a.Published
	}
	return whole, true, nil
}

// finished says in the source's row how a look went, and whether that begins or
// ends an outage.
func (n *news) finished(ctx context.Context, row *store.Source, r feed.Reading, read, failed int) []store.NewEvent {
	now := n.w.now().UTC()
	cause := row.Cause // of the outage that this look may end
	row.Began, row.LastLook = r.Began.UTC(), r.Ended.UTC()
	row.Requests, row.Details = r.Requests, read
	row.Seen, row.Complete, row.Cause, row.Why = r.Items, r.Complete, r.Cause, r.Why
	if !r.Complete {
		row.Listed = max(row.Listed, r.Items)
		return nil
	}
	n.Pacer.Whole()
	row.Listed, row.LastComplete, row.FirstDone = r.Items, row.LastLook, true
	switch {
	case r.Moved != "":
		row.Why = worded(row.Why, "it has moved for good: write its new address into url")
	case failed > 0:
		row.Why = worded(row.Why, fmt.Sprintf("%d of %d article pages did not answer", failed, read))
	}
	open := !row.OutageSince.IsZero()
	if n.Sight.After > 0 && silent(r, now) && (!open || cause == tocsin.CauseSilent) {
		why := fmt.Sprintf("nothing new for %s, where %s is usual", days(now.Sub(r.LastNew)), days(r.Usual))
		events := n.blind(ctx, row, tocsin.Outage{Cause: tocsin.CauseSilent, Why: why, Since: r.LastNew.UTC()}, now)
		row.Cause, row.Why = tocsin.CauseSilent, why
		return events
	}
	return n.recovered(row, tocsin.Outage{Until: row.LastLook, Listed: r.Items, Seen: r.Items, Appeared: len(r.New)}, cause)
}

// silent reports whether a feed has had nothing new for longer than is usual for it.
func silent(r feed.Reading, now time.Time) bool {
	return r.Patience > 0 && !r.LastNew.IsZero() && now.Sub(r.LastNew) > r.Patience
}

func worded(why, more string) string {
	if why == "" {
		return more
	}
	return why + "; " + more
}

func days(d time.Duration) string {
	if d >= 48*time.Hour {
		return fmt.Sprintf("%d days", d/(24*time.Hour))
	}
	if d >= 2*time.Hour {
		return fmt.Sprintf("%d hours", d/time.Hour)
	}
	return fmt.Sprintf("%d minutes", max(1, d/time.Minute))
}

// How long a story's text is kept, for people added to the watchlist and for
// telling that another outlet has the same; how long stories that no case is
// about are, for the same address; and how long it is known when a feed was read.
const (
	textsFor   = 30 * 24 * time.Hour
	storiesFor = 180 * 24 * time.Hour
	looksFor   = 400 * 24 * time.Hour
)

// tidy forgets what is old, once a day.
func (n *news) tidy(ctx context.Context) error {
	now := n.w.now().UTC()
	if now.Sub(n.tidied) < 24*time.Hour {
		return nil
	}
	n.tidied = now
	err := n.w.store.ForgetStories(ctx, now.Add(-max(textsFor, n.Lookback)), now.Add(-max(storiesFor, n.Lookback)))
	if err == nil {
		err = n.w.store.ForgetLooks(ctx, n.ID, now.Add(-looksFor))
	}
	return err
}
