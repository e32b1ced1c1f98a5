// Package feed reads news feeds (RSS 0.9 to 2.0, RDF, Atom, JSON Feed) and, of
// every item alike, the page of its article. What it asks for depends on the
// feed alone; the package knows no Person.
package feed

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"tocsin"
	"tocsin/watcher/source"
)

// accept asks for feeds first, and takes what is served: many are mis-declared.
const accept = "application/atom+xml, application/rss+xml, application/rdf+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.1"

// Options of a Source. ID, URL, Fetcher and Pacer are required.
type Options struct {
	ID       string // the configured source's
	URL      string // of the feed
	FullText bool   // its articles' pages are read: for whom asks the Source; Read works without it
	Fetcher  *source.Fetcher
	Pacer    *source.Pacer // of the feed's host
	// Hosts gives the pacer of an article's host ("host" or "host:port", lower
	// case), the same one for the same host. nil: the Source has its own, and the
	// feed's Pacer for the feed's host.
	Hosts func(host string) *source.Pacer
	Now   func() time.Time // time.Now if nil
}

// Source reads one feed. Its methods may be called from any goroutine, though
// two polls at once hand on the same items.
type Source struct {
	id       string
	address  *url.URL
	fullText bool
	fetcher  *source.Fetcher
	pacer    *source.Pacer
	hosts    *hosts
	now      func() time.Time
}

// New fails on an address that cannot be asked.
func New(o Options) (*Source, error) {
	u, err := url.Parse(o.URL)
	if err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, errors.New("the feed's url cannot be read: write https://host/path")
	}
	if o.Fetcher == nil || o.Pacer == nil {
		return nil, errors.New("a feed needs a fetcher and a pacer")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Source{id: o.ID, address: u, fullText: o.FullText, fetcher: o.Fetcher, pacer: o.Pacer, now: o.Now}
	s.hosts = newHosts(o.Hosts, strings.ToLower(u.Host), o.Pacer, o.Now)
	return s, nil
}

// FullText reports whether the articles' pages are to be read.
func (s *Source) FullText() bool { return s.fullText }

// Reading is what one poll of a feed saw.
type Reading struct {
	Began, Ended time.Time
	Complete     bool             // the feed was read whole; that it is unchanged counts
	Unchanged    bool             // the service says so (304), or served the same bytes
	Items        int              // that the feed has
	New          []tocsin.Article // those not handed on before, oldest first; there may be some though it is not Complete
	Cause        tocsin.Cause     // why it is not complete; "" if it is
	Why          string           // the same in words, free of names; or, of a complete one, what was odd about it
	Moved        string           // where it has moved for good, "" if it has not
	Requests     int
	Answer       *source.Answer // as served, nil if nothing was
	LastNew      time.Time      // when the feed last had something new; zero: never
	Usual        time.Duration  // nine of ten times something new came sooner; 0 unknown
	// Patience is for how long after LastNew a silence is still usual; 0 unknown.
	// Beyond it the feed is blind for want of news (CauseSilent).
	Patience time.Duration
}

// wholeEvery is how often a feed is asked for without validators: a service
// that says "unchanged" for ever must not be believed for ever.
const wholeEvery = 24 * time.Hour

// Poll reads the feed once. state is what the last Poll handed back, nil at
// first; the one handed back belongs to the Reading and is to be kept with what
// came of it, also where the Reading is not complete. It is the same bytes as
// long as there is nothing to keep. The error is ctx's own; a failure of the
// source is in the Reading.
func (s *Source) Poll(ctx context.Context, state []byte) (Reading, []byte, error) {
	r := Reading{Began: s.now().UTC()}
	m, whole := recall(state, s.address.String())
	v := m.Validators
	if r.Began.Sub(m.Whole) >= wholeEvery {
		v = source.Validators{}
	}
	var doc document
	err := s.pacer.Do(ctx, source.Request{Priority: source.PriorityNewest, Ask: func(ctx context.Context) error {
		r.Requests++
		a, err := s.fetcher.GetIf(ctx, s.address.String(), accept, v)
		r.Answer = a
		if err != nil {
			return s.told(err)
		}
		if r.Unchanged = a.Status == http.StatusNotModified || m.Body != "" && m.Body == m.hash("body", string(a.Body)); r.Unchanged {
			return nil
		}
		doc, err = parse(a.Body, a.Header.Get("Content-Type"), baseOf(a, s.address))
		if err != nil {
			return malformed(a, err)
		}
		return m.fault(doc)
	}})
	r.Ended = s.now().UTC()
	if ctx.Err() != nil && (err == nil || errors.Is(err, ctx.Err())) {
		return r, state, ctx.Err()
	}
	if a := r.Answer; a != nil && a.Permanent && a.Final != a.URL {
		r.Moved = a.Final
	}
	notes := doc.notes
	if !whole {
		notes = append(notes, "what it had before could not be remembered")
	}
	r.Why = strings.Join(notes, "; ")
	var f *source.Failure
	if errors.As(err, &f) {
		r.Cause, r.Why = f.Cause, f.Why
	} else if err != nil {
		return r, state, err
	}
	r.Complete = err == nil
	s.remember(&r, m, doc)
	kept, err := m.state()
	if err != nil {
		return r, state, fmt.Errorf("keeping what the feed had: %w", err)
	}
	return r, kept, nil
}

