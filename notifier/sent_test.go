package notifier_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"tocsin"
	"tocsin/notifier"
	"tocsin/notifier/slack"
	"tocsin/sim"
)

var boundary = regexp.MustCompile(`boundary="?[0-9a-z]+"?`)

// Every event kind goes out through every notifier at every lower detail, with
// something of its own in every field: nothing that arrives anywhere is any
// field's but those that may be shown.
func TestNothingOfAnyFieldArrivesBelowFullDetail(t *testing.T) {
	var arrived bytes.Buffer // at the webhook and on the terminal; each send is over before the next
	posts := make(chan string, 1)
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		posts <- r.URL.String() + string(b)
	}))
	t.Cleanup(hook.Close)
	mail, err := sim.NewMail(sim.MailOptions{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { mail.Close() })
	smtp, err := url.Parse(mail.URL())
	if err != nil {
		t.Fatal(err)
	}
	room, err := sim.NewSlack(sim.SlackOptions{Token: "xoxb-sent", Channels: []string{"C0SENT"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { room.Close() })
	type sender interface {
		Send(context.Context, notifier.Message) (notifier.Result, error)
	}
	for _, d := range []notifier.Detail{notifier.Codename, notifier.Initials} {
		letters, err := notifier.NewEmail(notifier.EmailOptions{ID: "sent", SMTP: smtp, From: "a@example.org", To: []string{"b@example.org"}, Detail: d})
		if err != nil {
			t.Fatal(err)
		}
		channel, err := slack.New(slack.Options{Token: "xoxb-sent", Channel: "C0SENT", APIURL: room.URL()})
		if err != nil {
			t.Fatal(err)
		}
		noon := func() time.Time { return time.Date(2026, 5, 3, 12, 0, 0, 0, time.UTC) } // chance may write anything into fractions of seconds
		posted, err := notifier.NewWebhook(notifier.WebhookOptions{URL: hook.URL, Secret: "key", Now: noon})
		if err != nil {
			t.Fatal(err)
		}
		through := map[string]sender{
			"mail": letters, "slack": channel, "webhook": posted, "console": notifier.NewConsole(&arrived, false),
		}
		for _, kind := range tocsin.EventKinds {
			for i, tier := range []tocsin.Tier{tocsin.TierAlert, tocsin.TierReview} {
				action := []tocsin.Action{tocsin.Dismiss, tocsin.Arrest}[i]
				state := []tocsin.CaseState{tocsin.CaseDismissed, tocsin.CaseArrested}[i]
				it, fields := notifier.Everything(kind, tier, state, action, tocsin.ReasonBirthDiffers)
				x := notifier.Redact(d, it)
				for j, m := range []notifier.Message{
					{Kind: notifier.Single, Items: []notifier.Item{x}}, {Kind: notifier.Gathered, Items: []notifier.Item{x, x}},
					{Kind: notifier.Digest, Items: []notifier.Item{x}, Report: &notifier.Report{Needs: []notifier.Item{x}, Waiting: []notifier.Item{x}, Dismissed: []notifier.Item{x}}},
				} {
					m.ID, m.Case, m.Buttons = fmt.Sprint("m_", kind, tier, d, j), "c_1", true
					for name, s := range through {
						arrived.Reset()
						mail.Forget()
						if _, err := s.Send(t.Context(), m); err != nil {
							t.Fatalf("%s of %s: %v", name, kind, err)
						}
						switch name {
						case "mail":
							l := mail.Messages()[0]
							head, _, _ := strings.Cut(string(l.Raw), "\r\n\r\n")
							arrived.WriteString(l.Subject + l.Text + l.HTML + boundary.ReplaceAllString(head, "")) // chance may write anything
						case "slack":
							sent := room.Messages()
							last := sent[len(sent)-1]
							arrived.WriteString(last.Text + string(last.Blocks) + string(last.Metadata))
						case "webhook":
							arrived.WriteString(<-posts)
						}
						told := strings.ToLower(arrived.String())
						if told == "" {
							t.Fatalf("%s: nothing arrived", name)
						}
						for mark, field := range fields {
							if strings.Contains(told, mark) && !notifier.MayShow(d, field) {
								t.Errorf("%s at %s, %s, %s: %s arrives", name, d, kind, m.Kind, field)
							}
						}
					}
				}
			}
		}
	}
}
