package mention

import (
	_ "embed"
	"hash/maphash"
	"iter"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tocsin"
)

// hanSimplified are pairs of a traditional ideograph and its simplified one. Source:
// OpenCC 1.4.1, TSCharacters.txt, the first choice of each (Apache License 2.0).
//
//go:embed han_simplified.txt
var hanSimplified string

var simplified = func() (t [0x10000]uint16) {
	rs := []rune(strings.ReplaceAll(hanSimplified, "\n", ""))
	for i := 0; i+1 < len(rs); i += 2 {
		t[rs[i]] = uint16(rs[i+1])
	}
	return t
}()

// plain is the letter that a glyph is compared by.
func plain(r rune) rune {
	if r < 0x10000 {
		if s := simplified[r]; s != 0 {
			return rune(s)
		}
		if r >= 0x2e80 && r < 0xf900 {
			return r
		}
	}
	return unicode.ToLower(r)
}

// A glyphName is a name that is searched by its letters.
type glyphName struct {
	person, name int32
	letters      []rune
	spaced       bool // its script writes spaces: it begins where a word does
}

// glyphs finds names by their first letters: three, or two of a name of two.
type glyphs struct {
	first  []uint8 // by letter; 1: names of two begin so, 2: longer ones, 4: it is the surname of somebody in sounds
	two    sieve   // the first two letters
	names  []glyphName
	byKey  map[[3]rune][]int32
	sounds map[string][]int32 // people by how a name of three letters sounds: see soundCode
}

const mostGlyphs = 32

func (s *Scanner) compileGlyphs() {
	g := glyphs{first: make([]uint8, len(kinds)), byKey: map[[3]rune][]int32{}}
	var two []uint64
	add := func(n glyphName) {
		if len(n.letters) < 2 || len(n.letters) > mostGlyphs {
			return
		}
		for _, o := range g.names[max(0, len(g.names)-16):] {
			if o.person == n.person && slices.Equal(o.letters, n.letters) {
				return
			}
		}
		k := [3]rune{n.letters[0], n.letters[1]}
		bit := uint8(1)
		if len(n.letters) > 2 {
			k[2], bit = n.letters[2], 2
		}
		g.first[k[0]&0xffff] |= bit
		two = append(two, uint64(k[0])<<32|uint64(k[1]))
		g.byKey[k] = append(g.byKey[k], int32(len(g.names)))
		g.names = append(g.names, n)
	}
	for id := range s.people {
		for i, name := range s.people[id].Names {
			parts := glyphParts(name)
			if len(parts) == 0 {
				continue
			}
			n := glyphName{person: int32(id), name: int32(i), letters: slices.Concat(parts...)}
			n.spaced = !unspacedScript(n.letters[0])
			add(n)
			if len(parts) > 1 && n.spaced {
				n.letters = slices.Concat(append([][]rune{parts[len(parts)-1]}, parts[:len(parts)-1]...)...)
				add(n)
			}
		}
	}
	g.two = newSieve(len(two))
	for _, k := range two {
		g.two.add(k)
	}
	s.glyphs = g
}

// glyphParts are the parts of a name all of whose letters are glyphs, nil if they are not.
func glyphParts(name string) [][]rune {
	var parts [][]rune
	var part []rune
	for _, r := range name {
		switch k := classify(r); k {
		case kGlyph:
			part = append(part, plain(r))
		case kLower, kUpper, kArabic:
			return nil
		case kNone, kApos:
			if len(part) > 0 {
				parts, part = append(parts, part), nil
			}
		}
		if len(part) > mostGlyphs || len(parts) > 8 {
			return nil
		}
	}
	if len(part) > 0 {
		parts = append(parts, part)
	}
	return parts
}

// unspacedScript reports whether a letter's script does not divide words.
func unspacedScript(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar, unicode.Tibetan)
}

// separator reports whether r may stand between the letters of a name.
func separator(r rune) bool {
	switch r {
	case ' ', 0xa0, 0x3000, '·', '・', '•', '‧', '∙', '･', '.', '．', '-', '་', 0xad, 0x200b, 0x200c, 0x200d, '=', '＝':
		return true
	}
	return false
}

func dot(r rune) bool {
	return r == '·' || r == '・' || r == '•' || r == '‧' || r == '∙' || r == '･'
}

