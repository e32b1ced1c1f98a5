package feed

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"tocsin"
	"tocsin/watcher/source"
)

func TestEveryKindOfFeedIsRead(t *testing.T) {
	const when = "2026-11-25T08:00:00Z"
	for _, c := range []struct{ what, body string }{
		{"RSS 2.0", `<rss version="2.0"><channel><title>Lantern Wire</title><language>en-GB</language><item><guid>a1</guid><link>https://lantern.example/a</link><title>Bell &amp;amp; &lt;b&gt;tower&lt;/b&gt;</title><description><![CDATA[<p>First.</p><p>Second &nbsp;part.</p><script>alert(1)</script>]]></description><pubDate>Wed, 25 Nov 2026 08:00:00 GMT</pubDate></item></channel></rss>`},
		{"RSS 0.91", `<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd"><rss version="0.91"><channel><title>Lantern Wire</title><language>en-gb</language><item><title>Bell &amp; tower</title><link>https://lantern.example/a</link><description>First. Second part.</description></item></channel></rss>`},
		{"RDF", `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://lantern.example/"><title>Lantern Wire</title><dc:language>en-gb</dc:language></channel><item rdf:about="https://lantern.example/a"><title>Bell &amp; tower</title><link>https://lantern.example/a</link><description>First. Second part.</description><dc:date>` + when + `</dc:date></item></rdf:RDF>`},
		{"Atom", `<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-gb" xml:base="https://lantern.example/"><title type="html">Lantern &lt;i&gt;Wire&lt;/i&gt;</title><entry><id>a1</id><link href="a"/><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Bell &amp; <b>tower</b></div></title><updated>` + when + `</updated><content type="html">&lt;p&gt;First.&lt;/p&gt; &lt;p&gt;Second part.&lt;/p&gt;</content></entry></feed>`},
		{"JSON Feed", `{"version":"https://jsonfeed.org/version/1.1","title":"Lantern Wire","language":"en-GB","items":[{"id":7,"url":"https://lantern.example/a","title":"Bell & tower","content_html":"<p>First.</p><p>Second part.</p>","date_published":"` + when + `"}]}`},
		{"without a link of its own", `<rss version="2.0"><channel><title>Lantern Wire</title><language>en-GB</language><item><guid isPermaLink="true">https://lantern.example/a</guid><title>Bell &amp; tower</title><description>First. Second part.</description></item></channel></rss>`},
		{"with control characters", "<rss version=\"2.0\"><channel><title>Lan\x01tern Wire</title><language>en-GB</language><item><title>Bell &amp; tower\x0b</title><link>https://lantern.example/a</link><description>First.\x1f Second part.</description></item></channel></rss>"},
		{"behind white space and a stylesheet", "\n \t<?xml version=\"1.0\"?><?xml-stylesheet href='x.xsl'?>" + strings.Repeat("<!-- long -->", 600) + `<rss version="2.0"><channel><title>Lantern Wire</title><language>en_GB</language><item><title>Bell &amp; tower</title><link>/a</link><description>First. Second part.</description></item></channel></rss>`},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := newSite(t)
			s.put("/feed", "text/html; charset=utf-8", []byte(c.body))
			r := follow(t, s, "/feed").complete(c.what, 1)
			if len(r.New) != 1 {
				t.FailNow()
			}
			a := r.New[0]
			a.URL = strings.Replace(a.URL, s.URL, "https://lantern.example", 1)
			if a.Title != "Bell & tower" || strings.Join(strings.Fields(a.Text), " ") != "First. Second part." || a.URL != "https://lantern.example/a" || a.Language != "en-gb" || a.Outlet != "Lantern Wire" || a.Source != "wire" {
				t.Errorf("got %+v", a)
			}
			if !a.Published.IsZero() && a.Published.Format(time.RFC3339) != when {
				t.Errorf("published %v", a.Published)
			}
		})
	}
}

