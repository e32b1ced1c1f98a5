package match

import (
	"math"
	"math/bits"
)

// A feature is one thing that the decision is made of.
const (
	fBias         = iota
	fMatched      // weight of linked parts
	fMatched2     // its square
	fDoubt        // weight of linked parts, as far as they do not agree
	fWorst        // how far the worst link does not agree
	fWorst2       // its square
	fAgainst      // weight of parts that contradict one another
	fAgainstMost  // weight of the weightiest of them, which tells all
	fMoreA        // weight of parts that the person has more, patronymics left out
	fMoreB        // weight of parts that the notice has more, patronymics left out
	fMoreThin     // fMoreA, the more the less was linked
	fMoreClean    // weight of parts that either has more beside fClean
	fFull         // 1 if no part is left on either side, less by what is in doubt
	fClean        // 1 if two parts or more are equal and nothing contradicts
	fThree        // 1 if three parts or more are linked
	fInitialClean // 1 if an initial was linked, the other parts are equal and none is left
	fInitialThin  // how common the other parts are, if an initial was linked
	fInitialRest  // 1 if an initial was linked and a part is left
	fFamily       // 1 if family names known on both sides contradict
	fFamilyB      // 1 if the notice's is not linked
	fSwapped      // 1 if family names known on both sides are each linked, but not to one another
	fGiven        // 1 if given names are known on one side, and none is linked
	fLone         // 1 if one part alone was linked, where both have more and it is not rare
	fFirst        // 1 if a first given name known on one side is not linked, but another of its given names is (of Vietnamese the last)
	featureCount
)

type features [featureCount]float64

// More than this tells no more.
const (
	mostMatched, mostMore = 2.2, 1.2
	thin                  = 1.8
	noDoubt               = 0.05
	loneWeight            = 1.0
	rare                  = 1.15
	initialAgainst        = 0.5
	middleNames           = 3 // Vietnamese syllables say more against each other than each tells
)

func (al *alignment) measure() {
	al.f, al.score = features{}, 0
	f := &al.f
	A, B := al.form.parts, al.view.parts
	f[fBias] = 1
	whole, initials := 0, 0
	famA, famB, both := false, false, false
	for i := range al.links {
		l := &al.links[i]
		f[fMatched] += l.weight
		f[fDoubt] += l.weight * (1 - l.quality)
		f[fWorst] = max(f[fWorst], 1-l.quality)
		if l.initial {
			initials++
		} else {
			whole += int(max(l.an, l.bn))
		}
		a, b := hasFamily(A[l.a:l.a+l.an]), hasFamily(B[l.b:l.b+l.bn])
		famA, famB, both = famA || a, famB || b, both || a && b
	}
	al.aFree, al.bFree = unrepeated(A, al.aFree), unrepeated(B, al.bFree)
	// What is left on both sides contradicts, the weightiest with the weightiest;
	// patronymics with patronymics only.
	var a, b [2 * maxTokens]float64
	times := 1.0
	if al.form.sys == vietnamese {
		times = middleNames
	}
	f.oppose(rest(a[:0], A, al.aFree, false), rest(b[:0], B, al.bFree, false), times)
	if initialLeft(A, al.aFree) && initialLeft(B, al.bFree) {
		f.contradict(initialAgainst) // two initials say more against each other than each tells
	}
	f.opposePatronymics(rest(a[:0], A, al.aFree, true), rest(b[:0], B, al.bFree, true), 1)
	if sys := al.form.sys; sys.eastern && sys != vietnamese {
		for free := al.bFree; free != 0; free &= free - 1 {
			j := bits.TrailingZeros32(free)
			if B[j].joint || j+1 < len(B) && B[j+1].joint {
				f.contradict(B[j].weight) // a syllable more is another name
			}
		}
	}
	hasA, hasB := hasFamily(A), hasFamily(B)
	f.set(fGiven, hasA && !given(A, al.aFree) || hasB && !given(B, al.bFree))
	switch sys := al.form.sys; {
	case sys == vietnamese:
		f.set(fFirst, calledLeft(A, al.aFree) || calledLeft(B, al.bFree))
	case !sys.eastern:
		f.set(fFirst, hasA && firstLeft(A, al.aFree) || hasB && firstLeft(B, al.bFree))
	}
	f.set(fFamilyB, hasB && !famB)
	f.set(fFamily, hasA && hasB && !both)
	f.set(fSwapped, hasA && hasB && !both && famA && famB)
	f.set(fLone, whole == 1 && initials == 0 && f[fMatched] < loneWeight && wholes(A) > 1 && wholes(B) > 1)
	none := !left(A, al.aFree) && !left(B, al.bFree)
	sure := f[fDoubt] < noDoubt
	if none && initials == 0 {
		f[fFull] = max(0, 1-f[fDoubt])
	}
	f.set(fClean, f[fAgainst] == 0 && sure && whole > 1)
	f.set(fThree, whole > 2)
	f.set(fInitialClean, initials > 0 && sure && none)
	f.set(fInitialRest, initials > 0 && !none)
	if initials > 0 {
		f[fInitialThin] = max(0, rare-(f[fMatched]-initialWeight*float64(initials)))
	}
	if f[fClean] > 0 {
		f[fMoreClean] = min(f[fMoreA]+f[fMoreB], mostMore)
		f[fMoreA], f[fMoreB] = 0, 0
	}
	f[fMoreThin] = min(f[fMoreA], mostMore) * max(0, thin-f[fMatched])
	f[fMatched] = min(f[fMatched], mostMatched)
	f[fMatched2] = f[fMatched] * f[fMatched]
	f[fWorst2] = f[fWorst] * f[fWorst]
	f[fMoreA], f[fMoreB] = min(f[fMoreA], mostMore), min(f[fMoreB], mostMore)
	if len(al.links) > 0 {
		al.score = f.score(al.form.sys, al.form.script)
	}
}

