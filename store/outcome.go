package store

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// A commit whose answer is lost may have been made or not. Each transaction leaves a
// mark of its own in the ledger, in a row of the process that writes, and is known by
// that afterwards: a number of the server's (pg_xact_status) would be another
// transaction's after a failover to a standby that had not heard of this one.

// errInProgress says that it is not known yet what comes of a transaction.
var errInProgress = errors.New("the transaction has not ended")

// outcome finds out what became of a transaction whose commit was not answered: nil
// if it was made. The caller keeps others of this process from writing meanwhile.
func (v *server) outcome(ctx context.Context, s *Store, mark string, lost error) error {
	ctx, cancel := context.WithTimeout(ctx, outcomeWithin)
	defer cancel()
	again := time.NewTicker(250 * time.Millisecond)
	defer again.Stop()
	for {
		kept, err := v.kept(ctx, s, mark)
		switch {
		case err == nil && kept:
			return nil
		case err == nil:
			return lost
		case !brokenOff(err) && !errors.Is(err, errInProgress):
			return errors.Join(lost, err)
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return lost
		}
	}
}

// kept reports whether a transaction's mark is in the ledger. Until the transaction
// has ended it holds the lock of those who write, and so is waited for.
func (v *server) kept(ctx context.Context, s *Store, mark string) (kept bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, v.within)
	defer cancel()
	t, err := s.w.BeginTx(ctx, nil)
	if err != nil {
		return false, err
	}
	defer t.Rollback() // nothing is written
	var said *pgconn.PgError
	if _, err := t.ExecContext(ctx, `SELECT `+writersLock); errors.As(err, &said) && said.Code == "55P03" { // lock_timeout
		return false, errInProgress
	} else if err != nil {
		return false, err
	}
	err = t.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM written WHERE writer = $1 AND mark = $2)`, v.id, mark).Scan(&kept)
	return kept, err
}

// writtenFor is how long it is kept what a process last wrote that writes no more.
const writtenFor = 30 * 24 * time.Hour

// forgetWriters drops what processes of long ago last wrote. One that writes just now
// has its row locked.
func (t *tx) forgetWriters() error {
	if !t.server {
		return nil
	}
	_, err := t.exec(`DELETE FROM written WHERE writer IN (SELECT writer FROM written WHERE at < $1 FOR UPDATE SKIP LOCKED)`, ns(t.now.Add(-writtenFor)))
	return err
}
