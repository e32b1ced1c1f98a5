package match

import (
	"slices"
	"strings"
)

// pressForms are spellings of a name by which newspapers print it and no document
// does: texts are searched for them, and they are compared with nothing.
func pressForms(p Person, i int, name string, forms []form) []TextForm {
	switch scriptOf(name) {
	case cyrillic:
		out := []TextForm{spelledBy(p, i, name, frenchPress), spelledBy(p, i, name, germanPress)}
		if lower := strings.ToLower(name); strings.ContainsAny(lower, "ў") || slices.Contains(p.Nationalities, "BY") && strings.Contains(lower, "і") {
			out = append(out, spelledBy(p, i, inRussian(lower), nil), spelledBy(p, i, inRussian(lower), germanPress))
		}
		return out
	case latin:
		ts := tokenise(name)
		out := append(soundForms(p, i, name), inPinyin(p, i, ts)...)
		if f, ok := pinyinSpelt(p, i, ts); ok {
			out = append(out, f)
		}
		return out
	case arabic:
		if voweled(name) {
			return inPinyin(p, i, tokenise(uyghurLatin(name)))
		}
	case han:
		if f, ok := respelt(p, i, forms, uyghur, pressSure, inUyghur); ok {
			return []TextForm{f}
		}
		if f, ok := respelt(p, i, forms, pinyin, palladiusSure, palladius); ok {
			return []TextForm{f}
		}
	}
	return nil
}

// Cyrillic letters as newspapers in French and German write them; what is not there is
// as in cyrillicLetters. Source: Wikipedia, "Romanisation du russe" (the usual French
// transcription) and "Kyrillisches Alphabet" (the Duden's), and for Ukrainian the
// same articles' columns (CC BY-SA 4.0); written from memory.
var (
	frenchPress = map[rune]string{'у': "ou", 'ш': "ch", 'ч': "tch", 'щ': "chtch", 'ж': "j", 'ю': "iou", 'я': "ia", 'є': "ie", 'ї': "i", 'ц': "ts", 'х': "kh", 'е': "e", 'й': "i"}
	germanPress = map[rune]string{'ш': "sch", 'ч': "tsch", 'щ': "schtsch", 'ж': "sch", 'ю': "ju", 'я': "ja", 'є': "je", 'ї': "ji", 'ц': "z", 'х': "ch", 'в': "w", 'з': "s", 'й': "i"}
)

// inRussian writes a Belarusian name, in small letters, as Russian does. Source:
// Wikipedia, "Белорусско-русская практическая транскрипция" (CC BY-SA 4.0), from memory.
func inRussian(name string) string {
	words := strings.Fields(name)
	for i, w := range words {
		if rest, ok := strings.CutPrefix(w, "у"); ok && !strings.ContainsAny(rest[:min(2, len(rest))], "аеёіоуыэюя") {
			w = "в" + rest
		}
		words[i] = byRussian.Replace(w)
	}
	return strings.Join(words, " ")
}

var byRussian = strings.NewReplacer("дз", "д", "ці", "ти", "це", "те", "ця", "тя", "цё", "те", "цю", "тю", "аў", "ав", "еў", "ев", "ў", "в", "ры", "ри", "чы", "чи", "шы", "ши", "жы", "жи", "цы", "цы", "э", "е", "і", "и")

// pressSure is how likely it is that such a spelling is what a text prints.
const pressSure = 0.7

func spelledBy(p Person, i int, name string, press map[rune]string) TextForm {
	f := TextForm{Person: p.ID, Name: i, Sure: pressSure}
	soft := strings.ContainsAny(strings.ToLower(name), "іїєґў")
	for at, t := range tokenise(name) {
		var b strings.Builder
		for _, r := range strings.ToLower(t.raw) {
			to, ok := press[r]
			switch {
			case r == 'г' && soft:
				to = "h"
			case r == 'и' && soft:
				to = "y"
			case !ok:
				to = cyrillicLetters[r]
			}
			b.WriteString(to)
		}
		if b.Len() > 0 {
			f.Parts, f.At = append(f.Parts, letters(b.String())), append(f.At, at)
		}
	}
	return f
}

