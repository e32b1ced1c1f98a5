package slack

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"tocsin"
	"tocsin/notifier"
	"tocsin/sim"
)

const appToken = "xapp-0000-SECRET"

// desk keeps presses as the ledger does: each key once.
type desk struct {
	mu   sync.Mutex
	got  []notifier.Press
	told int // how often it was asked
	fail error
	said string
}

func (d *desk) hear(_ context.Context, p notifier.Press) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.told++
	if d.fail != nil {
		return "", d.fail
	}
	if !slices.ContainsFunc(d.got, func(o notifier.Press) bool { return o.Key == p.Key }) {
		d.got = append(d.got, p)
	}
	return d.said, nil
}

func (d *desk) set(fail error, said string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fail, d.said = fail, said
}

func (d *desk) presses() (got []notifier.Press, told int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.got), d.told
}

// hall is a Slack with a channel in which a case's message stands, and a
// listener that hears its buttons.
type hall struct {
	*desk
	t     *testing.T
	sim   *sim.Slack
	slack *Slack
	ear   *Listener
	log   *observer.ObservedLogs
	ts    string
	rev   int64 // of the case, as are state and filed
	state tocsin.CaseState
	filed time.Time
}

func newHall(t *testing.T, o sim.SlackOptions, users []string, change func(*Listener)) *hall {
	t.Helper()
	o.Token, o.AppToken, o.Channels = token, appToken, []string{channel, "C0OTHER"}
	s, err := sim.NewSlack(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	h := &hall{desk: &desk{}, t: t, sim: s, state: tocsin.CaseOpen}
	send, err := New(Options{ID: "team", Token: token, Channel: channel, APIURL: s.URL(), AppToken: appToken, Users: users, Buttons: true})
	if err != nil {
		t.Fatal(err)
	}
	h.slack = send.(*Slack)
	core, seen := observer.New(zap.InfoLevel)
	h.log = seen
	h.ear = Listeners([]*Slack{h.slack}, time.UTC, zap.New(core))[0]
	if change != nil {
		change(h.ear)
	}
	h.post()
	return h
}

// post puts a case's message into the channel.
func (h *hall) post() {
	h.t.Helper()
	e := tocsin.Event{ID: "e_0000001", Kind: tocsin.Appeared, Case: "c_0000001", Tier: tocsin.TierAlert, Person: "p-1"}
	m := notifier.Message{ID: "m_0000001", Kind: notifier.Single, Case: e.Case, Zone: time.UTC, Items: []notifier.Item{{Event: e, Case: &tocsin.Case{ID: e.Case, State: h.state, Filed: h.filed, Rev: h.rev}}}}
	r, err := h.slack.Send(h.t.Context(), m)
	if err != nil {
		h.t.Fatal(err)
	}
	_, h.ts, _ = strings.Cut(r.Ref, "/")
}

// listen runs the listener until the test ends or stop is called.
func (h *hall) listen() (stop func()) {
	h.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.ear.Listen(ctx, h.hear) }()
	stop = sync.OnceFunc(func() {
		cancel()
		select {
		case err := <-done:
			if !errors.Is(err, context.Canceled) {
				h.t.Errorf("listening ended with %v", err)
			}
		case <-time.After(10 * time.Second):
			h.t.Error("listening does not end")
		}
	})
	h.t.Cleanup(stop)
	h.until("connected", func() bool { return h.sim.Sockets() == connections })
	return stop
}

func (h *hall) until(what string, is func() bool) {
	h.t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	end := time.NewTimer(10 * time.Second)
	defer end.Stop()
	for !is() {
		select {
		case <-tick.C:
		case <-end.C:
			h.t.Fatalf("waited in vain: %s\n%v", what, h.log.All())
		}
	}
}

func (h *hall) press(action, user string) *sim.Interaction {
	h.t.Helper()
	i, err := h.sim.Press(h.ts, action, user)
	if err != nil {
		h.t.Fatal(err)
	}
	return i
}