func (f *features) set(i int, is bool) {
	if is {
		f[i] = 1
	}
}

func (f *features) contradict(w float64) {
	f[fAgainst] += w
	f[fAgainstMost] = max(f[fAgainstMost], w)
}

func (f *features) oppose(a, b []float64, times float64) {
	f.opposePatronymics(a, b, times)
	n := min(len(a), len(b))
	for _, w := range a[n:] {
		f[fMoreA] += w
	}
	for _, w := range b[n:] {
		f[fMoreB] += w
	}
}

// opposePatronymics is oppose, but that one left out tells nothing.
func (f *features) opposePatronymics(a, b []float64, times float64) {
	for i := range min(len(a), len(b)) {
		f.contradict((a[i] + b[i]) / 2 * times)
	}
}

// wholes counts the parts that are no initials.
func wholes(ps []part) int {
	n := 0
	for i := range ps {
		if !ps[i].initial {
			n++
		}
	}
	return n
}

// given reports whether some part is linked that is not of the family name, or
// whether there is none.
func given(ps []part, free uint32) bool {
	none := true
	for i := range ps {
		if !ps[i].family {
			if free&(1<<i) == 0 {
				return true
			}
			none = false
		}
	}
	return none
}

// firstLeft reports whether the first given name is free and another is not.
func firstLeft(ps []part, free uint32) bool {
	first := -1
	for i := range ps {
		if ps[i].family || ps[i].patro {
			continue
		}
		if first < 0 {
			if first = i; free&(1<<i) == 0 {
				return false
			}
		} else if free&(1<<i) == 0 {
			return true
		}
	}
	return false
}

// calledLeft reports whether the last syllable of a Vietnamese name that begins with its
// surname, by which somebody is called, is free, and one before it is not.
func calledLeft(ps []part, free uint32) bool {
	last := len(ps) - 1
	return last > 1 && vietnameseSurnames[ps[0].text] && free&(1<<last) != 0 && free&mask(1, last-1) != mask(1, last-1)
}

// unrepeated takes from the free parts those that say a linked one again: "Lady
// Varden, Mira Varden".
func unrepeated(ps []part, free uint32) uint32 {
	for rest := free; rest != 0; rest &= rest - 1 {
		i := bits.TrailingZeros32(rest)
		for j := range ps {
			if i != j && free&(1<<j) == 0 && ps[i].text != "" && ps[i].text == ps[j].text {
				free &^= 1 << i
				break
			}
		}
	}
	return free
}

// left reports whether a free part is more than an initial.
func left(ps []part, free uint32) bool {
	for ; free != 0; free &= free - 1 {
		if !ps[bits.TrailingZeros32(free)].initial {
			return true
		}
	}
	return false
}

func initialLeft(ps []part, free uint32) bool {
	for ; free != 0; free &= free - 1 {
		if ps[bits.TrailingZeros32(free)].initial {
			return true
		}
	}
	return false
}

