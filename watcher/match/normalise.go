package match

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/anyascii/go"
	"golang.org/x/text/unicode/norm"
)

// Longer names than these are cut: nobody's name is longer, and what a source
// sends must not cost more than its share.
const (
	maxName   = 512 // runes of a whole name
	maxTokens = 12
	maxToken  = 28 // letters of a part
)

type script uint8

const (
	latin script = iota
	cyrillic
	arabic
	han
	hangul
	other
)

// scriptOf is the script that most letters of s are in.
func scriptOf(s string) script {
	var count [other + 1]int
	n := 0
	for _, r := range s {
		if n++; n > maxName {
			break
		}
		switch {
		case r < 0x80:
			if 'a' <= r|0x20 && r|0x20 <= 'z' {
				count[latin]++
			}
		case !unicode.IsLetter(r):
		case unicode.Is(unicode.Latin, r):
			count[latin]++
		case unicode.Is(unicode.Cyrillic, r):
			count[cyrillic]++
		case unicode.Is(unicode.Arabic, r):
			count[arabic]++
		case unicode.Is(unicode.Han, r):
			count[han] += 3 // an ideograph says as much as a word of three letters
		case unicode.Is(unicode.Hangul, r):
			count[hangul] += 2
		default:
			count[other]++
		}
	}
	best := latin
	for s := range count {
		if count[s] > count[best] {
			best = script(s)
		}
	}
	return best
}

// Letters that decomposition leaves whole, by their usual spelling without marks.
var special = map[rune]string{
	'ß': "ss", 'ø': "o", 'ł': "l", 'ı': "i", 'ə': "a", 'đ': "d", 'ð': "d", 'þ': "th", 'æ': "ae", 'œ': "oe",
	'ŋ': "ng", 'ħ': "h", 'ŧ': "t", 'ƙ': "k", 'ɓ': "b", 'ɗ': "d", 'ĸ': "k", 'ʼ': "", '’': "", '‘': "", 'ʻ': "", '`': "", '´': "", 'ʿ': "", 'ʾ': "",
}

// fold gives s in lower-case Latin letters without marks; what is no letter stays.
func fold(s string) string {
	var b strings.Builder
	n := 0
	for _, r := range norm.NFKD.String(cut(s)) {
		r = unicode.ToLower(r)
		if n++; n > 4*maxName {
			break
		}
		if to, ok := special[r]; ok {
			b.WriteString(to)
			continue
		}
		switch {
		case r < 0x80:
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r):
			b.WriteString(strings.ToLower(anyascii.TransliterateRune(r)))
		default:
			b.WriteByte(' ')
		}
	}
	return b.String()
}

func cut(s string) string {
	n := 0
	for i := range s {
		if n++; n > maxName {
			return s[:i]
		}
	}
	return s
}

// token is one written part of a name.
type token struct {
	text   string // folded letters only
	raw    string // as written
	family bool   // known to be of the family name
	joined bool   // a hyphen stands before it
	dotted bool   // an abbreviation
}

// spacedApostrophe is the sign of McCune-Reischauer that lists set apart: "Cho 'n".
var spacedApostrophe = regexp.MustCompile(` ['’](\p{Ll})`)

// tokenise divides a folded name. Everything before a comma is the family name,
// and so are words in capitals beside words that are not (caps, which has one
// entry for each token).
func tokenise(s string) []token {
	raw := norm.NFKC.String(cut(s))
	// An apostrophe is a sign of pronunciation, and may stand with spaces around it.
	raw = spacedApostrophe.ReplaceAllString(raw, "$1")
	for _, a := range []string{"'", "’", "‘", "ʼ", "ʻ", "`", "´", "ʿ", "ʾ", "\""} {
		raw = strings.ReplaceAll(raw, a, "")
	}
	var out []token
	var caps []bool
	comma := -1
	start, hyphen := -1, false
	end := func(i int, dot bool) {
		if start < 0 {
			return
		}
		word := raw[start:i]
		start = -1
		t := letters(fold(word))
		if t == "" {
			return
		}
		out = append(out, token{text: t, raw: word, joined: hyphen, dotted: dot})
		caps = append(caps, len(word) > 1 && strings.ToUpper(word) == word && strings.ToLower(word) != word)
		hyphen = false
	}
	for i, r := range raw {
		if unicode.IsLetter(r) || unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Mc, r) || r == 'ـ' || unicode.IsDigit(r) {
			if start < 0 {
				start = i
			}
			continue
		}
		end(i, r == '.')
		switch {
		case r == ',' || r == '،':
			if comma < 0 && len(out) > 0 {
				comma = len(out)
			}
		case r == '-' || unicode.Is(unicode.Pd, r) || r == '·' || r == '・' || r == '•':
			hyphen = r == '-' || unicode.Is(unicode.Pd, r)
		default:
			hyphen = false
		}
	}
	end(len(raw), false)
	if comma > 0 && comma < len(out) {
		for i := range out[:comma] {
			out[i].family = true
		}
	} else if n := count(caps); n > 0 && n < len(caps) && n <= 3 {
		for i := range out {
			out[i].family = caps[i] && len(out[i].text) > 1
		}
	}
	if len(out) > maxTokens {
		out = out[:maxTokens]
	}
	return out
}

func letters(s string) string {
	var b strings.Builder
	for i := 0; i < len(s) && b.Len() < maxToken; i++ {
		if 'a' <= s[i] && s[i] <= 'z' {
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

func count(b []bool) (n int) {
	for _, x := range b {
		if x {
			n++
		}
	}
	return n
}

// sameName gives the parts of a name in any script without case, marks and order:
// names for which it is equal are written the same. It is "" for a name of one part.
func sameName(s string) string {
	words := strings.FieldsFunc(strings.ToLower(stripped(s)), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	slices.Sort(words)
	if len(words) < 2 && (scriptOf(s) != han || utf8.RuneCountInString(s) < 2) {
		return ""
	}
	return strings.Join(words, " ")
}

func stripped(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r), r == 'ـ', r == '\u200c', r == '\u200d':
			return -1
		case r == 'ı':
			return 'i'
		}
		return r
	}, norm.NFKD.String(strings.ToLower(cut(s))))
}
