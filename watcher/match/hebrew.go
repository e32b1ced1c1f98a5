package match

import "unicode"

// Hebrew letters, which leave vowels out as Arabic ones do, in codes of the semitic
// system. Written from memory, to be checked against: ALA-LC romanisation table for
// Hebrew (2012).
var hebrewLetters = map[rune]byte{
	'א': 'O', 'ב': 'b', 'ג': 'g', 'ד': 'd', 'ה': 'E', 'ו': 'W', 'ז': 'z', 'ח': 'h', 'ט': 't', 'י': 'Y', 'כ': 'k', 'ך': 'k', 'ל': 'l', 'מ': 'm', 'ם': 'm', 'נ': 'n', 'ן': 'n',
	'ס': 's', 'ע': 'O', 'פ': 'p', 'ף': 'f', 'צ': 's', 'ץ': 's', 'ק': 'q', 'ר': 'r', 'ש': 'S', 'ת': 't',
}

func hebrew(name string) bool {
	for _, r := range name {
		if unicode.Is(unicode.Hebrew, r) {
			return true
		}
	}
	return false
}

func hebrewForms(name string, n int) []form {
	f := form{sys: semitic, script: other, name: n}
	for i, t := range tokenise(name) {
		var code []byte
		for _, r := range t.raw {
			c := hebrewLetters[r]
			if c != 0 && (len(code) == 0 || code[len(code)-1] != c) && len(code) < maxToken {
				code = append(code, c)
			}
		}
		if len(code) == 0 {
			continue
		}
		p := part{codes: []string{string(code)}, text: shown.Replace(string(code)), at: i, family: t.family}
		p.weight = weigh(semitic, p.codes[0], p.text)
		f.parts = append(f.parts, p)
	}
	if len(f.parts) == 0 {
		return nil
	}
	return []form{f}
}
