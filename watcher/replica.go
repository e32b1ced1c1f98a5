package watcher

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.uber.org/zap"

	"tocsin/store"
)

// Where several daemons share a ledger, one of them has the turn: it looks, sends,
// drills and minds what is late, and so asks each host at one pace and drains each
// channel once. The others stand by. The turn is a lease in the ledger; whoever
// takes it from another ends all that the other held, in the same transaction. All
// that is done in a turn is done in a context under its lease (store.Under): what a
// paused or cut off replica still had in hand is fenced off, whatever it writes.
//
// The list in force is that of whoever has the turn. A replica whose file says
// something else stands aside, is not ready and says so; it lets those that agree
// go first, and takes the turn, with its own list, only when none of them does.
const (
	turnLease = "watch"
	turnTTL   = 20 * time.Second
	turnEvery = 3 * time.Second  // how often the turn is renewed, and looked for
	asideFor  = 10 * time.Second // how long a free turn is left to those whose list is in force
)

// errTurn says that another replica may have the turn by now.
var errTurn = errors.New("the turn has passed to another replica")

// turn is the lease under which this replica watches, with when it runs out; nil:
// there is none, on a ledger that is this process's alone or while another has it.
func (w *Watcher) turn() *store.Lease {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return w.lease
}

// turnStatus is who has the turn, as the ledger says; holder is who asks. nil: there
// are no turns.
func turnStatus(ctx context.Context, s *store.Store, holder string) (*store.TurnStatus, error) {
	if !s.Shared() {
		return nil, nil
	}
	l, _, err := s.LeaseOf(ctx, turnLease)
	return &store.TurnStatus{Replica: l.Holder, Until: l.Until, Here: l.Holder != "" && l.Holder == holder}, err
}

// inTurn is for what goes on beside the turns: a context in which what is written is
// written in the turn that this replica has or not at all. false: it has none.
func (w *Watcher) inTurn(ctx context.Context) (context.Context, bool) {
	if turn := w.turn(); turn != nil {
		return store.Under(ctx, *turn), true
	}
	return ctx, !w.store.Shared()
}

func (w *Watcher) setTurn(l *store.Lease) {
	w.mu.Lock()
	w.lease = l
	w.mu.Unlock()
}

// Alone runs f as the one process that looks and sends, with the state that the
// ledger has. It is store.ErrBusy, and f does not run, where another has the turn.
// The context that f is given ends when the turn does, and what is written in it is
// written in the turn or not at all.
func (w *Watcher) Alone(ctx context.Context, f func(context.Context) error) error {
	if !w.store.Shared() {
		return f(ctx)
	}
	lease, ok, err := w.store.TakeOver(ctx, turnLease, w.holder, turnTTL)
	if err != nil {
		return err
	}
	if !ok {
		return &store.Error{Path: w.store.Path(), Cause: store.ErrBusy}
	}
	w.setTurn(&lease)
	working, lose := context.WithCancelCause(store.Under(ctx, lease))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		w.renewTurn(working, lease, lose)
	}()
	if err = w.begin(working); err == nil {
		err = f(working)
	}
	lost := errors.Is(context.Cause(working), errTurn)
	lose(nil)
	<-ended
	held := *w.turn()
	w.setTurn(nil)
	if lost {
		return errTurn
	}
	letting, cancel := context.WithTimeout(context.WithoutCancel(ctx), endWithin)
	defer cancel()
	if rerr := w.store.Release(letting, held); rerr != nil {
		w.log.Warn("the turn could not be given up; it runs out", zap.Error(rerr))
	}
	return err
}

// renewTurn keeps the turn until ctx ends, or has it lost: when another has it, or
// when it has run out by this process's own clock, whoever has it then.
func (w *Watcher) renewTurn(ctx context.Context, l store.Lease, lose context.CancelCauseFunc) {
	for w.wait(ctx, earlier(w.now().Add(turnEvery), l.Until), nil) {
		if !w.now().Before(l.Until) {
			lose(errTurn)
			return
		}
		renewing, cancel := context.WithDeadline(ctx, l.Until)
		next, err := w.store.Renew(renewing, l, turnTTL)
		cancel()
		switch {
		case err == nil:
			l = next
			w.setTurn(&l)
		case errors.Is(err, store.ErrFenced):
			lose(errTurn)
			return
		case ctx.Err() == nil:
			w.log.Warn("the turn could not be renewed yet", zap.Error(err))
		}
	}
}

