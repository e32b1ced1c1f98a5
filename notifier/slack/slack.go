// Package slack tells a team's Slack channel what happened: one living message
// a case, its later events in its thread. Nothing that a notice says formats
// there, mentions anybody or is fetched (CONTRACT.md, "Slack").
package slack

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"tocsin/notifier"
)

// Options say how messages go out.
type Options struct {
	Token   string       // a bot token; this or Webhook
	Webhook string       // an incoming webhook's address: no threads, no updates, nothing to be looked up
	Channel string       // the channel's id, with a token
	APIURL  string       // "" is Slack's own
	HTTP    *http.Client // nil: one of our own. Redirects are never followed, no request takes longer than 15 s
	Buttons bool         // show a case's buttons: somebody must be listening for them
	ID      string       // the notifier's own, for what is logged of its buttons
	// AppToken is the app-level token with which presses of buttons are heard, ""
	// for none. Users are the members who may press them; nil is everybody.
	AppToken string
	Users    []string
	Now      func() time.Time // nil: time.Now
}

// Sender is what both ways into Slack can do.
type Sender interface {
	// Send posts the message. The error is a *notifier.Error.
	Send(ctx context.Context, m notifier.Message) (notifier.Result, error)
	// Check tries, without posting anything, whether Send would work, and says in
	// plain words what is wrong.
	Check(ctx context.Context) error
}

// New makes a *Slack where a token is given, a *Webhook where an address is. It
// does not connect. Its errors hold neither.
func New(o Options) (Sender, error) {
	switch {
	case o.Token == "" && o.Webhook == "":
		return nil, errors.New("a token or a webhook is needed")
	case o.Token != "" && o.Webhook != "":
		return nil, errors.New("a token or a webhook is needed, not both")
	case o.Webhook != "":
		if !isAddress(o.Webhook) {
			return nil, errors.New("webhook: not an address")
		}
		return &Webhook{address: o.Webhook, x: newExchange(o.HTTP, o.Now)}, nil
	case strings.TrimSpace(o.Channel) == "":
		return nil, errors.New("channel: missing")
	}
	if o.APIURL == "" {
		o.APIURL = slack.APIURL
	}
	if !isAddress(o.APIURL) {
		return nil, errors.New("api_url: not an address")
	}
	if !strings.HasSuffix(o.APIURL, "/") {
		o.APIURL += "/"
	}
	x := newExchange(o.HTTP, o.Now)
	return &Slack{
		o: o, x: x, api: slack.New(o.Token, slack.OptionAPIURL(o.APIURL), slack.OptionHTTPClient(x)),
		// The app's own token is good for Socket Mode alone.
		app: slack.New("", slack.OptionAppLevelToken(o.AppToken), slack.OptionAPIURL(o.APIURL), slack.OptionHTTPClient(x)),
	}, nil
}

func isAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

// Slack is a channel that is written to with a bot token. It may be used by
// several goroutines at once.
type Slack struct {
	o   Options
	x   *exchange
	api *slack.Client
	app *slack.Client
}

// EventType is the type of the metadata that every message carries.
const EventType = "tocsin"

// Send posts the message, under its parent if it has one. Result.Ref is
// "CHANNEL/ts". Where Slack cannot say whether it took the message, the outcome
// is Unknown, and Find tells later.
func (s *Slack) Send(ctx context.Context, m notifier.Message) (notifier.Result, error) {
	channel, parent := s.place(m.Parent)
	opts := append(s.form(m), slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl(), slack.MsgOptionDisableMarkdown())
	threaded := opts
	if parent != "" {
		threaded = append(opts[:len(opts):len(opts)], slack.MsgOptionTS(parent))
		if m.Broadcast {
			threaded = append(threaded, slack.MsgOptionBroadcast())
		}
	}
	var said answer
	ctx = context.WithValue(ctx, answerKey{}, &said)
	at, ts, err := s.api.PostMessageContext(ctx, channel, threaded...)
	if parent != "" && threadGone(err) {
		// Somebody took the case's message away: what happened must be told anyhow.
		at, ts, err = s.api.PostMessageContext(ctx, channel, opts...)
	}
	if err == nil && (at == "" || !stamp.MatchString(ts)) {
		err = errNoRef
	}
	if err != nil {
		return notifier.Result{}, failure(err)
	}
	// Slack does not refuse a reply to a message that is gone: it puts it into the
	// channel, and only its answer shows that (slack-go/slack, issue 1571).
	return notifier.Result{Ref: at + "/" + ts, Alone: parent != "" && said.Message.Thread == ""}, nil
}

// Update shows the message as it is now in place of what ref shows. Doing it
// twice is doing it once. The error is a *notifier.Error.
func (s *Slack) Update(ctx context.Context, ref string, m notifier.Message) error {
	channel, ts := s.place(ref)
	if ts == "" {
		return &notifier.Error{Outcome: notifier.Permanent, Why: "it is not known where the message is"}
	}
	if _, _, _, err := s.api.UpdateMessageContext(ctx, channel, ts, s.form(m)...); err != nil {
		return failure(err)
	}
	return nil
}

// form is what a message has whether it is new or shown anew.
func (s *Slack) form(m notifier.Message) []slack.MsgOption {
	m.Buttons = s.o.Buttons
	p := notifier.Render(m)
	return []slack.MsgOption{
		slack.MsgOptionText(fallback(p), false),
		slack.MsgOptionBlocks(blocks(p, layout{buttons: m.Buttons, links: m.Links})...),
		slack.MsgOptionMetadata(metadata(m)),
		slack.MsgOptionParse(false),
		slack.MsgOptionLinkNames(false),
	}
}

// metadata names the message by opaque ids alone: other apps can read it.
func metadata(m notifier.Message) slack.SlackMetadata {
	events := m.Events()
	if events == nil {
		events = []string{}
	}
	payload := map[string]any{"events": events, "delivery": m.ID}
	if c := caseOf(m); c != "" {
		payload["case"] = c
	}
	return slack.SlackMetadata{EventType: EventType, EventPayload: payload}
}

func caseOf(m notifier.Message) string {
	if m.Case == "" && len(m.Items) == 1 {
		return m.Items[0].Event.Case
	}
	return m.Case
}

// stamp is the form of a message's ts, which is its id in its channel.
var stamp = regexp.MustCompile(`^[0-9]{1,12}\.[0-9]{1,9}$`)

// place takes a reference apart. A reference without a channel is in ours; one
// that is none gives no ts.
func (s *Slack) place(ref string) (channel, ts string) {
	channel, ts, ok := strings.Cut(ref, "/")
	if !ok {
		channel, ts = s.o.Channel, ref
	}
	if channel == "" || !stamp.MatchString(ts) {
		return s.o.Channel, ""
	}
	return channel, ts
}

func threadGone(err error) bool {
	var r *refused
	return errors.As(err, &r) && (r.code == "thread_not_found" || r.code == "cannot_reply_to_message")
}
