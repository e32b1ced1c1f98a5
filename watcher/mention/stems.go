package mention

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// stem is one of a table of words, cut for the search: "+" between words that follow one
// another, "=" at the end where nothing may follow.
type stem struct {
	words []string
	exact bool
}

// stemBook finds stems by their first three letters, and says of most words at once
// that they begin with none. A stem of one letter or two is a whole word.
type stemBook[T any] struct {
	whole bool // its language, in Arabic letters, writes no particles together with words
	bits  [256]uint64
	by    map[[3]rune][]stemOfKind[T]
}

type stemOfKind[T any] struct {
	stem
	kind T
}

func (b *stemBook[T]) add(stems string, kind T) {
	if b.by == nil {
		b.by = map[[3]rune][]stemOfKind[T]{}
	}
	for _, w := range strings.Fields(small(stems)) {
		s := stemOfKind[T]{kind: kind}
		w, s.exact = strings.CutSuffix(w, "=")
		s.words = strings.Split(w, "+")
		h := threeOf(s.words[0])
		b.by[h] = append(b.by[h], s)
		at := bitOf(h)
		b.bits[at>>6] |= 1 << (at & 63)
	}
}

// threeOf is the first three letters of a word, small, 0 for those that it has not.
func threeOf(w string) (h [3]rune) {
	n := 0
	for i := 0; i < len(w) && n < 3; {
		r, size := runeAt(w, i)
		i += size
		if classify(r) == kMark {
			continue
		}
		switch {
		case r == 'ı':
			r = 'i'
		case r == '’' || r == 'ʼ':
			r = '\''
		case r >= 'A' && r <= 'Z':
			r |= 0x20
		case r >= 0x80:
			r = unicode.ToLower(r)
		}
		h[n] = r
		n++
	}
	return h
}

func bitOf(h [3]rune) uint64 { return hash(uint64(h[0])<<42|uint64(h[1])<<21|uint64(h[2])) >> 50 }

// may reports whether a stem may begin with these letters.
func (b *stemBook[T]) may(h [3]rune) bool {
	at := bitOf(h)
	return b.bits[at>>6]&(1<<(at&63)) != 0
}

// find gives the stems that stand at the first of the words ws of s, and how many words
// each spans, until yield is false.
func (b *stemBook[T]) find(s string, ws []spot, yield func(kind T, span int) bool) {
	raw := s[ws[0].from:ws[0].to]
	h := threeOf(raw)
	if h[0] < 0x590 || h[0] >= 0x780 {
		if !b.may(h) && strings.IndexByte(raw[:min(len(raw), 4)], '\'') < 0 && !strings.Contains(raw[:min(len(raw), 5)], "’") {
			return
		}
	}
	word := small(raw)
	for n := range danglers(word) {
		if n > 0 && b.whole {
			return
		}
		h := threeOf(word[n:])
		if !b.may(h) {
			continue
		}
		for _, st := range b.by[h] {
			if k := st.at(s, ws, word[n:]); k > 0 && (h[2] != 0 || st.words[0] == word[n:]) && !yield(st.kind, k) {
				return
			}
		}
	}
}

// danglers are the places in a word where a stem may begin: after an Arabic word's
// particles, article and the letters of person that verbs begin with.
func danglers(w string) func(func(int) bool) {
	return func(yield func(int) bool) {
		if !yield(0) {
			return
		}
		if r, _ := utf8.DecodeRuneInString(w); classify(r) != kArabic {
			if i := strings.IndexByte(w, '\''); i > 0 && i < 3 { // d'extradition, l'arrestation
				yield(i + 1)
			}
			return
		}
		n := 0
		for range 3 {
			if rest := w[n:]; strings.HasPrefix(rest, "ال") && len(rest) > 8 {
				n += 4
			} else if r, size := utf8.DecodeRuneInString(rest); strings.ContainsRune("وفبلكسيت", r) && len(rest) > 6 {
				n += size
			} else {
				return
			}
			if !yield(n) {
				return
			}
		}
	}
}

// at is how many of the words ws of s the stem spans, of which the first is small
// and without what stands before a stem; 0 if it does not stand there.
func (st stem) at(s string, ws []spot, first string) int {
	if len(st.words) > len(ws) {
		return 0
	}
	for k, want := range st.words {
		w := first
		if k > 0 {
			w = small(s[ws[k].from:ws[k].to])
		}
		if st.exact && k == len(st.words)-1 {
			if w != want && strings.TrimSuffix(w, "'s") != want {
				return 0
			}
		} else if !strings.HasPrefix(w, want) {
			return 0
		}
	}
	return len(st.words)
}

// small is a word in small letters, its apostrophes alike, its marks left out and
// Turkish ı as i, which capitals do not tell apart.
func small(w string) string {
	plain := true
	for i := range len(w) {
		plain = plain && (w[i] >= 'a' && w[i] <= 'z' || w[i] == ' ')
	}
	if plain {
		return w
	}
	return strings.Map(func(r rune) rune {
		if classify(r) == kMark && r != 0x200c {
			return -1
		}
		if r == '’' || r == 'ʼ' {
			return '\''
		}
		if r == 'ı' {
			return 'i'
		}
		return unicode.ToLower(r)
	}, w)
}

// head is the first two letters of a word.
func head(w string) (h [2]rune) {
	i := 0
	for _, r := range w {
		if i == 2 {
			break
		}
		h[i] = r
		i++
	}
	return h
}

type spot struct{ from, to int }

// region is a stretch of a text in words.
type region struct {
	s      string
	ws     []spot
	glyphs string // where letters stand that make no words, what of s is looked at for them; else ""
}

// region cuts the first words of s, or the last; a negative number: all. They are
// kept in c.spots.
func (c *scan) region(s string, most int, last bool) region {
	from, at, glyphs := len(c.spots), -1, false
	for i := 0; i < len(s) && (most < 0 || last || len(c.spots)-from < most); {
		r, size := runeAt(s, i)
		switch k := classify(r); {
		case k == kGlyph:
			glyphs = true
			fallthrough
		case k == kNone:
			if at >= 0 {
				c.spots, at = append(c.spots, spot{at, i}), -1
			}
		case at < 0 && k != kApos && k != kMark:
			at = i
		}
		i += size
	}
	if at >= 0 {
		c.spots = append(c.spots, spot{at, len(s)})
	}
	r := region{s: s, ws: c.spots[from:len(c.spots):len(c.spots)]}
	if glyphs {
		if r.glyphs = s; most >= 0 {
			r.glyphs = runesOf(s, 2*most, last)
		}
	}
	if most >= 0 {
		return *r.words(most, last)
	}
	return r
}

// words is the region of its first words, or of the last.
func (r *region) words(most int, last bool) *region {
	out := *r
	if out.glyphs != "" {
		out.glyphs = runesOf(r.s, 2*most, last)
	}
	if len(out.ws) > most {
		if last {
			out.ws = out.ws[len(out.ws)-most:]
		} else {
			out.ws = out.ws[:most]
		}
	}
	return &out
}

// runesOf is the first or the last n runes of s.
func runesOf(s string, n int, last bool) string {
	rs := 0
	if last {
		i := len(s)
		for i > 0 && rs < n {
			_, size := utf8.DecodeLastRuneInString(s[:i])
			i -= size
			rs++
		}
		return s[i:]
	}
	for i := range s {
		if rs == n {
			return s[:i]
		}
		rs++
	}
	return s
}
