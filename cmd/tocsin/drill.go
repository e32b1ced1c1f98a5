package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	"go.uber.org/zap/zapcore"

	"tocsin"
	"tocsin/store"
	"tocsin/watcher"
)

func drillCommand(g *globals) *cobra.Command {
	var within time.Duration
	c := &cobra.Command{
		Use: "drill", Short: "Send a synthetic alert through the whole live path to every channel, timed", Args: cobra.NoArgs,
		Long: `Send a synthetic alert through the whole live path to every channel, and print how long each took.
It names nobody, says DRILL, passes every filter and digest, and closes its own case. A channel that does not take it in time
is told of on the others. Beside a running daemon the daemon does it; the top key 'drill: "0 9 1 * *"' has it done by itself.
Exit status 1: some channel did not take it.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if within <= 0 {
				return usage("--within: write how long a channel may take, as 2m")
			}
			ctx := cmd.Context()
			log := newLog(g.err, zapcore.ErrorLevel)
			defer log.Sync() // standard error cannot be synced everywhere
			console := g.out
			if g.json {
				console = g.err
			}
			w, err := g.startWatch(ctx, watchOptions{log: log, console: console, now: time.Now})
			if errors.Is(err, store.ErrBusy) {
				return g.withStore(ctx, func(ctx context.Context, in *installation) error { return g.handDrill(ctx, in, within) })
			}
			if err != nil {
				return err
			}
			defer w.Close() // all that counts is committed
			var d store.Drill
			var taken []store.Taken
			err = w.Alone(ctx, func(ctx context.Context) error {
				d, taken, err = w.Drill(ctx, within)
				return err
			})
			if errors.Is(err, store.ErrBusy) {
				return g.handDrill(ctx, &w.installation, within)
			}
			if err != nil {
				return err
			}
			return g.drilled(d, taken)
		},
	}
	c.Flags().DurationVar(&within, "within", watcher.DrillWithin, "how long a channel may take")
	return c
}

// handWithin is how long the daemon may take to see that a drill is wanted, and
// to end it.
const handWithin = 15 * time.Second

// handDrill has the running daemon do it, and waits for what came of it.
func (g *globals) handDrill(ctx context.Context, in *installation, within time.Duration) error {
	d, err := in.store.AskDrill(ctx, within, false)
	if err != nil {
		return err
	}
	waiting, cancel := context.WithTimeout(ctx, within+handWithin)
	defer cancel()
	again := time.NewTicker(100 * time.Millisecond)
	defer again.Stop()
	for d.EndedAt.IsZero() {
		select {
		case <-again.C:
		case <-waiting.Done():
			if d.Event == "" { // it must not begin when nobody waits for it any more
				if _, err := in.store.EndDrill(context.WithoutCancel(ctx), d.ID, "", func(string) []store.NewEvent { return nil }); err != nil {
					return err
				}
			}
			if err := ctx.Err(); err != nil {
				return err
			}
			return exit{exitFailed, errors.New("the daemon did not do the drill: look at its log, and whether it is of this version")}
		}
		if d, _, err = in.store.Drill(ctx, d.ID); err != nil {
			return err
		}
	}
	taken, err := watcher.DrillTaken(ctx, in.store, d)
	if err != nil {
		return err
	}
	return g.drilled(d, taken)
}

// channelJSON is how one channel took a drill.
type channelJSON struct {
	Notifier string               `json:"notifier"`
	State    tocsin.DeliveryState `json:"state"`
	Seconds  float64              `json:"seconds,omitempty"`
}

type drillJSON struct {
	Drill    string        `json:"drill"`
	Event    string        `json:"event"`
	OK       bool          `json:"ok"`
	Within   float64       `json:"within"` // seconds
	Channels []channelJSON `json:"channels"`
}

// drilled prints what came of a drill, and fails if a channel did not take it.
func (g *globals) drilled(d store.Drill, taken []store.Taken) error {
	out := drillJSON{Drill: d.ID, Event: d.Event, OK: true, Within: d.Within.Seconds(), Channels: []channelJSON{}}
	var rows [][]string
	for _, t := range taken {
		c, took := channelJSON{t.Notifier, tocsin.Sent, t.Took.Seconds()}, fmt.Sprintf("%.1f s", t.Took.Seconds())
		if t.Missed {
			c, took, out.OK = channelJSON{Notifier: t.Notifier, State: tocsin.Failed}, fmt.Sprintf("NOT within %s", d.Within), false
		}
		out.Channels = append(out.Channels, c)
		rows = append(rows, []string{t.Notifier, took})
	}
	if g.json {
		if err := g.line(out); err != nil {
			return err
		}
	} else if err := g.table("CHANNEL\tTOOK THE DRILL AFTER", rows); err != nil {
		return err
	}
	if !out.OK {
		return exit{exitFailed, errors.New("a channel did not take the drill: an alert would not have reached it. See 'tocsin check --online'")}
	}
	return nil
}
