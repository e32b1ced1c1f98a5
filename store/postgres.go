package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// IsServer reports whether a database's address is that of a PostgreSQL server,
// which several daemons may use at once.
func IsServer(dsn string) bool {
	return strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://")
}

// Bounds of what is asked of a server. One that is gone without a word is noticed
// by these.
const (
	readWithin  = 60 * time.Second
	writeWithin = 30 * time.Second
	// outcomeWithin is how long it is asked whether a transaction was committed
	// whose answer was lost.
	outcomeWithin = 10 * time.Minute
)

// settings are what a connection asks of the server unless the address says
// otherwise. A replica that is paused within a transaction must not keep the
// others waiting for its turn.
var settings = map[string]string{
	"application_name":                    "tocsin",
	"lock_timeout":                        "10s",
	"idle_in_transaction_session_timeout": "5s",
	"statement_timeout":                   "60s",
	"tcp_user_timeout":                    "15s",
	"tcp_keepalives_idle":                 "10",
	"tcp_keepalives_interval":             "5",
	"tcp_keepalives_count":                "3",
}

// server is a PostgreSQL database that holds a ledger.
type server struct {
	*servers
	id     string        // of this Store among those that are open, to know its own notifications and marks
	turn   chan struct{} // full while a transaction is under way, and until it is known what came of it
	within time.Duration // how long a transaction may take
	own    bool          // leases run out by the Store's clock, not by the server's: for tests of time
}

// openServer opens a ledger on a server, and makes or upgrades its tables.
func openServer(ctx context.Context, dsn string, o Options) (_ *Store, err error) {
	s, err := newServer(dsn, o)
	if err != nil {
		return nil, err
	}
	if err := s.readyServer(ctx, o.Create); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// newServer reads a server's address; it connects when it is first asked something.
func newServer(dsn string, o Options) (*Store, error) {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		// What pgx says may quote the address.
		return nil, errors.New("database: the address cannot be read: write postgres://USER:${PASSWORD}@HOST:5432/NAME")
	}
	if o.EncryptionKey != nil {
		return nil, errors.New("database_key_file is for an SQLite file: leave it out, and encrypt the server's disk")
	}
	dialer := net.Dialer{KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 10 * time.Second, Interval: 5 * time.Second, Count: 3}}
	config.DialFunc = dialer.DialContext
	for name, value := range settings {
		if _, set := config.RuntimeParams[name]; !set {
			config.RuntimeParams[name] = value
		}
	}
	s := &Store{now: o.Now, server: &server{servers: serversOf(config), id: newID(""), turn: make(chan struct{}, 1), within: writeWithin}}
	s.path = fmt.Sprintf("postgres://%s/%s", strings.Join(s.server.names, ","), config.Database)
	if s.now == nil {
		s.now = time.Now
	}
	s.w, s.r = s.server.connections(1, 0), s.server.connections(readers, readWithin)
	return s, nil
}

func (v *server) connections(n int, within time.Duration) pool {
	db := sql.OpenDB(asKept{connector{v.servers}})
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
	db.SetConnMaxIdleTime(5 * time.Minute)
	return pool{DB: db, text: asWritten, within: within}
}

// readyServer makes the schema this version's. Several that do so at once wait
// for the first.
func (s *Store) readyServer(ctx context.Context, create bool) error {
	var have int64
	var ours bool
	var tables int
	err := s.one(ctx, `SELECT to_regclass(quote_ident(current_schema()) || '.goose_db_version') IS NOT NULL,
		(SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema())`, nil, &ours, &tables)
	if err == nil && ours {
		err = s.one(ctx, `SELECT coalesce(max(version_id), 0) FROM goose_db_version`, nil, &have)
	}
	switch {
	case err != nil:
		return s.explain("opening", err)
	case !ours && tables > 0:
		return fmt.Errorf("database %s: %w: name another database, or another schema with ?search_path=", s.path, ErrForeign)
	case !ours && !create:
		return &Error{Path: s.path, Cause: ErrNotExist}
	}
	p, err := s.server.provider()
	if err != nil {
		return fmt.Errorf("reading the migrations: %w", err)
	}
	defer p.Close() // its connections are its own
	switch {
	case have > newest(p)+1:
		return &Error{Path: s.path, Cause: ErrNewer}
	case have < newest(p):
		if _, err := p.Up(ctx); err != nil {
			return s.explain("migrating", err)
		}
	}
	return nil
}

// provider brings the schema forward on a connection of its own: who comes second
// waits there for the lock of the first.
func (v *server) provider() (*goose.Provider, error) {
	one, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 60))
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectPostgres, sql.OpenDB(connector{v.servers}), forServer{sub(migrations)},
		goose.WithDisableGlobalRegistry(true), goose.WithSessionLocker(one))
}

// reading is how a reading transaction is begun.
func (s *Store) reading() *sql.TxOptions {
	if s.server == nil {
		return nil
	}
	return &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
}

type conn struct{ *stdlib.Conn }

// CheckNamedValue makes 1 or 0 of a yes or no, and takes from a text what
// PostgreSQL does not keep: NUL, and what is no UTF-8.
func (conn) CheckNamedValue(v *driver.NamedValue) error {
	switch x := v.Value.(type) {
	case bool:
		v.Value = int64(0)
		if x {
			v.Value = int64(1)
		}
	case string:
		v.Value = strings.ToValidUTF8(strings.ReplaceAll(x, "\x00", "\ufffd"), "\ufffd")
	}
	return nil
}

// tries is how often a transaction is begun that the server or the network broke off.
const tries = 3

