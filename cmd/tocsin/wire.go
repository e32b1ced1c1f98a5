package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"tocsin/config"
	"tocsin/evidence"
	"tocsin/notifier"
	"tocsin/notifier/slack"
	"tocsin/store"
	"tocsin/watcher"
	"tocsin/watcher/match"
	"tocsin/watchlist"
)

// installation is one configuration with its ledger open.
type installation struct {
	config *config.Config
	store  *store.Store
}

// load reads the configuration; its mistakes are all told at once.
func (g *globals) load() (*config.Config, error) {
	c, err := config.Load(g.config, os.LookupEnv)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, usage("%s: there is no such file: 'tocsin init' writes one, -c names another", g.config)
	}
	if errors.Is(err, fs.ErrPermission) {
		return nil, usage("%s: it may not be read by the user that Tocsin runs as: chown or chmod it", g.config)
	}
	if err != nil {
		return nil, exit{exitUsage, err}
	}
	return c, nil
}

// withStore opens the ledger beside whoever else uses it.
func (g *globals) withStore(ctx context.Context, f func(context.Context, *installation) error) error {
	c, err := g.load()
	if err != nil {
		return err
	}
	s, err := openStore(ctx, c, store.Options{})
	if err != nil {
		return err
	}
	defer s.Close() // nothing is left to write
	return f(ctx, &installation{c, s})
}

func openStore(ctx context.Context, c *config.Config, o store.Options) (*store.Store, error) {
	kept, err := storeOptions(c)
	if err != nil {
		return nil, err
	}
	if !store.IsServer(c.Database) { // check says that it has no meaning there
		o.EncryptionKey = kept.EncryptionKey
	}
	return store.Open(ctx, c.Database, o)
}

// people reads the watchlist as the daemon wants it: with ids.
func (g *globals) people(c *config.Config) (*watchlist.List, error) {
	list, _, err := watchlist.Read(c.Watchlist, listOptions(c))
	if err != nil {
		return nil, exit{exitUsage, err}
	}
	return list, nil
}

// listOptions say how the configured watchlist is read.
func listOptions(c *config.Config) watchlist.Options {
	return watchlist.Options{RequireIDs: true, IdentityFile: c.WatchlistIdentity}
}

// fingerprintKey reads the key that fingerprints are made with. It is made
// together with a new database, never later: another key would make everybody
// on the list look edited.
func fingerprintKey(ctx context.Context, c *config.Config) (watchlist.Key, error) {
	k, err := watchlist.LoadKey(c.KeyFile)
	if !errors.Is(err, fs.ErrNotExist) {
		return k, err
	}
	if path, ok := strings.CutPrefix(c.Database, "sqlite:"); ok {
		if _, err := os.Stat(path); err == nil {
			return k, usage("%s is missing, and the database %s was made with it: bring it back from your backup", c.KeyFile, path)
		}
	} else if s, err := openStore(ctx, c, store.Options{}); err == nil {
		return k, errors.Join(usage("%s is missing, and the ledger in %s was made with it: copy it from another replica, or from your backup", c.KeyFile, s.Path()), s.Close())
	} else if !errors.Is(err, store.ErrNotExist) {
		return k, err
	}
	return watchlist.CreateKey(c.KeyFile)
}

// sameKey refuses a key that is not the ledger's: everybody on the list would look
// edited, and what was told would be told again.
func sameKey(ctx context.Context, c *config.Config, s *store.Store, key watchlist.Key) error {
	have, err := s.KeepMeta(ctx, "key_check", hex.EncodeToString(key.Derive("key check")))
	if err != nil {
		return err
	}
	if have != hex.EncodeToString(key.Derive("key check")) {
		return usage("%s is not the key that the ledger in %s was made with: copy that from another replica, or from your backup", c.KeyFile, s.Path())
	}
	return nil
}

// watch is a watcher with all that it stands on.
type watch struct {
	installation
	*watcher.Watcher
	life io.Closer // of its name among replicas; nil: it has none of its own
}

// Close ends the use of the ledger.
func (w *watch) Close() error {
	err := w.store.Close()
	if w.life != nil {
		err = errors.Join(err, w.life.Close())
	}
	return err
}

