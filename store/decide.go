package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"tocsin"
)

// Decision is what somebody decides about a case.
type Decision struct {
	Case   string
	Action tocsin.Action
	By     string    // "slack:U…" or a name that the operator gave
	To     string    // Assign: whose it is now. Filed, Admissible: which of tocsin.Requests, "" is not known
	Note   string    // "" for none
	At     time.Time // the zero time is now
	When   time.Time // Filed, Admissible: the day, at midnight UTC. Remind: the time
	Key    string    // of the press or call that it came from: the same decision twice counts once; "" has none
	// TwoPeople: at alert tier a dismissal takes a second person to agree.
	TwoPeople bool
}

// Decide appends a decision to its case's log and brings the case to where the
// log leaves it. It returns the case as it then is. ErrNoCase: there is no such
// case. ErrUndecidable: the decision lacks something. ErrNothingDecided: there is
// nothing that Undo could take back. It is written down whatever lease the context is
// under: who pressed a button cannot know which replica hears it, and the key has one
// press count once.
func (s *Store) Decide(ctx context.Context, d Decision) (decided tocsin.Case, err error) {
	err = s.write(freely(ctx), "deciding", func(t *tx) error {
		if d.At.IsZero() {
			d.At = t.now
		}
		entry := tocsin.Decision{Action: d.Action, By: d.By, To: d.To, Note: d.Note, At: d.At, When: d.When}
		if fault := entry.Fault(); fault != "" {
			return fmt.Errorf("%w: %s", ErrUndecidable, fault)
		}
		cs, err := cases(t.ctx, t, CaseFilter{ID: d.Case})
		if err != nil {
			return err
		}
		if len(cs) == 0 {
			return ErrNoCase
		}
		decided = cs[0]
		if told, err := t.keyed(d.Key); told || err != nil {
			return err
		}
		if d.Action == tocsin.Undo {
			if _, ok := tocsin.Undoable(decided.Log); !ok {
				return ErrNothingDecided
			}
		}
		entry.Second = d.TwoPeople && d.Action == tocsin.Dismiss && decided.Tier == tocsin.TierAlert
		if err := t.decided(d.Case, entry, d.Key); err != nil {
			return err
		}
		if cs, err = cases(t.ctx, t, CaseFilter{ID: d.Case}); err == nil {
			decided = cs[0]
		}
		return err
	})
	if err != nil {
		return tocsin.Case{}, err
	}
	return decided, nil
}

// Told reports whether a press or call with this key has been written down.
func (s *Store) Told(ctx context.Context, key string) (bool, error) {
	n := 0
	err := each(ctx, s.r, `SELECT 1 FROM decision WHERE key = $1`, []any{key}, func(r *sql.Rows) error { return r.Scan(&n) })
	return n > 0, s.explain("looking for a decision", err)
}

// keyed reports whether a press or call has been written down already.
func (t *tx) keyed(key string) (bool, error) {
	if key == "" {
		return false, nil
	}
	var n int
	err := t.row(`SELECT 1 FROM decision WHERE key = $1`, key).Scan(&n)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// decided adds a decision to a case's log and keeps where that leaves the case.
func (t *tx) decided(caseID string, d tocsin.Decision, key string) error {
	if err := t.row(`INSERT INTO decision (case_id, action, who, assignee, note, at, about, second, key) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING seq`,
		caseID, string(d.Action), d.By, d.To, d.Note, ns(d.At), ns(d.When), d.Second, orNull(key)).Scan(&d.Seq); err != nil {
		return err
	}
	cs, err := cases(t.ctx, t, CaseFilter{ID: caseID})
	if err != nil {
		return err
	}
	c := cs[0]
	var undone tocsin.Decision
	if d.Action == tocsin.Undo {
		undone, _ = tocsin.Undoable(c.Log[:len(c.Log)-1])
	}
	if err := t.decidedTimers(c, d, undone); err != nil {
		return err
	}
	if _, err := t.exec(`UPDATE cases SET state = $1, who = $2, note = $3, decided_at = $4 WHERE id = $5`,
		string(c.State), c.By, c.Note, ns(c.DecidedAt), caseID); err != nil {
		return err
	}
	return t.moved(caseID)
}

const decisionColumns = `d.seq, d.action, d.who, d.assignee, d.note, d.at, d.about, d.second`

func decisionFields(d *tocsin.Decision) []any {
	return []any{&d.Seq, text[tocsin.Action]{&d.Action}, &d.By, &d.To, &d.Note, stamp{&d.At}, stamp{&d.When}, &d.Second}
}

// Decided reads which cases something was decided about later than since and not
// later than until.
func (s *Store) Decided(ctx context.Context, since, until time.Time) (map[string]bool, error) {
	out := map[string]bool{}
	err := each(ctx, s.r, `SELECT DISTINCT case_id FROM decision WHERE at > $1 AND at <= $2`, []any{ns(since), ns(until)}, func(r *sql.Rows) error {
		var id string
		err := r.Scan(&id)
		out[id] = true
		return err
	})
	return out, s.explain("reading what was decided", err)
}
