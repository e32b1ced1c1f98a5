package store

import (
	"database/sql"
	"encoding/json"
	"fmt"
)

// mayBeTold reports whether some event may have reached people before the ledger
// was restored: it was owed then, or it rests on a look that reaches back into
// the Gap. Its message says so.
func (t *tx) mayBeTold(events []string) (bool, error) {
	text, err := meta(t.ctx, t, MetaRestored)
	if err != nil || text == "" || len(events) == 0 {
		return false, err
	}
	var g Gap
	if err := json.Unmarshal([]byte(text), &g); err != nil {
		return false, fmt.Errorf("reading when the ledger was restored: %w", err)
	}
	var w where
	w.in("e.id", events)
	told := false
	err = each(t.ctx, t, `SELECT `+eventColumns+` FROM event e`+w.String(), w.args, func(r *sql.Rows) error {
		e, err := scanEvent(r)
		told = told || e.Seq <= g.LastSeq || e.Window != nil && e.Window.After.Before(g.Until)
		return err
	})
	return told, err
}
