package main

import (
	"bufio"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tocsin/config"
	"tocsin/watchlist"
)

// newID makes an id that says nothing and that nobody on the list has. It is not
// counted on: the ledger would take a new person for one who had the number before.
func newID(taken func(string) bool) string {
	const letters = "23456789abcdefghjkmnpqrstvwxyz"
	for {
		var b [7]byte
		rand.Read(b[:]) // crypto/rand.Read never fails
		for i := range b {
			b[i] = letters[int(b[i])%len(letters)]
		}
		if id := "p-" + string(b[:]); !taken(id) {
			return id
		}
	}
}

// draft opens the configured watchlist to be edited.
func (g *globals) draft() (*config.Config, *watchlist.Draft, error) {
	c, err := g.load()
	if err != nil {
		return nil, nil, err
	}
	d, _, err := watchlist.Edit(c.Watchlist, listOptions(c))
	if err != nil {
		return nil, nil, exit{exitUsage, err}
	}
	return c, d, nil
}

// save writes a draft and says what became of it.
func (g *globals) save(d *watchlist.Draft) error {
	notes, err := d.Save()
	var refused *watchlist.Errors
	switch {
	case watchlist.Meanwhile(err):
		return exit{exitFailed, err}
	case errors.As(err, &refused):
		return exit{exitUsage, err}
	case err != nil:
		return err
	}
	for _, n := range notes {
		if _, err := fmt.Fprintf(g.err, "%s: %s\n", d.Name(), n); err != nil {
			return err
		}
	}
	return nil
}

// personFlags are one person's fields as flags; a list is separated by ;.
type personFlags struct {
	e   watchlist.Entry
	set func(name string) bool
}

func (f *personFlags) add(c *cobra.Command) {
	f.set = func(name string) bool {
		return c.Flags().Changed(name) || singular[name] != "" && c.Flags().Changed(singular[name])
	}
	c.Flags().StringVar(&f.e.Name, "name", "", "the name as written; - reads standard input: the name, then each alias on a line of its own")
	c.Flags().StringVar(&f.e.Aliases, "aliases", "", "other names and spellings, separated by ;")
	c.Flags().StringVar(&f.e.BirthDate, "birth-date", "", "YYYY, YYYY-MM or YYYY-MM-DD")
	c.Flags().StringVar(&f.e.Nationalities, "nationalities", "", "ISO 3166 codes or names of countries, separated by ;")
	c.Flags().StringVar(&f.e.Sex, "sex", "", "M or F")
	c.Flags().StringVar(&f.e.Codename, "codename", "", "what channels show that may show no name")
	c.Flags().StringVar(&f.e.Tags, "tags", "", "separated by ;")
	c.Flags().StringVar(&f.e.Note, "note", "", "for yourselves; - reads standard input. Never write where a person is")
	for many, one := range singular { // as screen has it, and as one comes to write it
		v := c.Flags().Lookup(many)
		c.Flags().Var(v.Value, one, v.Usage)
		c.Flags().Lookup(one).Hidden = true
	}
}

var singular = map[string]string{"aliases": "alias", "nationalities": "nationality", "tags": "tag"}

// fields are the flags with the field that each sets.
func (f *personFlags) fields(e *watchlist.Entry) []struct {
	flag string
	to   *string
	from string
} {
	return []struct {
		flag string
		to   *string
		from string
	}{
		{"name", &e.Name, f.e.Name}, {"aliases", &e.Aliases, f.e.Aliases}, {"birth-date", &e.BirthDate, f.e.BirthDate}, {"nationalities", &e.Nationalities, f.e.Nationalities},
		{"sex", &e.Sex, f.e.Sex}, {"codename", &e.Codename, f.e.Codename}, {"tags", &e.Tags, f.e.Tags}, {"note", &e.Note, f.e.Note},
	}
}

// into puts what the flags, standard input and, on a terminal, answers say into e.
// ask prompts for every field that has no flag.
func (f *personFlags) into(g *globals, e *watchlist.Entry, ask bool) error {
	if f.e.Name == "-" && f.e.Note == "-" {
		return usage("--name - and --note -: only one can be read from standard input")
	}
	if f.e.Name == "-" {
		b, err := io.ReadAll(io.LimitReader(g.in, 8<<10))
		if err != nil {
			return fmt.Errorf("reading the name: %w", err)
		}
		lines := strings.Split(strings.TrimSpace(strings.ReplaceAll(string(b), "\r", "")), "\n")
		f.e.Name = lines[0]
		if len(lines) > 1 {
			if f.set("aliases") {
				return usage("--aliases, and aliases on standard input: leave one out")
			}
			e.Aliases = strings.Join(lines[1:], ";")
		}
	}
	if f.e.Note == "-" {
		note, err := readNote(g.in)
		if err != nil {
			return err
		}
		f.e.Note = note
	}
	in := bufio.NewReader(g.in)
	for _, x := range f.fields(e) {
		switch {
		case f.set(x.flag):
			*x.to = x.from
		case ask:
			shown := ""
			if *x.to != "" {
				shown = " [" + *x.to + "]"
			}
			if _, err := fmt.Fprintf(g.err, "%s%s: ", x.flag, shown); err != nil {
				return err
			}
			line, err := in.ReadString('\n')
			if line = strings.TrimSpace(line); line != "" {
				*x.to = line
			}
			if err != nil && !errors.Is(err, io.EOF) {
				return fmt.Errorf("reading the answer: %w", err)
			}
		}
	}
	return nil
}

