package notifier

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

const (
	answerMax  = 16 << 20         // a page of a channel's history with long messages is a few MiB
	callMax    = 15 * time.Second // one request, all of it
	retryLimit = time.Hour        // a longer wait would leave the bell silent on one answer's word
)

// Errors of an exchange that had no answer to be read. Only ErrUnreached means
// that the request did not arrive.
var (
	ErrUnreached = errors.New("the service cannot be reached")
	ErrCut       = errors.New("the connection ended before the answer")
	ErrLate      = errors.New("no answer in time")
	ErrLong      = errors.New("a longer answer than is read")
)

// Limited is a service asking us to wait (status 429).
type Limited struct{ After time.Duration }

func (l *Limited) Error() string { return fmt.Sprintf("the service asks us to wait %s", l.After) }

// Exchange does requests to one service and tells apart what became of them. It
// may be used by several goroutines at once.
type Exchange struct {
	http *http.Client
	now  func() time.Time
}

// NewExchange makes one; c nil is a client of its own, now nil is time.Now.
func NewExchange(c *http.Client, now func() time.Time) *Exchange {
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
	// A redirected request would carry secrets and the message elsewhere.
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if now == nil {
		now = time.Now
	}
	return &Exchange{&own, now}
}

// Send does one request and reads its whole answer, at most 16 MiB. The error is
// ErrUnreached, ErrCut, ErrLate, ErrLong or a *Limited.
func (x *Exchange) Send(req *http.Request) (*http.Response, []byte, error) {
	if req.Context().Err() != nil {
		return nil, nil, ErrUnreached
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
			return nil, nil, ErrUnreached
		}
		return nil, nil, interrupted(err)
	}
	defer resp.Body.Close() // all that counts is read below
	body, err := io.ReadAll(io.LimitReader(resp.Body, answerMax+1))
	switch {
	case resp.StatusCode == http.StatusTooManyRequests:
		return nil, nil, &Limited{x.retryAfter(resp.Header.Get("Retry-After"))}
	case err != nil:
		return nil, nil, interrupted(err)
	case len(body) > answerMax:
		return nil, nil, ErrLong
	}
	return resp, body, nil
}

func interrupted(err error) error {
	var slow interface{ Timeout() bool }
	if errors.Is(err, context.DeadlineExceeded) || errors.As(err, &slow) && slow.Timeout() {
		return ErrLate
	}
	return ErrCut
}

// retryAfter reads the header's seconds or date (RFC 9110, 10.2.3).
func (x *Exchange) retryAfter(h string) time.Duration {
	h = strings.TrimSpace(h)
	if n, err := strconv.ParseUint(h, 10, 31); err == nil {
		return min(time.Duration(n)*time.Second, retryLimit)
	}
	if at, err := http.ParseTime(h); err == nil {
		return min(max(at.Sub(x.now()), 0), retryLimit)
	}
	return 0
}
