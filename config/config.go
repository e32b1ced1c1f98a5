// Package config reads tocsin.yaml into typed values. It finds every mistake at
// once and says of each where it stands and what to write instead; no message
// holds a secret.
package config

import (
	"fmt"
	"io"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
	_ "time/tzdata" // a container has no time zones of its own

	"tocsin"
	"tocsin/plainyaml"
)

// Config is a whole configuration. Paths are relative to the folder of the file
// they were written in, and named in the form in which that file was.
type Config struct {
	Path, Dir string // the file itself, as the caller named it, and its folder

	Watchlist         string
	WatchlistIdentity string        // file with the age identity, "" if none
	Database          string        // "sqlite:PATH" or a PostgreSQL URL, which may hold a password: not for messages
	DatabaseKey       Secret        // 64 hexadecimal digits; not set: the file is plain
	KeyFile           string        // keyed fingerprints; the file need not be there yet
	Evidence          string        // folder
	EvidenceMaxSize   int64         // bytes of it that are kept; 0: no bound
	EvidenceMaxAge    time.Duration // how long a record is kept; 0: for ever
	Listen            string        // host:port, "" for none
	Timezone          *time.Location
	Heartbeat         string   // "" for none; it may hold a key: not for messages
	Drill             Schedule // when the bell is tried by itself; nil: never
	TwoPeople         bool     // at alert tier "not our person" takes a second person to agree
	Playbook          []Play   // the team's own, in the order of its file; nil: the built-in words
	Matching          Matching
	HTTP              HTTP
	Sources           []Source
	Notifiers         []Notifier

	// Warnings are what is allowed and hardly meant.
	Warnings []Problem
}

// Matching are the scores from which a match is of a tier; 0 is the matcher's
// own calibrated figure.
type Matching struct{ Alert, Review float64 }

// HTTP says how to ask public sources.
type HTTP struct {
	Proxy     string // socks5://, socks5h://, http:// or https://, "" for none; it may hold a password: not for messages
	UserAgent string
	Timeout   time.Duration // of a whole request
	MaxBody   int64         // bytes, after decompression
	Allow     []string      // host:port, an address or a range that may be reached though it is not public
}

// Source is one public source to look at. Which fields have a meaning depends
// on Kind; the others are zero, and a nil Schedule or a zero duration is off.
type Source struct {
	ID   string
	Kind string // interpol, opensanctions, unsc, feed, page, gdelt
	Line int    // where it stands in the file

	URL              string
	Notices          string // interpol: red, yellow or un
	Newest           Schedule
	Sweep            Schedule
	Details          time.Duration
	NewestBlindAfter time.Duration

	Poll       Schedule // every kind but interpol
	Dataset    string   // opensanctions
	WitnessFor string   // opensanctions: the id of the source that it is a copy of
	FullText   bool     // feed: read the articles themselves too
	Lookback   time.Duration

	Pace       time.Duration // mean time between requests
	Daily      int           // most requests in a day, UTC, to its host; 0: any number
	Backoff    time.Duration
	BackoffMax time.Duration
	BlindAfter time.Duration
	Required   bool // counts for heartbeat and /readyz
}

// Notifier is one channel to ring through. Which fields have a meaning depends
// on Kind.
type Notifier struct {
	ID   string
	Kind string // slack, email, webhook, console
	Line int    // where it stands in the file

	Detail  string             // full, initials or codename
	Events  []tocsin.EventKind // which to ring for; undelivered passes in any case
	Tiers   []tocsin.Tier
	Tags    []string // none: everybody
	Sources []string // ids of sources; none: all
	Quiet   Quiet
	Links   bool // messages may hold links to the notice's page

	Language string // in which the playbook's plays are wanted; "" those without one

	Token    Secret   // slack: of the bot; this or Webhook
	AppToken Secret   // slack: of the app, with which presses of buttons are heard; without it there are none
	Users    []string // slack: ids of the members who may press them; none: everybody in the channel
	Webhook  Secret   // slack: an incoming webhook's address
	Channel  string
	APIURL   string // with a slash at its end
	Escalate Escalate

	SMTP     *url.URL // without password
	Password Secret
	From     string
	To       []string
	PGPKeys  []string // files

	URL    string // webhook
	Secret Secret // webhook: signs what is sent

	Digest      Schedule // nil: at once
	DigestEmpty bool     // send a digest even if there is nothing to say

	Retry       time.Duration
	RetryMax    time.Duration
	GiveUpAfter time.Duration // 0: never
	LateAfter   time.Duration // 0: never
	Gather      int           // more events than this due together go as one message; 0: never
	Pace        time.Duration // slack: from one message to the next in one channel; 0: as fast as they are taken
}

