package store

import (
	"context"
	"time"

	"tocsin"
)

// SourceStatus is how one source is seen, in the contract's JSON.
type SourceStatus struct {
	ID           string    `json:"id"`
	State        string    `json:"state"` // ok, partial, blind, never
	Listed       int       `json:"listed"`
	Seen         int       `json:"seen"`
	LastComplete time.Time `json:"last_complete,omitzero"`
	LastLook     time.Time `json:"last_look,omitzero"`
	Requests     int       `json:"requests"`
	Details      int       `json:"details"`
	Unconfirmed  int       `json:"unconfirmed"`
	Unreachable  int       `json:"unreachable"`
	Public       int       `json:"public"` // notices held as public
	Why          string    `json:"why,omitempty"`
	BlindSince   time.Time `json:"blind_since,omitzero"`
	NextTry      time.Time `json:"next_try,omitzero"`
	Today        int       `json:"requests_today"`             // made to its host since midnight, UTC, as far as the ledger was told
	Daily        int       `json:"requests_per_day,omitempty"` // most of them, as the configuration has it; 0: any number
	Stories      int       `json:"stories,omitempty"`          // of a feed: kept of it
	Version      string    `json:"version,omitempty"`          // of a versioned list: which was last read whole
	DataAt       time.Time `json:"data_at,omitzero"`           // and from when its data is
}

// DeliveryStatus counts what is owed and what was given up.
type DeliveryStatus struct {
	Pending int `json:"pending"`
	Failed  int `json:"failed"`
	// Notifiers has those to which something is owed or was given up.
	Notifiers map[string]Count `json:"notifiers,omitempty"`
}

// WatchlistStatus is how the watchlist file stands.
type WatchlistStatus struct {
	People int    `json:"people"`
	Error  string `json:"error,omitempty"`
}

// EvidenceStatus is how the keeping of what was served stands.
type EvidenceStatus struct {
	Error string `json:"error,omitempty"` // why nothing can be kept; alerts go on without it
}

// ButtonsStatus is how the buttons of messages stand.
type ButtonsStatus struct {
	Error string `json:"error,omitempty"` // why they cannot be pressed; "tocsin decide" does what they do
}

// TurnStatus is which of the replicas over one ledger watches.
type TurnStatus struct {
	Replica string    `json:"replica,omitempty"` // its name, from the file beside its evidence; "": none does
	Until   time.Time `json:"until,omitzero"`    // unless it is renewed, which it is every few seconds
	Here    bool      `json:"here"`              // it is the one that answers
}

// Status is what is seen, how completely, how long ago, and what is owed.
type Status struct {
	Sources    []SourceStatus  `json:"sources"`
	People     int             `json:"people"`
	Watchlist  WatchlistStatus `json:"watchlist"`
	Deliveries DeliveryStatus  `json:"deliveries"`
	Evidence   *EvidenceStatus `json:"evidence,omitempty"` // nil: nothing to say
	Buttons    *ButtonsStatus  `json:"buttons,omitempty"`  // nil: nothing to say
	Turn       *TurnStatus     `json:"turn,omitempty"`     // nil: the ledger is one process's alone
}

// Status reads how the given sources stand, in order, and what is owed.
func (s *Store) Status(ctx context.Context, sources []string, people int, watchlistError string) (Status, error) {
	st := Status{People: people, Watchlist: WatchlistStatus{people, watchlistError}, Sources: []SourceStatus{}}
	for _, id := range sources {
		row, err := s.Source(ctx, id)
		if err != nil {
			return st, err
		}
		x := SourceStatus{
			ID: id, Listed: row.Listed, Seen: row.Seen, LastComplete: row.LastComplete, LastLook: row.LastLook, Requests: row.Requests,
			Details: row.Details, Unreachable: row.Unreachable, Why: row.Why, BlindSince: row.OutageSince, NextTry: row.NextTry, State: "ok",
			Version: row.Version, DataAt: row.DataAt,
		}
		switch {
		case !row.OutageSince.IsZero():
			x.State = "blind"
		case row.LastLook.IsZero():
			x.State = "never"
		case !row.Complete:
			x.State = "partial"
		}
		if day := s.now().UTC().Truncate(24 * time.Hour); row.AskedOn.Equal(day) {
			x.Today = row.Asked
		}
		if x.Stories, err = s.Stories(ctx, id); err != nil {
			return st, err
		}
		counts, err := s.Absences(ctx, id)
		if err != nil {
			return st, err
		}
		x.Public = counts[tocsin.Public] + counts[tocsin.Missing] + counts[tocsin.Unconfirmed] + counts[tocsin.Quarantined]
		x.Unconfirmed = counts[tocsin.Unconfirmed] + counts[tocsin.Quarantined]
		st.Sources = append(st.Sources, x)
	}
	owed, err := s.Counts(ctx)
	if err != nil {
		return st, err
	}
	for _, c := range owed {
		st.Deliveries.Pending += c.Pending
		st.Deliveries.Failed += c.Failed
	}
	st.Deliveries.Notifiers = owed
	return st, nil
}
