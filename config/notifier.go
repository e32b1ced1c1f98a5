package config

import (
	"fmt"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"tocsin"
	"tocsin/plainyaml"
)

var notifierKinds = []string{"slack", "email", "webhook", "console"}

var (
	everyNotifier = []string{
		"id", "kind", "detail", "events", "tiers", "tags", "sources", "quiet", "links", "language", "digest", "digest_empty", "retry", "retry_max", "give_up_after",
		"late_after", "gather",
	}
	notifierOwnKey = map[string][]string{
		"slack":   {"token_file", "token", "app_token_file", "app_token", "webhook_file", "webhook", "channel", "api_url", "pace", "escalate", "users"},
		"email":   {"smtp", "password_file", "password", "from", "to", "pgp_keys"},
		"webhook": {"url", "secret_file", "secret"},
	}
)

var details = []string{"full", "initials", "codename"}

const notifierExample = "  - {id: terminal, kind: console}"

func (g group) notifiers(sources []Source) []Notifier {
	var out []Notifier
	g.entries("notifiers", "team", notifierExample, notifierKinds, everyNotifier, notifierOwnKey, func(e group, id, kind string) {
		n := Notifier{ID: id, Kind: kind, Line: e.node.Line}
		e.common(&n)
		n.Sources = e.heard(sources)
		switch kind {
		case "slack":
			e.slack(&n)
		case "email":
			e.email(&n)
		case "webhook":
			n.URL, _ = e.web("url", "", "the address to post to, https://…")
			n.Secret, _ = e.secret("secret", "the secret that signs what is sent")
		}
		out = append(out, n)
	})
	g.thens(out)
	return out
}

// heard are the sources that a notifier is for, by their ids.
func (g group) heard(sources []Source) (ids []string) {
	items, _ := g.items("sources", "ids of sources")
	for _, v := range items {
		if !slices.ContainsFunc(sources, func(s Source) bool { return s.ID == v.text }) {
			g.wrong(v, "sources: there is no source of this id: write ids of the list above, or leave the key out for all")
		}
		ids = append(ids, v.text)
	}
	return ids
}

func (g group) common(n *Notifier) {
	standard := "full"
	if n.Kind == "email" {
		standard = "codename"
	}
	n.Detail, _ = g.choice("detail", standard, details)
	n.Events = pick(g, "events", tocsin.EventKinds)
	n.Tiers = pick(g, "tiers", []tocsin.Tier{tocsin.TierAlert, tocsin.TierReview})
	tags, _ := g.items("tags", "tags of the watchlist")
	for _, t := range tags {
		n.Tags = append(n.Tags, strings.TrimSpace(t.text))
	}
	n.Quiet = g.quiet()
	n.Links = g.flag("links", false)
	n.Language = g.language()
	n.Digest, _ = g.schedule("digest", "", mayBeOff)
	n.DigestEmpty = g.flag("digest_empty", true)
	n.Retry, _ = g.duration("retry", time.Second, mustBeThere)
	var most value
	n.RetryMax, most = g.duration("retry_max", max(5*time.Minute, n.Retry), mustBeThere)
	if most.given() && n.RetryMax < n.Retry {
		g.wrong(most, "retry_max is shorter than retry: write "+short(n.Retry)+" or longer")
	}
	n.GiveUpAfter, _ = g.duration("give_up_after", 72*time.Hour, mayBeOff)
	n.LateAfter, _ = g.duration("late_after", 10*time.Minute, mayBeOff)
	n.Gather = g.count("gather", 5)
}

// pick reads a list of known words; all of them where the key is not there.
func pick[T ~string](g group, key string, all []T) []T {
	known := make([]string, len(all))
	for i, k := range all {
		known[i] = string(k)
	}
	items, ok := g.items(key, "some of "+strings.Join(known, ", "))
	if !ok {
		return slices.Clone(all)
	}
	out := []T{}
	for _, v := range items {
		switch {
		case !slices.Contains(known, v.text):
			g.unknown(v, strings.TrimSuffix(key, "s"), known)
		case !slices.Contains(out, T(v.text)):
			out = append(out, T(v.text))
		}
	}
	if len(g.field(key).Items) == 0 {
		g.wrongAt(g.field(key), key+" is empty, so that nothing would ring: leave the key out for all")
	}
	return out
}

