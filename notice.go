package tocsin

import (
	"strings"
	"time"
)

// Notice is one entry of a public listing, as its source gives it. Empty fields
// are what the source left out or gave as null.
type Notice struct {
	Source        string   `json:"source,omitempty"` // the configured source's id
	ID            string   `json:"id"`               // the source's own id, "2026/48213"
	Color         string   `json:"color,omitempty"`  // INTERPOL: red, yellow, un
	Name          string   `json:"name,omitempty"`   // family name, or the whole name where the source does not divide it
	Forename      string   `json:"forename,omitempty"`
	OtherNames    []string `json:"other_names,omitempty"` // whole names, any script
	BirthDate     Date     `json:"birth_date,omitzero"`
	Nationalities []string `json:"nationalities,omitempty"` // codes as served, mostly ISO 3166 alpha-2
	Entity        bool     `json:"entity,omitempty"`        // an organisation: it is watched with its list, and matched with nobody
	Photo         string   `json:"photo,omitempty"`         // picture id, never a picture
	URL           string   `json:"url,omitempty"`           // the page for people
	Detail        *Detail  `json:"detail,omitempty"`        // nil until the notice's own document was read
}

// Detail is what only a notice's own document says.
type Detail struct {
	Sex          string   `json:"sex,omitempty"` // M, F, U
	BirthPlace   string   `json:"birth_place,omitempty"`
	BirthCountry string   `json:"birth_country,omitempty"`
	Languages    []string `json:"languages,omitempty"`
	Height       float64  `json:"height,omitempty"` // metres, 0 unknown
	Weight       float64  `json:"weight,omitempty"` // kilograms, 0 unknown
	Eyes         []string `json:"eyes,omitempty"`
	Hair         []string `json:"hair,omitempty"`
	Marks        string   `json:"marks,omitempty"`
	Charges      []Charge `json:"charges,omitempty"`
	Linked       []string `json:"linked,omitempty"` // ids of linked notices
	// Other holds the document's remaining facts (yellow notices: place,
	// date_of_event, birth_name …) by the service's own field name.
	Other map[string]string `json:"other,omitempty"`
}

// Charge is one arrest warrant of a notice, as published.
type Charge struct {
	Country     string `json:"country,omitempty"`
	Text        string `json:"text,omitempty"`
	Translation string `json:"translation,omitempty"`
}

// FullName is the notice's name as contract and messages write it:
// "FAMILY, Forename", as published.
func (n Notice) FullName() string {
	name, fore := strings.TrimSpace(n.Name), strings.TrimSpace(n.Forename)
	switch {
	case fore == "":
		return name
	case name == "":
		return fore
	}
	return name + ", " + fore
}

// Sex is the detail's sex, "" while no detail was read.
func (n Notice) Sex() string {
	if n.Detail == nil {
		return ""
	}
	return n.Detail.Sex
}

// LookKind says which reading of a source a Snapshot is.
type LookKind string

const (
	LookNewest LookKind = "newest" // the first page alone: early warning, never proof of absence
	LookSweep  LookKind = "sweep"  // the whole list
	LookLeaf   LookKind = "leaf"   // part of a sweep still under way
	LookDetail LookKind = "detail" // single notices' own documents
)

// DetailState is what a notice's own document answered.
type DetailState string

const (
	DetailFound  DetailState = "found"  // 200, and the document is this notice's
	DetailGone   DetailState = "gone"   // 404 or 410
	DetailFailed DetailState = "failed" // anything else: says nothing about the notice
)

// DetailAnswer is one answer for one notice's own document.
type DetailAnswer struct {
	ID     string
	State  DetailState
	Notice Notice // whole, with Detail; only if State is DetailFound
	Why    string // only if State is DetailFailed: cause and status, as "malformed (502)"
	At     time.Time
	// Controlled reports that two notices which the list has were read just
	// before and just after a failing answer, and both were found
	// (interpol-api.md, "Gone").
	Controlled bool
	Record     string // digest of the evidence record, "" if none
}

