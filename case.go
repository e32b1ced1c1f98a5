package tocsin

import "time"

// CaseState is how people stand to a case. The values are the contract's.
type CaseState string

const (
	CaseOpen         CaseState = "open"
	CaseAcknowledged CaseState = "acknowledged" // somebody has it
	CaseWarned       CaseState = "warned"       // the person was warned
	CaseConfirmed    CaseState = "confirmed"    // "looks like our person"
	CaseDismissed    CaseState = "dismissed"    // "not our person"
	CaseArrested     CaseState = "arrested"
	CaseClosed       CaseState = "closed"
)

// Case is one person and one notice (or story) through time.
type Case struct {
	ID        string
	Person    string
	Source    string
	Notice    *NoticeRef
	Article   *ArticleRef
	State     CaseState
	Public    bool // the notice is public as far as is known
	Tier      Tier
	Score     float64
	Reasons   []Reason
	By        string // who decided last: "slack:U…" or what --by said
	Note      string
	DecidedAt time.Time
	OpenedAt  time.Time
	Rev       int64 // counts what a message about it has to show
	Events    []string
}

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
)

// State is the state an action leads to.
func (a Action) State() CaseState {
	switch a {
	case Ack, Assign:
		return CaseAcknowledged
	case Warned:
		return CaseWarned
	case Confirm:
		return CaseConfirmed
	case Dismiss:
		return CaseDismissed
	case Arrest:
		return CaseArrested
	case Close:
		return CaseClosed
	case Reopen:
		return CaseOpen
	}
	return ""
}
