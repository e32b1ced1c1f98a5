package store

import (
	"testing"

	"tocsin"
)

func TestACaseIsOnePersonAndOneNoticeThroughTime(t *testing.T) {
	r := newRig(t)
	first := r.tell(about(tocsin.Appeared, "p-017", "2026/1"), about(tocsin.Appeared, "p-009", "2026/1"), about(tocsin.Appeared, "p-017", "2026/2"))
	later := about(tocsin.Changed, "p-017", "2026/1")
	later.Notice.Name, later.Tier, later.Score, later.Reasons = "VARDEN, Mira Ilse", tocsin.TierReview, 0.7, nil
	second := r.tell(later)
	if first[0].Case == first[1].Case || first[0].Case == first[2].Case || second[0].Case != first[0].Case {
		t.Fatalf("cases are %s %s %s, then %s", first[0].Case, first[1].Case, first[2].Case, second[0].Case)
	}
	c := r.oneCase(first[0].Case)
	if c.Notice.Name != "VARDEN, Mira Ilse" || c.Tier != tocsin.TierReview || c.Score != 0.7 || c.Reasons != nil || c.Notice.ID != "2026/1" || c.Article != nil {
		t.Errorf("it is not as the last event has it: %+v", c)
	}
	if !c.OpenedAt.Equal(first[0].At) {
		t.Errorf("opened at %v", c.OpenedAt)
	}
	equal(t, "its events", c.Events, []string{first[0].ID, second[0].ID})
}

func TestCasesAreChosen(t *testing.T) {
	r := newRig(t)
	other := about(tocsin.Appeared, "p-017", "2026/1")
	other.Source = "un"
	story := about(tocsin.Mentioned, "p-017", "")
	story.Source, story.Notice, story.Article = "news", nil, &tocsin.ArticleRef{URL: "https://news.example/1", Title: "A trial"}
	es := r.tell(about(tocsin.Appeared, "p-017", "2026/1"), about(tocsin.Appeared, "p-009", "2026/1"), other, story)
	for _, c := range []struct {
		what string
		f    CaseFilter
		want []string
	}{
		{"all", CaseFilter{}, []string{es[3].Case, es[1].Case, es[0].Case, es[2].Case}},
		{"a person's", CaseFilter{Person: "p-009"}, []string{es[1].Case}},
		{"a notice's", CaseFilter{Source: "red", Notice: "2026/1"}, []string{es[1].Case, es[0].Case}},
		{"a source's", CaseFilter{Source: "un"}, []string{es[2].Case}},
		{"one", CaseFilter{ID: es[0].Case}, []string{es[0].Case}},
		{"none", CaseFilter{ID: "c_unknown"}, nil},
	} {
		cases, err := r.Cases(r.ctx, c.f)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, x := range cases {
			got = append(got, x.ID)
		}
		equal(t, c.what, got, c.want)
	}
	if c := r.oneCase(es[3].Case); c.Notice != nil || c.Article == nil || c.Article.Title != "A trial" || c.Article.URL != "https://news.example/1" {
		t.Errorf("the story's case is %+v", c)
	}
}

func TestACaseIsPublicAsItsLastEventSays(t *testing.T) {
	for kind, want := range map[tocsin.EventKind]bool{
		tocsin.Listed: true, tocsin.Appeared: true, tocsin.Changed: true, tocsin.Disappeared: false, tocsin.Reappeared: true,
	} {
		r := newRig(t)
		r.tell(about(tocsin.Appeared, "p-017", "2026/1"), about(tocsin.Disappeared, "p-017", "2026/1"))
		before := r.tell(about(tocsin.Reappeared, "p-017", "2026/1"))[0].Case
		if want { // from gone
			r.tell(about(tocsin.Disappeared, "p-017", "2026/1"))
		}
		r.tell(about(kind, "p-017", "2026/1"))
		if got := r.oneCase(before).Public; got != want {
			t.Errorf("after %s it is public: %v", kind, got)
		}
	}
}

