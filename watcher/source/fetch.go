package source

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/go-resty/resty/v2"

	"tocsin"
)

// Kinds of documents, as the Accept header has them.
const (
	JSON = "application/json"
	Any  = "*/*"
)

// FetchOptions says how to ask. Only Own is required.
type FetchOptions struct {
	UserAgent string
	Proxy     string        // socks5://, socks5h://, http:// or https://; "" is none, whatever the environment says
	Timeout   time.Duration // of a whole request, reading included; 0 is 30 s
	MaxBody   int64         // bytes, after decompression; 0 is 16 MiB
	MaxBulk   int64         // of a bulk file (Stream), likewise; 0 is 8 GiB
	// Allow are addresses that may be reached though they are not public:
	// "host:port", or a range as "10.0.0.0/8".
	Allow []string
	// Own is the configured URL: its host and port are always allowed.
	Own string
	Now func() time.Time // time.Now if nil
}

// Answer is a document as it was served.
type Answer struct {
	URL     string      // that was asked for
	Final   string      // that answered, after redirects; of an answer of Within that leads elsewhere, where to
	Request http.Header // as sent, but for what the transport adds
	Status  int
	Proto   string // "HTTP/1.1"
	Header  http.Header
	Body    []byte // decompressed
	Asked   time.Time
	At      time.Time // when the last byte was read
	// Permanent reports that there were redirects, all of them for good (301, 308).
	Permanent bool
}

// Fetcher asks for documents. Its methods may be called from any goroutine.
type Fetcher struct {
	client  *resty.Client
	bulk    *http.Client
	rule    *rule
	now     func() time.Time
	agent   string
	idle    time.Duration // of a bulk file: how long one read may take
	maxBulk int64
}

// NewFetcher fails on an address, range or proxy that cannot be read.
func NewFetcher(o FetchOptions) (*Fetcher, error) {
	if o.Timeout == 0 {
		o.Timeout = 30 * time.Second
	}
	if o.MaxBody == 0 {
		o.MaxBody = 16 << 20
	}
	if o.MaxBulk == 0 {
		o.MaxBulk = bulkMax
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	r, err := newRule(o.Own, o.Allow)
	if err != nil {
		return nil, err
	}
	transport := &http.Transport{
		DialContext:           r.dial,
		TLSClientConfig:       &tls.Config{MinVersion: tls.VersionTLS12},
		ForceAttemptHTTP2:     true,
		MaxIdleConnsPerHost:   1,
		IdleConnTimeout:       90 * time.Second,
		TLSHandshakeTimeout:   15 * time.Second,
		ResponseHeaderTimeout: o.Timeout,
	}
	if o.Proxy != "" {
		u, err := url.Parse(o.Proxy)
		if err != nil || u.Host == "" {
			return nil, errors.New("the proxy's address cannot be read: write socks5://host:port or http://host:port")
		}
		switch u.Scheme {
		case "socks5", "socks5h", "http", "https":
		default:
			return nil, fmt.Errorf("a proxy speaks socks5 or http, not %q", u.Scheme)
		}
		transport.Proxy = http.ProxyURL(u)
		r.allowHost(u)
	}
	// A client of its own, without resty's cookie jar: what was answered before
	// must not be told again.
	client := resty.NewWithClient(&http.Client{Transport: transport, CheckRedirect: r.redirect}).
		SetLogger(quiet{}).SetDisableWarn(true).SetTimeout(o.Timeout).
		SetResponseBodyLimit(int(min(o.MaxBody, 1<<30)))
	if o.UserAgent != "" {
		client.SetHeader("User-Agent", o.UserAgent)
	}
	bulk := &http.Client{Transport: transport, CheckRedirect: r.redirect}
	return &Fetcher{client: client, bulk: bulk, rule: r, now: o.Now, agent: o.UserAgent, idle: o.Timeout, maxBulk: o.MaxBulk}, nil
}

// UserAgent is how the Fetcher calls itself, "" if it does not.
func (f *Fetcher) UserAgent() string { return f.agent }

type quiet struct{}

func (quiet) Errorf(string, ...any) {}
func (quiet) Warnf(string, ...any)  {}
func (quiet) Debugf(string, ...any) {}

// Get asks for one document. accept is JSON, where anything but whole JSON
// other than null is a failure, or another media type, which is not checked.
// The error is a *Failure, or ctx's own where ctx ended. A failure that came
// with an answer has it beside it.
func (f *Fetcher) Get(ctx context.Context, address, accept string) (*Answer, error) {
	return f.GetIf(ctx, address, accept, Validators{})
}

// GetIf is Get for a document that was had before: where it is still the same,
// the answer has status 304 and no body, and that is no error. Without
// validators a 304 is a failure: nothing was said that it could be an answer to.
func (f *Fetcher) GetIf(ctx context.Context, address, accept string, v Validators) (*Answer, error) {
	return f.get(ctx, address, accept, v, &trail{})
}

// Within is Get, but a redirect that leads to another host is not followed: the
// answer has its status and, as Final, where it leads, and that is no error. So
// each host can be asked at its own pace and by its own rules.
func (f *Fetcher) Within(ctx context.Context, address, accept string) (*Answer, error) {
	return f.get(ctx, address, accept, Validators{}, &trail{within: true})
}

// mayAsk is ctx's error, or a *Failure for what is no address or one that must not
// be asked.
func (f *Fetcher) mayAsk(ctx context.Context, address string) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return &Failure{Cause: tocsin.CauseMalformed, Why: "not an address that can be asked"}
	}
	if err := f.rule.check(u); err != nil {
		return &Failure{Cause: tocsin.CauseMalformed, Why: err.Error()}
	}
	return nil
}

