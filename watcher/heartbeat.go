package watcher

import (
	"context"
	"time"

	"go.uber.org/zap"
)

// Heart is a dead-man's switch.
type Heart interface {
	// Ping says that all is well. Its errors hold no address.
	Ping(ctx context.Context) error
}

// Timing of the heartbeat.
const (
	beatEvery = time.Minute
	beatAgain = 15 * time.Second // after a ping that was not answered
	beatLook  = time.Second      // while not all is well
)

// beats pings once a minute, but only while every required source is seen and
// deliveries flow: whoever listens raises the alarm when the pings stop.
func (w *Watcher) beats(ctx context.Context) error {
	if w.heart == nil {
		<-ctx.Done()
		return ctx.Err()
	}
	due := w.now()
	for {
		if !w.wait(ctx, due, nil) {
			return ctx.Err()
		}
		due = w.now().Add(w.beat(ctx))
	}
}

// beat pings if all is well, and returns when to see to it again.
func (w *Watcher) beat(ctx context.Context) time.Duration {
	if !w.requiredSeen() {
		return beatLook
	}
	stopped, err := w.NotFlowing(ctx)
	if err != nil {
		if ctx.Err() == nil {
			w.log.Error("heartbeat: the ledger cannot be read", zap.Error(err))
		}
		return beatAgain
	}
	if len(stopped) > 0 {
		return beatLook
	}
	if err := w.heart.Ping(ctx); err != nil {
		if ctx.Err() == nil {
			w.log.Warn("heartbeat: not taken", zap.Error(err))
		}
		return beatAgain
	}
	return beatEvery
}

// requiredSeen reports whether every source that must be seen is.
func (w *Watcher) requiredSeen() bool {
	for _, s := range w.sources {
		x := s.common()
		if row := x.state(); x.Required && (!row.OutageSince.IsZero() || row.LastComplete.IsZero()) {
			return false
		}
	}
	return true
}