// checked makes a person of an entry; what is odd is said on stderr.
func (g *globals) checked(e watchlist.Entry) (watchlist.Person, error) {
	p, warnings, err := e.Person()
	if err != nil {
		return p, exit{exitUsage, err}
	}
	for _, w := range warnings {
		if _, err := fmt.Fprintln(g.err, w+" (warning)"); err != nil {
			return p, err
		}
	}
	return p, nil
}

func (g *globals) interactive() bool {
	f, ok := g.in.(*os.File)
	return ok && isTerminal(f)
}

func addCommand(g *globals) *cobra.Command {
	var f personFlags
	c := &cobra.Command{
		Use: "add", Short: "Add a person to the watchlist", Args: cobra.NoArgs,
		Long: "Add a person to the watchlist, asking on a terminal for what no flag says. A running daemon takes it within seconds.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, d, err := g.draft()
			if err != nil {
				return err
			}
			id, _ := cmd.Flags().GetString("id") // it is defined below
			e := watchlist.Entry{ID: id}
			ask := g.interactive() && !f.set("name")
			if !ask && f.e.Name == "" {
				return usage("--name is missing: write it, or --name - to read it from standard input")
			}
			if err := f.into(g, &e, ask); err != nil {
				return err
			}
			taken := func(id string) bool { _, ok := d.Person(id); return ok }
			if id == "" {
				e.ID = newID(taken)
			} else if taken(id) {
				return usage("--id: somebody has this id already: 'tocsin watchlist edit' changes them")
			}
			p, err := g.checked(e)
			if err != nil {
				return err
			}
			d.Put(p)
			return g.done(d, p.ID, "added")
		},
	}
	c.Flags().String("id", "", "an id that says nothing; left out: one is made")
	f.add(c)
	return c
}

// done saves and says so.
func (g *globals) done(d *watchlist.Draft, id, what string) error {
	if err := g.save(d); err != nil {
		return err
	}
	if g.json {
		return g.line(map[string]any{"id": id, what: true, "people": len(d.People())})
	}
	_, err := fmt.Fprintf(g.out, "%s %s: %s in %s\n", id, what, count(len(d.People()), "person", "people"), d.Name())
	return err
}

func noPerson(d *watchlist.Draft) error {
	return exit{exitFailed, fmt.Errorf("nobody in %s has this id: 'tocsin watchlist list' shows them", d.Name())}
}