func TestItemsAreHandedOnOnceWhateverTheFeedDoesToThem(t *testing.T) {
	s := newSite(t)
	put := func(items ...string) { s.put("/feed", "application/rss+xml", rss(items...)) }
	r := follow(t, s, "/feed")
	day := func(n int) string { return fmt.Sprintf("%02d Nov 2026 08:00:00 GMT", n) }
	put(entry(3, day(23)), entry(2, day(22)), entry(1, ""))
	if got := titles(r.complete("first", 3)); got != "Story 1 | Story 2 | Story 3" {
		t.Errorf("in this order: %s", got)
	}
	put(entry(4, day(24)), entry(3, day(23)), entry(2, day(22)))
	if got := titles(r.complete("one more", 1)); got != "Story 4" {
		t.Errorf("new is %s", got)
	}
	put(entry(1, day(25)), entry(4, day(25)), entry(3, day(25)))
	r.complete("back-filled and re-dated", 0)
	edited := strings.Replace(strings.Replace(entry(4, ""), "Story 4", "Story 4, corrected", 1), "The text", "Another text", 1)
	put(edited, entry(3, ""))
	r.complete("edited under its id", 0)
	put(strings.Replace(entry(4, ""), "tag:lantern.example,2026:4", "urn:new:4", 1))
	r.complete("the same item with another id", 0)
	put(strings.ReplaceAll(strings.Replace(entry(3, ""), "tag:lantern.example,2026:3", "urn:new:3", 1), "https://lantern.example", "https://www.lantern-news.example"))
	r.complete("the same item on another host", 0)
	put(entry(5, ""), entry(5, ""), entry(5, ""))
	r.complete("three times the same", 1)
	live := func(n int) string { // one page, reported on again and again
		return fmt.Sprintf(`<item><guid>live-%d</guid><link>https://lantern.example/live</link><title>Live: hour %d</title></item>`, n, n)
	}
	put(live(1), live(2))
	r.complete("two reports of one page", 2)
	put(live(2), live(3))
	r.complete("a third", 1)
	broken := func(n int) string { // an id that is nobody's own
		return fmt.Sprintf(`<item><guid>0</guid><link>https://lantern.example/x%d</link><title>Same id %d</title></item>`, n, n)
	}
	put(broken(1), broken(2), broken(3))
	r.complete("one id for all", 3)
	put(broken(2), broken(4))
	r.complete("one id for all, later", 1)
	bare := func(text string) string { return "<item><description>" + text + "</description></item>" }
	put(bare("A short notice."), bare("Another one."))
	r.complete("neither id nor link", 2)
	put(bare("Another  <b>one</b>."), bare("A third one."))
	if got := r.complete("neither id nor link, later", 1); got.New[0].Text != "A third one." {
		t.Errorf("new is %+v", got.New)
	}
	moved := []byte(strings.ReplaceAll(string(rss(entry(4, ""), live(3), broken(4))), "https://lantern.example", "http://lantern.example"))
	s.put("/feed", "application/rss+xml", moved)
	r.complete("from https to http", 0)
}

func TestAnItemIsRememberedLongAfterItLeftAndNotForEver(t *testing.T) {
	s := newSite(t)
	put := func(items ...string) { s.put("/feed", "application/rss+xml", rss(items...)) }
	r := follow(t, s, "/feed")
	put(entry(1, ""), entry(2, ""))
	r.complete("first", 2)
	// Unchanged for longer than anything is remembered: it is in the feed all the time.
	for range 5 {
		r.clock.at = r.clock.at.AddDate(0, 0, 30)
		r.complete("unchanged", 0)
	}
	put(entry(2, ""))
	r.complete("the first leaves", 0)
	r.clock.at = r.clock.at.AddDate(0, 0, 80)
	put(entry(1, ""), entry(2, ""))
	r.complete("the first returns after 80 days", 0)
	put(entry(2, ""))
	r.complete("it leaves again", 0)
	if m, _ := recall(r.state, ""); len(m.seen) != 4 {
		t.Errorf("%d keys are remembered of two items, want 4", len(m.seen))
	}
	r.clock.at = r.clock.at.AddDate(0, 0, 100)
	put(entry(2, ""), entry(3, ""))
	r.complete("another comes", 1)
	if m, _ := recall(r.state, ""); len(m.seen) != 4 {
		t.Errorf("%d keys are remembered, want those of the two items that are there", len(m.seen))
	}
}

