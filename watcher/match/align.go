package match

import (
	"cmp"
	"slices"
)

// link says that one part of a form and some of the notice's parts (or the other
// way round) are the same name.
type link struct {
	a, an, b, bn uint8 // parts a…a+an of the form, b…b+bn of the notice
	initial      bool
	like         float64
	quality      float64
	weight       float64
}

// alignment is what a form and a notice's name have in common. It may be used again
// and again: find and take put all of it anew.
type alignment struct {
	found []link // all that may be linked
	links []link // one to one
	aFree uint32 // parts of the form that are in no link, as bits
	bFree uint32
	f     features
	score float64
	form  *form
	view  *view
}

// view is a notice's name read in one system.
type view struct {
	parts  []part
	joined []span
	pinyin bool // spelt by way of Pinyin
	script script
}

// align finds the best one-to-one alignment of a form and a notice's name.
func (al *alignment) align(f *form, v *view) {
	al.form, al.view, al.found = f, v, al.found[:0]
	al.findInitials()
	al.findParts()
	al.findJoined()
	al.take()
}

// findInitials links initials with what they may stand for.
func (al *alignment) findInitials() {
	A, B := al.form.parts, al.view.parts
	for i := range A {
		for j := range B {
			if (A[i].initial || B[j].initial) && abbreviates(al.form.sys, &A[i], &B[j]) {
				al.add(link{a: uint8(i), an: 1, b: uint8(j), bn: 1, like: 1, quality: 1, weight: initialWeight, initial: true})
			}
		}
	}
}

// findParts links parts with parts.
func (al *alignment) findParts() {
	s := al.form.sys
	A, B := al.form.parts, al.view.parts
	for i := range A {
		for j := range B {
			a, b := &A[i], &B[j]
			if a.initial || b.initial || !akin(a, b) {
				continue
			}
			ys := b.codes
			if b.heard && al.form.script == latin {
				ys = ys[:len(ys)-1]
			}
			best := 0.0
			for _, x := range a.codes {
				for _, y := range ys {
					if l := s.likeness(x, y); l > best {
						best = l
					}
				}
			}
			if best < 1 && best >= s.need && a.root != "" && b.root != "" {
				best = (best + s.plain(a.root, b.root, 0)) / 2
			}
			if best < sameNamesLike && share(a.groups, b.groups) {
				best = sameNamesLike
			}
			if best >= s.need && best < sameArabicLike {
				best = max(best, sameArabic(a, b))
			}
			if best >= s.need {
				al.add(link{a: uint8(i), an: 1, b: uint8(j), bn: 1, like: best, quality: s.quality(best), weight: (a.weight + b.weight) / 2})
			}
		}
	}
}

// findJoined links parts with parts next to one another that are written as one.
func (al *alignment) findJoined() {
	s := al.form.sys
	A, B := al.form.parts, al.view.parts
	for i := range A {
		if A[i].initial {
			continue
		}
		for _, y := range al.view.joined {
			if holds(B[y.i:y.i+y.n], A[i].codes[0]) {
				continue
			}
			for _, x := range A[i].codes {
				if s.near(x, y.code) {
					if l := s.likeness(x, y.code); l >= s.need {
						al.add(link{a: uint8(i), an: 1, b: uint8(y.i), bn: uint8(y.n), like: l, quality: s.quality(l), weight: max(A[i].weight, y.weight)})
					}
				}
			}
		}
	}
	for j := range B {
		if B[j].initial {
			continue
		}
		for _, x := range al.form.joined {
			if holds(A[x.i:x.i+x.n], B[j].codes[0]) {
				continue
			}
			if s.near(x.code, B[j].codes[0]) {
				if l := s.likeness(x.code, B[j].codes[0]); l >= s.need {
					al.add(link{a: uint8(x.i), an: uint8(x.n), b: uint8(j), bn: 1, like: l, quality: s.quality(l), weight: max(B[j].weight, x.weight)})
				}
			}
		}
	}
}

