package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tocsin/config"
	"tocsin/notifier"
	"tocsin/store"
	"tocsin/watcher/match"
	"tocsin/watcher/source"
	"tocsin/watchlist"
)

// problem is one mistake in a file, in the contract's JSON.
type problem struct {
	File    string `json:"file"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Message string `json:"message"`
}

func (p problem) String() string {
	switch {
	case p.Line == 0:
		return p.File + ": " + p.Message
	case p.Column == 0:
		return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Message)
	}
	return fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Column, p.Message)
}

// trial is how the database's server, a source or a notifier answered to --online.
type trial struct {
	ID  string `json:"id"`
	OK  bool   `json:"ok"`
	Why string `json:"why,omitempty"`
	Do  string `json:"do,omitempty"` // what to try, in order
}

type checkJSON struct {
	OK       bool      `json:"ok"`
	Errors   []problem `json:"errors"`
	Warnings []problem `json:"warnings,omitempty"`
	Online   []trial   `json:"online,omitempty"`
	Reach    bool      `json:"reach"`            // every event about everybody reaches somebody
	Advice   []advice  `json:"advice,omitempty"` // how people could be matched better
	Rings    []rings   `json:"rings,omitempty"`  // who would ring for what is held now
}

func checkCommand(g *globals) *cobra.Command {
	var online bool
	c := &cobra.Command{
		Use: "check", Short: "Validate configuration, watchlist and secrets; with --online try database server, sources and notifiers", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			r := checkJSON{Errors: []problem{}}
			cfg, people := g.checkFiles(&r)
			r.OK = len(r.Errors) == 0
			if r.OK {
				missed := unreached(cfg, people)
				r.Reach, r.Warnings = len(missed) == 0, append(r.Warnings, missed...)
				r.Advice = adviseList(cfg.Watchlist, people)
				if !store.IsServer(cfg.Database) {
					r.Rings = g.heldRings(cmd.Context(), cfg, people)
				}
			}
			code := 0
			switch {
			case !r.OK:
				code = exitUsage
			case online:
				database, readable := tryDatabase(cmd.Context(), cfg)
				others, partial, err := tryOnline(cmd.Context(), cfg)
				if err != nil {
					return err
				}
				r.Online, code = append(database, others...), partial
				if len(database) > 0 && !database[0].OK {
					code = exitFailed
				}
				if readable {
					r.Rings = g.heldRings(cmd.Context(), cfg, people)
				}
				r.OK = code == 0
			}
			if g.json {
				if err := g.line(r); err != nil {
					return err
				}
			} else if err := g.printCheck(r, cfg, people); err != nil {
				return err
			}
			if code != 0 {
				return exit{code, nil}
			}
			return nil
		},
	}
	c.Flags().BoolVar(&online, "online", false, "try the database's server, each source and each notifier; sends no message and writes nothing")
	return c
}

// checkFiles reads all that can be checked without a network.
func (g *globals) checkFiles(r *checkJSON) (*config.Config, *watchlist.List) {
	cfg, err := config.Load(g.config, os.LookupEnv)
	var mistakes *config.Errors
	switch {
	case errors.As(err, &mistakes):
		for _, p := range mistakes.Problems {
			r.Errors = append(r.Errors, problem(p))
		}
	case errors.Is(err, fs.ErrNotExist):
		r.Errors = append(r.Errors, problem{File: g.config, Message: "there is no such file: 'tocsin init' writes one, -c names another"})
	case err != nil:
		r.Errors = append(r.Errors, problem{File: g.config, Message: err.Error()})
	}
	if cfg == nil {
		return nil, nil
	}
	for _, p := range cfg.Warnings {
		r.Warnings = append(r.Warnings, problem(p))
	}
	r.Errors = append(r.Errors, places(cfg)...)
	for _, n := range cfg.Notifiers {
		about := func(what string) problem {
			return problem{File: g.config, Line: n.Line, Message: "notifier " + n.ID + ": " + what}
		}
		x, err := sender(cfg, n, discard{}, false)
		if err != nil {
			r.Errors = append(r.Errors, about(err.Error()))
			continue
		}
		if x, ok := x.(interface{ Warnings() []string }); ok {
			for _, w := range x.Warnings() {
				r.Warnings = append(r.Warnings, about(w))
			}
		}
	}
	list, warnings, err := watchlist.Read(cfg.Watchlist, listOptions(cfg))
	for _, p := range warnings {
		r.Warnings = append(r.Warnings, problem(p))
	}
	var refused *watchlist.Errors
	switch {
	case errors.As(err, &refused):
		for _, p := range refused.Problems {
			r.Errors = append(r.Errors, problem(p))
		}
	case err != nil:
		r.Errors = append(r.Errors, problem{File: cfg.Watchlist, Message: err.Error()})
	default:
		match.Compile(match.PeopleOf(list), matching(cfg))
	}
	return cfg, list
}

// places finds what would keep the daemon from starting: a key that is missing or
// none, folders that are not there or cannot be written to.
func places(c *config.Config) []problem {
	var out []problem
	wrong := func(file, format string, a ...any) {
		out = append(out, problem{File: file, Message: fmt.Sprintf(format, a...)})
	}
	database, isFile := strings.CutPrefix(c.Database, "sqlite:")
	_, dbErr := os.Stat(database)
	switch _, err := watchlist.LoadKey(c.KeyFile); {
	case errors.Is(err, fs.ErrNotExist) && isFile && dbErr == nil:
		wrong(c.KeyFile, "key_file is missing, and the database %s was made with it: bring it back from your backup", database)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		wrong(c.KeyFile, "key_file: %v", err)
	}
	folders := map[string]string{filepath.Dir(c.KeyFile): "key_file"}
	if _, err := os.Stat(c.KeyFile); err == nil {
		clear(folders) // it is only read
	}
	if isFile {
		folders[filepath.Dir(database)] = "database"
	}
	evidence := c.Evidence
	if _, err := os.Stat(evidence); err != nil {
		evidence = filepath.Dir(evidence) // it is made there
	}
	folders[evidence] = "evidence"
	for _, dir := range slices.Sorted(maps.Keys(folders)) {
		f, err := os.CreateTemp(dir, ".tocsin-check-*")
		switch {
		case errors.Is(err, fs.ErrNotExist):
			wrong(dir, "the folder of %s is not there: make it", folders[dir])
		case err != nil:
			wrong(dir, "the folder of %s cannot be written to by this user: chown it, or run check as the user that Tocsin runs as", folders[dir])
		default:
			if err := errors.Join(f.Close(), os.Remove(f.Name())); err != nil {
				wrong(dir, "%v", err)
			}
		}
	}
	return out
}

func (g *globals) printCheck(r checkJSON, c *config.Config, list *watchlist.List) error {
	for _, p := range r.Warnings {
		if _, err := fmt.Fprintln(g.err, p.String()+" (warning)"); err != nil {
			return err
		}
	}
	for _, p := range r.Errors {
		if _, err := fmt.Fprintln(g.err, p); err != nil {
			return err
		}
	}
	for _, t := range r.Online {
		line := t.ID + ": answers"
		if t.Why != "" {
			line = t.ID + ": " + t.Why
		}
		if t.Do != "" {
			line += "\n  " + t.Do
		}
		if _, err := fmt.Fprintln(g.out, line); err != nil {
			return err
		}
	}
	if err := g.printAdvice(r); err != nil {
		return err
	}
	if r.Reach {
		if _, err := fmt.Fprintln(g.out, "every event about everybody on the list reaches somebody"); err != nil {
			return err
		}
	}
	if r.OK {
		_, err := fmt.Fprintf(g.out, "%s: good. %s, %s, %s.\n", g.config,
			count(len(list.People), "person", "people"), count(len(c.Sources), "source", "sources"), count(len(c.Notifiers), "notifier", "notifiers"))
		return err
	}
	return nil
}

// checker is a notifier that can be tried without sending anything.
type checker interface{ Check(context.Context) error }

// buttoned is a notifier that can try whether its buttons could be heard.
type buttoned interface{ CheckButtons(context.Context) error }

// tryDatabase looks whether the database's server, if there is one, can have the
// ledger. readable: there is one of this version.
func tryDatabase(ctx context.Context, c *config.Config) (out []trial, readable bool) {
	if !store.IsServer(c.Database) {
		return nil, false
	}
	x := trial{ID: "database"}
	found, err := store.Try(ctx, c.Database)
	if err != nil {
		x.Why = strings.TrimPrefix(err.Error(), x.ID+" ")
	} else {
		x.OK, x.Why, x.Do = true, fmt.Sprintf("answers: PostgreSQL %s, %s", found.Server, found.Ledger), strings.Join(found.Doubts, "\n  ")
	}
	return []trial{x}, found.Ledger == store.Current
}

// tryOnline asks each source for its newest page and each notifier whether it
// would take a message.
func tryOnline(ctx context.Context, c *config.Config) ([]trial, int, error) {
	out, code, err := trySources(ctx, c)
	if err != nil {
		return nil, 0, err
	}
	bells, err := bells(c, discard{}, false)
	if err != nil {
		return nil, 0, err
	}
	for _, b := range bells {
		t := trial{ID: b.ID, OK: true}
		var err error
		if x, ok := b.Notifier.(checker); ok {
			err = x.Check(ctx)
		}
		if x, ok := b.Notifier.(buttoned); ok && err == nil {
			err = x.CheckButtons(ctx)
		}
		if err != nil {
			t.OK, t.Why = false, err.Error()
			var e *notifier.Error
			if errors.As(err, &e) {
				t.Do = e.Do
			}
			code = max(code, exitFailed)
		}
		out = append(out, t)
	}
	return out, code, nil
}

type discard struct{}

func (discard) Write(b []byte) (int, error) { return len(b), nil }

// remedy names what to try, in order: a refusal is not a dead service.
func remedy(err error) string {
	var f *source.Failure
	if !errors.As(err, &f) {
		return ""
	}
	switch f.Cause {
	case "refused":
		return "The service answers and refuses us. In this order: wait an hour; put a real contact into http.user_agent; a longer pace; another address (http.proxy)."
	case "unreachable":
		return "No answer. In this order: the machine's own network and DNS; http.proxy; then it is the service: wait."
	case "malformed":
		return "It answers something else than notices. Look at url: first; a challenge page counts as a refusal."
	}
	return ""
}
