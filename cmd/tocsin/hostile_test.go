package main

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin"
	"tocsin/sim"
)

// ordeal is one way in which a service goes wrong, and what must be said of it.
type ordeal struct {
	what   string
	faults func(s *hostile) []sim.Fault
	// cause must be given for the blindness that comes of it: any of these; nil
	// means that the list can still be seen whole.
	cause []tocsin.Cause
	// either: whether somebody is told to be blind depends on what is asked first.
	either bool
	// amid: a removal is told although the fault goes on.
	amid    bool
	unknown int // the status for ids that are not there, 404 if 0
}

func fault(f sim.Fault) func(*hostile) []sim.Fault {
	return func(*hostile) []sim.Fault { return []sim.Fault{f} }
}

var (
	refused     = []tocsin.Cause{tocsin.CauseRefused}
	unreachable = []tocsin.Cause{tocsin.CauseUnreachable}
	malformed   = []tocsin.Cause{tocsin.CauseMalformed}
	shifting    = []tocsin.Cause{tocsin.CauseShifting, tocsin.CauseMalformed}
)

// filters are all pages but the whole list's.
var filters = regexp.MustCompile(`name=|ageM|nationality=|sexId|Country`)

// patient is from which service on no ordeal but one makes anybody blind: there
// it is to take long, so that a slow machine is not taken for a blind watch.
const patient = 6

// ordeals are all that goes wrong, by service; each service's are tried one after
// the other, the services side by side. The first of each are the short form.
var ordeals = [][]ordeal{
	{
		{what: "403 with a page", faults: fault(sim.Fault{Kind: sim.Refused}), cause: refused},
		{what: "429", faults: fault(sim.Fault{Kind: sim.TooMany}), cause: refused},
		{what: "429 with Retry-After", faults: fault(sim.Fault{Kind: sim.TooMany, RetryAfter: "1"}), cause: refused},
		{what: "a challenge page", faults: fault(sim.Fault{Kind: sim.Challenge}), cause: refused},
		{what: "documents refused", faults: fault(sim.Fault{Kind: sim.Refused, On: sim.Detail}), cause: refused, either: true},
	},
	{
		{what: "500", faults: fault(sim.Fault{Kind: sim.Status, Status: 500}), cause: unreachable},
		{what: "502", faults: fault(sim.Fault{Kind: sim.Status, Status: 502}), cause: unreachable},
		{what: "503 with Retry-After", faults: fault(sim.Fault{Kind: sim.Status, Status: 503, RetryAfter: "1"}), cause: unreachable},
		{what: "504", faults: fault(sim.Fault{Kind: sim.Status, Status: 504}), cause: unreachable},
		{what: "403 for every second page", faults: fault(sim.Fault{Kind: sim.Refused, Every: 2, On: sim.List}), cause: refused},
	},
	{
		{what: "no answer", faults: fault(sim.Fault{Kind: sim.Hang}), cause: unreachable},
		{what: "an answer in drops", faults: fault(sim.Fault{Kind: sim.Drip, Pace: 20 * time.Millisecond}), cause: unreachable},
		{what: "cut before the answer", faults: fault(sim.Fault{Kind: sim.Cut}), cause: unreachable},
		{what: "cut in the answer", faults: fault(sim.Fault{Kind: sim.CutBody}), cause: unreachable},
		{what: "an answer that is lost", faults: fault(sim.Fault{Kind: sim.Lost}), cause: unreachable},
	},
	{
		{what: "JSON that breaks off", faults: fault(sim.Fault{Kind: sim.Truncated}), cause: malformed},
		{what: "null", faults: fault(sim.Fault{Kind: sim.Null}), cause: malformed},
		{what: "a page for people", faults: fault(sim.Fault{Kind: sim.HTML}), cause: malformed},
		{what: "other JSON", faults: fault(sim.Fault{Kind: sim.Answer, Body: `{"message":"quota"}`}), cause: malformed},
		{what: "redirects without end", faults: fault(sim.Fault{Kind: sim.Redirect}), cause: malformed},
	},
	{
		{what: "an empty list", faults: fault(sim.Fault{Kind: sim.Empty}), cause: malformed},
		{what: "a gzip bomb", faults: fault(sim.Fault{Kind: sim.Bomb}), cause: malformed},
		{what: "a body without end", faults: fault(sim.Fault{Kind: sim.Endless}), cause: malformed},
		{what: "the answer to another query", faults: fault(sim.Fault{Kind: sim.OtherEcho}), cause: malformed},
		{what: "filters that find nothing", faults: fault(sim.Fault{Kind: sim.Empty, Match: filters}), cause: shifting},
	},
	{
		{what: "rows that stand twice", faults: fault(sim.Fault{Kind: sim.Doubled}), cause: malformed},
		{what: "half of each filter's rows gone", faults: fault(sim.Fault{Kind: sim.Half, Match: filters}), cause: shifting},
		{what: "rows that are counted and not served", faults: func(s *hostile) []sim.Fault { return []sim.Fault{{Kind: sim.Dropped, IDs: s.others(2)}} }, cause: malformed},
		{what: "totals that shift", faults: fault(sim.Fault{Kind: sim.Shift}), cause: shifting},
	},
	{
		{what: "half the list gone", faults: func(s *hostile) []sim.Fault {
			return []sim.Fault{{Kind: sim.Half, On: sim.List, IDs: append(s.strangers(2), s.others(3)...)}}
		}, amid: true},
		{what: "three of six off the list", faults: func(s *hostile) []sim.Fault { return []sim.Fault{{Kind: sim.Half, On: sim.List, IDs: s.others(3)}} }, amid: true},
		{what: "rows that change places", faults: fault(sim.Fault{Kind: sim.Moving}), amid: true},
		{what: "a clock that jumps", faults: fault(sim.Fault{Kind: sim.ClockJump, Offset: 50 * time.Hour}), amid: true},
		{what: "ids that are other people", faults: func(s *hostile) []sim.Fault { return []sim.Fault{{Kind: sim.OtherOne, IDs: s.others(2), Seed: 5}} }, amid: true},
	},
	{
		{what: "502 for unknown ids", unknown: 502, amid: true},
		{what: "rows that no filter reaches", faults: func(s *hostile) []sim.Fault { return []sim.Fault{{Kind: sim.Unfiltered, IDs: s.others(2)}} }, amid: true},
		{what: "a list that changes while it is read", faults: func(s *hostile) []sim.Fault {
			return []sim.Fault{{Kind: sim.Act, On: sim.List, Every: 3, Do: s.churn}}
		}, cause: shifting, either: true},
		{what: "500 for documents", faults: fault(sim.Fault{Kind: sim.Status, On: sim.Detail})},
		{what: "null for documents", faults: fault(sim.Fault{Kind: sim.Null, On: sim.Detail})},
		{what: "410 for unknown ids", unknown: 410, amid: true},
	},
}

