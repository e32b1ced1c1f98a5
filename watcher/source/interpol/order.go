package interpol

import (
	"slices"

	"tocsin"
)

// arrivals counts ids that a later first page has and an earlier one has not,
// but for such as an order that is not wholly stable brings up from below the
// page. New and changed notices come to the top; nothing else does.
func arrivals(before, after []tocsin.Notice) int {
	rank := make(map[string]int, len(before))
	for i, n := range before {
		rank[n.ID] = i
	}
	var moved []int
	for i, n := range after {
		if j, ok := rank[n.ID]; ok {
			moved = append(moved, i-j)
		}
	}
	if len(moved) == 0 {
		return len(after)
	}
	// Arrivals push all others down alike. How far rows move besides, without
	// anything having happened, is what nine in ten stay below.
	slices.Sort(moved)
	pushed := moved[len(moved)/2]
	for i, d := range moved {
		moved[i] = max(d-pushed, pushed-d)
	}
	slices.Sort(moved)
	slack := moved[len(moved)*9/10]
	edge := len(after) - 2*slack - 4
	if len(before) < reach {
		edge = len(after) // the page was the whole list
	}
	n := 0
	for i, a := range after {
		if _, ok := rank[a.ID]; !ok && i < edge {
			n++
		}
	}
	return n
}
