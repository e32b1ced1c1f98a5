package evidence

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// disk does what has to last: each call returns when its effect has reached the
// disk. step, if not nil, is told before each effect; tests die there.
type disk struct {
	dir  string
	step func(what string)
}

func (d disk) at(what string) {
	if d.step != nil {
		d.step(what)
	}
}

func (d disk) path(name string) string { return filepath.Join(d.dir, filepath.FromSlash(name)) }

// create writes a new file. Its folder must be synced for its name to last.
func (d disk) create(name string, b []byte) error {
	d.at("create")
	f, err := os.OpenFile(d.path(name), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	d.at("created")
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// replace writes a file whole or not at all.
func (d disk) replace(name string, b []byte) error {
	if err := d.create(name+".new", b); err != nil {
		return err
	}
	d.at("replace")
	if err := os.Rename(d.path(name+".new"), d.path(name)); err != nil {
		return err
	}
	return d.sync(filepath.ToSlash(filepath.Dir(filepath.FromSlash(name))))
}

// rename moves a file. Both folders must be synced for it to last.
func (d disk) rename(from, to string) error {
	d.at("rename")
	return os.Rename(d.path(from), d.path(to))
}

// remove deletes a file; that it is not there is no error.
func (d disk) remove(name string) error {
	d.at("remove")
	if err := os.Remove(d.path(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// mkdir makes a folder, if it is not there, in one that is, and syncs that.
func (d disk) mkdir(name string) error {
	d.at("mkdir")
	err := os.Mkdir(d.path(name), 0o700)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return d.sync(filepath.ToSlash(filepath.Dir(filepath.FromSlash(name))))
}

// sync makes a folder's names last.
func (d disk) sync(name string) error {
	d.at("sync")
	f, err := os.Open(d.path(name))
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// read reads a file of no more than limit bytes.
func (d disk) read(name string, limit int64) ([]byte, error) {
	info, err := os.Stat(d.path(name))
	if err != nil {
		return nil, err
	}
	if info.Size() > limit {
		return nil, fmt.Errorf("%s: %d bytes, more than the %d that it may have", name, info.Size(), limit)
	}
	return os.ReadFile(d.path(name))
}

// append writes b at the end of a file, which is at off.
func (d disk) append(name string, off int64, b []byte) error {
	d.at("append")
	f, err := os.OpenFile(d.path(name), os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	half := len(b) / 2
	_, err = f.WriteAt(b[:half], off)
	if err == nil {
		d.at("half appended")
		_, err = f.WriteAt(b[half:], off+int64(half))
	}
	d.at("appended")
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// truncate cuts a file off.
func (d disk) truncate(name string, size int64) error {
	d.at("truncate")
	f, err := os.OpenFile(d.path(name), os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if err = f.Truncate(size); err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}
