// Package opensanctions reads data sets that OpenSanctions publishes, or a
// mirror that has them in the same form: an index that names the version,
// entities of FollowTheMoney one a line, and deltas from version to version.
// Only people are handed on. What it asks for depends on the data set alone;
// the package knows no Person.
package opensanctions

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

// Options of a Source. All but Now are required.
type Options struct {
	ID      string // the configured source's
	URL     string // where data sets stand, "https://data.opensanctions.org/datasets/latest"
	Dataset string // "interpol_red_notices"
	Fetcher *source.Fetcher
	Pacer   *source.Pacer
	Now     func() time.Time // time.Now if nil
}

// Source reads one data set. Its methods may be called from any goroutine,
// though two polls at once only cost twice.
type Source struct {
	id, dataset string
	index       *url.URL
	fetcher     *source.Fetcher
	pacer       *source.Pacer
	now         func() time.Time
}

// New fails on an address or a name that there cannot be.
func New(o Options) (*Source, error) {
	u, err := url.Parse(strings.TrimRight(o.URL, "/"))
	if err != nil || u.Host == "" || u.RawQuery != "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, errors.New("the mirror's url cannot be read: write https://host/datasets/latest")
	}
	if o.Dataset == "" || strings.ContainsAny(o.Dataset, "/?#%\\ ") || strings.HasPrefix(o.Dataset, ".") {
		return nil, errors.New("not the name of a data set: write one such as interpol_red_notices")
	}
	if o.Fetcher == nil || o.Pacer == nil {
		return nil, errors.New("a data set needs a fetcher and a pacer")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Source{id: o.ID, dataset: o.Dataset, index: u.JoinPath(o.Dataset, "index.json"), fetcher: o.Fetcher, pacer: o.Pacer, now: o.Now}, nil
}

// Poll reads the version that the index names, as source.Version says: nothing
// but the index where it is the one held, deltas where they lead there from the
// one held, otherwise the whole file.
func (s *Source) Poll(ctx context.Context, kept []byte, row func(source.Row) error) (source.Version, []byte, error) {
	r := &reading{Source: s, ctx: ctx, row: row, m: recall(kept, s.index.String())}
	r.v.Began = s.now().UTC()
	err := r.read()
	r.v.Ended = s.now().UTC()
	if r.v.DataAt.After(r.v.Ended) {
		r.v.DataAt = r.v.Ended // nobody's data is of tomorrow
	}
	var f *source.Failure
	switch {
	case errors.As(err, &f):
		r.v.Cause, r.v.Why, r.v.Removed = f.Cause, f.Why, nil
	case err != nil:
		return r.v, kept, err
	default:
		r.v.Complete = true
	}
	if f != nil && !r.m.NoDeltas {
		return r.v, kept, nil
	}
	next, err := r.m.bytes()
	if err != nil {
		return r.v, kept, fmt.Errorf("keeping the version: %w", err)
	}
	return r.v, next, nil
}

// reading is one poll under way.
type reading struct {
	*Source
	ctx context.Context
	row func(source.Row) error
	v   source.Version
	m   memory // as it will be kept
}

func (r *reading) read() error {
	validators := r.m.Validators
	if r.v.Began.Sub(r.m.Asked) >= indexEvery {
		validators = source.Validators{}
	}
	x, same, err := r.ask(validators)
	if err != nil {
		return err
	}
	if same {
		r.unchanged()
		return nil
	}
	r.v.ID, r.v.DataAt = x.version, x.dataAt
	switch {
	case x.failed:
		return malformed(http.StatusOK, errors.New("the mirror says that its own last export failed"))
	case older(x.version, r.m.Version):
		return malformed(http.StatusOK, fmt.Errorf("the version went back from %s to %s", r.m.Version, x.version))
	}
	held := r.m
	if validators == (source.Validators{}) || r.v.Answer.Validators() != validators {
		r.m.Asked = r.v.Began
	}
	r.m.Version, r.m.DataAt, r.m.Validators = x.version, x.dataAt, r.v.Answer.Validators()
	if x.version == held.Version {
		r.unchanged()
		return nil
	}
	chain, err := r.chain(x, held.Version)
	if err != nil {
		return err
	}
	if chain != nil {
		return r.followed(chain, held)
	}
	return r.whole(x)
}

func (r *reading) unchanged() {
	r.v.Unchanged, r.v.ID, r.v.DataAt = true, r.m.Version, r.m.DataAt
	r.v.Listed, r.v.Seen = r.m.People, r.m.People
}

// ask asks for the index. same: the service says that it is as it was.
func (r *reading) ask(v source.Validators) (x index, same bool, err error) {
	err = r.pacer.Do(r.ctx, source.Request{Priority: source.PriorityNewest, Ask: func(ctx context.Context) error {
		r.v.Requests++
		a, err := r.fetcher.GetIf(ctx, r.index.String(), source.JSON, v)
		r.v.Answer = a
		if err != nil {
			return gone(err)
		}
		if same = a.Status == http.StatusNotModified; same {
			return nil
		}
		if x, err = parseIndex(a.Body, r.dataset, at(a)); err != nil {
			return malformed(a.Status, err)
		}
		return nil
	}})
	return x, same, err
}

// chain is what leads from the version held to the one that the index names;
// nil where the whole file is to be read.
func (r *reading) chain(x index, held string) (chain []string, err error) {
	if held == "" || x.delta == "" || r.m.NoDeltas || r.v.Began.Sub(r.m.Full) >= fullEvery {
		return nil, nil
	}
	err = r.pacer.Do(r.ctx, source.Request{Priority: source.PriorityNewest, Ask: func(ctx context.Context) error {
		r.v.Requests++
		a, err := r.fetcher.Get(ctx, x.delta, source.JSON)
		if err != nil {
			return passable(err)
		}
		chain, err = parseDeltas(a.Body, held, x.version, at(a))
		if err != nil {
			chain = nil // the whole file says the same
		}
		return nil
	}})
	return chain, err
}

// passable lets a failure pass that is not the host's: there is another way.
func passable(err error) error {
	var f *source.Failure
	if errors.As(err, &f) && f.Cause == tocsin.CauseMalformed {
		return nil
	}
	return err
}

// at is where an answer came from, against which its links are read.
func at(a *source.Answer) *url.URL {
	u, err := url.Parse(a.Final)
	if err != nil {
		return &url.URL{}
	}
	return u
}

func malformed(status int, err error) *source.Failure {
	return &source.Failure{Cause: tocsin.CauseMalformed, Status: status, Why: fmt.Sprintf("malformed (%d, %s)", status, err)}
}

// gone says of an index that is not there what it means.
func gone(err error) error {
	var f *source.Failure
	if errors.As(err, &f) && f.Cause == tocsin.CauseMalformed && (f.Status == http.StatusNotFound || f.Status == http.StatusGone) {
		g := *f
		g.Why = fmt.Sprintf("there is no such data set (%d)", f.Status)
		return &g
	}
	return err
}
