package slack

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tocsin"
	"tocsin/notifier"
)

const (
	token   = "xoxb-0000-SECRET"
	channel = "C0123456"
)

// service is a Slack of our own: it answers each method with what was set for
// it, and keeps what it was asked.
type service struct {
	*httptest.Server
	mu      sync.Mutex
	asked   []asked
	answers map[string]func(http.ResponseWriter, url.Values)
}

type asked struct {
	method string
	form   url.Values
}

func newService(t *testing.T) *service {
	s := &service{answers: map[string]func(http.ResponseWriter, url.Values){}}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		method := strings.TrimPrefix(r.URL.Path, "/api/")
		s.mu.Lock()
		s.asked = append(s.asked, asked{method, r.Form})
		answer := s.answers[method]
		s.mu.Unlock()
		if r.Form.Get("token") != token {
			t.Errorf("%s without the token", method)
		}
		if answer == nil {
			t.Errorf("%s was called", method)
			answer = says(`{"ok":false,"error":"unknown_method"}`)
		}
		answer(w, r.Form)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *service) on(method string, answer func(http.ResponseWriter, url.Values)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers[method] = answer
}

func (s *service) calls(method string) []url.Values {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []url.Values
	for _, a := range s.asked {
		if a.method == method {
			out = append(out, a.form)
		}
	}
	return out
}

func (s *service) slack(t *testing.T) *Slack {
	t.Helper()
	x, err := New(Options{Token: token, Channel: channel, APIURL: s.URL + "/api", Buttons: true})
	if err != nil {
		t.Fatal(err)
	}
	return x.(*Slack)
}

// says answers with a body and 200, or with another status in front of it.
func says(body string, status ...int) func(http.ResponseWriter, url.Values) {
	return func(w http.ResponseWriter, _ url.Values) {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		if len(status) > 0 {
			w.WriteHeader(status[0])
		}
		_, _ = io.WriteString(w, body)
	}
}

// takes accepts a message as Slack does, repeating it in the answer.
func takes(w http.ResponseWriter, f url.Values) {
	ts := f.Get("ts")
	if ts == "" {
		ts = "1777795200.000100"
	}
	msg := map[string]any{"type": "message", "ts": ts, "text": f.Get("text"), "bot_id": "B1", "blocks": json.RawMessage(f.Get("blocks")), "metadata": json.RawMessage(f.Get("metadata"))}
	b, _ := json.Marshal(map[string]any{"ok": true, "channel": channel, "ts": ts, "message": msg})
	says(string(b))(w, f)
}

func message1() notifier.Message {
	n := tocsin.Notice{Source: "interpol-red", ID: "2026/48213", Name: "VARDEN", Forename: "MIRA ILSE", Color: "red", URL: "https://ws-public.example/notices/v1/red/2026-48213"}
	return notifier.Message{ID: "m_first1", Kind: notifier.Single, Case: "c_7Qk2Lm", Items: []notifier.Item{{
		Event:  tocsin.Event{ID: "e_first1", Kind: tocsin.Appeared, Source: "interpol-red", Person: "p-017", Case: "c_7Qk2Lm", Tier: tocsin.TierAlert, Score: 0.97},
		Person: &notifier.Subject{ID: "p-017", Names: []string{"Mira VARDEN"}, Codename: "HERON", Initials: "M. V."},
		Notice: &n, Case: &tocsin.Case{ID: "c_7Qk2Lm", State: tocsin.CaseOpen}, Detail: notifier.Full,
	}}}
}

