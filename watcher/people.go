package watcher

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sort"
	"time"

	"go.uber.org/zap"

	"tocsin"
	"tocsin/notifier"
	"tocsin/store"
	"tocsin/watcher/match"
	"tocsin/watcher/mention"
	"tocsin/watchlist"
)

// people is one revision of the watchlist, compiled. It is immutable.
type people struct {
	list     *watchlist.List
	byID     map[string]watchlist.Person
	prints   map[string]string // id → keyed fingerprint
	revision string
	index    *match.Index
	scanner  *mention.Scanner // nil where no feed is read
}

func (w *Watcher) compile(list *watchlist.List) *people {
	p := &people{
		list: list, byID: make(map[string]watchlist.Person, len(list.People)),
		prints: make(map[string]string, len(list.People)), revision: list.Revision(w.key),
	}
	for _, x := range list.People {
		p.byID[x.ID] = x
		p.prints[x.ID] = x.Fingerprint(w.key)
	}
	p.index = match.Compile(p.matchable(nil), w.matching)
	if len(w.feeds) > 0 {
		p.scanner = w.scanner(p.matchable(nil))
	}
	return p
}

// matchable gives the people in match's form; only those of ids unless that is nil.
func (p *people) matchable(ids map[string]bool) []match.Person {
	var out []match.Person
	for _, x := range p.list.People {
		if ids == nil || ids[x.ID] {
			m := match.PersonOf(x)
			m.Fingerprint = p.prints[x.ID]
			out = append(out, m)
		}
	}
	return out
}

func subject(x watchlist.Person) *notifier.Subject {
	names := append([]string{x.Name}, x.Aliases...)
	return &notifier.Subject{
		ID: x.ID, Names: names, Parts: match.PartsOf(names), BirthDate: x.BirthDate,
		Nationalities: x.Nationalities, Sex: x.Sex, Codename: x.Codename, Initials: x.Initials(), Tags: x.Tags,
	}
}

// current is the revision of the watchlist in force.
func (w *Watcher) current() *people {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return w.people
}

// Watchlist reports how the watchlist file stands.
func (w *Watcher) Watchlist() Standing {
	w.mu.RLock()
	defer w.mu.RUnlock()
	st := w.status
	if w.differs && st.Error == "" {
		st.Error = "this replica's list is not the one in force: give every replica the same file"
	}
	return st
}

// hold keeps a list for when it is this replica's turn.
func (w *Watcher) hold(list *watchlist.List) {
	p := w.compile(list)
	w.mu.Lock()
	w.people, w.status = p, Standing{People: len(list.People)}
	w.mu.Unlock()
}

