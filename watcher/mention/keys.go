package mention

import (
	"cmp"
	"slices"
	"strings"

	"tocsin/watcher/match"
)

// form is one way in which a text may print a person's name: places in
// Scanner.parts, in the order of the name.
type form struct {
	person, name int32
	sure         float32
	bare         bool // no vowels
	common       bool // millions share every part
	whole        int8 // parts that are neither initials nor patronymics
	n            int8
	parts        [mostParts]int32
	at           [mostParts]int8
}

// part is a part of names, kept once however many people share it.
type part struct {
	text     string // folded Latin letters
	canon    string
	patro    bool
	short    bool   // an initial
	alone    bool   // somebody's whole name
	bare     bool   // it has no short vowels
	other    string // canon, where x is kh
	partners uint64 // see partnerBit: those that stand beside it in some name
}

// mostParts bounds the parts of a name of which pairs are made.
const mostParts = 6

// compiler is what is needed until the forms of all people are known.
type compiler struct {
	s      *Scanner
	parts  map[string]int32
	spelt  builder      // skeletons → parts
	beside builder      // pairs of parts → forms
	keys   [][]skeleton // by part
}

func (s *Scanner) compileForms() {
	c := compiler{s: s, parts: map[string]int32{}}
	for id := range s.people {
		for _, t := range match.TextForms(s.people[id]) {
			f := form{person: int32(id), name: int32(t.Name), bare: t.Bare, sure: float32(t.Sure)}
			for i, text := range t.Parts {
				if len(text) > 0 && f.n < mostParts {
					f.parts[f.n], f.at[f.n] = c.part(text, t.Bare), int8(t.At[i])
					f.n++
				}
			}
			c.add(f)
			// Parts of few letters are printed together as well.
			if n := f.n; n > 2 && n <= 4 {
				for i := range n - 1 {
					a, b := s.parts[f.parts[i]].text, s.parts[f.parts[i+1]].text
					if t.Bare && b != "din" { // Nur ad-Din is Noureddine
						continue
					}
					if len(a) > 6 || len(b) > 6 || len(a) == 1 || len(b) == 1 {
						continue
					}
					g := f
					g.n--
					g.parts[i] = c.part(a+b, t.Bare)
					copy(g.parts[i+1:], f.parts[i+2:])
					copy(g.at[i+1:], f.at[i+2:])
					c.add(g)
				}
			}
		}
	}
	c.sort()
	c.pairs()
	s.spelt, s.beside = c.spelt.table(), c.beside.table()
	s.near = c.near()
}

// sort puts parts that are looked at together next to one another in memory: by
// their consonants, then by their letters.
func (c *compiler) sort() {
	s := c.s
	order := make([]int32, len(s.parts))
	for i := range order {
		order[i] = int32(i)
	}
	first := func(i int32) skeleton {
		if ks := c.keys[i]; len(ks) > 0 {
			return ks[0]
		}
		return 0
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(first(a), first(b)), cmp.Compare(s.parts[a].canon, s.parts[b].canon), cmp.Compare(a, b))
	})
	to := make([]int32, len(order)) // where each went
	parts, keys := make([]part, len(order)), make([][]skeleton, len(order))
	var letters strings.Builder
	for i, old := range order {
		to[old], parts[i], keys[i] = int32(i), s.parts[old], c.keys[old]
		letters.WriteString(parts[i].canon)
	}
	at := 0
	for i := range parts {
		p := &parts[i]
		p.canon = letters.String()[at:][:len(p.canon)]
		at += len(p.canon)
	}
	s.parts, c.keys = parts, keys
	for i := range s.forms {
		f := &s.forms[i]
		for p := range f.parts[:f.n] {
			f.parts[p] = to[f.parts[p]]
		}
	}
	for i := range c.spelt.rows {
		r := &c.spelt.rows[i]
		r.value = r.value&^(1<<32-1) | uint64(to[int32(r.value&(1<<32-1))])
	}
}

// near is a sieve of the keys that stand together in some name.
func (c *compiler) near() sieve {
	each := func(do func(a, b skeleton)) {
		for i := range c.s.forms {
			f := &c.s.forms[i]
			if f.n == 1 && c.s.parts[f.parts[0]].alone {
				for _, k := range c.keys[f.parts[0]] {
					do(k, noSkeleton)
				}
			}
			for i, a := range f.parts[:f.n] {
				for _, b := range f.parts[i+1 : f.n] {
					for _, k := range c.keys[a] {
						for _, l := range c.keys[b] {
							do(k, l)
						}
					}
				}
			}
		}
	}
	n := 0
	each(func(skeleton, skeleton) { n++ })
	v := newSieve(n)
	each(func(a, b skeleton) { v.add(skeletonPair(a, b)) })
	return v
}

