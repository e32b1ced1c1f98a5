package store

import (
	"context"
	"database/sql"

	"tocsin"
)

const heldColumns = `n.id, n.ver, n.first_look, n.first_seen, n.last_look, n.last_seen, n.missed, n.inferences, n.failure,
	n.absence, n.gone_at, n.inferred, n.detail_at, n.unfiltered, n.same_as, n.into_id, n.missed_in, n.removed`

const heldWhole = `SELECT ` + heldColumns + `, v.record, v.body
	FROM notice n JOIN notice_version v ON v.source = n.source AND v.id = n.id AND v.ver = n.ver`

func scanHeld(r *sql.Rows, more ...any) (h tocsin.Held, err error) {
	err = r.Scan(append([]any{&h.Notice.ID, &h.Ver, &h.FirstLook, stamp{&h.FirstSeen}, &h.LastLook, stamp{&h.LastSeen}, &h.Missed, &h.Inferences,
		&h.Failure, text[tocsin.Absence]{&h.Absence}, stamp{&h.GoneAt}, &h.Inferred, stamp{&h.DetailAt}, &h.Unfiltered,
		&h.SameAs, &h.Into, &h.MissedIn, &h.Removed}, more...)...)
	return h, err
}

// eachWhole calls f for each notice that a query after heldWhole finds.
func eachWhole(ctx context.Context, q querier, where string, args []any, f func(tocsin.Held) error) error {
	var body sql.RawBytes // read in place: a list has thousands of rows
	return each(ctx, q, heldWhole+where, args, func(r *sql.Rows) error {
		var record string
		h, err := scanHeld(r, &record, &body)
		if err == nil {
			h.Record = record
			err = nested{&h.Notice}.Scan([]byte(body))
		}
		if err != nil {
			return err
		}
		return f(h)
	})
}

// Held reads what is held of a source's notices, by id, each at its last version.
func (s *Store) Held(ctx context.Context, source string) (map[string]tocsin.Held, error) {
	out := map[string]tocsin.Held{}
	err := s.EachHeld(ctx, source, func(h tocsin.Held) error {
		out[h.Notice.ID] = h
		return nil
	})
	return out, err
}

// EachHeld calls f for what is held of each of a source's notices, in order of id,
// each at its last version. It reads page by page: a list may be too long to be held
// in memory, and what is done with it may take longer than a reader may.
// An error of f ends it and is returned as it is.
func (s *Store) EachHeld(ctx context.Context, source string, f func(tocsin.Held) error) error {
	return s.paged(ctx, source, f, func(where string, args []any, add func(tocsin.Held) error) error {
		return eachWhole(ctx, s.r, where, args, add)
	})
}

// EachStanding is EachHeld without what the notices say: they have their ids alone.
func (s *Store) EachStanding(ctx context.Context, source string, f func(tocsin.Held) error) error {
	return s.paged(ctx, source, f, func(where string, args []any, add func(tocsin.Held) error) error {
		return each(ctx, s.r, `SELECT `+heldColumns+` FROM notice n`+where, args, func(r *sql.Rows) error {
			h, err := scanHeld(r)
			if err != nil {
				return err
			}
			return add(h)
		})
	})
}

func (s *Store) paged(ctx context.Context, source string, f func(tocsin.Held) error, read func(string, []any, func(tocsin.Held) error) error) error {
	after := ""
	page := make([]tocsin.Held, 0, manyRows)
	for {
		page = page[:0]
		err := read(` WHERE n.source = $1 AND n.id > $2 ORDER BY n.id LIMIT $3`, []any{source, after, int64(manyRows)}, func(h tocsin.Held) error {
			page = append(page, h)
			return nil
		})
		if err != nil {
			return s.explain("reading the notices", err)
		}
		for _, h := range page {
			if err := f(h); err != nil {
				return err
			}
		}
		if len(page) < manyRows {
			return nil
		}
		after = page[len(page)-1].Notice.ID
	}
}

// HeldOf reads what is held of some of a source's notices, by id. An id that is
// not held is not in it.
func (s *Store) HeldOf(ctx context.Context, source string, ids []string) (map[string]tocsin.Held, error) {
	out := map[string]tocsin.Held{}
	for len(ids) > 0 {
		n := min(len(ids), manyRows)
		var w where
		w.arg("n.source =", source)
		w.in("n.id", ids[:n])
		ids = ids[n:]
		if err := eachWhole(ctx, s.r, w.String(), w.args, func(h tocsin.Held) error {
			out[h.Notice.ID] = h
			return nil
		}); err != nil {
			return nil, s.explain("reading notices", err)
		}
	}
	return out, nil
}

// SameAs reads what a source that copies another one holds of that one's notice, by
// id.
func (s *Store) SameAs(ctx context.Context, source, notice string) (out []tocsin.Held, err error) {
	err = eachWhole(ctx, s.r, ` WHERE n.source = $1 AND n.same_as = $2 AND n.same_as <> '' ORDER BY n.id`, []any{source, notice}, func(h tocsin.Held) error {
		out = append(out, h)
		return nil
	})
	return out, s.explain("reading a copy's notices", err)
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
	row, err := t.bulk("notice", keptColumns, `ON CONFLICT (source, id) DO UPDATE SET ver = excluded.ver, first_look = excluded.first_look,
		first_seen = excluded.first_seen, last_look = excluded.last_look, last_seen = excluded.last_seen, missed = excluded.missed,
		inferences = excluded.inferences, failure = excluded.failure, absence = excluded.absence, gone_at = excluded.gone_at,
		inferred = excluded.inferred, detail_at = excluded.detail_at, unfiltered = excluded.unfiltered,
		same_as = excluded.same_as, into_id = excluded.into_id, missed_in = excluded.missed_in, removed = excluded.removed`)
	if err != nil {
		return err
	}
	defer row.close()
	version, err := t.bulk("notice_version", []string{"source", "id", "ver", "look", "at", "body", "record"}, "")
	if err != nil {
		return err
	}
	defer version.close()
	for _, h := range held {
		id := h.Notice.ID
		if have[id] != h.Ver {
			body, err := jsonText(h.Notice)
			if err != nil {
				return err
			}
			if err := version.add(source, id, h.Ver, look, ns(t.now), body, h.Record); err != nil {
				return err
			}
		}
		if err := row.add(source, id, h.Ver, h.FirstLook, ns(h.FirstSeen), h.LastLook, ns(h.LastSeen), h.Missed, h.Inferences,
			h.Failure, string(h.Absence), ns(h.GoneAt), h.Inferred, ns(h.DetailAt), h.Unfiltered, h.SameAs, h.Into, h.MissedIn, h.Removed); err != nil {
			return err
		}
	}
	if err := version.flush(); err != nil {
		return err
	}
	return row.flush()
}

var keptColumns = []string{"source", "id", "ver", "first_look", "first_seen", "last_look", "last_seen", "missed", "inferences", "failure",
	"absence", "gone_at", "inferred", "detail_at", "unfiltered", "same_as", "into_id", "missed_in", "removed"}

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
