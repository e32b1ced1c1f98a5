package sim

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/slack-go/slack"
)

const testChannel = "C0TEST"

// workspace is a Slack and the library's client of it, which keeps no
// connection, so that nothing is tried again by itself.
func workspace(t *testing.T, o SlackOptions) (*Slack, *slack.Client) {
	t.Helper()
	o.Token, o.Channels = "xoxb-test", append([]string{testChannel}, o.Channels...)
	s, err := NewSlack(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s, slack.New(o.Token, slack.OptionAPIURL(s.URL()), slack.OptionHTTPClient(plainClient))
}

func section(text string) slack.Block {
	return slack.NewSectionBlock(slack.NewTextBlockObject("mrkdwn", text, false, false), nil, nil)
}

func ours(delivery string) slack.MsgOption {
	return slack.MsgOptionMetadata(slack.SlackMetadata{EventType: "tocsin", EventPayload: map[string]any{"delivery": delivery}})
}

func post(t *testing.T, c *slack.Client, o ...slack.MsgOption) (ts string) {
	t.Helper()
	at, ts, err := c.PostMessageContext(t.Context(), testChannel, o...)
	if err != nil || at != testChannel {
		t.Fatal(at, ts, err)
	}
	return ts
}

func texts(ms []slack.Message) (out []string) {
	for _, m := range ms {
		out = append(out, m.Text)
	}
	return out
}

func TestSlackKeepsWhatItAccepts(t *testing.T) {
	s, c := workspace(t, SlackOptions{})
	first := post(t, c, slack.MsgOptionText("a bell & a rope", false), slack.MsgOptionBlocks(section("a *bell*")), ours("m_1"))
	reply := post(t, c, slack.MsgOptionText("it rings", false), slack.MsgOptionTS(first), slack.MsgOptionBroadcast())
	got := s.Messages()
	if len(got) != 2 {
		t.Fatalf("%d messages", len(got))
	}
	m := got[0]
	if m.Channel != testChannel || m.TS != first || m.Thread != "" || m.Broadcast || m.Text != "a bell & a rope" || m.User != AppUser || m.Edited != 0 || m.Webhook {
		t.Errorf("%+v", m)
	}
	if !strings.Contains(string(m.Blocks), `"a *bell*"`) || string(m.Metadata) != `{"event_type":"tocsin","event_payload":{"delivery":"m_1"}}` {
		t.Errorf("blocks %s, metadata %s", m.Blocks, m.Metadata)
	}
	if m = got[1]; m.TS != reply || m.Thread != first || !m.Broadcast || m.Blocks != nil || m.Metadata != nil {
		t.Errorf("%+v", m)
	}
	calls := s.Calls()
	if len(calls) != 2 || calls[0].Method != PostMessage || calls[0].Form.Get("channel") != testChannel || calls[0].Form.Has("token") {
		t.Errorf("%v", calls)
	}
}

func TestEveryTsIsItsOwnAndRisesThoughTheClockStandsStill(t *testing.T) {
	s, c := workspace(t, SlackOptions{Now: fixed})
	var all sync.WaitGroup
	for i := range 40 {
		all.Go(func() {
			if _, _, err := c.PostMessage(testChannel, slack.MsgOptionText(fmt.Sprint(i), false)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	before := ""
	for _, m := range s.Messages() {
		if m.TS <= before || !strings.HasPrefix(m.TS, fmt.Sprint(today.Unix())+".") {
			t.Errorf("%s after %s", m.TS, before)
		}
		before = m.TS
	}
	if len(s.Messages()) != 40 {
		t.Errorf("%d messages", len(s.Messages()))
	}
}

func TestAnUpdateReplacesWhatItGives(t *testing.T) {
	s, c := workspace(t, SlackOptions{})
	ts := post(t, c, slack.MsgOptionText("one", false), slack.MsgOptionBlocks(section("one")), ours("m_1"))
	update := func(o ...slack.MsgOption) error {
		_, _, _, err := c.UpdateMessageContext(t.Context(), testChannel, ts, o...)
		return err
	}
	if err := update(slack.MsgOptionText("two", false), slack.MsgOptionBlocks(section("two"))); err != nil {
		t.Fatal(err)
	}
	if m := s.Messages()[0]; m.Text != "two" || !strings.Contains(string(m.Blocks), "two") || m.Metadata == nil || m.Edited != 1 || m.TS != ts {
		t.Errorf("%+v", m)
	}
	if err := update(slack.MsgOptionText("three", false)); err != nil {
		t.Fatal(err)
	}
	if m := s.Messages()[0]; m.Text != "three" || m.Blocks != nil || m.Edited != 2 {
		t.Errorf("text alone takes the blocks away: %+v", m)
	}
	other := s.Write(testChannel, "U0OTHER", "", "mine")
	hook := slack.PostWebhookCustomHTTP(s.WebhookURL(), plainClient, &slack.WebhookMessage{Text: "by webhook"})
	if hook != nil {
		t.Fatal(hook)
	}
	for name, c2 := range map[string]struct {
		ts, text, want string
	}{
		"not there":      {"1.000001", "x", "message_not_found"},
		"another's":      {other, "x", "cant_update_message"},
		"the webhook's":  {s.Messages()[1].TS, "x", "cant_update_message"},
		"long":           {ts, strings.Repeat("é", 4001), "msg_too_long"},
		"just not long":  {ts, strings.Repeat("é", 4000), ""},
		"someone's chat": {"nonsense", "x", "message_not_found"},
	} {
		_, _, _, err := c.UpdateMessageContext(t.Context(), testChannel, c2.ts, slack.MsgOptionText(c2.text, false))
		if got := codeOf(err); got != c2.want {
			t.Errorf("%s: %q, want %q", name, got, c2.want)
		}
	}
}

// codeOf is Slack's code in an error of the library; "" for none.
func codeOf(err error) string {
	var r slack.SlackErrorResponse
	if errors.As(err, &r) {
		return r.Err
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

func TestTheHistoryIsReadInPagesNewestFirstWithoutReplies(t *testing.T) {
	s, c := workspace(t, SlackOptions{})
	var ts []string
	for i := range 7 {
		ts = append(ts, post(t, c, slack.MsgOptionText(fmt.Sprint(i), false), ours(fmt.Sprint("m_", i))))
	}
	post(t, c, slack.MsgOptionText("reply", false), slack.MsgOptionTS(ts[2]))
	post(t, c, slack.MsgOptionText("broadcast", false), slack.MsgOptionTS(ts[2]), slack.MsgOptionBroadcast())

	read := func(p slack.GetConversationHistoryParameters) (pages [][]string) {
		t.Helper()
		p.ChannelID = testChannel
		for {
			r, err := c.GetConversationHistoryContext(t.Context(), &p)
			if err != nil {
				t.Fatal(err)
			}
			pages = append(pages, texts(r.Messages))
			if p.Cursor = r.ResponseMetaData.NextCursor; (p.Cursor != "") != r.HasMore {
				t.Errorf("has_more %v with cursor %q", r.HasMore, p.Cursor)
			}
			if p.Cursor == "" {
				return pages
			}
			if len(pages) == 1 { // what comes meanwhile moves no page
				noise := s.Write(testChannel, "U0OTHER", "", "noise")
				defer s.Delete(testChannel, noise)
			}
		}
	}
	for name, tt := range map[string]struct {
		p    slack.GetConversationHistoryParameters
		want string
	}{
		"all":              {slack.GetConversationHistoryParameters{}, "[[broadcast 6 5 4 3 2 1 0]]"},
		"since":            {slack.GetConversationHistoryParameters{Oldest: ts[4]}, "[[broadcast 6 5]]"},
		"since, with it":   {slack.GetConversationHistoryParameters{Oldest: ts[4], Inclusive: true}, "[[broadcast 6 5 4]]"},
		"before":           {slack.GetConversationHistoryParameters{Latest: ts[2]}, "[[1 0]]"},
		"one of them":      {slack.GetConversationHistoryParameters{Oldest: ts[3], Latest: ts[3], Inclusive: true}, "[[3]]"},
		"since 1970":       {slack.GetConversationHistoryParameters{Oldest: "0", Latest: ts[1]}, "[[0]]"},
		"in pages":         {slack.GetConversationHistoryParameters{Limit: 3}, "[[broadcast 6 5] [4 3 2] [1 0]]"},
		"in pages, since":  {slack.GetConversationHistoryParameters{Limit: 2, Oldest: ts[2], Latest: ts[6], Inclusive: true}, "[[6 5] [4 3] [2]]"},
		"in pages of four": {slack.GetConversationHistoryParameters{Limit: 4, Latest: ts[6]}, "[[5 4 3 2] [1 0]]"},
	} {
		if got := fmt.Sprint(read(tt.p)); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}

func TestAThreadIsItsFirstMessageThenTheReplies(t *testing.T) {
	s, c := workspace(t, SlackOptions{})
	root := post(t, c, slack.MsgOptionText("root", false))
	var in []string
	for i := range 5 {
		in = append(in, post(t, c, slack.MsgOptionText(fmt.Sprint(i), false), slack.MsgOptionTS(root), ours(fmt.Sprint("m_", i))))
	}
	if ts := post(t, c, slack.MsgOptionText("to a reply", false), slack.MsgOptionTS(in[0])); s.Messages()[6].Thread != root || s.Messages()[6].TS != ts {
		t.Error("a reply's ts does not stand for its thread")
	}
	read := func(p slack.GetConversationRepliesParameters) (got []string) {
		t.Helper()
		p.ChannelID = testChannel
		for {
			ms, more, next, err := c.GetConversationRepliesContext(t.Context(), &p)
			if err != nil || more != (next != "") {
				t.Fatal(err, more, next)
			}
			got = append(got, texts(ms)...)
			if p.Cursor = next; next == "" {
				return got
			}
		}
	}
	if got := fmt.Sprint(read(slack.GetConversationRepliesParameters{Timestamp: root})); got != "[root 0 1 2 3 4 to a reply]" {
		t.Error(got)
	}
	if got := fmt.Sprint(read(slack.GetConversationRepliesParameters{Timestamp: root, Oldest: in[3], Inclusive: true})); got != "[root 3 4 to a reply]" {
		t.Error(got)
	}
	if got := fmt.Sprint(read(slack.GetConversationRepliesParameters{Timestamp: root, Limit: 4})); got != "[root 0 1 2 3 root 4 to a reply]" {
		t.Error(got)
	}
	ms, _, _, err := c.GetConversationRepliesContext(t.Context(), &slack.GetConversationRepliesParameters{ChannelID: testChannel, Timestamp: root, IncludeAllMetadata: true})
	if err != nil || ms[1].Metadata.EventPayload["delivery"] != "m_0" || ms[1].ThreadTimestamp != root {
		t.Errorf("%+v %v", ms[1], err)
	}
	_, _, _, err = c.GetConversationRepliesContext(t.Context(), &slack.GetConversationRepliesParameters{ChannelID: testChannel, Timestamp: "1.000001"})
	if codeOf(err) != "thread_not_found" {
		t.Error(err)
	}
}

func TestAReplyToWhatIsGoneStandsInTheChannel(t *testing.T) {
	s, c := workspace(t, SlackOptions{})
	root, alone := post(t, c, slack.MsgOptionText("root", false)), post(t, c, slack.MsgOptionText("alone", false))
	post(t, c, slack.MsgOptionText("reply", false), slack.MsgOptionTS(root))
	if !s.Delete(testChannel, root) || !s.Delete(testChannel, alone) || s.Delete(testChannel, alone) {
		t.Fatal("not deleted once")
	}
	post(t, c, slack.MsgOptionText("in the thread that is left", false), slack.MsgOptionTS(root))
	post(t, c, slack.MsgOptionText("beside", false), slack.MsgOptionTS(alone), slack.MsgOptionBroadcast())
	got := s.Messages()
	if len(got) != 3 || got[1].Thread != root || got[2].Thread != "" || got[2].Broadcast {
		t.Errorf("%+v", got)
	}
}

func TestMetadataIsReadByWhoeverAsksAndMay(t *testing.T) {
	s, c := workspace(t, SlackOptions{})
	post(t, c, slack.MsgOptionText("x", false), ours("m_1"))
	read := func(all bool) any {
		t.Helper()
		r, err := c.GetConversationHistoryContext(t.Context(), &slack.GetConversationHistoryParameters{ChannelID: testChannel, IncludeAllMetadata: all})
		if err != nil {
			t.Fatal(err)
		}
		return r.Messages[0].Metadata.EventPayload["delivery"]
	}
	if read(true) != "m_1" || read(false) != nil {
		t.Error("metadata without asking, or none with it")
	}
	s.SetScopes("channels:history")
	if read(true) != nil {
		t.Error("metadata without the scope")
	}
	for text, want := range map[string]string{`{"event_type":"x"`: "invalid_metadata_format", `{"event_type":"x"}`: "invalid_metadata_schema", `{"event_type":"x","event_payload":[]}`: "invalid_metadata_format", `{}`: ""} {
		s.SetScopes("chat:write")
		if got := call(t, s, PostMessage, url.Values{"channel": {testChannel}, "text": {"x"}, "metadata": {text}}); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}
