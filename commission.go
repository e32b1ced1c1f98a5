package tocsin

import "time"

// CommissionDue is the day by which the Commission should have said something
// after a request was filed, or became admissible: whether it is admissible one
// month after it was filed (CCF Statute, Art. 32), its decision four months after
// that on access and nine on correction or deletion, "generally" (Art. 40). Where
// it is not known what was asked for, the longer time. It is often later; the days
// bind the Commission, not whoever asked.
func CommissionDue(a Action, request string, day time.Time) time.Time {
	switch {
	case a == Filed:
		return monthsAfter(day, 1)
	case request == "access":
		return monthsAfter(day, 4)
	}
	return monthsAfter(day, 9)
}

// monthsAfter is the same day n months later, or the last of that month.
func monthsAfter(day time.Time, n int) time.Time {
	t := day.AddDate(0, n, 0)
	if t.Day() != day.Day() {
		t = t.AddDate(0, 0, -t.Day())
	}
	return t
}
