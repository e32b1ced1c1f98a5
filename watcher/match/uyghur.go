package match

import "strings"

// Uyghur and other Turkic names, in Latin letters, in Arabic letters, or by way of
// ideographs and back through Pinyin: syllables are padded with vowels, h and
// final consonants are lost, r becomes er or l, voiced and voiceless fall together.
// Written from memory, to be checked against: 维吾尔人名汉字音译转写规则 (Xinjiang, 2001), and GB 3304-91 for letters.
var uyghur = strictly(newSystem("uyghur", []rule{
	{"yi", "i"}, {"shch", "S"}, {"sh", "S"}, {"zh", "Z"}, {"kh", "X"}, {"gh", "G"}, {"ch", "C"}, {"ng", "n"}, {"x", "X"}, {"j", "J"}, {"ou", "u"}, {"ao", "o"}, {"oo", "u"}, {"ee", "i"}, {"ai", "e"}, {"ay", "e"}, {"ei", "e"}, {"ey", "e"}, {"uo", "o"}, {"ue", "u"}, {"v", "w"}, {"c", "C"}, {"ts", "C"},
}, 14, 12, []cost{{8, "ae"}, {8, "ou"}, {8, "ie"}, {8, "dt"}, {8, "bp"}, {8, "qk"}, {12, "gk"}, {10, "gG"}, {15, "Gk"}, {15, "Gh"}, {12, "Xh"}, {12, "Xk"}, {15, "hk"}, {15, "Xq"}, {15, "qg"}, {12, "XS"}, {12, "Xs"}, {15, "sS"}, {20, "sz"}, {15, "zZ"}, {10, "ZJ"}, {15, "qC"}, {20, "JC"}, {30, "Jq"}, {30, "Jy"}, {15, "fp"}, {30, "fb"}, {30, "fw"}, {35, "wb"}, {20, "lr"}, {30, "mn"}, {15, "wu"}, {15, "wo"}, {10, "yi"}, {15, "ye"}, {20, "SC"}, {15, "qX"}, {20, "Gw"}, {30, "qG"}, {15, "zs"}, {15, "Cz"}},
	[]cost{{12, "h"}, {15, "y"}, {30, "w"}, {45, "r"}, {60, "n"}, {60, "l"}, {50, "G"}, {60, "X"}}), 0.80)

// Uyghur's Arabic letters, which write every vowel. Written from memory, to be checked against: Uyghur Latin Yéziqi
// (2003), Kurdish letters by the same sounds.
var uyghurLetters = map[rune]string{
	'ا': "a", 'ە': "e", 'ب': "b", 'پ': "p", 'ت': "t", 'ج': "j", 'چ': "ch", 'خ': "x", 'د': "d", 'ر': "r", 'ز': "z", 'ژ': "zh", 'س': "s", 'ش': "sh", 'غ': "gh", 'ف': "f", 'ق': "q", 'ك': "k", 'ک': "k", 'گ': "g", 'ڭ': "ng", 'ل': "l", 'م': "m", 'ن': "n", 'ھ': "h", 'ه': "h", 'و': "o", 'ۇ': "u", 'ۆ': "o", 'ۈ': "u", 'ۋ': "w", 'ې': "e", 'ى': "i", 'ي': "y", 'ی': "i", 'ئ': "", 'ح': "h", 'ع': "", 'ێ': "e", 'ڕ': "r", 'ڵ': "l", 'ڤ': "v",
}

// voweled reports whether Arabic letters write vowels too, as Uyghur and Sorani do.
func voweled(s string) bool { return strings.ContainsAny(s, "ەۇۆۈېۋڭێ") }

func uyghurForms(name string, n int) []form {
	return latinLike(uyghurLatin(name), arabic, n, western, uyghur)
}

// uyghurLatin writes a name in Arabic letters in Latin ones.
func uyghurLatin(name string) string {
	var b strings.Builder
	for _, r := range name {
		if to, ok := uyghurLetters[r]; ok {
			b.WriteString(to)
		} else if r < 0x600 || r == '،' {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func latinLike(s string, sc script, n int, systems ...*system) []form {
	var out []form
	ts := tokenise(s)
	for _, sys := range systems {
		if ps := partsOf(sys, ts); len(ps) > 0 {
			out = append(out, form{sys: sys, script: sc, name: n, parts: ps})
		}
	}
	return out
}
