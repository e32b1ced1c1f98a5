package watcher

import (
	"strings"
	"testing"
	"time"

	"tocsin"
	"tocsin/store"
)

// hm is a time of one day.
func hm(s string) time.Time {
	t, err := time.Parse("2006-01-02 15:04", "2026-04-29 "+s)
	if err != nil {
		panic(err)
	}
	return t
}

// whole and part are looks: "13:00-13:02" from began to ended.
func whole(span string) store.Look { return lookOf(span, true, 100) }

func lookOf(span string, complete bool, seen int) store.Look {
	from, to, _ := strings.Cut(span, "-")
	return store.Look{Kind: tocsin.LookSweep, Began: hm(from), Ended: hm(to), Complete: complete, Listed: 100, Seen: seen}
}

// spelled writes spans as "10:00 seen 12:00 unseen 13:00".
func spelled(c Coverage) string {
	words := map[Vision]string{Seen: " seen ", Partly: " partly ", Unseen: " unseen "}
	out := ""
	for i, s := range c.Spans {
		if i == 0 {
			out = s.From.Format("15:04")
		}
		out += words[s.Vision] + s.To.Format("15:04")
	}
	return out
}

func TestCoverage(t *testing.T) {
	hourly := sightRules{next: func(t time.Time) time.Time { return t.Add(time.Hour) }, after: 2 * time.Hour}
	tests := []struct {
		what    string
		looks   []store.Look
		outages []tocsin.Outage
		want    string
		longest time.Duration
		open    bool
	}{
		{"looks when they are due", []store.Look{whole("09:30-09:32"), whole("10:32-10:34"), whole("11:34-11:36"), whole("12:36-12:38")}, nil,
			"10:00 seen 12:00", 62 * time.Minute, false},
		{"no look at all", nil, nil, "10:00 unseen 12:00", 0, true},
		{"the first look of all", []store.Look{whole("10:10-10:13"), whole("11:13-11:15")}, nil, "10:00 unseen 10:13 seen 12:00", 62 * time.Minute, false},
		{"one that came too late", []store.Look{whole("09:30-09:32"), whole("11:30-11:32")}, nil, "10:00 unseen 11:32 seen 12:00", 2 * time.Hour, false},
		{"totals that shifted, and one more look at once", []store.Look{whole("09:00-09:02"), lookOf("10:02-10:05", false, 97), whole("10:05-10:09"), whole("11:09-11:11")}, nil,
			"10:00 seen 12:00", 67 * time.Minute, false},
		{"one that took longer than blind_after", []store.Look{whole("09:00-09:02"), whole("10:02-11:40")}, nil, "10:00 unseen 11:40 seen 12:00", 158 * time.Minute, false},
		{"none any more", []store.Look{whole("09:30-09:32")}, nil, "10:00 unseen 12:00", 148 * time.Minute, true},
		{"one that is not overdue yet", []store.Look{whole("10:00-10:02"), whole("10:50-10:52")}, nil, "10:00 unseen 10:02 seen 12:00", 68 * time.Minute, false},
		{"a part of the list", []store.Look{whole("09:30-09:32"), lookOf("10:32-10:34", false, 40), lookOf("11:04-11:05", false, 0), whole("11:38-11:40")}, nil,
			"10:00 unseen 10:34 partly 11:05 unseen 11:40 seen 12:00", 128 * time.Minute, false},
		{"the newest page answered until the outage began", []store.Look{whole("09:30-09:32"), whole("11:38-11:40")},
			[]tocsin.Outage{{Newest: true, Since: hm("10:20"), Until: hm("11:40")}}, "10:00 partly 10:20 unseen 11:40 seen 12:00", 128 * time.Minute, false},
		{"whole looks, and a newest page that did not answer between", []store.Look{whole("09:30-09:32"), whole("10:32-10:34"), whole("11:34-11:36")},
			[]tocsin.Outage{{Newest: true, Since: hm("10:40"), Until: hm("11:36")}}, "10:00 seen 10:40 partly 11:36 seen 12:00", 62 * time.Minute, false},
		{"an outage that goes on", []store.Look{whole("09:30-09:32"), whole("10:32-10:34")}, []tocsin.Outage{{Newest: true, Since: hm("10:40")}},
			"10:00 seen 10:34 partly 10:40 unseen 12:00", 86 * time.Minute, true},
	}
	for _, x := range tests {
		c := cover(hourly, x.looks, x.outages, newestSight{}, hm("10:00"), hm("12:00"))
		if got := spelled(c); got != x.want || c.Longest != x.longest || c.Open != x.open {
			t.Errorf("%s: %s, longest %s, open %v\nwant %s, longest %s, open %v", x.what, got, c.Longest, c.Open, x.want, x.longest, x.open)
		}
		if sum := c.Sum(Seen) + c.Sum(Partly) + c.Sum(Unseen); sum != 2*time.Hour {
			t.Errorf("%s: the spans are %s together", x.what, sum)
		}
		if c.At(hm("09:59")) != Unseen || c.At(hm("12:00")) != Unseen {
			t.Errorf("%s: vision outside of the time", x.what)
		}
	}
}

func TestADigestTellsGapsAndNotEachNewestPageThatFailedOnce(t *testing.T) {
	hourly := sightRules{next: func(t time.Time) time.Time { return t.Add(time.Hour) }, after: 2 * time.Hour}
	looks := []store.Look{whole("09:30-09:32"), whole("10:32-10:34"), whole("11:34-11:36")}
	newest := newestSight{
		spans: []store.Answered{{Since: hm("09:00"), Until: hm("10:20")}, {Since: hm("10:22"), Until: hm("11:00")}, {Since: hm("11:20"), Until: hm("12:00")}},
		from:  hm("09:00"), to: hm("12:00"),
	}
	c := cover(hourly, looks, nil, newest, hm("10:00"), hm("12:00"))
	if got, want := spelled(c), "10:00 seen 10:20 partly 10:22 seen 11:00 partly 11:20 seen 12:00"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	told := c.told("red", hm("10:00"), hm("12:00"))
	if told.Partly != 22*time.Minute || len(told.Gaps) != 1 || !told.Gaps[0].From.Equal(hm("11:00")) {
		t.Errorf("told is %s partly, and the gaps %+v; want 22m, and the one of twenty minutes", told.Partly, told.Gaps)
	}
}
