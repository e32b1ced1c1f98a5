package source

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"time"

	"tocsin"
)

// A bulk file has limits of its own: it is read as it comes and never kept.
const (
	bulkMax  = 8 << 30 // bytes
	bulkTime = 4 * time.Hour
)

var errStalled = errors.New("no answer in time")

// Stream is a bulk file under way. It must be closed. It belongs to one
// goroutine.
type Stream struct {
	Answer *Answer // as served, without its body

	ctx   context.Context // the caller's
	body  *bufio.Reader
	close func() error
	stall *time.Timer // ends the request when a read takes too long
	idle  time.Duration
	left  int64 // bytes that may still come
}

// Stream asks for a bulk file: one of any size up to FetchOptions.MaxBulk, of
// which only a part is in memory at any time. Each read may take
// FetchOptions.Timeout, the whole four hours. The error is a *Failure, or ctx's
// own; so are those of Read, but for io.EOF at the end.
func (f *Fetcher) Stream(ctx context.Context, address string) (*Stream, error) {
	if err := f.mayAsk(ctx, address); err != nil {
		return nil, err
	}
	within, cancel := context.WithTimeoutCause(ctx, bulkTime, errStalled)
	asking, stop := context.WithCancelCause(within)
	s := &Stream{ctx: ctx, idle: f.idle, left: f.maxBulk}
	s.stall = time.AfterFunc(f.idle, func() { stop(errStalled) })
	end := func() {
		s.stall.Stop()
		stop(nil)
		cancel()
	}
	req, err := http.NewRequestWithContext(asking, http.MethodGet, address, nil)
	if err != nil {
		end()
		return nil, &Failure{Cause: tocsin.CauseMalformed, Why: "not an address that can be asked"}
	}
	req.Header.Set("Accept", Any)
	if f.agent != "" {
		req.Header.Set("User-Agent", f.agent)
	}
	asked := f.now()
	res, err := f.bulk.Do(req)
	if err != nil {
		failure := s.failed(err)
		end()
		return nil, failure
	}
	s.stall.Stop()
	s.body = bufio.NewReaderSize(res.Body, 64<<10)
	s.close = func() error {
		end()
		return res.Body.Close()
	}
	s.Answer = &Answer{
		URL: address, Final: res.Request.URL.String(), Request: req.Header.Clone(), Status: res.StatusCode, Proto: res.Proto, Header: res.Header,
		Asked: asked, At: f.now(),
	}
	s.stall.Reset(s.idle)
	begin, err := s.body.Peek(16 << 10)
	s.stall.Stop()
	if err != nil && !errors.Is(err, io.EOF) && res.StatusCode == http.StatusOK && len(begin) == 0 {
		_ = s.Close() // the first error is the one to tell
		return nil, s.failed(err)
	}
	if why := notBulk(s.Answer, begin); why != nil {
		why.RetryAfter = retryAfter(res.Header.Get("Retry-After"), s.Answer.At)
		_ = s.Close() // what is not wanted is let go
		return nil, why
	}
	return s, nil
}

// notBulk says why an answer is not the file, nil if it may be.
func notBulk(a *Answer, begin []byte) *Failure {
	page := *a
	page.Body = begin
	if why := classify(&page, Any); why != nil {
		return why
	}
	if !isPage(a.Header, begin) {
		return nil
	}
	if Challenge(begin) {
		return &Failure{Cause: tocsin.CauseRefused, Status: a.Status, Why: fmt.Sprintf("refused (%d, a page that wants a browser)", a.Status)}
	}
	return &Failure{Cause: tocsin.CauseMalformed, Status: a.Status, Why: fmt.Sprintf("malformed (%d, a page for people)", a.Status)}
}

// isPage reports whether a document is HTML. XML that is called HTML is not.
func isPage(h http.Header, begin []byte) bool {
	begin = bytes.ToLower(bytes.TrimSpace(bytes.TrimPrefix(begin, []byte("\xef\xbb\xbf"))))
	if bytes.HasPrefix(begin, []byte("<!doctype html")) || bytes.HasPrefix(begin, []byte("<html")) {
		return true
	}
	t, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	return err == nil && (t == "text/html" || t == "application/xhtml+xml") && bytes.HasPrefix(begin, []byte("<")) && !bytes.HasPrefix(begin, []byte("<?xml"))
}

// Read reads on.
func (s *Stream) Read(p []byte) (int, error) {
	if s.left < 0 {
		return 0, s.tooLarge()
	}
	// One byte more than may come tells a file that ends there from one that goes on.
	p = p[:min(int64(len(p)), s.left+1)]
	s.stall.Reset(s.idle)
	n, err := s.body.Read(p)
	s.stall.Stop()
	if s.left -= int64(n); s.left < 0 {
		return n - 1, s.tooLarge()
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return n, s.failed(err)
	}
	return n, err
}

func (s *Stream) tooLarge() error {
	return &Failure{Cause: tocsin.CauseMalformed, Status: s.Answer.Status, Why: "the file is larger than a bulk file may be"}
}

// Close lets the rest of the file go.
func (s *Stream) Close() error { return s.close() }

// failed is the *Failure that an error of the transport comes to, or the
// caller's own end.
func (s *Stream) failed(err error) error {
	if s.ctx.Err() != nil {
		return s.ctx.Err()
	}
	// The caller's context lives, so what ended the request is one of the two limits of time.
	if errors.Is(err, errStalled) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return &Failure{Cause: tocsin.CauseUnreachable, Why: errStalled.Error()}
	}
	return failed(err)
}
