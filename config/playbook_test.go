package config

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

const aPlaybook = aSource + aNotifier + "playbook: plays.yaml\n"

func TestAPlaybookIsReadInItsOrder(t *testing.T) {
	c := good(t, strings.Replace(aPlaybook, "kind: console", "kind: console, language: fr", 1), vault{"plays.yaml": `plays:
  - {for: appeared, steps: [call the lawyer on duty]}
  - for: arrested
    source: interpol-red
    state: fr
    tag: north
    language: fr
    tier: review
    steps:
      - " un "
      - deux
`})
	want := []Play{
		{For: "appeared", Steps: []string{"call the lawyer on duty"}},
		{For: "arrested", Review: true, Source: "interpol-red", State: "FR", Tag: "north", Language: "fr", Steps: []string{"un", "deux"}},
	}
	if !reflect.DeepEqual(c.Playbook, want) || len(c.Warnings) != 0 {
		t.Errorf("%+v, warnings %v", c.Playbook, c.Warnings)
	}
}

func TestMistakesOfAPlaybookStandInItsOwnFile(t *testing.T) {
	play := func(keys string) string { return "plays:\n  - {for: appeared, " + keys + "}\n" }
	for text, want := range map[string]string{
		"":                                    "plays.yaml:1:1: the file is empty",
		"- a":                                 "plays.yaml:1:1: a list, where keys",
		"play: []":                            "plays.yaml:1:1: unknown key \"play\": did you mean plays?",
		"plays: soon":                         "plays.yaml:1:8: plays is text: write a list of plays",
		play("steps: [a], when: now"):         "plays.yaml:2:33: unknown key",
		play("steps: []"):                     "steps is missing",
		play("state: FR"):                     "steps is missing",
		play("steps: [a], source: elsewhere"): "no source has this id",
		play("steps: [a], state: Ruritania"):  "state is no country",
		play("steps: [a], tier: loud"):        `unknown tier "loud": write alert or review`,
		play("steps: [a], language: French"):  "language is no code",
		play(fmt.Sprintf("steps: [%s]", strings.Repeat("a, ", 11))): "more than 10 steps",
		play(fmt.Sprintf("steps: [%s]", strings.Repeat("a", 301))):  "more than 300 letters",
		play(`steps: ["a\nb"]`):    "line break",
		"plays:\n  - {steps: [a]}": "for is missing: write arrested, listed, appeared",
		"plays:\n" + strings.Repeat("  - {for: blind, steps: [a]}\n", 501): "more than 500 plays",
		"plays:\n  - {for: appeared, steps: [a]}\nplays: []":               "plays.yaml:3:1: ",
		"plays:\n  - {for: appeared, steps: [\"ask ${NOBODY}\"]}":          "NOBODY is not set",
	} {
		all := strings.Join(mistakes(t, aPlaybook, nil, vault{"plays.yaml": text}), "\n")
		if !strings.Contains(all, want) || !strings.HasPrefix(all, "plays.yaml:") {
			t.Errorf("%.80q: %q, want %q", text, all, want)
		}
	}
	if all := mistakes(t, aPlaybook, nil, nil); len(all) != 1 || !strings.Contains(all[0], "playbook: there is no such file") {
		t.Errorf("a missing playbook: %q", all)
	}
}

func TestALanguageThatNobodyReadsIsWarnedOf(t *testing.T) {
	c := good(t, aPlaybook, vault{"plays.yaml": "plays: [{for: blind, language: fr, steps: [a]}]"})
	if len(c.Warnings) != 1 || !strings.Contains(c.Warnings[0].String(), "tocsin.yaml:3:11: the playbook has plays in fr") {
		t.Errorf("%v", c.Warnings)
	}
}