// glyph takes a letter of a script that is searched by its letters.
func (c *scan) glyph(at int, r rune, first bool) {
	c.work++
	p := plain(r)
	if first && at > 1 {
		if d, _ := utf8.DecodeLastRuneInString(c.text[:at]); dot(d) && unicode.Is(unicode.Han, r) {
			c.dotted(at)
		}
	}
	g := &c.s.glyphs
	bits := g.first[p&0xffff]
	if bits&4 != 0 && (first || !koreanSurnames[r]) {
		c.undotted(at, r)
	}
	if bits&3 == 0 {
		return
	}
	k := [3]rune{p}
	i := at + utf8.RuneLen(r)
	if k[1], i = nextGlyph(c.text, i); k[1] == 0 || !g.two.holds(uint64(k[0])<<32|uint64(k[1])) {
		return
	}
	if bits&1 != 0 {
		for _, id := range g.byKey[k] {
			c.named(&g.names[id], at, i, first)
		}
	}
	if bits&2 == 0 {
		return
	}
	if k[2], i = nextGlyph(c.text, i); k[2] != 0 {
		for _, id := range g.byKey[k] {
			c.named(&g.names[id], at, i, first)
		}
	}
}

// nextGlyph is the next letter, folded, over one separator, and where it ends.
func nextGlyph(text string, i int) (rune, int) {
	for range 2 {
		r, size := utf8.DecodeRuneInString(text[i:])
		if size == 0 {
			return 0, i
		}
		if classify(r) == kGlyph {
			return plain(r), i + size
		}
		if !separator(r) && r != '\n' {
			return 0, i
		}
		i += size
	}
	return 0, i
}

// named takes a name whose first letters, up to i, stand at at.
func (c *scan) named(n *glyphName, at, i int, first bool) {
	c.work++
	if c.done(n.person) || n.spaced && !first {
		return
	}
	for _, want := range n.letters[min(3, len(n.letters)):] {
		var r rune
		if r, i = nextGlyph(c.text, i); r != want {
			return
		}
	}
	c.tries[n.person]++
	before, _ := utf8.DecodeLastRuneInString(c.text[:at])
	after, _ := utf8.DecodeRuneInString(c.text[i:])
	han := unicode.Is(unicode.Han, n.letters[0])
	open := false // what follows may be of the name
	switch {
	case dot(before) || dot(after):
		return // part of a longer name
	case han && len(n.letters) == 2:
		if surnames[plain(before)] || inGivenNames[after] && !afterShortName[after] {
			return
		}
		open = classify(after) == kGlyph && !afterShortName[after]
	case n.spaced:
		// Endings and particles of three letters at most.
		left := 0
		for j := i; j < len(c.text) && left < 4; left++ {
			r, size := utf8.DecodeRuneInString(c.text[j:])
			if classify(r) != kGlyph {
				break
			}
			j += size
		}
		if left > 3 {
			return
		}
	}
	if han && glyphThingAt(c.text, i) {
		return
	}
	h := hit{seg: c.seg, start: at, end: i, found: c.text[at:i]}
	h.m.Score = 0.95
	switch {
	case open:
		h.m.Score = c.s.o.Review
	case han && len(n.letters) == 2:
		h.m.Score = 0.85
	}
	h.m.Reasons = []tocsin.Reason{{Code: tocsin.ReasonInText, Name: int(n.name), With: clean(h.found)}}
	c.settle(n.person, h, true, true)
}

// mostHeard is how many ideographs spell a part of a name from elsewhere.
const mostHeard = 8

