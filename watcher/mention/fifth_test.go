package mention

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"tocsin"
	"tocsin/watcher/match"
)

// A fifth set, by an author who had not read the scanner nor its tables: court
// reports, obituaries, sports, programmes of conferences, interviews, posts, wires.
// Beside the marks of the others, {C} is the accusative, {V} another spelling,
// {S} and {SC} the family name alone, {F} the given name alone, {R} the family name
// first, {BR} a name divided at the line's end, {X} a name run together, {OS}
// another's family name alone.
type unseen struct {
	code              string
	cast              []bearer
	own, miss, filler []string
}

type bearer struct {
	cast
	acc, alt string   // "": the genitive, the nominative
	traps    []string // sentences with the words of this name that name nobody
}

// Recall, precision, recall of alerts and their precision, the least that a language may
// have, where that is under .95. The set was unseen when it was first run (docs/measurements.md
// has the figures); these are what the phenomena that it showed gave once they were mended.
var fifthFloors = map[string]floor{
	"es": {0, 0, 0.9225, 0},
}

func fifth() []unseen { return slices.Concat(fifthLatin, fifthCyrillic, fifthOther) }

func (u unseen) id(i int) string { return fmt.Sprintf("%s-fifth-%02d", u.code, i) }

func fifthWatched() (out []match.Person) {
	for _, u := range fifth() {
		for i, c := range u.cast {
			p := match.Person{ID: u.id(i), Names: c.listed, Nationalities: []string{c.nat}}
			p.BirthDate = tocsin.Date{Year: c.born}
			out = append(out, p)
		}
	}
	return out
}

// fifthStories gives an article for every person and every template and trap.
func fifthStories(u unseen) (out []story) {
	r := rand.New(rand.NewPCG(5, 5))
	for i, c := range u.cast {
		for j, tpl := range u.own {
			s := story{person: u.id(i)}
			tpl, s.danger = strings.CutSuffix(tpl, "!")
			s.article = u.article(r, c, j, published.Year()-c.born, tpl)
			out = append(out, s)
		}
		for j, tpl := range slices.Concat(u.miss, c.traps) {
			s := story{}
			age := 91
			if strings.Contains(tpl, "{A}") {
				s.aged = u.id(i)
			}
			tpl, s.danger = strings.CutSuffix(tpl, "!")
			s.article = u.article(r, c, j, age, tpl)
			out = append(out, s)
		}
	}
	return out
}

func (u unseen) article(r *rand.Rand, c bearer, j, age int, tpl string) tocsin.Article {
	a := articleIn(r, u.code)
	or := func(a, b string) string {
		if a == "" {
			return b
		}
		return a
	}
	family := func(s string) string { _, f, _ := strings.Cut(s, " "); return f }
	given, last, _ := strings.Cut(c.nom, " ")
	gen, dat, ins := or(c.gen, c.nom), or(c.dat, c.nom), or(c.ins, c.nom)
	acc := or(c.acc, gen)
	o := j % len(c.others)
	other, otherGen := c.others[o], c.others[o]
	if c.othersGen != nil {
		otherGen = c.othersGen[o]
	}
	half := []rune(c.nom)
	at := len(half) - (len([]rune(last))+1)/2
	body := strings.NewReplacer("{N}", c.nom, "{G}", gen, "{D}", dat, "{I}", ins, "{C}", acc, "{V}", or(c.alt, c.nom),
		"{S}", last, "{SC}", family(acc), "{F}", given, "{R}", last+", "+given, "{UP}", capitals(u.code, c.nom),
		"{BR}", string(half[:at])+"-\n"+string(half[at:]),
		"{X}", strings.ReplaceAll(c.nom, " ", ""), "{O}", other, "{OG}", otherGen, "{OS}", family(other), "{A}", fmt.Sprint(age)).Replace(tpl)
	before, after := u.filler[r.IntN(len(u.filler))], u.filler[r.IntN(len(u.filler))]
	title, text := headed(body)
	a.Title, a.Text = title, before+"\n\n"+text+"\n\n"+after
	return a
}
