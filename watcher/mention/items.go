package mention

import (
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"
)

// item is a word of a run, or two short ones read as one.
type item struct {
	first, last int // words
	canon       []byte
	base        int // letters of canon before an apostrophe's ending, 0 if there is none
	runes       []rune
	keys        []skeleton
	ends        *endingTable // see endings
	inside      bool         // they may take the place of a part's last vowels
	letters     letterSet
	uvow, ivow  letterSet // see mayBe
	most        int       // letters of a part that it may lack
	spare       int       // letters that an ending may put in
}

// fit says how well a word spells a part.
type fit uint8

const (
	none   fit = iota
	loose      // alike enough for the matcher to decide
	ending     // the part with a grammatical ending
	equal
)

// read makes items of a run's words: of those that some part has the consonants of.
func (c *scan) read() {
	c.built, c.items = true, c.items[:0]
	c.arena, c.runes, c.keys = c.arena[:0], c.runes[:0], c.keys[:0]
	add := func(it item) {
		if len(it.keys) > 0 {
			c.items = append(c.items, it)
		}
	}
	for i := range c.ws {
		if c.ws[i].particle || c.ws[i].initial {
			continue
		}
		add(c.item(i, i))
		if c.together(i) {
			add(c.item(i-1, i))
		}
	}
}

// itemOf makes one item; others are no longer good.
func (c *scan) itemOf(first, last int) item {
	c.built = false
	c.arena, c.runes, c.keys = c.arena[:0], c.runes[:0], c.keys[:0]
	return c.item(first, last)
}

// item reads a word, or two as one.
func (c *scan) item(first, last int) item {
	w := &c.ws[first]
	it := item{first: first, last: last}
	if first != last {
		c.spell(&it, c.text[w.start:w.end]+c.text[c.ws[last].start:c.ws[last].end])
		return it
	}
	if !c.bare(w) {
		c.spell(&it, c.text[w.start:w.end])
		return it
	}
	from := len(c.runes)
	for _, r := range c.text[w.start:w.end] {
		if classify(r) == kArabic {
			c.runes = append(c.runes, r)
		}
	}
	it.last += c.servant(first, from)
	it.runes = c.runes[from:len(c.runes):len(c.runes)]
	at := len(c.keys)
	c.keys = bares(c.keys, it.runes)
	if it.keys = c.known(at); len(it.keys) > 0 {
		it.mayBe()
	}
	return it
}

// bare reports whether a word is written without its vowels.
func (c *scan) bare(w *word) bool {
	return w.arabic && !c.voweled && c.text[w.start] < 0xe0 // Arabic and Hebrew letters have two bytes
}

// together reports whether word i and the one before it may be one of few letters.
func (c *scan) together(i int) bool {
	return i > 0 && !c.ws[i].arabic && short(&c.ws[i-1]) && short(&c.ws[i]) && c.ws[i].before != gapComma
}

const servantOf = "عبد"

// servant makes one word of "servant of" and what is served, without the article,
// as the forms do: of one word, or of two, of which it tells the number more.
func (c *scan) servant(i, from int) int {
	ws := c.ws
	w := string(c.runes[from:])
	at := strings.Index(w, servantOf)
	if at < 0 || at > 4 {
		return 0
	}
	more := 0
	head, rest := w[:at]+servantOf, w[at+len(servantOf):]
	if rest == "" && i+1 < len(ws) && ws[i+1].before == gapSpace {
		rest, more = c.text[ws[i+1].start:ws[i+1].end], 1
	}
	if rest, ok := strings.CutPrefix(rest, "ال"); ok || more > 0 {
		c.runes = append(c.runes[:from], []rune(head+rest)...)
		return more
	}
	return 0
}

func short(w *word) bool { return w.end-w.start <= 6 && !w.particle && !w.initial && !w.arabic }

