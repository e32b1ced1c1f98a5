package watcher_test

import (
	"context"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/robfig/cron/v3"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"tocsin"
	"tocsin/notifier"
	"tocsin/notifier/slack"
	"tocsin/sim"
	"tocsin/store"
	"tocsin/watcher"
	"tocsin/watchlist"
)

// stillClock is a time that moves only when it is told to.
type stillClock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *stillClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *stillClock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t.After(c.t) {
		c.t = t
	}
}

// unlessRaced skips what is long, has one goroutine at a time, and runs without the
// race detector too.
func unlessRaced(t *testing.T) {
	t.Helper()
	if raced {
		t.Skip("long, and nothing in it runs side by side: tried without the race detector")
	}
}

// hall is a watch with bells alone, whose time is kept by the test: it has no
// source unless the test gives it one. The ledger outlives its watchers.
type hall struct {
	t        testing.TB
	clock    *stillClock
	dir      string
	list     *watchlist.List
	bells    []watcher.Bell
	listings []watcher.Listing
	lists    []watcher.List
	drill    watcher.Schedule
	heart    watcher.Heart
	ears     []watcher.Ear
	two      bool // two people must agree that it is not our person
	store    *store.Store
	logged   *observer.ObservedLogs
	looks    int64
	*watcher.Watcher
}

// monday is when the halls' time begins.
var monday = time.Date(2026, 4, 27, 7, 55, 0, 0, time.UTC)

func newHall(t testing.TB, lines []string, bells ...watcher.Bell) *hall {
	t.Helper()
	h := &hall{t: t, clock: &stillClock{t: monday}, dir: t.TempDir(), list: people(t, lines...), bells: bells}
	t.Cleanup(h.stop)
	return h
}

// start opens the ledger for a new watcher, as a started daemon does.
func (h *hall) start() {
	h.t.Helper()
	s, err := store.Open(context.Background(), "sqlite:"+filepath.Join(h.dir, "tocsin.db"), store.Options{Create: true, Exclusive: true, Now: h.clock.Now})
	if err != nil {
		h.t.Fatal(err)
	}
	h.store = s
	core, logged := observer.New(zap.InfoLevel)
	h.logged = logged
	w, err := watcher.New(context.Background(), watcher.Options{
		Store: s, Key: someKey, List: h.list, Bells: h.bells, Listings: h.listings, Lists: h.lists, Log: zap.New(core), Now: h.clock.Now, Drill: h.drill, Heart: h.heart, Ears: h.ears,
		TwoPeople: h.two,
	})
	if err != nil {
		h.t.Fatal(err)
	}
	h.Watcher = w
}

// stop ends the watcher as a crash does: whatever it was at stays as it is.
func (h *hall) stop() {
	if h.store == nil {
		return
	}
	if err := h.store.Close(); err != nil {
		h.t.Error(err)
	}
	h.store = nil
}

// tell commits events as a look at the source "red" does.
func (h *hall) tell(events ...store.NewEvent) []tocsin.Event {
	h.t.Helper()
	rev, err := h.store.Meta(context.Background(), "revision")
	if err != nil {
		h.t.Fatal(err)
	}
	stored, err := h.store.Observe(context.Background(), store.Observation{
		Was: h.looks, Revision: rev, Source: store.Source{ID: "red", Look: h.looks + 1}, Events: events,
	})
	if err != nil {
		h.t.Fatal(err)
	}
	h.looks++
	return stored
}

// appeared is an event about the n-th notice of a person.
func (h *hall) appeared(person string, n int, tier tocsin.Tier, tags ...string) store.NewEvent {
	id := fmt.Sprintf("2026/%d", 40000+n)
	return h.Owed(tocsin.Event{
		Kind: tocsin.Appeared, At: h.clock.Now(), Source: "red", Person: person, Tier: tier, Score: 0.9,
		Notice: &tocsin.NoticeRef{ID: id, Name: "VARDEN, MIRA ILSE"},
	}, tags)
}

func (h *hall) blind(outage int) store.NewEvent {
	return h.Owed(tocsin.Event{Kind: tocsin.Blind, At: h.clock.Now(), Source: "red", Occurrence: outage, Outage: &tocsin.Outage{Cause: tocsin.CauseRefused}}, nil)
}

