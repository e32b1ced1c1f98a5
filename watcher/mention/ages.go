package mention

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

type agreement uint8

const (
	silent agreement = iota
	fits
	differs
)

// A number of years is an age where it is said to be one: a sentence is told in years as
// well, and so is what came of it. All small, the stems of words in any language. Written
// from memory, not checked; where to check: Unicode CLDR 45, units "duration-year"
// (CC-like Unicode License v3), and Wiktionary for "aged", "years old" and "born".
var (
	// ageAfter are words that make an age of the number before them, and ageOld those that
	// do so together with a word for years.
	ageAfter = words(`летн літн річн весн jährig yaş yas= geburtstag birthday cumpleaños 岁 歲 歳 ساله سالە ساڵ ياش жас yash годовал`)
	ageOld   = words(`old olds alt edad cumplid d'âge d’âge عمر العمر عمره عمرها عمراً`)
	// ageBefore are words that make an age of a number within three words after them.
	ageBefore = words(`aged= age= âgé âge= agé edad= alter= altersjahr возраст исполн відсвят віком віці= виповн عمر العمر عمره عمرها يبلغ البالغ البالغة yaşı= birthday turned= turns= cumpl tiene= tenía= geburtstag anniversaire ему= ей= йому= їй= سن=`)
	// ageYears are words for years, which an apposition may end with.
	ageYears = words(`years year yrs an= ans= année años año jahre jahren лет= год= года= рік= роки= років= عام سنة سال= yıl`)
	// ageOf are words between a comma and an age.
	ageOf = words(`de aged age âgé âgée âgés agé von`)
	// terms are what lasts years and is told like a person's age: "a 15-летний срок".
	terms     = words(`срок заключен тюрем тюрьм колон лишен ссылк изгнан эмиграц приговор карьер истори войн= борьб haft freiheits gefängnis strafe exil einreise amtszeit строк ув'язн ув’язн позбавл тюр вирок засланн війн 徒刑`)
	ordinals  = set(`e ème eme th st nd rd й го`)
	bornWords = words(`born= née= né= nés= nacid nació= gebor рожден рождён родил народи народж doğum doğan 生于 生於 出生 年生 مواليد ولد متولد تۇغۇلغان туған туыл tughulghan *`)
)

// diedWords stand beside the year in which somebody's life ended. Written from memory;
// where to check: Wiktionary for "died", "executed", "shot".
var diedWords = words(`died executed shot hanged mort morte décédé fusillé exécuté murió fallec fusilad ejecutad gestorben starb hingerichtet erschossen öldü vefat умер скончал расстрел казнён казнен помер розстріл страчен مات توفي أعدم درگذشت اعدام ۋاپات 去世 逝世 牺牲 被害 †`)

// youngest is the least age at which somebody of the list may have died in a text.
const youngest = 14

// Ages in words: from how many years to how many, by the word of the tens or of who is
// so old. Written from memory; where to check: Unicode CLDR's spell-out rules (RBNF)
// for the tens.
var agesInWords = []agesTold{
	{90, 105, `ninety ninetie nonagenarian centenarian quatre-vingt-dix nonagénaire centenaire noventa nonagenari centenari neunzig doksan девяност столетн дев'яност столітн تسعين التسعين تسعون نود توقسان`},
	{80, 89, `eighty eightie octogenarian octogénaire ochenta octogenari achtzig seksen восемьдесят вісімдесят ثمانين الثمانين هشتاد سەكسەن`},
	{70, 79, `seventy seventie septuagénaire setenta siebzig yetmiş семьдесят сімдесят سبعين السبعين هفتاد يەتمىش`},
	{6, 19, `teenage schoolboy schoolgirl schoolchild lycéen collégien écolier escolar colegial gymnasiast liseli ilkokullu школьник школьниц подросток подростк школяр підліт القاصر نوجوان ئۆسمۈر`},
}