// spell folds a word and finds its keys.
func (c *scan) spell(it *item, w string) {
	c.fold = c.fold[:0]
	base := 0
	for i := 0; i < len(w); {
		r, size := rune(w[i]), 1
		if r >= 0x80 {
			r, size = utf8.DecodeRuneInString(w[i:])
		}
		i += size
		switch {
		case r < 0x80:
			if l := r | 0x20; 'a' <= l && l <= 'z' {
				c.fold = append(c.fold, byte(l))
				continue
			}
		case (r == 'г' || r == 'Г') && (c.language == "uk" || c.language == "be"):
			c.fold = append(c.fold, 'h')
			continue
		case r == 'خ':
			c.fold = append(c.fold, "kh"...) // Uyghur, which writes it x in Latin letters
			continue
		case classify(r) != kApos:
			c.fold = append(c.fold, latinOf(r)...)
			continue
		}
		if classify(r) == kApos && len(w)-i <= 12 && len(c.fold) > 1 {
			base = len(c.fold)
		}
	}
	at := len(c.keys)
	c.keys = skeletons(c.keys, c.fold, false)
	if r, _ := utf8.DecodeRuneInString(w); greek(r) {
		c.fold = greekSounds(c.fold)
		c.keys = skeletons(c.keys, c.fold, false)
	}
	if base > 0 {
		c.keys = skeletons(c.keys, c.fold[:base], false)
	}
	ends, spare := c.endings(w)
	it.ends = ends
	if r, _ := utf8.DecodeRuneInString(w); r >= 0x400 && r < 0x530 || greek(r) {
		it.inside = true
	}
	for n := 1; n <= longestEnding+1 && len(c.fold)-n >= 2; n++ {
		e := c.fold[len(c.fold)-n:]
		if n == 1 && !ends.last[e[0]&127] {
			break
		}
		if consonants(e) && ends.set[string(canon(c.spare[:0], e))] {
			c.keys = skeletons(c.keys, c.fold[:len(c.fold)-n], false)
		}
	}
	if it.keys = c.known(at); len(it.keys) == 0 {
		return
	}
	from := len(c.arena)
	c.arena = canon(c.arena, c.fold)
	it.canon = c.arena[from:len(c.arena):len(c.arena)]
	n := len(it.canon)
	it.letters, it.most, it.spare = lettersOf(it.canon), max(2, edits(n+edits(n)+1)), spare
	if base > 0 {
		it.base, it.spare = len(canon(c.spare[:0], c.fold[:base])), 4
	}
}

func consonants(w []byte) bool {
	for _, b := range w {
		if classes[b&127] != nil && b != 'h' {
			return true
		}
	}
	return false
}

// endings are those that a word in its script and the text's language may have, and
// how many letters that no name has they put in at most.
func (c *scan) endings(w string) (*endingTable, int) {
	r, _ := utf8.DecodeRuneInString(w)
	switch {
	case r >= 0x600 && r < 0x700:
		return turkicEndings, 3
	case r >= 0x400 && r < 0x530:
		return cyrillicEndings, 3
	case r >= 0x530 && r < 0x590:
		return armenianEndings, 2
	case r >= 0x10d0 && r < 0x1100:
		return georgianEndings, 2
	case r >= 0x1200 && r < 0x1380:
		return ethiopicEndings, 1
	case turkic[c.language]:
		return turkicEndings, 3
	}
	return germanicEndings, 1
}

var turkic = map[string]bool{"tr": true, "az": true, "uz": true, "ug": true, "kk": true, "ky": true, "tk": true, "tt": true, "crh": true}

// known keeps of the keys from at on those that some name has.
func (c *scan) known(at int) []skeleton {
	out := c.keys[:at]
	for _, k := range c.keys[at:] {
		if c.s.spelt.holds(uint64(k) | 1<<63) {
			out = addNew(out, at, k)
		}
	}
	c.keys = out
	return out[at:len(out):len(out)]
}

// fits says how well an item spells a part.
func (it *item) fits(p *part) fit {
	if it.runes != nil {
		if n := speltAny(it.runes, p.text); n >= 0 {
			return equal
		}
		return none
	}
	w := string(it.canon) // does not leave: no allocation matters here
	if p.other != "" && !p.short {
		if w == p.other {
			return equal
		} else if inflected(w, p.other, it.ends, !it.inside) {
			return ending
		}
	}
	switch {
	case w == p.canon:
		return equal
	case it.base > 0 && (w[:it.base] == p.canon || inflected(w[:it.base], p.canon, turkicEndings, true)):
		return ending
	case p.short:
		return none
	}
	if inflected(w, p.canon, it.ends, !it.inside) {
		return ending
	}
	if it.base > 0 {
		w = w[:it.base]
	}
	if alike(w, p.canon) || p.other != "" && alike(w, p.other) || p.bare && (sameConsonants(w, p.canon, 0) || sameConsonants(w, p.canon, cK)) {
		return loose
	}
	if !it.ends.last[w[len(w)-1]&127] {
		return none
	}
	for n := 2; n <= longestEnding && len(w)-n >= 4; n++ {
		if longer := len(w) - n - len(p.canon); longer <= edits(len(w)) && -longer <= edits(len(w)) && it.ends.set[w[len(w)-n:]] && alike(w[:len(w)-n], p.canon) {
			return loose
		}
	}
	return none
}

