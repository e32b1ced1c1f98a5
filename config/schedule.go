package config

import (
	"errors"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// Schedule tells when something is next due after a time. A nil Schedule is one
// that was turned off.
type Schedule interface {
	Next(time.Time) time.Time
}

// Every is the schedule "@every d": always d after the time asked about. Unlike
// robfig/cron's it is exact below a second.
type Every time.Duration

// Next is t and the interval.
func (e Every) Next(t time.Time) time.Time { return t.Add(time.Duration(e)) }

// shortest is the shortest duration and interval that may be written (contract).
const shortest = 100 * time.Microsecond

// cronFields are those of crontab(5), with @hourly and its like.
var cronFields = cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow | cron.Descriptor)

const scheduleForms = `write "@every 15m", "@hourly" or five cron fields, such as "*/15 * * * *"`

// inZone is a cron schedule read by the clocks of one zone, whatever zone the
// time asked about is in.
type inZone struct {
	cron.Schedule
	zone *time.Location
}

func (s inZone) Next(t time.Time) time.Time { return s.Schedule.Next(t.In(s.zone)) }

// parseSchedule reads a cron expression or "@every d". Its errors do not quote
// the text.
func parseSchedule(text string, zone *time.Location) (Schedule, error) {
	text = strings.TrimSpace(text)
	if rest, ok := strings.CutPrefix(text, "@every"); ok {
		d, err := time.ParseDuration(strings.TrimSpace(rest))
		switch {
		case err != nil:
			return nil, errors.New(`after @every a duration is expected: write "@every 15m"`)
		case d < shortest:
			return nil, errors.New(`too short an interval: write "@every 100us" or longer`)
		}
		return Every(d), nil
	}
	if strings.Contains(text, "TZ=") {
		return nil, errors.New("a schedule has no time zone of its own: leave TZ= out and set timezone at the top of the file")
	}
	s, err := cronFields.Parse(text)
	if err != nil {
		return nil, errors.New("not a schedule: " + scheduleForms)
	}
	bound := inZone{s, zone}
	if bound.Next(reckoning).IsZero() {
		return nil, errors.New("this day never comes: look at the day and the month")
	}
	return bound, nil
}

// reckoning is where intervals are reckoned from, so that the same file always
// gives the same figures.
var reckoning = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// interval is the longest time between two ticks of a schedule, within a year
// or five hundred ticks.
func interval(s Schedule) time.Duration {
	if e, ok := s.(Every); ok {
		return time.Duration(e)
	}
	var longest time.Duration
	from := s.Next(reckoning)
	for range 500 {
		next := s.Next(from)
		if next.IsZero() || !next.After(from) {
			break
		}
		longest = max(longest, next.Sub(from))
		if next.Sub(reckoning) > 366*24*time.Hour {
			break
		}
		from = next
	}
	return longest
}
