package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"tocsin"
)

// Drill is one trial of the bell, asked for by somebody or by the schedule.
type Drill struct {
	ID        string
	AskedAt   time.Time
	Within    time.Duration // how long a channel may take
	Scheduled bool
	Event     string // "" until it has begun
	EndedAt   time.Time
}

const drillColumns = `id, asked_at, within, scheduled, event, ended_at`

func (d *Drill) fields() []any {
	return []any{&d.ID, stamp{&d.AskedAt}, &d.Within, &d.Scheduled, text[string]{&d.Event}, stamp{&d.EndedAt}}
}

func (s *Store) drills(ctx context.Context, rest string, args ...any) (out []Drill, err error) {
	err = each(ctx, s.r, `SELECT `+drillColumns+` FROM drill `+rest, args, func(r *sql.Rows) error {
		var d Drill
		err := r.Scan(d.fields()...)
		out = append(out, d)
		return err
	})
	return out, s.explain("reading drills", err)
}

// AskDrill writes down that a drill is wanted, for the process that sends.
func (s *Store) AskDrill(ctx context.Context, within time.Duration, scheduled bool) (d Drill, err error) {
	err = s.write(ctx, "asking for a drill", func(t *tx) error {
		d = Drill{ID: newID("d_"), AskedAt: t.now, Within: within, Scheduled: scheduled}
		_, err := t.exec(`INSERT INTO drill (`+drillColumns+`) VALUES ($1, $2, $3, $4, NULL, 0)`, d.ID, ns(d.AskedAt), int64(within), scheduled)
		return err
	})
	return d, err
}

// Drill reads one; false: there is none of this id.
func (s *Store) Drill(ctx context.Context, id string) (Drill, bool, error) {
	ds, err := s.drills(ctx, `WHERE id = $1`, id)
	if err != nil || len(ds) == 0 {
		return Drill{}, false, err
	}
	return ds[0], true, nil
}

// OpenDrills are those that have not ended, the first asked for first.
func (s *Store) OpenDrills(ctx context.Context) ([]Drill, error) {
	return s.drills(ctx, `WHERE ended_at = 0 ORDER BY asked_at`)
}

// LastDrill is the last one that began and ended by a time; false: none has.
func (s *Store) LastDrill(ctx context.Context, by time.Time) (Drill, bool, error) {
	ds, err := s.drills(ctx, `WHERE event IS NOT NULL AND ended_at <> 0 AND ended_at <= $1 ORDER BY asked_at DESC LIMIT 1`, ns(by))
	if err != nil || len(ds) == 0 {
		return Drill{}, false, err
	}
	return ds[0], true, nil
}

// LastScheduledDrill is when the schedule last asked for one, the zero time if
// it never has.
func (s *Store) LastScheduledDrill(ctx context.Context) (time.Time, error) {
	ds, err := s.drills(ctx, `WHERE scheduled = 1 ORDER BY asked_at DESC LIMIT 1`)
	if err != nil || len(ds) == 0 {
		return time.Time{}, err
	}
	return ds[0].AskedAt, nil
}

// BeginDrill records a drill's event with what it owes, once: a drill that has
// begun gives the event that it has. ErrSettled: it has ended, or there is none.
func (s *Store) BeginDrill(ctx context.Context, id string, n NewEvent) (e tocsin.Event, err error) {
	err = s.write(ctx, "beginning a drill", func(t *tx) error {
		var event string
		err := t.row(`SELECT event FROM drill WHERE id = $1 AND ended_at = 0`, id).Scan(text[string]{&event})
		if errors.Is(err, sql.ErrNoRows) {
			return ErrSettled
		}
		if err != nil || event != "" {
			e.ID = event
			return err
		}
		n.Drill = true
		if e, err = t.recordOne(n); err != nil {
			return err
		}
		_, err = t.exec(`UPDATE drill SET event = $1 WHERE id = $2`, e.ID, id)
		return err
	})
	if err != nil {
		return tocsin.Event{}, err
	}
	es, err := s.Events(ctx, EventFilter{IDs: []string{e.ID}})
	if err != nil || len(es) == 0 {
		return e, err
	}
	return es[0], nil
}

// EndDrill ends a drill: notifiers that have not taken it are not owed it any
// more, alarm says for each what that raises, and its case is closed. It returns
// those notifiers. Ending twice is nothing.
func (s *Store) EndDrill(ctx context.Context, id, why string, alarm func(notifier string) []NewEvent) (missed []string, err error) {
	err = s.write(ctx, "ending a drill", func(t *tx) error {
		missed = nil
		var event string
		err := t.row(`SELECT event FROM drill WHERE id = $1 AND ended_at = 0`, id).Scan(text[string]{&event})
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err := t.exec(`UPDATE drill SET ended_at = $1 WHERE id = $2`, ns(t.now), id); err != nil {
			return err
		}
		if event == "" {
			return nil
		}
		err = each(t.ctx, t, `SELECT notifier FROM delivery WHERE event = $1 AND state = 'pending' ORDER BY ord`, []any{event}, func(r *sql.Rows) error {
			var n string
			err := r.Scan(&n)
			missed = append(missed, n)
			return err
		})
		if err != nil {
			return err
		}
		for _, n := range missed {
			if err := t.missed(event, n, why, alarm(n)); err != nil {
				return err
			}
		}
		return t.closeDrill(event)
	})
	return missed, err
}

// missed gives one delivery of a drill up. A message under way, which holds
// nothing else, is given up with it.
func (t *tx) missed(event, notifier, why string, alarms []NewEvent) error {
	if _, err := t.exec(`UPDATE message SET state = 'failed', why = $1, due = 0 WHERE state IN ('sending', 'unknown', 'retry')
		AND id = (SELECT message FROM delivery WHERE event = $2 AND notifier = $3)
		AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.message = message.id AND d.event <> $2)`, why, event, notifier); err != nil {
		return err
	}
	if _, err := t.exec(`UPDATE delivery SET state = 'failed', at = $1, why = $2 WHERE event = $3 AND notifier = $4`, ns(t.now), why, event, notifier); err != nil {
		return err
	}
	_, err := t.record(alarms)
	return err
}

// closeDrill closes the case of a drill's event, so that nobody has to.
func (t *tx) closeDrill(event string) error {
	var id string
	if err := t.row(`SELECT case_id FROM event WHERE id = $1`, event).Scan(text[string]{&id}); err != nil || id == "" {
		return err
	}
	if _, err := t.exec(`UPDATE cases SET public = 0 WHERE id = $1`, id); err != nil {
		return err
	}
	return t.decided(id, tocsin.Decision{Action: tocsin.Close, By: "drill", At: t.now}, "")
}

// Taken is how long each notifier needed for an event.
type Taken struct {
	Notifier string
	Took     time.Duration // until it was accepted
	Missed   bool          // it was not
}

// TakenOf reads how long each notifier needed for an event that is owed to it,
// in their order.
func TakenOf(e tocsin.Event) (out []Taken) {
	for _, d := range e.Deliveries {
		switch d.State {
		case tocsin.Sent:
			out = append(out, Taken{Notifier: d.Notifier, Took: d.At.Sub(e.At)})
		case tocsin.Failed:
			out = append(out, Taken{Notifier: d.Notifier, Missed: true})
		}
	}
	return slices.Clip(out)
}
