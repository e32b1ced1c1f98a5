package watchlist

import (
	"reflect"
	"strings"
	"testing"

	"tocsin"
)

func TestYAMLHoldsTheSame(t *testing.T) {
	for _, c := range []struct{ why, text string }{
		{"a list", "- id: p-1\n  name: Mira Varden\n  aliases: [M. Varden, Мира Варден]\n  birth_date: 1988-03\n  nationalities: [MD, XK]\n  sex: F\n- {id: p-2, name: 龍}\n"},
		{"under people", "people:\n  - id: p-1\n    name: Mira Varden\n    aliases:\n      - M. Varden\n      - Мира Варден\n    birth_date: '1988-03'\n    nationalities: MD;xk\n    sex: f\n  - id: p-2\n    name: 龍\n    aliases: []\n    sex:\n"},
		{"JSON", `[{"id":"p-1","name":"Mira Varden","aliases":["M. Varden","Мира Варден"],"birth_date":"1988-03","nationalities":["MD","XK"],"sex":"F"},{"id":"p-2","name":"龍"}]`},
		{"keys in any case, comments", "# ours\n- ID: p-1\n  Name: Mira Varden # her\n  aliases: M. Varden;Мира Варден\n  birth_date: 1988-03\n  nationalities: [MD, XK]\n  sex: F\n- {id: p-2, name: 龍}\n"},
	} {
		l, warnings := mustParse(t, "w.yaml", c.text)
		if !reflect.DeepEqual(l.People, same) || len(warnings) > 0 {
			t.Errorf("%s: %+v, %v", c.why, l.People, warnings)
		}
	}
}

// What YAML reads as numbers and truth is text here.
func TestYAMLIsReadAsWritten(t *testing.T) {
	l, _ := mustParse(t, "w.yml", "- {id: 017, name: No, birth_date: 1990, nationalities: [NO], tags: [1, yes]}\n- {id: 2, name: Yes True, nationalities: NO, birth_date: 1990-05, codename: 1e3}\n- {id: 0x1, name: \"null\"}\n")
	want := []Person{
		{ID: "017", Name: "No", BirthDate: tocsin.Date{Year: 1990}, Nationalities: []string{"NO"}, Tags: []string{"1", "yes"}},
		{ID: "2", Name: "Yes True", BirthDate: tocsin.Date{Year: 1990, Month: 5}, Nationalities: []string{"NO"}, Codename: "1e3"},
		{ID: "0x1", Name: "null"},
	}
	if !reflect.DeepEqual(l.People, want) {
		t.Errorf("%+v", l.People)
	}
}

func TestEveryMistakeOfAYAMLFileIsRefusedWithItsPlace(t *testing.T) {
	for _, c := range []struct{ why, text, want string }{
		{"an unknown key", "- id: p-1\n  name: Mira Varden\n  birthdate: 1988\n", `w.yaml:3:3: unknown key "birthdate": did you mean birth_date?`},
		{"an unknown key that may be a name", "- id: p-1\n  name: Mira Varden\n  Мира: 1988\n", "w.yaml:3:3: unknown key: known here are"},
		{"a key twice", "- id: p-1\n  name: Mira Varden\n  name: Omar Said\n", "w.yaml:3:3: the same key again"},
		{"a key twice in another case", "- id: p-1\n  name: Mira Varden\n  Name: Omar Said\n", "w.yaml:3:3: the same key again"},
		{"an alias of YAML", "- {id: p-1, name: Mira Varden}\n- *a\n", "w.yaml:2:3: aliases (*) are not taken"},
		{"a reserved character", "- name: @x\n", "w.yaml:1:9: not YAML: '@' is a reserved character"},
		{"a name that begins a block", "- name: >Mira\n", "w.yaml:1:9: not YAML: invalid header option: what stands here"},
		{"a tag", "- {id: p-1, name: !!str Mira Varden}\n", "w.yaml:1:19: tags"},
		{"a person that is text", "- Mira Varden\n", "w.yaml:1:3: text, where a person is expected"},
		{"people by name", "Mira Varden: {id: p-1}\n", "w.yaml:1:1: unknown key: write a list of people"},
		{"people that are text", "people: Mira Varden\n", "w.yaml:1:9: text, where a list of people is expected"},
		{"text", "Mira Varden\n", "w.yaml:1:1: text, where a list of people is expected"},
		{"no name", "- id: p-1\n  sex: F\n", "w.yaml:1:3: no name"},
		{"a name that reads as nothing", "- id: p-1\n  name: null\n", "w.yaml:2:9: no name: null"},
		{"a list for a name", "- id: p-1\n  name: [Mira, Varden]\n", "w.yaml:2:9: name is a list"},
		{"keys for a name", "- id: p-1\n  name: {given: Mira}\n", "w.yaml:2:9: name is a group of keys"},
		{"an alias of punctuation", "- id: p-1\n  name: Mira Varden\n  aliases: [Mira V, \"--\"]\n", "w.yaml:3:21: alias 2 has no letter"},
		{"an alias that is nothing", "- id: p-1\n  name: Mira Varden\n  aliases: [~]\n", "w.yaml:3:13: aliases has nothing in it"},
		{"an alias that is a list", "- id: p-1\n  name: Mira Varden\n  aliases: [[Mira]]\n", "w.yaml:3:13: aliases has a list in it"},
		{"an unknown country", "- id: p-1\n  name: Mira Varden\n  nationalities: [MD, ZZ]\n", "w.yaml:3:23: nationalities: no such country"},
		{"an impossible date", "- id: p-1\n  name: Mira Varden\n  birth_date: 1988-02-30\n", "w.yaml:3:15: birth_date is no date"},
		{"an unknown sex", "- id: p-1\n  name: Mira Varden\n  sex: no\n", "w.yaml:3:8: sex:"},
		{"an id twice", "- {id: p-1, name: Mira Varden}\n- {id: p-1, name: Omar Said}\n", "w.yaml:2:8: the same id as on line 1"},
		{"no id", "- name: Mira Varden\n", "w.yaml:1:3: no id"},
		{"a NUL byte", "- id: p-1\n  name: Mira\x00Varden\n", "w.yaml:2: a NUL byte"},
		{"a field over 4 KiB in parts", "- id: p-1\n  name: Mira Varden\n  aliases: [" + strings.Repeat("Mira Varden, ", 400) + "Mira]\n", "w.yaml:3:12: aliases is longer than 4 KiB"},
		{"unreadable bytes", "- id: p-1\n  name: Мира\n- id: p-2\n  name: Omar \xff\n", "w.yaml:4: unreadable bytes"},
		{"an empty list", "people: []\n", "w.yaml:1:9: nobody is on the list"},
		{"nothing under people", "people:\n", "w.yaml:1:9: nobody is on the list"},
		{"an empty file", "# nobody yet\n", "w.yaml:1:1: nobody is on the list"},
	} {
		if got := told(t, "w.yaml", c.text); !strings.HasPrefix(got, c.want) || strings.Contains(got, "\n") {
			t.Errorf("%s:\n got %q\nwant %q", c.why, got, c.want)
		}
	}
}
