// Package match turns names and attributes into scored, explained matches. It is
// pure: no I/O, no clock, no randomness; the same input gives the same output.
//
// It reads as a pipeline. normalise.go folds what is written and divides it into
// tokens. forms.go compiles a person once into forms, the ways a reader could meet
// her name; each belongs to a system (systems.go), a way of spelling with its own
// idea of which letters stand for one another. query.go reads a notice once in each
// system. spellings.go and index.go hold an inverted index of spellings, near.go finds
// those that a part is like, with probe.go and edits.go, and candidates.go whom the
// notice may name, within the bounds of bounds.go. align.go links parts one to one,
// decide.go weighs what was linked and what was not, corroborate.go lets birth date,
// nationality and sex speak and says why. Beside them stand the tables of each
// language, with their sources; text.go gives the forms to whoever scans texts,
// advise.go says who cannot be matched well, and eval.go how well all this does.
package match

import "tocsin"

// Person is somebody whose name is looked for.
type Person struct {
	ID, Fingerprint string
	Names           []string // the name first, then aliases; any script
	BirthDate       tocsin.Date
	Nationalities   []string // ISO 3166 alpha-2
	Sex             string   // M, F or ""
}

// Calibrated on developer pairs and on strangers: see decide.go, and eval_test.go for
// what they give.
const (
	DefaultAlert  = 0.80
	DefaultReview = 0.60
)

// Options are the thresholds of the two tiers, on the scale of a match's score
// (0 to 1). Zero means DefaultAlert and DefaultReview.
type Options struct{ Alert, Review float64 }

func (o Options) orDefault() Options {
	if o.Alert == 0 {
		o.Alert = DefaultAlert
	}
	if o.Review == 0 {
		o.Review = DefaultReview
	}
	return o
}