// quiet reads hours such as {from: "22:00", to: "07:00"}.
func (g group) quiet() (q Quiet) {
	v := g.at("quiet", `{from: "22:00", to: "07:00"}`, plainyaml.Map)
	if !v.given() {
		return q
	}
	k, ok := g.group(v.node, "notifiers.quiet.", []string{"from", "to"}, nil)
	if !ok {
		return q
	}
	clock := func(key string) time.Duration {
		text, v := k.required(key, `a time of the day, such as "22:00"`)
		t, err := time.Parse("15:04", text)
		if v.given() && err != nil {
			k.wrong(v, key+` is no time of the day: write one such as "22:00"`)
		}
		return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute
	}
	q.From, q.To = clock("from"), clock("to")
	if k.field("from") != nil && k.field("to") != nil && q.From == q.To {
		k.wrongAt(k.field("to"), "to is the same as from: what is at review tier would never ring")
	}
	return q
}

var channelID = regexp.MustCompile(`^[CGD][A-Z0-9]{2,}$`)

func (g group) slack(n *Notifier) {
	var token, app, hook value
	n.Token, token = g.secret("token", "the bot's token (xoxb-…)")
	n.AppToken, app = g.secret("app_token", "the app's token (xapp-…)")
	n.Webhook, hook = g.secret("webhook", "the incoming webhook's address")
	switch {
	case token.node == nil && hook.node == nil:
		g.wrongAt(g.node, "token_file is missing: write token_file: FILE with the bot's token, or webhook_file: FILE with an incoming webhook's address")
	case token.node != nil && hook.node != nil:
		g.wrong(hook, "a token and a webhook: leave one out; with the token more can be done")
	case hook.node != nil && app.node != nil:
		g.wrong(app, "app_token works with a token only: leave it out beside a webhook")
	}
	if n.Token.Set() && !strings.HasPrefix(n.Token.Reveal(), "xoxb-") {
		g.warn(token.node, "this is no bot's token: those begin with xoxb-")
	}
	if n.AppToken.Set() && !strings.HasPrefix(n.AppToken.Reveal(), "xapp-") {
		g.warn(app.node, "this is no app's token: those begin with xapp-")
	}
	if u, err := url.Parse(n.Webhook.Reveal()); n.Webhook.Set() && (err != nil || u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http") {
		g.wrong(hook, "the webhook is no address: write https://hooks.slack.com/services/…")
	}
	var channel value
	n.Channel, channel = g.text("channel", "", "the channel's id, such as C0123456")
	switch {
	case channel.node == nil && token.node != nil:
		g.wrongAt(g.node, "channel is missing: write the channel's id, such as C0123456 (in Slack: the channel's name, About)")
	case !channel.given():
	case hook.node != nil && token.node == nil:
		g.warn(channel.node, "a webhook has its own channel: this one is not used")
	case n.Channel == "" || strings.HasPrefix(n.Channel, "#"):
		g.wrong(channel, "channel is no id: write the id, such as C0123456 (in Slack: the channel's name, About), and invite the bot")
	case !channelID.MatchString(n.Channel):
		g.warn(channel.node, "this does not look like a channel's id: those are like C0123456")
	}
	n.APIURL, _ = g.web("api_url", "https://slack.com/api/", "an address such as https://slack.com/api/")
	if !strings.HasSuffix(n.APIURL, "/") {
		n.APIURL += "/"
	}
	// Slack's own limit (docs.slack.dev, "Rate limits", posting messages).
	n.Pace, _ = g.duration("pace", time.Second, mayBeOff)
	n.Escalate = g.escalate()
	g.users(n, app)
}

var memberID = regexp.MustCompile(`^[UW][A-Z0-9]{2,30}$`)

const memberIDAdvice = "write member ids, such as [U0123ABCD] (in Slack: the member's profile, ⋮, Copy member ID)"

// users are the members who may press the buttons.
func (g group) users(n *Notifier, app value) {
	items, ok := g.items("users", "member ids, such as [U0123ABCD]")
	at := g.field("users")
	switch {
	case !ok:
		return
	case app.node == nil:
		g.wrongAt(at, "users are those who may press buttons, and there are none without app_token_file: write it, or leave users out")
		return
	case len(at.Items) == 0:
		g.wrongAt(at, "users is empty, so that nobody could press a button: leave it out for everybody in the channel")
		return
	}
	for _, v := range items {
		if !memberID.MatchString(v.text) {
			g.wrong(v, "this is no member's id: "+memberIDAdvice)
			continue
		}
		n.Users = append(n.Users, v.text)
	}
}

func (g group) escalate() Escalate {
	const example = `{after: 15m, to: "<!subteam^S01>"}`
	v := g.at("escalate", example, plainyaml.Map)
	if !v.given() {
		return Escalate{}
	}
	e, ok := g.group(v.node, "notifiers.escalate.", []string{"after", "to", "warned_after", "repeat", "then"}, nil)
	if !ok {
		return Escalate{}
	}
	var x Escalate
	x.After, _ = e.duration("after", 15*time.Minute, mustBeThere)
	x.To, _ = e.required("to", `whom to call, such as "<!subteam^S01>"`)
	x.WarnedAfter, _ = e.duration("warned_after", 2*time.Hour, mayBeOff)
	if x.Repeat = e.count("repeat", 3); x.Repeat < 1 || x.Repeat > mostCalls {
		e.wrongAt(e.field("repeat"), fmt.Sprintf("repeat is how often to call in the thread: write a number from 1 to %d", mostCalls))
	}
	x.Then, _ = e.text("then", "", "the id of another notifier")
	return x
}

