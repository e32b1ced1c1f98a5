package watcher_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"tocsin/sim"
)

// clock goes on a little each time it is read, so that no two things happen at
// the same time, and by as much as it is told.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(time.Millisecond)
	return c.t
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// world is the service and the truth about it: what was public when, and what
// was answered. The code under test knows nothing of it.
type world struct {
	clock   *clock
	notices *sim.Notices

	mu      sync.Mutex
	idle    sync.Cond
	serving int
	lives   map[string]*life
	on      []*trouble
	answers []answer
}

// life is what is true of one notice.
type life struct {
	row     *sim.Row // as published; nil: withdrawn
	altered bool     // was ever said to be somebody else
	spans   []span
}

// span is what holds from a moment on.
type span struct {
	from   time.Time
	row    *sim.Row // nil: the service has no such notice
	listed bool     // the unfiltered list counts it
	masked bool     // what the service says of it may be another's
}

// trouble is a fault that is on, and what it does to the truth.
type trouble struct {
	fault  sim.Fault
	remove func()
}

func newWorld() *world {
	w := &world{clock: &clock{t: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}, lives: map[string]*life{}}
	w.idle.L = &w.mu
	w.notices = sim.NewNotices(sim.Options{Now: w.clock.Now, LogLimit: 1})
	return w
}

func (w *world) publish(rows ...sim.Row) {
	w.notices.Publish(rows...)
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, r := range rows {
		l := w.lives[r.EntityID]
		if l == nil {
			l = &life{}
			w.lives[r.EntityID] = l
		} else if len(l.spans) > 0 {
			l.altered = l.altered || otherIdentity(l, r)
		}
		l.row = &r
		w.stamp(r.EntityID)
	}
}

// otherIdentity reports whether a row names somebody else than any before it.
func otherIdentity(l *life, r sim.Row) bool {
	for _, s := range l.spans {
		if s.row != nil {
			a, b := said(*s.row), said(r)
			return a["name"] != b["name"] || a["forename"] != b["forename"] || a["birth_date"] != b["birth_date"]
		}
	}
	return false
}

func (w *world) withdraw(ids ...string) {
	w.notices.Withdraw(ids...)
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, id := range ids {
		w.lives[id].row = nil
		w.stamp(id)
	}
}

func (w *world) edit(id string, change func(*sim.Row)) {
	w.mu.Lock()
	r := *w.lives[id].row
	w.mu.Unlock()
	change(&r)
	w.publish(r)
}

// stamp notes what holds of a notice from now on. Callers hold w.mu.
func (w *world) stamp(id string) {
	l := w.lives[id]
	s := span{from: w.clock.Now(), row: l.row, listed: l.row != nil}
	has := func(k sim.Kind) bool {
		return slices.ContainsFunc(w.on, func(t *trouble) bool { return t.fault.Kind == k })
	}
	for _, t := range w.on {
		f := t.fault
		about := slices.Contains(f.IDs, id)
		everywhere := f.Match == nil && f.On != sim.Detail
		switch f.Kind {
		case sim.Half:
			if about && everywhere {
				s.listed = false
			}
			if about && f.Details {
				s.row, s.listed = nil, false
			}
		case sim.Empty:
			s.listed = s.listed && !everywhere
		case sim.Answer:
			s.listed = s.listed && (!everywhere || f.Body != emptyList)
		case sim.Dropped, sim.Doubled: // with totals that lie as well nobody can tell
			s.listed = s.listed && !has(sim.Shift)
		case sim.OtherOne:
			if about {
				s.masked, l.altered = true, true
			}
		}
	}
	l.spans = append(l.spans, s)
}

// add switches a fault on, take all of them off.
func (w *world) add(f sim.Fault) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.on = append(w.on, &trouble{f, w.notices.AddFault(f)})
	w.restamp()
}

func (w *world) lift(which func(sim.Fault) bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.on = slices.DeleteFunc(w.on, func(t *trouble) bool {
		if which(t.fault) {
			t.remove()
			return true
		}
		return false
	})
	w.restamp()
}

func (w *world) restamp() {
	for id, l := range w.lives {
		before := l.spans[len(l.spans)-1]
		w.stamp(id)
		if now := l.spans[len(l.spans)-1]; now.row == before.row && now.listed == before.listed && now.masked == before.masked {
			l.spans = l.spans[:len(l.spans)-1]
		}
	}
}

// during lists what held of a notice at any time from a to b.
func (w *world) during(id string, a, b time.Time) []span {
	w.mu.Lock()
	defer w.mu.Unlock()
	l := w.lives[id]
	if l == nil {
		return []span{{}}
	}
	var out []span
	for i, s := range l.spans {
		if s.from.After(b) {
			break
		}
		if i+1 < len(l.spans) && !l.spans[i+1].from.After(a) {
			continue
		}
		out = append(out, s)
	}
	if len(l.spans) > 0 && l.spans[0].from.After(a) {
		out = append([]span{{from: a}}, out...) // before it was ever published
	}
	return out
}

// ever and always ask what held at some moment, or at each, from a to b.
func (w *world) ever(id string, a, b time.Time, is func(span) bool) bool {
	return slices.ContainsFunc(w.during(id, a, b), is)
}

