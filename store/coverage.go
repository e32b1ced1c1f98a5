package store

import (
	"context"
	"database/sql"
	"time"

	"tocsin"
)

// Looks reads a source's sweeps that bear on a time: those that ended in it, and
// all since the last complete one before it, up to the first complete one after
// it. They come in the order in which they were made.
func (s *Store) Looks(ctx context.Context, source string, since, until time.Time) (out []Look, err error) {
	err = each(ctx, s.r, `SELECT source, n, kind, began, ended, complete, exact, listed, seen, requests, cause, why, data_at FROM look
		WHERE source = $1 AND kind = 'sweep'
		AND n >= coalesce((SELECT max(n) FROM look WHERE source = $1 AND kind = 'sweep' AND complete = 1 AND ended <= $2), 0)
		AND n <= coalesce((SELECT min(n) FROM look WHERE source = $1 AND kind = 'sweep' AND complete = 1 AND ended >= $3), 9223372036854775807)
		ORDER BY n`, []any{source, ns(since), ns(until)}, func(r *sql.Rows) error {
		var l Look
		err := r.Scan(&l.Source, &l.N, text[tocsin.LookKind]{&l.Kind}, stamp{&l.Began}, stamp{&l.Ended}, &l.Complete, &l.Exact, &l.Listed,
			&l.Seen, &l.Requests, text[tocsin.Cause]{&l.Cause}, &l.Why, stamp{&l.DataAt})
		out = append(out, l)
		return err
	})
	return out, s.explain("reading looks", err)
}

// Outages reads a source's outages that were told of, the first first. Until is
// the zero time for one that goes on.
func (s *Store) Outages(ctx context.Context, source string) (out []tocsin.Outage, err error) {
	at := map[int]int{}
	err = each(ctx, s.r, `SELECT `+eventColumns+` FROM event e WHERE e.source = $1 AND e.notifier = '' AND e.case_id IS NULL
		AND e.kind IN ('blind', 'recovered') ORDER BY e.seq`, []any{source}, func(r *sql.Rows) error {
		e, err := scanEvent(r)
		if err != nil || e.Outage == nil {
			return err
		}
		if e.Kind == tocsin.Blind {
			at[e.Occurrence] = len(out)
			out = append(out, *e.Outage)
		} else if i, ok := at[e.Occurrence]; ok {
			out[i].Until = e.Outage.Until
		}
		return nil
	})
	return out, s.explain("reading outages", err)
}

// Flow is how one notifier's deliveries stand. Zero times are never.
type Flow struct {
	Oldest time.Time // since when the longest waiting delivery has been due
	Failed time.Time // when one was last given up and none was taken since
	Why    string    // why that was
}

// Flow reads how a notifier's deliveries stand.
func (s *Store) Flow(ctx context.Context, notifier string) (f Flow, err error) {
	err = s.read(ctx, "reading how deliveries flow", func(q querier) error {
		var due, at sql.NullInt64
		if err := q.QueryRowContext(ctx, `SELECT min(due) FROM delivery WHERE notifier = $1 AND state = 'pending'`, notifier).Scan(&due); err != nil {
			return err
		}
		if due.Valid {
			f.Oldest = time.Unix(0, due.Int64).UTC()
		}
		err := q.QueryRowContext(ctx, `SELECT at, why FROM delivery WHERE notifier = $1 AND state = 'failed' ORDER BY at DESC LIMIT 1`, notifier).
			Scan(&at, &f.Why)
		if err == sql.ErrNoRows {
			return nil
		}
		if err != nil {
			return err
		}
		var n int
		err = q.QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1 FROM delivery WHERE notifier = $1 AND state = 'sent' AND at > $2 LIMIT 1) AS taken`,
			notifier, at.Int64).Scan(&n)
		if f.Failed = time.Unix(0, at.Int64).UTC(); n > 0 {
			f.Failed, f.Why = time.Time{}, ""
		}
		return err
	})
	return f, err
}
