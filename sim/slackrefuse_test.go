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
	"testing"
	"time"

	"github.com/slack-go/slack"
)

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