// mostCalls bounds escalate.repeat: the intervals double each time.
const mostCalls = 10

// thens finds escalations that end at a notifier that there is not.
func (g group) thens(all []Notifier) {
	for _, n := range all {
		then := n.Escalate.Then
		if then == "" || then != n.ID && slices.ContainsFunc(all, func(o Notifier) bool { return o.ID == then }) {
			continue
		}
		for _, at := range g.field("notifiers").Items {
			if at.Line == n.Line {
				g.wrongAt(at, fmt.Sprintf("then of escalate is %q, which is not the id of another notifier: write one that there is, or leave it out", then))
			}
		}
	}
}

const smtpForm = "smtp://USER@HOST:587 or smtps://USER@HOST:465"

func (g group) email(n *Notifier) {
	_, v := g.required("smtp", smtpForm)
	if v.given() {
		n.SMTP = g.smtp(v)
	}
	var password value
	n.Password, password = g.secret("password", "the mail account's password")
	if n.SMTP != nil {
		user := n.SMTP.User.Username()
		own, inURL := n.SMTP.User.Password()
		if inURL {
			// It came from the environment, or smtp would have refused it.
			n.SMTP.User = url.User(user)
			if password.node == nil {
				n.Password = Secret{own}
			}
		}
		switch {
		case user == "" && password.node != nil:
			g.wrong(password, "a password, but smtp names no user: write smtp://USER@HOST:587")
		case user != "" && password.node == nil && !inURL:
			g.wrong(v, "smtp names a user, but there is no password: write password_file: FILE")
		case user != "" && n.SMTP.Query().Get("starttls") == "no" && !isLoopback(n.SMTP.Hostname()):
			g.warn(v.node, "starttls=no: the password and every mail cross the net in plain text")
		}
	}
	from, at := g.required("from", "the sender's address, such as watch@example.org")
	if n.From = from; at.given() {
		if _, err := mail.ParseAddress(from); err != nil {
			g.wrong(at, "from is no mail address: write one such as watch@example.org")
		}
	}
	g.readers(n)
	g.pgpKeys(n)
	if n.Detail == "full" && len(n.PGPKeys) == 0 {
		place := g.field("detail")
		g.warn(place, "detail full in mail that is not sealed: names can be read on the way. Write codename, or pgp_keys")
	}
}

func (g group) readers(n *Notifier) {
	items, ok := g.items("to", "mail addresses, such as [lawyer@example.org]")
	switch {
	case g.field("to") == nil:
		g.wrongAt(g.node, "to is missing: write the readers' addresses, such as [lawyer@example.org]")
	case ok && len(g.field("to").Items) == 0:
		g.wrongAt(g.field("to"), "to is empty: write the readers' addresses, such as [lawyer@example.org]")
	}
	for _, item := range items {
		if _, err := mail.ParseAddress(item.text); err != nil {
			g.wrong(item, "this is no mail address: write one such as lawyer@example.org")
			continue
		}
		n.To = append(n.To, item.text)
	}
}

func (g group) pgpKeys(n *Notifier) {
	items, _ := g.items("pgp_keys", "files with the readers' public keys")
	for _, item := range items {
		path := g.resolve(item.text)
		if _, err := g.files(path); err != nil {
			g.wrong(item, "pgp_keys: "+missingFile(err)+": write the name of a file with a public key")
			continue
		}
		n.PGPKeys = append(n.PGPKeys, path)
	}
}

func (g group) smtp(v value) *url.URL {
	u := g.address(v, "smtp", smtpForm, "smtp", "smtps")
	if u == nil {
		return nil
	}
	q := u.Query()
	starttls := q.Get("starttls")
	q.Del("starttls")
	switch {
	case u.Path != "" && u.Path != "/" || u.Fragment != "":
		g.wrong(v, "smtp has something behind the port: write "+smtpForm)
		return nil
	case len(q) > 0 || starttls != "" && starttls != "no" && starttls != "yes":
		g.wrong(v, "smtp takes ?starttls=no and nothing else: write "+smtpForm)
		return nil
	case u.Scheme == "smtp" && u.Port() == "465":
		g.warn(v.node, "port 465 speaks TLS from the start: write smtps://")
	case u.Scheme == "smtps" && u.Port() == "587":
		g.warn(v.node, "port 587 speaks STARTTLS: write smtp://")
	}
	return u
}
