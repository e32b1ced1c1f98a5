package sim

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// newSlackCall reads a request: arguments come as a form, in the query or as
// JSON (docs.slack.dev, "Using the Web API").
func newSlackCall(r *http.Request) SlackCall {
	method, _ := strings.CutPrefix(r.URL.Path, "/api/")
	call := SlackCall{Method: Part(method)}
	if r.URL.Path == linkPath {
		call.Method, call.Form = SocketLink, url.Values{}
		return call
	}
	body, _ := io.ReadAll(io.LimitReader(r.Body, 8<<20)) // of a client that went, the part that came
	if strings.HasPrefix(r.URL.Path, "/services/") {
		call.Method, call.Form = Incoming, url.Values{"payload": {string(body)}}
		return call
	}
	call.Form = r.URL.Query()
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		var args map[string]json.RawMessage
		_ = json.Unmarshal(body, &args) // what is not an object has no arguments
		for k, v := range args {
			var text string
			if json.Unmarshal(v, &text) != nil {
				text = string(v)
			}
			call.Form.Set(k, text)
		}
		return call
	}
	form, _ := url.ParseQuery(string(body))
	maps.Copy(call.Form, form)
	return call
}

// reply is an answer of the Web API; its error is the code of a refusal.
type reply struct {
	fields map[string]any
	code   string
	wait   int // seconds, of ratelimited
}

func refuse(code string) reply { return reply{code: code} }

// slackMethods are the methods with the scopes of which each needs one; none is
// needed to ask who one is.
var slackMethods = map[Part]struct {
	scopes []string
	do     func(*Slack, url.Values) reply
}{
	AuthTest:      {nil, (*Slack).authTest},
	PostMessage:   {[]string{"chat:write"}, (*Slack).postMessage},
	UpdateMessage: {[]string{"chat:write"}, (*Slack).updateMessage},
	History:       {[]string{"channels:history", "groups:history"}, (*Slack).history},
	Replies:       {[]string{"channels:history", "groups:history"}, (*Slack).replies},
	ChannelInfo:   {[]string{"channels:read", "groups:read"}, (*Slack).channelInfo},
	PostEphemeral: {[]string{"chat:write"}, (*Slack).postEphemeral},
	OpenView:      {nil, (*Slack).openView},
}

