//go:build !unix

package store

import (
	"errors"
	"os"
)

func lockFile(string) (*os.File, error) {
	return nil, errors.New("this system has no file locks that end with their process; run Tocsin on Linux, macOS or BSD")
}
