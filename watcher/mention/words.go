package mention

import (
	"unicode/utf8"
)

// gap is what stands between a word and the one before it in its run.
type gap uint8

const (
	gapSpace gap = iota
	gapHyphen
	gapComma
)

// word is a word that may be of a name, by its place in the segment.
type word struct {
	start, end int
	before     gap
	arabic     bool
	initial    bool // one letter and a full stop
	particle   bool // joins names, and is none itself
}

// mostRun bounds a run; a longer one goes on in the next, which begins with the
// last words of it.
const (
	mostRun  = 64
	mostBack = 4 // words that a name may span
)

// mostWord is the longest word in bytes that is looked at: nobody's name is longer.
const mostWord = 120

// Particles as texts write them, small. Source: watcher/match/words.go.
func isParticle(w string) bool {
	switch w {
	case "al", "el", "ul", "bin", "ibn", "ben", "bint", "abu", "ould", "von", "van", "der", "den", "de", "da", "di", "do", "dos", "das", "del",
		"la", "le", "du", "des", "af", "av", "zu", "ter", "ten", "oglu", "uulu", "uly", "ogly", "kyzy", "qizi",
		"аль", "эль", "бин", "ибн", "оглы", "кызы", "улы", "фон", "ван", "де",
		"بن", "ابن", "بنت", "ال", "آل", "בן", "בת", "בר":
		return true
	}
	return false
}

// split cuts the segment into runs of words that may be of one name, and gives each to
// take, which must not keep it; letters of a script that is searched by its letters
// go to c.glyph.
func (c *scan) split(take func([]word)) {
	text := c.text
	run := c.run[:0]
	next := gapSpace
	newlines := 0
	letter := -1 // where the last such letter ended
	for i := 0; i < len(text); {
		if len(run) == 0 {
			if i = skip(text, i); i == len(text) {
				break
			}
		}
		r, size := runeAt(text, i)
		cut := false
		switch k := classify(r); k {
		case kNone, kApos, kMark:
			if len(run) > 0 {
				switch r {
				case ' ', '\t', '\r', 0xa0, '"', '“', '”', '«', '»', '„', '\'', '’', '*', '_', '·', '•':
				case '\n':
					newlines++
					cut = newlines > 1
				case ',', '،':
					next = gapComma
				case '-', '‐', '‑', '–':
					if next == gapSpace && run[len(run)-1].end == i {
						next = gapHyphen
					} else {
						cut = true
					}
				case '.':
					cut = !abbreviated(text, &run[len(run)-1])
				default:
					cut = k != kMark
				}
			}
			i += size
		case kGlyph:
			if len(run) > 0 {
				take(run)
				run = run[:0]
			}
			c.glyph(i, r, letter != i)
			i += size
			letter = i
		case kLower:
			start := i
			i = wordEnd(text, i+size, false)
			switch {
			case next == gapHyphen && len(run) > 0 && syllable(text, &run[len(run)-1], start, i):
				run = append(run, word{start: start, end: i, before: next})
			case i-start > 10 || !isParticle(text[start:i]):
				cut = true
				if i-start <= 6 {
					c.leave(run, text[start:i], i)
				}
			default:
				run = append(run, word{start: start, end: i, before: next, particle: true})
			}
			next, newlines = gapSpace, 0
		default:
			start, arabic := i, k == kArabic
			i = wordEnd(text, i+size, arabic)
			newlines = 0
			if len(run) > 0 && run[0].arabic != arabic {
				take(run)
				run = run[:0]
			}
			if i-start > mostWord {
				cut, next = true, gapSpace
				break
			}
			if len(run) == 0 {
				next = gapSpace
			}
			if !arabic && start > 0 && inTag(text, start) {
				i = humpEnd(text, start, i)
			}
			w := word{start: start, end: i, before: next, arabic: arabic}
			w.initial, w.particle = !arabic && i-start == size && i < len(text) && text[i] == '.', arabic && i-start <= 6 && isParticle(text[start:i])
			run = append(run, w)
			next = gapSpace
			if len(run) >= mostRun {
				take(run)
				run = append(run[:0], run[len(run)-mostBack:]...)
			}
		}
		if cut && len(run) > 0 {
			take(run)
			run = run[:0]
		}
	}
	if len(run) > 0 {
		take(run)
	}
	c.run = run[:0]
}

// inTag reports whether a place is in a hashtag.
func inTag(text string, at int) bool {
	for i := at; i > 0 && at-i < mostWord; {
		r, size := utf8.DecodeLastRuneInString(text[:i])
		if r == '#' || r == '＃' {
			return true
		}
		if k := classify(r); k != kLower && k != kUpper {
			return false
		}
		i -= size
	}
	return false
}

