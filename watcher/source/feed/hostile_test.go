package feed

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"tocsin"
)

// Bounds that hold for any input of http.max_body's 16 MiB. They are far above
// what is measured, and far below what would hurt: the race detector and slow
// machines are allowed for.
const (
	mostMemory = 400 << 20
	mostTime   = 60 * time.Second
)

// within runs f and fails if it takes more memory than a small server has to
// spare, or if it does not end.
func within(t *testing.T, what string, f func()) {
	t.Helper()
	runtime.GC()
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	done, peak := make(chan struct{}), make(chan uint64)
	go func() {
		most := uint64(0)
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-done:
				peak <- most
				return
			case <-tick.C:
				var now runtime.MemStats
				runtime.ReadMemStats(&now)
				most = max(most, now.HeapAlloc)
			}
		}
	}()
	begin := time.Now()
	f()
	took := time.Since(begin)
	close(done)
	used := int64(<-peak) - int64(before.HeapAlloc)
	t.Logf("%s: %v, %d MiB", what, took.Round(time.Millisecond), max(0, used)>>20)
	if used > mostMemory {
		t.Errorf("%s took %d MiB", what, used>>20)
	}
	if took > mostTime {
		t.Errorf("%s took %v", what, took)
	}
}

// fill repeats a text up to 15 MiB, the size of the largest answer that is taken.
func fill(text string) string { return strings.Repeat(text, (15<<20)/len(text)) }

