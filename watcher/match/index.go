package match

import (
	"cmp"
	"slices"
	"strings"

	"tocsin"
)

// Index is a compiled watchlist. It is never changed after Compile; any number of
// goroutines may use it.
type Index struct {
	o      Options
	people []compiled
	keys   map[string][]int32
}

type compiled struct {
	Person
	forms []form
	short bool // some form has one whole part only
}

// Compile makes an index of people. Those without a readable name are kept and
// never match.
func Compile(people []Person, o Options) *Index {
	x := &Index{o: o.orDefault(), keys: map[string][]int32{}}
	for i, p := range people {
		c := compiled{Person: p}
		for n, name := range p.Names {
			c.forms = append(c.forms, formsOf(name, n)...)
		}
		seen := map[string]bool{}
		for _, f := range c.forms {
			whole := 0
			for _, q := range f.parts {
				if !q.initial {
					whole++
				}
			}
			c.short = c.short || whole < 2
			for _, j := range f.joined {
				for _, k := range keysOf(f.sys, j.code) {
					if !seen[k] {
						seen[k] = true
						x.keys[k] = append(x.keys[k], int32(i))
					}
				}
			}
			for _, q := range f.parts {
				for _, code := range q.codes {
					for _, k := range keysOf(f.sys, code) {
						if !seen[k] {
							seen[k] = true
							x.keys[k] = append(x.keys[k], int32(i))
						}
					}
				}
			}
		}
		x.people = append(x.people, c)
	}
	return x
}

// Sounds that are heard for one another share a class; vowels and h have none.
var class = func() (t [128]byte) {
	for i, g := range []string{"bpvfw", "dt", "gkqXcCsSzZjJxy", "mn", "lr"} {
		for _, b := range []byte(g) {
			t[b] = byte('1' + i)
		}
	}
	return t
}()

func skeleton(code string) string {
	var b strings.Builder
	last := byte(0)
	for i := range len(code) {
		c := class[code[i]&127]
		if c != 0 && c != last {
			b.WriteByte(c)
		}
		if c != 0 {
			last = c
		}
	}
	if b.Len() == 0 && code != "" {
		return "v"
	}
	return b.String()
}

func keysOf(s *system, code string) []string {
	k := skeleton(code)
	out := []string{s.name + k}
	if len(k) >= 4 {
		for i := range len(k) {
			out = append(out, s.name+k[:i]+k[i+1:])
		}
	}
	return out
}

// candidates are the people whom the notice shares keys with: by two parts, or by
// one that tells much, or by one where neither has more.
func (x *Index) candidates(q *query) []int32 {
	hits := map[int32]uint32{} // which parts of the notice, as bits; bit 31: enough
	var out []int32
	for _, v := range q.views {
		for _, sys := range systems {
			view := v[sys]
			clear(hits)
			full := 0
			for _, p := range view.parts {
				if !p.initial {
					full++
				}
			}
			look := func(code string, bits uint32) {
				for _, k := range keysOf(sys, code) {
					for _, id := range x.keys[k] {
						hits[id] |= bits
					}
				}
			}
			for i, p := range view.parts {
				if p.initial {
					continue
				}
				bits := uint32(1) << i
				if full < 2 || p.weight > 0.62 {
					bits |= 1 << 31
				}
				look(p.codes[0], bits)
			}
			for _, sp := range view.joined {
				look(sp.code, mask(sp.i, sp.n))
			}
			for id, h := range hits {
				if h>>31 == 1 || h&(h-1) != 0 || x.people[id].short {
					out = append(out, id)
				}
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// query is a notice read in every system.
type query struct {
	n     tocsin.Notice
	views []map[*system]*view
}

func newQuery(n tocsin.Notice) *query {
	q := &query{n: n}
	add := func(ts []token) {
		if len(ts) == 0 {
			return
		}
		m := map[*system]*view{}
		pinyinised := byPinyin(ts)
		for _, s := range systems {
			ps := partsOf(s, ts)
			m[s] = &view{ps, spans(ps), pinyinised}
		}
		q.views = append(q.views, m)
	}
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
	}
	add(name)
	for _, o := range n.OtherNames {
		if len(q.views) < 16 {
			add(tokenise(o))
		}
	}
	return q
}

var systems = []*system{western, pinyin, sinitic, korean, uyghur, semitic}

func (x *Index) compare(q *query, p *compiled) tocsin.Match {
	var best alignment
	for _, v := range q.views {
		for i := range p.forms {
			f := &p.forms[i]
			if w := v[f.sys]; w != nil && len(w.parts) > 0 && (!f.gated || w.pinyin) {
				if al := align(f, w); best.form == nil || al.score > best.score {
					best = al
				}
			}
		}
	}
	m := tocsin.Match{Person: p.ID, Fingerprint: p.Fingerprint}
	if best.form == nil {
		return m
	}
	m.Score = best.score
	m.Reasons = best.reasons()
	x.corroborate(&m, q.n, &p.Person)
	return m
}

// Match gives the people whom n may name, the likeliest first, then by id.
func (x *Index) Match(n tocsin.Notice) []tocsin.Match {
	var out []tocsin.Match
	q := newQuery(n)
	for _, i := range x.candidates(q) {
		if m := x.compare(q, &x.people[i]); m.Tier != "" {
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
		if m := x.compare(q, &x.people[i]); m.Score > 0 {
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
