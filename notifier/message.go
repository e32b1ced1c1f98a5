// Package notifier says what happened, in words, to people: what a message
// shows at each detail tier, how it is worded, and how it goes out to a
// terminal or by mail. Slack has a package of its own below this one.
package notifier

import (
	"time"

	"tocsin"
)

// Kind says what a message is to its channel.
type Kind string

const (
	Single   Kind = "single"   // one event of one case: the case's own message
	Reply    Kind = "reply"    // a later event of a case, under its message
	Gathered Kind = "gathered" // many events in one message
	Sight    Kind = "sight"    // blind, recovered, undelivered
	List     Kind = "list"     // weak matches that wait for somebody's judgement
	Digest   Kind = "digest"   // what waited for its hour
)

// Detail is how much of a person and a notice a channel may show.
type Detail string

const (
	Full     Detail = "full"
	Initials Detail = "initials" // initials in place of names; nothing that names the person or the notice
	Codename Detail = "codename" // the codename alone, or the person's id where there is none
)

// Subject is a person of the watchlist as messages need one. Fields that the
// channel may not show are empty after Redact.
type Subject struct {
	ID            string
	Names         []string   // first the name, then aliases
	Parts         [][]string // of each name, as a Reason's Part counts them; nil: reasons quote no part
	BirthDate     tocsin.Date
	Nationalities []string
	Sex           string
	Codename      string
	Initials      string
	Tags          []string
}

// Item is one event with all that is known around it when it is told.
type Item struct {
	Event        tocsin.Event
	Person       *Subject       // nil: about sight, or no longer on the watchlist
	PersonEdited bool           // the entry was edited since it was matched
	Notice       *tocsin.Notice // as it is held now; nil: about sight
	Case         *tocsin.Case
	Source       string    // what people call the source: "INTERPOL's red list"; "": its id
	FirstPublic  time.Time // when the notice was first and last seen public
	LastPublic   time.Time
	// Earlier are notices of the same person on the same listing that are no longer
	// public, those set aside as somebody else's left out.
	Earlier []tocsin.NoticeRef
	// Steps are the team's own, which Playbook.For chose; nil: the built-in ones.
	Steps []string
	// News says that the event is about an article, also where that may not be shown.
	// Outlets are those that tell it, the first first.
	News    bool
	Outlets []string
	Detail  Detail // set by Redact; the zero value shows nothing but ids

	// Of an event of a copy of another list: what people call that, how it stands to
	// the notice now, when it was last seen whole, and when it confirmed what the copy
	// had told.
	Main      string
	MainNow   tocsin.MainSays
	MainSeen  time.Time
	Confirmed time.Time
	Copies    []Copy // of an event of a list that others copy: those that have the notice
}

// Copy is what a copy of a list says of one of its notices.
type Copy struct {
	Name   string
	Since  time.Time // when the copy was first seen to have it
	Gone   time.Time // when the copy was seen to be without it, too; zero: it has it
	DataAt time.Time // from when the copy's data is
}

// Message is what goes out at once to one channel.
type Message struct {
	ID        string // the ledger's id: the same on every attempt
	Kind      Kind
	Items     []Item // redacted; the events' ids are what the message carries, unless Silent
	Case      string
	Parent    string   // the service's reference of the message this belongs under, "" for none
	Broadcast bool     // a reply that the whole channel is to see
	Repeat    bool     // it may have arrived before
	Told      []string // ids of the events it delivers, where those are not all its items'
	Silent    bool     // carries no event of its own: it only shows a case
	Links     bool     // notice addresses may be plain links
	Buttons   bool     // the channel shows a case's buttons, and somebody listens for them
	Zone      *time.Location
	Now       time.Time // when it was put together, for what is said of ages
	Report    *Report   // of a Digest; nil for every other kind
	Call      *Call     // what is said at its time about the items' cases; nil: their events are told
}

// Events are the ids of the events the message delivers, in order.
func (m Message) Events() []string {
	if m.Silent || m.Told != nil {
		return m.Told
	}
	ids := make([]string, 0, len(m.Items))
	for _, it := range m.Items {
		ids = append(ids, it.Event.ID)
	}
	return ids
}

// Result is what a service said to a message it accepted.
type Result struct {
	Ref string // the service's own reference, for replies, updates and looking it up; may be ""
	// Alone: the message had a Parent, which is no longer there, and stands by itself.
	Alone bool
}

// Outcome tells apart what a failed attempt means.
type Outcome int

const (
	// Unknown: nobody can say whether the message arrived.
	Unknown Outcome = iota
	// Temporary: it did not arrive, and a later attempt may succeed.
	Temporary
	// Permanent: it did not arrive, and no attempt like it will succeed.
	Permanent
)

// Error is a failed attempt. Its Why and Do hold no name and no secret.
type Error struct {
	Outcome    Outcome
	RetryAfter time.Duration // at least this long, where the service said so
	Why        string
	Do         string // what mends it; "" where waiting does
	Gone       bool   // the message that was to be changed is no longer there
}

func (e *Error) Error() string { return e.Why }
