package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"tocsin"
	"tocsin/sim"
	"tocsin/store"
)

// binary builds the program once, as it is released.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "tocsin-test-")
	if err != nil {
		return "", err
	}
	return buildIn(dir)
})

// buildIn makes the program in a folder, as it is released, and gives its path.
func buildIn(dir string, flags ...string) (string, error) {
	path := filepath.Join(dir, "tocsin")
	c := exec.Command("go", slices.Concat([]string{"build", "-trimpath", "-ldflags", "-s -w", "-o", path}, flags, []string{"."})...)
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the program: %w\n%s", err, out)
	}
	return path, nil
}

// house is an installation in a folder, with the services it talks to, driven
// through the built program alone.
type house struct {
	t       testing.TB
	bin     string
	dir     string
	notices *sim.Notices
	slack   *sim.Slack
	mail    *sim.Mail
	log     string // what daemons wrote to standard error, all of them
}

const houseConfig = `listen: "127.0.0.1:0"
sources:
  - {id: interpol-red, kind: interpol, notices: red, url: %q, newest: "@every 1s", sweep: "@every 2s", details: 0,
     pace: 100us, backoff: 100ms, backoff_max: 500ms, blind_after: 1h, newest_blind_after: 0}
notifiers:
  - {id: team, kind: slack, token_file: slack_token, channel: C0HOUSE, api_url: %q, pace: 100us, retry: 50ms, retry_max: 500ms, gather: 0}
  - {id: lawyers, kind: email, smtp: %q, from: watch@example.org, to: [lawyer@example.org], detail: codename, retry: 50ms, retry_max: 500ms, gather: 0}
`

func newHouse(t testing.TB, config, watchlist string, rows ...sim.Row) *house {
	t.Helper()
	bin, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, bin: bin, dir: t.TempDir(), notices: sim.NewNotices(sim.Options{})}
	h.notices.Publish(rows...)
	if err := h.notices.Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	if h.slack, err = sim.NewSlack(sim.SlackOptions{Token: "xoxb-house-secret", AppToken: "xapp-house-secret", Channels: []string{"C0HOUSE"}}); err != nil {
		t.Fatal(err)
	}
	if h.mail, err = sim.NewMail(sim.MailOptions{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.notices.Close(); h.slack.Close(); h.mail.Close() })
	h.log = filepath.Join(h.dir, "log")
	h.write("slack_token", "xoxb-house-secret")
	h.write("app_token", "xapp-house-secret")
	h.write("watchlist.csv", watchlist)
	h.write("tocsin.yaml", fmt.Sprintf(config, h.notices.URL(), h.slack.URL(), h.mail.URL()))
	return h
}

// write puts a whole file in place at once.
func (h *house) write(name, text string) {
	h.t.Helper()
	path := filepath.Join(h.dir, name)
	if err := os.WriteFile(path+".new", []byte(text), 0o600); err != nil {
		h.t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		h.t.Fatal(err)
	}
}

// daemon is one 'tocsin run'.
type daemon struct {
	h    *house
	cmd  *exec.Cmd
	done chan error
	over error
	out  *bytes.Buffer // standard output: results only
}

func (h *house) run() *daemon {
	h.t.Helper()
	log, err := os.OpenFile(h.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		h.t.Fatal(err)
	}
	defer log.Close() // the daemon has its own
	d := &daemon{h: h, cmd: exec.Command(h.bin, "run", "-c", filepath.Join(h.dir, "tocsin.yaml")), done: make(chan error, 1), out: new(bytes.Buffer)}
	d.cmd.Stderr, d.cmd.Stdout = log, d.out
	if err := d.cmd.Start(); err != nil {
		h.t.Fatal(err)
	}
	go func() { d.done <- d.cmd.Wait() }()
	h.t.Cleanup(func() { d.kill() })
	return d
}

// kill ends it as a power cut would.
func (d *daemon) kill() {
	if d.cmd.ProcessState == nil {
		_ = d.cmd.Process.Kill() // it may have ended by itself
	}
	d.wait(10 * time.Second)
}

