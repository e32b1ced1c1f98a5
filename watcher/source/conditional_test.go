package source_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tocsin"
	"tocsin/watcher/source"
)

func TestADocumentThatIsStillTheSameIsNotSentAgain(t *testing.T) {
	const tag, day = `"v1"`, "Wed, 25 Nov 2026 08:00:00 GMT"
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/always" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("ETag", tag)
		w.Header().Set("Last-Modified", day)
		if r.Header.Get("If-None-Match") == tag && r.Header.Get("If-Modified-Since") == day {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		fmt.Fprint(w, "news")
	})
	f := fetcher(t, source.FetchOptions{Own: s.URL})
	first, err := f.GetIf(t.Context(), s.URL, source.Any, source.Validators{})
	if err != nil || string(first.Body) != "news" {
		t.Fatalf("got %v, %v", first, err)
	}
	again, err := f.GetIf(t.Context(), s.URL, source.Any, first.Validators())
	if err != nil || again.Status != http.StatusNotModified || len(again.Body) != 0 {
		t.Errorf("asked again: %+v, %v", again, err)
	}
	if _, err := f.Get(t.Context(), s.URL+"/always", source.Any); err == nil || !strings.Contains(err.Error(), "304") {
		t.Errorf("a 304 that nobody asked for is taken: %v", err)
	}
	first.Header.Set("ETag", strings.Repeat("x", 1<<20))
	if v := first.Validators(); v.ETag != "" || v.LastModified != day {
		t.Errorf("an endless ETag is kept: %d bytes, %q", len(v.ETag), v.LastModified)
	}
}

func TestWhereRedirectsLedIsSaid(t *testing.T) {
	other := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "elsewhere") })
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/good":
			http.Redirect(w, r, "/new", http.StatusMovedPermanently)
		case "/two":
			http.Redirect(w, r, "/good", http.StatusPermanentRedirect)
		case "/mixed":
			http.Redirect(w, r, "/good", http.StatusFound)
		case "/out":
			http.Redirect(w, r, other.URL+"/page", http.StatusFound)
		case "/in":
			http.Redirect(w, r, "http://10.0.0.1/page", http.StatusFound)
		default:
			fmt.Fprint(w, "here")
		}
	})
	f := fetcher(t, source.FetchOptions{Own: s.URL, Allow: []string{strings.TrimPrefix(other.URL, "http://")}})
	for _, c := range []struct {
		path, final string
		permanent   bool
	}{
		{"/new", s.URL + "/new", false}, {"/good", s.URL + "/new", true}, {"/two", s.URL + "/new", true}, {"/mixed", s.URL + "/new", false},
		{"/out", other.URL + "/page", false},
	} {
		a, err := f.Get(t.Context(), s.URL+c.path, source.Any)
		if err != nil || a.Final != c.final || a.Permanent != c.permanent || a.URL != s.URL+c.path {
			t.Errorf("%s: %+v, %v", c.path, a, err)
		}
	}
	if a, err := f.Within(t.Context(), s.URL+"/two", source.Any); err != nil || string(a.Body) != "here" {
		t.Errorf("a redirect within the host is not followed: %+v, %v", a, err)
	}
	a, err := f.Within(t.Context(), s.URL+"/out", source.Any)
	if err != nil || a.Status != http.StatusFound || a.Final != other.URL+"/page" || strings.Contains(string(a.Body), "elsewhere") {
		t.Errorf("a redirect to another host: %+v, %v", a, err)
	}
	var fail *source.Failure
	if _, err := f.Within(t.Context(), s.URL+"/in", source.Any); !errors.As(err, &fail) || fail.Cause != tocsin.CauseMalformed {
		t.Errorf("a redirect inside is handed back: %v", err)
	}
}

func TestRequestsAreCountedByTheDay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := source.NewPacer(source.PaceOptions{Backoff: time.Hour})
		for range 3 {
			_ = ask(p, false, nil)
		}
		_ = ask(p, false, refused(0))
		_ = ask(p, false, nil) // held: nothing is asked
		if got := p.Today(); got != 4 {
			t.Errorf("%d requests are counted, want 4", got)
		}
		<-time.After(25 * time.Hour)
		if got := p.Today(); got != 0 {
			t.Errorf("the next day begins with %d requests", got)
		}
	})
}

func TestADaysRequestsMayBeUsedUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // its time begins at midnight UTC
		begin := time.Now()
		p := source.NewPacer(source.PaceOptions{Daily: 5})
		p.Earlier(begin.Add(-24*time.Hour), 4) // another day's
		p.Earlier(begin, 2)
		for range 3 {
			if err := ask(p, false, nil); err != nil {
				t.Fatal(err)
			}
		}
		var f *source.Failure
		if err := ask(p, false, nil); !errors.As(err, &f) || f.Cause != tocsin.CauseSpent || !f.Held || f.Why != "5 of 5 requests made since midnight UTC" {
			t.Errorf("one more: %+v", err)
		}
		if next := p.NextTry(); !next.Equal(begin.Add(24 * time.Hour)) {
			t.Errorf("next try %v", next)
		}
		if o := p.Outage(); o.Cause != tocsin.CauseSpent || o.Failed != 0 {
			t.Errorf("the outage: %+v", o)
		}
		<-time.After(24 * time.Hour)
		if err := ask(p, false, nil); err != nil || p.Today() != 1 {
			t.Errorf("the next day: %v, %d requests", err, p.Today())
		}
	})
}

func TestAHostMayAskForASlowerPaceNeverForAQuickerOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := source.NewPacer(source.PaceOptions{Pace: time.Second, Seed: 3})
		at := func() time.Time {
			var when time.Time
			if err := p.Do(t.Context(), source.Request{Ask: func(context.Context) error { when = time.Now(); return nil }}); err != nil {
				t.Fatal(err)
			}
			return when
		}
		at() // robots.txt
		p.AtLeast(10 * time.Second)
		p.AtLeast(time.Millisecond)
		for last := at(); ; {
			next := at()
			if gap := next.Sub(last); gap < 7500*time.Millisecond || gap > 12500*time.Millisecond {
				t.Errorf("a gap of %v where 10s was asked for", gap)
			}
			if last = next; p.Today() > 6 {
				break
			}
		}
	})
}

func TestAfterARestartTheFirstRequestWaitsAtRandom(t *testing.T) {
	seen := map[time.Duration]bool{}
	for seed := range uint64(5) {
		synctest.Test(t, func(t *testing.T) {
			p := source.NewPacer(source.PaceOptions{Pace: time.Second, Lead: time.Minute, Seed: seed + 1})
			start := time.Now()
			if err := ask(p, false, nil); err != nil {
				t.Fatal(err)
			}
			waited := time.Since(start)
			if waited >= time.Minute {
				t.Errorf("it waited %v", waited)
			}
			seen[waited] = true
		})
	}
	if len(seen) < 5 {
		t.Errorf("five restarts waited %v", seen)
	}
}
