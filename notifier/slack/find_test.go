package slack

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"
)

// history answers with pages of messages: each names the delivery it carries.
func history(pages ...[]string) func(http.ResponseWriter, url.Values) {
	return func(w http.ResponseWriter, f url.Values) {
		i := 0
		if c := f.Get("cursor"); c != "" {
			_, _ = fmt.Sscanf(c, "page%d", &i)
		}
		msgs := []any{
			map[string]any{"type": "message", "ts": "1.000001", "text": "someone else's"},
			map[string]any{"type": 7, "ts": "1.000002", "blocks": "not blocks at all", "files": 3, "metadata": map[string]any{"event_type": "other", "event_payload": map[string]any{"delivery": "m_absent", "x": []int{1}}}},
			map[string]any{"ts": "1.000003", "metadata": map[string]any{"event_type": "tocsin", "event_payload": map[string]any{"delivery": 12}}},
		}
		for j, id := range pages[i] {
			msgs = append(msgs, map[string]any{"ts": fmt.Sprintf("17777952%02d.%06d", i, j), "metadata": map[string]any{"event_type": "tocsin", "event_payload": map[string]any{"delivery": id, "events": []string{"e"}}}})
		}
		out := map[string]any{"ok": true, "messages": msgs, "has_more": i+1 < len(pages)}
		if i+1 < len(pages) {
			out["response_metadata"] = map[string]any{"next_cursor": fmt.Sprintf("page%d", i+1)}
		}
		b, _ := json.Marshal(out)
		says(string(b))(w, f)
	}
}

var since = time.Date(2026, 5, 3, 8, 0, 0, 123456789, time.UTC)

func TestMessagesAreFoundInTheHistoryByTheirIds(t *testing.T) {
	s := newService(t)
	s.on("conversations.history", history([]string{"m_other"}, []string{"m_1"}, []string{"m_2", "m_3"}, []string{"m_9"}))
	found, err := s.slack(t).Find(t.Context(), since, "", []string{"m_1", "m_3"})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != 2 || found["m_1"] != channel+"/1777795201.000000" || found["m_3"] != channel+"/1777795202.000001" {
		t.Errorf("%v", found)
	}
	calls := s.calls("conversations.history")
	if len(calls) != 3 {
		t.Errorf("%d pages read, want 3: the last is not needed", len(calls))
	}
	for _, f := range calls {
		if f.Get("include_all_metadata") != "true" || f.Get("oldest") != fmt.Sprintf("%d.123456", since.Unix()) || f.Get("channel") != channel {
			t.Errorf("%v", f)
		}
	}
}

func TestMessagesOfAThreadAreFoundThereOrBesideItWhereItIsGone(t *testing.T) {
	s := newService(t)
	s.on("conversations.replies", history([]string{"m_1"}))
	found, err := s.slack(t).Find(t.Context(), since, "C0999999/1777790000.000200", []string{"m_1", "m_2"})
	if err != nil || len(found) != 1 || found["m_1"] != "C0999999/1777795200.000000" {
		t.Errorf("%v %v", found, err)
	}
	if f := s.calls("conversations.replies")[0]; f.Get("ts") != "1777790000.000200" || f.Get("channel") != "C0999999" {
		t.Errorf("%v", f)
	}
	s.on("conversations.replies", says(`{"ok":false,"error":"thread_not_found"}`))
	s.on("conversations.history", history([]string{"m_2"}))
	found, err = s.slack(t).Find(t.Context(), since, channel+"/1777790000.000200", []string{"m_2"})
	if err != nil || found["m_2"] != channel+"/1777795200.000000" {
		t.Errorf("%v %v", found, err)
	}
}

func TestAHistoryThatWasNotWhollyReadNeverMeansThatAMessageIsAbsent(t *testing.T) {
	scoped := func(w http.ResponseWriter, f url.Values) {
		w.Header().Set("X-OAuth-Scopes", "chat:write,channels:history")
		says(`{"ok":true,"messages":[],"has_more":false}`)(w, f)
	}
	for name, answer := range map[string]func(http.ResponseWriter, url.Values){
		"refused":            says(`{"ok":false,"error":"missing_scope","needed":"channels:history"}`),
		"rate limited":       says(``, 429),
		"broken":             says(`{"ok":true,"messages":[{]}`),
		"no messages":        says(`{"ok":true}`),
		"messages in error":  says(`{"ok":false,"messages":[]}`),
		"more, but no way":   says(`{"ok":true,"messages":[],"has_more":true}`),
		"in a circle":        says(`{"ok":true,"messages":[],"has_more":true,"response_metadata":{"next_cursor":"again"}}`),
		"metadata kept back": scoped,
		"HTML":               says(`<html>`),
		"500":                says(``, 500),
	} {
		t.Run(name, func(t *testing.T) {
			s := newService(t)
			s.on("conversations.history", answer)
			found, err := s.slack(t).Find(t.Context(), since, "", []string{"m_1"})
			if err == nil {
				t.Fatalf("read as absent: %v", found)
			}
			failureOf(t, err)
		})
	}
	t.Run("endless", func(t *testing.T) {
		s := newService(t)
		s.on("conversations.history", func(w http.ResponseWriter, f url.Values) {
			says(`{"ok":true,"messages":[],"has_more":true,"response_metadata":{"next_cursor":"x`+f.Get("cursor")+`"}}`)(w, f)
		})
		if _, err := s.slack(t).Find(t.Context(), since, "", []string{"m_1"}); err == nil {
			t.Error("read as absent")
		}
		if n := len(s.calls("conversations.history")); n != pagesMax {
			t.Errorf("%d pages read", n)
		}
	})
}

