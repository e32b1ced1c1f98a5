package notifier

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"tocsin"
)

// WebhookOptions say where messages are posted.
type WebhookOptions struct {
	URL    string // never quoted: it may hold a key
	Secret string // signs what is sent; after "whsec_" it is base64, "" signs nothing
	HTTP   *http.Client
	Now    func() time.Time
}

// Webhook posts each message as JSON to an address of the team's own, signed as
// the Standard Webhooks specification has it (standardwebhooks.com): webhook-id
// is the message's and the same on every attempt, webhook-signature covers id,
// time and body. It may be used by several goroutines at once.
type Webhook struct {
	o WebhookOptions
	k []byte
	x *Exchange
}

// NewWebhook checks the options; it does not connect.
func NewWebhook(o WebhookOptions) (*Webhook, error) {
	key := []byte(o.Secret)
	if coded, ok := strings.CutPrefix(o.Secret, "whsec_"); ok {
		var err error
		if key, err = base64.StdEncoding.DecodeString(coded); err != nil || len(key) == 0 {
			return nil, errors.New("secret: what follows whsec_ is not base64: copy it again, whole")
		}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Webhook{o, key, NewExchange(o.HTTP, o.Now)}, nil
}

// hookMessage is what is posted. Text is the message as people would read it,
// Events are those that it delivers, as 'tocsin history --json' has them; both
// show what the detail tier allows.
type hookMessage struct {
	ID     string      `json:"id"`
	Kind   Kind        `json:"kind"`
	At     time.Time   `json:"at"`                        // of this attempt
	Repeat bool        `json:"possible_repeat,omitempty"` // it may have arrived before, under the same id
	Case   string      `json:"case,omitempty"`
	Text   string      `json:"text"`
	Events []hookEvent `json:"events"`
}

// hookWidth is the longest line of Text, in letters.
const hookWidth = 100

type hookEvent struct {
	tocsin.Event
	Reasons []string `json:"reasons,omitempty"`
}

// Send posts the message. Result.Ref is always "". The error is an *Error: what
// was not answered, or answered with a fault of the service's own (5xx), is
// Unknown; what was refused by its status was not taken and is tried again, but
// for 410, with which a receiver says that it wants no more.
func (h *Webhook) Send(ctx context.Context, m Message) (Result, error) {
	now := h.o.Now().UTC()
	b, err := json.Marshal(hookBody(m, now))
	if err != nil {
		return Result{}, &Error{Outcome: Permanent, Why: "the message cannot be written as JSON"}
	}
	return Result{}, h.post(ctx, http.MethodPost, m.ID, now, b)
}

func hookBody(m Message, now time.Time) hookMessage {
	body := hookMessage{ID: m.ID, Kind: m.Kind, At: now, Repeat: m.Repeat, Case: m.Case, Text: Text(Render(m), hookWidth), Events: []hookEvent{}}
	for _, it := range m.Items {
		if m.Silent {
			break
		}
		e := hookEvent{Event: it.Event}
		for _, r := range it.Event.Reasons {
			e.Reasons = append(e.Reasons, Words(r, nil))
		}
		body.Events = append(body.Events, e)
	}
	return body
}

// Check asks the address for its head (HEAD): any answer that does not turn us
// away says that somebody is there. Nothing is posted.
func (h *Webhook) Check(ctx context.Context) error {
	return h.post(ctx, http.MethodHead, "", h.o.Now().UTC(), nil)
}

func (h *Webhook) post(ctx context.Context, method, id string, now time.Time, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, method, h.o.URL, bytes.NewReader(body))
	if err != nil {
		return &Error{Outcome: Permanent, Why: "the webhook's address cannot be used"}
	}
	req.Header.Set("User-Agent", "webhook")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Webhook-Id", id)
		req.Header.Set("Webhook-Timestamp", strconv.FormatInt(now.Unix(), 10))
		if len(h.k) > 0 {
			req.Header.Set("Webhook-Signature", "v1,"+h.sign(id, now, body))
		}
	}
	resp, _, err := h.x.Send(req)
	if err != nil {
		return hookFailure(err)
	}
	return hookStatus(resp.StatusCode, method)
}

func (h *Webhook) sign(id string, now time.Time, body []byte) string {
	mac := hmac.New(sha256.New, h.k)
	fmt.Fprintf(mac, "%s.%d.", id, now.Unix())
	mac.Write(body)
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func hookFailure(err error) error {
	var l *Limited
	switch {
	case errors.As(err, &l):
		return &Error{Outcome: Temporary, RetryAfter: l.After, Why: "the webhook asks us to wait (status 429)"}
	case errors.Is(err, ErrUnreached):
		return &Error{Outcome: Temporary, Why: "the webhook cannot be reached", Do: "Look at url, and at the machine's own network, DNS and firewall."}
	case errors.Is(err, ErrLate):
		return &Error{Why: "the webhook did not answer in time"}
	case errors.Is(err, ErrLong):
		return &Error{Why: "the webhook's answer does not end", Do: "Look at url: this is no webhook's answer."}
	}
	return &Error{Why: "the connection ended before the webhook answered"}
}

func hookStatus(status int, method string) error {
	why := fmt.Sprintf("the webhook answers with status %d", status)
	switch {
	case status >= 200 && status < 300, method == http.MethodHead && status == http.StatusMethodNotAllowed:
		return nil
	case status == http.StatusGone:
		return &Error{Outcome: Permanent, Why: why + ": its receiver is gone", Do: "Write the new address into url, or remove the notifier."}
	case status >= 300 && status < 400:
		return &Error{Outcome: Temporary, Why: why + ", a redirection, which is not followed", Do: "Write the address that it leads to into url."}
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return &Error{Outcome: Temporary, Why: why, Do: "Look at secret_file: the receiver must have the same secret. If it is right, the receiver refuses us for a reason of its own."}
	case status == http.StatusRequestTimeout:
		return &Error{Why: why}
	case status < 500:
		return &Error{Outcome: Temporary, Why: why, Do: "Look at url, and at the receiver's own log."}
	}
	return &Error{Why: why}
}
