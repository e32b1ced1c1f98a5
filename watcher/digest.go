package watcher

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"go.uber.org/zap"

	"tocsin"
	"tocsin/notifier"
	"tocsin/store"
)

// hour is when the bell's next digest is due, by the ledger: in the past, if it
// was due while nobody ran. It wants BeginDigests to have been called.
func (b *bell) hour(ctx context.Context) (time.Time, error) {
	last, _, err := b.w.store.LastDigest(ctx, b.ID)
	if err != nil {
		return time.Time{}, err
	}
	return b.Digest.Next(last.Until.In(b.w.zone)).UTC(), nil
}

// hoursMax bounds the hours that are counted one by one.
const hoursMax = 10_000

// lastHour is the last hour of the schedule that has come by now, from one that
// has. A schedule with very many hours since then ends now.
func (b *bell) lastHour(hour, now time.Time) time.Time {
	for range hoursMax {
		next := b.Digest.Next(hour.In(b.w.zone)).UTC()
		if next.After(now) || !next.After(hour) {
			return hour
		}
		hour = next
	}
	return now
}

// digestMost bounds the events of one digest where the channel has its limits;
// what is left over follows at once as gathered messages.
func (b *bell) digestMost() int {
	if _, ok := b.Notifier.(updater); ok {
		return gatheredMax
	}
	return owedLimit
}

// farOff is later than anything that is due.
var farOff = time.Unix(0, math.MaxInt64).UTC()

// digests sends what has waited for its hour, if that has come. Hours that
// passed while nobody ran are one digest, over all of the time.
func (b *bell) digests(ctx context.Context, lease store.Lease) error {
	if b.Digest == nil || !b.free() {
		return nil
	}
	now := b.w.now().UTC()
	last, _, err := b.w.store.LastDigest(ctx, b.ID)
	if err != nil {
		return err
	}
	hour := b.Digest.Next(last.Until.In(b.w.zone)).UTC()
	if hour.After(now) || hour.IsZero() {
		return nil
	}
	d := store.Digest{Notifier: b.ID, Since: last.Until, Until: b.lastHour(hour, now)}
	// All that waits, whatever hour it was put down for: that of "@every 24h" is
	// counted from the event, and the digest's from the one before.
	owed, err := b.w.store.Owed(ctx, b.ID, farOff, b.digestMost())
	if err != nil {
		return err
	}
	events := make([]string, 0, len(owed))
	for _, o := range owed {
		events = append(events, o.Event.ID)
	}
	send := true
	if b.SkipEmpty && len(events) == 0 {
		rep, err := b.report(ctx, d)
		if err != nil {
			return err
		}
		send = !empty(rep)
	}
	m, err := b.w.store.OpenDigest(ctx, lease, d, kindDigest, events, send)
	if err != nil {
		return fmt.Errorf("opening a digest: %w", err)
	}
	b.w.log.Info("digest", zap.String("notifier", b.ID), zap.Time("since", d.Since), zap.Time("until", d.Until), zap.Int("events", len(events)), zap.Bool("sent", send))
	if !send {
		return nil
	}
	return b.send(ctx, lease, m)
}

// empty reports whether a digest without an event has nothing to say: nobody has
// to do anything, nothing was decided, and all was seen.
func empty(r *notifier.Report) bool {
	for _, c := range r.Coverage {
		if len(c.Gaps) > 0 {
			return false
		}
	}
	return len(r.Needs)+len(r.Changed)+len(r.Waiting)+len(r.Dismissed)+len(r.Dates)+len(r.Trouble) == 0
}

// reportOf is what the digest of a message tells, nil if it is none.
func (b *bell) reportOf(ctx context.Context, m store.Message) (*notifier.Report, error) {
	d, ok, err := b.w.store.DigestOf(ctx, m.ID)
	if err != nil || !ok {
		return nil, err
	}
	return b.report(ctx, d)
}

