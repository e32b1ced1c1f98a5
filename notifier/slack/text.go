package slack

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf16"
)

// Slack reads & < > as the beginning of its own markup wherever text stands
// (docs.slack.dev, "Formatting message text"): they are all that must be
// escaped, and nothing else may be.
var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// Marks that format where Slack reads mrkdwn cannot be escaped there, so that
// they are replaced by letters that look like them. Letters beside them stay.
var lookalike = strings.NewReplacer("*", "∗", "_", "ˍ", "~", "∼", "`", "ˋ")

var (
	shortcode = regexp.MustCompile(`:([\pL\pN_+'-]+):`)
	quotation = regexp.MustCompile(`^\s*>+`)
)

// plain is how hostile text stands in a plain_text object: no mark formats
// there, and no mention can be made once its brackets are escaped.
func plain(s string) string { return escaper.Replace(isolate(s)) }

// unmarked is how hostile text stands where Slack may read mrkdwn: the
// top-level text, which has no plain form.
func unmarked(s string) string {
	s = quotation.ReplaceAllString(s, "›")
	s = shortcode.ReplaceAllString(s, "∶$1∶")
	// A second time, because ":a:b:" shares a colon between two matches.
	s = shortcode.ReplaceAllString(s, "∶$1∶")
	return escaper.Replace(isolate(lookalike.Replace(s)))
}

// tidy makes one line of s: white space of any kind is one space; control
// characters, and invisible ones that turn the direction of writing or hide
// letters, are dropped. The joiners that Persian and Indic names need stay.
func tidy(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == '\u200c', r == '\u200d':
			return r
		case unicode.Is(unicode.Cc, r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
	return strings.Join(strings.Fields(s), " ")
}

// isolate puts runs of letters written from right to left into isolates
// (Unicode UAX #9), so that what stands beside a name keeps its order.
func isolate(s string) string {
	if strings.IndexFunc(s, rightToLeft) < 0 {
		return s
	}
	const first, pop = '\u2068', '\u2069'
	rs := []rune(s)
	var b strings.Builder
	for i := 0; i < len(rs); {
		if !rightToLeft(rs[i]) {
			b.WriteRune(rs[i])
			i++
			continue
		}
		end := i + 1
		for j := end; j < len(rs) && !parts(rs[j]); j++ {
			if rightToLeft(rs[j]) || unicode.Is(unicode.Mn, rs[j]) && j == end {
				end = j + 1
			}
		}
		b.WriteRune(first)
		b.WriteString(string(rs[i:end]))
		b.WriteRune(pop)
		i = end
	}
	return b.String()
}

func rightToLeft(r rune) bool {
	return r >= 0x590 && unicode.IsLetter(r) && unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Syriac, unicode.Thaana, unicode.Nko, unicode.Mandaic, unicode.Samaritan, unicode.Adlam)
}

// parts tells what ends a run: a letter of another direction, or the marks with
// which our own words hold two things apart.
func parts(r rune) bool {
	return r == '·' || r == '«' || r == '»' || r == '(' || r == ')' || unicode.IsLetter(r) && !rightToLeft(r)
}

// size is what a text counts towards Slack's limits. The limits do not say in
// what they count; UTF-16 units are never fewer than letters.
func size(s string) int { return len(utf16.Encode([]rune(s))) }

// fit makes a line of s, written by form, of at most limit units. What is cut is
// said: by its length where there is room for it, by an ellipsis in any case.
func fit(s string, limit int, form func(string) string) string {
	rs := []rune(tidy(s))
	n := min(len(rs), max(limit, 0)) // a letter is one unit at least
	for {
		out := form(string(rs[:n]))
		if n < len(rs) {
			out = strings.TrimRight(out, " ") + "…"
			if limit >= 200 {
				out += fmt.Sprintf(" (%d letters more)", len(rs)-n)
			}
		}
		over := size(out) - limit
		if over <= 0 || n == 0 {
			return out
		}
		// A letter is five units at most once it is escaped.
		n -= min(n, max(1, over/5))
	}
}

// elsewhere is where to read what a message had no room for.
const elsewhere = "tocsin cases"

// lines fits each line to each units, and as many of them as go into total,
// and says how many were left out. Empty lines are dropped.
func lines(ls []string, each, total int, form func(string) string) string {
	const reserve = 60 // for the sentence about what was left out
	var out []string
	used := 0
	for i, l := range ls {
		l = fit(l, min(each, total-reserve), form)
		if l == "" {
			continue
		}
		if used+size(l)+1 > total-reserve {
			out = append(out, fmt.Sprintf("… and %d more lines: %s", len(ls)-i, elsewhere))
			break
		}
		out = append(out, l)
		used += size(l) + 1
	}
	return strings.Join(out, "\n")
}