// sameConsonants reports whether two spellings, one of them without vowels, have the
// same consonants by class in the same order, without one class: v, h and y count as
// vowels.
func sameConsonants(a, b string, without byte) bool {
	i, j := 0, 0
	next := func(w string, at *int, last byte) byte {
		for *at < len(w) {
			c := hullClass[w[*at]&127]
			*at++
			if c != 0 && c != without && c != last {
				return c
			}
		}
		return 0
	}
	var x, y byte
	for n := 0; ; n++ {
		if x, y = next(a, &i, x), next(b, &j, y); x != y {
			return false
		} else if x == 0 {
			return n >= 3
		}
	}
}

var hullClass = func() (t [128]byte) {
	for class, letters := range [...]string{"", "kgqc", "szjx", "td", "bp", "f", "l", "r", "m", "n"} {
		for _, b := range []byte(letters) {
			t[b] = byte(class)
		}
	}
	return t
}()

// alike reports whether two spellings are near enough to be worth comparing: hardly
// more than a letter in four differs.
func alike(a, b string) bool {
	n := max(len(a), len(b))
	if min(len(a), len(b)) < 2 || n > 30 || max(len(a)-len(b), len(b)-len(a)) > edits(n) {
		return false
	}
	return distance(a, b) <= edits(n)
}

// distance is the edits between two words of at most 30 letters. It counts a column of the table of edits at
// once, by bits: Hyyrö, A Bit-Vector Algorithm for Computing Levenshtein and Damerau
// Edit Distances (2003), after Myers.
func distance(a, b string) int {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) == 0 || len(a) > 30 {
		return len(b)
	}
	var at [32]uint32 // where a has each letter
	for i := range len(a) {
		at[a[i]&31] |= 1 << i
	}
	more, less := uint32(1)<<len(a)-1, uint32(0)
	last := uint32(1) << (len(a) - 1)
	n := len(a)
	for j := range len(b) {
		eq := at[b[j]&31]
		same := ((eq&more + more) ^ more) | eq | less
		up, down := less|^(same|more), more&same
		if up&last != 0 {
			n++
		} else if down&last != 0 {
			n--
		}
		up, down = up<<1|1, down<<1
		more, less = down|^(same|up), up&same
	}
	return n
}

// leastBare is the number of consonants that two words without vowels must have.
const leastBare = 4

// could reports whether an item may spell a part of these letters: for most it may
// not, and nothing else need be looked at.
func (it *item) could(part letterSet) bool {
	if it.runes == nil {
		return bits.OnesCount32(uint32(part&^it.letters&^freely)) <= it.most && bits.OnesCount32(uint32(it.letters&^part&^freely)) <= it.most+it.spare
	}
	return part&^it.letters == 0 && (it.uvow == 0 || part&it.uvow != 0) && (it.ivow == 0 || part&it.ivow != 0)
}

// freely are letters that custom puts in or leaves out.
var freely = lettersOf("hyw")

// edits is how many letters of two words of n letters may differ.
func edits(n int) int { return (n + 3) / 4 }

// mayBe is the letters that a word in Arabic ones may be spelt with, and those of
// which one must be met if it has a long vowel.
func (it *item) mayBe() {
	it.letters = lettersOf("aeiouhyxtlw")
	for _, r := range it.runes {
		if r < tableSize {
			it.letters |= arabicMay[r]
		}
		switch r {
		case 'ي', 'ی':
			it.ivow = lettersOf("iyej")
		}
	}
	if len(it.runes) > 0 && slices.ContainsFunc(it.runes[1:], func(r rune) bool { return r == 'و' }) {
		it.uvow = lettersOf("uowv")
	}
}
