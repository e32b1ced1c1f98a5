package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
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

// caseJSON is a case in the contract's form.
type caseJSON struct {
	Case      string             `json:"case"`
	Person    string             `json:"person"`
	Source    string             `json:"source"`
	Notice    *tocsin.NoticeRef  `json:"notice,omitempty"`
	Article   *tocsin.ArticleRef `json:"article,omitempty"`
	State     tocsin.CaseState   `json:"state"`
	Public    bool               `json:"public"`
	Tier      tocsin.Tier        `json:"tier,omitempty"`
	Score     float64            `json:"score,omitempty"`
	By        string             `json:"by,omitempty"`
	Note      string             `json:"note,omitempty"`
	DecidedAt time.Time          `json:"decided_at,omitzero"`
	OpenedAt  time.Time          `json:"opened_at,omitzero"`
	Events    []string           `json:"events"`
}

func caseLine(c tocsin.Case) caseJSON {
	if c.Events == nil {
		c.Events = []string{}
	}
	return caseJSON{c.ID, c.Person, c.Source, c.Notice, c.Article, c.State, c.Public, c.Tier, rounded(c.Score), c.By, c.Note, c.DecidedAt, c.OpenedAt, c.Events}
}

func casesCommand(g *globals) *cobra.Command {
	var f store.CaseFilter
	c := &cobra.Command{
		Use: "cases", Short: "Print the cases and how people stand to them", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return g.withStore(cmd.Context(), func(ctx context.Context, in *installation) error {
				cases, err := in.store.Cases(ctx, f)
				if err != nil {
					return err
				}
				var rows [][]string
				for _, c := range cases {
					if g.json {
						if err := g.line(caseLine(c)); err != nil {
							return err
						}
						continue
					}
					notice := ""
					if c.Notice != nil {
						notice = c.Notice.ID
					}
					if c.Article != nil {
						notice = c.Article.URL
					}
					public := "public"
					if c.Article != nil {
						public = "in the news"
					}
					if !c.Public {
						public = "no longer public"
					}
					rows = append(rows, []string{c.ID, c.Person, notice, public, string(c.State), string(c.Tier), strconv.FormatFloat(c.Score, 'f', 2, 64), c.By, when(c.OpenedAt, in.config.Zone())})
				}
				if g.json {
					return nil
				}
				if len(rows) == 0 {
					_, err := fmt.Fprintln(g.out, "No cases. That is not a \"no\": only public notices are watched.")
					return err
				}
				return g.table("CASE\tPERSON\tSUBJECT\tLISTING\tSTATE\tTIER\tSCORE\tBY\tOPENED", rows)
			})
		},
	}
	c.Flags().StringVar(&f.Person, "person", "", "only this person's id")
	return c
}

func decideCommand(g *globals) *cobra.Command {
	var by, to, note string
	c := &cobra.Command{
		Use:   "decide CASE ack|warned|confirm|dismiss|arrested|reopen|close|assign --by WHO",
		Short: "Record what was decided about a case",
		Args:  cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			action := tocsin.Action(args[1])
			if action.State() == "" {
				return usage("%q is not a decision: write ack, warned, confirm, dismiss, arrested, reopen, close or assign", args[1])
			}
			if by == "" {
				return usage("--by is missing: write who decides, as --by amina")
			}
			if (action == tocsin.Assign) != (to != "") {
				return usage("--to goes with assign, and assign needs it: decide CASE assign --by WHO --to WHOM")
			}
			if note == "-" {
				text, err := readNote(g.in)
				if err != nil {
					return err
				}
				note = text
			}
			return g.withStore(cmd.Context(), func(ctx context.Context, in *installation) error {
				c, err := in.store.Decide(ctx, store.Decision{Case: args[0], Action: action, By: by, To: to, Note: note, At: time.Now().UTC()})
				if errors.Is(err, store.ErrNoCase) {
					return exit{exitFailed, fmt.Errorf("there is no case %s: 'tocsin cases' lists them", args[0])}
				}
				if err != nil {
					return err
				}
				if g.json {
					return g.line(caseLine(c))
				}
				_, err = fmt.Fprintf(g.out, "%s is %s, by %s\n", c.ID, c.State, c.By)
				return err
			})
		},
	}
	c.Flags().StringVar(&by, "by", "", "who decides")
	c.Flags().StringVar(&to, "to", "", "with assign: whose it is now")
	c.Flags().StringVar(&note, "note", "", "why; - reads standard input. Never write where a person is")
	return c
}
