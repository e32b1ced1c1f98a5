package store

import (
	"context"
	"database/sql"
	"time"
)

// Digest is the period of one digest: later than Since, up to Until.
type Digest struct {
	Notifier     string
	Since, Until time.Time
	Message      string // "" where there was nothing to say, and for the beginning of all
}

func (s *Store) digest(ctx context.Context, rest string, arg any) (d Digest, ok bool, err error) {
	err = s.one(ctx, `SELECT notifier, since, until, message FROM digest `+rest, []any{arg},
		&d.Notifier, stamp{&d.Since}, stamp{&d.Until}, text[string]{&d.Message})
	if err == sql.ErrNoRows {
		return Digest{}, false, nil
	}
	return d, err == nil, s.explain("reading a digest", err)
}

// LastDigest is a notifier's last one; false: there was none, not even a
// beginning.
func (s *Store) LastDigest(ctx context.Context, notifier string) (Digest, bool, error) {
	return s.digest(ctx, `WHERE notifier = $1 ORDER BY until DESC LIMIT 1`, notifier)
}

// DigestOf is the digest that a message tells; false: none.
func (s *Store) DigestOf(ctx context.Context, message string) (Digest, bool, error) {
	return s.digest(ctx, `WHERE message = $1`, message)
}

// BeginDigests has a notifier's first digest begin at a time, unless it has had
// one.
func (s *Store) BeginDigests(ctx context.Context, notifier string, at time.Time) error {
	return s.write(ctx, "beginning digests", func(t *tx) error {
		_, err := t.exec(`INSERT INTO digest (notifier, until, since, message) SELECT $1, $2, $2, NULL
			WHERE NOT EXISTS (SELECT 1 FROM digest WHERE notifier = $1)`, notifier, ns(at))
		return err
	})
}

// OpenDigest writes a digest down with its message, of the given kind, and puts
// the events into that: from then on it is the message that has to be sent, with
// Claim. Without send there is no message: the digest is passed over. Doing it
// for a period that has had one is ErrTaken.
func (s *Store) OpenDigest(ctx context.Context, l Lease, d Digest, kind string, events []string, send bool) (m Message, err error) {
	err = s.write(ctx, "opening a digest", func(t *tx) error {
		if err := t.holds(l); err != nil {
			return err
		}
		if send {
			id, err := t.newMessage(Message{Notifier: d.Notifier, Kind: kind, Events: events})
			if err != nil {
				return err
			}
			if m, err = t.message(id); err != nil {
				return err
			}
		}
		n, err := t.exec(`INSERT INTO digest (notifier, until, since, message) VALUES ($1, $2, $3, $4) ON CONFLICT (notifier, until) DO NOTHING`,
			d.Notifier, ns(d.Until), ns(d.Since), orNull(m.ID))
		if err == nil && n == 0 {
			err = ErrTaken
		}
		return err
	})
	if err != nil {
		return Message{}, err
	}
	return m, nil
}

// Reschedule makes due at a time what a notifier is owed later than now, what is
// at review tier at a time of its own: its hours may have been changed since, or it
// has none any more. What was put off to the day's end because there was too much
// of it (Event.Many) still waits for that.
func (s *Store) Reschedule(ctx context.Context, notifier string, now, due, weak time.Time) error {
	return s.write(ctx, "rescheduling deliveries", func(t *tx) error {
		var wait []string
		err := each(t.ctx, t, `SELECT `+eventColumns+` FROM event e JOIN delivery d ON d.event = e.id
			WHERE d.notifier = $1 AND d.state = 'pending' AND d.message IS NULL AND d.due >= $2 AND d.due <= $3`, []any{notifier, ns(due), ns(now.Add(longestDay))}, func(r *sql.Rows) error {
			e, err := scanEvent(r)
			if e.Many {
				wait = append(wait, e.ID)
			}
			return err
		})
		if err != nil {
			return err
		}
		others, args := list([]any{ns(due), notifier, ns(now), ns(weak)}, wait)
		_, err = t.exec(`UPDATE delivery SET due = CASE WHEN EXISTS (SELECT 1 FROM event e WHERE e.id = delivery.event AND e.tier = 'review') THEN CAST($4 AS BIGINT) ELSE CAST($1 AS BIGINT) END
			WHERE notifier = $2 AND state = 'pending' AND message IS NULL AND due > $3 AND event NOT IN `+others, args...)
		return err
	})
}

// longestDay is one in which clocks are set back an hour: the day's end is never
// further away.
const longestDay = 25 * time.Hour

// Unshown is one case of an accepted gathered message that has no message of
// its own under that yet.
type Unshown struct{ Message, Case string }

// Unshown reads the cases, at most limit, of a notifier's gathered messages, and of
// its lists of more than one case, that are younger than since and carry at most most events.
func (s *Store) Unshown(ctx context.Context, notifier string, since time.Time, most, limit int) (out []Unshown, err error) {
	err = each(ctx, s.r, `SELECT m.id, e.case_id FROM message m JOIN delivery d ON d.message = m.id JOIN event e ON e.id = d.event
		WHERE m.notifier = $1 AND m.kind IN ('gathered', 'list') AND m.state = 'sent' AND m.created_at > $2 AND e.case_id IS NOT NULL
		AND (m.kind = 'gathered' OR EXISTS (SELECT 1 FROM delivery x WHERE x.message = m.id AND x.event <> e.id)
			OR EXISTS (SELECT 1 FROM message i WHERE i.parent = m.id AND i.kind = 'item'))
		AND (SELECT count(*) FROM delivery x WHERE x.message = m.id) <= $3
		AND NOT EXISTS (SELECT 1 FROM message i WHERE i.case_id = e.case_id AND i.notifier = m.notifier AND i.parent = m.id)
		GROUP BY m.id, e.case_id ORDER BY m.created_at, min(e.seq) LIMIT $4`, []any{notifier, ns(since), most, limit}, func(r *sql.Rows) error {
		var u Unshown
		err := r.Scan(&u.Message, &u.Case)
		out = append(out, u)
		return err
	})
	return out, s.explain("reading cases to be shown", err)
}