// watchOptions are what differs between the commands that watch.
type watchOptions struct {
	log      *zap.Logger
	console  io.Writer // of console notifiers
	progress func(source string, seen, listed int)
	now      func() time.Time
	listens  bool // buttons are shown, and heard when the watch runs
}

// startWatch opens everything for the one process that looks and sends.
func (g *globals) startWatch(ctx context.Context, o watchOptions) (*watch, error) {
	c, err := g.load()
	if err != nil {
		return nil, err
	}
	return g.watchOver(ctx, c, o)
}

// watchOver is startWatch for a configuration that was read already.
func (g *globals) watchOver(ctx context.Context, c *config.Config, o watchOptions) (*watch, error) {
	list, err := g.people(c)
	if err != nil {
		return nil, err
	}
	return newWatch(ctx, c, list, o)
}

func newWatch(ctx context.Context, c *config.Config, list *watchlist.List, o watchOptions) (_ *watch, err error) {
	key, err := fingerprintKey(ctx, c)
	if err != nil {
		return nil, err
	}
	s, err := openStore(ctx, c, store.Options{Create: true, Exclusive: true, Now: o.now})
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			s.Close() // the first error is the one to tell
		}
	}()
	if err := sameKey(ctx, c, s, key); err != nil {
		return nil, err
	}
	sources, err := sourcesOf(c, o.now)
	if err != nil {
		return nil, err
	}
	bells, err := bells(c, o.console, o.listens)
	if err != nil {
		return nil, err
	}
	kept, err := openEvidence(c, key, o)
	if err != nil {
		return nil, err
	}
	options := watcher.Options{
		Evidence: kept, EvidenceLimits: evidence.Limits{MaxBytes: c.EvidenceMaxSize, MaxAge: c.EvidenceMaxAge, CitedMaxAge: c.EvidenceMaxAge},
		Store: s, Key: key, WatchlistFile: c.Watchlist, WatchlistIdentity: c.WatchlistIdentity, List: list, Matching: matching(c), Listings: sources.listings, Feeds: sources.feeds, Lists: sources.lists, Bells: bells,
		Playbook: c.Playbook, Zone: c.Zone(), Log: o.log, Now: o.now, Progress: o.progress,
		TwoPeople: c.TwoPeople,
	}
	if o.listens {
		options.Ears = ears(c, bells, o.log)
	}
	var life io.Closer // of the replica's name; nil: it has none of its own
	if s.Shared() {
		if options.Holder, life, err = reclaim(ctx, s, replicaFile(c)); err != nil {
			return nil, err
		}
	}
	if c.Drill != nil {
		options.Drill = c.Drill
	}
	if c.Heartbeat != "" {
		options.Heart = notifier.NewHeartbeat(c.Heartbeat)
	}
	w, err := watcher.New(ctx, options)
	if err != nil {
		return nil, err
	}
	return &watch{installation{c, s}, w, life}, nil
}

// replicaFile is where a replica's name stands.
func replicaFile(c *config.Config) string { return c.Evidence + ".replica" }

// reclaim gives a replica the name that it had: a lock on the file in which that
// stands shows that whoever had it last is dead, and what it held is free at once.
// Without the file, or beside another that has it, a name is drawn.
func reclaim(ctx context.Context, s *store.Store, path string) (name string, life io.Closer, err error) {
	name, life, err = store.Identify(path)
	if errors.Is(err, store.ErrBusy) {
		return "", nil, nil
	}
	if err != nil {
		return "", nil, fmt.Errorf("%s: %w", path, err)
	}
	return name, life, s.Reclaim(ctx, name)
}

// openEvidence opens the folder in which the sources' own answers are kept.
func openEvidence(c *config.Config, key watchlist.Key, o watchOptions) (*evidence.Store, error) {
	e, err := evidence.Open(c.Evidence, evidence.Options{Now: o.now, Key: key.Derive("evidence log")})
	if err != nil {
		return nil, fmt.Errorf("evidence %s: %w", c.Evidence, err)
	}
	if r := e.Repaired(); r.Any() {
		o.log.Warn("the evidence was mended after a process died", zap.Int64("torn", r.Torn), zap.Int("finished", r.Finished),
			zap.Int("discarded", r.Discarded), zap.Int("cleared", r.Cleared), zap.Int("adopted", r.Adopted))
	}
	return e, nil
}

