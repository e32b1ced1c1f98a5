package tocsin

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Date is a calendar date known to the day, to the month or to the year: Day 0
// means that the day is not known, Month 0 that neither month nor day is. The
// zero Date is "unknown".
type Date struct {
	Year  int
	Month int
	Day   int
}

// IsZero reports whether nothing is known of the date.
func (d Date) IsZero() bool { return d == Date{} }

// String writes the date as YYYY, YYYY-MM or YYYY-MM-DD, "" if unknown.
func (d Date) String() string {
	switch {
	case d.IsZero():
		return ""
	case d.Month == 0:
		return fmt.Sprintf("%04d", d.Year)
	case d.Day == 0:
		return fmt.Sprintf("%04d-%02d", d.Year, d.Month)
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// Within reports whether d says all that e says, and perhaps more.
func (d Date) Within(e Date) bool {
	return e.IsZero() || d.Year == e.Year && (e.Month == 0 || d.Month == e.Month && (e.Day == 0 || d.Day == e.Day))
}

// AgreedDate is the one date that all of several accounts of it agree with, the
// most exact; where they do not, what they agree in: the year, or nothing.
func AgreedDate(dates []Date) Date {
	var exact Date
	for i, d := range dates {
		if i == 0 || d.Within(exact) {
			exact = d
		}
	}
	for _, d := range dates {
		if !exact.Within(d) {
			exact = Date{Year: exact.Year}
		}
	}
	for _, d := range dates {
		if !exact.Within(Date{Year: d.Year}) {
			return Date{}
		}
	}
	return exact
}

// MarshalText and UnmarshalText use the form of String.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what ParseDate reads.
func (d *Date) UnmarshalText(b []byte) (err error) {
	*d, err = ParseDate(string(b))
	return err
}

// ParseDate reads YYYY, YYYY-MM or YYYY-MM-DD, with "-" or "/" between (the
// notices service writes slashes). An empty text is the zero Date. A date that
// no calendar has is an error; the error does not quote the text, which may be
// a watchlist's.
func ParseDate(s string) (Date, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return Date{}, nil
	}
	parts := strings.Split(strings.ReplaceAll(s, "/", "-"), "-")
	widths := [...]int{4, 2, 2}
	if len(parts) > 3 {
		return Date{}, errDate
	}
	var v [3]int
	for i, p := range parts {
		if len(p) != widths[i] {
			return Date{}, errDate
		}
		n, err := strconv.ParseUint(p, 10, 16)
		if err != nil || n == 0 {
			return Date{}, errDate
		}
		v[i] = int(n)
	}
	d := Date{v[0], v[1], v[2]}
	if d.Month > 12 {
		return Date{}, errDate
	}
	if d.Day > 0 && time.Date(d.Year, time.Month(d.Month), d.Day, 0, 0, 0, 0, time.UTC).Day() != d.Day {
		return Date{}, errDate
	}
	return d, nil
}

var errDate = fmt.Errorf("not a date: write YYYY, YYYY-MM or YYYY-MM-DD")
