package watcher

import (
	"context"
	"slices"
	"time"

	"go.uber.org/zap"

	"tocsin"
	"tocsin/store"
	"tocsin/watcher/presence"
	"tocsin/watcher/source"
)

// finish commits the end of a sweep: what it says about absence, after the
// documents of the missing were read. With wait, new ids are told first, each
// with its document or after freshWait; without, their documents are read here.
func (l *listing) finish(ctx context.Context, s tocsin.Snapshot, plan []byte, wait bool) (bool, error) {
	row, st := l.snapshotState()
	first := !row.FirstDone
	details := 0
	l.mu.Lock()
	s.Records, l.records = l.records, map[string]string{}
	l.mu.Unlock()
	if !first {
		n, err := l.settleFresh(ctx, s, wait)
		if err != nil {
			return false, err
		}
		details += n
		_, st = l.snapshotState()
	} else {
		l.mu.Lock()
		have := map[string]bool{}
		for _, n := range s.Notices {
			have[n.ID] = true
		}
		for id, n := range l.firstRows {
			if !have[id] {
				s.Notices = append(s.Notices, n)
			}
		}
		clear(l.firstRows)
		l.mu.Unlock()
	}
	absent := presence.Absent(st, s)
	answers, err := l.ask(ctx, absent, st, s)
	if err != nil {
		return false, err
	}
	s.Details = answers
	details += len(answers)
	missing := false
	err = l.w.observe(ctx, l, s, func(r *store.Source, res presence.Result) []store.NewEvent {
		r.Plan, r.Began, r.LastLook = plan, s.Began, s.Ended
		r.Requests, r.Details, r.Listed, r.Seen, r.Unreachable = s.Requests, details, s.Listed, len(s.Notices), s.Unreachable
		cause := r.Cause // of the outage that this look may end
		r.Complete, r.Cause, r.Why = s.Complete, s.Cause, s.Why
		if !s.Complete && s.Listed == 0 {
			r.Listed = row.Listed
		}
		for _, h := range res.Held {
			if h.Missed == 1 && h.Absence != tocsin.Gone {
				missing = true
			}
		}
		if !presence.Trusted(st, s) {
			r.Complete = false
			return nil
		}
		r.FirstDone, r.LastComplete = true, s.Ended
		if res.Quarantined > 0 {
			r.Why = quarantineWords(res.Quarantined)
		}
		return l.recovered(r, s, res, cause)
	})
	l.lookEnded()
	l.lookLogged(s.Complete, s.Listed, len(s.Notices), s.Requests, s.Why, zap.Int("details", details))
	return missing, err
}

// ask reads the documents of the ids a complete sweep misses. A failing answer
// is controlled by two notices that the list has, read before and after it.
func (l *listing) ask(ctx context.Context, ids []string, st presence.State, s tocsin.Snapshot) ([]tocsin.DetailAnswer, error) {
	var out []tocsin.DetailAnswer
	for _, id := range ids {
		d, a, err := l.detail(ctx, id, source.PriorityFresh)
		if err != nil {
			return nil, err
		}
		h := st.Held[id]
		if d.State == tocsin.DetailFailed && s.Exact && h.Missed >= 2 && h.Absence != tocsin.Quarantined && len(s.Notices) > 1 {
			if d, a, err = l.controlled(ctx, id, s); err != nil {
				return nil, err
			}
		}
		switch {
		case d.State == tocsin.DetailFound:
			d.Record = l.documentRecord(ctx, d, a)
		case h.Missed >= 1: // the second look that misses it: an event may rest on this answer
			d.Record = l.w.keepDocument(ctx, a)
		}
		out = append(out, d)
	}
	return out, nil
}