func TestAMessageGoesOutWithItsIdsAndFetchesNothing(t *testing.T) {
	s := newService(t)
	s.on("chat.postMessage", takes)
	res, err := s.slack(t).Send(t.Context(), message1())
	if err != nil {
		t.Fatal(err)
	}
	if res.Ref != channel+"/1777795200.000100" {
		t.Errorf("reference %q", res.Ref)
	}
	f := s.calls("chat.postMessage")[0]
	for k, want := range map[string]string{"channel": channel, "unfurl_links": "false", "unfurl_media": "false", "parse": "none", "mrkdwn": "false", "link_names": "false", "thread_ts": "", "reply_broadcast": ""} {
		if got := f.Get(k); got != want {
			t.Errorf("%s is %q, want %q", k, got, want)
		}
	}
	if got, want := f.Get("metadata"), `{"event_type":"tocsin","event_payload":{"case":"c_7Qk2Lm","delivery":"m_first1","events":["e_first1"]}}`; got != want {
		t.Errorf("metadata %s", got)
	}
	if !strings.Contains(f.Get("text"), "Mira VARDEN") || !strings.Contains(f.Get("blocks"), "2026/48213") {
		t.Errorf("the words are missing: %s", f.Get("text"))
	}
	for _, bad := range []string{"image", "https://", "xoxb"} {
		if strings.Contains(f.Get("blocks")+f.Get("text"), bad) {
			t.Errorf("%q in the message", bad)
		}
	}
}

func TestAtLowerDetailNothingNamesThePersonAnywhere(t *testing.T) {
	s := newService(t)
	s.on("chat.postMessage", takes)
	m := message1()
	m.Items[0] = notifier.Redact(notifier.Codename, m.Items[0])
	if _, err := s.slack(t).Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	f := s.calls("chat.postMessage")[0]
	for k := range f {
		for _, bad := range []string{"Mira", "VARDEN", "2026/48213", "ws-public"} {
			if strings.Contains(f.Get(k), bad) {
				t.Errorf("%q in %s", bad, k)
			}
		}
	}
	if !strings.Contains(f.Get("text"), "HERON") {
		t.Error("the codename is missing")
	}
}

func TestAReplyGoesIntoItsThreadAndToTheChannelWhereAsked(t *testing.T) {
	s := newService(t)
	s.on("chat.postMessage", takes)
	m := message1()
	m.Parent, m.Broadcast = "C0999999/1777790000.000200", true
	if _, err := s.slack(t).Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	f := s.calls("chat.postMessage")[0]
	if f.Get("channel") != "C0999999" || f.Get("thread_ts") != "1777790000.000200" || f.Get("reply_broadcast") != "true" {
		t.Errorf("%v", f)
	}
}

func TestAnEventIsToldEvenIfItsThreadWasTakenAway(t *testing.T) {
	s := newService(t)
	s.on("chat.postMessage", func(w http.ResponseWriter, f url.Values) {
		if f.Get("thread_ts") != "" {
			says(`{"ok":false,"error":"thread_not_found"}`)(w, f)
			return
		}
		takes(w, f)
	})
	m := message1()
	m.Parent, m.Broadcast = channel+"/1777790000.000200", true
	res, err := s.slack(t).Send(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	if f := s.calls("chat.postMessage"); !res.Alone || len(f) != 2 || f[1].Get("thread_ts") != "" || f[1].Get("reply_broadcast") != "" || f[1].Get("metadata") != f[0].Get("metadata") {
		t.Errorf("%v", f)
	}
}

// Slack refuses no reply to a message that is gone: it puts it into the channel,
// and the answer alone shows that.
func TestAReplyThatStandsByItselfIsNoticed(t *testing.T) {
	const parent = "1777790000.000200"
	for name, x := range map[string]struct {
		thread string // that the answer names
		parent string
		alone  bool
	}{
		"in its thread":    {parent, channel + "/" + parent, false},
		"by itself":        {"", channel + "/" + parent, true},
		"without a parent": {"", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			s := newService(t)
			s.on("chat.postMessage", func(w http.ResponseWriter, f url.Values) {
				thread := ""
				if x.thread != "" {
					thread = `,"thread_ts":"` + x.thread + `"`
				}
				says(`{"ok":true,"channel":"`+channel+`","ts":"1777795200.000100","message":{"ts":"1777795200.000100"`+thread+`}}`)(w, f)
			})
			m := message1()
			m.Parent = x.parent
			res, err := s.slack(t).Send(t.Context(), m)
			if err != nil || res.Alone != x.alone {
				t.Errorf("%+v, %v", res, err)
			}
		})
	}
}

