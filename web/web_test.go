package web

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"tocsin/store"
)

func get(t *testing.T, h http.Handler, path string) (int, string) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
	b, err := io.ReadAll(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	return w.Code, string(b)
}

func pages(st store.Status, stuck ...string) http.Handler {
	return New(Options{
		NotFlowing: func(context.Context) ([]string, error) { return stuck, nil },
		Status:     func(context.Context) (store.Status, error) { return st, nil },
		Required:   map[string]bool{"red": true}, Notifiers: []string{"team", "lawyers"}, Version: "test",
	})
}

var seen = time.Date(2026, 5, 3, 8, 0, 0, 0, time.UTC)

func well() store.Status {
	return store.Status{
		Sources: []store.SourceStatus{{ID: "red", State: "ok", Listed: 6934, Seen: 6934, LastComplete: seen, LastLook: seen}, {ID: "yellow", State: "never"}},
		People:  120,
	}
}

func TestReadinessSaysWhatIsNotSeenOrNotFlowing(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*store.Status)
		code   int
		says   string
	}{
		{"all well, and a source that is not required was never seen", func(*store.Status) {}, 200, "ready"},
		{"partial, but seen whole before", func(s *store.Status) { s.Sources[0].State = "partial" }, 200, "ready"},
		{"blind", func(s *store.Status) {
			s.Sources[0].State, s.Sources[0].BlindSince, s.Sources[0].Why = "blind", seen, "refused (403)"
		}, 503, "red: blind since 2026-05-03T08:00:00Z: refused (403)"},
		{"never seen", func(s *store.Status) { s.Sources[0] = store.SourceStatus{ID: "red", State: "never"} }, 503, "red: not yet seen"},
		{"never seen whole", func(s *store.Status) { s.Sources[0].State, s.Sources[0].LastComplete = "partial", time.Time{} }, 503, "red: not yet seen whole"},
		{"given up once, flowing again", func(s *store.Status) { s.Deliveries.Failed = 1 }, 200, "ready"},
		{"a watchlist that is refused", func(s *store.Status) { s.Watchlist.Error = "watchlist.csv:4: a secret" }, 503, "watchlist: the edited file is not in force"},
		{"evidence that cannot be kept", func(s *store.Status) { s.Evidence = &store.EvidenceStatus{Error: "full"} }, 503, "evidence:"},
	} {
		st := well()
		c.change(&st)
		code, body := get(t, pages(st), "/readyz")
		if code != c.code || !strings.Contains(body, c.says) {
			t.Errorf("%s: %d %q, want %d %q", c.name, code, body, c.code, c.says)
		}
		if code, _ := get(t, pages(st), "/healthz"); code != 200 {
			t.Errorf("%s: /healthz is %d: a restart would only sweep again", c.name, code)
		}
	}
}

func TestAChannelThatDoesNotFlowIsNotReady(t *testing.T) {
	if code, body := get(t, pages(well(), "team: would not take a message"), "/readyz"); code != 503 || !strings.Contains(body, "team: would not take a message") {
		t.Errorf("%d %q", code, body)
	}
}

func TestMetricsAndThePageTellTheSame(t *testing.T) {
	st := well()
	st.Sources[0].State, st.Sources[0].Seen = "blind", 6000
	st.Deliveries = store.DeliveryStatus{Pending: 3, Failed: 1, Notifiers: map[string]store.Count{"team": {Pending: 3, Failed: 1}}}
	_, metrics := get(t, pages(st, "team: a delivery was given up"), "/metrics")
	for _, want := range []string{
		`tocsin_source_blind{source="red"} 1`, `tocsin_source_seen{source="red"} 6000`, `tocsin_deliveries_pending{notifier="team"} 3`,
		`tocsin_deliveries_pending{notifier="lawyers"} 0`, `tocsin_notifier_failing{notifier="team"} 1`, "tocsin_people 120", "tocsin_watchlist_refused 0",
	} {
		if !strings.Contains(metrics, want) {
			t.Errorf("the metrics lack %s", want)
		}
	}
	_, page := get(t, pages(st), "/")
	for _, want := range []string{"6000 of 6934", "3 owed", "1 given up", "never means"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, foreign := range []string{"src=", "http://", "https://", "<script"} {
		if strings.Contains(page, foreign) {
			t.Errorf("the page holds %q", foreign)
		}
	}
	if code, _ := get(t, pages(st), "/no-such"); code != 404 {
		t.Errorf("another path is %d", code)
	}
}

func TestOfSeveralReplicasThePagesSayWhichOneWatches(t *testing.T) {
	for _, c := range []struct {
		turn         store.TurnStatus
		page, metric string
		code         int
	}{
		{store.TurnStatus{Replica: "r_a", Here: true}, "This replica watches.", "tocsin_replica_watches 1", 200},
		{store.TurnStatus{Replica: "r_a"}, "This replica stands by; r_a watches.", "tocsin_replica_watches 0", 200},
		{store.TurnStatus{}, "No replica watches.", "tocsin_replica_watches 0", 503},
	} {
		st := well()
		st.Turn = &c.turn
		if _, page := get(t, pages(st), "/"); !strings.Contains(page, c.page) {
			t.Errorf("%+v: the page lacks %q", c.turn, c.page)
		}
		if _, metrics := get(t, pages(st), "/metrics"); !strings.Contains(metrics, c.metric) {
			t.Errorf("%+v: the metrics lack %q", c.turn, c.metric)
		}
		if code, body := get(t, pages(st), "/readyz"); code != c.code {
			t.Errorf("%+v: readyz is %d: %s", c.turn, code, body)
		}
	}
}