// stop tells it to end, and is how it ended.
func (d *daemon) stop(limit time.Duration) error {
	if err := d.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return d.wait(limit)
}

// wait is how it ended, and an error if it has not by then.
func (d *daemon) wait(limit time.Duration) error {
	if d.done == nil {
		return d.over
	}
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case d.over = <-d.done:
		d.done = nil
		return d.over
	case <-timer.C:
		return errors.New("it still runs")
	}
}

// command runs the program beside the daemon and returns what it printed.
func (h *house) command(args ...string) (stdout, stderr string, code int) {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, h.bin, append(args, "-c", filepath.Join(h.dir, "tocsin.yaml"))...)
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	err := c.Run()
	var x *exec.ExitError
	if err != nil && !errors.As(err, &x) {
		h.t.Fatal(err)
	}
	return out.String(), errs.String(), c.ProcessState.ExitCode()
}

// events reads the ledger through 'history --json'.
func (h *house) events() []tocsin.Event {
	h.t.Helper()
	out, errs, code := h.command("history", "--json")
	if code == 1 && (strings.Contains(errs, "does not exist") || strings.Contains(errs, "no ledger in it")) {
		return nil
	}
	if code != 0 {
		h.t.Fatalf("history exits with %d: %s", code, errs)
	}
	var list []tocsin.Event
	for line := range strings.Lines(out) {
		var e tocsin.Event
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			h.t.Fatalf("history printed %q: %v", line, err)
		}
		list = append(list, e)
	}
	return list
}

// status reads 'status --json'.
func (h *house) status() store.Status {
	h.t.Helper()
	out, errs, code := h.command("status", "--json")
	var st store.Status
	if err := json.Unmarshal([]byte(out), &st); err != nil || code != 0 {
		h.t.Fatalf("status exits with %d, %v: %s%s", code, err, out, errs)
	}
	return st
}

// until asks again and again whether something has come to be.
func (h *house) until(what string, limit time.Duration, is func() bool) {
	h.t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	end := time.NewTimer(limit)
	defer end.Stop()
	for !is() {
		select {
		case <-tick.C:
		case <-end.C:
			log, _ := os.ReadFile(h.log)
			h.t.Fatalf("waited %s in vain: %s\n%s", limit, what, tail(log, 30))
		}
	}
}

func tail(log []byte, n int) string {
	lines := strings.Split(strings.TrimSpace(string(log)), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}

// settled reports whether all events have been delivered to everybody.
func settled(events []tocsin.Event) bool {
	for _, e := range events {
		for _, d := range e.Deliveries {
			if d.State == tocsin.Pending {
				return false
			}
		}
	}
	return true
}

// address is where the daemon's pages are, as its log says.
func (h *house) address() string {
	f, err := os.Open(h.log)
	if err != nil {
		return ""
	}
	defer f.Close() // only read
	found := ""
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var l struct{ Msg, Listen string }
		if json.Unmarshal(lines.Bytes(), &l) == nil && l.Msg == "pages" {
			found = "http://" + l.Listen
		}
	}
	return found
}

