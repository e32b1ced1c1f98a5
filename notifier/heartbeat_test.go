package notifier

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// endless is a body without an end.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

func TestAPingAsksOnceAndSaysNothing(t *testing.T) {
	var asked []*http.Request
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { asked = append(asked, r) }))
	defer s.Close()
	if err := NewHeartbeat(s.URL + "/key-1234").Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(asked) != 1 || asked[0].Method != http.MethodGet || asked[0].URL.Path != "/key-1234" || asked[0].ContentLength != 0 {
		t.Fatalf("asked were %v", asked)
	}
	for k, v := range asked[0].Header {
		if strings.Contains(strings.ToLower(k+strings.Join(v, " ")), "tocsin") {
			t.Errorf("%s: %v says who we are", k, v)
		}
	}
}

func TestAPingThatIsNotTakenIsAnErrorThatShowsNoAddress(t *testing.T) {
	done := make(chan struct{})
	mux := http.NewServeMux()
	mux.HandleFunc("/key-500", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) })
	mux.HandleFunc("/key-404", http.NotFound)
	mux.HandleFunc("/key-round", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/key-round", http.StatusFound) })
	mux.HandleFunc("/key-hang", func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-done:
		}
	})
	mux.HandleFunc("/key-cut", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	s := httptest.NewServer(mux)
	defer s.Close()
	defer close(done)
	for _, path := range []string{"key-500", "key-404", "key-round", "key-hang", "key-cut"} {
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		err := NewHeartbeat(s.URL + "/" + path).Ping(ctx)
		cancel()
		if err == nil || strings.Contains(err.Error(), "key-") || strings.Contains(err.Error(), "127.0.0.1") {
			t.Errorf("%s: %v", path, err)
		}
	}
	gone := s.URL
	s.Close()
	if err := NewHeartbeat(gone + "/key-1").Ping(t.Context()); err == nil || strings.Contains(err.Error(), "key-") {
		t.Errorf("nobody there: %v", err)
	}
}

func TestAPingFollowsAMovedServiceButNotOutOfTLS(t *testing.T) {
	plain := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer plain.Close()
	moved := httptest.NewServer(http.RedirectHandler(plain.URL+"/there", http.StatusMovedPermanently))
	defer moved.Close()
	if err := NewHeartbeat(moved.URL).Ping(t.Context()); err != nil {
		t.Errorf("moved: %v", err)
	}
	sealed := httptest.NewTLSServer(http.RedirectHandler(plain.URL+"/there", http.StatusMovedPermanently))
	defer sealed.Close()
	h := NewHeartbeat(sealed.URL)
	h.http.Transport = sealed.Client().Transport
	if err := h.Ping(t.Context()); err == nil || !strings.Contains(err.Error(), "redirects") {
		t.Errorf("out of TLS: %v", err)
	}
}

func TestAPingDoesNotReadALongAnswer(t *testing.T) {
	var sent int64
	var failed error
	over := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		sent, failed = io.Copy(w, io.LimitReader(endless{}, 1<<30))
		close(over)
	}))
	defer s.Close()
	if err := NewHeartbeat(s.URL).Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	<-over
	if sent == 1<<30 && failed == nil || errors.Is(failed, io.ErrUnexpectedEOF) {
		t.Errorf("%d bytes were taken", sent)
	}
}
