package watcher

import (
	"context"
	"fmt"
	"time"

	"go.uber.org/zap"
)

// Timing of the proofs that a channel would take a message.
const (
	proveFirst = time.Minute // after the start: what is owed then is a proof of its own
	proveEvery = time.Hour
	proveAgain = 5 * time.Minute // while it would not
	proveMax   = 30 * time.Second
)

// prover is a notifier that can tell, without sending anything, whether it would
// take a message.
type prover interface {
	Check(ctx context.Context) error
}

// proof is what came of the last one.
type proof struct {
	at    time.Time // zero: none was made yet
	since time.Time // since when it fails; zero: it does not
	why   string
}

// Proof is whether a channel would take a message, as far as was asked.
type Proof struct {
	Notifier string
	At       time.Time // when it was last asked; zero: not yet, or it cannot be
	OK       bool
	Why      string // why not, without secrets
}

// Proofs are the last of each notifier.
func (w *Watcher) Proofs() []Proof {
	out := make([]Proof, 0, len(w.bells))
	for _, b := range w.bells {
		b.mu.Lock()
		out = append(out, Proof{b.ID, b.proof.at, b.proof.since.IsZero(), b.proof.why})
		b.mu.Unlock()
	}
	return out
}

// proofs has the channel prove every hour that it still accepts: a token that
// was revoked, or a channel that was archived, must not show first when a notice
// does.
func (b *bell) proofs(ctx context.Context) error {
	p, ok := b.Notifier.(prover)
	if !ok {
		<-ctx.Done()
		return ctx.Err()
	}
	due := b.w.now().Add(proveFirst)
	for {
		if !b.w.wait(ctx, due, nil) {
			return ctx.Err()
		}
		due = b.w.now().Add(proveEvery)
		if !b.prove(ctx, p) {
			due = b.w.now().Add(proveAgain)
		}
	}
}

// prove asks once, and reports whether the channel would take a message.
func (b *bell) prove(ctx context.Context, p prover) bool {
	asking, cancel := context.WithTimeout(ctx, proveMax)
	defer cancel()
	err := p.Check(asking)
	if ctx.Err() != nil {
		return true // the daemon stops: nothing is known
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	was := b.proof
	b.proof = proof{at: b.w.now().UTC()}
	switch {
	case err != nil:
		b.proof.why, b.proof.since = err.Error(), was.since
		if was.since.IsZero() {
			b.proof.since = b.proof.at
		}
		b.w.log.Error("the channel would not take a message", zap.String("notifier", b.ID), zap.String("why", b.proof.why), toDo(err))
	case !was.since.IsZero():
		b.w.log.Info("the channel would take a message again", zap.String("notifier", b.ID))
	}
	return err == nil
}

// lateBy is after how long a delivery does not flow where late_after is off.
const lateBy = 10 * time.Minute

// NotFlowing says, of each notifier whose deliveries do not flow, why: it would
// not take a message when last asked, what it was owed is late, or something was
// given up and nothing was taken since; and of those whose buttons cannot be
// pressed. It is empty where all flow.
func (w *Watcher) NotFlowing(ctx context.Context) ([]string, error) {
	now := w.now()
	var out []string
	for _, b := range w.bells {
		b.mu.Lock()
		p := b.proof
		b.mu.Unlock()
		f, err := w.store.Flow(ctx, b.ID)
		if err != nil {
			return nil, err
		}
		patience := b.LateAfter
		if patience <= 0 {
			patience = lateBy
		}
		switch {
		case !p.since.IsZero():
			out = append(out, fmt.Sprintf("%s: would not take a message since %s: %s", b.ID, p.since.Format(time.RFC3339), p.why))
		case !f.Failed.IsZero() && !p.at.After(f.Failed):
			out = append(out, fmt.Sprintf("%s: a delivery was given up at %s, and none was taken since: %s", b.ID, f.Failed.Format(time.RFC3339), f.Why))
		case !f.Oldest.IsZero() && now.Sub(f.Oldest) > patience:
			out = append(out, fmt.Sprintf("%s: a delivery is owed since %s", b.ID, f.Oldest.Format(time.RFC3339)))
		}
	}
	if deaf := w.deaf(); deaf != "" {
		out = append(out, deaf)
	}
	return out, nil
}
