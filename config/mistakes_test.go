package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// mistakes are what is wrong with a text, one a line as Error prints them.
func mistakes(t *testing.T, text string, env map[string]string, files vault) []string {
	t.Helper()
	lookup := func(name string) (string, bool) { v, ok := env[name]; return v, ok }
	_, err := parse("tocsin.yaml", []byte(text), lookup, files.read)
	if err == nil {
		return nil
	}
	var e *Errors
	if !errors.As(err, &e) {
		t.Fatalf("%T: %v", err, err)
	}
	var out []string
	for _, p := range e.Problems {
		out = append(out, p.String())
	}
	return out
}

const (
	aSource   = "sources: [{id: interpol-red, kind: interpol}]\n"
	aNotifier = "notifiers: [{id: terminal, kind: console}]\n"
)

// placeOf begins a message about the last place where at stands in text.
func placeOf(text, at string) string {
	before := text[:strings.LastIndex(text, at)]
	line := before[strings.LastIndexByte(before, '\n')+1:]
	return fmt.Sprintf("tocsin.yaml:%d:%d: ", 1+strings.Count(before, "\n"), 1+len(line))
}

func TestEachMistakeIsToldWithItsPlaceAndItsRemedy(t *testing.T) {
	source := func(keys string) string {
		return aNotifier + "sources:\n- {id: interpol-red, kind: interpol, " + keys + "}"
	}
	console := func(keys string) string {
		return aSource + "notifiers:\n- {id: terminal, kind: console, " + keys + "}"
	}
	slack := func(keys string) string { return aSource + "notifiers:\n- {id: team, kind: slack, " + keys + "}" }
	email := func(keys string) string { return aSource + "notifiers:\n- {id: post, kind: email, " + keys + "}" }
	const addressed = "from: watch@example.org, to: [lawyer@example.org], "
	for _, c := range []struct{ name, text, at, want string }{
		{"an empty file", "# nothing\n", "# nothing", "tocsin init"},
		{"a list for a file", "- a\n", "- a", "keys with their values"},
		{"no sources", aNotifier, "notifiers: ", "sources is missing: write at least one, such as"},
		{"no notifiers", aSource, "sources: [{", "notifiers is missing"},
		{"an empty list of sources", "sources: []\n" + aNotifier, "[]", "sources is empty"},
		{"sources that are no list", "sources: 3\n" + aNotifier, "3", "sources is a whole number: write a list"},
		{"a source that is no mapping", "sources: [red]\n" + aNotifier, "red]", "text, where keys with their values are expected"},
		{"an unknown key at the top", "wachtlist: x\n" + whole, "wachtlist: ", `unknown key "wachtlist": did you mean watchlist?`},
		{"a key like no other", "color: x\n" + whole, "color: x", "known here are watchlist"},
		{"an unknown key of a source", source(`sweeep: "@every 1h"`), "sweeep: \"@e", `"sweeep": did you mean sweep?`},
		{"a key of another kind", source("full_text: true"), "full_text: ", "full_text is for kind feed: leave it out"},
		{"an unknown key of http", "http: {user_agnet: x}\n" + whole, "user_agnet:", "did you mean user_agent"},
		{"an unknown key of matching", "matching: {alarm: 1}\n" + whole, "alarm: 1", "known here are alert, review"},
		{"a key without a value", "watchlist:\n" + whole, "\nsources", "watchlist has no value"},
		{"a number for a file", "watchlist: 3\n" + whole, "3", "watchlist is a whole number"},
		{"a shell's home", "watchlist: ~/people.csv\n" + whole, "~/people.cs", "whole path"},
		{"an id twice", aNotifier + "sources:\n- {id: red, kind: interpol}\n- {id: red, kind: interpol}", "red, kind: ", "the same id as on line 3"},
		{"an id that is no name", aNotifier + "sources:\n- {id: a b, kind: interpol}", "a b, kind: ", "letters, digits"},
		{"no id", aNotifier + "sources:\n- {kind: interpol}", "{kind: inte", "id is missing"},
		{"no kind", aNotifier + "sources:\n- {id: red}", "{id: red", "kind is missing: write interpol, opensanctions"},
		{"an unknown kind", aNotifier + "sources:\n- {id: red, kind: interpool}", "interpool", "did you mean interpol?"},
		{"an unknown kind of notifier", aSource + "notifiers:\n- {id: t, kind: sms}", "sms", `unknown kind "sms": write slack, email, webhook or console`},
		{"an unknown colour", source("notices: blue"), "blue", "write red, yellow or un"},
		{"a duration without a unit", source("pace: 2"), "2", "pace has no unit: write a duration such as 2s"},
		{"no duration", source("pace: fast"), "fast", "pace is no duration"},
		{"a duration in days", source("details: 3d"), "3d", "write hours"},
		{"a negative duration", source("pace: -2s"), "-2s", "cannot be negative"},
		{"too short a duration", source("pace: 10us"), "10us", "100us or longer"},
		{"no schedule", source("sweep: often"), "often", `not a schedule: write "@every 15m"`},
		{"six cron fields", source(`sweep: "0 0 8 * * 1"`), "\"0 0 8 * * ", "five cron fields"},
		{"a bad @every", source(`sweep: "@every day"`), "\"@every day", "after @every a duration"},
		{"too short an interval", source(`sweep: "@every 1us"`), "\"@every 1us", "too short an interval"},
		{"a day that never comes", source(`sweep: "0 0 30 2 *"`), "\"0 0 30 2 *", "never comes"},
		{"a schedule with a zone", source(`sweep: "TZ=UTC 0 0 1 1 *"`), "\"TZ=UTC 0 0", "set timezone"},
		{"a zone and nothing else", source(`sweep: "CRON_TZ="`), "\"CRON_TZ=\"", "set timezone"},
		{"a sweep turned off", source("sweep: 0"), "0", "cannot be turned off"},
		{"blindness to a page that is not read", source("newest: 0, newest_blind_after: 5m"), "5m", "while newest is off"},
		{"a longest wait below the first", source("backoff: 1m, backoff_max: 30s"), "30s", "backoff_max is shorter than backoff: write 1m or longer"},
		{"no address", source("url: interpol.int"), "interpol.in", "url is no address"},
		{"an address of another scheme", source("url: ftp://example.org"), "ftp://examp", "does not fit"},
		{"an address with a query", source("url: https://example.org/v1?page=1"), "https://exa", "no ? or #"},
		{"no port", source("url: https://example.org:99999"), "https://exa", "1 to 65535"},
		{"a word for true", source("required: maybe"), "maybe", "write true or false"},
		{"a bad zone", "timezone: Atlantis\n" + whole, "Atlantis", "there is no time zone of this name"},
		{"a bad listen", "listen: 8080\n" + whole, "8080", "HOST:PORT"},
		{"a bare database", "database: tocsin.db\n" + whole, "tocsin.db", "write sqlite:FILE"},
		{"a database in memory", `database: "sqlite::memory:"` + "\n" + whole, "\"sqlite::me", "names no file"},
		{"a score above one", "matching: {alert: 80}\n" + whole, "80", "between 0 and 1"},
		{"scores upside down", "matching: {alert: 0.6, review: 0.8}\n" + whole, "0.8", "review is above alert"},
		{"no size", "http: {max_body: huge}\n" + whole, "huge", "write one such as 16MiB"},
		{"too small a size", "http: {max_body: 16}\n" + whole, "16", "between 1KiB and 1GiB"},
		{"no time-out", "http: {timeout: 0}\n" + whole, "0", "cannot be turned off"},
		{"a bad proxy", "http: {proxy: gopher://example.org}\n" + whole, "gopher://ex", "socks5://HOST:PORT"},
		{"a bad exception", "http: {allow: [example.org]}\n" + whole, "example.org", "host:port or a range"},
		{"an unknown event", console("events: [apeared]"), "apeared]", "did you mean appeared?"},
		{"no event", console("events: []"), "[]", "leave the key out for all"},
		{"an unknown tier", console("tiers: [loud]"), "loud]", "write alert or review"},
		{"an unknown detail", console("detail: some"), "some", "full, initials or codename"},
		{"a word for a list", console("tags: north"), "north", "tags is text: write a list"},
		{"a bad gather", console("gather: -1"), "-1", "between 0 and 10000"},
		{"no token", slack("channel: C0123456"), "{id: team, ", "token_file is missing"},
		{"no channel", slack("token_file: token"), "{id: team, ", "channel is missing"},
		{"a channel's name", slack("token_file: token, channel: \"#alerts\""), "\"#alerts\"", "channel is no id"},
		{"a token and a webhook", slack("token_file: token, channel: C0123456, webhook_file: hook"), "hook", "leave one out"},
		{"a webhook that is none", slack("webhook_file: token"), "token", "the webhook is no address"},
		{"a missing file of a secret", slack("token_file: nowhere, channel: C0123456"), "nowhere, ch", "token_file: there is no such file: write the bot's token"},
		{"a file of a secret of another user", slack("token_file: forbidden, channel: C0123456"), "forbidden,", fmt.Sprintf("may not be read by this user: what is in it may be right: give it to the user that Tocsin runs as (chown %d and chmod 600", os.Getuid())},
		{"a folder for a secret", slack("token_file: folder, channel: C0123456"), "folder, ch", "name the file itself (Docker makes a folder"},
		{"an empty file of a secret", slack("token_file: empty, channel: C0123456"), "empty, chan", "nothing is in it"},
		{"a file with two lines", slack("token_file: two, channel: C0123456"), "two, channe", "more than one line"},
		{"a secret and its file", slack("token: \"${TOKEN}\", token_file: token, channel: C0123456"), "\"${TOKEN}\",", "leave one out"},
		{"an unset variable", slack("token: \"${NOWHERE}\", channel: C0123456"), "\"${NOWHERE", "the environment variable NOWHERE is not set"},
		{"half a variable", source(`url: "https://${HOST"`), "\"https://${", "write ${NAME}"},
		{"an unset variable elsewhere", source(`url: "${NOWHERE}"`), "\"${NOWHERE", "NOWHERE is not set"},
		{"no smtp", email(addressed), "{id: post, ", "smtp is missing"},
		{"smtp of another scheme", email(addressed + "smtp: https://example.org"), "https://exa", "smtp://USER@HOST:587"},
		{"smtp with a path", email(addressed + "smtp: smtp://example.org/x"), "smtp://exam", "behind the port"},
		{"smtp with another option", email(addressed + "smtp: \"smtp://example.org?tls=no\""), "\"smtp://exa", "?starttls=no and nothing else"},
		{"a user without a password", email(addressed + "smtp: smtp://u@example.org"), "smtp://u@ex", "write password_file"},
		{"a password without a user", email(addressed + "smtp: smtp://example.org, password_file: token"), "token", "names no user"},
		{"no sender", email("to: [lawyer@example.org], smtp: smtp://example.org"), "{id: post, ", "from is missing"},
		{"a bad sender", email("from: me, to: [lawyer@example.org], smtp: smtp://example.org"), "me, to: [la", "no mail address"},
		{"no reader", email("from: watch@example.org, smtp: smtp://example.org"), "{id: post, ", "to is missing"},
		{"an empty list of readers", email("from: watch@example.org, to: [], smtp: smtp://example.org"), "[], smtp: s", "to is empty"},
		{"a bad reader", email("from: watch@example.org, to: [you], smtp: smtp://example.org"), "you], smtp:", "no mail address"},
		{"a bad key of a database", "database_key_file: token\n" + whole, "token", "64 hexadecimal digits"},
		{"no identity", "watchlist_identity_file: nowhere\n" + whole, "nowhere", "no such file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := mistakes(t, c.text, map[string]string{"TOKEN": "xoxb-fictional"}, vault{"token": "xoxb-fictional", "empty": "\n", "two": "a\nb", "hook": "https://hooks.example.org/x"})
			if len(got) != 1 {
				t.Fatalf("%d mistakes, want one:\n%s", len(got), strings.Join(got, "\n"))
			}
			if place := placeOf(c.text, c.at); !strings.HasPrefix(got[0], place) || !strings.Contains(got[0], c.want) {
				t.Errorf("got  %s\nwant %s…%s…", got[0], place, c.want)
			}
		})
	}
}

