package mention

import (
	"hash/maphash"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tocsin"
	"tocsin/watcher/match"
)

// Words of who somebody is, that stand before a name or after it. Written from memory, not
// checked; where to check: Wiktionary's categories of Chinese and Korean nouns for occupations,
// and of Korean dependent nouns.
var roleWords = strings.Fields(`先生 女士 小姐 记者 記者 作家 律师 律師 教授 学者 學者 博士 诗人 詩人 异见 異見 异议 異議 维权 維權 活动人士 活動人士 活动家 活動家 人士 学生 學生 编辑 編輯 商人 企业家 企業家 公民 男子 女子 居民 名叫 名为 名為 叫做 嫌疑人 被告 导演 導演 歌手 画家 畫家 艺术家 藝術家 牧师 牧師 医生 醫生 工程师 工程師 主席 创始人 創始人
	씨 기자 작가 교수 변호사 박사 목사 활동가 시인 감독 가수 학생 사업가`)

// roleReach is how far from a name, in bytes, such a word may stand.
const roleReach = 24

// koreanSurnames are the commonest of Korea: nine of ten people bear one. Source: Wikipedia,
// "List of Korean surnames" (CC BY-SA 4.0), after the census of 2015; from memory.
var koreanSurnames = runes(`김이박최정강조윤장임한오서신권황안송전홍유고문양손배백허남심노하곽성차주우구민진나지엄채원천방공현함변염여추도소석선설마길연위표명기반라왕금옥육인맹제모탁국어은편용`)

// undotted reads a surname and two more letters, in ideographs or in Hangul, as the
// sounds of a name that is known in Latin letters only. Three letters say little, and
// many words sound so: such a place is told for review, and only where a word beside it
// or danger near it says that it is of somebody.
func (c *scan) undotted(at int, r rune) {
	text := c.text
	script := unicode.Han
	if unicode.Is(unicode.Hangul, r) {
		script = unicode.Hangul
	}
	mid := at + utf8.RuneLen(r)
	end := mid
	for range 2 {
		g, size := utf8.DecodeRuneInString(text[end:])
		if !unicode.Is(script, g) {
			return
		}
		end += size
	}
	if before, _ := utf8.DecodeLastRuneInString(text[:at]); dot(before) {
		return
	}
	after, _ := utf8.DecodeRuneInString(text[end:])
	if dot(after) || script == unicode.Han && inGivenNames[after] && !afterShortName[after] {
		return
	}
	h := maphash.String(c.words.seed, text[at:end])
	place := &c.refused[h%mostRefused]
	if *place == h {
		return
	}
	code := soundCode(nil, readAloud(text[at:mid]))
	code = soundCode(append(code, ' '), readAloud(text[mid:end]))
	some := false
	for _, person := range c.s.glyphs.sounds[string(code)] {
		some = c.sounded(person, at, mid, end) || some
	}
	if !some {
		*place = h
	}
}

// sounded takes three letters as a person's name, and reports whether they sound so.
func (c *scan) sounded(person int32, at, mid, end int) bool {
	if c.done(person) {
		return true
	}
	printed := c.text[at:end]
	m := c.compare(person, printed)
	if said := readAloud(c.text[at:mid]) + " " + readAloud(c.text[mid:end]); m.Score < c.s.o.Alert {
		m = c.compare(person, said)
	}
	if m.Score < c.s.o.Alert || contradicted(m.Reasons) {
		return false
	}
	c.tries[person]++
	if glyphThingAt(c.text, end) || !c.somebody(at, end) {
		return true
	}
	h := hit{seg: c.seg, start: at, end: end, found: printed, m: m}
	h.m.Reasons = append([]tocsin.Reason{{Code: tocsin.ReasonInText, With: clean(printed)}}, m.Reasons...)
	c.settle(person, h, false, false)
	return true
}