func TestTheStateIsBounded(t *testing.T) {
	unlessRaced(t)
	m, _ := recall(nil, "https://lantern.example/feed")
	now := time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
	for day := range 8 {
		var items []item
		for n := range mostItems {
			items = append(items, item{id: fmt.Sprint(day, "/", n), link: fmt.Sprintf("https://lantern.example/%d/%d", day, n), title: "Story"})
		}
		m.now = map[key]bool{}
		if fresh := m.fresh(items, now.AddDate(0, 0, day)); len(fresh) != mostItems {
			t.Fatalf("day %d: %d new", day, len(fresh))
		}
		state, err := m.state()
		if err != nil || len(state) > 600<<10 {
			t.Fatalf("the state has %d bytes, %v", len(state), err)
		}
		if fresh := m.fresh(items, now.AddDate(0, 0, day)); len(fresh) != 0 {
			t.Fatalf("day %d: %d are forgotten while they are in the feed", day, len(fresh))
		}
	}
}

func TestFaultsAreToldApart(t *testing.T) {
	s := newSite(t)
	r := follow(t, s, "/feed")
	whole := rss(entry(2, ""), entry(1, ""))
	s.put("/feed", "application/rss+xml", whole)
	r.complete("first", 2)
	answer := func(status int, kind, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.Header().Set("ETag", `"bad"`)
			w.WriteHeader(status)
			_, _ = fmt.Fprint(w, body)
		}
	}
	page := "<!DOCTYPE html><html><head><title>Lantern</title></head><body><p>The story of the year &amp; more &nbsp; <br> text</p></body></html>"
	for _, c := range []struct {
		what  string
		h     http.HandlerFunc
		cause tocsin.Cause
		why   string
	}{
		{"404", answer(404, "text/html", page), tocsin.CauseMalformed, "the feed is gone (404)"},
		{"410", answer(410, "text/plain", ""), tocsin.CauseMalformed, "the feed is gone (410)"},
		{"403", answer(403, "text/html", page), tocsin.CauseRefused, "refused (403)"},
		{"503", answer(503, "text/html", "<html>busy</html>"), tocsin.CauseUnreachable, "unreachable (503)"},
		{"a page", answer(200, "application/rss+xml", page), tocsin.CauseMalformed, "a page for people"},
		{"a page as XHTML", answer(200, "application/xhtml+xml", `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body/></html>`), tocsin.CauseMalformed, "a page for people"},
		{"a challenge", answer(200, "text/html", "<html><head><title>Just a moment...</title></head><body></body></html>"), tocsin.CauseRefused, "wants a browser"},
		{"no items", answer(200, "application/rss+xml", string(rss())), tocsin.CauseMalformed, "empty (the feed had 2 items before)"},
		{"cut", answer(200, "application/rss+xml", string(whole[:len(whole)/2])), tocsin.CauseMalformed, "it breaks off"},
		{"cut at a tag", answer(200, "application/rss+xml", string(whole[:len(whole)-16])), tocsin.CauseMalformed, "after 2 items it breaks off"},
		{"broken within", answer(200, "application/rss+xml", strings.Replace(string(whole), "<title>Story 1", "<title <<>Story 1", 1)), tocsin.CauseMalformed, "after 1 items it is not well-formed"},
		{"nothing", answer(200, "application/rss+xml", " \n"), tocsin.CauseMalformed, "nothing"},
		{"a sitemap", answer(200, "text/xml", `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"/>`), tocsin.CauseMalformed, "XML that is no feed"},
		{"other JSON", answer(200, "application/json", `{"items":[]}`), tocsin.CauseMalformed, "JSON that is no feed"},
		{"half of JSON", answer(200, "application/json", `{"version":"https://jsonfeed.org/version/1","items":[`), tocsin.CauseMalformed, "JSON that breaks off"},
		{"words", answer(200, "text/plain", "Not today."), tocsin.CauseMalformed, "neither a feed nor a page"},
		{"a packed file", answer(200, "application/gzip", "\x1f\x8b\x08\x00"), tocsin.CauseMalformed, "a packed file"},
		{"304 to nothing", answer(304, "", ""), "", ""},
		{"a way inside", func(w http.ResponseWriter, q *http.Request) {
			http.Redirect(w, q, "http://10.0.0.1/feed", http.StatusMovedPermanently)
		}, tocsin.CauseMalformed, "not public"},
		{"a loop", func(w http.ResponseWriter, q *http.Request) { http.Redirect(w, q, "/feed", http.StatusFound) }, tocsin.CauseMalformed, "redirected too often"},
	} {
		s.serve("/feed", c.h)
		if c.cause == "" {
			r.complete(c.what, 0)
			continue
		}
		got := r.fails(c.what, c.cause, c.why)
		if len(got.New) > 0 {
			t.Errorf("%s: %d new", c.what, len(got.New))
		}
		for _, secret := range []string{s.URL, "127.0.0.1", "Story", "lantern"} {
			if strings.Contains(got.Why, secret) {
				t.Errorf("%s: the fault quotes what was served: %s", c.what, got.Why)
			}
		}
	}
	// No fault's validators were kept: a 304 would pass for the whole feed.
	s.serve("/feed", func(w http.ResponseWriter, q *http.Request) {
		if q.Header.Get("If-None-Match") == `"bad"` {
			t.Error("the validator of a faulty answer is sent back")
		}
		_, _ = w.Write(whole)
	})
	r.complete("whole again", 0)
	if len(r.poll().New) != 0 {
		t.Error("something is new")
	}
}

