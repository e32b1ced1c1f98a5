package mention

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// sceneBooks are the stems of sceneStems, and sceneGlyphBook those of sceneGlyphs by
// their first letter.
var (
	sceneBooks = func() map[string]*stemBook[byte] {
		m := map[string]*stemBook[byte]{}
		for lang, kinds := range sceneStems {
			m[lang] = &stemBook[byte]{whole: lang == "fa" || lang == "ug"}
			for _, kind := range sortedKeys(kinds) {
				m[lang].add(kinds[kind], kind)
			}
			for _, code := range sortedKeys(peoples) {
				m[lang].add(strings.Join(peoples[code], " "), 'G')
			}
		}
		return m
	}()
	sceneGlyphBook = func() map[rune][]glyphOfKind {
		m := map[rune][]glyphOfKind{}
		for _, kind := range sortedKeys(sceneGlyphs) {
			for _, w := range strings.Fields(sceneGlyphs[kind]) {
				r, _ := utf8.DecodeRuneInString(w)
				m[r] = append(m[r], glyphOfKind{w, kind})
			}
		}
		return m
	}()
)

type glyphOfKind struct {
	word string
	kind byte
}

// together are the kinds of which two words make a scene of danger. Courts and blows
// make none: they are tennis.
var together = words("AM AV AK AH AC AU AR XA XG XC XV XR MV MK MC MR MU MH VK VR VU VC KC KR KU KH KT CR CT RU HU FT")

// scene is what the words around a name tell.
type scene struct {
	word [128]string // the first of each kind, as printed
	sure string      // a word of danger by itself
}

func (e *scene) add(kind byte, printed string) {
	if kind == '!' && e.sure == "" {
		e.sure = printed
	} else if e.word[kind] == "" {
		e.word[kind] = printed
	}
}

// danger is what makes danger, as printed; "" if nothing does.
func (e *scene) danger(play bool) string {
	if e.sure != "" || play {
		return e.sure
	}
	if w := e.word['~']; w != "" {
		return w
	}
	for _, pair := range together {
		if a, b := e.word[pair[0]], e.word[pair[1]]; a != "" && b != "" {
			return a + " … " + b
		}
	}
	return ""
}

// scenes adds the words of scenes of a region.
func (c *scan) scenes(e *scene, lang string, r *region) {
	if book := sceneBooks[lang]; book != nil {
		for i, w := range r.ws {
			book.find(r.s, r.ws[i:], func(kind byte, span int) bool {
				e.add(kind, r.s[w.from:r.ws[i+span-1].to])
				return true
			})
		}
	}
	for i, c := range r.glyphs {
		for _, g := range sceneGlyphBook[c] {
			if strings.HasPrefix(r.glyphs[i:], g.word) {
				e.add(g.kind, g.word)
			}
		}
	}
}

// around is the text about a name that may tell of danger: its sentence, without the
// name, and of those beside it a few words.
type around struct {
	before, after, next, prev region
	rubric                    region // a title of a word or three, which says what the text is of
	name                      string
}

// aroundOf cuts them out. A title goes on in the text's first sentence, and what
// stands in quotation marks as the name of a play is no more than that. They are good
// until the next call.
func (c *scan) aroundOf(text string, start, end int) (a around) {
	from, to := bounds(text, start, end, dangerReach)
	before, after := text[from:start], text[end:to]
	if works(before) || works(after) {
		before, after = untitled(before), untitled(after)
	}
	next, prev := text[to:min(len(text), to+dangerReach)], text[max(0, from-dangerReach):from]
	if text == c.a.Title && strings.TrimSpace(next) == "" {
		next = c.a.Text[:min(len(c.a.Text), dangerReach)]
	} else if text == c.a.Text && from == 0 {
		prev = c.a.Title
	}
	c.spots, a.name = c.spots[:0], text[start:end]
	a.before, a.after = c.region(before, -1, false), c.region(after, -1, false)
	if text == c.a.Text {
		if a.rubric = c.region(c.a.Title, -1, false); len(a.rubric.ws) > rubricWords || len(c.a.Title) > 60 {
			a.rubric = region{}
		}
	}
	a.next, a.prev = c.region(paragraph(next), besideWords, false), c.region(prev, besideWords, true)
	return a
}

const rubricWords = 3

