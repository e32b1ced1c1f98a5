package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"tocsin"
	"tocsin/notifier"
	"tocsin/watcher/match"
	"tocsin/watchlist"
)

// screenJSON is one match in the contract's form.
type screenJSON struct {
	Person  string      `json:"person"`
	Tier    tocsin.Tier `json:"tier"`
	Score   float64     `json:"score"`
	Reasons []string    `json:"reasons"`
}

func screenCommand(g *globals) *cobra.Command {
	var birth, nationality, sex string
	c := &cobra.Command{
		Use: "screen NAME", Short: "Who on the watchlist this could be, and why or why not", Args: cobra.ExactArgs(1),
		Long: `Who on the watchlist this could be, and why or why not.
NAME is a whole name in any script, or "FAMILY, Forename"; - reads it from standard input, so that it stands in no process list.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			n, err := asNotice(g.in, args[0], birth, nationality, sex)
			if err != nil {
				return err
			}
			c, err := g.load()
			if err != nil {
				return err
			}
			list, err := g.people(c)
			if err != nil {
				return err
			}
			index := match.Compile(match.PeopleOf(list), matching(c))
			if g.json {
				people := map[string]match.Person{}
				for _, p := range match.PeopleOf(list) {
					people[p.ID] = p
				}
				for _, m := range index.Match(n) {
					reasons := []string{}
					for _, r := range m.Reasons {
						reasons = append(reasons, notifier.Both(r, bothSides(people[m.Person]), &n))
					}
					if err := g.line(screenJSON{m.Person, m.Tier, rounded(m.Score), reasons}); err != nil {
						return err
					}
				}
				return nil
			}
			return printScreen(g, list, n, index.Match(n), index)
		},
	}
	c.Flags().StringVar(&birth, "birth-date", "", "YYYY, YYYY-MM or YYYY-MM-DD")
	c.Flags().StringVar(&nationality, "nationality", "", "ISO 3166 alpha-2 codes, separated by ;")
	c.Flags().StringVar(&sex, "sex", "", "M or F")
	return c
}

func asNotice(in io.Reader, name, birth, nationality, sex string) (tocsin.Notice, error) {
	var n tocsin.Notice
	if name == "-" {
		b, err := io.ReadAll(io.LimitReader(in, 4<<10))
		if err != nil {
			return n, fmt.Errorf("reading the name: %w", err)
		}
		name = string(b)
	}
	name = strings.TrimSpace(name)
	if name == "" {
		return n, usage("NAME is empty: write a name, or - to read it from standard input")
	}
	n.Name = name
	if family, fore, ok := strings.Cut(name, ","); ok {
		n.Name, n.Forename = strings.TrimSpace(family), strings.TrimSpace(fore)
	}
	var err error
	if n.BirthDate, err = tocsin.ParseDate(birth); err != nil {
		return n, usage("--birth-date: %v", err)
	}
	for _, code := range strings.Split(nationality, ";") {
		if code = strings.ToUpper(strings.TrimSpace(code)); code == "" {
			continue
		}
		if tocsin.CountryName(code) == "" {
			return n, usage("--nationality: %q is no ISO 3166 alpha-2 code", code)
		}
		n.Nationalities = append(n.Nationalities, code)
	}
	switch sex = strings.ToUpper(sex); sex {
	case "":
	case "M", "F":
		n.Detail = &tocsin.Detail{Sex: sex}
	default:
		return n, usage("--sex: write M or F")
	}
	return n, nil
}

// nearMisses is how many of the nearest are told of who do not match.
const nearMisses = 3

// printScreen is for the operator's own terminal: it quotes the watchlist.
func printScreen(g *globals, list *watchlist.List, n tocsin.Notice, found []tocsin.Match, index *match.Index) error {
	people := map[string]match.Person{}
	for _, p := range match.PeopleOf(list) {
		people[p.ID] = p
	}
	var b strings.Builder
	show := func(m tocsin.Match) {
		tier := string(m.Tier)
		if tier == "" {
			tier = "no match"
		}
		p := people[m.Person]
		fmt.Fprintf(&b, "%s  %.2f  %s (%s)\n", tier, m.Score, p.Names[0], m.Person)
		for _, r := range m.Reasons {
			mark := "+"
			if r.Against {
				mark = "-"
			}
			fmt.Fprintf(&b, "    %s %s\n", mark, notifier.Both(r, bothSides(p), &n))
		}
	}
	for _, m := range found {
		show(m)
	}
	if len(found) == 0 {
		fmt.Fprintf(&b, "Nobody on the watchlist (%d people) matches.\n", len(list.People))
	}
	first := true
	for _, m := range index.Nearest(n, len(found)+nearMisses) {
		if m.Tier != "" {
			continue
		}
		if first {
			b.WriteString("Nearest, and why not:\n")
			first = false
		}
		show(m)
	}
	if len(found) == 0 {
		b.WriteString(notifier.NotWatched + "\n")
	}
	_, err := fmt.Fprint(g.out, b.String())
	return err
}

// bothSides is a person as words that quote both sides need one.
func bothSides(p match.Person) *notifier.Subject {
	return &notifier.Subject{ID: p.ID, Names: p.Names, Parts: match.PartsOf(p.Names), BirthDate: p.BirthDate, Nationalities: p.Nationalities, Sex: p.Sex}
}
