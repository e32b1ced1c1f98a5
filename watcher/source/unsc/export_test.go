package unsc

import (
	"io"

	"tocsin/watcher/source"
)

// Read reads a list from its first byte to its last.
func Read(from io.Reader) (version string, rows []source.Row, err error) {
	r := newReader(from)
	if version, _, err = r.begin(); err != nil {
		return version, nil, err
	}
	err = r.individuals(func(e element) error {
		one, err := row(e, "m")
		if err == nil {
			rows = append(rows, one)
		}
		return err
	})
	return version, rows, err
}
