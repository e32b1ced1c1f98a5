package main

import (
	"net/url"
	"strings"
	"sync"
	"time"

	"tocsin/config"
	"tocsin/watcher"
	"tocsin/watcher/presence"
	"tocsin/watcher/source"
	"tocsin/watcher/source/feed"
	"tocsin/watcher/source/interpol"
	"tocsin/watcher/source/opensanctions"
	"tocsin/watcher/source/unsc"
)

// sources are all that is looked at, by what it is.
type sources struct {
	listings []watcher.Listing
	feeds    []watcher.Feed
	lists    []watcher.List
}

// pacers hands out one pacer a host: the host sees one polite client, whichever
// source asks, at the slowest pace asked for. A host that no source names, where
// an article leads to, has the pace of the feed that led there first.
type pacers struct {
	now  func() time.Time
	mu   sync.Mutex
	host map[string]*source.Pacer
}

func pacersOf(c *config.Config, now func() time.Time) *pacers {
	paces := map[string]source.PaceOptions{}
	for _, s := range c.Sources {
		host := hostOf(s.URL)
		p, ok := paces[host]
		if !ok {
			p = source.PaceOptions{Now: now}
		}
		p.Pace, p.Backoff, p.BackoffMax = max(p.Pace, s.Pace), max(p.Backoff, s.Backoff), max(p.BackoffMax, s.BackoffMax)
		if s.Daily > 0 && (p.Daily == 0 || s.Daily < p.Daily) {
			p.Daily = s.Daily
		}
		p.Lead = p.Pace // a first look is made at once, as far as the pace lets two requests be told apart
		paces[host] = p
	}
	ps := &pacers{now: now, host: map[string]*source.Pacer{}}
	for host, p := range paces {
		ps.host[host] = source.NewPacer(p)
	}
	return ps
}

func (ps *pacers) of(host string, s config.Source) *source.Pacer {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	p, ok := ps.host[host]
	if !ok {
		p = source.NewPacer(source.PaceOptions{Pace: s.Pace, Backoff: s.Backoff, BackoffMax: s.BackoffMax, Daily: s.Daily, Now: ps.now})
		ps.host[host] = p
	}
	return p
}

// hostOf is an address's host and port, lower case, as articles' links are told
// apart by.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address // config has refused it
	}
	return strings.ToLower(u.Host)
}

// sourcesOf builds what looks at each source.
func sourcesOf(c *config.Config, now func() time.Time) (sources, error) {
	var out sources
	ps := pacersOf(c, now)
	for _, s := range c.Sources {
		f, err := source.NewFetcher(source.FetchOptions{
			UserAgent: c.HTTP.UserAgent, Proxy: c.HTTP.Proxy, Timeout: c.HTTP.Timeout, MaxBody: c.HTTP.MaxBody,
			Allow: c.HTTP.Allow, Own: s.URL,
		})
		if err != nil {
			return out, usage("source %s: %v", s.ID, err)
		}
		pacer := ps.of(hostOf(s.URL), s)
		sight := presence.SightRules{After: s.BlindAfter, NewestAfter: s.NewestBlindAfter}
		switch s.Kind {
		case "interpol":
			src, err := interpol.New(interpol.Options{ID: s.ID, URL: s.URL, Color: s.Notices, Fetcher: f, Pacer: pacer, Now: now})
			if err != nil {
				return out, usage("source %s: %v", s.ID, err)
			}
			out.listings = append(out.listings, watcher.Listing{
				ID: s.ID, Name: "INTERPOL's " + s.Notices + " list", Source: src, Pacer: pacer, Sweep: s.Sweep, Newest: s.Newest, Details: s.Details,
				Required: s.Required, Sight: sight,
			})
		case "feed":
			src, err := feed.New(feed.Options{
				ID: s.ID, URL: s.URL, FullText: s.FullText, Fetcher: f, Pacer: pacer, Now: now,
				Hosts: func(host string) *source.Pacer { return ps.of(host, s) },
			})
			if err != nil {
				return out, usage("source %s: %v", s.ID, err)
			}
			out.feeds = append(out.feeds, watcher.Feed{
				ID: s.ID, Name: "the feed " + s.ID, Source: src, Pacer: pacer, Poll: s.Poll, Lookback: s.Lookback, FullText: s.FullText,
				Required: s.Required, Sight: sight,
			})
		case "opensanctions":
			src, err := opensanctions.New(opensanctions.Options{ID: s.ID, URL: s.URL, Dataset: s.Dataset, Fetcher: f, Pacer: pacer, Now: now})
			if err != nil {
				return out, usage("source %s: %v", s.ID, err)
			}
			name := "OpenSanctions' " + s.Dataset
			if s.WitnessFor != "" {
				name = "the OpenSanctions mirror"
			}
			out.lists = append(out.lists, versioned(s, name, src, pacer))
		case "unsc":
			src, err := unsc.New(unsc.Options{ID: s.ID, URL: s.URL, Fetcher: f, Pacer: pacer, Now: now})
			if err != nil {
				return out, usage("source %s: %v", s.ID, err)
			}
			out.lists = append(out.lists, versioned(s, "the UN Security Council's list", src, pacer))
		default:
			return out, usage("source %s: kind %s is not available in this version", s.ID, s.Kind)
		}
	}
	return out, nil
}

func versioned(s config.Source, name string, src watcher.Versions, pacer *source.Pacer) watcher.List {
	return watcher.List{
		ID: s.ID, Name: name, Source: src, Pacer: pacer, Poll: s.Poll, WitnessFor: s.WitnessFor,
		Required: s.Required, Sight: presence.SightRules{After: s.BlindAfter},
	}
}
