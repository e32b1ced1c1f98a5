package match

import (
	"math"
	"strings"
)

// A system is a way of writing names in Latin letters, with its own idea of which
// letters stand for one another. Names are rewritten into codes, one byte a sound,
// and codes are compared by weighted edits. Costs are hundredths of a whole edit.
type system struct {
	name    string
	id      byte        // place among systems
	need    float64     // likeness under which parts are different names
	eastern bool        // written in short syllables that are neither particles nor initials
	rules   [128][]rule // by their first letter, in order
	sub     [128][128]uint8
	gap     [128]uint8 // to leave a sound out
	size    [128]uint8 // what a sound counts for in the length of a name
	// For each sound, as bits of their lowest six, those that cost less than closeCost
	// and kinCost beside it, and those that cost at least so much as each level says.
	close, kin [128]uint64
	dear       [128][len(levels)]uint64
}

type rule struct{ from, to string }

// rewrite applies the system's rules from left to right, the first that fits, and
// drops doubled sounds.
func (s *system) rewrite(w string) string {
	out := make([]byte, 0, len(w))
	for i := 0; i < len(w); {
		n := 1
		to := w[i : i+1]
		for _, r := range s.rules[w[i]&127] {
			if strings.HasPrefix(w[i:], r.from) {
				n, to = len(r.from), r.to
				break
			}
		}
		for j := range len(to) {
			if len(out) == 0 || out[len(out)-1] != to[j] {
				out = append(out, to[j])
			}
		}
		i += n
	}
	return string(out)
}

const vowels = "aeiou" // in codes, of every system

// newSystem builds the costs: base for any two consonants, any two vowels and a
// vowel against a consonant, then what groups says, each "cost letters": any two
// of the letters. gaps says "cost letters".
func newSystem(name string, rules []rule, vowel, drop uint8, groups, gaps []cost) *system {
	s := &system{name: name, need: 0.66}
	for _, r := range rules {
		s.rules[r.from[0]] = append(s.rules[r.from[0]], r)
	}
	for a := range 128 {
		va := strings.IndexByte(vowels, byte(a)) >= 0
		s.gap[a], s.size[a] = 100, 100
		if va {
			s.gap[a], s.size[a] = drop, 60
		}
		for b := range 128 {
			vb := strings.IndexByte(vowels, byte(b)) >= 0
			switch {
			case a == b:
			case va && vb:
				s.sub[a][b] = vowel
			case va != vb:
				s.sub[a][b] = 120
			default:
				s.sub[a][b] = 100
			}
		}
	}
	for _, g := range gaps {
		for _, a := range []byte(g.of) {
			s.gap[a] = g.cost
			if s.size[a] > g.cost+20 {
				s.size[a] = g.cost + 20
			}
		}
	}
	for _, g := range groups {
		for i := range len(g.of) {
			for j := range len(g.of) {
				if i != j {
					s.sub[g.of[i]][g.of[j]] = g.cost
				}
			}
		}
	}
	for a := range 128 {
		for b := range 128 {
			if s.sub[a][b] < closeCost {
				s.close[a] |= 1 << (b & 63)
			}
			if s.sub[a][b] < kinCost {
				s.kin[a] |= 1 << (b & 63)
			}
		}
		for k, l := range levels {
			s.dear[a][k] = math.MaxUint64
			for b := range 128 {
				if b != int(syllableMark[0]) && min(s.sub[a][b], s.gap[b]) < l {
					s.dear[a][k] &^= 1 << (b & 63)
				}
			}
		}
	}
	return s
}

// kinCost is what sounds cost beside one another that are not taken for each other,
// closeCost what those cost that are not easily taken.
const closeCost, kinCost = 25, 60

// levels are the steps in which it is counted what sounds cost at least.
var levels = [...]uint8{12, 25, 40, 60}

type cost struct {
	cost uint8
	of   string
}

// likeness is 1 for equal codes and falls to the system's need; codes less alike
// give 0. Where syllables are known to both they are compared one by one, and the
// least like tells most; a code that is not divided is divided as suits the other.
func (s *system) likeness(a, b string) float64 {
	if a == b {
		return 1
	}
	l := 0.0
	if s.eastern {
		na, nb := strings.Count(a, syllableMark), strings.Count(b, syllableMark)
		switch {
		case na == 0 && nb == 0:
			l = s.plain(a, b, s.need)
		case na == nb:
			l = s.bySyllable(a, b)
		case na == 1 && nb == 0:
			l = s.divided(a, b)
		case na == 0 && nb == 1:
			l = s.divided(b, a)
		case na > 0 && nb > 0:
		default:
			l = s.plain(strings.ReplaceAll(a, syllableMark, ""), strings.ReplaceAll(b, syllableMark, ""), s.need)
		}
	} else {
		l = s.plain(a, b, s.need)
	}
	if l < s.need {
		return 0
	}
	return l
}

