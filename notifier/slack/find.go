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

// find reads from since on and, where Slack's clock shows that since cannot be
// relied on, once more from earlier: what was read too late is not absent.
func (s *Slack) find(ctx context.Context, channel, thread string, since time.Time, ids []string) (map[string]string, error) {
	found, header, err := s.read(ctx, channel, thread, since, ids)
	if err != nil || len(found) == len(ids) {
		return found, err
	}
	if from := s.x.surely(since, header); from.Before(since) {
		found, header, err = s.read(ctx, channel, thread, from, ids)
		if err != nil || len(found) == len(ids) {
			return found, err
		}
	}
	if lacks := missing(header, scopeMetadata); lacks != "" {
		return nil, &notifier.Error{Outcome: notifier.Permanent, Why: "what the channel took cannot be told apart: the token lacks the scope " + lacks, Do: addScopes}
	}
	return found, nil
}

// Where our clock and Slack's differ by more than clocksAgree, or ours has been
// set back since, what was sent is looked for a day earlier than our clock says.
const (
	clocksAgree = 30 * time.Second
	clocksDoubt = 25 * time.Hour
)

// surely is a time on Slack's clock that is not after since, which is on ours as
// it was then. The header is of an answer that came just now.
func (x *exchange) surely(since time.Time, h http.Header) time.Time {
	theirs, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return since
	}
	ahead := max(x.now().Round(0).Sub(theirs), 0)
	if ahead <= clocksAgree && !since.After(theirs) {
		return since
	}
	from := since.Round(0).Add(-ahead)
	if from.After(theirs) {
		from = theirs
	}
	return from.Add(-clocksDoubt)
}

// read reads the channel, or a thread of it, from a time on, until it has found
// all or has come to the end.
func (s *Slack) read(ctx context.Context, channel, thread string, since time.Time, ids []string) (map[string]string, http.Header, error) {
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
			return nil, nil, err
		}
		if header = h; p.Messages == nil {
			return nil, nil, errGarbled
		}
		for _, m := range *p.Messages {
			if id, ok := m.Metadata.Payload.Delivery.(string); ok && wanted[id] && m.Metadata.Type == EventType && stamp.MatchString(m.TS) {
				found[id] = channel + "/" + m.TS
			}
		}
		switch last := form.Get("cursor"); {
		case len(found) == len(wanted):
			return found, header, nil
		case p.Meta.Cursor == "" && p.More, p.Meta.Cursor != "" && p.Meta.Cursor == last:
			return nil, nil, errGarbled
		case p.Meta.Cursor == "":
			return found, header, nil
		}
		form.Set("cursor", p.Meta.Cursor)
	}
	return nil, nil, &notifier.Error{Why: "the channel's history is too long to be read through"}
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
		return &notifier.Error{Outcome: notifier.Permanent, Why: "the token lacks scopes: " + lacks, Do: addScopes}
	}
	form := url.Values{"token": {s.o.Token}, "channel": {s.o.Channel}, "limit": {"1"}, "include_all_metadata": {"true"}}
	var p page
	if _, err := s.x.call(ctx, s.o.APIURL+"conversations.history", form, &p); err != nil {
		e := failure(err)
		if !channelID.MatchString(s.o.Channel) {
			e.Do = "Write the channel's id as channel, such as C0123456 (in Slack: the channel's name, About): a name is not found. Then /invite the app there."
		}
		return e
	}
	if p.Messages == nil {
		return failure(errGarbled)
	}
	return nil
}