// ring lets time pass until a moment, doing all that is due meanwhile.
func (h *hall) ring(until time.Time) {
	h.t.Helper()
	ctx := context.Background()
	for turns := 0; ; turns++ {
		if turns > 200_000 {
			h.t.Fatal("time stands still")
		}
		next := until
		for _, f := range []func(context.Context) error{h.MindLate, h.MindDrills} {
			if err := f(ctx); err != nil {
				h.t.Fatal(err)
			}
		}
		for _, id := range h.Bells() {
			at, err := h.DrainBell(ctx, id)
			if err != nil {
				h.t.Fatal(err)
			}
			if !at.IsZero() && at.Before(next) {
				next = at
			}
		}
		now := h.clock.Now()
		if !now.Before(until) {
			return
		}
		// A daemon asks once a second what is late or to be drilled; here that is
		// counted in longer times.
		step := min(max(until.Sub(now)/30, 20*time.Second), 10*time.Minute)
		if limit := now.Add(step); next.After(limit) {
			next = limit
		}
		h.clock.set(next)
	}
}

// after lets a while pass.
func (h *hall) after(d time.Duration) { h.t.Helper(); h.ring(h.clock.Now().Add(d)) }

// history is every event with its deliveries, as "appeared team sent, mail pending".
func (h *hall) history() (out []string) {
	h.t.Helper()
	events, err := h.store.Events(context.Background(), store.EventFilter{})
	if err != nil {
		h.t.Fatal(err)
	}
	for _, e := range events {
		s := string(e.Kind)
		for i, d := range e.Deliveries {
			if i > 0 {
				s += ","
			}
			s += " " + d.Notifier + " " + string(d.State)
		}
		out = append(out, s)
	}
	return out
}

// errors are what was logged as an error.
func (h *hall) errors() (out []string) {
	for _, e := range h.logged.FilterLevelExact(zap.ErrorLevel).All() {
		out = append(out, e.Message)
	}
	return out
}

func weekly(t testing.TB, spec string) watcher.Schedule {
	t.Helper()
	s, err := cron.ParseStandard(spec)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// bellOf is a bell as a configuration without any key gives it.
func bellOf(id string, n watcher.Notifier) watcher.Bell {
	return watcher.Bell{
		ID: id, Notifier: n, Detail: notifier.Full, Gather: 5, Retry: time.Second, RetryMax: 5 * time.Minute,
		GiveUpAfter: 72 * time.Hour, LateAfter: 10 * time.Minute,
	}
}

// post is a bell by mail, codename as by default, and the server it goes to.
func post(t testing.TB, id string, now func() time.Time, detail notifier.Detail) (watcher.Bell, *sim.Mail) {
	t.Helper()
	m, err := sim.NewMail(sim.MailOptions{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	u, err := url.Parse(m.URL())
	if err != nil {
		t.Fatal(err)
	}
	e, err := notifier.NewEmail(notifier.EmailOptions{ID: id, SMTP: u, From: "watch@example.org", To: []string{"lawyer@example.org"}, Detail: detail, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	b := bellOf(id, e)
	b.Detail = detail
	return b, m
}

// channel is a bell in a Slack channel that takes a message a second, and that Slack.
func channel(t testing.TB, id string, now func() time.Time) (watcher.Bell, *sim.Slack) {
	t.Helper()
	s, err := sim.NewSlack(sim.SlackOptions{Token: "xoxb-hall", Channels: []string{"C0HALL"}, Pace: time.Second, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return inChannel(t, id, s, now), s
}

func inChannel(t testing.TB, id string, s *sim.Slack, now func() time.Time) watcher.Bell {
	t.Helper()
	n, err := slack.New(slack.Options{Token: "xoxb-hall", Channel: "C0HALL", APIURL: s.URL(), Now: now})
	if err != nil {
		t.Fatal(err)
	}
	b := bellOf(id, n)
	b.Channel, b.Pace = "C0HALL", time.Second
	return b
}

// refusal is how a service that says no fails.
func refusal(notifier.Message) error {
	return &notifier.Error{Outcome: notifier.Temporary, Why: "not now"}
}

// times counts how often each event is in what an inbox got.
func (b *inbox) times() map[string]int {
	n := map[string]int{}
	for _, m := range b.messages() {
		for _, id := range m.Events() {
			n[id]++
		}
	}
	return n
}

func ids(events []tocsin.Event) (out []string) {
	for _, e := range events {
		out = append(out, e.ID)
	}
	slices.Sort(out)
	return out
}