// remember brings the memory up to the reading, and the reading's figures from
// the memory.
func (s *Source) remember(r *Reading, m *memory, doc document) {
	switch {
	case r.Unchanged:
		m.still(r.Ended)
		if v := r.Answer.Validators(); r.Answer.Status != http.StatusNotModified && v != (source.Validators{}) {
			m.Whole, m.Validators = r.Began, v
		}
	case doc.items != nil:
		first := len(m.seen) == 0
		fresh := m.fresh(doc.items, r.Ended)
		m.note(fresh, first, r.Ended)
		r.New = s.articles(fresh, doc)
	}
	if r.Complete && !r.Unchanged {
		m.Items, m.Whole = len(doc.items), r.Began
		m.Validators, m.Body = r.Answer.Validators(), m.hash("body", string(r.Answer.Body))
	}
	r.Items = m.Items
	if doc.items != nil {
		r.Items = len(doc.items)
	}
	r.LastNew, r.Patience = m.LastNew, m.patience()
	r.Usual, _ = m.rhythm()
}

// told says of an answer what it means for a feed.
func (s *Source) told(err error) error {
	var f *source.Failure
	if errors.As(err, &f) && (f.Status == http.StatusNotFound || f.Status == http.StatusGone) && f.Cause == tocsin.CauseMalformed {
		g := *f
		g.Why = fmt.Sprintf("the feed is gone (%d)", f.Status)
		return &g
	}
	return err
}

func malformed(a *source.Answer, err error) error {
	f := &source.Failure{Cause: tocsin.CauseMalformed, Status: a.Status, Why: fmt.Sprintf("malformed (%d, %s)", a.Status, err)}
	var n *notFeed
	if errors.As(err, &n) && n.refused {
		f.Cause, f.Why = tocsin.CauseRefused, fmt.Sprintf("refused (%d, %s)", a.Status, n.why)
	}
	return f
}

// fault is what is wrong with a feed that could be read, nil if nothing is.
func (m *memory) fault(doc document) error {
	switch {
	case doc.broken != "":
		return &source.Failure{Cause: tocsin.CauseMalformed, Status: http.StatusOK, Why: "malformed (200, the feed is not whole: " + doc.broken + ")"}
	case len(doc.items) == 0 && m.Items > 0:
		return &source.Failure{Cause: tocsin.CauseMalformed, Status: http.StatusOK, Why: fmt.Sprintf("empty (the feed had %d items before)", m.Items)}
	}
	return nil
}

func baseOf(a *source.Answer, configured *url.URL) *url.URL {
	if u, err := url.Parse(a.Final); err == nil && u.Host != "" {
		return u
	}
	return configured
}

// articles are items as the watch knows them, oldest first. Feeds have their
// newest first; what is not dated stands where its neighbours in the feed do.
func (s *Source) articles(items []item, doc document) []tocsin.Article {
	type dated struct {
		at time.Time
		a  tocsin.Article
	}
	all := make([]dated, 0, len(items))
	last := time.Time{}
	for _, it := range slices.Backward(items) {
		if !it.published.IsZero() {
			last = it.published
		}
		a := tocsin.Article{
			Source: s.id, ID: it.id, URL: it.link, Title: it.title, Text: it.text, Language: it.language, Outlet: doc.title, Published: it.published,
		}
		if it.link != "" {
			a.Canonical = Canonical(it.link)
		}
		all = append(all, dated{last, a})
	}
	slices.SortStableFunc(all, func(x, y dated) int { return x.at.Compare(y.at) })
	out := make([]tocsin.Article, len(all))
	for i, d := range all {
		out[i] = d.a
	}
	return out
}
