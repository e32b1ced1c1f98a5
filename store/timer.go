package store

import (
	"context"
	"database/sql"
	"time"

	"tocsin"
)

// TimerKind is what a timer says at its time.
type TimerKind string

const (
	TimerCall   TimerKind = "call"   // nobody has the case, or nobody has warned the person
	TimerLast   TimerKind = "last"   // the same, through another notifier: nobody came
	TimerArrest TimerKind = "arrest" // what to do now that the person was arrested
	TimerRemind TimerKind = "remind" // what somebody asked to be reminded of
	TimerDates  TimerKind = "dates"  // the Commission should have decided by now
)

// Timer is something that is to be said about a case at its time, in one
// notifier's channel, unless it is not so any more by then.
type Timer struct {
	ID       int64
	Kind     TimerKind
	Phase    string // of a call: the caller's word for what nobody has done
	Notifier string
	Case     string
	Under    string          // the message in whose thread, "" for the case's own
	At       time.Time       // of the message or the decision that it comes from
	Since    time.Time       // what it counts from
	N        int             // of a call: how many there were before it
	Called   time.Time       // of a call: when the last of those was made
	Due      time.Time       // the zero time: it sleeps until something is decided about the case
	Decision tocsin.Decision // that it comes from; the zero value: none
	Message  string          // that it became, "" not yet
}

const timerColumns = `t.id, t.kind, t.phase, t.notifier, t.case_id, t.under, t.at, t.since, t.n, t.called, t.due, t.message, coalesce(d.seq, 0), coalesce(d.action, ''),
	coalesce(d.who, ''), coalesce(d.assignee, ''), coalesce(d.note, ''), coalesce(d.at, 0), coalesce(d.about, 0), coalesce(d.second, 0)`

func (s *Store) timers(ctx context.Context, rest string, args ...any) (out []Timer, err error) {
	err = each(ctx, s.r, `SELECT `+timerColumns+` FROM timer t LEFT JOIN decision d ON d.seq = t.decision `+rest, args, func(r *sql.Rows) error {
		var t Timer
		err := r.Scan(append([]any{&t.ID, text[TimerKind]{&t.Kind}, &t.Phase, &t.Notifier, &t.Case, &t.Under, stamp{&t.At}, stamp{&t.Since}, &t.N,
			stamp{&t.Called}, stamp{&t.Due}, text[string]{&t.Message}}, decisionFields(&t.Decision)...)...)
		out = append(out, t)
		return err
	})
	return out, s.explain("reading timers", err)
}

// DueTimers reads what is due to be said through a notifier, the longest due
// first, at most limit.
func (s *Store) DueTimers(ctx context.Context, notifier string, now time.Time, limit int) ([]Timer, error) {
	return s.timers(ctx, `WHERE t.notifier = $1 AND t.message IS NULL AND t.due > 0 AND t.due <= $2 ORDER BY t.due, t.id LIMIT $3`, notifier, ns(now), limit)
}

// TimerDue reports whether something is due to be said through a notifier.
func (s *Store) TimerDue(ctx context.Context, notifier string, now time.Time) (bool, error) {
	due, err := s.DueTimers(ctx, notifier, now, 1)
	return len(due) > 0, err
}

// TimersOf reads the timers that a message tells of, in the order in which they
// were made.
func (s *Store) TimersOf(ctx context.Context, message string) ([]Timer, error) {
	return s.timers(ctx, `WHERE t.message = $1 ORDER BY t.id`, message)
}

// Ring puts timers into a message that is to be sent, with Claim, and sets those
// that follow from it, in one transaction. Of those that are in a message already
// none is put into another: ErrTaken. ErrFenced: the lease is not held.
func (s *Store) Ring(ctx context.Context, l Lease, m Message, timers, next []Timer) (rung Message, err error) {
	err = s.write(ctx, "putting timers into a message", func(t *tx) error {
		if err := t.holds(l); err != nil {
			return err
		}
		id, err := t.newMessage(m)
		if err != nil {
			return err
		}
		for _, x := range timers {
			n, err := t.exec(`UPDATE timer SET phase = $1, since = $2, n = $3, message = $4 WHERE id = $5 AND message IS NULL`, x.Phase, ns(x.Since), x.N, id, x.ID)
			if err != nil {
				return err
			}
			if n == 0 {
				return ErrTaken
			}
		}
		for _, x := range next {
			if err := t.setTimer(x); err != nil {
				return err
			}
		}
		rung, err = t.message(id)
		return err
	})
	if err != nil {
		return Message{}, err
	}
	return rung, nil
}

