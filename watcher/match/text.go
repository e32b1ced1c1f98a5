package match

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"tocsin"
)

// TextForm is one way in which a reader of a text could meet a person's name.
type TextForm struct {
	Person string
	Name   int      // which of her names: 0 the first, n its nth alias
	Parts  []string // lower-case Latin letters without marks, in the order of the name
	At     []int    // for each part its place among WrittenParts, from 0
	// Sure is how likely it is, from 0 to 1, that the name, printed in Latin letters,
	// is spelt so: 1 as written, less where a script leaves something open.
	Sure float64
	// Bare is set where vowels are not written: Parts hold consonants and long vowels only.
	Bare bool
}

// sureness of forms by what a name is written in and read as. Set by hand: official
// romanisations first, then those of custom, then what must be guessed.
func (f *form) sure() (float64, bool) {
	switch {
	case f.sys == semitic && f.script != latin:
		return 0.5, true
	case f.script == latin && (f.sys == western || f.sys == vietnamese):
		return 1, false
	case f.script == latin: // another reading of the same letters
		return 0.3, false
	case f.script == cyrillic, f.sys == pinyin:
		return 0.9, false
	case f.script == hangul, f.script == arabic:
		return 0.8, false
	case f.sys == sinitic, f.sys == uyghur:
		return 0.6, false
	case f.sys == korean:
		return 0.4, false // hanja: most names in ideographs are not Korean
	}
	return 0.5, false
}

// TextForms gives every form of a person's names, in a stable order and without
// repeats: what a text is to be searched for.
func TextForms(p Person) []TextForm {
	var out []TextForm
	seen := map[string]bool{}
	for i, name := range p.Names {
		forms := formsOf(name, i)
		for _, f := range forms {
			if f.gated || f.script == latin && f.sys != western && f.sys != vietnamese {
				continue // for comparing only: the same letters again, or guesses at ideographs
			}
			k := f.String()
			if seen[k] {
				continue
			}
			seen[k] = true
			t := TextForm{Person: p.ID, Name: i, Parts: strings.Fields(k)}
			for _, p := range f.parts {
				if p.text != "" && len(t.At) < len(t.Parts) {
					t.At = append(t.At, p.at)
				}
			}
			t.Sure, t.Bare = f.sure()
			out = append(out, t)
		}
		for _, t := range pressForms(p, i, name, forms) {
			if k := strings.Join(t.Parts, " "); !seen[k] && len(t.Parts) > 0 {
				seen[k] = true
				out = append(out, t)
			}
		}
	}
	return out
}

// WrittenParts are a name's parts as it is written: a Reason's Part counts them
// from 1.
func WrittenParts(name string) []string {
	var out []string
	switch scriptOf(name) {
	case han:
		runs := hanRuns(cut(name))
		if chinese(runs) && len(runs[0]) > 1 {
			k := surnameOf(runs[0])
			return []string{string(runs[0][:k]), string(runs[0][k:])}
		}
		for _, r := range runs {
			out = append(out, string(r))
		}
	case arabic:
		if voweled(name) {
			break
		}
		return strings.FieldsFunc(norm.NFKC.String(cut(name)), func(r rune) bool {
			return arabicLetters[r] == "" && r != 'ـ' && !unicode.Is(unicode.Mn, r) && r != '\u200c' && r != '\u200d'
		})
	case hangul:
		rs := []rune(strings.Join(strings.Fields(cut(name)), ""))
		if n := len(rs); n >= 2 && n <= 5 {
			return []string{string(rs[:1]), string(rs[1:])}
		}
	}
	if out == nil {
		for _, t := range tokenise(name) {
			out = append(out, t.raw)
		}
	}
	return out
}

// Reader is one person, made ready to be compared with names as texts print them.
// It is never changed; any number of goroutines may use it.
type Reader struct {
	x Index
	p compiled
}

// NewReader compiles a person.
func NewReader(p Person) *Reader {
	r := &Reader{x: Index{o: Options{}.orDefault()}, p: compile(p)}
	// A Chinese text has a Western name by its sounds, and no other spelling beside it, as a notice would.
	for i, name := range p.Names {
		if scriptOf(name) == latin {
			for _, f := range latinLike(name, latin, i, heard) {
				f.joined = spans(heard, f.parts)
				r.p.forms = append(r.p.forms, f)
			}
		}
	}
	return r
}

// Compare weighs a name, printed in any script and order, against the person's, by
// name alone. Score 0 says that nothing agrees; Tier is not set.
func (r *Reader) Compare(printed string) tocsin.Match {
	m := r.x.compare(newQuery(tocsin.Notice{Name: printed}), &r.p, 0)
	m.Tier = ""
	return m
}

// LetterOf spells a letter of a Latin, Cyrillic, Greek, Armenian, Georgian, Ethiopic, Hangul or Arabic text (in Arabic one that writes its vowels, as Uyghur does) in
// lower-case Latin letters without marks, as the forms do; "" for what is none or is
// not sounded.
func LetterOf(r rune) string {
	l := unicode.ToLower(r)
	if to, ok := cyrillicLetters[l]; ok {
		return to
	}
	if to, ok := uyghurLetters[r]; ok {
		return to
	}
	if r < 0x80 || unicode.In(norm1(r), unicode.Latin, unicode.Greek, unicode.Armenian, unicode.Georgian, unicode.Ethiopic, unicode.Hangul) {
		return letters(fold(string(r)))
	}
	return ""
}

// norm1 is the letter that a full-width form or another form for display stands for.
func norm1(r rune) rune {
	for _, c := range norm.NFKC.String(string(r)) {
		return c
	}
	return r
}

// Common reports whether millions share a part, given in lower-case Latin letters.
func Common(part string) bool { return commonParts[western.rewrite(part)] }

// Patronymic reports whether a part, in lower-case Latin letters, is a patronymic.
func Patronymic(part string) bool { return isPatronymic(part) }

// Mandarin is an ideograph's commonest reading in Pinyin without tones, "" if it has none.
func Mandarin(r rune) string {
	if m := readingOf(r).mandarin; len(m) > 0 {
		return m[0]
	}
	return ""
}
