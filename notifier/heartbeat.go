package notifier

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// Heartbeat pings a dead-man's switch: a service that raises an alarm of its own
// when the pings stop. The address may hold a key, so that no error quotes it.
type Heartbeat struct {
	address string
	http    *http.Client
}

const (
	pingMax       = 10 * time.Second // one ping, all of it
	pingBody      = 4 << 10          // what is read of an answer, whose status says all
	pingRedirects = 3
)

// NewHeartbeat makes one for an address, which config has checked. It does not
// ask it.
func NewHeartbeat(address string) *Heartbeat {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.DialContext = (&net.Dialer{Timeout: 5 * time.Second}).DialContext
	t.DisableKeepAlives = true // once a minute: a kept connection may be dead without anybody knowing
	return &Heartbeat{address, &http.Client{Transport: t, Timeout: pingMax, CheckRedirect: sensible}}
}

var errRedirect = errors.New("redirected")

// sensible follows few redirects, and none out of TLS.
func sensible(req *http.Request, via []*http.Request) error {
	if len(via) > pingRedirects || via[0].URL.Scheme == "https" && req.URL.Scheme != "https" {
		return errRedirect
	}
	return nil
}

// Ping asks the address once, with nothing to say but that it was asked.
func (h *Heartbeat) Ping(ctx context.Context) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, h.address, nil)
	if err != nil {
		return errors.New("its address cannot be used")
	}
	req.Header.Set("User-Agent", "heartbeat")
	resp, err := h.http.Do(req)
	switch {
	case errors.Is(err, errRedirect):
		return errors.New("it redirects us somewhere else")
	case err != nil:
		// An error of the client's quotes the address.
		return errors.New("it cannot be reached, or does not answer in time")
	}
	defer resp.Body.Close()                                         // its status says all
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, pingBody)) // politeness alone
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return fmt.Errorf("it answers with status %d", resp.StatusCode)
	}
	return nil
}