// adopt puts a list in force: whoever is new or edited is screened against all
// that is held, in the transaction that records the new revision. Of people who
// are not in the list any more it is recorded that they were removed, unless
// they are too many for it and nobody has confirmed that: then the others are
// watched, and the loss is said until it is confirmed or mended.
func (w *Watcher) adopt(ctx context.Context, list *watchlist.List) error {
	p := w.current()
	if p == nil || p.list != list {
		p = w.compile(list)
	}
	w.commit.Lock()
	defer w.commit.Unlock()
	known, err := w.store.Persons(ctx)
	if err != nil {
		return fmt.Errorf("reading who was watched: %w", err)
	}
	was, err := w.store.Revision(ctx)
	if err != nil {
		return fmt.Errorf("reading the watchlist's revision: %w", err)
	}
	var watched []string
	for id, old := range known {
		if old.RemovedAt.IsZero() {
			watched = append(watched, id)
		}
	}
	loss := watchlist.Shrinks(watched, list)
	if loss != nil {
		loss.File = w.file
		accepted, err := w.store.Meta(ctx, MetaWatchlistAccepted)
		if err != nil {
			return fmt.Errorf("reading what was confirmed: %w", err)
		}
		if accepted != "" && accepted == list.ContentDigest(w.key) {
			loss = nil
		}
	}
	s := store.Screening{Was: was, Now: p.revision}
	changed, edited := map[string]bool{}, map[string]bool{}
	now := w.now().UTC()
	for id, print := range p.prints {
		if old, ok := known[id]; !ok || old.Fingerprint != print || !old.RemovedAt.IsZero() {
			changed[id], edited[id] = true, ok
			s.People = append(s.People, store.Person{ID: id, Fingerprint: print, Screened: p.revision})
		}
	}
	for id, old := range known {
		if _, ok := p.prints[id]; !ok && old.RemovedAt.IsZero() && loss == nil {
			old.RemovedAt = now
			s.People = append(s.People, old)
		}
	}
	sort.Slice(s.People, func(i, j int) bool { return s.People[i].ID < s.People[j].ID })
	if len(changed) > 0 {
		if err := w.screen(ctx, p, changed, edited, &s); err != nil {
			return err
		}
	}
	if len(s.People) > 0 || was != p.revision {
		if _, err := w.store.Screen(ctx, s); err != nil {
			return fmt.Errorf("recording the watchlist's revision: %w", err)
		}
	}
	st := Standing{People: len(list.People)}
	if loss != nil {
		st.Error = loss.Error()
		w.log.Error("people are missing from the watchlist; the others are watched", zap.Error(loss))
	}
	w.mu.Lock()
	w.people, w.status, w.loss = p, st, loss
	w.mu.Unlock()
	if err := w.stand(ctx, st); err != nil {
		return err
	}
	if len(s.People) > 0 {
		w.log.Info("watchlist in force", zap.Int("people", len(list.People)), zap.Int("screened", len(changed)), zap.Int("events", len(s.Events)))
	}
	w.wakeBells()
	return nil
}

// screen finds what is held about the changed people. What is public rings as
// listed; what was public gives a silent case, so that its return will ring.
func (w *Watcher) screen(ctx context.Context, p *people, changed, edited map[string]bool, s *store.Screening) error {
	index, scanner := p.index, p.scanner
	if len(changed) < len(p.prints) { // else they are compiled already: a first start, say
		index = match.Compile(p.matchable(changed), w.matching)
		if len(w.feeds) > 0 {
			scanner = w.scanner(p.matchable(changed))
		}
	}
	for _, l := range w.listings {
		had, err := w.hadOn(ctx, l.ID)
		if err != nil {
			return err
		}
		for _, h := range l.heldInOrder() {
			w.screenHeld(p, index, edited, l.ID, had, h, anybody, s)
		}
	}
	for _, l := range w.lists {
		if err := l.screen(ctx, p, index, edited, s); err != nil {
			return err
		}
	}
	return w.screenStories(ctx, p, scanner, edited, s)
}

// hadOn are the cases about a source's notices, by person and notice.
func (w *Watcher) hadOn(ctx context.Context, src string) (map[[2]string]tocsin.Case, error) {
	cases, err := w.store.Cases(ctx, store.CaseFilter{Source: src})
	if err != nil {
		return nil, fmt.Errorf("reading the cases of %s: %w", src, err)
	}
	had := map[[2]string]tocsin.Case{}
	for _, c := range cases {
		if c.Notice != nil {
			had[[2]string{c.Person, c.Notice.ID}] = c
		}
	}
	return had, nil
}

func anybody(string) bool { return true }

// screenHeld adds what one held notice means for people who are new or edited.
// opens reports for whom a case may begin with it.
func (w *Watcher) screenHeld(p *people, index *match.Index, edited map[string]bool, src string, had map[[2]string]tocsin.Case, h tocsin.Held, opens func(person string) bool, s *store.Screening) {
	for _, m := range index.Match(h.Notice) {
		c, exists := had[[2]string{m.Person, h.Notice.ID}]
		public := h.Absence.Listed()
		switch {
		case !exists && !opens(m.Person):
		case !exists && public, exists && public && edited[m.Person] && c.State == tocsin.CaseDismissed:
			s.Events = append(s.Events, w.event(p, tocsin.Listed, src, h.Notice, m, tocsin.Change{
				Window: tocsin.Window{Before: h.LastSeen}, Record: h.Record, Identity: exists,
			}, w.now().UTC()))
		case !exists:
			s.Cases = append(s.Cases, store.NewCase{
				Person: m.Person, Source: src, Notice: ref(h.Notice), Tier: m.Tier, Score: m.Score, Reasons: m.Reasons,
			})
		default:
			s.Scores = append(s.Scores, store.CaseScore{Case: c.ID, Tier: m.Tier, Score: m.Score, Reasons: m.Reasons})
		}
	}
}

