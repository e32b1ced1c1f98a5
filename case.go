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

	// What follows, and State, By, Note and DecidedAt, is what Replay makes of Log.
	Log        []Decision
	Since      time.Time // when it came to its state; zero: it always had it
	Owner      string    // who has it, "" nobody
	TakenAt    time.Time // when somebody first took it, since it was last open
	WarnedAt   time.Time // when the person was warned, since it was last open
	Proposed   string    // who says "not our person" and waits for a second to agree, "" nobody
	ProposedAt time.Time
	Filed      time.Time // the day on which a request to the Commission (CCF) was filed
	Admissible time.Time // the day from which it is admissible
	Request    string    // what was asked of the Commission, of Requests; "" is not known
}
