package watcher_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"time"

	"tocsin/sim"
)

// do makes one step.
func (m *model) do(s step) {
	r := rand.New(rand.NewPCG(s.seed, 7))
	switch s.kind {
	case "look":
		m.look(context.Background())
	case "newest":
		m.newest()
	case "turn":
		m.turn()
	case "sight":
		m.sight()
	case "wait":
		m.w.clock.advance([]time.Duration{20 * time.Second, 2 * time.Minute, 10 * time.Minute, 40 * time.Minute, 3 * time.Hour}[r.IntN(5)])
	case "restart":
		m.restart()
	case "kill":
		m.kill(r.IntN(8))
	case "unknown":
		m.unknown = []int{404, 410, 502, 502, 503, 500}[r.IntN(6)]
		m.w.notices.SetUnknownID(m.unknown)
	case "unlike": // ids that are not there fail in one way, then in another
		m.unknown = 502
		m.change(r, "withdraw")()
		for _, status := range []int{502, 502, 502, 502, 503, 502} {
			m.w.notices.SetUnknownID(status)
			m.w.clock.advance(5 * time.Minute)
			m.look(context.Background())
		}
	case "patterns":
		m.w.notices.SetPatterns(pick(r, patterns))
	case "fault":
		m.w.add(m.fault(r))
	case "reach": // rows that are counted and cannot be had
		m.w.add(sim.Fault{Kind: pick(r, []sim.Kind{sim.Dropped, sim.Unfiltered}), On: sim.List, IDs: some(r, m.w.ids(true), 1+r.IntN(2))})
	case "dark": // what follows is a long outage
	case "lift":
		m.w.lift(func(sim.Fault) bool { return true })
	case "blink": // missed once, and back before the second look
		ids := m.preferred(r, m.w.ids(true), 1)
		m.w.withdraw(ids...)
		m.look(context.Background())
		for _, id := range ids {
			m.w.publish(m.last(id))
		}
		if m.newest(); r.IntN(2) == 0 && m.wrong == "" {
			m.restart()
		}
	case "passing": // public for a moment, in which it is seen
		if rows := m.draw(1); len(rows) == 1 {
			m.w.publish(rows...)
			m.newest()
			m.w.withdraw(rows[0].EntityID)
		}
	case "during":
		change := m.change(r, pick(r, []string{"publish", "withdraw", "return", "edit", "other", "again", "withdraw", "mass"}))
		m.w.add(sim.Fault{Kind: sim.Act, After: r.IntN(8), Count: 1, Do: change})
	default:
		m.change(r, s.kind)()
	}
}

var patterns = []sim.Patterns{sim.PatternsFull, sim.PatternsFull, sim.PatternsNoAlternation, sim.PatternsPlainAlternates, sim.PatternsOff, sim.PatternsIgnored}

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// some picks up to n of ids.
func some(r *rand.Rand, ids []string, n int) []string {
	ids, n = slices.Clone(ids), max(n, 0)
	r.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
	return ids[:min(n, len(ids))]
}

// preferred picks up to n of ids, the watched rather than others.
func (m *model) preferred(r *rand.Rand, ids []string, n int) []string {
	var out []string
	for _, id := range some(r, ids, len(ids)) {
		if _, ok := m.watched[id]; ok && r.IntN(3) > 0 {
			out = append(out, id)
		}
	}
	return some(r, append(out, some(r, ids, n)...), n)
}

// few are always left: a list that becomes empty is never believed (CONTRACT.md).
const few = 4

// change is something that happens to the list, now or when the service is
// next asked; what there is to choose from is looked up when it happens.
func (m *model) change(r *rand.Rand, kind string) func() {
	n, seed := 1+r.IntN(3), r.Uint64()
	return func() {
		r := rand.New(rand.NewPCG(seed, 8))
		w := m.w
		public := w.ids(true)
		var away []string
		for _, id := range w.ids(false) {
			if !slices.Contains(public, id) {
				away = append(away, id)
			}
		}
		switch kind {
		case "publish":
			w.publish(m.draw(n)...)
		case "withdraw":
			w.withdraw(unique(m.preferred(r, public, min(n, len(public)-few)))...)
		case "return":
			for _, id := range unique(m.preferred(r, away, n)) {
				w.publish(m.last(id))
			}
		case "other": // an id that comes back as somebody else, or is turned into them
			for _, id := range m.preferred(r, append(away, public...), 1) {
				w.publish(sim.Impersonate(seed, m.last(id)))
			}
		case "again": // the same person under a new id
			for _, id := range m.preferred(r, away, 1) {
				row := m.last(id)
				row.EntityID = fmt.Sprintf("2026/9%05d", seed%100000)
				w.publish(row)
			}
		case "mass":
			if r.IntN(3) == 0 && len(away) > 5 {
				for _, id := range some(r, away, max(5, len(away)-1-r.IntN(12))) {
					w.publish(m.last(id))
				}
			} else if r.IntN(3) > 0 {
				w.withdraw(some(r, public, min(15+r.IntN(20), len(public)-few))...)
			} else {
				w.publish(m.draw(15 + r.IntN(20))...)
			}
		case "edit":
			for _, id := range unique(m.preferred(r, public, n)) {
				w.edit(id, edits[r.IntN(len(edits))])
			}
		}
	}
}

func unique(ids []string) []string {
	slices.Sort(ids)
	return slices.Compact(ids)
}

