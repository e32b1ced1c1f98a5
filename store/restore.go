package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/ncruces/go-sqlite3"
)

// MetaRestored is where a restored ledger keeps its Gap, as JSON.
const MetaRestored = "restored"

// Gap is the time of which a restored ledger knows nothing: what was sent and
// decided in it is not in the ledger, though it may have reached people.
type Gap struct {
	From    time.Time `json:"from,omitzero"` // when the backup was made; zero: not known
	Until   time.Time `json:"until"`         // when it was restored
	LastSeq int64     `json:"last_seq"`      // of the last event before it
}

// Restored says what Restore has done.
type Restored struct {
	Content        // of the ledger now in place
	Gap     Gap    // what it does not know
	Kept    string // the database that was there, "" if none was
	Sound   bool   // that database was sound
}

// dataFiles are what SQLite keeps beside a database and would take for a part of
// any other database of that name.
var dataFiles = []string{"-wal", "-journal"}

// Restore puts the ledger in file from in the place of the database that dsn
// names. It is checked as a whole first; while anything is wrong with it, or a
// daemon runs (ErrBusy), nothing is touched. The database that was there is kept
// beside, under its name with ".replaced-" and the time behind it. A process that
// is killed leaves either the one or the other in place; an error leaves the
// earlier.
//
// In the ledger put in place every lease has ended, every living message is to
// be shown anew, and MetaRestored tells the Gap. What is wrong with from is a
// *BackupError.
func Restore(ctx context.Context, dsn string, o Options, from string) (Restored, error) {
	return restore(ctx, dsn, o, from, func(string) {})
}

// restore is Restore; after hears the name of every step that was done.
func restore(ctx context.Context, dsn string, o Options, from string, after func(step string)) (r Restored, err error) {
	path, err := pathOf(dsn)
	if err != nil {
		return r, err
	}
	if err := readable(from, path); err != nil {
		return r, err
	}
	if _, err := os.Stat(filepath.Dir(path)); errors.Is(err, fs.ErrNotExist) {
		return r, fmt.Errorf("database %s: its folder does not exist: make %s", path, filepath.Dir(path))
	}
	lock, err := lockFile(path + ".lock")
	if err != nil {
		return r, (&Store{path: path}).locked(err)
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real // the file is replaced, and what leads to it stays; SQLite, too, has its log beside the file
	}
	after("locked")

	staged := path + ".restoring"
	unstage := func() error { return removeAll(staged, staged+"-wal", staged+"-journal", staged+"-shm") }
	if err := unstage(); err != nil { // of a restore that was killed
		return r, fmt.Errorf("making room for the restored database: %w", err)
	}
	defer func() { err = errors.Join(err, unstage()) }()
	for _, suffix := range append([]string{""}, dataFiles...) {
		if err := copyFile(from+suffix, staged+suffix); err != nil && !(suffix != "" && errors.Is(err, fs.ErrNotExist)) {
			return r, staging(path, err)
		}
	}
	after("copied")
	if r.Content, r.Gap, err = makeReady(ctx, staged, o); err != nil {
		return r, ofBackup(from, "checking it", err)
	}
	if err := syncFile(staged); err != nil {
		return r, staging(path, err)
	}
	after("checked")

	letGo, err := settle(ctx, path, o)
	if err != nil {
		return r, err
	}
	if r.Sound = letGo != nil; r.Sound {
		defer func() { err = errors.Join(err, letGo()) }()
	}
	after("settled")
	if r.Kept, err = keep(path, r.Gap.Until); err != nil {
		return r, fmt.Errorf("keeping the database that is there: %w", err)
	}
	after("kept")
	// What a sound database had beside it is folded in by now. What is still there
	// belongs to an unsound one, and would be read into the new one.
	if err := removeAll(path+"-wal", path+"-journal", path+"-shm"); err != nil {
		return r, fmt.Errorf("taking away what belongs to the earlier database: %w", err)
	}
	after("bare")
	if err := os.Rename(staged, path); err != nil {
		return r, fmt.Errorf("putting the restored database in place: %w", err)
	}
	after("in place")
	return r, syncFile(filepath.Dir(path))
}

