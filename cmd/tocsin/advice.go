package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"tocsin"
	"tocsin/config"
	"tocsin/store"
	"tocsin/watcher/match"
	"tocsin/watchlist"
)

// advice is one thing about one person that a better entry would mend, without
// the name.
type advice struct {
	File    string `json:"file"`
	Line    int    `json:"line,omitempty"`
	Person  string `json:"person"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// rings says for how many of the notices that are held now a person would ring.
type rings struct {
	Person string `json:"person"`
	Alert  int    `json:"alert"`
	Review int    `json:"review"`
}

var adviceWords = map[string]string{
	match.AdviceUnreadable: "no letter of the name can be read: write it in Latin letters too",
	match.AdviceOnePart:    "one part only: add the family or given name, or a spelling that has both",
	match.AdviceScript:     "this script is read letter by letter: add the name in Latin letters",
	match.AdviceCommon:     "a name that very many bear, and no birth date: add at least the year",
	match.AdviceNoBirth:    "no birth date: even a year tells namesakes apart",
	match.AdviceNoHan:      "no spelling in Han: add the name as Chinese papers write it",
	match.AdviceNoLatin:    "no spelling in Latin letters: add the one in the passport",
}

// adviseList says who cannot be matched well, and what would help.
func adviseList(file string, list *watchlist.List) []advice {
	var out []advice
	for i, p := range match.PeopleOf(list) {
		for _, a := range append(match.Advise(p), match.Variants(p)...) {
			words := adviceWords[a.Code]
			if a.Name > 0 {
				words = fmt.Sprintf("alias %d: %s", a.Name, words)
			}
			out = append(out, advice{file, list.Line(i), p.ID, a.Code, words})
		}
	}
	return out
}

// heldRings matches everybody with every notice that the ledger holds. Without a
// ledger, or with one that cannot be read (whatever opens it says why), nobody is
// counted: check works before the first run.
func (g *globals) heldRings(ctx context.Context, c *config.Config, list *watchlist.List) []rings {
	if path, ok := strings.CutPrefix(c.Database, "sqlite:"); ok {
		if _, err := os.Stat(path); err != nil {
			return nil
		}
	}
	s, err := openStore(ctx, c, store.Options{})
	if err != nil {
		return nil
	}
	defer s.Close() // nothing was written
	index := match.Compile(match.PeopleOf(list), matching(c))
	found := map[string]*rings{}
	for _, source := range c.Sources {
		err := s.EachHeld(ctx, source.ID, func(h tocsin.Held) error {
			if !h.Absence.Listed() {
				return nil
			}
			for _, m := range index.Match(h.Notice) {
				r := found[m.Person]
				if r == nil {
					r = &rings{Person: m.Person}
					found[m.Person] = r
				}
				if m.Tier == tocsin.TierAlert {
					r.Alert++
				} else {
					r.Review++
				}
			}
			return ctx.Err()
		})
		if err != nil {
			return nil
		}
	}
	var out []rings
	for _, p := range list.People {
		if r := found[p.ID]; r != nil {
			out = append(out, *r)
		}
	}
	return out
}

// mostAdvice is how many people are told of under one code on a terminal; --json
// tells of all.
const mostAdvice = 5

func (g *globals) printAdvice(r checkJSON) error {
	var b strings.Builder
	told := map[string]int{}
	for _, a := range r.Advice {
		if told[a.Code]++; told[a.Code] <= mostAdvice {
			fmt.Fprintf(&b, "%s: %s: %s (advice)\n", problem{File: a.File, Line: a.Line}.place(), a.Person, a.Message)
		}
	}
	for _, code := range []string{match.AdviceUnreadable, match.AdviceOnePart, match.AdviceScript, match.AdviceCommon, match.AdviceNoHan, match.AdviceNoLatin, match.AdviceNoBirth} {
		if n := told[code] - mostAdvice; n > 0 {
			fmt.Fprintf(&b, "and %d more: %s (--json tells of all)\n", n, adviceWords[code])
		}
	}
	for i, x := range r.Rings {
		if i == 4*mostAdvice {
			fmt.Fprintf(&b, "and %d people more ring (--json tells of all)\n", len(r.Rings)-i)
			break
		}
		fmt.Fprintf(&b, "%s rings for the notices held now: %s, %s\n", x.Person, count(x.Alert, "alert", "alerts"), count(x.Review, "review", "reviews"))
	}
	_, err := fmt.Fprint(g.err, b.String())
	return err
}

func (p problem) place() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d", p.File, p.Line)
}
