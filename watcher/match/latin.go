package match

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// latinForms are the further readings of a name in Latin letters: Korean and
// Chinese ones have other systems than the one they happen to be written in.
func latinForms(name string, n int) []form {
	var out []form
	ts := tokenise(name)
	if looksVietnamese(ts) {
		return out
	}
	if looksKorean(ts) {
		if ps := syllabic(korean, ts); len(ps) > 1 {
			out = append(out, form{sys: korean, script: latin, name: n, parts: ps})
		}
	}
	out = append(out, southernForms(ts, n)...)
	for _, f := range latinLike(name, latin, n, uyghur) {
		if f.gated = !byPinyin(ts); !f.gated {
			addElements(f.parts)
		}
		out = append(out, f)
	}
	if looksArabic(ts) {
		out = append(out, latinLike(name, latin, n, semitic)...)
	}
	return out
}

var koreanFamilies = func() map[string]bool {
	m := map[string]bool{}
	for _, ws := range koreanSurnames {
		for _, w := range ws {
			m[w] = true
		}
	}
	for _, w := range strings.Fields("han kwon hwang song hong min bong pyo kye hyon hyun hyong thae tae yom pang kil ki chi ma mae tong chun ha chu jon chon jeon chun so nam ryang chae ham") {
		m[w] = true
	}
	return m
}()

// looksKorean knows a Korean name in Latin letters by its surname and by parts of
// one or two syllables.
func looksKorean(ts []token) bool {
	if len(ts) < 2 || len(ts) > 4 {
		return false
	}
	found := koreanFamilies[ts[0].text] || koreanFamilies[ts[len(ts)-1].text]
	for _, t := range ts {
		found = found && len(t.text) <= 12 && !strings.ContainsAny(t.text, "fvxqz")
	}
	return found
}

// koreanDoubt is how much more a part of a Korean name is in doubt that is spelt otherwise,
// where it is not read as Korean: a letter more or less is another syllable.
const koreanDoubt = 2

// koreanInLatin tells the readings of Korean names in Latin letters, other than as Korean,
// what they are: the surname stands before a given name of two syllables.
func koreanInLatin(fs []form) {
	for i := range fs {
		ps := fs[i].parts
		ts := make([]token, len(ps))
		for j := range ps {
			ts[j].text = ps[j].text
		}
		if !looksKorean(ts) {
			continue
		}
		fs[i].doubt = koreanDoubt
		if len(ps) == 3 && !hasFamily(ps) && koreanFamilies[ps[0].text] {
			ps[0].family = true
		}
	}
}

// syllabic makes two parts of a name written in syllables: the surname, and the
// given name as one.
func syllabic(s *system, ts []token) []part {
	family, given := ts[0], ts[1:]
	at := [2]int{0, 1}
	if last := len(ts) - 1; !koreanFamilies[family.text] || ts[last].family && !ts[0].family {
		family, given, at = ts[last], ts[:last], [2]int{last, 0}
	}
	joined := ""
	for _, t := range given {
		if joined != "" {
			joined += syllableMark
		}
		joined += t.text
	}
	var ps []part
	for i, w := range []string{family.text, joined} {
		c := s.rewrite(w)
		if c == "" {
			continue
		}
		ps = append(ps, part{codes: []string{c}, text: w, at: at[i], weight: weigh(s, c, w), family: i == 0})
	}
	if len(ps) == 2 {
		for _, ws := range koreanSurnames {
			for _, w := range ws {
				if w == ps[0].text {
					for _, x := range ws {
						ps[0].codes = appendNew(ps[0].codes, s.rewrite(x))
					}
				}
			}
		}
	}
	return ps
}

// Hangul by Revised Romanization. Written from memory, to be checked against: Ministry of Culture and Tourism of the
// Republic of Korea, notification 2000-8; syllables by the Unicode Standard 3.12.
var (
	leads  = strings.Fields("g kk n d tt r m b pp s ss - j jj ch k t p h")
	middle = strings.Fields("a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i")
	tails  = strings.Fields("- k k k n n n t l k m p l l p l m p p t t ng t t k t p t")
)

func hangulForms(name string, n int) []form {
	var all []string
	for _, r := range name {
		if k := int(r) - 0xac00; unicode.Is(unicode.Hangul, r) && k >= 0 && k < 11172 {
			s := strings.Trim(leads[k/588], "-") + middle[k%588/28] + strings.Trim(tails[k%28], "-")
			all = append(all, s)
		}
	}
	if len(all) < 2 || len(all) > 5 {
		return latinLike(name, hangul, n, western)
	}
	c, given := korean.rewrite(all[0]), strings.Join(all[1:], syllableMark)
	p := part{codes: []string{c}, text: all[0], weight: weigh(korean, c, all[0]), family: true}
	for _, w := range koreanSurnames[all[0]] {
		p.codes = appendNew(p.codes, korean.rewrite(w))
	}
	g := korean.rewrite(given)
	return []form{{sys: korean, script: hangul, name: n, parts: []part{p, {codes: []string{g}, text: given, at: 1, weight: weigh(korean, g, given)}}}}
}

// byPinyin reports whether a name may have been spelt by way of ideographs: all of
// it can be read in syllables of Pinyin, and in more of them than a Chinese name has.
func byPinyin(ts []token) bool {
	total := 0
	for _, t := range ts {
		n := pinyinSyllables(t.text)
		if n == 0 {
			return false
		}
		total += n
	}
	return total >= 4
}

// pinyinSyllables counts the fewest syllables of Pinyin that w can be read in, 0 if it cannot.
func pinyinSyllables(w string) int {
	if len(w) > maxToken {
		return 0
	}
	best := [maxToken + 1]int{}
	for end := 1; end <= len(w); end++ {
		for start := max(0, end-6); start < end; start++ {
			if (start == 0 || best[start] > 0) && syllable(w[start:end]) && (best[end] == 0 || best[start]+1 < best[end]) {
				best[end] = best[start] + 1
			}
		}
	}
	return best[len(w)]
}

func syllable(w string) bool { return mandarinSyllables()[w] }

// mandarinSyllables are all readings that the table of ideographs has, ü written u too.
var mandarinSyllables = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for _, line := range strings.Split(hanReadings, "\n") {
		_, size := utf8.DecodeRuneInString(line)
		f, _, _ := strings.Cut(line[size:], "/")
		for _, w := range words(f) {
			m[w] = true
			m[strings.ReplaceAll(w, "v", "u")] = true
		}
	}
	delete(m, "")
	return m
})
