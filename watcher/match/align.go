package match

import (
	"cmp"
	"slices"
)

// link says that one part of a form and some of the notice's parts (or the other
// way round) are the same name.
type link struct {
	a, an, b, bn int // parts a…a+an of the form, b…b+bn of the notice
	like         float64
	quality      float64
	weight       float64
	initial      bool
}

// alignment is what a form and a notice's name have in common.
type alignment struct {
	links []link
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
}

// align finds the best one-to-one alignment: the surest and weightiest links first.
func align(f *form, v *view) alignment {
	al := alignment{form: f, view: v}
	s := f.sys
	A, B := f.parts, v.parts
	var buf [32]link
	links := buf[:0]
	for i := range A {
		for j := range B {
			a, b := &A[i], &B[j]
			if a.initial || b.initial {
				if a.codes[0] != "" && b.codes[0] != "" && a.text != "" && b.text != "" && (a.text[0] == b.text[0] || s == western && s.sub[a.codes[0][0]&127][b.codes[0][0]&127] <= 20) {
					links = append(links, link{i, 1, j, 1, 1, 1, 0.25, true})
				}
				continue
			}
			if a.patro != b.patro && a.text != b.text {
				continue // a father's name is not his child's
			}
			best := 0.0
			for _, x := range a.codes {
				for _, y := range b.codes {
					if l := s.likeness(x, y); l > best {
						best = l
					}
				}
			}
			if best < 1 && best >= s.need && a.root != "" && b.root != "" {
				best = (best + s.plain(a.root, b.root, 0)) / 2
			}
			if best < 0.97 && share(a.groups, b.groups) {
				best = 0.97
			}
			if best >= s.need {
				links = append(links, link{i, 1, j, 1, best, 1 - (1-best)/(1-s.need), (a.weight + b.weight) / 2, false})
			}
		}
	}
	// Parts written together must agree in length, or a whole would match a half.
	apart := 2
	if s == semitic || s == uyghur {
		apart = 6 // vowels left out, or put in
	}
	near := func(x, y string) bool { return len(x)-len(y) <= apart && len(y)-len(x) <= apart }
	for i := range A {
		if A[i].initial {
			continue
		}
		for _, y := range v.joined {
			for _, x := range A[i].codes {
				if near(x, y.code) {
					if l := s.likeness(x, y.code); l >= s.need {
						links = append(links, link{i, 1, y.i, y.n, l, 1 - (1-l)/(1-s.need), max(A[i].weight, y.weight), false})
					}
				}
			}
		}
	}
	for j := range B {
		if B[j].initial {
			continue
		}
		for _, x := range f.joined {
			if near(x.code, B[j].codes[0]) {
				if l := s.likeness(x.code, B[j].codes[0]); l >= s.need {
					links = append(links, link{x.i, x.n, j, 1, l, 1 - (1-l)/(1-s.need), max(B[j].weight, x.weight), false})
				}
			}
		}
	}
	slices.SortStableFunc(links, func(x, y link) int {
		return cmp.Or(cmp.Compare(gain(y), gain(x)), cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b))
	})
	al.aFree, al.bFree = 1<<len(A)-1, 1<<len(B)-1
	for _, l := range links {
		ma, mb := mask(l.a, l.an), mask(l.b, l.bn)
		if al.aFree&ma == ma && al.bFree&mb == mb {
			al.aFree &^= ma
			al.bFree &^= mb
			al.links = append(al.links, l)
		}
	}
	al.measure()
	return al
}

func gain(l link) float64 { return (0.1 + l.quality) * l.weight }

func mask(i, n int) uint32 { return (1<<n - 1) << i }
