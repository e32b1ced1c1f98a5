package source_test

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"tocsin"
	"tocsin/watcher/source"
)

func serve(t *testing.T, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

func fetcher(t *testing.T, o source.FetchOptions) *source.Fetcher {
	t.Helper()
	if o.Timeout == 0 {
		o.Timeout = 5 * time.Second
	}
	f, err := source.NewFetcher(o)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestAnAnswerIsWhatWasAskedForOrSaysWhyNot(t *testing.T) {
	const page = "<html><title>x</title></html>"
	for _, c := range []struct {
		what    string
		status  int
		kind    string
		body    string
		header  string // Retry-After
		cause   tocsin.Cause
		why     string
		waiting time.Duration
	}{
		{what: "a document", status: 200, kind: "application/json", body: `{"a":1}`},
		{what: "a document of unsaid kind", status: 200, kind: "text/plain", body: ` [1] `},
		{what: "401", status: 401, kind: "application/json", body: `{}`, cause: tocsin.CauseRefused, why: "refused (401)"},
		{what: "403", status: 403, kind: "text/html", body: page, cause: tocsin.CauseRefused, why: "refused (403)"},
		{what: "429", status: 429, kind: "text/html", body: page, header: "17", cause: tocsin.CauseRefused, why: "refused (429)", waiting: 17 * time.Second},
		{what: "a challenge with 200", status: 200, kind: "text/html", body: "<html>Just a moment...</html>", cause: tocsin.CauseRefused, why: "refused (200"},
		{what: "a challenge with 503", status: 503, kind: "text/html", body: "<html>Checking your browser</html>", cause: tocsin.CauseRefused, why: "refused (503"},
		{what: "500", status: 500, kind: "application/json", body: `{}`, cause: tocsin.CauseUnreachable, why: "unreachable (500)"},
		{what: "502", status: 502, kind: "text/html", body: page, cause: tocsin.CauseUnreachable, why: "unreachable (502)"},
		{what: "503 with a wait", status: 503, kind: "text/html", body: page, header: "5", cause: tocsin.CauseUnreachable, why: "unreachable (503)", waiting: 5 * time.Second},
		{what: "404", status: 404, kind: "text/html", body: page, cause: tocsin.CauseMalformed, why: "malformed (404)"},
		{what: "204", status: 204, cause: tocsin.CauseMalformed, why: "malformed (204)"},
		{what: "a page for people", status: 200, kind: "text/html", body: page, cause: tocsin.CauseMalformed, why: "malformed (200"},
		{what: "a page that says it is JSON", status: 200, kind: "application/json", body: page, cause: tocsin.CauseMalformed, why: "malformed (200"},
		{what: "half of a document", status: 200, kind: "application/json", body: `{"a":[1,2`, cause: tocsin.CauseMalformed, why: "malformed (200"},
		{what: "nothing", status: 200, kind: "application/json", cause: tocsin.CauseMalformed, why: "malformed (200"},
		{what: "null", status: 200, kind: "application/json", body: "null\n", cause: tocsin.CauseMalformed, why: "malformed (200, null)"},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.UserAgent() != "tocsin-test (mail@example.org)" || r.Header.Get("Cookie") != "" {
					t.Errorf("asked with %v", r.Header)
				}
				http.SetCookie(w, &http.Cookie{Name: "seen", Value: "1"})
				w.Header().Set("Content-Type", c.kind)
				if c.header != "" {
					w.Header().Set("Retry-After", c.header)
				}
				w.WriteHeader(c.status)
				fmt.Fprint(w, c.body)
			})
			f := fetcher(t, source.FetchOptions{Own: s.URL, UserAgent: "tocsin-test (mail@example.org)"})
			for range 2 { // the second time without the first one's cookie
				a, err := f.Get(t.Context(), s.URL+"/list?name=secretive", source.JSON)
				if c.cause == "" {
					if err != nil || string(a.Body) != c.body || a.Status != 200 {
						t.Fatalf("got %v, %v", a, err)
					}
					continue
				}
				var fail *source.Failure
				if !errors.As(err, &fail) {
					t.Fatalf("the error is %v", err)
				}
				if fail.Cause != c.cause || !strings.HasPrefix(fail.Why, c.why) || fail.Status != c.status || fail.RetryAfter != c.waiting {
					t.Errorf("the failure is %+v, want %s, %q", fail, c.cause, c.why)
				}
				if strings.Contains(err.Error(), "secretive") || strings.Contains(err.Error(), "127.0.0.1") {
					t.Errorf("the failure tells what was asked: %v", err)
				}
			}
		})
	}
}

func TestARequestWithoutAWholeAnswerIsUnreachable(t *testing.T) {
	hang := make(chan struct{})
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/cut":
			panic(http.ErrAbortHandler)
		case "/cutbody":
			w.Header().Set("Content-Length", "100")
			fmt.Fprint(w, `{"a":`)
			panic(http.ErrAbortHandler)
		case "/hang":
			<-hang
		}
	})
	t.Cleanup(func() { close(hang) })
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := "http://" + l.Addr().String() + "/?name=secretive"
	l.Close()
	for _, c := range []struct{ url, why string }{
		{s.URL + "/cut?name=secretive", "no connection"}, {s.URL + "/cutbody?name=secretive", "no connection"},
		{s.URL + "/hang?name=secretive", "no answer in time"}, {closed, "no connection"},
	} {
		patience := time.Minute // where only time says so, a tenth of a second
		if c.why == "no answer in time" {
			patience = 100 * time.Millisecond
		}
		f := fetcher(t, source.FetchOptions{Own: c.url, Timeout: patience})
		_, err := f.Get(t.Context(), c.url, source.JSON)
		var fail *source.Failure
		if !errors.As(err, &fail) || fail.Cause != tocsin.CauseUnreachable || fail.Status != 0 || !strings.Contains(fail.Why, c.why) {
			t.Errorf("%s: got %v, want unreachable: %s", c.url, err, c.why)
		}
		if strings.Contains(fmt.Sprint(err), "secretive") {
			t.Errorf("the failure tells what was asked: %v", err)
		}
	}
}

