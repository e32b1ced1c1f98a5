package store

import (
	"context"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/driver"
	_ "github.com/ncruces/go-sqlite3/vfs/adiantum" // the encrypting VFS of Options.EncryptionKey
	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Options say how a store is opened.
type Options struct {
	// EncryptionKey opens the file through an encrypting layer (Adiantum): 32
	// bytes. Nil: the file is plain.
	EncryptionKey []byte
	// Exclusive is for the one process that sends: it holds a lock on the file's
	// name with ".lock" behind it until Close, or until the process dies.
	Exclusive bool
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// Create makes a file that is missing; without it that is ErrNotExist.
	Create bool
}

// Store is an open ledger.
type Store struct {
	path   string // the file, or the server and its database as messages name them
	key    []byte
	w, r   pool // the one writer; the readers
	now    func() time.Time
	lock   *os.File // nil unless exclusive
	server *server  // nil: the ledger is an SQLite file
}

const readers = 3

// Open opens the database that dsn names, "sqlite:" and a path or a PostgreSQL
// address, and brings its schema up to this version's. An earlier version's file
// is migrated, unless another process has it for sending. Errors wrap ErrNotExist,
// ErrNewer, ErrBusy, ErrDamaged, ErrFull, ErrReadOnly, ErrUnreachable or ErrRefused
// where one of these is the cause, and say which database and what to do.
func Open(ctx context.Context, dsn string, o Options) (_ *Store, err error) {
	if IsServer(dsn) {
		return openServer(ctx, dsn, o)
	}
	path, ok := strings.CutPrefix(dsn, "sqlite:")
	if !ok || path == "" {
		return nil, errors.New("database: write sqlite:PATH or postgres://USER@HOST/NAME")
	}
	if o.EncryptionKey != nil && len(o.EncryptionKey) != 32 {
		return nil, fmt.Errorf("database %s: the key has %d bytes, not 32", path, len(o.EncryptionKey))
	}
	s := &Store{path: path, key: o.EncryptionKey, now: o.Now}
	if s.now == nil {
		s.now = time.Now
	}
	defer func() {
		if err != nil {
			s.Close()
		}
	}()
	if err := s.lost(); err != nil {
		return nil, err
	}
	if err := s.touch(o.Create); err != nil {
		return nil, err
	}
	if o.Exclusive {
		if s.lock, err = s.awaitLock(ctx, lockWait, func(context.Context) bool { return false }); err != nil {
			return nil, s.locked(err)
		}
	}
	if s.w, err = s.connect(1, false); err != nil {
		return nil, s.explain("opening", err)
	}
	if s.r, err = s.connect(readers, true); err != nil {
		return nil, s.explain("opening", err)
	}
	if err := s.ready(ctx, o.Exclusive); err != nil {
		return nil, err
	}
	return s, nil
}

// lost is ErrGone where a ledger was and there is an empty file, or none: nobody
// must start anew there as if nothing had been seen or told, or throw away the
// log beside it, as SQLite does.
func (s *Store) lost() error {
	info, err := os.Stat(s.path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() > 0 {
		return nil // whatever it is, opening it will tell
	}
	if lock, err := os.Stat(s.path + ".lock"); err == nil && lock.Size() > 0 {
		return &Error{Path: s.path, Cause: ErrGone}
	}
	return nil
}

// mark writes into the lock's file that there is a ledger beside it.
func mark(lock *os.File) error {
	info, err := lock.Stat()
	if err != nil || info.Size() > 0 {
		return err
	}
	if _, err := lock.WriteString("The ledger's lock. That this line is here says that there was a ledger beside it.\n"); err != nil {
		return err
	}
	return lock.Sync()
}

// touch makes the file, for its owner alone, or finds it.
func (s *Store) touch(create bool) error {
	flags := os.O_RDWR
	if create {
		flags |= os.O_CREATE
	}
	f, err := os.OpenFile(s.path, flags, 0o600)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !create:
		return &Error{Path: s.path, Cause: ErrNotExist}
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("database %s: its folder does not exist: make %s", s.path, filepath.Dir(s.path))
	case notWritable(err):
		return &Error{Path: s.path, Cause: ErrReadOnly, err: err}
	case err != nil:
		return fmt.Errorf("opening the database: %w", err)
	}
	return f.Close()
}

// connect prepares a pool of n connections.
func (s *Store) connect(n int, readOnly bool) (pool, error) {
	q := url.Values{"mode": {"rw"}, "_txlock": {"immediate"}}
	if readOnly {
		q.Set("_txlock", "deferred")
	}
	if s.key != nil {
		q.Set("vfs", "adiantum")
	}
	uri := "file:" + (&url.URL{Path: s.path}).EscapedPath() + "?" + q.Encode()
	db, err := driver.Open(uri, func(c *sqlite3.Conn) error { return s.prepare(c, readOnly) })
	if err != nil {
		return pool{}, err
	}
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(1)
	return pool{DB: db, text: numbered}, nil
}

// prepare sets one connection up. The key comes first: nothing can be read
// before it.
func (s *Store) prepare(c *sqlite3.Conn, readOnly bool) error {
	pragmas := ""
	if s.key != nil {
		pragmas = "PRAGMA hexkey='" + hex.EncodeToString(s.key) + "';"
	}
	// Temporary tables stay in memory: a folder for them may be missing in a
	// container, and would not be encrypted.
	pragmas += "PRAGMA busy_timeout=10000; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; PRAGMA trusted_schema=OFF;"
	if readOnly {
		pragmas += "PRAGMA cache_size=-1000; PRAGMA query_only=ON;"
	} else {
		pragmas += "PRAGMA cache_size=-2000; PRAGMA journal_size_limit=16777216;"
	}
	return c.Exec(pragmas)
}

// ready makes the schema this version's and ends what a dead daemon held.
func (s *Store) ready(ctx context.Context, exclusive bool) error {
	have, foreign, err := s.version(ctx)
	if err != nil {
		return s.explain("opening", err)
	}
	if foreign {
		return fmt.Errorf("database %s: this is another program's file: name another one as database, or none", s.path)
	}
	p, err := s.provider()
	if err != nil {
		return err
	}
	if have > newest(p) {
		return &Error{Path: s.path, Cause: ErrNewer}
	}
	if have < newest(p) {
		if err := s.upgrade(ctx, p, newest(p), exclusive); err != nil {
			return err
		}
	} else if exclusive {
		if err := s.sound(ctx); err != nil {
			return err
		}
	}
	if exclusive {
		// A ledger that was copied or mended by hand, or whose restore was killed, may
		// be without its write-ahead log.
		if err := s.wal(ctx); err != nil {
			return err
		}
		if err := mark(s.lock); err != nil {
			return s.marking(err)
		}
		// Whoever held a lease on this file is dead: its lock is ours.
		return s.write(ctx, "ending earlier leases", func(t *tx) error {
			_, err := t.exec(`UPDATE lease SET holder = '', until = 0, fence = fence + 1`)
			return err
		})
	}
	return nil
}

func sub(f embed.FS) fs.FS {
	dir, err := fs.Sub(f, "migrations")
	if err != nil {
		panic(err) // the path is a constant
	}
	return dir
}

// version is the schema's, 0 for an empty file.
func (s *Store) version(ctx context.Context) (v int64, foreign bool, err error) {
	var tables, ours int
	err = s.w.QueryRowContext(ctx, `SELECT count(*), coalesce(sum(name = 'goose_db_version'), 0) FROM sqlite_schema WHERE type = 'table'`).Scan(&tables, &ours)
	if err != nil || tables == 0 {
		return 0, false, err
	}
	if ours == 0 {
		return 0, true, nil
	}
	err = s.w.QueryRowContext(ctx, `SELECT coalesce(max(version_id), 0) FROM goose_db_version`).Scan(&v)
	return v, false, err
}

// Commands hold the lock only while they make the schema, daemons as long as they run.
const (
	upgradeWait = 10 * time.Second // how long a command waits for a daemon that has just started and is making it
	lockWait    = 2 * time.Second  // how long a daemon waits for a command that is
)

// awaitLock takes the lock, or waits for whoever has it: at most so long, then it is
// ErrBusy. It is nil without an error where done said meanwhile that there is no need.
func (s *Store) awaitLock(ctx context.Context, wait time.Duration, done func(context.Context) bool) (*os.File, error) {
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		lock, err := lockFile(s.path + ".lock")
		if !errors.Is(err, ErrBusy) {
			return lock, err
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return nil, ErrBusy
		}
		if done(ctx) {
			return nil, nil
		}
	}
}

