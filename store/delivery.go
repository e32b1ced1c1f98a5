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
	err = s.one(ctx, `SELECT min(due) FROM (
		SELECT min(due) AS due FROM delivery WHERE notifier = $1 AND state = 'pending' AND message IS NULL
		UNION ALL
		SELECT min(due) AS due FROM message WHERE notifier = $1 AND state IN ('sending', 'unknown', 'retry')) AS open`, []any{notifier}, &due)
	if err != nil || !due.Valid {
		return time.Time{}, false, s.explain("reading what is due", err)
	}
	return next, true, stamp{&next}.Scan(due.Int64)
}

// Count is what is owed to one notifier and what was given up.
type Count struct {
	Pending int `json:"pending"`
	Failed  int `json:"failed"`
}

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

// CountDue counts what a notifier is owed by a time, in open messages too.
func (s *Store) CountDue(ctx context.Context, notifier string, now time.Time) (n int, err error) {
	err = s.one(ctx, `SELECT count(*) FROM delivery WHERE notifier = $1 AND state = 'pending' AND due <= $2`, []any{notifier, ns(now)}, &n)
	return n, s.explain("counting what is owed", err)
}

// Orphans reads what is owed to notifiers other than the given ones: the ids of
// the events, by notifier, oldest first. Alarms of undelivered events, which
// never give rise to others, are left out.
func (s *Store) Orphans(ctx context.Context, notifiers []string) (map[string][]string, error) {
	known := make(map[string]bool, len(notifiers))
	for _, n := range notifiers {
		known[n] = true
	}
	out := map[string][]string{}
	err := each(ctx, s.r, `SELECT d.notifier, d.event, e.kind FROM delivery d JOIN event e ON e.id = d.event WHERE d.state = 'pending' ORDER BY e.seq`, nil, func(r *sql.Rows) error {
		var notifier, event, kind string
		err := r.Scan(&notifier, &event, &kind)
		if !known[notifier] {
			events := out[notifier]
			if kind != string(tocsin.Undelivered) {
				events = append(events, event)
			}
			out[notifier] = events
		}
		return err
	})
	return out, s.explain("reading what nobody is there for", err)
}

// Forsake gives up all that is owed to a notifier, with the alarms that raises,
// in one transaction.
func (s *Store) Forsake(ctx context.Context, notifier, why string, alarms []NewEvent) error {
	return s.write(ctx, "giving up a notifier", func(t *tx) error {
		if _, err := t.exec(`UPDATE delivery SET state = 'failed', at = $1, why = $2 WHERE notifier = $3 AND state = 'pending'`, ns(t.now), why, notifier); err != nil {
			return err
		}
		if _, err := t.exec(`UPDATE message SET state = 'failed', why = $1, due = 0 WHERE notifier = $2 AND state IN ('sending', 'unknown', 'retry')`, why, notifier); err != nil {
			return err
		}
		_, err := t.record(alarms)
		return err
	})
}
