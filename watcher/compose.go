package watcher

import (
	"context"
	"fmt"

	"tocsin"
	"tocsin/notifier"
	"tocsin/store"
)

// compose gathers all that a message shows, from the ledger and the watchlist
// in force, and takes away what the notifier may not show.
func (b *bell) compose(ctx context.Context, m store.Message) (notifier.Message, error) {
	msg := notifier.Message{ID: m.ID, Case: m.Case, Repeat: m.Repeat, Zone: b.w.zone, Links: b.Links, Kind: messageKinds[m.Kind], Now: b.w.now().UTC()}
	events, err := b.events(ctx, m)
	if err != nil {
		return msg, err
	}
	for _, e := range events {
		it, err := b.item(ctx, e)
		if err != nil {
			return msg, err
		}
		msg.Items = append(msg.Items, it)
	}
	if m.Kind == kindDigest {
		if msg.Report, err = b.reportOf(ctx, m); err != nil {
			return msg, err
		}
	}
	if m.Kind == kindCall {
		msg.Call, msg.Items, err = b.callOf(ctx, m)
		if err != nil {
			return msg, err
		}
	}
	if m.Kind == kindList {
		msg.Told = m.Events
		if len(msg.Items) == 1 {
			msg.Kind = notifier.Single
		}
	}
	msg.Silent = m.Kind == kindItem && len(m.Events) == 0 || m.Kind == kindCall
	if m.Parent != "" {
		parents, err := b.w.store.Messages(ctx, m.Parent)
		if err != nil {
			return msg, err
		}
		if len(parents) == 1 {
			msg.Parent = parents[0].Ref
		}
	}
	if m.Kind == kindReply && len(events) > 0 {
		msg.Broadcast = events[0].Kind == tocsin.Reappeared || events[0].Kind == tocsin.Disappeared
	}
	if msg.Call != nil {
		msg.Broadcast = msg.Call.Why == notifier.Arrested
	}
	return msg, nil
}

var messageKinds = map[string]notifier.Kind{
	kindRoot: notifier.Single, kindReply: notifier.Reply, kindGathered: notifier.Gathered, kindItem: notifier.Single,
	kindList:  notifier.List,
	kindSight: notifier.Sight, kindDigest: notifier.Digest, kindCall: notifier.Reply,
}

// events are the events a message carries or, for one case of a gathered
// message, the case's last event, which it only shows.
func (b *bell) events(ctx context.Context, m store.Message) ([]tocsin.Event, error) {
	f := store.EventFilter{IDs: m.Events}
	shows := m.Kind == kindItem && len(m.Events) == 0
	switch {
	case shows:
		f = store.EventFilter{Case: m.Case}
	case m.Kind == kindList:
		listed, err := b.w.store.ListOf(ctx, m.ID)
		if err != nil {
			return nil, fmt.Errorf("reading a list: %w", err)
		}
		f.IDs = nil
		for _, l := range listed {
			f.IDs = append(f.IDs, l.Event)
		}
	}
	events, err := b.w.store.Events(ctx, f)
	if err != nil {
		return nil, fmt.Errorf("reading the events of a message: %w", err)
	}
	if shows && len(events) > 1 {
		events = events[len(events)-1:]
	}
	return events, nil
}

// item is all that this bell may show of one event now. Where its tags leave the
// person out, being late elsewhere brings the event here, but no name with it.
func (b *bell) item(ctx context.Context, e tocsin.Event) (notifier.Item, error) {
	it, err := b.w.item(ctx, e)
	if err != nil {
		return it, err
	}
	detail := b.Detail
	if it.Person != nil && !e.Drill && len(b.Tags) > 0 && !overlap(b.Tags, it.Person.Tags) {
		detail = notifier.Codename
	}
	it.Steps = b.w.playbook.For(it, detail, b.Language)
	return notifier.Redact(detail, it), nil
}

// item is all that is known of one event now.
func (w *Watcher) item(ctx context.Context, e tocsin.Event) (notifier.Item, error) {
	it := notifier.Item{Event: e}
	p := w.current()
	if e.Drill && e.Person != "" {
		it.Person, it.Notice = drillPerson(), drillNotice(e.Notice)
	} else if x, ok := p.byID[e.Person]; ok {
		it.Person = subject(x)
		it.PersonEdited = e.Fingerprint != "" && p.prints[e.Person] != e.Fingerprint
	}
	if x := w.sourceOf(e.Source); x != nil {
		it.Source = x.Name
	}
	if e.Article != nil && e.Article.Story != "" {
		told, err := w.store.Tellings(ctx, e.Article.Story)
		if err != nil {
			return it, fmt.Errorf("reading where a story stood: %w", err)
		}
		it.Outlets = outlets(told)
	}
	if e.Notice != nil {
		if err := w.noticeOf(ctx, &it); err != nil {
			return it, err
		}
	}
	if e.Case != "" {
		cases, err := w.store.Cases(ctx, store.CaseFilter{ID: e.Case})
		if err != nil {
			return it, fmt.Errorf("reading a case: %w", err)
		}
		if len(cases) == 1 {
			it.Case = &cases[0]
		}
		if it.Earlier, err = w.earlier(ctx, e); err != nil {
			return it, err
		}
	}
	return it, w.beside(ctx, &it)
}

// noticeOf adds to an item its notice as it is held now.
func (w *Watcher) noticeOf(ctx context.Context, it *notifier.Item) error {
	e := it.Event
	for _, s := range w.sources {
		var h tocsin.Held
		var ok bool
		var err error
		switch x := s.(type) {
		case *listing:
			if x.ID == e.Source {
				h, ok = x.heldNotice(e.Notice.ID)
			}
		case *list:
			if x.ID == e.Source {
				h, ok, err = x.heldNow(ctx, e.Notice.ID)
			}
		}
		if err != nil {
			return err
		}
		if ok {
			it.Notice, it.FirstPublic, it.LastPublic = &h.Notice, h.FirstSeen, h.LastSeen
		}
	}
	return nil
}

// outlets are those that tell a story, each once, the first first.
func outlets(told []store.Telling) (out []string) {
	for _, x := range told {
		name := x.Outlet
		if name == "" {
			name = x.Source
		}
		if !has(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// earlier are the notices of an event's person on its source that are no longer
// public: a notice that comes back may come back under another id.
func (w *Watcher) earlier(ctx context.Context, e tocsin.Event) ([]tocsin.NoticeRef, error) {
	if e.Kind != tocsin.Appeared && e.Kind != tocsin.Listed {
		return nil, nil
	}
	cases, err := w.store.Cases(ctx, store.CaseFilter{Person: e.Person, Source: e.Source})
	if err != nil {
		return nil, fmt.Errorf("reading a person's cases: %w", err)
	}
	var out []tocsin.NoticeRef
	for _, c := range cases {
		if c.ID != e.Case && c.Notice != nil && !c.Public && c.State != tocsin.CaseDismissed {
			out = append(out, *c.Notice)
		}
	}
	return out, nil
}