// report gathers what a digest tells of its time, from the ledger.
func (b *bell) report(ctx context.Context, d store.Digest) (*notifier.Report, error) {
	w := b.w
	rep := &notifier.Report{Since: d.Since, Until: d.Until, People: len(w.current().byID)}
	for _, s := range w.sources {
		x := s.common()
		c, err := x.coverage(ctx, d.Since, d.Until)
		if err != nil {
			return nil, fmt.Errorf("reading what was seen of %s: %w", x.ID, err)
		}
		told := c.told(x.called(), d.Since, d.Until)
		_, told.Versioned = s.(*list)
		rep.Coverage = append(rep.Coverage, told)
	}
	if err := b.tested(ctx, rep); err != nil {
		return nil, err
	}
	decided, err := w.store.Decided(ctx, d.Since, d.Until)
	if err != nil {
		return nil, err
	}
	// What happened since the last digest up to now: an event that came after the
	// hour may have been put into it, and is told twice rather than not at all.
	events, err := w.store.Events(ctx, store.EventFilter{Since: d.Since})
	if err != nil {
		return nil, err
	}
	recent := map[string]bool{}
	for _, e := range events {
		if e.At.After(d.Until) || b.unwanted(e) {
			continue
		}
		recent[e.Case] = true
		switch e.Kind {
		case tocsin.Changed, tocsin.Disappeared, tocsin.Reappeared:
			err = b.add(ctx, &rep.Changed, e)
		case tocsin.Blind, tocsin.Recovered, tocsin.Undelivered:
			err = b.add(ctx, &rep.Trouble, e)
		}
		if err != nil {
			return nil, err
		}
	}
	return rep, b.cases(ctx, rep, recent, decided)
}

// unwanted reports whether an event is not for this bell's digest: it is a
// drill's, or was filtered out. Being late, or taken already, keeps none out.
func (b *bell) unwanted(e tocsin.Event) bool {
	return e.Drill && e.Kind != tocsin.Undelivered || b.filtered(e, b.w.tagsOf(e.Person)) != ""
}

func (w *Watcher) tagsOf(person string) []string { return w.current().byID[person].Tags }

func (b *bell) add(ctx context.Context, to *[]notifier.Item, e tocsin.Event) error {
	it, err := b.item(ctx, e)
	if err == nil {
		*to = append(*to, it)
	}
	return err
}

// cases adds the cases that stand open, and those that something was done about.
func (b *bell) cases(ctx context.Context, rep *notifier.Report, recent, decided map[string]bool) error {
	cases, err := b.w.store.Cases(ctx, store.CaseFilter{})
	if err != nil {
		return err
	}
	for _, c := range cases {
		to := (*[]notifier.Item)(nil)
		switch open := c.State == tocsin.CaseOpen || c.State == tocsin.CaseAcknowledged; {
		case c.State == tocsin.CaseDismissed && decided[c.ID]:
			to = &rep.Dismissed
		case c.State == tocsin.CaseDismissed || c.State == tocsin.CaseClosed:
		case c.Tier == tocsin.TierReview && open:
			to = &rep.Waiting
		case c.Tier == tocsin.TierAlert && (open || recent[c.ID] || decided[c.ID]):
			to = &rep.Needs
		}
		dated := !(c.Filed.IsZero() && c.Admissible.IsZero()) && c.State != tocsin.CaseDismissed && c.State != tocsin.CaseClosed
		if _, watched := b.w.current().byID[c.Person]; to == nil && !dated || !watched || len(c.Events) == 0 {
			continue
		}
		events, err := b.w.store.Events(ctx, store.EventFilter{Case: c.ID})
		if err != nil {
			return err
		}
		for i := len(events) - 1; i >= 0; i-- { // the last that is for this bell
			if b.unwanted(events[i]) {
				continue
			}
			it, err := b.item(ctx, events[i])
			if err != nil {
				return err
			}
			if to != nil {
				*to = append(*to, it)
			}
			if dated {
				rep.Dates = append(rep.Dates, it)
			}
			break
		}
	}
	return nil
}

// tested adds how the bell was last tried.
func (b *bell) tested(ctx context.Context, rep *notifier.Report) error {
	last, ok, err := b.w.store.LastDrill(ctx, rep.Until)
	if err != nil || !ok {
		return err
	}
	events, err := b.w.store.Events(ctx, store.EventFilter{IDs: []string{last.Event}})
	if err != nil {
		return err
	}
	if len(events) == 0 {
		return errors.New("a drill's event is not in the ledger")
	}
	rep.Tested = last.AskedAt
	for _, t := range store.TakenOf(events[0]) {
		rep.Bell = append(rep.Bell, notifier.Tested(t))
	}
	return nil
}
