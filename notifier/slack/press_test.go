package slack

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"

	"tocsin"
	"tocsin/sim"
)

func (h *hall) whispered(n int) sim.Whisper {
	h.t.Helper()
	h.until("somebody is told something", func() bool { return len(h.sim.Whispers()) >= n })
	return h.sim.Whispers()[n-1]
}

func (h *hall) form(n int) sim.View {
	h.t.Helper()
	h.until("a form opens", func() bool { return len(h.sim.Views()) >= n })
	return h.sim.Views()[n-1]
}

func (h *hall) submit(view string, values map[string]string, user string) *sim.Interaction {
	h.t.Helper()
	i, err := h.sim.Submit(view, values, user)
	if err != nil {
		h.t.Fatal(err)
	}
	return i
}

func TestOnlyThoseOnTheListMayPress(t *testing.T) {
	h := newHall(t, sim.SlackOptions{}, []string{"U0AMINA"}, nil)
	h.listen()
	h.acked(h.press("ack", "U0STRANGER"))
	if w := h.whispered(1); w.User != "U0STRANGER" || !strings.Contains(w.Text, "Nothing was changed") || !strings.Contains(w.Text, "U0STRANGER") {
		t.Errorf("whispered %+v", w)
	}
	if _, told := h.presses(); told != 0 {
		t.Error("a refused press was taken in")
	}
	refused := h.log.FilterMessageSnippet("refused").All()
	if len(refused) != 1 || refused[0].ContextMap()["by"] != "U0STRANGER" || refused[0].ContextMap()["case"] != "c_0000001" {
		t.Errorf("logged %v", refused)
	}
	h.acked(h.press("dismiss", "U0STRANGER"))
	h.whispered(2)
	if n := len(h.sim.Views()); n != 0 {
		t.Error("a form opened for somebody who may not decide")
	}
	h.acked(h.press("ack", "U0AMINA"))
	h.hears(tocsin.Ack, "U0AMINA")
}

// In a channel that no notifier has any more, only those may press who may press
// everywhere.
func TestAMessageInAFormerChannelStillHasItsList(t *testing.T) {
	h := newHall(t, sim.SlackOptions{}, []string{"U0AMINA"}, nil)
	h.slack.o.Channel = "C0OTHER" // the configuration was changed after the message was sent
	h.listen()
	h.acked(h.press("ack", "U0STRANGER"))
	if w := h.whispered(1); w.Channel != channel || w.User != "U0STRANGER" {
		t.Errorf("whispered %+v", w)
	}
	h.acked(h.press("ack", "U0AMINA"))
	h.hears(tocsin.Ack, "U0AMINA")
}

func TestWhatThereIsToSayIsSaidToWhoeverPressedAlone(t *testing.T) {
	h := newHall(t, sim.SlackOptions{}, nil, nil)
	h.set(nil, "this case is no longer in the ledger <!channel>")
	h.listen()
	h.acked(h.press("ack", "U0AMINA"))
	if w := h.whispered(1); w.User != "U0AMINA" || w.Text != "this case is no longer in the ledger &lt;!channel&gt;" {
		t.Errorf("whispered %+v", w)
	}
}

func TestADismissalAsksWhy(t *testing.T) {
	h := newHall(t, sim.SlackOptions{}, nil, nil)
	h.listen()
	h.acked(h.press("dismiss", "U0AMINA"))
	v := h.form(1)
	if _, told := h.presses(); told != 0 {
		t.Error("a press that only opens a form is no decision")
	}
	if v.User != "U0AMINA" || !strings.Contains(string(v.Raw), "Never write where a person is") {
		t.Errorf("the form is %s for %s", v.Raw, v.User)
	}
	if v.Metadata != `{"channel":"C0123456","case":"c_0000001","action":"dismiss"}` {
		t.Errorf("it carries %s", v.Metadata)
	}

	h.acked(h.submit(v.ID, map[string]string{"why": "  "}, "U0AMINA"))
	if again := h.sim.Views()[0]; !again.Open || again.Errors["why"] == "" {
		t.Errorf("without a reason: %+v", again)
	}
	h.acked(h.submit(v.ID, map[string]string{"why": " born in another year "}, "U0AMINA"))
	if p := h.hears(tocsin.Dismiss, "U0AMINA"); p.Note != "born in another year" {
		t.Errorf("why: %q", p.Note)
	}
	if h.sim.Views()[0].Open {
		t.Error("the form stays open")
	}
}

