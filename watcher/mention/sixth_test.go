package mention

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tocsin"
	"tocsin/watcher/match"
)

// A sixth set, by an author who had read neither the scanner nor its tables, nor run
// it: whole short pieces, each of another kind (wires, bulletins, court reports,
// minutes, letters, carnets, results), a language's own, none a translation of
// another's. Where a careful reader would hesitate between labels, the piece was left
// out.
//
// A template is "title|text" or a text. {N} is the name; {G} {D} {C} {I} {L} its
// genitive, dative, accusative, instrumental, locative or ablative. {S} the family
// name and {F} the given name take the same letters ({SG}); so do {K}, a male
// relative of the family name, {H}, somebody of the given name and sex with another
// family name, and {P}, somebody of the same sex with a name that looks alike. {KF} is the
// relative's given name, {V} another spelling, {T} the name in full, {R} family name
// first, {J} with an initial, {U} in capitals, {X} run together, {W} tied with hyphens, {Y} with underlines, {A} the age, {B} the
// year of birth. [a/b] is a for a man and b for a woman.
type sixthTongue struct {
	code   string
	cast   []sixthPerson
	danger []string // the person is named, and in danger: an alert
	calm   []string // the person is named, and not in danger: for review
	miss   []string // nobody of the list is named
	aged   []string // somebody of that name and of an age or time that cannot be the person's
}

type sixthPerson struct {
	listed []string
	born   int
	nat    string
	woman  bool
	forms  map[string]string // by mark; "-" leaves out the templates that have the mark
	traps  []string          // more misses, with the words of this name
}

// Recall, precision, recall of alerts and their precision, the least that a language
// may have, where that is under .95: as fifthFloors.
var sixthFloors = map[string]floor{}

func sixth() []sixthTongue { return slices.Concat(sixthLatin, sixthCyrillic, sixthOther) }

func (u sixthTongue) id(i int) string { return fmt.Sprintf("%s-sixth-%02d", u.code, i) }

func sixthWatched() (out []match.Person) {
	for _, u := range sixth() {
		for i, p := range u.cast {
			out = append(out, match.Person{ID: u.id(i), Names: p.listed, Nationalities: []string{p.nat}, BirthDate: tocsin.Date{Year: p.born}})
		}
	}
	return out
}

// sixthStories gives an article for every person and every template and trap; a third
// of them do not say their language.
func sixthStories(u sixthTongue) (out []story) {
	r := rand.New(rand.NewPCG(6, 6))
	for i, p := range u.cast {
		add := func(s story, tpls []string) {
			for _, tpl := range tpls {
				body, ok := p.fill(u.code, tpl)
				if !ok {
					continue
				}
				a := articleIn(r, u.code)
				a.Title, a.Text = headed(body)
				s.article = a
				out = append(out, s)
			}
		}
		add(story{person: u.id(i), danger: true}, u.danger)
		add(story{person: u.id(i)}, u.calm)
		add(story{}, slices.Concat(u.miss, p.traps))
		add(story{aged: u.id(i)}, u.aged)
	}
	return out
}

var (
	sixthMark   = regexp.MustCompile(`\{([A-Z]+)\}`)
	sixthGender = regexp.MustCompile(`\[([^/\]]*)/([^\]]*)\]`)
)

// fill puts the person into the template; false where a mark has no form for her.
func (p sixthPerson) fill(code, tpl string) (string, bool) {
	ok := true
	tpl = sixthGender.ReplaceAllStringFunc(tpl, func(s string) string {
		m := sixthGender.FindStringSubmatch(s)
		if p.woman {
			return m[2]
		}
		return m[1]
	})
	tpl = sixthMark.ReplaceAllStringFunc(tpl, func(s string) string {
		v := p.form(code, s[1:len(s)-1])
		ok = ok && v != "-"
		return v
	})
	return tpl, ok
}

// form is the form of the mark, and where the cast gives none one made from the name:
// a case without a form is as the nominative.
func (p sixthPerson) form(code, mark string) string {
	if v, ok := p.forms[mark]; ok {
		return v
	}
	name := p.forms["N"]
	given, family, _ := strings.Cut(name, " ")
	switch mark {
	case "A":
		return fmt.Sprint(published.Year() - p.born)
	case "B":
		return fmt.Sprint(p.born)
	case "F":
		return given
	case "S":
		return family
	case "KF":
		if p.form(code, "F") == "-" {
			return "-"
		}
		given, _, _ = strings.Cut(p.forms["K"], " ")
		return given
	case "J":
		return string([]rune(given)[:1]) + ". " + family
	case "R":
		return family + ", " + given
	case "X", "XD":
		if mark == "XD" {
			name = p.form(code, "D")
		}
		return strings.NewReplacer(" ", "", "-", "", "·", "").Replace(name)
	case "W":
		return strings.ReplaceAll(name, " ", "-")
	case "Y":
		return strings.ReplaceAll(name, " ", "_")
	case "U", "UD":
		if mark == "UD" {
			name = p.form(code, "D")
		}
		return capitals(code, name)
	}
	if len(mark) > 1 {
		return p.form(code, mark[:len(mark)-1])
	}
	if mark == "K" || mark == "H" || mark == "P" {
		return "{" + mark + "}" // the cast must give it
	}
	return name
}

func TestSixthSetIsWholeAndOfItsSize(t *testing.T) {
	articles, templates, named := 0, 0, 0
	for _, u := range sixth() {
		n := len(u.danger) + len(u.calm) + len(u.miss) + len(u.aged)
		for _, p := range u.cast {
			n += len(p.traps)
		}
		if n < 20 {
			t.Errorf("%s: %d templates: fewer than 20", u.code, n)
		}
		templates += n
		var danger, calm, none, aged int
		for _, s := range sixthStories(u) {
			articles++
			if body := s.article.Title + s.article.Text; strings.ContainsAny(body, "{}[]|") {
				t.Errorf("%s: a mark was left: %s", u.code, body)
			}
			switch {
			case s.person != "" && s.danger:
				danger++
			case s.person != "":
				calm++
			case s.aged != "":
				aged++
			default:
				none++
			}
		}
		named += danger + calm
		t.Logf("%s: %d templates: %d articles of danger, %d without, %d near misses, %d of another age", u.code, n, danger, calm, none, aged)
	}
	if articles < 600 || templates < 220 {
		t.Errorf("%d articles from %d templates: fewer than 600 from 220", articles, templates)
	}
	t.Logf("%d articles from %d templates, %d name a person of the list", articles, templates, named)
}

// All people of all casts are watched, as in the test of the other sets, and judged alike.
func TestMentionsOfTheSixthSet(t *testing.T) {
	s := Compile(slices.Concat(watched(), fifthWatched(), sixthWatched()), Options{})
	for _, u := range sixth() {
		y := &tally{}
		for _, st := range sixthStories(u) {
			judge(t, s, st, y, "sixth, "+u.code)
		}
		y.hold(t, "sixth", u.code, sixthFloors[u.code])
	}
}
