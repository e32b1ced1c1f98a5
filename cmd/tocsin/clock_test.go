package main

import (
	"context"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"tocsin"
	"tocsin/sim"
)

// wallClock is the machine's clock as it would be after somebody, or a wrong time
// server, has set it: the wall's time is off, and the monotonic one goes on, as
// the kernel has it.
type wallClock struct{ ahead atomic.Int64 } // seconds

func (c *wallClock) now() time.Time {
	t := time.Now()
	// package time, "Time": with the monotonic flag set, the 33 bits above the
	// nanoseconds are seconds since 1885. There is no other way to move them alone.
	wall := (*uint64)(unsafe.Pointer(&t))
	*wall += uint64(c.ahead.Load()) << 30
	return t
}

func (c *wallClock) set(ahead time.Duration) { c.ahead.Store(int64(ahead / time.Second)) }

// inside runs a daemon in this process, by a clock of the test's.
func (h *house) inside(clock *wallClock) (stop func()) {
	h.t.Helper()
	g := &globals{config: h.dir + "/tocsin.yaml", streams: streams{out: io.Discard, err: io.Discard}}
	c, err := g.load()
	if err != nil {
		h.t.Fatal(err)
	}
	log := newLog(h.t.Output(), zapcore.ErrorLevel)
	ctx, cancel := context.WithCancel(context.Background())
	w, err := g.watchOver(ctx, c, watchOptions{log: log, console: io.Discard, now: clock.now})
	if err != nil {
		cancel()
		h.t.Fatal(err)
	}
	pages, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		h.t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- serveWatch(ctx, w, pages, log) }()
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-done; err != nil {
			log.Error("the watch ended", zap.Error(err))
			h.t.Errorf("the watch ended with %v", err)
		}
		if err := w.store.Close(); err != nil {
			h.t.Error(err)
		}
	}
	h.t.Cleanup(stop)
	return stop
}

// The clock goes a day ahead and comes back, while the daemon runs and while it
// does not, with Slack and mail away at each turn. What was seen meanwhile is
// told within moments of their return, once, and the daemon goes on seeing.
func TestAClockADayForwardAndBackLosesNothingAndRingsNothingTwice(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	clock := &wallClock{}
	clock.set(day)
	if x, real := clock.now(), time.Now(); x.Sub(real).Abs() > time.Minute || x.Round(0).Sub(real.Round(0)) < day-time.Minute {
		t.Skip("this Go keeps time in another form")
	}
	clock.set(0)
	rows := whole(83, 110)
	watched := rows[100:]
	h := newHouse(t, houseConfig, listOf("c", watched), rows[:100]...)
	stop := h.inside(clock)
	seen := func() bool { st := h.status(); return len(st.Sources) == 1 && st.Sources[0].State == "ok" }
	h.until("the first complete look", 60*time.Second, seen)

	told := 0
	// away publishes a person while nobody can be told, lets turn happen, and wants
	// her told once somebody can.
	away := func(what string, turn func()) {
		t.Helper()
		slackBack := h.slack.AddFault(sim.Fault{Kind: sim.TooMany})
		mailBack := h.mail.AddFault(sim.MailFault{At: sim.AtHello, Code: 421})
		h.notices.Publish(watched[told])
		told++
		h.until(what+": a refused attempt at each", 30*time.Second, func() bool {
			n, tried := 0, map[string]bool{}
			for _, e := range h.events() {
				if e.Kind == tocsin.Appeared {
					n++
				}
				for _, d := range e.Deliveries {
					tried[d.Notifier] = tried[d.Notifier] || d.State == tocsin.Pending && d.Attempts > 0
				}
			}
			return n == told && tried["team"] && tried["lawyers"]
		})
		turn()
		slackBack()
		mailBack()
		h.until(what+": told", 60*time.Second, func() bool { return everything(told, h.events()) })
		h.until(what+": seen", 20*time.Second, seen)
	}
	away("a day forward, running", func() { clock.set(day) })
	away("a day back, running", func() { clock.set(0) })
	away("a day forward, at rest", func() { stop(); clock.set(day); stop = h.inside(clock) })
	away("a day back, at rest", func() { stop(); clock.set(0); stop = h.inside(clock) })
	away("two days back, running", func() { clock.set(-2 * day) })
	away("two days forward, running", func() { clock.set(0) })

	// Set back and started again, it still notices who is gone.
	clock.set(-day)
	stop()
	stop = h.inside(clock)
	h.notices.Withdraw(watched[0].EntityID)
	h.until("a disappearance, told", 30*time.Second, func() bool {
		es := h.events()
		return es[len(es)-1].Kind == tocsin.Disappeared && settled(es)
	})
	stop()
	// A lease that ran out by the jump while a mail was on its way leaves its outcome
	// unknown, and mail cannot be asked: the repeat says so.
	again, marked := h.toldOnce(told), 0
	for _, m := range h.mail.Messages() {
		if strings.Contains(strings.ToLower(m.Text), "possible repeat") {
			marked++
		}
	}
	if again > marked {
		t.Errorf("%d mails came again, and %d say so", again, marked)
	}
	blind := 0
	for _, e := range h.events() {
		if e.Kind == tocsin.Blind {
			blind++
		}
	}
	t.Logf("%d events, %d of them false alarms of blindness; mail: %d again under the same Message-ID", len(h.events()), blind, again)
}
