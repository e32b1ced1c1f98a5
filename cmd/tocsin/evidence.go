package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/spf13/cobra"

	"tocsin/evidence"
	"tocsin/watcher"
)

func evidenceCommand(g *globals) *cobra.Command {
	c := &cobra.Command{
		Use: "evidence", Short: "What the sources themselves answered", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(verifyCommand(g))
	return c
}

func verifyCommand(g *globals) *cobra.Command {
	return &cobra.Command{
		Use: "verify", Short: "Read all that is kept anew, and hold it against its log and the ledger", Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				return usage("evidence verify PACK.zip: not available in this version; without an argument the installation's own evidence is verified")
			}
			return g.withStore(cmd.Context(), func(ctx context.Context, in *installation) error {
				e, err := evidence.Open(in.config.Evidence, evidence.Options{ReadOnly: true})
				if errors.Is(err, fs.ErrNotExist) {
					return exit{exitFailed, fmt.Errorf("evidence %s: nothing is kept there: 'tocsin run' or 'tocsin poll' makes it", in.config.Evidence)}
				}
				if err != nil {
					return fmt.Errorf("evidence %s: %w", in.config.Evidence, err)
				}
				defer e.Close() // it is only read
				r, err := watcher.VerifyEvidence(ctx, e, in.store)
				if err != nil {
					return fmt.Errorf("evidence %s: %w", in.config.Evidence, err)
				}
				if err := g.printReport(in.config.Evidence, r); err != nil {
					return err
				}
				if !r.OK {
					return exit{exitFailed, nil}
				}
				return nil
			})
		},
	}
}

func (g *globals) printReport(folder string, r evidence.Report) error {
	if g.json {
		return g.line(r)
	}
	if !r.OK {
		_, err := fmt.Fprintf(g.err, "evidence %s: does not hold: %s\n", folder, r.Why)
		return err
	}
	dropped := 0
	for _, n := range r.Dropped {
		dropped += n
	}
	_, err := fmt.Fprintf(g.out, "%s: holds. %s in %.1f MB, %d dropped as the log says.\nroot %s\n",
		folder, count(r.Records, "record", "records"), float64(r.Bytes)/1e6, dropped, r.Root)
	return err
}
