package match

import (
	"slices"
	"strings"
	"sync"
)

// Passports, notices and news in Latin letters have many Uyghur names by way of
// ideographs, in Pinyin (Tuersun Maimaiti), and what a list has in ideographs alone they
// have as Uyghur is written (Tursun Memet). Both ways go by uyghurSpellings.

// inPinyin are the one or two likeliest spellings in Pinyin of a Uyghur name in Latin
// letters; none where a part of it is not made of names that are known.
func inPinyin(p Person, i int, ts []token) (out []TextForm) {
	for nth := range 2 {
		f := TextForm{Person: p.ID, Name: i, Sure: pressSure}
		for at, t := range ts {
			w := pinyinOf(t.text, nth)
			if w == "" {
				return nil
			}
			f.Parts, f.At = append(f.Parts, w), append(f.At, at)
		}
		if len(f.Parts) > 1 && !slices.ContainsFunc(out, func(o TextForm) bool { return slices.Equal(o.Parts, f.Parts) }) {
			out = append(out, f)
		}
	}
	return out
}

// inUyghur is a part in ideographs, read in Pinyin, as Uyghur is written.
func inUyghur(text string) string { return elements(misread.Replace(text)) }

// misread are readings of 卜 that such names do not have.
var misread = strings.NewReplacer("abo", "abu", "yibo", "yibu")

// pinyinOf is the nth spelling in Pinyin of a word that is made of names which are
// known; "" if it is not.
func pinyinOf(word string, nth int) string {
	w := plainUyghur.Replace(word)
	out, _, kept := elementwise(w, func(from, to int) string {
		if of := pinyinSpellings()[w[from:to]]; len(of) > 0 {
			return of[min(nth, len(of)-1)]
		}
		return ""
	})
	if kept > 0 {
		return ""
	}
	return out
}

// plainUyghur takes away what the ways to write Uyghur in Latin letters differ in.
var plainUyghur = strings.NewReplacer("kh", "h", "gh", "g", "x", "h", "q", "k", "a", "e")

// pinyinSpellings is uyghurSpellings by the name, written plainly.
var pinyinSpellings = sync.OnceValue(func() map[string][]string {
	m := map[string][]string{}
	for _, line := range uyghurSpellings {
		name, spellings, _ := strings.Cut(line, " ")
		w := plainUyghur.Replace(name)
		m[w] = append(m[w], strings.Fields(spellings)...)
	}
	return m
})
