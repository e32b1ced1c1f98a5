package main

import (
	"fmt"
	"slices"
	"strings"

	"tocsin"
	"tocsin/config"
	"tocsin/watchlist"
)

// toldBy are the kinds of events that a kind of source can give about a person.
func toldBy(s config.Source) []tocsin.EventKind {
	switch s.Kind {
	case "feed", "page", "gdelt":
		return []tocsin.EventKind{tocsin.Mentioned, tocsin.Changed}
	}
	return []tocsin.EventKind{tocsin.Listed, tocsin.Appeared, tocsin.Changed, tocsin.Disappeared, tocsin.Reappeared}
}

// hears reports whether a notifier tells of a kind of event from a source.
func hears(n config.Notifier, k tocsin.EventKind, source string) bool {
	return slices.Contains(n.Events, k) && (len(n.Sources) == 0 || slices.Contains(n.Sources, source))
}

// unreached proves that every event of every source reaches somebody, whomever it
// is about, and says what does not. People are named by their ids.
func unreached(c *config.Config, list *watchlist.List) (out []problem) {
	line := 0
	if len(c.Notifiers) > 0 {
		line = c.Notifiers[0].Line
	}
	warn := func(format string, a ...any) {
		out = append(out, problem{File: c.Path, Line: line, Message: fmt.Sprintf(format, a...)})
	}
	for _, s := range c.Sources {
		for _, k := range []tocsin.EventKind{tocsin.Blind, tocsin.Recovered} {
			if !slices.ContainsFunc(c.Notifiers, func(n config.Notifier) bool { return hears(n, k, s.ID) }) {
				warn("no notifier rings for %s of %s: add it to the events of one", k, s.ID)
			}
		}
		for _, tier := range []tocsin.Tier{tocsin.TierAlert, tocsin.TierReview} {
			// The same people are left out of many kinds: they are named once.
			kinds := map[string][]string{}
			var order []string
			for _, k := range toldBy(s) {
				missed, some := missedBy(c, list, k, tier, s.ID)
				if len(missed) == 0 && some {
					continue
				}
				who := ""
				if some {
					who = idsOf(missed)
				}
				if kinds[who] == nil {
					order = append(order, who)
				}
				kinds[who] = append(kinds[who], string(k))
			}
			for _, who := range order {
				what := fmt.Sprintf("%s of %s at tier %s", strings.Join(kinds[who], ", "), s.ID, tier)
				if who == "" {
					warn("no notifier rings for %s: add it to the events, tiers or sources of one", what)
				} else {
					warn("no notifier rings for %s about %s: their tags are in the tags of none that does", what, who)
				}
			}
		}
	}
	return out
}

// missedBy are the people about whom an event would reach nobody; some: it would
// reach somebody about others.
func missedBy(c *config.Config, list *watchlist.List, k tocsin.EventKind, tier tocsin.Tier, source string) (missed []string, some bool) {
	var tags []string
	for _, n := range c.Notifiers {
		if !hears(n, k, source) || !slices.Contains(n.Tiers, tier) {
			continue
		}
		if some = true; len(n.Tags) == 0 {
			return nil, true
		}
		tags = append(tags, n.Tags...)
	}
	for _, p := range list.People {
		if !slices.ContainsFunc(p.Tags, func(t string) bool { return slices.Contains(tags, t) }) {
			missed = append(missed, p.ID)
		}
	}
	return missed, some
}

// namedMost is how many people are named by their ids.
const namedMost = 5

func idsOf(ids []string) string {
	if len(ids) <= namedMost {
		return strings.Join(ids, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(ids[:namedMost], ", "), len(ids)-namedMost)
}
