package notifier

import (
	"context"
	"time"

	"tocsin"
)

// Press is what somebody asked for with a button: one decision about one case.
type Press struct {
	Key    string // of the press itself: one that is told twice has the same
	Case   string // as the button had it: there may be no such case any more
	Action tocsin.Action
	By     string    // who pressed: "slack:U…"
	At     time.Time // when, by the service's clock
	Note   string    // why, "" for none
	To     string    // with filed and admissible: which of tocsin.Requests, "" is not known
	When   time.Time // the date that was asked for, or when to be reminded; zero with every other action
}

// Hear takes a press in. It returns once the press is kept, with what is to be
// said to whoever pressed and to nobody else, "" where the message itself will
// show it. An error says that it is not kept: it is to be told again.
type Hear func(ctx context.Context, p Press) (said string, err error)
