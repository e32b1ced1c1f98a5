package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tocsin/config"
	"tocsin/notifier"
	"tocsin/watchlist"
)

// detailChoice says what each detail tier gives away, for whoever has to choose.
const detailChoice = `How much may a message show to whoever reads the channel?
  full      names, birth dates, the notice and its charges: for a channel that the team alone reads,
            on a service that you trust with the list
  initials  "M. V." and the person's id, what kind of event, why in words; never the notice. Who knows
            the list knows whom; initials, dates and public notices can be put together by others
  codename  the codename (or id) alone, that something happened, and what to do. It still gives away
            that somebody on your list is concerned, and when
Mail stays at codename until you change it. Each notifier has a key of its own: detail.
`

// chosenDetail is the tier that the flag names, or that somebody at a terminal
// chooses; full otherwise, as the contract has it.
func (g *globals) chosenDetail(flag string) (string, error) {
	known := []string{string(notifier.Full), string(notifier.Initials), string(notifier.Codename)}
	if flag == "" && g.interactive() {
		if _, err := fmt.Fprintf(g.err, "%sWhich? [full] ", detailChoice); err != nil {
			return "", err
		}
		line, err := bufio.NewReader(io.LimitReader(g.in, 1<<10)).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return "", fmt.Errorf("reading the answer: %w", err)
		}
		flag = strings.ToLower(strings.TrimSpace(line))
	}
	switch {
	case flag == "":
		return known[0], nil
	case !slices.Contains(known, flag):
		return "", usage("detail is full, initials or codename")
	}
	return flag, nil
}

func initCommand(g *globals) *cobra.Command {
	var detail string
	c := &cobra.Command{
		Use: "init [DIR]", Short: "Write a commented tocsin.yaml and a sample watchlist", Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			detail, err := g.chosenDetail(detail)
			if err != nil {
				return err
			}
			dir := "."
			if len(args) == 1 {
				dir = args[0]
			}
			if err := os.MkdirAll(dir, 0o700); err != nil {
				return fmt.Errorf("making the folder: %w", err)
			}
			var made []string
			for _, f := range []struct{ name, text string }{{"tocsin.yaml", strings.ReplaceAll(config.Example, "detail: full ", "detail: "+detail+" ")}, {"watchlist.csv", watchlist.Sample}} {
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
			_, err = fmt.Fprintf(g.out, "\nNext: put your people into %s, then\n  tocsin check -c %s\n  tocsin run -c %s\n",
				made[1], made[0], made[0])
			return err
		},
	}
	c.Flags().StringVar(&detail, "detail", "", "what messages in chat and on the terminal may show: full, initials or codename")
	return c
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