func TestASilentMessageDeliversNoEventAndARepeatSaysSo(t *testing.T) {
	s := newService(t)
	s.on("chat.postMessage", takes)
	m := message1()
	m.Silent, m.Repeat = true, true
	if _, err := s.slack(t).Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	f := s.calls("chat.postMessage")[0]
	if strings.Contains(f.Get("metadata"), "e_first1") || !strings.Contains(f.Get("metadata"), "m_first1") {
		t.Errorf("metadata %s", f.Get("metadata"))
	}
	for _, k := range []string{"text", "blocks"} {
		if !strings.Contains(strings.ToLower(f.Get(k)), "possible repeat") {
			t.Errorf("the %s does not say that it may be a repeat", k)
		}
	}
}

func TestAnUpdateShowsTheCaseAsItIsNow(t *testing.T) {
	s := newService(t)
	s.on("chat.update", takes)
	m := message1()
	m.Items[0].Case = &tocsin.Case{ID: "c_7Qk2Lm", State: tocsin.CaseAcknowledged, Owner: "slack:U0AMINA1", Rev: 2}
	if err := s.slack(t).Update(t.Context(), channel+"/1777795200.000100", m); err != nil {
		t.Fatal(err)
	}
	f := s.calls("chat.update")[0]
	if f.Get("channel") != channel || f.Get("ts") != "1777795200.000100" || !strings.Contains(f.Get("metadata"), "m_first1") {
		t.Errorf("%v", f)
	}
	var bs []blockJSON
	if err := json.Unmarshal([]byte(f.Get("blocks")), &bs); err != nil || !strings.Contains(show(t, bs), "<@U0AMINA1>") {
		t.Errorf("who has it is not said: %s %v", f.Get("blocks"), err)
	}
}

func TestAnUpdateOfAMessageThatIsNotThereIsGivenUp(t *testing.T) {
	s := newService(t)
	s.on("chat.update", says(`{"ok":false,"error":"message_not_found"}`))
	for _, ref := range []string{channel + "/1777795200.000100", "", "nonsense"} {
		if e := failureOf(t, s.slack(t).Update(t.Context(), ref, message1())); e.Outcome != notifier.Permanent {
			t.Errorf("%q: %v %s", ref, e.Outcome, e.Why)
		}
	}
}

func failureOf(t *testing.T, err error) *notifier.Error {
	t.Helper()
	var e *notifier.Error
	if !errors.As(err, &e) {
		t.Fatalf("%v (%T) is no *notifier.Error", err, err)
	}
	for _, bad := range []string{token, "xoxb", "Mira", "VARDEN", "127.0.0.1", "localhost", "http:", "https:", "SECRET"} {
		if strings.Contains(e.Why, bad) {
			t.Errorf("%q in %q", bad, e.Why)
		}
	}
	if e.Why == "" {
		t.Error("an error without words")
	}
	return e
}

