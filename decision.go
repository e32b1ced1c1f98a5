package tocsin

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Action is what somebody does with a case. The values are the contract's.
type Action string

const (
	Ack     Action = "ack"
	Warned  Action = "warned"
	Confirm Action = "confirm"
	Dismiss Action = "dismiss"
	Arrest  Action = "arrested"
	Reopen  Action = "reopen"
	Close   Action = "close"
	Assign  Action = "assign"

	Undo       Action = "undo"       // takes the last decision back
	Filed      Action = "filed"      // a request to the Commission was filed
	Admissible Action = "admissible" // it is admissible: the Commission's deadlines begin
	Remind     Action = "remind"     // asks to be reminded
)

// Actions are all of them.
var Actions = []Action{Ack, Warned, Confirm, Dismiss, Arrest, Reopen, Close, Assign, Undo, Filed, Admissible, Remind}

// Requests are what can be asked of the Commission (CCF).
var Requests = []string{"access", "correction", "deletion"}

// Decision is what somebody decided about a case. A case's decisions are a log
// that is only added to; what was taken back stays in it.
type Decision struct {
	Action Action
	By     string // "slack:U…" or a name that the operator gave; "" is the watch itself
	To     string // Assign: whose it is now. Filed, Admissible: which of Requests, "" is not known
	Note   string // "" for none
	At     time.Time
	When   time.Time // Filed, Admissible: the day, at midnight UTC. Remind: the time
	Second bool      // Dismiss: it takes another person to agree
	Seq    int64     // its place in the ledger, 0 if it is not there
}

// Fault says what is missing in a decision, or wrong with it; "" is nothing.
func (d Decision) Fault() string {
	switch {
	case !slices.Contains(Actions, d.Action):
		return fmt.Sprintf("%q is not a decision", d.Action)
	case d.Action == Assign && strings.TrimSpace(d.To) == "":
		return "it is not said whose the case is to be"
	}
	switch d.Action {
	case Filed, Admissible:
		switch {
		case d.When.IsZero():
			return "the date is missing"
		case d.When.After(d.At.Add(24 * time.Hour)): // it may be tomorrow there
			return "the date is in the future"
		case d.To != "" && !slices.Contains(Requests, d.To):
			return fmt.Sprintf("%q is no request: it is one of %s", d.To, strings.Join(Requests, ", "))
		}
	case Remind:
		switch {
		case d.When.IsZero():
			return "it is not said when to remind"
		case !d.When.After(d.At):
			return "the time of the reminder has passed"
		}
	}
	return ""
}

// Standing are the decisions of a log that nobody took back, in their order.
func Standing(log []Decision) []Decision {
	var out []Decision
	for _, d := range log {
		if d.Action != Undo {
			out = append(out, d)
		} else if _, ok := last(out); ok {
			out = out[:len(out)-1]
		}
	}
	return out
}

// Undoable is the decision that an Undo would take back, false if there is none.
// What the watch itself did is never taken back, nor anything before that: a case
// that was reopened because the notice changed must not fall silent again by it.
func Undoable(log []Decision) (Decision, bool) { return last(Standing(log)) }

func last(standing []Decision) (Decision, bool) {
	if n := len(standing); n > 0 && standing[n-1].By != "" {
		return standing[n-1], true
	}
	return Decision{}, false
}

// Replay brings the case to where its decisions, in the order in which they were
// made, leave it.
func (c *Case) Replay(log []Decision) {
	c.begin()
	c.Log = log
	var stack []Decision
	for _, d := range log {
		was, since := c.State, c.Since
		if d.Action != Undo {
			stack = append(stack, d)
			c.take(d)
		} else if _, ok := last(stack); ok {
			stack = stack[:len(stack)-1]
			c.begin()
			for _, s := range stack {
				c.take(s)
			}
		}
		if c.Since = since; c.State != was {
			c.Since = d.At
		}
	}
}

// begin is a case about which nobody has decided anything.
func (c *Case) begin() {
	c.reopen()
	c.State, c.By, c.Note, c.DecidedAt, c.Since = CaseOpen, "", "", time.Time{}, time.Time{}
	c.Filed, c.Admissible, c.Request = time.Time{}, time.Time{}, ""
}

// reopen forgets who had the case, and what was done about it.
func (c *Case) reopen() {
	c.Owner, c.TakenAt, c.WarnedAt = "", time.Time{}, time.Time{}
	c.Proposed, c.ProposedAt = "", time.Time{}
}

// onward orders the states through which a case goes while it may be the person.
var onward = []CaseState{CaseOpen, CaseAcknowledged, CaseWarned, CaseConfirmed, CaseArrested}

// come brings the case to a state that is further on; from one that is not on
// the way (dismissed, closed) to any. That somebody takes over a case whose person
// was warned must not make it one in which nobody was.
func (c *Case) come(to CaseState) {
	if at := slices.Index(onward, c.State); at < slices.Index(onward, to) {
		c.State = to
	}
}

func (c *Case) take(d Decision) {
	switch d.Action {
	case Ack, Assign:
		c.come(CaseAcknowledged)
		if c.Owner = d.By; d.Action == Assign {
			c.Owner = d.To
		}
	case Warned:
		c.come(CaseWarned)
		c.WarnedAt = d.At
	case Confirm:
		c.come(CaseConfirmed)
		c.Proposed, c.ProposedAt = "", time.Time{}
	case Arrest:
		c.come(CaseArrested)
		c.Proposed, c.ProposedAt = "", time.Time{}
	case Dismiss:
		if d.Second && c.State != CaseDismissed && (c.Proposed == "" || SamePerson(c.Proposed, d.By)) {
			c.Proposed, c.ProposedAt = d.By, d.At
			return
		}
		c.reopen()
		c.State = CaseDismissed
	case Close:
		c.Proposed, c.ProposedAt = "", time.Time{}
		c.State = CaseClosed
	case Reopen:
		c.reopen()
		c.State = CaseOpen
		if d.By == "" {
			c.By, c.Note, c.DecidedAt = "", "", time.Time{}
			return
		}
	case Filed:
		c.Filed, c.Admissible, c.Request = d.When, time.Time{}, d.To
		return
	case Admissible:
		c.Admissible = d.When
		if d.To != "" {
			c.Request = d.To
		}
		return
	default:
		return
	}
	switch d.Action {
	case Ack, Assign, Warned, Confirm, Arrest:
		if c.Owner == "" {
			c.Owner = d.By
		}
		if c.TakenAt.IsZero() {
			c.TakenAt = d.At
		}
	}
	c.By, c.Note, c.DecidedAt = d.By, d.Note, d.At
}

// SamePerson reports whether two who decided are one, as far as their names say.
func SamePerson(a, b string) bool {
	return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b))
}
