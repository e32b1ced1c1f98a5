package feed

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"tocsin"
	"tocsin/watcher/source"
)

// story is a page of five paragraphs between a menu and a footer.
func story(head, first string) string {
	var p strings.Builder
	for n := range 5 {
		fmt.Fprintf(&p, "<p>%s Paragraph %d tells, in a sentence of some length with commas, of what the harbour master said on the day when the bell was taken down.</p>\n", first, n)
	}
	return `<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>The bell of the harbour</title>` + head +
		`</head><body><nav><a href="/">Home</a> <a href="/world">World</a> <a href="/sport">Sport</a></nav><article><h1>The bell of the harbour</h1>` + p.String() +
		`</article><footer><a href="/imprint">Imprint</a></footer></body></html>`
}

func article(s *site, path string) tocsin.Article {
	return tocsin.Article{Source: "wire", URL: s.URL + path, Title: "The bell", Text: "The bell was taken down.", Canonical: Canonical(s.URL + path)}
}

func show(s *site, path, body string) {
	s.serve(path, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = fmt.Fprint(w, body)
	})
}

func why(err error) string {
	var f *source.Failure
	if !errors.As(err, &f) {
		return fmt.Sprintf("no failure: %v", err)
	}
	return string(f.Cause) + ": " + f.Why
}

func TestAnArticlesPageIsReadAndItsTextTaken(t *testing.T) {
	s := newSite(t)
	r := follow(t, s, "/feed")
	show(s, "/story", story(`<link rel="canonical" href="/2026/the-bell?utm_source=page#top">`, "Fog stood over the quay."))
	a := article(s, "/story?utm_source=rss&id=7#comments")
	a.Language, a.Title = "", ""
	got, answer, err := r.src.Read(t.Context(), a)
	if err != nil || answer == nil || answer.Status != 200 {
		t.Fatalf("%v, %v", answer, err)
	}
	if !strings.Contains(got.Text, "Paragraph 4 tells") || strings.Contains(got.Text, "Imprint") || strings.Contains(got.Text, "<p>") {
		t.Errorf("the text is %q", got.Text)
	}
	if got.Title != "The bell of the harbour" || got.Language != "en-gb" || got.Canonical != s.URL+"/2026/the-bell" || got.URL != a.URL {
		t.Errorf("got %+v", got)
	}
	if paths := strings.Join(s.paths(), " "); paths != "/robots.txt /story?utm_source=rss&id=7" {
		t.Errorf("asked for %s", paths)
	}
}

func TestTheItemsOwnWordsStayWhereThePageDoesNotHoldThem(t *testing.T) {
	s := newSite(t)
	r := follow(t, s, "/feed")
	own := "Asel Example was taken from the ferry, her lawyer says."
	long := strings.Repeat("The whole story stands in the feed already, with every detail that anybody knows. ", 60)
	for _, c := range []struct{ what, path, body, text, want, not string }{
		{"a page that holds it", "/holds", story("", own), own, own + " Paragraph 4", ""},
		{"a wall that asks for consent", "/wall", story("", "We value your privacy."), own, own + "\n\n", ""},
		{"a teaser", "/teaser", `<html><body><article><p>Subscribe to read on.</p></article></body></html>`, own, own, "Subscribe"},
		{"the feed has more", "/less", story("", "Short."), long, long, "Paragraph"},
		{"an empty page", "/empty", `<html><head><title>x</title></head><body><script>render()</script></body></html>`, own, own, "render"},
	} {
		show(s, c.path, c.body)
		a := article(s, c.path)
		a.Text = c.text
		got, _, err := r.src.Read(t.Context(), a)
		if err != nil || !strings.Contains(got.Text, strings.TrimSpace(c.want)) || c.not != "" && strings.Contains(got.Text, c.not) {
			t.Errorf("%s: %v, %.200q", c.what, err, got.Text)
		}
	}
}

func TestAPageInAnyCharsetIsRead(t *testing.T) {
	s := newSite(t)
	r := follow(t, s, "/feed")
	for n, c := range inCharsets {
		text := "<!DOCTYPE html><html><head><title>x</title></head><body><article>" + strings.Repeat("<p>"+strings.Repeat(sentences[c.language]+" ", 2)+"</p>", 4) + "</article></body></html>"
		body, _ := encoded(t, text, c.charset)
		path := fmt.Sprintf("/%d", n)
		show(s, path, string(body))
		got, _, err := r.src.Read(t.Context(), article(s, path))
		if err != nil || strings.Count(got.Text, sentences[c.language][:20]) < 3 {
			t.Errorf("%s in %s: %v, %.200q", c.language, c.charset, err, got.Text)
		}
	}
}

