// Command tocsin watches public notice listings for the people on a watchlist
// and rings by Slack, email and on the terminal. See README.md.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

// Exit statuses, fixed by the contract.
const (
	exitFailed  = 1 // the command could not do its work
	exitUsage   = 2 // wrong usage, configuration or watchlist
	exitPartial = 3 // finished, but some source could not be fully seen
)

// exit is an error that says with which status to end.
type exit struct {
	code int
	err  error // nil: everything was said already
}

func (e exit) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

func (e exit) Unwrap() error { return e.err }

func usage(format string, a ...any) error { return exit{exitUsage, fmt.Errorf(format, a...)} }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr})
	stop()
	os.Exit(code)
}

// run executes one command line and returns its exit status.
func run(ctx context.Context, args []string, s streams) int {
	root := newRoot(s)
	root.SetArgs(args)
	understood := false // arguments and flags were: what goes wrong from here on is no wrong usage
	root.PersistentPreRun = func(*cobra.Command, []string) { understood = true }
	cmd, err := root.ExecuteContextC(ctx)
	if err == nil {
		return 0
	}
	var e exit
	if errors.As(err, &e) {
		if e.err != nil {
			_, _ = fmt.Fprintln(s.err, e.err)
		}
		return e.code
	}
	if understood {
		_, _ = fmt.Fprintf(s.err, "tocsin: %v\n", err)
		return exitFailed
	}
	_, _ = fmt.Fprintf(s.err, "tocsin: %v\nSee '%s --help'.\n", err, cmd.CommandPath())
	return exitUsage
}

func newRoot(s streams) *cobra.Command {
	root := &cobra.Command{
		Use:   "tocsin",
		Short: "Rings when a person on your watchlist turns up on a public notice listing",
		Long: `Tocsin watches public notice listings (INTERPOL red notices first of all) for the people on a watchlist.
It rings when one of them appears, when a notice changes or is no longer public, and when nobody can see.

Start with 'tocsin demo', then 'tocsin init'.`,
		SilenceUsage: true, SilenceErrors: true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
	}
	root.SetIn(s.in)
	root.SetOut(s.out)
	root.SetErr(s.err)
	g := &globals{streams: s}
	root.PersistentFlags().StringVarP(&g.config, "config", "c", "tocsin.yaml", "configuration file")
	root.PersistentFlags().BoolVar(&g.json, "json", false, "print machine-readable JSON, one object a line")
	root.AddCommand(
		demoCommand(g), initCommand(g), checkCommand(g), runCommand(g), pollCommand(g), statusCommand(g),
		historyCommand(g), casesCommand(g), decideCommand(g), drillCommand(g), screenCommand(g), evalCommand(g),
		backupCommand(g), restoreCommand(g), storeCommand(g), watchlistCommand(g), feedsCommand(g), evidenceCommand(g), healthCommand(g), versionCommand(g),
	)
	return root
}
