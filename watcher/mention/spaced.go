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
	letters     letterSet
	uvow, ivow  letterSet // see mayBe
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

// run takes a run of words that may be of names.
func (c *scan) run(ws []word) {
	s := c.s
	if len(ws) == 1 && s.single.seen == nil {
		return
	}
	c.read(ws)
	for i := range c.items {
		a := &c.items[i]
		if s.single.seen != nil {
			for _, k := range a.keys {
				for _, n := range s.single.get(uint64(k)) {
					c.alone(n.form, i)
				}
			}
		}
		for j := i + 1; j < len(c.items); j++ {
			b := &c.items[j]
			if b.first <= a.last {
				continue
			}
			d := b.first - a.last
			if d > c.reach(ws, a.last, b.first) {
				if d > mostBack {
					break
				}
				continue
			}
			for _, k := range a.keys {
				for _, l := range b.keys {
					c.work++
					if a.runes != nil && k.size()+l.size() < leastBare {
						continue
					}
					rows := s.pairs.get(pairKey(k, l))
					for r := range rows {
						n := &rows[r]
						c.work++
						if k <= l {
							if a.could(n.one) && b.could(n.two) {
								c.pair(n.form, int(n.p), int(n.q), i, j)
							}
						} else if b.could(n.one) && a.could(n.two) {
							c.pair(n.form, int(n.q), int(n.p), i, j)
						}
					}
				}
			}
		}
	}
}

// reach is how far apart two words of a name may stand: particles do not count.
// Where no capitals show what may be a name, nothing may stand between but one word.
func (c *scan) reach(ws []word, a, b int) int {
	n := 3
	if ws[b].arabic {
		n = 2
	}
	for _, w := range ws[a+1 : b] {
		if w.particle {
			n++
		}
	}
	return n
}

// read makes items of a run's words.
func (c *scan) read(ws []word) {
	c.ws = ws
	c.items, c.arena, c.runes, c.keys = c.items[:0], c.arena[:0], c.runes[:0], c.keys[:0]
	for i := range ws {
		w := &ws[i]
		if w.particle || w.initial {
			continue
		}
		it := item{first: i, last: i}
		if w.arabic && !c.voweled {
			from := len(c.runes)
			for _, r := range c.text[w.start:w.end] {
				if k := classify(r); k == kArabic {
					c.runes = append(c.runes, r)
				}
			}
			it.last += c.servant(ws, i, from)
			it.runes = c.runes[from:len(c.runes):len(c.runes)]
			at := len(c.keys)
			c.keys = bares(c.keys, it.runes)
			it.keys = c.known(at)
			if len(it.keys) > 0 {
				it.mayBe()
			}
		} else {
			c.spell(&it, c.text[w.start:w.end])
		}
		if len(it.keys) > 0 {
			c.items = append(c.items, it)
		}
		if n := i - 1; n >= 0 && !w.arabic && short(ws[n]) && short(*w) && w.before != gapComma {
			two := item{first: n, last: i}
			c.spell(&two, c.text[ws[n].start:ws[n].end]+c.text[w.start:w.end])
			if len(two.keys) > 0 {
				c.items = append(c.items, two)
			}
		}
	}
}

// servant makes one word of "servant of" and what is served, without the article,
// as the forms do: of one word, or of two, of which it tells the number more.
func (c *scan) servant(ws []word, i, from int) int {
	w := string(c.runes[from:])
	at := strings.Index(w, "عبد")
	if at < 0 || at > 4 {
		return 0
	}
	more := 0
	head, rest := w[:at]+"عبد", w[at+6:]
	if rest == "" && i+1 < len(ws) && ws[i+1].before == gapSpace {
		rest, more = c.text[ws[i+1].start:ws[i+1].end], 1
	}
	if rest, ok := strings.CutPrefix(rest, "ال"); ok || more > 0 {
		c.runes = append(c.runes[:from], []rune(head+rest)...)
		return more
	}
	return 0
}

func short(w word) bool { return w.end-w.start <= 6 && !w.particle && !w.initial && !w.arabic }

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
	if base > 0 {
		c.keys = skeletons(c.keys, c.fold[:base], false)
	}
	ends, spare := c.endings(w)
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
	it.letters, it.spare = lettersOf(it.canon)|lettersOf(c.fold), spare
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
		if c.s.pairs.holds(k) || c.s.single.holds(k) {
			out = addNew(out, at, k)
		}
	}
	c.keys = out
	return out[at:len(out):len(out)]
}

