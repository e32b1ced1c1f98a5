package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/ncruces/go-sqlite3"
	"github.com/pressly/goose/v3"
)

var (
	// ErrEmpty says that there is no ledger in the file: it has no table.
	ErrEmpty = errors.New("empty: there is no ledger in it")
	// ErrForeign says that another program has made the file.
	ErrForeign = errors.New("another program's file")
	// ErrPlain says that a key was given and the file is not encrypted.
	ErrPlain = errors.New("not encrypted, and database_key_file is set")
	// ErrExists says that a file of that name is there already; it was left alone.
	ErrExists = errors.New("it is there already and stays as it is")
)

// metaBackup is where a copy says when it was made (RFC 3339).
const metaBackup = "backup_at"

// Content is what is in a ledger's file, by what its tables say.
type Content struct {
	Schema    int64     `json:"schema"`
	Encrypted bool      `json:"encrypted"`
	Made      time.Time `json:"made_at,omitzero"`    // by Backup; zero: it is no backup
	LastLook  time.Time `json:"last_look,omitzero"`  // the end of the last look at any source
	LastEvent time.Time `json:"last_event,omitzero"` // zero: nothing has happened
	LastSeq   int64     `json:"-"`                   // of that event
	Notices   int       `json:"notices"`
	People    int       `json:"people"` // ids, those removed included
	Cases     int       `json:"cases"`
	Events    int       `json:"events"`
	Owed      int       `json:"owed"`    // deliveries not yet sent
	Unknown   int       `json:"unknown"` // messages of which nobody knows whether they arrived
}

// BackupError is an error of a backup's file, as Error is of the database's.
type BackupError struct {
	Path  string
	Cause error // ErrExists, ErrEmpty, ErrForeign, ErrPlain or one of Error's causes
	err   error
}

var backupAdvice = map[error]string{
	ErrNotExist: "name the file that 'tocsin backup' wrote",
	ErrNewer:    "restore it with the newer version of tocsin",
	ErrDamaged:  "check that database_key_file is the one it was made under; if it is, take an earlier backup",
	ErrPlain:    "restore it with database_key_file left out, or take a backup that was made under the key",
	ErrEmpty:    "take another backup",
	ErrForeign:  "name the file that 'tocsin backup' wrote",
	ErrFull:     "free some space there, or name a file on another disk; the ledger is as it was",
	ErrReadOnly: "make its folder writable for the user that Tocsin runs as, or name a file in another",
	ErrExists:   "name another file",
	ErrLocked:   "end the program that keeps it locked",
}

// Error says which file, what is wrong and what to do.
func (e *BackupError) Error() string {
	return fmt.Sprintf("backup %s: %v: %s", e.Path, e.Cause, backupAdvice[e.Cause])
}

// Unwrap gives the cause and what the system said.
func (e *BackupError) Unwrap() []error {
	if e.err == nil {
		return []error{e.Cause}
	}
	return []error{e.Cause, e.err}
}

// ofBackup names the file and the cure where one of the known causes is behind
// err. What SQLite said itself is left out: it may quote an address with the key.
func ofBackup(path, doing string, err error) error {
	var known *BackupError
	if err == nil || errors.As(err, &known) {
		return err
	}
	for cause := range backupAdvice {
		if errors.Is(err, cause) {
			return &BackupError{Path: path, Cause: cause}
		}
	}
	var code sqlite3.ErrorCode
	if errors.As(err, &code) {
		err = code
	}
	return fmt.Errorf("backup %s: %s: %w", path, doing, err)
}

// offline is a Store on a file of which nothing is expected: no lock is taken
// and its schema is left as it is.
func offline(path string, o Options) (*Store, error) {
	if o.EncryptionKey != nil && len(o.EncryptionKey) != 32 {
		return nil, fmt.Errorf("database %s: the key has %d bytes, not 32", path, len(o.EncryptionKey))
	}
	s := &Store{path: path, key: o.EncryptionKey, now: o.Now}
	if s.now == nil {
		s.now = time.Now
	}
	var err error
	if s.w, err = s.connect(1, false); err != nil {
		return nil, s.explain("opening", err)
	}
	return s, nil
}

func pathOf(dsn string) (string, error) {
	path, ok := strings.CutPrefix(dsn, "sqlite:")
	if !ok {
		return "", errors.New("database: this is for SQLite's files: back PostgreSQL up with pg_dump and restore it with pg_restore while no replica runs")
	}
	if path == "" {
		return "", errors.New("database: write sqlite:PATH")
	}
	return path, nil
}