func TestWhatStandsBeforeABreakIsHandedOn(t *testing.T) {
	s := newSite(t)
	r := follow(t, s, "/feed")
	whole := string(rss(entry(3, ""), entry(2, ""), entry(1, "")))
	s.put("/feed", "application/rss+xml", []byte(whole[:strings.Index(whole, "Story 1")]))
	if got := r.fails("cut", tocsin.CauseMalformed, "after 2 items it breaks off"); titles(got) != "Story 2 | Story 3" {
		t.Errorf("new are %s", titles(got))
	}
	s.put("/feed", "application/rss+xml", []byte(whole))
	if got := r.complete("whole", 1); titles(got) != "Story 1" {
		t.Errorf("new is %s", titles(got))
	}
}

func TestAFeedThatWasAlwaysEmptyIsNoFault(t *testing.T) {
	s := newSite(t)
	r := follow(t, s, "/feed")
	s.put("/feed", "application/rss+xml", rss())
	r.complete("empty from the start", 0)
	s.put("/feed", "application/rss+xml", rss(entry(1, "")))
	r.complete("its first item", 1)
	s.put("/feed", "application/rss+xml", rss())
	r.fails("emptied", tocsin.CauseMalformed, "empty")
}

func TestAServiceThatAlwaysSaysUnchangedIsAskedAgainWithoutBeingToldWhatWeHave(t *testing.T) {
	s := newSite(t)
	body := rss(entry(1, ""))
	s.serve("/feed", func(w http.ResponseWriter, q *http.Request) {
		w.Header().Set("ETag", `"same"`) // whatever it serves
		if q.Header.Get("If-None-Match") != "" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		_, _ = w.Write(body)
	})
	r := follow(t, s, "/feed")
	r.complete("first", 1)
	body = rss(entry(2, ""), entry(1, ""))
	r.complete("said to be unchanged", 0)
	r.clock.at = r.clock.at.Add(25 * time.Hour)
	r.complete("a day later", 1)
}

func TestAStateThatCannotBeReadIsSaid(t *testing.T) {
	s := newSite(t)
	s.put("/feed", "application/rss+xml", rss(entry(1, "")))
	for _, state := range []string{"{", `{"v":9}`, `{"v":1,"key":"AAAA"}`, `[]`, "\x00"} {
		r := follow(t, s, "/feed")
		r.state = []byte(state)
		if got := r.complete(state, 1); !strings.Contains(got.Why, "could not be remembered") {
			t.Errorf("%q: %q", state, got.Why)
		}
		r.complete("from there on", 0)
	}
}

func TestAnotherAddressIsNotAskedWithTheFormersValidators(t *testing.T) {
	s := newSite(t)
	s.put("/feed", "application/rss+xml", rss(entry(1, "")))
	r := follow(t, s, "/feed")
	r.complete("first", 1)
	s.serve("/other", func(w http.ResponseWriter, q *http.Request) {
		if q.Header.Get("If-None-Match") != "" {
			t.Error("asked with the other feed's validator")
		}
		_, _ = w.Write(rss(entry(2, ""), entry(1, "")))
	})
	other := follow(t, s, "/other")
	other.state = r.state
	other.complete("the same feed elsewhere", 1)
}

