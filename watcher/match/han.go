package match

import (
	_ "embed"
	"strings"
	"unicode"
	"unicode/utf8"
)

// hanReadings has a line for each ideograph, in order of code point: the
// ideograph, then its Mandarin, Cantonese and Korean readings without tones
// (Hanyu Pinyin with v for ü, Jyutping, Revised Romanization), the commonest
// first. Source: Unicode Character Database 15.0, Unihan_Readings.txt (kMandarin,
// kHanyuPinlu, kXHC1983, kCantonese, kHangul; simplified forms completed from
// kTraditionalVariant), Unicode License v3.
//
//go:embed han_readings.txt
var hanReadings string

type reading struct{ mandarin, cantonese, korean []string }

// readingOf searches the table in place: nothing is kept in memory for it.
func readingOf(r rune) reading {
	lo, hi := 0, len(hanReadings)
	for lo < hi {
		mid := (lo + hi) / 2
		start := strings.LastIndexByte(hanReadings[lo:mid], '\n') + 1 + lo
		c, _ := utf8.DecodeRuneInString(hanReadings[start:])
		end := start + strings.IndexByte(hanReadings[start:], '\n') + 1
		switch {
		case c < r:
			lo = end
		case c > r:
			hi = start
		default:
			f := strings.Split(hanReadings[start+utf8.RuneLen(c):end-1], "/")
			return reading{words(f[0]), words(f[1]), words(f[2])}
		}
	}
	return reading{}
}

func words(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ",")
}

// Pinyin into Wade-Giles, initial and final. Written from memory, to be checked against: Wade-Giles as in the Library
// of Congress's conversion table (1997), without its apostrophes, which print drops.
func wadeGiles(p string) string {
	initials := [...]string{"zh", "ch", "sh", "b", "p", "d", "t", "g", "k", "j", "q", "x", "z", "c", "r"}
	to := [...]string{"ch", "ch", "sh", "p", "p", "t", "t", "k", "k", "ch", "ch", "hs", "ts", "ts", "j"}
	switch p {
	case "zi", "ci":
		return "tzu"
	case "si":
		return "szu"
	case "zhi", "chi":
		return "chih"
	case "shi":
		return "shih"
	case "ri":
		return "jih"
	case "er":
		return "erh"
	case "you":
		return "yu"
	case "yan":
		return "yen"
	case "ye":
		return "yeh"
	case "yi":
		return "i"
	case "gui":
		return "kuei"
	case "kui":
		return "kuei"
	case "ge":
		return "ko"
	case "ke":
		return "ko"
	case "he":
		return "ho"
	case "yong":
		return "yung"
	case "e":
		return "o"
	}
	head, tail := "", p
	for i, s := range initials {
		if strings.HasPrefix(p, s) {
			head, tail = to[i], p[len(s):]
			break
		}
	}
	switch tail {
	case "uo":
		if head != "k" && head != "sh" {
			tail = "o"
		}
	case "ong":
		tail = "ung"
	case "iong":
		tail = "iung"
	case "ian":
		tail = "ien"
	case "ie":
		tail = "ieh"
	case "ue", "ve":
		tail = "ueh"
	}
	if head == "" && len(p) > 1 && (p[0] == 'l' || p[0] == 'n') && p[1:] == "uo" {
		return p[:1] + "o"
	}
	return head + tail
}

// Jyutping into the spelling customary in Hong Kong. Written from memory, to be checked against: Hong Kong Government
// Cantonese Romanisation, as described by Kataoka and Lee (2008).
func hongKong(j string) string {
	for _, r := range [...]rule{{"gw", "kw"}, {"kw", "kw"}, {"ng", "ng"}, {"g", "k"}, {"z", "ch"}, {"c", "ch"}, {"j", "y"}, {"d", "t"}, {"b", "p"}} {
		if strings.HasPrefix(j, r.from) && len(j) > len(r.from) {
			j = r.to + j[len(r.from):]
			break
		}
	}
	for _, r := range [...]rule{{"yyu", "yu"}, {"oeng", "eung"}, {"oek", "euk"}, {"eoi", "ui"}, {"eon", "un"}, {"eot", "ut"}, {"yun", "uen"}, {"yut", "uet"}, {"aai", "ai"}, {"aau", "au"}, {"aa", "a"}, {"ou", "o"}, {"yi", "yi"}, {"oi", "oi"}} {
		if i := strings.Index(j, r.from); i >= 0 {
			return j[:i] + r.to + j[i+len(r.from):]
		}
	}
	return j
}

// Mandarin: initial and final as they are, near to nothing else.
var pinyin = eastern(newSystem("pinyin", []rule{
	{"zh", "Z"}, {"ch", "C"}, {"sh", "S"}, {"ng", "N"}, {"yu", "yv"}, {"ju", "jv"}, {"qu", "qv"}, {"xu", "xv"}, {"lyu", "lv"}, {"nyu", "nv"}, {"lue", "lve"}, {"nue", "nve"},
}, 75, 75, []cost{{15, "uv"}, {30, "nN"}, {40, "zZ"}, {40, "cC"}, {40, "sS"}}, nil), 0.80)

