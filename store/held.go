package store

import (
	"context"
	"database/sql"

	"tocsin"
)

// Held reads what is held of a source's notices, by id, each at its last version.
func (s *Store) Held(ctx context.Context, source string) (map[string]tocsin.Held, error) {
	out := map[string]tocsin.Held{}
	var body sql.RawBytes // read in place: a list has thousands of rows
	err := each(ctx, s.r, `SELECT n.ver, n.first_look, n.first_seen, n.last_look, n.last_seen, n.missed, n.inferences, n.failure,
			n.absence, n.gone_at, n.inferred, n.detail_at, n.unfiltered, v.record, v.body
		FROM notice n JOIN notice_version v ON v.source = n.source AND v.id = n.id AND v.ver = n.ver WHERE n.source = $1`,
		[]any{source}, func(r *sql.Rows) error {
			var h tocsin.Held
			err := r.Scan(&h.Ver, &h.FirstLook, stamp{&h.FirstSeen}, &h.LastLook, stamp{&h.LastSeen}, &h.Missed, &h.Inferences, &h.Failure,
				text[tocsin.Absence]{&h.Absence}, stamp{&h.GoneAt}, &h.Inferred, stamp{&h.DetailAt}, &h.Unfiltered, &h.Record, &body)
			if err == nil {
				err = nested{&h.Notice}.Scan([]byte(body))
			}
			out[h.Notice.ID] = h
			return err
		})
	return out, s.explain("reading the notices", err)
}

// Versions reads all that one notice has said, the first version first.
func (s *Store) Versions(ctx context.Context, source, id string) (out []tocsin.Notice, err error) {
	err = each(ctx, s.r, `SELECT body FROM notice_version WHERE source = $1 AND id = $2 ORDER BY ver`, []any{source, id}, func(r *sql.Rows) error {
		var n tocsin.Notice
		err := r.Scan(nested{&n})
		out = append(out, n)
		return err
	})
	return out, s.explain("reading a notice's versions", err)
}

// manyRows is from how many rows on it is faster to read all of a source's
// versions at once than one by one.
const manyRows = 500

// keepHeld writes notices' rows, and a version where it is new.
func (t *tx) keepHeld(source string, look int64, held []tocsin.Held) error {
	if len(held) == 0 {
		return nil
	}
	have, err := t.versions(source, held)
	if err != nil {
		return err
	}
	row, err := t.PrepareContext(t.ctx, t.text(`INSERT INTO notice (source, id, ver, first_look, first_seen, last_look, last_seen, missed,
			inferences, failure, absence, gone_at, inferred, detail_at, unfiltered)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
		ON CONFLICT (source, id) DO UPDATE SET ver = excluded.ver, first_look = excluded.first_look, first_seen = excluded.first_seen,
			last_look = excluded.last_look, last_seen = excluded.last_seen, missed = excluded.missed, inferences = excluded.inferences,
			failure = excluded.failure, absence = excluded.absence, gone_at = excluded.gone_at, inferred = excluded.inferred,
			detail_at = excluded.detail_at, unfiltered = excluded.unfiltered`))
	if err != nil {
		return err
	}
	defer row.Close()
	version, err := t.PrepareContext(t.ctx, t.text(`INSERT INTO notice_version (source, id, ver, look, at, body, record) VALUES ($1, $2, $3, $4, $5, $6, $7)`))
	if err != nil {
		return err
	}
	defer version.Close()
	for _, h := range held {
		id := h.Notice.ID
		if have[id] != h.Ver {
			body, err := jsonText(h.Notice)
			if err != nil {
				return err
			}
			if _, err := version.ExecContext(t.ctx, source, id, h.Ver, look, ns(t.now), body, h.Record); err != nil {
				return err
			}
		}
		if _, err := row.ExecContext(t.ctx, source, id, h.Ver, h.FirstLook, ns(h.FirstSeen), h.LastLook, ns(h.LastSeen), h.Missed, h.Inferences,
			h.Failure, string(h.Absence), ns(h.GoneAt), h.Inferred, ns(h.DetailAt), h.Unfiltered); err != nil {
			return err
		}
	}
	return nil
}

// versions reads which version is kept of each of some notices.
func (t *tx) versions(source string, held []tocsin.Held) (map[string]int, error) {
	var w where
	w.arg("source =", source)
	if len(held) < manyRows {
		ids := make([]string, 0, len(held))
		for _, h := range held {
			ids = append(ids, h.Notice.ID)
		}
		w.in("id", ids)
	}
	have := map[string]int{}
	err := each(t.ctx, t, `SELECT id, ver FROM notice`+w.String(), w.args, func(r *sql.Rows) error {
		var id string
		var ver int
		err := r.Scan(&id, &ver)
		have[id] = ver
		return err
	})
	return have, err
}
