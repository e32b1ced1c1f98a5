package match

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Names in Latin letters as texts in Cyrillic and Arabic ones spell them: by their sound
// in the language that they come from, which the letters alone do not tell (Eich is Айх,
// Fauchereau is Фошро). Each custom is used where the person's nationality or the
// letters themselves say that the name is of it. Rules go from left to right, the first
// that fits: "^" at the start, "$" at the end, "<" before e, i or y, ">" before a vowel.
//
// Source: the practical transcriptions of Wikipedia ("Немецко-русская практическая
// транскрипция" and its like for French, English, Spanish, Turkish, Polish and Hungarian,
// CC BY-SA 4.0), written from memory; what they leave open the matcher forgives.
var sounds = []struct {
	of    string   // countries
	signs []string // letters that no other custom has
	rules []rule
}{
	{"DE AT LI", []string{"sch", "äu", "ß", "ä", "tz"}, rules(`tsch:ch sch:sh chs$:ks chs>:ks ch:kh ck:k tz:ts ph:f th:t qu:kv äu:oi eu:oi ei:ai ey:ai ie:i ah:a eh:e ih:i oh:o uh:u äh:e öh:e üh:yu aa:a ee:e oo:o ^st:sht ^sp:shp s>:z ss:s ß:s z:ts w:v v:f j:i y:i ä:e ö:e ü:yu x:ks c:k`)},
	{"FR BE MC LU", []string{"eau", "œ", "ç", "oux"}, rules(`eaux$:o eau:o aux$:o au:o ou:u oi:ua ai:e ei:e eu:e œu:e sch:sh ch:sh gn:n ille:i ill:i qu:k ph:f th:t gu<:g ge>:zh g<:zh j:zh c<:s ç:s ss:s s>:z er$:e ez$:e et$:e es$: ent$:an e$: ts$: ds$: t$: d$: s$: x$: z$: p$: h: y:i é:e è:e ê:e x:ks w:v`)},
	{"GB US IE AU NZ", nil, rules(`borough$:boro burgh$:burg ough:o augh:o igh:ai tch:ch ch:ch sh:sh th:t ph:f ck:k wh:u ^kn:n ^wr:r ee:i ea:i oo:u ou:au ow:ou ew:yu ay:ei ai:ei ey$:i y$:i ie$:i qu:ku c<:s dge:dzh g<:dzh j:dzh ^x:ks x:ks w:u ley$:li e$: c:k h:kh`)},
	{"ES MX VE AR CO CU PE CL EC BO UY PY GT HN SV NI CR PA DO", []string{"ñ"}, rules(`ch:ch ll:l rr:r ñ:n qu:k gu<:g g<:kh j:kh c<:s z:s h: v:v y$:i y:i x:ks c:k tx:ch tz:ts ü:u`)},
	{"TR", []string{"ş", "ğ", "ı"}, rules(`c:dzh ç:ch ş:sh ğ:g ı:y j:zh y:i ö:e ü:yu v:v h:kh`)},
	{"AZ", []string{"ə"}, rules(`c:dzh ç:ch ş:sh ğ:g ı:y j:zh y:i ö:e ü:yu x:kh q:g ə:a h:g`)},
	{"PL", []string{"ł", "ą", "ę"}, rules(`szcz:shch sz:sh cz:ch rz:zh ch:kh dż:dzh ci>:ch si>:s ni>:n ó:u ł:l w:v ś:s ć:ch ż:zh ź:z ń:n ą:on ę:en j:i y:y c:ts h:kh`)},
	{"HU", []string{"ő", "ű"}, rules(`sz:s zs:zh cs:ch gy:d ny:n ly:i s:sh c:ts j:i y:i ö:e ő:e ü:yu ű:yu á:a é:e h:kh`)},
	{"CZ SK HR SI RS BA LT LV", []string{"š", "č", "ž"}, rules(`ch:kh š:sh č:ch ž:zh ř:rzh ě:e ů:u j:i c:ts đ:dzh ć:ch h:g`)},
}

func rules(s string) (out []rule) {
	for _, w := range strings.Fields(s) {
		from, to, _ := strings.Cut(w, ":")
		out = append(out, rule{from, to})
	}
	return out
}

// soundForms are those of a name in Latin letters.
func soundForms(p Person, i int, name string) (out []TextForm) {
	lower := strings.ToLower(name)
	for k := range sounds {
		s := &sounds[k]
		if !slices.ContainsFunc(p.Nationalities, func(n string) bool { return n != "" && strings.Contains(s.of, n) }) &&
			!slices.ContainsFunc(s.signs, func(sign string) bool { return strings.Contains(lower, sign) }) {
			continue
		}
		f := TextForm{Person: p.ID, Name: i, Sure: pressSure}
		for at, t := range tokenise(name) {
			if particles[t.text] {
				continue
			}
			if w := letters(sounded(strings.ToLower(t.raw), s.rules)); w != "" {
				f.Parts, f.At = append(f.Parts, w), append(f.At, at)
			}
		}
		out = append(out, f)
	}
	return out
}

// sounded rewrites a word by rules; what none is of it keeps, without marks.
func sounded(w string, rs []rule) string {
	var b strings.Builder
next:
	for i := 0; i < len(w); {
		for _, r := range rs {
			from := r.from
			if strings.HasPrefix(from, "^") {
				if i > 0 {
					continue
				}
				from = from[1:]
			}
			kind := from[len(from)-1]
			from = strings.TrimRight(from, "$<>")
			if !strings.HasPrefix(w[i:], from) {
				continue
			}
			rest := w[i+len(from):]
			switch kind {
			case '$':
				if rest != "" || i == 0 {
					continue
				}
			case '<', '>':
				n, _ := utf8.DecodeRuneInString(rest)
				if rest == "" || !strings.ContainsRune(map[byte]string{'<': "eiyéèêíë", '>': "aeiouyäöüéèêáíóúà"}[kind], n) {
					continue
				}
			}
			b.WriteString(r.to)
			i += len(from)
			continue next
		}
		r, size := utf8.DecodeRuneInString(w[i:])
		b.WriteString(fold(string(r)))
		i += size
	}
	return b.String()
}

// pinyinSpelt is a Chinese name in Pinyin as Russian prints it: see palladius.
func pinyinSpelt(p Person, i int, ts []token) (TextForm, bool) {
	if len(ts) < 2 || len(ts) > 3 {
		return TextForm{}, false
	}
	if one := func(t token) bool { return pinyinSyllables(t.text) == 1 }; !one(ts[0]) && !one(ts[len(ts)-1]) {
		return TextForm{}, false // no family name
	}
	f := TextForm{Person: p.ID, Name: i, Sure: pressSure}
	for at, t := range ts {
		w := ""
		for rest := t.text; rest != ""; {
			n := min(6, len(rest))
			for ; n > 0 && !syllable(rest[:n]); n-- {
			}
			if n == 0 {
				return TextForm{}, false
			}
			w += russianSyllable(rest[:n])
			rest = rest[n:]
		}
		var b strings.Builder
		for _, r := range w {
			b.WriteString(cyrillicLetters[r])
		}
		if b.Len() == 0 {
			return TextForm{}, false
		}
		f.Parts, f.At = append(f.Parts, letters(b.String())), append(f.At, at)
	}
	return f, true
}
