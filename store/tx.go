package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// querier is what reads: the pool, or a transaction under way.
type querier interface {
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
	QueryRowContext(context.Context, string, ...any) *sql.Row
}

// dialect is how this package's SQL is written for one database.
type dialect func(query string) string

// numbered turns $1 into ?1: SQLite reads $1 as a name and numbers names by their
// first appearance.
func numbered(query string) string { return strings.ReplaceAll(query, "$", "?") }

// asWritten is for PostgreSQL.
func asWritten(query string) string { return query }

// pool is connections that are alike.
type pool struct {
	*sql.DB
	text   dialect
	within time.Duration // how long a reading may take, 0: as long as it does
}

func (p pool) QueryContext(ctx context.Context, query string, args ...any) (rows *sql.Rows, err error) {
	for try := 0; try < tries; try++ {
		if rows, err = p.DB.QueryContext(ctx, p.text(query), args...); err == nil || !p.again(ctx, err) {
			break
		}
	}
	return rows, err
}

func (p pool) QueryRowContext(ctx context.Context, query string, args ...any) (row *sql.Row) {
	for try := 0; try < tries; try++ {
		if row = p.DB.QueryRowContext(ctx, p.text(query), args...); row.Err() == nil || !p.again(ctx, row.Err()) {
			break
		}
	}
	return row
}

// again reports whether a query met a connection that a server had closed: there
// are others.
func (p pool) again(ctx context.Context, err error) bool {
	return p.within > 0 && ctx.Err() == nil && brokenOff(err)
}

// bound ends what is read from the pool when its time is up.
func (p pool) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	if p.within == 0 {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, p.within)
}

// view is a reading transaction.
type view struct {
	*sql.Tx
	text dialect
}

func (v view) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return v.Tx.QueryContext(ctx, v.text(query), args...)
}

func (v view) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return v.Tx.QueryRowContext(ctx, v.text(query), args...)
}

// tx is a write transaction with its context and its one time.
type tx struct {
	view
	ctx    context.Context
	now    time.Time
	clock  time.Time // by which leases run out
	server bool
}

func (t *tx) exec(query string, args ...any) (int64, error) {
	r, err := t.ExecContext(t.ctx, t.text(query), args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

func (t *tx) row(query string, args ...any) *sql.Row {
	return t.QueryRowContext(t.ctx, query, args...)
}

// write runs f in a transaction that holds the write lock from its start, if the
// lease that the context is under, if any, is held. An error of f, or a cancelled
// context, leaves nothing behind.
func (s *Store) write(ctx context.Context, doing string, f func(*tx) error) error {
	return s.writing(ctx, doing, true, f)
}

// quietly is write for what nobody has to act on.
func (s *Store) quietly(ctx context.Context, doing string, f func(*tx) error) error {
	return s.writing(ctx, doing, false, f)
}

func (s *Store) writing(ctx context.Context, doing string, ring bool, f func(*tx) error) error {
	f = fenced(ctx, f)
	if s.server != nil {
		return s.explain(doing, s.server.write(ctx, s, ring, f))
	}
	t, err := s.w.BeginTx(ctx, nil)
	if err != nil {
		return s.explain(doing, err)
	}
	defer t.Rollback() // after a commit it does nothing
	now := s.now().UTC()
	if err := f(&tx{view: view{t, s.w.text}, ctx: ctx, now: now, clock: now}); err != nil {
		return s.explain(doing, err)
	}
	return s.explain(doing, t.Commit())
}

// read runs f on one view of the database: what f reads belongs together.
func (s *Store) read(ctx context.Context, doing string, f func(querier) error) error {
	ctx, cancel := s.r.bound(ctx)
	defer cancel()
	t, err := s.r.BeginTx(ctx, s.reading())
	if err != nil {
		return s.explain(doing, err)
	}
	defer t.Rollback() // nothing was written
	return s.explain(doing, f(view{t, s.r.text}))
}

// one reads one row; sql.ErrNoRows if there is none.
func (s *Store) one(ctx context.Context, query string, args []any, to ...any) error {
	ctx, cancel := s.r.bound(ctx)
	defer cancel()
	return s.r.QueryRowContext(ctx, query, args...).Scan(to...)
}

// where gathers the conditions of a query and their values.
type where struct {
	conditions []string
	args       []any
}

func (w *where) add(condition string) { w.conditions = append(w.conditions, condition) }

// arg adds a condition that ends before its value.
func (w *where) arg(condition string, value any) {
	w.args = append(w.args, value)
	w.add(fmt.Sprintf("%s $%d", condition, len(w.args)))
}

// equal adds a condition unless value is "".
func (w *where) equal(column, value string) {
	if value != "" {
		w.arg(column+" =", value)
	}
}

func (w *where) in(column string, ids []string) {
	var in string
	in, w.args = list(w.args, ids)
	w.add(column + " IN " + in)
}

func (w *where) String() string {
	if len(w.conditions) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.conditions, " AND ")
}

// each runs a query and calls scan for each row.
func each(ctx context.Context, q querier, query string, args []any, scan func(*sql.Rows) error) error {
	if p, ok := q.(pool); ok {
		var cancel context.CancelFunc
		ctx, cancel = p.bound(ctx)
		defer cancel()
	}
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// ns is a time as it is stored: 0 for the zero time.
func ns(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}

// stamp scans a stored time.
type stamp struct{ to *time.Time }

func (s stamp) Scan(v any) error {
	n, ok := v.(int64)
	if !ok {
		return fmt.Errorf("a time is stored as %T", v)
	}
	*s.to = time.Time{}
	if n != 0 {
		*s.to = time.Unix(0, n).UTC()
	}
	return nil
}

// nested scans a stored JSON value.
type nested struct{ to any }

func (n nested) Scan(v any) error {
	switch v := v.(type) {
	case string:
		return json.Unmarshal([]byte(v), n.to)
	case []byte:
		return json.Unmarshal(v, n.to)
	}
	return fmt.Errorf("a nested value is stored as %T", v)
}

// text scans a text that may be NULL, which is "".
type text[T ~string] struct{ to *T }

func (x text[T]) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*x.to = ""
	case string:
		*x.to = T(v)
	case []byte:
		*x.to = T(v)
	default:
		return fmt.Errorf("a text is stored as %T", v)
	}
	return nil
}

