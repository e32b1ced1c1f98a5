// Package mention finds watched people in articles, in any script. It is pure: the
// same people and article give the same mentions, in whatever order people come.
//
// It reads as a pipeline. words.go cuts a text into runs of words that may be of a
// name (capitals in Latin and Cyrillic letters, every word in Arabic ones) and
// fold.go spells them in Latin letters. keys.go maps two words to the people in
// whose names both stand, by what spelling and endings leave of their consonants.
// spaced.go looks pairs of words up and links words to parts; unspaced.go does the
// same for Han and whatever else writes no spaces, by its first letters. verify.go
// has the matcher compare what the letters alone do not decide, and looks at what
// stands around: things.go whether it is a street's name or a ship's, ages.go whether an
// age beside it fits, danger.go and scene.go what words of danger stand near, by the
// stems of stems.go; sentence.go cuts the sentence out. Tables stand beside them.
package mention

import (
	"cmp"
	"slices"
	"sync"

	"tocsin"
	"tocsin/watcher/match"
)

// Options are the scores, on the matcher's scale, at which a name as printed is a
// mention at all, and at which the matcher would ring for a notice of that name: a
// mention may a little under that, as a word of danger speaks for it. Zero means the
// default.
type Options struct{ Alert, Review float64 }

// The defaults. Review is stricter than the matcher's own: a text holds many names
// where a notice holds one.
const (
	DefaultAlert  = match.DefaultAlert
	DefaultReview = 0.68
	dangerSpeaks  = 0.08 // what a word of danger is worth
)

// Mention is one person whom an article may name.
type Mention struct {
	Match    tocsin.Match // alert where a whole name stands near a word of danger, else review
	Sentence string       // the sentence around the name, at most 300 runes, plain text
	Found    string       // the name as printed
	Language string       // as declared, else as guessed, "" unknown
	Danger   string       // the word of danger as printed, "" if none stands near
}

// Scanner is a compiled watchlist. It is never changed after Compile; any number of
// goroutines may use it.
type Scanner struct {
	o      Options
	people []match.Person // by id
	forms  []form
	parts  []part
	spelt  table  // skeletons → parts, and their letters
	beside table  // two parts → forms, one part and alone → forms of one
	near   sieve  // two skeletons in one name
	lone   bool   // somebody has a name of one part
	glyphs glyphs // names in unspaced scripts
	scans  sync.Pool
}

// Compile makes a scanner of people. Those without a readable name are never found.
func Compile(people []match.Person, o Options) *Scanner {
	if o.Alert == 0 {
		o.Alert = DefaultAlert
	}
	o.Alert -= dangerSpeaks
	if o.Review == 0 {
		o.Review = DefaultReview
	}
	s := &Scanner{o: o, people: slices.Clone(people)}
	slices.SortStableFunc(s.people, func(a, b match.Person) int { return cmp.Compare(a.ID, b.ID) })
	s.compileForms()
	s.compileGlyphs()
	s.compileSounds()
	return s
}

// Scan gives the people whom the article's title or text may name, by id, each at
// most once: where she stands nearest to danger, else where her name agrees best.
func (s *Scanner) Scan(a tocsin.Article) []Mention {
	c := s.newScan(a)
	defer s.scans.Put(c)
	for seg, text := range [...]string{a.Title, a.Text} {
		c.segment(seg, text)
	}
	return c.mentions()
}
