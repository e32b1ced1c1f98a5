package feed

import (
	stdhtml "html"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/text/encoding/charmap"
)

// Bounds of what one item may hold; what is longer is cut.
const (
	longestID    = 1 << 10 // bytes
	longestURL   = 2 << 10
	longestTitle = 1000 // runes
	longestText  = 256 << 10
)

var (
	entity = regexp.MustCompile(`&(?:#[0-9]{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});`)
	tag    = regexp.MustCompile(`(?i)</?(?:p|br|b|i|a|div|span|strong|em|img|h[1-6]|ul|li|blockquote)(?:\s[^<>]*)?/?>`)
)

// plain is the text of a piece of HTML: no markup, entities decoded, a line a
// block. Feeds that escape their markup twice are read as they are meant.
func plain(fragment string) string {
	text := strip(fragment)
	if tag.MatchString(text) {
		text = strip(text)
	}
	if entity.MatchString(text) {
		text = stdhtml.UnescapeString(text)
	}
	return tidy(text)
}

// longestToken bounds one tag or piece of text of HTML, in bytes.
const longestToken = 1 << 20

// strip takes off markup without building a tree: its depth costs nothing.
func strip(fragment string) string {
	if !strings.ContainsAny(fragment, "<&") {
		return fragment
	}
	var out strings.Builder
	z := html.NewTokenizer(strings.NewReader(fragment))
	z.SetMaxBuf(longestToken)
	silent := 0 // within an element whose text is for nobody
	for out.Len() < 4*longestText {
		switch z.Next() {
		case html.ErrorToken:
			return out.String()
		case html.TextToken:
			if silent == 0 {
				out.Write(z.Text())
			}
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			t := z.Token()
			switch t.DataAtom {
			case atom.Script, atom.Style, atom.Noscript, atom.Iframe, atom.Object, atom.Template:
				switch t.Type {
				case html.StartTagToken:
					silent++
				case html.EndTagToken:
					silent = max(0, silent-1)
				}
			case atom.B, atom.I, atom.A, atom.Em, atom.Strong, atom.Span, atom.U, atom.S, atom.Small, atom.Sub, atom.Sup, atom.Font, atom.Mark, atom.Abbr, atom.Wbr, atom.Bdi, atom.Bdo, atom.Q, atom.Cite, atom.Code:
			case atom.Td, atom.Th, atom.Img:
				out.WriteByte(' ')
			default:
				out.WriteByte('\n')
			}
		}
	}
	return out.String()
}

// tidy takes out control characters and runs of white space. A line break
// stays one, an empty line between paragraphs too.
func tidy(text string) string {
	var out strings.Builder
	space, breaks := false, 0
	for _, r := range text {
		switch {
		case r == '\n', r == '\u2028', r == '\u2029':
			breaks++
		case unicode.IsSpace(r):
			space = true
		case r < ' ', r == 0x7f, r == '\ufeff', r == '\ufffe', r == '\uffff':
		default:
			if out.Len() > 0 {
				switch {
				case breaks > 1:
					out.WriteString("\n\n")
				case breaks == 1:
					out.WriteByte('\n')
				case space:
					out.WriteByte(' ')
				}
			}
			space, breaks = false, 0
			out.WriteRune(r)
		}
	}
	return out.String()
}

// line is a text on one line, cut to so many runes.
func line(text string, most int) string {
	return cut(strings.Join(strings.Fields(text), " "), most)
}

func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	n := 0
	for i := range text {
		if n++; n > most {
			return text[:i]
		}
	}
	return text
}

// cutBytes cuts to a length in bytes, between two characters.
func cutBytes(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most]
}

// mend undoes UTF-8 that was taken for windows-1252 and written as UTF-8 once
// more ("Ã©"). good is how many characters were made whole, bad how many beyond
// ASCII are no part of such a one.
func mend(text string) (mended string, good, bad int) {
	if !strings.ContainsFunc(text, func(r rune) bool { return r >= 0x80 }) {
		return text, 0, 0
	}
	var out strings.Builder
	runes := []rune(text)
	var seq [utf8.UTFMax]byte
	for i := 0; i < len(runes); {
		n := 0
		for n < len(seq) && i+n < len(runes) {
			b, ok := asByte(runes[i+n])
			if !ok || n == 0 && !utf8.RuneStart(b) || n > 0 && utf8.RuneStart(b) {
				break
			}
			seq[n] = b
			n++
		}
		r, size := utf8.DecodeRune(seq[:n])
		switch {
		case size > 1:
			out.WriteRune(r)
			i, good = i+size, good+1
			continue
		case runes[i] == 'Ã' && i == len(runes)-1:
			out.WriteRune('à') // its second half passed for a space, and was trimmed
			good++
		default:
			out.WriteRune(runes[i])
			if runes[i] >= 0x80 {
				bad++
			}
		}
		i++
	}
	return out.String(), good, bad
}

// asByte is the byte that windows-1252 has for a letter beyond ASCII. Positions
// that it leaves empty are the C1 controls.
func asByte(r rune) (byte, bool) {
	if r < 0x80 {
		return 0, false
	}
	if b, ok := charmap.Windows1252.EncodeRune(r); ok {
		return b, true
	}
	return byte(r), r <= 0xff
}

// mangled reports whether a text by itself shows that it was encoded twice:
// what is left for chance is a single pair of letters. No language writes "â€".
func mangled(text string, good, bad int) bool {
	return good > 0 && strings.Contains(text, "â€") || good > 1 && good >= 4*bad
}
