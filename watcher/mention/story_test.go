package mention

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
	"unicode"

	"tocsin"
	"tocsin/watcher/match"
)

// The articles that mentions are measured on are made from casts and templates. A
// cast member is a fictional person as a watchlist has her, and how a language
// prints her name, by case; the near misses are others' names.
type cast struct {
	listed             []string
	born               int
	nat                string
	nom, gen, dat, ins string   // as printed; gen, dat, ins "": as nom
	others             []string // near misses, in the nominative
	othersGen          []string // the same in the genitive; nil: as they are
}

// A tongue has templates to tune with and templates kept back. {N} {G} {D} {I} are
// the name by case, {O} {OG} another's, {A} an age. A template that ends with "!"
// is of danger.
type tongue struct {
	code     string
	late     bool // of the fourth set
	cast     []cast
	own      []string // about the person
	missed   []string // about another
	heldOwn  []string
	heldMiss []string
	lastOwn  []string // written after the first figures on those held back, and never tuned to
	lastMiss []string
	filler   []string
}

type story struct {
	article tocsin.Article
	person  string // who is named, "" nobody
	danger  bool
	aged    string // who bears the name but not the age, "" nobody
}

var published = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

func (t tongue) id(i int) string {
	if t.late {
		return fmt.Sprintf("%s-late-%02d", t.code, i)
	}
	return fmt.Sprintf("%s-%02d", t.code, i)
}

func watched() []match.Person {
	var out []match.Person
	for _, t := range slices.Concat(tongues, fourth) {
		for i, c := range t.cast {
			p := match.Person{ID: t.id(i), Names: c.listed}
			if c.born > 0 {
				p.BirthDate = tocsin.Date{Year: c.born}
			}
			if c.nat != "" {
				p.Nationalities = []string{c.nat}
			}
			out = append(out, p)
		}
	}
	return out
}

// articleIn is an empty article in a language, which a third do not say.
func articleIn(r *rand.Rand, code string) tocsin.Article {
	a := tocsin.Article{Published: published, Language: code}
	if r.IntN(3) == 0 {
		a.Language = ""
	}
	return a
}

// stories gives n articles of a language, about as many of them about others.
func stories(t tongue, set string, n int, seed uint64) []story {
	r := rand.New(rand.NewPCG(seed, 7))
	own, missed := t.own, t.missed
	switch set {
	case "held":
		own, missed = t.heldOwn, t.heldMiss
	case "last":
		own, missed = t.lastOwn, t.lastMiss
	}
	var out []story
	for k := range n {
		i := k % len(t.cast)
		c := t.cast[i]
		s := story{article: articleIn(r, t.code)}
		or := func(a, b string) string {
			if a == "" {
				return b
			}
			return a
		}
		var tpl string
		other, otherGen := c.nom, c.nom
		if k/len(t.cast)%2 == 0 {
			tpl = own[(k/len(t.cast)/2)%len(own)]
			s.person = t.id(i)
		} else {
			tpl = missed[(k/len(t.cast)/2)%len(missed)]
			o := r.IntN(len(c.others))
			other, otherGen = c.others[o], c.others[o]
			if c.othersGen != nil {
				otherGen = c.othersGen[o]
			}
			if strings.Contains(tpl, "{A}") && c.born > 0 {
				s.aged = t.id(i)
			}
		}
		tpl, s.danger = strings.CutSuffix(tpl, "!")
		age := published.Year() - c.born
		if s.person == "" {
			age = (age+25-18)%60 + 18
			if d := age - (published.Year() - c.born); d < 8 && d > -8 {
				age += 17
			}
		}
		body := strings.NewReplacer("{N}", c.nom, "{G}", or(c.gen, c.nom), "{D}", or(c.dat, c.nom), "{I}", or(c.ins, c.nom), "{O}", other, "{OG}", otherGen,
			"{A}", fmt.Sprint(age), "{UP}", strings.ToUpper(c.nom)).Replace(tpl)
		a, b := t.filler[r.IntN(len(t.filler))], t.filler[r.IntN(len(t.filler))]
		s.article.Title, body = headed(body)
		s.article.Text = a + "\n\n" + body + "\n\n" + b
		out = append(out, s)
	}
	return out
}

// headed divides "title|text"; a text alone has no title.
func headed(body string) (title, text string) {
	title, text, found := strings.Cut(body, "|")
	if !found {
		return "", body
	}
	return title, text
}

// capitals writes a name in capitals, as its language does.
func capitals(code, name string) string {
	if code == "tr" {
		return strings.ToUpperSpecial(unicode.TurkishCase, name)
	}
	return strings.ToUpper(name)
}
