package match

import (
	"math"
	"strings"
)

// edits measures by weighted edits how like a code is to others.
type edits struct {
	sys     *system
	code    string
	n       int // letters that are compared
	letters [maxCode]byte
	gap     [maxCode]uint16
	start   [maxCode + 1]uint16 // what it costs to leave out the letters before
	rows    [2][maxCode + 1]uint16
}

// maxCode bounds codes that are compared, in letters.
const maxCode = 2 * maxToken

func (e *edits) set(s *system, code string) {
	e.sys, e.code, e.n = s, code, min(len(code), maxCode)
	for j := range e.n {
		c := code[j] & 127
		e.letters[j], e.gap[j] = c, uint16(s.gap[c])
		e.start[j+1] = e.start[j] + e.gap[j]
	}
}

// costs are what it costs to turn another code into each beginning of this one, nil
// if all of this one costs more than most. They hold until the next are asked for.
func (e *edits) costs(other string, most uint16) []uint16 {
	s, prev := e.sys, e.start[:e.n+1]
	letters, gap := e.letters[:e.n], e.gap[:e.n]
	for i := range min(len(other), maxCode) {
		x := other[i] & 127
		sub, gx := &s.sub[x], uint16(s.gap[x])
		cur := e.rows[i&1][:len(prev)]
		diagonal, left := prev[0], prev[0]+gx
		cur[0] = left
		least := left
		for j, y := range letters {
			up := prev[j+1]
			left = min(diagonal+uint16(sub[y&127]), up+gx, left+gap[j])
			diagonal = up
			cur[j+1] = left
			least = min(least, left)
		}
		if least > most {
			return nil
		}
		prev = cur
	}
	return prev
}

// ladder compares a code with many in their order: what a code begins with as the one
// before is not measured again.
type ladder struct {
	edits
	steps [maxCode + 1][maxCode + 1]uint16
	// lo and hi are the first and the last cell of each step that does not cost too
	// much; others are not looked at.
	lo, hi [maxCode + 1]int16
	valid  int // how many steps hold for the code before
	dead   int // the first of them that costs too much, 0 if none does
}

// rest is called before a list begins.
func (l *ladder) rest() { l.valid, l.dead = 0, 0 }

// passes takes note of a code that begins with so many letters as the one before, and
// reports whether they cost too much already.
func (l *ladder) passes(shared uint8) bool {
	l.valid = min(l.valid, int(shared))
	return l.dead > 0 && l.valid >= l.dead
}

// cost is what it costs to turn the code into another that does not pass; ok is false if
// it is more than most, which must be the same for all of a length and first letter.
func (l *ladder) cost(other string, most int) (cost int, ok bool) {
	l.dead = 0
	if l.valid == 0 {
		l.steps[0], l.lo[0], l.hi[0] = l.start, 0, 0
		for int(l.hi[0]) < l.n && int(l.start[l.hi[0]+1]) <= most {
			l.hi[0]++
		}
	}
	for i := l.valid; i < len(other); i++ {
		if !l.step(i, other[i]&127, most) {
			l.dead, l.valid = i+1, i+1
			return 0, false
		}
	}
	l.valid = len(other)
	return int(l.steps[len(other)][l.n]), int(l.hi[len(other)]) == l.n
}

// step measures one letter more, and reports whether anything costs no more than most.
func (l *ladder) step(i int, x byte, most int) bool {
	const never = math.MaxUint16 / 2
	sub, gx := &l.sys.sub[x], uint16(l.sys.gap[x])
	prev, cur := &l.steps[i], &l.steps[i+1]
	from, to := int(l.lo[i]), int(l.hi[i])
	lo, hi := -1, -1
	diagonal, left := uint16(never), uint16(never)
	for j := from; j <= to; j++ {
		up := prev[j]
		v := up + gx
		if j > 0 {
			v = min(v, diagonal+uint16(sub[l.letters[j-1]&127]), left+l.gap[j-1])
		}
		diagonal, left = up, v
		cur[j] = v
		if int(v) <= most {
			if hi = j; lo < 0 {
				lo = j
			}
		}
	}
	for j := to + 1; j <= l.n; j++ {
		left = min(diagonal+uint16(sub[l.letters[j-1]&127]), left+l.gap[j-1])
		if int(left) > most {
			break
		}
		cur[j], diagonal = left, never
		if hi = j; lo < 0 {
			lo = j
		}
	}
	l.lo[i+1], l.hi[i+1] = int16(lo), int16(hi)
	return lo >= 0
}