func TestHostileFeedsAreRefusedInBoundedTimeAndMemory(t *testing.T) {
	unlessRaced(t)
	if testing.Short() {
		t.Skip("skipped: -short")
	}
	const head = `<rss version="2.0"><channel><title>x</title>`
	one := entry(1, "")
	lots := func() string { // as many items as fit
		return head + fill("<item><title>a</title></item>") + "</channel></rss>"
	}
	for _, c := range []struct {
		what   string
		body   func() string
		items  int    // that are had; -1: it is no feed
		broken string // or note, or why
	}{
		{"billion laughs", func() string {
			var dtd strings.Builder
			dtd.WriteString(`<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a0 "ha">`)
			for n := 1; n < 30; n++ {
				fmt.Fprintf(&dtd, `<!ENTITY a%d "&a%d;&a%d;&a%d;&a%d;">`, n, n-1, n-1, n-1, n-1)
			}
			return dtd.String() + `]>` + head + `<item><title>&a29;</title><link>https://lantern.example/1</link></item></channel></rss>`
		}, 1, ""},
		{"an external entity", func() string {
			return `<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY % p SYSTEM "http://127.0.0.1:1/x.dtd">%p;]>` + head + `<item><title>A &x; B</title></item></channel></rss>`
		}, 1, ""},
		{"half a million items", lots, mostItems, "only the first 10000 items"},
		{"empty items", func() string { return head + fill("<item/>") + "</channel></rss>" }, mostItems, "only the first 10000 items"},
		{"empty entries", func() string { return `<feed xmlns="http://www.w3.org/2005/Atom">` + fill("<entry/>") + "</feed>" }, mostItems, "only the first 10000 items"},
		{"a million elements in an item", func() string { return head + "<item>" + fill("<a:b/>") + "</item></channel></rss>" }, -1, "too many elements"},
		{"a million elements after an item", func() string { return head + one + "<item>" + fill("<a:b/>") + "</item></channel></rss>" }, 1, "only the first 1 items"},
		{"nested a million deep", func() string { return head + one + "<item>" + fill("<a:b>") }, 1, "nested too deep"},
		{"nested from the start", func() string { return "<rss>" + fill("<a>") }, -1, "nested too deep"},
		{"a title of 15 MiB", func() string { return head + one + "<item><title>" + fill("long ") + "</title></item></channel></rss>" }, 1, "endless"},
		{"a title of 3 MiB", func() string {
			return head + "<item><title>" + strings.Repeat("long ", 3<<20/5) + "</title></item></channel></rss>"
		}, 1, ""},
		{"a tag that never ends", func() string { return head + one + "<item " + fill(`a="b" `) }, 1, "endless"},
		{"a comment that never ends", func() string { return head + one + "<!--" + fill("x") }, 1, "endless"},
		{"a processing instruction that never ends", func() string { return "<?xml " + fill("x") }, -1, ""},
		{"attributes", func() string { return head + one + "<item " + strings.Repeat(`a="b" `, 100_000) + "/></channel></rss>" }, 1, "too many attributes"},
		{"namespaces", func() string {
			var ns strings.Builder
			for n := range 900 {
				fmt.Fprintf(&ns, ` xmlns:n%d="u"`, n)
			}
			return `<rss` + ns.String() + `><channel>` + fill("<item><a/></item>") + `</channel></rss>`
		}, -1, "too many attributes"},
		{"dates that are none", func() string {
			return head + strings.Repeat("<item><pubDate>"+strings.Repeat("9", 1400)+"</pubDate></item>", 10_000) + "</channel></rss>"
		}, 10_000, ""},
		{"lines of 10 MB", func() string {
			return head + one + "<!-- " + strings.Repeat("x", 3<<20) + " -->" + strings.Repeat(" ", 3<<20) + "</channel></rss>"
		}, 1, ""},
		{"HTML in HTML in HTML", func() string {
			return head + "<item><description>" + strings.Repeat("&lt;div&gt;", 100_000) + "deep</description></item></channel></rss>"
		}, 1, ""},
		{"ampersands", func() string {
			return head + "<item><description>" + strings.Repeat("&", 3<<20) + "</description></item></channel></rss>"
		}, 1, ""},
		{"CDATA in pieces", func() string {
			return head + "<item><description>" + strings.Repeat("<![CDATA[x]]>", 200_000) + "</description></item></channel></rss>"
		}, 1, ""},
		{"JSON items", func() string { return `{"version":"https://jsonfeed.org/version/1","items":[` + fill(`{},`) + `{}]}` }, mostItems, "only the first 10000 items"},
		{"JSON tags", func() string {
			return `{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","tags":[` + strings.Repeat(`"",`, 1<<20) + `""]}]}`
		}, 1, ""},
		{"a JSON item without end", func() string {
			return `{"version":"https://jsonfeed.org/version/1","items":[{"id":"1"},{"id":"` + fill("x") + `"}]}`
		}, 1, "not as a JSON feed"},
		{"deep JSON", func() string { return `{"version":"https://jsonfeed.org/version/1","items":` + fill(`[`) }, -1, "no feed"},
		{"zeros", func() string { return fill("\x00") }, -1, ""},
		{"a sea of accents in no charset", func() string { return fill("\xe9\xff\x80") }, -1, ""},
	} {
		within(t, c.what, func() {
			body := []byte(c.body())
			doc, err := parse(body, "", nil)
			said := strings.Join(append(doc.notes, doc.broken), ";")
			if err != nil {
				said = err.Error()
			}
			switch {
			case (err != nil) != (c.items < 0):
				t.Errorf("%s: %d items, %v", c.what, len(doc.items), err)
			case err == nil && len(doc.items) != c.items:
				t.Errorf("%s: %d items, want %d (%s)", c.what, len(doc.items), c.items, said)
			case !strings.Contains(said, c.broken):
				t.Errorf("%s: %q", c.what, said)
			}
			for _, i := range doc.items {
				if strings.Contains(i.title, "root:") || len([]rune(i.title)) > longestTitle || len([]rune(i.text)) > longestText {
					t.Errorf("%s: an item is out of bounds", c.what)
				}
			}
		})
	}
}

