package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tocsin/config"
	"tocsin/notifier"
	"tocsin/store"
)

func statusCommand(g *globals) *cobra.Command {
	return &cobra.Command{
		Use: "status", Short: "What is seen, how completely, how long ago; what is owed", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := g.load()
			if err != nil {
				return err
			}
			var st store.Status
			s, err := openStore(cmd.Context(), c, store.Options{})
			switch {
			case errors.Is(err, store.ErrNotExist):
				// Nothing was ever looked at: that is a status too.
				st.Sources = []store.SourceStatus{}
				for _, x := range c.Sources {
					st.Sources = append(st.Sources, store.SourceStatus{ID: x.ID, State: "never"})
				}
				list, err := g.people(c)
				if err != nil {
					return err
				}
				st.People, st.Watchlist.People = len(list.People), len(list.People)
			case err != nil:
				return err
			default:
				defer s.Close() // nothing is left to write
				if st, err = standing(cmd.Context(), c, s); err != nil {
					return err
				}
				if st.Turn != nil {
					name, err := os.ReadFile(replicaFile(c))
					st.Turn.Here = err == nil && st.Turn.Replica != "" && strings.TrimSpace(string(name)) == st.Turn.Replica
				}
			}
			for i, x := range st.Sources {
				src, _ := c.Source(x.ID)
				st.Sources[i].Daily = src.Daily
			}
			if g.json {
				return g.line(st)
			}
			return printStatus(g, c, st)
		},
	}
}

// today is how many requests the day has seen, of how many it may see.
func today(s store.SourceStatus) string {
	if s.Daily == 0 {
		return strconv.Itoa(s.Today)
	}
	return fmt.Sprintf("%d of %d", s.Today, s.Daily)
}

func printStatus(g *globals, c *config.Config, st store.Status) error {
	var rows [][]string
	for _, s := range st.Sources {
		seen := fmt.Sprintf("%d of %d", s.Seen, s.Listed)
		if s.State == "never" {
			seen = "-"
		}
		why := s.Why
		if s.Version != "" {
			why = strings.TrimPrefix(why+" · version "+s.Version, " · ")
		}
		if !s.DataAt.IsZero() {
			why = strings.TrimPrefix(why+" · data from "+when(s.DataAt, c.Zone()), " · ")
		}
		if s.Unconfirmed > 0 {
			why += fmt.Sprintf(" · %d missing, not confirmed as gone", s.Unconfirmed)
		}
		if s.Unreachable > 0 {
			why += fmt.Sprintf(" · %d reached by no filter", s.Unreachable)
		}
		if !s.NextTry.IsZero() && s.NextTry.After(time.Now()) {
			why += " · next try " + when(s.NextTry, c.Zone())
		}
		rows = append(rows, []string{s.ID, s.State, seen, when(s.LastComplete, c.Zone()), when(s.LastLook, c.Zone()), strconv.Itoa(s.Requests), today(s), why})
	}
	if err := g.table("SOURCE\tSTATE\tSEEN\tLAST COMPLETE LOOK\tLAST LOOK\tREQUESTS\tTODAY\t", rows); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(g.out, "\n%s watched · deliveries: %d owed, %d given up\n", count(st.People, "person", "people"), st.Deliveries.Pending, st.Deliveries.Failed); err != nil {
		return err
	}
	if st.Turn != nil {
		line := "No replica watches: is one running, and can it reach the database?"
		if st.Turn.Replica != "" {
			line = fmt.Sprintf("Another replica watches: %s.", st.Turn.Replica)
		}
		if st.Turn.Here {
			line = "This replica watches."
		}
		if _, err := fmt.Fprintln(g.out, line); err != nil {
			return err
		}
	}
	if st.Watchlist.Error != "" {
		if _, err := fmt.Fprintf(g.out, "The edited watchlist is not in force, the old one stays: %s\n", st.Watchlist.Error); err != nil {
			return err
		}
	}
	if st.Evidence != nil {
		if _, err := fmt.Fprintf(g.out, "Evidence cannot be kept; alerts go on without it: %s\n", st.Evidence.Error); err != nil {
			return err
		}
	}
	if st.Buttons != nil {
		if _, err := fmt.Fprintf(g.out, "%s: 'tocsin decide' does what they do\n", st.Buttons.Error); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(g.out, notifier.NotWatched)
	return err
}
