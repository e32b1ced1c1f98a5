package source

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"tocsin"
)

// Priority orders requests that wait: the lower first, equals in the order in
// which they came.
type Priority int

const (
	PriorityFresh  Priority = iota // documents of new and of missing ids
	PriorityNewest                 // the newest page
	PrioritySweep                  // a sweep's pages
	PriorityTurn                   // documents read in turn
)

// PaceOptions of a Pacer. The zero value does not pace and does not back off.
type PaceOptions struct {
	Pace       time.Duration    // mean time from one request to the next; 0 is none
	Backoff    time.Duration    // wait after the first failure, doubled with each further one
	BackoffMax time.Duration    // the longest wait, whatever Retry-After says; 0 is one hour
	Lead       time.Duration    // the first request waits up to so long, at random, so that restarts do not align; 0 is not at all
	Daily      int              // most requests in a day, UTC; 0 is any number
	Seed       uint64           // of the jitter; 0 is a random one
	Now        func() time.Time // time.Now if nil
}

// Request is one request to a host.
type Request struct {
	Priority Priority
	// Document marks a single notice's own document: a service may answer 5xx or
	// null for an id that it does not know, so there only a refusal or a broken
	// connection is the host's failure.
	Document bool
	// Ask makes the request. A *Failure that it returns is judged; other errors
	// (its context's) say nothing about the host.
	Ask func(ctx context.Context) error
}

// Tries is how an outage went so far: since its first failure, up to the
// present or to the next complete look.
type Tries struct {
	Tries, Failed int
	Cause         tocsin.Cause // of the last failure, "" if there was none
	Why           string
}

// Pacer lets requests to one host out one at a time, on a grid of times that is
// drawn in advance: what a caller does between two requests does not show as
// long as it is done before the next time on the grid. After a failure it asks
// nothing until NextTry; meanwhile every request fails at once.
//
// The goroutine that makes the requests lives while some caller waits in Do.
// All methods may be called from any goroutine.
type Pacer struct {
	backoff, backoffMax, lead time.Duration
	daily                     int
	now                       func() time.Time

	mu      sync.Mutex
	pace    time.Duration
	day     time.Time // begin of the day, in UTC, whose requests are counted
	asked   int       // on it
	rng     *rand.Rand
	queue   []*waiting // by priority
	running bool
	emptied chan struct{} // signalled when the queue becomes empty or its goroutine must look again
	slot    time.Time     // the next time on the grid

	strikes  [strikeKinds]int
	until    time.Time // nothing is asked before
	last     *Failure  // why
	tries    Tries
	inOutage bool
}

type strikeKind int

// Failures in a row are counted apart, so that documents that answer do not
// make up for lists that do not.
const (
	strikeList strikeKind = iota
	strikeDocument
	strikeReported
	strikeKinds
)

type waiting struct {
	Request
	ctx  context.Context
	done chan error
}

// NewPacer gives a pacer at rest.
func NewPacer(o PaceOptions) *Pacer {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.BackoffMax == 0 {
		o.BackoffMax = time.Hour
	}
	if o.Seed == 0 {
		o.Seed = rand.Uint64()
	}
	return &Pacer{
		pace: o.Pace, backoff: o.Backoff, backoffMax: o.BackoffMax, lead: o.Lead, daily: o.Daily, now: o.Now,
		rng: rand.New(rand.NewPCG(o.Seed, 0x9ace)), emptied: make(chan struct{}, 1),
	}
}

// Do waits for r's turn, makes the request and returns what Ask did. While an
// earlier failure's wait lasts it returns that failure at once, Held. It
// returns ctx's error if ctx ends first.
func (p *Pacer) Do(ctx context.Context, r Request) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	w := &waiting{Request: r, ctx: ctx, done: make(chan error, 1)}
	p.mu.Lock()
	if f := p.heldBack(); f != nil {
		p.mu.Unlock()
		return f
	}
	at := len(p.queue)
	for at > 0 && p.queue[at-1].Priority > r.Priority {
		at--
	}
	p.queue = append(p.queue, nil)
	copy(p.queue[at+1:], p.queue[at:])
	p.queue[at] = w
	if !p.running {
		p.running = true
		go p.serve()
	}
	p.mu.Unlock()
	select {
	case err := <-w.done:
		return err
	case <-ctx.Done():
	}
	if p.withdraw(w) {
		return ctx.Err()
	}
	return <-w.done // under way: it has the same context
}

func (p *Pacer) withdraw(w *waiting) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, q := range p.queue {
		if q == w {
			p.queue = append(p.queue[:i], p.queue[i+1:]...)
			p.lookAgain()
			return true
		}
	}
	return false
}

func (p *Pacer) lookAgain() {
	select {
	case p.emptied <- struct{}{}:
	default:
	}
}

// serve makes requests until none waits.
func (p *Pacer) serve() {
	arrived := false // the time waited for has come, whatever the clock says
	for {
		p.mu.Lock()
		if len(p.queue) == 0 {
			p.running = false
			p.mu.Unlock()
			return
		}
		if arrived {
			if now := p.now(); now.Before(p.slot) {
				p.slot = now // a clock that stands still must not stop requests
			}
		} else if wait := p.untilSlot(); wait > 0 {
			p.mu.Unlock()
			timer := time.NewTimer(wait)
			select {
			case <-timer.C:
				arrived = true
			case <-p.emptied:
			}
			timer.Stop()
			continue
		}
		arrived = false
		if p.spent() {
			p.refuseAll()
			p.mu.Unlock()
			continue
		}
		w := p.queue[0]
		p.queue = p.queue[1:]
		p.slot = p.slot.Add(p.step())
		p.asked++
		p.mu.Unlock()

		err := w.Ask(w.ctx)

		p.mu.Lock()
		p.judge(w.Document, err)
		p.refuseAll()
		p.mu.Unlock()
		w.done <- err
	}
}