func TestAFeedsSilenceIsMeasuredByItsOwnRhythm(t *testing.T) {
	s := newSite(t)
	r := follow(t, s, "/feed")
	var items []string
	at := r.clock.at.Add(-20 * 24 * time.Hour)
	n := 0
	for ; at.Before(r.clock.at); at = at.Add(6 * time.Hour) {
		if at.Weekday() != time.Sunday { // it rests on Sundays
			n++
			items = append([]string{entry(n, at.Format(time.RFC1123Z))}, items...)
		}
	}
	s.put("/feed", "application/rss+xml", rss(items...))
	got := r.complete("first", n)
	if got.Usual != 6*time.Hour || got.Patience < 48*time.Hour || got.Patience > 72*time.Hour {
		t.Errorf("usual %v, patience %v", got.Usual, got.Patience)
	}
	if since := got.Ended.Sub(got.LastNew); since > 7*time.Hour || since < 0 {
		t.Errorf("the last was new at %v, %v ago", got.LastNew, since)
	}
	last := got.LastNew
	r.clock.at = r.clock.at.Add(70 * time.Hour)
	if got := r.complete("silent", 0); !got.LastNew.Equal(last) || got.Patience == 0 {
		t.Errorf("silence moved the last new item from %v to %v", last, got.LastNew)
	}
	s.put("/feed", "application/rss+xml", rss(append([]string{entry(900, "Mon, 01 Jan 2001 00:00:00 GMT")}, items...)...))
	if got := r.complete("new, and dated long ago", 1); !got.LastNew.Equal(got.Ended) {
		t.Errorf("the last was new at %v", got.LastNew)
	}
	few := follow(t, s, "/few")
	s.put("/few", "application/rss+xml", rss(entry(1, ""), entry(2, "")))
	if got := few.complete("of two undated items", 2); got.Usual != 0 || got.Patience != 0 {
		t.Errorf("something is known of its rhythm: %v, %v", got.Usual, got.Patience)
	}
}

func TestWhileTheHostRefusesNothingIsAskedAndTheStateStays(t *testing.T) {
	s := newSite(t)
	s.put("/feed", "application/rss+xml", rss(entry(1, "")))
	f, err := source.NewFetcher(source.FetchOptions{Own: s.URL})
	if err != nil {
		t.Fatal(err)
	}
	c := &clock{time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)}
	src, err := New(Options{ID: "wire", URL: s.URL + "/feed", Fetcher: f, Pacer: source.NewPacer(source.PaceOptions{Backoff: time.Hour, Now: c.now}), Now: c.now})
	if err != nil {
		t.Fatal(err)
	}
	_, state, err := src.Poll(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	s.serve("/feed", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) })
	for range 3 {
		r, next, err := src.Poll(t.Context(), state)
		if err != nil || r.Complete || r.Cause != tocsin.CauseRefused || string(next) != string(state) {
			t.Fatalf("%+v, %v; the state changed: %v", r, err, string(next) != string(state))
		}
	}
	if got := len(s.paths()); got != 2 {
		t.Errorf("%d requests, want 2", got)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, next, err := src.Poll(ctx, state); !errors.Is(err, context.Canceled) || string(next) != string(state) {
		t.Errorf("an ended context: %v", err)
	}
}

func TestOptionsThatCannotBeAreRefused(t *testing.T) {
	f, err := source.NewFetcher(source.FetchOptions{Own: "https://lantern.example/feed"})
	if err != nil {
		t.Fatal(err)
	}
	p := source.NewPacer(source.PaceOptions{})
	for _, o := range []Options{{}, {URL: "ftp://lantern.example/", Fetcher: f, Pacer: p}, {URL: "https://lantern.example/"}, {URL: "https://lantern.example/", Fetcher: f}} {
		if _, err := New(o); err == nil {
			t.Errorf("%+v is taken", o)
		}
	}
}
