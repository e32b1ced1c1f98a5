package main

import (
	"fmt"
	"maps"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tocsin/config"
	"tocsin/store"
)

func storeCommand(g *globals) *cobra.Command {
	c := &cobra.Command{Use: "store", Short: "Move the ledger from one database to another"}
	c.AddCommand(storeCopyCommand(g))
	return c
}

type copiedJSON struct {
	From string       `json:"from"`
	To   string       `json:"to"`
	Rows store.Copied `json:"rows"`
}

func storeCopyCommand(g *globals) *cobra.Command {
	var from, to string
	c := &cobra.Command{
		Use: "copy --from DATABASE --to DATABASE", Short: "Copy the whole ledger to an empty database, from SQLite to PostgreSQL or back", Args: cobra.NoArgs,
		Long: `Copies every table of a ledger, as of one moment, to a database that is empty: all of it or nothing. Stop 'tocsin run' first;
beside a daemon it is refused. A database is written as in tocsin.yaml: sqlite:FILE or postgres://USER@HOST/NAME. A password is
written as '${NAME}', in single quotes, and taken from the environment variable of that name, or from PGPASSWORD.

Afterwards write the new database into tocsin.yaml and start again: nothing is rung a second time. Keep key_file; the watchlist
and the evidence folder stay where they are. Never run on the earlier database again: it does not know what the new one did.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if from == "" || to == "" {
				return usage("store copy: write --from DATABASE and --to DATABASE, as sqlite:tocsin.db and postgres://tocsin@db.example.org/tocsin")
			}
			conf, err := g.load()
			if err != nil {
				return err
			}
			o, err := storeOptions(conf)
			if err != nil {
				return err
			}
			addresses := [2]string{}
			for i, text := range []string{from, to} {
				if addresses[i], err = databaseAddress(text); err != nil {
					return err
				}
			}
			rows, err := store.Copy(cmd.Context(), addresses[0], addresses[1], o)
			if err != nil {
				return err
			}
			if g.json {
				return g.line(copiedJSON{from, to, rows})
			}
			var out [][]string
			for _, table := range slices.Sorted(maps.Keys(rows)) {
				out = append(out, []string{table, fmt.Sprint(rows[table])})
			}
			if err := g.table("TABLE\tROWS", out); err != nil {
				return err
			}
			_, err = fmt.Fprintf(g.out, "\n%s is copied to %s. Write that under database: in tocsin.yaml, start again, and never run on the earlier one.\n", from, to)
			return err
		},
	}
	c.Flags().StringVar(&from, "from", "", "the database that has the ledger")
	c.Flags().StringVar(&to, "to", "", "an empty database, or a file that is not there")
	return c
}

var fromEnvironment = regexp.MustCompile(`\$\{(\w+)\}`)

// databaseAddress fills in what a command line leaves to the environment. A
// password that stands in it literally is refused: others can read it there.
func databaseAddress(text string) (string, error) {
	if store.IsServer(text) {
		for _, one := range config.EachServer(fromEnvironment.ReplaceAllString(text, "ENVIRONMENT")) {
			if u, err := url.Parse(one); err != nil {
				return "", usage("a database is written sqlite:FILE or postgres://USER@HOST/NAME")
			} else if p, _ := u.User.Password(); p != "" && p != "ENVIRONMENT" {
				return "", usage("a password in a command line can be read by others: write '${NAME}' in its place, in single quotes, and set that variable")
			}
		}
	} else if !strings.HasPrefix(text, "sqlite:") {
		return "", usage("a database is written sqlite:FILE or postgres://USER@HOST/NAME")
	}
	missing := ""
	out := fromEnvironment.ReplaceAllStringFunc(text, func(v string) string {
		value, ok := os.LookupEnv(v[2 : len(v)-1])
		if !ok {
			missing = v[2 : len(v)-1]
		}
		return value
	})
	if missing != "" {
		return "", usage("the environment variable %s is not set", missing)
	}
	return out, nil
}
