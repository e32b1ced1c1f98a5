package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

const (
	bodyMax    = 16 << 20         // a page of history with long messages is a few MiB
	callMax    = 15 * time.Second // one request, all of it
	retryLimit = time.Hour        // a longer wait would leave the bell silent on one answer's word
)

// exchange does requests and tells apart what became of them.
type exchange struct {
	http *http.Client
	now  func() time.Time
}

func newExchange(c *http.Client, now func() time.Time) *exchange {
	if c == nil {
		t := http.DefaultTransport.(*http.Transport).Clone()
		t.DialContext = (&net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}).DialContext
		t.TLSHandshakeTimeout = 5 * time.Second
		t.ResponseHeaderTimeout = callMax
		c = &http.Client{Transport: t}
	}
	own := *c
	if own.Timeout == 0 || own.Timeout > callMax {
		own.Timeout = callMax
	}
	// A redirected request would carry the token and the message elsewhere.
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if now == nil {
		now = time.Now
	}
	return &exchange{&own, now}
}

// send does one request and reads its whole answer. The error is one of those
// that failure knows.
func (x *exchange) send(req *http.Request) (*http.Response, []byte, error) {
	if req.Context().Err() != nil {
		return nil, nil, errUnreached
	}
	var asked, got atomic.Bool
	trace := &httptrace.ClientTrace{
		GetConn: func(string) { asked.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { got.Store(true) },
	}
	resp, err := x.http.Do(req.WithContext(httptrace.WithClientTrace(req.Context(), trace)))
	if err != nil {
		var dns *net.DNSError
		var op *net.OpError
		switch {
		case asked.Load() && !got.Load(), errors.As(err, &dns), errors.As(err, &op) && op.Op == "dial":
			return nil, nil, errUnreached
		}
		return nil, nil, interrupted(err)
	}
	defer resp.Body.Close() // all that counts is read below
	body, err := io.ReadAll(io.LimitReader(resp.Body, bodyMax+1))
	switch {
	case resp.StatusCode == http.StatusTooManyRequests:
		return nil, nil, &limited{x.retryAfter(resp.Header.Get("Retry-After"))}
	case err != nil:
		return nil, nil, interrupted(err)
	case len(body) > bodyMax:
		return nil, nil, errLong
	}
	return resp, body, nil
}

func interrupted(err error) error {
	var slow interface{ Timeout() bool }
	if errors.Is(err, context.DeadlineExceeded) || errors.As(err, &slow) && slow.Timeout() {
		return errLate
	}
	return errCut
}

// retryAfter reads the header's seconds or date (RFC 9110, 10.2.3).
func (x *exchange) retryAfter(h string) time.Duration {
	h = strings.TrimSpace(h)
	if n, err := strconv.ParseUint(h, 10, 31); err == nil {
		return min(time.Duration(n)*time.Second, retryLimit)
	}
	if at, err := http.ParseTime(h); err == nil {
		return min(max(at.Sub(x.now()), 0), retryLimit)
	}
	return 0
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
	resp, body, err := x.send(req)
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
		return nil, errUnreached
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
