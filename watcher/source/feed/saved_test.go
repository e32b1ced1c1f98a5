package feed

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"tocsin"
)

// savedFeeds are real feeds as they were served. Nothing of them is printed.
func savedFeeds(t *testing.T) []string {
	t.Helper()
	dir := os.Getenv("TOCSIN_DATA")
	if dir == "" {
		t.Skip("skipped: TOCSIN_DATA is not set, the saved feeds are not here")
	}
	files, err := filepath.Glob(filepath.Join(dir, "feeds", "*.*"))
	if err != nil || len(files) == 0 {
		t.Skip("skipped: TOCSIN_DATA has no feeds")
	}
	return files
}

var (
	itemOf = regexp.MustCompile(`(?s)<item[ >].*?</item>|<entry[ >].*?</entry>`)
	dateOf = regexp.MustCompile(`(<(?:pubDate|dc:date|published|updated)>)[^<]*(</)`)
)

// pieces cuts a saved feed into what stands before its items, the items, and
// what stands behind them.
func pieces(t *testing.T, body []byte) (head string, items []string, tail string) {
	t.Helper()
	if bytes.HasPrefix(bytes.TrimSpace(body), []byte("{")) {
		var top map[string]json.RawMessage
		var all []json.RawMessage
		if err := json.Unmarshal(body, &top); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(top["items"], &all); err != nil {
			t.Fatal(err)
		}
		delete(top, "items")
		rest, err := json.Marshal(top)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range all {
			items = append(items, string(i))
		}
		return strings.TrimSuffix(string(rest), "}") + `,"items":[`, items, "]}"
	}
	at := itemOf.FindAllIndex(body, -1)
	if len(at) == 0 {
		t.Fatal("no items found")
	}
	for _, a := range at {
		items = append(items, string(body[a[0]:a[1]]))
	}
	return string(body[:at[0][0]]), items, string(body[at[len(at)-1][1]:])
}

func joined(head string, items []string, tail string) []byte {
	between := "\n"
	if strings.HasPrefix(strings.TrimSpace(head), "{") {
		between = ","
	}
	return []byte(head + strings.Join(items, between) + tail)
}

func TestEverySavedFeedIsReadOnceWhateverBecomesOfIt(t *testing.T) {
	for _, file := range savedFeeds(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			body, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			head, items, tail := pieces(t, body)
			n := len(items)
			s := newSite(t)
			s.put("/feed", "text/html", body) // mis-declared, as feeds are
			r := follow(t, s, "/feed")
			first := r.complete("first", n)
			for _, a := range first.New {
				if a.Source != "wire" || a.Title == "" && a.Text == "" || strings.ContainsAny(a.Title, "\n\x00") || strings.Contains(a.Title, "</") {
					t.Error("an item has neither title nor text, or markup in its title")
				}
			}
			ids := map[string]bool{}
			for _, a := range first.New {
				ids[a.URL+" "+a.ID+" "+a.Title] = true
			}
			if len(ids) != n {
				t.Errorf("%d of %d items are told apart", len(ids), n)
			}
			if again := r.complete("unchanged", 0); !again.Unchanged || again.Answer.Status != http.StatusNotModified || again.Items != n {
				t.Errorf("asked again: %+v", again)
			}
			s.serve("/feed", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(body) })
			if again := r.complete("without validators", 0); !again.Unchanged {
				t.Error("the same bytes are not unchanged")
			}

			put := func(b []byte) { s.put("/feed", "application/xml", b) }
			upside := slices.Clone(items)
			slices.Reverse(upside)
			put(joined(head, upside, tail))
			r.complete("reordered", 0)

			put([]byte(dateOf.ReplaceAllString(string(joined(head, items, tail)), "${1}Wed, 25 Nov 2026 09:00:00 GMT${2}")))
			r.complete("re-dated", 0)

			https := slices.Clone(items)
			for i := range https {
				https[i] = strings.ReplaceAll(https[i], "http://", "https://")
			}
			put(joined(head, https, tail))
			r.complete("moved to https", 0)

			tracked := slices.Clone(items)
			for i := range tracked {
				tracked[i] = regexp.MustCompile(`(<link>[^<?]*)(</link>)`).ReplaceAllString(tracked[i], "${1}?utm_source=rss${2}")
			}
			put(joined(head, tracked, tail))
			r.complete("tracked", 0)

			if n > 1 {
				put(joined(head, items[n/2:], tail))
				if got := r.complete("halved", 0); got.Items != n-n/2 {
					t.Errorf("it has %d items", got.Items)
				}
				put(joined(head, items, tail))
				r.complete("back-filled", 0)
			}

			// Cut in the last item: those before it are had, and it is said.
			whole := joined(head, items, tail)
			put(whole[:len(whole)-len(tail)-len(items[n-1])/2])
			if got := r.fails("cut", tocsin.CauseMalformed, ""); len(got.New) != 0 {
				t.Errorf("a cut feed has %d new items", len(got.New))
			}
			if !strings.HasPrefix(head, "{") {
				put(joined(head, nil, tail))
				r.fails("emptied", tocsin.CauseMalformed, "empty (the feed had")
			}
			s.serve("/new", s.pages["/feed"])
			s.put("/new", "application/xml", body)
			s.serve("/feed", func(w http.ResponseWriter, q *http.Request) { http.Redirect(w, q, "/new", http.StatusMovedPermanently) })
			if got := r.complete("moved", 0); got.Moved != s.URL+"/new" {
				t.Errorf("it moved to %q", got.Moved)
			}
			s.serve("/feed", func(w http.ResponseWriter, q *http.Request) { w.WriteHeader(http.StatusGone) })
			r.fails("gone", tocsin.CauseMalformed, "the feed is gone (410)")

			// One more at the top, and only that one is new.
			more := strings.NewReplacer("http", "http", "</title>", " anew</title>").Replace(items[0])
			more = regexp.MustCompile(`(?s)(<guid[^>]*>|<id>|<link>|rdf:about="|<link [^>]*href="|"id" ?: ?"|"url" ?: ?"|"title" ?: ?")`).ReplaceAllString(more, "${1}http://fresh.example/")
			put(joined(head, append([]string{more}, items...), tail))
			r.complete("one more", 1)
			r.complete("and again", 0)
			t.Logf("%d items, state of %d bytes, %q", n, len(r.state), first.Why)
		})
	}
}