// respelt is a name in ideographs as it is read in a system, each part said anew; there
// is none where one has nothing to say.
func respelt(p Person, i int, forms []form, sys *system, sure float64, say func(string) string) (TextForm, bool) {
	for _, g := range forms {
		if g.sys != sys || g.script != han || g.gated || len(g.parts) < 2 {
			continue
		}
		f := TextForm{Person: p.ID, Name: i, Sure: sure}
		for _, q := range g.parts {
			w := say(q.text)
			if w == "" {
				return TextForm{}, false
			}
			f.Parts, f.At = append(f.Parts, w), append(f.At, q.at)
		}
		return f, true
	}
	return TextForm{}, false
}

const palladiusSure = 0.8

// palladius is a part in Pinyin as Russian prints it, in the letters that texts in
// Cyrillic are read in: Palladius's transcription. Source: the chart of Wikipedia's
// "Cyrillization of Chinese" (CC BY-SA 4.0), read there.
func palladius(text string) string {
	var b strings.Builder
	for syllable := range strings.SplitSeq(text, syllableMark) {
		for _, r := range russianSyllable(syllable) {
			b.WriteString(cyrillicLetters[r])
		}
	}
	return letters(b.String())
}

var (
	palladiusInitials = []rule{{"zh", "чж"}, {"ch", "ч"}, {"sh", "ш"}, {"b", "б"}, {"p", "п"}, {"m", "м"}, {"f", "ф"}, {"d", "д"}, {"t", "т"}, {"n", "н"}, {"l", "л"}, {"g", "г"}, {"k", "к"}, {"h", "х"},
		{"j", "цз"}, {"q", "ц"}, {"x", "с"}, {"r", "ж"}, {"z", "цз"}, {"c", "ц"}, {"s", "с"}}
	palladiusFinals = map[string]string{"a": "а", "o": "о", "e": "э", "ai": "ай", "ei": "эй", "ao": "ао", "ou": "оу", "an": "ань", "en": "энь", "ang": "ан", "eng": "эн", "ong": "ун", "er": "эр",
		"i": "и", "ia": "я", "ie": "е", "iao": "яо", "iu": "ю", "ian": "янь", "in": "инь", "iang": "ян", "ing": "ин", "iong": "юн", "u": "у", "ua": "уа", "uo": "о", "uai": "уай", "ui": "уй", "uan": "уань", "un": "унь", "uang": "уан",
		"v": "юй", "ve": "юэ", "van": "юань", "vn": "юнь"}
	palladiusWhole = map[string]string{"ya": "я", "yan": "янь", "yang": "ян", "yao": "яо", "ye": "е", "yi": "и", "yin": "инь", "ying": "ин", "yong": "юн", "you": "ю", "yu": "юй", "yuan": "юань", "yue": "юэ", "yun": "юнь", "yo": "ё",
		"wa": "ва", "wan": "вань", "wang": "ван", "wei": "вэй", "wen": "вэнь", "weng": "вэн", "wo": "во", "wu": "у", "wai": "вай", "hui": "хуэй", "zi": "цзы", "ci": "цы", "si": "сы"}
)

// russianSyllable writes a syllable of Pinyin, u with dots being v or u, in Cyrillic.
func russianSyllable(s string) string {
	if w, ok := palladiusWhole[s]; ok {
		return w
	}
	head, rest := "", s
	for _, r := range palladiusInitials {
		if tail, ok := strings.CutPrefix(s, r.from); ok {
			head, rest = r.to, tail
			if len(r.from) == 1 && strings.Contains("jqx", r.from) && strings.HasPrefix(rest, "u") {
				rest = "v" + rest[1:]
			}
			break
		}
	}
	rest = strings.NewReplacer("ue", "ve").Replace(rest) // lue, nue
	return head + palladiusFinals[rest]
}
