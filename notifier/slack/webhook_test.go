package slack

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"tocsin/notifier"
)

// hook is an incoming webhook that answers as told and keeps what it was sent.
func hook(t *testing.T, status int, body string) (Sender, *[]string) {
	t.Helper()
	var got []string
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		got = append(got, string(b))
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(srv.Close)
	x, err := New(Options{Webhook: srv.URL + "/services/T0/B0/SECRET"})
	if err != nil {
		t.Fatal(err)
	}
	return x, &got
}

func TestAWebhookSaysTheSameWithoutButtonsAndMetadata(t *testing.T) {
	x, got := hook(t, 200, "ok")
	m := message1()
	m.Parent = "C0123456/1777790000.000200"
	res, err := x.Send(t.Context(), m)
	if err != nil || res.Ref != "" {
		t.Fatal(res, err)
	}
	var sent struct {
		Text, Parse string
		Blocks      []json.RawMessage
		Mrkdwn      *bool
		Links       *bool `json:"unfurl_links"`
		Media       *bool `json:"unfurl_media"`
	}
	if err := json.Unmarshal([]byte((*got)[0]), &sent); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(sent.Text, "Mira VARDEN") || len(sent.Blocks) < 3 || sent.Parse != "none" || sent.Mrkdwn == nil || *sent.Mrkdwn || sent.Links == nil || *sent.Links || sent.Media == nil || *sent.Media {
		t.Errorf("%s", (*got)[0])
	}
	for _, bad := range []string{"metadata", "thread_ts", `"actions"`, "e_first1"} {
		if strings.Contains((*got)[0], bad) {
			t.Errorf("%s in %s", bad, (*got)[0])
		}
	}
}

func TestAWebhookCannotBeAskedOrUpdatedAndItsTypeSaysSo(t *testing.T) {
	x, _ := hook(t, 200, "ok")
	if _, ok := x.(interface {
		Find(context.Context, time.Time, string, []string) (map[string]string, error)
	}); ok {
		t.Error("it claims to find")
	}
	if _, ok := x.(interface {
		Update(context.Context, string, notifier.Message) error
	}); ok {
		t.Error("it claims to update")
	}
}

func TestEveryAnswerOfAWebhookMeansWhatItMeansForTheMessage(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		body   string
		want   notifier.Outcome
	}{
		"no_service":        {404, "no_service", notifier.Permanent},
		"channel_not_found": {404, "channel_not_found", notifier.Permanent},
		"archived":          {410, "channel_is_archived", notifier.Permanent},
		"prohibited":        {403, "action_prohibited", notifier.Permanent},
		"invalid_blocks":    {400, "invalid_blocks", notifier.Permanent},
		"a proxy's no":      {403, "<html>no</html>", notifier.Temporary},
		"rate limited":      {429, "", notifier.Temporary},
		"408":               {408, "", notifier.Unknown},
		"500":               {500, "rollup_error", notifier.Unknown},
		"not Slack":         {200, "<html>welcome</html>", notifier.Unknown},
		"elsewhere":         {302, "", notifier.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			x, got := hook(t, c.status, c.body)
			_, err := x.Send(t.Context(), message1())
			if e := failureOf(t, err); e.Outcome != c.want {
				t.Errorf("%v: %s", e.Outcome, e.Why)
			}
			if len(*got) != 1 {
				t.Errorf("sent %d times", len(*got))
			}
		})
	}
}

func TestCheckingAWebhookPostsNothingThatIsShown(t *testing.T) {
	x, got := hook(t, 400, "no_text")
	if err := x.Check(t.Context()); err != nil {
		t.Error(err)
	}
	if !strings.Contains((*got)[0], `"text":""`) || strings.Contains((*got)[0], "blocks") {
		t.Errorf("%s", (*got)[0])
	}
	x, _ = hook(t, 404, "no_service")
	if e := failureOf(t, x.Check(t.Context())); !strings.Contains(e.Why, "webhook") {
		t.Error(e.Why)
	}
}