// controlled reads id's document once more between two that must answer.
func (l *listing) controlled(ctx context.Context, id string, s tocsin.Snapshot) (tocsin.DetailAnswer, *source.Answer, error) {
	at := int(idHash(id) % uint64(len(s.Notices)))
	before, _, err := l.detail(ctx, s.Notices[at].ID, source.PriorityFresh)
	if err != nil {
		return before, nil, err
	}
	d, a, err := l.detail(ctx, id, source.PriorityFresh)
	if err != nil {
		return d, nil, err
	}
	after, _, err := l.detail(ctx, s.Notices[(at+1)%len(s.Notices)].ID, source.PriorityFresh)
	if err != nil {
		return after, nil, err
	}
	d.Controlled = before.State == tocsin.DetailFound && after.State == tocsin.DetailFound
	return d, a, nil
}

// detail reads one document, and what was served, nil if nothing was. The error
// is the context's alone: a failure of the source is an answer that says nothing.
func (l *listing) detail(ctx context.Context, id string, p source.Priority) (tocsin.DetailAnswer, *source.Answer, error) {
	d, a, _ := l.Source.Document(ctx, id, p)
	return d, a, ctx.Err()
}

// settleFresh brings the new ids of a sweep into the ledger before the sweep
// itself is: an absence or a total must not be judged while rows hang in the air.
func (l *listing) settleFresh(ctx context.Context, s tocsin.Snapshot, wait bool) (int, error) {
	l.mu.Lock()
	for _, n := range s.Notices {
		if _, ok := l.notices[n.ID]; !ok {
			l.await(n, tocsin.LookLeaf, l.w.now().UTC(), s.Records[n.ID])
		}
	}
	l.mu.Unlock()
	if wait {
		signal(l.wakeFresh)
		for l.untold() {
			if !l.w.wait(ctx, l.w.now().Add(freshWait), l.idleFresh) {
				return 0, ctx.Err()
			}
		}
		return 0, nil
	}
	read := 0
	for {
		id, f, ok := l.nextFresh()
		if !ok {
			return read, nil
		}
		read++
		if err := l.readFresh(ctx, id, f); err != nil {
			return read, err
		}
	}
}

func (l *listing) untold() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, f := range l.fresh {
		if !f.told {
			return true
		}
	}
	return false
}

func (l *listing) nextFresh() (string, fresh, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.freshOrder) == 0 {
		return "", fresh{}, false
	}
	id := l.freshOrder[0]
	return id, l.fresh[id], true
}

// freshDetails reads the documents of new ids, all of them and at once, and
// tells each appearance with its document, or without it after freshWait.
func (l *listing) freshDetails(ctx context.Context) error {
	for {
		id, f, ok := l.nextFresh()
		if !ok {
			signal(l.idleFresh)
			if !l.w.wait(ctx, l.w.now().Add(time.Hour), l.wakeFresh) {
				return ctx.Err()
			}
			continue
		}
		if err := l.readFresh(ctx, id, f); err != nil {
			return err
		}
	}
}

// readFresh reads the first waiting document. Whoever has waited for too long
// meanwhile is told without.
func (l *listing) readFresh(ctx context.Context, id string, f fresh) error {
	type answer struct {
		d      tocsin.DetailAnswer
		served *source.Answer
		err    error
	}
	got := make(chan answer, 1)
	go func() {
		d, served, err := l.detail(ctx, id, source.PriorityFresh)
		got <- answer{d, served, err}
	}()
	var a answer
	for waiting := true; waiting; {
		timer := time.NewTimer(max(0, l.overdue().Sub(l.w.now())))
		select {
		case a = <-got:
			waiting = false
		case <-timer.C:
			if err := l.tellOverdue(ctx); err != nil {
				timer.Stop()
				<-got
				return err
			}
		}
		timer.Stop()
	}
	if a.err != nil {
		return a.err
	}
	l.mu.Lock()
	f = l.fresh[id]
	delete(l.fresh, id)
	l.freshOrder = slices.DeleteFunc(l.freshOrder, func(x string) bool { return x == id })
	l.mu.Unlock()
	defer signal(l.idleFresh)
	s := tocsin.Snapshot{Kind: f.kind, Began: f.seen, Ended: f.seen}
	n := f.notice
	if a.d.State == tocsin.DetailFound {
		n.Detail = a.d.Notice.Detail
		a.d.Record = l.documentRecord(ctx, a.d, a.served)
	}
	if f.told {
		if a.d.State != tocsin.DetailFound {
			return nil
		}
		s.Kind, s.Began, s.Ended = tocsin.LookDetail, a.d.At, a.d.At
		s.Details = []tocsin.DetailAnswer{a.d}
	} else {
		s.Notices = []tocsin.Notice{n}
		s.Records = map[string]string{n.ID: joined(a.d.Record, f.record)}
	}
	return l.w.observe(ctx, l, s, nil)
}

