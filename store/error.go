package store

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"syscall"

	"github.com/ncruces/go-sqlite3"
)

var (
	// ErrNotExist says that there is no such file.
	ErrNotExist = errors.New("the file does not exist")
	// ErrNewer says that a later version of this program has written the file.
	ErrNewer = errors.New("written by a newer version")
	// ErrBusy says that another process has the file for sending.
	ErrBusy = errors.New("in use by another daemon")
	// ErrLocked says that another process kept a write transaction open for longer
	// than writers wait.
	ErrLocked = errors.New("locked by another process")
	// ErrDamaged says that the file is not a sound database, or not one that the
	// key opens.
	ErrDamaged = errors.New("damaged, or the key is wrong")
	// ErrFull says that the disk is full. Nothing of the transaction was kept.
	ErrFull = errors.New("the disk is full")
	// ErrReadOnly says that the file or its folder cannot be written.
	ErrReadOnly = errors.New("not writable")
	// ErrDisk says that the disk does not read or write. Nothing of the transaction
	// was kept.
	ErrDisk = errors.New("the disk cannot be read or written")
	// ErrGone says that there was a ledger, and now its file is missing or empty.
	ErrGone = errors.New("the ledger that was here is gone")

	// ErrUnreachable says that the database's server does not answer. Nothing of the
	// transaction was kept.
	ErrUnreachable = errors.New("the server cannot be reached")
	// ErrRefused says that the server does not let this user into this database, or
	// not do there what has to be done.
	ErrRefused = errors.New("the server refuses user, password or database")

	// ErrStale says that the source's look or the watchlist's revision has moved
	// on since the observation was computed. Nothing was written.
	ErrStale = errors.New("computed from a state that has moved on")
	// ErrFenced says that the lease has passed to another holder, or has run out.
	ErrFenced = errors.New("the lease is no longer held")
	// ErrTaken says that an event is not owed, or is in another open message.
	ErrTaken = errors.New("not owed any more, or in another message")
	// ErrSettled says that the message's outcome is already another one.
	ErrSettled = errors.New("already settled")
	// ErrNoCase says that there is no such case.
	ErrNoCase = errors.New("no such case")
	// ErrUndecidable says that a decision lacks something, or says what cannot be.
	ErrUndecidable = errors.New("this cannot be decided")
	// ErrNothingDecided says that there is no decision that could be taken back.
	ErrNothingDecided = errors.New("nobody has decided anything that could be taken back")
	// ErrNoMessage says that there is no such message.
	ErrNoMessage = errors.New("no such message")
)

// Error is an error of the file, or of the server, itself.
type Error struct {
	Path  string
	Cause error // one of the errors above
	err   error
}

var advice = map[error]string{
	ErrNotExist: "run `tocsin run` or `tocsin poll` first, or correct database: in tocsin.yaml",
	ErrNewer:    "use the newer version again, or restore a backup made before the upgrade",
	ErrBusy:     "only one `run` or `poll` may have it: stop the other one first",
	ErrLocked:   "end the program that keeps it locked",
	ErrDamaged:  "check database_key_file; if it is right, restore the last backup",
	ErrFull:     "free some space; nothing was lost, and work goes on by itself",
	ErrDisk:     "see what the system's log says about it; work goes on by itself once it does again",
	ErrGone:     "restore the last backup ('tocsin restore FILE'); only to start anew, as if nothing had been seen or told, remove the file beside it that ends in .lock",
	ErrReadOnly: "make the file and its folder writable for the user that Tocsin runs as",
}

// serverAdvice is what else there is to do where the database is a server.
var serverAdvice = map[error]string{
	ErrNotExist:    "run `tocsin run` or `tocsin poll` first, or correct database: in tocsin.yaml",
	ErrNewer:       "use the newer version again",
	ErrBusy:        "only one watches at a time: stop every replica first",
	ErrLocked:      "see in pg_stat_activity who keeps a transaction open; work goes on by itself",
	ErrDamaged:     "see the server's log",
	ErrFull:        "free some space on the server; nothing was lost, and work goes on by itself",
	ErrDisk:        "see the server's log; work goes on by itself",
	ErrReadOnly:    "it is a standby: name the primary in tocsin.yaml, or wait until it is one; work goes on by itself",
	ErrUnreachable: "start it, or correct database: in tocsin.yaml; work goes on by itself once it answers",
	ErrRefused:     "correct user, password or name under database: in tocsin.yaml, or what the server grants to this user (it makes its own tables)",
}

// Error says which database, what is wrong and what to do.
func (e *Error) Error() string {
	what, do := e.Cause.Error(), advice[e.Cause]
	if IsServer(e.Path) {
		do = serverAdvice[e.Cause]
		if e.Cause == ErrNotExist {
			what = "there is no ledger in it"
		}
	}
	return fmt.Sprintf("database %s: %s: %s", e.Path, what, do)
}

// Unwrap gives the cause and what the system said.
func (e *Error) Unwrap() []error {
	if e.err == nil {
		return []error{e.Cause}
	}
	return []error{e.Cause, e.err}
}

// explain wraps an error with what was being done, and names the file and the
// cure where the file is the cause. Nil stays nil.
func (s *Store) explain(doing string, err error) error {
	if err == nil {
		return nil
	}
	var said *Error
	var code sqlite3.ErrorCode
	if s.server != nil {
		if cause := s.server.cause(err); cause != nil && !errors.As(err, &said) {
			err = &Error{Path: s.path, Cause: cause, err: err}
		}
	} else if !errors.As(err, &said) && errors.As(err, &code) {
		cause := error(nil)
		switch code {
		case sqlite3.NOTADB, sqlite3.CORRUPT:
			cause = ErrDamaged
		case sqlite3.FULL:
			cause = ErrFull
		case sqlite3.IOERR:
			if cause = ErrDisk; noRoom(filepath.Dir(s.path)) {
				cause = ErrFull
			}
		case sqlite3.READONLY, sqlite3.PERM, sqlite3.CANTOPEN:
			cause = ErrReadOnly
		case sqlite3.BUSY:
			cause = ErrLocked
		}
		if cause != nil {
			err = &Error{Path: s.path, Cause: cause, err: err}
		}
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// Passing reports whether what keeps a write from being done may pass, while the
// file and its process stay as they are: nothing of the write was kept, and it
// may be done again.
func Passing(err error) bool {
	return errors.Is(err, ErrUnreachable) || errors.Is(err, ErrFull) || errors.Is(err, ErrLocked) || errors.Is(err, ErrReadOnly) || errors.Is(err, ErrDisk)
}

func (s *Store) locked(err error) error {
	if errors.Is(err, ErrBusy) {
		return &Error{Path: s.path, Cause: ErrBusy}
	}
	if notWritable(err) {
		return &Error{Path: s.path, Cause: ErrReadOnly, err: err}
	}
	return fmt.Errorf("locking the database: %w", err)
}

// notWritable reports whether the system refused to have a file written: by its
// permissions, or because all of the file system is read-only.
func notWritable(err error) bool {
	return errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS)
}
