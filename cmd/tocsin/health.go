package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/spf13/cobra"

	"tocsin/config"
	"tocsin/store"
)

// healthWithin is how long an installation may take to prove that it works.
const healthWithin = 3 * time.Second

func healthCommand(g *globals) *cobra.Command {
	return &cobra.Command{
		Use: "health", Short: "Whether the daemon of this configuration works, for a container's health check", Args: cobra.NoArgs,
		Hidden: true,
		Long: `Whether the daemon of this configuration works: 0 if it does, 1 if not, after 3 seconds at most.
It asks /healthz on the configuration's listen; where that is "", it reads the ledger instead. A source that cannot be seen
is no reason to fail: /readyz and 'tocsin status' tell about that.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, cancel := context.WithTimeout(cmd.Context(), healthWithin)
			defer cancel()
			if err := g.health(ctx); err != nil {
				// Always 1: a container's engine keeps 2 for itself.
				return exit{exitFailed, fmt.Errorf("not healthy: %w", err)}
			}
			if g.json {
				return g.line(map[string]any{"ok": true})
			}
			_, err := fmt.Fprintln(g.out, "ok")
			return err
		},
	}
}

// health is nil if the daemon works, or could: without pages of its own nobody
// can be asked, and the ledger has to be readable.
func (g *globals) health(ctx context.Context) error {
	c, err := config.Load(g.config, os.LookupEnv)
	if c == nil {
		return err
	}
	// A mistake made in the file since the daemon started is not the daemon's
	// illness, so that listen is used beside it; the ledger is not opened on the
	// word of a file that is wrong.
	if c.Listen != "" {
		return askHealth(ctx, c.Listen)
	}
	if err != nil {
		return err
	}
	s, err := openStore(ctx, c, store.Options{})
	if err != nil {
		return err
	}
	return s.Close() // to open it was to read its schema
}

// askHealth asks for /healthz at an address as it is written for listen: one
// that means all of the machine's addresses is asked for on the machine itself.
func askHealth(ctx context.Context, listen string) error {
	var d net.Dialer
	client := http.Client{
		Transport: &http.Transport{
			DialContext:       func(ctx context.Context, _, _ string) (net.Conn, error) { return d.DialContext(ctx, "tcp", listen) },
			DisableKeepAlives: true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://tocsin/healthz", nil)
	if err != nil {
		return err
	}
	resp, err := client.Do(req)
	if err != nil {
		var u *url.Error
		if errors.As(err, &u) {
			err = u.Err // the address in it is none
		}
		return fmt.Errorf("asking the daemon on %s: %w", listen, err)
	}
	defer resp.Body.Close() // its status says all
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("asking the daemon on %s: it answers %s", listen, resp.Status)
	}
	return nil
}
