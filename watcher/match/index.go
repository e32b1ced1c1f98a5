package match

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"tocsin"
)

// Index is a compiled watchlist. It is never changed after Compile; any number of
// goroutines may use it.
type Index struct {
	o      Options
	people []compiled
	keys   map[uint64][]int32
	// scratch holds *hits between uses: what a match works on, never what it found.
	scratch sync.Pool
}

type compiled struct {
	Person
	forms []form
	exact []string // see sameName; one for each name
	short bool     // some form has one whole part only
}

// Compile makes an index of people. Those without a readable name are kept and
// never match.
func Compile(people []Person, o Options) *Index {
	x := &Index{o: o.orDefault(), keys: map[uint64][]int32{}}
	for i, p := range people {
		c := compiled{Person: p}
		var keys []uint64
		for n, name := range p.Names {
			c.forms = append(c.forms, formsOf(name, n)...)
			c.exact = append(c.exact, sameName(name))
			if e := c.exact[n]; e != "" {
				keys = append(keys, key(western, -1, e))
			}
		}
		for j := range c.forms {
			f := &c.forms[j]
			whole := 0
			for _, q := range f.parts {
				if !q.initial {
					whole++
				}
			}
			c.short = c.short || whole < 2
			keys = append(keys, keysOfForm(f)...)
		}
		slices.Sort(keys)
		for _, k := range slices.Compact(keys) {
			x.keys[k] = append(x.keys[k], int32(i))
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
	var b [maxToken + 1]byte
	n := 0
	for i := 0; i < len(code) && n < maxToken; i++ {
		if c := class[code[i]&127]; c != 0 && (n == 0 || b[n-1] != c) {
			b[n] = c
			n++
		}
	}
	if n == 0 && code != "" {
		return "v"
	}
	return string(b[:n])
}

// key is a system and a skeleton, hashed (FNV-1a): a collision costs a comparison.
func key(s *system, skip int, k string) uint64 {
	h := uint64(14695981039346656037) ^ uint64(s.name[0])<<8 ^ uint64(s.name[1])
	for i := range len(k) {
		if i != skip {
			h = (h ^ uint64(k[i])) * 1099511628211
		}
	}
	return h
}

// keysOf gives the keys of a part: its skeleton first, then those with one class
// of sounds left out.
func keysOf(s *system, code string, out []uint64) []uint64 {
	k := skeleton(code)
	out = append(out, key(s, -1, k))
	if len(k) >= 4 {
		for i := range len(k) {
			out = append(out, key(s, i, k))
		}
	}
	return out
}

// groupKey is the key of a line of sameNames.
func groupKey(g uint16) uint64 { return uint64(g) | 1<<63 }

func keysOfForm(f *form) []uint64 {
	var out []uint64
	for i := range f.parts {
		for _, c := range f.parts[i].codes {
			out = keysOf(f.sys, c, out)
		}
		for _, g := range f.parts[i].groups {
			out = append(out, groupKey(g))
		}
	}
	for _, j := range f.joined {
		out = keysOf(f.sys, j.code, out)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// hits says for each person which parts of a notice met one of hers, as bits, and
// who was met at all.
type hits struct {
	bits []uint32
	met  []int32
}

// enough is the bit of a meeting that needs no second one.
const enough = 1 << 31

// candidates are the people whom the notice shares keys with: by two parts, or by
// one that tells much, or by one where neither has more.
func (x *Index) candidates(q *query) []int32 {
	h, _ := x.scratch.Get().(*hits)
	if h == nil {
		h = &hits{bits: make([]uint32, len(x.people))}
	}
	defer x.scratch.Put(h)
	var out []int32
	var keys []uint64
	for _, e := range q.exact {
		out = append(out, x.keys[key(western, -1, e)]...)
	}
	for _, v := range q.views {
		for _, sys := range systems {
			view := v[sys]
			if view == nil {
				continue
			}
			look := func(keys []uint64, bits uint32) {
				for _, k := range keys {
					for _, id := range x.keys[k] {
						if h.bits[id] == 0 {
							h.met = append(h.met, id)
						}
						h.bits[id] |= bits
					}
				}
			}
			full := 0
			for i := range view.parts {
				if !view.parts[i].initial {
					full++
				}
			}
			for i := range view.parts {
				p := &view.parts[i]
				if p.initial {
					continue
				}
				bits := uint32(1) << i
				if full < 2 || p.weight > 0.9 {
					bits |= enough
				}
				keys = keys[:0]
				for _, c := range p.codes {
					keys = keysOf(sys, c, keys)
				}
				for _, g := range p.groups {
					keys = append(keys, groupKey(g))
				}
				look(keys, bits)
				if p.weight > 0.62 {
					look(keys[:1], bits|enough)
				}
			}
			for _, sp := range view.joined {
				keys = keysOf(sys, sp.code, keys[:0])
				look(keys, mask(sp.i, sp.n))
			}
			for _, id := range h.met {
				if b := h.bits[id]; b&enough != 0 || b&(b-1) != 0 || x.people[id].short {
					out = append(out, id)
				}
				h.bits[id] = 0
			}
			h.met = h.met[:0]
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// query is a notice read in every system.
type query struct {
	n     tocsin.Notice
	views []map[*system]*view
	exact []string // see sameName
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
	// A name in another script is read in the ways that a person's is.
	foreign := func(name string) bool {
		if scriptOf(name) == latin {
			return false
		}
		m := map[*system]*view{}
		for _, f := range formsOf(name, 0) {
			if m[f.sys] == nil {
				m[f.sys] = &view{f.parts, f.joined, !f.gated}
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

var systems = []*system{western, pinyin, sinitic, korean, uyghur, semitic}

// compare finds the form and reading that agree best. Where even all that could
// speak for a score under atLeast would not lift it there, the match is left empty.
func (x *Index) compare(q *query, p *compiled, atLeast float64) tocsin.Match {
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
	if best.form == nil || best.score+mostUp*best.score*(1-best.score) < atLeast {
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
		if m := x.compare(q, &x.people[i], x.o.Review); m.Tier != "" {
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
