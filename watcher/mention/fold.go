package mention

import (
	"unicode"

	"tocsin/watcher/match"
)

// kind says how a rune takes part in a word.
type kind uint8

const (
	kNone  kind = iota // ends a word
	kLower             // a letter of a script with capitals: Latin, Cyrillic, Greek, Armenian
	kUpper
	kArabic // a letter of one without, which writes spaces and spells sounds: Arabic, Hebrew, Georgian, Ethiopic
	kGlyph  // a letter of a script that is searched by its letters: Han, Thai, Hangul …
	kMark   // stands inside a word and says nothing: vowel signs, joiners, soft hyphens
	kApos
)

// tableSize holds every letter that is folded: all others are glyphs or nothing.
const tableSize = 0x700

var (
	kinds  [0x10000]kind
	folded [tableSize]string // Latin letters of Latin, Cyrillic and Arabic ones
)

func init() {
	for r := rune(0); r < 0x10000; r++ {
		kinds[r] = kindOf(r)
	}
	for r := rune(0); r < tableSize; r++ {
		if k := kinds[r]; k == kLower || k == kUpper || k == kArabic {
			folded[r] = match.LetterOf(r)
		}
	}
}

func kindOf(r rune) kind {
	switch r {
	case '\'', '’', 'ʼ', '‘', 'ʻ', '`', '´', 'ʿ', 'ʾ', '＇':
		return kApos
	case 0xad, 0x200b, 0x200c, 0x200d, 0x2060, 'ـ':
		return kMark
	}
	switch {
	case r < 0x80:
		switch {
		case 'a' <= r && r <= 'z':
			return kLower
		case 'A' <= r && r <= 'Z':
			return kUpper
		}
		return kNone
	case r < 0x590 || r >= 0x1e00 && r < 0x2000 || r >= 0xff21 && r <= 0xff5a:
		switch {
		case unicode.IsUpper(r) || unicode.IsTitle(r):
			return kUpper
		case unicode.IsLetter(r):
			return kLower
		case unicode.Is(unicode.Mn, r):
			return kMark
		}
		return kNone
	case r >= 0x590 && r < 0x780 || r >= 0x10d0 && r < 0x1100 || r >= 0x1200 && r < 0x1380 || r >= 0xfb50 && r <= 0xfdff || r >= 0xfe70 && r <= 0xfefc:
		switch {
		case unicode.IsLetter(r):
			return kArabic
		case unicode.Is(unicode.Mn, r):
			return kMark
		}
		return kNone
	case unicode.IsLetter(r) || unicode.Is(unicode.M, r):
		return kGlyph
	}
	return kNone
}

func classify(r rune) kind {
	if r < 0x10000 {
		return kinds[r]
	}
	if unicode.IsLetter(r) {
		return kGlyph
	}
	return kNone
}

// latinOf spells a letter of a word in Latin letters.
func latinOf(r rune) string {
	if r < tableSize {
		return folded[r]
	}
	return match.LetterOf(r)
}

// canon appends what is left of a folded word where custom differs least: y is i, a
// letter is never doubled, dzh, dj and zh are j, e stands without the i before it at the start.
func canon(dst, w []byte) []byte {
	start := len(dst)
	for i := 0; i < len(w); i++ {
		c := w[i]
		switch {
		case c == 'y':
			c = 'i'
		case c == 'k' && i+1 < len(w) && w[i+1] == 'h':
			continue // kh is h
		case c == 'd' && i+1 < len(w) && (w[i+1] == 'j' || w[i+1] == 'z' && i+2 < len(w) && w[i+2] == 'h'):
			continue // dj and dzh are j
		case c == 'z' && i+1 < len(w) && w[i+1] == 'h':
			c = 'j'
			i++
		case c == 'q':
			c = 'k'
		case c == 'p' && i+1 < len(w) && w[i+1] == 'h':
			c = 'f'
			i++
		case c == 'g' && i+1 < len(w) && w[i+1] == 'h':
			i++
		case c == 'c' && i+1 < len(w) && w[i+1] == 'k':
			continue
		case c == 'w':
			c = 'v'
		case c == 'x':
			dst = append(dst, 'k')
			c = 's'
		}
		if n := len(dst); n > start && dst[n-1] == c {
			continue
		}
		dst = append(dst, c)
	}
	if w := dst[start:]; len(w) > 2 && w[0] == 'i' && w[1] == 'e' {
		copy(w, w[1:])
		dst = dst[:len(dst)-1]
	}
	return dst
}

func greek(r rune) bool { return r >= 0x370 && r < 0x400 || r >= 0x1f00 && r < 0x2000 }

// greekSounds writes, in place, what two letters of a foreign name stand for in Greek: b,
// d and g, which have no letter. Source: Wikipedia, "Romanization of Greek", the
// columns for modern Greek; from memory.
func greekSounds(w []byte) []byte {
	out := w[:0]
	for i := 0; i < len(w); i++ {
		b := w[i]
		if i+1 < len(w) {
			switch string(w[i : i+2]) {
			case "mp":
				b = 'b'
				i++
			case "nt":
				b = 'd'
				i++
			case "gk":
				i++
			}
		}
		out = append(out, b)
	}
	return out
}
