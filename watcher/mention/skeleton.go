package mention

import "strings"

// A skeleton is a word's consonants by class, four bits each, the first six: what
// scripts, systems of spelling and missing vowels leave alone. Vowels, h, y and the
// like are none.
type skeleton uint32

const (
	cK = 1 + iota
	cS
	cT
	cP
	cF
	cL
	cR
	cM
	cN
)

const mostClasses = 6

// alternatives are the classes that letters may stand for, 0 for none: those that a
// word of a text is looked up by, and those that a person's name is kept under
// besides. One agreeing reading is enough, so that a text's word needs few.
type alternatives struct {
	from       string
	text, more []uint8
}

// Classes by what the letters stand for across the systems of watcher/match: see
// there for sources (systems.go, arabic.go, cyrillic.go, han.go).
var classes = func() (t [128][]alternatives) {
	for _, a := range []alternatives{
		{"tzh", []uint8{andS}, []uint8{cS}}, {"tsh", []uint8{cS, andS}, nil},
		{"sch", []uint8{cS}, nil}, {"shch", []uint8{cS}, nil}, {"sh", []uint8{cS}, nil}, {"zh", []uint8{cS}, nil}, {"tch", []uint8{cS}, nil},
		{"ch", []uint8{cS}, []uint8{cK}}, {"ts", []uint8{cS}, nil}, {"tz", []uint8{cS}, nil}, {"dzh", []uint8{cS}, nil}, {"dj", []uint8{cS}, nil},
		{"kh", []uint8{0}, []uint8{cK, cS}}, {"gh", []uint8{cK}, []uint8{0}}, {"ph", []uint8{cF}, nil}, {"th", []uint8{cT}, []uint8{cS}},
		{"dh", []uint8{cT}, []uint8{cS}}, {"ck", []uint8{cK}, nil}, {"ng", []uint8{cN}, nil},
		{"s", []uint8{cS}, nil}, {"z", []uint8{cS}, []uint8{cT}}, {"j", []uint8{cS, 0}, []uint8{cK}}, {"k", []uint8{cK}, nil}, {"q", []uint8{cK}, []uint8{cS}},
		{"g", []uint8{cK}, []uint8{0, cS}}, {"c", []uint8{cK, cS}, nil}, {"t", []uint8{cT}, nil}, {"d", []uint8{cT}, []uint8{cS}},
		{"b", []uint8{cP}, nil}, {"p", []uint8{cP}, nil}, {"f", []uint8{cF}, []uint8{cP}}, {"v", []uint8{cF}, []uint8{0}}, {"w", []uint8{0, cF}, nil},
		{"l", []uint8{cL}, nil}, {"r", []uint8{cR}, nil}, {"m", []uint8{cM}, nil}, {"n", []uint8{cN}, nil}, {"h", []uint8{0}, []uint8{cK}},
	} {
		t[a.from[0]] = append(t[a.from[0]], a)
	}
	t[laterL] = []alternatives{{string(rune(laterL)), []uint8{cL, cR}, nil}}
	t['x'] = []alternatives{{"x", []uint8{cS, 0, asKS}, nil}}
	return t
}()

const mostReadings = 8

// Two classes that stand for one letter, or for three: x, and t before zh or sh.
const (
	asKS = 255
	andS = 254
)

// laterL stands for the l of ideographs' readings, which may be an r of a name from elsewhere.
const laterL = '1'

// skeletons appends the readings of a folded word; more asks for a name's.
func skeletons(dst []skeleton, w []byte, more bool) []skeleton {
	start := len(dst)
	dst = append(dst, 0)
	for i := 0; i < len(w); {
		as := classes[w[i]&127]
		if as == nil {
			i++
			continue
		}
		for k := range as {
			a := &as[k]
			if len(a.from) > 1 && (len(w)-i < len(a.from) || string(w[i:i+len(a.from)]) != a.from) {
				continue
			}
			i += len(a.from)
			dst = extend(dst, start, a, more)
			break
		}
	}
	return dst
}

func extend(dst []skeleton, start int, a *alternatives, more bool) []skeleton {
	var old [mostReadings]skeleton
	n := copy(old[:], dst[start:])
	dst = dst[:start]
	for pass, cs := range [...][]uint8{a.text, a.more} {
		if pass == 1 && !more {
			break
		}
		for _, c := range cs {
			for _, k := range old[:n] {
				if len(dst)-start < mostReadings {
					dst = addNew(dst, start, push(k, c))
				}
			}
		}
	}
	return dst
}