func TestAnEndedContextIsItsOwnError(t *testing.T) {
	s := serve(t, func(http.ResponseWriter, *http.Request) {})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := fetcher(t, source.FetchOptions{Own: s.URL}).Get(ctx, s.URL, source.JSON); err != context.Canceled {
		t.Errorf("got %v", err)
	}
}

func TestABodyIsReadUpToItsLimitAfterDecompression(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/plain" {
			fmt.Fprint(w, `"`+strings.Repeat("x", 2000)+`"`)
			return
		}
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		size := 2000
		if r.URL.Path == "/bomb" {
			size = 64 << 20
		}
		fmt.Fprint(z, `"`)
		for range size / 1000 {
			fmt.Fprint(z, strings.Repeat("x", 1000))
		}
		fmt.Fprint(z, `"`)
		_ = z.Close()
	})
	for _, c := range []struct {
		path  string
		limit int64
		good  bool
	}{{"/plain", 2002, true}, {"/plain", 2001, false}, {"/zip", 2002, true}, {"/zip", 2001, false}, {"/bomb", 1 << 20, false}} {
		a, err := fetcher(t, source.FetchOptions{Own: s.URL, MaxBody: c.limit}).Get(t.Context(), s.URL+c.path, source.JSON)
		if c.good {
			if err != nil || len(a.Body) != 2002 {
				t.Errorf("%s within its limit: %v", c.path, err)
			}
			continue
		}
		var fail *source.Failure
		if !errors.As(err, &fail) || fail.Cause != tocsin.CauseMalformed || !strings.Contains(fail.Why, "max_body") {
			t.Errorf("%s beyond its limit: %v", c.path, err)
		}
	}
}

func TestRedirectsLeadOnlyToPublicOrAllowedAddresses(t *testing.T) {
	inside := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"in":true}`) })
	port := inside.URL[strings.LastIndex(inside.URL, ":"):]
	own := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch to := r.URL.Query().Get("to"); to {
		case "":
			fmt.Fprint(w, `{"own":true}`)
		case "loop":
			http.Redirect(w, r, "/?to=loop", http.StatusFound)
		default:
			http.Redirect(w, r, to, http.StatusFound)
		}
	})
	for _, c := range []struct {
		to    string
		allow []string
		good  bool
		why   string
	}{
		{to: "/", good: true},
		{to: own.URL + "/", good: true},
		{to: inside.URL, why: "not public"},
		{to: "http://localhost" + port, why: "not public"},
		{to: "http://[::1]" + port, why: "not public"},
		{to: "http://10.1.2.3/", why: "not public"},
		{to: "http://169.254.169.254/latest/", why: "not public"},
		{to: "file:///etc/hostname", why: "not public"},
		{to: "loop", why: "too often"},
		{to: inside.URL, allow: []string{strings.TrimPrefix(inside.URL, "http://")}, good: true},
		{to: inside.URL, allow: []string{"127.0.0.0/8"}, good: true},
		{to: inside.URL, allow: []string{"127.0.0.1"}, good: true},
		{to: "http://localhost" + port, allow: []string{"localhost" + port}, good: true},
		{to: inside.URL, allow: []string{"10.0.0.0/8"}, why: "not public"},
	} {
		f := fetcher(t, source.FetchOptions{Own: own.URL, Allow: c.allow})
		_, err := f.Get(t.Context(), own.URL+"/?to="+url.QueryEscape(c.to), source.JSON)
		if c.good {
			if err != nil {
				t.Errorf("to %s with %v: %v", c.to, c.allow, err)
			}
			continue
		}
		var fail *source.Failure
		if !errors.As(err, &fail) || fail.Cause != tocsin.CauseMalformed || !strings.Contains(fail.Why, c.why) {
			t.Errorf("to %s with %v: got %v, want %q", c.to, c.allow, err, c.why)
		}
	}
}

func TestThroughAProxyLiteralAddressesAreStillChecked(t *testing.T) {
	asked := make(chan string, 10)
	proxy := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked <- r.URL.String()
		if r.URL.Query().Get("to") != "" {
			http.Redirect(w, r, r.URL.Query().Get("to"), http.StatusFound)
			return
		}
		fmt.Fprint(w, `{}`)
	})
	f := fetcher(t, source.FetchOptions{Own: "http://notices.example/v1", Proxy: proxy.URL})
	if _, err := f.Get(t.Context(), "http://notices.example/v1", source.JSON); err != nil {
		t.Fatal(err)
	}
	if got := <-asked; got != "http://notices.example/v1" {
		t.Errorf("the proxy was asked for %s", got)
	}
	if _, err := f.Get(t.Context(), "http://notices.example/v1?to=http://192.168.0.1/", source.JSON); err == nil || !strings.Contains(err.Error(), "not public") {
		t.Errorf("a redirect to a private address through a proxy: %v", err)
	}
}

func TestOptionsThatCannotBeReadAreRefused(t *testing.T) {
	for _, o := range []source.FetchOptions{
		{}, {Own: "ftp://x/"}, {Own: "http://x", Allow: []string{"what"}}, {Own: "http://x", Allow: []string{"10.0.0.0/40"}},
		{Own: "http://x", Proxy: "nonsense"}, {Own: "http://x", Proxy: "gopher://x:1"},
	} {
		if _, err := source.NewFetcher(o); err == nil {
			t.Errorf("%+v is taken", o)
		}
	}
}
