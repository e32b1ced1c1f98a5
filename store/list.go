package store

import (
	"context"
	"database/sql"
	"time"
)

// A message of kind "list" tells of several cases at once, those of its events and
// those that joined it: each of them by a message of kind "item" under it, which
// carries its own event. It is brought up to date whenever one of its cases moves.

// listCases are the cases of a list, as SQL for the message $1 (or a column).
func listCases(message string) string {
	return `SELECT e.case_id FROM delivery d JOIN event e ON e.id = d.event WHERE d.message = ` + message + ` AND e.case_id IS NOT NULL
		UNION SELECT i.case_id FROM message i WHERE i.parent = ` + message + ` AND i.kind = 'item' AND i.state = 'sent'`
}

// Listed is a case of a list with the event by which it came there.
type Listed struct{ Case, Event string }

// ListOf reads the cases of a list in the order in which they came, each once.
func (s *Store) ListOf(ctx context.Context, message string) (out []Listed, err error) {
	seen := map[string]bool{}
	err = each(ctx, s.r, `SELECT e.case_id, e.id FROM message m JOIN delivery d ON d.message = m.id JOIN event e ON e.id = d.event
		WHERE e.case_id IS NOT NULL AND (m.id = $1 OR m.parent = $1 AND m.kind = 'item' AND m.state = 'sent') ORDER BY e.seq`, []any{message}, func(r *sql.Rows) error {
		var l Listed
		err := r.Scan(&l.Case, &l.Event)
		if !seen[l.Case] {
			seen[l.Case] = true
			out = append(out, l)
		}
		return err
	})
	return out, s.explain("reading a list", err)
}

// OpenList is a notifier's newest list, if it was made after a time and is where
// messages can go under it, with the number of its cases; false: there is none.
func (s *Store) OpenList(ctx context.Context, notifier string, after time.Time) (m Message, cases int, ok bool, err error) {
	m, ok, err = s.oneMessage(ctx, `WHERE m.notifier = $1 AND m.kind = 'list' AND m.state = 'sent' AND m.ref <> '' AND m.created_at > $2
		ORDER BY m.created_at DESC, m.id DESC`, notifier, ns(after))
	if err != nil || !ok {
		return m, 0, false, err
	}
	listed, err := s.ListOf(ctx, m.ID)
	return m, len(listed), err == nil, err
}

// ListWith is the newest of a notifier's lists that tells of a case; false: none.
func (s *Store) ListWith(ctx context.Context, notifier, caseID string) (Message, bool, error) {
	return s.oneMessage(ctx, `WHERE m.notifier = $1 AND m.kind = 'list' AND m.state = 'sent' AND (
		m.id IN (SELECT d.message FROM event e JOIN delivery d ON d.event = e.id WHERE e.case_id = $2 AND d.notifier = $1)
		OR m.id IN (SELECT i.parent FROM message i WHERE i.case_id = $2 AND i.notifier = $1 AND i.kind = 'item' AND i.state = 'sent'))
		ORDER BY m.created_at DESC, m.id DESC`, notifier, caseID)
}

// Threads says which of some cases have something at a notifier that their later
// messages can go under: roots a message of their own (see Root), lists a list that
// tells of them (see ListWith).
func (s *Store) Threads(ctx context.Context, notifier string, cases []string) (roots, lists map[string]bool, err error) {
	roots, lists = map[string]bool{}, map[string]bool{}
	if len(cases) == 0 {
		return roots, lists, nil
	}
	in, args := list([]any{notifier}, cases)
	into := func(found map[string]bool) func(*sql.Rows) error {
		return func(r *sql.Rows) error {
			var id string
			err := r.Scan(&id)
			found[id] = true
			return err
		}
	}
	err = each(ctx, s.r, `SELECT case_id FROM message WHERE notifier = $1 AND kind = 'root' AND state = 'sent' AND case_id IN `+in, args, into(roots))
	if err == nil {
		err = each(ctx, s.r, `SELECT e.case_id FROM event e JOIN delivery d ON d.event = e.id JOIN message m ON m.id = d.message
			WHERE d.notifier = $1 AND m.kind = 'list' AND m.state = 'sent' AND e.case_id IN `+in+`
			UNION SELECT i.case_id FROM message i JOIN message m ON m.id = i.parent
			WHERE i.notifier = $1 AND i.kind = 'item' AND i.state = 'sent' AND m.kind = 'list' AND m.state = 'sent' AND i.case_id IN `+in, args, into(lists))
	}
	return roots, lists, s.explain("reading what cases stand in", err)
}

// movedLists marks the lists that tell of a case: there is something new to show.
func (t *tx) movedLists(caseID string) error {
	_, err := t.exec(`UPDATE message SET behind = 1 WHERE kind = 'list' AND (
		id IN (SELECT d.message FROM event e JOIN delivery d ON d.event = e.id WHERE e.case_id = $1)
		OR id IN (SELECT i.parent FROM message i WHERE i.case_id = $1 AND i.kind = 'item'))`, caseID)
	return err
}