// Quiet are hours of each day in which what is at review tier waits: from and to
// are counted since midnight, and may go over it. The zero value is none.
type Quiet struct{ From, To time.Duration }

// Escalate calls somebody where nobody has taken a case, or where nobody has
// warned the person. The zero value does not.
type Escalate struct {
	After, WarnedAfter time.Duration // from the message, and from when the case was taken; WarnedAfter 0: not for that
	To                 string        // as it is to be written in the channel
	Repeat             int           // calls in the thread, at growing intervals
	Then               string        // the id of the notifier through which it rings after those, "" for none
}

// Source finds a source by its id.
func (c *Config) Source(id string) (Source, bool) {
	for _, s := range c.Sources {
		if s.ID == id {
			return s, true
		}
	}
	return Source{}, false
}

// Notifier finds a notifier by its id.
func (c *Config) Notifier(id string) (Notifier, bool) {
	for _, n := range c.Notifiers {
		if n.ID == id {
			return n, true
		}
	}
	return Notifier{}, false
}

// Zone is Timezone, UTC if that is nil.
func (c *Config) Zone() *time.Location {
	if c.Timezone == nil {
		return time.UTC
	}
	return c.Timezone
}

// Bounds of the files that are read here.
const (
	mostConfig = 1 << 20
	mostSecret = 64 << 10
)

// DefaultUserAgent is how sources are asked where http.user_agent does not say.
const DefaultUserAgent = "Tocsin/1 (public notice watch; contact: set http.user_agent)"

// Load reads the configuration at path, and the files with secrets that it
// names. env looks a variable up, as os.LookupEnv does; nil is an environment
// without any.
//
// Mistakes in it are an *Errors, with all of them; the Config beside it then
// holds what could be read, with defaults for the rest, and is nil where nothing
// could. Any other error says that the file cannot be read, and wraps
// fs.ErrNotExist where it is not there.
func Load(path string, env func(string) (string, bool)) (*Config, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("reading the configuration: %w", err)
	}
	data, err := io.ReadAll(io.LimitReader(f, mostConfig+1))
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return nil, fmt.Errorf("reading the configuration: %w", err)
	}
	return Parse(path, data, env)
}

// Parse is Load for the bytes of a file called name, which need not exist. The
// files that it names are looked for beside it.
func Parse(name string, data []byte, env func(string) (string, bool)) (*Config, error) {
	return parse(name, data, env, readSmall)
}

func parse(name string, data []byte, env func(string) (string, bool), files func(string) (fileContent, error)) (*Config, error) {
	if env == nil {
		env = func(string) (string, bool) { return "", false }
	}
	r := &reader{file: name, dir: filepath.Dir(name), env: env, files: files, zone: time.UTC}
	c := r.whole(data)
	if c != nil {
		c.Warnings = inOrder(r.warnings, r.secrets)
	}
	if len(r.problems) > 0 {
		return c, &Errors{inOrder(r.problems, r.secrets)}
	}
	return c, nil
}

func (r *reader) whole(data []byte) *Config {
	if len(data) > mostConfig {
		r.problems = append(r.problems, Problem{r.file, 1, 1, "the file is larger than 1 MiB: this cannot be a configuration"})
		return nil
	}
	root, problems := plainyaml.Parse(data)
	for _, p := range problems {
		r.problems = append(r.problems, Problem{r.file, p.Line, p.Column, p.Message})
	}
	switch {
	case root == nil && len(problems) > 0:
		return nil
	case root == nil:
		r.problems = append(r.problems, Problem{r.file, 1, 1, "the file is empty: 'tocsin init' writes one to start from"})
		return nil
	case root.Kind != plainyaml.Map:
		r.wrongAt(root, fmt.Sprintf("the file holds %s, where keys with their values are expected: 'tocsin init' writes one to start from", root.Kind))
		return nil
	}
	g, _ := r.group(root, "", topKeys, nil)
	return g.config(&Config{Path: r.file, Dir: r.dir})
}

