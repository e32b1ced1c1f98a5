package watcher_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"tocsin"
	"tocsin/notifier"
	"tocsin/sim"
	"tocsin/watcher"
)

func (h *hall) notFlowing() string {
	h.t.Helper()
	why, err := h.NotFlowing(context.Background())
	if err != nil {
		h.t.Fatal(err)
	}
	return strings.Join(why, "\n")
}

func TestAChannelProvesThatItStillAcceptsAndIsSentNothing(t *testing.T) {
	ctx := context.Background()
	c := &stillClock{t: monday}
	team, s := channel(t, "team", c.Now)
	mail, server := post(t, "lawyers", c.Now, notifier.Codename)
	heart := &pings{}
	h := newHall(t, []string{vardenLine}, team, mail)
	h.clock, h.heart = c, heart
	h.start()
	if !h.Prove(ctx, "team") || !h.Prove(ctx, "lawyers") || h.notFlowing() != "" {
		t.Errorf("they would not take a message: %s", h.notFlowing())
	}
	for _, x := range []struct {
		what   string
		breaks func() (mends func())
		id     string
		want   string
	}{
		{"a revoked token", func() func() { s.SetToken("xoxb-other"); return func() { s.SetToken("xoxb-hall") } }, "team", "invalid_auth"},
		{"a lost scope", func() func() {
			s.SetScopes("chat:write", "metadata.message:read")
			return func() { s.SetScopes("chat:write", "channels:history", "metadata.message:read") }
		}, "team", "missing_scope"},
		{"the app put out of its channel", func() func() { s.Remove("C0HALL"); return func() { s.Invite("C0HALL") } }, "team", "not_in_channel"},
		{"a mail server that greets nobody", func() func() { return server.AddFault(sim.MailFault{At: sim.AtHello, Code: 421}) }, "lawyers", "421"},
	} {
		mends := x.breaks()
		if h.Prove(ctx, x.id) || !strings.Contains(h.notFlowing(), x.id+": would not take a message") || !strings.Contains(h.notFlowing(), x.want) {
			t.Errorf("%s: %q", x.what, h.notFlowing())
		}
		was := heart.n
		if h.Beat(ctx); heart.n != was {
			t.Errorf("%s: the heart beats", x.what)
		}
		if strings.Contains(h.notFlowing(), "xoxb") {
			t.Errorf("%s: a secret is shown", x.what)
		}
		mends()
		if !h.Prove(ctx, x.id) || h.notFlowing() != "" {
			t.Errorf("%s, mended: %q", x.what, h.notFlowing())
		}
		if h.Beat(ctx); heart.n != was+1 {
			t.Errorf("%s, mended: the heart does not beat", x.what)
		}
	}
	if n := len(s.Messages()) + len(server.Messages()); n != 0 {
		t.Errorf("the proofs sent %d messages", n)
	}
	if len(h.errors()) != 4 {
		t.Errorf("the log says %v", h.errors())
	}
	for _, p := range h.Proofs() {
		if !p.OK || !p.At.Equal(c.Now()) {
			t.Errorf("the last proof is %+v", p)
		}
	}
}

func TestTheHeartBeatsOnlyWhileAllIsSeenAndDelivered(t *testing.T) {
	ctx := context.Background()
	team := newInbox()
	heart := &pings{}
	h := newHall(t, []string{vardenLine}, bellOf("team", team))
	h.heart = heart
	n := sourced(t, h, sim.People(3, 60)...)
	h.start()
	beats := func() bool {
		was := heart.n
		h.Beat(ctx)
		return heart.n > was
	}
	if beats() {
		t.Error("before the first look")
	}
	h.look(monday.Add(time.Minute))
	if !beats() {
		t.Error("not after the first look")
	}
	mend := n.AddFault(sim.Fault{Kind: sim.Refused})
	h.look(monday.Add(3 * time.Hour))
	if beats() {
		t.Error("while blind")
	}
	mend()
	h.look(monday.Add(4 * time.Hour))
	if !beats() {
		t.Error("not when sight was back")
	}
	team.fail = refusal
	h.tell(h.appeared("p-017", 1, tocsin.TierAlert))
	h.after(5 * time.Minute)
	if !beats() {
		t.Error("not while a delivery is not late yet")
	}
	h.after(6 * time.Minute)
	if beats() {
		t.Error("while a delivery is late")
	}
	team.fail = nil
	h.after(6 * time.Minute)
	if !beats() {
		t.Error("not when it was taken")
	}
	heart.err = errors.New("it answers with status 500")
	if next := h.Beat(ctx); next >= time.Minute {
		t.Errorf("after a ping that was not taken the next is in %s", next)
	}
	for _, l := range h.listings {
		if !l.Required {
			t.Error("the source is not required")
		}
	}
}

func TestASourceThatIsNotRequiredKeepsNoHeartStill(t *testing.T) {
	heart := &pings{}
	h := newHall(t, []string{vardenLine}, bellOf("team", newInbox()))
	h.heart = heart
	sourced(t, h)
	h.listings[0].Required = false
	h.start()
	if next := h.Beat(context.Background()); heart.n != 1 || next != time.Minute {
		t.Errorf("%d pings, the next in %s", heart.n, next)
	}
	var _ watcher.Heart = heart
}
