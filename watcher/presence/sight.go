package presence

import "time"

// SightRules says how long a source may go unseen before it is called blind. A
// zero duration turns that rule off.
type SightRules struct {
	After       time.Duration // since the end of the last complete look
	NewestAfter time.Duration // since the newest page was last answered
}

// Sight is how a source stands at a moment.
type Sight struct {
	Blind  bool
	Newest bool      // blind by the newest page, though a look was complete in time
	Since  time.Time // the end of the last complete look, or the start where there was none
}

// See tells whether a source that was last seen whole at complete (zero: never)
// and whose newest page last answered at newest (zero: never) is blind at now,
// for a daemon that began at started.
func See(r SightRules, now, started, complete, newest time.Time) Sight {
	s := Sight{Since: later(started, complete)}
	if !complete.IsZero() {
		s.Since = complete
	}
	if r.After > 0 && now.Sub(s.Since) >= r.After {
		s.Blind = true
		return s
	}
	if r.NewestAfter > 0 {
		since := later(later(started, newest), complete) // a complete look sees what is new, too
		if now.Sub(since) >= r.NewestAfter {
			return Sight{Blind: true, Newest: true, Since: since}
		}
	}
	return s
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