func (s *Slack) serveMethod(w http.ResponseWriter, token string, call SlackCall) {
	s.mu.Lock()
	method, known := slackMethods[call.Method]
	var r reply
	switch {
	case call.Method == OpenConnection:
		r = s.openConnection(token)
	case !known:
		r = refuse("unknown_method")
	case token == "":
		r = refuse("not_authed")
	case token != s.token:
		r = refuse("invalid_auth")
	case method.scopes != nil && !slices.ContainsFunc(method.scopes, s.may):
		r = refuse("missing_scope")
		r.fields = map[string]any{"needed": strings.Join(method.scopes, ","), "provided": strings.Join(s.scopes, ",")}
	default:
		r = method.do(s, call.Form)
	}
	if known && token == s.token {
		w.Header().Set("X-OAuth-Scopes", strings.Join(s.scopes, ","))
		w.Header().Set("X-Accepted-OAuth-Scopes", strings.Join(method.scopes, ","))
	}
	s.mu.Unlock()
	if r.wait > 0 {
		tooMany(w, call.Method, strconv.Itoa(r.wait))
		return
	}
	if r.fields == nil {
		r.fields = map[string]any{}
	}
	if r.fields["ok"] = r.code == ""; r.code != "" {
		r.fields["error"] = r.code
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_, _ = w.Write(encode(r.fields))
}

func (s *Slack) may(scope string) bool { return slices.Contains(s.scopes, scope) }

func (s *Slack) authTest(url.Values) reply {
	return reply{fields: map[string]any{
		"url": "https://fiction.example/", "team": "Fiction", "user": "tocsin", "team_id": team, "user_id": AppUser, "bot_id": AppBot, "is_enterprise_install": false,
	}}
}

// channel finds the channel of a request; a channel of which the app knows the
// id and is not in answers not_in_channel. Channels are not found by name.
func (s *Slack) channel(f url.Values) (*slackChannel, string) {
	c := s.channels[f.Get("channel")]
	switch {
	case c == nil:
		return nil, "channel_not_found"
	case c.absent:
		return nil, "not_in_channel"
	}
	return c, ""
}

func (s *Slack) channelInfo(f url.Values) reply {
	c := s.channels[f.Get("channel")]
	if c == nil {
		return refuse("channel_not_found")
	}
	return reply{fields: map[string]any{"channel": map[string]any{
		"id": c.id, "name": strings.ToLower(c.id), "is_channel": true, "is_archived": c.archived, "is_member": !c.absent, "is_private": false,
	}}}
}

// textMax is where a new message's text is cut; updateMax is what an update's
// may have (docs.slack.dev, chat.postMessage and chat.update, "msg_too_long").
const (
	textMax   = 40_000
	updateMax = 4_000
)

func (s *Slack) postMessage(f url.Values) reply {
	c, code := s.channel(f)
	if code != "" {
		return refuse(code)
	}
	if c.archived {
		return refuse("is_archived")
	}
	m, bad := said(f, c.id)
	if bad.code != "" {
		return bad
	}
	if m.Text == "" && m.Blocks == nil && f.Get("attachments") == "" {
		return refuse("no_text")
	}
	if r := []rune(m.Text); len(r) > textMax {
		m.Text = string(r[:textMax])
	}
	if thread := f.Get("thread_ts"); thread != "" {
		// A reply to a message that is gone is not refused: it stands in the
		// channel, its answer having no thread_ts (slack-go/slack, issue 1571).
		switch parent := c.find(thread); {
		case parent == nil && c.hasReplies(thread), parent != nil && parent.Thread == "":
			m.Thread = thread
		case parent != nil:
			m.Thread = parent.Thread // the ts of a reply stands for its thread
		}
		m.Broadcast = m.Thread != "" && yes(f.Get("reply_broadcast"))
	}
	if wait := s.tooSoon(c); wait > 0 {
		return reply{code: "ratelimited", wait: wait}
	}
	kept := s.accept(c, m)
	return reply{fields: map[string]any{"channel": c.id, "ts": kept.TS, "message": kept.shown(true)}}
}

// tooSoon is how many seconds the app still has to wait, 0 for none.
func (s *Slack) tooSoon(c *slackChannel) int {
	now := s.opts.Now()
	if s.opts.Pace > 0 && !c.posted.IsZero() && now.Sub(c.posted) < s.opts.Pace {
		return int(math.Ceil((s.opts.Pace - now.Sub(c.posted)).Seconds()))
	}
	c.posted = now
	return 0
}

func (s *Slack) accept(c *slackChannel, m SlackMessage) *slackMessage {
	m.User = AppUser
	kept := s.put(c, m)
	s.taken = append(s.taken, kept)
	return kept
}

// said reads what a message says from a request's arguments.
func said(f url.Values, channel string) (m SlackMessage, bad reply) {
	m = SlackMessage{Channel: channel, Text: f.Get("text")}
	if b := f.Get("blocks"); b != "" {
		if bad := checkBlocks([]byte(b)); bad.code != "" {
			return m, bad
		}
		if m.Blocks = json.RawMessage(b); strings.TrimSpace(b) == "[]" {
			m.Blocks = nil
		}
	}
	if d := f.Get("metadata"); d != "" {
		var form struct {
			Type    *string         `json:"event_type"`
			Payload *map[string]any `json:"event_payload"`
		}
		switch err := json.Unmarshal([]byte(d), &form); {
		case err != nil:
			return m, refuse("invalid_metadata_format")
		case form.Type == nil && form.Payload == nil: // an empty object is none
		case form.Type == nil || *form.Type == "" || form.Payload == nil:
			return m, refuse("invalid_metadata_schema")
		default:
			m.Metadata = json.RawMessage(d)
		}
	}
	return m, reply{}
}

func (s *Slack) updateMessage(f url.Values) reply {
	c, code := s.channel(f)
	if code != "" {
		return refuse(code)
	}
	old := c.find(f.Get("ts"))
	switch {
	case old == nil:
		return refuse("message_not_found")
	case old.User != AppUser || old.Webhook:
		return refuse("cant_update_message")
	case c.archived:
		return refuse("is_archived")
	}
	m, bad := said(f, c.id)
	switch {
	case bad.code != "":
		return bad
	case !f.Has("text") && !f.Has("blocks") && !f.Has("attachments"):
		return refuse("no_text")
	case len([]rune(m.Text)) > updateMax:
		return refuse("msg_too_long")
	}
	// Blocks that are not given stay only where no text is given either; metadata
	// that is not given stays (docs.slack.dev, chat.update).
	if f.Has("blocks") || f.Has("text") {
		old.Blocks = m.Blocks
	}
	if f.Has("text") {
		old.Text = m.Text
	}
	if f.Has("metadata") {
		old.Metadata = m.Metadata
	}
	old.Broadcast = old.Broadcast || old.Thread != "" && yes(f.Get("reply_broadcast"))
	old.Edited++
	return reply{fields: map[string]any{"channel": c.id, "ts": old.TS, "text": old.Text, "message": old.shown(true)}}
}

func yes(v string) bool { return v == "true" || v == "1" }

// shown is the message as an answer has it.
func (m *slackMessage) shown(metadata bool) map[string]any {
	out := map[string]any{"type": "message", "ts": m.TS, "text": m.Text, "user": m.User, "team": team}
	if m.User == AppUser {
		out["bot_id"] = AppBot
	}
	if m.Blocks != nil {
		out["blocks"] = m.Blocks
	}
	if m.Metadata != nil && metadata {
		out["metadata"] = m.Metadata
	}
	if m.Thread != "" {
		out["thread_ts"] = m.Thread
	}
	if m.Broadcast {
		out["subtype"] = "thread_broadcast"
	}
	// The flag is not shown where an update has blocks (docs.slack.dev, chat.update).
	if m.Edited > 0 && m.Blocks == nil {
		out["edited"] = map[string]any{"user": AppUser, "ts": m.TS}
	}
	return out
}

func (c *slackChannel) hasReplies(ts string) bool {
	return slices.ContainsFunc(c.messages, func(m *slackMessage) bool { return m.Thread == ts })
}

// history is what the channel shows, newest first: replies are not among it
// unless broadcast.
func (s *Slack) history(f url.Values) reply {
	c, code := s.channel(f)
	if code != "" {
		return refuse(code)
	}
	var found []*slackMessage
	for _, m := range slices.Backward(c.messages) {
		if m.Thread == "" || m.Broadcast {
			found = append(found, m)
		}
	}
	return s.pageOf(f, found, nil, true)
}

// replies is a thread, its first message before all pages' replies, oldest
// first. A message without replies is a thread of its own.
func (s *Slack) replies(f url.Values) reply {
	c, code := s.channel(f)
	if code != "" {
		return refuse(code)
	}
	ts := f.Get("ts")
	parent := c.find(ts)
	if parent != nil && parent.Thread != "" {
		ts = parent.Thread
		parent = c.find(ts)
	}
	var found []*slackMessage
	for _, m := range c.messages {
		if m.Thread == ts {
			found = append(found, m)
		}
	}
	if parent == nil && len(found) == 0 {
		return refuse("thread_not_found")
	}
	return s.pageOf(f, found, parent, false)
}

// pageOf is one page of messages between two times, in the order given, which
// is kept where only oldest is given. The cursor names the next message, so that
// messages that come meanwhile move no page.
func (s *Slack) pageOf(f url.Values, all []*slackMessage, first *slackMessage, newestFirst bool) reply {
	limit := 100
	if v := f.Get("limit"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 || n > 999 {
			return refuse("invalid_limit")
		}
		limit = n
	}
	oldest, low := micros(f.Get("oldest"))
	latest, high := micros(f.Get("latest"))
	switch {
	case f.Get("oldest") != "" && !low:
		return refuse("invalid_ts_oldest")
	case f.Get("latest") != "" && !high:
		return refuse("invalid_ts_latest")
	}
	inclusive := yes(f.Get("inclusive"))
	within := func(m *slackMessage) bool {
		return (!low || m.micros > oldest || inclusive && m.micros == oldest) && (!high || m.micros < latest || inclusive && m.micros == latest)
	}
	all = slices.DeleteFunc(all, func(m *slackMessage) bool { return !within(m) })
	from := 0
	if c := f.Get("cursor"); c != "" {
		raw, err := base64.StdEncoding.DecodeString(c)
		at, ok := strings.CutPrefix(string(raw), "next_ts:")
		n, bad := strconv.ParseInt(at, 10, 64)
		if err != nil || !ok || bad != nil {
			return refuse("invalid_cursor")
		}
		from = len(all)
		for i, m := range all {
			if m.micros == n || newestFirst == (m.micros < n) { // or the one after it, if it was deleted
				from = i
				break
			}
		}
	}
	to := min(from+limit, len(all))
	metadata := yes(f.Get("include_all_metadata")) && s.may("metadata.message:read") // that it is left out without the scope is a guess
	shown := []map[string]any{}
	if first != nil {
		shown = append(shown, first.shown(metadata))
	}
	for _, m := range all[from:to] {
		shown = append(shown, m.shown(metadata))
	}
	fields := map[string]any{"messages": shown, "has_more": to < len(all)}
	if to < len(all) {
		next := base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "next_ts:%d", all[to].micros))
		fields["response_metadata"] = map[string]any{"next_cursor": next}
	}
	return reply{fields: fields}
}

// micros reads a ts, or any time in seconds.
func micros(ts string) (n int64, ok bool) {
	whole, part, _ := strings.Cut(ts, ".")
	n, err := strconv.ParseInt(whole, 10, 40)
	if err != nil {
		return 0, false
	}
	part = (part + "000000")[:6]
	below, err := strconv.ParseUint(part, 10, 32)
	return n*1e6 + int64(below), err == nil
}