func (w *world) always(id string, a, b time.Time, is func(span) bool) bool {
	return !w.ever(id, a, b, func(s span) bool { return !is(s) })
}

func isPublic(s span) bool { return s.row != nil }
func isListed(s span) bool { return s.listed }

// ids are those that were ever published, or are now, in order.
func (w *world) ids(now bool) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []string
	for _, id := range slices.Sorted(maps.Keys(w.lives)) {
		if !now || w.lives[id].row != nil {
			out = append(out, id)
		}
	}
	return out
}

// answer is one answer as it left the service.
type answer struct {
	at   time.Time
	id   string     // of a notice's own document
	cell url.Values // of a list
	ids  []string   // of the rows
	// total is how many rows the list is said to have.
	total int
	// whole: a list that is the answer to what was asked, and adds up.
	whole bool
	// said is what a document's answer comes to: "found", "gone", or how it fails.
	said string
}

func (a answer) unfiltered() bool { return a.id == "" && len(a.cell) == 2 }

// ServeHTTP lets the service answer, and notes what it said before the client
// can know it.
func (w *world) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	a := answer{at: w.clock.Now(), cell: r.URL.Query()}
	if _, id, ok := strings.Cut(r.URL.Path, "/red/"); ok {
		a.id = strings.Replace(id, "-", "/", 1)
	}
	rec := &recorder{ResponseWriter: rw, status: http.StatusOK}
	noted := false
	note := func() {
		if !noted {
			noted = true
			w.mu.Lock()
			w.answers = append(w.answers, a)
			w.mu.Unlock()
		}
	}
	rec.leaving = func() {
		a.said = "cut"
		if rec.body.Len() == 1 { // drop by drop: it comes to its end, and this is a document
			a.said = "200 in drops, of nothing"
			if now := w.clock.Now(); w.ever(a.id, now, now, isPublic) {
				a.said = "found"
			}
		}
		note()
	}
	w.mu.Lock()
	w.serving++
	w.mu.Unlock()
	defer func() {
		x := recover()
		if x != nil {
			a.said = "cut"
			note()
		}
		w.mu.Lock()
		w.serving--
		w.idle.Broadcast()
		w.mu.Unlock()
		if x != nil {
			panic(x)
		}
	}()
	w.notices.ServeHTTP(rec, r)
	if !rec.passing {
		a.judge(rec.status, rec.body.Bytes())
		note()
		rec.pass()
	}
}

// taken are the answers since it was last asked, once all are given.
func (w *world) taken() []answer {
	w.mu.Lock()
	defer w.mu.Unlock()
	for w.serving > 0 {
		w.idle.Wait()
	}
	out := w.answers
	w.answers = nil
	return out
}

// judge says what an answer is worth, without the code under test.
func (a *answer) judge(status int, body []byte) {
	if a.id != "" {
		var doc struct {
			ID string `json:"entity_id"`
		}
		valid := json.Unmarshal(body, &doc) == nil
		switch {
		case status == http.StatusOK && valid && doc.ID == a.id:
			a.said = "found"
		case status == http.StatusNotFound || status == http.StatusGone:
			a.said = "gone"
		case status == http.StatusOK:
			a.said = fmt.Sprintf("200 %.12s %v", body, json.Valid(body))
		default:
			a.said = fmt.Sprint(status)
		}
		return
	}
	var page struct {
		Total int
		Query map[string]any
		In    struct {
			Notices []struct {
				ID string `json:"entity_id"`
			}
		} `json:"_embedded"`
	}
	if status != http.StatusOK || json.Unmarshal(body, &page) != nil || page.Query == nil {
		return
	}
	a.total = page.Total
	distinct := map[string]bool{}
	for _, n := range page.In.Notices {
		a.ids = append(a.ids, n.ID)
		distinct[n.ID] = true
	}
	a.whole = len(distinct) == min(page.Total, 160) && len(page.Query) == len(a.cell)
	for key, v := range a.cell {
		if got, ok := page.Query[key]; !ok || fmt.Sprint(got) != v[0] {
			a.whole = false
		}
	}
}

// recorder keeps an answer back until it is judged, as far as it can.
type recorder struct {
	http.ResponseWriter
	status  int
	body    bytes.Buffer
	passing bool
	leaving func() // before the first byte goes out unjudged
}

func (r *recorder) WriteHeader(status int) { r.status = status }

func (r *recorder) Write(b []byte) (int, error) {
	if r.passing {
		return r.ResponseWriter.Write(b)
	}
	if r.body.Len()+len(b) > 512<<10 {
		r.leaving()
		r.pass()
		return r.ResponseWriter.Write(b)
	}
	return r.body.Write(b)
}

func (r *recorder) Flush() {
	if !r.passing {
		r.leaving()
		r.pass()
	}
	_ = http.NewResponseController(r.ResponseWriter).Flush() // a client that has gone shows at the next write
}

func (r *recorder) pass() {
	r.passing = true
	r.ResponseWriter.WriteHeader(r.status)
	_, _ = r.ResponseWriter.Write(r.body.Bytes()) // a client that has gone is its own affair
}