// Chinese otherwise than in Pinyin: Wade-Giles and its kin, Cantonese, Hokkien, Hakka.
var sinitic = eastern(newSystem("sinitic", []rule{
	{"tsz", "c"}, {"tz", "c"}, {"ts", "c"}, {"ch", "C"}, {"hs", "X"}, {"sh", "S"}, {"sz", "s"}, {"zh", "Z"}, {"ng", "N"}, {"kw", "kw"}, {"gw", "kw"}, {"qu", "kw"}, {"oo", "u"}, {"ee", "i"}, {"ow", "au"}, {"ou", "o"}, {"aw", "o"}, {"ay", "ai"}, {"ey", "ei"}, {"oi", "oi"}, {"oy", "oi"}, {"ieu", "iu"}, {"eou", "au"},
	{"eu", "e"}, {"oe", "e"}, {"ue", "u"}, {"ie", "ie"}, {"th", "t"}, {"kh", "k"}, {"ph", "p"}, {"ah", "a"}, {"eh", "e"}, {"oh", "o"}, {"uh", "u"}, {"ih", "i"}, {"y", "i"}, {"ia", "ia"}, {"j", "J"}, {"q", "k"},
}, 45, 45, []cost{{25, "eu"}, {30, "ou"}, {30, "ei"}, {35, "ao"}, {15, "bp"}, {15, "dt"}, {15, "gk"}, {15, "cC"}, {20, "CJ"}, {20, "cz"}, {20, "CZ"}, {20, "zJ"}, {25, "sS"}, {20, "sX"}, {15, "SX"}, {40, "cs"}, {50, "nN"}, {40, "mn"}, {40, "mN"}, {50, "hk"}, {40, "hX"}, {30, "Ji"}, {30, "fh"}, {60, "ln"}, {25, "uw"}, {60, "pt"}, {60, "tk"}, {60, "kp"}, {40, "fw"}, {40, "vw"}, {20, "rl"}, {30, "Jr"}},
	[]cost{{40, "h"}, {40, "w"}, {60, "N"}, {15, "r"}}), 0.74)

var korean = eastern(newSystem("korean", []rule{
	{"kk", "k"}, {"tt", "t"}, {"pp", "p"}, {"jj", "J"}, {"ch", "C"}, {"sh", "s"}, {"ph", "p"}, {"th", "t"}, {"kh", "k"}, {"ng", "N"}, {"rh", "l"}, {"r", "l"}, {"j", "J"}, {"woo", "u"}, {"wu", "u"}, {"oo", "u"}, {"ee", "i"}, {"eui", "i"}, {"ui", "i"}, {"eu", "U"}, {"you", "yO"}, {"young", "yON"}, {"eo", "O"}, {"ou", "O"}, {"ae", "E"}, {"ay", "E"}, {"oe", "E"}, {"ea", "E"}, {"ah", "a"}, {"oh", "o"}, {"uh", "O"}, {"uk", "uk"}, {"x", "ks"}, {"v", "b"}, {"ck", "k"}, {"q", "k"}, {"f", "p"}, {"z", "J"}, {"par", "pa"}, {"c", "k"},
}, 55, 50, []cost{{8, "gk"}, {8, "dt"}, {8, "bp"}, {8, "JC"}, {12, "Oo"}, {12, "Ou"}, {35, "ou"}, {50, "Oa"}, {12, "Ee"}, {35, "Ea"}, {35, "Ei"}, {12, "Uu"}, {30, "Uo"}, {25, "OU"}, {40, "Ui"}, {45, "Oe"}, {45, "OE"}, {60, "ln"}, {40, "nN"}, {30, "ei"}, {50, "sJ"}},
	[]cost{{40, "h"}, {30, "y"}, {30, "w"}, {50, "EOU"}}), 0.76)

// wadeDoubt is how much more a syllable of Wade-Giles that is spelt otherwise is in doubt:
// its spelling is regular, and chang is not cheng.
const wadeDoubt = 1.3

// hanRuns divides a name in ideographs where it is divided in writing.
func hanRuns(name string) [][]rune {
	var runs [][]rune
	var run []rune
	for _, r := range name {
		switch {
		case unicode.Is(unicode.Han, r):
			run = append(run, r)
		case unicode.IsSpace(r) && len(runs) == 0 && len(run) <= 2:
			// A space may stand between a Chinese surname and given name.
		default:
			if len(run) > 0 {
				runs, run = append(runs, run), nil
			}
		}
		if len(runs) >= maxTokens || len(run) > maxToken {
			break
		}
	}
	if len(run) > 0 {
		runs = append(runs, run)
	}
	return runs
}

// chinese reports whether a name in ideographs is surname and given name.
func chinese(runs [][]rune) bool {
	return len(runs) == 1 && (len(runs[0]) < 4 || len(runs[0]) == 4 && doubleSurnames[string(runs[0][:2])])
}

