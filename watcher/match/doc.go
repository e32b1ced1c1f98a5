// Package match turns names and attributes into scored, explained matches. It is
// pure: no I/O, no clock, no randomness; the same input gives the same output.
//
// A person is compiled once (Compile) into forms, the ways a reader could meet
// her name: as written, and as each script she is known in is written in Latin
// letters. A form belongs to a system: a way of spelling with its own idea of
// which letters stand for one another. A notice is read once in each system it is
// asked in; candidates come from an inverted index over skeletons of parts
// (index.go); parts are aligned one to one (align.go); what the alignment kept is
// weighed, corroborated and put into a tier (decide.go).
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

// Calibrated on developer pairs and on strangers: see eval_test.go for what they give.
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
