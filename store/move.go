package store

import (
	"database/sql"

	"tocsin"
)

// CaseMove says that a notice goes on under another id of its source.
type CaseMove struct {
	From string
	To   tocsin.NoticeRef
}

// moveCases has the cases about a source's notices go on under their new ids. A
// person who has a case under the new id already keeps both.
func (t *tx) moveCases(source string, moves []CaseMove) error {
	for _, m := range moves {
		var ids []string
		if err := each(t.ctx, t, `SELECT id FROM cases c WHERE source = $1 AND subject = $2 AND article = 0
			AND NOT EXISTS (SELECT 1 FROM cases o WHERE o.person = c.person AND o.source = $1 AND o.subject = $3)`,
			[]any{source, m.From, m.To.ID}, func(r *sql.Rows) error {
				var id string
				err := r.Scan(&id)
				ids = append(ids, id)
				return err
			}); err != nil {
			return err
		}
		for _, id := range ids {
			if err := t.about(id, source, m.To); err != nil {
				return err
			}
		}
	}
	return nil
}

// takeCase has a copy's case go on as one of the event's source, unless the person
// has one there already.
func (t *tx) takeCase(id string, e tocsin.Event) error {
	if id == "" || e.Notice == nil {
		return nil
	}
	var n int
	err := t.row(`SELECT count(*) FROM cases WHERE person = $1 AND source = $2 AND subject = $3`, e.Person, e.Source, e.Notice.ID).Scan(&n)
	if err != nil || n > 0 {
		return err
	}
	return t.about(id, e.Source, *e.Notice)
}

// about changes which notice a case is about.
func (t *tx) about(id, source string, n tocsin.NoticeRef) error {
	if _, err := t.exec(`UPDATE cases SET source = $1, subject = $2, title = $3, url = $4 WHERE id = $5`, source, n.ID, n.Name, n.URL, id); err != nil {
		return err
	}
	return t.moved(id)
}