// surnameOf gives the number of ideographs of a Chinese name's surname.
func surnameOf(rs []rune) int {
	k := 1
	if len(rs) > 2 && doubleSurnames[string(rs[:2])] {
		k = 2
	}
	return min(k, max(1, len(rs)-1))
}

// hanForms compiles a name in ideographs.
func hanForms(name string, n int) []form {
	runs := hanRuns(name)
	switch {
	case len(runs) == 0:
		return nil
	case chinese(runs):
		return chineseForms(runs[0], n)
	}
	return foreignHan(runs, n)
}

// chineseForms reads surname and given name in each tongue that writes them so.
func chineseForms(rs []rune, n int) []form {
	k := surnameOf(rs)
	sur, given := rs[:k], rs[k:]
	var out []form
	add := func(s *system, family, name []string) {
		f := form{sys: s, script: han, name: n}
		for i, ws := range [][]string{family, name} {
			if len(ws) == 0 {
				continue
			}
			p := part{text: ws[0], at: i, family: i == 0}
			for _, w := range ws {
				if c := s.rewrite(w); c != "" {
					p.codes = appendNew(p.codes, c)
				}
			}
			if len(p.codes) == 0 {
				continue
			}
			p.weight = weigh(s, p.codes[0], p.text)
			f.parts = append(f.parts, p)
		}
		if len(f.parts) > 0 {
			out = append(out, f)
		}
	}
	mandarin := func(r rune, first bool) []string {
		ws := readingOf(r).mandarin
		if s := surnameReading[r]; first && s != "" {
			return append([]string{s}, ws...)
		}
		return ws
	}
	wade := func(ws []string) (out []string) {
		for _, w := range ws {
			out = append(out, wadeGiles(w))
		}
		return out
	}
	m := func(rs []rune, first bool, f func([]string) []string) []string {
		return product(rs, func(r rune) []string { return f(mandarin(r, first)) })
	}
	same := func(ws []string) []string { return ws }
	add(pinyin, m(sur, true, same), m(given, false, same))
	// The surname may be spelt as in the south beside a given name in Mandarin.
	wadeFamily := m(sur, true, wade)
	if k == 1 {
		wadeFamily = append(wadeFamily, regionalSurnames[sur[0]]...)
	}
	add(sinitic, wadeFamily, m(given, false, wade))
	for i := range out {
		if out[i].sys == sinitic {
			out[i].doubt = wadeDoubt
		}
	}
	hk := func(r rune) (out []string) {
		for _, w := range readingOf(r).cantonese {
			out = append(out, hongKong(w))
		}
		return out
	}
	family := product(sur, hk)
	if k == 1 {
		family = append(family, regionalSurnames[sur[0]]...)
	}
	add(sinitic, family, product(given, hk))
	southern := func(r rune) []string {
		if ws := southernReading[r]; len(ws) > 0 {
			return ws
		}
		return hk(r)
	}
	if k == 1 && len(given) > 0 && (southernReading[given[0]] != nil || southernReading[given[len(given)-1]] != nil) {
		add(sinitic, family, product(given, southern))
	}
	ko := func(r rune) []string { return readingOf(r).korean }
	var kfam []string
	for _, w := range product(sur, ko) {
		kfam = append(kfam, w)
		kfam = append(kfam, koreanSurnames[w]...)
	}
	if len(kfam) > 0 && len(rs) <= 3 {
		add(korean, kfam, product(given, ko))
	}
	return out
}

func appendNew(s []string, w string) []string {
	for _, x := range s {
		if x == w {
			return s
		}
	}
	return append(s, w)
}

// product joins the readings of ideographs, at most twelve ways.
func product(rs []rune, read func(rune) []string) []string {
	out := []string{""}
	for _, r := range rs {
		ws := read(r)
		if len(ws) == 0 {
			continue // nobody reads it so
		}
		var next []string
		for _, w := range ws {
			for _, o := range out {
				if len(next) < 12 {
					if o != "" {
						o += syllableMark
					}
					next = append(next, o+w)
				}
			}
		}
		out = next
	}
	if out[0] == "" {
		return nil
	}
	return out
}

// foreignHan reads what is no Chinese name but another spelt in ideographs, each
// run a part: as Pinyin prints it, and as the name behind it may be written.
func foreignHan(runs [][]rune, n int) []form {
	f := form{sys: uyghur, script: han, name: n}
	for at, rs := range runs {
		s := ""
		for _, r := range rs {
			if m := readingOf(r).mandarin; len(m) > 0 {
				s += m[0]
			}
		}
		if len(s) > maxToken {
			s = s[:maxToken]
		}
		if s == "" {
			continue
		}
		c := uyghur.rewrite(s)
		f.parts = append(f.parts, part{codes: []string{c}, text: s, at: at, weight: weigh(uyghur, c, s)})
	}
	if len(f.parts) == 0 {
		return nil
	}
	addElements(f.parts)
	out := []form{f}
	if h, ok := heardForm(runs, n); ok {
		out = append(out, h)
	}
	return out
}
