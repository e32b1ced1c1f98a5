package store

import "context"

// Root is the message under which a notifier's later messages about a case go:
// the first of kind "root" that was accepted. A case that was told in a gathered
// message alone has none yet.
func (s *Store) Root(ctx context.Context, notifier, caseID string) (Message, bool, error) {
	return s.oneMessage(ctx, `WHERE m.case_id = $1 AND m.notifier = $2 AND m.kind = 'root' AND m.state = 'sent' ORDER BY m.created_at, m.id`, caseID, notifier)
}

// SightMessage is the accepted message that told a notifier of a source's
// outage, by the number of the outage.
func (s *Store) SightMessage(ctx context.Context, notifier, source string, outage int) (Message, bool, error) {
	return s.oneMessage(ctx, `JOIN delivery d ON d.message = m.id JOIN event e ON e.id = d.event
		WHERE e.source = $1 AND e.notifier = '' AND e.kind = 'blind' AND e.occurrence = $2 AND e.case_id IS NULL AND d.notifier = $3 AND m.state = 'sent'`,
		source, outage, notifier)
}

// Stale reads a notifier's accepted messages that show an older revision of
// their case than there is, oldest first, at most limit. Those are messages of
// kind "root", "item" and "list"; a reply says what was true when it was sent.
func (s *Store) Stale(ctx context.Context, notifier string, limit int) ([]Message, error) {
	return s.messages(ctx, `WHERE m.notifier = $1 AND m.behind = 1 AND m.state = 'sent' AND m.ref <> '' ORDER BY m.created_at, m.id LIMIT $2`, notifier, limit)
}

// Shown writes down which revision of its case a message shows now; it never
// goes back. ErrFenced: the lease is not held. ErrNoMessage: there is no such
// message.
func (s *Store) Shown(ctx context.Context, l Lease, id string, rev int64) error {
	return s.write(ctx, "noting what a message shows", func(t *tx) error {
		if err := t.holds(l); err != nil {
			return err
		}
		n, err := t.exec(`UPDATE message SET shown_rev = CASE WHEN shown_rev < $1 THEN $1 ELSE shown_rev END WHERE id = $2`, rev, id)
		if err != nil {
			return err
		}
		if n == 0 {
			return ErrNoMessage
		}
		return t.compareShown(id)
	})
}

// compareShown marks a message that is behind its case, and unmarks one that is
// not: Stale, which is asked every second, need not compare all with all. A list
// shows as many revisions as its cases have together.
func (t *tx) compareShown(id string) error {
	_, err := t.exec(`UPDATE message SET behind = CASE
		WHEN kind IN ('root', 'item') AND EXISTS (SELECT 1 FROM cases c WHERE c.id = message.case_id AND c.rev > message.shown_rev) THEN 1
		WHEN kind = 'list' AND (SELECT coalesce(sum(c.rev), 0) FROM cases c WHERE c.id IN (`+listCases("message.id")+`)) > shown_rev THEN 1
		ELSE 0 END WHERE id = $1`, id)
	return err
}

// moved counts a case's revision up: there is something new to show.
func (t *tx) moved(caseID string) error {
	if _, err := t.exec(`UPDATE cases SET rev = rev + 1 WHERE id = $1`, caseID); err != nil {
		return err
	}
	if _, err := t.exec(`UPDATE message SET behind = 1 WHERE case_id = $1 AND kind IN ('root', 'item')`, caseID); err != nil {
		return err
	}
	return t.movedLists(caseID)
}
