package notifier

import (
	"fmt"
	"strings"
	"time"

	"tocsin"
)

// Deed is one line of a case's history: who did what, and when. Who and Whom are
// as the ledger has them ("slack:U…" or a name), Who is "" for Tocsin itself. Why
// is what was noted, and hostile text.
type Deed struct {
	Who, What, Whom, Why, When string
}

// String is the deed where nobody can be mentioned.
func (d Deed) String() string {
	s := d.When + " " + d.Name() + " " + d.What
	if d.Whom != "" {
		s += " " + Owner(d.Whom)
	}
	if d.Why != "" {
		s += " (" + d.Why + ")"
	}
	return s
}

// Name is who did it.
func (d Deed) Name() string {
	if d.Who == "" {
		return "Tocsin"
	}
	return Owner(d.Who)
}

const (
	deedsMax = 8   // of a message; a case's whole history is in 'tocsin cases --json'
	noteMax  = 300 // letters of a note
)

// History is who did what with a case, the first first, with times in a zone.
func History(c tocsin.Case, zone *time.Location) (deeds []Deed) {
	r := renderer{zone: zone}
	for i, d := range c.Log {
		deeds = append(deeds, r.deed(c.Log[:i:i], d))
	}
	return deeds
}

// history is the end of a case's history, and how much there is before it.
func (r renderer) history(c tocsin.Case) (deeds []Deed, earlier int) {
	deeds = History(c, r.zone)
	earlier = max(0, len(deeds)-deedsMax)
	return deeds[earlier:], earlier
}

// earlierDeeds says that a history has more than is shown.
func earlierDeeds(n int) string { return fmt.Sprintf("… %d earlier: tocsin cases --json", n) }

// deed words one decision; log are those before it, with no room to grow into.
func (r renderer) deed(log []tocsin.Decision, d tocsin.Decision) Deed {
	x := Deed{Who: d.By, When: d.At.In(r.zone).Format("2 Jan 15:04")}
	switch d.Action {
	case tocsin.Dismiss:
		x.What = "says: not our person"
		var then tocsin.Case
		then.Replay(append(log, d))
		if then.Proposed != "" {
			x.What += "; a second person must agree"
		}
	case tocsin.Assign:
		x.What, x.Whom = "gave it to", d.To
	case tocsin.Undo:
		x.What = "took something back"
		if last, ok := tocsin.Undoable(log); ok {
			x.What = "took back “" + deedWords[last.Action] + "” of " + Owner(last.By)
		}
	case tocsin.Filed, tocsin.Admissible:
		x.What = fmt.Sprintf("%s: %s", deedWords[d.Action], civil(d.When))
		if d.To != "" {
			x.What += " (" + d.To + ")"
		}
	case tocsin.Remind:
		x.What = deedWords[d.Action] + " " + r.moment(d.When)
	case tocsin.Reopen:
		if x.What = deedWords[d.Action]; d.By == "" {
			x.What = "reopened it: " + reopened(d.Note)
			return x
		}
	default:
		x.What = deedWords[d.Action]
	}
	x.Why = cut(clean(d.Note), noteMax)
	return x
}

var deedWords = map[tocsin.Action]string{
	tocsin.Ack: "has it", tocsin.Warned: "warned the person", tocsin.Confirm: "says: looks like our person", tocsin.Dismiss: "says: not our person",
	tocsin.Arrest: "says: arrested", tocsin.Reopen: "reopened it", tocsin.Close: "closed it", tocsin.Assign: "gave it away", tocsin.Undo: "took something back",
	tocsin.Filed: "request to the CCF filed", tocsin.Admissible: "request to the CCF admissible", tocsin.Remind: "asked to be reminded",
}

// reopened says what ended a dismissal by itself: the fields that changed, or the
// entry on the watchlist.
func reopened(fields string) string {
	var names []string
	for _, f := range strings.Fields(fields) {
		names = append(names, fieldName(f))
	}
	if len(names) == 0 {
		return "the watchlist's entry changed"
	}
	return "changed since it was dismissed: " + strings.Join(names, ", ")
}
