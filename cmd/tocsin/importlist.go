package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"tocsin/watchlist"
)

type importJSON struct {
	Rows     int                 `json:"rows"`
	Accepted int                 `json:"accepted"`
	Refused  []watchlist.Refusal `json:"refused"`
	Added    int                 `json:"added"`
	Kept     []string            `json:"kept,omitempty"` // ids of the old list that the file does not have
	Out      string              `json:"out"`
}

func importCommand(g *globals) *cobra.Command {
	var out string
	c := &cobra.Command{
		Use: "import FILE [-o OUT]", Short: "Bring CSV, YAML, XLSX or FollowTheMoney JSON into the native form", Args: cobra.ExactArgs(1),
		Long: `Bring CSV, YAML, XLSX or FollowTheMoney JSON into the native form. Each row that is refused is told with its line.
OUT is the watchlist of tocsin.yaml where there is one, otherwise FILE's name with .csv. People who are in OUT already
(by id, or by name and birth date) keep their ids; people of OUT who are not in FILE stay, and are told: 'remove' takes them out.`,
		RunE: func(_ *cobra.Command, args []string) error {
			file, o := args[0], watchlist.Options{}
			c, err := g.load()
			if err == nil {
				o.IdentityFile = c.WatchlistIdentity
			} else if _, statErr := os.Stat(g.config); statErr == nil && out == "" {
				return err
			}
			if out == "" {
				if c != nil {
					out = c.Watchlist
				} else {
					out = strings.TrimSuffix(file, filepath.Ext(file)) + ".csv"
				}
				if sameFile(file, out) {
					return usage("%s is the file that would be written: name another with -o", file)
				}
			}
			in, err := watchlist.Import(file, o)
			if err != nil {
				return exit{exitUsage, err}
			}
			for _, w := range in.Warnings {
				if _, err := fmt.Fprintln(g.err, w.String()+" (warning)"); err != nil {
					return err
				}
			}
			for _, r := range in.Refused {
				if _, err := fmt.Fprintf(g.err, "%s:%d: %s\n", file, r.Line, r.Why); err != nil {
					return err
				}
			}
			report := importJSON{Rows: in.Rows, Accepted: len(in.People), Refused: in.Refused, Out: out}
			if report.Refused == nil {
				report.Refused = []watchlist.Refusal{}
			}
			if len(in.People) > 0 {
				if err := g.merge(file, out, o, in, &report); err != nil {
					return err
				}
			}
			if g.json {
				return g.line(report)
			}
			_, err = fmt.Fprintf(g.out, "%s: %d of %d rows taken into %s, %d refused, %d new\n", file, report.Accepted, report.Rows, out, report.Rows-report.Accepted, report.Added)
			if err == nil && len(report.Kept) > 0 {
				_, err = fmt.Fprintf(g.out, "%d of %s are not in %s and stay: %s\n", len(report.Kept), out, file, strings.Join(report.Kept, " "))
			}
			return err
		},
	}
	c.Flags().StringVarP(&out, "output", "o", "", "the file to write; .csv, .yaml or .json, with .age behind it to seal it")
	return c
}

func sameFile(a, b string) bool {
	x, e1 := os.Stat(a)
	y, e2 := os.Stat(b)
	return e1 == nil && e2 == nil && os.SameFile(x, y)
}

// merge puts the people of an import into the list at out.
func (g *globals) merge(file, out string, o watchlist.Options, in *watchlist.Imported, report *importJSON) error {
	if sameFile(file, out) {
		if len(in.Refused) > 0 {
			return usage("%s: nothing is written, as the refused rows would be lost from it: mend them, or name another file with -o", file)
		}
		// Beside it: the new one takes its place only once it is whole.
		return usage("%s: it cannot be read and written at once: name another file with -o", file)
	}
	d, err := watchlist.New(out, o)
	if errors.Is(err, os.ErrExist) {
		d, _, err = watchlist.Edit(out, o)
	}
	if err != nil {
		return exit{exitUsage, err}
	}
	before := len(d.People())
	report.Kept = in.Merge(d, newID)
	report.Added = len(d.People()) - before
	return g.save(d)
}
