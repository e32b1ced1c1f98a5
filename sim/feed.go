package sim

import (
	"fmt"
	"hash/fnv"
	"html"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Item is one piece of news of a Feed.
type Item struct {
	ID        string // its guid; "" leaves it out
	Path      string // of its page on the same server, "/a/1", or a whole address; "" leaves it out
	Title     string
	Summary   string
	Story     string    // what its page says, a paragraph a line
	Published time.Time // zero leaves it out
}

// Feed is an outlet: an RSS 2.0 feed at /feed and the pages of its articles. Its
// methods may be called from any goroutine.
type Feed struct {
	local
	title string
	log   requestLog

	mu       sync.Mutex
	items    []Item
	status   int // of every answer, 0 is as it should be
	language string
}

// NewFeed starts an outlet of that name on a loopback port.
func NewFeed(title string) (*Feed, error) {
	f := &Feed{title: title, language: "en"}
	var err error
	f.local, err = onLoopback("feed", f)
	return f, err
}

// URL is the feed's address.
func (f *Feed) URL() string { return f.host + "/feed" }

// Host is the server's root, "http://127.0.0.1:port".
func (f *Feed) Host() string { return f.host }

// Publish puts items in front of the feed, the last one first.
func (f *Feed) Publish(items ...Item) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, it := range items {
		f.items = append([]Item{it}, f.items...)
	}
}

// Edit changes the items as do says.
func (f *Feed) Edit(do func([]Item) []Item) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.items = do(f.items)
}

// Fail has every request answered with a status; 0 ends it.
func (f *Feed) Fail(status int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.status = status
}

// Requests are all requests so far, in the order in which they came.
func (f *Feed) Requests() []Request { return f.log.all() }

// ServeHTTP answers.
func (f *Feed) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.log.add(r, time.Now())
	f.mu.Lock()
	status, items := f.status, append([]Item{}, f.items...)
	f.mu.Unlock()
	if status != 0 {
		http.Error(w, http.StatusText(status), status)
		return
	}
	if r.URL.Path == "/feed" {
		f.serve(w, r, items)
		return
	}
	for _, it := range items {
		if it.Path == r.URL.Path && it.Story != "" {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = fmt.Fprint(w, f.page(it))
			return
		}
	}
	http.NotFound(w, r)
}

func (f *Feed) serve(w http.ResponseWriter, r *http.Request, items []Item) {
	var b strings.Builder
	fmt.Fprintf(&b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\"><channel><title>%s</title><link>%s/</link><description>News</description><language>%s</language>\n",
		html.EscapeString(f.title), f.host, f.language)
	for _, it := range items {
		b.WriteString("<item><title>" + html.EscapeString(it.Title) + "</title>")
		if it.Path != "" {
			link := it.Path
			if strings.HasPrefix(link, "/") {
				link = f.host + link
			}
			b.WriteString("<link>" + html.EscapeString(link) + "</link>")
		}
		if it.ID != "" {
			b.WriteString(`<guid isPermaLink="false">` + html.EscapeString(it.ID) + "</guid>")
		}
		if !it.Published.IsZero() {
			b.WriteString("<pubDate>" + it.Published.UTC().Format(time.RFC1123Z) + "</pubDate>")
		}
		b.WriteString("<description>" + html.EscapeString(it.Summary) + "</description></item>\n")
	}
	b.WriteString("</channel></rss>\n")
	h := fnv.New64a()
	_, _ = h.Write([]byte(strings.ReplaceAll(b.String(), f.host, "")))
	tag := fmt.Sprintf(`"%x"`, h.Sum64())
	w.Header().Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Header().Set("Content-Type", "application/rss+xml; charset=utf-8")
	_, _ = fmt.Fprint(w, b.String())
}

func (f *Feed) page(it Item) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<!doctype html><html lang=%q><head><title>%s</title></head><body><nav><a href=\"/\">%s</a></nav><article><h1>%s</h1>\n",
		f.language, html.EscapeString(it.Title), html.EscapeString(f.title), html.EscapeString(it.Title))
	for _, p := range strings.Split(it.Story, "\n") {
		b.WriteString("<p>" + html.EscapeString(p) + "</p>\n")
	}
	b.WriteString("</article></body></html>\n")
	return b.String()
}
