package watcher

import (
	"slices"

	"tocsin"
	"tocsin/store"
)

// Kinds of messages, as the ledger keeps them.
const (
	kindRoot     = "root"     // a case's own first message
	kindReply    = "reply"    // a later event, in its case's thread
	kindGathered = "gathered" // many events in one message
	kindList     = "list"     // weak matches that wait for somebody's judgement
	kindItem     = "item"     // one case of a gathered message or a list, in its thread; carries an event only where that joined a list
	kindSight    = "sight"    // blind, recovered, undelivered
	kindDigest   = "digest"   // what has waited for its hour, together
	kindCall     = "call"     // what timers say at their time, in the thread of a case; carries no event
)

// gatheredMax bounds the events of one message, so that it stays readable and
// within every service's limits.
const gatheredMax = 40

// itemsMax is how many cases of a gathered message get a message of their own
// in its thread (contract: on demand above 20).
const itemsMax = 20

// listMax is how many cases a list holds: each takes up to three of the 50 blocks
// that a Slack message may have.
const listMax = 14

// batch is one message to be: its kind and the events it carries.
type batch struct {
	kind   string
	events []tocsin.Event
	under  string // of kindItem: the list that it joins
}

// threads tells what a case has already that its later events can go under: a
// message of its own, and a list that it stands in.
type threads func(caseID string) (root, list bool)

// gather groups what is owed to one notifier at once into messages, the loudest
// first. First looks go together by source, weak matches as a list; more than
// limit other events due together go as one message, or several where there are
// very many; every other event has a message of its own. An alert always has,
// even if its case stood in a list until now.
func gather(owed []store.Owed, limit int, has threads) []batch {
	hasRoot := func(id string) bool { root, _ := has(id); return root }
	var listed, alone, rest, weak []tocsin.Event
	for _, o := range owed {
		switch e := o.Event; {
		case e.Kind.AboutSight() || e.Drill:
			alone = append(alone, e)
		case e.Kind == tocsin.Listed || e.Gathered:
			listed = append(listed, e)
		case limit > 0 && e.Tier == tocsin.TierReview && !hasRoot(e.Case):
			weak = append(weak, e)
		default:
			rest = append(rest, e)
		}
	}
	var fresh, later []tocsin.Event
	told := map[string]bool{}
	for _, e := range weak {
		if _, list := has(e.Case); list || told[e.Case] {
			later = append(later, e)
			continue
		}
		told[e.Case] = true
		fresh = append(fresh, e)
	}
	// More than a list holds at once are a burst, and no list that somebody judges.
	if len(fresh) > listMax && len(rest) > limit {
		rest, fresh = append(rest, fresh...), nil
	}
	var out []batch
	for _, e := range alone {
		kind := kindSight
		if !e.Kind.AboutSight() {
			kind = kindRoot
		}
		out = append(out, batch{kind: kind, events: []tocsin.Event{e}})
	}
	if limit > 0 && len(rest) > limit {
		out = append(out, split(kindGathered, rest)...)
	} else {
		started := map[string]bool{}
		for _, e := range rest {
			kind := kindRoot
			if started[e.Case] || hasRoot(e.Case) {
				kind = kindReply
			}
			started[e.Case] = true
			out = append(out, batch{kind: kind, events: []tocsin.Event{e}})
		}
	}
	if len(fresh) > listMax {
		out = append(out, split(kindGathered, fresh)...)
	} else if len(fresh) > 0 {
		out = append(out, batch{kind: kindList, events: fresh})
	}
	for _, e := range later {
		out = append(out, batch{kind: kindReply, events: []tocsin.Event{e}})
	}
	bySource := map[string][]tocsin.Event{}
	var order []string
	for _, e := range listed {
		if _, ok := bySource[e.Source]; !ok {
			order = append(order, e.Source)
		}
		bySource[e.Source] = append(bySource[e.Source], e)
	}
	for _, src := range order {
		if es := bySource[src]; len(es) == 1 && !hasRoot(es[0].Case) {
			out = append(out, batch{kind: kindRoot, events: es})
		} else {
			out = append(out, split(kindGathered, es)...)
		}
	}
	slices.SortStableFunc(out, func(a, b batch) int { return a.rank() - b.rank() })
	return out
}

// rank is lower for what rings louder: sight and alerts, then a drill, then the
// rest.
func (b batch) rank() int {
	rank := 2
	for _, e := range b.events {
		switch {
		case e.Drill && e.Kind != tocsin.Undelivered:
			rank = min(rank, 1)
		case e.Kind.AboutSight() || e.Tier == tocsin.TierAlert:
			rank = 0
		}
	}
	return rank
}

func split(kind string, events []tocsin.Event) []batch {
	var out []batch
	for len(events) > 0 {
		n := min(len(events), gatheredMax)
		out = append(out, batch{kind: kind, events: events[:n:n]})
		events = events[n:]
	}
	return out
}
