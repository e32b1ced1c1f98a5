package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"tocsin/sim"
)

const hookConfig = `listen: "127.0.0.1:0"
sources:
  - {id: interpol-red, kind: interpol, notices: red, url: %%[1]q, newest: "@every 1s", sweep: "@every 2s", details: 0,
     pace: 100us, backoff: 100ms, backoff_max: 500ms, blind_after: 1h, newest_blind_after: 0}
notifiers:
  - {id: hook, kind: webhook, url: %q, secret_file: hook_secret, detail: codename, retry: 50ms, retry_max: 200ms, gather: 0}
`

// A webhook cannot be asked what arrived: what it did not answer comes again under
// the same id, and says so.
func TestAWebhookIsToldEverythingAndRepeatsAreMarked(t *testing.T) {
	t.Parallel()
	type post struct {
		ID     string
		Repeat bool `json:"possible_repeat"`
		Events []struct{ ID string }
	}
	var mu sync.Mutex
	var posts []post
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var p post
		b, err := io.ReadAll(r.Body)
		if err != nil || json.Unmarshal(b, &p) != nil || r.Header.Get("webhook-signature") == "" {
			t.Errorf("posted: %s (%v)", b, err)
		}
		mu.Lock()
		defer mu.Unlock()
		if posts = append(posts, p); len(posts) == 2 { // taken, and never said
			w.WriteHeader(http.StatusBadGateway)
		}
	}))
	t.Cleanup(s.Close)
	rows := whole(84, 24)
	h := newHouse(t, fmt.Sprintf(hookConfig, s.URL), listOf("h", rows[20:]), rows[:20]...)
	h.write("hook_secret", "a secret of the house")
	h.run()
	h.until("the first complete look", 60*time.Second, func() bool { return h.status().Sources[0].State == "ok" })
	var told []sim.Row
	for _, r := range rows[20:] {
		h.notices.Publish(r)
		told = append(told, r)
		h.until("it told", 30*time.Second, func() bool { return everything(len(told), h.events()) })
	}
	mu.Lock()
	defer mu.Unlock()
	times := map[string]int{}
	for i, p := range posts {
		if times[p.ID]++; p.Repeat != (times[p.ID] > 1) || len(p.Events) != 1 {
			t.Errorf("post %d: %+v", i, p)
		}
	}
	if len(posts) != 5 || len(times) != 4 {
		t.Errorf("%d posts of %d messages, want 5 of 4", len(posts), len(times))
	}
}
