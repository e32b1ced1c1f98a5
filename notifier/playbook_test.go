package notifier

import (
	"strings"
	"testing"

	"tocsin"
)

func TestThePlayThatAsksForTheMostIsTaken(t *testing.T) {
	book := Playbook{
		{For: "appeared", Steps: []string{"any"}},
		{For: "appeared", Steps: []string{"any, later"}},
		{For: "appeared", Source: "interpol-red", Steps: []string{"source"}},
		{For: "appeared", State: "MD", Tag: "north", Steps: []string{"state and tag"}},
		{For: "appeared", State: "FR", Tag: "north", Source: "interpol-red", Steps: []string{"another state"}},
		{For: "appeared", Language: "fr", Steps: []string{"langue"}},
		{For: "appeared", Review: true, Steps: []string{"weak"}},
		{For: "arrested", Steps: []string{"arrested"}},
		{For: "blind", Steps: []string{"blind"}},
	}
	arrested := varden(tocsin.Appeared)
	arrested.Case.State = tocsin.CaseArrested
	weak := varden(tocsin.Appeared)
	weak.Event.Tier = tocsin.TierReview
	drill := varden(tocsin.Appeared)
	drill.Event.Drill = true
	elsewhere := varden(tocsin.Appeared)
	elsewhere.Event.Source = "interpol-un"
	elsewhere.Person.Tags = nil
	blind := story()["blind"].Items[0]
	for name, x := range map[string]struct {
		it       Item
		d        Detail
		language string
		want     string
	}{
		"all of it":             {varden(tocsin.Appeared), Full, "", "state and tag"},
		"a language":            {elsewhere, Full, "fr", "langue"},
		"another source":        {elsewhere, Full, "", "any"},
		"below full detail":     {varden(tocsin.Appeared), Initials, "", "source"},
		"codenames":             {varden(tocsin.Appeared), Codename, "", "source"},
		"a weak match":          {weak, Full, "", "weak"},
		"arrested":              {arrested, Full, "", "arrested"},
		"a drill":               {drill, Full, "", ""},
		"a kind without a play": {varden(tocsin.Disappeared), Full, "", ""},
		"blind":                 {blind, Codename, "", "blind"},
	} {
		if got := strings.Join(book.For(x.it, x.d, x.language), "|"); got != x.want {
			t.Errorf("%s: %q, want %q", name, got, x.want)
		}
	}
}

func TestTheTeamsOwnStepsStandInPlaceOfOurs(t *testing.T) {
	for _, d := range []Detail{Full, Codename} {
		it := varden(tocsin.Appeared)
		it.Steps = Playbook{{For: "appeared", Steps: []string{"ring the duty\u202e lawyer", "then wait"}}}.For(it, d, "")
		a := Render(redacted(d, Message{ID: "m_1", Kind: Single, Items: []Item{it}})).Alerts[0]
		if strings.Join(a.Steps, "|") != "ring the duty lawyer|then wait" {
			t.Errorf("at %s: %q", d, a.Steps)
		}
	}
	it := varden(tocsin.Appeared)
	it.Case.State, it.Steps = tocsin.CaseArrested, []string{"our lawyer"}
	called := Render(redacted(Full, Message{Items: []Item{it}, Call: &Call{Why: Arrested}})).Alerts[0]
	if told := Render(redacted(Full, Message{Items: []Item{it}})).Alerts[0]; strings.Join(called.Steps, "|") != "our lawyer" || strings.Join(told.Steps, "|") != "our lawyer" {
		t.Errorf("arrested: %q and %q", called.Steps, told.Steps)
	}
	if a := Render(redacted(Full, Message{Items: []Item{varden(tocsin.Appeared)}})).Alerts[0]; len(a.Steps) != 4 {
		t.Errorf("without a playbook: %q", a.Steps)
	}
}
