package feed

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"tocsin"
	"tocsin/watcher/source"
)

// site serves what it is told to, on this machine.
type site struct {
	*httptest.Server
	mu    sync.Mutex
	pages map[string]http.HandlerFunc
	asked []string // paths, in order
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{pages: map[string]http.HandlerFunc{}}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked = append(s.asked, r.URL.RequestURI())
		h := s.pages[r.URL.Path]
		s.mu.Unlock()
		if h == nil {
			http.NotFound(w, r)
			return
		}
		h(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *site) serve(path string, h http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pages[path] = h
}

// put serves a document under an ETag of its own, and honours it.
func (s *site) put(path, contentType string, body []byte) {
	tag := fmt.Sprintf(`"%d-%d"`, len(body), time.Now().UnixNano())
	s.serve(path, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("Content-Type", contentType)
		_, _ = w.Write(body)
	})
}

func (s *site) paths() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.asked...)
}

// clock is set by hand.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

// reader polls one feed, keeping its state as the watch does: as bytes.
type reader struct {
	t     *testing.T
	src   *Source
	clock *clock
	state []byte
}

func follow(t *testing.T, s *site, path string, allow ...string) *reader {
	t.Helper()
	c := &clock{time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)}
	address := s.URL + path
	f, err := source.NewFetcher(source.FetchOptions{Own: address, Allow: allow, UserAgent: "Example-Watch/1 (watch@example.org)", Timeout: 20 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	src, err := New(Options{ID: "wire", URL: address, Fetcher: f, Pacer: source.NewPacer(source.PaceOptions{}), Now: c.now,
		Hosts: func(string) *source.Pacer { return source.NewPacer(source.PaceOptions{}) }})
	if err != nil {
		t.Fatal(err)
	}
	return &reader{t: t, src: src, clock: c}
}

// poll looks ten minutes later.
func (r *reader) poll() Reading {
	r.t.Helper()
	r.clock.at = r.clock.at.Add(10 * time.Minute)
	reading, state, err := r.src.Poll(r.t.Context(), r.state)
	if err != nil {
		r.t.Fatal(err)
	}
	if len(state) == 0 || !json.Valid(state) {
		r.t.Fatalf("the state is %q", state)
	}
	r.state = state
	if reading.Complete == (reading.Cause != "") {
		r.t.Errorf("complete %v with cause %q (%s)", reading.Complete, reading.Cause, reading.Why)
	}
	return reading
}

// complete polls and wants so many new items of a whole feed.
func (r *reader) complete(what string, fresh int) Reading {
	r.t.Helper()
	reading := r.poll()
	if !reading.Complete || len(reading.New) != fresh {
		r.t.Errorf("%s: complete %v (%s), %d new of %d, want %d", what, reading.Complete, reading.Why, len(reading.New), reading.Items, fresh)
	}
	return reading
}

// fails polls and wants a fault with nothing new.
func (r *reader) fails(what string, cause tocsin.Cause, why string) Reading {
	r.t.Helper()
	reading := r.poll()
	if reading.Complete || reading.Cause != cause || !strings.Contains(reading.Why, why) {
		r.t.Errorf("%s: complete %v, %s: %q; want %s: …%s…", what, reading.Complete, reading.Cause, reading.Why, cause, why)
	}
	return reading
}

// titles are what is new, in order.
func titles(r Reading) string {
	var out []string
	for _, a := range r.New {
		out = append(out, a.Title)
	}
	return strings.Join(out, " | ")
}

// rss is a feed of items as they are written.
func rss(items ...string) []byte {
	return []byte(`<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>Lantern Wire</title><link>https://lantern.example/</link><language>en-GB</language>
` + strings.Join(items, "\n") + "\n</channel></rss>\n")
}

// entry is one item with id, link, title and text.
func entry(n int, date string) string {
	s := fmt.Sprintf(`<item><guid>tag:lantern.example,2026:%d</guid><link>https://lantern.example/%d</link><title>Story %d</title><description>The text of story %d.</description>`, n, n, n, n)
	if date != "" {
		s += "<pubDate>" + date + "</pubDate>"
	}
	return s + "</item>"
}