func TestACanonicalAddressIsTakenOnlyOfTheSameSite(t *testing.T) {
	s := newSite(t)
	r := follow(t, s, "/feed")
	for n, c := range []struct{ href, want string }{
		{"https://elsewhere.example/stolen", ""}, {"/", ""}, {"javascript:alert(1)", ""}, {"", ""},
		{"/2026/bell", "/2026/bell"}, {s.URL + "/2026/bell#x", "/2026/bell"},
	} {
		path := fmt.Sprintf("/a/%d", n)
		show(s, path, story(`<link href="`+c.href+`" rel="Canonical">`, "Fog."))
		if c.want == "" {
			c.want = path
		}
		if got, _, err := r.src.Read(t.Context(), article(s, path)); err != nil || got.Canonical != s.URL+c.want {
			t.Errorf("%s: %s, %v", c.href, got.Canonical, err)
		}
	}
}

func TestRobotsAreHonoured(t *testing.T) {
	for _, c := range []struct {
		what, robots string
		status       int
		read         bool
		why          string
	}{
		{"none", "", 404, true, ""},
		{"not for us to read", "", 403, true, ""},
		{"broken", "", 500, false, "robots.txt cannot be had"},
		{"too many", "", 429, false, "robots.txt cannot be had"},
		{"everybody", "User-agent: *\nDisallow: /private\n", 200, true, ""},
		{"this path", "User-agent: *\nDisallow: /story\n", 200, false, "asks not to read it"},
		{"us by our own name", "User-agent: *\nAllow: /\n\nUser-agent: Tocsin\nDisallow: /\n", 200, false, "asks not to read it"},
		{"us by the name that we give", "User-agent: example-watch\nDisallow: /\n\nUser-agent: *\nAllow: /", 200, false, "asks not to read it"},
		{"others only", "User-agent: OtherBot\nDisallow: /\n", 200, true, ""},
		{"slowly, but too slowly", "User-agent: *\nCrawl-delay: 3600\n", 200, false, "more than two minutes"},
		{"a page instead", "<html><body>Disallow: everything</body></html>", 200, true, ""},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := newSite(t)
			r := follow(t, s, "/feed")
			show(s, "/story", story("", "Fog."))
			s.serve("/robots.txt", func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(c.status)
				_, _ = fmt.Fprint(w, c.robots)
			})
			for range 2 {
				got, answer, err := r.src.Read(t.Context(), article(s, "/story"))
				if c.read != (err == nil) || c.read != strings.Contains(got.Text, "Paragraph 3") {
					t.Fatalf("%v, %.100q", err, got.Text)
				}
				if !c.read && (!strings.Contains(why(err), c.why) || answer != nil || got.Text != "The bell was taken down.") {
					t.Errorf("%v, answer %v", err, answer)
				}
			}
			want := "/robots.txt"
			if c.read {
				want += " /story /story"
			}
			if paths := strings.Join(s.paths(), " "); paths != want {
				t.Errorf("asked for %s, want %s", paths, want)
			}
			r.clock.at = r.clock.at.Add(25 * time.Hour)
			_, _, _ = r.src.Read(t.Context(), article(s, "/story"))
			if got := strings.Count(strings.Join(s.paths(), " "), "/robots.txt"); got != 2 {
				t.Errorf("a day later robots.txt was asked for %d times", got)
			}
		})
	}
}

func TestACrawlDelayIsThePaceOfTheHostsArticles(t *testing.T) {
	s := newSite(t)
	s.serve("/robots.txt", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprint(w, "User-agent: *\nCrawl-delay: 0.2\n")
	})
	show(s, "/story", story("", "Fog."))
	f, err := source.NewFetcher(source.FetchOptions{Own: s.URL})
	if err != nil {
		t.Fatal(err)
	}
	p := source.NewPacer(source.PaceOptions{})
	src, err := New(Options{ID: "wire", URL: s.URL + "/feed", Fetcher: f, Pacer: p, Hosts: func(host string) *source.Pacer {
		if host != strings.TrimPrefix(s.URL, "http://") {
			t.Errorf("asked for the pacer of %s", host)
		}
		return p
	}})
	if err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	for range 3 {
		if _, _, err := src.Read(t.Context(), article(s, "/story")); err != nil {
			t.Fatal(err)
		}
	}
	// No pace drawn around 200 ms is below 150.
	if took := time.Since(begin); took < 3*150*time.Millisecond {
		t.Errorf("robots.txt and three pages took %v", took)
	}
	if p.Today() != 4 {
		t.Errorf("%d requests are counted", p.Today())
	}
}

func TestALinkIsFollowedHostByHostEachByItsOwnRules(t *testing.T) {
	first, second, third := newSite(t), newSite(t), newSite(t)
	host := func(s *site) string { return strings.TrimPrefix(s.URL, "http://") }
	r := follow(t, first, "/feed", host(second), host(third))
	send := func(from *site, path, to string) {
		from.serve(path, func(w http.ResponseWriter, q *http.Request) { http.Redirect(w, q, to, http.StatusFound) })
	}
	send(first, "/go", second.URL+"/story")
	show(second, "/story", story("", "Fog."))
	got, answer, err := r.src.Read(t.Context(), article(first, "/go"))
	if err != nil || !strings.Contains(got.Text, "Paragraph 2") || answer.Final != second.URL+"/story" {
		t.Fatalf("%v, %+v", err, got)
	}
	if p := strings.Join(second.paths(), " "); p != "/robots.txt /story" {
		t.Errorf("the second host was asked for %s", p)
	}
	third.serve("/robots.txt", func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, "User-agent: *\nDisallow: /") })
	show(third, "/story", story("", "Fog."))
	send(first, "/forbidden", third.URL+"/story")
	if _, _, err := r.src.Read(t.Context(), article(first, "/forbidden")); !strings.Contains(why(err), "asks not to read it") {
		t.Errorf("a redirect around robots.txt: %v", err)
	}
	if p := strings.Join(third.paths(), " "); p != "/robots.txt" {
		t.Errorf("the third host was asked for %s", p)
	}
	send(first, "/ping", second.URL+"/pong")
	send(second, "/pong", first.URL+"/ping")
	if _, _, err := r.src.Read(t.Context(), article(first, "/ping")); !strings.Contains(why(err), "too many sites") {
		t.Errorf("a loop over two hosts: %v", err)
	}
}

