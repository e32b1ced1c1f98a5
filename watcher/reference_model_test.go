package watcher_test

import (
	"slices"
	"time"

	"tocsin"
)

// belief is what the rules of absence (shared/interpol-api.md, CONTRACT.md) say
// of one notice that was seen, kept apart from the code under test.
type belief struct {
	lastSeen   time.Time
	missed     int // complete sweeps without it
	firstMiss  time.Time
	inferences int
	failure    string
	absence    tocsin.Absence
	inferred   bool
}

func (b *belief) gone() bool { return b.absence == tocsin.Gone }

// reference holds what must be held, by looks that the model has found true.
type reference struct {
	of           map[string]*belief
	first        bool // no complete look has been
	lastComplete time.Time
	started      time.Time
	ended        bool // a look has ended since the start
	newestAt     time.Time
	blind        bool
}

// turn is one thing that must be told of a notice.
type turn struct {
	id   string
	kind tocsin.EventKind
}

func (r *reference) public() int {
	n := 0
	for _, b := range r.of {
		if !b.gone() {
			n++
		}
	}
	return n
}

// sight takes in that a notice was seen.
func (r *reference) sight(id string, at time.Time) []turn {
	b := r.of[id]
	kind := tocsin.EventKind("")
	switch {
	case b == nil && r.first:
		kind = tocsin.Listed
	case b == nil:
		kind = tocsin.Appeared
	case b.gone():
		kind = tocsin.Reappeared
	}
	now := &belief{lastSeen: at}
	if b != nil && b.lastSeen.After(at) {
		now.lastSeen = b.lastSeen
	}
	r.of[id] = now
	if kind == "" {
		return nil
	}
	return []turn{{id, kind}}
}

// look takes in a look at the whole list that has ended. Of absences it is told
// how the documents of the missing answered.
func (r *reference) look(s tocsin.Snapshot, answers []answer) (turns []turn, missing bool) {
	held := r.public()
	seen := map[string]bool{}
	var fresh []string
	for _, n := range s.Notices {
		seen[n.ID] = true
		if r.of[n.ID] == nil {
			fresh = append(fresh, n.ID)
		} else {
			if r.of[n.ID].gone() {
				held++
			}
			turns = append(turns, r.sight(n.ID, s.Ended)...)
		}
	}
	if !r.first {
		held += len(fresh) // told before the look is judged
	}
	var absent []string
	if s.Complete && (s.Listed > 0 || len(s.Notices) > 0 || held == 0) {
		for id, b := range r.of {
			if !b.gone() && !seen[id] && b.lastSeen.Before(s.Began) {
				absent = append(absent, id)
			}
		}
	}
	for _, id := range fresh {
		turns = append(turns, r.sight(id, s.Ended)...)
	}
	slices.Sort(absent)
	most := max(20, held/100)
	mass := len(absent) > most || s.Shift > most
	for _, id := range absent {
		said, controlled := documents(id, answers, seen)
		if said == "found" {
			turns = append(turns, r.sight(id, s.Ended)...)
			continue
		}
		b := r.of[id]
		if b.missed++; b.missed == 1 {
			b.firstMiss = s.Began
			missing = true
		}
		quarantined := mass || b.absence == tocsin.Quarantined
		switch {
		case b.missed >= 2 && said == "gone":
			b.absence = tocsin.Gone
		case quarantined:
			b.absence = tocsin.Quarantined
		case b.missed == 1:
			b.absence = tocsin.Missing
		default:
			b.absence = tocsin.Unconfirmed
			if b.missed > 2 && s.Exact {
				switch {
				case !controlled:
					b.inferences, b.failure = 0, ""
				case b.failure == said:
					b.inferences++
				default:
					b.inferences, b.failure = 1, said
				}
			}
			if b.inferences == 3 {
				b.absence, b.inferred = tocsin.Gone, true
			}
		}
		if b.gone() {
			turns = append(turns, turn{id, tocsin.Disappeared})
		}
	}
	if s.Complete && (s.Listed > 0 || len(s.Notices) > 0 || held == 0) {
		r.first, r.lastComplete = false, s.Ended
	}
	r.ended = true
	return turns, missing
}

// documents is how a notice's document last answered in a look, and whether
// those of two notices that the list has, read just before and after, were there.
func documents(id string, answers []answer, seen map[string]bool) (said string, controlled bool) {
	var docs []answer
	for _, a := range answers {
		if a.id == "" {
			continue
		}
		if n := len(docs); n > 0 && docs[n-1].id == a.id && (docs[n-1].said == "cut" || docs[n-1].said == "302") {
			docs = docs[:n-1] // net/http asks again by itself, where a kept connection is cut as well
		}
		docs = append(docs, a)
	}
	for i, a := range docs {
		if a.id != id {
			continue
		}
		said, controlled = a.said, false
		if i > 0 && i+1 < len(docs) && a.said != "gone" {
			before, after := docs[i-1], docs[i+1]
			controlled = before.said == "found" && after.said == "found" && before.id != after.id && seen[before.id] && seen[after.id] &&
				before.id != id && after.id != id
		}
	}
	if said == "" {
		said = "not asked"
	}
	return said, controlled
}

// mustBeBlind says whether blindness is due at now.
func (r *reference) mustBeBlind(now time.Time, after, newestAfter time.Duration) bool {
	since := r.lastComplete
	if since.IsZero() || !r.ended && since.Before(r.started) && now.Sub(r.started) < after {
		since = r.started // a daemon first gets its chance to look
	}
	if now.Sub(since) >= after {
		return true
	}
	newest := r.newestAt
	if newest.Before(r.started) {
		newest = r.started
	}
	if newest.Before(r.lastComplete) { // the whole list was seen then
		newest = r.lastComplete
	}
	return now.Sub(newest) >= newestAfter
}
