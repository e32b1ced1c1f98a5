package watchlist

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/unicode/norm"
)

// candidate is an encoding that lists are still saved in.
type candidate struct {
	name     string
	encoding encoding.Encoding
	script   *unicode.RangeTable // of its words; nil is Latin
	letters  string              // not ASCII, of Latin: those that names have; otherwise: those that names hardly have
}

// candidates are the contract's encodings, the likelier first where the text
// decides nothing: 1252, 1254 and 1250 share most of their letters.
var candidates = []candidate{
	{"GB18030", simplifiedchinese.GB18030, unicode.Han, ""},
	{"windows-1251", charmap.Windows1251, unicode.Cyrillic, ""},
	{"windows-1252", charmap.Windows1252, nil, "àáâãäåæçèéêëíîïñòóôõöøùúûüßœš"},
	{"windows-1254", charmap.Windows1254, nil, "âçéëğıİîïöşüû"},
	{"windows-1250", charmap.Windows1250, nil, "áâăäąćčçďđéęëěíîłńňóôőöřśšşťţúůűüýźžżß"},
	{"windows-1256", charmap.Windows1256, unicode.Arabic, ""},
	{"windows-1253", charmap.Windows1253, unicode.Greek, "ΰΐ"},
	{"windows-1255", charmap.Windows1255, unicode.Hebrew, ""},
	{"windows-1257", charmap.Windows1257, nil, "āčēģīķļņšūžąęėįųõäöüåøæé"},
	{"windows-1258", charmap.Windows1258, nil, "ăâđêôơưàáèéíóùúçñöü\u0300\u0301\u0303\u0309\u0323"},
}

// Below enough, a guess is worse than a refusal: it would watch for names that
// nobody has.
const (
	enough = 0.6
	few    = 3 // letters that are not ASCII, of which a whole script is not told
)

// guess gives the encoding in which sample reads most like names, nil if in none.
func guess(sample []byte) *candidate {
	var best *candidate
	top := enough
	for i := range candidates {
		c := &candidates[i]
		// By the margin of a rounding error: the earlier wins a tie.
		if s := c.plausibility(sample); s >= top+1e-9 || best == nil && s >= top {
			best, top = c, s
		}
	}
	return best
}

// plausibility is between 0 and 1: how far the words that are not ASCII look like
// words, each by the letters that make it one.
func (c *candidate) plausibility(sample []byte) float64 {
	out, err := c.encoding.NewDecoder().String(string(sample))
	if err != nil || strings.IndexFunc(out, impossible) >= 0 {
		return 0
	}
	good, all, letters := 0.0, 0.0, 0
	var w []rune
	end := func() {
		high := 0
		for _, x := range w {
			if x >= 0x80 {
				high++
			}
		}
		if high > 0 {
			good += float64(high) * c.word(w, high)
			all += float64(high)
			letters += high
		}
		w = w[:0]
	}
	for _, x := range out {
		if unicode.IsLetter(x) || unicode.IsMark(x) {
			w = append(w, x)
			continue
		}
		inWord := len(w) > 0
		end()
		if x < 0x80 {
			continue
		}
		all++
		switch {
		case strings.ContainsRune("’‘“”„«»–—·…\u00a0、，；：（）。《》", x):
			good++
		case !inWord:
			good += 0.3
		}
	}
	end()
	if all == 0 {
		return 0
	}
	if c.script != nil && letters < few {
		good *= 0.7
	}
	if c.script == unicode.Han && !hasBetween(sample, 0x80, 0xbf) {
		// Letters of windows-1251 stand at C0 and above, and an even number of them
		// is as many ideographs by half; of real ones few lists have no byte below.
		good *= 0.9
	}
	return good / all
}

func hasBetween(data []byte, low, high byte) bool {
	for _, b := range data {
		if low <= b && b <= high {
			return true
		}
	}
	return false
}

