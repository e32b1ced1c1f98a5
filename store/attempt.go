package store

import (
	"context"
	"database/sql"
	"time"
)

// LastTried is when a notifier last tried to send a message; the zero time if it
// never did. A process that died then may have sent it later than that.
func (s *Store) LastTried(ctx context.Context, notifier string) (at time.Time, err error) {
	var tried sql.NullInt64
	err = s.one(ctx, `SELECT max(tried_at) FROM message WHERE notifier = $1`, []any{notifier}, &tried)
	if err == nil && tried.Valid {
		err = stamp{&at}.Scan(tried.Int64)
	}
	return at, s.explain("reading the last attempt", err)
}

// Recall makes due now what a notifier was to try again, or look for, later than
// a time: the clock by which it was put off was wrong.
func (s *Store) Recall(ctx context.Context, notifier string, later time.Time) error {
	return s.write(ctx, "recalling messages", func(t *tx) error {
		_, err := t.exec(`UPDATE message SET due = $1 WHERE notifier = $2 AND state IN ('sending', 'unknown', 'retry') AND due > $3`, ns(t.now), notifier, ns(later))
		return err
	})
}

// Lose notes that an accepted message is no longer where it was: it is brought
// up to date no more, nothing goes under it, and its case begins a new one with
// what happens next. ErrFenced: the lease is not held. ErrNoMessage: there is no
// such message.
func (s *Store) Lose(ctx context.Context, l Lease, id string) error {
	return s.write(ctx, "losing a message", func(t *tx) error {
		if err := t.holds(l); err != nil {
			return err
		}
		n, err := t.exec(`UPDATE message SET kind = 'lost', behind = 0 WHERE id = $1`, id)
		if err == nil && n == 0 {
			err = ErrNoMessage
		}
		return err
	})
}

// EndDigests has a notifier's digests that end later than now end now, in their
// order: the clock by which they ended was wrong, and the next is not to wait
// for it.
func (s *Store) EndDigests(ctx context.Context, notifier string, now time.Time) error {
	return s.write(ctx, "ending digests", func(t *tx) error {
		var untils []int64
		err := each(ctx, t, `SELECT until FROM digest WHERE notifier = $1 AND until > $2 ORDER BY until`, []any{notifier, ns(now)}, func(r *sql.Rows) error {
			var until int64
			err := r.Scan(&until)
			untils = append(untils, until)
			return err
		})
		if err != nil {
			return err
		}
		for i, until := range untils {
			end := ns(now) - int64(len(untils)-1-i) // no two end together
			if _, err := t.exec(`UPDATE digest SET until = $1, since = CASE WHEN since < $1 THEN since ELSE $1 END WHERE notifier = $2 AND until = $3`, end, notifier, until); err != nil {
				return err
			}
		}
		return nil
	})
}