// plain is the likeness to another code, the longer of the two being so long; under
// floor it may be 0.
func (e *edits) plain(other string, long int, floor float64) float64 {
	s := e.sys
	if other == e.code {
		return 1
	}
	if !lengthsFit(other, e.code) {
		return 0
	}
	most := int(float64(long)*(1-floor)) + 1
	if s.firstDiffers(other, e.code) {
		most -= firstCost
	}
	if most < 0 {
		return 0
	}
	if row := e.costs(other, uint16(min(most, math.MaxUint16))); row != nil {
		return s.likeAt(other, e.code, int(row[e.n]), long)
	}
	return 0
}

// lengthsFit is false for codes of which one has too many letters to be the other.
func lengthsFit(a, b string) bool {
	return a != "" && b != "" && len(a) <= 2*len(b)+2 && len(b) <= 2*len(a)+2
}

// byCost is the likeness of codes from what their edits cost.
func (s *system) byCost(a, b string, cost int) float64 {
	if a == b {
		return 1
	}
	if !lengthsFit(a, b) {
		return 0
	}
	return s.likeAt(a, b, cost, int(max(s.length(a), s.length(b))))
}

// likeAt is byCost of two codes that are not the same, the longer being so long.
func (s *system) likeAt(a, b string, cost, long int) float64 {
	if s.firstDiffers(a, b) {
		cost += firstCost
	}
	if cost >= long {
		return 0
	}
	return 1 - float64(cost)/float64(long)
}

// plain is likeness by weighted edits; under floor it may be 0.
func (s *system) plain(a, b string, floor float64) float64 {
	if a == b {
		return 1
	}
	if !lengthsFit(a, b) {
		return 0
	}
	var e edits
	e.set(s, b)
	return e.plain(a, int(max(s.length(a), s.length(b))), floor)
}

// divided compares two syllables with a code that may be both of them: the first with
// all that the code begins with at once, the second with all that it ends in.
func (s *system) divided(two, whole string) float64 {
	first, second, _ := strings.Cut(two, syllableMark)
	if rest, ok := strings.CutPrefix(whole, first); ok && rest == second {
		return 1
	}
	if first == "" || second == "" {
		return 0
	}
	whole = whole[:min(len(whole), maxCode)]
	from, to := max(1, len(first)-apartInSyllable), min(len(whole)-1, len(first)+apartInSyllable)
	if from > to {
		return 0
	}
	var e edits
	e.set(s, whole)
	// The least like of the syllables counts for three quarters.
	long := max(int(s.length(first)), int(s.length(whole[:to])))
	row := e.costs(first, uint16(float64(long)*(1-s.need)*4/3)+1)
	if row == nil {
		return 0
	}
	var heads [2*apartInSyllable + 1]float64
	most := 0.0
	for i := from; i <= to; i++ {
		heads[i-from] = s.byCost(first, whole[:i], int(row[i]))
		most = max(most, heads[i-from])
	}
	if most*3/4+0.25 < s.need {
		return 0
	}
	var turned [2][maxCode]byte
	e.set(s, backwards(whole, &turned[0]))
	row = e.costs(backwards(second, &turned[1]), math.MaxUint16)
	best := 0.0
	for i := from; i <= to; i++ {
		if l := heads[i-from]; l > 0 {
			m := s.byCost(second, whole[i:], int(row[len(whole)-i]))
			best = max(best, min(l, m)/2+(l+m)/4)
		}
	}
	return best
}

// apartInSyllable is how many letters more or less a syllable may have.
const apartInSyllable = 2

func backwards(code string, b *[maxCode]byte) string {
	n := min(len(code), maxCode)
	for i := range n {
		b[n-1-i] = code[i]
	}
	return string(b[:n])
}
