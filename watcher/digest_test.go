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
	"tocsin/store"
	"tocsin/watcher"
	"tocsin/watcher/presence"
	"tocsin/watcher/source"
	"tocsin/watcher/source/interpol"
)

// sourced gives a hall a source whose looks are made by its clock.
func sourced(t testing.TB, h *hall, rows ...sim.Row) *sim.Notices {
	t.Helper()
	n := sim.NewNotices(sim.Options{})
	n.Publish(rows...)
	if err := n.Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { n.Close() })
	f, err := source.NewFetcher(source.FetchOptions{UserAgent: "tocsin-test", Timeout: 5 * time.Second, MaxBody: 16 << 20, Own: n.URL()})
	if err != nil {
		t.Fatal(err)
	}
	p := source.NewPacer(source.PaceOptions{Backoff: time.Minute, BackoffMax: time.Minute, Now: h.clock.Now})
	s, err := interpol.New(interpol.Options{ID: "interpol-red", URL: n.URL(), Color: "red", Fetcher: f, Pacer: p, Now: h.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	h.listings = []watcher.Listing{{
		ID: "interpol-red", Name: "INTERPOL's red list", Source: s, Pacer: p, Sweep: every(time.Hour),
		Sight: presence.SightRules{After: 2 * time.Hour}, Required: true,
	}}
	return n
}

// look lets the time come and looks, as the daemon does when it is due.
func (h *hall) look(at time.Time) {
	h.t.Helper()
	h.ring(at)
	if _, err := h.Poll(context.Background(), "", 30*time.Second); err != nil {
		h.t.Fatal(err)
	}
}

func (h *hall) decide(caseID string, a tocsin.Action, by string) {
	h.t.Helper()
	if _, err := h.store.Decide(context.Background(), store.Decision{Case: caseID, Action: a, By: by, At: h.clock.Now()}); err != nil {
		h.t.Fatal(err)
	}
}

func (h *hall) caseOf(person string) tocsin.Case {
	h.t.Helper()
	cs, err := h.store.Cases(context.Background(), store.CaseFilter{Person: person})
	if err != nil || len(cs) != 1 {
		h.t.Fatalf("%d cases of %s: %v", len(cs), person, err)
	}
	return cs[0]
}

// A week with two outages, one long enough to ring and one not, told on Monday.
func TestADigestsCoverageAgreesWithTheOutagesToTheMinute(t *testing.T) {
	unlessRaced(t)
	c := &stillClock{t: monday}
	mail, server := post(t, "lawyers", c.Now, notifier.Codename)
	mail.Digest = weekly(t, "0 8 * * 1")
	h := newHall(t, []string{vardenLine, "p-009,Darya Kosten,,1979-11-02,UA,F,WREN,,", "p-044,Jiahao Lin,,1990,CN,M,KITE,,"}, mail)
	h.clock = c
	n := sourced(t, h, append(sim.People(3, 120), row("2025/31170", "KOSTEN", "DARYA", "1979/11/02", "UA", "F"))...)
	h.start()

	day := func(d, hour, minute int) time.Time { return time.Date(2026, 4, 26+d, hour, minute, 0, 0, time.UTC) } // 1: Monday
	outages := [][2]time.Time{{day(3, 13, 2), day(3, 18, 14)}, {day(5, 2, 2), day(5, 3, 40)}}
	until := day(8, 8, 0)
	h.look(day(1, 7, 57))
	h.ring(day(1, 8, 0).Add(time.Second)) // the first digest; the week begins
	server.Forget()
	var mend func()
	for at := day(1, 8, 2); at.Before(until); {
		for _, o := range outages {
			switch {
			case at.Equal(o[0].Add(time.Minute)):
				mend = n.AddFault(sim.Fault{Kind: sim.Refused})
			case at.Equal(o[1]):
				mend()
			}
		}
		switch at {
		case day(7, 8, 2):
			n.Publish(vardenRow())
		case day(6, 8, 2):
			n.Publish(row("2026/40117", "LIN", "JIAHAO", "1971/01/01", "CN", "M"))
		case day(2, 8, 2):
			n.Withdraw("2025/31170")
		}
		if at.Minute() == 2 || at.Equal(outages[0][1]) || at.Equal(outages[1][1]) {
			h.look(at)
		}
		if at.Equal(day(7, 9, 2)) {
			h.decide(h.caseOf("p-017").ID, tocsin.Ack, "A.B.")
			h.decide(h.caseOf("p-017").ID, tocsin.Warned, "A.B.")
		}
		at = at.Add(time.Minute)
	}

	since := day(1, 8, 0)
	cov, err := h.Coverage(context.Background(), "interpol-red", since, until)
	if err != nil {
		t.Fatal(err)
	}
	wrong := 0
	for at := since; at.Before(until); at = at.Add(time.Minute) {
		want := watcher.Seen
		for _, o := range outages {
			if !at.Before(o[0]) && at.Before(o[1]) {
				want = watcher.Unseen
			}
		}
		if got := cov.At(at); got != want {
			if wrong++; wrong < 5 {
				t.Errorf("%s: vision %d, want %d", at.Format("Mon 15:04"), got, want)
			}
		}
	}
	if got, want := cov.Sum(watcher.Unseen), 5*time.Hour+12*time.Minute+98*time.Minute; got != want || wrong > 0 {
		t.Errorf("unseen for %s, want %s; %d minutes are wrong", got, want, wrong)
	}

	h.ring(until.Add(time.Minute))
	letters := server.Messages()
	if len(letters) != 1 {
		t.Fatalf("%d mails, want the digest alone", len(letters))
	}
	l := letters[0]
	if l.Subject != "Weekly report 18" || l.Bad != nil {
		t.Errorf("the subject is %q (%v)", l.Subject, l.Bad)
	}
	text := strings.Join(strings.Fields(l.Text), " ")
	for _, want := range []string{
		"27 Apr–4 May 2026, 08:00 UTC · 3 people watched",
		"NEEDS YOU WREN: possible match, no longer public, told 27 Apr; nobody has it",
		"HERON: possible match, told 3 May; person warned, by A.B. since 3 May 09:02",
		"CHANGED WREN: no longer public (not proof of deletion), 28 Apr",
		"WAITING one review match, oldest one day",
		"TROUBLE Wed 29 Apr 15:02: we could not see INTERPOL's red list",
		"BELL never tested",
		"seen 95.9 % of the time; of the list 100 % (122 of 122 rows",
		"longest gap 5 h 12 (Wed 29 Apr 13:02–18:14); a notice then could reach you 5 h 12 late",
		"other gaps: 1 h 38 (Fri 1 May 02:02–03:40)",
		"NOT WATCHED non-public notices (about 9 in 10), all diffusions",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the digest does not say %q", want)
		}
	}
	for _, not := range []string{"VARDEN", "Varden", "KOSTEN", "LIN", "2026/4", "2025/3", "Moldova", "tocsin.example", "X-Tocsin"} {
		if strings.Contains(string(l.Raw), not) || strings.Contains(l.Text+l.HTML, not) {
			t.Errorf("the digest says %q", not)
		}
	}
	if t.Failed() {
		t.Logf("\n%s", l.Text)
	}
	for _, e := range h.history() {
		if strings.Contains(e, "pending") {
			t.Errorf("%s after its digest", e)
		}
	}
}

