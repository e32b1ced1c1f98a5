// Package presence decides what a look says against what was held: which
// notices are new, changed, back, or no longer public. It is pure: no clock, no
// I/O, and the order of rows never matters.
//
// Its one rule above all: what was not proven is not said. Only a complete
// sweep counts an absence, two are needed, and then the source's own word (404
// or 410 for the notice's document), or, where it gives no word, the controlled
// inference of interpol-api.md, "Gone".
package presence

import (
	"sort"
	"time"

	"tocsin"
)

// The rules of absence (interpol-api.md).
const (
	sweepsToMiss = 2  // complete sweeps without a notice before its document's 404 counts
	inferences   = 3  // further exact sweeps with the same controlled failure
	massAbsence  = 20 // more than max(this, 1 %) absent at once are quarantined
)

// State is what is held of one source.
type State struct {
	Source       string
	FirstDone    bool      // a complete look has been
	LastComplete time.Time // its end
	Held         map[string]tocsin.Held
}

// Result is what a look changes.
type Result struct {
	Held        []tocsin.Held   // every record that differs, in order of id
	Changes     []tocsin.Change // in order of id; of one id, changes before absence
	Quarantined int             // absences held back because there were too many at once
	Moves       []Move          // entries that go on under another id
}

// Trusted reports whether a complete look may be believed as one: a list that
// had rows and now claims to be empty is not.
func Trusted(st State, s tocsin.Snapshot) bool {
	if !s.Complete {
		return false
	}
	if s.Listed > 0 || len(s.Notices) > 0 {
		return true
	}
	return public(st) == 0
}

func public(st State) int {
	n := 0
	for _, h := range st.Held {
		if h.Absence != tocsin.Gone {
			n++
		}
	}
	return n
}

// Absent lists, sorted, the ids held as public that a complete sweep does not
// have although it began after they were last seen. It is empty for any other
// look. Their documents are to be read before Compare is asked.
func Absent(st State, s tocsin.Snapshot) []string {
	if s.Kind != tocsin.LookSweep || !Trusted(st, s) {
		return nil
	}
	seen := make(map[string]bool, len(s.Notices))
	for i := range s.Notices {
		seen[s.Notices[i].ID] = true
	}
	var ids []string
	for id, h := range st.Held {
		if h.Absence != tocsin.Gone && !seen[id] && h.LastSeen.Before(s.Began) {
			ids = append(ids, id)
		}
	}
	sort.Strings(ids)
	return ids
}

// News reports whether a row or document says anything that is not held: what a
// look that has it would change, beside the time of the last sight. What is news
// is worth keeping as it was served.
func News(st State, n tocsin.Notice) bool {
	h, known := st.Held[n.ID]
	if !known || h.Absence == tocsin.Gone || h.Notice.Detail == nil && n.Detail != nil {
		return true
	}
	_, fields := merge(h.Notice, n)
	return len(fields) > 0
}

// Tolerance is how many notices may be absent at once, out of held, without
// the absences being quarantined.
func Tolerance(held int) int { return max(massAbsence, held/100) }

// Compare says what s changes. Rows and found documents are sights of a notice;
// absences are counted only if s is a complete sweep. It does not modify st.
func Compare(st State, s tocsin.Snapshot) Result {
	c := comparison{st: st, s: s, held: map[string]tocsin.Held{}}
	c.unfiltered = make(map[string]bool, len(s.Unfiltered))
	for _, id := range s.Unfiltered {
		c.unfiltered[id] = true
	}
	for _, n := range s.Notices {
		c.sight(n, s.Ended, s.Records[n.ID])
	}
	answers := make(map[string]tocsin.DetailAnswer, len(s.Details))
	for _, d := range s.Details {
		answers[d.ID] = d
	}
	absent := Absent(st, s)
	for _, d := range sorted(answers) {
		if d.State == tocsin.DetailFound {
			at := d.At
			if at.IsZero() {
				at = s.Ended
			}
			c.sight(d.Notice, at, d.Record)
		}
	}
	mass := len(absent) > Tolerance(public(st)) || s.Shift > Tolerance(public(st))
	for _, id := range absent {
		c.absence(id, answers[id], mass)
	}
	return c.result()
}

type comparison struct {
	st         State
	s          tocsin.Snapshot
	unfiltered map[string]bool
	held       map[string]tocsin.Held
	changes    []tocsin.Change
	quarantine int
}

func (c *comparison) current(id string) (tocsin.Held, bool) {
	if h, ok := c.held[id]; ok {
		return h, true
	}
	h, ok := c.st.Held[id]
	return h, ok
}

