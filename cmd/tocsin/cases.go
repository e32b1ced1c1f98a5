package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tocsin"
	"tocsin/notifier"
	"tocsin/store"
)

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

	Owner      string         `json:"owner,omitempty"`
	Proposed   string         `json:"dismissal_proposed_by,omitempty"` // a second person must agree
	Filed      string         `json:"filed,omitempty"`
	Admissible string         `json:"admissible,omitempty"`
	Request    string         `json:"request,omitempty"`
	Decisions  []decisionJSON `json:"decisions,omitempty"`
}

// decisionJSON is one line of a case's log, the first first. What was taken back
// stays in it, before the undo that did it. By is left out where it was nobody.
type decisionJSON struct {
	Action tocsin.Action `json:"action"`
	By     string        `json:"by,omitempty"`
	To     string        `json:"to,omitempty"`
	Note   string        `json:"note,omitempty"`
	At     time.Time     `json:"at"`
	On     string        `json:"on,omitempty"`     // filed, admissible: the day
	Due    time.Time     `json:"due,omitzero"`     // remind: when
	Second bool          `json:"second,omitempty"` // dismiss: another person had to agree
}

func caseLine(c tocsin.Case) caseJSON {
	if c.Events == nil {
		c.Events = []string{}
	}
	line := caseJSON{
		Case: c.ID, Person: c.Person, Source: c.Source, Notice: c.Notice, Article: c.Article, State: c.State, Public: c.Public, Tier: c.Tier,
		Score: rounded(c.Score), By: c.By, Note: c.Note, DecidedAt: c.DecidedAt, OpenedAt: c.OpenedAt, Events: c.Events, Owner: c.Owner,
		Proposed: c.Proposed, Filed: onDay(c.Filed), Admissible: onDay(c.Admissible), Request: c.Request,
	}
	for _, d := range c.Log {
		x := decisionJSON{Action: d.Action, By: d.By, To: d.To, Note: d.Note, At: d.At, Second: d.Second}
		if d.Action == tocsin.Remind {
			x.Due = d.When
		} else {
			x.On = onDay(d.When)
		}
		line.Decisions = append(line.Decisions, x)
	}
	return line
}

// onDay writes a day of the calendar, "" for none.
func onDay(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
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
					rows = append(rows, []string{c.ID, c.Person, notice, public, string(c.State), string(c.Tier), strconv.FormatFloat(c.Score, 'f', 2, 64), c.By, decidedAt(c, in.config.Zone()), onOneLine(c.Note), when(c.OpenedAt, in.config.Zone())})
				}
				if g.json {
					return nil
				}
				if len(rows) == 0 {
					_, err := fmt.Fprintln(g.out, "No cases. That is not a \"no\": only public notices are watched.")
					return err
				}
				if err := g.table("CASE\tPERSON\tSUBJECT\tLISTING\tSTATE\tTIER\tSCORE\tBY\tDECIDED\tNOTE\tOPENED", rows); err != nil || f.ID == "" {
					return err
				}
				return g.printLog(cases[0], in.config.Zone())
			})
		},
	}
	c.Flags().StringVar(&f.ID, "case", "", "only this case, with all that was decided about it")
	c.Flags().StringVar(&f.Person, "person", "", "only this person's id")
	return c
}

// decidedAt is when a case was last decided about, "" for never.
func decidedAt(c tocsin.Case, zone *time.Location) string {
	if c.DecidedAt.IsZero() {
		return ""
	}
	return when(c.DecidedAt, zone)
}

// onOneLine keeps a note from breaking a table.
func onOneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// printLog prints who did what with a case, the first first.
func (g *globals) printLog(c tocsin.Case, zone *time.Location) error {
	for _, d := range notifier.History(c, zone) {
		if _, err := fmt.Fprintln(g.out, d); err != nil {
			return err
		}
	}
	return nil
}
