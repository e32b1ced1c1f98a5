package mention

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// mostSentence is the longest sentence in runes.
const mostSentence = 300

// sentenceEnds reports whether a sentence ends with the rune r at i of text.
func sentenceEnds(text string, i int, r rune, size int) bool {
	switch r {
	case '。', '！', '？', '؟', '۔', '।', '!', '?', '\u2029':
		return true
	case '.', '…':
		next, _ := utf8.DecodeRuneInString(text[i+size:])
		if i+size < len(text) && !unicode.IsSpace(next) && next != '"' && next != '”' && next != '»' {
			return false
		}
		// An initial, a short title or an ordinal of two digits ends none.
		from := strings.LastIndexAny(text[max(0, i-16):i], " \t\n\u00a0-") + 1
		w := text[max(0, i-16):i][from:]
		return utf8.RuneCountInString(w) > 1 && !abbreviations[strings.ToLower(w)] && !(len(w) == 2 && digit(rune(w[0])) >= 0 && digit(rune(w[1])) >= 0)
	case '\n':
		j := i + size
		for j < len(text) && (text[j] == ' ' || text[j] == '\r' || text[j] == '\t') {
			j++
		}
		return j >= len(text) || text[j] == '\n'
	}
	return false
}

var abbreviations = set(`dr mr mrs ms st prof sr jr hr fr sra mme no nr g г ул р av vs z.b u.a`)

// bounds is the sentence around start to end, at most reach bytes either way.
func bounds(text string, start, end, reach int) (int, int) {
	from := start
	for from > 0 && start-from < reach {
		r, size := utf8.DecodeLastRuneInString(text[:from])
		if sentenceEnds(text, from-size, r, size) {
			break
		}
		from -= size
	}
	to := end
	for to < len(text) && to-end < reach {
		r, size := utf8.DecodeRuneInString(text[to:])
		to += size
		if sentenceEnds(text, to-size, r, size) {
			break
		}
	}
	return from, to
}

// sentenceAt is the sentence around a name: plain text, cut at words.
func sentenceAt(text string, start, end int) string {
	from, to := bounds(text, start, end, 4*mostSentence)
	whole := clean(text[from:to])
	if utf8.RuneCountInString(whole) <= mostSentence {
		return whole
	}
	name := clean(text[start:end])
	head, tail := []rune(clean(text[from:start])), []rune(clean(text[end:to]))
	n := []rune(name)
	if len(n) > mostSentence-2 {
		n = n[:mostSentence-2]
	}
	room := mostSentence - len(n) - 4
	left := min(len(head), max(room/2, room-len(tail)))
	right := min(len(tail), room-left)
	var b strings.Builder
	if left < len(head) {
		left = atWord(head[len(head)-left:])
		b.WriteString("…")
	}
	if left > 0 {
		b.WriteString(strings.TrimSpace(string(head[len(head)-left:])))
		if spaced(text, start, true) {
			b.WriteByte(' ')
		}
	}
	b.WriteString(string(n))
	if right > 0 {
		t := tail[:right]
		if right < len(tail) {
			for i := len(t) - 1; i > len(t)-24 && i > 0; i-- {
				if t[i] == ' ' {
					t = t[:i]
					break
				}
			}
		}
		if spaced(text, end, false) {
			b.WriteByte(' ')
		}
		b.WriteString(strings.TrimSpace(string(t)))
		if right < len(tail) {
			b.WriteString("…")
		}
	}
	return b.String()
}

// atWord is how much of rs is left from its first whole word on.
func atWord(rs []rune) int {
	for i := 0; i < len(rs) && i < 24; i++ {
		if rs[i] == ' ' {
			return len(rs) - i - 1
		}
	}
	return len(rs)
}

func spaced(text string, at int, back bool) bool {
	var r rune
	if back {
		r, _ = utf8.DecodeLastRuneInString(text[:at])
	} else {
		r, _ = utf8.DecodeRuneInString(text[at:])
	}
	return unicode.IsSpace(r)
}

