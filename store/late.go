package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"tocsin"
)

// Overdue reads what a notifier was owed before a time and has not taken, of
// what must not be late: events at alert tier, blind and undelivered. Those that
// Hasten was told of are left out. Oldest first, at most limit.
func (s *Store) Overdue(ctx context.Context, notifier string, before time.Time, limit int) (out []tocsin.Event, err error) {
	err = each(ctx, s.r, `SELECT `+eventColumns+` FROM delivery d JOIN event e ON e.id = d.event
		WHERE d.notifier = $1 AND d.state = 'pending' AND d.due <= $2 AND (e.tier = 'alert' OR e.kind IN ('blind', 'undelivered'))
		AND NOT EXISTS (SELECT 1 FROM late l WHERE l.event = e.id AND l.notifier = $1) ORDER BY e.seq LIMIT $3`,
		[]any{notifier, ns(before), limit}, func(r *sql.Rows) error {
			e, err := scanEvent(r)
			out = append(out, e)
			return err
		})
	return out, s.explain("reading what is late", err)
}

// ownDelivery and dismissed are reasons to skip a delivery that being late
// elsewhere does not lift.
const (
	ownDelivery = "its own delivery"
	dismissed   = "dismissed"
)

// Hasten notes that events are late at a notifier, once for each, and owes them
// to the others at once: what waits there for an hour waits no longer, and what
// a filter left out is owed all the same. What was taken there, given up, or
// skipped because the case was dismissed stays as it is. All or nothing. It
// returns the ids of those that were noted now.
func (s *Store) Hasten(ctx context.Context, notifier string, events, others []string) (noted []string, err error) {
	err = s.write(ctx, "owing what is late to others", func(t *tx) error {
		noted = nil
		for _, e := range events {
			n, err := t.exec(`INSERT INTO late (event, notifier, at) SELECT event, notifier, $1 FROM delivery
				WHERE event = $2 AND notifier = $3 AND state = 'pending' ON CONFLICT (event, notifier) DO NOTHING`, ns(t.now), e, notifier)
			if err != nil {
				return err
			}
			if n == 0 {
				continue // taken meanwhile
			}
			noted = append(noted, e)
			for _, o := range others {
				if err := t.hasten(e, o); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return noted, nil
}

func (t *tx) hasten(event, notifier string) error {
	var state, why string
	err := t.row(`SELECT state, why FROM delivery WHERE event = $1 AND notifier = $2`, event, notifier).Scan(&state, &why)
	switch {
	case errors.Is(err, sql.ErrNoRows): // it was configured later
		_, err = t.exec(`INSERT INTO delivery (event, notifier, ord, state, at, attempts, why, due, message)
			SELECT $1, $2, coalesce(max(ord), 0) + 1, 'pending', 0, 0, '', $3, NULL FROM delivery WHERE event = $1`, event, notifier, ns(t.now))
	case err != nil:
	case state == string(tocsin.Pending):
		_, err = t.exec(`UPDATE delivery SET due = $1 WHERE event = $2 AND notifier = $3 AND message IS NULL AND due > $1`, ns(t.now), event, notifier)
	case state == string(tocsin.Skipped) && why != ownDelivery && why != dismissed:
		_, err = t.exec(`UPDATE delivery SET state = 'pending', at = 0, why = '', due = $1 WHERE event = $2 AND notifier = $3`, ns(t.now), event, notifier)
	}
	return err
}