// takeTurns watches whenever it is this replica's turn, until ctx ends.
func (w *Watcher) takeTurns(ctx context.Context) error {
	var free time.Time // since when nobody has had the turn, as far as was seen
	for {
		err := w.takeTurn(ctx, &free)
		switch {
		case ctx.Err() != nil:
			return nil
		case err == nil || errors.Is(err, store.ErrBusy):
		case errors.Is(err, errTurn), errors.Is(err, store.ErrStale), errors.Is(err, store.ErrFenced):
			w.log.Warn("another replica watches; this one stands by", zap.Error(err))
		case store.Passing(err):
			w.log.Error("the ledger cannot be used; this replica stands by", zap.Error(err))
		default:
			return err
		}
		if !w.wait(ctx, w.now().Add(turnEvery), nil) {
			return nil
		}
	}
}

// takeTurn watches if it is this replica's turn, for as long as it is.
func (w *Watcher) takeTurn(ctx context.Context, free *time.Time) error {
	_, taken, err := w.store.LeaseOf(ctx, turnLease)
	if err != nil {
		return err
	}
	agrees, err := w.agrees(ctx)
	if err != nil {
		return err
	}
	switch now := w.now(); {
	case taken:
		*free = time.Time{}
		return nil
	case !agrees && free.IsZero():
		*free = now
		return nil
	case !agrees && now.Sub(*free) < asideFor:
		return nil
	}
	*free = time.Time{}
	return w.Alone(ctx, func(ctx context.Context) error {
		w.log.Info("this replica watches", zap.String("replica", w.holder))
		return w.duties(ctx)
	})
}

// agrees reports whether this replica's list is the one in force, and has the
// status say so if not.
func (w *Watcher) agrees(ctx context.Context) (bool, error) {
	rev, err := w.store.Revision(ctx)
	if err != nil {
		return false, err
	}
	w.mu.Lock()
	agrees := rev == "" || rev == w.people.revision
	said := w.differs
	w.differs = !agrees
	w.mu.Unlock()
	if said != !agrees {
		if agrees {
			w.log.Info("this replica's watchlist is the one in force")
		} else {
			w.log.Error("this replica's watchlist is not the one in force: it does not watch. Give every replica the same file")
		}
	}
	return agrees, nil
}

// begin takes up what the ledger holds: what earlier processes, or another
// replica, left.
func (w *Watcher) begin(ctx context.Context) error {
	w.mu.Lock()
	w.started = w.now().UTC()
	w.mu.Unlock()
	for _, l := range w.listings {
		st, err := restore(ctx, w.store, l.ID)
		if err != nil {
			return err
		}
		l.takeUp(st)
	}
	for _, s := range w.sources {
		if _, whole := s.(*listing); whole {
			continue
		}
		x := s.common()
		row, err := w.store.Source(ctx, x.ID)
		if err != nil {
			return fmt.Errorf("reading the state of %s: %w", x.ID, err)
		}
		x.mu.Lock()
		st := held{row: row}
		st.notAfter(w.begun())
		x.takeUp(st)
		x.mu.Unlock()
	}
	for _, b := range w.bells {
		if err := b.ready(ctx, w.now().UTC()); err != nil {
			return fmt.Errorf("readying notifier %s: %w", b.ID, err)
		}
	}
	if err := w.forsake(ctx); err != nil {
		return err
	}
	if err := w.adopt(ctx, w.current().list); err != nil {
		return err
	}
	w.mu.Lock()
	w.differs = false
	w.mu.Unlock()
	return nil
}

// takeUp has a source stand as the ledger says. Callers hold x.mu.
func (x *watched) takeUp(st held) {
	x.row, x.ended = st.row, false
	x.Pacer.Earlier(st.row.AskedOn, st.row.Asked)
}

// takeUp has a listing stand as the ledger says. What was met and not committed is
// met again.
func (l *listing) takeUp(st held) {
	l.mu.Lock()
	defer l.mu.Unlock()
	st.notAfter(l.w.begun())
	l.watched.takeUp(st)
	l.notices, l.answers = st.notices, st.answers
	clear(l.firstRows)
	clear(l.records)
	clear(l.fresh)
	clear(l.tried)
	l.freshOrder, l.kicked, l.tookHope, l.sweeping = nil, 0, 0, false
}
