package match

import "cmp"
import "slices"

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
	links      []link
	aFree      uint32 // parts of the form that are in no link, as bits
	bFree      uint32
	f          features
	score      float64
	form       *form
	view       *view
	aFam, bFam bool
}

// view is a notice's name read in one system.
type view struct {
	parts []part
	whole []token
}

// align finds the best one-to-one alignment: the surest and weightiest links first.
func align(f *form, v *view) alignment {
	al := alignment{form: f, view: v}
	s := f.sys
	A, B := f.parts, v.parts
	var buf [48]link
	links := buf[:0]
	try := func(a, an, b, bn int, x, y string, w float64, family bool) {
		if an+bn > 2 {
			// Joined parts must agree in length, or a whole would match a half.
			if d := len(x) - len(y); d > 2 || d < -2 {
				return
			}
		}
		l := s.likeness(x, y)
		if l < s.need {
			return
		}
		q := 1 - (1-l)*0.73/(1.1-s.need)*0.5/0.6
		links = append(links, link{a, an, b, bn, l, q, w, false})
	}
	for i := range A {
		for j := range B {
			a, b := &A[i], &B[j]
			if a.initial || b.initial {
				if a.codes[0] != "" && b.codes[0] != "" && (a.text[0] == b.text[0] || s.sub[a.codes[0][0]&127][b.codes[0][0]&127] <= 20) {
					links = append(links, link{i, 1, j, 1, 1, 0.8, 0.25, true})
				}
				continue
			}
			for _, x := range a.codes {
				try(i, 1, j, 1, x, b.codes[0], (a.weight+b.weight)/2, a.family == b.family)
			}
		}
	}
	for i := range A {
		for j := range B {
			for n := 2; n <= 4; n++ {
				if j+n <= len(B) && !A[i].initial {
					y, w, ok := join(B[j : j+n])
					if ok {
						for _, x := range A[i].codes {
							try(i, 1, j, n, x, y, max(A[i].weight, w), true)
						}
					}
				}
				if i+n <= len(A) && !B[j].initial {
					x, w, ok := join(A[i : i+n])
					if ok {
						try(i, n, j, 1, x, B[j].codes[0], max(B[j].weight, w), true)
					}
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

func gain(l link) float64 { return l.quality * l.quality * l.weight }

func mask(i, n int) uint32 { return (1<<n - 1) << i }

func join(ps []part) (string, float64, bool) {
	s, w := "", 0.0
	for _, p := range ps {
		if p.initial && len(ps) == 2 {
			return "", 0, false
		}
		s += p.codes[0]
		w += p.weight
	}
	return s, min(w, 1.3), len(s) <= 2*maxToken
}
