package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"go.uber.org/zap"

	"tocsin"
	"tocsin/config"
	"tocsin/sim"
	"tocsin/store"
	"tocsin/watchlist"
)

func demoCommand(g *globals) *cobra.Command {
	var fast bool
	c := &cobra.Command{
		Use: "demo", Short: "See it ring: the real pipeline against local stand-ins, with fictional people, in under a minute", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, cancel := context.WithTimeout(cmd.Context(), 2*time.Minute)
			defer cancel()
			return runDemo(ctx, g.out, isTerminal(g.out) && !fast)
		},
	}
	c.Flags().BoolVar(&fast, "fast", false, "do not pause for reading")
	return c
}

const demoWatchlist = `id,name,aliases,birth_date,nationalities,sex,codename,tags,note
p-017,Mira Varden,Мира Варден,1988-03-14,MD,F,HERON,,
p-044,林家豪,Lin Jiahao;Lam Ka Ho,1990,CN;HK,M,WREN,,
p-009,Darya Kosten,,1979-11-02,UA,F,KITE,,
p-101,Omar Said,,,,M,LARK,,
`

// demoConfig is an ordinary configuration, but for its haste.
const demoConfig = `listen: ""
sources:
  - {id: interpol-red, kind: interpol, notices: red, url: %q, newest: "@every 200ms", sweep: "@every 2s", details: 2s,
     pace: 1ms, backoff: 500ms, backoff_max: 1s, blind_after: 6s, newest_blind_after: 0}
  - {id: courier, kind: feed, url: %q, full_text: true, poll: "@every 500ms", pace: 1ms, blind_after: 1h}
notifiers:
  - {id: terminal, kind: console}
  - {id: team, kind: slack, token_file: slack_token, channel: C0DEMO, api_url: %q}
  - {id: lawyers, kind: email, smtp: %q, from: watch@example.org, to: [lawyer@example.org], detail: codename}
`

// demo tells a story: the narrator speaks, the pipeline rings.
type demo struct {
	out     io.Writer
	paced   bool
	notices *sim.Notices
	slack   *sim.Slack
	mail    *sim.Mail
	feed    *sim.Feed
	watch   *watch
	heard   int64 // the last event told
}

