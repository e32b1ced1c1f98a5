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
			index := match.Compile(matchable(list), matching(c))
			if g.json {
				for _, m := range index.Match(n) {
					reasons := reasonWords(m.Reasons)
					if reasons == nil {
						reasons = []string{}
					}
					if err := g.line(screenJSON{m.Person, m.Tier, rounded(m.Score), reasons}); err != nil {
						return err
					}
				}
				return nil
			}
			return printScreen(g, list, index.Match(n), index.Nearest(n, 3))
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

func matchable(list *watchlist.List) []match.Person {
	out := make([]match.Person, 0, len(list.People))
	for _, p := range list.People {
		out = append(out, match.Person{
			ID: p.ID, Names: append([]string{p.Name}, p.Aliases...), BirthDate: p.BirthDate, Nationalities: p.Nationalities, Sex: p.Sex,
		})
	}
	return out
}

// printScreen is for the operator's own terminal: it quotes the watchlist.
func printScreen(g *globals, list *watchlist.List, found, nearest []tocsin.Match) error {
	names := map[string]string{}
	for _, p := range list.People {
		names[p.ID] = p.Name
	}
	show := func(ms []tocsin.Match) error {
		for _, m := range ms {
			tier := string(m.Tier)
			if tier == "" {
				tier = "no match"
			}
			if _, err := fmt.Fprintf(g.out, "%s  %.2f  %s (%s)\n", tier, m.Score, names[m.Person], m.Person); err != nil {
				return err
			}
			for _, r := range m.Reasons {
				mark := "+"
				if r.Against {
					mark = "-"
				}
				if _, err := fmt.Fprintf(g.out, "    %s %s\n", mark, notifier.Words(r, nil)); err != nil {
					return err
				}
			}
		}
		return nil
	}
	if len(found) > 0 {
		return show(found)
	}
	if _, err := fmt.Fprintf(g.out, "Nobody on the watchlist (%d people) matches.\n", len(list.People)); err != nil {
		return err
	}
	if len(nearest) > 0 {
		if _, err := fmt.Fprintln(g.out, "Nearest, and why not:"); err != nil {
			return err
		}
		if err := show(nearest); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(g.out, notifier.NotWatched)
	return err
}