// Backup writes a copy of the database that dsn names to a new file, for its
// owner alone: all that was committed when it began and nothing half done, also
// while a daemon runs. An encrypted ledger gives a copy under the same key. The
// file is complete, sound and on the disk when it gets its name, or does not get
// it. A ledger of an earlier version is copied as it is.
//
// Errors that come from the new file are a *BackupError; a file that is there
// already is ErrExists. Errors of the ledger are as Open's.
func Backup(ctx context.Context, dsn string, o Options, to string) (c Content, err error) {
	path, err := pathOf(dsn)
	if err != nil {
		return c, err
	}
	if err := (&Store{path: path}).touch(false); err != nil {
		return c, err
	}
	s, err := offline(path, o)
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	schema, err := s.ours(ctx)
	if err != nil {
		return c, err
	}
	if err := s.sound(ctx); err != nil { // or the copy would be blamed for it, today or at its restore
		return c, err
	}
	// A name may be taken once the copy is done; whoever asks for it in vain need not wait for that.
	switch _, err := os.Lstat(to); {
	case err == nil:
		return c, &BackupError{Path: to, Cause: ErrExists}
	case !errors.Is(err, fs.ErrNotExist):
		return c, cannotWrite(to, err)
	}
	part, err := newPart(to)
	if err != nil {
		return c, cannotWrite(to, err)
	}
	defer func() { err = errors.Join(err, removeAll(part, part+"-journal", part+"-wal", part+"-shm")) }()
	if err := s.vacuumInto(ctx, part); err != nil {
		return c, s.copying(to, err)
	}
	if c, err = verify(ctx, part, o, schema); err != nil {
		return c, ofBackup(to, "checking the copy", err)
	}
	if err := syncFile(part); err != nil {
		return c, cannotWrite(to, err)
	}
	return c, cannotWrite(to, nameNew(part, to))
}

// ours is the schema's version, of a file that is a ledger and that this version
// of the program can read.
func (s *Store) ours(ctx context.Context) (int64, error) {
	have, foreign, err := s.version(ctx)
	switch {
	case err != nil:
		return 0, s.explain("opening", err)
	case foreign:
		return 0, fmt.Errorf("database %s: %w: name another under the key database", s.path, ErrForeign)
	case have == 0:
		return 0, fmt.Errorf("database %s: %w", s.path, ErrEmpty)
	}
	p, err := s.provider()
	if err != nil {
		return 0, err
	}
	if have > newest(p) {
		return 0, &Error{Path: s.path, Cause: ErrNewer}
	}
	return have, nil
}

func (s *Store) provider() (*goose.Provider, error) {
	p, err := goose.NewProvider(goose.DialectSQLite3, s.w.DB, sub(migrations), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return nil, fmt.Errorf("reading the migrations: %w", err)
	}
	return p, nil
}

// newest is the schema's version that this program makes.
func newest(p *goose.Provider) int64 {
	list := p.ListSources()
	return list[len(list)-1].Version
}

// vacuumInto has SQLite copy the ledger, as of now, into an empty file.
func (s *Store) vacuumInto(ctx context.Context, path string) error {
	_, err := s.w.ExecContext(ctx, `VACUUM INTO ?1`, s.address(path))
	return err
}

// copying explains what went wrong while to was made of the ledger: reading
// errors are the ledger's, the others the copy's.
func (s *Store) copying(to string, err error) error {
	var code sqlite3.ErrorCode
	if !errors.As(err, &code) {
		return fmt.Errorf("backup %s: copying: %w", to, err)
	}
	switch code {
	case sqlite3.NOTADB, sqlite3.CORRUPT, sqlite3.BUSY:
		return s.explain("copying", code) // the code alone: SQLite's words may quote the address, and the key in it
	case sqlite3.FULL:
		return &BackupError{Path: to, Cause: ErrFull}
	case sqlite3.IOERR:
		if noRoom(filepath.Dir(to)) {
			return &BackupError{Path: to, Cause: ErrFull}
		}
	case sqlite3.READONLY, sqlite3.PERM, sqlite3.CANTOPEN:
		return &BackupError{Path: to, Cause: ErrReadOnly}
	}
	return fmt.Errorf("backup %s: copying: %w", to, code)
}