// scene is danger that is told without its word, as printed; "" if none is.
func (c *scan) scene(a *around) string {
	if asked(a) {
		return strings.TrimSpace(a.before.s + a.name + a.after.s)
	}
	for _, lang := range c.tongues() {
		if d := c.sceneOf(a, lang); d != "" {
			return d
		}
	}
	return ""
}

// latinTongues are those of sceneStems in Latin letters.
var latinTongues = []string{"en", "es", "fr", "de", "tr"}

// tongues are the languages of sceneStems that the article may be written in: as it
// declares, else as it reads, and where a short text in Latin letters does not tell, any.
func (c *scan) tongues() []string {
	if c.mayBe != nil {
		return c.mayBe
	}
	guess := c.language
	c.mayBe = []string{c.language}
	if c.a.Language != "" && !hasScenes(c.language) {
		other := c.a
		other.Language = ""
		guess = languageOf(other)
		c.mayBe = append(c.mayBe, guess)
	}
	if c.a.Language == "" && len(c.a.Title)+len(c.a.Text) < enoughToTell && (guess == "" || slices.Contains(latinTongues, guess) || !hasScenes(guess)) {
		for _, lang := range latinTongues {
			if !slices.Contains(c.mayBe, lang) {
				c.mayBe = append(c.mayBe, lang)
			}
		}
	}
	return c.mayBe
}

func hasScenes(lang string) bool { return sceneStems[lang] != nil || lang == "zh" }

// enoughToTell is how much of a text, in bytes, surely tells its language.
const enoughToTell = 400

// plot reports whether the sentence of a name is of a part or a plot.
func (c *scan) plot(a *around) (found bool) {
	for _, lang := range c.tongues() {
		book := plotBooks[lang]
		if book == nil {
			continue
		}
		for _, r := range [...]*region{&a.before, &a.after} {
			for i := range r.ws {
				book.find(r.s, r.ws[i:], func(byte, int) bool {
					found = true
					return false
				})
				if found {
					return true
				}
			}
		}
	}
	for _, glyphs := range [...]string{a.before.glyphs, a.after.glyphs} {
		if glyphs != "" && slices.ContainsFunc(plotGlyphs, func(g string) bool { return strings.Contains(glyphs, g) }) {
			return true
		}
	}
	return false
}

// plotBooks and plotGlyphs are the words of plots alone, which few words begin like.
var (
	plotBooks = func() map[string]*stemBook[byte] {
		m := map[string]*stemBook[byte]{}
		for lang, kinds := range sceneStems {
			m[lang] = &stemBook[byte]{whole: sceneBooks[lang].whole}
			m[lang].add(kinds['P'], 'P')
		}
		return m
	}()
	plotGlyphs = strings.Fields(sceneGlyphs['P'])
)

// plotWords is how far from a name, in words, danger may stand that is not of a plot.
const plotWords = 3

func (c *scan) sceneOf(a *around, lang string) string {
	var e scene
	c.scenes(&e, lang, &a.before)
	c.scenes(&e, lang, &a.after)
	var of scene
	c.scenes(&of, lang, &a.rubric)
	play := e.word['S'] != "" || of.word['S'] != ""
	if d := e.danger(play); d != "" {
		return d
	}
	c.scenes(&e, lang, &a.next)
	if d := e.danger(play); d != "" {
		return d
	}
	c.scenes(&e, lang, &a.prev)
	return e.danger(play)
}

// paragraph is s up to the paragraph's end: what comes after speaks of something else.
func paragraph(s string) string {
	t := strings.TrimLeft(s, "\n\r ")
	if i := strings.Index(t, "\n\n"); i >= 0 {
		return t[:i]
	}
	return t
}

// asked reports whether the sentence asks where somebody is, and nothing else.
func asked(a *around) bool {
	end, _ := utf8.DecodeLastRuneInString(strings.TrimRight(a.after.s, " »”\"\n"))
	if end != '?' && end != '؟' && end != '？' {
		return false
	}
	words := 0
	where := strings.Contains(a.after.s, "在哪") || strings.Contains(a.after.s, "在何处") || strings.Contains(a.after.s, "在何處")
	for _, w := range strings.FieldsFunc(a.before.s+" "+a.after.s, func(r rune) bool { return classify(r) == kNone }) {
		words++
		where = where || whereWords[small(w)]
	}
	return where && words <= 4
}

