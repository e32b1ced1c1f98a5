package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"tocsin"
)

// MessageState is how a message stands with its service.
type MessageState string

const (
	StateSending MessageState = "sending" // claimed; nobody has said yet what came of it
	StateSent    MessageState = "sent"
	StateRetry   MessageState = "retry"   // it did not arrive; to be tried again
	StateUnknown MessageState = "unknown" // nobody knows whether it arrived
	StateFailed  MessageState = "failed"  // given up
)

// Message is what goes out at once to one notifier. Its ID, Events and place
// are the same on every attempt.
type Message struct {
	ID        string
	Notifier  string
	Case      string // "" unless it is about one case
	Parent    string // the message it belongs under, "" for none
	Kind      string // the caller's word; "root", "item" and "list" show their cases, and are brought up to date
	State     MessageState
	Attempts  int
	TriedAt   time.Time // the last attempt
	CreatedAt time.Time
	Ref       string   // the service's own reference, once accepted
	ShownRev  int64    // the revision of the case that it shows
	Events    []string // frozen at the first claim; never nil as read
	Repeat    bool     // it may have arrived before
	Why       string   // what the last attempt met
	Due       time.Time
}

const messageColumns = `m.id, m.notifier, m.case_id, m.parent, m.kind, m.state, m.attempts, m.tried_at, m.created_at, m.ref, m.shown_rev,
	m.events, m.again, m.why, m.due`

func (m *Message) fields() []any {
	return []any{&m.ID, &m.Notifier, &m.Case, &m.Parent, &m.Kind, text[MessageState]{&m.State}, &m.Attempts, stamp{&m.TriedAt}, stamp{&m.CreatedAt},
		&m.Ref, &m.ShownRev, nested{&m.Events}, &m.Repeat, &m.Why, stamp{&m.Due}}
}

func (s *Store) messages(ctx context.Context, rest string, args ...any) (out []Message, err error) {
	err = each(ctx, s.r, `SELECT `+messageColumns+` FROM message m `+rest, args, func(r *sql.Rows) error {
		var m Message
		err := r.Scan(m.fields()...)
		out = append(out, m)
		return err
	})
	return out, s.explain("reading messages", err)
}

func (s *Store) oneMessage(ctx context.Context, rest string, args ...any) (Message, bool, error) {
	ms, err := s.messages(ctx, rest+` LIMIT 1`, args...)
	if err != nil || len(ms) == 0 {
		return Message{}, false, err
	}
	return ms[0], true, nil
}

// Messages reads messages by id, in that order; ids that are not there are
// left out.
func (s *Store) Messages(ctx context.Context, ids ...string) ([]Message, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var w where
	w.in("m.id", ids)
	ms, err := s.messages(ctx, w.String(), w.args...)
	return inOrder(ms, ids, func(m Message) string { return m.ID }), err
}

// OpenMessages reads a notifier's messages that are neither accepted nor given
// up, oldest first. One that an earlier holder of the lease left while it was
// being sent is StateUnknown: ask only while holding the lease, between attempts.
func (s *Store) OpenMessages(ctx context.Context, notifier string) ([]Message, error) {
	ms, err := s.messages(ctx, `WHERE m.notifier = $1 AND m.state IN ('sending', 'unknown', 'retry') ORDER BY m.created_at, m.id`, notifier)
	for i := range ms {
		if ms[i].State == StateSending {
			ms[i].State = StateUnknown
		}
	}
	return ms, err
}

// holds checks a lease inside the transaction that relies on it.
func (t *tx) holds(l Lease) error {
	var n int
	err := t.row(`SELECT 1 FROM lease WHERE name = $1 AND holder = $2 AND fence = $3 AND until > $4`, l.Name, l.Holder, l.Fence, ns(t.clock)).Scan(&n)
	if errors.Is(err, sql.ErrNoRows) {
		return ErrFenced
	}
	return err
}

func (t *tx) message(id string) (m Message, err error) {
	err = t.row(`SELECT `+messageColumns+` FROM message m WHERE m.id = $1`, id).Scan(m.fields()...)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNoMessage
	}
	return m, err
}

// Claim writes down that a message is about to be sent, before it is: whatever
// happens next, it is known that it was tried. Without an ID it is new, and its
// events, if it has any, are in it from now on; with one it is another attempt
// at an open message, of which only Repeat is taken from m. Each claim counts as
// an attempt of the message and of its deliveries. It returns the message as
// stored.
//
// ErrFenced: the lease is not held. ErrTaken: an event is not owed, or is in
// another message. ErrNoMessage, ErrSettled: there is no such open message.
func (s *Store) Claim(ctx context.Context, l Lease, m Message) (claimed Message, err error) {
	err = s.write(ctx, "claiming a message", func(t *tx) error {
		if err := t.holds(l); err != nil {
			return err
		}
		id := m.ID
		if id == "" {
			if id, err = t.newMessage(m); err != nil {
				return err
			}
		}
		if claimed, err = t.message(id); err != nil {
			return err
		}
		if !claimed.open() {
			return ErrSettled
		}
		claimed.State, claimed.TriedAt, claimed.Due = StateSending, t.now, t.now
		claimed.Attempts++
		claimed.Repeat = claimed.Repeat || m.Repeat
		if _, err := t.exec(`UPDATE message SET state = $1, attempts = $2, tried_at = $3, again = $4, due = $3 WHERE id = $5`,
			string(claimed.State), claimed.Attempts, ns(t.now), claimed.Repeat, id); err != nil {
			return err
		}
		_, err = t.exec(`UPDATE delivery SET attempts = attempts + 1 WHERE message = $1`, id)
		return err
	})
	if err != nil {
		return Message{}, err
	}
	return claimed, nil
}

