package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"tocsin/watcher/match"
)

func evalCommand(g *globals) *cobra.Command {
	var strangers string
	var fromCases bool
	c := &cobra.Command{
		Use: "eval PAIRS.tsv | --from-cases", Short: "Precision and recall of the matcher on labelled pairs, by group, at both tiers", Args: cobra.MaximumNArgs(1),
		Long: `Precision and recall of the matcher on labelled pairs, by group, at both tiers, with 95 % intervals.
PAIRS.tsv (or .gz) has a header and the columns label (1 or 0), group, name, aliases, birth_date, nationalities, sex,
notice_name, notice_forename, notice_birth_date, notice_nationalities, notice_sex; lists are separated by ;.
Thresholds are those of tocsin.yaml where there is one. With --from-cases the pairs are the team's own decisions in the ledger:
warned, confirmed and arrested are the same person, dismissed is another.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case fromCases && (len(args) > 0 || strangers != ""):
				return usage("--from-cases reads the ledger: leave PAIRS.tsv and --strangers out")
			case fromCases:
				return g.evalCases(cmd.Context())
			case len(args) == 0:
				return usage("PAIRS.tsv is missing: name a file of labelled pairs, or write --from-cases")
			}
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
				return exit{exitUsage, atLine(args[0], err)}
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
	c.Flags().StringVar(&strangers, "strangers", "", "a population (TSV, or .gz of it: name, forename …) to count false alerts against")
	c.Flags().BoolVar(&fromCases, "from-cases", false, "judge by the team's own decisions in the ledger")
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
		return exit{exitUsage, atLine(population, err)}
	}
	r.Strangers = &s
	return nil
}

// atLine puts an error of a file into the contract's form, FILE:LINE: why.
func atLine(file string, err error) error {
	var at *match.LineError
	if errors.As(err, &at) {
		return fmt.Errorf("%s:%d: %w", file, at.Line, at.Err)
	}
	return fmt.Errorf("%s: %w", file, err)
}