type agesTold struct {
	from, to int
	words    string
}

var ageBook = func() (b stemBook[*agesTold]) {
	for i := range agesInWords {
		b.add(agesInWords[i].words, &agesInWords[i])
	}
	return b
}()

// A child's age, just after a name or just before it. Source: as agesInWords.
var (
	childAfter  = regexp.MustCompile(`(?i)^[,،，(（] ?(?:de |aged )?(?:\d|1[0-3]|[۰-۹٠-٩]|۱[۰-۳])(?:[,，)）]| (?:(?:ans|años|jahre|years|лет|років)[,，)）.]|years? old|jahre alt|años de edad|yaşında|ساله|سالە|ياش|岁))|^[,،]? ?(?:дев.яти|девяти|восьми|семи|шести|пяти|десяти|семирічн|восьмирічн|дев.ятирічн) (?:лет|років)|^[,،]? (?:ابن|ابنة) (?:الخامسة|السادسة|السابعة|الثامنة|التاسعة|العاشرة)|^ (?:پنج|شش|هفت|هشت|نه|ده)[\x{200c} ]ساله`)
	childBefore = regexp.MustCompile(`(?:^|\D)(?:\d|1[0-3])(?:-year-old| yaşındaki|-летн\pL+|-річн\pL+|岁的?|歲的?) ?$|(?:توققۇز|سەككىز|يەتتە|ئالتە|بەش|ئون) ياشلىق $|(?:девяти|восьми|семи|шести|десяти)летн\pL+ $|[五六七八九十]岁的?\pL{0,4}$`)
)

// child reports whether a child's age stands beside the name. Most names are followed by
// no comma, and few are led by a number or a word for years.
func child(before, after string) bool {
	last, head := before[max(0, len(before)-32):], after[:min(len(after), 4)]
	if r, _ := utf8.DecodeRuneInString(head); strings.ContainsRune(",،，(（", r) || classify(r) == kNone && strings.Contains(after, "ساله") || strings.Contains(head, "д") {
		if childAfter.MatchString(after) {
			return true
		}
	}
	number := strings.ContainsAny(last, "0123456789") || strings.Contains(last, "岁") || strings.Contains(last, "歲") || strings.Contains(last, "ياشلىق") || strings.Contains(last, "летн")
	return number && childBefore.MatchString(before)
}

const oldestChild = 13

// inWords says whether an age that stands beside the name in words fits a year of birth.
// Tens are an age only beside a word of age; who is at school stands next to the name.
func (c *scan) inWords(before, after string, year int) (agreement, string) {
	if c.a.Published.IsZero() {
		return silent, ""
	}
	age := c.a.Published.Year() - year
	for k, s := range [...]string{sameSentence(before, true), sameSentence(after, false)} {
		if n := hanAge(s); n > 0 {
			return agree(age, n, n), ""
		}
		c.spots = c.spots[:0]
		ws := c.region(s, -1, false).ws
		for j, sp := range ws {
			var found *agesTold
			ageBook.find(s, ws[j:], func(t *agesTold, _ int) bool {
				if t.from < 20 && (k == 0 && j < len(ws)-1 || k == 1 && j > 1) {
					return true // who is at school is said next to the name
				}
				if t.from >= 20 && !beside(s, sp.from, sp.to, ageCues, 48) && !hasStem(before, ageCues, 2, true) {
					return true
				}
				found = t
				return false
			})
			if found != nil {
				return agree(age, found.from, found.to), s[sp.from:sp.to]
			}
		}
		for _, w := range schoolGlyphs {
			if k == 0 && strings.HasSuffix(s, w) || k == 1 && strings.HasPrefix(s, w) {
				return agree(age, 6, 19), w
			}
		}
	}
	return silent, ""
}

var schoolGlyphs = words(`中学生 中學生 小学生 小學生 初中生 高中生 少年`)