// somebody reports whether what stands at a place is said to be a person.
func (c *scan) somebody(start, end int) bool {
	for _, s := range [...]string{c.text[max(0, start-roleReach):start], c.text[end:min(len(c.text), end+roleReach)]} {
		for _, w := range roleWords {
			if strings.Contains(s, w) {
				return true
			}
		}
	}
	return c.dangerNear(c.text, start, end, false) != ""
}

// readAloud is how ideographs or syllables of Hangul are read, in Latin letters.
func readAloud(glyphs string) string {
	var b strings.Builder
	for _, r := range glyphs {
		if unicode.Is(unicode.Hangul, r) {
			b.WriteString(match.LetterOf(r))
		} else {
			b.WriteString(match.Mandarin(r))
		}
	}
	return b.String()
}

// soundCode appends what Pinyin, Wade-Giles and the romanisations of Korean have in common of
// a name's sounds: aspirates and vowels that they write differently are one. It is for
// finding; the matcher compares.
func soundCode(dst []byte, w string) []byte {
	switch w {
	case "lee", "yi", "rhee", "li", "ri":
		return append(dst, "li"...)
	case "park", "pak", "bak":
		return append(dst, "pak"...)
	}
	start := len(dst)
	put := func(b byte) {
		if n := len(dst); n == start || dst[n-1] != b {
			dst = append(dst, b)
		}
	}
	for i := 0; i < len(w); i++ {
		next := byte(0)
		if i+1 < len(w) {
			next = w[i+1]
		}
		switch c := w[i]; {
		case c == 'h' && (next == 's' || i > 0 && strings.IndexByte("cszt", w[i-1]) >= 0):
		case c == 'h' && i > 0 && (w[i-1] == 'e' || w[i-1] == 'i'): // -ieh, -ih
		case c == 's' && next == 'h', c == 'x', c == 's':
			put('s')
		case c == 't' && (next == 's' || next == 'z'):
		case c == 'z' || c == 'c' || c == 'j' || c == 'q' || c == 'r' && i == 0:
			put('c')
		case c == 'b':
			put('p')
		case c == 'd':
			put('t')
		case c == 'g' && i > 0 && w[i-1] == 'n' && strings.IndexByte("aeiouyw", next) < 0: // -ng
		case c == 'g':
			put('k')
		case c == 'v' || c == 'w' || c == 'o' || c == 'u':
			put('u')
		case c == 'y':
			put('i')
		case c == 'e' && (next == 'o' || next == 'u'):
		case c == 'e' && i > 0 && w[i-1] == 'i' && next == 'n':
			put('a')
		default:
			put(c)
		}
	}
	return dst
}

// compileSounds keeps people with a name of a Chinese or Korean surname and two syllables,
// in Latin letters and in no others, under how it sounds.
func (s *Scanner) compileSounds() {
	families := map[string][]rune{}
	for _, t := range [...]map[rune]bool{surnames, koreanSurnames} {
		for r := range t {
			k := string(soundCode(nil, readAloud(string(r))))
			families[k] = append(families[k], r)
		}
	}
	s.glyphs.sounds = map[string][]int32{}
	for i := range s.forms {
		f := &s.forms[i]
		if f.bare || f.n < 2 || f.n > 3 || slices.ContainsFunc(s.people[f.person].Names, func(n string) bool { return glyphParts(n) != nil }) {
			continue
		}
		var ws []string
		for p := range int(f.n) {
			ws = append(ws, s.part(f, p).text)
		}
		for _, order := range [...][]string{{ws[0], strings.Join(ws[1:], "")}, {ws[len(ws)-1], strings.Join(ws[:len(ws)-1], "")}} {
			family := string(soundCode(nil, order[0]))
			if len(order[0]) > 6 || len(order[1]) > 12 || families[family] == nil {
				continue
			}
			k := string(soundCode([]byte(family+" "), order[1]))
			if at := s.glyphs.sounds[k]; !slices.Contains(at, f.person) {
				s.glyphs.sounds[k] = append(at, f.person)
				for _, r := range families[family] {
					s.glyphs.first[plain(r)&0xffff] |= 4
				}
			}
		}
	}
}
