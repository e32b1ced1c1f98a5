package match

import (
	"cmp"
	"slices"
	"strings"

	"tocsin"
)

// query is a notice read in every system.
type query struct {
	n     tocsin.Notice
	views [][numSystems]*view
	exact []string // see sameName
}

func newQuery(n tocsin.Notice) *query {
	q := &query{n: n}
	add := func(ts []token) {
		if len(ts) == 0 {
			return
		}
		var m [numSystems]*view
		pinyinised := byPinyin(ts)
		for _, s := range systems {
			if s.eastern && len(ts) > mostSyllables {
				continue // no such name
			}
			ps := partsOf(s, ts)
			if s == western {
				hear(ps)
			}
			if s == uyghur && pinyinised {
				addElements(ps)
			}
			m[s.id] = &view{ps, spans(s, ps), pinyinised, latin}
		}
		q.views = append(q.views, m)
	}
	// A name in another script is read in the ways that a person's is.
	foreign := func(name string) bool {
		if scriptOf(name) == latin {
			return false
		}
		var m [numSystems]*view
		for _, f := range formsOf(name, 0) {
			if m[f.sys.id] == nil {
				m[f.sys.id] = &view{f.parts, f.joined, !f.gated, f.script}
			}
		}
		q.views = append(q.views, m)
		return true
	}
	whole := n.Name + " " + n.Forename
	q.say(whole)
	if !foreign(whole) {
		name := tokenise(n.Name)
		if strings.TrimSpace(n.Forename) != "" {
			for i := range name {
				name[i].family = true
			}
			fore := tokenise(n.Forename)
			for i := range fore {
				fore[i].family = false
			}
			name = append(name, fore...)
			name = name[:min(len(name), 2*maxTokens)]
		}
		add(name)
	}
	for _, o := range n.OtherNames[:min(len(n.OtherNames), 16)] {
		q.say(o)
		if !foreign(o) {
			add(tokenise(o))
		}
	}
	return q
}

func (q *query) say(name string) {
	if e := sameName(name); e != "" {
		q.exact = append(q.exact, e)
	}
}

// same is the least that a name written the same scores.
const same = 0.90

const numSystems = 8

var systems = [numSystems]*system{western, pinyin, sinitic, korean, uyghur, semitic, vietnamese, heard}

func init() {
	for i, s := range systems {
		s.id = byte(i)
	}
}

// mostSyllables bounds the parts of a name that may be Chinese, Korean or Vietnamese.
const mostSyllables = 5

// compare finds the form and reading that agree best. Where all that speaks for it
// does not lift the score to atLeast, the match is left empty.
func (x *Index) compare(q *query, p *compiled, atLeast float64) tocsin.Match {
	var store [3][8]link
	var two [2]alignment
	best, al := &two[0], &two[1]
	found := store[0][:0]
	best.links, al.links = store[1][:0], store[2][:0]
	for _, v := range q.views {
		for i := range p.forms {
			f := &p.forms[i]
			if w := v[f.sys.id]; w != nil && len(w.parts) > 0 && (!f.gated || w.pinyin) {
				al.found = found
				al.align(f, w)
				found = al.found
				if best.form == nil || al.score > best.score {
					best, al = al, best
				}
			}
		}
	}
	// A name of two parts or more that is written the same rings, however common.
	for i, e := range p.exact {
		if e != "" && slices.Contains(q.exact, e) {
			if best.score < same {
				best.score = same
			}
			if best.form == nil {
				best.form, best.view = &form{name: i}, &view{}
			}
		}
	}
	m := tocsin.Match{Person: p.ID, Fingerprint: p.Fingerprint}
	if best.form == nil {
		return m
	}
	s := speak(&p.Person, &q.n)
	if max(best.score, s.lift(best.score)) < atLeast {
		return m
	}
	m.Score = best.score
	m.Reasons = best.reasons()
	x.corroborate(&m, &s)
	return m
}

// Match gives the people whom n may name, the likeliest first, then by id. An
// organisation is nobody.
func (x *Index) Match(n tocsin.Notice) []tocsin.Match {
	if n.Entity {
		return nil
	}
	var out []tocsin.Match
	q := newQuery(n)
	for _, id := range x.candidates(q) {
		if m := x.compare(q, &x.people[id], x.o.Review); m.Tier != "" {
			out = append(out, m)
		}
	}
	order(out)
	return out
}

// Nearest gives the k people nearest to n, those under the review tier too (Tier
// is "" then), the likeliest first, then by id. Their reasons say why not.
func (x *Index) Nearest(n tocsin.Notice, k int) []tocsin.Match {
	var out []tocsin.Match
	q := newQuery(n)
	for i := range x.people {
		if m := x.compare(q, &x.people[i], 0); m.Score > 0 {
			out = append(out, m)
		}
	}
	order(out)
	return out[:min(max(k, 0), len(out))]
}

func order(ms []tocsin.Match) {
	slices.SortStableFunc(ms, func(a, b tocsin.Match) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Person, b.Person))
	})
}