func runDemo(ctx context.Context, out io.Writer, paced bool) (err error) {
	// In memory where the system has such a folder: the story hurries, and a busy
	// disk would slow it.
	dir, err := os.MkdirTemp("/dev/shm", "tocsin-demo-")
	if err != nil {
		dir, err = os.MkdirTemp("", "tocsin-demo-")
	}
	if err != nil {
		return fmt.Errorf("making a folder for the demo: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	d := &demo{out: out, paced: paced}
	if err := d.stage(); err != nil {
		return err
	}
	defer d.strike()
	if err := d.open(ctx, dir); err != nil {
		return err
	}
	watching, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- d.watch.Run(watching) }()
	told := make(chan error, 1)
	go func() { told <- d.story(ctx) }()
	select {
	case err = <-told:
		stop()
		err = errors.Join(err, <-done)
	case err = <-done:
		if err == nil {
			err = errors.New("the watch stopped before the story ended")
		}
	}
	stop()
	return errors.Join(err, d.watch.store.Close())
}

// stage starts the stand-ins, on this machine alone.
func (d *demo) stage() error {
	d.notices = sim.NewNotices(sim.Options{LogLimit: 1})
	d.notices.Publish(sim.People(5, 180)...)
	d.notices.Publish(
		person("2025/31170", "KOSTEN", "DARYA", "1979/11/02", "UA", "F", "UA", "незаконне перетинання кордону"),
		person("2024/90034", "SAID", "OMAR ALI", "1968/01/01", "", "M", "EG", "الانضمام إلى جماعة محظورة"),
	)
	if err := d.notices.Listen("127.0.0.1:0"); err != nil {
		return err
	}
	var err error
	if d.slack, err = sim.NewSlack(sim.SlackOptions{Token: "xoxb-demo", Channels: []string{"C0DEMO"}}); err != nil {
		return err
	}
	if d.mail, err = sim.NewMail(sim.MailOptions{}); err != nil {
		return err
	}
	if d.feed, err = sim.NewFeed("The Ruritanian Courier"); err != nil {
		return err
	}
	d.feed.Publish(sim.Item{ID: "1", Path: "/news/1", Title: "Rain in the north", Summary: "And wind from the west.", Story: "Rain is expected in the north on Monday, and wind from the west.",
		Published: time.Now().Add(-time.Hour)})
	return nil
}

func (d *demo) strike() {
	for _, c := range []io.Closer{d.notices, d.slack, d.mail, d.feed} {
		_ = c.Close() // they end with the process in any case
	}
}

func person(id, family, fore, born, nationality, sex, by, charge string) sim.Row {
	r := sim.Row{
		EntityID: id, Name: sim.Str(family), Forename: sim.Str(fore), DateOfBirth: sim.Str(born), Sex: sex, Photo: "6" + id[5:],
		Warrants: []sim.Warrant{{Country: by, Charge: charge}},
	}
	if nationality != "" {
		r.Nationalities = []string{nationality}
	}
	return r
}

// open writes an ordinary configuration and starts from it, as 'tocsin run' does.
func (d *demo) open(ctx context.Context, dir string) error {
	files := map[string]string{
		"watchlist.csv": demoWatchlist, "slack_token": "xoxb-demo",
		"tocsin.yaml": fmt.Sprintf(demoConfig, d.notices.URL(), d.feed.URL(), d.slack.URL(), d.mail.URL()),
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	c, err := config.Load(filepath.Join(dir, "tocsin.yaml"), os.LookupEnv)
	if err != nil {
		return err
	}
	list, _, err := watchlist.Read(c.Watchlist, watchlist.Options{RequireIDs: true})
	if err != nil {
		return err
	}
	d.watch, err = newWatch(ctx, c, list, watchOptions{log: zap.NewNop(), console: d.out, now: time.Now})
	return err
}

func (d *demo) story(ctx context.Context) error {
	d.say("This is tocsin's own pipeline, run against stand-ins on this machine: a notice service like INTERPOL's with %d notices,", d.notices.Len())
	d.say("a newspaper's feed, a Slack and a mail server. Everybody is invented. Four people are on the watchlist.")
	steps := []func(context.Context) error{d.firstLook, d.appears, d.changes, d.mentioned, d.hostile, d.goes, d.end}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (d *demo) firstLook(ctx context.Context) error {
	d.chapter("The first look: what was there already is told once, together")
	return d.hear(ctx, 4, tocsin.Listed, tocsin.Listed)
}

func (d *demo) appears(ctx context.Context) error {
	d.chapter("A notice is published")
	began := time.Now()
	d.notices.Publish(person("2026/48213", "VARDEN", "MIRA ILSE", "1988/03/14", "MD", "F", "MD", "participation à une organisation illégale"))
	if err := d.hear(ctx, 0, tocsin.Appeared); err != nil {
		return err
	}
	d.say("Published to told: %.1f s. (With the default settings, within about a minute.)", time.Since(began).Seconds())
	return d.read(ctx, 7)
}

func (d *demo) changes(ctx context.Context) error {
	d.chapter("A second charge is added. The list does not show it: only the notice's own page does")
	d.notices.Edit("2026/48213", func(r *sim.Row) {
		r.Warrants = append(r.Warrants, sim.Warrant{Country: "MD", Charge: "escroquerie"})
	})
	return d.hear(ctx, 5, tocsin.Changed)
}

func (d *demo) mentioned(ctx context.Context) error {
	d.chapter("A newspaper's feed has a new article. Its title names nobody: its page does, as it does of every article that is read")
	d.feed.Publish(sim.Item{
		ID: "2", Path: "/news/2", Title: "Three held at the airport", Summary: "A police report.", Published: time.Now(),
		Story: "Police at the airport said on Sunday that three passengers had been taken aside before a flight to the coast.\n" +
			"The writer Omar Said was arrested on a Red Notice, his lawyer said, and the kingdom will ask for his extradition.",
	})
	return d.hear(ctx, 6, tocsin.Mentioned)
}

func (d *demo) hostile(ctx context.Context) error {
	d.chapter("The service turns hostile: every request is refused. Silence must not pass for a \"no\"")
	restore := d.notices.AddFault(sim.Fault{Kind: sim.Refused})
	if err := d.hear(ctx, 6, tocsin.Blind); err != nil {
		return err
	}
	d.chapter("Behind the wall, another notice is published. Then the service answers again")
	d.notices.Publish(person("2026/50021", "LIN", "JIAHAO", "1990/06/04", "CN", "M", "CN", "煽动颠覆国家政权"))
	restore()
	return d.hear(ctx, 7, tocsin.Recovered, tocsin.Appeared)
}

func (d *demo) goes(ctx context.Context) error {
	d.chapter("The first notice is taken from the list. It is said only after two complete looks and the page's own 404")
	d.notices.Withdraw("2026/48213")
	return d.hear(ctx, 5, tocsin.Disappeared)
}

func (d *demo) end(ctx context.Context) error {
	if err := d.settled(ctx); err != nil {
		return err
	}
	messages := d.slack.Messages()
	threads := 0
	for _, m := range messages {
		if m.Thread != "" {
			threads++
		}
	}
	mails := d.mail.Messages()
	d.chapter("Meanwhile")
	d.say("Slack has %d messages, %d of them in the threads of their cases. The lawyers have %d mails, which name nobody. The last one reads:", len(messages), threads, len(mails))
	if len(mails) > 0 {
		last := mails[len(mails)-1]
		_, _ = fmt.Fprintf(d.out, "\n  Subject: %s\n", last.Header.Get("Subject"))
		for _, l := range strings.Split(strings.TrimSpace(last.Text), "\n") {
			_, _ = fmt.Fprintln(d.out, "  │ "+strings.TrimRight(l, "\r"))
		}
	}
	d.chapter("Yours: tocsin init, put your people into watchlist.csv, tocsin check, tocsin run")
	return nil
}

// chapter prints a heading of the narrator's.
func (d *demo) chapter(format string, a ...any) {
	text := "▸ " + fmt.Sprintf(format, a...)
	if d.paced {
		text = "\x1b[36m" + text + "\x1b[0m"
	}
	_, _ = fmt.Fprintf(d.out, "\n%s\n\n", text)
}

func (d *demo) say(format string, a ...any) {
	_, _ = fmt.Fprintf(d.out, format+"\n", a...)
}

// hear waits until the ledger has events of these kinds and the terminal has
// shown them, then gives the reader some seconds.
func (d *demo) hear(ctx context.Context, seconds int, kinds ...tocsin.EventKind) error {
	missing := append([]tocsin.EventKind{}, kinds...)
	limit := time.Now().Add(40 * time.Second)
	for time.Now().Before(limit) {
		events, err := d.watch.store.Events(ctx, store.EventFilter{After: d.heard})
		if err != nil {
			return err
		}
		for _, e := range events {
			if !delivered(e, "terminal") {
				break
			}
			d.heard = e.Seq
			for i, k := range missing {
				if e.Kind == k {
					missing = append(missing[:i], missing[i+1:]...)
					break
				}
			}
		}
		if len(missing) == 0 {
			return d.read(ctx, seconds)
		}
		if err := pause(ctx, 10*time.Millisecond); err != nil {
			return err
		}
	}
	return fmt.Errorf("the demo waited in vain for %v", missing)
}

// settled waits until nothing is owed to anybody.
func (d *demo) settled(ctx context.Context) error {
	for {
		st, err := d.watch.Status(ctx)
		if err != nil || st.Deliveries.Pending == 0 {
			return err
		}
		if err := pause(ctx, 10*time.Millisecond); err != nil {
			return err
		}
	}
}

func delivered(e tocsin.Event, to string) bool {
	for _, dl := range e.Deliveries {
		if dl.Notifier == to {
			return dl.State == tocsin.Sent
		}
	}
	return false
}

func (d *demo) read(ctx context.Context, seconds int) error {
	if !d.paced {
		return nil
	}
	return pause(ctx, time.Duration(seconds)*time.Second)
}

func pause(ctx context.Context, t time.Duration) error {
	timer := time.NewTimer(t)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