// readable finds the file to restore from.
func readable(from, path string) error {
	info, err := os.Stat(from)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &BackupError{Path: from, Cause: ErrNotExist}
	case err != nil:
		return fmt.Errorf("reading the backup: %w", err)
	case !info.Mode().IsRegular():
		return fmt.Errorf("backup %s: this is no file", from)
	case info.Size() == 0:
		return &BackupError{Path: from, Cause: ErrEmpty}
	}
	if there, err := os.Stat(path); err == nil && os.SameFile(info, there) {
		return fmt.Errorf("backup %s: this is the database itself", from)
	}
	return nil
}

// makeReady checks a copy of the backup and makes of it the ledger that is to be
// put in place: one file, of this version, to be opened by a daemon.
func makeReady(ctx context.Context, staged string, o Options) (c Content, g Gap, err error) {
	if plain, err := isPlain(staged); err != nil {
		return c, g, err
	} else if plain && o.EncryptionKey != nil {
		return c, g, ErrPlain
	}
	s, err := offline(staged, o)
	if err != nil {
		return c, g, err
	}
	closed := false
	defer func() {
		if !closed {
			err = errors.Join(err, s.Close())
		}
	}()
	schema, err := s.ours(ctx)
	if err != nil {
		return c, g, err
	}
	if err := s.whole(ctx); err != nil {
		return c, g, err
	}
	if c, err = s.content(ctx); err != nil {
		return c, g, err
	}
	p, err := s.provider()
	if err != nil {
		return c, g, err
	}
	if err := s.migrate(ctx, p); err != nil {
		return c, g, err
	}
	g = Gap{From: c.Made, Until: s.now().UTC(), LastSeq: c.LastSeq}
	if err := s.write(ctx, "preparing", func(t *tx) error { return t.afterGap(g) }); err != nil {
		return c, g, err
	}
	closed = true
	if err := s.Close(); err != nil {
		return c, g, err
	}
	for _, suffix := range dataFiles {
		if info, err := os.Stat(staged + suffix); err == nil && info.Size() > 0 {
			return c, g, fmt.Errorf("%s was not folded into it (schema %d)", suffix, schema)
		}
	}
	return c, g, nil
}

// afterGap marks in a ledger what its Gap means: nobody holds a lease, what the
// messages of its cases show is not known, and it is no backup any more.
func (t *tx) afterGap(g Gap) error {
	text, err := jsonText(g)
	if err != nil {
		return err
	}
	if err := setMeta(t, MetaRestored, text); err != nil {
		return err
	}
	for _, query := range []string{
		`DELETE FROM meta WHERE key = '` + metaBackup + `'`,
		`UPDATE lease SET holder = '', until = 0, fence = fence + 1`,
		// Counted up, so that what was shown in the gap is older in any case.
		`UPDATE cases SET rev = rev + 1`,
		`UPDATE message SET behind = 1 WHERE kind IN ('root', 'item')`,
	} {
		if _, err := t.exec(query); err != nil {
			return err
		}
	}
	return nil
}

// Gap reads what a restored ledger does not know; false: it was never restored.
func (s *Store) Gap(ctx context.Context) (g Gap, ok bool, err error) {
	text, err := s.Meta(ctx, MetaRestored)
	if err != nil || text == "" {
		return g, false, err
	}
	if err := json.Unmarshal([]byte(text), &g); err != nil {
		return g, false, fmt.Errorf("reading when the ledger was restored: %w", err)
	}
	return g, true, nil
}

// whole reads the file once, its indexes and references too.
func (s *Store) whole(ctx context.Context) error {
	var said string
	if err := s.w.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&said); err != nil {
		return s.explain("checking", err)
	}
	var broken int
	if err := s.w.QueryRowContext(ctx, `SELECT count(*) FROM pragma_foreign_key_check`).Scan(&broken); err != nil {
		return s.explain("checking", err)
	}
	if said != "ok" || broken > 0 {
		return &Error{Path: s.path, Cause: ErrDamaged, err: fmt.Errorf("%s; %d rows without what they refer to", said, broken)}
	}
	return nil
}

// settleWait is how long a command that reads or decides may go on beside.
const settleWait = 5 * time.Second

