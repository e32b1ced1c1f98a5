package watcher

import (
	"maps"
	"time"

	"go.uber.org/zap"
)

// clockBack is how far the clock must have gone back to be taken as set.
const clockBack = 2 * time.Second

// notAfter takes back what the ledger says of times that have not come: the clock
// was set back since. Left alone, the source would count as seen until they come,
// and what is missing from its list as there.
func (h *held) notAfter(now time.Time) {
	now = now.UTC()
	early := func(times ...*time.Time) (moved bool) {
		for _, t := range times {
			if t.After(now) {
				*t, moved = now, true
			}
		}
		return moved
	}
	early(&h.row.Began, &h.row.LastLook, &h.row.LastComplete, &h.row.NewestAt, &h.row.OutageSince, &h.row.DataAt)
	for id, x := range h.notices {
		if early(&x.FirstSeen, &x.LastSeen, &x.DetailAt, &x.GoneAt) {
			h.notices[id] = x
		}
	}
}

// begun is when the watch began, by the clock as it is now.
func (w *Watcher) begun() time.Time {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return w.started
}

// setBack sees to it that a clock which was set back while the watch runs makes
// no source count as seen that is not, and nothing wait for a time that was.
func (w *Watcher) setBack(now time.Time) {
	w.log.Warn("the clock was set back: what was to come later is due now", zap.Time("to", now))
	w.commit.Lock() // no commit may bring the later times back
	defer w.commit.Unlock()
	w.mu.Lock()
	if w.started.After(now) {
		w.started = now
	}
	w.mu.Unlock()
	for _, l := range w.listings {
		l.mu.Lock()
		h := held{row: l.row, notices: maps.Clone(l.notices)} // readers hold the old map
		h.notAfter(now)
		l.row, l.notices = h.row, h.notices
		for id, f := range l.fresh {
			if f.seen.After(now) {
				f.seen = now
				l.fresh[id] = f
			}
		}
		l.mu.Unlock()
		signal(l.wakeFresh)
	}
	for _, x := range w.sources {
		if _, is := x.(*listing); is {
			continue
		}
		x := x.common()
		x.mu.Lock()
		h := held{row: x.row}
		h.notAfter(now)
		x.row = h.row
		x.mu.Unlock()
	}
}