func TestHostilePagesAreRefusedInBoundedTimeAndMemory(t *testing.T) {
	unlessRaced(t)
	if testing.Short() {
		t.Skip("skipped: -short")
	}
	page := func(inner string) string {
		return "<!DOCTYPE html><html><head><title>x</title></head><body>" + inner + "</body></html>"
	}
	sized := func(text string, size int) string { return strings.Repeat(text, size/len(text)) }
	attributes := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "<b id=%d>", i)
		}
		return b.String()
	}
	for _, c := range []struct {
		what, body string
		good       bool
	}{
		{"50,000 deep", page(strings.Repeat("<div>", 50_000) + "x"), false},
		{"deep within bounds", page(strings.Repeat("<div>", 400) + sized("<p>Some words, and some more. </p>", 20_000)), true},
		{"elements", page(sized("<br>", 3<<20)), false},
		{"as many elements as are taken", page(sized("<p>Some words, and some more of them.</p>", 28_000*41)), true},
		{"formatting that is opened again in every block", page(attributes(400) + sized("<p>x</p>", 1<<20)), false},
		{"a few of them", page(attributes(8) + sized("<p>x, and some more words.</p>", 200<<10)), true},
		{"tables in tables", page(sized("<table><tr><td>", 1<<20)), false},
		{"a line of 3 MiB", page("<p>" + sized("words and words, ", 3<<20) + "</p>"), true},
		{"an attribute of 3 MiB", page(`<p class="` + sized("x", 3<<20) + `">x</p>`), true},
		{"many attributes", page("<p " + sized(`a="" `, 3<<20) + ">x</p>"), true},
		{"JSON-LD", page(`<script type="application/ld+json">{"@context":"https://schema.org","@type":"Article","a":` + strings.Repeat("[", 200_000) + `</script><p>x</p>`), true},
		{"a script of 3 MiB", page("<script>" + sized("x=1;", 3<<20) + "</script><p>x</p>"), true},
		{"entities", page("<p>" + sized("&amp;&#x41;&nbsp;", 3<<20) + "</p>"), true},
		{"select and options", page(sized("<select><option>a", 300<<10)), true},
		{"SVG and MathML", page(sized("<svg><math><mi>", 10<<10)), false},
		{"frames", page(sized("<frameset><frame>", 100<<10)), true},
		{"comments", page(sized("<!---->", 3<<20)), false},
		{"zeros", sized("\x00", 3<<20), true},
		{"separators in the title", "<html><head><title>" + sized(" | » / - ", 900<<10) + "</title></head><body><p>x</p></body></html>", true},
		{"commas and classes", page(sized(`<div class="article content main comment sidebar"><p>a,b,c,d,e,f,g,h,</p></div>`, 1<<20)), true},
		{"links", page(sized(`<a href="https://x.example/?a=b">a</a> `, 1<<20)), true},
	} {
		within(t, c.what, func() {
			got, err := extract(t.Context(), []byte(c.body), "text/html", "https://news.example/a")
			if (err == nil) != c.good && !(c.good && err != nil && strings.Contains(err.Error(), "too many")) {
				t.Errorf("%s: %v", c.what, err)
			}
			if len([]rune(got.text)) > longestText {
				t.Errorf("%s: a text of %d bytes", c.what, len(got.text))
			}
		})
	}
}

func TestBombsAndEndlessAnswersEndTheirReading(t *testing.T) {
	s := newSite(t)
	r := follow(t, s, "/feed")
	s.serve("/feed", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		defer z.Close()
		block := bytes.Repeat([]byte(" "), 1<<20)
		for range 200 {
			if _, err := z.Write(block); err != nil {
				return
			}
		}
	})
	within(t, "a gzip bomb of 200 MiB", func() { r.fails("bomb", tocsin.CauseMalformed, "max_body") })
	s.serve("/feed", func(w http.ResponseWriter, q *http.Request) {
		_, _ = fmt.Fprint(w, `<rss><channel>`)
		for q.Context().Err() == nil {
			if _, err := fmt.Fprint(w, strings.Repeat("<item><title>x</title></item>", 1000)); err != nil {
				return
			}
		}
	})
	within(t, "an endless feed", func() { r.fails("endless", tocsin.CauseMalformed, "max_body") })
	show(s, "/robots.txt", strings.Repeat("User-agent: *\nDisallow: /a\n", 400_000))
	show(s, "/story", story("", "Fog."))
	within(t, "a robots.txt of 11 MB", func() {
		if _, _, err := r.src.Read(t.Context(), article(s, "/story")); err != nil {
			t.Errorf("a long robots.txt: %v", err)
		}
	})
	s.serve("/story", func(w http.ResponseWriter, q *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		for q.Context().Err() == nil {
			if _, err := fmt.Fprint(w, strings.Repeat("<p>more</p>", 1000)); err != nil {
				return
			}
		}
	})
	within(t, "an endless page", func() {
		if _, _, err := r.src.Read(t.Context(), article(s, "/story")); !strings.Contains(why(err), "max_body") {
			t.Errorf("an endless page: %v", err)
		}
	})
}

