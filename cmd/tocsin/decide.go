package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"tocsin"
	"tocsin/store"
)

// decideFlags are what a decision may say beside who decides what.
type decideFlags struct {
	by, to, note, on, request string
	in                        time.Duration
}

func decideCommand(g *globals) *cobra.Command {
	var f decideFlags
	c := &cobra.Command{
		Use:   "decide CASE ack|warned|confirm|dismiss|arrested|reopen|close|assign|undo|filed|admissible|remind --by WHO",
		Short: "Record what was decided about a case",
		Long: `Record what was decided about a case, as the buttons in Slack do. Messages about it show it within seconds.
undo takes the last decision back. filed and admissible note the day (--on) of a request to the Commission (CCF), whose deadlines
count from the second. remind (--in, or --on) has you mentioned then. Never write where a person is.`,
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			d, err := f.decision(g, args[0], tocsin.Action(args[1]), time.Now().UTC())
			if err != nil {
				return err
			}
			return g.withStore(cmd.Context(), func(ctx context.Context, in *installation) error {
				d.TwoPeople = in.config.TwoPeople
				if d.When, err = f.when(d, in.config.Zone()); err != nil {
					return err
				}
				return g.decide(ctx, in, d)
			})
		},
	}
	c.Flags().StringVar(&f.by, "by", "", "who decides")
	c.Flags().StringVar(&f.to, "to", "", "with assign: whose it is now")
	c.Flags().StringVar(&f.note, "note", "", "why; - reads standard input. Never write where a person is")
	c.Flags().StringVar(&f.on, "on", "", "with filed and admissible: the day, as 2026-02-20 (today without it); with remind: the day or 2026-02-20T09:00")
	c.Flags().DurationVar(&f.in, "in", 0, "with remind: in how long, as 4h")
	c.Flags().StringVar(&f.request, "request", "", "with filed and admissible: access, correction or deletion")
	return c
}

// decision is what the flags say, but for the time that it is about.
func (f decideFlags) decision(g *globals, caseID string, action tocsin.Action, now time.Time) (store.Decision, error) {
	d := store.Decision{Case: caseID, Action: action, By: f.by, To: f.to, Note: f.note, At: now}
	dated := action == tocsin.Filed || action == tocsin.Admissible
	switch {
	case !slices.Contains(tocsin.Actions, action):
		return d, usage("%q is not a decision: write ack, warned, confirm, dismiss, arrested, reopen, close, assign, undo, filed, admissible or remind", action)
	case f.by == "":
		return d, usage("--by is missing: write who decides, as --by amina")
	case (action == tocsin.Assign) != (f.to != ""):
		return d, usage("--to goes with assign, and assign needs it: decide CASE assign --by WHO --to WHOM")
	case f.on != "" && !dated && action != tocsin.Remind:
		return d, usage("--on goes with filed, admissible and remind")
	case f.in != 0 && action != tocsin.Remind || f.in < 0:
		return d, usage("--in goes with remind, and says in how long, as 4h")
	case action == tocsin.Remind && (f.in != 0) == (f.on != ""):
		return d, usage("remind needs --in, as --in 4h, or --on, as --on 2026-02-20")
	case f.request != "" && (!dated || !slices.Contains(tocsin.Requests, f.request)):
		return d, usage("--request goes with filed and admissible, and is access, correction or deletion")
	}
	if dated {
		d.To = f.request
	}
	if f.note == "-" {
		text, err := readNote(g.in)
		if err != nil {
			return d, err
		}
		d.Note = text
	}
	return d, nil
}

// morning is the hour of a reminder on a day.
const morning = 9

// when is the day or the time that a decision is about, the zero time for none.
func (f decideFlags) when(d store.Decision, zone *time.Location) (time.Time, error) {
	switch d.Action {
	case tocsin.Filed, tocsin.Admissible:
		if f.on == "" {
			y, m, day := d.At.In(zone).Date()
			return time.Date(y, m, day, 0, 0, 0, 0, time.UTC), nil
		}
		t, err := time.Parse(time.DateOnly, f.on)
		if err != nil {
			return t, usage("--on %q: write a day as 2026-02-20", f.on)
		}
		return t, nil
	case tocsin.Remind:
		if f.in != 0 {
			return d.At.Add(f.in), nil
		}
		if t, err := time.ParseInLocation(time.DateOnly, f.on, zone); err == nil {
			return time.Date(t.Year(), t.Month(), t.Day(), morning, 0, 0, 0, zone).UTC(), nil
		}
		t, err := time.ParseInLocation("2006-01-02T15:04", f.on, zone)
		if err != nil {
			return t, usage("--on %q: write a day as 2026-02-20, or a time as 2026-02-20T09:00", f.on)
		}
		return t.UTC(), nil
	}
	return time.Time{}, nil
}

func (g *globals) decide(ctx context.Context, in *installation, d store.Decision) error {
	c, err := in.store.Decide(ctx, d)
	switch {
	case errors.Is(err, store.ErrNoCase):
		return exit{exitFailed, fmt.Errorf("there is no case %s: 'tocsin cases' lists them", d.Case)}
	case errors.Is(err, store.ErrNothingDecided):
		return exit{exitFailed, fmt.Errorf("there is nothing to take back in case %s: 'tocsin cases --json' shows its log", d.Case)}
	case errors.Is(err, store.ErrUndecidable):
		return exit{exitUsage, err}
	case err != nil:
		return err
	}
	if g.json {
		return g.line(caseLine(c))
	}
	_, err = fmt.Fprintln(g.out, decidedWords(c, d, in.config.Zone()))
	return err
}

// decidedWords says what came of a decision.
func decidedWords(c tocsin.Case, d store.Decision, zone *time.Location) string {
	switch {
	case d.Action == tocsin.Remind:
		return fmt.Sprintf("%s: %s is reminded at %s", c.ID, d.By, when(d.When, zone))
	case d.Action == tocsin.Filed || d.Action == tocsin.Admissible:
		return fmt.Sprintf("%s: request %s on %s", c.ID, d.Action, onDay(d.When))
	case d.Action == tocsin.Undo:
		return fmt.Sprintf("%s is %s again", c.ID, c.State)
	case d.Action == tocsin.Dismiss && c.Proposed != "":
		return fmt.Sprintf("%s is %s still: %s says not our person, and a second person must agree (two_people)", c.ID, c.State, c.Proposed)
	}
	return fmt.Sprintf("%s is %s, by %s", c.ID, c.State, c.By)
}
