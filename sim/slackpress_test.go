package sim

import (
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
)

const testAppToken = "xapp-test"

func appClient(s *Slack, token string) *slack.Client {
	return slack.New("", slack.OptionAppLevelToken(token), slack.OptionAPIURL(s.URL()), slack.OptionHTTPClient(plainClient))
}

// link opens one connection, and reads what it says first.
func link(t *testing.T, s *Slack) (*websocket.Conn, map[string]any) {
	t.Helper()
	_, address, err := appClient(s, testAppToken).StartSocketModeContext(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	conn, resp, err := websocket.DefaultDialer.DialContext(t.Context(), address, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	t.Cleanup(func() { conn.Close() })
	return conn, hears(t, conn)
}

func hears(t *testing.T, conn *websocket.Conn) (m map[string]any) {
	t.Helper()
	if err := conn.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if err := conn.ReadJSON(&m); err != nil {
		t.Fatal(err)
	}
	return m
}

func acks(t *testing.T, conn *websocket.Conn, m map[string]any, payload any) {
	t.Helper()
	if err := conn.WriteJSON(map[string]any{"envelope_id": m["envelope_id"], "payload": payload}); err != nil {
		t.Fatal(err)
	}
}

func acked(t *testing.T, i *Interaction) {
	t.Helper()
	select {
	case <-i.Acked():
	case <-time.After(5 * time.Second):
		t.Fatal("not acknowledged")
	}
}

// buttoned posts a message with one button.
func buttoned(t *testing.T, c *slack.Client) (ts string) {
	t.Helper()
	b := slack.NewButtonBlockElement("ack", "c_1", slack.NewTextBlockObject("plain_text", "I have it", false, false))
	return post(t, c, slack.MsgOptionBlocks(slack.NewActionBlock("", b)))
}

func presses(t *testing.T, s *Slack, ts string) *Interaction {
	t.Helper()
	i, err := s.Press(ts, "ack", "U0AMINA")
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// payloadOf is an envelope's payload, in the parts that apps read.
func payloadOf(t *testing.T, m map[string]any) (in slack.InteractionCallback) {
	t.Helper()
	b, err := json.Marshal(m["payload"])
	if err == nil {
		err = json.Unmarshal(b, &in)
	}
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func TestAPressGoesToTheAppUntilItIsAcknowledged(t *testing.T) {
	s, c := workspace(t, SlackOptions{AppToken: testAppToken, AckWithin: 50 * time.Millisecond})
	ts := buttoned(t, c)
	if _, err := s.Press(ts, "warned", "U0AMINA"); err == nil {
		t.Error("a button that is not there was pressed")
	}
	if _, err := s.Press("1.000000", "ack", "U0AMINA"); err == nil {
		t.Error("a button of no message was pressed")
	}
	i := presses(t, s, ts) // nobody is connected: it waits
	conn, hello := link(t, s)
	if hello["type"] != "hello" {
		t.Fatalf("first came %v", hello)
	}
	m := hears(t, conn)
	in := payloadOf(t, m)
	if m["type"] != "interactive" || in.Type != slack.InteractionTypeBlockActions || in.User.ID != "U0AMINA" || in.Container.MessageTs != ts ||
		in.Container.ChannelID != testChannel || len(in.ActionCallback.BlockActions) != 1 || in.ActionCallback.BlockActions[0].Value != "c_1" {
		t.Errorf("came %v", m)
	}
	again := hears(t, conn)
	if again["envelope_id"] != m["envelope_id"] || again["retry_attempt"] != 1.0 || again["retry_reason"] != "timeout" {
		t.Errorf("then came %v", again)
	}
	if err := conn.NetConn().Close(); err != nil {
		t.Fatal(err)
	}
	conn, _ = link(t, s)
	if m = hears(t, conn); m["retry_attempt"] != 2.0 {
		t.Errorf("on the next connection came %v", m)
	}
	s.LoseAcks(1)
	acks(t, conn, m, nil)
	if m = hears(t, conn); m["retry_attempt"] != 3.0 {
		t.Errorf("after a lost acknowledgement came %v", m)
	}
	acks(t, conn, m, nil)
	acked(t, i)
	if i.Tries() != 4 {
		t.Errorf("%d tries", i.Tries())
	}
}

func TestConnectionsEndAsSlackEndsThem(t *testing.T) {
	s, c := workspace(t, SlackOptions{AppToken: testAppToken})
	ts := buttoned(t, c)
	old, _ := link(t, s)
	s.Disconnect("refresh_requested")
	if m := hears(t, old); m["type"] != "disconnect" || m["reason"] != "refresh_requested" {
		t.Errorf("came %v", m)
	}
	i := presses(t, s, ts) // which a connection that is to go does not get
	fresh, _ := link(t, s)
	acks(t, fresh, hears(t, fresh), nil)
	acked(t, i)
	if _, _, err := old.ReadMessage(); err == nil {
		t.Error("the old connection says more")
	}
	var all []*websocket.Conn
	for range socketsMax - 1 {
		conn, _ := link(t, s)
		all = append(all, conn)
	}
	if _, m := link(t, s); m["type"] != "disconnect" || m["reason"] != "too_many_websockets" {
		t.Errorf("an eleventh is told %v", m)
	}
	s.Drop()
	for _, conn := range all {
		if _, _, err := conn.ReadMessage(); err == nil {
			t.Error("a dropped connection says something")
		}
	}
	s.RefuseSockets("link_disabled")
	if _, m := link(t, s); m["reason"] != "link_disabled" {
		t.Errorf("told %v", m)
	}
}

func TestATicketIsGoodOnce(t *testing.T) {
	s, _ := workspace(t, SlackOptions{AppToken: testAppToken})
	_, address, err := appClient(s, testAppToken).StartSocketModeContext(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for n := range 2 {
		conn, resp, err := websocket.DefaultDialer.DialContext(t.Context(), address, nil)
		if err == nil {
			conn.Close()
		}
		if resp != nil {
			resp.Body.Close()
		}
		if (err == nil) != (n == 0) {
			t.Errorf("use %d: %v", n+1, err)
		}
	}
}

func TestSocketModeTakesTheAppsOwnTokenAlone(t *testing.T) {
	for _, c := range []struct {
		token string
		o     SlackOptions
		want  string
	}{
		{"xapp-other", SlackOptions{AppToken: testAppToken}, "invalid_auth"},
		{"xoxb-test", SlackOptions{AppToken: testAppToken}, "not_allowed_token_type"},
		{testAppToken, SlackOptions{AppToken: testAppToken, AppScopes: []string{"authorizations:read"}}, "missing_scope"},
	} {
		s, _ := workspace(t, c.o)
		var refused slack.SlackErrorResponse
		if _, _, err := appClient(s, c.token).StartSocketModeContext(t.Context()); !errors.As(err, &refused) || refused.Err != c.want {
			t.Errorf("%s: %v, want %s", c.token, err, c.want)
		}
	}
}

func TestAFormIsOpenedWithinThreeSecondsOfAPress(t *testing.T) {
	var mu sync.Mutex
	now := time.Unix(1_800_000_000, 0)
	later := func(d time.Duration) {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(d)
	}
	s, c := workspace(t, SlackOptions{AppToken: testAppToken, Now: func() time.Time { mu.Lock(); defer mu.Unlock(); return now }})
	ts := buttoned(t, c)
	conn, _ := link(t, s)
	press := func() string {
		i := presses(t, s, ts)
		m := hears(t, conn)
		acks(t, conn, m, nil)
		acked(t, i)
		return payloadOf(t, m).TriggerID
	}
	input := slack.NewInputBlock("why", slack.NewTextBlockObject("plain_text", "Why?", false, false), nil, slack.NewPlainTextInputBlockElement(nil, "text"))
	view := slack.ModalViewRequest{Type: slack.VTModal, Title: slack.NewTextBlockObject("plain_text", "A form", false, false), CallbackID: "ours", PrivateMetadata: "kept",
		Submit: slack.NewTextBlockObject("plain_text", "Send", false, false), Blocks: slack.Blocks{BlockSet: []slack.Block{input}}}
	refusedAs := func(trigger string, v slack.ModalViewRequest, want string) {
		t.Helper()
		var refused slack.SlackErrorResponse
		if _, err := c.OpenViewContext(t.Context(), trigger, v); !errors.As(err, &refused) || refused.Err != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	long := view
	long.Title = slack.NewTextBlockObject("plain_text", strings.Repeat("x", 25), false, false)
	trigger := press()
	refusedAs(trigger, long, "invalid_arguments")
	if _, err := c.OpenViewContext(t.Context(), trigger, view); err != nil {
		t.Fatal(err)
	}
	refusedAs(trigger, view, "exchanged_trigger_id")
	refusedAs("none", view, "invalid_trigger_id")
	trigger = press()
	later(4 * time.Second)
	refusedAs(trigger, view, "expired_trigger_id")

	v := s.Views()[0]
	if len(s.Views()) != 1 || v.User != "U0AMINA" || v.Metadata != "kept" || !v.Open {
		t.Fatalf("views: %+v", s.Views())
	}
	if _, err := s.Submit(v.ID, map[string]string{"date": "x"}, "U0AMINA"); err == nil {
		t.Error("a field that is not there was filled in")
	}
	for _, said := range []any{map[string]any{"response_action": "errors", "errors": map[string]string{"why": "more"}}, nil} {
		i, err := s.Submit(v.ID, map[string]string{"why": "because"}, "U0AMINA")
		if err != nil {
			t.Fatal(err)
		}
		m := hears(t, conn)
		in := payloadOf(t, m)
		if in.Type != slack.InteractionTypeViewSubmission || in.View.PrivateMetadata != "kept" || in.View.State.Values["why"]["text"].Value != "because" {
			t.Errorf("came %v", m)
		}
		acks(t, conn, m, said)
		acked(t, i)
		if got := s.Views()[0]; got.Open != (said != nil) || (got.Errors["why"] == "more") != (said != nil) {
			t.Errorf("after %v: %+v", said, got)
		}
	}
	if _, err := s.Submit(v.ID, nil, "U0AMINA"); err == nil {
		t.Error("a closed form was sent")
	}
}

func TestAWhisperIsSeenByOneAlone(t *testing.T) {
	s, c := workspace(t, SlackOptions{})
	if _, err := c.PostEphemeralContext(t.Context(), testChannel, "U0AMINA", slack.MsgOptionText("only you", false)); err != nil {
		t.Fatal(err)
	}
	if w := s.Whispers(); len(w) != 1 || w[0] != (Whisper{testChannel, "U0AMINA", "only you", ""}) || len(s.Messages()) != 0 {
		t.Errorf("whispers %+v, messages %+v", w, s.Messages())
	}
	if _, err := c.PostEphemeralContext(t.Context(), "C0NOWHERE", "U0AMINA", slack.MsgOptionText("only you", false)); err == nil {
		t.Error("whispered nowhere")
	}
}
