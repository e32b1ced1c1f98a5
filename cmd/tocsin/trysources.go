package main

import (
	"context"
	"errors"
	"time"

	"tocsin"
	"tocsin/config"
	"tocsin/watcher/source"
)

// errEnough ends the reading of a list that was only to be tried.
var errEnough = errors.New("one row is enough")

// trySources asks each source once, for the least that it gives: a listing for
// its newest page, a versioned list for one row, a feed for itself and none of its
// articles.
func trySources(ctx context.Context, c *config.Config) (out []trial, code int, err error) {
	sources, err := sourcesOf(c, time.Now)
	if err != nil {
		return nil, 0, err
	}
	tried := map[string]trial{}
	for _, l := range sources.listings {
		t := trial{ID: l.ID, OK: true}
		if _, err := l.Source.Newest(ctx); err != nil {
			t.OK, t.Why, t.Do = false, err.Error(), remedy(err)
		}
		tried[l.ID] = t
	}
	for _, f := range sources.feeds {
		t := trial{ID: f.ID, OK: true}
		r, _, err := f.Source.Poll(ctx, nil)
		if err != nil {
			return nil, 0, err
		}
		if !r.Complete {
			t.OK, t.Why, t.Do = false, r.Why, remedy(&source.Failure{Cause: r.Cause, Why: r.Why})
			if r.Cause == tocsin.CauseMalformed {
				t.Do = "It answers something else than a feed. Look at url: first; open it in a browser: it must show a feed, not a page."
			}
		} else if r.Moved != "" {
			t.Why = "answers, and has moved for good: write its new address into url"
		}
		tried[f.ID] = t
	}
	for _, l := range sources.lists {
		t := trial{ID: l.ID, OK: true}
		v, _, err := l.Source.Poll(ctx, nil, func(source.Row) error { return errEnough })
		if err != nil && !errors.Is(err, errEnough) {
			return nil, 0, err
		}
		if err == nil && !v.Complete {
			t.OK, t.Why, t.Do = false, v.Why, remedy(&source.Failure{Cause: v.Cause, Why: v.Why})
		}
		tried[l.ID] = t
	}
	for _, s := range c.Sources { // in the order of the file
		t := tried[s.ID]
		if !t.OK {
			code = exitPartial
		}
		out = append(out, t)
	}
	if err := ctx.Err(); err != nil {
		return nil, 0, errors.New("stopped before every source had answered")
	}
	return out, code, nil
}
