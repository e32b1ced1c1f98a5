package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/slack-go/slack"

	"tocsin/notifier"
)

// Webhook is a channel that is written to through an incoming webhook. Its
// messages stand alone: they have no thread, cannot be changed, and nobody can
// say later whether they arrived. It may be used by several goroutines at once.
type Webhook struct {
	address string // a secret: who has it can post
	x       *exchange
}

// hookMessage is what an incoming webhook takes
// (docs.slack.dev, "Sending messages using incoming webhooks").
type hookMessage struct {
	Text   string        `json:"text"`
	Blocks []slack.Block `json:"blocks,omitempty"`
	Mrkdwn bool          `json:"mrkdwn"`
	Parse  string        `json:"parse"`
	Links  bool          `json:"unfurl_links"`
	Media  bool          `json:"unfurl_media"`
}

// Send posts the message. Result.Ref is always "". The error is a
// *notifier.Error; what was not answered is Unknown.
func (w *Webhook) Send(ctx context.Context, m notifier.Message) (notifier.Result, error) {
	p := notifier.Render(m)
	err := w.post(ctx, hookMessage{Text: fallback(p), Blocks: blocks(p, layout{links: m.Links}), Parse: "none"})
	if err != nil {
		return notifier.Result{}, failure(err)
	}
	return notifier.Result{}, nil
}

// Check posts an empty message, which Slack refuses for that reason only where
// the webhook is good. Nothing is shown in the channel.
func (w *Webhook) Check(ctx context.Context) error {
	err := w.post(ctx, hookMessage{Parse: "none"})
	if err == nil {
		return nil
	}
	var r *refused
	if errors.As(err, &r) && (r.code == "no_text" || r.code == "invalid_payload") {
		return nil
	}
	return failure(err)
}

func (w *Webhook) post(ctx context.Context, m hookMessage) error {
	var body bytes.Buffer
	enc := json.NewEncoder(&body)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(m); err != nil {
		return &refused{code: "invalid_payload"}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.address, &body)
	if err != nil {
		return notifier.ErrUnreached
	}
	req.Header.Set("Content-Type", "application/json")
	resp, answer, err := w.x.Send(req)
	if err != nil {
		return err
	}
	said := strings.TrimSpace(string(answer))
	switch {
	case resp.StatusCode == http.StatusOK && said == "ok":
		return nil
	case resp.StatusCode >= 400 && resp.StatusCode < 500 && resp.StatusCode != http.StatusRequestTimeout:
		if permanent[said] != "" {
			return &refused{code: said}
		}
		return turnedAway(resp.StatusCode)
	case resp.StatusCode == http.StatusOK:
		return errGarbled
	}
	return badStatus(resp.StatusCode)
}