// followList puts edits of the watchlist file in force within seconds. A broken
// or half-empty file leaves the list in force as it is, and is said.
func (w *Watcher) followList(ctx context.Context) error {
	if w.file == "" {
		<-ctx.Done()
		return ctx.Err()
	}
	file := watchlist.NewFile(w.file, w.current().list, watchlist.Options{IdentityFile: w.identity})
	for {
		if !w.wait(ctx, w.now().Add(time.Second), nil) {
			return ctx.Err()
		}
		inTurn, mine := w.inTurn(ctx)
		list, changed, err := file.Changed(ctx)
		var shrunk *watchlist.Shrunk
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.As(err, &shrunk):
			w.refuse(ctx, err)
			accepted, err := w.store.Meta(ctx, MetaWatchlistAccepted)
			if err != nil {
				w.log.Error("reading what was confirmed", zap.Error(err))
			}
			file.Accept(w.key, accepted)
		case err != nil:
			w.refuse(ctx, err)
		case changed && !mine:
			w.hold(list)
		case changed:
			err := w.adopt(inTurn, list)
			if errors.Is(err, context.Canceled) {
				return err
			}
			if err != nil {
				file.Again()
			}
			if err != nil && !errors.Is(err, store.ErrFenced) { // then it is held for the next turn
				w.refuse(ctx, err)
			}
		case mine:
			if err := w.confirmLoss(inTurn); err != nil && !errors.Is(err, store.ErrFenced) {
				return err
			}
		}
	}
}

// confirmLoss takes note of people who were missing at the start once an
// operator has said that this is meant.
func (w *Watcher) confirmLoss(ctx context.Context) error {
	w.mu.RLock()
	loss, list := w.loss, w.people.list
	w.mu.RUnlock()
	if loss == nil {
		return nil
	}
	accepted, err := w.store.Meta(ctx, MetaWatchlistAccepted)
	if err != nil {
		w.log.Error("reading what was confirmed", zap.Error(err))
		return nil
	}
	if accepted == "" || accepted != list.ContentDigest(w.key) {
		return nil
	}
	return w.adopt(ctx, list)
}

// Keys under which the store keeps what commands beside the daemon read or say.
const (
	// MetaWatchlist holds a Standing, as JSON.
	MetaWatchlist = "watchlist"
	// MetaWatchlistAccepted holds the content digest of a watchlist file that an
	// operator wants in force whoever it leaves out.
	MetaWatchlistAccepted = "watchlist_accepted"
)

// ReadStanding reads how the watchlist stood when a watcher last said so.
func ReadStanding(ctx context.Context, s *store.Store) (st Standing, err error) {
	text, err := s.Meta(ctx, MetaWatchlist)
	if err != nil || text == "" {
		return st, err
	}
	if err := json.Unmarshal([]byte(text), &st); err != nil {
		return st, fmt.Errorf("reading how the watchlist stands: %w", err)
	}
	return st, nil
}

func (w *Watcher) stand(ctx context.Context, st Standing) error {
	text, err := json.Marshal(st)
	if err == nil {
		err = w.store.SetMeta(ctx, MetaWatchlist, string(text))
	}
	if err != nil {
		return fmt.Errorf("recording how the watchlist stands: %w", err)
	}
	return nil
}

func (w *Watcher) refuse(ctx context.Context, err error) {
	w.mu.Lock()
	said := w.status.Error == err.Error()
	w.status.Error = err.Error()
	st := w.status
	w.mu.Unlock()
	if said {
		return
	}
	w.log.Error("the edited watchlist is not in force, the old one stays", zap.Error(err))
	inTurn, mine := w.inTurn(ctx)
	if !mine {
		return // the ledger has the word of the replica that watches
	}
	if err := w.stand(inTurn, st); err != nil {
		w.log.Error("the watchlist", zap.Error(err))
	}
}