// hostile is one service that goes wrong, and what must have been told of it.
type hostile struct {
	id     string
	n      *sim.Notices
	people []sim.Row // the six
	crowd  []sim.Row
	spare  []sim.Row // of churn
	victim int       // which of the six is withdrawn in this ordeal
	told   map[string][]tocsin.EventKind
	blinds int // outages before this ordeal
	ordeal ordeal
}

// others are n of the six that are not withdrawn.
func (s *hostile) others(n int) []string {
	var ids []string
	for i, p := range s.people {
		if i != s.victim && len(ids) < n {
			ids = append(ids, p.EntityID)
		}
	}
	return ids
}

// strangers is every n-th of them.
func (s *hostile) strangers(n int) []string {
	var ids []string
	for i, r := range s.crowd {
		if i%n == 0 {
			ids = append(ids, r.EntityID)
		}
	}
	return ids
}

// churn lets one stranger come and another go.
func (s *hostile) churn() {
	s.n.Withdraw(s.crowd[0].EntityID)
	s.n.Publish(s.spare[0])
	s.crowd, s.spare = append(s.crowd[1:], s.spare[0]), append(s.spare[1:], s.crowd[0])
}

// looks counts the first pages that were asked for.
func (s *hostile) looks() int {
	n := 0
	for _, q := range s.n.Requests() {
		if q.RawQuery == "page=1&resultPerPage=160" {
			n++
		}
	}
	return n
}