func matching(c *config.Config) match.Options {
	return match.Options{Alert: c.Matching.Alert, Review: c.Matching.Review}
}

// ears are what hears the buttons of the notifiers that have an app's token.
func ears(c *config.Config, bells []watcher.Bell, log *zap.Logger) (out []watcher.Ear) {
	var channels []*slack.Slack
	for _, b := range bells {
		if s, ok := b.Notifier.(*slack.Slack); ok {
			channels = append(channels, s)
		}
	}
	for _, l := range slack.Listeners(channels, c.Zone(), log) {
		out = append(out, l)
	}
	return out
}

// bells builds the notifiers. Buttons are shown only where somebody listens.
func bells(c *config.Config, console io.Writer, listens bool) ([]watcher.Bell, error) {
	var out []watcher.Bell
	for _, n := range c.Notifiers {
		send, err := sender(c, n, console, listens)
		if err != nil {
			return nil, usage("notifier %s: %v", n.ID, err)
		}
		b := watcher.Bell{
			ID: n.ID, Notifier: send, Detail: notifier.Detail(n.Detail), Events: n.Events, Tiers: n.Tiers, Tags: n.Tags,
			SkipEmpty: !n.DigestEmpty, Gather: n.Gather, Links: n.Links, Language: n.Language, Pace: n.Pace,
			Retry: n.Retry, RetryMax: n.RetryMax, GiveUpAfter: n.GiveUpAfter, LateAfter: n.LateAfter,
			Escalate: watcher.Escalate(n.Escalate), Sources: n.Sources, Quiet: watcher.Quiet(n.Quiet),
		}
		if n.Digest != nil {
			b.Digest = n.Digest
		}
		if n.Kind == "slack" {
			b.Channel = n.APIURL + " " + n.Channel + n.Webhook.Reveal() // never shown: it tells channels apart
		}
		out = append(out, b)
	}
	return out, nil
}

func sender(c *config.Config, n config.Notifier, console io.Writer, listens bool) (watcher.Notifier, error) {
	switch n.Kind {
	case "slack":
		return slack.New(slack.Options{
			ID: n.ID, Token: n.Token.Reveal(), Webhook: n.Webhook.Reveal(), Channel: n.Channel, APIURL: n.APIURL,
			AppToken: n.AppToken.Reveal(), Users: n.Users, Buttons: listens && n.AppToken.Set(),
		})
	case "email":
		return notifier.NewEmail(notifier.EmailOptions{
			ID: n.ID, SMTP: n.SMTP, Password: n.Password.Reveal(), From: n.From, To: n.To, Detail: notifier.Detail(n.Detail),
			PGPKeys: n.PGPKeys,
		})
	case "webhook":
		return notifier.NewWebhook(notifier.WebhookOptions{URL: n.URL, Secret: n.Secret.Reveal()})
	case "console":
		return notifier.NewConsole(console, isTerminal(console)), nil
	}
	return nil, fmt.Errorf("%q is no kind of notifier", n.Kind)
}

// newLog writes JSON lines to w. Nothing that is logged holds a value of the
// watchlist or a secret.
func newLog(w io.Writer, level zapcore.Level) *zap.Logger {
	enc := zap.NewProductionEncoderConfig()
	enc.TimeKey, enc.EncodeTime = "at", zapcore.RFC3339NanoTimeEncoder
	return zap.New(zapcore.NewCore(zapcore.NewJSONEncoder(enc), zapcore.Lock(zapcore.AddSync(w)), level))
}

// standing reads how the watch stands from the ledger, for commands beside it.
func standing(ctx context.Context, c *config.Config, s *store.Store) (store.Status, error) {
	ids := make([]string, 0, len(c.Sources))
	for _, x := range c.Sources {
		ids = append(ids, x.ID)
	}
	return watcher.ReadStatus(ctx, s, ids)
}

// readNote reads a note from standard input, at most 4 KiB.
func readNote(r io.Reader) (string, error) {
	b, err := io.ReadAll(io.LimitReader(r, 4<<10+1))
	if err != nil {
		return "", fmt.Errorf("reading the note: %w", err)
	}
	if len(b) > 4<<10 {
		return "", usage("the note is longer than 4 KiB")
	}
	return strings.TrimSpace(string(b)), nil
}
