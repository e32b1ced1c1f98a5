package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"tocsin/watcher/match"
)

func evalCommand(g *globals) *cobra.Command {
	var strangers string
	c := &cobra.Command{
		Use: "eval PAIRS.tsv", Short: "Precision and recall of the matcher on labelled pairs, by group, at both tiers", Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			pairs, err := os.Open(args[0])
			if err != nil {
				return exit{exitUsage, err}
			}
			defer pairs.Close() // read only
			var o match.Options
			if c, err := g.load(); err == nil {
				o = matching(c)
			}
			r, err := match.Evaluate(pairs, o)
			if err != nil {
				return exit{exitUsage, fmt.Errorf("%s: %w", args[0], err)}
			}
			if strangers != "" {
				if err := againstStrangers(&r, args[0], strangers, o); err != nil {
					return err
				}
			}
			if g.json {
				return g.line(r)
			}
			_, err = fmt.Fprint(g.out, r.String())
			return err
		},
	}
	c.Flags().StringVar(&strangers, "strangers", "", "a population (TSV, or .gz of it) to count false alerts against")
	return c
}

func againstStrangers(r *match.Report, pairs, population string, o match.Options) error {
	a, err := os.Open(pairs)
	if err != nil {
		return exit{exitUsage, err}
	}
	defer a.Close() // read only
	b, err := os.Open(population)
	if err != nil {
		return exit{exitUsage, err}
	}
	defer b.Close() // read only
	s, err := match.Strangers(a, b, o)
	if err != nil {
		return exit{exitUsage, fmt.Errorf("%s: %w", population, err)}
	}
	r.Strangers = &s
	return nil
}
