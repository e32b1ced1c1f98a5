package mention

import "strings"

// Latin spellings of Arabic and Persian letters; the last, where it is "", says
// that the letter may be left out. Source: watcher/match/arabic.go (ALA-LC, French
// custom); written from memory, not checked; where to check, for foreign names Wiktionary's "Appendix:Arabic transliteration".
var arabicSpelt = [tableSize][]string{
	'ا': {"a", "e", "o", "i", "u", ""}, 'أ': {"a", "e", "o", "i", "u", ""}, 'إ': {"i", "e", "a", ""}, 'آ': {"a", "o"}, 'ٱ': {"a", ""},
	'ب': {"b", "p"}, 'پ': {"p"}, 'ت': {"t"}, 'ث': {"th", "t", "s"}, 'ج': {"dj", "j", "g", "zh", "dzh", "ch"}, 'چ': {"ch", "tch"}, 'ح': {"h", "kh"}, 'خ': {"kh", "h", "x", "k"},
	'د': {"d"}, 'ذ': {"dh", "d", "z", "th"}, 'ر': {"r"}, 'ز': {"z", "s"}, 'ژ': {"zh", "j", "g"}, 'س': {"s", "c", "z"}, 'ش': {"sch", "sh", "ch", "s"}, 'ص': {"s"},
	'ض': {"dh", "d", "z"}, 'ط': {"t"}, 'ظ': {"dh", "z", "d"}, 'ع': {"a", "e", "i", "o", "u", ""}, 'غ': {"gh", "g"}, 'ف': {"f", "ph", "v", "w"}, 'ڤ': {"v"},
	'ق': {"q", "k", "g", "gh"}, 'ك': {"k", "c", "q", "ch", "g", "ck"}, 'ک': {"k", "c", "q", "ck"}, 'گ': {"g"}, 'ل': {"l"}, 'م': {"m"}, 'ن': {"n"}, 'ه': {"h", ""}, 'ة': {"h", "t", ""},
	'و': {"w", "u", "o", "v", "ou", "oo"}, 'ؤ': {"u", "o", ""}, 'ي': {"y", "i", "e", "j"}, 'ی': {"y", "i", "e", "j"}, 'ى': {"a", "i", "y"}, 'ئ': {"e", "i", "y", ""}, 'ء': {""},
	'ھ': {"h", ""}, 'ہ': {"h", ""},

	// Hebrew: Wikipedia, "Romanization of Hebrew", and what names of elsewhere are
	// written with; from memory.
	'א': {"a", "e", "o", "i", "u", ""}, 'ב': {"b", "v", "w"}, 'ג': {"g", "j", "dj"}, 'ד': {"d"}, 'ה': {"h", "a", ""}, 'ו': {"v", "w", "u", "o", "ou"}, 'ז': {"z", "s"}, 'ח': {"ch", "kh", "h"}, 'ט': {"t"},
	'י': {"y", "i", "e", "j"}, 'כ': {"k", "ch", "kh", "c"}, 'ך': {"k", "ch", "kh"}, 'ל': {"l"}, 'מ': {"m"}, 'ם': {"m"}, 'נ': {"n"}, 'ן': {"n"}, 'ס': {"s", "c"}, 'ע': {"a", "e", "i", "o", "u", ""},
	'פ': {"p", "f", "ph"}, 'ף': {"f", "p", "ph"}, 'צ': {"tz", "ts", "z", "ch", "s"}, 'ץ': {"tz", "ts", "z"}, 'ק': {"k", "q", "c"}, 'ר': {"r"}, 'ש': {"sch", "sh", "s"}, 'ת': {"th", "t"},
}

// arabicMay are the letters of all spellings of one.
var arabicMay = func() (t [tableSize]letterSet) {
	for r, spellings := range arabicSpelt {
		for _, s := range spellings {
			t[r] |= lettersOf(s)
		}
	}
	return t
}()

// spelt reports whether Latin letters may spell a word in Arabic ones: short vowels
// are free, long ones and consonants must be met in their order. steps bounds the
// work, and is taken from.
func spelt(w []rune, p string, steps *int) bool {
	if *steps--; *steps < 0 {
		return false
	}
	if len(w) == 0 {
		for i := range len(p) {
			if strings.IndexByte("aeiouyh", p[i]) < 0 {
				return false
			}
		}
		return true
	}
	if w[0] >= tableSize {
		return false
	}
	if len(w) > 1 {
		for _, s := range arabicPair(w[0], w[1]) {
			if strings.HasPrefix(p, s) && spelt(w[2:], p[len(s):], steps) {
				return true
			}
		}
	}
	for _, s := range arabicSpelt[w[0]] {
		switch {
		case s == "":
			if spelt(w[1:], p, steps) {
				return true
			}
		case p == "" || p[0] != s[0] || len(s) > 1 && !strings.HasPrefix(p, s):
		default:
			rest := p[len(s):]
			if len(s) == 1 && len(rest) > 0 && rest[0] == s[0] {
				rest = rest[1:] // written once, said long
			}
			if spelt(w[1:], rest, steps) {
				return true
			}
		}
	}
	// A short vowel of the name.
	return p != "" && strings.IndexByte("aeiouy", p[0]) >= 0 && spelt(w, p[1:], steps)
}

// arabicPair are the Latin spellings of what two letters write together in names from
// elsewhere. Source: as arabicSpelt.
func arabicPair(a, b rune) []string {
	switch {
	case a == 'ت' && b == 'ش':
		return []string{"ch", "tch", "c", "q"}
	case a == 'ت' && b == 'س':
		return []string{"ts", "tz", "z", "c"}
	case a == 'د' && b == 'ج':
		return []string{"j", "dj", "g", "dzh", "c"}
	case a == 'د' && b == 'ز':
		return []string{"z", "dz"}
	case a == 'ك' && b == 'س':
		return []string{"x", "ks"}
	}
	return nil
}

// speltAny is spelt without what may be written together with the word; it gives
// how many letters of that there are, -1 if the word is none.
func speltAny(w []rune, p string) int {
	for n := range clitics(w) {
		steps := 400
		if spelt(w[n:], p, &steps) {
			return n
		}
		if rest, ok := unarticled(p); ok && n >= 2 && spelt(w[n:], rest, &steps) {
			return n
		}
	}
	return -1
}
