package watchlist

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// errMeanwhile is the cause of an error about a file that somebody else wrote
// between reading and writing.
var errMeanwhile = errors.New("changed meanwhile")

// replace puts data in the place of the file at path, all of it or nothing:
// whoever reads path finds the old or the new, after a crash too. info is of the
// file that it stands for, whose owner it keeps; most bounds who may read it.
func replace(path string, data []byte, info fs.FileInfo, most fs.FileMode) (err error) {
	doing := func(err error) error { return fmt.Errorf("writing %s: %w", path, err) }
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, ".tocsin-*") // mode 0600
	if err != nil {
		return doing(err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, dropped(os.Remove(f.Name())))
		}
	}()
	_, err = f.Write(data)
	if err == nil && info != nil {
		if err = f.Chmod(info.Mode().Perm() & most); err == nil {
			err = keepOwner(f, info)
		}
	}
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return doing(err)
	}
	if err = os.Rename(f.Name(), path); err != nil {
		if info, e := os.Stat(path); e == nil && info.Mode().IsRegular() {
			return fmt.Errorf("%w (where the file alone is mounted into a container it cannot be replaced: mount its folder)", doing(err))
		}
		return doing(err)
	}
	return syncDir(dir)
}

// dropped is err, unless the file was gone already.
func dropped(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// syncDir makes a rename outlast a power cut.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("writing the folder: %w", err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("writing the folder: %w", err)
	}
	return nil
}