func (f *Fetcher) get(ctx context.Context, address, accept string, v Validators, way *trail) (*Answer, error) {
	if err := f.mayAsk(ctx, address); err != nil {
		return nil, err
	}
	asked := f.now()
	req := f.client.R().SetContext(context.WithValue(ctx, trailKey{}, way)).SetHeader("Accept", accept)
	if v.ETag != "" {
		req.SetHeader("If-None-Match", v.ETag)
	}
	if v.LastModified != "" {
		req.SetHeader("If-Modified-Since", v.LastModified)
	}
	res, err := req.Get(address)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, failed(err)
	}
	a := &Answer{URL: address, Status: res.StatusCode(), Proto: res.Proto(), Header: res.Header(), Body: res.Body(), Asked: asked, At: f.now()}
	a.Final, a.Permanent = address, way.hops > 0 && !way.temporary
	if sent := res.Request.RawRequest; sent != nil {
		a.Request = sent.Header.Clone()
	}
	switch raw := res.RawResponse; {
	case way.elsewhere != "":
		a.Final = way.elsewhere
		return a, nil
	case raw != nil && raw.Request != nil && raw.Request.URL != nil:
		a.Final = raw.Request.URL.String()
	}
	if a.Status == http.StatusNotModified && v != (Validators{}) {
		return a, nil
	}
	if why := classify(a, accept); why != nil {
		why.RetryAfter = retryAfter(a.Header.Get("Retry-After"), a.At)
		return a, why
	}
	return a, nil
}

// Validators are what a service gave with a document to ask later whether it is
// still the same (RFC 9110, section 8.8). The zero value asks nothing.
type Validators struct {
	ETag         string `json:"etag,omitempty"`
	LastModified string `json:"last_modified,omitempty"`
}

// longestValidator bounds what is sent back: no service needs more, and a
// header that is too long would be refused for ever.
const longestValidator = 1 << 10

// Validators are the answer's. One of unreasonable length is left out.
func (a *Answer) Validators() Validators {
	short := func(s string) string {
		if len(s) > longestValidator {
			return ""
		}
		return s
	}
	return Validators{ETag: short(a.Header.Get("ETag")), LastModified: short(a.Header.Get("Last-Modified"))}
}