// verify opens a copy, writes into it when it was made and reads all of it.
func verify(ctx context.Context, path string, o Options, schema int64) (c Content, err error) {
	s, err := offline(path, o)
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	have, err := s.ours(ctx)
	if err != nil {
		return c, err
	}
	if have != schema {
		return c, fmt.Errorf("the copy's schema is %d, the ledger's %d", have, schema)
	}
	if err := s.write(ctx, "dating the copy", func(t *tx) error {
		return setMeta(t, metaBackup, t.now.Truncate(time.Second).Format(time.RFC3339))
	}); err != nil {
		return c, err
	}
	if err := s.sound(ctx); err != nil {
		return c, err
	}
	return s.content(ctx)
}

// content counts what is in a ledger, of any version.
func (s *Store) content(ctx context.Context) (Content, error) {
	c := Content{Encrypted: s.key != nil}
	var made sql.NullString
	err := s.w.QueryRowContext(ctx, `SELECT (SELECT max(version_id) FROM goose_db_version), (SELECT value FROM meta WHERE key = ?1),
		(SELECT coalesce(max(last_look), 0) FROM source), (SELECT coalesce(max(at), 0) FROM event), (SELECT coalesce(max(seq), 0) FROM event),
		(SELECT count(*) FROM notice), (SELECT count(*) FROM person), (SELECT count(*) FROM cases), (SELECT count(*) FROM event),
		(SELECT count(*) FROM delivery WHERE state = 'pending'), (SELECT count(*) FROM message WHERE state IN ('sending', 'unknown'))`, metaBackup).
		Scan(&c.Schema, &made, stamp{&c.LastLook}, stamp{&c.LastEvent}, &c.LastSeq, &c.Notices, &c.People, &c.Cases, &c.Events, &c.Owed, &c.Unknown)
	if err == nil && made.Valid {
		c.Made, err = time.Parse(time.RFC3339, made.String)
	}
	return c, s.explain("counting", err)
}

// newPart makes an empty file beside the one that is to be, for its owner alone.
func newPart(path string) (string, error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".part-*")
	if err != nil {
		return "", err
	}
	return f.Name(), f.Close()
}

// nameNew gives a complete file its name, unless that is taken.
func nameNew(part, to string) error {
	err := os.Link(part, to)
	switch {
	case err == nil:
		err = os.Remove(part)
	case !errors.Is(err, fs.ErrExist):
		// A file system without links. The name is taken first, so that nobody
		// else's file is replaced.
		var f *os.File
		if f, err = os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600); err == nil {
			err = errors.Join(f.Close(), os.Rename(part, to))
		}
	}
	if err != nil {
		return err
	}
	return syncFile(filepath.Dir(to))
}

// cannotWrite explains what the system says about a file that is to be made.
func cannotWrite(path string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrExist):
		return &BackupError{Path: path, Cause: ErrExists, err: err}
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("backup %s: its folder does not exist: make %s", path, filepath.Dir(path))
	case notWritable(err):
		return &BackupError{Path: path, Cause: ErrReadOnly, err: err}
	case isFull(err):
		return &BackupError{Path: path, Cause: ErrFull, err: err}
	}
	return fmt.Errorf("writing the backup: %w", err)
}

// syncFile has what was written to a file, or to a folder's list of names, put
// on the disk.
func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// removeAll removes files; those that are not there are fine.
func removeAll(paths ...string) error {
	var errs []error
	for _, p := range paths {
		if err := os.Remove(p); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// isFull reports whether the system had no room for what was written.
func isFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}

// noRoom reports whether nothing more can be written into a folder. What SQLite
// says of a full disk is "disk I/O error" alone: its VFS looks for ENOSPC where
// os.File does not put it (go-sqlite3 v0.36.0, osWriteAt).
func noRoom(dir string) bool {
	f, err := os.CreateTemp(dir, ".tocsin-room-*")
	if err != nil {
		return isFull(err)
	}
	_, err = f.Write(make([]byte, 64<<10))
	if err == nil {
		err = f.Sync()
	}
	return isFull(errors.Join(err, f.Close(), os.Remove(f.Name())))
}

// address names another file to SQLite, to be opened as this Store's is. It
// holds the key: it is not for messages.
func (s *Store) address(path string) string {
	q := url.Values{}
	if s.key != nil {
		q.Set("vfs", "adiantum")
		q.Set("hexkey", hex.EncodeToString(s.key))
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}
