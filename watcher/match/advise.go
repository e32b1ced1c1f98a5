package match

import (
	"slices"
	"strings"
	"unicode"
)

// Advice is why a person cannot be matched well.
type Advice struct {
	Code string // see the Advice… constants
	Name int    // which of the names, 0 the first; 0 also where it is about all of them
}

// Codes of advice.
const (
	AdviceUnreadable = "unreadable"    // no letter of the name can be read
	AdviceOnePart    = "one_part"      // the name has one part: it rings for review at most times, if at all
	AdviceScript     = "script"        // the script is read letter by letter only: add the name in Latin letters
	AdviceCommon     = "common_name"   // a name that very many bear, and no birth date to tell them apart
	AdviceNoHan      = "no_han"        // the Han spelling is missing, and Chinese papers and notices go by it
	AdviceNoLatin    = "no_latin"      // the spelling of the passport is missing, and the script leaves vowels or dialect open
	AdviceNoBirth    = "no_birth_date" // a birth date would tell namesakes apart
)

// Variants gives the spellings that would help and are missing: AdviceNoHan and
// AdviceNoLatin, nil if none is. It quotes nothing of the person.
func Variants(p Person) []Advice {
	written := map[script]bool{}
	uyghur, bareVowels := false, false
	for _, n := range p.Names {
		written[scriptOf(n)] = true
		uyghur = uyghur || strings.ContainsAny(n, "ېۆۈۋەڭۇ")
		bareVowels = bareVowels || unicode.In([]rune(n + " ")[0], unicode.Arabic, unicode.Hebrew)
	}
	var out []Advice
	from := func(codes ...string) bool {
		return slices.ContainsFunc(p.Nationalities, func(c string) bool { return slices.Contains(codes, c) })
	}
	if !written[han] && (uyghur || from("CN", "HK", "MO", "TW")) {
		out = append(out, Advice{Code: AdviceNoHan})
	}
	// Cantonese and Taiwanese passports do not spell by Pinyin.
	if !written[latin] && len(p.Names) > 0 && (bareVowels || written[han] && from("HK", "MO", "TW")) {
		out = append(out, Advice{Code: AdviceNoLatin})
	}
	return out
}

// wellRead are the scripts that have tables here, or letters that stand for one
// sound each.
var wellRead = []*unicode.RangeTable{unicode.Latin, unicode.Cyrillic, unicode.Arabic, unicode.Han, unicode.Hangul, unicode.Greek, unicode.Georgian, unicode.Armenian}

// Advise says why a person cannot be matched well, by name, nil if she can. It
// quotes nothing of her.
func Advise(p Person) []Advice {
	var out []Advice
	latin := slices.ContainsFunc(p.Names, func(n string) bool { return scriptOf(n) == latin && strings.IndexFunc(n, unicode.IsLetter) >= 0 })
	common := false
	for i, name := range p.Names {
		forms := readName(name, i)
		if len(forms) == 0 || !slices.ContainsFunc(forms, func(f form) bool { return len(f.parts) > 0 }) {
			out = append(out, Advice{AdviceUnreadable, i})
			continue
		}
		most, weight := 0, 0.0
		for _, f := range forms {
			w := 0.0
			for _, q := range f.parts {
				w += q.weight
			}
			if len(f.parts) >= most {
				most, weight = len(f.parts), max(w, weight)
			}
		}
		if most < 2 {
			out = append(out, Advice{AdviceOnePart, i})
		}
		if !latin && strings.ContainsFunc(name, func(r rune) bool { return unicode.IsLetter(r) && !unicode.In(r, wellRead...) }) {
			out = append(out, Advice{AdviceScript, i})
		}
		common = common || weight < commonWeight
	}
	if p.BirthDate.IsZero() && len(p.Names) > 0 {
		if common {
			out = append(out, Advice{Code: AdviceCommon})
		} else {
			out = append(out, Advice{Code: AdviceNoBirth})
		}
	}
	return out
}

// commonWeight is what the parts of a name weigh together that very many bear.
const commonWeight = 1.1
