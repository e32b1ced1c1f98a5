package interpol

import (
	"math/bits"
	"strings"
)

// unit is a set of texts: those that begin with P, without regard to case, and
// go on with one of S. The zero unit is empty; every is all texts.
type unit struct {
	P string `json:"p"` // a–z only
	S uint32 `json:"s"` // bits 0–25: the letter that follows
}

const (
	odd   = 1 << 26 // something follows that is no letter a–z
	end   = 1 << 27 // nothing follows
	alpha = 1<<26 - 1
	all   = 1<<28 - 1
	steps = 28
)

var every = unit{S: all}

// class is a set of texts: those of any of its units, which are disjoint.
type class []unit

// next is what follows prefix in a text, ok if the text begins with it.
func next(text, prefix string) (step int, ok bool) {
	if len(text) < len(prefix) {
		return 0, false
	}
	for i := range len(prefix) {
		if lower(text[i]) != prefix[i] {
			return 0, false
		}
	}
	if len(text) == len(prefix) {
		return 27, true
	}
	c := lower(text[len(prefix)])
	if c < 'a' || c > 'z' {
		return 26, true
	}
	return int(c - 'a'), true
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

func (u unit) has(text string) bool {
	step, ok := next(text, u.P)
	return ok && u.S&(1<<step) != 0
}

func (c class) has(text string) bool {
	for _, u := range c {
		if u.has(text) {
			return true
		}
	}
	return false
}

// alternatives are the unit as patterns behind "^", one where possible.
func (u unit) alternatives() []string {
	switch {
	case u.S == all:
		return []string{u.P}
	case u.S == 0:
		return nil
	}
	var out []string
	switch letters := u.S & alpha; {
	case u.S&odd != 0:
		out = append(out, u.P+"[^"+ranges(alpha&^letters)+"]")
		if letters == alpha {
			out[0] = u.P + "."
		}
	case bits.OnesCount32(letters) == 1:
		out = append(out, u.P+ranges(letters))
	case letters != 0:
		out = append(out, u.P+"["+ranges(letters)+"]")
	}
	if u.S&end != 0 {
		out = append(out, u.P+"$")
	}
	return out
}

// ranges writes letters as within brackets, "a-km".
func ranges(letters uint32) string {
	var b strings.Builder
	for i := 0; i < 26; i++ {
		if letters&(1<<i) == 0 {
			continue
		}
		j := i
		for j+1 < 26 && letters&(1<<(j+1)) != 0 {
			j++
		}
		b.WriteByte(byte('a' + i))
		if j > i+1 {
			b.WriteByte('-')
		}
		if j > i {
			b.WriteByte(byte('a' + j))
		}
		i = j
	}
	return b.String()
}

// pattern is the class as a regular expression. Without more than one
// alternative it needs no alternation.
func (c class) pattern() string {
	var alts []string
	for _, u := range c {
		alts = append(alts, u.alternatives()...)
	}
	if len(alts) == 1 {
		return "^" + alts[0]
	}
	return "^(" + strings.Join(alts, "|") + ")"
}

// plain divides the class into such as need no alternation.
func (c class) plain() []class {
	var out []class
	for _, u := range c {
		if len(u.alternatives()) < 2 {
			out = append(out, class{u})
			continue
		}
		if s := u.S &^ end; s != 0 {
			out = append(out, class{{u.P, s}})
		}
		out = append(out, class{{u.P, end}})
	}
	return out
}

// joined gives the class with units of one prefix made one.
func (c class) joined() class {
	at := map[string]int{}
	var out class
	for _, u := range c {
		if i, ok := at[u.P]; ok {
			out[i].S |= u.S
			continue
		}
		at[u.P] = len(out)
		out = append(out, u)
	}
	return out
}

// single divides the unit into units of one step each.
func (u unit) single() []unit {
	var out []unit
	for step := range steps {
		if u.S&(1<<step) != 0 {
			out = append(out, unit{u.P, 1 << step})
		}
	}
	return out
}

// deeper is a unit of one letter as all that may follow it; ok is false for
// what does not go on with a letter.
func (u unit) deeper() (unit, bool) {
	if bits.OnesCount32(u.S) != 1 || u.S&alpha == 0 {
		return unit{}, false
	}
	return unit{u.P + string(rune('a'+bits.TrailingZeros32(u.S))), all}, true
}
