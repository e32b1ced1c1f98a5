package store

import (
	"context"
	"database/sql"
	"time"

	"tocsin"
)

// NewEvent is an event to be stored. The store gives it its ID, Seq, Case and
// Occurrence; a sight event that counts its outages itself keeps the Occurrence
// it comes with.
type NewEvent struct {
	tocsin.Event
	// Identity reports that what a dismissal rests on has changed: the notice's
	// name, birth date, nationalities or sex, or the person's entry.
	Identity bool
	// Deliveries are what it owes to each notifier, in their order.
	Deliveries []tocsin.Delivery
	// Takes is the case of a copy of the list in which this was told before: it goes
	// on as the event's own. "" is none.
	Takes string
}

// EventFilter chooses events; zero values choose nothing out.
type EventFilter struct {
	IDs    []string // nil: all; empty: none
	Case   string
	Person string
	Source string
	Since  time.Time // later than this
	After  int64     // with a higher sequence number
}

// eventBody is what of an event is kept as JSON, beside its columns.
type eventBody struct {
	Notice      *tocsin.NoticeRef    `json:"notice,omitempty"`
	Article     *tocsin.ArticleRef   `json:"article,omitempty"`
	Reasons     []tocsin.Reason      `json:"reasons,omitempty"`
	Fingerprint string               `json:"fingerprint,omitempty"`
	Changes     []tocsin.FieldChange `json:"changes,omitempty"`
	Window      *tocsin.Window       `json:"window,omitempty"`
	Inferred    bool                 `json:"inferred,omitempty"`
	Drill       bool                 `json:"drill,omitempty"`
	Quiet       bool                 `json:"quiet,omitempty"`
	Evidence    string               `json:"evidence,omitempty"`
	Outage      *tocsin.Outage       `json:"outage,omitempty"`
	Events      []string             `json:"events,omitempty"`
	Gathered    bool                 `json:"gathered,omitempty"`
	Many        bool                 `json:"many,omitempty"`
	Edition     *tocsin.Edition      `json:"edition,omitempty"`
	Confirmed   string               `json:"confirmed,omitempty"`
}

const eventColumns = `e.seq, e.id, e.kind, e.at, e.source, e.person, e.case_id, e.notifier, e.occurrence, e.tier, e.score, e.body`

func scanEvent(r *sql.Rows, more ...any) (e tocsin.Event, err error) {
	var b eventBody
	err = r.Scan(append([]any{&e.Seq, &e.ID, text[tocsin.EventKind]{&e.Kind}, stamp{&e.At}, &e.Source, &e.Person, text[string]{&e.Case},
		&e.Notifier, &e.Occurrence, text[tocsin.Tier]{&e.Tier}, &e.Score, nested{&b}}, more...)...)
	e.Notice, e.Article, e.Reasons, e.Fingerprint, e.Changes, e.Window = b.Notice, b.Article, b.Reasons, b.Fingerprint, b.Changes, b.Window
	e.Inferred, e.Drill, e.Quiet, e.Evidence, e.Outage, e.Events = b.Inferred, b.Drill, b.Quiet, b.Evidence, b.Outage, b.Events
	e.Gathered, e.Many, e.Edition, e.Confirmed = b.Gathered, b.Many, b.Edition, b.Confirmed
	return e, err
}