func TestMistakesInWhatIsNotBuiltYetAreToldToo(t *testing.T) {
	everythingBuilt(t)
	red := aNotifier + "sources:\n- {id: interpol-red, kind: interpol}\n- {id: other, "
	slack := aSource + "notifiers:\n- {id: team, kind: slack, token_file: token, channel: C0123456, "
	email := aSource + "notifiers:\n- {id: post, kind: email, smtp: smtp://example.org, from: watch@example.org, to: [lawyer@example.org], "
	for _, c := range []struct{ name, text, at, want string }{
		{"a witness for nobody", red + "kind: opensanctions, witness_for: interpol-rad}", "interpol-rad", "the id of one"},
		{"a witness for itself", red + "kind: opensanctions, witness_for: other}", "other}", "the id of one"},
		{"a data set that is none", red + "kind: opensanctions, dataset: a/b}", "a/b", "no name of a data set"},
		{"a feed without an address", red + "kind: feed}", "{id: other", "url is missing"},
		{"a page without an address", red + "kind: page}", "{id: other", "url is missing"},
		{"a feed that is never asked", red + "kind: feed, url: https://example.org/feed, poll: 0}", "0}", "poll cannot be turned off"},
		{"a sweep of a feed", red + "kind: feed, url: https://example.org/feed, sweep: 1h}", "sweep", "for kind interpol"},
		{"a heartbeat to nowhere", "heartbeat: soon\n" + whole, "soon", "the address to ping"},
		{"quiet hours without an end", slack + "quiet: {from: \"22:00\"}}", "{from", "to is missing"},
		{"quiet hours that are none", slack + "quiet: {from: \"22:00\", to: \"24:00\"}}", "\"24:00\"", "no time of the day"},
		{"quiet hours without end", slack + "quiet: {from: \"22:00\", to: \"22:00\"}}", "\"22:00\"}", "the same as from"},
		{"a source that there is not", slack + "sources: [nowhere]}", "nowhere", "no source of this id"},
		{"an escalation to nobody", slack + "escalate: {after: 15m}}", "{after", "to is missing"},
		{"an escalation that is a word", slack + "escalate: soon}", "soon", "escalate is text"},
		{"an escalation that goes on for ever", slack + "escalate: {after: 15m, to: x, repeat: 11}}", "11}", "from 1 to 10"},
		{"an escalation that ends where it began", slack + "escalate: {after: 15m, to: x, then: team}}", "{id: team", "not the id of another notifier"},
		{"an escalation without a time", slack + "escalate: {after: 0, to: x}}", "0, to", "cannot be turned off"},
		{"a drill that is no schedule", "drill: monthly\n" + whole, "monthly", "not a schedule"},
		{"a pace for mail", email + "pace: 1s}", "pace: 1s", "pace is for kind slack"},
		{"a digest that is no schedule", email + "digest: daily}", "daily", "not a schedule"},
		{"a missing public key", email + "pgp_keys: [nowhere.asc]}", "nowhere", "no such file"},
		{"a longest wait below the first", email + "retry: 10m, retry_max: 1m}", "1m}", "write 10m or longer"},
		{"a webhook without an address", aSource + "notifiers:\n- {id: hook, kind: webhook}", "{id: hook", "url is missing"},
		{"an app's token beside a webhook", aSource + "notifiers:\n- {id: team, kind: slack, webhook_file: hook, app_token_file: app}", "app}", "with a token only"},
		{"members who may press no button", slack + "users: [U0123ABCD]}", "[U0123", "without app_token_file"},
		{"nobody who may press", slack + "app_token_file: app, users: []}", "[]", "users is empty"},
		{"a member by name", slack + "app_token_file: app, users: [amina]}", "amina", "Copy member ID"},
		{"a sealed list without its identity", "watchlist: people.csv.age\n" + whole, "watchlist:", "watchlist_identity_file is missing"},
		{"a password in a database's address", "database: postgres://u:p@example.org/t\n" + whole, "postgres", "written literally"},
		{"a password in the address of two servers", "database: postgres://u:p@a.example.org,b.example.org/t\n" + whole, "postgres", "written literally"},
		{"the second of two servers has no name", "database: postgres://u@a.example.org,/t\n" + whole, "postgres", "no address"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := mistakes(t, c.text, nil, vault{"token": "xoxb-fictional", "app": "xapp-fictional", "hook": "https://hooks.example.org/x"})
			if place := placeOf(c.text, c.at); len(got) != 1 || !strings.HasPrefix(got[0], place) || !strings.Contains(got[0], c.want) {
				t.Errorf("got  %s\nwant %s…%s…", strings.Join(got, "\n"), place, c.want)
			}
		})
	}
}