func (h *hall) acked(i *sim.Interaction) {
	h.t.Helper()
	select {
	case <-i.Acked():
	case <-time.After(10 * time.Second):
		h.t.Fatalf("never acknowledged\n%v", h.log.All())
	}
}

func (h *hall) hears(action tocsin.Action, by string) notifier.Press {
	h.t.Helper()
	got, _ := h.presses()
	if len(got) != 1 || got[0].Action != action || got[0].By != "slack:"+by || got[0].Case != "c_0000001" {
		h.t.Fatalf("kept %+v, want one %s by %s", got, action, by)
	}
	return got[0]
}

func TestAPressIsKeptBeforeItIsAcknowledged(t *testing.T) {
	h := newHall(t, sim.SlackOptions{}, nil, nil)
	h.listen()
	h.acked(h.press("ack", "U0AMINA"))
	p := h.hears(tocsin.Ack, "U0AMINA")
	if p.Key == "" || time.Since(p.At) > time.Minute || time.Since(p.At) < 0 {
		t.Errorf("kept %+v", p)
	}
	if w := h.sim.Whispers(); len(w) > 0 {
		t.Errorf("whispered %+v: the message shows it", w)
	}
	if calls := h.sim.Calls(); slices.ContainsFunc(calls, func(c sim.SlackCall) bool { return strings.HasPrefix(string(c.Method), "/actions/") }) {
		t.Error("something was sent to the response_url")
	}
}

func TestWhatIsNotKeptIsNotAcknowledgedAndToldAgain(t *testing.T) {
	h := newHall(t, sim.SlackOptions{AckWithin: 200 * time.Millisecond}, nil, nil)
	h.set(errors.New("the disk is full"), "")
	h.listen()
	i := h.press("ack", "U0AMINA")
	h.until("told twice", func() bool { return i.Tries() >= 2 })
	h.until("whoever pressed is told so", func() bool { return len(h.sim.Whispers()) > 0 })
	if w := h.sim.Whispers()[0]; w.User != "U0AMINA" || w.Channel != channel || !strings.Contains(w.Text, "could not be written down") {
		t.Errorf("whispered %+v", w)
	}
	select {
	case <-i.Acked():
		t.Error("acknowledged what is not kept")
	default:
	}
	h.set(nil, "")
	h.acked(i)
	h.hears(tocsin.Ack, "U0AMINA")
}

func TestAPressThatIsToldTwiceHasOneKey(t *testing.T) {
	h := newHall(t, sim.SlackOptions{AckWithin: 100 * time.Millisecond}, nil, nil)
	h.listen()
	h.sim.LoseAcks(2)
	h.acked(h.press("ack", "U0AMINA"))
	h.hears(tocsin.Ack, "U0AMINA")
	if _, told := h.presses(); told != 3 {
		t.Errorf("told %d times, want 3", told)
	}
}

// Who presses twice, because nothing has moved yet, means it once.
func TestADoublePressHasOneKey(t *testing.T) {
	h := newHall(t, sim.SlackOptions{}, nil, nil)
	h.listen()
	h.acked(h.press("ack", "U0AMINA"))
	h.acked(h.press("ack", "U0AMINA"))
	h.hears(tocsin.Ack, "U0AMINA")
	for _, other := range [][2]string{{"ack", "U0BASIL"}, {"warned", "U0AMINA"}} {
		h.acked(h.press(other[0], other[1]))
	}
	if got, _ := h.presses(); len(got) != 3 {
		t.Errorf("kept %+v, want three", got)
	}
	h.rev = 2 // the message shows another state
	h.post()
	h.acked(h.press("ack", "U0AMINA"))
	if got, _ := h.presses(); len(got) != 4 {
		t.Errorf("kept %+v, want four", got)
	}
}

