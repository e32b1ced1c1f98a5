package interpol

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"tocsin"
	"tocsin/watcher/source"
)

// Colours of notices.
const (
	Red    = "red"
	Yellow = "yellow"
	UN     = "un"
)

// reach is how many rows of any query the service lets out.
const reach = 160

// Options of a Source. All but Now are required.
type Options struct {
	ID      string // the configured source's
	URL     string // the service's root, "https://ws-public.interpol.int/notices/v1"
	Color   string // Red, Yellow or UN
	Fetcher *source.Fetcher
	Pacer   *source.Pacer
	Now     func() time.Time // time.Now if nil
}

// Source reads one colour's list. Its methods may be called from any goroutine,
// though two sweeps at once only cost twice.
type Source struct {
	id, root, color string
	fetcher         *source.Fetcher
	pacer           *source.Pacer
	now             func() time.Time
}

// New fails on a colour or an address that there is not.
func New(o Options) (*Source, error) {
	switch o.Color {
	case Red, Yellow, UN:
	default:
		return nil, fmt.Errorf("notices are red, yellow or un, not %q", o.Color)
	}
	u, err := url.Parse(o.URL)
	if err != nil || u.Host == "" || u.RawQuery != "" {
		return nil, errors.New("the notices service's url cannot be read: write https://host/notices/v1")
	}
	if o.Fetcher == nil || o.Pacer == nil {
		return nil, errors.New("a notices source needs a fetcher and a pacer")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Source{
		id: o.ID, root: strings.TrimRight(o.URL, "/") + "/" + o.Color, color: o.Color,
		fetcher: o.Fetcher, pacer: o.Pacer, now: o.Now,
	}, nil
}

// Page is one page of the list.
type Page struct {
	Notices []tocsin.Notice // as served, each id once
	Total   int             // how many rows the query has, reachable or not
	Answer  *source.Answer
}

// Newest reads the first page of the unfiltered list: early warning, never
// proof. The error is a *source.Failure, or ctx's.
func (s *Source) Newest(ctx context.Context) (Page, error) {
	return s.page(ctx, Cell{}, source.PriorityNewest)
}

// page reads a cell's one page.
func (s *Source) page(ctx context.Context, c Cell, p source.Priority) (Page, error) {
	var page Page
	err := s.pacer.Do(ctx, source.Request{Priority: p, Ask: func(ctx context.Context) error {
		a, err := s.fetcher.Get(ctx, s.root+"?"+c.query(), source.JSON)
		if err != nil {
			return err
		}
		list, err := parseList(a.Body)
		if err != nil {
			return &source.Failure{Cause: tocsin.CauseMalformed, Status: a.Status, Why: "malformed (200, " + err.Error() + ")"}
		}
		if !c.echoedBy(list.query) {
			return &source.Failure{Cause: tocsin.CauseMalformed, Status: a.Status, Why: "malformed (200, the answer to another query)"}
		}
		page = Page{Notices: make([]tocsin.Notice, 0, len(list.rows)), Total: list.total, Answer: a}
		seen := make(map[string]bool, len(list.rows))
		for _, r := range list.rows {
			if n := s.notice(r); !seen[n.ID] {
				seen[n.ID] = true
				page.Notices = append(page.Notices, n)
			}
		}
		return nil
	}})
	return page, err
}

// Detail reads a notice's own document. What the service answers instead is in
// the answer's State; the error is the same failure once more, or ctx's.
func (s *Source) Detail(ctx context.Context, id string, p source.Priority) (tocsin.DetailAnswer, error) {
	d, _, err := s.Document(ctx, id, p)
	return d, err
}

// Document is Detail with the answer as it was served, nil if there was none. Of
// the UN list both kinds of documents are asked for, persons' first: an id alone
// does not tell, and it is gone only if both say so.
func (s *Source) Document(ctx context.Context, id string, p source.Priority) (tocsin.DetailAnswer, *source.Answer, error) {
	dashed, ok := dashed(id)
	if !ok {
		why := "not an id"
		return tocsin.DetailAnswer{ID: id, State: tocsin.DetailFailed, Why: why, At: s.now().UTC()}, nil, &source.Failure{Cause: tocsin.CauseMalformed, Why: why}
	}
	if s.color != UN {
		return s.document(ctx, "/"+dashed, id, p)
	}
	d, served, err := s.document(ctx, "/persons/"+dashed, id, p)
	var f *source.Failure
	if d.State == tocsin.DetailFound || err != nil && (!errors.As(err, &f) || f.Held || f.Cause == tocsin.CauseRefused) {
		return d, served, err
	}
	e, servedToo, errToo := s.document(ctx, "/entities/"+dashed, id, p)
	if e.State == tocsin.DetailGone && err != nil {
		return d, served, err // the failure says nothing, and so nothing is known
	}
	e.Notice.Entity = e.State == tocsin.DetailFound
	return e, servedToo, errToo
}

// document reads a notice's document at a path below the list's.
func (s *Source) document(ctx context.Context, path, id string, p source.Priority) (tocsin.DetailAnswer, *source.Answer, error) {
	var served *source.Answer
	d := tocsin.DetailAnswer{ID: id, State: tocsin.DetailFailed}
	err := s.pacer.Do(ctx, source.Request{Priority: p, Document: true, Ask: func(ctx context.Context) error {
		a, err := s.fetcher.Get(ctx, s.root+path, source.JSON)
		served = a
		var f *source.Failure
		if errors.As(err, &f) && (f.Status == http.StatusNotFound || f.Status == http.StatusGone) && f.Cause == tocsin.CauseMalformed {
			d.State = tocsin.DetailGone
			return nil
		}
		if err != nil {
			return err
		}
		r, err := parseDetail(a.Body)
		switch {
		case err != nil:
			return &source.Failure{Cause: tocsin.CauseMalformed, Status: a.Status, Why: "malformed (200, " + err.Error() + ")"}
		case r.id != id:
			return &source.Failure{Cause: tocsin.CauseMalformed, Status: a.Status, Why: "malformed (200, another notice's document)"}
		}
		d.State, d.Notice = tocsin.DetailFound, s.notice(r)
		d.Notice.Detail = r.detail
		return nil
	}})
	d.At = s.now().UTC()
	if err != nil {
		d.State, d.Why = tocsin.DetailFailed, err.Error()
	}
	return d, served, err
}

// dashed is the id as paths write it. An id that the service would not give is
// refused: it would lead elsewhere.
func dashed(id string) (string, bool) {
	year, number, ok := strings.Cut(id, "/")
	if !ok {
		return id, word(id)
	}
	if !word(year) || !word(number) {
		return "", false
	}
	return year + "-" + number, true
}

// word accepts what ids are made of.
func word(s string) bool {
	if s == "" || len(s) > 40 {
		return false
	}
	for _, c := range []byte(s) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != '_' && c != '-' {
			return false
		}
	}
	return true
}

// notice is a row as the watch knows it.
func (s *Source) notice(r row) tocsin.Notice {
	n := tocsin.Notice{
		Source: s.id, ID: r.id, Color: s.color, Name: r.name, Forename: r.forename, BirthDate: r.born,
		Nationalities: r.nationalities, Entity: s.color == UN && r.entity, Photo: r.photo,
	}
	if !n.Entity {
		n.URL = humanPage(s.color, r.id)
	}
	return n
}

// humanPage is where people read a notice (the service's own site).
func humanPage(color, id string) string {
	dashed, ok := dashed(id)
	if !ok {
		return ""
	}
	switch color {
	case Red:
		return "https://www.interpol.int/How-we-work/Notices/Red-Notices/View-Red-Notices#" + dashed
	case Yellow:
		return "https://www.interpol.int/How-we-work/Notices/Yellow-Notices/View-Yellow-Notices#" + dashed
	}
	return "https://www.interpol.int/How-we-work/Notices/INTERPOL-United-Nations-Security-Council-Special-Notices/View-UN-Notices-Individuals#" + dashed
}
