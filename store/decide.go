package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"tocsin"
)

// Decision is what somebody decided about a case.
type Decision struct {
	Case   string
	Action tocsin.Action
	By     string    // "slack:U…" or a name that the operator gave
	To     string    // with Assign: whose it is now
	Note   string    // "" for none
	At     time.Time // the zero time is now
	Key    string    // of the click or call that it came from: the same decision twice counts once; "" has none
}

// Decide appends a decision to the log and brings its case to the state that it
// leads to. It returns the case as it then is. ErrNoCase: there is no such case.
func (s *Store) Decide(ctx context.Context, d Decision) (decided tocsin.Case, err error) {
	state := d.Action.State()
	if state == "" {
		return tocsin.Case{}, fmt.Errorf("deciding: %q is not a decision", d.Action)
	}
	err = s.write(ctx, "deciding", func(t *tx) error {
		if d.At.IsZero() {
			d.At = t.now
		}
		var id string
		err := t.row(`SELECT id FROM cases WHERE id = $1`, d.Case).Scan(&id)
		if errors.Is(err, sql.ErrNoRows) {
			return ErrNoCase
		}
		if err != nil {
			return err
		}
		n, err := t.exec(`INSERT INTO decision (case_id, action, who, assignee, note, at, key) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (key) DO NOTHING`,
			d.Case, string(d.Action), d.By, d.To, d.Note, ns(d.At), orNull(d.Key))
		if err != nil {
			return err
		}
		if n > 0 {
			if _, err := t.exec(`UPDATE cases SET state = $1, who = $2, note = $3, decided_at = $4 WHERE id = $5`,
				string(state), d.By, d.Note, ns(d.At), d.Case); err != nil {
				return err
			}
			if err := t.moved(d.Case); err != nil {
				return err
			}
		}
		cs, err := cases(t.ctx, t, CaseFilter{ID: d.Case})
		if err != nil {
			return err
		}
		decided = cs[0]
		return nil
	})
	if err != nil {
		return tocsin.Case{}, err
	}
	return decided, nil
}
