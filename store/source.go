package store

import (
	"context"
	"database/sql"
	"time"

	"tocsin"
)

// Source is what is kept of one source between looks.
type Source struct {
	ID               string
	Look             int64 // number of the last look, 0 before the first
	Plan, Validators []byte
	Began            time.Time // of the last sweep
	LastLook         time.Time // its end
	LastComplete     time.Time
	NewestAt         time.Time // when the newest page last answered
	FirstDone        bool      // a first look has been told
	Listed, Seen     int
	Requests         int
	Details          int
	Unreachable      int
	Complete         bool
	Cause            tocsin.Cause
	Why              string
	OutageN          int
	OutageSince      time.Time // zero: it is seen
	NextTry          time.Time
	Failed, Tries    int
	AskedOn          time.Time // the day, by its begin in UTC, of which is
	Asked            int       // how many requests were made to the source's host
	Version          string    // of a versioned list: which was last read whole
	DataAt           time.Time // and from when its data is
}

const sourceColumns = `id, look, plan, validators, began, last_look, last_complete, newest_at, first_done, listed, seen,
	requests, details, unreachable, complete, cause, why, outage_n, outage_since, next_try, failed, tries, asked_on, asked, version, data_at`

func (x *Source) fields() []any {
	return []any{&x.ID, &x.Look, &x.Plan, &x.Validators, stamp{&x.Began}, stamp{&x.LastLook}, stamp{&x.LastComplete}, stamp{&x.NewestAt},
		&x.FirstDone, &x.Listed, &x.Seen, &x.Requests, &x.Details, &x.Unreachable, &x.Complete, text[tocsin.Cause]{&x.Cause}, &x.Why,
		&x.OutageN, stamp{&x.OutageSince}, stamp{&x.NextTry}, &x.Failed, &x.Tries, stamp{&x.AskedOn}, &x.Asked, &x.Version, stamp{&x.DataAt}}
}

// Source reads one source's row; a source never looked at has only its ID.
func (s *Store) Source(ctx context.Context, id string) (Source, error) {
	var x Source
	err := s.one(ctx, `SELECT `+sourceColumns+` FROM source WHERE id = $1`, []any{id}, x.fields()...)
	if err == sql.ErrNoRows {
		return Source{ID: id}, nil
	}
	return x, s.explain("reading a source", err)
}

// Sources reads every source's row, by id.
func (s *Store) Sources(ctx context.Context) (out []Source, err error) {
	err = each(ctx, s.r, `SELECT `+sourceColumns+` FROM source ORDER BY id`, nil, func(r *sql.Rows) error {
		var x Source
		err := r.Scan(x.fields()...)
		out = append(out, x)
		return err
	})
	return out, s.explain("reading the sources", err)
}

// LastComplete reads the last complete look at a source; false if there was none.
func (s *Store) LastComplete(ctx context.Context, source string) (Look, bool, error) {
	l := Look{Source: source, Complete: true}
	err := s.one(ctx, `SELECT n, kind, began, ended, exact, listed, seen, requests, record FROM look
		WHERE source = $1 AND complete = 1 ORDER BY n DESC LIMIT 1`, []any{source},
		&l.N, text[tocsin.LookKind]{&l.Kind}, stamp{&l.Began}, stamp{&l.Ended}, &l.Exact, &l.Listed, &l.Seen, &l.Requests, &l.Record)
	if err == sql.ErrNoRows {
		return Look{}, false, nil
	}
	return l, err == nil, s.explain("reading the last complete look", err)
}

// CompleteBefore is when the last complete look at a source ended that ended
// before t, the zero time if none did.
func (s *Store) CompleteBefore(ctx context.Context, source string, t time.Time) (end time.Time, err error) {
	var n sql.NullInt64
	err = s.one(ctx, `SELECT max(ended) FROM look WHERE source = $1 AND complete = 1 AND ended < $2`, []any{source, ns(t)}, &n)
	if err != nil || !n.Valid {
		return time.Time{}, s.explain("reading the looks", err)
	}
	return end, stamp{&end}.Scan(n.Int64)
}

// Leaf is one part of a sweep that is still under way.
type Leaf struct {
	Source, Cell string
	Began        time.Time
	Total        int
	Rows         []tocsin.Notice
	Record       string // evidence of the page, "" if none
}

// Leaves reads the saved parts of a source's sweep, by cell.
func (s *Store) Leaves(ctx context.Context, source string) (out []Leaf, err error) {
	err = each(ctx, s.r, `SELECT source, cell, began, total, notices, record FROM leaf WHERE source = $1 ORDER BY cell`, []any{source}, func(r *sql.Rows) error {
		var x Leaf
		err := r.Scan(&x.Source, &x.Cell, stamp{&x.Began}, &x.Total, nested{&x.Rows}, &x.Record)
		out = append(out, x)
		return err
	})
	return out, s.explain("reading a sweep under way", err)
}

// SaveLeaf keeps one part, in place of an earlier one of the same cell.
func (s *Store) SaveLeaf(ctx context.Context, l Leaf) error {
	rows, err := jsonText(l.Rows)
	if err != nil {
		return err
	}
	return s.quietly(ctx, "keeping a part of a sweep", func(t *tx) error {
		_, err := t.exec(`INSERT INTO leaf (source, cell, began, total, notices, record) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (source, cell) DO UPDATE SET began = excluded.began, total = excluded.total, notices = excluded.notices, record = excluded.record`,
			l.Source, l.Cell, ns(l.Began), l.Total, rows, l.Record)
		return err
	})
}

// Absences counts a source's notices by how their presence stands.
func (s *Store) Absences(ctx context.Context, source string) (map[tocsin.Absence]int, error) {
	out := map[tocsin.Absence]int{}
	err := each(ctx, s.r, `SELECT absence, count(*) FROM notice WHERE source = $1 GROUP BY absence`, []any{source}, func(r *sql.Rows) error {
		var a string
		var n int
		err := r.Scan(&a, &n)
		out[tocsin.Absence(a)] = n
		return err
	})
	return out, s.explain("counting notices", err)
}
