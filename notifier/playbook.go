package notifier

import (
	"slices"
	"strings"

	"tocsin"
	"tocsin/config"
)

// Playbook is what a team does in its own words, in place of the built-in steps.
type Playbook []config.Play

// For is what the team does about an item in a channel of a language, nil where
// the built-in steps stand. It is asked before Redact. Below full detail the
// issuing state and the person's tags choose nothing: the steps would give them
// away. Of several plays that fit, the one that asks for the most is taken, the
// first of those that ask for as much.
func (p Playbook) For(it Item, d Detail, language string) []string {
	var steps []string
	most := -1
	for _, play := range p {
		if asks, fits := fit(play, it, d, language); fits && asks > most {
			steps, most = play.Steps, asks
		}
	}
	return steps
}

// fit counts what a play asks for, if the item has it all.
func fit(p config.Play, it Item, d Detail, language string) (asks int, fits bool) {
	e := it.Event
	what := string(e.Kind)
	if it.Case != nil && it.Case.State == tocsin.CaseArrested && !e.Kind.AboutSight() {
		what = config.Arrested
	}
	if p.For != what || e.Drill || !e.Kind.AboutSight() && p.Review != (e.Tier == tocsin.TierReview) {
		return 0, false
	}
	for _, x := range []struct {
		asked string
		has   bool
	}{
		{p.Source, p.Source == e.Source}, {p.State, d == Full && issued(it.Notice, p.State)},
		{p.Tag, d == Full && it.Person != nil && slices.Contains(it.Person.Tags, p.Tag)}, {p.Language, p.Language == language},
	} {
		if x.asked == "" {
			continue
		}
		if asks++; !x.has {
			return 0, false
		}
	}
	return asks, true
}

// issued reports whether a state is among those that seek arrest.
func issued(n *tocsin.Notice, state string) bool {
	if n == nil || n.Detail == nil {
		return false
	}
	for _, c := range n.Detail.Charges {
		if strings.EqualFold(c.Country, state) {
			return true
		}
	}
	return false
}
