package watcher_test

import (
	"fmt"
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
	"tocsin/watcher/source/feed"
)

// newsRig is a rig that reads feeds beside its listing, with a clock set by hand.
func newsRig(t *testing.T, lines []string, outlets ...*sim.Feed) *rig {
	t.Helper()
	r := newRig(t, people(t, lines...))
	r.stop()
	r.feeds = nil
	for i, o := range outlets {
		r.feeds = append(r.feeds, outlet{id: fmt.Sprintf("feed-%d", i+1), sim: o})
	}
	r.clock = time.Date(2026, 5, 3, 9, 0, 0, 0, time.UTC)
	r.start()
	return r
}

// outlet is a feed of a rig.
type outlet struct {
	id       string
	sim      *sim.Feed
	fullText bool
}

func newOutlet(t testing.TB, title string) *sim.Feed {
	t.Helper()
	f, err := sim.NewFeed(title)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// now is the rig's clock, the machine's where none is set.
func (r *rig) now() time.Time {
	if r.clock.IsZero() {
		return time.Now()
	}
	return r.clock
}

func (r *rig) feed(o outlet) watcher.Feed {
	r.t.Helper()
	f, err := source.NewFetcher(source.FetchOptions{UserAgent: "tocsin-test", Timeout: 5 * time.Second, MaxBody: 4 << 20, Own: o.sim.URL(), Now: r.now})
	if err != nil {
		r.t.Fatal(err)
	}
	p := source.NewPacer(source.PaceOptions{Now: r.now})
	s, err := feed.New(feed.Options{ID: o.id, URL: o.sim.URL(), FullText: o.fullText, Fetcher: f, Pacer: p, Now: r.now,
		Hosts: func(string) *source.Pacer { return p }})
	if err != nil {
		r.t.Fatal(err)
	}
	return watcher.Feed{
		ID: o.id, Name: "the feed " + o.id, Source: s, Pacer: p, Poll: every(10 * time.Minute), Lookback: 72 * time.Hour, FullText: o.fullText,
		Sight: presence.SightRules{After: 30 * time.Minute}, Required: true,
	}
}

func (r *rig) pass(d time.Duration) { r.clock = r.clock.Add(d) }

// titled writes events as "mentioned p-017 alert Two held".
func titled(events []tocsin.Event) []string {
	var out []string
	for _, e := range events {
		s := string(e.Kind)
		if e.Person != "" {
			s += " " + e.Person + " " + string(e.Tier)
		}
		if e.Article != nil {
			s += " " + e.Article.Title
		}
		out = append(out, s)
	}
	return out
}

func (r *rig) tell(what string, want ...string) []tocsin.Event {
	r.t.Helper()
	events := r.poll()
	equal(r.t, what, titled(events), want)
	r.pass(10 * time.Minute)
	return events
}

// held is an item in which Mira Varden is arrested.
func heldItem(n int, at time.Time) sim.Item {
	return sim.Item{
		ID: fmt.Sprint("guid-", n), Path: fmt.Sprint("/a/", n), Title: fmt.Sprintf("Report %d: Mira Varden arrested", n),
		Summary: fmt.Sprintf("Activist Mira Varden was arrested at the airport of Port-%d on a Red Notice, her lawyer said.", n), Published: at,
	}
}

func TestAnArticleThatNamesAPersonRingsOnce(t *testing.T) {
	o := newOutlet(t, "The Daily")
	r := newsRig(t, []string{vardenLine}, o)
	o.Publish(sim.Item{ID: "old", Path: "/a/0", Title: "Weather", Summary: "Rain.", Published: r.clock.Add(-time.Hour)})
	r.tell("the first look")
	o.Publish(heldItem(1, r.clock))
	e := r.tell("a new article", "mentioned p-017 alert Report 1: Mira Varden arrested")[0]
	a := e.Article
	if a.URL != o.Host()+"/a/1" || a.Outlet != "The Daily" || a.Found != "Mira Varden" || !strings.Contains(a.Sentence, "Mira Varden") || a.Danger == "" || a.Story == "" {
		t.Errorf("the event says %+v", a)
	}
	if e.Evidence == "" || e.Case == "" || e.Gathered || e.Window == nil || e.Window.After.IsZero() || !e.Window.Before.After(e.Window.After) {
		t.Errorf("the event is %+v", e)
	}
	r.tell("nothing new")
	o.Edit(func(items []sim.Item) []sim.Item {
		items[0].Published = r.clock // re-dated, and reordered
		items[0], items[1] = items[1], items[0]
		return items
	})
	r.tell("re-dated and reordered")
	r.stop()
	r.start()
	r.tell("after a restart")
	if row, err := r.store.Source(t.Context(), "feed-1"); err != nil || row.Asked != 5 {
		t.Errorf("%d requests on %v are counted over the restart, want 5 (%v)", row.Asked, row.AskedOn, err)
	}
	if ms := r.inbox.messages(); len(ms) != 1 || ms[0].Kind != notifier.Single {
		t.Errorf("%d messages arrived", len(ms))
	}
}

func TestWhatStoodInTheFeedBeforeIsGatheredAsFarBackAsTheLookback(t *testing.T) {
	o := newOutlet(t, "The Daily")
	r := newsRig(t, []string{vardenLine}, o)
	undated := heldItem(3, time.Time{})
	o.Publish(heldItem(1, r.clock.Add(-80*time.Hour)), heldItem(2, r.clock.Add(-70*time.Hour)), undated)
	events := r.tell("the first look", "mentioned p-017 alert Report 2: Mira Varden arrested", "mentioned p-017 alert Report 3: Mira Varden arrested")
	for _, e := range events {
		if !e.Gathered || e.Window == nil || !e.Window.After.IsZero() {
			t.Errorf("%s is not told as what was there: %+v", e.Article.Title, e)
		}
	}
	if ms := r.inbox.messages(); len(ms) != 1 || ms[0].Kind != notifier.Gathered || len(ms[0].Items) != 2 {
		t.Errorf("they came as %d messages", len(ms))
	}
	o.Publish(heldItem(4, r.clock.Add(-80*time.Hour)))
	r.tell("an old article put in later is not told")
	o.Publish(heldItem(5, r.clock.Add(-71*time.Hour)))
	if e := r.tell("one from before the first look", "mentioned p-017 alert Report 5: Mira Varden arrested"); !e[0].Gathered {
		t.Error("it rings as if it were new")
	}
}

func TestOneStoryInTwoFeedsIsOneEventWithItsOutlets(t *testing.T) {
	words := "Activist Mira Varden was arrested at the airport of Ruritania on a Red Notice that the kingdom had asked for, her lawyer said on Sunday. " +
		"She had flown in to speak at a conference, and was taken aside when her passport was read. The ministry would not say where she is held."
	tests := []struct {
		what          string
		first, second func(host string) sim.Item
	}{
		{"the same address but for what tracks readers",
			func(string) sim.Item {
				return sim.Item{ID: "1", Path: "https://wire.example/a?id=7", Title: "Mira Varden arrested", Summary: "Short."}
			},
			func(string) sim.Item {
				return sim.Item{ID: "x", Path: "https://WWW.wire.example/a?id=7&utm_source=feed&fbclid=1#top", Title: "Mira Varden, arrested in Ruritania", Summary: "Other words altogether."}
			}},
		{"the same title and beginning",
			func(string) sim.Item {
				return sim.Item{ID: "1", Path: "/a/1", Title: "Mira Varden arrested", Summary: words}
			},
			func(string) sim.Item {
				return sim.Item{ID: "x", Path: "/news/x", Title: "MIRA VARDEN arrested ", Summary: words}
			}},
		{"nearly the same words",
			func(string) sim.Item {
				return sim.Item{ID: "1", Path: "/a/1", Title: "Mira Varden arrested", Summary: words}
			},
			func(string) sim.Item {
				return sim.Item{ID: "x", Path: "/news/x", Title: "Wire: Mira Varden arrested", Summary: strings.Replace(words, "on Sunday", "yesterday", 1) + " (Agencies)"}
			}},
	}
	for _, x := range tests {
		t.Run(x.what, func(t *testing.T) {
			one, two := newOutlet(t, "The Daily"), newOutlet(t, "The Post")
			r := newsRig(t, []string{vardenLine}, one, two)
			r.tell("the first look")
			a := x.first(one.Host())
			a.Published = r.clock
			one.Publish(a)
			e := r.tell("one outlet", "mentioned p-017 alert "+a.Title)[0]
			before := r.theCase(e.Case).Rev
			b := x.second(two.Host())
			b.Published = r.clock
			two.Publish(b)
			r.tell("the other")
			if after := r.theCase(e.Case).Rev; after <= before {
				t.Error("the message is not brought up to date")
			}
			tellings, err := r.store.Tellings(t.Context(), e.Article.Story)
			if err != nil || len(tellings) != 2 || tellings[1].Outlet != "The Post" {
				t.Errorf("it stood at %+v, %v", tellings, err)
			}
			r.pass(8 * 24 * time.Hour)
			c := sim.Item{ID: "late", Path: "/news/late", Title: a.Title, Summary: a.Summary, Published: r.clock}
			two.Publish(c)
			r.tell("the same words a week later are another story", "mentioned p-017 alert "+strings.TrimSpace(a.Title))
		})
	}
}

func (r *rig) theCase(id string) tocsin.Case {
	r.t.Helper()
	cases, err := r.store.Cases(r.t.Context(), store.CaseFilter{ID: id})
	if err != nil || len(cases) != 1 {
		r.t.Fatal(cases, err)
	}
	return cases[0]
}

func TestAnotherOutletsWordsMayMakeAWeakMentionAStrongOne(t *testing.T) {
	one, two := newOutlet(t, "The Daily"), newOutlet(t, "The Post")
	r := newsRig(t, []string{vardenLine}, one, two)
	r.tell("the first look")
	one.Publish(sim.Item{ID: "1", Path: "https://wire.example/a/7", Title: "Mira Varden speaks", Summary: "A conference.", Published: r.clock})
	e := r.tell("named", "mentioned p-017 review Mira Varden speaks")[0]
	two.Publish(sim.Item{ID: "2", Path: "https://wire.example/a/7?utm_source=x", Title: "Mira Varden arrested after her speech", Summary: "On a Red Notice.", Published: r.clock})
	up := r.tell("named beside an arrest", "changed p-017 alert Mira Varden arrested after her speech")[0]
	if up.Case != e.Case || len(up.Changes) != 1 {
		t.Errorf("it is %+v", up)
	}
}

func TestAFamousNamesakeIsGatheredAtTheDaysEnd(t *testing.T) {
	o := newOutlet(t, "The Daily")
	r := newsRig(t, []string{vardenLine}, o)
	r.tell("the first look")
	for n := range 8 {
		o.Publish(sim.Item{ID: fmt.Sprint(n), Path: fmt.Sprint("/concert/", n), Title: fmt.Sprintf("Mira Varden sings in hall %d", n), Summary: "A concert.", Published: r.clock})
		r.poll()
		r.pass(time.Minute)
	}
	if n := len(r.inbox.messages()); n != 5 {
		t.Errorf("%d messages came at once, want 5", n)
	}
	o.Publish(heldItem(1, r.clock))
	r.tell("an arrest is not held back by concerts", "mentioned p-017 alert Report 1: Mira Varden arrested")
	if n := len(r.inbox.messages()); n != 6 {
		t.Errorf("%d messages, want the arrest's too", n)
	}
	res, err := r.Poll(t.Context(), "", time.Second)
	if err != nil || res.Owed != 0 {
		t.Errorf("what waits for the day's end is held to be owed now: %+v, %v", res, err)
	}
	r.stop()
	r.start()
	r.poll()
	if n := len(r.inbox.messages()); n != 6 {
		t.Errorf("%d messages, want 6: what waits for the day's end came after a restart", n)
	}
	r.clock = time.Date(2026, 5, 4, 0, 0, 1, 0, time.UTC)
	r.poll()
	ms := r.inbox.messages()
	last := ms[len(ms)-1]
	if len(last.Items) != 3 || !last.Items[0].Event.Many {
		t.Errorf("the day's rest came as %+v", last)
	}
}

func TestAPersonAddedIsLookedForInWhatWasPublishedLately(t *testing.T) {
	o := newOutlet(t, "The Daily")
	r := newsRig(t, []string{"p-001,Somebody Else,,,,,,,"}, o)
	r.tell("the first look")
	o.Publish(heldItem(1, r.clock))
	r.tell("nobody knows her yet")
	r.stop()
	r.list = people(t, "p-001,Somebody Else,,,,,,,", vardenLine)
	r.start()
	events := r.tell("a look")
	if len(events) != 0 {
		t.Errorf("%v", titled(events))
	}
	all, err := r.store.Events(t.Context(), store.EventFilter{Person: "p-017"})
	if err != nil || len(all) != 1 || all[0].Kind != tocsin.Mentioned || !all[0].Gathered {
		t.Errorf("%v, %v", titled(all), err)
	}
	r.stop()
	r.start()
	if again, err := r.store.Events(t.Context(), store.EventFilter{Person: "p-017"}); err != nil || len(again) != 1 {
		t.Errorf("after a restart there are %v, %v", titled(again), err)
	}
}

func TestAFeedThatCannotBeReadIsBlindAndOneThatSaysNothingIsSilent(t *testing.T) {
	o := newOutlet(t, "The Daily")
	r := newsRig(t, []string{vardenLine}, o)
	for n := range 12 {
		o.Publish(sim.Item{ID: fmt.Sprint("w", n), Path: fmt.Sprint("/w/", n), Title: fmt.Sprint("Weather ", n), Summary: "Rain.", Published: r.clock.Add(time.Duration(n-12) * 3 * time.Hour)})
	}
	r.tell("the first look")
	o.Fail(403)
	r.tell("refused")
	r.pass(30 * time.Minute)
	e := r.tell("refused for long", "blind")[0]
	if e.Outage.Cause != tocsin.CauseRefused {
		t.Errorf("the cause is %q", e.Outage.Cause)
	}
	o.Fail(0)
	r.tell("answers", "recovered")
	for range 6 {
		r.pass(20 * time.Hour)
		if es := r.poll(); len(es) > 0 {
			if es[0].Kind != tocsin.Blind || es[0].Outage.Cause != tocsin.CauseSilent || !strings.Contains(es[0].Outage.Why, "nothing new") {
				t.Errorf("%v: %+v", titled(es), es[0].Outage)
			}
			o.Publish(sim.Item{ID: "new", Path: "/w/new", Title: "Weather at last", Summary: "Sun.", Published: r.clock})
			r.tell("news", "recovered")
			return
		}
	}
	t.Error("five days of silence are not said")
}

// Two watchlists that have nobody in common lead to the same requests, articles
// and all.
func TestRequestsForNewsDoNotDependOnTheWatchlist(t *testing.T) {
	requests := func(line string) (string, int) {
		o := newOutlet(t, "The Daily")
		r := newRig(t, people(t, line))
		r.stop()
		r.feeds = []outlet{{id: "daily", sim: o, fullText: true}}
		r.clock = time.Date(2026, 5, 3, 9, 0, 0, 0, time.UTC)
		r.start()
		page := func(n int, words string) sim.Item {
			return sim.Item{ID: fmt.Sprint(n), Path: fmt.Sprint("/a/", n), Title: fmt.Sprint("Report ", n), Summary: "Police.", Published: r.clock,
				Story: strings.Repeat("The police of the kingdom said little about it on Sunday. ", 5) + words}
		}
		o.Publish(page(1, "Rain."), page(2, "Mira Varden was arrested on a Red Notice."))
		events := r.poll()
		o.Publish(page(3, "Mira Varden was deported."), page(4, "Lin Jiahao was detained and his extradition is sought."), sim.Item{ID: "gone", Path: "/a/gone", Title: "No page", Published: r.clock})
		for range 3 {
			r.pass(10 * time.Minute)
			events = append(events, r.poll()...)
		}
		var b strings.Builder
		for _, q := range o.Requests() {
			b.Write(q.Bytes())
		}
		return strings.ReplaceAll(b.String(), strings.TrimPrefix(o.Host(), "http://"), "HOST"), len(events)
	}
	a, named := requests(vardenLine)
	b, other := requests("p-044,Lin Jiahao,,1990,CN,M,,,")
	if a != b {
		t.Errorf("the outlet can tell one watchlist from another:\n%s\nand\n%s", a, b)
	}
	if named != 2 || other != 1 || strings.Count(a, "GET /a/gone") < 2 {
		t.Errorf("%d and %d mentions; the requests are\n%s", named, other, a)
	}
}

// What only an article's page says rings, and the page that did not answer at
// first is asked again.
func TestAPageThatDidNotAnswerIsAskedAgain(t *testing.T) {
	o := newOutlet(t, "The Daily")
	r := newRig(t, people(t, vardenLine))
	r.stop()
	r.feeds = []outlet{{id: "daily", sim: o, fullText: true}}
	r.clock = time.Date(2026, 5, 3, 9, 0, 0, 0, time.UTC)
	r.start()
	r.tell("the first look")
	it := sim.Item{ID: "1", Path: "/a/1", Title: "Report", Summary: "Police.", Published: r.clock}
	o.Publish(it)
	r.tell("its page is not there yet")
	o.Edit(func(items []sim.Item) []sim.Item {
		items[0].Story = strings.Repeat("The police of the kingdom said little about it on Sunday. ", 5) + "Mira Varden was arrested on a Red Notice."
		return items
	})
	e := r.tell("its page answers", "mentioned p-017 alert Report")[0]
	if s, ok, err := r.store.StoryByID(t.Context(), e.Article.Story); err != nil || !ok || !strings.Contains(s.Text, "Red Notice") {
		t.Errorf("the story kept is %q, %v", s.Text, err)
	}
}

// Coverage, the heartbeat's rule and the digest know of feeds.
func TestAFeedIsASourceLikeOthers(t *testing.T) {
	o := newOutlet(t, "The Daily")
	r := newsRig(t, []string{vardenLine}, o)
	begun := r.clock
	r.tell("a look")
	r.tell("another")
	c, err := r.Coverage(t.Context(), "feed-1", begun, begun.Add(10*time.Minute))
	if err != nil || c.At(begun.Add(5*time.Minute)) != watcher.Seen {
		t.Errorf("coverage is %+v, %v", c, err)
	}
	st, err := r.Status(t.Context())
	if err != nil || len(st.Sources) != 1 || st.Sources[0].State != "ok" || st.Sources[0].Today < 2 {
		t.Errorf("the status is %+v, %v", st, err)
	}
	before := st.Sources[0].Today
	r.stop()
	r.start()
	r.tell("after a restart")
	if st, err = r.Status(t.Context()); err != nil || st.Sources[0].Today <= before {
		t.Errorf("requests of the day are forgotten: %d after %d, %v", st.Sources[0].Today, before, err)
	}
}