// ageCues are words beside an age in words.
var ageCues = words(`aged celebrat birthday year-old âgé fêt anniversaire cumpl edad feier geburtstag jährig yaş kutla doğum возраст исполн отпраздн отметил летн весн віці виповн відсвятк святку بلغ بلغت عمره عمرها ساله سالگی ياش يېش`)

// agree compares an age with what a text says, from and to.
func agree(age, from, to int) agreement {
	switch {
	case age >= from-1 && age <= to+1:
		return fits
	case age < from-4 || age > to+4:
		return differs
	}
	return silent
}

// hanAge is an age in Chinese numerals, 0 if there is none.
func hanAge(s string) int {
	i := strings.IndexAny(s, "岁歲")
	if i < 0 {
		return 0
	}
	n, tens := 0, false
	rs := []rune(s[:i])
	from := len(rs)
	for from > 0 && strings.ContainsRune("一二三四五六七八九十", rs[from-1]) {
		from--
	}
	for _, r := range rs[from:] {
		if r == '十' {
			n, tens = max(n, 1)*10, true
			continue
		}
		d := strings.IndexRune("一二三四五六七八九", r)/3 + 1
		if n > 0 && !tens {
			return 0
		}
		n += d
	}
	return n
}

// How far from a name, in bytes, its age or birth year may stand.
const ageReach = 70

// ageNear says whether an age or birth year that stands beside the name fits a year
// of birth, and which. Of several the nearest after the name tells, then before.
func (c *scan) ageNear(start, end, year int) (agreement, string) {
	if year == 0 {
		return silent, ""
	}
	after, before := c.text[end:min(len(c.text), end+ageReach)], c.text[max(0, start-ageReach):start]
	if !c.a.Published.IsZero() && c.a.Published.Year()-year > oldestChild+4 && child(before, after) {
		return differs, ""
	}
	if a, w := c.numbers(after, year, false); a != silent {
		return a, w
	}
	if a, w := c.numbers(before, year, true); a != silent {
		return a, w
	}
	return c.inWords(before, after, year)
}

// sameSentence is what of s is of the sentence that goes on after it, or before it.
func sameSentence(s string, last bool) string {
	if last {
		for i := len(s); i > 0; {
			r, size := utf8.DecodeLastRuneInString(s[:i])
			if i -= size; sentenceEnds(s, i, r, size) {
				return s[i+size:]
			}
		}
		return s
	}
	for i, r := range s {
		if r != '\uFFFD' && sentenceEnds(s, i, r, utf8.RuneLen(r)) {
			return s[:i]
		}
	}
	return s
}

func (c *scan) numbers(s string, year int, last bool) (agreement, string) {
	s = sameSentence(s, last)
	out, word := silent, ""
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if digit(r) < 0 {
			i += size
			continue
		}
		n, from, digits := 0, i, 0
		for i < len(s) {
			r, size = utf8.DecodeRuneInString(s[i:])
			d := digit(r)
			if d < 0 {
				break
			}
			if digits++; digits < 6 {
				n = 10*n + d
			}
			i += size
		}
		born := 0
		switch {
		case digits == 2 && n >= 14 && !c.a.Published.IsZero() && isAge(s, from, i, last):
			born = c.a.Published.Year() - n
		case digits == 4 && n > 1500 && n < 2020 && beside(s, from, i, bornWords, 24):
			born = n
		case digits == 4 && n > 1500 && n < year+youngest && beside(s, from, i, diedWords, 24):
			return differs, s[from:i]
		default:
			continue
		}
		d := born - year
		if d < 0 {
			d = -d
		}
		a := silent
		switch {
		case d <= 1:
			a = fits
		case d > 4:
			a = differs
		default:
			continue
		}
		if !last {
			return a, s[from:i]
		}
		out, word = a, s[from:i]
	}
	return out, word
}