// fits says how well an item spells a part.
func (c *scan) fits(it *item, p *part) fit {
	if it.runes != nil {
		if n := speltAny(it.runes, p.text); n >= 0 {
			return equal
		}
		return none
	}
	w := string(it.canon) // does not leave: no allocation matters here
	switch {
	case w == p.canon:
		return equal
	case it.base > 0 && (w[:it.base] == p.canon || inflected(w[:it.base], p.canon, turkicEndings, true)):
		return ending
	case p.short:
		return none
	}
	first := c.text[c.ws[it.first].start:]
	r, _ := utf8.DecodeRuneInString(first)
	if ends, _ := c.endings(first); inflected(w, p.canon, ends, r < 0x400 || r >= 0x600) {
		return ending
	}
	if it.base > 0 {
		w = w[:it.base]
	}
	if alike(w, p.canon) {
		return loose
	}
	return none
}

// alike reports whether two spellings are near enough to be worth comparing: hardly
// more than a letter in four differs.
func alike(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) < 2 || len(b) > 30 || len(b)-len(a) > edits(len(b)) {
		return false
	}
	var rows [2][32]uint8
	prev, row := &rows[0], &rows[1]
	for j := range len(b) + 1 {
		prev[j] = uint8(j)
	}
	for i := range len(a) {
		row[0] = uint8(i + 1)
		for j := range len(b) {
			d := prev[j]
			if a[i] != b[j] {
				d++
			}
			row[j+1] = min(d, prev[j+1]+1, row[j]+1)
		}
		prev, row = row, prev
	}
	return int(prev[len(b)]) <= edits(len(b))
}

// leastBare is the number of consonants that two words without vowels must have.
const leastBare = 4

// could reports whether an item may spell a part of these letters: for most it may
// not, and nothing else need be looked at.
func (it *item) could(part letterSet) bool {
	if it.runes == nil {
		return bits.OnesCount32(uint32((it.letters^part)&^freely)) <= 2*edits(len(it.canon)+1)+it.spare
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
		for _, s := range arabicSpelt[r] {
			it.letters |= lettersOf(s)
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

// pair takes two items that may spell two parts of a form.
func (c *scan) pair(f int32, p, q, i, j int) {
	form := &c.s.forms[f]
	fa := c.fits(&c.items[i], &form.parts[p])
	if fa == none {
		return
	}
	fb := c.fits(&c.items[j], &form.parts[q])
	if fb == none || c.done(form.person) {
		return
	}
	l := link{form: f}
	l.put(p, i, fa)
	l.put(q, j, fb)
	c.consider(&l, i, j)
}

// link says which item spells which part.
type link struct {
	form int32
	item [mostParts]int16 // from 1; 0 none
	fit  [mostParts]fit
}

func (l *link) put(part, item int, f fit) { l.item[part], l.fit[part] = int16(item+1), f }

// consider looks for the form's other parts around two that were found, and weighs
// what there is.
func (c *scan) consider(l *link, i, j int) {
	form := &c.s.forms[l.form]
	used := [2]int{c.items[i].first, c.items[j].last}
	for p := range form.parts {
		if l.item[p] != 0 {
			continue
		}
		part := &form.parts[p]
		for k := max(0, i-6); k < min(len(c.items), j+7); k++ {
			it := &c.items[k]
			if it.last < used[0]-2 || it.first > used[1]+2 || c.taken(l, it) {
				continue
			}
			if f := c.fits(it, part); f > l.fit[p] {
				l.put(p, k, f)
			}
		}
		if l.item[p] != 0 {
			it := &c.items[l.item[p]-1]
			used[0], used[1] = min(used[0], it.first), max(used[1], it.last)
		}
	}
	c.verify(l, used[0], used[1])
}

func (c *scan) taken(l *link, it *item) bool {
	for p := range l.item {
		if n := l.item[p]; n != 0 {
			if o := &c.items[n-1]; o.first <= it.last && it.first <= o.last {
				return true
			}
		}
	}
	return false
}