// digestHall is a hall with a digest at eight each day, and the first one out.
func digestHall(t *testing.T, quiet bool) (*hall, *sim.Mail) {
	c := &stillClock{t: monday}
	mail, server := post(t, "lawyers", c.Now, notifier.Codename)
	mail.Digest, mail.SkipEmpty = weekly(t, "0 8 * * *"), quiet
	h := newHall(t, []string{vardenLine}, mail)
	h.clock = c
	h.start()
	h.after(10 * time.Minute)
	server.Forget()
	return h, server
}

func TestAnEmptyDigestIsSentUnlessItIsNotWanted(t *testing.T) {
	for quiet, want := range map[bool]int{false: 2, true: 0} {
		h, server := digestHall(t, quiet)
		h.after(48 * time.Hour)
		if got := len(server.Messages()); got != want {
			t.Errorf("digest_empty %v: %d mails in two days, want %d", !quiet, got, want)
		}
		h.tell(h.appeared("p-017", 1, tocsin.TierAlert))
		h.after(24 * time.Hour)
		if got := len(server.Messages()); got != want+1 {
			t.Errorf("digest_empty %v: %d mails after an alert, want %d", !quiet, got, want+1)
		}
	}
}

func TestDigestsMissedWhileNobodyRanAreOneAtTheStart(t *testing.T) {
	h, server := digestHall(t, false)
	h.tell(h.appeared("p-017", 1, tocsin.TierAlert))
	h.stop()
	h.clock.set(monday.Add(3*24*time.Hour + 2*time.Hour)) // Thursday 09:55: three were missed
	h.start()
	h.after(time.Minute)
	letters := server.Messages()
	if len(letters) != 1 || !strings.Contains(letters[0].Text, "27 Apr–30 Apr 2026, 08:00 UTC") || !strings.Contains(letters[0].Text, "one new possible match") {
		t.Fatalf("%d mails came:\n%v", len(letters), letters)
	}
	h.stop()
	h.start()
	h.after(time.Hour)
	if n := len(server.Messages()); n != 1 {
		t.Errorf("%d mails after one more start", n)
	}
	h.after(24 * time.Hour)
	if n := len(server.Messages()); n != 2 {
		t.Errorf("%d mails after the next hour", n)
	}
}