func TestEveryAnswerMeansWhatItMeansForTheMessage(t *testing.T) {
	const p, tmp, unk = notifier.Permanent, notifier.Temporary, notifier.Unknown
	limit := func(after string) func(http.ResponseWriter, url.Values) {
		return func(w http.ResponseWriter, f url.Values) {
			if after != "" {
				w.Header().Set("Retry-After", after)
			}
			says(`{"ok":false,"error":"ratelimited"}`, 429)(w, f)
		}
	}
	cut := func(w http.ResponseWriter, _ url.Values) {
		c, _, err := w.(http.Hijacker).Hijack()
		if err == nil {
			_ = c.Close()
		}
	}
	half := func(w http.ResponseWriter, _ url.Values) {
		w.Header().Set("Content-Length", "500")
		_, _ = io.WriteString(w, `{"ok":true,"channel":"C01`)
	}
	endless := func(w http.ResponseWriter, _ url.Values) {
		_, _ = io.WriteString(w, `{"ok":true,"channel":"C0123456","ts":"1777795200.000100"}`)
		chunk := strings.Repeat(" ", 1<<20)
		for range 17 { // MiB: more than is read
			if _, err := io.WriteString(w, chunk); err != nil {
				return
			}
		}
	}
	elsewhere := func(w http.ResponseWriter, _ url.Values) {
		w.Header().Set("Location", "/api/evil.method")
		w.WriteHeader(307)
	}
	type row struct {
		name   string
		answer func(http.ResponseWriter, url.Values)
		want   notifier.Outcome
		after  time.Duration
		says   string
	}
	rows := []row{
		{"429 with seconds", limit("30"), tmp, 30 * time.Second, ""},
		{"429 without a time", limit(""), tmp, 0, ""},
		{"429 with nonsense", limit("soon"), tmp, 0, ""},
		{"429 for ever", limit("2000000000"), tmp, time.Hour, ""},
		{"429 for longer than ever", limit("99999999999999999999"), tmp, 0, ""},
		{"429 before now", limit("-5"), tmp, 0, ""},
		{"200 ratelimited", says(`{"ok":false,"error":"ratelimited"}`), tmp, 0, ""},
		{"500", says(`oops`, 500), unk, 0, "500"},
		{"503 with a definite code", says(`{"ok":false,"error":"channel_not_found"}`, 503), unk, 0, "503"},
		{"internal_error", says(`{"ok":false,"error":"internal_error"}`), unk, 0, "internal_error"},
		{"fatal_error", says(`{"ok":false,"error":"fatal_error"}`), unk, 0, ""},
		{"request_timeout", says(`{"ok":false,"error":"request_timeout"}`), unk, 0, ""},
		{"a code nobody knows", says(`{"ok":false,"error":"new_code"}`), unk, 0, "new_code"},
		{"a code that is none", says(`{"ok":false,"error":"xoxb-0000-SECRET at http://x"}`), unk, 0, ""},
		{"not ok without a code", says(`{"ok":false}`), unk, 0, ""},
		{"no ok", says(`{}`), unk, 0, ""},
		{"null", says(`null`), unk, 0, ""},
		{"nothing", says(``), unk, 0, ""},
		{"HTML", says(`<html>Sign in to the hotel's network</html>`), unk, 0, ""},
		{"ok without a place", says(`{"ok":true}`), unk, 0, ""},
		{"ok with a strange place", says(`{"ok":true,"channel":"C0123456","ts":"soon"}`), unk, 0, ""},
		{"404", says(`not here`, 404), unk, 0, "404"},
		{"elsewhere", elsewhere, unk, 0, "307"},
		{"cut", cut, unk, 0, ""},
		{"half an answer", half, unk, 0, ""},
		{"an endless answer", endless, unk, 0, ""},
		{"missing scope", says(`{"ok":false,"error":"missing_scope","needed":"chat:write","provided":"incoming-webhook"}`), p, 0, "chat:write"},
		{"missing scope, 403", says(`{"ok":false,"error":"missing_scope"}`, 403), p, 0, "scope"},
	}
	for _, code := range []string{
		"channel_not_found", "invalid_auth", "not_in_channel", "is_archived", "msg_too_long", "invalid_blocks", "token_revoked", "token_expired", "account_inactive",
		"not_authed", "restricted_action", "msg_blocks_too_long", "no_text", "metadata_too_large", "invalid_arguments", "ekm_access_denied",
	} {
		rows = append(rows, row{code, says(`{"ok":false,"error":"` + code + `"}`), p, 0, code})
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			s := newService(t)
			s.on("chat.postMessage", r.answer)
			_, err := s.slack(t).Send(t.Context(), message1())
			e := failureOf(t, err)
			if e.Outcome != r.want || e.RetryAfter != r.after || !strings.Contains(e.Why, r.says) {
				t.Errorf("outcome %v after %v (%s), want %v after %v", e.Outcome, e.RetryAfter, e.Why, r.want, r.after)
			}
			if n := len(s.calls("chat.postMessage")); n != 1 {
				t.Errorf("sent %d times", n)
			}
		})
	}
}

