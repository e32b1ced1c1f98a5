package watcher

import (
	"context"
	"fmt"
	"time"

	"tocsin"
	"tocsin/store"
	"tocsin/watcher/match"
	"tocsin/watcher/mention"
)

// mentionsADay is how many mentions of one person, at each tier, ring one by one
// in a day. More are gathered until the day's end: a famous namesake must not
// flood those who wait for an alert.
const mentionsADay = 5

// taking says how articles are to be taken.
type taking struct {
	first    time.Time // when the first look began
	gathered bool      // this is a first look, or it goes on
	after    time.Time // end of the last complete look
	at       time.Time // when they were read
}

// take commits articles: the stories that they tell, whom these may name, and
// what that owes. change, unless nil, is the end of the look.
func (n *news) take(ctx context.Context, t taking, articles []tocsin.Article, change func(*store.Source) []store.NewEvent) error {
	n.w.commit.Lock()
	defer n.w.commit.Unlock()
	was, p := n.state(), n.w.current()
	d, err := n.w.newDesk(ctx, p, len(articles) > 0)
	if err != nil {
		return err
	}
	for _, a := range articles {
		if err := d.take(ctx, n, t, a); err != nil {
			return err
		}
	}
	row := was
	row.Look++
	o := d.observation()
	o.Revision = p.revision
	if change != nil {
		o.Events = append(o.Events, change(&row)...)
		o.Looks = append(o.Looks, store.Look{
			Source: n.ID, N: row.Look, Kind: tocsin.LookSweep, Began: row.Began, Ended: row.LastLook, Complete: row.Complete, Exact: row.Complete,
			Listed: row.Listed, Seen: row.Seen, Requests: row.Requests, Cause: row.Cause, Why: row.Why,
		})
	}
	return n.put(ctx, was, row, o, nil)
}

// desk puts articles into stories and their mentions into events, for one commit.
type desk struct {
	w        *Watcher
	p        *people
	now      time.Time
	recent   []store.Story // of the last week, without texts, those of this commit with them
	begun    []store.Story // by this commit
	longer   []store.Story // whose words were read more fully
	tellings []store.Telling
	events   []store.NewEvent
	scores   []store.CaseScore
	told     map[tocsin.Tier]map[string]int // today, one by one
	at       map[[2]string]int              // person and story → which of events
	day      time.Time                      // the end of the day, where the team is
}

func (w *Watcher) newDesk(ctx context.Context, p *people, some bool) (*desk, error) {
	d := &desk{w: w, p: p, now: w.now().UTC(), told: map[tocsin.Tier]map[string]int{}, at: map[[2]string]int{}}
	if !some {
		return d, nil
	}
	local := d.now.In(w.zone)
	midnight := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, w.zone)
	d.day = midnight.AddDate(0, 0, 1).UTC()
	var err error
	if d.recent, err = w.store.StoriesSince(ctx, d.now.Add(-sameFor)); err != nil {
		return nil, err
	}
	for _, tier := range []tocsin.Tier{tocsin.TierAlert, tocsin.TierReview} {
		if d.told[tier], err = w.store.Mentions(ctx, tier, midnight); err != nil {
			return nil, err
		}
	}
	return d, nil
}

func (d *desk) observation() store.Observation {
	return store.Observation{Stories: append(d.begun, d.longer...), Tellings: d.tellings, Events: d.events, Scores: d.scores}
}

// take puts one article into its story. What is dated too long before the first
// look is kept and not told; what was there before it is gathered.
func (d *desk) take(ctx context.Context, n *news, t taking, a tocsin.Article) error {
	s, known, err := d.storyOf(ctx, a)
	if err != nil {
		return err
	}
	fuller := false
	if known {
		if fuller, err = d.again(ctx, s, a); err != nil {
			return err
		}
	}
	for _, key := range keysOf(a) {
		d.tellings = append(d.tellings, store.Telling{
			Story: s.ID, Source: a.Source, URL: a.URL, URLKey: key, Title: a.Title, Outlet: a.Outlet, Published: a.Published, SeenAt: d.now,
		})
	}
	if fuller {
		s.Text, s.Lead, s.Shape, s.Record = clipped(a.Text), leadOf(a), shapeOf(letters(shapeLetters, a.Title, a.Text)), a.Record
		d.longer = append(d.longer, s)
	}
	if !a.Published.IsZero() && a.Published.Before(t.first.Add(-n.Lookback)) {
		return nil
	}
	late := !a.Published.IsZero() && (a.Published.Before(t.first) || a.Published.Before(t.after.Add(-n.Lookback)))
	w := tocsin.Window{After: t.after, Before: t.at}
	for _, m := range d.p.scanner.Scan(a) {
		if err := d.mentioned(ctx, s, a, m, w, t.gathered || late); err != nil {
			return err
		}
	}
	return nil
}

// again has messages about a story that another outlet tells say so. It reports
// whether the article is one of which only the feed's words were known.
func (d *desk) again(ctx context.Context, s store.Story, a tocsin.Article) (fuller bool, err error) {
	told, err := d.w.store.Tellings(ctx, s.ID)
	if err != nil {
		return false, err
	}
	keys := keysOf(a)
	for _, x := range append(told, d.tellings...) {
		if x.Story == s.ID && x.Source == a.Source && has(keys, x.URLKey) {
			return s.Source == a.Source && s.URL == a.URL && len(a.Text) > len(s.Text), nil
		}
	}
	cases, err := d.w.store.Cases(ctx, store.CaseFilter{Story: s.ID})
	if err != nil {
		return false, fmt.Errorf("reading the cases of a story: %w", err)
	}
	for _, c := range cases {
		d.scores = append(d.scores, store.CaseScore{Case: c.ID, Tier: c.Tier, Score: c.Score, Reasons: c.Reasons, Anew: true})
	}
	return false, nil
}

