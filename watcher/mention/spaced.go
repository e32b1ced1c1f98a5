package mention

import (
	"slices"
	"strings"

	"tocsin"
)

// take looks at a run of words that may be of names: for two words near one another
// that spell two parts of one name.
func (c *scan) take(ws []word) {
	s := c.s
	if len(ws) == 1 && !s.lone {
		return
	}
	c.ws, c.built, c.leads = ws, false, c.leads[:0]
	if len(c.words.keys) > mostKept || len(c.words.fits) > mostKept {
		c.words.forget()
	}
	for i := range ws {
		if ws[i].particle || ws[i].initial {
			continue
		}
		c.lookUp(i)
	}
	c.initialed()
	for i := range c.leads {
		a := &c.leads[i]
		if s.lone {
			c.lonely(a)
		}
		for j := i + 1; j < len(c.leads); j++ {
			b := &c.leads[j]
			if b.first <= a.last {
				continue
			}
			if d := b.first - a.last; d > mostBack {
				break
			} else if d > c.reach(a.last, b.first) {
				continue
			}
			if c.near(a, b) {
				c.judge(a)
				c.judge(b)
				if a.partners&b.bits != 0 && b.partners&a.bits != 0 {
					c.pairs(a, b)
				}
			}
		}
	}
}

// initialed takes initials that stand beside a family name which few bear.
func (c *scan) initialed() {
	for i := range c.leads {
		a := &c.leads[i]
		if a.first != a.last || a.bare {
			continue
		}
		at := -1 // the first of the initials
		if j := a.first - 1; j >= 0 && c.ws[j].initial && c.ws[a.first].before == gapSpace {
			for at = j; at > 0 && c.ws[at-1].initial; at-- {
			}
			if n := a.first + 1; n < len(c.ws) && c.ws[n].before == gapSpace && !c.ws[n].particle && !strings.Contains(c.text[c.ws[a.first].end:c.ws[n].start], "\n") {
				continue // a longer name
			}
		} else if j := a.first + 1; j < len(c.ws) && c.ws[j].initial && c.ws[j].before == gapSpace {
			if at = j; a.first > 0 && c.ws[a.first].before == gapSpace {
				continue
			}
		}
		if at < 0 {
			continue
		}
		letter := canon(c.spare[:0], []byte(latin(c.text[c.ws[at].start:c.ws[at].end])))
		if len(letter) == 0 {
			continue
		}
		c.judge(a)
		for _, x := range c.words.fitting(&a.reading) {
			if x.fit < ending {
				continue
			}
			for _, f := range c.s.beside.get(pairKey(x.part, initialOf(string(letter)))) {
				c.initial(int32(f), x.part, min(at, a.first), max(at, a.last))
			}
		}
	}
}

// initial takes words lo to hi, initials and a family name, as somebody's name, for
// review: whose initials they are is not known.
func (c *scan) initial(f, part int32, lo, hi int) {
	form := &c.s.forms[f]
	if c.work++; c.done(form.person) {
		return
	}
	c.tries[form.person]++
	h := hit{seg: c.seg, start: c.ws[lo].start, end: c.ws[hi].end, m: tocsin.Match{Score: c.s.o.Review}}
	if c.thing(h.start, h.end, true) {
		return
	}
	h.found = c.text[h.start:h.end]
	at := slices.Index(form.parts[:form.n], part)
	h.m.Reasons = []tocsin.Reason{{Code: tocsin.ReasonInText, With: clean(h.found)},
		{Code: tocsin.ReasonPartEqual, Name: int(form.name), Part: int(form.at[at]) + 1, With: clean(h.found)},
		{Code: tocsin.ReasonInitial, Name: int(form.name)}}
	c.settle(form.person, h, false, true)
}

// sibling takes a given name, "and", and another's name: Mira and Petra Varden.
func (c *scan) sibling(ws []word) {
	t := c.tail
	if ws[0].start < t.end {
		return // its own run
	}
	c.tail = word{}
	if t.end == 0 || len(ws) < 2 || ws[0].arabic || ws[0].start != c.tailEnd {
		return
	}
	at := 1
	for at < len(ws) && ws[at].particle {
		at++
	}
	if at == len(ws) || ws[at].before == gapComma || at+1 < len(ws) && ws[at+1].before == gapSpace {
		return
	}
	run := [mostParts]word{t}
	if at >= len(run) {
		return
	}
	copy(run[1:], ws[1:at+1])
	c.take(run[:at+1])
}

