package tocsin

import (
	"encoding/json"
	"time"
)

// EventKind names what happened. The values are the contract's.
type EventKind string

const (
	Listed      EventKind = "listed"      // already there at the first look, or when the person was added
	Appeared    EventKind = "appeared"    // became public between two looks
	Changed     EventKind = "changed"     // the same notice says something else
	Disappeared EventKind = "disappeared" // no longer public, by the rules of absence
	Reappeared  EventKind = "reappeared"  // public again
	Mentioned   EventKind = "mentioned"   // named in an article
	Blind       EventKind = "blind"       // a source cannot be seen
	Recovered   EventKind = "recovered"   // it can be seen again
	Undelivered EventKind = "undelivered" // a delivery was given up
)

// EventKinds are all kinds, in the order of the vocabulary.
var EventKinds = []EventKind{Listed, Appeared, Changed, Disappeared, Reappeared, Mentioned, Blind, Recovered, Undelivered}

// AboutSight reports whether the kind concerns the watch itself rather than a
// person. Such events pass every filter of tier and tag.
func (k EventKind) AboutSight() bool { return k == Blind || k == Recovered || k == Undelivered }

// Tier says how loudly a match rings.
type Tier string

const (
	TierAlert  Tier = "alert"
	TierReview Tier = "review"
)

// Window is the interval in which something must have happened. A zero After
// is unknown.
type Window struct {
	After  time.Time `json:"after,omitzero"`
	Before time.Time `json:"before,omitzero"`
}

// FieldChange is one field that differs, in the vocabulary's names (name,
// forename, birth_date, nationalities, sex, charges, photo …). List says that
// the field holds many values; its JSON is then an array.
type FieldChange struct {
	Field string
	From  []string
	To    []string
	List  bool
}

type fieldChangeJSON struct {
	Field string `json:"field"`
	From  any    `json:"from"`
	To    any    `json:"to"`
}

// MarshalJSON writes from and to as strings, or as arrays of strings for a List.
func (c FieldChange) MarshalJSON() ([]byte, error) {
	side := func(v []string) any {
		if c.List {
			if v == nil {
				return []string{}
			}
			return v
		}
		if len(v) == 0 {
			return ""
		}
		return v[0]
	}
	return json.Marshal(fieldChangeJSON{c.Field, side(c.From), side(c.To)})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (c *FieldChange) UnmarshalJSON(b []byte) error {
	var raw struct {
		Field    string
		From, To json.RawMessage
	}
	if err := json.Unmarshal(b, &raw); err != nil {
		return err
	}
	*c = FieldChange{Field: raw.Field}
	side := func(m json.RawMessage) ([]string, error) {
		var list []string
		if json.Unmarshal(m, &list) == nil {
			c.List = true
			return list, nil
		}
		var one string
		if err := json.Unmarshal(m, &one); err != nil {
			return nil, err
		}
		if one == "" {
			return nil, nil
		}
		return []string{one}, nil
	}
	var err error
	if c.From, err = side(raw.From); err != nil {
		return err
	}
	c.To, err = side(raw.To)
	return err
}

// NoticeRef is what an event says of its notice.
type NoticeRef struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
	URL  string `json:"url,omitempty"`
}

// ArticleRef is what an event says of its article.
type ArticleRef struct {
	URL       string    `json:"url"`
	Title     string    `json:"title,omitempty"`
	Story     string    `json:"story,omitempty"` // opaque: the same for all outlets that tell it
	Outlet    string    `json:"outlet,omitempty"`
	Language  string    `json:"language,omitempty"`
	Published time.Time `json:"published,omitzero"`
	Sentence  string    `json:"sentence,omitempty"` // around the name, cut
	Found     string    `json:"found,omitempty"`    // the form of the name, as printed
	Danger    string    `json:"danger,omitempty"`   // the word of danger near it, as printed
}

// Outage is what a blind or recovered event says about sight.
type Outage struct {
	Cause        Cause     `json:"cause,omitempty"`
	Why          string    `json:"why,omitempty"`
	Since        time.Time `json:"since,omitzero"` // end of the last complete look, or the daemon's start
	Until        time.Time `json:"until,omitzero"` // recovered: end of the look that sees again
	Next         time.Time `json:"next,omitzero"`  // blind: when the next try is due
	Tries        int       `json:"tries,omitempty"`
	Failed       int       `json:"failed,omitempty"`
	Listed       int       `json:"listed,omitempty"` // at the last complete look
	Seen         int       `json:"seen,omitempty"`
	People       int       `json:"people,omitempty"` // watched by this source
	SourcesSeen  int       `json:"sources_seen,omitempty"`
	SourcesOther int       `json:"sources_other,omitempty"`
	Appeared     int       `json:"appeared,omitempty"` // recovered: what came and went meanwhile
	Disappeared  int       `json:"disappeared,omitempty"`
	Changed      int       `json:"changed,omitempty"`
	// Newest says that the newest page goes unanswered, though looks may finish.
	Newest bool `json:"newest,omitempty"`
	// Meanwhile are the witnesses that carry the source's alerts while it is blind.
	Meanwhile []Witness `json:"meanwhile,omitempty"`
}

