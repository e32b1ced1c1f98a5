package match

import "strings"

// A system is a way of writing names in Latin letters, with its own idea of which
// letters stand for one another. Names are rewritten into codes, one byte a sound,
// and codes are compared by weighted edits. Costs are hundredths of a whole edit.
type system struct {
	name    string
	need    float64 // likeness under which parts are different names
	eastern bool    // written in short syllables that are neither particles nor initials
	rules   []rule
	sub     [128][128]uint8
	gap     [128]uint8 // to leave a sound out
	size    [128]uint8 // what a sound counts for in the length of a name
}

type rule struct{ from, to string }

// rewrite applies the system's rules from left to right, the first that fits, and
// drops doubled sounds.
func (s *system) rewrite(w string) string {
	out := make([]byte, 0, len(w))
	for i := 0; i < len(w); {
		n := 1
		to := w[i : i+1]
		for _, r := range s.rules {
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
	s := &system{name: name, need: 0.66, rules: rules}
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
	return s
}

type cost struct {
	cost uint8
	of   string
}

// likeness is 1 for equal codes and falls to 0; floor ends the work early: below
// it 0 is as good.
func (s *system) likeness(a, b string) float64 {
	if a == b {
		return 1
	}
	if a == "" || b == "" || len(a) > 2*len(b)+2 || len(b) > 2*len(a)+2 {
		return 0
	}
	la, lb := 0, 0
	for i := range len(a) {
		la += int(s.size[a[i]&127])
	}
	for i := range len(b) {
		lb += int(s.size[b[i]&127])
	}
	long := max(la, lb)
	var rows [2][3*maxToken + 1]uint16
	prev, cur := &rows[0], &rows[1]
	b = b[:min(len(b), 3*maxToken)]
	for j := range len(b) {
		prev[j+1] = prev[j] + uint16(s.gap[b[j]&127])
	}
	for i := range len(a) {
		x := a[i] & 127
		gx := uint16(s.gap[x])
		cur[0] = prev[0] + gx
		sub := &s.sub[x]
		for j := range len(b) {
			y := b[j] & 127
			v := prev[j] + uint16(sub[y])
			if w := prev[j+1] + gx; w < v {
				v = w
			}
			if w := cur[j] + uint16(s.gap[y]); w < v {
				v = w
			}
			cur[j+1] = v
		}
		prev, cur = cur, prev
	}
	d := int(prev[len(b)])
	// The first sound of a name is the one least often changed.
	if s.sub[a[0]&127][b[0]&127] > 40 && s.gap[a[0]&127] > 40 && s.gap[b[0]&127] > 40 {
		d += 40
	}
	if d >= long {
		return 0
	}
	return 1 - float64(d)/float64(long)
}

// Capitals in codes: S sh, C ch, J dzh, Z zh, X kh, G gh.
var western = newSystem("latin", []rule{
	{"shch", "S"}, {"schtsch", "S"}, {"tsch", "C"}, {"dsch", "J"}, {"sch", "S"}, {"tch", "C"}, {"dzh", "J"}, {"dsh", "J"}, {"sh", "S"}, {"ch", "C"}, {"zh", "Z"},
	{"tkh", "t"}, {"kh", "X"}, {"gh", "g"}, {"ph", "f"}, {"th", "t"}, {"dh", "d"}, {"rh", "r"}, {"bh", "b"}, {"ck", "k"}, {"cz", "C"}, {"sz", "s"}, {"dj", "J"},
	{"dzi", "di"}, {"dz", "J"}, {"ts", "c"}, {"tz", "c"}, {"ks", "x"}, {"que", "ke"}, {"qui", "ki"}, {"ou", "u"}, {"oo", "u"}, {"ee", "i"}, {"iy", "i"}, {"yi", "i"}, {"ij", "i"}, {"ii", "i"}, {"ie", "e"}, {"ye", "e"}, {"ey", "ei"}, {"ay", "ai"}, {"ae", "e"}, {"oe", "o"}, {"ue", "u"},
	{"w", "v"}, {"q", "k"},
}, 40, 40, []cost{
	{30, "ae"}, {30, "ei"}, {25, "ou"}, {35, "ao"}, {10, "iy"}, {15, "yj"}, {20, "ij"},
	{50, "bp"}, {40, "bv"}, {35, "vf"}, {45, "pf"}, {40, "dt"}, {40, "gk"}, {25, "kX"}, {20, "Xh"}, {35, "gh"}, {40, "gX"}, {30, "sz"}, {20, "sS"}, {25, "SC"}, {30, "zZ"}, {25, "ZJ"}, {20, "Jj"}, {25, "jZ"}, {25, "Zy"},
	{35, "JC"}, {30, "Jg"}, {40, "jX"}, {40, "jh"}, {15, "ck"}, {15, "cs"}, {25, "cz"}, {15, "cC"}, {30, "cS"}, {25, "cJ"}, {30, "CJ"}, {30, "kC"}, {40, "SZ"}, {50, "mn"}, {70, "lr"}, {25, "vu"}, {40, "vo"}, {20, "xk"}, {20, "xs"}, {30, "xX"}, {30, "xz"}, {30, "xS"}, {50, "Jz"}, {40, "tc"}, {40, "gJ"}, {50, "dz"},
}, []cost{{35, "h"}, {35, "y"}, {70, "v"}})

func strictly(s *system, need float64) *system {
	s.need = need
	return s
}

func eastern(s *system, need float64) *system {
	s.eastern = true
	return strictly(s, need)
}