var topKeys = []string{
	"watchlist", "watchlist_identity_file", "database", "database_key_file", "database_key", "key_file", "evidence", "evidence_max_size", "evidence_max_age", "listen", "timezone",
	"heartbeat", "drill", "two_people", "playbook", "matching", "http", "sources", "notifiers",
}

func (g group) config(c *Config) *Config {
	c.Timezone = g.timezone()
	g.zone = c.Timezone
	c.Watchlist, _ = g.path("watchlist", "watchlist.csv")
	c.WatchlistIdentity = g.identity(c.Watchlist)
	c.Database = g.database()
	c.DatabaseKey = g.databaseKey(c.Database)
	var key value
	c.KeyFile, key = g.path("key_file", "tocsin.key")
	if f, err := g.files(c.KeyFile); err == nil {
		at := g.node
		if key.node != nil {
			at = key.node
		}
		g.readable(at, "key_file", f)
	}
	c.Evidence, _ = g.path("evidence", "evidence")
	c.EvidenceMaxSize = g.size("evidence_max_size", 0, leastEvidence, mostEvidence)
	c.EvidenceMaxAge, _ = g.duration("evidence_max_age", 0, mayBeOff)
	c.Listen = g.listen()
	c.Heartbeat = g.heartbeat()
	c.Drill, _ = g.schedule("drill", "", mayBeOff)
	c.TwoPeople = g.flag("two_people", false)
	c.Matching = g.matching()
	c.HTTP = g.http()
	c.Sources = g.sources()
	c.Notifiers = g.notifiers(c.Sources)
	c.Playbook = g.playbook(c)
	g.unspoken(c.Playbook, c.Notifiers)
	return c
}

func (g group) timezone() *time.Location {
	text, v := g.text("timezone", "UTC", "the name of a time zone, such as UTC or Europe/Warsaw")
	if zone, err := time.LoadLocation(text); err == nil {
		return zone
	}
	g.wrong(v, "there is no time zone of this name: write one such as UTC or Europe/Warsaw")
	return time.UTC
}

func (g group) identity(watchlist string) string {
	path, v := g.path("watchlist_identity_file", "")
	if v.given() {
		if f, err := g.files(path); err != nil {
			g.wrong(v, "watchlist_identity_file: "+missingFile(err)+": write the age identity into it, for its owner alone")
		} else {
			g.readable(v.node, "watchlist_identity_file", f)
		}
	} else if v.node == nil && isSealed(watchlist) {
		g.wrongAt(g.node, "watchlist_identity_file is missing: a sealed watchlist (.age) is opened with it")
	}
	return path
}

const databaseForms = "sqlite:FILE or postgres://USER@HOST/NAME"

var authority = regexp.MustCompile(`^(\w+://(?:[^/?#]*@)?)([^/?#@]*)(.*)$`)

// EachServer writes a database's address once for each of the servers that it names:
// postgres://USER@HOST1,HOST2/NAME is of a primary and its standby.
func EachServer(address string) (out []string) {
	m := authority.FindStringSubmatch(strings.TrimSpace(address))
	if m == nil {
		return []string{address}
	}
	for host := range strings.SplitSeq(m[2], ",") {
		out = append(out, m[1]+host+m[3])
	}
	return out
}

// server reads a PostgreSQL address, which may name several servers.
func (g group) server(v value) (ok bool) {
	for _, one := range EachServer(v.text) {
		node, each := *v.node, v
		if v.text == v.node.Text {
			node.Text = one // nothing of it comes from the environment
		}
		each.node, each.text = &node, one
		if g.address(each, "database", databaseForms, "postgres", "postgresql") == nil {
			return false
		}
	}
	return true
}

func (g group) database() string {
	const standard = "tocsin.db"
	text, v := g.text("database", "sqlite:"+standard, databaseForms)
	path, isFile := strings.CutPrefix(text, "sqlite:")
	switch {
	case v.bad:
	case isFile && (path == "" || strings.Contains(path, ":memory:")):
		g.wrong(v, "database names no file: write sqlite:"+standard)
	case isFile:
		return "sqlite:" + g.resolve(path)
	case isPostgres(text):
		if g.server(v) {
			return text
		}
	default:
		g.wrong(v, "database is neither: write "+databaseForms)
	}
	return "sqlite:" + g.resolve(standard)
}

