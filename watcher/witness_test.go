package watcher_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin"
	"tocsin/notifier"
	"tocsin/sim"
	"tocsin/store"
)

// witnessHall watches INTERPOL's list and a copy of it, and tells a Slack channel
// and an inbox.
func witnessHall(t *testing.T, rows ...sim.Row) (*hall, *sim.Notices, *shelf, *sim.Slack, *inbox) {
	t.Helper()
	c := &stillClock{t: monday}
	team, s := channel(t, "team", c.Now)
	b := newInbox()
	bell := bellOf("inbox", b)
	bell.Gather = 0
	h := newHall(t, []string{vardenLine}, team, bell)
	h.clock = c
	n := sourced(t, h, append(sim.People(3, 12), rows...)...)
	m := shelve(h, "interpol-red")
	h.start()
	return h, n, m, s, b
}

// roots are the texts of a channel's messages as they stand now, those in threads
// left out.
func roots(s *sim.Slack) (out []string) {
	for _, m := range s.Messages() {
		if m.Thread == "" {
			out = append(out, m.Text+"\n"+string(m.Blocks))
		}
	}
	return out
}

func contains(t *testing.T, what, text string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(text, w) {
			t.Errorf("%s does not say %q:\n%s", what, w, text)
		}
	}
}

func TestACopyCarriesTheAlertsOfABlindListAndTheListConfirmsThemWithoutRingingTwice(t *testing.T) {
	h, n, m, slack, inbox := witnessHall(t)
	some := strangers(30)
	m.publish(some...)
	h.polls("interpol-red", time.Minute)
	h.polls("mirror", time.Minute)
	// INTERPOL refuses for a day; the copy goes on.
	mend := n.AddFault(sim.Fault{Kind: sim.Refused})
	n.Publish(vardenRow())
	e := h.polls("interpol-red", 3*time.Hour)
	equal(t, "INTERPOL refuses", kinds(e), []string{"blind"})
	if w := e[0].Outage.Meanwhile; len(w) != 1 || w[0].Source != "mirror" || !w[0].DataAt.Equal(m.dataAt) {
		t.Errorf("meanwhile %+v", w)
	}
	h.after(time.Minute)
	contains(t, "the alarm", strings.Join(roots(slack), "\n"), "Meanwhile: the mirror, data from", "(5 h 02 old; it can be refused too)")
	h.polls("interpol-red", 9*time.Hour)
	m.publish(with(some, vardenCopy("os-varden"))...)
	e = h.polls("mirror", time.Hour)
	equal(t, "the copy has it", kinds(e), []string{"appeared p-017 os-varden"})
	first := e[0]
	if d := first.Edition; d == nil || d.WitnessFor != "interpol-red" || d.Main != tocsin.MainBlind || !d.DataAt.Equal(m.dataAt) {
		t.Errorf("edition %+v", d)
	}
	h.after(time.Minute)
	posted := roots(slack)
	contains(t, "the alert", posted[len(posted)-1], "new public red notice", "on the mirror, data 3 h 00 old",
		"INTERPOL's red list could not be seen when this was told", "this copy carries its alerts meanwhile")
	h.decide(first.Case, tocsin.Ack, "amina")

	// INTERPOL is seen again and has it: nobody is rung twice.
	mend()
	e = h.polls("interpol-red", 11*time.Hour)
	equal(t, "INTERPOL is seen again", kinds(e), []string{"appeared p-017 2026/48213", "recovered"})
	if e[0].Case != first.Case || e[0].Confirmed != first.ID || e[0].Edition != nil {
		t.Errorf("it is confirmed as %+v", e[0])
	}
	for _, d := range e[0].Deliveries {
		if d.State != tocsin.Skipped || d.Why != "told before, by mirror" {
			t.Errorf("it is owed again: %+v", d)
		}
	}
	before := len(posted)
	h.after(time.Minute)
	posted = roots(slack)
	if len(posted) != before {
		t.Errorf("%d messages stand in the channel, want %d:\n%s", len(posted), before, strings.Join(posted, "\n----\n"))
	}
	contains(t, "the alert, confirmed", posted[len(posted)-1], "Confirmed", "INTERPOL's red list itself has it now", "amina")
	if c := h.caseOf("p-017"); c.ID != first.Case || c.Source != "interpol-red" || c.Notice.ID != "2026/48213" || c.State != tocsin.CaseAcknowledged {
		t.Errorf("the case is now %+v", c)
	}
	if got := inbox.times(); got[first.ID] != 1 || got[e[0].ID] != 0 {
		t.Errorf("the inbox was told %v", got)
	}

	// From now on the list itself tells of it, in the same case; the copy says nothing.
	again := vardenCopy("os-varden")
	again.Notice.OtherNames = []string{"Мира Варден"}
	m.publish(with(some, again)...)
	equal(t, "the copy changes", kinds(h.polls("mirror", time.Hour)), nil)
	n.Withdraw("2026/48213")
	h.polls("interpol-red", time.Hour)
	e = h.polls("interpol-red", time.Hour)
	equal(t, "INTERPOL withdraws it", kinds(e), []string{"disappeared p-017 2026/48213"})
	if e[0].Case != first.Case {
		t.Error("it was told of in another case")
	}
	h.after(time.Minute)
	contains(t, "the disappearance", texts(inbox), "the mirror still has it, data from")
	for range 2 {
		m.publish(some...)
		equal(t, "the copy is without it, too", kinds(h.polls("mirror", time.Hour)), nil)
	}
}

