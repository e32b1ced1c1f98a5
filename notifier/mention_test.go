package notifier

import (
	"strings"
	"testing"
	"time"

	"tocsin"
)

func mentionItem() Item {
	at := time.Date(2026, 5, 3, 8, 20, 0, 0, time.UTC)
	return Item{
		Event: tocsin.Event{
			ID: "e_1", Kind: tocsin.Mentioned, At: at, Source: "daily", Case: "c_7Qk2Lm", Person: "p-017", Tier: tocsin.TierAlert, Evidence: "sha256:1",
			Article: &tocsin.ArticleRef{
				URL: "https://daily.example/a/1", Title: "Varden held\u202e at the airport", Story: "s_1", Outlet: "The Daily", Language: "fr",
				Published: at.Add(-time.Hour), Sentence: "La militante Mira Varden a été arrêtée dimanche.", Found: "Mira Varden", Danger: "arrêtée",
			},
			Reasons: []tocsin.Reason{{Code: tocsin.ReasonInText, With: "Mira Varden"}, {Code: tocsin.ReasonDanger, With: "arrêtée"}, {Code: tocsin.ReasonAgeDiffers, With: "71", Against: true}},
			Window:  &tocsin.Window{After: at.Add(-10 * time.Minute), Before: at},
		},
		Person:  &Subject{ID: "p-017", Names: []string{"Mira Varden"}, Codename: "HERON", Initials: "M. V."},
		Case:    &tocsin.Case{ID: "c_7Qk2Lm", State: tocsin.CaseOpen, Article: &tocsin.ArticleRef{URL: "https://daily.example/a/1", Title: "Varden held"}},
		Source:  "the feed daily",
		Outlets: []string{"The Daily", "The Post"},
	}
}

func textOf(it Item, links bool) string {
	return Text(Render(Message{Kind: Single, Items: []Item{it}, Links: links}), 400)
}

func TestAMentionSaysWhatIsSaidAndByWhomAndHowSureThatIs(t *testing.T) {
	text := textOf(Redact(Full, mentionItem()), false)
	for _, want := range []string{
		"Possible mention, strong: Mira Varden (p-017)", "« La militante Mira Varden a été arrêtée dimanche. »", "Article: Varden held at the airport · The Daily (daily.example) · language fr",
		"Found as “Mira Varden” near “arrêtée”", "Told by 2 outlets: The Daily, The Post", "named in the text (Mira Varden)", "Against: the age or birth year given does not fit (71)",
		"Came into the feed", "Case c_7Qk2Lm", "never write here where anybody is",
	} {
		if !strings.Contains(strings.ReplaceAll(text, "kept in case", "Case"), want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	if strings.Contains(text, "https://") {
		t.Errorf("an address is shown where links are off:\n%s", text)
	}
	if !strings.Contains(textOf(Redact(Full, mentionItem()), true), "https://daily.example/a/1") {
		t.Error("links are on, and there is none")
	}
}

func TestBelowFullDetailAMentionNamesNothing(t *testing.T) {
	for detail, called := range map[Detail]string{Initials: "M. V. (p-017)", Codename: "HERON"} {
		for _, kind := range []tocsin.EventKind{tocsin.Mentioned, tocsin.Changed} {
			it := mentionItem()
			it.Event.Kind = kind
			if kind == tocsin.Changed {
				it.Event.Changes = []tocsin.FieldChange{{Field: "words", To: []string{"Mira Varden a été arrêtée"}}}
			}
			m := Message{Kind: Single, Items: []Item{Redact(detail, it)}, Links: true}
			text := Text(Render(m), 400) + Render(m).Subject
			if !strings.Contains(text, called) || !strings.Contains(text, "Possible mention") {
				t.Errorf("%s, %s: it is not said whom it concerns:\n%s", detail, kind, text)
			}
			for _, never := range []string{"Varden", "daily", "Daily", "Post", "arrêtée", "militante", "airport", "s_1", "sha256", "71"} {
				if strings.Contains(text, never) {
					t.Errorf("%s, %s: %q is shown:\n%s", detail, kind, never, text)
				}
			}
		}
	}
}

func TestMentionsThatWereTooManySaySo(t *testing.T) {
	it := mentionItem()
	it.Event.Gathered, it.Event.Many = true, true
	if text := textOf(Redact(Full, it), false); !strings.Contains(text, "named too often that day: the rest is told together") {
		t.Error(text)
	}
	it.Event.Many = false
	if text := textOf(Redact(Full, it), false); !strings.Contains(text, "In the feed since before") {
		t.Error(text)
	}
}

func TestASilentFeedIsToldAsSilentAndWitnessesAreNamed(t *testing.T) {
	at := time.Date(2026, 5, 3, 14, 0, 0, 0, time.UTC)
	it := Item{Source: "INTERPOL's red list", Event: tocsin.Event{Kind: tocsin.Blind, At: at, Outage: &tocsin.Outage{
		Cause: tocsin.CauseRefused, Since: at.Add(-time.Hour), Meanwhile: []tocsin.Witness{{Source: "mirror", Name: "OpenSanctions mirror", DataAt: at.Add(-8 * time.Hour)}},
	}}}
	if text := textOf(Redact(Full, it), false); !strings.Contains(text, "Meanwhile: OpenSanctions mirror, data from") || !strings.Contains(text, "(8 h 00 old; it can be refused too)") {
		t.Error(text)
	}
	it.Source, it.Event.Outage = "the feed daily", &tocsin.Outage{Cause: tocsin.CauseSilent, Why: "nothing new for 9 days, where 3 hours is usual", Since: at.Add(-216 * time.Hour)}
	if text := textOf(Redact(Full, it), false); !strings.Contains(text, "Nothing new from the feed daily") || !strings.Contains(text, "nothing new for 9 days") {
		t.Error(text)
	}
}