func TestAHostileListOfFeedsIsRefused(t *testing.T) {
	unlessRaced(t)
	for what, body := range map[string]string{
		"deep":      `<opml><body>` + fill(`<outline>`),
		"many":      `<opml><body>` + fill(`<outline xmlUrl="https://a.example/"/>`),
		"long":      `<opml><body><outline text="` + fill("x") + `"/></body></opml>`,
		"entities":  `<!DOCTYPE opml [<!ENTITY a "b">]><opml><body>` + fill(`<outline text="&a;"/>`),
		"too large": strings.Repeat(" ", LongestOPML+1),
	} {
		within(t, what, func() {
			feeds, _, err := ParseOPML([]byte(body))
			if err == nil && len(feeds) > 0 {
				t.Errorf("%s: %d feeds", what, len(feeds))
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add(rss(entry(1, "Wed, 25 Nov 2026 08:00:00 GMT")), "text/xml")
	f.Add([]byte(`<feed xmlns="http://www.w3.org/2005/Atom" xml:base="/x"><entry><title type="xhtml"><div>a</div></title><link href="b"/></entry></feed>`), "")
	f.Add([]byte(`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><item><title>x</title></item></rdf:RDF>`), "text/html; charset=koi8-r")
	f.Add([]byte(`{"version":"https://jsonfeed.org/version/1","items":[{"id":1,"content_html":"<p>x"}]}`), "application/json")
	f.Add([]byte("\xff\xfe<\x00r\x00s\x00s\x00"), "")
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		doc, err := parse(body, contentType, nil)
		if err != nil {
			return
		}
		m, _ := recall(nil, "x")
		now := time.Unix(1.7e9, 0)
		m.fresh(doc.items, now)
		state, err := m.state()
		if err != nil {
			t.Fatal(err)
		}
		again, whole := recall(state, "x")
		if !whole || len(again.fresh(doc.items, now)) != 0 {
			t.Error("an item is new twice")
		}
		for _, i := range doc.items {
			if strings.ContainsAny(i.title, "\n\r\x00") || len(i.id) > longestID || i.link != "" && !strings.HasPrefix(i.link, "http") {
				t.Errorf("an item is out of bounds: %+v", i)
			}
			if b, err := json.Marshal(i.text); err != nil || len(b) == 0 {
				t.Error(err)
			}
		}
	})
}

func FuzzExtract(f *testing.F) {
	f.Add([]byte(story(`<link rel=canonical href="/x">`, "Fog.")), "text/html")
	f.Add([]byte("<table><b><i><p><svg><math><select><option>"), "text/html; charset=gbk")
	f.Add([]byte(`<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle","headline":[1]}</script>`), "")
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		c, err := extract(context.Background(), body, contentType, "https://news.example/a")
		if err == nil && (strings.ContainsRune(c.text, 0) || c.canonical != "" && !strings.HasPrefix(c.canonical, "http")) {
			t.Errorf("out of bounds: %+v", c)
		}
	})
}

func FuzzOPML(f *testing.F) {
	f.Add([]byte(`<opml><body><outline text="a"><outline xmlUrl="feed:https://a.example/x"/></outline></body></opml>`))
	f.Fuzz(func(t *testing.T, body []byte) {
		feeds, _, err := ParseOPML(body)
		if err != nil {
			return
		}
		for _, o := range feeds {
			if !strings.HasPrefix(o.URL, "http") || strings.ContainsAny(o.URL, "$\n\"") || strings.ContainsAny(o.Title, "\n\r") || o.Line < 1 {
				t.Errorf("%+v", o)
			}
		}
	})
}

func FuzzRobots(f *testing.F) {
	f.Add("User-agent: *\nDisallow: /a*b$\nCrawl-delay: 3", "/axb")
	f.Fuzz(func(t *testing.T, text, path string) {
		r := parseRobots(text, "tocsin")
		r.allows(path)
		if r.delay < 0 {
			t.Error("a delay below nothing")
		}
		if !parseRobots("User-agent: *\nDisallow: /", "tocsin").allows("x"+path) != strings.HasPrefix("x"+path, "/") {
			t.Error("a rule for / does not hold")
		}
	})
}

func FuzzCanonical(f *testing.F) {
	f.Add("https://a.example/?utm_source=x&b=%41#c")
	f.Fuzz(func(t *testing.T, address string) {
		once := Canonical(address)
		if twice := Canonical(once); twice != once && unwrapped(once) != nil && unwrapped(once).String() == once {
			t.Errorf("%q, then %q", once, twice)
		}
	})
}

// unlessRaced skips a test of what is bounded, a size or a count of steps, under the race
// detector: that changes both, and takes minutes.
func unlessRaced(t *testing.T) {
	t.Helper()
	if raced {
		t.Skip("bounds are measured without the race detector")
	}
}
