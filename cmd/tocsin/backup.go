package main

import (
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"tocsin/config"
	"tocsin/store"
)

// part is something that an installation needs and a backup does not hold.
type part struct {
	What string `json:"what"`
	Path string `json:"path,omitempty"` // "" where the configuration alone knows it
	Why  string `json:"why"`
}

type backupJSON struct {
	File     string `json:"backup"`
	Database string `json:"database"`
	store.Content
	NotInIt []part `json:"not_in_it"`
}

func backupCommand(g *globals) *cobra.Command {
	return &cobra.Command{
		Use: "backup FILE", Short: "Copy the ledger to a new file, also while 'tocsin run' runs", Args: cobra.ExactArgs(1),
		Long: `Copies the ledger, as it is at this moment, to a new file: readable by its owner alone, checked as a whole, and on the disk
before the command says so. It works beside 'tocsin run', which goes on meanwhile, and never writes over a file. Under
database_key_file the copy is encrypted with the same key.

An SQLite ledger is copied so; a ledger on PostgreSQL is backed up with pg_dump, as the server's other databases are.

The ledger alone is copied. The command lists what else 'tocsin restore' needs: keep that too, and keep the keys apart from
the copies that they open.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := g.load()
			if err != nil {
				return err
			}
			o, err := storeOptions(c)
			if err != nil {
				return err
			}
			copied, err := store.Backup(cmd.Context(), c.Database, o, args[0])
			if err != nil {
				return err
			}
			out := backupJSON{args[0], databaseName(c), copied, notInBackup(c)}
			if g.json {
				return g.line(out)
			}
			return printBackup(g, c, out)
		},
	}
}

// notInBackup is what to keep beside a backup.
func notInBackup(c *config.Config) []part {
	parts := []part{
		{"configuration", c.Path, "and the files with secrets that it names"},
		{"watchlist", c.Watchlist, "the ledger knows people by id only"},
		{"key of the fingerprints", c.KeyFile, "without it this ledger cannot be used"},
	}
	if c.DatabaseKey.Set() {
		parts = append(parts, part{"database key", "", "the file that database_key_file names: without it nobody can open the copy; keep it apart from the copy"})
	}
	if c.WatchlistIdentity != "" {
		parts = append(parts, part{"watchlist identity", c.WatchlistIdentity, "without it nobody can open the watchlist; keep it apart from that"})
	}
	return append(parts, part{"evidence folder", c.Evidence, "the sources' own answers, which the ledger cites"})
}

func printBackup(g *globals, c *config.Config, b backupJSON) error {
	sealed := "It is not encrypted: it says which person, by id, matched which notice."
	if b.Encrypted {
		sealed = "It is encrypted with the key of database_key_file."
	}
	if _, err := fmt.Fprintf(g.out, "%s is a sound copy of %s as of %s: %d events, %d cases, %d notices; last look %s; schema %d.\n%s\n\nNot in it, keep these too:\n",
		b.File, b.Database, when(b.Made, c.Zone()), b.Events, b.Cases, b.Notices, when(b.LastLook, c.Zone()), b.Schema, sealed); err != nil {
		return err
	}
	for _, p := range b.NotInIt {
		path := p.Path
		if path != "" {
			path = " " + path
		}
		if _, err := fmt.Fprintf(g.out, "  %s%s: %s\n", p.What, path, p.Why); err != nil {
			return err
		}
	}
	return nil
}

// storeOptions are how the configuration has the ledger kept.
func storeOptions(c *config.Config) (store.Options, error) {
	if !c.DatabaseKey.Set() {
		return store.Options{}, nil
	}
	key, err := hex.DecodeString(strings.TrimSpace(c.DatabaseKey.Reveal()))
	if err != nil || len(key) != 32 {
		return store.Options{}, usage("database_key_file: write 32 bytes as 64 hexadecimal digits")
	}
	return store.Options{EncryptionKey: key}, nil
}

// databaseName is the ledger's file as people know it. A server's address, which
// may hold a password, never comes here: only files are copied.
func databaseName(c *config.Config) string { return strings.TrimPrefix(c.Database, "sqlite:") }
