package watchlist

import (
	"io/fs"
	"syscall"
	"time"
)

// statusChange is when the file or its metadata last changed, which no program
// can set; the zero time if the system does not say.
func statusChange(info fs.FileInfo) time.Time {
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return time.Unix(st.Ctim.Unix())
	}
	return time.Time{}
}