func TestEveryMistakeIsToldAtOnceInTheOrderOfTheFile(t *testing.T) {
	got := mistakes(t, `listen: ""
sources:
  - {id: red, kind: interpol, notices: red, sweeep: "@every 1h"}
  - {id: red, kind: interpol, notices: red, pace: fast}
notifiers:
  - {id: terminal, kind: console, detail: all}
  - {id: terminal, kind: consol}
`, nil, nil)
	want := []string{"3:45", "4:10", "4:51", "6:43", "7:10", "7:26"}
	if len(got) != len(want) {
		t.Fatalf("%d mistakes, want %d:\n%s", len(got), len(want), strings.Join(got, "\n"))
	}
	for i, place := range want {
		if !strings.HasPrefix(got[i], "tocsin.yaml:"+place+": ") {
			t.Errorf("mistake %d is %s, want it at %s", i, got[i], place)
		}
	}
}

func TestBesideMistakesWhatCouldBeReadIsGiven(t *testing.T) {
	c, err := parse("watch/tocsin.yaml", []byte("watchlist: people.csv\nlisten: 3\n"+whole), noEnv, vault{}.read)
	if err == nil || c == nil || c.Watchlist != filepath.Join("watch", "people.csv") || len(c.Sources) != 1 {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestNothingWrittenLiterallyPassesForASecretOrIsShown(t *testing.T) {
	const secret = "xoxb-hush-fictional"
	for name, text := range map[string]string{
		"token":            aSource + "notifiers: [{id: team, kind: slack, channel: C0123456, token: " + secret + "}]",
		"webhook":          aSource + "notifiers: [{id: team, kind: slack, webhook: https://hooks.example.org/" + secret + "}]",
		"half a variable":  aSource + "notifiers: [{id: team, kind: slack, channel: C0123456, token: \"" + secret + "${T}\"}]",
		"password":         aSource + "notifiers: [{id: post, kind: email, smtp: smtp://u@example.org, from: a@example.org, to: [b@example.org], password: " + secret + "}]",
		"smtp":             aSource + "notifiers: [{id: post, kind: email, smtp: \"smtp://u:" + secret + "@example.org\", from: a@example.org, to: [b@example.org]}]",
		"database":         "database: postgres://u:" + secret + "@db.example.org/t\n" + whole,
		"proxy":            "http: {proxy: \"http://u:" + secret + "@proxy.example.org\"}\n" + whole,
		"url":              aNotifier + "sources: [{id: red, kind: interpol, url: \"https://u:" + secret + "@example.org\"}]",
		"in a wrong place": aNotifier + "sources: [{id: red, kind: " + secret + "}]",
		"as a key":         secret + ": 1\n" + whole,
		"as a number":      aSource + "notifiers: [{id: post, kind: email, smtp: smtp://u@example.org, from: a@example.org, to: [b@example.org], password: 8812399123}]",
	} {
		t.Run(name, func(t *testing.T) {
			got := strings.Join(mistakes(t, text, map[string]string{"T": "x"}, nil), "\n")
			if got == "" {
				t.Fatal("accepted")
			}
			if strings.Contains(got, "hush") || strings.Contains(got, "8812399123") {
				t.Errorf("shown: %s", got)
			}
		})
	}
}

func TestWhatComesFromTheEnvironmentIsTakenAndNotShown(t *testing.T) {
	env := map[string]string{"T": "xoxb-fictional", "P": "hush", "KIND": "hushhush"}
	lookup := func(name string) (string, bool) { v, ok := env[name]; return v, ok }
	c, err := parse("tocsin.yaml", []byte(`database: "postgres://tocsin:${P}@db1.example.org,db2.example.org:5433/tocsin"
http: {proxy: "http://u:${P}@proxy.example.org"}
`+aSource+`notifiers:
  - {id: team, kind: slack, channel: C0123456, token: "${T}"}
  - {id: post, kind: email, smtp: "smtp://u:${P}@example.org", from: a@example.org, to: [b@example.org]}
`), lookup, vault{}.read)
	if err != nil {
		t.Fatal(err)
	}
	if c.Database != "postgres://tocsin:hush@db1.example.org,db2.example.org:5433/tocsin" {
		t.Error("the database's password is not taken")
	}
	if c.Notifiers[0].Token.Reveal() != "xoxb-fictional" || c.Notifiers[1].Password.Reveal() != "hush" {
		t.Error("not taken")
	}
	if _, has := c.Notifiers[1].SMTP.User.Password(); has {
		t.Error("the password is left in the address")
	}
	got := mistakes(t, aNotifier+`sources: [{id: red, kind: "${KIND}"}]`, env, nil)
	if len(got) != 1 || strings.Contains(got[0], "hush") {
		t.Errorf("%v", got)
	}
}

func TestASecretIsNeverPrinted(t *testing.T) {
	s := struct{ Token Secret }{NewSecret("hush")}
	b, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	m, err := json.Marshal(map[string]any{"a": &s})
	if err != nil {
		t.Fatal(err)
	}
	for _, got := range []string{
		string(b), string(m), s.Token.String(), fmt.Sprint(s), fmt.Sprintf("%v %+v %#v %s %q %x %d %T", s, s, s, s, s, s, s, s), fmt.Sprintf("%d %x", s.Token, s.Token),
	} {
		if strings.Contains(got, "hush") || strings.Contains(got, "68757368") {
			t.Errorf("printed: %s", got)
		}
	}
	if string(b) != `{"Token":"[secret]"}` || s.Token.Reveal() != "hush" || !s.Token.Set() || (Secret{}).Set() {
		t.Errorf("%s", b)
	}
}

func TestAFileThatEverybodyCanReadIsWarnedOf(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string, mode os.FileMode) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(filepath.Join(dir, name), mode); err != nil {
			t.Fatal(err)
		}
	}
	write("closed", "xoxb-fictional", 0o600)
	write("open", "https://hooks.example.org/x", 0o644)
	write("tocsin.key", "a key", 0o604)
	write("tocsin.yaml", aSource+`notifiers:
  - {id: team, kind: slack, channel: C0123456, token_file: closed}
  - {id: other, kind: slack, webhook_file: open}
`, 0o644)
	c, err := Load(filepath.Join(dir, "tocsin.yaml"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Warnings) != 2 || !strings.Contains(c.Warnings[0].Message, "key_file") || c.Warnings[1].Line != 4 || !strings.Contains(c.Warnings[1].Message, "chmod 600") {
		t.Errorf("%v", c.Warnings)
	}
}

func TestASecretIsReadFromPlainFilesOnly(t *testing.T) {
	if _, err := readSmall(t.TempDir()); !errors.Is(err, errNotPlain) {
		t.Errorf("a folder: %v", err)
	}
	big := filepath.Join(t.TempDir(), "big")
	if err := os.WriteFile(big, make([]byte, mostSecret+1), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := readSmall(big); !errors.Is(err, errTooLarge) {
		t.Errorf("a large file: %v", err)
	}
}

func TestWhatIsHardlyMeantIsWarnedOf(t *testing.T) {
	const mailTo = "from: watch@example.org, to: [lawyer@example.org]"
	for _, c := range []struct{ text, want string }{
		{"http: {proxy: \"socks5://127.0.0.1:9050\"}\n" + whole, "through a proxy"},
		{aNotifier + "sources: [{id: red, kind: interpol, blind_after: 0}]", "nobody will be told"},
		{aNotifier + "sources: [{id: red, kind: interpol, requests_per_day: 1000}]", "this source looks 1464 times a day"},
		{aNotifier + "sources: [{id: red, kind: interpol, blind_after: 10m}]", "shorter than the time between two looks (1h)"},
		{aSource + "notifiers: [{id: post, kind: email, smtp: smtp://example.org, detail: full, " + mailTo + "}]", "not sealed"},
		{aSource + "notifiers: [{id: post, kind: email, smtp: \"smtp://u@example.org?starttls=no\", password_file: p, " + mailTo + "}]", "in plain text"},
		{aSource + "notifiers: [{id: post, kind: email, smtp: smtps://example.org:587, " + mailTo + "}]", "port 587"},
		{aSource + "notifiers: [{id: t, kind: slack, channel: alerts, token_file: b}]", "channel's id"},
		{aSource + "notifiers: [{id: t, kind: slack, channel: C0123456, token_file: p}]", "xoxb-"},
	} {
		w := good(t, c.text, vault{"p": "fictional", "b": "xoxb-fictional"}).Warnings
		if len(w) != 1 || !strings.Contains(w[0].Message, c.want) || w[0].Line == 0 {
			t.Errorf("want …%s…, got %v", c.want, w)
		}
	}
}

func TestWhatIsNotBuiltIsReadAndThenRefused(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "contract.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	got := mistakes(t, string(text), nil, vault{
		"key.txt": "k", "db.key": strings.Repeat("0f", 32), "bot": "xoxb-f", "app": "xapp-f", "mail": "f", "lawyer.asc": "k", "hook": "f",
	})
	if len(got) != len(NotAvailable) {
		t.Errorf("%d refused, the table has %d:\n%s", len(got), len(NotAvailable), strings.Join(got, "\n"))
	}
	for _, m := range got {
		if !strings.Contains(m, notAvailable) {
			t.Errorf("%s", m)
		}
	}
	for _, u := range NotAvailable {
		if !strings.Contains(strings.Join(got, "\n"), u.What+": "+notAvailable) {
			t.Errorf("%s is not refused", u.What)
		}
	}
}