// rest puts the weights of free parts into out, the weightiest first.
func rest(out []float64, ps []part, free uint32, patro bool) []float64 {
	for ; free != 0; free &= free - 1 {
		p := &ps[bits.TrailingZeros32(free)]
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

// weights were fitted by logistic regression on all developer pairs but those of
// differing birth dates, and on chance meetings of their people with the whole
// population, without the loudest, most of whom bear one name in both files and seem to
// be the same people; then, with the tables as they are now, again towards those weights,
// eight strangers' worth for each, what lies near the alert tier's threshold counting
// most. Each weight has the sign that its feature must have, so that more agreement never
// lowers a score. Crossed five ways by person, recall at 5 strangers was .880 where it is
// .886 here. fLone was set by hand, as were the leans of Vietnamese and of Arabic letters,
// fMoreClean and fFamilyB near their fitted values, and the thresholds. The review tier's is where a
// hundred strangers in 10,000 would be told for 1,000 people, the alert tier's where five are.
var weights = features{
	fBias: -5.36, fMatched: 0.58, fMatched2: 1.75, fDoubt: -3.58, fWorst: -2.45, fWorst2: -1.52,
	fAgainst: -2.71, fAgainstMost: -3.12, fMoreA: -0.89, fMoreB: -0.18, fMoreThin: -1.13, fMoreClean: -1.50,
	fFull: 1.87, fClean: 2.29, fThree: 0.19, fInitialClean: 2.79, fInitialThin: -1.81, fInitialRest: -0.47,
	fFamily: -1.43, fFamilyB: -2.20, fSwapped: -2.07, fGiven: -1.49, fLone: -3.30, fFirst: -2.56,
}

const (
	zReview, zAlert         = -5.65, -0.297 // where the default thresholds lie
	logitReview, logitAlert = 0.4055, 1.3863
)

// lean is what a system adds to every comparison in it, and what it takes off a
// doubt, as some tell less by their letters than others.
type lean struct{ bias, doubt, more float64 }

// leans are of names written in another script than Latin, latinLeans of those in
// Latin letters, which are read in these systems besides.
var (
	leans      = map[*system]lean{pinyin: {1.27, 0, 0.01}, sinitic: {1.32, 1.79, 0.20}, korean: {1.73, 0.47, -0.67}, uyghur: {0.69, -0.72, -0.75}, heard: {1.3, 0, 0.2}, semitic: {1.10, 0.07, -2.39}, western: {0.24, -0.08, -1.21}}
	latinLeans = map[*system]lean{western: {-0.22, -0.47, 0.27}, pinyin: {0.45, 0.13, -0.05}, korean: {1.13, -0.29, 0.04}, uyghur: {0.01, -1.11, -0.93}, semitic: {-1.48, -0.70, -0.89}, vietnamese: {1.80, 0, 0}, heard: {1.3, 0, 0.2}}
)

func leanOf(s *system, written script) lean {
	if written == latin {
		return latinLeans[s]
	}
	return leans[s]
}

// logit is the decision on a scale without bounds.
func (f *features) logit(s *system, written script) float64 {
	l := leanOf(s, written)
	z := l.bias + l.doubt*f[fDoubt] + l.more*(f[fMoreA]+f[fMoreB]+f[fMoreClean])
	for i := range f {
		z += weights[i] * f[i]
	}
	return z
}

// A doubt is what it costs on the logit's scale, at least, that a link does not agree in
// all: linear·d + square·d², where d is what its quality is under 1.
type doubt struct{ linear, square float64 }

func doubtOf(s *system, written script, weight float64) doubt {
	return doubt{-(weights[fDoubt]+leanOf(s, written).doubt)*weight - weights[fWorst], -weights[fWorst2]}
}

// least is the least quality that costs no more than room, more than 1 if none does.
func (c doubt) least(room float64) float64 {
	if room < 0 {
		return 2
	}
	return 1 - (math.Sqrt(c.linear*c.linear+4*c.square*room)-c.linear)/(2*c.square)
}

// room is how far a score lies over another, on the logit's scale.
func room(score, least float64) float64 {
	return (math.Log(score/(1-score)) - math.Log(least/(1-least))) * (zAlert - zReview) / (logitAlert - logitReview)
}

// score puts the features on a scale from 0 to 1, on which DefaultReview and
// DefaultAlert are where they were fitted.
func (f *features) score(s *system, written script) float64 {
	u := logitReview + (f.logit(s, written)-zReview)*(logitAlert-logitReview)/(zAlert-zReview)
	return 1 / (1 + math.Exp(-u))
}