// clean gives text on one line, without what is not shown: control and format
// characters other than joiners.
func clean(s string) string {
	if s = strings.Trim(s, " "); isClean(s) {
		return s
	}
	var b strings.Builder
	space := false
	for _, r := range s {
		switch {
		case r == utf8.RuneError, unicode.IsControl(r) && !unicode.IsSpace(r), unicode.Is(unicode.Cf, r) && r != 0x200c && r != 0x200d, unicode.Is(unicode.Co, r):
			continue
		case unicode.IsSpace(r):
			space = b.Len() > 0
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

// isClean reports whether clean leaves s as it is.
func isClean(s string) bool {
	space := true
	for i := 0; i < len(s); {
		r, size := runeAt(s, i)
		i += size
		switch k := classify(r); {
		case r == ' ':
			if space {
				return false
			}
			space = true
			continue
		case k >= kLower && k <= kGlyph:
		case r < 0x80:
			if r < ' ' || r == 0x7f {
				return false
			}
		case r == utf8.RuneError || unicode.IsSpace(r) || !unicode.IsGraphic(r):
			return false
		}
		space = false
	}
	return !space || s == ""
}

// wordBefore and wordAfter are the words beside a name, if a space or a hyphen stands between.
func wordBefore(text string, at int) string {
	i := at
	for i > 0 && at-i < 8 {
		r, size := utf8.DecodeLastRuneInString(text[:i])
		if r != ' ' && r != '-' && r != 0xa0 && !strings.ContainsRune("\"«“„‚「『.", r) {
			break
		}
		i -= size
	}
	if i == at {
		return ""
	}
	end := i
	for i > 0 && end-i < 48 {
		r, size := utf8.DecodeLastRuneInString(text[:i])
		if !ofWord(r) {
			break
		}
		i -= size
	}
	return text[i:end]
}

func wordAfter(text string, at int) string {
	if at == len(text) {
		return ""
	}
	r, size := runeAt(text, at)
	if r != ' ' && r != '-' && r != 0xa0 {
		return ""
	}
	i := at + size
	for i < len(text) && text[i] == ' ' {
		i++
	}
	start := i
	for i < len(text) && i-start < 48 {
		r, size := runeAt(text, i)
		if !ofWord(r) {
			break
		}
		i += size
	}
	return text[start:i]
}

func ofWord(r rune) bool {
	k := classify(r)
	return k >= kLower && k <= kGlyph || k == kMark && unicode.Is(unicode.Mn, r)
}

// apart reports whether the words beside are of no name: a surname stands alone.
func apart(text string, start, end int) bool {
	p, _ := utf8.DecodeLastRuneInString(text[:start])
	n, size := utf8.DecodeRuneInString(text[end:])
	if k := classify(p); start > 0 && (k != kNone || p == '-') {
		return false
	}
	if k := classify(n); end < len(text) && (k == kLower || k == kUpper || k == kArabic || n == '-') {
		return false
	}
	if n == ' ' {
		if next, _ := utf8.DecodeRuneInString(text[end+size:]); classify(next) == kUpper {
			return false
		}
	}
	// The word before, unless a sentence begins after it, or it is one that begins sentences.
	if p == ' ' {
		i := start - 1
		for i > 0 {
			r, size := utf8.DecodeLastRuneInString(text[:i])
			if k := classify(r); k != kLower && k != kUpper {
				break
			}
			i -= size
		}
		if first, _ := utf8.DecodeRuneInString(text[i:]); i < start-1 && classify(first) == kUpper {
			w := lower(text[i : start-1])
			return openers[w] || smallIn[w] != nil || noName[latin(w)]
		}
	}
	return true
}

// openers begin sentences before a surname: when it was. Written from memory.
var openers = set(`yesterday today then now later meanwhile recently earlier afterwards monday tuesday wednesday thursday friday saturday sunday hier aujourd'hui depuis ensuite puis maintenant lundi mardi mercredi jeudi vendredi samedi dimanche
	ayer hoy luego después entonces ahora anoche gestern heute dann später nun seitdem inzwischen dün bugün sonra şimdi ardından вчера сегодня потом затем позже теперь недавно вчора учора сьогодні потім згодом тепер нещодавно пізніше минулої`)