// dotted reads the ideographs around a dot as the sounds of a name from elsewhere:
// where it begins and ends is not written, so that each way is tried.
func (c *scan) dotted(at int) {
	if c.dots++; c.dots > mostDots {
		return
	}
	text := c.text
	var left, right []int // byte places: beginnings of what stands before, ends of what stands after
	_, size := utf8.DecodeLastRuneInString(text[:at])
	mid := at - size
	for i := mid; i > 0 && len(left) < mostHeard; {
		r, size := utf8.DecodeLastRuneInString(text[:i])
		if !unicode.Is(unicode.Han, r) {
			break
		}
		i -= size
		left = append(left, i)
	}
	for i := at; i < len(text) && len(right) < mostHeard; {
		r, size := utf8.DecodeRuneInString(text[i:])
		if !unicode.Is(unicode.Han, r) {
			break
		}
		i += size
		right = append(right, i)
	}
	type best struct {
		m          tocsin.Match
		start, end int
		whole      bool
	}
	found := map[int32]best{}
	if len(left) == 0 || len(right) == 0 {
		return
	}
	h := maphash.String(c.words.seed, text[left[len(left)-1]:right[len(right)-1]])
	place := &c.refused[h%mostRefused]
	if *place == h {
		return
	}
	nobody := true
	var before, after [mostHeard][]skeleton
	for k, from := range left {
		before[k] = c.sounds(text[from:mid])
	}
	for k, to := range right {
		after[k] = c.sounds(text[at:to])
	}
	for i, from := range left {
		for j, to := range right {
			for f := range c.beside(before[i], after[j], i+1, j+1) {
				form := &c.s.forms[f.form]
				if c.done(form.person) {
					nobody = false
					continue
				}
				var m tocsin.Match
				if !form.bare {
					m = c.compare(form.person, text[from:mid]+"·"+text[at:to])
				}
				if score := heardBoth(text[from:mid], text[at:to], c.s.parts[f.first].text, c.s.parts[f.last].text); m.Score < 0.7 && score > m.Score && !c.within(from, to) {
					m = tocsin.Match{Score: score, Reasons: []tocsin.Reason{{Code: tocsin.ReasonScript, Name: int(form.name), Part: int(form.at[0]) + 1, With: clean(text[from:to])}}}
				}
				if m.Score >= max(c.s.o.Review, 0.7) && m.Score > found[form.person].m.Score {
					found[form.person], nobody = best{m, from, to, form.n == 2}, false
				}
			}
		}
	}
	if nobody {
		*place = h
	}
	for _, id := range sortedKeys(found) {
		b := found[id]
		c.tries[id]++
		if glyphThingAt(text, b.end) {
			continue
		}
		h := hit{seg: c.seg, start: b.start, end: b.end, found: text[b.start:b.end], m: b.m}
		h.m.Reasons = append([]tocsin.Reason{{Code: tocsin.ReasonInText, With: clean(h.found)}}, b.m.Reasons...)
		h.surname = text[at:b.end]
		c.settle(id, h, b.whole, false)
	}
}

// sounds are the skeletons of how ideographs are read: l may stand for r, which they
// do not have inside a name from elsewhere.
func (c *scan) sounds(han string) []skeleton {
	var read strings.Builder
	for _, r := range han {
		w := readAloud(string(r))
		if w == "er" {
			w = "l" // closes a syllable with l or r
		}
		read.WriteString(strings.ReplaceAll(w, "l", string(rune(laterL))))
	}
	c.keys = skeletons(c.keys[:0], []byte(read.String()), false) // first, for there is room for few
	c.keys = skeletons(c.keys, []byte(read.String()), true)
	return slices.Clone(c.known(0))
}

// twoParts are two parts of a form.
type twoParts struct{ form, first, last int32 }

// beside gives the forms of which two parts have consonants of first and last, sounds of m
// and of n ideographs: each of which stands for one letter to four.
func (c *scan) beside(first, last []skeleton, m, n int) iter.Seq[twoParts] {
	return func(yield func(twoParts) bool) {
		for _, k := range first {
			for _, l := range last {
				if c.work++; !c.s.near.holds(skeletonPair(k, l)) {
					continue
				}
				rows := c.s.spelt.get(uint64(l) | 1<<63)
				for _, x := range c.s.spelt.get(uint64(k) | 1<<63) {
					a := int32(x & (1<<32 - 1))
					p := &c.s.parts[a]
					if w := len(p.text); w < m || w > 4*m {
						continue
					}
					for _, y := range rows {
						b := int32(y & (1<<32 - 1))
						if p.partners&partnerBit(b) == 0 {
							continue
						}
						if w := len(c.s.parts[b].text); w < n || w > 4*n {
							continue
						}
						c.work++
						for _, f := range c.s.beside.get(pairKey(a, b)) {
							if !yield(twoParts{int32(f), a, b}) {
								return
							}
						}
					}
				}
			}
		}
	}
}
