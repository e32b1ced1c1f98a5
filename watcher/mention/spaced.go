package mention

import "slices"

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