// isAge reports whether two digits are years of life: a word says so, or they stand
// just after the name, between commas or in parentheses.
func isAge(s string, from, to int, last bool) bool {
	first, end := nextWord(s, to)
	ordinal := ordinals[first]
	if ordinal {
		first, end = nextWord(s, end)
	} else if strings.HasPrefix(s[to:], ". ") {
		if w, at := nextWord(s, to+1); begins(w, ageAfter) {
			first, end = w, at
		}
	}
	second, then := nextWord(s, end)
	if begins(first, ageAfter) {
		return !begins(second, terms)
	}
	if w, _ := lastWord(s, from); ordinal {
		return w == "sa" && first == "année" || w == "son" && first == "anniversaire"
	}
	if begins(first, ageYears) {
		third, _ := nextWord(s, then)
		if begins(second, ageOld) || (second == "de" || second == "من") && begins(third, ageOld) {
			return true
		}
	}
	at := from
	for range 3 {
		var w string
		if w, at = lastWord(s, at); w == "" {
			break
		}
		if begins(w, ageBefore) {
			return true
		}
	}
	if begins(first, ageYears) {
		to = end
	}
	return !last && inApposition(strings.TrimSpace(s[:from]), strings.TrimLeft(s[to:], " "))
}

// inApposition reports whether nothing but a comma or a parenthesis, and a word that may lead
// an age, stands before an age, and another such mark or the sentence's end after it.
func inApposition(before, after string) bool {
	mark, size := utf8.DecodeRuneInString(before)
	if lead := before[size:]; lead != "" {
		word, apart := strings.CutPrefix(lead, " ")
		if !apart && !strings.ContainsRune("(（", mark) || strings.Contains(word, " ") || !begins(strings.ToLower(word), ageOf) {
			return false // not just after the name
		}
	}
	end, _ := utf8.DecodeRuneInString(after)
	return before != "" && after != "" && strings.ContainsRune(",(،（，", mark) && strings.ContainsRune(",)،），.", end)
}

// nextWord is the word that follows at after a space or a hyphen, small, and its end;
// "" if none does. lastWord is the one before, and where it begins.
func nextWord(s string, at int) (string, int) {
	at = len(s) - len(strings.TrimLeftFunc(s[at:], tie))
	end := len(s) - len(strings.TrimLeftFunc(s[at:], spells))
	return strings.ToLower(s[at:end]), end
}

func lastWord(s string, at int) (string, int) {
	s = strings.TrimRightFunc(s[:at], tie)
	at = len(strings.TrimRightFunc(s, spells))
	return strings.ToLower(s[at:]), at
}

// spells reports whether r may stand in a word.
func spells(r rune) bool { return ofWord(r) || r == '\'' || r == '’' }

// tie reports whether r may stand between a number and a word for what it counts.
func tie(r rune) bool { return strings.ContainsRune(" -\u00a0\u200c\u2011\u2010\u2013\u202f", r) }

// begins reports whether a word begins with one of the stems; with "=" it is all of it.
func begins(w string, stems []string) bool {
	for _, stem := range stems {
		if s, whole := strings.CutSuffix(stem, "="); w == s || !whole && strings.HasPrefix(w, s) {
			return true
		}
	}
	return false
}

func beside(s string, from, to int, words []string, reach int) bool {
	around := strings.ToLower(s[max(0, from-reach):from] + " " + s[to:min(len(s), to+reach)])
	for _, w := range words {
		w, whole := strings.CutSuffix(w, "=")
		for at := 0; ; {
			i := strings.Index(around[at:], w)
			if i < 0 {
				break
			}
			i += at
			r, _ := utf8.DecodeLastRuneInString(around[:i])
			next, _ := utf8.DecodeRuneInString(around[i+len(w):])
			if (i == 0 || !unicode.IsLetter(r) || r > 0x2e80 || utf8.RuneCountInString(w) == 1) && !(whole && unicode.IsLetter(next)) {
				return true
			}
			at = i + len(w)
		}
	}
	return false
}