// tagged is a hashtag of a text that asks for somebody, as printed; "" if there is none.
func tagged(s string) string {
	for {
		i := strings.IndexAny(s, "#＃")
		if i < 0 {
			return ""
		}
		s = s[i:]
		tag := s
		if n := strings.IndexAny(s[1:], " \n\t#.,;!?،؟。，！？"); n >= 0 {
			tag = s[:n+1]
		}
		word := small(strings.TrimLeft(tag, "#＃"))
		for _, w := range freeTags {
			if strings.HasPrefix(word, w) || len(w) > 4 && strings.Contains(word, w) {
				return tag
			}
		}
		s = s[len(tag):]
		if len(tag) == 0 {
			return ""
		}
	}
}

// works reports whether a text has a word for a book, a play or the like.
func works(s string) bool {
	if !slices.ContainsFunc(openQuotes, func(q string) bool { return strings.Contains(s, q) }) {
		return false
	}
	return strings.Contains(s, "《") || strings.Contains(s, "『") || hasStem(s, workWords, -1, false)
}

var openQuotes = words("« “ \" „ ‘ 《 「 『")

// hasStem reports whether one of the first words of s, or of the last, begins with a
// stem; a negative number: of all. Two letters or fewer are whole words.
func hasStem(s string, stems []string, most int, last bool) bool {
	ws := strings.FieldsFunc(s, func(r rune) bool { k := classify(r); return k == kNone })
	if most >= 0 && len(ws) > most {
		if last {
			ws = ws[len(ws)-most:]
		} else {
			ws = ws[:most]
		}
	}
	for _, w := range ws {
		w = small(w)
		for n := range danglers(w) {
			for _, st := range stems {
				if w[n:] == st || len(st) > 2 && strings.HasPrefix(w[n:], st) {
					return true
				}
			}
		}
	}
	return false
}

// untitled leaves out what stands in quotation marks, if it is short.
func untitled(s string) string {
	var b strings.Builder
	for {
		i := strings.IndexAny(s, "«“\"„‘《「『")
		if i < 0 {
			break
		}
		_, size := utf8.DecodeRuneInString(s[i:])
		n := strings.IndexAny(s[i+size:], "»”\"“’》」』")
		if n < 0 {
			break
		}
		_, closing := utf8.DecodeRuneInString(s[i+size+n:])
		b.WriteString(s[:i])
		if inside := s[i+size : i+size+n]; countWords(inside) > mostTitle {
			b.WriteString(inside)
		}
		b.WriteByte(' ')
		s = s[i+size+n+closing:]
	}
	b.WriteString(s)
	return b.String()
}

// mostTitle is how many words the title of a work has at most.
const mostTitle = 6

// speaksFor reports whether the name is of somebody who speaks for others, so that
// only danger that stands next to it is his own. "The lawyer of N" speaks for N: only
// a word that stands just before the name, or after it and a comma, is who N is. In
// Arabic and Persian the first is the lawyer of N, too.
func speaksFor(a *around) bool {
	after := strings.TrimLeft(nearby(a.after.s, false), "”»\"’")
	r, size := utf8.DecodeRuneInString(after)
	beside := strings.ContainsRune(",،，", r) && hasStem(after[size:], lawyers, 2, false)
	if before := strings.TrimRight(nearby(a.before.s, true), " ,"); !beside && before != "" {
		last, _ := utf8.DecodeLastRuneInString(before)
		most := 1
		if strings.HasSuffix(strings.TrimRight(a.before.s, " "), ",") {
			most = 3
		}
		beside = (classify(last) != kArabic || strings.Contains(a.before.s, "ئ")) && hasStem(before, lawyers, most, true) || strings.HasSuffix(before, "律师") || strings.HasSuffix(before, "律師")
	}
	if !beside {
		return false
	}
	return hasStem(a.before.s, clients, -1, false) || hasStem(a.after.s, clients, -1, false) ||
		slices.ContainsFunc(clientGlyphs, func(g string) bool { return strings.Contains(a.after.s, g) })
}

// nearby is what of s is within a few words of the name: before it, or after it.
func nearby(s string, before bool) string {
	const reach = 64
	if len(s) <= reach {
		return s
	}
	if before {
		i := len(s) - reach
		for i < len(s) && !utf8.RuneStart(s[i]) {
			i++
		}
		return s[i:]
	}
	i := reach
	for i > 0 && !utf8.RuneStart(s[i]) {
		i--
	}
	return s[:i]
}

// How far from a lawyer's name, in words, the danger may stand that is the lawyer's own:
// before it stand the article and the office, too.
const (
	ownWordsBefore = 4
	ownWordsAfter  = 2
)