func TestAnEmptyHistoryThatWasReadMeansAbsent(t *testing.T) {
	s := newService(t)
	s.on("conversations.history", says(`{"ok":true,"messages":[],"has_more":false}`))
	found, err := s.slack(t).Find(t.Context(), since, "", []string{"m_1"})
	if err != nil || len(found) != 0 {
		t.Errorf("%v %v", found, err)
	}
}

func TestCheckSaysInPlainWordsWhatIsWrong(t *testing.T) {
	signed := func(scopes string) func(http.ResponseWriter, url.Values) {
		return func(w http.ResponseWriter, f url.Values) {
			if scopes != "" {
				w.Header().Set("X-OAuth-Scopes", scopes)
			}
			says(`{"ok":true,"url":"https://team.example/","team":"T","user":"tocsin","team_id":"T1","user_id":"U1","bot_id":"B1"}`)(w, f)
		}
	}
	good := says(`{"ok":true,"messages":[]}`)
	for name, c := range map[string]struct {
		auth, history func(http.ResponseWriter, url.Values)
		says          []string
	}{
		"all is well":        {signed("chat:write,channels:history,metadata.message:read"), good, nil},
		"scopes not told":    {signed(""), good, nil},
		"token not valid":    {says(`{"ok":false,"error":"invalid_auth"}`), good, []string{"token is not valid", "token_file", "OAuth & Permissions"}},
		"token revoked":      {says(`{"ok":false,"error":"token_revoked"}`), good, []string{"was revoked", "Install the app again", "token_file"}},
		"account inactive":   {says(`{"ok":false,"error":"account_inactive"}`), good, []string{"removed from the workspace", "Install the app", "/invite"}},
		"two scopes missing": {signed("channels:history"), good, []string{"chat:write", "metadata.message:read", "install the app again"}},
		"history forbidden":  {signed(""), says(`{"ok":false,"error":"missing_scope","needed":"groups:history"}`), []string{"groups:history", "install the app again"}},
		"not in the channel": {signed(""), says(`{"ok":false,"error":"not_in_channel"}`), []string{"/invite"}},
		"no such channel":    {signed(""), says(`{"ok":false,"error":"channel_not_found"}`), []string{"Check channel", "/invite"}},
		"archived":           {signed(""), says(`{"ok":false,"error":"is_archived"}`), []string{"archived", "Unarchive"}},
		"restricted":         {signed(""), says(`{"ok":false,"error":"restricted_action"}`), []string{"administrator"}},
		"an empty answer":    {signed(""), says(`{"ok":true}`), []string{"not one of Slack's", "api_url"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newService(t)
			s.on("auth.test", c.auth)
			s.on("conversations.history", c.history)
			err := s.slack(t).Check(t.Context())
			if c.says == nil {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			e := failureOf(t, err)
			for _, w := range c.says {
				if !strings.Contains(e.Why+"\n"+e.Do, w) {
					t.Errorf("%q, %q does not say %q", e.Why, e.Do, w)
				}
			}
		})
	}
}

func TestAChannelGivenByNameIsNoticed(t *testing.T) {
	s := newService(t)
	s.on("auth.test", says(`{"ok":true}`))
	s.on("conversations.history", says(`{"ok":false,"error":"channel_not_found"}`))
	x, err := New(Options{Token: token, Channel: "#alerts", APIURL: s.URL + "/api"})
	if err != nil {
		t.Fatal(err)
	}
	if e := failureOf(t, x.Check(t.Context())); !strings.Contains(e.Do, "such as C0123456") {
		t.Error(e.Why, e.Do)
	}
}

// A machine whose clock is wrong, or was while it sent, must not take what
// arrived for absent: it would be told twice.
func TestWhatWasSentByAWrongClockIsFoundAllTheSame(t *testing.T) {
	arrived := time.Date(2026, 5, 3, 8, 0, 0, 0, time.UTC)
	for name, x := range map[string]struct {
		tried, ours, theirs time.Time
		wide                bool
	}{
		"the clocks agree":                     {arrived, arrived.Add(time.Minute), arrived.Add(time.Minute), false},
		"ours is two minutes ahead":            {arrived.Add(2 * time.Minute), arrived.Add(3 * time.Minute), arrived.Add(time.Minute), true},
		"ours is a day ahead":                  {arrived.Add(24 * time.Hour), arrived.Add(24*time.Hour + time.Minute), arrived.Add(time.Minute), true},
		"ours was a day ahead and was mended":  {arrived.Add(24 * time.Hour), arrived.Add(time.Hour), arrived.Add(time.Hour), true},
		"ours is a day behind, which is early": {arrived.Add(-24 * time.Hour), arrived.Add(-24*time.Hour + time.Minute), arrived.Add(time.Minute), false},
	} {
		t.Run(name, func(t *testing.T) {
			s := newService(t)
			s.on("conversations.history", func(w http.ResponseWriter, f url.Values) {
				w.Header().Set("Date", x.theirs.Format(http.TimeFormat))
				oldest, err := strconv.ParseFloat(f.Get("oldest"), 64)
				if err != nil || int64(oldest) > arrived.Unix() {
					says(`{"ok":true,"messages":[],"has_more":false}`)(w, f)
					return
				}
				history([]string{"m_1"})(w, f)
			})
			found, err := s.slackAt(t, x.ours).Find(t.Context(), x.tried.Add(-time.Minute), "", []string{"m_1"})
			if err != nil || len(found) != 1 {
				t.Errorf("found %v, %v", found, err)
			}
			if n := len(s.calls("conversations.history")); n > 1 != x.wide {
				t.Errorf("read %d times", n)
			}
		})
	}
}

func (s *service) slackAt(t *testing.T, now time.Time) *Slack {
	t.Helper()
	x, err := New(Options{Token: token, Channel: channel, APIURL: s.URL + "/api", Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	return x.(*Slack)
}
