package source_test

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"tocsin"
	"tocsin/watcher/source"
)

// drained reads a bulk file to its end.
func drained(f *source.Fetcher, address string) (int64, error) {
	s, err := f.Stream(context.Background(), address)
	if err != nil {
		return 0, err
	}
	defer s.Close()
	return io.Copy(io.Discard, s)
}

func TestABulkFileIsReadAsItComesAndFailsInWords(t *testing.T) {
	letGo := make(chan struct{})
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body := strings.Repeat("0123456789", 2000)
		switch r.URL.Path {
		case "/whole":
			_, _ = io.WriteString(w, body)
		case "/xml":
			w.Header().Set("Content-Type", "text/html")
			_, _ = io.WriteString(w, `<?xml version="1.0"?><a/>`)
		case "/packed":
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			_, _ = io.WriteString(z, strings.Repeat(body, 100))
			_ = z.Close()
		case "/moved":
			http.Redirect(w, r, "/whole", http.StatusTemporaryRedirect)
		case "/inside":
			http.Redirect(w, r, "http://127.0.0.1:1/", http.StatusTemporaryRedirect)
		case "/cut":
			w.Header().Set("Content-Length", "99999")
			_, _ = io.WriteString(w, body)
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		case "/stalls":
			_, _ = io.WriteString(w, body)
			_ = http.NewResponseController(w).Flush()
			<-letGo
		case "/silent":
			<-letGo
		case "/page":
			w.Header().Set("Content-Type", "text/html")
			_, _ = io.WriteString(w, "<!DOCTYPE html><p>Hello")
		case "/wall":
			_, _ = io.WriteString(w, "<html><title>Just a moment...</title>")
		case "/busy":
			w.Header().Set("Retry-After", "9")
			w.WriteHeader(http.StatusTooManyRequests)
		default:
			http.NotFound(w, r)
		}
	})
	defer close(letGo)
	options := source.FetchOptions{Own: s.URL, MaxBulk: 20000, UserAgent: "tocsin-test", Timeout: time.Minute}
	f := fetcher(t, options)
	options.Timeout = 300 * time.Millisecond // on a busy machine too short to read much in
	hasty := fetcher(t, options)
	for _, c := range []struct {
		path  string
		n     int64
		cause tocsin.Cause
		why   string
	}{
		{"/whole", 20000, "", ""},
		{"/xml", 25, "", ""},
		{"/moved", 20000, "", ""},
		{"/packed", 20000, tocsin.CauseMalformed, "larger than a bulk file may be"},
		{"/inside", 0, tocsin.CauseMalformed, "not public"},
		{"/cut", 20000, tocsin.CauseUnreachable, "cut off"},
		{"/stalls", 20000, tocsin.CauseUnreachable, "no answer in time"},
		{"/silent", 0, tocsin.CauseUnreachable, "no answer in time"},
		{"/page", 0, tocsin.CauseMalformed, "malformed (200, a page for people)"},
		{"/wall", 0, tocsin.CauseRefused, "refused (200, a page that wants a browser)"},
		{"/busy", 0, tocsin.CauseRefused, "refused (429)"},
		{"/gone", 0, tocsin.CauseMalformed, "malformed (404)"},
	} {
		with, least := f, c.n
		if c.why == "no answer in time" {
			with, least = hasty, 0
		}
		n, err := drained(with, s.URL+c.path)
		var why *source.Failure
		if errors.As(err, &why) != (c.cause != "") || err == nil != (c.cause == "") || n > c.n || n < least {
			t.Errorf("%s: %d bytes, %v", c.path, n, err)
			continue
		}
		if why != nil && (why.Cause != c.cause || !strings.Contains(why.Why, c.why)) {
			t.Errorf("%s: %s, %s", c.path, why.Cause, why.Why)
		}
		if c.path == "/busy" && (why == nil || why.RetryAfter != 9*time.Second) {
			t.Errorf("%s: wait %v", c.path, why)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	st, err := f.Stream(ctx, s.URL+"/stalls")
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	cancel()
	if _, err := io.Copy(io.Discard, st); !errors.Is(err, context.Canceled) {
		t.Errorf("a reading that was stopped ended with %v", err)
	}
}