func TestWhatIsTurnedOffIsNotRefused(t *testing.T) {
	c := good(t, "heartbeat: \"\"\ndrill: 0\n"+aSource+`notifiers:
  - {id: post, kind: email, smtp: smtp://example.org, from: a@example.org, to: [b@example.org], digest: 0, pgp_keys: []}
`, nil)
	if c.Notifiers[0].Digest != nil || c.Drill != nil {
		t.Error("a digest, or a drill")
	}
}

// FuzzParse holds that no bytes make Parse panic, that every mistake has its
// place, and that no message shows what came from a file of secrets.
func FuzzParse(f *testing.F) {
	for _, name := range []string{"design.yaml", "contract.yaml"} {
		text, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte(Example))
	f.Add([]byte("sources: [{kind: interpol, sweep: \"* * 31 2 ?\", pace: 1e9h, url: \"http://[::1\"}]"))
	f.Add([]byte("http: {max_body: 1e300GiB, allow: [${A}]}\nmatching: {alert: .nan}"))
	f.Add([]byte("database: \"postgres://u:p%zz@h/\"\ntimezone: ../etc\nlisten: 0x0"))
	f.Fuzz(func(t *testing.T, data []byte) {
		const hush = "hush\u2063hush"
		c, err := parse("tocsin.yaml", data, func(string) (string, bool) { return hush, true }, vault{"secret": hush}.read)
		var e *Errors
		switch {
		case err == nil && (c == nil || len(c.Sources) == 0 || len(c.Notifiers) == 0):
			t.Fatal("accepted, and nothing to watch")
		case err != nil && (!errors.As(err, &e) || len(e.Problems) == 0):
			t.Fatalf("%T", err)
		case err != nil:
			for _, p := range e.Problems {
				if p.Line < 1 || p.Message == "" || strings.Contains(p.Message, hush) {
					t.Fatalf("%+v", p)
				}
			}
		}
	})
}