// Snapshot is what one look at a source saw.
type Snapshot struct {
	Source  string
	Look    int64 // the look's number within its source
	Kind    LookKind
	Began   time.Time
	Ended   time.Time
	Notices []Notice // what was seen, each id once; of a sweep, all of it
	// Unfiltered are ids of Notices that no filter reaches (known from the newest
	// page, seen by their own document).
	Unfiltered  []string
	Complete    bool   // every row that the server counts was seen, but for Unreachable
	Exact       bool   // Complete, and all totals agree without allowance
	Listed      int    // the server's total at the look's end
	Unreachable int    // rows counted by the server that no filter reaches
	Shift       int    // how far the total moved while the look lasted
	Requests    int    // list pages asked for
	Cause       Cause  // why it is not complete; "" if it is
	Why         string // the same in words, without any name
	Details     []DetailAnswer
	// Records are the evidence records of the pages on which rows stood, by
	// notice id. An id without one is not in it.
	Records map[string]string
}

// Cause tells apart why a source cannot be seen.
type Cause string

const (
	CauseRefused     Cause = "refused"     // 401, 403, 429, a challenge page: somebody decided
	CauseUnreachable Cause = "unreachable" // no connection, no answer in time, 5xx
	CauseMalformed   Cause = "malformed"   // an answer that is not what was asked for
	CauseShifting    Cause = "shifting"    // totals that do not agree
	CauseLate        Cause = "late"        // answers, but looks do not finish in time
	CauseSilent      Cause = "silent"      // a feed that says nothing for longer than is usual for it
	CauseSpent       Cause = "spent"       // the requests that we allow ourselves in a day are used up
)

// Absence says how far a notice's absence has been established.
type Absence string

const (
	Public      Absence = ""            // seen at the last look that could have seen it
	Missing     Absence = "missing"     // missed by a complete sweep; not yet established
	Unconfirmed Absence = "unconfirmed" // missed by two, and the source will not say that it is gone
	Quarantined Absence = "quarantined" // missed together with too many others
	Gone        Absence = "gone"        // established: no longer public
	Merged      Absence = "merged"      // it goes on under another id of the same list
)

// Listed reports whether the notice stands on its list under its own id, as far
// as is established.
func (a Absence) Listed() bool { return a != Gone && a != Merged }

// Held is what is kept of one notice: what was last said of it and how its
// presence stands.
type Held struct {
	Notice     Notice
	Ver        int // counts versions of its content, from 1
	FirstLook  int64
	FirstSeen  time.Time
	LastLook   int64
	LastSeen   time.Time
	Missed     int    // complete sweeps without it, each begun after LastSeen
	Inferences int    // further exact sweeps, each with the same controlled failure
	Failure    string // how its document failed then
	Absence    Absence
	GoneAt     time.Time
	Inferred   bool
	DetailAt   time.Time // when its document last answered with it; zero: never
	Unfiltered bool      // met on the newest page only, never through a filter
	Record     string    // evidence of the last change of its content

	// Of a versioned list alone:
	SameAs   string // the id under which the list that it copies has it, "" unknown
	Into     string // Merged: the id under which it goes on
	MissedIn string // the version that it was last missing from
	Removed  bool   // missing, and the list itself says that it removed it
}

// Change is what a Snapshot says against what was held of one notice.
type Change struct {
	Kind     EventKind // Listed, Appeared, Changed, Disappeared, Reappeared
	Notice   Notice    // as it is now, or was when last seen
	Before   *Notice   // as it was, for Changed and Reappeared
	Fields   []FieldChange
	Window   Window
	Inferred bool
	// Identity reports that a field that tells people apart (name, forename,
	// birth date, nationalities, sex) is among Fields.
	Identity bool
	// Quiet reports that nothing but the picture's id changed.
	Quiet bool
	// FirstDetail reports that nothing changed but that the notice's document was
	// read for the first time: worth matching again, no event of its own.
	FirstDetail bool
	// OtherPerson reports that the id came with another name, birth date and sex.
	OtherPerson bool
	Record      string
	FirstSeen   time.Time // of FirstDetail: when the notice was first seen
	Was         []string  // other ids under which the notice was held until now
}