func (m Message) open() bool {
	return m.State == StateSending || m.State == StateRetry || m.State == StateUnknown
}

// newMessage writes a message's row and puts its events in it.
func (t *tx) newMessage(m Message) (string, error) {
	id := newID("m_")
	if m.Events == nil {
		m.Events = []string{}
	}
	told, err := t.mayBeTold(m.Events)
	if err != nil {
		return "", err
	}
	m.Repeat = m.Repeat || told
	events, err := jsonText(m.Events)
	if err != nil {
		return "", err
	}
	if _, err := t.exec(`INSERT INTO message (id, notifier, case_id, parent, kind, state, attempts, tried_at, created_at, ref, shown_rev, events, again, why, due, behind)
		VALUES ($1, $2, $3, $4, $5, $6, 0, 0, $7, '', 0, $8, $9, '', $7, 0)`,
		id, m.Notifier, m.Case, m.Parent, m.Kind, string(StateSending), ns(t.now), events, m.Repeat); err != nil {
		return "", err
	}
	for _, e := range m.Events {
		n, err := t.exec(`UPDATE delivery SET message = $1 WHERE event = $2 AND notifier = $3 AND state = 'pending' AND message IS NULL`, id, e, m.Notifier)
		if err != nil {
			return "", err
		}
		if n == 0 {
			return "", fmt.Errorf("event %s: %w", e, ErrTaken)
		}
	}
	return id, nil
}

// Settlement is what came of an attempt.
type Settlement struct {
	State    MessageState // any but StateSending
	Ref      string       // sent: the service's own reference, "" if it gives none
	ShownRev int64        // sent: the revision of the case that it shows
	At       time.Time    // the zero time is now
	Why      string       // not sent: what was met, without names or secrets
	Due      time.Time    // retry, unknown: when to see to it again
	Events   []NewEvent   // failed: the alarms that it raises
	Timers   []Timer      // sent: what follows from it at a time
}

// Settle writes what came of an attempt at an open message: its deliveries are
// sent, given up (with the alarms that raises, in the same transaction), or stay
// owed. To settle again what is sent or failed already is nothing if it says the
// same, and ErrSettled if not. ErrFenced: the lease is not held. ErrNoMessage:
// there is no such message.
func (s *Store) Settle(ctx context.Context, l Lease, id string, x Settlement) error {
	return s.write(ctx, "settling a message", func(t *tx) error {
		if err := t.holds(l); err != nil {
			return err
		}
		m, err := t.message(id)
		if err != nil {
			return err
		}
		if !m.open() {
			if m.State == x.State && (x.State == StateFailed || m.Ref == x.Ref) {
				return nil
			}
			return ErrSettled
		}
		if x.At.IsZero() {
			x.At = t.now
		}
		state, at := tocsin.Pending, time.Time{}
		switch x.State {
		case StateSent:
			state, at, x.Why, x.Due, x.Events = tocsin.Sent, x.At, "", time.Time{}, nil
		case StateFailed:
			state, at, x.Ref, x.ShownRev, x.Due, x.Timers = tocsin.Failed, x.At, "", 0, time.Time{}, nil
		case StateRetry, StateUnknown:
			x.Ref, x.ShownRev, x.Events, x.Timers = "", 0, nil, nil
		default:
			return fmt.Errorf("%q is nothing that an attempt can come to", x.State)
		}
		if _, err := t.exec(`UPDATE message SET state = $1, ref = $2, shown_rev = $3, why = $4, due = $5 WHERE id = $6`,
			string(x.State), x.Ref, x.ShownRev, x.Why, ns(x.Due), id); err != nil {
			return err
		}
		if err := t.compareShown(id); err != nil {
			return err
		}
		if m.Kind == "item" && x.State == StateSent { // the list above it has one case more
			if err := t.movedLists(m.Case); err != nil {
				return err
			}
		}
		if _, err := t.exec(`UPDATE delivery SET state = $1, at = $2, why = $3 WHERE message = $4`, string(state), ns(at), x.Why, id); err != nil {
			return err
		}
		for _, y := range x.Timers {
			if err := t.setTimer(y); err != nil {
				return err
			}
		}
		_, err = t.record(x.Events)
		return err
	})
}