func addNew(dst []skeleton, start int, k skeleton) []skeleton {
	for _, o := range dst[start:] {
		if o == k {
			return dst
		}
	}
	return append(dst, k)
}

// push adds a class at the end, unless it stands there already or the skeleton is full.
func push(k skeleton, c uint8) skeleton {
	switch {
	case c == asKS:
		return push(push(k, cK), cS)
	case c == andS:
		return push(push(k, cT), cS)
	case c == 0 || uint8(k&15) == c || k >= 1<<(4*(mostClasses-1)):
		return k
	}
	return k<<4 | skeleton(c)
}

func (k skeleton) size() (n int) {
	for ; k != 0; k >>= 4 {
		n++
	}
	return n
}

// Arabic letters by class, where vowels are not written.
var arabicClass = func() (t [tableSize]uint8) {
	for c, letters := range map[uint8]string{
		cK: "قكکگغקגכך", cS: "سشصزژچجظثذשסזצץ", cT: "تطدضةټڈډٹתטד", cP: "بپבפ", cF: "فڤۋף", cL: "لל", cR: "رڑړר", cM: "مמם", cN: "نںڼڭנן",
	} {
		for _, r := range letters {
			if r != 'ة' {
				t[r] = c
			}
		}
	}
	return t
}()

// Letters that some say otherwise: z or d, th or s, j or g.
var arabicOther = map[rune]uint8{'ض': cS, 'ظ': cT, 'ذ': cT, 'ث': cT, 'ج': cK, 'غ': 0, 'ב': cF, 'פ': cF, 'כ': 0, 'ח': cK}

// bare spells a word in Arabic letters without vowels.
func bare(w []rune) (k skeleton) {
	for _, r := range w {
		if r < tableSize {
			k = push(k, arabicClass[r])
		}
	}
	return k
}

// oneSound writes as one letter what Arabic writes in two, for want of a letter: ts, ch,
// dj and dz of names from elsewhere. Source: as arabicSpelt.
func oneSound(w []rune) ([]rune, bool) {
	var out []rune
	for i, r := range w {
		if i+1 < len(w) {
			if n := w[i+1]; r == 'ت' && (n == 'س' || n == 'ش' || n == 'ز') || r == 'د' && (n == 'ج' || n == 'ز') {
				if out == nil {
					out = append(make([]rune, 0, len(w)), w[:i]...)
				}
				continue
			}
		}
		if out != nil {
			out = append(out, r)
		}
	}
	return out, out != nil
}

// bares appends the readings of a word in Arabic letters: as it is, and without
// the small words that are written together with it.
func bares(dst []skeleton, w []rune) []skeleton {
	start := len(dst)
	add := func(w []rune) {
		dst = addNew(dst, start, bare(w))
		for i, r := range w {
			if c, ok := arabicOther[r]; ok && len(dst)-start < mostReadings {
				k := bare(w[:i])
				k = push(k, c)
				for _, r := range w[i+1:] {
					if r < tableSize {
						k = push(k, arabicClass[r])
					}
				}
				dst = addNew(dst, start, k)
				break
			}
		}
		if one, ok := oneSound(w); ok && len(dst)-start < mostReadings {
			dst = addNew(dst, start, bare(one))
		}
	}
	add(w)
	for n := range clitics(w) {
		if n > 0 {
			add(w[n:])
		}
	}
	return dst
}

// clitics gives the lengths of what may stand before an Arabic or a Hebrew name: and, by, for,
// as, then; the article; both. Written from memory, not checked; where to check: Ryding, A Reference Grammar of Modern
// Standard Arabic (2005), 13 and 18, as summed up in Wiktionary's entries وـ فـ بـ كـ لـ الـ.
func clitics(w []rune) func(func(int) bool) {
	return func(yield func(int) bool) {
		if !yield(0) {
			return
		}
		n := 0
		for n < 2 && len(w)-n > 2 && strings.ContainsRune("وفبكلוהבלמשכ", w[n]) {
			n++
			if !yield(n) {
				return
			}
		}
		for at := 0; at <= n; at++ {
			if len(w)-at > 4 && w[at] == 'ا' && w[at+1] == 'ل' {
				if !yield(at + 2) {
					return
				}
			}
		}
		if len(w) > 4 && w[0] == 'ل' && w[1] == 'ل' {
			yield(2)
		}
	}
}