// Witness is a source that is looked at beside another one, because it has what
// that has.
type Witness struct {
	Source string    `json:"source"`
	Name   string    `json:"name,omitempty"`   // what people call it
	DataAt time.Time `json:"data_at,omitzero"` // the age of its data, not of the download
}

// Edition is the version of a versioned list that an event rests on.
type Edition struct {
	Version string    `json:"version,omitempty"`
	DataAt  time.Time `json:"data_at,omitzero"` // from when its data is; not when it was fetched
	// WitnessFor is the source whose list this one copies, "" for none. Main says how
	// that stood to the notice then, and MainSeen when it had last been seen whole.
	WitnessFor string    `json:"witness_for,omitempty"`
	Main       MainSays  `json:"main,omitempty"`
	MainSeen   time.Time `json:"main_seen,omitzero"`
}

// MainSays is how a source stands to a notice that a copy of its list has.
type MainSays string

const (
	MainHas     MainSays = "has"     // it lists it too
	MainLacks   MainSays = "lacks"   // it was seen, and never listed it
	MainGone    MainSays = "gone"    // it listed it, and no longer does
	MainBlind   MainSays = "blind"   // it cannot be seen: the copy carries its alerts
	MainUnknown MainSays = "unknown" // the copy does not say under which id the list has it
)

// Event is one thing that happened, as the ledger keeps it. It never quotes the
// watchlist: a person is an id, reasons are codes.
type Event struct {
	Seq         int64         `json:"-"`
	ID          string        `json:"id"`
	Kind        EventKind     `json:"kind"`
	At          time.Time     `json:"at"`
	Source      string        `json:"source,omitempty"`
	Occurrence  int           `json:"occurrence,omitempty"` // counts the kind within its case, or within its source for sight
	Notice      *NoticeRef    `json:"notice,omitempty"`
	Article     *ArticleRef   `json:"article,omitempty"`
	Person      string        `json:"person,omitempty"`
	Case        string        `json:"case,omitempty"`
	Tier        Tier          `json:"tier,omitempty"`
	Score       float64       `json:"score,omitempty"`
	Reasons     []Reason      `json:"-"`
	Fingerprint string        `json:"-"` // of the person's entry when it was matched
	Changes     []FieldChange `json:"changes,omitempty"`
	Window      *Window       `json:"window,omitempty"`
	Inferred    bool          `json:"inferred,omitempty"`
	Drill       bool          `json:"drill,omitempty"`
	Gathered    bool          `json:"gathered,omitempty"` // told together with others of its source, as what was there already
	Many        bool          `json:"many,omitempty"`     // gathered because its person was named too often that day
	Quiet       bool          `json:"-"`                  // a new picture alone: for the digest
	Evidence    string        `json:"evidence,omitempty"`
	Outage      *Outage       `json:"outage,omitempty"`
	Edition     *Edition      `json:"edition,omitempty"`   // of a versioned list: what the event rests on
	Confirmed   string        `json:"confirmed,omitempty"` // the event by which a copy of the list had told this before
	Notifier    string        `json:"notifier,omitempty"`  // undelivered: which notifier
	Events      []string      `json:"events,omitempty"`    // undelivered: which events
	Deliveries  []Delivery    `json:"deliveries,omitempty"`
}

// DeliveryState is how one delivery stands. The values are the contract's.
type DeliveryState string

const (
	Pending DeliveryState = "pending"
	Sent    DeliveryState = "sent"
	Failed  DeliveryState = "failed"  // given up, alarmed
	Skipped DeliveryState = "skipped" // filtered, Why says by what
)

// Delivery is one event owed to one notifier.
type Delivery struct {
	Notifier string        `json:"notifier"`
	State    DeliveryState `json:"state"`
	At       time.Time     `json:"at,omitzero"` // when it was sent, failed or skipped
	Attempts int           `json:"attempts"`
	Why      string        `json:"why,omitempty"`
	Due      time.Time     `json:"-"` // not before; the zero time is at once
}
