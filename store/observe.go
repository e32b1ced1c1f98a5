package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"tocsin"
)

// Look is one reading of a source, as it is kept.
type Look struct {
	Source       string
	N            int64 // its number within the source
	Kind         tocsin.LookKind
	Began, Ended time.Time
	Complete     bool
	Exact        bool
	Listed, Seen int
	Requests     int
	Cause        tocsin.Cause
	Why          string
	Record       string    // evidence: of a complete sweep, the ids that it saw
	DataAt       time.Time // of a versioned list: from when its data was
}

// Observation is all that one look at one source leaves behind.
type Observation struct {
	Was        int64  // number of the look it was computed after
	Revision   string // the watchlist's revision it was matched against
	Source     Source // the source's row from now on
	Held       []tocsin.Held
	Moves      []CaseMove // made before the events are put into their cases
	Looks      []Look
	Events     []NewEvent
	Scores     []CaseScore
	Stories    []Story
	Tellings   []Telling
	DropLeaves bool // the sweep is over: forget its parts
}

// Observe commits an observation: notices, looks, the source's row, cases,
// events and what they owe, all or nothing. It returns the events as they are
// stored, in the order given. ErrStale: the source's last look is not Was, or
// the watchlist's revision is another one. Nothing was written then.
func (s *Store) Observe(ctx context.Context, o Observation) (stored []tocsin.Event, err error) {
	err = s.write(ctx, "keeping a look", func(t *tx) error {
		var look int64
		err := t.row(`SELECT look FROM source WHERE id = $1`, o.Source.ID).Scan(&look)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if look != o.Was {
			return ErrStale
		}
		if err := t.revisionIs(o.Revision); err != nil {
			return err
		}
		if err := t.keepHeld(o.Source.ID, o.Source.Look, o.Held); err != nil {
			return err
		}
		for _, l := range o.Looks {
			if _, err := t.exec(`INSERT INTO look (source, n, kind, began, ended, complete, exact, listed, seen, requests, cause, why, record, data_at)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`, l.Source, l.N, string(l.Kind), ns(l.Began), ns(l.Ended),
				l.Complete, l.Exact, l.Listed, l.Seen, l.Requests, string(l.Cause), l.Why, l.Record, ns(l.DataAt)); err != nil {
				return err
			}
		}
		if err := t.keepSource(o.Source); err != nil {
			return err
		}
		if o.DropLeaves {
			if _, err := t.exec(`DELETE FROM leaf WHERE source = $1`, o.Source.ID); err != nil {
				return err
			}
		}
		if err := t.keepStories(o.Stories, o.Tellings); err != nil {
			return err
		}
		if err := t.keepScores(o.Scores); err != nil {
			return err
		}
		if err := t.moveCases(o.Source.ID, o.Moves); err != nil {
			return err
		}
		stored, err = t.record(o.Events)
		return err
	})
	if err != nil {
		return nil, err
	}
	return stored, nil
}

// Screening is what a new revision of the watchlist leaves behind.
type Screening struct {
	Was, Now string   // revisions
	People   []Person // whose rows change
	Cases    []NewCase
	Scores   []CaseScore
	Events   []NewEvent
}

// Screen puts a revision of the watchlist in force, with what it found in all
// that is held, all or nothing. It returns the events as they are stored.
// ErrStale: the revision in force is not Was; nothing was written.
func (s *Store) Screen(ctx context.Context, x Screening) (stored []tocsin.Event, err error) {
	err = s.write(ctx, "keeping the watchlist's revision", func(t *tx) error {
		if err := t.revisionIs(x.Was); err != nil {
			return err
		}
		if err := setMeta(t, "revision", x.Now); err != nil {
			return err
		}
		for _, p := range x.People {
			if _, err := t.exec(`INSERT INTO person (id, fingerprint, screened, removed_at) VALUES ($1, $2, $3, $4)
				ON CONFLICT (id) DO UPDATE SET fingerprint = excluded.fingerprint, screened = excluded.screened, removed_at = excluded.removed_at`,
				p.ID, p.Fingerprint, p.Screened, ns(p.RemovedAt)); err != nil {
				return err
			}
		}
		for _, c := range x.Cases {
			if err := t.openSilently(c); err != nil {
				return err
			}
		}
		if err := t.keepScores(x.Scores); err != nil {
			return err
		}
		stored, err = t.record(x.Events)
		return err
	})
	if err != nil {
		return nil, err
	}
	return stored, nil
}

func (t *tx) revisionIs(want string) error {
	have, err := meta(t.ctx, t, "revision")
	if err == nil && have != want {
		err = ErrStale
	}
	return err
}

func (t *tx) keepSource(x Source) error {
	_, err := t.exec(`INSERT INTO source (`+sourceColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)
		ON CONFLICT (id) DO UPDATE SET look = excluded.look, plan = excluded.plan, validators = excluded.validators, began = excluded.began,
			last_look = excluded.last_look, last_complete = excluded.last_complete, newest_at = excluded.newest_at,
			first_done = excluded.first_done, listed = excluded.listed, seen = excluded.seen, requests = excluded.requests,
			details = excluded.details, unreachable = excluded.unreachable, complete = excluded.complete, cause = excluded.cause,
			why = excluded.why, outage_n = excluded.outage_n, outage_since = excluded.outage_since,
			next_try = excluded.next_try, failed = excluded.failed, tries = excluded.tries,
			asked_on = excluded.asked_on, asked = excluded.asked, version = excluded.version, data_at = excluded.data_at`,
		x.ID, x.Look, x.Plan, x.Validators, ns(x.Began), ns(x.LastLook), ns(x.LastComplete), ns(x.NewestAt), x.FirstDone, x.Listed, x.Seen,
		x.Requests, x.Details, x.Unreachable, x.Complete, string(x.Cause), x.Why, x.OutageN, ns(x.OutageSince),
		ns(x.NextTry), x.Failed, x.Tries, ns(x.AskedOn), x.Asked, x.Version, ns(x.DataAt))
	return err
}