func TestAPressSurvivesWhatHappensToConnections(t *testing.T) {
	for name, trouble := range map[string]func(*hall){
		"dropped":        func(h *hall) { h.sim.Drop() },
		"told to go":     func(h *hall) { h.sim.Disconnect("warning") },
		"refreshed":      func(h *hall) { h.sim.Disconnect("refresh_requested") },
		"the net is cut": func(h *hall) { h.sim.Freeze() },
		"nobody is home first": func(h *hall) {
			h.sim.AddFault(sim.Fault{Kind: sim.Refused, On: sim.OpenConnection, Count: 2})
			h.sim.Drop()
		},
		"the link is refused": func(h *hall) { h.sim.AddFault(sim.Fault{Kind: sim.Cut, On: sim.SocketLink, Count: 2}); h.sim.Drop() },
		"nonsense comes": func(h *hall) {
			h.sim.Say("{")
			h.sim.Say(`{"type":"what","envelope_id":"e-1"}`)
			h.sim.Say("[]")
			h.sim.Say("")
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHall(t, sim.SlackOptions{AckWithin: 300 * time.Millisecond}, nil, func(l *Listener) { l.patience = 500 * time.Millisecond })
			h.listen()
			trouble(h)
			h.acked(h.press("ack", "U0AMINA"))
			h.hears(tocsin.Ack, "U0AMINA")
		})
	}
}

// A connection that Slack renews still hears until the next one is there: what
// was on its way over it is kept and acknowledged.
func TestARefreshLeavesNoGap(t *testing.T) {
	h := newHall(t, sim.SlackOptions{}, nil, nil)
	h.listen()
	remove := h.sim.AddFault(sim.Fault{Kind: sim.Hang, On: sim.OpenConnection})
	i := h.press("ack", "U0AMINA")
	h.sim.Disconnect("refresh_requested")
	h.acked(i)
	if since, why := h.ear.Deaf(); !since.IsZero() {
		t.Errorf("deaf since %s: %s, while the old connections are open", since, why)
	}
	remove()
	h.hears(tocsin.Ack, "U0AMINA")
}

func TestAListenerThatEndsKeepsWhatIsUnderWay(t *testing.T) {
	h := newHall(t, sim.SlackOptions{}, nil, nil)
	stop := h.listen()
	h.mu.Lock() // the ledger is busy
	i := h.press("ack", "U0AMINA")
	h.until("it is sent", func() bool { return i.Tries() == 1 })
	stopped := make(chan struct{})
	go func() { stop(); close(stopped) }()
	h.mu.Unlock()
	<-stopped
	if got, _ := h.presses(); len(got) == 1 {
		h.acked(i)
	}
}