func TestAFormThatIsToldTwiceCountsOnce(t *testing.T) {
	h := newHall(t, sim.SlackOptions{AckWithin: 100 * time.Millisecond}, nil, nil)
	h.listen()
	h.acked(h.press("dismiss", "U0AMINA"))
	v := h.form(1)
	h.sim.LoseAcks(1)
	h.acked(h.submit(v.ID, map[string]string{"why": "another person"}, "U0AMINA"))
	h.hears(tocsin.Dismiss, "U0AMINA")
	if _, told := h.presses(); told != 2 {
		t.Errorf("told %d times", told)
	}
}

func TestWhatIsWrongWithAFormIsSaidInIt(t *testing.T) {
	h := newHall(t, sim.SlackOptions{AckWithin: 100 * time.Millisecond}, nil, nil)
	h.listen()
	h.acked(h.press("dismiss", "U0AMINA"))
	v := h.form(1)
	h.set(nil, "this case is closed")
	h.acked(h.submit(v.ID, map[string]string{"why": "another person"}, "U0AMINA"))
	if again := h.sim.Views()[0]; !again.Open || again.Errors["why"] != "this case is closed" {
		t.Errorf("the form: %+v", again)
	}
	h.set(fmt.Errorf("the disk is full"), "")
	i := h.submit(v.ID, map[string]string{"why": "another person"}, "U0AMINA")
	h.until("told again", func() bool { return i.Tries() >= 2 })
	h.set(nil, "")
	h.acked(i)
}

func TestAFormThatDoesNotOpenIsSaid(t *testing.T) {
	h := newHall(t, sim.SlackOptions{}, nil, nil)
	h.sim.AddFault(sim.Fault{Kind: sim.Status, On: sim.OpenView, Count: 1})
	h.listen()
	h.acked(h.press("dismiss", "U0AMINA"))
	if w := h.whispered(1); !strings.Contains(w.Text, "Press again") {
		t.Errorf("whispered %+v", w)
	}
	h.acked(h.press("dismiss", "U0AMINA"))
	h.form(1)
}

// Two channels of one app share its connections: Slack does not say over which a
// press comes, and each has its own list of members.
func TestTwoChannelsOfOneApp(t *testing.T) {
	h := newHall(t, sim.SlackOptions{}, []string{"U0AMINA"}, nil)
	send, err := New(Options{ID: "second", Token: token, Channel: "C0OTHER", APIURL: h.sim.URL(), AppToken: appToken, Users: []string{"U0BASIL"}, Buttons: true})
	if err != nil {
		t.Fatal(err)
	}
	ears := Listeners([]*Slack{h.slack, send.(*Slack)}, time.UTC, zap.NewNop())
	if len(ears) != 1 || strings.Join(ears[0].Notifiers(), " ") != "team second" {
		t.Fatalf("%d listeners", len(ears))
	}
	first := h.ts
	h.slack = send.(*Slack)
	h.post()
	h.ear = ears[0]
	h.listen()
	h.acked(h.press("ack", "U0AMINA"))
	if w := h.whispered(1); w.Channel != "C0OTHER" || w.User != "U0AMINA" {
		t.Errorf("whispered %+v", w)
	}
	h.ts = first
	h.acked(h.press("ack", "U0AMINA"))
	h.hears(tocsin.Ack, "U0AMINA")
}

