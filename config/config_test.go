package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"tocsin"
)

// whole is a configuration that says nothing but what it must.
const whole = `sources:
  - {id: interpol-red, kind: interpol}
notifiers:
  - {id: terminal, kind: console}
`

// vault stands for the files beside a configuration.
type vault map[string]string

func (v vault) read(path string) (fileContent, error) {
	text, ok := v[path]
	switch path {
	case "forbidden":
		return fileContent{}, &fs.PathError{Op: "open", Path: path, Err: fs.ErrPermission}
	case "folder":
		return fileContent{}, errNotPlain
	}
	if !ok {
		return fileContent{}, fs.ErrNotExist
	}
	return fileContent{[]byte(text), 0o600}, nil
}

func noEnv(string) (string, bool) { return "", false }

// everythingBuilt empties the table of what is not built, for one test.
func everythingBuilt(t *testing.T) {
	t.Helper()
	kept := NotAvailable
	NotAvailable = nil
	t.Cleanup(func() { NotAvailable = kept })
}

func good(t *testing.T, text string, files vault) *Config {
	t.Helper()
	c, err := parse("tocsin.yaml", []byte(text), noEnv, files.read)
	if err != nil {
		t.Fatalf("refused:\n%v", err)
	}
	return c
}

func TestWhatIsLeftOutHasTheContractsDefaults(t *testing.T) {
	c := good(t, `sources:
  - {id: interpol-red, kind: interpol}
notifiers:
  - {id: terminal, kind: console}
  - {id: lawyers, kind: email, smtp: "smtp://mail.example.org", from: watch@example.org, to: [lawyer@example.org]}
  - {id: team, kind: slack, token_file: token, channel: C0123456}
`, vault{"token": "xoxb-fictional\n"})
	if c.Watchlist != "watchlist.csv" || c.Database != "sqlite:tocsin.db" || c.KeyFile != "tocsin.key" || c.Evidence != "evidence" ||
		c.Listen != "127.0.0.1:8080" || c.Zone() != time.UTC || c.Heartbeat != "" || c.Drill != nil || c.DatabaseKey.Set() || c.Matching != (Matching{}) {
		t.Errorf("top: %+v", c)
	}
	if want := (HTTP{UserAgent: DefaultUserAgent, Timeout: 30 * time.Second, MaxBody: 16 << 20}); !reflect.DeepEqual(c.HTTP, want) {
		t.Errorf("http: %+v", c.HTTP)
	}
	want := Source{
		ID: "interpol-red", Kind: "interpol", Line: 2, URL: "https://ws-public.interpol.int/notices/v1", Notices: "red",
		Newest: Every(time.Minute), Sweep: Every(time.Hour), Details: 72 * time.Hour, NewestBlindAfter: 15 * time.Minute,
		Pace: 2 * time.Second, Backoff: 30 * time.Second, BackoffMax: time.Hour, BlindAfter: 2 * time.Hour, Required: true,
	}
	if !reflect.DeepEqual(c.Sources, []Source{want}) {
		t.Errorf("source:\n%+v\nwant\n%+v", c.Sources, want)
	}
	both := []tocsin.Tier{tocsin.TierAlert, tocsin.TierReview}
	for i, detail := range []string{"full", "codename", "full"} {
		n := c.Notifiers[i]
		if n.Detail != detail || !reflect.DeepEqual(n.Events, tocsin.EventKinds) || !reflect.DeepEqual(n.Tiers, both) || n.Tags != nil ||
			n.Retry != time.Second || n.RetryMax != 5*time.Minute || n.GiveUpAfter != 72*time.Hour || n.LateAfter != 10*time.Minute ||
			n.Gather != 5 || n.Digest != nil || !n.DigestEmpty || n.Links {
			t.Errorf("notifier %s: %+v", n.ID, n)
		}
	}
	if n := c.Notifiers[2]; n.APIURL != "https://slack.com/api/" || n.Pace != time.Second || n.Token.Reveal() != "xoxb-fictional" {
		t.Errorf("slack: %+v", n)
	}
	if len(c.Warnings) != 0 {
		t.Errorf("warnings: %v", c.Warnings)
	}
}

