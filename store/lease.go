package store

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"strings"
	"time"
)

// Lease is the right to do one thing alone until it runs out. Fence grows with
// every change of holder. Until is the holder's own time; whether a lease has run
// out is told by the clock of the database's machine, where that is another one.
type Lease struct {
	Name, Holder string
	Until        time.Time
	Fence        int64
}

// Acquire takes a lease that is free, has run out or is the holder's already;
// false: another holds it.
func (s *Store) Acquire(ctx context.Context, name, holder string, ttl time.Duration) (Lease, bool, error) {
	return s.acquire(ctx, name, holder, ttl, func(*tx) error { return nil })
}

type under struct{} // the key of a context's Lease

// Under gives a context in which all that is written, by whatever method of a Store,
// is written while the lease is held or not at all: ErrFenced where it has passed on
// or has run out, looked up in the transaction that writes. Only Decide, Renew and
// Release heed it not: what people decide holds whoever has heard it, and a lease has
// a fence of its own. A context derived from it, also by WithoutCancel, is under the
// lease too; the innermost counts.
func Under(ctx context.Context, l Lease) context.Context {
	return context.WithValue(ctx, under{}, &l)
}

// freely gives a context that is under no lease.
func freely(ctx context.Context) context.Context {
	return context.WithValue(ctx, under{}, (*Lease)(nil))
}

// fenced has f checked by the lease that the context is under, if it is under one.
func fenced(ctx context.Context, f func(*tx) error) func(*tx) error {
	l, _ := ctx.Value(under{}).(*Lease)
	if l == nil {
		return f
	}
	return func(t *tx) error {
		if err := t.holds(*l); err != nil {
			return err
		}
		return f(t)
	}
}

// TakeOver is Acquire for the one lease under which a process does all that has to
// be done alone: with it every other lease ends, so that whoever held them can
// settle nothing any more.
func (s *Store) TakeOver(ctx context.Context, name, holder string, ttl time.Duration) (Lease, bool, error) {
	return s.acquire(ctx, name, holder, ttl, func(t *tx) error {
		if _, err := t.exec(`UPDATE lease SET holder = '', until = 0, fence = fence + 1 WHERE name <> $1`, name); err != nil {
			return err
		}
		return t.forgetWriters()
	})
}

// LeaseOf reads a lease that somebody holds; false: nobody does.
func (s *Store) LeaseOf(ctx context.Context, name string) (l Lease, held bool, err error) {
	clock, args := serverClock, []any{name}
	if s.server == nil || s.server.own {
		clock, args = "$2", append(args, ns(s.now()))
	}
	l.Name = name
	err = s.one(ctx, `SELECT holder, until, fence FROM lease WHERE name = $1 AND until > `+clock, args, &l.Holder, stamp{&l.Until}, &l.Fence)
	if errors.Is(err, sql.ErrNoRows) {
		return Lease{}, false, nil
	}
	return l, err == nil, s.explain("reading a lease", err)
}

// Identify gives a process the name that stands in a file, or writes one into it,
// and keeps everybody else from it until the closer, or the process, is closed. It
// is ErrBusy where another process has the name.
func Identify(path string) (name string, life io.Closer, err error) {
	f, err := lockFile(path)
	if err != nil {
		return "", nil, err
	}
	text, err := io.ReadAll(io.LimitReader(f, 1<<10))
	if name = strings.TrimSpace(string(text)); err == nil && name == "" {
		name = newID("r_")
		_, err = f.WriteString(name + "\n")
	}
	if err != nil {
		return "", nil, errors.Join(err, f.Close())
	}
	return name, f, nil
}

// Reclaim ends the leases of a holder of whom it is known that he is dead.
func (s *Store) Reclaim(ctx context.Context, holder string) error {
	return s.quietly(ctx, "ending a dead process's leases", func(t *tx) error {
		_, err := t.exec(`UPDATE lease SET holder = '', until = 0, fence = fence + 1 WHERE holder = $1`, holder)
		return err
	})
}

func (s *Store) acquire(ctx context.Context, name, holder string, ttl time.Duration, with func(*tx) error) (l Lease, ok bool, err error) {
	err = s.quietly(ctx, "taking a lease", func(t *tx) error {
		l = Lease{name, holder, t.now.Add(ttl), 0}
		err := t.row(`INSERT INTO lease (name, holder, until, fence) VALUES ($1, $2, $3, 1)
			ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until,
				fence = lease.fence + CASE WHEN lease.holder <> excluded.holder OR lease.until <= $4 THEN 1 ELSE 0 END
			WHERE lease.holder = excluded.holder OR lease.until <= $4 RETURNING fence`,
			name, holder, ns(t.clock.Add(ttl)), ns(t.clock)).Scan(&l.Fence)
		ok = err == nil
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		return with(t)
	})
	return l, ok && err == nil, err
}

// Renew prolongs a lease that is still held, or says ErrFenced.
func (s *Store) Renew(ctx context.Context, l Lease, ttl time.Duration) (Lease, error) {
	err := s.quietly(freely(ctx), "renewing a lease", func(t *tx) error {
		l.Until = t.now.Add(ttl)
		n, err := t.exec(`UPDATE lease SET until = $1 WHERE name = $2 AND holder = $3 AND fence = $4 AND until > $5`,
			ns(t.clock.Add(ttl)), l.Name, l.Holder, l.Fence, ns(t.clock))
		if err == nil && n == 0 {
			err = ErrFenced
		}
		return err
	})
	return l, err
}

// Release lets go of a lease; one that has passed on is left alone.
func (s *Store) Release(ctx context.Context, l Lease) error {
	return s.quietly(freely(ctx), "releasing a lease", func(t *tx) error {
		_, err := t.exec(`UPDATE lease SET holder = '', until = 0, fence = fence + 1 WHERE name = $1 AND holder = $2 AND fence = $3`, l.Name, l.Holder, l.Fence)
		return err
	})
}
