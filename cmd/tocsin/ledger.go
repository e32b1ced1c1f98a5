package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"tocsin"
	"tocsin/notifier"
	"tocsin/store"
)

// eventJSON is an event in the contract's form: reasons in words that do not
// quote the watchlist.
type eventJSON struct {
	tocsin.Event
	Reasons []string `json:"reasons,omitempty"`
}

func forHistory(e tocsin.Event) eventJSON {
	e.Score = rounded(e.Score)
	return eventJSON{Event: e, Reasons: reasonWords(e.Reasons)}
}

func reasonWords(rs []tocsin.Reason) []string {
	var out []string
	for _, r := range rs {
		out = append(out, notifier.Words(r, nil))
	}
	return out
}

func historyCommand(g *globals) *cobra.Command {
	var f store.EventFilter
	var since string
	c := &cobra.Command{
		Use: "history", Short: "Print the ledger of events and their deliveries, oldest first", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if since != "" {
				t, err := parseSince(since, time.Now())
				if err != nil {
					return err
				}
				f.Since = t
			}
			return g.withStore(cmd.Context(), func(ctx context.Context, in *installation) error {
				events, err := in.store.Events(ctx, f)
				if err != nil {
					return err
				}
				if g.json {
					for _, e := range events {
						if err := g.line(forHistory(e)); err != nil {
							return err
						}
					}
					return nil
				}
				return printEvents(g, in, events)
			})
		},
	}
	c.Flags().StringVar(&f.Person, "person", "", "only this person's id")
	c.Flags().StringVar(&f.Source, "source", "", "only this source's id")
	c.Flags().StringVar(&since, "since", "", "only later than this: RFC 3339 or a duration such as 24h")
	return c
}

func parseSince(s string, now time.Time) (time.Time, error) {
	if d, err := time.ParseDuration(s); err == nil {
		return now.Add(-d), nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return t, usage("--since %q: write a time as 2026-05-03T08:00:00Z, or a duration such as 24h", s)
	}
	return t, nil
}

func printEvents(g *globals, in *installation, events []tocsin.Event) error {
	if len(events) == 0 {
		_, err := fmt.Fprintln(g.out, "No events. That is not a \"no\": only public notices are watched.")
		return err
	}
	var rows [][]string
	for _, e := range events {
		what := e.Person
		if e.Notice != nil {
			what += " ↔ " + e.Notice.ID
		}
		if e.Article != nil {
			what += " ↔ " + e.Article.URL
		}
		if e.Kind.AboutSight() {
			what = e.Source + e.Notifier
		}
		rows = append(rows, []string{when(e.At, in.config.Zone()), string(e.Kind), what, string(e.Tier), e.Case, deliveryWords(e.Deliveries)})
	}
	return g.table("WHEN\tWHAT\tWHO\tTIER\tCASE\tDELIVERED", rows)
}

func deliveryWords(ds []tocsin.Delivery) string {
	out := ""
	for i, d := range ds {
		if i > 0 {
			out += ", "
		}
		out += d.Notifier + " " + string(d.State)
		if d.Why != "" {
			out += " (" + d.Why + ")"
		}
	}
	return out
}