// humpEnd is where the first word ends of those that a hashtag writes together, each
// with a capital.
func humpEnd(text string, start, end int) int {
	lower := false
	for i := start; i < end; {
		r, size := runeAt(text, i)
		switch classify(r) {
		case kUpper:
			if lower {
				return i
			}
		case kLower:
			lower = true
		}
		i += size
	}
	return end
}

// syllable reports whether a word in small letters after a hyphen is the second
// syllable of a given name, as Korean and older Chinese ones are written: Hae-rim.
func syllable(text string, before *word, start, end int) bool {
	if before.particle || before.initial || before.end-before.start > 6 || end-start > 6 || text[start] >= 0x80 {
		return false
	}
	switch text[start:end] {
	case "led", "born", "based", "backed", "run", "era", "style", "like", "old", "time", "made", "held", "owned":
		return false
	}
	return true
}

// skip is the place from i on of the first letter that a run may begin with, or that
// is searched by its letters: most of a text are words in small letters.
func skip(text string, i int) int {
	for i < len(text) {
		b := text[i]
		if b < 0x80 {
			switch kinds[b] {
			case kUpper:
				return i
			case kLower:
				i++
				if i > 1 && text[i-2] == '#' {
					if at := humpEnd(text, i-1, wordEnd(text, i, false)); at < len(text) && classifyAt(text, at) == kUpper {
						return at
					}
				}
				for i < len(text) && text[i] >= 'a' && text[i] <= 'z' {
					i++
				}
				if i < len(text) && text[i] != ' ' {
					i = wordEnd(text, i, false)
				}
			default:
				i++
			}
			continue
		}
		r, size := runeAt(text, i)
		switch classify(r) {
		case kLower:
			i = wordEnd(text, i+size, false)
		case kNone, kApos, kMark:
			i += size
		default:
			return i
		}
	}
	return i
}

func classifyAt(text string, i int) kind {
	r, _ := runeAt(text, i)
	return classify(r)
}

// runeAt is utf8.DecodeRuneInString, quick for what most texts are made of.
func runeAt(text string, i int) (rune, int) {
	b := text[i]
	if b < 0x80 {
		return rune(b), 1
	}
	if b >= 0xc2 && b < 0xe0 && i+1 < len(text) && text[i+1]&0xc0 == 0x80 {
		return rune(b&0x1f)<<6 | rune(text[i+1]&0x3f), 2
	}
	return utf8.DecodeRuneInString(text[i:])
}

// abbreviated reports whether the full stop after w ends no sentence: after an
// initial, and after a title of two or three letters.
func abbreviated(text string, w *word) bool {
	if w.initial {
		return true
	}
	switch text[w.start:w.end] {
	case "Dr", "Mr", "Mrs", "Ms", "St", "Sr", "Jr", "Prof", "Hr", "Fr", "Sra", "Mme", "Av", "Г", "Д-р":
		return true
	}
	return false
}

// wordEnd is where the word ends whose first letter ends at i. A word goes on after
// an apostrophe that a letter follows, and after a hyphen at a line's end that a
// small letter follows.
func wordEnd(text string, i int, arabic bool) int {
	for i < len(text) {
		c := text[i]
		if c < 0x80 {
			if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' {
				if arabic {
					return i
				}
				i++
				continue
			}
			if c == '\'' || c == '`' {
				if n, size := utf8.DecodeRuneInString(text[i+1:]); letterKind(classify(n), arabic) {
					i += 1 + size
					continue
				}
				return i
			}
			if c == '-' {
				if j := afterBreak(text, i+1); j > 0 {
					i = j
					continue
				}
			}
			return i
		}
		r, size := runeAt(text, i)
		k := classify(r)
		switch {
		case letterKind(k, arabic), k == kMark:
		case k == kApos:
			if n, _ := utf8.DecodeRuneInString(text[i+size:]); !letterKind(classify(n), arabic) {
				return i
			}
		default:
			return i
		}
		i += size
	}
	return i
}

func letterKind(k kind, arabic bool) bool {
	if arabic {
		return k == kArabic
	}
	return k == kLower || k == kUpper
}

// afterBreak is the place of the small letter that goes on with a word which a line
// break divides, 0 if there is none.
func afterBreak(text string, i int) int {
	broken := false
	for j := i; j < len(text) && j < i+12; {
		switch text[j] {
		case '\n':
			if broken {
				return 0
			}
			broken = true
			j++
		case '\r', ' ', '\t':
			j++
		default:
			r, _ := utf8.DecodeRuneInString(text[j:])
			if broken && classify(r) == kLower {
				return j
			}
			return 0
		}
	}
	return 0
}