func TestACopySaysNothingOfWhatTheListItselfTells(t *testing.T) {
	h, n, m, _, inbox := witnessHall(t)
	some := strangers(30)
	m.publish(with(some, vardenCopy("os-varden"))...)
	h.polls("interpol-red", time.Minute)
	e := h.polls("mirror", time.Minute)
	equal(t, "the copy alone has it", kinds(e), []string{"listed p-017 os-varden"})
	if e[0].Edition.Main != tocsin.MainLacks {
		t.Errorf("edition %+v", e[0].Edition)
	}
	h.after(time.Minute)
	contains(t, "the copy's message", texts(inbox), "INTERPOL's red list itself does not have it (complete look")
	// A copy that does not say which notice it is, of another person.
	other := copied("os-unknown", "", "VARDEN", "MIRA", vardenBorn, "MD")
	m.publish(with(some, vardenCopy("os-varden"), other)...)
	e = h.polls("mirror", time.Hour)
	equal(t, "a copy without an id", kinds(e), []string{"appeared p-017 os-unknown"})
	if e[0].Edition.Main != tocsin.MainUnknown {
		t.Errorf("edition %+v", e[0].Edition)
	}
	// INTERPOL publishes one that the copy has had for days, about somebody it told nobody of.
	n.Publish(row("2026/60001", "KESTREL", "OTTOLINE", "1961/05/05", "FR", "F"))
	m.publish(with(some, vardenCopy("os-varden"), other, copied("os-kestrel", "2026/60001", "KESTREL", "OTTOLINE", tocsin.Date{Year: 1961}, "FR"))...)
	h.polls("mirror", time.Hour)
	h.stop()
	h.list = people(t, vardenLine, "p-099,Ottoline Kestrel,,1961,FR,F,OWL,,")
	h.start()
	events, err := h.store.Events(context.Background(), store.EventFilter{Person: "p-099"})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "a person who is added", kinds(events), []string{"listed p-099 os-kestrel"})
	e = h.polls("interpol-red", 72*time.Hour)
	equal(t, "INTERPOL has it three days later", kinds(e), []string{"appeared p-099 2026/60001"})
	if e[0].Confirmed != events[0].ID {
		t.Error("it was told before")
	}
	// And a person who is added now is told by the list alone.
	h.stop()
	h.list = people(t, vardenLine, "p-099,Ottoline Kestrel,,1961,FR,F,OWL,,", "p-100,Otoline Kestrel,,1961,FR,F,,,")
	h.start()
	if events, err = h.store.Events(context.Background(), store.EventFilter{Person: "p-100"}); err != nil {
		t.Fatal(err)
	}
	equal(t, "another one", kinds(events), []string{"listed p-100 2026/60001"})
	h.after(time.Minute)
	contains(t, "the list's message", texts(inbox), "the mirror has had it for 3 days")
}

func TestAConfirmationThatIsLouderThanWhatACopyToldRings(t *testing.T) {
	h, n, m, slack, _ := witnessHall(t)
	weak := copied("os-varden", "2026/48213", "VARDEN", "MIRA", tocsin.Date{Year: 1971}, "")
	weak.Notice.Nationalities, weak.Notice.Detail.Sex = nil, ""
	m.publish(with(strangers(30), weak)...)
	h.polls("interpol-red", time.Minute)
	e := h.polls("mirror", time.Minute)
	if len(e) != 1 || e[0].Tier != tocsin.TierReview {
		t.Fatalf("the copy told %v", e)
	}
	h.after(time.Minute)
	n.Publish(vardenRow())
	c := h.polls("interpol-red", time.Hour)
	equal(t, "INTERPOL has it, whole", kinds(c), []string{"appeared p-017 2026/48213"})
	if c[0].Case != e[0].Case || c[0].Confirmed != e[0].ID {
		t.Error("it is another case")
	}
	h.after(time.Minute)
	if count, _ := told(t, slack); count[c[0].ID] != 1 {
		t.Errorf("told were %v", count)
	}
}

func TestADigestSaysHowOldAListsDataWas(t *testing.T) {
	c := &stillClock{t: monday}
	mail, server := post(t, "lawyers", c.Now, notifier.Codename)
	mail.Digest = weekly(t, "0 8 * * 1")
	h := newHall(t, []string{vardenLine}, mail)
	h.clock = c
	m := shelve(h, "")
	h.start()
	h.ring(monday.Add(6 * time.Minute))
	server.Forget()
	for i := range 28 {
		if i%2 == 0 {
			m.publish(strangers(30)...)
		}
		h.polls("mirror", 6*time.Hour)
	}
	h.ring(monday.Add(7*24*time.Hour + 10*time.Minute))
	letters := server.Messages()
	if len(letters) != 1 {
		t.Fatalf("%d letters", len(letters))
	}
	contains(t, "the digest", letters[0].Text, "the mirror: seen", "data at most 20 h 00 old")
}

// What the copy is asked for depends on nobody who is watched.
func TestTwoWatchlistsAskAListForTheSame(t *testing.T) {
	var asked [2][]string
	for i, line := range []string{vardenLine, "p-001,Nobody Atall,,1900,FR,M,,,"} {
		h, s, _ := listHall(t)
		h.list = people(t, line)
		h.start()
		some := strangers(600)
		s.publish(with(some, vardenCopy("os-a"))...)
		h.polls("mirror", time.Hour)
		s.publishDelta(nil, vardenCopy("os-b", "os-a"))
		h.polls("mirror", time.Hour)
		s.publish(some...)
		s.version += "x"
		h.polls("mirror", time.Hour)
		s.publishDelta(nil, some[0])
		h.polls("mirror", time.Hour)
		s.rows = some
		h.polls("mirror", time.Hour)
		asked[i] = s.kept
	}
	if !slices.Equal(asked[0], asked[1]) {
		t.Errorf("one list asks with %q, the other with %q", asked[0], asked[1])
	}
}
