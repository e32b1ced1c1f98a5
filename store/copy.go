package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"time"
)

// ErrNotEmpty says that there is a ledger already where one is to be copied to.
var ErrNotEmpty = errors.New("there is something in it already")

// Copied says how many rows of each table Copy has copied.
type Copied map[string]int

// Copy copies a whole ledger, as of one moment, from one database to another that
// is empty, of either kind: every table but the leases, which end, and what its writers last wrote. All of it is
// there afterwards, or nothing. Nobody may watch over the one or the other
// meanwhile (ErrBusy); an earlier version's ledger is brought up to this one's
// first. Where the databases are SQLite files, o opens both.
func Copy(ctx context.Context, from, to string, o Options) (c Copied, err error) {
	src, err := openWhole(ctx, from, o, false)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, src.Close()) }()
	dst, err := openWhole(ctx, to, o, true)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, dst.Close()) }()
	tables, err := copiedTables()
	if err != nil {
		return nil, err
	}
	c = Copied{}
	err = src.read(ctx, "reading the ledger", func(q querier) error {
		return dst.write(ctx, "copying the ledger", func(t *tx) error {
			for _, table := range tables {
				var n int
				if err := t.row(`SELECT count(*) FROM ` + table).Scan(&n); err != nil {
					return err
				}
				if n > 0 {
					return fmt.Errorf("%s: %w: name an empty database", dst.path, ErrNotEmpty)
				}
			}
			for _, table := range tables {
				if c[table], err = t.copyTable(ctx, q, table); err != nil {
					return fmt.Errorf("%s: %w", table, err)
				}
			}
			return nil
		})
	})
	if err != nil {
		return nil, err
	}
	return c, nil
}

// copyWithin is how long a copy may take.
const copyWithin = 2 * time.Hour

// openWhole opens a ledger over which nobody watches.
func openWhole(ctx context.Context, dsn string, o Options, create bool) (*Store, error) {
	o.Create, o.Exclusive = create, true
	if IsServer(dsn) {
		o.EncryptionKey = nil
	}
	s, err := Open(ctx, dsn, o)
	if err != nil || !s.Shared() {
		return s, err
	}
	s.server.within, s.r.within = copyWithin, copyWithin
	var held int
	err = s.one(ctx, `SELECT count(*) FROM lease WHERE until > `+serverClock, nil, &held)
	if err == nil && held > 0 {
		err = &Error{Path: s.path, Cause: ErrBusy}
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

var createTable = regexp.MustCompile(`(?m)^CREATE TABLE (\w+)`)

// copiedTables are the ledger's tables but for what is of its processes, each after those that
// it refers to, as the migrations make them.
func copiedTables() (tables []string, err error) {
	files, err := migrations.ReadDir("migrations")
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		text, err := migrations.ReadFile("migrations/" + f.Name())
		if err != nil {
			return nil, err
		}
		for _, m := range createTable.FindAllSubmatch(text, -1) {
			if name := string(m[1]); name != "lease" && name != "written" {
				tables = append(tables, name)
			}
		}
	}
	return tables, nil
}

// copyTable writes all rows of a table that q reads.
func (t *tx) copyTable(ctx context.Context, q querier, table string) (n int, err error) {
	rows, err := q.QueryContext(ctx, `SELECT * FROM `+table)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return 0, err
	}
	to, err := t.bulk(table, columns, "")
	if err != nil {
		return 0, err
	}
	defer to.close()
	for ; rows.Next(); n++ {
		row, at := make([]any, len(columns)), make([]any, len(columns))
		for i := range row {
			at[i] = &row[i]
		}
		if err := rows.Scan(at...); err != nil {
			return n, err
		}
		if err := to.add(row...); err != nil {
			return n, err
		}
	}
	if err := errors.Join(rows.Err(), to.flush()); err != nil || !t.server {
		return n, err
	}
	for _, c := range columns {
		if c == "seq" { // what is numbered by the database goes on behind the last
			var last sql.NullInt64
			return n, t.row(`SELECT setval(pg_get_serial_sequence($1, 'seq'), (SELECT max(seq) FROM `+table+`))`, table).Scan(&last)
		}
	}
	return n, nil
}