// word says how much w, of whose letters high are not ASCII, looks like a word.
func (c *candidate) word(w []rune, high int) float64 {
	switch {
	case unicode.IsMark(w[0]):
		return 0
	case c.script == unicode.Han:
		return c.han(w, high)
	case c.script == nil:
		return c.latin(w, high)
	}
	if high < len(w) {
		return 0 // two scripts in a word
	}
	q := 1.0
	for i, x := range w {
		switch {
		case !unicode.Is(c.script, x) && !unicode.IsMark(x):
			return 0
		case strings.ContainsRune(c.letters, x):
			q = min(q, 0.3)
		case i < len(w)-1 && strings.ContainsRune("ךםןףץءةى", x), i > 0 && x == 'إ':
			q = min(q, 0.3) // these end words, or begin them
		}
	}
	if len(w) == 1 {
		q = min(q, 0.5)
	}
	return q * casing(w) * sounding(w)
}

// latin: words of Latin have some ASCII letters, and the others are such as names have.
func (c *candidate) latin(w []rune, high int) float64 {
	for _, x := range w {
		if !unicode.Is(unicode.Latin, x) && !unicode.IsMark(x) {
			return 0
		}
	}
	switch {
	case high == len(w):
		return 0.1
	case high*2 > len(w)+1:
		return 0.3
	}
	q := casing(w) * sounding(w)
	if casing(w) < 1 && unicode.IsLower(w[0]) && len(w) > 2 && unicode.IsLower(w[1]) {
		q *= 0.5
	}
	for _, x := range w {
		if x >= 0x80 && !strings.ContainsRune(c.letters, x) && !strings.ContainsRune(c.letters, unicode.ToLower(x)) {
			q *= 0.5
		}
	}
	return q
}

// han: level 1 of GB 2312 (lead bytes B0 to D7) is what nearly all is written in.
func (c *candidate) han(w []rune, high int) float64 {
	if high < len(w) {
		return 0
	}
	bytes, err := simplifiedchinese.GBK.NewEncoder().String(string(w))
	if err != nil {
		bytes = ""
	}
	common, other := 0, 0
	for _, x := range w {
		if !unicode.Is(unicode.Han, x) {
			other++
		}
	}
	for i := 0; i+1 < len(bytes); i += 2 {
		if lead := bytes[i]; 0xb0 <= lead && lead <= 0xd7 && bytes[i+1] >= 0xa1 {
			common++
		}
	}
	if other > 0 && other < len(w) {
		return 0
	}
	if other > 0 {
		return 0.9 // GB18030 writes every script
	}
	return 0.5 + 0.5*float64(common)/float64(len(w))
}

// casing is 1 for words written as names are: capitals, or a capital in front.
// Small letters alone are words, though not names.
func casing(w []rune) float64 {
	upper, lower := 0, 0
	for _, x := range w {
		switch {
		case unicode.IsUpper(x):
			upper++
		case unicode.IsLower(x):
			lower++
		}
	}
	switch {
	case lower == 0, upper == 1 && unicode.IsUpper(w[0]):
		return 1
	case upper == 0:
		return 0.8
	case upper == 2 && lower > 2 && unicode.IsUpper(w[0]):
		return 0.7 // McÉwan
	}
	return 0.1
}

// sounding is lower for words that nobody could say: read in the wrong encoding,
// consonants become vowels and the other way round.
func sounding(w []rune) float64 {
	vowels, consonants := 0, 0
	for _, x := range w {
		base, _ := utf8.DecodeRuneInString(norm.NFD.String(string(unicode.ToLower(x))))
		switch {
		case unicode.IsMark(x):
		case !unicode.In(base, unicode.Latin, unicode.Cyrillic, unicode.Greek):
			return 1
		case strings.ContainsRune("aeiouyæøœıаеиоуыэюяєіїαειοηυω", base):
			vowels, consonants = vowels+1, 0
		case strings.ContainsRune("ьъ", base):
		default:
			vowels, consonants = 0, consonants+1
		}
		if vowels > 2 || consonants > 4 {
			return 0.6
		}
	}
	return 1
}