func (g group) databaseKey(database string) Secret {
	s, v := g.secret("database_key", "32 bytes as 64 hexadecimal digits")
	if !s.Set() {
		return s
	}
	if !isHexKey(s.Reveal()) {
		g.wrong(v, "the database's key is not 32 bytes as 64 hexadecimal digits: make one with 'openssl rand -hex 32'")
	}
	if isPostgres(database) {
		g.warn(v.node, "database_key has no meaning for PostgreSQL: leave it out")
	}
	return s
}

func isHexKey(s string) bool {
	return len(s) == 64 && strings.Trim(s, "0123456789abcdefABCDEF") == ""
}

func (g group) listen() string {
	const standard = "127.0.0.1:8080"
	v := g.at("listen", `HOST:PORT such as `+standard+`, or "" for none`, plainyaml.String, plainyaml.Int)
	switch {
	case !v.given():
		return standard
	case off(v.text):
		return ""
	}
	host, port, err := net.SplitHostPort(v.text)
	if err != nil || port != "0" && (port == "" || !goodPort(port)) || strings.ContainsAny(host, "/ ") {
		g.wrong(v, `listen is no address: write HOST:PORT such as `+standard+`, or "" for none`)
		return standard
	}
	return v.text
}

func (g group) heartbeat() string {
	text, v := g.text("heartbeat", "", "the address to ping, https://…")
	if !v.given() || off(text) {
		return ""
	}
	if g.address(v, "heartbeat", "the address to ping, https://…", "http", "https") == nil {
		return ""
	}
	return text
}

func (g group) matching() Matching {
	n := g.field("matching")
	if n == nil {
		return Matching{}
	}
	m, ok := g.group(n, "matching.", []string{"alert", "review"}, nil)
	if !ok {
		return Matching{}
	}
	alert, _ := m.fraction("alert")
	review, v := m.fraction("review")
	if alert > 0 && review > alert {
		m.wrong(v, "review is above alert: write a smaller number, since review takes in what alert does not")
	}
	return Matching{alert, review}
}

func (g group) http() HTTP {
	h := HTTP{UserAgent: DefaultUserAgent, Timeout: 30 * time.Second, MaxBody: 16 << 20}
	n := g.field("http")
	if n == nil {
		return h
	}
	k, ok := g.group(n, "http.", []string{"proxy", "user_agent", "timeout", "max_body", "allow"}, nil)
	if !ok {
		return h
	}
	const proxies = "socks5://HOST:PORT or http://HOST:PORT"
	if text, v := k.text("proxy", "", proxies); v.given() && !off(text) {
		if k.address(v, "proxy", proxies, "socks5", "socks5h", "http", "https") != nil {
			h.Proxy = text
			k.warn(v.node, "through a proxy only addresses written as numbers can be checked for being public; names are the proxy's affair")
		}
	}
	if text, v := k.text("user_agent", DefaultUserAgent, "who asks, with a contact"); v.given() {
		if h.UserAgent = text; strings.TrimSpace(text) == "" {
			k.wrong(v, "user_agent is empty: write who asks, with a contact, or leave the key out")
			h.UserAgent = DefaultUserAgent
		}
	}
	h.Timeout, _ = k.duration("timeout", h.Timeout, mustBeThere)
	h.MaxBody = k.size("max_body", h.MaxBody, leastBody, mostBody)
	const allowed = `host:port or a range such as "10.0.0.0/8"`
	items, _ := k.items("allow", allowed)
	for _, item := range items {
		if !isAllowable(item.text) {
			k.wrong(item, "an entry of allow is neither: write "+allowed)
			continue
		}
		h.Allow = append(h.Allow, item.text)
	}
	return h
}

func isAllowable(text string) bool {
	if _, err := netip.ParsePrefix(text); err == nil {
		return true
	}
	if _, err := netip.ParseAddr(text); err == nil {
		return true
	}
	host, port, err := net.SplitHostPort(text)
	return err == nil && host != "" && port != "" && goodPort(port)
}
