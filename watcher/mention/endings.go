package mention

import "strings"

// Grammatical endings that texts put to names, in folded letters. They are written from
// memory: the books that each names are where to check them, and were not at hand. What
// shows that they serve are the declined names of the tests.
//
// Russian, Ukrainian, Belarusian: the declension of names and adjectives, Wade, A
// Comprehensive Russian Grammar (2011), ch. 3 and 6; Pugh and Press, Ukrainian
// (1999), ch. 2; also Wiktionary's "Appendix:Russian nouns". Kazakh, Kyrgyz and
// Uyghur in Cyrillic: their case endings after the name itself, Wiktionary's
// declension tables (CC BY-SA 4.0).
var cyrillicEndings = endingSet(`a u y i e o om em oi ei yu oyu eyu ya ye yei yey iyu iya iyei ii im ym ikh ykh ogo ego oho yoho omu emu uyu yuyu aya oyi oe
	ovi evi yevi oyu eiu yeiu am yam ami yami akh yakh ovu evu
	nyng ning dyng ding tyng ting nyn nin dyn din tyn tin ny ni dy di ty ti gha ge qa ke ga ka da de ta te na ne dan den tan ten nan nen men ben pen lar ler nung`)

// Turkish, Azerbaijani, Uzbek, Turkmen, Crimean Tatar and Uyghur in Latin letters,
// and Uyghur in Arabic ones, which write every vowel: case endings and the plural.
// Lewis, Turkish Grammar (2000), ch. 2; Engesæth, Yakup and Dwyer, Greetings from
// the Teklimakan (2009); Wiktionary's declension tables.
var turkicEndings = endingSet(`a e i u o ya ye yi yu ni na ne nu in un nin nun ning nung im da de ta te dan den tan ten din tin nda nde ndan nden
	gha ge qa ke ga ka ye la le yla yle lar ler larni lerni che mu dek daki diki dagi dek lik si niki ning nin ning`)

// Armenian and Georgian: case endings and the article after the name itself.
// Dum-Tragut, Armenian (2009), 2.1; Hewitt, Georgian: A Structural Reference Grammar
// (1995), 2.2; Wiktionary's declension tables.
var (
	armenianEndings = endingSet(`i in n y e ic its itsn ov um is id`)
	ethiopicEndings = endingSet(`n na m s`) // Amharic: the object, "and", "too", "as for"
	georgianEndings = endingSet(`i is s m ma it ad ze tan ma tvis isa sa dan shi s`)
)

// Other Latin ones: the genitive of the Germanic languages.
var germanicEndings = endingSet(`s`)

// endingTable is a set of endings as canon spells them, and of the letters that they end in.
type endingTable struct {
	set  map[string]bool
	last [128]bool
}

func endingSet(s string) *endingTable {
	t := &endingTable{set: map[string]bool{}}
	for _, e := range strings.Fields(s) {
		t.set[string(canon(nil, []byte(e)))] = true
		t.last[e[len(e)-1]&127] = true
	}
	return t
}

const longestEnding = 5

// nominatives are what a name ends in before other endings take its place.
var nominatives = [...]string{"", "aia", "a", "ia", "i", "o", "e", "ei", "oi", "ai", "ui", "ii"}

// inflected reports whether w is p with an ending of ends: after all of p, or in
// place of its last vowels (only where whole is false).
func inflected(w, p string, ends *endingTable, whole bool) bool {
	if len(p) < 2 || len(w) < 2 || w[0] != p[0] {
		return false
	}
	if strings.HasPrefix(w, p) && len(w)-len(p) <= longestEnding && ends.set[w[len(p):]] {
		return true
	}
	if n := len(p) - 1; ends == turkicEndings && n > 2 && (p[n] == 'a' || p[n] == 'e') && len(w) > n && w[:n] == p[:n] && w[n] == 'i' && ends.set[w[n+1:]] {
		return true // Uyghur raises the vowel: zade, zadining
	}
	if whole || !strings.HasPrefix(w, p[:max(1, len(p)-3)]) {
		return false
	}
	for _, n := range nominatives[1:] {
		if stem, ok := strings.CutSuffix(p, n); ok && len(stem) >= 2 {
			if rest, ok := strings.CutPrefix(w, stem); ok && (ends.set[rest] || rest == "") && (rest != "" || len(stem) > 3) {
				return true
			}
		}
	}
	// Pavel, Pavla: a vowel that only the nominative has.
	if n := len(p); n > 2 && (p[n-2] == 'e' || p[n-2] == 'o') && len(w) > n-2 && w[:n-2] == p[:n-2] && w[n-2] == p[n-1] {
		return ends.set[w[n-1:]]
	}
	return false
}

// unended is a folded word without the ending that keeps it furthest from p, which it
// spells loosely: the word itself if none does.
func unended(w string, p string, ends *endingTable) string {
	best, least := w, distance(string(canon(nil, []byte(w))), p)
	for n := 1; n <= longestEnding+1 && len(w)-n >= 3; n++ {
		if !ends.set[string(canon(nil, []byte(w[len(w)-n:])))] {
			continue
		}
		if d := distance(string(canon(nil, []byte(w[:len(w)-n]))), p); d < least {
			best, least = w[:len(w)-n], d
		}
	}
	return best
}