// Rest keeps what timers have found out, and when they are due next, for those
// that are in no message. ErrFenced: the lease is not held.
func (s *Store) Rest(ctx context.Context, l Lease, timers []Timer) error {
	if len(timers) == 0 {
		return nil
	}
	return s.write(ctx, "putting timers off", func(t *tx) error {
		if err := t.holds(l); err != nil {
			return err
		}
		for _, x := range timers {
			if _, err := t.exec(`UPDATE timer SET phase = $1, since = $2, n = $3, due = $4 WHERE id = $5 AND message IS NULL`,
				x.Phase, ns(x.Since), x.N, ns(x.Due), x.ID); err != nil {
				return err
			}
		}
		return nil
	})
}

// setTimer writes a timer. A case has one call a notifier: a new one takes the
// place of that which was not made yet.
func (t *tx) setTimer(x Timer) error {
	var decision any
	if x.Decision.Seq != 0 {
		decision = x.Decision.Seq
	}
	_, err := t.exec(`INSERT INTO timer (kind, phase, notifier, case_id, under, at, since, n, called, due, decision)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (notifier, case_id) WHERE kind = 'call' AND message IS NULL
		DO UPDATE SET phase = excluded.phase, under = excluded.under, at = excluded.at, since = excluded.since, n = excluded.n,
			called = excluded.called, due = excluded.due`,
		string(x.Kind), x.Phase, x.Notifier, x.Case, x.Under, ns(x.At), ns(x.Since), x.N, ns(x.Called), ns(x.Due), decision)
	return err
}

// decidedTimers sets what a decision has said later, takes back what one that was
// taken back had, and has the calls of the case look again.
func (t *tx) decidedTimers(c tocsin.Case, d tocsin.Decision, undone tocsin.Decision) error {
	if _, err := t.exec(`UPDATE timer SET due = $1 WHERE case_id = $2 AND kind = 'call' AND message IS NULL`, ns(t.now), c.ID); err != nil {
		return err
	}
	if undone.Seq != 0 {
		if _, err := t.exec(`UPDATE timer SET due = 0 WHERE decision = $1 AND message IS NULL`, undone.Seq); err != nil {
			return err
		}
	}
	kind, due := TimerKind(""), d.When
	switch d.Action {
	case tocsin.Remind:
		kind = TimerRemind
	case tocsin.Arrest:
		kind, due = TimerArrest, t.now
	case tocsin.Filed, tocsin.Admissible:
		kind, due = TimerDates, tocsin.CommissionDue(d.Action, c.Request, d.When)
	}
	if kind == "" || !due.After(d.At) && kind == TimerDates {
		return nil
	}
	tellers, err := t.tellers(c.ID)
	if err != nil {
		return err
	}
	for _, n := range tellers {
		if err := t.setTimer(Timer{Kind: kind, Notifier: n, Case: c.ID, At: d.At, Since: d.At, Due: due, Decision: d}); err != nil {
			return err
		}
	}
	return nil
}

// tellers are the notifiers through which a case is talked about: those where it
// has a message of its own or, if there is none, those that told of it at all.
func (t *tx) tellers(caseID string) (out []string, err error) {
	for _, query := range []string{
		`SELECT DISTINCT notifier FROM message WHERE case_id = $1 AND kind IN ('root', 'item') AND state = 'sent' ORDER BY notifier`,
		`SELECT DISTINCT d.notifier FROM event e JOIN delivery d ON d.event = e.id WHERE e.case_id = $1 AND d.state = 'sent' ORDER BY d.notifier`,
	} {
		err = each(t.ctx, t, query, []any{caseID}, func(r *sql.Rows) error {
			var n string
			err := r.Scan(&n)
			out = append(out, n)
			return err
		})
		if err != nil || len(out) > 0 {
			return out, err
		}
	}
	return nil, nil
}
