package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"tocsin/web"
)

// stopWithin is how long what is under way may take after a signal to end.
const stopWithin = 8 * time.Second

// collectAt is how much the heap may grow, in percent, before it is collected,
// where GOGC does not say: a daemon that rests for most of an hour pays for a
// smaller house (by some 8 MB) with a little processor time.
const collectAt = 60

func runCommand(g *globals) *cobra.Command {
	return &cobra.Command{
		Use: "run", Short: "Watch, as a daemon", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if os.Getenv("GOGC") == "" {
				debug.SetGCPercent(collectAt)
			}
			log := newLog(g.err, zapcore.InfoLevel)
			defer log.Sync() // standard error cannot be synced everywhere
			c, err := g.load()
			if err != nil {
				return err
			}
			pages, err := listen(c.Listen)
			if err != nil {
				return err
			}
			w, err := g.watchOver(cmd.Context(), c, watchOptions{log: log, console: g.out, now: time.Now, listens: true})
			if err != nil && cmd.Context().Err() != nil { // it waited for another that migrates, say
				log.Info("told to stop before it watched", zap.Error(err))
				return pages.Close()
			}
			if err != nil {
				return errors.Join(err, pages.Close())
			}
			err = serveWatch(cmd.Context(), w, pages, log)
			if cerr := w.Close(); err == nil && cerr != nil {
				err = fmt.Errorf("closing the database: %w", cerr)
			}
			return err
		},
	}
}

// noPages is the listener of a daemon that serves none.
type noPages struct{ net.Listener }

func (noPages) Close() error { return nil }

// listen takes the address of the pages before anything is looked at: another
// process that has it is the likeliest mistake.
func listen(address string) (net.Listener, error) {
	if address == "" {
		return noPages{}, nil
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		var op *net.OpError
		if errors.As(err, &op) {
			err = op.Err
		}
		return nil, exit{exitFailed, fmt.Errorf("listen %s: %w: write another address in tocsin.yaml, or \"\" for none", address, err)}
	}
	return l, nil
}

// serveWatch runs the watch and its pages until ctx ends, and what is under way
// then for stopWithin at most.
func serveWatch(ctx context.Context, w *watch, pages net.Listener, log *zap.Logger) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	started := time.Now().UTC()
	if w.config.Listen != "" {
		required := map[string]bool{}
		for _, s := range w.config.Sources {
			required[s.ID] = s.Required
		}
		var notifiers []string
		for _, n := range w.config.Notifiers {
			notifiers = append(notifiers, n.ID)
		}
		srv := &http.Server{
			Handler:           web.New(web.Options{Status: w.Status, NotFlowing: w.NotFlowing, Notifiers: notifiers, Required: required, Version: buildInfo().Version, Started: started}),
			ReadHeaderTimeout: 5 * time.Second, WriteTimeout: 30 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10,
		}
		go func() {
			if err := srv.Serve(pages); !errors.Is(err, http.ErrServerClosed) {
				log.Error("the pages cannot be served", zap.Error(err))
			}
		}()
		defer srv.Close() // whoever still reads a page can ask again
		log.Info("pages", zap.String("listen", pages.Addr().String()))
	}
	log.Info("watching", zap.String("version", buildInfo().Version), zap.Int("people", w.Watchlist().People), zap.Int("sources", len(w.config.Sources)))
	done := make(chan error, 1)
	go func() { done <- w.Run(ctx) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	log.Info("stopping")
	select {
	case err := <-done:
		return err
	case <-time.After(stopWithin):
		return exit{exitFailed, errors.New("something did not stop in time; what it was doing is taken up at the next start")}
	}
}