func editCommand(g *globals) *cobra.Command {
	var f personFlags
	c := &cobra.Command{
		Use: "edit ID", Short: "Change a person of the watchlist", Args: cobra.ExactArgs(1),
		Long: `Change a person of the watchlist: what a flag says is put in place of what was there, "" empties it. Without flags,
a terminal is asked.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			ask := cmd.Flags().NFlag() == 0 && g.interactive()
			any := slices.ContainsFunc(f.fields(&watchlist.Entry{}), func(x struct {
				flag string
				to   *string
				from string
			}) bool {
				return f.set(x.flag)
			})
			if !ask && !any {
				return usage("nothing to change: say what by flags, as --birth-date 1988")
			}
			_, d, err := g.draft()
			if err != nil {
				return err
			}
			p, ok := d.Person(args[0])
			if !ok {
				return noPerson(d)
			}
			e := p.Entry()
			if err := f.into(g, &e, ask); err != nil {
				return err
			}
			if p, err = g.checked(e); err != nil {
				return err
			}
			d.Put(p)
			return g.done(d, p.ID, "edited")
		},
	}
	f.add(c)
	return c
}

func removeCommand(g *globals) *cobra.Command {
	return &cobra.Command{
		Use: "remove ID", Short: "Take a person off the watchlist: they are not watched any more", Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			_, d, err := g.draft()
			if err != nil {
				return err
			}
			if !d.Remove(args[0]) {
				return noPerson(d)
			}
			return g.done(d, args[0], "removed")
		},
	}
}

// personJSON is a person under the names of the columns.
type personJSON struct {
	ID            string   `json:"id"`
	Name          string   `json:"name"`
	Aliases       []string `json:"aliases,omitempty"`
	BirthDate     string   `json:"birth_date,omitempty"`
	Nationalities []string `json:"nationalities,omitempty"`
	Sex           string   `json:"sex,omitempty"`
	Codename      string   `json:"codename,omitempty"`
	Tags          []string `json:"tags,omitempty"`
	Note          string   `json:"note,omitempty"`
}

func listCommand(g *globals) *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "Print the people of the watchlist, with their names", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			c, err := g.load()
			if err != nil {
				return err
			}
			list, err := g.people(c)
			if err != nil {
				return err
			}
			var rows [][]string
			for _, p := range list.People {
				if g.json {
					if err := g.line(personJSON{p.ID, p.Name, p.Aliases, p.BirthDate.String(), p.Nationalities, p.Sex, p.Codename, p.Tags, p.Note}); err != nil {
						return err
					}
					continue
				}
				rows = append(rows, []string{p.ID, p.Name, strings.Join(p.Aliases, "; "), p.BirthDate.String(), strings.Join(p.Nationalities, " "), p.Sex, p.Codename, strings.Join(p.Tags, " ")})
			}
			if g.json {
				return nil
			}
			return g.table("ID\tNAME\tALIASES\tBORN\tNATIONALITY\tSEX\tCODENAME\tTAGS", rows)
		},
	}
}

// sealing reads the configuration, where the identity file need not be there yet.
func (g *globals) sealing() (*config.Config, error) {
	c, err := config.Load(g.config, os.LookupEnv)
	var mistakes *config.Errors
	if errors.As(err, &mistakes) && c != nil && c.WatchlistIdentity != "" {
		if !slices.ContainsFunc(mistakes.Problems, func(p config.Problem) bool { return !strings.HasPrefix(p.Message, "watchlist_identity_file: ") }) {
			return c, nil
		}
	}
	return g.load()
}

func sealCommand(g *globals) *cobra.Command {
	return &cobra.Command{
		Use: "seal", Short: "Encrypt the watchlist file with age", Args: cobra.NoArgs,
		Long: `Encrypt the watchlist file with age: watchlist.csv becomes watchlist.csv.age, which the identity in
watchlist_identity_file opens. The identity file is made where there is none.`,
		RunE: func(*cobra.Command, []string) error {
			c, err := g.sealing()
			if err != nil {
				return err
			}
			if c.WatchlistIdentity == "" {
				return usage("%s: watchlist_identity_file is missing: write watchlist_identity_file: key.txt, and seal makes the file", g.config)
			}
			path := c.Watchlist
			if watchlist.SealedName(path) {
				path = strings.TrimSuffix(path, filepath.Ext(path))
			}
			if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
				if _, err := os.Stat(path + ".age"); err == nil {
					return exit{exitFailed, fmt.Errorf("%s.age is sealed already, and there is no %s", path, path)}
				}
			}
			made := false
			if _, err := os.Stat(c.WatchlistIdentity); errors.Is(err, os.ErrNotExist) {
				if err := watchlist.CreateIdentity(c.WatchlistIdentity); err != nil {
					return err
				}
				made = true
			}
			to, err := watchlist.Seal(path, listOptions(c))
			if err != nil {
				return refusedList(err)
			}
			if made {
				if _, err := fmt.Fprintf(g.err, "made %s, which alone opens the list: without it the names are lost. Keep a copy apart from the backup of the list, never in it.\n", c.WatchlistIdentity); err != nil {
					return err
				}
			}
			return g.exchanged(c, to, "sealed", "Earlier copies and backups of the plain file still hold the names.")
		},
	}
}

func unsealCommand(g *globals) *cobra.Command {
	return &cobra.Command{
		Use: "unseal", Short: "Decrypt the watchlist file: the names are readable on the disk again", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			c, err := g.load()
			if err != nil {
				return err
			}
			path := c.Watchlist
			if !watchlist.SealedName(path) {
				path += ".age"
			}
			to, err := watchlist.Unseal(path, listOptions(c))
			if err != nil {
				return refusedList(err)
			}
			return g.exchanged(c, to, "unsealed", "The names are readable on this disk now.")
		},
	}
}

func refusedList(err error) error {
	var e *watchlist.Errors
	switch {
	case errors.Is(err, os.ErrExist), watchlist.Meanwhile(err):
		return exit{exitFailed, err}
	case errors.As(err, &e):
		return exit{exitUsage, err}
	}
	return err
}

func (g *globals) exchanged(c *config.Config, to, what, warning string) error {
	if g.json {
		return g.line(map[string]any{what: true, "file": to})
	}
	text := fmt.Sprintf("%s: %s\n%s\n", what, to, warning)
	if to != c.Watchlist {
		text += fmt.Sprintf("Write into %s:\n  watchlist: %s\nUntil then it is read in place of %s.\n", g.config, filepath.Base(to), filepath.Base(c.Watchlist))
	}
	_, err := fmt.Fprint(g.out, text)
	return err
}