func TestTheExampleOfTheDesignLoads(t *testing.T) {
	everythingBuilt(t)
	text, err := os.ReadFile(filepath.Join("testdata", "design.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	c := good(t, string(text), vault{"secrets/slack_bot_token": "xoxb-fictional", "secrets/slack_app_token": "xapp-fictional", "secrets/smtp_password": "fictional password"})
	team, _ := c.Notifier("team")
	if team.Escalate != (Escalate{15 * time.Minute, 2 * time.Hour, "<!subteam^S01>", 3, ""}) || team.Channel != "C0123456" {
		t.Errorf("team: %+v", team)
	}
	lawyers, _ := c.Notifier("lawyers")
	if lawyers.Password.Reveal() != "fictional password" || lawyers.SMTP.Host != "mail.example.org:587" || lawyers.SMTP.User.Username() != "alerts" {
		t.Errorf("lawyers: %+v", lawyers)
	}
	friday := time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC)
	if got := lawyers.Digest.Next(friday); !got.Equal(time.Date(2026, 5, 4, 8, 0, 0, 0, time.UTC)) {
		t.Errorf("the digest after Friday's is due %v", got)
	}
}

func TestEverythingTheContractHasIsRead(t *testing.T) {
	everythingBuilt(t)
	text, err := os.ReadFile(filepath.Join("testdata", "contract.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	c := good(t, string(text), vault{
		"key.txt": "AGE-SECRET-KEY-FICTIONAL", "db.key": strings.Repeat("0f", 32), "bot": "xoxb-a-fictional", "app": "xapp-b-fictional",
		"mail": "fictional", "lawyer.asc": "a key", "hook": "fictional",
	})
	if c.Watchlist != "people.csv.age" || c.WatchlistIdentity != "key.txt" || c.Database != "postgres://tocsin@db.example.org/tocsin" ||
		c.DatabaseKey.Reveal() != strings.Repeat("0f", 32) || c.Listen != "" || c.Heartbeat != "https://ping.example.org/x" ||
		c.Zone().String() != "Europe/Chisinau" || c.Matching != (Matching{0.8, 0.6}) || c.KeyFile != "/keys/tocsin.key" {
		t.Errorf("top: %+v", c)
	}
	if h := c.HTTP; h.Proxy != "socks5://127.0.0.1:9050" || h.UserAgent != "Example (watch@example.org)" || h.Timeout != time.Minute ||
		h.MaxBody != 1<<20 || !reflect.DeepEqual(h.Allow, []string{"127.0.0.1:8099", "10.0.0.0/8"}) {
		t.Errorf("http: %+v", h)
	}
	if got, want := c.Drill.Next(time.Date(2026, 5, 3, 0, 0, 0, 0, time.UTC)), time.Date(2026, 6, 1, 6, 0, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("the drill at nine in Chisinau is at %v, want %v", got, want)
	}
	red, _ := c.Source("interpol-red")
	if red.URL != "http://127.0.0.1:8099/notices/v1" || red.Newest != nil || red.NewestBlindAfter != 0 || red.Sweep != Every(200*time.Millisecond) ||
		red.Details != 0 || red.Pace != 100*time.Microsecond || red.BlindAfter != 3*time.Second || red.Backoff != time.Millisecond || red.BackoffMax != 5*time.Millisecond || red.Required {
		t.Errorf("interpol: %+v", red)
	}
	mirror, _ := c.Source("mirror")
	if mirror.WitnessFor != "interpol-red" || mirror.Dataset != "interpol_red_notices" || mirror.URL != "https://data.opensanctions.org/datasets/latest" ||
		mirror.Poll != Every(6*time.Hour) || mirror.BlindAfter != 18*time.Hour {
		t.Errorf("opensanctions: %+v", mirror)
	}
	feed, _ := c.Source("ipac")
	if !feed.FullText || feed.Lookback != 72*time.Hour || feed.BlindAfter != 30*time.Minute {
		t.Errorf("feed: %+v", feed)
	}
	if page, _ := c.Source("hk-police"); page.BlindAfter != 3*time.Hour {
		t.Errorf("page: %+v", page)
	}
	if news, _ := c.Source("world-news"); news.URL == "" || news.BlindAfter != 45*time.Minute {
		t.Errorf("gdelt: %+v", news)
	}
	team, _ := c.Notifier("team")
	if team.AppToken.Reveal() != "xapp-b-fictional" || strings.Join(team.Users, " ") != "U0123ABCD" || team.APIURL != "https://slack.example.org/api/" || !team.Links ||
		!reflect.DeepEqual(team.Events, []tocsin.EventKind{tocsin.Appeared, tocsin.Blind}) || !reflect.DeepEqual(team.Tiers, []tocsin.Tier{tocsin.TierAlert}) ||
		!reflect.DeepEqual(team.Tags, []string{"north"}) || team.Gather != 0 || team.Pace != 1500*time.Millisecond || team.LateAfter != 0 || team.GiveUpAfter != time.Hour {
		t.Errorf("slack: %+v", team)
	}
	lawyers, _ := c.Notifier("lawyers")
	if lawyers.Detail != "initials" || !reflect.DeepEqual(lawyers.PGPKeys, []string{"lawyer.asc"}) || lawyers.DigestEmpty {
		t.Errorf("email: %+v", lawyers)
	}
	if hook, _ := c.Notifier("hook"); hook.URL != "https://hook.example.org/tocsin" || hook.Secret.Reveal() != "fictional" {
		t.Errorf("webhook: %+v", hook)
	}
}

func TestPathsAreRelativeToTheConfiguration(t *testing.T) {
	c, err := parse("/etc/tocsin/tocsin.yaml", []byte("watchlist: lists/people.yaml\ndatabase: sqlite:/var/lib/tocsin.db\n"+whole), noEnv, vault{}.read)
	if err != nil {
		t.Fatal(err)
	}
	if c.Dir != "/etc/tocsin" || c.Watchlist != "/etc/tocsin/lists/people.yaml" || c.Database != "sqlite:/var/lib/tocsin.db" || c.Evidence != "/etc/tocsin/evidence" {
		t.Errorf("%+v", c)
	}
}

func TestJSONIsAccepted(t *testing.T) {
	c := good(t, `{"sources": [{"id": "interpol-red", "kind": "interpol", "details": 0, "required": false}],
	"notifiers": [{"id": "terminal", "kind": "console", "tags": []}], "listen": ""}`, nil)
	if c.Listen != "" || c.Sources[0].Details != 0 || c.Sources[0].Required {
		t.Errorf("%+v", c)
	}
}

func TestAMissingFileIsToldApartFromAMistake(t *testing.T) {
	_, err := Load(filepath.Join(t.TempDir(), "tocsin.yaml"), noEnv)
	var mistakes *Errors
	if !errors.Is(err, fs.ErrNotExist) || errors.As(err, &mistakes) {
		t.Errorf("%v", err)
	}
}

func TestTheExampleForInitIsGoodAsItStands(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "tocsin.yaml")
	if err := os.WriteFile(path, []byte(Example), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Load(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Warnings) != 0 {
		t.Errorf("it warns: %v", c.Warnings)
	}
	if len(c.Sources) != 1 || c.Sources[0].Notices != "red" || len(c.Notifiers) != 1 || c.Notifiers[0].Kind != "console" {
		t.Errorf("it has %+v and %+v", c.Sources, c.Notifiers)
	}
}

func TestEveryCommentedLineOfTheExampleIsGoodToo(t *testing.T) {
	var lines []string
	for _, l := range strings.Split(Example, "\n") {
		bare := strings.TrimLeft(l, " ")
		if rest, ok := strings.CutPrefix(bare, "# "); ok {
			trimmed := strings.TrimPrefix(strings.TrimSpace(rest), "- ")
			key, _, isKey := strings.Cut(trimmed, ":")
			if isKey && word.MatchString(strings.Trim(key, "{")) && strings.ToLower(key) == key && !strings.Contains(key, "://") {
				l = l[:len(l)-len(bare)] + rest
			}
		}
		lines = append(lines, l)
	}
	c := good(t, strings.Join(lines, "\n"), vault{
		"db.key": strings.Repeat("0", 64), "secrets/slack_bot_token": "xoxb-fictional", "secrets/slack_app_token": "xapp-fictional", "secrets/smtp_password": "fictional",
		"secrets/webhook": "fictional", "plays.yaml": "plays: [{for: blind, steps: [a]}]", "secrets/lawyer.asc": "a key: only that it is there counts here",
	})
	if len(c.Sources) != 5 || len(c.Notifiers) != 4 || !c.DatabaseKey.Set() {
		t.Errorf("%d sources and %d notifiers of\n%s", len(c.Sources), len(c.Notifiers), strings.Join(lines, "\n"))
	}
}

func TestTheConfiguredZoneGovernsSchedules(t *testing.T) {
	everythingBuilt(t)
	c := good(t, "timezone: Europe/Chisinau\n"+aSource+`notifiers: [{id: terminal, kind: console, digest: "0 8 * * *"}]`, nil)
	asked := time.Date(2026, 5, 3, 12, 0, 0, 0, time.UTC)
	if got, want := c.Notifiers[0].Digest.Next(asked), time.Date(2026, 5, 4, 5, 0, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("next %v, want %v", got, want)
	}
}

func TestAnEventNamedTwiceRingsOnce(t *testing.T) {
	c := good(t, aSource+"notifiers: [{id: terminal, kind: console, events: [blind, appeared, blind]}]", nil)
	if got := c.Notifiers[0].Events; !reflect.DeepEqual(got, []tocsin.EventKind{tocsin.Blind, tocsin.Appeared}) {
		t.Errorf("%v", got)
	}
}

func TestAFileTooLargeForAConfigurationIsNotRead(t *testing.T) {
	_, err := parse("tocsin.yaml", []byte(whole+strings.Repeat("#\n", mostConfig/2)), noEnv, vault{}.read)
	if err == nil || !strings.Contains(err.Error(), "larger than 1 MiB") {
		t.Errorf("%v", err)
	}
}

func TestTheSameMistakeIsToldOnce(t *testing.T) {
	p := Problem{"tocsin.yaml", 1, 2, "wrong"}
	if got := inOrder([]Problem{p, p}, nil); len(got) != 1 {
		t.Errorf("%v", got)
	}
}
