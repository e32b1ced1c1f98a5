package slack

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"tocsin/notifier"
)

const (
	pageSize = 200 // the most that Slack advises for one page
	pagesMax = 50
)

// message is as much of a message as is needed to know our own.
type message struct {
	TS       string `json:"ts"`
	Metadata struct {
		Type    string `json:"event_type"`
		Payload struct {
			Delivery any `json:"delivery"`
		} `json:"event_payload"`
	} `json:"metadata"`
}

type page struct {
	Messages *[]message `json:"messages"`
	More     bool       `json:"has_more"`
	Meta     struct {
		Cursor string `json:"next_cursor"`
	} `json:"response_metadata"`
}

// Find looks for messages by their ids among what the channel took since a time,
// in a thread if that is not "", and returns the references of those found. An
// id that is not in the answer is not there: where not everything could be read,
// Find returns a *notifier.Error instead.
func (s *Slack) Find(ctx context.Context, since time.Time, thread string, ids []string) (map[string]string, error) {
	channel, ts := s.place(thread)
	found, err := s.find(ctx, channel, ts, since, ids)
	if ts != "" && threadGone(err) {
		// Send, too, posts beside a thread that is gone.
		found, err = s.find(ctx, channel, "", since, ids)
	}
	if err != nil {
		if e, ok := err.(*notifier.Error); ok {
			return nil, e
		}
		return nil, failure(err)
	}
	return found, nil
}

func (s *Slack) find(ctx context.Context, channel, thread string, since time.Time, ids []string) (map[string]string, error) {
	method := "conversations.history"
	form := url.Values{
		"token": {s.o.Token}, "channel": {channel}, "limit": {strconv.Itoa(pageSize)}, "inclusive": {"1"}, "include_all_metadata": {"true"},
		"oldest": {fmt.Sprintf("%d.%06d", since.Unix(), since.Nanosecond()/1000)},
	}
	if thread != "" {
		method = "conversations.replies"
		form.Set("ts", thread)
	}
	wanted := make(map[string]bool, len(ids))
	for _, id := range ids {
		wanted[id] = true
	}
	found := map[string]string{}
	var header http.Header
	for range pagesMax {
		var p page
		h, err := s.x.call(ctx, s.o.APIURL+method, form, &p)
		if err != nil {
			return nil, err
		}
		if header = h; p.Messages == nil {
			return nil, errGarbled
		}
		for _, m := range *p.Messages {
			if id, ok := m.Metadata.Payload.Delivery.(string); ok && wanted[id] && m.Metadata.Type == EventType && stamp.MatchString(m.TS) {
				found[id] = channel + "/" + m.TS
			}
		}
		switch last := form.Get("cursor"); {
		case len(found) == len(wanted):
			return found, nil
		case p.Meta.Cursor == "" && p.More, p.Meta.Cursor != "" && p.Meta.Cursor == last:
			return nil, errGarbled
		case p.Meta.Cursor == "":
			if lacks := missing(header, scopeMetadata); lacks != "" {
				return nil, &notifier.Error{Outcome: notifier.Permanent, Why: "what the channel took cannot be told apart: the token lacks the scope " + lacks}
			}
			return found, nil
		}
		form.Set("cursor", p.Meta.Cursor)
	}
	return nil, &notifier.Error{Why: "the channel's history is too long to be read through"}
}

// Scopes that the token needs (DESIGN.md, "Slack, unknown outcome").
const (
	scopeWrite    = "chat:write"
	scopeMetadata = "metadata.message:read"
)

// missing says which of the scopes the token has not, by the header in which
// Slack lists those it has; "" if none is missing or Slack did not say.
func missing(h http.Header, scopes ...string) string {
	list := h.Get("X-OAuth-Scopes")
	if list == "" {
		return ""
	}
	has := map[string]bool{}
	for _, s := range strings.Split(list, ",") {
		has[strings.TrimSpace(s)] = true
	}
	var out []string
	for _, s := range scopes {
		if !has[s] {
			out = append(out, s)
		}
	}
	return strings.Join(out, ", ")
}

var channelID = regexp.MustCompile(`^[CGD][A-Z0-9]{5,}$`)

// Check signs in and reads one message of the channel's history, as Find would.
// It posts nothing. It says what is wrong and what to do, and holds no secret.
func (s *Slack) Check(ctx context.Context) error {
	who, err := s.api.AuthTestContext(ctx)
	if err != nil {
		return failure(err)
	}
	if lacks := missing(who.Header, scopeWrite, scopeMetadata); lacks != "" {
		return &notifier.Error{Outcome: notifier.Permanent, Why: "the token lacks the scopes " + lacks + ": add them to the app and install it again"}
	}
	form := url.Values{"token": {s.o.Token}, "channel": {s.o.Channel}, "limit": {"1"}, "include_all_metadata": {"true"}}
	var p page
	if _, err := s.x.call(ctx, s.o.APIURL+"conversations.history", form, &p); err != nil {
		e := failure(err)
		if !channelID.MatchString(s.o.Channel) {
			e.Why += " (channel is the channel's id, like C0123456: its details show it)"
		}
		return e
	}
	if p.Messages == nil {
		return failure(errGarbled)
	}
	return nil
}
