package match

import (
	"strings"
	"unicode"
)

// Cyrillic letters as passports write them. Written from memory, to be checked against: ICAO Doc 9303-3, table 4, and
// BGN/PCGN for what that leaves out; the costs of the western system hold together
// what GOST, ISO 9 and the German and French custom spell otherwise.
var cyrillicLetters = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'д': "d", 'е': "e", 'ё': "e", 'ж': "zh", 'з': "z", 'и': "i", 'й': "i", 'к': "k", 'л': "l", 'м': "m", 'н': "n", 'о': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t", 'у': "u", 'ф': "f", 'х': "kh", 'ц': "ts", 'ч': "ch", 'ш': "sh", 'щ': "shch", 'ъ': "", 'ы': "y", 'ь': "", 'э': "e", 'ю': "yu", 'я': "ya",
	'і': "i", 'ї': "yi", 'є': "ye", 'ґ': "g", 'ў': "u", 'ђ': "dj", 'ѓ': "g", 'ѕ': "dz", 'ј': "j", 'љ': "lj", 'њ': "nj", 'ћ': "c", 'ќ': "k", 'џ': "dzh",
	'ә': "a", 'ғ': "gh", 'қ': "q", 'ң': "ng", 'ө': "o", 'ұ': "u", 'ү': "u", 'һ': "h", 'ҳ': "h", 'ҷ': "j", 'ӣ': "i", 'ӯ': "u", 'ҡ': "q", 'ҙ': "z", 'ҫ': "s", 'җ': "j", 'ҝ': "g", 'ҹ': "j", 'ĸ': "k",
}

func cyrillicForms(name string, n int) []form {
	lower := strings.ToLower(name)
	var b strings.Builder
	soft := strings.ContainsAny(lower, "іїєґў") && strings.IndexByte(lower, 'i') < 0 || strings.ContainsAny(lower, "їєґў")
	tajik := strings.ContainsAny(lower, "ҳҷқғӣӯ")
	for _, r := range cut(name) {
		l := unicode.ToLower(r)
		to, ok := cyrillicLetters[l]
		if tajik && l == 'ё' {
			to = "yo"
		}
		if soft && l == 'г' {
			to = "h" // Ukrainian and Belarusian
		}
		switch {
		case !ok:
			b.WriteRune(r)
		case r != l:
			b.WriteString(strings.ToUpper(to))
		default:
			b.WriteString(to)
		}
	}
	out := latinLike(b.String(), cyrillic, n, western)
	for _, f := range latinLike(b.String(), cyrillic, n, uyghur) {
		f.gated = true // Turkic names in China
		out = append(out, f)
	}
	return out
}

// slavicSpellings are other ways in which Cyrillic letters of a part may have been put
// into Latin ones: ё as e and as yo, е behind a vowel with y and without, and the ending
// of Belarusian family names that Russian writes -ov. Written from memory, to be checked
// against: ICAO Doc 9303-3, table 4, BGN/PCGN 1947 and Belarus's instruction of 2007.
func slavicSpellings(w string) (out []string) {
	for i := 1; i+2 < len(w); i++ {
		if w[i] == 'y' && w[i+1] == 'o' && strings.IndexByte(vowels, w[i-1]) < 0 {
			out = append(out, w[:i]+"e"+w[i+2:])
			break
		}
	}
	for _, e := range [...]string{"aev", "oev", "uev", "eev"} {
		if i := strings.Index(w, e); i > 0 && i+4 >= len(w) {
			return append(out, w[:i+1]+"y"+w[i+1:])
		}
	}
	if r := russian(w); r != w {
		out = append(out, r)
	}
	return out
}

// belarusian are sounds that Russian has otherwise: d and t before soft vowels, and e
// that is not stressed.
var belarusian = strings.NewReplacer("dzia", "de", "dzi", "di", "dze", "de", "tsia", "te", "tsi", "ti", "tse", "te", "ia", "e")

// russian spells a Belarusian name as Russian does, as far as it can be told: one that
// is known by its endings or by the sounds of d and t.
func russian(w string) string {
	if len(w) < 5 {
		return w
	}
	head, end := w, ""
	for _, e := range [...][2]string{{"ou", "ov"}, {"au", "ov"}, {"eu", "ev"}} {
		if rest, ok := strings.CutSuffix(w, e[0]); ok {
			head, end = rest, e[1]
		}
	}
	if end == "" && !strings.Contains(w, "dz") && !strings.Contains(w, "tsi") && !strings.Contains(w, "tse") {
		return w
	}
	return belarusian.Replace(head) + end
}
