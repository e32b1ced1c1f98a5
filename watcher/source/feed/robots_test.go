package feed

import (
	"strings"
	"testing"
	"time"
)

func TestRobotsRules(t *testing.T) {
	const text = `# all
User-agent: *
Disallow: /private/
Allow: /private/open
Disallow: /*.pdf$
Disallow: /search?
Crawl-delay: 2.5

User-agent: tocsin
User-agent: other
Disallow: /only-us
Disallow: /%7Euser
Disallow: /caf%c3%a9
`
	all, ours := parseRobots(text, "nobody"), parseRobots(text, "tocsin", "example")
	for path, want := range map[string]bool{
		"/": true, "/private": true, "/private/": false, "/private/x": false, "/private/open": true, "/private/open/x": true, "/a/b.pdf": false, "/a/b.pdf?x=1": true,
		"/search": true, "/search?q=1": false, "/only-us": true, "/PRIVATE/": true,
	} {
		if all.allows(path) != want {
			t.Errorf("%s for everybody: %v", path, !want)
		}
	}
	for path, want := range map[string]bool{"/only-us/x": false, "/private/x": true, "/~user": false, "/%7euser/": false, "/café": false, "/caf%C3%A9": false} {
		if ours.allows(path) != want {
			t.Errorf("%s for us: %v", path, !want)
		}
	}
	if all.delay != 2500*time.Millisecond || ours.delay != 0 {
		t.Errorf("delays %v and %v", all.delay, ours.delay)
	}
	for _, c := range []struct {
		text  string
		allow bool
	}{
		{"", true}, {"User-agent: *\nDisallow:\n", true}, {"User-agent: *\nDisallow: /\n", false}, {"user-agent:*\r\ndisallow:/\r\n", false},
		{"\ufeffUser-agent: *\nDisallow: / # all of it\n", false}, {"User-agent: Tocsin/2.0\nDisallow: /", false}, {"User-agent: tocsinbot\nDisallow: /", true},
		{"Disallow: /\nUser-agent: *\n", true}, {"User-agent: *\nDisallow: /\nAllow: /", true}, {"User-agent: *\nDisallow: *\n", false},
		{"User-agent: *\nSitemap: https://x/\nDisallow: /", false}, {"User-agent: a\nDisallow: /\nUser-agent: *\nAllow: /", true},
	} {
		if got := parseRobots(c.text, "tocsin", "").allows("/story"); got != c.allow {
			t.Errorf("%q: %v", c.text, got)
		}
	}
	hostile := "User-agent: *\n" + strings.Repeat("Disallow: /"+strings.Repeat("a*", 250)+"b\n", 900)
	if !parseRobots(hostile, "tocsin").allows("/" + strings.Repeat("a", 2000)) {
		t.Error("a path that no rule matches is forbidden")
	}
}