// syllableMark stands between syllables in codes of eastern systems.
const syllableMark = "-"

func (s *system) bySyllable(a, b string) float64 {
	least, sum, n := 1.0, 0.0, 0
	for a != "" || b != "" {
		var x, y string
		x, a, _ = strings.Cut(a, syllableMark)
		y, b, _ = strings.Cut(b, syllableMark)
		l := s.plain(x, y, 2*s.need-1)
		if l == 0 {
			return 0
		}
		least, sum, n = min(least, l), sum+l, n+1
	}
	return (least + sum/float64(n)) / 2
}

// length is that of a code in hundredths of a whole sound.
func (s *system) length(code string) uint16 {
	n := uint16(0)
	for i := range len(code) {
		n += uint16(s.size[code[i]&127])
	}
	return n
}

// firstCost is what codes cost more that begin otherwise: the first sound of a name is
// the one least often changed.
const firstCost = 40

func (s *system) firstDiffers(a, b string) bool { return s.firstsDiffer(a[0]&127, b[0]&127) }

func (s *system) firstsDiffer(x, y byte) bool {
	return s.sub[x][y] > firstCost && s.gap[x] > firstCost && s.gap[y] > firstCost
}

// Capitals in codes: S sh, C ch, J dzh, Z zh, X kh, G gh.
var western = newSystem("latin", []rule{
	{"shch", "S"}, {"schtsch", "S"}, {"tsch", "C"}, {"dsch", "J"}, {"sch", "S"}, {"tch", "C"}, {"dzh", "J"}, {"dsh", "J"}, {"sh", "S"}, {"ch", "C"}, {"zh", "Z"},
	{"tkh", "t"}, {"kh", "X"}, {"gh", "g"}, {"ph", "f"}, {"th", "t"}, {"dh", "d"}, {"bh", "b"}, {"ck", "k"}, {"cz", "C"}, {"sz", "s"}, {"dj", "J"},
	{"dzi", "di"}, {"dz", "J"}, {"ts", "c"}, {"tz", "c"}, {"ks", "x"}, {"que", "ke"}, {"qui", "ki"}, {"ou", "u"}, {"oo", "u"}, {"ee", "i"}, {"iy", "i"}, {"yi", "i"}, {"ij", "i"}, {"ii", "i"}, {"ie", "e"}, {"ye", "e"}, {"ey", "ei"}, {"ay", "ai"}, {"ae", "e"}, {"oe", "o"}, {"ue", "u"},
	{"w", "v"}, {"q", "k"},
}, 40, 40, []cost{
	{30, "ae"}, {30, "ei"}, {25, "ou"}, {35, "ao"}, {10, "iy"}, {15, "yj"}, {20, "ij"},
	{50, "bp"}, {40, "bv"}, {35, "vf"}, {45, "pf"}, {40, "dt"}, {40, "gk"}, {25, "kX"}, {20, "Xh"}, {35, "gh"}, {40, "gX"}, {30, "sz"}, {20, "sS"}, {25, "SC"}, {30, "zZ"}, {25, "ZJ"}, {20, "Jj"}, {25, "jZ"}, {25, "Zy"},
	{35, "JC"}, {30, "Jg"}, {40, "jX"}, {40, "jh"}, {15, "ck"}, {15, "cs"}, {25, "cz"}, {15, "cC"}, {30, "cS"}, {25, "cJ"}, {30, "CJ"}, {30, "kC"}, {40, "SZ"}, {50, "mn"}, {70, "lr"}, {25, "vu"}, {40, "vo"}, {20, "xk"}, {20, "xs"}, {30, "xX"}, {30, "xz"}, {30, "xS"}, {50, "Jz"}, {40, "tc"}, {40, "gJ"}, {50, "dz"}, {40, "CX"}, {35, "xh"},
}, []cost{{35, "h"}, {35, "y"}, {70, "v"}})

func strictly(s *system, need float64) *system {
	s.need = need
	return s
}

func eastern(s *system, need float64) *system {
	s.eastern = true
	s.size[syllableMark[0]], s.gap[syllableMark[0]] = 0, 0
	return strictly(s, need)
}