// leave remembers the given name that a run ends in, which "and" follows: a word alone,
// or after a word for brothers and sisters.
func (c *scan) leave(run []word, conjunction string, end int) {
	n := len(run)
	if n == 0 || n > 2 || run[0].arabic || run[n-1].initial || run[n-1].particle || !siblingAnd[conjunction] {
		return
	}
	if n == 2 && !siblings[lower(c.text[run[0].start:run[0].end])] {
		return
	}
	c.tail, c.tailEnd = run[n-1], end+1
}

// Written from memory; where to check: Wiktionary's translations of "and" and "sibling".
var (
	siblingAnd = set(`and et y e und ve и та й і`)
	siblings   = set(`siblings brothers sisters brother sister twins frères soeurs jumeaux hermanos hermanas geschwister brüder schwestern zwillinge kardeşler братья сестры брат сестра брати`)
)

// near reports whether some name may have the consonants of both.
func (c *scan) near(a, b *lead) bool {
	for _, k := range c.words.keysOf(&a.reading) {
		for _, l := range c.words.keysOf(&b.reading) {
			c.work++
			if c.s.near.holds(skeletonPair(k, l)) {
				return true
			}
		}
	}
	return false
}

// reach is how far apart two words of a name may stand: particles do not count.
// Where no capitals show what may be a name, nothing may stand between but one word.
func (c *scan) reach(a, b int) int {
	n := 3
	if c.ws[b].arabic {
		n = 2
	}
	for _, w := range c.ws[a+1 : b] {
		if w.particle {
			n++
		}
	}
	return n
}

// pairs looks for forms of which two words spell two parts.
func (c *scan) pairs(a, b *lead) {
	least := uint8(1)
	if a.bare {
		least = leastBare
	}
	for _, x := range c.words.fitting(&a.reading) {
		if x.partners&b.bits == 0 {
			continue
		}
		for _, y := range c.words.fitting(&b.reading) {
			if x.partners&partnerBit(y.part) == 0 || x.size+y.size < least {
				continue
			}
			c.work++
			for _, f := range c.s.beside.get(pairKey(x.part, y.part)) {
				c.work++
				c.pair(int32(f), a, b, x, y)
			}
		}
	}
}

// lonely takes a word that spells a name of one part, and stands alone.
func (c *scan) lonely(a *lead) {
	w := &c.ws[a.first]
	if a.first != a.last || !w.arabic && (a.first > 0 && w.before != gapComma || a.first+1 < len(c.ws) && c.ws[a.first+1].before != gapComma) {
		return
	}
	if !slices.ContainsFunc(c.words.keysOf(&a.reading), func(k skeleton) bool { return c.s.near.holds(skeletonPair(k, noSkeleton)) }) {
		return
	}
	if c.judge(a); !a.lone {
		return
	}
	for _, x := range c.words.fitting(&a.reading) {
		if x.fit < ending || !c.s.parts[x.part].alone {
			continue
		}
		for _, f := range c.s.beside.get(pairKey(x.part, alone)) {
			c.alone(int32(f), a)
		}
	}
}

// pair takes two words that spell two parts of a form.
func (c *scan) pair(f int32, a, b *lead, x, y fitting) {
	form := &c.s.forms[f]
	if c.done(form.person) {
		return
	}
	if !c.built {
		c.read()
	}
	i, j := c.itemAt(a), c.itemAt(b)
	for p := range int(form.n) {
		for q := range int(form.n) {
			if p != q && form.parts[p] == x.part && form.parts[q] == y.part {
				l := link{form: f}
				l.put(p, i, x.fit)
				l.put(q, j, y.fit)
				c.consider(&l, i, j)
			}
		}
	}
}

// itemAt is the place of the item of the same words.
func (c *scan) itemAt(a *lead) int {
	for i := a.item; ; i++ {
		if it := &c.items[i]; it.first == a.first && it.last == a.last {
			a.item = i
			return i
		}
	}
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
	for p := range int(form.n) {
		if l.item[p] != 0 {
			continue
		}
		part := c.s.part(form, p)
		for k := max(0, i-6); k < min(len(c.items), j+7); k++ {
			it := &c.items[k]
			if it.last < used[0]-2 || it.first > used[1]+2 || c.taken(l, it) {
				continue
			}
			if f := it.fits(part); f > l.fit[p] {
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