func TestADismissedCaseRingsOnlyWhenTheNoticeReturnsOrTellsOfSomebodyElse(t *testing.T) {
	for _, c := range []struct {
		name     string
		kind     tocsin.EventKind
		identity bool
		rings    bool
		state    tocsin.CaseState
	}{
		{"changed", tocsin.Changed, false, false, tocsin.CaseDismissed},
		{"disappeared", tocsin.Disappeared, false, false, tocsin.CaseDismissed},
		{"reappeared", tocsin.Reappeared, false, true, tocsin.CaseDismissed},
		{"reappeared as somebody else", tocsin.Reappeared, true, true, tocsin.CaseOpen},
		{"changed in what tells people apart", tocsin.Changed, true, true, tocsin.CaseOpen},
		{"listed, the person's entry was edited", tocsin.Listed, true, true, tocsin.CaseOpen},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			id := r.tell(about(tocsin.Appeared, "p-017", "2026/1", "team"))[0].Case
			rev := r.decide(id, tocsin.Dismiss).Rev
			n := about(c.kind, "p-017", "2026/1", "team", "mail")
			n.Identity = c.identity
			n.Deliveries[1] = tocsin.Delivery{Notifier: "mail", State: tocsin.Skipped, Why: "tier filter", At: r.clock}
			stored := r.tell(n)[0]
			e := r.event(stored.ID)
			equal(t, "what Observe said of the deliveries", stored.Deliveries, e.Deliveries)
			if c.rings {
				if e.Deliveries[0].State != tocsin.Pending || e.Deliveries[1].Why != "tier filter" {
					t.Errorf("deliveries are not as routed: %+v", e.Deliveries)
				}
			} else {
				for _, d := range e.Deliveries {
					if d.State != tocsin.Skipped || d.Why != "dismissed" || d.At.IsZero() {
						t.Errorf("a delivery is %+v", d)
					}
				}
			}
			got := r.oneCase(id)
			if got.State != c.state || got.Rev <= rev {
				t.Errorf("the case is %s at revision %d, was at %d", got.State, got.Rev, rev)
			}
			if (c.state == tocsin.CaseOpen) != (got.By == "") {
				t.Errorf("the case is %s by %q", got.State, got.By)
			}
			equal(t, "its events", len(got.Events), 2)
		})
	}
}

func TestAnOpenCaseRingsAsRouted(t *testing.T) {
	r := newRig(t)
	id := r.tell(about(tocsin.Appeared, "p-017", "2026/1", "team"))[0].Case
	for _, a := range []tocsin.Action{tocsin.Ack, tocsin.Warned, tocsin.Confirm, tocsin.Arrest, tocsin.Close} {
		state := r.decide(id, a).State
		e := r.tell(about(tocsin.Changed, "p-017", "2026/1", "team"))[0]
		if e.Deliveries[0].State != tocsin.Pending || r.oneCase(id).State != state {
			t.Errorf("%s: delivery %+v, case %s", a, e.Deliveries[0], r.oneCase(id).State)
		}
	}
}

func TestAScoreIsRevisedWithoutAnEvent(t *testing.T) {
	r := newRig(t)
	c := r.oneCase(r.tell(about(tocsin.Appeared, "p-017", "2026/1"))[0].Case)
	score := func(x CaseScore) {
		t.Helper()
		if _, err := r.Observe(r.ctx, Observation{Was: r.look, Source: Source{ID: "red", Look: r.look + 1}, Scores: []CaseScore{x}}); err != nil {
			t.Fatal(err)
		}
		r.look++
	}
	score(CaseScore{Case: c.ID, Tier: c.Tier, Score: c.Score, Reasons: c.Reasons})
	if got := r.oneCase(c.ID); got.Rev != c.Rev {
		t.Error("the same score is something new to show")
	}
	score(CaseScore{Case: c.ID, Tier: c.Tier, Score: c.Score, Reasons: c.Reasons, Anew: true})
	got := r.oneCase(c.ID)
	if got.Rev <= c.Rev {
		t.Error("what the caller says is new is not shown")
	}
	c = got
	score(CaseScore{Case: c.ID, Tier: tocsin.TierReview, Score: 0.65, Reasons: []tocsin.Reason{{Code: tocsin.ReasonSexDiffers, Against: true}}})
	got = r.oneCase(c.ID)
	if got.Rev <= c.Rev || got.Tier != tocsin.TierReview || got.Score != 0.65 || !got.Reasons[0].Against || len(got.Events) != 1 {
		t.Errorf("it is now %+v", got)
	}
}
