package notifier

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// receiver is a webhook's other end: it keeps what it was sent and answers as
// told, with 204 where nothing is.
type receiver struct {
	*httptest.Server
	answer http.HandlerFunc
	posts  chan post
}

type post struct {
	method, body string
	header       http.Header
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{posts: make(chan post, 100)}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		b, err := io.ReadAll(req.Body)
		if err != nil {
			t.Error(err)
		}
		r.posts <- post{req.Method, string(b), req.Header}
		if r.answer != nil {
			r.answer(w, req)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	}))
	t.Cleanup(r.Close)
	return r
}

func hook(t *testing.T, url, secret string) *Webhook {
	t.Helper()
	h, err := NewWebhook(WebhookOptions{URL: url, Secret: secret, Now: func() time.Time { return at("2026-05-03 08:30") }})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestAWebhookHasTheMessageAndItsEventsSigned(t *testing.T) {
	key := []byte("a key of the team's own")
	for _, secret := range []string{string(key), "whsec_" + base64.StdEncoding.EncodeToString(key)} {
		r := newReceiver(t)
		m := redacted(Full, story()["appeared"])
		m.Repeat = true
		if _, err := hook(t, r.URL, secret).Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		p := <-r.posts
		body := p.body
		var got struct {
			ID     string
			Repeat bool `json:"possible_repeat"`
			Text   string
			Events []struct {
				ID, Kind, Person string
				Reasons          []string
			}
		}
		if err := json.Unmarshal([]byte(body), &got); err != nil {
			t.Fatal(err)
		}
		if got.ID != m.ID || !got.Repeat || len(got.Events) != 1 || got.Events[0].ID != "e_5Jt9Qm" || got.Events[0].Kind != "appeared" || len(got.Events[0].Reasons) != 5 {
			t.Errorf("posted: %s", body)
		}
		if !strings.Contains(got.Text, "Mira") || !strings.Contains(got.Text, "NOW 1") || !strings.Contains(strings.ToLower(got.Text), "repeat") {
			t.Errorf("the text is\n%s", got.Text)
		}
		mac := hmac.New(sha256.New, key)
		io.WriteString(mac, p.header.Get("webhook-id")+"."+p.header.Get("webhook-timestamp")+"."+body)
		if want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)); p.header.Get("webhook-signature") != want || p.header.Get("webhook-id") != m.ID {
			t.Errorf("signed %s, want %s", p.header.Get("webhook-signature"), want)
		}
	}
}

func TestAWebhookAtLowerDetailGivesNothingAway(t *testing.T) {
	for d, words := range secrets {
		r := newReceiver(t)
		h := hook(t, r.URL, "key")
		for name, m := range story() {
			if _, err := h.Send(t.Context(), redacted(d, m)); err != nil {
				t.Fatal(err)
			}
			body := strings.ToLower((<-r.posts).body)
			for _, w := range words {
				if strings.Contains(body, w) {
					t.Errorf("%s at %s: %q is posted", name, d, w)
				}
			}
		}
	}
}

func TestWhatBecameOfAWebhooksMessage(t *testing.T) {
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "30")
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(code)
		}
	}
	cut := func(w http.ResponseWriter, _ *http.Request) {
		if c, _, err := w.(http.Hijacker).Hijack(); err == nil {
			_ = c.Close()
		}
	}
	endless := func(w http.ResponseWriter, _ *http.Request) {
		for range answerMax>>20 + 1 {
			if _, err := w.Write(make([]byte, 1<<20)); err != nil {
				return
			}
		}
	}
	for name, x := range map[string]struct {
		answer http.HandlerFunc
		want   Outcome
		after  time.Duration
	}{
		"asked to wait": {status(429), Temporary, 30 * time.Second},
		"refused":       {status(403), Temporary, 0},
		"not found":     {status(404), Temporary, 0},
		"redirected":    {status(307), Temporary, 0},
		"gone":          {status(410), Permanent, 0},
		"failed":        {status(503), Unknown, 0},
		"too late":      {status(408), Unknown, 0},
		"cut":           {cut, Unknown, 0},
		"endless":       {endless, Unknown, 0},
	} {
		r := newReceiver(t)
		r.answer = x.answer
		_, err := hook(t, r.URL+"/key-in-path", "").Send(t.Context(), story()["appeared"])
		var e *Error
		if !errors.As(err, &e) || e.Outcome != x.want || e.RetryAfter != x.after || strings.Contains(e.Why+e.Do, "key-in-path") {
			t.Errorf("%s: %#v", name, err)
		}
		if (<-r.posts).header.Get("webhook-signature") != "" {
			t.Errorf("%s: signed without a secret", name)
		}
	}
	r := newReceiver(t)
	r.Close()
	var e *Error
	if _, err := hook(t, r.URL, "").Send(t.Context(), story()["appeared"]); !errors.As(err, &e) || e.Outcome != Temporary {
		t.Errorf("nobody there: %#v", err)
	}
}

func TestAWebhookIsTriedWithoutPosting(t *testing.T) {
	r := newReceiver(t)
	r.answer = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusMethodNotAllowed) }
	if err := hook(t, r.URL, "key").Check(t.Context()); err != nil {
		t.Error(err)
	}
	none := newReceiver(t)
	none.answer = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) }
	if err := hook(t, none.URL, "key").Check(t.Context()); err == nil {
		t.Error("an address that is not there is good")
	}
	for _, r := range []*receiver{r, none} {
		if p := <-r.posts; p.method != http.MethodHead {
			t.Errorf("asked with %s", p.method)
		}
	}
}

func TestAWebhooksSecretThatIsNoneIsRefused(t *testing.T) {
	for _, s := range []string{"whsec_", "whsec_?"} {
		if _, err := NewWebhook(WebhookOptions{URL: "http://127.0.0.1", Secret: s}); err == nil {
			t.Errorf("%q is taken", s)
		}
	}
}