// failed says what a request without a whole answer came to.
func failed(err error) *Failure {
	var forbidden *notAllowed
	var dns *net.DNSError
	var timeout net.Error
	var cert *tls.CertificateVerificationError
	f := &Failure{Cause: tocsin.CauseUnreachable}
	switch {
	case errors.As(err, &forbidden):
		f.Cause, f.Why = tocsin.CauseMalformed, forbidden.Error()
	case errors.Is(err, errRedirects):
		f.Cause, f.Why = tocsin.CauseMalformed, errRedirects.Error()
	case errors.Is(err, resty.ErrResponseBodyTooLarge):
		f.Cause, f.Why = tocsin.CauseMalformed, "the answer is larger than http.max_body"
	case errors.As(err, &timeout) && timeout.Timeout(), errors.Is(err, context.DeadlineExceeded):
		f.Why = "no answer in time"
	case errors.As(err, &dns):
		f.Why = "the host's name was not found"
	case errors.As(err, &cert):
		f.Why = "the host's certificate is not valid"
	default:
		f.Why = "no connection, or cut off"
	}
	return f
}

// classify tells why an answer is not the document, nil if it is.
func classify(a *Answer, accept string) *Failure {
	html := looksHTML(a)
	switch {
	case a.Status == http.StatusUnauthorized, a.Status == http.StatusForbidden, a.Status == http.StatusTooManyRequests:
		return &Failure{Cause: tocsin.CauseRefused, Status: a.Status, Why: fmt.Sprintf("refused (%d)", a.Status)}
	case html && Challenge(a.Body) && (a.Status != http.StatusOK || accept == JSON):
		return &Failure{Cause: tocsin.CauseRefused, Status: a.Status, Why: fmt.Sprintf("refused (%d, a page that wants a browser)", a.Status)}
	case a.Status >= 500:
		return &Failure{Cause: tocsin.CauseUnreachable, Status: a.Status, Why: fmt.Sprintf("unreachable (%d)", a.Status)}
	case a.Status != http.StatusOK:
		return &Failure{Cause: tocsin.CauseMalformed, Status: a.Status, Why: fmt.Sprintf("malformed (%d)", a.Status)}
	case accept != JSON:
		return nil
	case html:
		return &Failure{Cause: tocsin.CauseMalformed, Status: a.Status, Why: "malformed (200, a page for people)"}
	case !json.Valid(a.Body):
		return &Failure{Cause: tocsin.CauseMalformed, Status: a.Status, Why: "malformed (200, JSON that breaks off)"}
	case bytes.Equal(bytes.TrimSpace(a.Body), []byte("null")):
		return &Failure{Cause: tocsin.CauseMalformed, Status: a.Status, Why: "malformed (200, null)"}
	}
	return nil
}

func looksHTML(a *Answer) bool {
	if t, _, err := mime.ParseMediaType(a.Header.Get("Content-Type")); err == nil && (t == "text/html" || t == "application/xhtml+xml") {
		return true
	}
	return bytes.HasPrefix(bytes.TrimSpace(a.Body), []byte("<"))
}

// challenges are words of the pages that delivery networks show to clients
// they doubt: Cloudflare, Akamai, Imperva, DataDome, AWS WAF.
var challenges = []string{
	"just a moment", "challenge", "captcha", "access denied", "cf-chl", "_incapsula_", "enable javascript and cookies",
	"request unsuccessful", "checking your browser", "datadome", "are you a robot",
}

// Challenge reports whether a page is one that wants a browser, or a person, to
// prove itself. It is only to be asked of pages: articles may hold such words.
func Challenge(body []byte) bool {
	text := strings.ToLower(string(body[:min(len(body), 16<<10)]))
	for _, w := range challenges {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// retryAfter reads the header's seconds or date (RFC 9110, section 10.2.3), 0
// if it has neither.
func retryAfter(h string, now time.Time) time.Duration {
	h = strings.TrimSpace(h)
	if n, err := strconv.ParseInt(h, 10, 32); err == nil {
		return max(0, time.Duration(n)*time.Second)
	}
	if t, err := http.ParseTime(h); err == nil {
		return max(0, t.Sub(now))
	}
	return 0
}