// write runs f in a transaction in which nobody else writes: writers, of all
// processes, take turns on one lock, as on SQLite, so that events are numbered in
// the order in which they can be read. Where the answer to the commit is lost it
// is asked for: an error says that nothing was kept.
//
// With ring the others that Listen are woken.
func (v *server) write(ctx context.Context, s *Store, ring bool, f func(*tx) error) error {
	for try := 1; ; try++ {
		err := v.attempt(ctx, s, ring, f)
		if err == nil || try == tries || ctx.Err() != nil || !brokenOff(err) {
			return err
		}
		select {
		case <-time.After(time.Duration(try) * 50 * time.Millisecond):
		case <-ctx.Done():
			return err
		}
	}
}

func (v *server) attempt(ctx context.Context, s *Store, ring bool, f func(*tx) error) error {
	// A commit is not interrupted by the caller's end: it would be unknown what came of it.
	whole, cancel := context.WithTimeout(context.WithoutCancel(ctx), v.within)
	defer cancel()
	caller := ctx
	ctx, end := context.WithTimeout(ctx, v.within)
	defer end()
	select {
	case v.turn <- struct{}{}:
		defer func() { <-v.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	t, err := s.w.BeginTx(whole, nil)
	if err != nil {
		return err
	}
	defer t.Rollback() // after a commit it does nothing
	x := &tx{view: view{t, asWritten}, ctx: ctx, now: s.now().UTC(), server: true}
	var turn, told sql.RawBytes
	mark := newID("")
	var clock int64
	if err := func() error { // the columns of a row are computed in their order
		rows, err := t.QueryContext(ctx, `WITH own AS (INSERT INTO written (writer, mark, at) VALUES ($2, $3, $4)
				ON CONFLICT (writer) DO UPDATE SET mark = excluded.mark, at = excluded.at)
			SELECT `+writersLock+`, `+serverClock+`, CASE WHEN $1 = 1 THEN pg_notify(`+channel+`, $2) END`, ring, v.id, mark, ns(x.now))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			if err := rows.Scan(&turn, &clock, &told); err != nil {
				return err
			}
		}
		return rows.Err()
	}(); err != nil {
		return err
	}
	if x.clock = time.Unix(0, clock).UTC(); v.own {
		x.clock = x.now
	}
	if err := f(x); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := t.Commit(); err != nil {
		if said := (*pgconn.PgError)(nil); errors.As(err, &said) && !strings.HasPrefix(said.Code, "57P") {
			return err // it was rolled back
		}
		return v.outcome(caller, s, mark, err)
	}
	return nil
}

// writersLock takes the turn of those who write, for the rest of the transaction.
const writersLock = `pg_advisory_xact_lock(hashtextextended('tocsin ' || current_schema(), 0))`

// serverClock is the server's time in this package's form.
const serverClock = `(extract(epoch FROM clock_timestamp()) * 1000000000)::bigint`

// channel is where commits are told of: one for each schema.
const channel = `'tocsin_' || md5(current_schema())`

// Listen calls heard whenever another process has committed what may have to be
// acted on, and once when it begins: what was written before it may have been
// missed. It ends with the context, or when the server breaks it off.
func (s *Store) Listen(ctx context.Context, heard func()) error {
	own, err := s.server.connect(ctx)
	if err != nil {
		return s.explain("listening", err)
	}
	defer own.Close() // nothing is under way on it
	c := own.Conn()
	var name string
	if err = c.QueryRow(ctx, `SELECT `+channel).Scan(&name); err == nil {
		_, err = c.Exec(ctx, `LISTEN `+pgx.Identifier{name}.Sanitize())
	}
	if err != nil {
		return s.explain("listening", err)
	}
	heard()
	for {
		n, err := c.WaitForNotification(ctx)
		if err != nil {
			return s.explain("listening", err)
		}
		if n.Payload != s.server.id {
			heard()
		}
	}
}

// Shared reports whether several daemons may use this ledger at once.
func (s *Store) Shared() bool { return s.server != nil }

// brokenOff reports whether a transaction was broken off by the server or the
// network, not by what it did, so that it may be begun again.
func brokenOff(err error) bool {
	var said *pgconn.PgError
	if errors.As(err, &said) {
		switch said.Code[:2] {
		case "40", "08", "57": // serialization, connection, operator intervention
			return true
		}
		return said.Code == "25P03" // idle in transaction for too long: this process was paused
	}
	return unreachable(err)
}

// unreachable reports whether nothing came back from the server.
func unreachable(err error) bool {
	var n net.Error
	var c *pgconn.ConnectError
	return errors.As(err, &c) || errors.As(err, &n) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.EOF) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) || pgconn.SafeToRetry(err)
}

// cause is which of the known causes is behind what the server said, or did not
// say; nil: none of them (https://www.postgresql.org/docs/15/errcodes-appendix.html).
func (v *server) cause(err error) error {
	var said *pgconn.PgError
	if !errors.As(err, &said) {
		switch {
		case errors.Is(err, errStandby):
			return ErrReadOnly
		case unreachable(err):
			return ErrUnreachable
		}
		return nil
	}
	switch said.Code {
	case "53100":
		return ErrFull
	case "25006":
		return ErrReadOnly
	case "55P03", "57014", "40001", "40P01":
		return ErrLocked
	case "58030":
		return ErrDisk
	case "XX001", "XX002":
		return ErrDamaged
	case "3D000", "42501":
		return ErrRefused
	case "53300", "25P03":
		return ErrUnreachable
	}
	switch said.Code[:2] {
	case "08", "57":
		return ErrUnreachable
	case "28":
		return ErrRefused
	}
	if connecting := (*pgconn.ConnectError)(nil); errors.As(err, &connecting) {
		return ErrRefused // its text names the user
	}
	return nil
}