// overdue is when the longest waiting appearance must be told.
func (l *listing) overdue() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := l.w.now().Add(time.Hour)
	for _, f := range l.fresh {
		if due := f.seen.Add(freshWait); !f.told && due.Before(at) {
			at = due
		}
	}
	return at
}

// tellOverdue commits the appearances that have waited long enough for their
// documents; these are still read.
func (l *listing) tellOverdue(ctx context.Context) error {
	now := l.w.now()
	l.mu.Lock()
	var due []fresh
	for _, id := range l.freshOrder {
		if f := l.fresh[id]; !f.told && !f.seen.Add(freshWait).After(now) {
			due = append(due, f)
		}
	}
	l.mu.Unlock()
	for _, f := range due {
		if err := l.w.observe(ctx, l, tocsin.Snapshot{Kind: f.kind, Began: f.seen, Ended: f.seen, Notices: []tocsin.Notice{f.notice}, Records: map[string]string{f.notice.ID: f.record}}, nil); err != nil {
			return err
		}
		l.mu.Lock()
		if g, ok := l.fresh[f.notice.ID]; ok {
			g.told = true
			l.fresh[f.notice.ID] = g
		}
		l.mu.Unlock()
	}
	signal(l.idleFresh)
	return nil
}

// turnDetails reads every held notice's document once in Details, evenly, in an
// order of its own.
func (l *listing) turnDetails(ctx context.Context) error {
	if l.Details <= 0 {
		<-ctx.Done()
		return ctx.Err()
	}
	for {
		h, n := l.nextTurn()
		pause := l.Details
		if n > 0 {
			pause = l.Details / time.Duration(n)
		}
		if !l.w.wait(ctx, l.w.now().Add(min(pause, time.Minute)), nil) {
			return ctx.Err()
		}
		if n == 0 || (!h.DetailAt.IsZero() && l.w.now().Sub(h.DetailAt) < l.Details) {
			continue
		}
		d, a, err := l.detail(ctx, h.Notice.ID, source.PriorityTurn)
		if err != nil {
			return err
		}
		l.skipTurn(h.Notice.ID, d)
		if d.State != tocsin.DetailFound {
			continue
		}
		d.Record = l.documentRecord(ctx, d, a)
		if err := l.w.observe(ctx, l, tocsin.Snapshot{Kind: tocsin.LookDetail, Began: d.At, Ended: d.At, Details: []tocsin.DetailAnswer{d}}, nil); err != nil {
			return err
		}
	}
}

// nextTurn is the public notice whose document is to be read next, and how many
// there are.
func (l *listing) nextTurn() (tocsin.Held, int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var next tocsin.Held
	n := 0
	for _, h := range l.notices {
		if h.Absence == tocsin.Gone {
			continue
		}
		n++
		if t := l.tried[h.Notice.ID]; t.After(h.DetailAt) {
			h.DetailAt = t
		}
		if n == 1 || turn(h, next) < 0 {
			next = h
		}
	}
	return next, n
}

// skipTurn puts an id whose document does not answer behind the others: it must
// not hold up the turn. A document that says "gone" starts a sweep at once.
func (l *listing) skipTurn(id string, d tocsin.DetailAnswer) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.tried, id)
	if d.State != tocsin.DetailFound {
		l.tried[id] = l.w.now().UTC()
	}
	if d.State == tocsin.DetailGone && !l.sweeping {
		signal(l.wakeSweep)
	}
}
