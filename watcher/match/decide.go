package match

import (
	"math"
	"math/bits"
)

// features are what the decision is made of.
type features struct {
	Matched  float64 // weight of linked parts, as far as they agree
	Doubt    float64 // weight of linked parts, as far as they do not
	Worse    float64 // the same, small doubts counting less
	Against  float64 // weight of parts that contradict one another
	MoreA    float64 // weight of parts that the person has more
	MoreB    float64 // weight of parts that the notice has more
	One      float64 // 1 if one part alone was linked
	Initials float64
	Family   float64 // 1 if family names known on both sides contradict
}

func (al *alignment) measure() {
	f := &al.f
	A, B := al.form.parts, al.view.parts
	n := 0
	famA, famB := false, false
	for _, l := range al.links {
		f.Matched += l.weight
		f.Doubt += l.weight * (1 - l.quality)
		f.Worse += l.weight * (1 - l.quality) * (1 - l.quality)
		if l.initial {
			f.Initials++
		} else {
			n += max(l.an, l.bn)
		}
		for i := l.a; i < l.a+l.an; i++ {
			famA = famA || A[i].family
		}
		for j := l.b; j < l.b+l.bn; j++ {
			famB = famB || B[j].family
		}
	}
	// What is left on both sides contradicts, the weightiest with the weightiest;
	// patronymics with patronymics only.
	a, b := rest(A, al.aFree, false), rest(B, al.bFree, false)
	pa, pb := rest(A, al.aFree, true), rest(B, al.bFree, true)
	f.oppose(a, b)
	f.oppose(pa, pb)
	if n <= 1 {
		f.One = 1
	}
	hasFam := func(ps []part) bool {
		for _, p := range ps {
			if p.family {
				return true
			}
		}
		return false
	}
	if hasFam(A) && hasFam(B) && !famA && !famB {
		f.Family = 1
	}
	al.score = f.score()
}

func (f *features) oppose(a, b []float64) {
	for len(a) > 0 && len(b) > 0 {
		f.Against += (a[0] + b[0]) / 2
		a, b = a[1:], b[1:]
	}
	for _, w := range a {
		f.MoreA += w
	}
	for _, w := range b {
		f.MoreB += w
	}
}

// rest gives the weights of free parts, the weightiest first.
func rest(ps []part, free uint32, patro bool) []float64 {
	var out []float64
	for ; free != 0; free &= free - 1 {
		p := ps[bits.TrailingZeros32(free)]
		if p.patro == patro {
			out = append(out, p.weight)
		}
	}
	for i := 1; i < len(out); i++ {
		for j := i; j > 0 && out[j] > out[j-1]; j-- {
			out[j], out[j-1] = out[j-1], out[j]
		}
	}
	return out
}

// score puts the features on a scale from 0 to 1.
func (f features) score() float64 {
	z := -3.2 + 4.2*f.Matched - 3*f.Doubt - 3*f.Worse - 4.5*f.Against - 0.6*f.MoreA - 0.6*f.MoreB - 1.5*f.One - 1.0*f.Family
	return 1 / (1 + math.Exp(-z))
}