// part is the place of a part, which is kept under each of its skeletons. bare: its u
// stands for a letter that is w as well.
func (c *compiler) part(text string, bare bool) int32 {
	id, ok := c.parts[text]
	if ok {
		return id
	}
	id = int32(len(c.s.parts))
	c.parts[text] = id
	p := part{text: text, canon: string(canon(nil, []byte(text))), patro: match.Patronymic(text), short: len(text) == 1, bare: bare}
	if bare {
		p.canon = string(canon(nil, []byte(strings.ReplaceAll(text, "zh", "z")))) // two letters, of which one may have had a vowel
	}
	if strings.IndexByte(text, 'x') >= 0 {
		p.other = string(canon(nil, []byte(strings.ReplaceAll(text, "x", "h"))))
	}
	c.s.parts = append(c.s.parts, p)
	if p.short {
		c.keys = append(c.keys, nil)
		return id
	}
	ks := skeletons(nil, []byte(text), true)
	if rest, ok := unarticled(text); ok {
		ks = skeletons(ks, []byte(rest), true)
	}
	if n := len(text) - 1; n > 4 && text[n] == 's' && strings.IndexByte("aeiou", text[n-1]) >= 0 {
		ks = skeletons(ks, []byte(text[:n]), true) // Greek: only the nominative has it
	}
	if bare && strings.IndexByte(text, 'u') > 0 {
		for _, k := range skeletons(nil, []byte(text[:1]+strings.ReplaceAll(text[1:], "u", "w")), true) {
			ks = addNew(ks, 0, k)
		}
	}
	c.keys = append(c.keys, ks)
	for _, k := range ks {
		c.spelt.add(uint64(k)|1<<63, uint64(lettersOf(p.canon))<<32|uint64(id))
	}
	return id
}

func (c *compiler) add(f form) {
	s := c.s
	f.common = true
	for _, p := range f.parts[:f.n] {
		if p := &s.parts[p]; !p.patro && !p.short {
			f.whole++
			f.common = f.common && match.Common(p.text)
		}
	}
	s.forms = append(s.forms, f)
}

// pairs keeps each form under each two of its parts.
func (c *compiler) pairs() {
	s := c.s
	for id := range s.forms {
		f := &s.forms[id]
		if f.n == 1 {
			// Something else must speak for one part: see scan.alone.
			who, p := &s.people[f.person], s.part(f, 0)
			if len(p.canon) >= 4 && (who.BirthDate.Year > 0 || len(who.Nationalities) > 0) {
				p.alone, s.lone = true, true
				c.beside.add(pairKey(f.parts[0], alone), uint64(id))
			}
			continue
		}
		c.initials(int32(id))
		for i, a := range f.parts[:f.n] {
			for _, b := range f.parts[i+1 : f.n] {
				if p, q := &s.parts[a], &s.parts[b]; !p.short && !q.short {
					c.beside.add(pairKey(a, b), uint64(id))
					p.partners |= partnerBit(b)
					q.partners |= partnerBit(a)
				}
			}
		}
	}
}

// initials keeps a form under its first part and its last, with what the others begin
// with: where few bear the part, an initial is enough beside it to ask somebody to look.
func (c *compiler) initials(id int32) {
	s, f := c.s, &c.s.forms[id]
	if f.bare {
		return
	}
	for k, i := range [...]int{0, int(f.n) - 1} {
		p := s.part(f, i)
		if p.short || p.patro || len(p.canon) < leastSurname || match.Common(p.text) {
			continue
		}
		for j := range int(f.n) {
			if q := s.part(f, j); j != i && (k == 0 || !q.patro) && len(q.canon) > 0 {
				c.beside.add(pairKey(f.parts[i], initialOf(q.canon)), uint64(id))
			}
		}
	}
}

// leastSurname is the letters of a family name that an initial is enough beside.
const leastSurname = 6

// initialOf stands, beside a part, for what another begins with, as far as alphabets
// agree on it: no part has it.
func initialOf(canon string) int32 {
	b := canon[0]
	switch b {
	case 'h', 'q', 'x', 'g':
		b = 'k'
	case 'c', 'z', 'j':
		b = 's'
	case 'w', 'f':
		b = 'v'
	case 'i', 'y':
		b = 'e'
	}
	return alone - 1 - int32(b)
}

// part is a form's part at place p.
func (s *Scanner) part(f *form, p int) *part { return &s.parts[f.parts[p]] }

func unarticled(w string) (string, bool) {
	if len(w) > 4 && (w[:2] == "al" || w[:2] == "el" || w[:2] == "ul") {
		return w[2:], true
	}
	return w, false
}

// alone is no part: beside it stands the only part of a name.
const alone = 1<<31 - 1

// pairKey is the same for two parts in either order.
func pairKey(a, b int32) uint64 {
	if a > b {
		a, b = b, a
	}
	return uint64(a)<<32 | uint64(b) | 1<<63
}

// noSkeleton is none: beside it stand those of names of one part.
const noSkeleton = 1<<24 - 1

// skeletonPair is the same for two keys in either order.
func skeletonPair(a, b skeleton) uint64 {
	if a > b {
		a, b = b, a
	}
	return uint64(a)<<24 | uint64(b) | 1<<63
}

// partnerBit is one bit of 64 for a part, so that most pairs of parts that stand in
// no name are told by what is at hand.
func partnerBit(p int32) uint64 { return 1 << (hash(uint64(p)|1<<63) >> 58) }

// letterSet has a bit for each letter from a to z.
type letterSet uint32

func lettersOf[T string | []byte](w T) (m letterSet) {
	for i := range len(w) {
		if c := w[i] - 'a'; c < 26 {
			m |= 1 << c
		}
	}
	return m
}
