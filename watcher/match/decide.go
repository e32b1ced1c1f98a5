package match

import (
	"math"
	"math/bits"
	"slices"
)

// features are what the decision is made of.
type features struct {
	Matched     float64 // weight of linked parts, as far as they agree
	Doubt       float64 // weight of linked parts, as far as they do not
	Against     float64 // weight of parts that contradict one another
	MoreA       float64 // weight of parts that the person has more
	MoreB       float64 // weight of parts that the notice has more
	One         float64 // 1 if one part alone was linked
	Initials    float64
	Full        float64 // 1 if no part is left on either side, less by what is in doubt
	InitialFull float64 // the same, where an initial was linked
	Clean       float64 // 1 if two parts or more are equal and nothing contradicts
	InitialRest float64 // 1 if an initial was linked and a part is left
	Family      float64 // 1 if family names known on both sides contradict
	Given       float64 // 1 if given names are known on one side, and none is linked
	FamilyB     float64 // 1 if the notice's has none
	Swapped     float64 // 1 if family names known on both sides are each linked, but not to one another
}

func (al *alignment) measure() {
	f := &al.f
	A, B := al.form.parts, al.view.parts
	n := 0
	famA, famB, both := false, false, false
	for _, l := range al.links {
		f.Matched += l.weight
		f.Doubt += l.weight * (1 - l.quality)
		if l.initial {
			f.Initials++
		} else {
			n += max(l.an, l.bn)
		}
		a, b := slices.ContainsFunc(A[l.a:l.a+l.an], isFamily), slices.ContainsFunc(B[l.b:l.b+l.bn], isFamily)
		famA, famB, both = famA || a, famB || b, both || a && b
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
	hasA, hasB := slices.ContainsFunc(A, isFamily), slices.ContainsFunc(B, isFamily)
	if hasA && !given(A, al.aFree) || hasB && !given(B, al.bFree) {
		f.Given = 1
	}
	if hasB && !famB {
		f.FamilyB = 1
	}
	if hasA && hasB && !both {
		f.Family = 1
		if famA && famB {
			f.Swapped = 1
		}
	}
	if f.Against == 0 && al.aFree == 0 && al.bFree == 0 {
		f.Full = 1
	}
	f.Full *= max(0, 1-f.Doubt)
	if f.Against == 0 && f.Doubt < 0.05 && n > 1 {
		f.Clean = 1
	}
	if f.Full > 0 && f.Initials > 0 {
		f.Full, f.InitialFull = 0, f.Full
	}
	if f.Initials > 0 && al.aFree|al.bFree != 0 {
		f.InitialRest = 1
	}
	al.score = f.score(al.form.sys, al.form.script)
}

// given reports whether some part is linked that is not of the family name, or
// whether there is none.
func given(ps []part, free uint32) bool {
	none := true
	for i, p := range ps {
		if !p.family {
			if free&(1<<i) == 0 {
				return true
			}
			none = false
		}
	}
	return none
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

// weights were fitted by logistic regression on all developer pairs (but
// for differing birth dates) and on chance meetings with a third of the population,
// counted twice and without those of equal name; nothing was held out. Each has the
// sign that its feature must have. The biases of pinyin read from Latin letters and
// the thresholds were set by hand, from the same data.
const (
	wBias, wMatched, wMatched2, wDoubt, wAgainst = -3.05, 0.05, 1.75, -3.84, -2.64
	wMoreA, wMoreB, wOne                         = -1.11, -0.69, -0.05
	wFull, wInitialFull, wClean, wInitialRest    = 3.22, 2.83, 2.33, -1.17
	wFamily, wFamilyB, wSwapped, wGiven          = -1.00, -2.12, -1.57, -1.44
	mostMatched, mostMore                        = 2.2, 1.2
	zReview, zAlert                              = -1.85, 1.60 // where the default thresholds lie
	logitReview, logitAlert                      = 0.4055, 1.3863
)

// lean is what a system adds to every comparison in it, and what it takes off a
// doubt, as some tell less by their letters than others.
type lean struct{ bias, doubt float64 }

var leans = map[*system]lean{
	western: {}, pinyin: {0.80, 0.00}, sinitic: {0.99, 0.87}, korean: {0.53, 0.55}, uyghur: {0.81, -0.07}, semitic: {0.63, -0.12},
}

// Latin spellings that are read in these systems too had a closer reading already.
var latinLeans = map[*system]lean{pinyin: {-1.00, 0}, uyghur: {0.11, -0.07}, semitic: {-0.61, -1.54}}

// score puts the features on a scale from 0 to 1, on which DefaultReview and
// DefaultAlert are where they were fitted.
func (f features) score(s *system, written script) float64 {
	l := leans[s]
	if x, ok := latinLeans[s]; ok && written == latin {
		l = x
	}
	m := min(f.Matched, mostMatched)
	z := wBias + l.bias + wMatched*m + wMatched2*m*m + (wDoubt+l.doubt)*f.Doubt + wAgainst*f.Against +
		wMoreA*min(f.MoreA, mostMore) + wMoreB*min(f.MoreB, mostMore) + wOne*f.One +
		wFull*f.Full + wInitialFull*f.InitialFull + wClean*f.Clean + wInitialRest*f.InitialRest +
		wFamily*f.Family + wFamilyB*f.FamilyB + wSwapped*f.Swapped + wGiven*f.Given
	u := logitReview + (z-zReview)*(logitAlert-logitReview)/(zAlert-zReview)
	return 1 / (1 + math.Exp(-u))
}
