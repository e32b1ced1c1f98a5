package match

import "strings"

// romanised is a part in Latin letters as Arabic script would write it: its consonants,
// a vowel it begins with among them, as that stands on one, and which of the three vowels
// of Arabic may stand before each and at the end. Custom writes a short i as i or e, an a
// as a or e, a u as u or o, and leaves any out; it has q as q, k, g or gh, the emphatic d
// as d, dh or z, th as t or s. Written from memory, to be checked against: ALA-LC
// romanisation table for Arabic (2012), and Wikipedia, "Romanization of Arabic" (CC BY-SA
// 4.0), for custom.
type romanised struct {
	consonants string
	vowels     [maxToken + 1]uint8
}

const (
	vowelA = 1 << iota
	vowelI
	vowelU
)

// leastConsonants are as many as an Arabic root has: with fewer, vowels are half of
// what tells names apart.
const leastConsonants = 3

var arabicDigraphs = strings.NewReplacer("tch", "C", "kh", "X", "gh", "G", "sh", "S", "ch", "C", "th", "T", "dh", "D", "ph", "f", "dj", "j", "ck", "k", "c", "k", "p", "b", "v", "w")

func romanise(text string) (r romanised) {
	w := arabicDigraphs.Replace(text)
	if rest, ok := strings.CutSuffix(w, "ttin"); ok {
		w = rest + "ddin" // Turkish
	}
	var b strings.Builder
	last := byte(0)
	for i := 0; i < len(w); i++ {
		c := w[i]
		vowel := strings.IndexByte(vowels, c) >= 0
		before := i > 0 && strings.IndexByte(vowels, w[i-1]) >= 0
		after := i+1 < len(w) && strings.IndexByte(vowels, w[i+1]) >= 0
		if i == 0 && vowel {
			b.WriteByte('A')
		}
		v := &r.vowels[b.Len()]
		heard := byte(0)
		switch {
		case c == 'a':
			*v |= vowelA
		case c == 'e':
			*v |= vowelA | vowelI
		case c == 'i', c == 'y' && !(before && after):
			*v |= vowelI
		case c == 'o', c == 'u', c == 'w' && !after:
			*v |= vowelU
		case c == 'h' && i == len(w)-1 && before:
			// ta marbuta
		case c == last:
			heard = c // a doubled consonant
		default:
			if heard = c; b.Len() < maxToken {
				b.WriteByte(c)
			}
		}
		last = heard
	}
	r.consonants = b.String()
	return r
}

// sameConsonant holds for letters that may stand for one of Arabic.
func sameConsonant(a, b byte) bool {
	if a == b {
		return true
	}
	for _, x := range [...][2]byte{{a, b}, {b, a}} {
		switch x[0] {
		case 'q':
			return x[1] == 'k' || x[1] == 'g' || x[1] == 'G'
		case 'D':
			return x[1] == 'd' || x[1] == 'z'
		case 'T':
			return x[1] == 't' || x[1] == 's'
		case 'C':
			return x[1] == 'S'
		}
	}
	return false
}

// same reports whether two parts may be romanisations of one name in Arabic script.
func (r *romanised) same(o *romanised) bool {
	n := len(r.consonants)
	if n < 2 || n != len(o.consonants) {
		return false
	}
	for i := range n {
		if !sameConsonant(r.consonants[i], o.consonants[i]) {
			return false
		}
	}
	for i := range n + 1 {
		a, b := r.vowels[i], o.vowels[i]
		switch {
		case a != 0 && b != 0:
			if a&b == 0 {
				return false
			}
		case n < leastConsonants && a|b != 0:
			return false // where a vowel is missing, two consonants are too few
		case i == n && a|b != 0 && a|b != vowelA|vowelI:
			return false // Hasan is not Hasani, but Amine is Amin as French has it
		}
	}
	return true
}

// arabicSpellings are other ways to write a part of a name that looks Arabic: without the
// article that is joined to it (which the Maghreb writes as the n, r, s, t, d or z behind
// it), with its diphthong or two vowels as ai, and with aw as o.
func arabicSpellings(w string) (out []string) {
	if len(w) >= 5 && (w[:2] == "al" || w[:2] == "el") && strings.IndexByte(vowels, w[2]) < 0 {
		out = append(out, w[2:])
	}
	if len(w) >= 5 && w[0] == 'e' && w[1] == w[2] && strings.IndexByte("nrstdz", w[1]) >= 0 {
		out = append(out, w[2:])
	}
	for _, e := range [...]string{"aye", "ayi", "ae"} {
		if i := strings.Index(w, e); i > 0 {
			return append(out, w[:i]+"ai"+w[i+len(e):])
		}
	}
	if i := strings.Index(w, "aw"); i > 0 && i+2 < len(w) && strings.IndexByte(vowels, w[i+2]) < 0 {
		out = append(out, w[:i]+"o"+w[i+2:])
	}
	return out
}
