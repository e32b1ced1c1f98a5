//go:build unix

package watchlist

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// lock waits until no other command edits the file at path. The kernel lets go
// of it when the process ends, however it ends.
func lock(path string) (unlock func(), err error) {
	for {
		f, err := os.Open(path)
		if err != nil {
			return nil, unreadable(path, err)
		}
		for {
			if err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX); !errors.Is(err, syscall.EINTR) {
				break
			}
		}
		if err != nil {
			return nil, errors.Join(fmt.Errorf("locking %s: %w", path, err), f.Close())
		}
		// Who waited may hold what was replaced meanwhile.
		mine, err := f.Stat()
		now, e := os.Stat(path)
		if err == nil && e == nil && os.SameFile(mine, now) {
			return func() { f.Close() }, nil // closing lets go; nothing was written through it
		}
		if err := errors.Join(err, f.Close()); err != nil {
			return nil, fmt.Errorf("locking %s: %w", path, err)
		}
		if e != nil {
			return nil, unreadable(path, e)
		}
	}
}

// keepOwner gives f the owner that info has: a list edited by root must stay
// readable to the user that Tocsin runs as.
func keepOwner(f *os.File, info fs.FileInfo) error {
	was, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return nil
	}
	is, err := f.Stat()
	if err != nil {
		return err
	}
	if now, ok := is.Sys().(*syscall.Stat_t); ok && now.Uid == was.Uid && now.Gid == was.Gid {
		return nil
	}
	err = f.Chown(int(was.Uid), int(was.Gid))
	now, ok := is.Sys().(*syscall.Stat_t)
	if ok && now.Uid == was.Uid && info.Mode().Perm()&0o070 == 0 {
		return nil // a group that may not read it anyway
	}
	if err != nil {
		return fmt.Errorf("the file belongs to another user, and would be yours afterwards: run this as its owner: %w", err)
	}
	return nil
}