// holds reports whether one of the parts is spelt so by itself: then it is not half of
// another.
func holds(ps []part, code string) bool {
	for i := range ps {
		if ps[i].codes[0] == code {
			return true
		}
	}
	return false
}

func (al *alignment) add(l link) {
	if d := al.form.doubt; d > 0 {
		l.quality = max(0, 1-(1-l.quality)*d)
	}
	al.found = append(al.found, l)
}

// take makes links of those found, the surest and weightiest first, and measures
// what they come to.
func (al *alignment) take() {
	// Few links are sorted fastest by insertion.
	if len(al.found) > mostHits {
		slices.SortStableFunc(al.found, func(x, y link) int {
			return cmp.Or(cmp.Compare(gain(&y), gain(&x)), cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b))
		})
	}
	for i := 1; i < len(al.found); i++ {
		l := al.found[i]
		j := i
		for ; j > 0 && before(&l, &al.found[j-1]); j-- {
			al.found[j] = al.found[j-1]
		}
		al.found[j] = l
	}
	al.links = al.links[:0]
	al.aFree, al.bFree = 1<<len(al.form.parts)-1, 1<<len(al.view.parts)-1
	for i := range al.found {
		l := &al.found[i]
		ma, mb := mask(int(l.a), int(l.an)), mask(int(l.b), int(l.bn))
		if al.aFree&ma == ma && al.bFree&mb == mb {
			al.aFree &^= ma
			al.bFree &^= mb
			al.links = append(al.links, *l)
		}
	}
	al.measure()
}

// before reports whether x is taken before y, which was found before it.
func before(x, y *link) bool {
	gx, gy := gain(x), gain(y)
	return gx > gy || gx == gy && (x.a < y.a || x.a == y.a && x.b < y.b)
}

func gain(l *link) float64 { return (0.1 + l.quality) * l.weight }

func mask(i, n int) uint32 { return (1<<n - 1) << i }

// abbreviates reports whether one of two parts, an initial, may stand for the other,
// which is no family name: that is not shortened.
func abbreviates(s *system, a, b *part) bool {
	return a.codes[0] != "" && b.codes[0] != "" && a.text != "" && b.text != "" && (a.initial || !a.family) && (b.initial || !b.family) &&
		(a.text[0] == b.text[0] || s == western && s.sub[a.codes[0][0]&127][b.codes[0][0]&127] <= 20)
}

// akin is false for a father's name and another, which is not his child's, and for
// a son's and a daughter's of their father.
func akin(a, b *part) bool {
	if a.patro && b.patro {
		return feminine(a.text) == feminine(b.text)
	}
	return a.patro == b.patro || a.text == b.text
}

// sameNamesLike is how like parts of one line of sameNames are.
const sameNamesLike = 0.97

// sameArabicLike is how like parts are that Arabic script may write the same; those of
// fewer consonants than a root has are a little less.
const sameArabicLike, shortArabicLike = 0.985, 0.96

// sameArabic is how like parts are, one of them of a name that looks Arabic, if they may
// be one name in Arabic script, else 0.
func sameArabic(a, b *part) float64 {
	if a.arabic == nil && b.arabic == nil || len(a.groups) > 0 || len(b.groups) > 0 {
		return 0 // whose spellings sameNames knows has no other
	}
	x, y := a.arabic, b.arabic
	if x == nil {
		r := romanise(a.text)
		x = &r
	}
	if y == nil {
		r := romanise(b.text)
		y = &r
	}
	switch {
	case !x.same(y):
		return 0
	case len(x.consonants) < leastConsonants:
		return shortArabicLike
	}
	return sameArabicLike
}

// quality puts a likeness on a scale from 0, at the system's need, to 1.
func (s *system) quality(like float64) float64 { return 1 - (1-like)/(1-s.need) }

// near reports whether codes, of which one is of parts written together, agree in
// length: else a whole would match a half.
func (s *system) near(x, y string) bool {
	apart := s.apart()
	return len(x)-len(y) <= apart && len(y)-len(x) <= apart
}

func (s *system) apart() int {
	if s == semitic || s == uyghur {
		return 6 // vowels left out, or put in
	}
	return 2
}
