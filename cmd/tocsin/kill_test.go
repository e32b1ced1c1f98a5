package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"tocsin"
)

// kills is how often the storm kills the daemon: TOCSIN_KILLS, 6 if unset.
func kills(t testing.TB) int {
	text := os.Getenv("TOCSIN_KILLS")
	if text == "" {
		return 6
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("TOCSIN_KILLS is %q: write a number", text)
	}
	return n
}

// A daemon that is killed at any moment while people appear loses nothing: in
// the end the ledger is what the service published, and everybody was told.
func TestKilledAtRandomMomentsNothingIsLost(t *testing.T) {
	for _, database := range databases {
		t.Run(database.name, func(t *testing.T) { killed(t, database.line(t)+houseConfig) })
	}
}

func killed(t *testing.T, config string) {
	n := kills(t)
	seed := uint64(time.Now().UnixNano())
	rng := rand.New(rand.NewPCG(seed, 1))
	t.Logf("seed %d", seed)

	people := whole(77, 400+n)
	var list strings.Builder
	list.WriteString(csvHeader)
	watched := people[400:]
	truth := map[string]string{} // notice → person
	for i, r := range watched {
		id := fmt.Sprintf("k-%03d", i)
		truth[r.EntityID] = id
		fmt.Fprintf(&list, "%s,%q,,%s,,,K%d,,\n", id, strings.TrimSpace(*r.Forename+" "+*r.Name), strings.ReplaceAll(*r.DateOfBirth, "/", "-"), i)
	}
	h := newHouse(t, config, list.String(), people[:400]...)
	d := h.run()
	h.until("the first complete look", 30*time.Second, func() bool { return h.status().Sources[0].State == "ok" })
	before := len(h.events())

	moment := func(most time.Duration) {
		timer := time.NewTimer(time.Duration(rng.Int64N(int64(most))))
		defer timer.Stop()
		<-timer.C
	}
	for _, r := range watched {
		moment(700 * time.Millisecond)
		h.notices.Publish(r)
		moment(700 * time.Millisecond)
		d.kill()
		d = h.run()
	}
	appeared := func(es []tocsin.Event) (n int) {
		for _, e := range es {
			if e.Kind == tocsin.Appeared && truth[e.Notice.ID] == e.Person {
				n++
			}
		}
		return n
	}
	h.until("every appearance told to everybody", 60*time.Second, func() bool {
		es := h.events()
		return appeared(es) >= n && settled(es)
	})

	got := map[string]int{}
	told := map[string]int{}
	events := h.events()
	for _, e := range events {
		if e.Notice == nil {
			t.Errorf("an event of no notice: %s", e.Kind)
			continue
		}
		if truth[e.Notice.ID] == e.Person {
			got[string(e.Kind)+" "+e.Notice.ID]++
		}
		for _, dl := range e.Deliveries {
			if dl.State != tocsin.Sent {
				t.Errorf("%s %s to %s is %s", e.Kind, e.ID, dl.Notifier, dl.State)
			}
		}
	}
	for id := range truth {
		if got["appeared "+id] != 1 {
			t.Errorf("%s appeared %d times in the ledger", id, got["appeared "+id])
		}
	}
	for _, m := range h.slack.Messages() {
		for _, e := range events {
			if strings.Contains(string(m.Metadata), `"`+e.ID+`"`) {
				told[e.ID]++
			}
		}
	}
	twice := 0
	for _, e := range events {
		switch told[e.ID] {
		case 0:
			t.Errorf("%s %s never reached Slack", e.Kind, e.ID)
		case 1:
		default:
			twice++
			t.Errorf("%s %s reached Slack %d times", e.Kind, e.ID, told[e.ID])
		}
	}
	if out, errs, code := h.command("evidence", "verify", "--json"); code != 0 || !strings.Contains(out, `"ok":true`) {
		t.Errorf("evidence verify exits with %d: %s%s", code, out, errs)
	}
	mails := map[string]int{}
	for _, m := range h.mail.Messages() {
		mails[m.Header.Get("Message-Id")]++
	}
	repeats := 0
	for _, c := range mails {
		repeats += c - 1
	}
	t.Logf("%d kills, %d people, %d events before and %d after, %d mails, %d of them repeats of the same Message-ID", n, len(watched), before, len(events), len(mails), repeats)
}