// FuzzTake holds that nothing that comes over the connection makes take panic,
// or makes a press of what is not one.
func FuzzTake(f *testing.F) {
	f.Add("interactive", `{"type":"block_actions","user":{"id":"U0AMINA"},"container":{"channel_id":"C0123456","message_ts":"1.2"},"actions":[{"action_id":"ack","value":"c_1","action_ts":"1.2"}]}`)
	f.Add("interactive", `{"type":"view_submission","user":{"id":"U0AMINA"},"view":{"id":"V1","callback_id":"tocsin","private_metadata":"{\"case\":\"c_1\",\"action\":\"dismiss\"}","state":{"values":{"why":{"text":{"value":"x"}}}}}}`)
	f.Add("interactive", `{"type":"block_actions","user":{"id":"<!channel>"},"actions":[{"action_id":"ack"}]}`)
	f.Add("events_api", `{}`)
	send, err := New(Options{ID: "team", Token: token, Channel: channel, APIURL: "http://127.0.0.1:1/", AppToken: appToken})
	if err != nil {
		f.Fatal(err)
	}
	l := Listeners([]*Slack{send.(*Slack)}, time.UTC, zap.NewNop())[0]
	f.Fuzz(func(t *testing.T, kind, payload string) {
		d := &desk{}
		r := l.take(t.Context(), frame{Type: kind, Envelope: "e", Payload: []byte(payload)}, d.hear)
		if !r.kept {
			t.Error("what the ledger took is not acknowledged")
		}
		got, _ := d.presses()
		for _, p := range got {
			if kind != "interactive" || !userID.MatchString(strings.TrimPrefix(p.By, "slack:")) || p.Key == "" || p.At.IsZero() || len([]rune(p.Note)) > noteMax {
				t.Errorf("a press of %q: %+v", payload, p)
			}
		}
	})
}

// Each form asks for what its decision needs, and says what is wrong with it.
func TestFormsAskForWhatADecisionNeeds(t *testing.T) {
	now := time.Date(2026, 5, 3, 22, 30, 0, 0, time.UTC) // the 4th in the zone that people are asked in
	zone := time.FixedZone("EEST", 3*60*60)
	for _, c := range []struct {
		action tocsin.Action
		given  map[string]string
		wrong  string // in the first field
		when   string
		to     string
	}{
		{"filed", map[string]string{"date": "2026-05-04", "request": "deletion"}, "", "2026-05-04T00:00:00Z", "deletion"},
		{"filed", map[string]string{"date": "2026-05-04"}, "", "2026-05-04T00:00:00Z", ""},
		{"filed", map[string]string{"date": "2026-05-05"}, "has not come yet", "", ""},
		{"filed", map[string]string{"date": "soon"}, "Choose the day", "", ""},
		{"admissible", map[string]string{"date": "2026-02-20", "request": "fame"}, "", "2026-02-20T00:00:00Z", ""},
		{"admissible", map[string]string{"date": "0001-01-01"}, "Choose the day", "", ""},
		{"remind", map[string]string{"when": "1h"}, "", "2026-05-03T23:30:00Z", ""},
		{"remind", map[string]string{"when": "4h"}, "", "2026-05-04T02:30:00Z", ""},
		{"remind", map[string]string{"when": "1d"}, "", "2026-05-05T06:00:00Z", ""},
		{"remind", map[string]string{"when": "30d"}, "", "2026-06-03T06:00:00Z", ""},
		{"remind", map[string]string{"when": "never"}, "Choose when", "", ""},
	} {
		t.Run(fmt.Sprint(c.action, c.given), func(t *testing.T) {
			h := newHall(t, sim.SlackOptions{}, nil, func(l *Listener) { l.zone, l.now = zone, func() time.Time { return now } })
			h.state, h.filed = tocsin.CaseAcknowledged, now
			h.post()
			h.listen()
			h.acked(h.press(string(c.action), "U0AMINA"))
			v := h.form(1)
			h.acked(h.submit(v.ID, c.given, "U0AMINA"))
			if c.wrong != "" {
				first := forms[c.action].fields[0].id
				if again := h.sim.Views()[0]; !again.Open || !strings.Contains(again.Errors[first], c.wrong) {
					t.Errorf("the form: %+v", again)
				}
				return
			}
			if p := h.hears(c.action, "U0AMINA"); p.When.Format(time.RFC3339) != c.when || p.To != c.to {
				t.Errorf("kept %+v", p)
			}
		})
	}
}

// No form asks where anybody is, and each field in which people write freely says
// never to write it.
func TestFieldsForFreeTextSayWhatNeverToWrite(t *testing.T) {
	for action, f := range forms {
		for _, x := range f.fields {
			if x.element(time.Now()).ElementType() == "plain_text_input" && !strings.Contains(x.hint, "Never write where a person is") {
				t.Errorf("%s, %s: %q", action, x.id, x.hint)
			}
		}
	}
}
