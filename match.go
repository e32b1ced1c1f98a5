package tocsin

// Match is a person of the watchlist whom a notice or article may name.
type Match struct {
	Person      string // the watchlist's opaque id
	Fingerprint string // keyed fingerprint of the entry that was matched
	Score       float64
	Tier        Tier
	Reasons     []Reason // in stable order: name first, then what speaks for, then what speaks against
}

// Reason is one ground for or against a match, as a code and indexes, so that
// it can be kept without quoting the watchlist and put into words later, in any
// language and at any detail. Words belong to package notifier.
type Reason struct {
	Code string `json:"c"`           // see the Reason… constants
	Name int    `json:"n,omitempty"` // which of the person's names: 0 the first, n its nth alias
	// Part is which part of that name as written (match.WrittenParts), from 1: the
	// first of them where several were compared as one; 0 is the whole name.
	Part    int    `json:"p,omitempty"`
	With    string `json:"w,omitempty"` // the notice's side, as published; never the person's
	Against bool   `json:"a,omitempty"`
}

// Codes of reasons about parts of names. For each, Part is the person's part,
// With the notice's.
const (
	ReasonFamilyEqual  = "family_equal"  // family name equal
	ReasonGivenEqual   = "given_equal"   // given name equal
	ReasonPartEqual    = "part_equal"    // a part equal, family or given not told apart
	ReasonSpelling     = "spelling"      // a part differs by letters
	ReasonVariant      = "variant"       // a part is another spelling of the same name
	ReasonScript       = "script"        // a part is the same name in another script
	ReasonJoined       = "joined"        // parts written together or apart
	ReasonInitial      = "initial"       // an initial stands for a part
	ReasonOrder        = "order"         // the same parts in another order
	ReasonMoreInNotice = "more_notice"   // the notice has a part more
	ReasonMoreInPerson = "more_person"   // the person has a part more
	ReasonPartDiffers  = "part_differs"  // a part contradicts (against)
	ReasonOnePart      = "one_part"      // one part alone matched (against)
	ReasonCommon       = "common_name"   // the name is shared by many (against)
	ReasonBirthEqual   = "birth_equal"   // birth date equal
	ReasonBirthYear    = "birth_year"    // as far as both are known: year, or year and month equal
	ReasonBirthNear    = "birth_near"    // birth date off by a year, or day and month swapped
	ReasonBirthDiffers = "birth_differs" // (against)
	ReasonNatEqual     = "nat_equal"     // a nationality in common
	ReasonNatDiffers   = "nat_differs"   // (against)
	ReasonSexEqual     = "sex_equal"
	ReasonSexDiffers   = "sex_differs" // (against)
	ReasonPlaceEqual   = "place_equal" // birth country is a nationality of the person's
	ReasonIssuerNat    = "issuer_nat"  // the issuing state is a nationality of the person's
)

// Codes of reasons that a text gives. With is the text's side, as printed.
const (
	ReasonInText     = "in_text"     // the name stands in the text
	ReasonDanger     = "danger_word" // a word of danger stands near it
	ReasonInflected  = "inflected"   // a part has a grammatical ending
	ReasonAgeEqual   = "age_equal"   // an age or birth year given near the name fits
	ReasonAgeDiffers = "age_differs" // (against)
	ReasonNatNear    = "nat_near"    // a word for one of the person's nationalities stands near
)
