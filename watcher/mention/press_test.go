package mention

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tocsin"
	"tocsin/watcher/match"
)

// A pressSet is news items of two to four sentences as a reporter of the language would
// write them, by an author who had read neither the scanner nor its tables nor run it,
// with other people than in the sets before. Marks are the sixth set's. Danger is told
// apart by how it is told: in the legal word, or as a scene without one.
type pressSet struct {
	name    string
	seed    uint64
	least   int // articles
	tongues []pressTongue
	// Recall, precision, recall of alerts and their precision, the least that a language
	// may have, where that is under .95: as fifthFloors.
	floors map[string]floor
}

type pressTongue struct {
	code  string
	cast  []sixthPerson
	told  []string // the person is in danger, in the legal word: an alert
	shown []string // the person is in danger, as a scene: an alert
	calm  []string // the person is named, and not in danger: for review
	miss  []string // nobody of the list is named
	aged  []string // a long-dead namesake, or a child
}

type pressStory struct {
	story
	kind string
}

func pressSets() []pressSet {
	return []pressSet{
		{name: "seventh", seed: 7, least: 1200, tongues: slices.Concat(seventhLatin, seventhCyrillic, seventhOther), floors: map[string]floor{
			"en": {0, 0, 0.9165, 0.9015},
			"fr": {0, 0, 0, 0.8955},
			"es": {0, 0, 0.9495, 0.9185},
			"de": {0, 0, 0.9165, 0.9165},
			"uk": {0, 0, 0.8995, 0},
			"ar": {0, 0, 0, 0.9085},
			"fa": {0, 0, 0, 0.9205},
			"ug": {0, 0, 0, 0.9225},
			"zh": {0, 0, 0.9165, 0},
		}},
	}
}

func (set pressSet) id(u pressTongue, i int) string {
	return fmt.Sprintf("%s-%s-%02d", u.code, set.name, i)
}

func pressWatched() (out []match.Person) {
	for _, set := range pressSets() {
		for _, u := range set.tongues {
			for i, p := range u.cast {
				out = append(out, match.Person{ID: set.id(u, i), Names: p.listed, Nationalities: []string{p.nat}, BirthDate: tocsin.Date{Year: p.born}})
			}
		}
	}
	return out
}

// stories gives an article for every person and every template and trap; a third of
// them do not say their language.
func (set pressSet) stories(t *testing.T, u pressTongue) (out []pressStory) {
	r := rand.New(rand.NewPCG(set.seed, set.seed))
	for i, p := range u.cast {
		add := func(s pressStory, tpls []string) {
			for _, tpl := range tpls {
				body, ok := p.fill(u.code, tpl)
				if !ok {
					continue
				}
				if strings.ContainsAny(strings.Replace(body, "|", "", 1), "{}[]|") {
					t.Errorf("%s: a mark was left: %s", u.code, body)
				}
				a := articleIn(r, u.code)
				a.Title, a.Text = headed(body)
				s.article = a
				out = append(out, s)
			}
		}
		id := set.id(u, i)
		add(pressStory{story{person: id, danger: true}, "told"}, u.told)
		add(pressStory{story{person: id, danger: true}, "shown"}, u.shown)
		add(pressStory{story{person: id}, "calm"}, u.calm)
		add(pressStory{story{}, "miss"}, slices.Concat(u.miss, p.traps))
		add(pressStory{story{aged: id}, "aged"}, u.aged)
	}
	return out
}

func TestPressSetsAreWholeAndOfTheirSize(t *testing.T) {
	for _, set := range pressSets() {
		articles, templates := 0, 0
		for _, u := range set.tongues {
			n := len(u.told) + len(u.shown) + len(u.calm) + len(u.miss) + len(u.aged)
			if n < 25 {
				t.Errorf("%s, %s: %d templates: fewer than 25", set.name, u.code, n)
			}
			if d := len(u.told) - len(u.shown); d < -1 || d > 1 {
				t.Errorf("%s, %s: %d pieces of danger in the legal word and %d as a scene: not half", set.name, u.code, len(u.told), len(u.shown))
			}
			templates += n
			kinds := map[string]int{}
			for _, s := range set.stories(t, u) {
				articles++
				kinds[s.kind]++
			}
			t.Logf("%s, %s: %d templates: %v", set.name, u.code, n, kinds)
		}
		if articles < set.least {
			t.Errorf("%s: %d articles from %d templates: fewer than %d", set.name, articles, templates, set.least)
		}
		t.Logf("%s: %d articles from %d templates", set.name, articles, templates)
	}
}

// All people of all casts are watched, as in the test of the other sets, and judged alike.
func TestMentionsOfThePressSets(t *testing.T) {
	s := Compile(slices.Concat(watched(), fifthWatched(), sixthWatched(), pressWatched()), Options{})
	for _, set := range pressSets() {
		t.Run(set.name, func(t *testing.T) {
			for _, u := range set.tongues {
				y := &tally{}
				for _, st := range set.stories(t, u) {
					judge(t, s, st.story, y, set.name+", "+u.code+", "+st.kind)
				}
				y.hold(t, set.name, u.code, set.floors[u.code])
			}
		})
	}
}
