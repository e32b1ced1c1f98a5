package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"tocsin/config"
	"tocsin/watchlist"
)

func initCommand(g *globals) *cobra.Command {
	return &cobra.Command{
		Use: "init [DIR]", Short: "Write a commented tocsin.yaml and a sample watchlist", Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			dir := "."
			if len(args) == 1 {
				dir = args[0]
			}
			if err := os.MkdirAll(dir, 0o700); err != nil {
				return fmt.Errorf("making the folder: %w", err)
			}
			var made []string
			for _, f := range []struct{ name, text string }{{"tocsin.yaml", config.Example}, {"watchlist.csv", watchlist.Sample}} {
				path := filepath.Join(dir, f.name)
				if err := writeNew(path, f.text); err != nil {
					return err
				}
				made = append(made, path)
			}
			key := filepath.Join(dir, "tocsin.key")
			if _, err := watchlist.CreateKey(key); err != nil && !errors.Is(err, fs.ErrExist) {
				return err
			} else if err == nil {
				made = append(made, key)
			}
			if g.json {
				return g.line(map[string]any{"written": made})
			}
			for _, m := range made {
				if _, err := fmt.Fprintln(g.out, "wrote", m); err != nil {
					return err
				}
			}
			_, err := fmt.Fprintf(g.out, "\nNext: put your people into %s, then\n  tocsin check -c %s\n  tocsin run -c %s\n",
				made[1], made[0], made[0])
			return err
		},
	}
}

// writeNew writes a file that must not be there yet, for its owner alone.
func writeNew(path, text string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return exit{exitFailed, fmt.Errorf("%s is there already and stays as it is: choose another folder, 'tocsin init DIR'", path)}
	}
	if err != nil {
		return fmt.Errorf("writing: %w", err)
	}
	if _, err := f.WriteString(text); err != nil {
		return errors.Join(fmt.Errorf("writing %s: %w", path, err), f.Close())
	}
	return f.Close()
}
