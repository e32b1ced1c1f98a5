package feed

import (
	"slices"
	"time"
)

// What is kept of when a feed had something new: hours, so that a burst counts
// once, as many as show its weekends.
const (
	mostHours  = 256
	fewestGaps = 5 // of which something can be said
	shortest   = 24 * time.Hour
)

// note adds the items that are new to what is known of the feed's rhythm. At a
// first reading their own dates are all there is.
func (m *memory) note(fresh []item, first bool, now time.Time) {
	if len(fresh) == 0 {
		return
	}
	newest := time.Time{}
	for _, it := range fresh {
		at := it.published
		switch {
		case first && (at.IsZero() || at.After(now) || at.Before(now.AddDate(-1, 0, 0))):
			continue
		case !first && (at.After(now) || at.Before(now.Add(-48*time.Hour))):
			at = now // undated, or dated as nothing can be that is new
		}
		if at.After(newest) {
			newest = at
		}
		m.Hours = append(m.Hours, at.Unix()/3600)
	}
	slices.Sort(m.Hours)
	m.Hours = slices.Compact(m.Hours)
	m.Hours = m.Hours[max(0, len(m.Hours)-mostHours):]
	switch {
	case !first || newest.IsZero():
		m.LastNew = now
	default:
		m.LastNew = newest
	}
}

// rhythm is the interval that nine of ten between two hours with something new
// did not exceed, and the longest; 0 where too little was seen.
func (m *memory) rhythm() (usual, longest time.Duration) {
	if len(m.Hours) <= fewestGaps {
		return 0, 0
	}
	gaps := make([]int64, len(m.Hours)-1)
	for i := range gaps {
		gaps[i] = m.Hours[i+1] - m.Hours[i]
	}
	slices.Sort(gaps)
	return time.Duration(gaps[(len(gaps)-1)*9/10]) * time.Hour, time.Duration(gaps[len(gaps)-1]) * time.Hour
}

// patience is how long a silence is nothing out of the ordinary: a day at least,
// four times the usual interval, twice the longest that was seen. 0: unknown.
func (m *memory) patience() time.Duration {
	usual, longest := m.rhythm()
	if usual == 0 {
		return 0
	}
	return max(shortest, 4*usual, 2*longest)
}
