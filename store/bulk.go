package store

import (
	"database/sql"
	"fmt"
	"strings"
)

// atOnce is how many values one statement writes at most: PostgreSQL takes 65,535
// and SQLite 32,766.
const atOnce = 8000

// bulk writes many rows into one table: in a file one by one, which is fastest
// there, to a server many with each statement.
type bulk struct {
	t          *tx
	head, tail string // what is before the values, and after
	columns    int
	values     []any
	one        *sql.Stmt // of a file
}

// bulk begins; tail may say what to do about a row that is there already. No row
// may be in it twice between two flushes.
func (t *tx) bulk(table string, columns []string, tail string) (*bulk, error) {
	b := &bulk{t: t, head: `INSERT INTO ` + table + ` (` + strings.Join(columns, ", ") + `) VALUES `, tail: tail, columns: len(columns)}
	if t.server {
		return b, nil
	}
	in, _ := list(nil, columns)
	var err error
	b.one, err = t.PrepareContext(t.ctx, t.text(b.head+in+" "+tail))
	return b, err
}

func (b *bulk) add(row ...any) error {
	if len(row) != b.columns {
		return fmt.Errorf("%d values for %d columns", len(row), b.columns)
	}
	if b.one != nil {
		_, err := b.one.ExecContext(b.t.ctx, row...)
		return err
	}
	if len(b.values)+b.columns > atOnce {
		if err := b.flush(); err != nil {
			return err
		}
	}
	b.values = append(b.values, row...)
	return nil
}

// flush writes what was added.
func (b *bulk) flush() error {
	if len(b.values) == 0 {
		return nil
	}
	var query strings.Builder
	query.WriteString(b.head)
	args := make([]any, 0, len(b.values))
	for at := 0; at < len(b.values); at += b.columns {
		if at > 0 {
			query.WriteByte(',')
		}
		var in string
		in, args = list(args, b.values[at:at+b.columns])
		query.WriteString(in)
	}
	query.WriteByte(' ')
	query.WriteString(b.tail)
	b.values = b.values[:0]
	_, err := b.t.exec(query.String(), args...)
	return err
}

func (b *bulk) close() {
	if b.one != nil {
		b.one.Close() // nothing is left in it
	}
}