func TestADateInRetryAfterIsReadAgainstOurClock(t *testing.T) {
	now := time.Date(2026, 5, 3, 8, 0, 0, 0, time.UTC)
	s := newService(t)
	s.on("chat.postMessage", func(w http.ResponseWriter, f url.Values) {
		w.Header().Set("Retry-After", now.Add(90*time.Second).Format(http.TimeFormat))
		w.WriteHeader(429)
	})
	x, err := New(Options{Token: token, Channel: channel, APIURL: s.URL + "/api/", Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	_, err = x.Send(t.Context(), message1())
	if e := failureOf(t, err); e.RetryAfter != 90*time.Second {
		t.Errorf("%v", e.RetryAfter)
	}
}

func TestWhatNeverConnectedDidNotArrive(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := l.Addr().String()
	_ = l.Close()
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	defer secure.Close()
	dial := func(err error) *http.Client {
		return &http.Client{Transport: &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return nil, err }}}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for name, c := range map[string]struct {
		ctx  context.Context
		url  string
		http *http.Client
	}{
		"nobody listens":         {t.Context(), "http://" + closed, nil},
		"no such host":           {t.Context(), "http://slack.invalid", dial(&net.DNSError{Err: "no such host", Name: "slack.invalid", IsNotFound: true})},
		"dialling takes forever": {t.Context(), "http://slack.invalid", dial(context.DeadlineExceeded)},
		"an unknown certificate": {t.Context(), secure.URL, nil},
		"no TLS there":           {t.Context(), strings.Replace(newService(t).URL, "http:", "https:", 1), nil},
		"ended before":           {ended, "http://slack.invalid", dial(errors.New("dialled"))},
	} {
		t.Run(name, func(t *testing.T) {
			x, err := New(Options{Token: token, Channel: channel, APIURL: c.url, HTTP: c.http})
			if err != nil {
				t.Fatal(err)
			}
			_, err = x.Send(c.ctx, message1())
			if e := failureOf(t, err); e.Outcome != notifier.Temporary {
				t.Errorf("%v: %s", e.Outcome, e.Why)
			}
		})
	}
}

func TestAMessageThatWasOnItsWayWhenTimeRanOutIsUnknown(t *testing.T) {
	s := newService(t)
	ctx, cancel := context.WithCancel(t.Context())
	release := make(chan struct{})
	s.on("chat.postMessage", func(http.ResponseWriter, url.Values) { cancel(); <-release })
	_, err := s.slack(t).Send(ctx, message1())
	close(release)
	if e := failureOf(t, err); e.Outcome != notifier.Unknown {
		t.Errorf("%v: %s", e.Outcome, e.Why)
	}

	late := make(chan struct{})
	s.on("chat.postMessage", func(http.ResponseWriter, url.Values) { <-late })
	x, err := New(Options{Token: token, Channel: channel, APIURL: s.URL + "/api", HTTP: &http.Client{Timeout: time.Second}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = x.Send(t.Context(), message1())
	close(late)
	if e := failureOf(t, err); e.Outcome != notifier.Unknown {
		t.Errorf("%v: %s", e.Outcome, e.Why)
	}
}

func TestOptionsThatCannotWorkAreRefusedWithoutQuotingSecrets(t *testing.T) {
	for name, o := range map[string]Options{
		"neither": {Channel: channel}, "both": {Token: token, Webhook: "https://hooks.example/SECRET", Channel: channel}, "no channel": {Token: token},
		"no address": {Webhook: "SECRET"}, "bad api_url": {Token: token, Channel: channel, APIURL: "slack.com/api"},
	} {
		if _, err := New(o); err == nil || strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestEveryPermanentCodeHasWords(t *testing.T) {
	for code, words := range permanent {
		if !codeShape.MatchString(code) || words == "" {
			t.Errorf("%q: %q", code, words)
		}
		if later[code] || slices.Contains([]string{"internal_error", "fatal_error"}, code) {
			t.Errorf("%s is not permanent", code)
		}
	}
}
