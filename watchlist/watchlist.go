// Package watchlist holds the people who are watched: the file they stand in,
// what makes an entry of it wrong, how edits of it come into force, and the
// keyed fingerprints that stand for entries where names may not.
//
// It is the only package that reads names. No error, warning or fingerprint it
// makes quotes what an entry says: not names, aliases, birth dates or notes, and
// not ids either, because a cell that slipped by a column may be anything.
package watchlist

import (
	"strings"
	"unicode"

	"tocsin"
)

// Person is an entry of the watchlist. Empty fields are unknown. Text is as
// written, but for white space at its ends and, in names, between parts.
type Person struct {
	ID            string // see ValidID; "" only where Options.RequireIDs is false
	Name          string
	Aliases       []string // in the order written: a match's reasons count them
	BirthDate     tocsin.Date
	Nationalities []string // ISO 3166 alpha-2 in upper case, or XK; each once
	Sex           string   // M, F or ""
	Codename      string
	Tags          []string
	Note          string
}

// List is a watchlist. It is not changed once it is made: any number of
// goroutines may read it.
type List struct {
	People []Person

	lines   []int   // where each stands; nil for a list made otherwise
	content content // of the file it was parsed from; zero for a list made otherwise
}

// Line is where in its file the i-th person stands, from 1; 0 is unknown.
func (l *List) Line(i int) int {
	if i < len(l.lines) {
		return l.lines[i]
	}
	return 0
}

// Initials are the first letters of the parts of Name, as "M. V.". Of a name in
// Han, Hangul or kana, where one letter is a whole syllable and the first mostly
// the family's, only that first is given. They are "" where they would be the
// whole name.
func (p Person) Initials() string {
	var out []string
	hidden := false // some letter of the name is not shown
	for _, part := range strings.FieldsFunc(p.Name, betweenParts) {
		first, rest := firstLetter(part)
		if first == "" {
			continue
		}
		if len(out) > 0 && syllabic(out[0]) {
			hidden = true
			break
		}
		out = append(out, strings.ToUpper(first)+".")
		hidden = hidden || strings.IndexFunc(rest, unicode.IsLetter) >= 0
	}
	switch {
	case hidden:
	case len(out) > 1:
		out = out[:1]
	default:
		return ""
	}
	return strings.Join(out, " ")
}

// betweenParts knows what stands between the parts of a name. A hyphen does
// not: Anna-Maria is one part.
func betweenParts(r rune) bool {
	return unicode.IsSpace(r) || strings.ContainsRune(",;/·•・‧()", r)
}

// firstLetter gives the first letter of part with its marks, and what follows.
func firstLetter(part string) (first, rest string) {
	start := strings.IndexFunc(part, unicode.IsLetter)
	if start < 0 {
		return "", ""
	}
	end := len(part)
	for i, r := range part[start:] {
		if i > 0 && !unicode.IsMark(r) {
			end = start + i
			break
		}
	}
	return part[start:end], part[end:]
}

func syllabic(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool {
		return unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana)
	}) >= 0
}

// maxID bounds an id in bytes.
const maxID = 64

// ValidID reports whether s can be a person's id: a letter or digit and up to 63
// more letters, digits, and . _ : - between or behind them, all ASCII. Ids are
// stored, logged, given as arguments and put into addresses, so nothing in one
// may need quoting anywhere.
func ValidID(s string) bool {
	if s == "" || len(s) > maxID {
		return false
	}
	for i := range len(s) {
		c := s[i]
		plain := 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9'
		if !plain && (i == 0 || !strings.ContainsRune("._:-", rune(c))) {
			return false
		}
	}
	return true
}

// Sample is the watchlist that init writes: fictional people who show what the
// columns take. A CSV file has no comments, so the notes explain.
const Sample = `id,name,aliases,birth_date,nationalities,sex,codename,tags,note
p-017,Mira Varden,Mira Ilse Varden;Мира Варден,1988-03-14,MD,F,HERON,north,fictional: replace these people with yours
p-044,林家豪,Lin Jiahao;Lam Ka Ho,1990,CN;HK,M,WREN,east,"a year, or a year and month, will do as birth date"
p-052,Darya Kosten,"Kosten, Darya; Дарья Костен",1979-11,UA,F,KITE,north;urgent,a cell with a comma stands in quotes
p-101,Omar Said,,,,,,,everything but id and name may stay empty
`
