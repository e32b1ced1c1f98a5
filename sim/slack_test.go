package sim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

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

// call does a request by hand, and gives the code of its refusal.
func call(t *testing.T, s *Slack, method Part, f url.Values) string {
	t.Helper()
	if !f.Has("token") {
		f.Set("token", "xoxb-test")
	}
	res, err := plainClient.PostForm(s.URL()+string(method), f)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var r struct {
		OK    bool
		Error string
	}
	if err := json.NewDecoder(res.Body).Decode(&r); err != nil || res.StatusCode != 200 || r.OK != (r.Error == "") {
		t.Fatalf("%d %+v %v", res.StatusCode, r, err)
	}
	return r.Error
}

func TestSlackRefusesWhatItWould(t *testing.T) {
	s, c := workspace(t, SlackOptions{Channels: []string{"C0LEFT", "C0OLD"}})
	s.Remove("C0LEFT")
	s.Archive("C0OLD")
	for name, tt := range map[string]struct {
		method Part
		form   url.Values
		want   string
	}{
		"no token":              {AuthTest, url.Values{"token": {""}}, "not_authed"},
		"another token":         {AuthTest, url.Values{"token": {"xoxb-else"}}, "invalid_auth"},
		"no such method":        {"chat.shout", url.Values{}, "unknown_method"},
		"no such channel":       {PostMessage, url.Values{"channel": {"C0NONE"}, "text": {"x"}}, "channel_not_found"},
		"a channel by name":     {PostMessage, url.Values{"channel": {"#test"}, "text": {"x"}}, "channel_not_found"},
		"not in the channel":    {PostMessage, url.Values{"channel": {"C0LEFT"}, "text": {"x"}}, "not_in_channel"},
		"nor may it read there": {History, url.Values{"channel": {"C0LEFT"}}, "not_in_channel"},
		"archived":              {PostMessage, url.Values{"channel": {"C0OLD"}, "text": {"x"}}, "is_archived"},
		"archived, to read":     {History, url.Values{"channel": {"C0OLD"}}, ""},
		"nothing said":          {PostMessage, url.Values{"channel": {testChannel}}, "no_text"},
		"an empty list":         {PostMessage, url.Values{"channel": {testChannel}, "blocks": {"[]"}}, "no_text"},
		"no list":               {PostMessage, url.Values{"channel": {testChannel}, "blocks": {"{}"}}, "invalid_blocks_format"},
		"limit":                 {History, url.Values{"channel": {testChannel}, "limit": {"1000"}}, "invalid_limit"},
		"cursor":                {History, url.Values{"channel": {testChannel}, "cursor": {"x"}}, "invalid_cursor"},
		"oldest":                {History, url.Values{"channel": {testChannel}, "oldest": {"then"}}, "invalid_ts_oldest"},
		"latest":                {History, url.Values{"channel": {testChannel}, "latest": {"then"}}, "invalid_ts_latest"},
	} {
		if got := call(t, s, tt.method, tt.form); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
	if len(s.Messages()) != 0 {
		t.Errorf("%d messages kept", len(s.Messages()))
	}
	s.Invite("C0LEFT")
	if _, _, err := c.PostMessageContext(t.Context(), "C0LEFT", slack.MsgOptionText("back", false)); err != nil {
		t.Error(err)
	}
	ts := post(t, c, slack.MsgOptionText(strings.Repeat("é", 40_001), false))
	if m := s.Messages()[1]; m.TS != ts || len([]rune(m.Text)) != 40_000 {
		t.Error("a long text is not cut")
	}
}

func TestTheAppLearnsWhoItIsAndWhatItMay(t *testing.T) {
	s, c := workspace(t, SlackOptions{Scopes: []string{"chat:write", "channels:read"}})
	who, err := c.AuthTestContext(t.Context())
	if err != nil || who.UserID != AppUser || who.BotID != AppBot || who.Header.Get("X-OAuth-Scopes") != "chat:write,channels:read" {
		t.Errorf("%+v %v", who, err)
	}
	info, err := c.GetConversationInfoContext(t.Context(), &slack.GetConversationInfoInput{ChannelID: testChannel})
	if err != nil || info.ID != testChannel || !info.IsMember || info.IsArchived {
		t.Errorf("%+v %v", info, err)
	}
	res, err := plainClient.PostForm(s.URL()+string(History), url.Values{"token": {"xoxb-test"}, "channel": {testChannel}})
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var r struct{ Error, Needed, Provided string }
	if err := json.NewDecoder(res.Body).Decode(&r); err != nil || r.Error != "missing_scope" || r.Needed != "channels:history,groups:history" || r.Provided != "chat:write,channels:read" {
		t.Errorf("%+v %v", r, err)
	}
	s.SetToken("xoxb-new")
	if _, err := c.AuthTestContext(t.Context()); codeOf(err) != "invalid_auth" {
		t.Error(err)
	}
	// As JSON, with the token in the header.
	req, err := http.NewRequestWithContext(t.Context(), "POST", s.URL()+"chat.postMessage", strings.NewReader(`{"channel":"C0TEST","text":"json","blocks":[{"type":"divider"}],"reply_broadcast":false}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	req.Header.Set("Authorization", "Bearer xoxb-new")
	if res, err = plainClient.Do(req); err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if m := s.Messages(); len(m) != 1 || m[0].Text != "json" || string(m[0].Blocks) != `[{"type":"divider"}]` {
		t.Errorf("%+v", m)
	}
}

func TestBlocksKeepSlacksLimits(t *testing.T) {
	text := func(n int) string { return strings.Repeat("é", n) }
	mrkdwn := func(n int) string { return `{"type":"mrkdwn","text":"` + text(n) + `"}` }
	plain := func(n int) string { return `{"type":"plain_text","text":"` + text(n) + `"}` }
	many := func(n int, one string) string { return strings.TrimSuffix(strings.Repeat(one+",", n), ",") }
	button := func(label, value int) string {
		return `{"type":"button","text":` + plain(label) + `,"value":"` + text(value) + `"}`
	}
	wrap := func(kind, key, what string) string { return `{"type":"` + kind + `","` + key + `":` + what + `}` }
	for name, c := range map[string]struct{ good, bad, where string }{
		"blocks":            {many(50, `{"type":"divider"}`), many(51, `{"type":"divider"}`), "/blocks]"},
		"a section's text":  {wrap("section", "text", mrkdwn(3000)), wrap("section", "text", mrkdwn(3001)), "/blocks/0/text/text]"},
		"an empty text":     {wrap("section", "text", plain(1)), wrap("section", "text", plain(0)), "/blocks/0/text/text]"},
		"a section's all":   {wrap("section", "fields", "["+mrkdwn(1)+"]"), `{"type":"section"}`, "/blocks/0]"},
		"fields":            {wrap("section", "fields", "["+many(10, mrkdwn(1))+"]"), wrap("section", "fields", "["+many(11, mrkdwn(1))+"]"), "/blocks/0/fields]"},
		"a field's text":    {wrap("section", "fields", "["+mrkdwn(2000)+"]"), wrap("section", "fields", "["+mrkdwn(2001)+"]"), "/blocks/0/fields/0/text]"},
		"a header's text":   {wrap("header", "text", plain(150)), wrap("header", "text", plain(151)), "/blocks/0/text/text]"},
		"a header is plain": {wrap("header", "text", plain(1)), wrap("header", "text", mrkdwn(1)), "/blocks/0/text/type]"},
		"a context":         {wrap("context", "elements", "["+many(10, mrkdwn(1))+"]"), wrap("context", "elements", "["+many(11, mrkdwn(1))+"]"), "/blocks/0/elements]"},
		"an empty context":  {wrap("context", "elements", "["+plain(1)+"]"), wrap("context", "elements", "[]"), "/blocks/0/elements]"},
		"actions":           {wrap("actions", "elements", "["+many(25, button(1, 1))+"]"), wrap("actions", "elements", "["+many(26, button(1, 1))+"]"), "/blocks/0/elements]"},
		"a button's label":  {wrap("actions", "elements", "["+button(75, 1)+"]"), wrap("actions", "elements", "["+button(76, 1)+"]"), "/blocks/0/elements/0/text/text]"},
		"a button's value":  {wrap("actions", "elements", "["+button(1, 2000)+"]"), wrap("actions", "elements", "["+button(1, 2001)+"]"), "/blocks/0/elements/0/value]"},
		"ids of blocks":     {`{"type":"divider","block_id":"a"},{"type":"divider","block_id":"b"}`, many(2, `{"type":"divider","block_id":"a"}`), "/blocks/1/block_id]"},
		"a block's type":    {`{"type":"rich_text","elements":7}`, `{"text":"x"}`, "/blocks/0]"},
		"a block's shape":   {`{"type":"divider"}`, `{"type":"section","fields":7}`, "/blocks/0]"},
		"a picture":         {`{"type":"image","image_url":"https://x.example/a.png","alt_text":"a"}`, `{"type":"image"}`, "/blocks/0]"},
	} {
		if bad := checkBlocks([]byte("[" + c.good + "]")); bad.code != "" {
			t.Errorf("%s: %v refused", name, bad.fields)
		}
		bad := checkBlocks([]byte("[" + c.bad + "]"))
		if bad.code != "invalid_blocks" || !strings.Contains(fmt.Sprint(bad.fields["errors"]), c.where) {
			t.Errorf("%s: %q %v, want it at %s", name, bad.code, bad.fields, c.where)
		}
	}
	same := `{"type":"actions","elements":[{"type":"button","action_id":"ack","text":` + plain(1) + `}]}`
	if bad := checkBlocks([]byte("[" + many(2, same) + "]")); bad.code != "" {
		t.Error("the same action_id in two blocks is refused")
	}
	_, c := workspace(t, SlackOptions{})
	_, _, err := c.PostMessageContext(t.Context(), testChannel, slack.MsgOptionBlocks(section(text(3001))))
	var r slack.SlackErrorResponse
	if !errors.As(err, &r) || r.Err != "invalid_blocks" || len(r.ResponseMetadata.Messages) != 1 || !strings.HasPrefix(r.ResponseMetadata.Messages[0], "[ERROR] must be less than 3001 characters") {
		t.Errorf("%+v", err)
	}
}

func TestAWebhookPostsAndAnswersWithAWord(t *testing.T) {
	s, _ := workspace(t, SlackOptions{})
	ask := func(address, body string) string {
		t.Helper()
		res, err := plainClient.Post(address, "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		word := make([]byte, 100)
		n, _ := res.Body.Read(word)
		return fmt.Sprint(res.StatusCode, " ", string(word[:n]))
	}
	for body, want := range map[string]string{
		`{"text":"hello"}`:                           "200 ok",
		`{"blocks":[{"type":"divider"}],"text":"b"}`: "200 ok",
		`{"text":""}`:                                "400 no_text",
		`text`:                                       "400 invalid_payload",
		`{"blocks":[{"type":"section"}]}`:            "400 invalid_blocks",
	} {
		if got := ask(s.WebhookURL(), body); got != want {
			t.Errorf("%s: %s, want %s", body, got, want)
		}
	}
	if got := ask(s.WebhookURL()+"x", `{"text":"x"}`); got != "404 no_service" {
		t.Error(got)
	}
	m := s.Messages()
	if len(m) != 2 || !m[0].Webhook || m[0].Channel != testChannel {
		t.Errorf("%+v", m)
	}
	s.Archive(testChannel)
	if got := ask(s.WebhookURL(), `{"text":"x"}`); got != "410 channel_is_archived" {
		t.Error(got)
	}
	if n := len(s.Calls()); n != 7 || s.Calls()[0].Method != Incoming {
		t.Errorf("%d calls", n)
	}
	s.AddFault(Fault{Kind: TooMany, RetryAfter: "3", On: Incoming})
	if got := ask(s.WebhookURL(), `{"text":"x"}`); got != "429 rate_limited" {
		t.Error(got)
	}
}

func TestPostsThatComeTooSoonWait(t *testing.T) {
	now := today
	s, c := workspace(t, SlackOptions{Pace: 1500 * time.Millisecond, Now: func() time.Time { return now }, Channels: []string{"C0ELSE"}})
	post(t, c, slack.MsgOptionText("one", false))
	_, _, err := c.PostMessageContext(t.Context(), testChannel, slack.MsgOptionText("two", false))
	var limited *slack.RateLimitedError
	if !errors.As(err, &limited) || limited.RetryAfter != 2*time.Second {
		t.Errorf("%v", err)
	}
	if _, _, err := c.PostMessageContext(t.Context(), "C0ELSE", slack.MsgOptionText("elsewhere", false)); err != nil {
		t.Error(err)
	}
	now = now.Add(1500 * time.Millisecond)
	post(t, c, slack.MsgOptionText("two", false))
	if len(s.Messages()) != 3 {
		t.Errorf("%d messages", len(s.Messages()))
	}
}

func TestSlackMisbehavesAsTold(t *testing.T) {
	for name, c := range map[string]struct {
		fault Fault
		check func(error) bool
		taken bool
	}{
		"429": {Fault{Kind: TooMany, RetryAfter: "30"}, func(err error) bool {
			var l *slack.RateLimitedError
			return errors.As(err, &l) && l.RetryAfter == 30*time.Second
		}, false},
		"503":                    {Fault{Kind: Status, Status: 503}, statusIs(503), false},
		"503, though it is done": {Fault{Kind: Status, Status: 503, Done: true}, statusIs(503), true},
		"internal_error":         {Fails("internal_error"), func(err error) bool { return codeOf(err) == "internal_error" }, false},
		"cut before":             {Fault{Kind: Cut}, func(err error) bool { return err != nil }, false},
		"cut after":              {Fault{Kind: Lost}, func(err error) bool { return err != nil }, true},
		"half an answer":         {Fault{Kind: CutBody}, func(err error) bool { return err != nil }, true},
		"HTML":                   {Fault{Kind: HTML}, func(err error) bool { return err != nil }, false},
	} {
		t.Run(name, func(t *testing.T) {
			s, client := workspace(t, SlackOptions{})
			c.fault.On, c.fault.Count = PostMessage, 2
			s.AddFault(c.fault)
			for i := range 2 {
				if _, _, err := client.PostMessageContext(t.Context(), testChannel, slack.MsgOptionText("x", false)); !c.check(err) {
					t.Errorf("post %d: %v", i, err)
				}
			}
			want := 0
			if c.taken {
				want = 2
			}
			if n := len(s.Messages()); n != want {
				t.Errorf("%d messages, want %d", n, want)
			}
			if _, err := client.AuthTestContext(t.Context()); err != nil {
				t.Errorf("another method: %v", err)
			}
			post(t, client, slack.MsgOptionText("after", false))
		})
	}
}

func statusIs(code int) func(error) bool {
	return func(err error) bool {
		var s slack.StatusCodeError
		return errors.As(err, &s) && s.Code == code
	}
}

func TestAPostThatHangsEndsWithTheClientOrTheSlack(t *testing.T) {
	s, c := workspace(t, SlackOptions{})
	s.AddFault(Fault{Kind: Hang, Done: true, Limit: time.Hour})
	ctx, cancel := context.WithCancel(t.Context())
	stop := s.AddFault(Fault{Kind: Act, Do: cancel})
	if _, _, err := c.PostMessageContext(ctx, testChannel, slack.MsgOptionText("x", false)); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	stop()
	came, got := make(chan struct{}), make(chan error)
	s.AddFault(Fault{Kind: Act, Do: func() { close(came) }})
	go func() { _, err := c.AuthTest(); got <- err }()
	<-came
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := <-got; err == nil {
		t.Error("it answered")
	}
}

func TestSomebodyElsesMessagesAreReadAndNotCounted(t *testing.T) {
	s, c := workspace(t, SlackOptions{})
	root := post(t, c, slack.MsgOptionText("root", false))
	s.Write(testChannel, "U0AMINA", root, "on it")
	s.Write(testChannel, "U0AMINA", "", "lunch?")
	if len(s.Messages()) != 1 {
		t.Errorf("%+v", s.Messages())
	}
	r, err := c.GetConversationHistoryContext(t.Context(), &slack.GetConversationHistoryParameters{ChannelID: testChannel})
	if err != nil || !slices.Equal(texts(r.Messages), []string{"lunch?", "root"}) || r.Messages[0].User != "U0AMINA" {
		t.Errorf("%v %v", r, err)
	}
}
