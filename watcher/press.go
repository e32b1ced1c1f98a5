package watcher

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.uber.org/zap"

	"tocsin"
	"tocsin/notifier"
	"tocsin/store"
)

// Ear hears the presses of the buttons that some notifiers show.
type Ear interface {
	// Listen hears presses until ctx ends.
	Listen(ctx context.Context, hear notifier.Hear) error
	// Deaf is since when no press can arrive, and why; the zero time while one can.
	Deaf() (since time.Time, why string)
	// Notifiers are the ids of those whose buttons it hears.
	Notifiers() []string
}

// deafAfter is how long buttons may be out of reach before that is a fault:
// services renew connections, and networks stumble.
const deafAfter = 2 * time.Minute

// MetaButtons is the key under which the store keeps why buttons cannot be
// pressed, "" while they can.
const MetaButtons = "buttons_error"

// press keeps one press. What is wrong with it is said to whoever pressed; an
// error says that it could not be kept.
func (w *Watcher) press(ctx context.Context, p notifier.Press) (string, error) {
	if fault := (tocsin.Decision{Action: p.Action, By: p.By, To: p.To, Note: p.Note, At: p.At, When: p.When}).Fault(); fault != "" {
		return "Nothing was changed: " + fault + ".", nil
	}
	if told, err := w.store.Told(ctx, p.Key); told || err != nil {
		return "", err
	}
	cases, err := w.store.Cases(ctx, store.CaseFilter{ID: p.Case})
	if err != nil {
		return "", fmt.Errorf("reading the case of a press: %w", err)
	}
	if len(cases) == 0 || p.Case == "" {
		return "Nothing was changed: this case is no longer in Tocsin's ledger.", nil
	}
	// The message may show an older state of the case than there is.
	if c := cases[0]; !slices.ContainsFunc(notifier.ButtonsOf(c), func(b notifier.Button) bool { return b.Action == p.Action }) {
		return fmt.Sprintf("This case is %s by now: its message shows what can be done.", c.State), nil
	}
	_, err = w.Decide(ctx, store.Decision{Case: p.Case, Action: p.Action, By: p.By, To: p.To, Note: p.Note, At: p.At, When: p.When, Key: p.Key})
	if errors.Is(err, store.ErrNothingDecided) {
		return "Nothing was changed: there is nothing left to take back.", nil
	}
	return "", err
}

// listens has an ear hear presses.
func (w *Watcher) listens(e Ear) func(context.Context) error {
	return func(ctx context.Context) error { return e.Listen(ctx, w.press) }
}

// minding keeps in the ledger, for whoever asks beside the daemon, why buttons
// cannot be pressed.
func (w *Watcher) minding(ctx context.Context) error {
	said, err := w.store.Meta(ctx, MetaButtons) // what an earlier process left
	for err == nil {
		if said, err = w.mindButtons(ctx, said); err == nil && !w.wait(ctx, w.now().Add(time.Second), nil) {
			return ctx.Err()
		}
	}
	return err
}

// mindButtons is one turn of it; said is what is in the ledger.
func (w *Watcher) mindButtons(ctx context.Context, said string) (string, error) {
	now := w.deaf()
	switch {
	case now == said:
		return said, nil
	case now == "":
		w.log.Info("buttons can be pressed again")
	default:
		w.log.Error("buttons cannot be pressed", zap.String("why", now))
	}
	if err := w.store.SetMeta(ctx, MetaButtons, now); err != nil {
		return said, fmt.Errorf("recording how the buttons stand: %w", err)
	}
	return now, nil
}

// deaf says of each ear that hears nothing for too long since when, and why; ""
// if all hear.
func (w *Watcher) deaf() string {
	var out string
	for _, e := range w.ears {
		since, why := e.Deaf()
		if since.IsZero() || w.now().Sub(since) <= deafAfter {
			continue
		}
		for _, id := range e.Notifiers() {
			if out != "" {
				out += "; "
			}
			out += fmt.Sprintf("%s: buttons cannot be pressed since %s: %s", id, since.Format(time.RFC3339), why)
		}
	}
	return out
}