// sight are the service's events of that kind.
func (s *hostile) sight(events []tocsin.Event, kind tocsin.EventKind) (out []tocsin.Event) {
	for _, e := range events {
		if e.Kind == kind && e.Source == s.id {
			out = append(out, e)
		}
	}
	return out
}

// differs says what of the ledger is not as it must be, "" if all is; amid is
// while a fault goes on.
func (s *hostile) differs(events []tocsin.Event, person map[string]string, amid bool) string {
	got, inferred := map[string][]tocsin.EventKind{}, map[string]bool{}
	for _, e := range events {
		if e.Source != s.id || e.Notice == nil || e.Kind == tocsin.Changed || person[e.Notice.ID] == "" || person[e.Notice.ID] != e.Person {
			continue
		}
		got[e.Notice.ID] = append(got[e.Notice.ID], e.Kind)
		if e.Kind == tocsin.Disappeared {
			inferred[e.Notice.ID] = e.Inferred
		}
	}
	if id := s.people[s.victim].EntityID; amid && s.ordeal.amid && inferred[id] != (s.ordeal.unknown == 502) {
		return fmt.Sprintf("inferred: %v", inferred[id])
	}
	for i, p := range s.people {
		is, must := got[p.EntityID], s.told[p.EntityID]
		if amid && i == s.victim && (s.ordeal.amid || s.ordeal.either && len(is) > len(must)) {
			must = append(slices.Clone(must), tocsin.Disappeared)
		}
		if !slices.Equal(is, must) {
			return fmt.Sprintf("of %s is told %v, must be %v", person[p.EntityID], is, must)
		}
	}
	blind, back := s.sight(events, tocsin.Blind), s.sight(events, tocsin.Recovered)
	due := s.blinds
	if s.ordeal.cause != nil && (!s.ordeal.either || len(blind) > due) {
		due++
	}
	if len(blind) != due {
		return fmt.Sprintf("%d times blind, must be %d", len(blind), due)
	}
	open := due - len(back)
	if open > 1 || open < 0 || open == 1 && !amid || open == 0 && amid && due > s.blinds && !s.ordeal.either {
		return fmt.Sprintf("%d times blind, and %d times recovered", due, len(back))
	}
	for i, e := range blind {
		if e.Occurrence != i+1 || e.Outage == nil || e.Outage.Since.IsZero() || e.Outage.Next.IsZero() || e.Outage.Why == "" || e.Outage.People != len(s.people) {
			return fmt.Sprintf("blind says %+v", e.Outage)
		}
	}
	for i, e := range back {
		if e.Occurrence != i+1 || e.Outage == nil || !e.Outage.Until.After(e.Outage.Since) {
			return fmt.Sprintf("recovered says %+v", e.Outage)
		}
	}
	if due > s.blinds && !slices.Contains(s.ordeal.cause, blind[s.blinds].Outage.Cause) {
		return fmt.Sprintf("the cause is %s (%s), must be %v", blind[s.blinds].Outage.Cause, blind[s.blinds].Outage.Why, s.ordeal.cause)
	}
	return ""
}