// Events reads the chosen events with their deliveries, oldest first; those
// chosen by id in the order of the ids.
func (s *Store) Events(ctx context.Context, f EventFilter) (out []tocsin.Event, err error) {
	if f.IDs != nil && len(f.IDs) == 0 {
		return nil, nil
	}
	var w where
	if f.IDs != nil {
		w.in("e.id", f.IDs)
	}
	w.equal("e.case_id", f.Case)
	w.equal("e.person", f.Person)
	w.equal("e.source", f.Source)
	if !f.Since.IsZero() {
		w.arg("e.at >", ns(f.Since))
	}
	if f.After != 0 {
		w.arg("e.seq >", f.After)
	}
	err = s.read(ctx, "reading events", func(q querier) error {
		at := map[string]int{}
		if err := each(ctx, q, `SELECT `+eventColumns+` FROM event e`+w.String()+` ORDER BY e.seq`, w.args, func(r *sql.Rows) error {
			e, err := scanEvent(r)
			at[e.ID] = len(out)
			out = append(out, e)
			return err
		}); err != nil {
			return err
		}
		return each(ctx, q, `SELECT d.event, d.notifier, d.state, d.at, d.attempts, d.why, d.due FROM event e JOIN delivery d ON d.event = e.id`+
			w.String()+` ORDER BY e.seq, d.ord`, w.args, func(r *sql.Rows) error {
			var id string
			var d tocsin.Delivery
			err := r.Scan(&id, &d.Notifier, text[tocsin.DeliveryState]{&d.State}, stamp{&d.At}, &d.Attempts, &d.Why, stamp{&d.Due})
			if i, ok := at[id]; ok {
				out[i].Deliveries = append(out[i].Deliveries, d)
			}
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	return inOrder(out, f.IDs, func(e tocsin.Event) string { return e.ID }), nil
}

// inOrder sorts what was read by id into the order of ids; nil leaves it.
func inOrder[T any](list []T, ids []string, id func(T) string) []T {
	if ids == nil {
		return list
	}
	have := make(map[string]T, len(list))
	for _, x := range list {
		have[id(x)] = x
	}
	out := list[:0]
	for _, i := range ids {
		if x, ok := have[i]; ok {
			out = append(out, x)
			delete(have, i)
		}
	}
	return out
}

// record stores events, their cases and their deliveries, in the order given.
func (t *tx) record(events []NewEvent) ([]tocsin.Event, error) {
	out := make([]tocsin.Event, 0, len(events))
	for _, n := range events {
		e, err := t.recordOne(n)
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

func (t *tx) recordOne(n NewEvent) (tocsin.Event, error) {
	e := n.Event
	e.ID, e.Deliveries = newID("e_"), append([]tocsin.Delivery(nil), n.Deliveries...)
	if e.At.IsZero() {
		e.At = t.now
	}
	if e.Kind.AboutSight() {
		e.Case = ""
		if e.Occurrence == 0 {
			if err := t.row(`SELECT coalesce(max(occurrence), 0) + 1 FROM event WHERE source = $1 AND notifier = $2 AND kind = $3 AND case_id IS NULL`,
				e.Source, e.Notifier, string(e.Kind)).Scan(&e.Occurrence); err != nil {
				return e, err
			}
		}
	} else {
		if err := t.takeCase(n.Takes, e); err != nil {
			return e, err
		}
		if err := t.intoCase(&e, n.Identity); err != nil {
			return e, err
		}
	}
	body, err := jsonText(eventBody{e.Notice, e.Article, e.Reasons, e.Fingerprint, e.Changes, e.Window, e.Inferred, e.Drill, e.Quiet, e.Evidence, e.Outage, e.Events,
		e.Gathered, e.Many, e.Edition, e.Confirmed})
	if err != nil {
		return e, err
	}
	if err := t.row(`INSERT INTO event (id, kind, at, source, person, case_id, notifier, occurrence, tier, score, body)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING seq`, e.ID, string(e.Kind), ns(e.At), e.Source, e.Person,
		orNull(e.Case), e.Notifier, e.Occurrence, string(e.Tier), e.Score, body).Scan(&e.Seq); err != nil {
		return e, err
	}
	for i, d := range e.Deliveries {
		if _, err := t.exec(`INSERT INTO delivery (event, notifier, ord, state, at, attempts, why, due, message) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL)`,
			e.ID, d.Notifier, i, string(d.State), ns(d.At), d.Attempts, d.Why, ns(d.Due)); err != nil {
			return e, err
		}
	}
	return e, nil
}

// intoCase puts an event in its case and counts its kind there. An event of a
// dismissed case is recorded and rings for nobody, unless the notice has come
// back; a change of identity ends the dismissal (contract, "dismissal").
func (t *tx) intoCase(e *tocsin.Event, identity bool) error {
	id, met, err := t.tellCase(*e)
	if err != nil {
		return err
	}
	e.Case = id
	if met == tocsin.CaseDismissed {
		switch {
		case identity:
			if err := t.reopen(id, e.Changes); err != nil {
				return err
			}
		case e.Kind == tocsin.Reappeared:
		default:
			for i, d := range e.Deliveries {
				e.Deliveries[i] = tocsin.Delivery{Notifier: d.Notifier, State: tocsin.Skipped, At: t.now, Why: "dismissed"}
			}
		}
	}
	return t.row(`SELECT coalesce(max(occurrence), 0) + 1 FROM event WHERE case_id = $1 AND kind = $2`, id, string(e.Kind)).Scan(&e.Occurrence)
}