// mentioned tells that a story may name somebody: once, and once more only where
// another outlet's words make a weak match a strong one.
func (d *desk) mentioned(ctx context.Context, s store.Story, a tocsin.Article, m mention.Mention, w tocsin.Window, gathered bool) error {
	id := [2]string{m.Match.Person, s.ID}
	e := d.event(s, a, m, w, gathered)
	if i, ok := d.at[id]; ok {
		if d.events[i].Tier == tocsin.TierReview && e.Tier == tocsin.TierAlert && d.events[i].Kind == tocsin.Mentioned {
			d.events[i] = d.limited(e)
		}
		return nil
	}
	cases, err := d.w.store.Cases(ctx, store.CaseFilter{Story: s.ID, Person: m.Match.Person})
	if err != nil {
		return fmt.Errorf("reading the cases of a story: %w", err)
	}
	if len(cases) > 0 {
		if cases[0].Tier != tocsin.TierReview || e.Tier != tocsin.TierAlert {
			return nil
		}
		e.Kind, e.Gathered = tocsin.Changed, false
		e.Changes = []tocsin.FieldChange{{Field: "words", To: []string{m.Sentence}}}
	}
	d.at[id] = len(d.events)
	d.events = append(d.events, d.limited(e))
	return nil
}

func (d *desk) event(s store.Story, a tocsin.Article, m mention.Mention, w tocsin.Window, gathered bool) tocsin.Event {
	e := tocsin.Event{
		Kind: tocsin.Mentioned, At: d.now, Source: a.Source, Person: m.Match.Person, Fingerprint: m.Match.Fingerprint,
		Tier: m.Match.Tier, Score: m.Match.Score, Reasons: m.Match.Reasons, Gathered: gathered, Evidence: foremost(a.Record),
		Article: &tocsin.ArticleRef{
			URL: a.URL, Title: a.Title, Story: s.ID, Outlet: a.Outlet, Language: m.Language, Published: a.Published,
			Sentence: m.Sentence, Found: m.Found, Danger: m.Danger,
		},
	}
	if gathered {
		w.After = time.Time{}
	}
	if w != (tocsin.Window{}) {
		e.Window = &w
	}
	return e
}

// limited owes an event to everybody, at once unless its person was named too
// often today.
func (d *desk) limited(e tocsin.Event) store.NewEvent {
	if e.Kind == tocsin.Mentioned && !e.Gathered {
		if d.told[e.Tier] == nil {
			d.told[e.Tier] = map[string]int{}
		}
		d.told[e.Tier][e.Person]++
		e.Many = d.told[e.Tier][e.Person] > mentionsADay
		e.Gathered = e.Many
	}
	x := store.NewEvent{Event: e, Deliveries: d.w.route(e, d.p.byID[e.Person].Tags, d.now)}
	for i, dl := range x.Deliveries {
		if e.Many && dl.State == tocsin.Pending && dl.Due.Before(d.day) {
			x.Deliveries[i].Due = d.day
		}
	}
	return x
}

func (w *Watcher) scanner(people []match.Person) *mention.Scanner {
	return mention.Compile(people, mention.Options{Alert: w.matching.Alert})
}

// screenStories finds the changed people, whom scanner knows, in the stories of each
// feed's lookback. Older ones do not ring: they were public knowledge when the
// person was added.
func (w *Watcher) screenStories(ctx context.Context, p *people, scanner *mention.Scanner, edited map[string]bool, s *store.Screening) error {
	if len(w.feeds) == 0 {
		return nil
	}
	cases, err := w.store.Cases(ctx, store.CaseFilter{})
	if err != nil {
		return fmt.Errorf("reading the cases of stories: %w", err)
	}
	had := map[[2]string]tocsin.Case{}
	for _, c := range cases {
		if c.Article != nil {
			had[[2]string{c.Person, c.Article.Story}] = c
		}
	}
	d := &desk{w: w, p: p, now: w.now().UTC()}
	screen := func(x store.Story) error {
		a := tocsin.Article{Source: x.Source, URL: x.URL, Title: x.Title, Text: x.Text, Language: x.Language, Published: x.Published, Record: x.Record}
		for _, m := range scanner.Scan(a) {
			c, exists := had[[2]string{m.Match.Person, x.ID}]
			if exists && !(edited[m.Match.Person] && c.State == tocsin.CaseDismissed) {
				s.Scores = append(s.Scores, store.CaseScore{Case: c.ID, Tier: m.Match.Tier, Score: m.Match.Score, Reasons: m.Match.Reasons})
				continue
			}
			e := d.limited(d.event(x, a, m, tocsin.Window{Before: x.SeenAt}, true))
			e.Identity = exists
			s.Events = append(s.Events, e)
		}
		return nil
	}
	for _, n := range w.feeds {
		if err := w.store.EachStory(ctx, n.ID, d.now.Add(-n.Lookback), screen); err != nil {
			return err
		}
	}
	return nil
}