// refuseAll answers all that wait with the failure for which nothing is asked, if
// there is one.
func (p *Pacer) refuseAll() {
	f := p.heldBack()
	if f == nil {
		return
	}
	for _, q := range p.queue {
		q.done <- f
	}
	p.queue = nil
}

// spent reports whether the day's requests are used up; then nothing is asked
// before the next day.
func (p *Pacer) spent() bool {
	p.today()
	if p.daily == 0 || p.asked < p.daily {
		return false
	}
	p.last = &Failure{Cause: tocsin.CauseSpent, Why: fmt.Sprintf("%d of %d requests made since midnight UTC", p.asked, p.daily)}
	p.until = p.day.Add(24 * time.Hour)
	if !p.inOutage {
		p.inOutage, p.tries = true, Tries{}
	}
	p.tries.Cause, p.tries.Why = p.last.Cause, p.last.Why
	return true
}

// untilSlot is how long it is to the next time on the grid.
func (p *Pacer) untilSlot() time.Duration {
	now := p.now()
	if p.slot.IsZero() && p.lead > 0 {
		p.slot = now.Add(time.Duration(p.rng.Int64N(int64(p.lead))))
		return p.slot.Sub(now)
	}
	if p.pace <= 0 || p.slot.IsZero() {
		p.slot = now
		return 0
	}
	if now.Sub(p.slot) > 1000*p.pace {
		p.slot = now // idle for long: the grid begins anew
	}
	// A time that has just come is still good; one that was missed is not.
	for now.Sub(p.slot) > p.pace/16 {
		p.slot = p.slot.Add(p.step())
	}
	return p.slot.Sub(now)
}

// step is the time to the next point of the grid, evenly drawn around the pace.
func (p *Pacer) step() time.Duration {
	return time.Duration(float64(p.pace) * (0.75 + p.rng.Float64()/2))
}

// today begins the count anew where the day, in UTC, is another one.
func (p *Pacer) today() {
	if day := p.now().UTC().Truncate(24 * time.Hour); !day.Equal(p.day) {
		p.day, p.asked = day, 0
	}
}

// Today is how many requests were made since the day began, in UTC, those of
// Earlier with them.
func (p *Pacer) Today() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.today()
	return p.asked
}

// Earlier tells of requests that other processes made on a day, given by its begin
// in UTC.
func (p *Pacer) Earlier(day time.Time, n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.today(); day.Equal(p.day) {
		p.asked = max(p.asked, n)
	}
}

// AtLeast makes the pace no quicker than one request in d, as a host may ask
// for (robots.txt's Crawl-delay). It never quickens it.
func (p *Pacer) AtLeast(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if d <= p.pace {
		return
	}
	p.pace = d
	if !p.slot.IsZero() && p.asked > 0 {
		// The request before this one was made at the old pace.
		p.slot = p.slot.Add(d)
	}
}

// heldBack is the failure that callers get while nothing is asked, else nil.
func (p *Pacer) heldBack() *Failure {
	now := p.now()
	if p.last == nil || !now.Before(p.until) {
		return nil
	}
	f := *p.last
	f.Held, f.RetryAfter = true, p.until.Sub(now)
	return &f
}

func (p *Pacer) judge(document bool, err error) {
	kind := strikeList
	if document {
		kind = strikeDocument
	}
	if p.inOutage {
		p.tries.Tries++
	}
	var f *Failure
	if err == nil {
		p.strikes[kind] = 0
		return
	}
	if !errors.As(err, &f) {
		if p.inOutage {
			p.tries.Tries--
		}
		return
	}
	if document && (f.Cause == tocsin.CauseMalformed || f.Cause == tocsin.CauseUnreachable && f.Status != 0) {
		return
	}
	if !p.inOutage {
		p.inOutage, p.tries = true, Tries{Tries: 1}
	}
	p.strike(kind, f)
}

func (p *Pacer) strike(kind strikeKind, f *Failure) {
	p.tries.Failed++
	p.tries.Cause, p.tries.Why = f.Cause, f.Why
	wait := p.backoff
	for range min(p.strikes[kind], 40) {
		if wait = 2 * wait; wait >= p.backoffMax {
			break
		}
	}
	p.strikes[kind]++
	wait = min(max(wait, f.RetryAfter), p.backoffMax)
	until := p.now().Add(wait)
	if until.After(p.until) {
		p.until = until
	}
	p.last = f
}

// Report tells of a failure that showed only when answers were put together,
// such as a page that does not add up. It is judged like a failed list.
func (p *Pacer) Report(f *Failure) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.inOutage {
		p.inOutage, p.tries = true, Tries{Tries: 1}
	}
	p.strike(strikeReported, f)
}

// Whole tells that a complete look was had: the outage, if there was one, is over.
func (p *Pacer) Whole() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.inOutage, p.tries, p.strikes = false, Tries{}, [strikeKinds]int{}
}

// NextTry is when a request may next be made: now, unless a failure's wait
// lasts.
func (p *Pacer) NextTry() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	if now := p.now(); p.last == nil || !now.Before(p.until) {
		return now
	}
	return p.until
}

// Outage is how it went since the first failure after the last complete look;
// zero if there was none.
func (p *Pacer) Outage() Tries {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.tries
}