// edits are what happens to a notice's content.
var edits = []func(*sim.Row){
	func(x *sim.Row) { x.Photo += "7" },
	func(x *sim.Row) { x.Nationalities = unique(append(slices.Clone(x.Nationalities), "AD")) },
	func(x *sim.Row) { x.DateOfBirth = sim.Str("1971/02/03") },
	func(x *sim.Row) {
		x.Warrants = append(slices.Clone(x.Warrants), sim.Warrant{Country: "AD", Charge: "sedition"})
	},
	func(x *sim.Row) {
		if x.Name != nil {
			x.Name = sim.Str("z" + *x.Name)
		}
	},
	func(x *sim.Row) {
		if x.Forename != nil {
			x.Forename = sim.Str(*x.Forename + " MARIAM")
		}
	},
	func(x *sim.Row) { x.Nationalities = nil },
	func(x *sim.Row) { x.Marks += "scar" },
}

// draw takes rows that were never published.
func (m *model) draw(n int) []sim.Row {
	n = min(n, len(m.reserve))
	out := m.reserve[:n]
	m.reserve = m.reserve[n:]
	return out
}

// last is a notice as it was when it was last public.
func (m *model) last(id string) sim.Row {
	m.w.mu.Lock()
	defer m.w.mu.Unlock()
	spans := m.w.lives[id].spans
	for i := len(spans) - 1; i >= 0; i-- {
		if spans[i].row != nil {
			return *spans[i].row
		}
	}
	return sim.Row{EntityID: id}
}

// emptyList is the answer of a service that has nothing.
const emptyList = `{"total":0,"query":{"page":1,"resultPerPage":160},"_embedded":{"notices":[]}}`

var filtered = regexp.MustCompile(`name=|ageMin=|nationality=|sexId=|Country`)

// fault draws something that goes wrong.
func (m *model) fault(r *rand.Rand) sim.Fault {
	f := sim.Fault{
		On: pick(r, []sim.Part{sim.AnyPart, sim.AnyPart, sim.List, sim.List, sim.Detail}), Seed: r.Uint64(),
	}
	if r.IntN(2) == 0 {
		f.After, f.Every, f.Count = pick(r, []int{0, 0, 1, 2, 5}), pick(r, []int{0, 0, 0, 2, 3}), pick(r, []int{0, 0, 1, 2})
	}
	if r.IntN(6) == 0 {
		f.Match = filtered
		f.On = sim.List
	}
	public := m.w.ids(true)
	switch f.Kind = pick(r, faultKinds); f.Kind {
	case sim.TooMany:
		f.RetryAfter = pick(r, []string{"", "60", "7200"})
	case sim.Status:
		f.Status = pick(r, []int{500, 502, 503, 504})
		if r.IntN(3) == 0 { // for single ids
			f.On, f.IDs, f.Match, f.Every = sim.Detail, m.preferred(r, m.w.ids(false), 2), nil, 0
		}
	case sim.Hang:
		f.Limit = time.Millisecond
	case sim.Drip:
		f.On, f.Match, f.Count, f.Pace = sim.Detail, nil, 1, time.Nanosecond
	case sim.Bomb, sim.Endless:
		f.Size = 1 << 20
	case sim.Answer:
		f.Body = pick(r, []string{`{"message":"quota"}`, `[]`, `{"total":"many","query":{},"_embedded":{}}`, emptyList})
		if len(public) > 0 && r.IntN(2) == 0 { // whole, and to another query
			f.Body = fmt.Sprintf(`{"total":1,"query":{"page":1,"resultPerPage":160,"name":"^q"},"_embedded":{"notices":[{"entity_id":%q}]}}`, pick(r, public))
		}
	case sim.Half:
		f.IDs = some(r, public, pick(r, []int{1, 2, 1 + len(public)/2}))
		if f.Details = r.IntN(2) == 0; f.Details {
			f.On, f.Match, f.After, f.Every, f.Count = sim.AnyPart, nil, 0, 0, 0
		}
	case sim.Shift:
		f.By = pick(r, []int{1, -1, 2})
	case sim.Unfiltered, sim.Dropped:
		f.On, f.Match, f.IDs = sim.List, nil, some(r, public, 1+r.IntN(2))
	case sim.OtherOne:
		f.IDs = m.preferred(r, public, 1)
	case sim.Moving:
		f.By = pick(r, []int{0, 2, 9})
	case sim.ClockJump:
		f.Offset = pick(r, []time.Duration{-26 * time.Hour, time.Hour, 400 * 24 * time.Hour})
	}
	return f
}

// faultKinds are all that a sim.Fault can be; Act is what happens "during" a look.
var faultKinds = []sim.Kind{
	sim.Refused, sim.TooMany, sim.Status, sim.Status, sim.Truncated, sim.CutBody, sim.Cut, sim.Lost, sim.Null, sim.HTML, sim.Challenge, sim.Hang,
	sim.Drip, sim.Bomb, sim.Endless, sim.Redirect, sim.Answer, sim.Answer, sim.OtherEcho, sim.OtherEcho, sim.Empty, sim.Empty, sim.Half, sim.Half, sim.Half,
	sim.Shift, sim.Shift, sim.Unfiltered, sim.Unfiltered, sim.Dropped, sim.Dropped, sim.Doubled, sim.Doubled, sim.Moving, sim.OtherOne, sim.ClockJump,
}

func describe(f sim.Fault) string {
	return fmt.Sprintf("%s on %q %v after %d every %d count %d ids %v match %v", f.Kind, f.On, f.Status, f.After, f.Every, f.Count, f.IDs, f.Match)
}
