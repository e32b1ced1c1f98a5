package config

import (
	"testing"
	"time"
)

func TestSchedulesAreReadByTheZonesClock(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Chisinau")
	if err != nil {
		t.Fatal(err)
	}
	s, err := parseSchedule("0 8 * * 1-5", zone)
	if err != nil {
		t.Fatal(err)
	}
	asked := time.Date(2026, 5, 3, 12, 0, 0, 0, time.UTC) // a Sunday
	if got, want := s.Next(asked), time.Date(2026, 5, 4, 5, 0, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("next %v, want %v", got, want)
	}
}

func TestEveryIsExactBelowASecond(t *testing.T) {
	s, err := parseSchedule("@every 100us", time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 1, 1, 0, 0, 0, 123, time.UTC)
	if got := s.Next(at).Sub(at); got != 100*time.Microsecond {
		t.Errorf("%v later", got)
	}
}

func TestIntervalIsTheLongestGap(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"@every 250ms": 250 * time.Millisecond, "@hourly": time.Hour, "*/15 * * * *": 15 * time.Minute, "0 8 * * 1-5": 72 * time.Hour,
		"0 0 1 * *": 31 * 24 * time.Hour,
	} {
		s, err := parseSchedule(text, time.UTC)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if got := interval(s); got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}

func TestARareSweepIsNotBlindnessByDefault(t *testing.T) {
	c := good(t, aNotifier+`sources: [{id: red, kind: interpol, sweep: "@every 6h", newest: "@every 30m"}]`, nil)
	if s := c.Sources[0]; s.BlindAfter != 12*time.Hour || s.NewestBlindAfter != 90*time.Minute {
		t.Errorf("%v, %v", s.BlindAfter, s.NewestBlindAfter)
	}
	if len(c.Warnings) != 0 {
		t.Errorf("%v", c.Warnings)
	}
}
