package feed

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"sync"
	"time"

	"tocsin"
	"tocsin/watcher/source"
)

// How articles' hosts are asked.
const (
	mostHosts     = 500             // remembered at once
	ownPace       = 2 * time.Second // of a host whose pacer is not given
	robotsFor     = 24 * time.Hour
	robotsRetry   = time.Hour       // after robots.txt could not be had
	longestDelay  = 2 * time.Minute // a site that asks for more is not read: the news would be old
	robotsDefault = "tocsin"        // our name in robots.txt, beside what http.user_agent begins with
)

// hosts are the sites that articles were read from: each with its pacer and
// what its robots.txt says.
type hosts struct {
	pacers func(host string) *source.Pacer
	now    func() time.Time

	mu sync.Mutex
	of map[string]*host
}

type host struct {
	pacer *source.Pacer
	turn  chan struct{} // of who reads robots.txt
	used  time.Time     // under hosts.mu

	// Under turn.
	robots robots
	until  time.Time // robots is good until then
}

func newHosts(pacers func(string) *source.Pacer, own string, pacer *source.Pacer, now func() time.Time) *hosts {
	h := &hosts{pacers: pacers, now: now, of: map[string]*host{}}
	if pacers == nil {
		h.pacers = func(name string) *source.Pacer {
			if name == own {
				return pacer
			}
			return source.NewPacer(source.PaceOptions{Pace: ownPace, Backoff: 30 * time.Second, Now: now})
		}
	}
	return h
}

func (h *hosts) get(name string) *host {
	h.mu.Lock()
	defer h.mu.Unlock()
	one, ok := h.of[name]
	if !ok {
		if len(h.of) >= mostHosts {
			h.drop()
		}
		one = &host{pacer: h.pacers(name), turn: make(chan struct{}, 1)}
		h.of[name] = one
	}
	one.used = h.now()
	return one
}

// drop forgets the host that was not asked for longest.
func (h *hosts) drop() {
	oldest := ""
	for name, one := range h.of {
		if oldest == "" || one.used.Before(h.of[oldest].used) {
			oldest = name
		}
	}
	delete(h.of, oldest)
}

// rules are what the site's robots.txt says, read once a day. The error is
// ctx's.
func (h *host) rules(ctx context.Context, s *Source, site *url.URL) (robots, error) {
	select {
	case h.turn <- struct{}{}:
		defer func() { <-h.turn }()
	case <-ctx.Done():
		return robots{}, ctx.Err()
	}
	if s.now().Before(h.until) {
		return h.robots, nil
	}
	address := (&url.URL{Scheme: site.Scheme, Host: site.Host, Path: "/robots.txt"}).String()
	found := robots{}
	err := h.pacer.Do(ctx, source.Request{Priority: source.PriorityTurn, Document: true, Ask: func(ctx context.Context) error {
		a, err := s.fetcher.Get(ctx, address, "text/plain, */*;q=0.1")
		var f *source.Failure
		if errors.As(err, &f) && f.Status >= 400 && f.Status < 500 && f.Status != http.StatusTooManyRequests {
			return nil // none there, or none for us: everything may be read (RFC 9309, section 2.3.1.3)
		}
		if err != nil {
			return err
		}
		text, _ := decode(a.Body[:min(len(a.Body), longestRobots)], "")
		found = parseRobots(text, robotsDefault, product(s.fetcher.UserAgent()))
		return nil
	}})
	var f *source.Failure
	switch {
	case err == nil:
		h.robots, h.until = found, s.now().Add(robotsFor)
		if found.delay > 0 && found.delay <= longestDelay {
			h.pacer.AtLeast(found.delay)
		}
	case errors.As(err, &f) && !f.Held:
		// Nobody knows what may be read: nothing is, for now (section 2.3.1.4).
		h.robots, h.until = robots{shut: "its robots.txt cannot be had: " + f.Why}, s.now().Add(robotsRetry)
	case f != nil:
		return robots{shut: "the site is not asked for now: " + f.Why}, nil
	default:
		return robots{}, err
	}
	return h.robots, nil
}

// forbidden says why an address must not be read, nil if it may be.
func (r robots) forbidden(u *url.URL) *source.Failure {
	switch {
	case r.shut != "":
		return &source.Failure{Cause: tocsin.CauseUnreachable, Why: "the article was not asked for: " + r.shut}
	case r.delay > longestDelay:
		return &source.Failure{Cause: tocsin.CauseRefused, Why: "the article was not asked for: robots.txt wants more than two minutes between two pages"}
	case !r.allows(u.RequestURI()):
		return &source.Failure{Cause: tocsin.CauseRefused, Why: "the article was not asked for: robots.txt asks not to read it"}
	}
	return nil
}