func TestMangledFeedsAreReadAsTheyWereMeant(t *testing.T) {
	twice := 0
	for _, file := range savedFeeds(t) {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := parse(body, "", nil)
		if err != nil {
			t.Errorf("%s: %v", filepath.Base(file), err)
			continue
		}
		note := strings.Join(doc.notes, "; ")
		mangled := regexp.MustCompile(`Ã[\x{80}-\x{bf}]|Ð[\x{80}-\x{bf}]|â€`).Match(body)
		if said := strings.Contains(note, "encoded twice"); said != mangled {
			t.Errorf("%s: mojibake %v, noticed %v", filepath.Base(file), mangled, said)
		}
		if mangled {
			twice++
			for _, i := range doc.items {
				if strings.Contains(i.title, "Ã") || strings.Contains(i.title, "Ð") || strings.Contains(i.title, "â€") {
					t.Errorf("%s: a title is still mangled", filepath.Base(file))
				}
			}
		}
		if doc.broken != "" {
			t.Errorf("%s: %s", filepath.Base(file), doc.broken)
		}
		if strings.Contains(filepath.Base(file), "-ru-") || strings.Contains(filepath.Base(file), "yandex") {
			cyrillic, all := 0, 0
			for _, i := range doc.items {
				for _, c := range i.title {
					if unicode.IsLetter(c) {
						all++
						if unicode.Is(unicode.Cyrillic, c) {
							cyrillic++
						}
					}
				}
			}
			if 2*cyrillic < all {
				t.Errorf("%s: of %d letters %d are Cyrillic", filepath.Base(file), all, cyrillic)
			}
		}
	}
	t.Logf("%d feeds were encoded twice", twice)
}

func TestSavedPagesHoldTheirArticles(t *testing.T) {
	savedFeeds(t)
	files, err := filepath.Glob(filepath.Join(os.Getenv("TOCSIN_DATA"), "feeds", "articles", "*.html"))
	if err != nil || len(files) == 0 {
		t.Skip("skipped: TOCSIN_DATA has no articles")
	}
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		c, err := extract(t.Context(), body, "text/html", "https://news.example/2026/story")
		if err != nil {
			t.Errorf("%s: %v", filepath.Base(file), err)
			continue
		}
		script := unicode.Latin
		switch name := filepath.Base(file); {
		case strings.Contains(name, "-zh"):
			script = unicode.Han
		case strings.Contains(name, "arabic"):
			script = unicode.Arabic
		}
		in, all := 0, 0
		for _, r := range c.text {
			if unicode.IsLetter(r) {
				all++
				if unicode.Is(script, r) {
					in++
				}
			}
		}
		if all < 500 || 10*in < 8*all || strings.Contains(c.text, "\ufffd") || strings.Contains(c.text, "<p>") {
			t.Errorf("%s: %d letters, %d in its script", filepath.Base(file), all, in)
		}
	}
}
