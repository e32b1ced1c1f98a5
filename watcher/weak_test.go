package watcher_test

import (
	"strings"
	"testing"
	"time"

	"tocsin"
	"tocsin/store"
)

// listDesk is a desk that watches some more people.
func listDesk(t *testing.T) *desk {
	return newDesk(t, "p-101,Darya Kosten,,,,,WREN,,", "p-102,Omar Said,,,,,KITE,,", "p-103,Jiahao Lin,,,,,CRANE,,")
}

func (d *desk) weak(person string, n int) store.NewEvent {
	return d.appeared(person, n, tocsin.TierReview)
}

// Three weak matches at once are one message in the channel, and each has its own,
// with its buttons, in the thread. An alert beside them rings alone.
func TestWeakMatchesAreOneListAndAnAlertRingsAlone(t *testing.T) {
	d := listDesk(t)
	events := d.tell(d.weak("p-101", 1), d.weak("p-102", 2), d.appeared("p-017", 3, tocsin.TierAlert), d.weak("p-103", 4))
	got := d.told(0)
	equal(t, "told", got, []string{
		"0 root: 🔔 Possible match, strong: Mira Varden (p-017) · new public notice",
		"0 root: 🔎 3 possible matches to check · weak or contradicted; most will be strangers",
		"0 reply: 🔎 Possible match, weak: Darya Kosten (p-101) · new public notice",
		"0 reply: 🔎 Possible match, weak: Omar Said (p-102) · new public notice",
		"0 reply: 🔎 Possible match, weak: Jiahao Lin (p-103) · new public notice",
	})
	if count, _ := told(t, d.slack); len(count) != 4 || count[events[0].ID] != 1 || count[events[3].ID] != 1 {
		t.Errorf("delivered were %v", count)
	}

	// What becomes of one is shown in the list, and in its own message.
	d.clock.set(d.clock.Now().Add(time.Hour))
	d.does(events[1].Case, tocsin.Dismiss, "slack:U0AMINA")
	d.turn()
	ms := d.slack.Messages()
	list, own := string(ms[1].Blocks), string(ms[3].Blocks)
	if !strings.Contains(list, "2 waiting, the oldest since 27 Apr 2026, 07:55 UTC (1 h 00)") || !strings.Contains(list, "Not our person 27 Apr 2026, 08:55 UTC") || !strings.Contains(list, "U0AMINA") {
		t.Errorf("the list shows %s", list)
	}
	if !strings.Contains(own, "Not our person 27 Apr 2026, 08:55 UTC") {
		t.Errorf("its own message shows %s", own)
	}
}

// One alone looks as every case does. What comes within a day joins it in its
// thread, by a message that carries its own event, and the first becomes a list.
func TestALaterWeakMatchJoinsTheListOfTheDay(t *testing.T) {
	d := listDesk(t)
	first := d.tell(d.weak("p-101", 1))[0]
	equal(t, "one alone", d.told(0), []string{"0 root: 🔎 Possible match, weak: Darya Kosten (p-101) · new public notice"})
	d.restart()
	d.clock.set(d.clock.Now().Add(5 * time.Hour))
	second := d.tell(d.weak("p-102", 2))[0]
	equal(t, "another", d.told(0), []string{
		"0 reply: 🔎 Possible match, weak: Omar Said (p-102) · new public notice",
		"0 reply: 🔎 Possible match, weak: Darya Kosten (p-101) · new public notice", // its details, which the list has no more
	})
	if s := d.slack.Messages()[0].Text; !strings.HasPrefix(s, "🔎 2 possible matches to check") {
		t.Errorf("the first message shows\n%s", s)
	}
	if count, _ := told(t, d.slack); count[first.ID] != 1 || count[second.ID] != 1 {
		t.Errorf("delivered were %v", count)
	}

	// What happens to one of them goes under the list; if it grew strong, alone.
	gone := d.weak("p-102", 2)
	gone.Kind = tocsin.Disappeared
	d.tell(gone)
	grown := d.appeared("p-101", 1, tocsin.TierAlert)
	grown.Kind = tocsin.Changed
	d.tell(grown)
	equal(t, "later", d.told(0), []string{
		"0 root: 🔁 Changed: notice · possible match, strong: Darya Kosten (p-101)", "0 channel: ◻ No longer public: notice · Omar Said (p-102)",
	})

	// A day later a new list begins.
	d.clock.set(d.clock.Now().Add(25 * time.Hour))
	d.tell(d.weak("p-103", 3))
	equal(t, "the next day", d.told(0), []string{"0 root: 🔎 Possible match, weak: Jiahao Lin (p-103) · new public notice"})
}

// A list has room for as many as a message can show; nothing is lost beyond that.
func TestAListThatIsFullIsFollowedByAnother(t *testing.T) {
	d := listDesk(t)
	var stored []tocsin.Event
	n := 0
	for _, many := range []int{14, 3, 31} { // a list, one more, and a burst that is none
		var events []store.NewEvent
		for range many {
			n++
			events = append(events, d.weak("p-101", n))
		}
		stored = append(stored, d.tell(events...)...)
		d.told(0)
	}
	var roots []string
	for _, m := range d.slack.Messages() {
		if m.Thread == "" {
			roots = append(roots, strings.SplitN(m.Text, " to check", 2)[0])
		}
	}
	count, _ := told(t, d.slack)
	for _, e := range stored {
		if count[e.ID] != 1 {
			t.Errorf("%s was told %d times", e.ID, count[e.ID])
		}
	}
	if len(roots) != 3 || roots[0] != "🔎 14 possible matches" || roots[1] != "🔎 3 possible matches" || !strings.HasPrefix(roots[2], "🔔 31 events at once") {
		t.Errorf("the channel shows %q", roots)
	}
}
