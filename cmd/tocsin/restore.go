package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"tocsin/config"
	"tocsin/store"
)

type restoreJSON struct {
	Database string `json:"restored"`
	From     string `json:"from"`
	Kept     string `json:"replaced,omitempty"` // where the database is now that was there
	Sound    bool   `json:"replaced_sound"`
	store.Content
	Gap     store.Gap `json:"gap"`
	Follows []string  `json:"follows"`
}

func restoreCommand(g *globals) *cobra.Command {
	return &cobra.Command{
		Use: "restore FILE", Short: "Put a backup of the ledger in the database's place", Args: cobra.ExactArgs(1),
		Long: `Puts the ledger that 'tocsin backup' wrote to FILE in the place of the configuration's database. Stop 'tocsin run' first, and
run this as the user that it runs as. FILE is checked as a whole before anything is touched, and is not changed. The database
that was there is kept beside, with ".replaced-" and the time behind its name; to go back, restore that file.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := g.load()
			if err != nil {
				return err
			}
			o, err := storeOptions(c)
			if err != nil {
				return err
			}
			r, err := store.Restore(cmd.Context(), c.Database, o, args[0])
			if err != nil {
				return err
			}
			out := restoreJSON{databaseName(c), args[0], r.Kept, r.Sound, r.Content, r.Gap, follows(c, r)}
			if g.json {
				return g.line(out)
			}
			return printRestore(g, c, out)
		},
	}
}

// follows says what a restored ledger means for whoever reads the alerts.
func follows(c *config.Config, r store.Restored) []string {
	since := "the backup was made"
	if !r.Gap.From.IsZero() {
		since = when(r.Gap.From, c.Zone())
	}
	says := []string{
		fmt.Sprintf("The ledger knows nothing of what happened since %s, until the next complete look. Whatever appeared, changed or disappeared meanwhile and still shows rings then, also if it rang before, under new ids.", since),
		"What came and went again in that time is in no ledger: read the Slack channel and the mail of that time.",
		fmt.Sprintf("%d deliveries were owed when the backup was made. They are sent now; whatever of them was sent since arrives a second time. So may digests.", r.Owed),
	}
	if r.Unknown > 0 {
		says = append(says, fmt.Sprintf("%d messages were being sent at that moment. They are looked for in Slack before they are sent again; by mail they go again, marked as a possible repeat.", r.Unknown))
	}
	if _, err := os.Stat(c.KeyFile); errors.Is(err, fs.ErrNotExist) {
		says = append(says, fmt.Sprintf("%s is missing, and the ledger was made with it: bring it back first from where you kept it.", c.KeyFile))
	}
	return append(says,
		"Slack messages sent since are not in the ledger: they are not updated any more, their buttons find no case, and replies of their cases start under a new message. Messages that it knows are shown as the ledger has them.",
		"Decisions made since are lost: make them again ('tocsin cases', 'tocsin decide').",
		"People added to the watchlist since are screened again and their listed notices told; the removal of many may want 'tocsin watchlist accept' again.",
		"Every lease has ended. Start 'tocsin run' now.",
	)
}

func printRestore(g *globals, c *config.Config, r restoreJSON) error {
	made := "a ledger that was kept aside"
	if !r.Made.IsZero() {
		made = "the backup of " + when(r.Made, c.Zone())
	}
	kept := "No database was there before."
	if r.Kept != "" {
		kept = fmt.Sprintf("What was there is kept as %s.", r.Kept)
		if !r.Sound {
			kept += " It is damaged, or another key's; it was left as it was."
		}
	}
	if _, err := fmt.Fprintf(g.out, "%s is now %s, %s: %d events, %d cases, %d notices; last event %s, last look %s.\n%s\n\nWhat follows:\n",
		r.Database, r.From, made, r.Events, r.Cases, r.Notices, when(r.LastEvent, c.Zone()), when(r.LastLook, c.Zone()), kept); err != nil {
		return err
	}
	for _, f := range r.Follows {
		if _, err := fmt.Fprintf(g.out, "  %s\n", f); err != nil {
			return err
		}
	}
	return nil
}