func TestWhyNoPressCanArriveIsSaid(t *testing.T) {
	for _, c := range []struct {
		name    string
		options sim.SlackOptions
		trouble func(*sim.Slack)
		why, do string
	}{
		{"a wrong token", sim.SlackOptions{}, func(s *sim.Slack) { s.AddFault(onOpen(sim.Fails("invalid_auth"))) }, "the token is not valid", "xapp-"},
		{"no scope", sim.SlackOptions{AppScopes: []string{"authorizations:read"}}, func(*sim.Slack) {}, "lacks a scope: connections:write", "connections:write"},
		{"the bot's token", sim.SlackOptions{}, func(s *sim.Slack) { s.AddFault(onOpen(sim.Fails("not_allowed_token_type"))) }, "this kind of token", "xapp-"},
		{"too many", sim.SlackOptions{}, func(s *sim.Slack) { s.RefuseSockets("too_many_websockets") }, "as many connections", "app of its own"},
		{"switched off", sim.SlackOptions{}, func(s *sim.Slack) { s.RefuseSockets("link_disabled") }, "switched off", "Socket Mode"},
		{"elsewhere", sim.SlackOptions{}, func(s *sim.Slack) {
			s.AddFault(sim.Fault{Kind: sim.Answer, On: sim.OpenConnection, Body: `{"ok":true,"url":"http://example.org/"}`})
		}, "not one of wss://", "api_url"},
		{"a page for people", sim.SlackOptions{}, func(s *sim.Slack) { s.AddFault(sim.Fault{Kind: sim.HTML, On: sim.OpenConnection}) }, "not one of Slack's", "api_url"},
		{"a link that is turned away", sim.SlackOptions{}, func(s *sim.Slack) { s.AddFault(sim.Fault{Kind: sim.Refused, On: sim.SocketLink}) }, "status 403", ""},
		{"asked to wait", sim.SlackOptions{}, func(s *sim.Slack) { s.AddFault(sim.Fault{Kind: sim.TooMany, On: sim.OpenConnection, RetryAfter: "30"}) }, "asks us to wait", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHall(t, c.options, nil, nil)
			c.trouble(h.sim)
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan error, 1)
			go func() { done <- h.ear.Listen(ctx, h.hear) }()
			h.until("it is said", func() bool { return h.log.FilterMessage("buttons cannot be pressed now").Len() > 0 })
			since, why := h.ear.Deaf()
			if since.IsZero() || !strings.Contains(why, c.why) {
				t.Errorf("deaf since %s: %q", since, why)
			}
			f := h.log.FilterMessage("buttons cannot be pressed now").All()[0].ContextMap()
			if do, _ := f["do"].(string); !strings.Contains(do, c.do) {
				t.Errorf("what to do: %q", do)
			}
			cancel()
			<-done
			for _, e := range h.log.All() {
				for _, v := range e.ContextMap() {
					if s, ok := v.(string); ok && (strings.Contains(s, "SECRET") || strings.Contains(s, "ticket")) {
						t.Errorf("logged %q", s)
					}
				}
			}
		})
	}
}

// A connection that comes and goes at once ends no time of deafness: since when
// nobody can press does not begin anew with each.
func TestAConnectionThatComesAndGoesIsNone(t *testing.T) {
	h := newHall(t, sim.SlackOptions{}, nil, nil)
	began := time.Date(2026, 5, 3, 8, 0, 0, 0, time.UTC)
	var mu sync.Mutex
	now := began
	h.ear.now = func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	h.listen()
	for range 3 {
		mu.Lock()
		now = now.Add(time.Minute)
		mu.Unlock()
		back := h.sim.AddFault(sim.Fault{Kind: sim.Refused, On: sim.OpenConnection})
		h.sim.Drop()
		h.until("gone", func() bool { since, _ := h.ear.Deaf(); return !since.IsZero() })
		if since, _ := h.ear.Deaf(); !since.Equal(began) {
			t.Errorf("deaf since %s, want %s", since, began)
		}
		back()
		h.until("back", func() bool { return h.sim.Sockets() == connections })
	}
}

func onOpen(f sim.Fault) sim.Fault {
	f.On = sim.OpenConnection
	return f
}

func TestCheckTriesWhetherPressesCouldBeHeard(t *testing.T) {
	h := newHall(t, sim.SlackOptions{}, nil, nil)
	if err := h.slack.CheckButtons(t.Context()); err != nil {
		t.Error(err)
	}
	if n := h.sim.Sockets(); n != 0 {
		t.Errorf("%d connections: a check takes none away", n)
	}
	for _, c := range []struct{ code, want string }{{"invalid_auth", "not valid"}, {"missing_scope", "lacks a scope"}} {
		remove := h.sim.AddFault(onOpen(sim.Fails(c.code)))
		var e *notifier.Error
		if err := h.slack.CheckButtons(t.Context()); !errors.As(err, &e) || !strings.Contains(e.Why, c.want) || !strings.Contains(e.Do, "xapp-") {
			t.Errorf("%s: %+v", c.code, e)
		}
		remove()
	}
	without, err := New(Options{Token: token, Channel: channel, APIURL: h.sim.URL()})
	if err != nil {
		t.Fatal(err)
	}
	if err := without.(*Slack).CheckButtons(t.Context()); err != nil {
		t.Error(err)
	}
	if Listeners([]*Slack{without.(*Slack)}, time.UTC, zap.NewNop()) != nil {
		t.Error("a listener without an app's token")
	}
}