// A daemon under everything that can go wrong: nobody is called gone who is
// not, nobody is left to think that the list is seen while it is not, and who
// was withdrawn meanwhile is told in the end.
func TestUnderEveryFaultNothingFalseIsTold(t *testing.T) {
	rounds := 1
	if os.Getenv("TOCSIN_HOSTILE") == "all" {
		for _, list := range ordeals {
			rounds = max(rounds, len(list))
		}
	}
	cast := whole(61, 6)
	var list strings.Builder
	list.WriteString(csvHeader)
	person := map[string]string{}
	for i, r := range cast {
		person[r.EntityID] = fmt.Sprintf("h-%d", i)
		fmt.Fprintf(&list, "h-%d,%q,,%s,,,H%d,,\n", i, *r.Forename+" "+*r.Name, strings.ReplaceAll(*r.DateOfBirth, "/", "-"), i)
	}
	h := newHouse(t, houseConfig, list.String())
	config := "listen: \"\"\nhttp: {timeout: 700ms, max_body: 4MiB}\nnotifiers:\n  - {id: terminal, kind: console}\nsources:\n"
	var services []*hostile
	for i := range ordeals {
		crowd := sim.People(uint64(200+i), 220)
		s := &hostile{id: fmt.Sprintf("list-%d", i), n: sim.NewNotices(sim.Options{LogLimit: 4000}), people: cast, crowd: crowd[:170], spare: crowd[170:], told: map[string][]tocsin.EventKind{}}
		s.n.Publish(slices.Concat(crowd[:80], cast[:3], crowd[80:165], cast[3:], crowd[165:170])...)
		if err := s.n.Listen("127.0.0.1:0"); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.n.Close() })
		blind, newest := "6s", "5s"
		if i >= patient {
			blind, newest = "20s", "18s"
		}
		config += fmt.Sprintf("  - {id: %s, kind: interpol, notices: red, url: %q, newest: \"@every 400ms\", sweep: \"@every 500ms\", details: 0, pace: 100us,"+
			" backoff: 50ms, backoff_max: 200ms, blind_after: %s, newest_blind_after: %s}\n", s.id, s.n.URL(), blind, newest)
		services = append(services, s)
	}
	h.write("tocsin.yaml", config)
	h.run()
	for _, s := range services {
		for _, r := range cast {
			s.told[r.EntityID] = []tocsin.EventKind{tocsin.Listed}
		}
	}
	// so says what of the ledger is not as it must be by now, "" if all is.
	so := func(amid bool) string {
		events := h.events()
		for _, s := range services {
			if why := s.differs(events, person, amid); why != "" {
				return s.id + ", " + s.ordeal.what + ": " + why
			}
		}
		return ""
	}
	why := "nothing was asked"
	await := func(what string, is func() string) {
		t.Helper()
		defer func() {
			if t.Failed() {
				t.Log(why)
			}
		}()
		h.until(what, 60*time.Second, func() bool { why = is(); return why == "" })
	}
	await("six people listed by each service", func() string { return so(false) })
	for round := range rounds {
		before := map[string]int{}
		var events []tocsin.Event
		await("nobody is blind before the next fault", func() string { // a machine that stood still may have made somebody so
			events = h.events()
			for _, s := range services {
				if blind, back := len(s.sight(events, tocsin.Blind)), len(s.sight(events, tocsin.Recovered)); blind != back {
					return fmt.Sprintf("%s: %d times blind, %d times recovered", s.id, blind, back)
				}
			}
			return ""
		})
		for i, s := range services {
			s.ordeal, s.blinds = ordeal{what: "nothing"}, len(s.sight(events, tocsin.Blind))
			if round >= len(ordeals[i]) {
				continue
			}
			s.ordeal, s.victim = ordeals[i][round], (round+i)%6
			s.n.SetUnknownID(s.ordeal.unknown)
			if s.ordeal.faults != nil {
				for _, f := range s.ordeal.faults(s) {
					s.n.AddFault(f)
				}
			}
			s.n.Withdraw(cast[s.victim].EntityID)
			before[s.id] = s.looks()
		}
		await("some looks under each fault, and what is due meanwhile", func() string {
			for _, s := range services {
				if n := s.looks() - before[s.id]; n < 5 {
					return fmt.Sprintf("%s, %s: %d looks", s.id, s.ordeal.what, n)
				}
			}
			return so(true)
		})
		for _, s := range services {
			s.n.ClearFaults()
			s.n.SetUnknownID(0)
		}
		for _, s := range services {
			id := cast[s.victim].EntityID
			if s.ordeal.faults != nil || s.ordeal.unknown != 0 {
				s.told[id] = append(s.told[id], tocsin.Disappeared)
			}
		}
		await("all that happened under the faults", func() string { return so(false) })
		for _, s := range services {
			if id := cast[s.victim].EntityID; len(s.told[id])%2 == 0 {
				s.n.Publish(cast[s.victim])
				s.told[id] = append(s.told[id], tocsin.Reappeared)
			}
		}
		await("their return", func() string { return so(false) })
	}
	count := map[tocsin.EventKind]int{}
	for _, e := range h.events() {
		count[e.Kind]++
	}
	var kinds []string
	for _, k := range slices.Sorted(maps.Keys(count)) {
		kinds = append(kinds, fmt.Sprintf("%d %s", count[k], k))
	}
	t.Logf("%d services, %d rounds: %s", len(services), rounds, strings.Join(kinds, ", "))
}