// sight takes in one row or document.
func (c *comparison) sight(n tocsin.Notice, at time.Time, record string) {
	h, known := c.current(n.ID)
	if !known {
		h = tocsin.Held{
			Notice: n, Ver: 1, FirstLook: c.s.Look, FirstSeen: at, LastLook: c.s.Look, LastSeen: at,
			Unfiltered: c.s.Kind == tocsin.LookNewest || c.unfiltered[n.ID], Record: record,
		}
		if n.Detail != nil {
			h.DetailAt = at
		}
		c.held[n.ID] = h
		kind, w := tocsin.Appeared, tocsin.Window{After: c.st.LastComplete, Before: at}
		if !c.st.FirstDone {
			kind, w = tocsin.Listed, tocsin.Window{Before: at}
		}
		c.changes = append(c.changes, tocsin.Change{Kind: kind, Notice: n, Window: w, Record: record})
		return
	}
	before, wasGone, since := h.Notice, h.Absence == tocsin.Gone, h.LastSeen
	now, fields := merge(before, n)
	first := before.Detail == nil && n.Detail != nil
	if at.After(h.LastSeen) {
		h.LastSeen = at
	}
	h.LastLook = max(h.LastLook, c.s.Look)
	h.Missed, h.Inferences, h.Failure, h.Absence = 0, 0, "", tocsin.Public
	h.GoneAt, h.Inferred = time.Time{}, false
	if n.Detail != nil && at.After(h.DetailAt) {
		h.DetailAt = at
	} else if now.Detail == nil {
		h.DetailAt = time.Time{}
	}
	switch {
	case c.unfiltered[n.ID]:
		h.Unfiltered = true
	case (c.s.Kind == tocsin.LookSweep || c.s.Kind == tocsin.LookLeaf) && n.Detail == nil:
		h.Unfiltered = false
	}
	if len(fields) > 0 || first {
		h.Notice, h.Record = now, record
		h.Ver++
	}
	c.held[n.ID] = h
	ch := tocsin.Change{
		Kind: tocsin.Changed, Notice: now, Before: &before, Fields: fields, Record: record,
		Window:   tocsin.Window{After: since, Before: at},
		Identity: identity(fields), Quiet: quiet(fields), FirstDetail: first && len(fields) == 0,
		OtherPerson: otherPerson(before, now),
	}
	if ch.FirstDetail {
		ch.FirstSeen = h.FirstSeen
	}
	switch {
	case wasGone:
		ch.Kind = tocsin.Reappeared
		ch.Window.After = c.st.LastComplete
		ch.Quiet, ch.FirstDetail = false, false
	case len(fields) == 0 && !first:
		return
	}
	c.changes = append(c.changes, ch)
}

// absence counts one complete sweep without a notice, and says that it is no
// longer public if the rules are met.
func (c *comparison) absence(id string, d tocsin.DetailAnswer, mass bool) {
	h, _ := c.current(id)
	if d.State == tocsin.DetailFound {
		return // its own document is there: seen, above
	}
	h.Missed++
	if mass {
		h.Absence = tocsin.Quarantined // and it stays that
	}
	switch {
	case h.Missed < sweepsToMiss:
		if h.Absence != tocsin.Quarantined {
			h.Absence = tocsin.Missing
		}
	case d.State == tocsin.DetailGone:
		c.gone(&h, false, d.Record)
	case h.Absence == tocsin.Quarantined:
	default:
		h.Absence = tocsin.Unconfirmed
		if h.Missed > sweepsToMiss && c.s.Exact {
			switch {
			case d.State != tocsin.DetailFailed || !d.Controlled:
				h.Inferences, h.Failure = 0, ""
			case h.Inferences > 0 && h.Failure == d.Why:
				h.Inferences++
			default:
				h.Inferences, h.Failure = 1, d.Why
			}
			if h.Inferences >= inferences {
				c.gone(&h, true, d.Record)
			}
		}
	}
	if h.Absence == tocsin.Quarantined {
		c.quarantine++
	}
	c.held[id] = h
}

func (c *comparison) gone(h *tocsin.Held, inferred bool, record string) {
	h.Absence, h.GoneAt, h.Inferred = tocsin.Gone, c.s.Ended, inferred
	c.changes = append(c.changes, tocsin.Change{
		Kind: tocsin.Disappeared, Notice: h.Notice, Inferred: inferred,
		Window: tocsin.Window{After: h.LastSeen, Before: c.s.Ended}, Record: record,
	})
}

func (c *comparison) result() Result {
	r := Result{Changes: c.changes, Quarantined: c.quarantine}
	for _, h := range c.held {
		r.Held = append(r.Held, h)
	}
	sort.Slice(r.Held, func(i, j int) bool { return r.Held[i].Notice.ID < r.Held[j].Notice.ID })
	sort.SliceStable(r.Changes, func(i, j int) bool {
		a, b := r.Changes[i], r.Changes[j]
		if a.Notice.ID != b.Notice.ID {
			return a.Notice.ID < b.Notice.ID
		}
		return a.Kind != tocsin.Disappeared && b.Kind == tocsin.Disappeared
	})
	return r
}

func sorted(m map[string]tocsin.DetailAnswer) []tocsin.DetailAnswer {
	out := make([]tocsin.DetailAnswer, 0, len(m))
	for _, d := range m {
		out = append(out, d)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].ID < out[j].ID })
	return out
}
