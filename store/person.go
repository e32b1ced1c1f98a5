package store

import (
	"context"
	"database/sql"
	"time"
)

// Person is what is kept of an entry of the watchlist: never a name.
type Person struct {
	ID, Fingerprint string
	Screened        string    // the revision at which it was screened last
	RemovedAt       time.Time // zero: it is watched
}

// Persons reads everybody who is or was watched, by id.
func (s *Store) Persons(ctx context.Context) (map[string]Person, error) {
	out := map[string]Person{}
	err := each(ctx, s.r, `SELECT id, fingerprint, screened, removed_at FROM person`, nil, func(r *sql.Rows) error {
		var p Person
		err := r.Scan(&p.ID, &p.Fingerprint, &p.Screened, stamp{&p.RemovedAt})
		out[p.ID] = p
		return err
	})
	return out, s.explain("reading the people", err)
}

// Revision is the watchlist's revision in force, "" before the first.
func (s *Store) Revision(ctx context.Context) (string, error) { return s.Meta(ctx, "revision") }

// LastSeq is the highest sequence number of an event, 0 if there is none.
func (s *Store) LastSeq(ctx context.Context) (n int64, err error) {
	err = s.one(ctx, `SELECT coalesce(max(seq), 0) FROM event`, nil, &n)
	return n, s.explain("reading the last event", err)
}
