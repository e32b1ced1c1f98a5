package notifier

import (
	"fmt"
	"time"

	"tocsin"
)

// moment writes a time to the minute: "3 May 2026, 08:14 UTC".
func (r renderer) moment(t time.Time) string {
	return t.In(r.zone).Format("2 Jan 2006, 15:04 MST")
}

// span writes an interval, the day once where both ends share it.
func (r renderer) span(w tocsin.Window) string {
	before := w.Before.In(r.zone)
	if w.After.IsZero() {
		return "before " + r.moment(before)
	}
	after := w.After.In(r.zone)
	if after.Format(time.DateOnly) == before.Format(time.DateOnly) {
		if after.Format("15:04") == before.Format("15:04") {
			return before.Format("2 Jan 2006, 15:04 MST")
		}
		return after.Format("2 Jan 2006, 15:04") + "–" + before.Format("15:04 MST")
	}
	return "between " + after.Format("2 Jan 2006, 15:04") + " and " + before.Format("2 Jan 2006, 15:04 MST")
}

// lasted writes a length of time coarsely: "1 h 05", "38 days".
func lasted(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", max(0, int(d/time.Second)))
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d/time.Minute))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h %02d", int(d/time.Hour), int(d/time.Minute)%60)
	}
	return fmt.Sprintf("%d days", int(d/(24*time.Hour)))
}

// civil writes a day of the calendar, kept at midnight UTC: "20 Feb 2026".
func civil(day time.Time) string { return day.UTC().Format("2 Jan 2006") }

// day writes a date as far as it is known: "14 Mar 1988", "Mar 1988", "1988".
func day(d tocsin.Date) string {
	switch {
	case d.IsZero():
		return ""
	case d.Month == 0:
		return fmt.Sprintf("%d", d.Year)
	case d.Day == 0:
		return fmt.Sprintf("%s %d", time.Month(d.Month).String()[:3], d.Year)
	}
	return fmt.Sprintf("%d %s %d", d.Day, time.Month(d.Month).String()[:3], d.Year)
}
