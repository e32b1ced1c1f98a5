package store

import (
	"testing"
	"time"

	"tocsin"
)

// mentionIn is a mention of a person in a story, as a feed gives it.
func mentionIn(source, person, story string, notifiers ...string) NewEvent {
	return NewEvent{Event: tocsin.Event{
		Kind: tocsin.Mentioned, Source: source, Person: person, Tier: tocsin.TierReview, Score: 0.7,
		Article: &tocsin.ArticleRef{URL: "https://" + source + ".example/a", Title: "Two held", Story: story},
	}, Deliveries: owed(notifiers...)}
}

// read commits what one look at a feed leaves behind.
func (r *rig) read(o Observation) []tocsin.Event {
	r.t.Helper()
	row, err := r.Store.Source(r.ctx, o.Source.ID)
	if err != nil {
		r.t.Fatal(err)
	}
	o.Was, o.Source.Look = row.Look, row.Look+1
	stored, err := r.Observe(r.ctx, o)
	if err != nil {
		r.t.Fatal(err)
	}
	return stored
}

func TestAStoryIsFoundByEveryAddressThatItStoodAt(t *testing.T) {
	r := newRig(t)
	at := r.clock
	story := Story{ID: "s_one", Source: "daily", URL: "https://daily.example/a?x", URLKey: "daily.example/a", Title: "Two held", Text: "Words.",
		Language: "en", Lead: "lead", Shape: 1<<63 | 5, Published: at.Add(-time.Hour), SeenAt: at, Record: "sha256:1"}
	r.read(Observation{Source: Source{ID: "daily"}, Stories: []Story{story},
		Tellings: []Telling{{Story: "s_one", Source: "daily", URL: story.URL, URLKey: story.URLKey, Title: "Two held", Outlet: "The Daily", SeenAt: at}}})
	r.read(Observation{Source: Source{ID: "post"},
		Tellings: []Telling{{Story: "s_one", Source: "post", URL: "https://post.example/b", URLKey: "post.example/b", Outlet: "The Post", SeenAt: at.Add(time.Minute)}}})
	for _, key := range []string{"daily.example/a", "post.example/b"} {
		if got, ok, err := r.StoryByAddress(r.ctx, key); err != nil || !ok || got != story {
			t.Errorf("under %s: %+v, %v, %v", key, got, ok, err)
		}
	}
	for _, key := range []string{"", "daily.example/other"} {
		if _, ok, err := r.StoryByAddress(r.ctx, key); err != nil || ok {
			t.Errorf("under %q there is a story, %v", key, err)
		}
	}
	if told, err := r.Tellings(r.ctx, "s_one"); err != nil || len(told) != 2 || told[0].Outlet != "The Daily" || told[1].Outlet != "The Post" {
		t.Errorf("it stood at %+v, %v", told, err)
	}
}

func TestOneStoryIsOneCaseAPersonWhicheverFeedTellsIt(t *testing.T) {
	r := newRig(t)
	first := r.read(Observation{Source: Source{ID: "daily"}, Events: []NewEvent{mentionIn("daily", "p-017", "s_one", "team")}})[0]
	later := mentionIn("post", "p-017", "s_one", "team")
	later.Kind = tocsin.Changed
	if again := r.read(Observation{Source: Source{ID: "post"}, Events: []NewEvent{later}})[0]; again.Case != first.Case {
		t.Errorf("the second outlet opened case %s beside %s", again.Case, first.Case)
	}
	other := r.read(Observation{Source: Source{ID: "post"}, Events: []NewEvent{mentionIn("post", "p-009", "s_one", "team")}})[0]
	if other.Case == first.Case {
		t.Error("another person has the same case")
	}
	cases, err := r.Cases(r.ctx, CaseFilter{Story: "s_one"})
	if err != nil || len(cases) != 2 || cases[0].Article == nil || cases[0].Article.Story != "s_one" || cases[0].Notice != nil {
		t.Errorf("the story's cases are %+v, %v", cases, err)
	}
}

func TestMentionsThatWereGatheredAreNotCounted(t *testing.T) {
	r := newRig(t)
	gathered := mentionIn("daily", "p-017", "s_two", "team")
	gathered.Gathered = true
	es := r.read(Observation{Source: Source{ID: "daily"}, Events: []NewEvent{mentionIn("daily", "p-017", "s_one", "team"), gathered}})
	if !r.event(es[1].ID).Gathered {
		t.Error("the ledger forgets that an event was gathered")
	}
	n, err := r.Mentions(r.ctx, tocsin.TierReview, r.clock.Add(-time.Hour))
	if err != nil || n["p-017"] != 1 {
		t.Errorf("%v, %v", n, err)
	}
	if n, err = r.Mentions(r.ctx, tocsin.TierAlert, r.clock.Add(-time.Hour)); err != nil || len(n) != 0 {
		t.Errorf("at the other tier: %v, %v", n, err)
	}
}

func TestOldStoriesAreForgottenUnlessACaseIsAboutThem(t *testing.T) {
	r := newRig(t)
	at := r.clock
	story := func(id string, age time.Duration) Story {
		return Story{ID: id, Source: "daily", URL: "https://daily.example/" + id, URLKey: "daily.example/" + id, Text: "Words.", SeenAt: at.Add(-age)}
	}
	day := 24 * time.Hour
	r.read(Observation{Source: Source{ID: "daily"},
		Stories:  []Story{story("s_new", day), story("s_month", 40*day), story("s_old", 200*day), story("s_case", 200*day)},
		Tellings: []Telling{{Story: "s_old", Source: "daily", URLKey: "daily.example/s_old", SeenAt: at}},
		Events:   []NewEvent{mentionIn("daily", "p-017", "s_case", "team")}})
	if err := r.ForgetStories(r.ctx, at.Add(-30*day), at.Add(-90*day)); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"s_new": "Words.", "s_month": "", "s_case": ""}
	for _, id := range []string{"s_new", "s_month", "s_old", "s_case"} {
		got, ok, err := r.StoryByID(r.ctx, id)
		if text, keep := want[id]; err != nil || ok != keep || got.Text != text {
			t.Errorf("%s: kept %v with text %q, %v", id, ok, got.Text, err)
		}
	}
	if told, err := r.Tellings(r.ctx, "s_old"); err != nil || len(told) != 0 {
		t.Errorf("the forgotten story still stood at %v, %v", told, err)
	}
	if n, err := r.Stories(r.ctx, "daily"); err != nil || n != 3 {
		t.Errorf("%d stories, %v", n, err)
	}
}

func TestTheStoriesOfATimeAreReadWithoutTheirTexts(t *testing.T) {
	r := newRig(t)
	at := r.clock
	r.read(Observation{Source: Source{ID: "daily"}, Stories: []Story{
		{ID: "s_a", Source: "daily", Text: "Words.", Shape: 1 << 63, Lead: "l", SeenAt: at}, {ID: "s_b", Source: "daily", Text: "Old words.", SeenAt: at.Add(-time.Hour)},
	}})
	got, err := r.StoriesSince(r.ctx, at.Add(-time.Minute))
	if err != nil || len(got) != 1 || got[0].ID != "s_a" || got[0].Text != "" || got[0].Shape != 1<<63 || got[0].Lead != "l" {
		t.Errorf("%+v, %v", got, err)
	}
	var met []string
	if err := r.EachStory(r.ctx, "daily", at.Add(-2*time.Hour), func(s Story) error { met = append(met, s.Text); return nil }); err != nil || len(met) != 2 || met[0] != "Old words." {
		t.Errorf("%v, %v", met, err)
	}
}
