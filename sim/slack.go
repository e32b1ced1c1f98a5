package sim

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// Parts of a Slack that a Fault can be about; the methods by their names.
const (
	PostMessage   Part = "chat.postMessage"
	UpdateMessage Part = "chat.update"
	History       Part = "conversations.history"
	Replies       Part = "conversations.replies"
	AuthTest      Part = "auth.test"
	ChannelInfo   Part = "conversations.info"
	Incoming      Part = "incoming webhook"
)

// SlackOptions of a Slack.
type SlackOptions struct {
	Token    string   // the bot token that is valid
	Channels []string // ids of channels that the app is in; the incoming webhook posts into the first
	Scopes   []string // of the token; nil is all that the methods here ask for
	// Pace is the shortest time between two posts into one channel, by Now; a
	// post that comes sooner is answered 429. 0 is no limit; Slack's own is about
	// one second (docs.slack.dev, "Rate limits").
	Pace time.Duration
	Now  func() time.Time // time.Now if nil
	// AppToken is the app-level token that is valid for Socket Mode, "" for none;
	// AppScopes are its scopes, connections:write if nil.
	AppToken  string
	AppScopes []string
	// AckWithin is how long the app has to acknowledge what it is told, before it
	// is told again: 3 s, as Slack's, if 0.
	AckWithin time.Duration
}

// Slack is a Slack workspace with one app in it, as the Web API and an incoming
// webhook show it. All methods may be called at any time from any goroutine.
type Slack struct {
	opts    SlackOptions
	address string
	server  *http.Server
	served  chan struct{}
	faults  faults
	sockets sockets

	mu       sync.Mutex
	token    string
	scopes   []string
	channels map[string]*slackChannel
	last     int64 // the newest ts, in microseconds
	taken    []*slackMessage
	calls    []SlackCall
}

type slackChannel struct {
	id       string
	absent   bool // the app is not in it
	archived bool
	posted   time.Time       // when the app last posted
	messages []*slackMessage // oldest first, replies among them
}

// SlackMessage is a message as the channel shows it now.
type SlackMessage struct {
	Channel   string
	TS        string // the message's id in its channel
	Thread    string // the ts of the message that it replies to; "" if to none
	Broadcast bool   // a reply that the channel shows as well
	Text      string
	Blocks    json.RawMessage // as they were sent; nil without
	Metadata  json.RawMessage // as it was sent; nil without
	User      string          // AppUser, or whoever wrote it
	Webhook   bool            // came through the incoming webhook
	Edited    int             // how often it was updated
}

type slackMessage struct {
	SlackMessage
	micros int64
}

// AppUser and AppBot are the app in the workspace.
const (
	AppUser = "U0TOCSIN"
	AppBot  = "B0TOCSIN"
	team    = "T0FICTION"
)

// SlackCall is one request as it came in: a method of the Web API with its
// arguments, without the token; for the incoming webhook the JSON text is in
// the argument "payload".
type SlackCall struct {
	Method Part
	Form   url.Values
}

// allScopes are those that the methods here ask for.
var allScopes = []string{"chat:write", "channels:history", "groups:history", "channels:read", "groups:read", "metadata.message:read", "incoming-webhook"}

// NewSlack is a Slack that listens on a free port of 127.0.0.1 until Close.
func NewSlack(opts SlackOptions) (*Slack, error) {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Scopes == nil {
		opts.Scopes = allScopes
	}
	if opts.AppScopes == nil {
		opts.AppScopes = []string{"connections:write"}
	}
	if opts.AckWithin == 0 {
		opts.AckWithin = 3 * time.Second
	}
	s := &Slack{opts: opts, token: opts.Token, scopes: slices.Clone(opts.Scopes), channels: map[string]*slackChannel{}, served: make(chan struct{})}
	s.sockets.tickets, s.sockets.triggers = map[string]time.Time{}, map[string]*trigger{}
	for _, id := range opts.Channels {
		s.channels[id] = &slackChannel{id: id}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s.address = l.Addr().String()
	s.server = &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		defer close(s.served)
		_ = s.server.Serve(l) // returns when Close closes it
	}()
	return s, nil
}

// URL is the root of the Web API, "http://127.0.0.1:port/api/".
func (s *Slack) URL() string { return "http://" + s.address + "/api/" }

const hookPath = "/services/" + team + "/" + AppBot + "/fictional"

// WebhookURL is the address of the incoming webhook.
func (s *Slack) WebhookURL() string { return "http://" + s.address + hookPath }

