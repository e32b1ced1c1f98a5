package match

import "strings"

// byEar spells an English part as Russian hears it, in the letters of cyrillicLetters,
// where its own letters say otherwise; "" where they do not. Written from memory, to be
// checked against: Gilyarevsky and Starostin, "Inostrannye imena i nazvaniya v russkom
// tekste" (1985).
func byEar(w string) string {
	if len(w) < 3 {
		return ""
	}
	heard := w
	for _, r := range [...][2]string{{"wr", "r"}, {"kn", "n"}, {"mc", "mak"}} {
		if rest, ok := strings.CutPrefix(heard, r[0]); ok {
			heard = r[1] + rest
		}
	}
	heard = englishSounds.Replace(heard)
	// A mute e makes the vowel before the consonant long.
	if n := len(heard); n > 3 && heard[n-1] == 'e' && strings.IndexByte(vowels, heard[n-2]) < 0 {
		long := map[byte]string{'a': "ei", 'e': "i", 'i': "ai", 'y': "ai", 'o': "ou", 'u': "yu"}[heard[n-3]]
		stop := heard[n-2 : n-1]
		if stop == "c" {
			stop = "s"
		}
		if long != "" {
			heard = heard[:n-3] + long + stop
		} else {
			heard = heard[:n-2] + stop
		}
	}
	if heard == w {
		return ""
	}
	return heard
}

var englishSounds = strings.NewReplacer("eigh", "ei", "igh", "ai", "ea", "i", "oa", "ou", "ew", "yu", "way", "uei", "wei", "uei", "wa", "uo", "ei", "ai", "ugh", "yu", "ault", "o", "eaux", "o", "eau", "o")

// hear adds to parts of a notice how they are heard, for names in other letters.
func hear(ps []part) {
	for i := range ps {
		p := &ps[i]
		if p.initial || len(variantOf[p.text]) > 0 {
			continue
		}
		if w := byEar(p.text); w != "" {
			p.codes, p.heard = append(p.codes, western.rewrite(w)), true
		}
	}
}