func TestArticlesLeadOnlyToPublicOrAllowedAddresses(t *testing.T) {
	s, inside := newSite(t), newSite(t)
	r := follow(t, s, "/feed")
	show(inside, "/story", story("", "Secret."))
	port := inside.URL[strings.LastIndex(inside.URL, ":"):]
	for n, to := range []string{
		inside.URL + "/story", "http://localhost" + port + "/story", "http://[::1]" + port + "/story", "http://127.1" + port + "/story", "http://2130706433" + port + "/story",
		"http://0x7f000001" + port + "/story", "http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "http://[::ffff:127.0.0.1]" + port + "/story", "file:///etc/passwd", "gopher://127.0.0.1/",
	} {
		direct := tocsin.Article{URL: to, Text: "own"}
		got, answer, err := r.src.Read(t.Context(), direct)
		if err == nil || answer != nil && answer.Status == 200 || got.Text != "own" {
			t.Errorf("%s is read: %v", to, answer)
		}
		path := fmt.Sprintf("/r/%d", n)
		s.serve(path, func(w http.ResponseWriter, q *http.Request) { http.Redirect(w, q, to, http.StatusFound) })
		if got, _, err := r.src.Read(t.Context(), article(s, path)); err == nil || strings.Contains(got.Text, "Secret") {
			t.Errorf("a redirect to %s is followed", to)
		}
	}
	if p := inside.paths(); len(p) > 0 {
		t.Errorf("the host inside was asked for %v", p)
	}
}

func TestWhatIsNoPageIsLeftAsTheItemHasIt(t *testing.T) {
	s := newSite(t)
	r := follow(t, s, "/feed")
	for _, c := range []struct {
		kind, body, why string
		status          int
	}{
		{"application/pdf", "%PDF-1.7", "no page but a file", 200}, {"image/png", "\x89PNG\r\n\x1a\n", "a picture", 200},
		{"application/octet-stream", "\x00\x01\x02\x03", "no page but a file", 200},
		{"text/html", strings.Repeat("x", longestPage+1), "larger than 4 MiB", 200},
		{"text/html", "<html>gone</html>", "malformed (404)", 404}, {"text/html", "<html>no</html>", "refused (403)", 403},
		{"text/html", "<html><title>Just a moment...</title></html>", "wants a browser", 200},
	} {
		fresh := follow(t, s, "/feed") // a refusal would hold the next one back
		s.serve("/x", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", c.kind)
			w.WriteHeader(c.status)
			_, _ = fmt.Fprint(w, c.body)
		})
		got, answer, err := fresh.src.Read(t.Context(), article(s, "/x"))
		if !strings.Contains(why(err), c.why) || got.Text != "The bell was taken down." || answer == nil {
			t.Errorf("%s: %v", c.kind, err)
		}
	}
	if _, _, err := r.src.Read(t.Context(), tocsin.Article{Text: "own"}); !strings.Contains(why(err), "no link") {
		t.Errorf("an item without a link: %v", err)
	}
}

func TestHostsAreForgottenWhenThereAreTooMany(t *testing.T) {
	c := &clock{time.Unix(1e9, 0)}
	own := source.NewPacer(source.PaceOptions{})
	h := newHosts(nil, "lantern.example", own, c.now)
	for n := range 3 * mostHosts {
		c.at = c.at.Add(time.Second)
		h.get(fmt.Sprintf("host%d.example", n))
		if h.get("lantern.example").pacer != own {
			t.Fatal("the feed's host has another pacer")
		}
	}
	if len(h.of) > mostHosts {
		t.Errorf("%d hosts are remembered", len(h.of))
	}
}

func TestAnUnwrappedLinkIsWhatIsAsked(t *testing.T) {
	s := newSite(t)
	r := follow(t, s, "/feed")
	show(s, "/story", story("", "Fog."))
	a := tocsin.Article{URL: "https://www.google.com/url?rct=j&sa=t&url=" + strings.ReplaceAll(s.URL, ":", "%3A") + "/story&ct=ga"}
	if got, _, err := r.src.Read(t.Context(), a); err != nil || !strings.Contains(got.Text, "Paragraph 1") {
		t.Errorf("%v, %+v", err, got)
	}
}