// Close stops listening, cuts all connections and ends all faults. Closing
// twice does nothing.
func (s *Slack) Close() error {
	s.faults.clear()
	err := errors.Join(s.server.Close(), s.sockets.close())
	<-s.served
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// AddFault switches a fault on until remove is called, for the kinds that
// answer instead, ClockJump and Act; Part says which method it is about. Of
// several that answer instead the one added first wins.
func (s *Slack) AddFault(f Fault) (remove func()) { return s.faults.add(f) }

// ClearFaults switches all faults off.
func (s *Slack) ClearFaults() { s.faults.clear() }

// Fails is a fault of the Web API that answers ok false with this code, as
// "internal_error"; nothing is done.
func Fails(code string) Fault {
	return Fault{Kind: Answer, Body: string(encode(map[string]any{"ok": false, "error": code}))}
}

// Messages are the app's messages that were accepted and are still there, in
// the order in which they were accepted.
func (s *Slack) Messages() []SlackMessage {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]SlackMessage, len(s.taken))
	for i, m := range s.taken {
		out[i] = m.SlackMessage
	}
	return out
}

// Calls are all requests so far, in the order in which they came.
func (s *Slack) Calls() []SlackCall {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

// SetToken makes another token the valid one.
func (s *Slack) SetToken(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.token = token
}

// SetScopes changes what the token may do.
func (s *Slack) SetScopes(scopes ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scopes = slices.Clone(scopes)
}

// SetAppScopes changes what the app's own token may do.
func (s *Slack) SetAppScopes(scopes ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opts.AppScopes = slices.Clone(scopes)
}

// Invite puts the app into a channel, making the channel if there is none.
func (s *Slack) Invite(channel string) { s.change(channel, func(c *slackChannel) { c.absent = false }) }

// Remove takes the app out of a channel, making the channel if there is none.
func (s *Slack) Remove(channel string) { s.change(channel, func(c *slackChannel) { c.absent = true }) }

// Archive archives a channel.
func (s *Slack) Archive(channel string) {
	s.change(channel, func(c *slackChannel) { c.archived = true })
}

func (s *Slack) change(id string, how func(*slackChannel)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[id]
	if c == nil {
		c = &slackChannel{id: id}
		s.channels[id] = c
	}
	how(c)
}

// Write is somebody else's message, in a thread if that is not "". It returns
// the ts.
func (s *Slack) Write(channel, user, thread, text string) (ts string) {
	s.change(channel, func(c *slackChannel) {
		ts = s.put(c, SlackMessage{Channel: channel, Thread: thread, Text: text, User: user}).TS
	})
	return ts
}

// Delete takes a message away, and says whether it was there. Its replies stay
// where they are.
func (s *Slack) Delete(channel, ts string) (was bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[channel]
	if c == nil || c.find(ts) == nil {
		return false
	}
	gone := func(m *slackMessage) bool { return m.Channel == channel && m.TS == ts }
	c.messages = slices.DeleteFunc(c.messages, gone)
	s.taken = slices.DeleteFunc(s.taken, gone)
	return true
}

// put adds a message under a ts of its own: the time, or the next microsecond
// after the last one, so that they rise whatever the clock does.
func (s *Slack) put(c *slackChannel, m SlackMessage) *slackMessage {
	s.last = max(s.last+1, s.opts.Now().UnixMicro())
	m.TS = fmt.Sprintf("%d.%06d", s.last/1e6, s.last%1e6)
	kept := &slackMessage{m, s.last}
	c.messages = append(c.messages, kept)
	return kept
}

func (c *slackChannel) find(ts string) *slackMessage {
	for _, m := range c.messages {
		if m.TS == ts {
			return m
		}
	}
	return nil
}

// ServeHTTP answers as Slack does, or as the faults that are on make it.
func (s *Slack) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	call := newSlackCall(r)
	token := call.Form.Get("token")
	if t, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		token = t
	}
	call.Form.Del("token")
	s.mu.Lock()
	s.calls = append(s.calls, call)
	s.mu.Unlock()

	now := s.opts.Now()
	var instead *hit
	hits := s.faults.take(r, address{part: call.Method}, now)
	for i, h := range hits {
		switch {
		case h.Kind == ClockJump:
			now = now.Add(h.Offset)
		case h.Kind == Act && h.Do != nil:
			h.Do()
		case h.Kind.instead():
			instead = &hits[i]
		}
	}
	w.Header().Set("Date", now.UTC().Format(http.TimeFormat))
	right := func(w http.ResponseWriter) {
		switch {
		case call.Method == Incoming:
			s.serveHook(w, r, call)
		case call.Method == SocketLink:
			s.serveLink(w, r)
		case strings.HasPrefix(r.URL.Path, "/api/"):
			s.serveMethod(w, token, call)
		default:
			http.NotFound(w, r)
		}
	}
	switch {
	case instead == nil:
		right(w)
	case instead.Kind == TooMany:
		// Slack's own words, not the notices service's.
		if instead.Done {
			rightBody(right)
		}
		tooMany(w, call.Method, instead.RetryAfter)
	default:
		instead.misanswer(w, r, right)
	}
}

func tooMany(w http.ResponseWriter, method Part, after string) {
	if after != "" {
		w.Header().Set("Retry-After", after)
	}
	body := []byte(`{"ok":false,"error":"ratelimited"}`)
	if method == Incoming {
		body = []byte("rate_limited")
	} else {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
	}
	w.WriteHeader(http.StatusTooManyRequests)
	_, _ = w.Write(body)
}
