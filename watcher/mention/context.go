package mention

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tocsin"
)

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

// digit is the value of a decimal digit of any script, -1 if r is none.
func digit(r rune) int {
	switch {
	case '0' <= r && r <= '9':
		return int(r - '0')
	case r < 0x660:
		return -1
	case r <= 0x669:
		return int(r - 0x660)
	case 0x6f0 <= r && r <= 0x6f9:
		return int(r - 0x6f0)
	case 0x966 <= r && r <= 0x96f:
		return int(r - 0x966)
	case 0xff10 <= r && r <= 0xff19:
		return int(r - 0xff10)
	}
	return -1
}

// How far from a name, in bytes, a word for its bearer's people may stand.
const peopleReach = 120

// peopleNear is a word near the name for the people of one of the countries, as
// printed; "" if there is none. Such a word for others says nothing: those who
// arrest and those who shelter are named as well.
func peopleNear(text string, start, end int, countries []string) string {
	if len(countries) == 0 {
		return ""
	}
	from, to := bounds(text, start, end, peopleReach)
	for _, s := range [...]string{text[from:start], text[end:to]} {
		for _, code := range countries {
			stems := peoples[code]
			if name := tocsin.CountryName(code); name != "" {
				stems = append(slices.Clip(slices.Clone(stems)), strings.ToLower(name))
			}
			for _, w := range stems {
				if at, n := indexFold(s, w); at >= 0 {
					return clean(s[at:n])
				}
			}
		}
	}
	return ""
}

// indexFold finds a small word at the start of a word of s, and where that ends.
func indexFold(s, w string) (int, int) {
	first, _ := utf8.DecodeRuneInString(w)
	begins := true
	for i, r := range s {
		letter := unicode.IsLetter(r)
		if letter && (begins || classify(r) == kGlyph || classify(r) == kArabic) && unicode.ToLower(r) == first {
			n, ok := hasFold(s[i:], w)
			if ok {
				end := i + n
				for end < len(s) {
					r, size := utf8.DecodeRuneInString(s[end:])
					if k := classify(r); k == kNone || k == kGlyph {
						break
					}
					end += size
				}
				return i, end
			}
		}
		begins = !letter
	}
	return -1, 0
}

func hasFold(s, w string) (int, bool) {
	i := 0
	for _, want := range w {
		r, size := utf8.DecodeRuneInString(s[i:])
		if size == 0 || unicode.ToLower(r) != want {
			return 0, false
		}
		i += size
	}
	return i, true
}

// languageOf is the article's language as declared, without what follows a hyphen,
// else a guess by letters that few languages have and by small words: it decides on
// endings only and is shown.
func languageOf(a tocsin.Article) string {
	if l, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(a.Language, "_", "-")), "-"); len(l) == 2 || len(l) == 3 {
		return l
	}
	text := a.Title + " " + a.Text[:min(len(a.Text), enoughToGuess)]
	var cyr, arab, han, lat, kana, hangul int
	var has [tableSize]bool
	for i := 0; i < len(text); {
		r, size := runeAt(text, i)
		i += size
		switch {
		case r < 0x80:
			if 'a' <= r|0x20 && r|0x20 <= 'z' {
				lat++
			}
			continue
		case r < 0x250, r >= 0x1e00 && r < 0x1f00:
			lat++
		case r >= 0x400 && r < 0x530:
			cyr++
		case r >= 0x600 && r < 0x780:
			arab++
		case r >= 0x3041 && r < 0x3100:
			kana++
		case r >= 0xac00 && r < 0xd7a4:
			hangul++
		case r >= 0x3400 && unicode.Is(unicode.Han, r):
			han += 2
		}
		if r < tableSize {
			has[r] = true
		}
	}
	any := func(s string) bool {
		return strings.ContainsFunc(s, func(r rune) bool { return has[r] || has[unicode.ToUpper(r)] })
	}
	switch most := max(cyr, arab, han, lat); {
	case kana > 5:
		return "ja"
	case hangul > 5:
		return "ko"
	case most == 0:
		return ""
	case most == han:
		return "zh"
	case most == arab:
		switch {
		case any("ەۇۆۈې"):
			return "ug"
		case any("ٹڑے"):
			return "ur"
		case any("پچگژی"):
			return "fa"
		}
		return "ar"
	case most == cyr:
		switch {
		case any("әқғңұү"):
			return "kk"
		case any("їєґ") || any("і") && !any("ў"):
			return "uk"
		case any("ў"):
			return "be"
		}
		return "ru"
	}
	n := map[string]int{}
	switch {
	case any("ə"):
		n["az"] = telling
	case any("ğı"):
		n["tr"] = telling // a name alone may have them: a few words outweigh them
	}
	for w := range strings.FieldsSeq(text) {
		if len(w) <= longestSmall && smallBegins[w[0]][w[min(1, len(w)-1)]] {
			for _, lang := range smallIn[strings.ToLower(w)] {
				n[lang]++
			}
		}
	}
	best := ""
	for _, lang := range sortedKeys(n) {
		if n[lang] > n[best] {
			best = lang
		}
	}
	return best
}

const longestSmall = 8 // bytes

// telling is how many small words the letters of one language weigh as much as.
const telling = 3

// smallIn are the languages of each small word.
var smallIn = func() map[string][]string {
	m := map[string][]string{}
	for _, lang := range sortedKeys(smallWords) {
		for _, w := range smallWords[lang] {
			m[w] = append(m[w], lang)
		}
	}
	return m
}()

// smallBegins says of two bytes whether a small word begins with them, in small letters
// or a capital: most words do not.
var smallBegins = func() (t [256][256]bool) {
	for w := range smallIn {
		for _, v := range [...]string{w, strings.ToUpper(w[:1]) + w[1:], strings.ToUpper(w)} {
			t[v[0]][v[min(1, len(v)-1)]] = true
		}
	}
	return t
}()

// enoughToGuess is how much of a text, in bytes, its language is guessed by.
const enoughToGuess = 3000

// smallWords tell languages in Latin letters apart. Written from memory, not checked; where to check: Snowball's lists of stop
// words (BSD), the first of each.
var smallWords = map[string][]string{
	"en": words("the of and to in is was for that with by"),
	"fr": words("le la les des et du est une dans pour que à"),
	"es": words("el la los de y en que una por del con fue"),
	"de": words("der die das und ist in den von zu mit wurde nicht"),
	"tr": words("ve bir bu için ile da de olan"),
	"it": words("il di che e la è per un non della"),
	"pt": words("o a de que e do da em um para não"),
	"nl": words("de het een van en in is dat op te"),
	"uz": words("va bilan uchun bu bir ham edi"),
	"ug": words("we bilen bir bu üchün bolghan"),
}
