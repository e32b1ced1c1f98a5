package watcher

import "time"

// Quiet are the hours of each day, by the clock of the watch's zone, in which what
// is at review tier waits for their end. They may go over midnight; From equal to
// To is none.
type Quiet struct {
	From, To time.Duration // since midnight
}

// end is when what comes at t may go out: at once, or when the quiet hours in which
// t falls are over.
func (q Quiet) end(t time.Time) time.Time {
	if q.From == q.To {
		return t
	}
	y, m, d := t.Date()
	for _, day := range []int{d - 1, d} { // those that began yesterday may go on
		clock := func(day int, at time.Duration) time.Time {
			return time.Date(y, m, day, int(at/time.Hour), int(at/time.Minute)%60, 0, 0, t.Location())
		}
		from, to := clock(day, q.From), clock(day, q.To)
		if q.To < q.From {
			to = clock(day+1, q.To)
		}
		if !t.Before(from) && t.Before(to) {
			return to
		}
	}
	return t
}