// upgrade makes the schema the newest. That needs the lock, since it must not
// change under a daemon: who has no lock takes it for that long, or waits for
// the daemon that is at it.
func (s *Store) upgrade(ctx context.Context, p *goose.Provider, newest int64, exclusive bool) error {
	if exclusive {
		return s.migrate(ctx, p)
	}
	lock, err := s.awaitLock(ctx, upgradeWait, func(ctx context.Context) bool {
		have, _, err := s.version(ctx)
		return err == nil && have == newest
	})
	if err != nil {
		return s.locked(err)
	}
	if lock == nil {
		return nil
	}
	if err = s.migrate(ctx, p); err == nil {
		err = s.marking(mark(lock))
	}
	return errors.Join(err, lock.Close())
}

func (s *Store) marking(err error) error {
	if isFull(err) {
		return &Error{Path: s.path, Cause: ErrFull, err: err}
	}
	if err != nil {
		return fmt.Errorf("writing the database's lock: %w", err)
	}
	return nil
}

func (s *Store) migrate(ctx context.Context, p *goose.Provider) error {
	if err := s.wal(ctx); err != nil {
		return err
	}
	if _, err := p.Up(ctx); err != nil {
		return s.explain("migrating", err)
	}
	return nil
}

// wal has SQLite keep a write-ahead log: readers and the writer then do not wait
// for each other.
func (s *Store) wal(ctx context.Context) error {
	var mode string
	if err := s.w.QueryRowContext(ctx, `PRAGMA journal_mode=WAL`).Scan(&mode); err != nil {
		return s.explain("opening", err)
	}
	if mode != "wal" {
		return fmt.Errorf("database %s: its folder does not allow a write-ahead log (journal mode %s): use a local disk", s.path, mode)
	}
	return nil
}

