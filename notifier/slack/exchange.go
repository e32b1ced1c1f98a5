package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"tocsin/notifier"
)

// exchange does requests and reads Slack's answers.
type exchange struct {
	*notifier.Exchange
	now func() time.Time
}

func newExchange(c *http.Client, now func() time.Time) *exchange {
	if now == nil {
		now = time.Now
	}
	return &exchange{notifier.NewExchange(c, now), now}
}

// answer is what of an answer of the Web API the client library does not hand on.
type answer struct {
	OK      *bool  `json:"ok"`
	Error   string `json:"error"`
	Needed  string `json:"needed"`
	Message struct {
		Thread string `json:"thread_ts"`
	} `json:"message"`
}

// answerKey is the context's key of the *answer that wants to be filled.
type answerKey struct{}

// Do does one request of the Web API, for the client library. It returns an
// answer only if that says ok: the library takes an answer that says nothing
// for a message that was accepted.
func (x *exchange) Do(req *http.Request) (*http.Response, error) {
	resp, body, err := x.Send(req)
	if err != nil {
		return nil, err
	}
	var said answer
	err = json.Unmarshal(body, &said)
	switch {
	case err == nil && said.OK != nil && !*said.OK && said.Error != "" && resp.StatusCode < 500:
		return nil, &refused{said.Error, said.Needed}
	case resp.StatusCode != http.StatusOK:
		return nil, badStatus(resp.StatusCode)
	case err != nil, said.OK == nil, !*said.OK:
		return nil, errGarbled
	}
	if asked, ok := req.Context().Value(answerKey{}).(*answer); ok {
		*asked = said
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

// call does one request of the Web API and decodes its answer into dst. It is
// for reading a channel's history: the library decodes all of every message,
// and one message of another app in a form that it does not know would make the
// whole history unreadable.
func (x *exchange) call(ctx context.Context, address string, form url.Values, dst any) (http.Header, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, notifier.ErrUnreached
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := x.Do(req)
	if err != nil {
		return nil, err
	}
	if err := json.NewDecoder(resp.Body).Decode(dst); err != nil {
		return nil, errGarbled
	}
	return resp.Header, nil
}
