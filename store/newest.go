package store

import (
	"context"
	"database/sql"
	"time"
)

// Answered is a time in which a source's newest page was answered each time that
// it was due: from the first of these answers to the last.
type Answered struct {
	Since, Until time.Time
}

// KeepAnswered keeps a span of a source. One that began at the same time is
// replaced: it has grown.
func (s *Store) KeepAnswered(ctx context.Context, source string, a Answered) error {
	return s.quietly(ctx, "keeping when the newest page was answered", func(t *tx) error {
		_, err := t.exec(`INSERT INTO newest (source, since, until) VALUES ($1, $2, $3)
			ON CONFLICT (source, since) DO UPDATE SET until = excluded.until`, source, ns(a.Since), ns(a.Until))
		return err
	})
}

// Answered reads a source's spans that reach into the time from since to until,
// and the one before them, the first first. began is when the first of all began,
// the zero time if there is none: of what was before, nothing is known.
func (s *Store) Answered(ctx context.Context, source string, since, until time.Time) (out []Answered, began time.Time, err error) {
	err = s.read(ctx, "reading when the newest page was answered", func(q querier) error {
		var first sql.NullInt64
		if err := q.QueryRowContext(ctx, `SELECT min(since) FROM newest WHERE source = $1`, source).Scan(&first); err != nil || !first.Valid {
			return err
		}
		began = time.Unix(0, first.Int64).UTC()
		return each(ctx, q, `SELECT since, until FROM newest WHERE source = $1 AND since <= $3
			AND since >= coalesce((SELECT max(since) FROM newest WHERE source = $1 AND since <= $2), 0) ORDER BY since`,
			[]any{source, ns(since), ns(until)}, func(r *sql.Rows) error {
				var a Answered
				err := r.Scan(stamp{&a.Since}, stamp{&a.Until})
				out = append(out, a)
				return err
			})
	})
	return out, began, err
}