func TestADigestIsSentOnceThroughACrash(t *testing.T) {
	ctx := context.Background()
	h, server := digestHall(t, false)
	e := h.tell(h.appeared("p-017", 1, tocsin.TierAlert))[0]
	hour := time.Date(2026, 4, 28, 8, 0, 0, 0, time.UTC)
	h.clock.set(hour)
	// It was opened, and the power went before it was sent.
	l, ok, err := h.store.Acquire(ctx, "notifier:lawyers", "the dead", time.Minute)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	d := store.Digest{Notifier: "lawyers", Since: hour.Add(-24 * time.Hour), Until: hour}
	m, err := h.store.OpenDigest(ctx, l, d, "digest", []string{e.ID}, true)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.store.OpenDigest(ctx, l, d, "digest", nil, true); !errors.Is(err, store.ErrTaken) {
		t.Errorf("the same digest again: %v", err)
	}
	h.stop()
	h.start()
	h.after(time.Minute)
	letters := server.Messages()
	if len(letters) != 1 || strings.Contains(letters[0].Text, "Possible repeat") || !strings.Contains(letters[0].Header.Get("Message-ID"), m.ID) {
		t.Fatalf("%d mails came: %v", len(letters), letters)
	}
	// The next one is taken, and the answer that says so is lost.
	server.AddFault(sim.MailFault{At: sim.AtData, Cut: true, Taken: true, Count: 1})
	h.after(25 * time.Hour)
	letters = server.Messages()
	if len(letters) != 3 || letters[1].Header.Get("Message-ID") != letters[2].Header.Get("Message-ID") || !strings.Contains(letters[2].Text, "Possible repeat") {
		t.Errorf("%d mails came, want the second twice under one Message-ID and marked", len(letters))
	}
}

func TestDismissalsOfTheTimeShowInTheDigestAndDrillsDoNot(t *testing.T) {
	h, server := digestHall(t, false)
	h.tell(h.appeared("p-017", 1, tocsin.TierAlert))
	h.decide(h.caseOf("p-017").ID, tocsin.Dismiss, "A.B.")
	if _, err := h.store.AskDrill(context.Background(), time.Minute, false); err != nil {
		t.Fatal(err)
	}
	h.after(24 * time.Hour)
	letters := server.Messages() // the drill, the digest
	text := strings.Join(strings.Fields(letters[len(letters)-1].Text), " ")
	if !strings.Contains(text, "dismissed as not our person: HERON, by A.B. 27 Apr") || !strings.Contains(text, "NEEDS YOU nothing") || !strings.Contains(text, "BELL tested 27 Apr: lawyers") {
		t.Errorf("the digest says\n%s", letters[len(letters)-1].Text)
	}
	h.after(24 * time.Hour)
	letters = server.Messages()
	if strings.Contains(letters[len(letters)-1].Text, "dismissed") {
		t.Error("the next digest tells it again")
	}
}

func TestWhatWaitsGoesWithTheNextDigestOfAnyKindOfSchedule(t *testing.T) {
	b := newInbox()
	bell := bellOf("lawyers", b)
	bell.Digest = every(2 * time.Hour)
	h := newHall(t, []string{vardenLine}, bell)
	h.start()
	h.after(30 * time.Minute)
	h.tell(h.appeared("p-017", 1, tocsin.TierAlert))
	h.after(89 * time.Minute)
	if n := len(b.messages()); n != 0 {
		t.Errorf("%d messages before the hour", n)
	}
	h.after(4 * time.Hour)
	ms := b.messages()
	if len(ms) != 2 || ms[0].Kind != notifier.Digest || len(ms[0].Items) != 1 || ms[1].Kind != notifier.Digest {
		t.Errorf("%d messages: %+v", len(ms), ms)
	}
}

func TestAnotherHourIsTheHourOfWhatWaitsAlready(t *testing.T) {
	h, server := digestHall(t, false)
	h.tell(h.appeared("p-017", 1, tocsin.TierAlert))
	h.stop()
	h.bells[0].Digest = nil
	h.start()
	h.after(time.Minute)
	if n := len(server.Messages()); n != 1 {
		t.Errorf("%d mails at once after the digest was taken out of the configuration", n)
	}
}

func TestADigestInAChannelIsOneMessageWithItsEventsInIt(t *testing.T) {
	c := &stillClock{t: monday}
	b, s := channel(t, "team", c.Now)
	b.Digest = weekly(t, "0 8 * * *")
	h := newHall(t, []string{vardenLine}, b)
	h.clock = c
	h.start()
	events := []store.NewEvent{}
	for i := range 60 { // more than a message takes
		events = append(events, h.appeared("p-017", i, tocsin.TierReview))
	}
	stored := h.tell(events...)
	h.after(20 * time.Minute)
	count, _ := told(t, s)
	for _, id := range ids(stored) {
		if count[id] != 1 {
			t.Errorf("%s was told %d times", id, count[id])
		}
	}
	if n := len(s.Messages()); n > 3 {
		t.Errorf("%d messages", n)
	}
}