// settle folds all of a sound database into its one file and keeps everybody
// else out of it until letGo. Nil: there is none, or it is unsound; then it is
// left as it is. ErrLocked: another program has it open.
func settle(ctx context.Context, path string, o Options) (letGo func() error, err error) {
	if info, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		// SQLite would throw away a log that lies beside an empty file.
		return nil, nil
	}
	if sound, err := looksSound(ctx, path, o); err != nil || !sound {
		return nil, err
	}
	s, err := offline(path, o)
	if err != nil {
		return nil, err
	}
	c, err := s.w.Conn(ctx)
	if err != nil {
		return nil, errors.Join(s.explain("opening the earlier database", err), s.Close())
	}
	letGo = func() error { return errors.Join(c.Close(), s.Close()) }
	waiting, cancel := context.WithTimeout(ctx, settleWait)
	defer cancel()
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for {
		// Without a write-ahead log there is nothing that SQLite would do to files of
		// this name once they are another database's; and whoever still waits for
		// this one then finds that it has moved, and does not write to it.
		_, err := c.ExecContext(waiting, `PRAGMA journal_mode=DELETE; BEGIN EXCLUSIVE`)
		if err == nil {
			return letGo, nil
		}
		if !errors.Is(err, sqlite3.BUSY) && waiting.Err() == nil {
			return nil, errors.Join(s.explain("closing the earlier database", err), letGo())
		}
		select {
		case <-again.C:
		case <-waiting.Done():
			if err := ctx.Err(); err != nil {
				return nil, errors.Join(err, letGo())
			}
			return nil, errors.Join(&Error{Path: path, Cause: ErrLocked}, letGo())
		}
	}
}

// looksSound reads a database without changing it: neither it nor its log.
func looksSound(ctx context.Context, path string, o Options) (sound bool, err error) {
	s, err := offline(path, o)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	c, err := s.w.Conn(ctx)
	if err != nil {
		return false, unlessDamaged(err)
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	if err := c.Raw(func(x any) error {
		_, err := x.(interface{ Raw() *sqlite3.Conn }).Raw().Config(sqlite3.DBCONFIG_NO_CKPT_ON_CLOSE, true)
		return err
	}); err != nil {
		return false, fmt.Errorf("reading the earlier database: %w", err)
	}
	var said string
	err = c.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&said)
	if err != nil {
		return false, unlessDamaged(s.explain("reading the earlier database", err))
	}
	return said == "ok", nil
}

// unlessDamaged is nil for an error that says that a file cannot be made out.
func unlessDamaged(err error) error {
	if errors.Is(err, sqlite3.NOTADB) || errors.Is(err, sqlite3.CORRUPT) || errors.Is(err, sqlite3.IOERR) {
		return nil
	}
	return err
}

// keep gives the database that is there, and what belongs to it, a second name.
// It returns that of the database itself, "" if there is nothing.
func keep(path string, at time.Time) (string, error) {
	name, err := unused(path + ".replaced-" + at.UTC().Format("20060102T150405Z"))
	if err != nil {
		return "", err
	}
	kept := ""
	for _, suffix := range append([]string{""}, dataFiles...) {
		err := os.Link(path+suffix, name+suffix)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			err = copyFile(path+suffix, name+suffix) // a file system without links
		}
		switch {
		case err == nil:
			kept = name
		case !errors.Is(err, fs.ErrNotExist):
			return "", err
		}
	}
	if kept == "" {
		return "", nil
	}
	return kept, syncFile(filepath.Dir(path))
}

// unused is the name, or the name with a number behind it if there was a file of
// that name in the same second.
func unused(name string) (string, error) {
	for n := 1; ; n++ {
		try := name
		if n > 1 {
			try = fmt.Sprintf("%s-%d", name, n)
		}
		free := true
		for _, suffix := range append([]string{""}, dataFiles...) {
			_, err := os.Lstat(try + suffix)
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return "", err
			}
			free = free && err != nil
		}
		if free {
			return try, nil
		}
	}
}

// copyFile copies a file to a new one, for its owner alone, onto the disk.
func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close() // only read
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	if err == nil {
		err = out.Sync()
	}
	return errors.Join(err, out.Close())
}

// staging explains why no copy could be made in the database's folder.
func staging(path string, err error) error {
	switch {
	case isFull(err):
		return &Error{Path: path, Cause: ErrFull, err: err}
	case notWritable(err):
		return &Error{Path: path, Cause: ErrReadOnly, err: err}
	}
	return fmt.Errorf("copying the backup: %w", err)
}

// isPlain reports whether a file begins as an unencrypted database does
// (https://sqlite.org/fileformat.html#magic_header_string).
func isPlain(path string) (bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer f.Close() // only read
	head := make([]byte, 16)
	if _, err := io.ReadFull(f, head); err != nil {
		return false, nil // too short to begin as anything
	}
	return string(head) == "SQLite format 3\x00", nil
}
