package sim

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/http"
	"reflect"
	"slices"
	"sync"
	"time"
)

// Patterns says what the service makes of a regular expression in a name
// filter. That `^A` and `^.....$` are taken is in public use; about
// alternation nobody has reported, so a client must not depend on it.
type Patterns string

const (
	PatternsFull            Patterns = ""                // all of them, alternation and groups included
	PatternsNoAlternation   Patterns = "no-alternation"  // one with `|`, `(` or `)` matches nothing
	PatternsPlainAlternates Patterns = "plain-alternate" // in one with `|`, `(` or `)` every character stands for itself
	PatternsOff             Patterns = "off"             // every character stands for itself: names are searched as text
	PatternsIgnored         Patterns = "ignored"         // the filter is echoed, and filters nothing
)

// Options of a Notices service. The zero value is the service as observed,
// under the machine's clock.
type Options struct {
	Patterns Patterns
	// UnknownID is the status for an id that is not there: 404 if 0 (as seen by
	// OpenSanctions' crawler), 502 as seen by a probe of 2026-05.
	UnknownID int
	Now       func() time.Time // time.Now if nil
	// Base is the root that links are written with; "" is that of the request,
	// "http://host/notices/v1".
	Base string
	// LogLimit is how many requests are kept at most, the oldest falling out; 0
	// keeps all.
	LogLimit int
}

// Notices is the notices service. It is an http.Handler for paths below
// /notices/v1, and can Listen by itself. All methods may be called at any time
// from any goroutine.
type Notices struct {
	mu    sync.RWMutex
	opts  Options
	rows  []*held // as served, newest publication first; replaced, never written to
	byKey map[string]*held

	faults  faults
	log     requestLog
	server  *http.Server
	address string
	served  chan struct{}
}

// held is a row and what does not change about it while it is served.
type held struct {
	row Row
}

// NewNotices is a service with nothing published yet.
func NewNotices(opts Options) *Notices {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	return &Notices{opts: opts, byKey: map[string]*held{}, log: requestLog{limit: opts.LogLimit}}
}

// Listen serves on address ("127.0.0.1:0" for a free port) until Close.
func (n *Notices) Listen(address string) error {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.server != nil {
		return errors.Join(errors.New("the simulated notices service listens already"), l.Close())
	}
	n.server = &http.Server{Handler: n, ReadHeaderTimeout: 10 * time.Second}
	n.address = l.Addr().String()
	n.served = make(chan struct{})
	go func(s *http.Server, done chan struct{}) {
		defer close(done)
		_ = s.Serve(l) // returns when Close closes it
	}(n.server, n.served)
	return nil
}

// URL is the service's root once it listens, "http://127.0.0.1:port/notices/v1";
// "" before.
func (n *Notices) URL() string {
	n.mu.RLock()
	defer n.mu.RUnlock()
	if n.address == "" {
		return ""
	}
	return "http://" + n.address + root
}

// Close stops listening, cuts all connections and waits until nothing is
// served any more. It does nothing if the service does not listen.
func (n *Notices) Close() error {
	n.mu.Lock()
	s, done := n.server, n.served
	n.server, n.address = nil, ""
	n.mu.Unlock()
	if s == nil {
		return nil
	}
	err := s.Close()
	<-done
	return err
}

// Shutdown is Close, but lets answers under way end until ctx does.
func (n *Notices) Shutdown(ctx context.Context) error {
	n.mu.RLock()
	s := n.server
	n.mu.RUnlock()
	if s == nil {
		return nil
	}
	return errors.Join(s.Shutdown(ctx), n.Close())
}

// SetPatterns changes what name filters take from the next request on.
func (n *Notices) SetPatterns(p Patterns) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.opts.Patterns = p
}

// SetUnknownID changes the status for ids that are not there.
func (n *Notices) SetUnknownID(status int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.opts.UnknownID = status
}

// Publish puts rows on top of the list, the first of them newest. A row whose
// id is there already is replaced and moves up: that is a notice published
// again.
func (n *Notices) Publish(rows ...Row) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.publish(rows)
}