// sound reads the whole file once.
func (s *Store) sound(ctx context.Context) error {
	var said string
	if err := s.w.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&said); err != nil {
		return s.explain("checking", err)
	}
	if said != "ok" {
		return &Error{Path: s.path, Cause: ErrDamaged, err: errors.New(said)}
	}
	return nil
}

// Close ends the store's use of the file and lets go of its lock.
func (s *Store) Close() error {
	var errs []error
	for _, db := range []pool{s.r, s.w} { // the writer last: it folds the log into the file
		if db.DB != nil {
			errs = append(errs, db.Close())
		}
	}
	if s.lock != nil {
		errs = append(errs, s.lock.Close())
	}
	return errors.Join(errs...)
}

// Path is the database's file, or the server's address without user and password.
func (s *Store) Path() string { return s.path }

// DataVersion changes whenever another process (or another Store on the same
// file) has committed; this Store's own writes do not change it. It is for files:
// a server tells of it by itself, to who calls Listen.
func (s *Store) DataVersion(ctx context.Context) (int64, error) {
	// Asked on the writing connection, because SQLite counts the commits of all
	// connections but the one that asks (https://sqlite.org/pragma.html#pragma_data_version).
	var v int64
	err := s.w.QueryRowContext(ctx, `PRAGMA data_version`).Scan(&v)
	return v, s.explain("reading", err)
}
