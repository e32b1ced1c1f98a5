package sim

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// misanswer writes what a fault answers instead of the service. right does the
// request and writes the answer that the service would have given.
func (h hit) misanswer(w http.ResponseWriter, r *http.Request, right func(http.ResponseWriter)) {
	if h.Done && !h.Kind.does() {
		rightBody(right)
	}
	switch h.Kind {
	case Refused:
		edgePage(w, http.StatusForbidden, "Access Denied")
	case TooMany:
		if h.RetryAfter != "" {
			w.Header().Set("Retry-After", h.RetryAfter)
		}
		edgePage(w, http.StatusTooManyRequests, "Too Many Requests")
	case Status:
		status := h.Status
		if status == 0 {
			status = http.StatusInternalServerError
		}
		if h.RetryAfter != "" {
			w.Header().Set("Retry-After", h.RetryAfter)
		}
		edgePage(w, status, http.StatusText(status))
	case Truncated:
		body := rightBody(right)
		sendJSON(w, body[:len(body)/2])
	case CutBody:
		body := rightBody(right)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(body[:len(body)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	case Lost:
		rightBody(right)
		panic(http.ErrAbortHandler)
	case Cut:
		panic(http.ErrAbortHandler)
	case Null:
		sendJSON(w, []byte("null"))
	case HTML:
		webPage(w, http.StatusOK, "Scheduled maintenance", "<p>The website will be back soon.</p>")
	case Challenge:
		status := h.Status
		if status == 0 {
			status = http.StatusOK
		}
		webPage(w, status, "Just a moment...", `<noscript>Enable JavaScript and cookies to continue</noscript><script>window._challenge={t:"managed"};</script>`)
	case Hang:
		limit := h.Limit
		if limit == 0 {
			limit = time.Minute
		}
		h.pause(r, limit)
		panic(http.ErrAbortHandler)
	case Drip:
		h.drip(w, r, rightBody(right))
	case Bomb:
		bomb(w, orSize(h.Size, 200<<20))
	case Endless:
		endless(w, r, orSize(h.Size, 1<<30))
	case Redirect:
		location := h.Location
		if location == "" {
			location = r.URL.RequestURI()
		}
		w.Header().Set("Location", location)
		w.WriteHeader(http.StatusFound)
	case Answer:
		status := h.Status
		if status == 0 {
			status = http.StatusOK
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(h.Body))
	}
}

func orSize(n, otherwise int64) int64 {
	if n == 0 {
		return otherwise
	}
	return n
}

// does says whether the kind does the request, and spoils the answer alone.
func (k Kind) does() bool {
	switch k {
	case Truncated, CutBody, Lost, Drip:
		return true
	}
	return false
}

func rightBody(right func(http.ResponseWriter)) []byte {
	var k keeper
	right(&k)
	return k.body.Bytes()
}

// keeper is a ResponseWriter that keeps the answer's body.
type keeper struct {
	header http.Header
	body   bytes.Buffer
}

func (k *keeper) Header() http.Header {
	if k.header == nil {
		k.header = http.Header{}
	}
	return k.header
}

func (k *keeper) Write(b []byte) (int, error) { return k.body.Write(b) }

func (k *keeper) WriteHeader(int) {}

// pause waits for d, and says whether it did so to the end: not if the client
// went or the fault was removed.
func (h hit) pause(r *http.Request, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
	case <-h.removed:
	}
	return false
}

func (h hit) drip(w http.ResponseWriter, r *http.Request, body []byte) {
	pace := h.Pace
	if pace == 0 {
		pace = 100 * time.Millisecond
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	rc := http.NewResponseController(w)
	for i := range body {
		if _, err := w.Write(body[i : i+1]); err != nil || rc.Flush() != nil || !h.pause(r, pace) {
			panic(http.ErrAbortHandler)
		}
	}
}

// filler is JSON text without an end, and the same gzipped.
var filler = sync.OnceValues(func() (plain, packed []byte) {
	plain = bytes.Repeat([]byte(" "), 1<<20)
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(plain) // to memory
	_ = z.Close()
	return plain, b.Bytes()
})

func bomb(w http.ResponseWriter, size int64) {
	_, packed := filler()
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Encoding", "gzip")
	// Members one after the other are one gzip stream (RFC 1952, section 2.2).
	for ; size > 0; size -= 1 << 20 {
		if _, err := w.Write(packed); err != nil {
			return
		}
	}
}

func endless(w http.ResponseWriter, r *http.Request, size int64) {
	plain, _ := filler()
	w.Header().Set("Content-Type", "application/json")
	for ; size > 0 && r.Context().Err() == nil; size -= int64(len(plain)) {
		if _, err := w.Write(plain[:min(size, int64(len(plain)))]); err != nil {
			return
		}
	}
}

func webPage(w http.ResponseWriter, status int, title, body string) {
	w.Header().Set("Content-Type", "text/html; charset=UTF-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte("<!DOCTYPE html><html><head><title>" + title + "</title></head><body>" + body + "</body></html>"))
}
