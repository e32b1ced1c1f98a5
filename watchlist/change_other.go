//go:build !linux

package watchlist

import (
	"io/fs"
	"time"
)

// statusChange is not known here: a file over 1 MiB whose size and times are
// kept through an edit is taken for unchanged.
func statusChange(fs.FileInfo) time.Time { return time.Time{} }
