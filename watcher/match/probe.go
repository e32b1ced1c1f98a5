package match

import (
	"math"
	"math/bits"
	"strings"
)

// shape is what is known of a spelling before it is read.
type shape struct {
	sounds   uint64 // that it is made of, as bits of their lowest six
	size     uint16 // see system.length
	head     uint16 // the size of its first syllable, if it has two
	cut      uint8  // where that ends
	marks    uint8  // syllableMarks
	heaviest uint8  // what the part weighs most that is so spelt, in sixteenths, rounded up
	first    byte   // the first sound
}

const shapeUnit = 16

func shapeOf(s *system, code string) shape {
	sh := shape{size: s.length(code), marks: uint8(strings.Count(code, syllableMark))}
	if first, _, ok := strings.Cut(code, syllableMark); ok {
		sh.head, sh.cut = s.length(first), uint8(len(first))
	}
	if code != "" {
		sh.first = code[0] & 127
	}
	for i := range len(code) {
		if code[i] != syllableMark[0] {
			sh.sounds |= 1 << (code[i] & 63)
		}
	}
	return sh
}

// probe is a code that is looked for among spellings.
type probe struct {
	sys   *system
	code  string
	part  int     // of the notice
	need  float64 // how like it a spelling must be
	size  int
	marks int
	row   ladder
	// What is known of the code's sounds, see system.close and system.dear.
	close, kin [maxCode]uint64
	dear       [len(levels)]uint64
	before     [maxCode + 1]uint16 // how long the first letters are
}

func (p *probe) set(s *system, code string) {
	p.sys, p.code, p.size, p.marks = s, code, int(s.length(code)), strings.Count(code, syllableMark)
	p.need = s.need
	p.row.set(s, code)
	p.dear = [len(levels)]uint64{math.MaxUint64, math.MaxUint64, math.MaxUint64, math.MaxUint64}
	for j := range p.row.n {
		c := code[j] & 127
		p.close[j], p.kin[j] = s.close[c], s.kin[c]
		p.before[j+1] = p.before[j] + uint16(s.size[c])
		if c != syllableMark[0] {
			for k := range p.dear {
				p.dear[k] &= s.dear[c][k]
			}
		}
	}
}

// unlike reports whether a spelling is known by its sounds to cost more than most.
func (p *probe) unlike(sounds uint64, most int) bool {
	cost, last := 0, uint8(0)
	for k, l := range levels {
		cost += bits.OnesCount64(sounds&p.dear[k]) * int(l-last)
		last = l
	}
	if cost > most {
		return true
	}
	cost = 0
	for j := range p.row.n {
		if sounds&p.close[j] == 0 {
			if sounds&p.kin[j] == 0 {
				cost += int(min(p.row.gap[j], kinCost))
			} else {
				cost += int(min(p.row.gap[j], closeCost))
			}
		}
	}
	return cost > most
}

// mayBe reports whether a spelling can be as like the code as it must be, from its
// sounds.
func (p *probe) mayBe(sh *shape) bool {
	if sh.first == 0 || p.code == "" {
		return false
	}
	most := p.most(max(int(sh.size), p.size))
	switch marks := int(sh.marks); {
	case marks+p.marks == 0:
		if p.sys.firstsDiffer(sh.first, p.row.letters[0]) {
			most -= firstCost
		}
	case marks != p.marks && marks > 0 && p.marks > 0:
		return false
	case marks == 1 && p.marks == 0:
		n, cut := p.row.n, int(sh.cut)
		head := int(max(sh.head, p.before[min(cut+apartInSyllable, n)]))
		tail := int(max(sh.size-sh.head, p.before[n]-p.before[min(max(0, cut-apartInSyllable), n)]))
		// Either both syllables are as unlike as may be, or one is as unlike as
		// the least like may be, see bySyllable.
		most = p.most(max(head+tail, max(head, tail)*4/3+1)) + 1
	case marks == p.marks || p.marks == 1:
		// Syllables are as like as they are on the average, at best.
		most *= 1 + p.marks
	}
	return !p.unlike(sh.sounds, most)
}

// most is what the code and another may cost of which the longer is so long.
func (p *probe) most(long int) int { return int(float64(long)*(1-p.need)) + 1 }

// like is the likeness of a spelling to the code, 0 if it is less than it must be. Most
// are known to be unlike from what their sounds cost at least.
func (p *probe) like(code string, sh *shape) float64 {
	if !p.mayBe(sh) {
		return 0
	}
	l := 0.0
	if sh.marks == 0 && p.marks == 0 {
		l = p.row.plain(code, max(int(sh.size), p.size), p.need)
	} else {
		l = p.sys.likeness(code, p.code)
	}
	if l < p.need {
		return 0
	}
	return l
}

// next is like for the next of a list of spellings, which the ladder does not pass.
func (p *probe) next(s *spellings, t int32) float64 {
	from, to := s.starts[t], s.starts[t+1]
	n := int(to - from)
	if n == 0 || n > maxCode || p.code == "" || !p.sys.eastern && (n > 2*len(p.code)+2 || len(p.code) > 2*n+2) {
		return 0
	}
	long := max(int(s.longest[n]), p.size)
	if p.sys.eastern {
		// Syllables together cost no less than all of their letters.
		if _, ok := p.row.cost(s.codes[from:to], max(p.most(long+inTwo), (1+p.marks)*p.most(long))); !ok {
			return 0
		}
		return p.like(s.codes[from:to], &s.shapes[t])
	}
	most, first := p.most(long), 0
	if p.sys.firstsDiffer(s.codes[from]&127, p.row.letters[0]) {
		first = firstCost
	}
	cost, ok := p.row.cost(s.codes[from:to], most-first)
	if !ok {
		return 0
	}
	if long = max(int(s.shapes[t].size), p.size); cost+first >= long {
		return 0
	}
	if l := 1 - float64(cost+first)/float64(long); l >= p.need {
		return l
	}
	return 0
}

// inTwo is how much longer two syllables may be together than a code that is compared
// with both, see mayBe.
const inTwo = 2 * apartInSyllable * 100
