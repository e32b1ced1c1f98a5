package watcher_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"tocsin"
	"tocsin/sim"
)

// saidHeld is what is held of a notice, in the form of said.
func saidHeld(n tocsin.Notice) map[string]string {
	nats := slices.Clone(n.Nationalities)
	slices.Sort(nats)
	return map[string]string{
		"name": fold(n.Name), "forename": fold(n.Forename), "birth_date": strings.ReplaceAll(n.BirthDate.String(), "-", "/"),
		"nationalities": strings.Join(nats, " "), "photo": n.Photo,
	}
}

func fold(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

// side is one side of a change, in the form of said.
func side(field string, values []string) string {
	values = slices.Clone(values)
	slices.Sort(values)
	s := strings.Join(values, " ")
	switch field {
	case "birth_date":
		return strings.ReplaceAll(s, "-", "/")
	case "name", "forename":
		return fold(s)
	}
	return s
}

// judgeEvents checks that what was told is what had to be, once.
func (m *model) judgeEvents(turns []turn, held map[string]tocsin.Held, since time.Time, recovered bool) {
	got := map[string][]tocsin.Event{}
	back := 0
	for _, e := range m.events() {
		switch {
		case e.Kind == tocsin.Recovered:
			back++
		case e.Kind.AboutSight() || e.Notice == nil:
			m.fail("told %s", e.Kind)
		case m.watched[e.Notice.ID] == e.Person:
			got[e.Notice.ID] = append(got[e.Notice.ID], e)
		}
		m.tally.told.Add(1)
	}
	if want := map[bool]int{true: 1}[recovered]; back != want {
		m.fail("%d recovered, must be %d", back, want)
	}
	due := map[string][]tocsin.EventKind{}
	for _, t := range turns {
		due[t.id] = append(due[t.id], t.kind)
	}
	for id, h := range held {
		was := m.said[id]
		is := saidHeld(h.Notice)
		if fmt.Sprint(was) != fmt.Sprint(is) {
			m.judgeContent(id, is, since)
			m.said[id] = is
		}
	}
	for id := range m.watched {
		h, known := held[id]
		told := m.told[id]
		m.w.mu.Lock()
		altered := m.w.lives[id] != nil && m.w.lives[id].altered
		m.w.mu.Unlock()
		var turned []tocsin.EventKind
		for _, e := range got[id] {
			if e.Kind != tocsin.Changed {
				turned = append(turned, e.Kind)
			}
			if e.Inferred != (e.Kind == tocsin.Disappeared && m.ref.of[id] != nil && m.ref.of[id].inferred) {
				m.fail("%s of %s: inferred %v", e.Kind, id, e.Inferred)
			}
			if w := e.Window; w == nil || !w.After.IsZero() && w.Before.Before(w.After) {
				m.fail("%s of %s has the window %+v", e.Kind, id, w)
			}
			if told == nil {
				continue
			}
			if e.Kind == tocsin.Changed && len(e.Changes) == 0 {
				m.fail("%s is told as changed in nothing", id)
			}
			for _, c := range e.Changes {
				from, to := side(c.Field, c.From), side(c.Field, c.To)
				if is, ok := told[c.Field]; ok && is != from || from == to {
					m.fail("%s is told as changed in %s from %q to %q, and was told as %q before", id, c.Field, from, to, is)
				}
				if _, ok := told[c.Field]; ok {
					told[c.Field] = to
				}
			}
		}
		if told == nil && len(got[id]) > 0 {
			m.told[id] = saidHeld(h.Notice)
		} else if told != nil && fmt.Sprint(told) != fmt.Sprint(saidHeld(h.Notice)) {
			m.fail("%s is held as %v, and was told as %v", id, saidHeld(h.Notice), told)
		}
		if !known && len(got[id]) > 0 {
			m.fail("%v is told of %s, which was never seen", turned, id)
		}
		if (told != nil || !altered) && fmt.Sprint(turned) != fmt.Sprint(due[id]) {
			m.fail("of %s is told %v, must be %v", id, turned, due[id])
		}
	}
}

// judgeContent checks that what is newly held of a notice was true since then.
func (m *model) judgeContent(id string, is map[string]string, since time.Time) {
	for _, s := range m.w.during(id, since, m.w.clock.Now()) {
		if s.masked || s.row != nil && fmt.Sprint(said(*s.row)) == fmt.Sprint(is) {
			return
		}
	}
	m.fail("%s is held as %v, which it has not been since %s", id, is, since)
}

// counts compares the status with the reference.
func (m *model) counts() {
	st, err := m.store.Status(context.Background(), []string{m.source}, 0, "")
	if err != nil || len(st.Sources) != 1 {
		m.fail("status: %v", err)
		return
	}
	public, unconfirmed := 0, 0
	for _, b := range m.ref.of {
		if !b.gone() {
			public++
		}
		if b.absence == tocsin.Unconfirmed || b.absence == tocsin.Quarantined {
			unconfirmed++
		}
	}
	x := st.Sources[0]
	if x.Public != public || x.Unconfirmed != unconfirmed {
		m.fail("status says %d public, %d unconfirmed; must be %d, %d", x.Public, x.Unconfirmed, public, unconfirmed)
	}
	if (x.State == "blind") != m.ref.blind {
		m.fail("status says %s; blind must be %v", x.State, m.ref.blind)
	}
}

// end lets the faults end, and sees to it that then all is told.
func (m *model) end() {
	m.w.lift(func(sim.Fault) bool { return true })
	m.w.clock.advance(2 * time.Hour)
	const most = 12
	var why string
	for n := int64(1); n <= most && m.wrong == ""; n++ {
		m.look(context.Background())
		m.sight()
		m.w.clock.advance(5 * time.Minute)
		if why = m.unsettled(); why == "" {
			for worst := m.tally.worst.Load(); n > worst && !m.tally.worst.CompareAndSwap(worst, n); worst = m.tally.worst.Load() {
			}
			m.counts()
			return
		}
	}
	m.fail("%d looks after the last fault: %s", most, why)
}

// unsettled says what is not yet as the world is, "" if all is.
func (m *model) unsettled() string {
	row, held := m.watch.ModelState()
	if !row.Complete {
		return "no complete look: " + row.Why
	}
	unseen := 0
	for _, id := range m.w.ids(false) {
		m.w.mu.Lock()
		is := m.w.lives[id].row
		m.w.mu.Unlock()
		h, known := held[id]
		b := m.ref.of[id]
		switch {
		case is == nil && known && !b.gone():
			if m.unknown >= 500 && (b.absence == tocsin.Quarantined || b.absence == tocsin.Unconfirmed && row.Unreachable > 0) {
				continue // only a 404 can release it, or an exact look that cannot be had
			}
			return id + " is withdrawn, and held as " + stands(h)
		case is != nil && !known:
			unseen++
		case is != nil && b.absence != tocsin.Public:
			return id + " is public, and held as " + stands(h)
		case is != nil && fmt.Sprint(said(*is)) != fmt.Sprint(saidHeld(h.Notice)):
			return fmt.Sprintf("%s is %v, and held as %v", id, said(*is), saidHeld(h.Notice))
		}
	}
	if unseen > row.Unreachable {
		return fmt.Sprintf("%d are public and were not seen, %d are said to be out of reach", unseen, row.Unreachable)
	}
	return ""
}