func (n *Notices) publish(rows []Row) {
	top := make([]*held, 0, len(rows)+len(n.rows))
	again := map[*held]bool{}
	for _, r := range rows {
		h := &held{r.clone()}
		if old := n.byKey[r.key()]; old != nil {
			again[old] = true
		}
		n.byKey[r.key()] = h
		top = append(top, h)
	}
	// Of an id that is given twice the last wins.
	top = slices.DeleteFunc(top, func(h *held) bool { return n.byKey[h.row.key()] != h })
	for _, h := range n.rows {
		if !again[h] {
			top = append(top, h)
		}
	}
	n.rows = top
}

// Withdraw takes notices off the list, whatever their colour, and reports how
// many were there.
func (n *Notices) Withdraw(ids ...string) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	gone := map[string]bool{}
	for _, id := range ids {
		gone[id] = true
	}
	before := len(n.rows)
	n.keep(func(h *held) bool { return !gone[h.row.EntityID] })
	return before - len(n.rows)
}

func (n *Notices) keep(stays func(*held) bool) {
	left := make([]*held, 0, len(n.rows))
	for _, h := range n.rows {
		if stays(h) {
			left = append(left, h)
		} else {
			delete(n.byKey, h.row.key())
		}
	}
	n.rows = left
}

// Edit changes the notice with this id, whatever its colour, and moves it up,
// as the service does with a notice that has changed. It reports whether the
// notice is there. The row's id and colour stay what they are.
func (n *Notices) Edit(id string, change func(*Row)) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, h := range n.rows {
		if h.row.EntityID == id {
			r := h.row.clone()
			change(&r)
			r.EntityID, r.Color = h.row.EntityID, h.row.Color
			n.publish([]Row{r})
			return true
		}
	}
	return false
}

// Replace makes rows the whole list: what is not among them is withdrawn, what
// is as it was keeps its place, what is new or different comes to the top in
// the order given. On an empty service the order is that of rows. This is how
// a saved list follows an earlier one.
func (n *Notices) Replace(rows []Row) {
	n.mu.Lock()
	defer n.mu.Unlock()
	stays := make(map[string]bool, len(rows))
	var news []Row
	for _, r := range rows {
		stays[r.key()] = true
		if old := n.byKey[r.key()]; old == nil || !reflect.DeepEqual(old.row, r) {
			news = append(news, r)
		}
	}
	n.keep(func(h *held) bool { return stays[h.row.key()] })
	n.publish(news)
}

// Rows are all that is published, of every colour, as served: newest first.
func (n *Notices) Rows() []Row {
	n.mu.RLock()
	defer n.mu.RUnlock()
	rows := make([]Row, len(n.rows))
	for i, h := range n.rows {
		rows[i] = h.row.clone()
	}
	return rows
}

// Len is how many notices of all colours are published.
func (n *Notices) Len() int {
	n.mu.RLock()
	defer n.mu.RUnlock()
	return len(n.rows)
}

// Requests are all requests since the start or the last ResetRequests, in the
// order in which they came.
func (n *Notices) Requests() []Request { return n.log.all() }

// ResetRequests forgets the requests so far.
func (n *Notices) ResetRequests() { n.log.reset() }

// Request is one request as it came in.
type Request struct {
	Method   string
	Path     string
	RawQuery string
	Header   http.Header
	At       time.Time
}

// String is the request in one line, "GET /notices/v1/red?page=1".
func (r Request) String() string {
	if r.RawQuery == "" {
		return r.Method + " " + r.Path
	}
	return r.Method + " " + r.Path + "?" + r.RawQuery
}

// Bytes is the request with its headers in sorted order, for comparing two
// runs byte for byte. Host differs with the port and is not part of it.
func (r Request) Bytes() []byte {
	var b bytes.Buffer
	b.WriteString(r.String() + "\r\n")
	_ = r.Header.Write(&b) // to memory
	return b.Bytes()
}

type requestLog struct {
	mu    sync.Mutex
	limit int
	list  []Request
}

func (l *requestLog) add(r *http.Request, at time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.limit > 0 && len(l.list) >= l.limit {
		l.list = slices.Delete(l.list, 0, len(l.list)-l.limit+1)
	}
	l.list = append(l.list, Request{r.Method, r.URL.EscapedPath(), r.URL.RawQuery, r.Header.Clone(), at})
}

func (l *requestLog) all() []Request {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.list)
}

func (l *requestLog) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = nil
}