// orNull is NULL for "".
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func jsonText(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}

// newID makes an opaque id: nothing of what it names is in it.
func newID(prefix string) string {
	var b [12]byte
	rand.Read(b[:]) // never fails (Go 1.24)
	return prefix + base64.RawURLEncoding.EncodeToString(b[:])
}

// list writes ($n, $n+1 …) for len(ids) values beginning at n, and appends them
// to args.
func list[T any](args []any, ids []T) (string, []any) {
	if len(ids) == 0 {
		return "(SELECT NULL WHERE 1 = 0)", args // PostgreSQL knows no ()
	}
	var b strings.Builder
	b.WriteByte('(')
	for i, id := range ids {
		if i > 0 {
			b.WriteByte(',')
		}
		args = append(args, id)
		fmt.Fprintf(&b, "$%d", len(args))
	}
	b.WriteByte(')')
	return b.String(), args
}

// Meta is a value kept under a key, "" if there is none.
func (s *Store) Meta(ctx context.Context, key string) (string, error) {
	ctx, cancel := s.r.bound(ctx)
	defer cancel()
	v, err := meta(ctx, s.r, key)
	return v, s.explain("reading "+key, err)
}

// SetMeta keeps a value under a key.
func (s *Store) SetMeta(ctx context.Context, key, value string) error {
	return s.write(ctx, "keeping "+key, func(t *tx) error { return setMeta(t, key, value) })
}

// KeepMeta keeps a value under a key unless there is one, and returns the one that
// is kept.
func (s *Store) KeepMeta(ctx context.Context, key, value string) (kept string, err error) {
	if kept, err = s.Meta(ctx, key); err != nil || kept != "" {
		return kept, err
	}
	err = s.write(ctx, "keeping "+key, func(t *tx) error {
		if kept, err = meta(ctx, t, key); err != nil || kept != "" {
			return err
		}
		kept = value
		return setMeta(t, key, value)
	})
	return kept, err
}

func meta(ctx context.Context, q querier, key string) (v string, err error) {
	err = q.QueryRowContext(ctx, `SELECT value FROM meta WHERE key = $1`, key).Scan(&v)
	if err == sql.ErrNoRows {
		err = nil
	}
	return v, err
}

func setMeta(t *tx, key, value string) error {
	_, err := t.exec(`INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value`, key, value)
	return err
}
