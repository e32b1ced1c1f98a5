package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"tocsin/watcher"
	"tocsin/watchlist"
)

func watchlistCommand(g *globals) *cobra.Command {
	c := &cobra.Command{
		Use: "watchlist", Short: "Work on the watchlist", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(importCommand(g), addCommand(g), editCommand(g), removeCommand(g), listCommand(g), sealCommand(g), unsealCommand(g), acceptCommand(g))
	return c
}

func acceptCommand(g *globals) *cobra.Command {
	return &cobra.Command{
		Use: "accept", Short: "Confirm the watchlist file as it is now, though many people are no longer in it", Args: cobra.NoArgs,
		Long: `Confirm the watchlist file as it is now, though many people are no longer in it.
A file that lost more than a fifth of its people may be one that was cut short: it comes into force only when somebody says so.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return g.withStore(cmd.Context(), func(ctx context.Context, in *installation) error {
				list, err := g.people(in.config)
				if err != nil {
					return err
				}
				key, err := watchlist.LoadKey(in.config.KeyFile)
				if err != nil {
					return err
				}
				if err := in.store.SetMeta(ctx, watcher.MetaWatchlistAccepted, list.ContentDigest(key)); err != nil {
					return err
				}
				if g.json {
					return g.line(map[string]any{"accepted": true, "people": len(list.People)})
				}
				_, err = fmt.Fprintf(g.out, "Confirmed: %s with %d people. A running daemon takes it within seconds, another at its start.\n", in.config.Watchlist, len(list.People))
				return err
			})
		},
	}
}
