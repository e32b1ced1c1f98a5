package main

import (
	"context"
	"fmt"

	"tocsin"
	"tocsin/store"
	"tocsin/watcher/match"
)

// casesReport is eval's report of a team's own decisions.
type casesReport struct {
	match.Report
	Cases   int            `json:"cases"`
	LeftOut map[string]int `json:"left_out"` // by why
}

// Why a case is left out of eval --from-cases.
const (
	outUndecided = "undecided"
	outGone      = "the person is no longer on the watchlist"
	outNotHeld   = "the notice is not held"
	outStory     = "about an article, not a notice"
)

// evalCases judges the matcher by what the team decided: with the notice as it is
// held and the watchlist's entry as it is now. Nobody is named.
func (g *globals) evalCases(ctx context.Context) error {
	return g.withStore(ctx, func(ctx context.Context, in *installation) error {
		list, err := g.people(in.config)
		if err != nil {
			return err
		}
		people := map[string]match.Person{}
		for _, p := range match.PeopleOf(list) {
			people[p.ID] = p
		}
		cases, err := in.store.Cases(ctx, store.CaseFilter{})
		if err != nil {
			return err
		}
		rep := casesReport{Cases: len(cases), LeftOut: map[string]int{}}
		var pairs []match.Pair
		for _, c := range cases {
			same, decided := verdict(c.State)
			if !decided {
				rep.LeftOut[outUndecided]++
				continue
			}
			if c.Notice == nil {
				rep.LeftOut[outStory]++
				continue
			}
			p, ok := people[c.Person]
			if !ok {
				rep.LeftOut[outGone]++
				continue
			}
			held, err := in.store.HeldOf(ctx, c.Source, []string{c.Notice.ID})
			if err != nil {
				return err
			}
			h, ok := held[c.Notice.ID]
			if !ok {
				rep.LeftOut[outNotHeld]++
				continue
			}
			pairs = append(pairs, match.Pair{Same: same, Group: c.Source, Person: p, Notice: h.Notice})
		}
		rep.Report = match.EvaluatePairs(pairs, matching(in.config))
		if g.json {
			return g.line(rep)
		}
		if _, err := fmt.Fprint(g.out, rep.Report.String()); err != nil {
			return err
		}
		_, err = fmt.Fprintf(g.out, "%d cases, %d decided and judged\n", rep.Cases, len(pairs))
		for _, why := range []string{outUndecided, outGone, outNotHeld, outStory} {
			if n := rep.LeftOut[why]; n > 0 && err == nil {
				_, err = fmt.Fprintf(g.out, "left out: %d, %s\n", n, why)
			}
		}
		return err
	})
}

// verdict is what a case's state says of who the notice is about.
func verdict(s tocsin.CaseState) (same, decided bool) {
	switch s {
	case tocsin.CaseConfirmed, tocsin.CaseWarned, tocsin.CaseArrested:
		return true, true
	case tocsin.CaseDismissed:
		return false, true
	}
	return false, false
}