func (h *house) page(path string) (int, string) {
	h.t.Helper()
	r, err := http.Get(h.address() + path)
	if err != nil {
		return 0, err.Error()
	}
	defer r.Body.Close() // only read
	b, err := io.ReadAll(r.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return r.StatusCode, string(b)
}

const vardenEntry = `p-017,Mira Varden,Мира Варден,1988,MD,F,HERON,north,"note: ask Amina first"` + "\n"

const csvHeader = "id,name,aliases,birth_date,nationalities,sex,codename,tags,note\n"

// whole are n rows of fictional people with a name in both fields and a birth
// date to the day, as not all have.
func whole(seed uint64, n int) []sim.Row {
	var out []sim.Row
	for _, r := range sim.People(seed, 2*n+50) {
		if r.Name != nil && r.Forename != nil && r.DateOfBirth != nil && len(*r.DateOfBirth) == 10 && len(*r.Name) > 2 && len(*r.Forename) > 2 && len(out) < n {
			out = append(out, r)
		}
	}
	return out
}

func vardenNotice() sim.Row {
	return person("2026/48213", "VARDEN", "MIRA ILSE", "1988/03/14", "MD", "F", "MD", "participation à une organisation illégale")
}

func TestRunTellsAnAppearanceAndEndsInOrder(t *testing.T) {
	h := newHouse(t, houseConfig, csvHeader+vardenEntry, sim.People(3, 300)...)
	d := h.run()
	h.until("the first complete look", 30*time.Second, func() bool {
		st := h.status()
		return len(st.Sources) == 1 && st.Sources[0].State == "ok"
	})
	if code, body := h.page("/readyz"); code != 200 {
		t.Errorf("/readyz answers %d: %s", code, body)
	}
	h.notices.Publish(vardenNotice())
	h.until("the appearance in Slack and by mail", 20*time.Second, func() bool { return len(h.slack.Messages()) == 1 && len(h.mail.Messages()) == 1 })

	// A decision made beside the daemon shows in the living message.
	c := h.events()[0].Case
	if _, errs, code := h.command("decide", c, "ack", "--by", "amina"); code != 0 {
		t.Fatalf("decide exits with %d: %s", code, errs)
	}
	h.until("the decision in the Slack message", 5*time.Second, func() bool { return strings.Contains(string(h.slack.Messages()[0].Blocks), "amina") })

	// A second daemon, and a poll, are refused beside this one.
	for _, verb := range []string{"run", "poll"} {
		if _, errs, code := h.command(verb); code != 1 || !strings.Contains(errs, "in use") {
			t.Errorf("%s beside a daemon exits with %d: %s", verb, code, errs)
		}
	}

	if err := d.stop(10 * time.Second); err != nil {
		t.Errorf("after SIGTERM: %v", err)
	}
	if d.out.Len() > 0 {
		t.Errorf("standard output is for results, and has %q", d.out)
	}
}

func TestWatchlistEditsTakeEffectAndBrokenOnesAreSaid(t *testing.T) {
	h := newHouse(t, houseConfig, csvHeader+vardenEntry, append(sim.People(3, 100), person("2025/31170", "KOSTEN", "DARYA", "1979/11/02", "UA", "F", "UA", "fraud"))...)
	h.run()
	h.until("the first complete look", 30*time.Second, func() bool { return h.status().Sources[0].State == "ok" })

	kosten := "p-009,Darya Kosten,,1979-11-02,UA,F,KITE,,\n"
	h.write("watchlist.csv", csvHeader+vardenEntry+kosten)
	h.until("the added person's listing", 5*time.Second, func() bool {
		es := h.events()
		return len(es) == 1 && es[0].Kind == tocsin.Listed && es[0].Person == "p-009"
	})

	others := "p-101,Omar Said,,,,,,,\np-102,Ewa Lipska,,,,,,,\n"
	h.write("watchlist.csv", csvHeader+vardenEntry+kosten+others)
	h.until("four people", 5*time.Second, func() bool { return h.status().People == 4 })

	h.write("watchlist.csv", csvHeader+vardenEntry+kosten+others+"p-010,Somebody Quoted,,1979-13-02,,,,,\n")
	h.until("the mistake in status", 5*time.Second, func() bool { return strings.Contains(h.status().Watchlist.Error, ":6:") })
	if st := h.status(); st.People != 4 || strings.Contains(st.Watchlist.Error, "Somebody") {
		t.Errorf("status is %+v", st.Watchlist)
	}

	h.write("watchlist.csv", csvHeader+kosten)
	h.until("a list that lost most of its people in status", 5*time.Second, func() bool { return strings.Contains(h.status().Watchlist.Error, "watchlist accept") })
	if st := h.status(); st.People != 4 {
		t.Errorf("%d people are watched, want all", st.People)
	}
	if out, errs, code := h.command("watchlist", "accept"); code != 0 {
		t.Fatalf("watchlist accept exits with %d: %s%s", code, out, errs)
	}
	h.until("the accepted list in force", 5*time.Second, func() bool { st := h.status(); return st.People == 1 && st.Watchlist.Error == "" })
	if n := len(h.events()); n != 1 {
		t.Errorf("%d events, want the one", n)
	}
}
