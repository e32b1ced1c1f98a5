package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"
	"go.uber.org/zap/zapcore"

	"tocsin/store"
	"tocsin/watcher"
)

func pollCommand(g *globals) *cobra.Command {
	var only string
	var wait time.Duration
	c := &cobra.Command{
		Use: "poll", Short: "One full look at everything, alerts delivered, then exit", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx := cmd.Context()
			log := newLog(g.err, zapcore.WarnLevel)
			defer log.Sync() // standard error cannot be synced everywhere
			console := g.out
			if g.json {
				console = g.err
			}
			p := newProgress(g.err)
			w, err := g.startWatch(ctx, watchOptions{log: log, console: console, progress: p.show, now: time.Now})
			if err != nil {
				return err
			}
			defer w.Close() // all that counts is committed
			if only != "" {
				if _, ok := w.config.Source(only); !ok {
					return usage("--source %s: no source has this id", only)
				}
			}
			after, err := w.store.LastSeq(ctx)
			if err != nil {
				return err
			}
			var r watcher.PollResult
			err = w.Alone(ctx, func(ctx context.Context) error {
				r, err = w.Poll(ctx, only, wait)
				return err
			})
			p.done()
			if err != nil {
				return err
			}
			events, err := w.store.Events(ctx, store.EventFilter{After: after})
			if err != nil {
				return err
			}
			st, err := w.Status(ctx)
			if err != nil {
				return err
			}
			if g.json {
				for _, e := range events {
					if err := g.line(forHistory(e)); err != nil {
						return err
					}
				}
				if err := g.line(map[string]any{"summary": st}); err != nil {
					return err
				}
			} else {
				if len(events) > 0 {
					if err := printEvents(g, &w.installation, events); err != nil {
						return err
					}
				}
				st.Turn = nil // it has had it, and let go of it
				if err := printStatus(g, w.config, st); err != nil {
					return err
				}
			}
			switch {
			case !r.Complete:
				return exit{exitPartial, nil}
			case r.Owed > 0:
				return exit{exitFailed, fmt.Errorf("%d deliveries are still owed: the next 'tocsin poll' or 'tocsin run' goes on", r.Owed)}
			}
			return nil
		},
	}
	c.Flags().StringVar(&only, "source", "", "look at this source only")
	c.Flags().DurationVar(&wait, "wait", 60*time.Second, "how long to wait for deliveries")
	return c
}

// progress shows on a terminal how far a look has come, on one line.
type progress struct {
	w    io.Writer // nil: nobody watches
	some bool
}

func newProgress(w io.Writer) *progress {
	if !isTerminal(w) {
		return &progress{}
	}
	return &progress{w: w}
}

func (p *progress) show(source string, seen, listed int) {
	if p.w == nil {
		return
	}
	p.some = true
	_, _ = fmt.Fprintf(p.w, "\r\x1b[Klooking at %s: %d of %d", source, seen, listed)
}

func (p *progress) done() {
	if p.some {
		_, _ = fmt.Fprint(p.w, "\r\x1b[K")
	}
}
