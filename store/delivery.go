package store

import (
	"context"
	"database/sql"
	"time"

	"tocsin"
)

// Owed is an event that one notifier has yet to be sent.
type Owed struct {
	Event tocsin.Event // without its Deliveries
	Due   time.Time
}

// Owed reads what is owed to a notifier, due by now and in no open message, at
// most limit: what is at alert tier or about sight first, then the oldest.
func (s *Store) Owed(ctx context.Context, notifier string, now time.Time, limit int) (out []Owed, err error) {
	err = each(ctx, s.r, `SELECT `+eventColumns+`, d.due FROM delivery d JOIN event e ON e.id = d.event
		WHERE d.notifier = $1 AND d.state = 'pending' AND d.message IS NULL AND d.due <= $2
		ORDER BY CASE WHEN e.tier = 'review' THEN 1 ELSE 0 END, e.seq LIMIT $3`, []any{notifier, ns(now), limit}, func(r *sql.Rows) error {
		var o Owed
		o.Event, err = scanEvent(r, stamp{&o.Due})
		out = append(out, o)
		return err
	})
	return out, s.explain("reading what is owed", err)
}

// NextDue is when something is next due for a notifier: an event that is owed,
// or an open message that is to be tried again or looked for. false: nothing is.
// The zero time with true is at once.
func (s *Store) NextDue(ctx context.Context, notifier string) (next time.Time, some bool, err error) {
	var due sql.NullInt64
	err = s.r.QueryRowContext(ctx, numbered(`SELECT min(due) FROM (
		SELECT min(due) AS due FROM delivery WHERE notifier = $1 AND state = 'pending' AND message IS NULL
		UNION ALL
		SELECT min(due) AS due FROM message WHERE notifier = $1 AND state IN ('sending', 'unknown', 'retry')) AS open`), notifier).Scan(&due)
	if err != nil || !due.Valid {
		return time.Time{}, false, s.explain("reading what is due", err)
	}
	return next, true, stamp{&next}.Scan(due.Int64)
}

// Count is what is owed to one notifier and what was given up.
type Count struct{ Pending, Failed int }

// Counts gives a Count for each notifier that has either.
func (s *Store) Counts(ctx context.Context) (map[string]Count, error) {
	out := map[string]Count{}
	// Two queries, each answered from the index of its few rows.
	err := each(ctx, s.r, `SELECT notifier, count(*), 0 FROM delivery WHERE state = 'pending' GROUP BY notifier
		UNION ALL SELECT notifier, 0, count(*) FROM delivery WHERE state = 'failed' GROUP BY notifier`, nil, func(r *sql.Rows) error {
		var id string
		var c Count
		err := r.Scan(&id, &c.Pending, &c.Failed)
		c.Pending += out[id].Pending
		c.Failed += out[id].Failed
		out[id] = c
		return err
	})
	return out, s.explain("counting deliveries", err)
}
