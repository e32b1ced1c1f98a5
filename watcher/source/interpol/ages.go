package interpol

import (
	"context"
	"slices"
	"time"

	"tocsin"
)

// ageMax is an age that nobody reaches.
const ageMax = 200

// ageBounds are the least and the greatest age in whole years that a birth date
// can mean to the service at about now, whatever its time zone and its reading
// of dates known in part; likely is the age if these count from their first day.
func ageBounds(d tocsin.Date, now time.Time) (from, likely, to int) {
	first := time.Date(d.Year, time.Month(max(1, d.Month)), max(1, d.Day), 0, 0, 0, 0, time.UTC)
	last := first
	switch {
	case d.Month == 0:
		last = time.Date(d.Year, 12, 31, 0, 0, 0, 0, time.UTC)
	case d.Day == 0:
		last = first.AddDate(0, 1, -1)
	}
	return age(last, now.AddDate(0, 0, -1)), age(first, now), age(first, now.AddDate(0, 0, 1))
}

func age(born, now time.Time) int {
	a := now.Year() - born.Year()
	if now.Month() < born.Month() || now.Month() == born.Month() && now.Day() < born.Day() {
		a--
	}
	return a
}

// byAges reads all whose birth date is not null: by ranges of ages, each year
// by itself where there are many; then by nationality, and nationality and age,
// what counts more rows than were seen; then by whatever else is known.
func (r *run) byAges(ctx context.Context) error {
	for _, c := range r.st.Ages {
		if _, err := r.ask(ctx, c); err != nil {
			return err
		}
	}
	if len(r.got) >= r.total {
		return nil
	}
	everybody := hunted{in: func(tocsin.Notice) bool { return true }, total: r.total}
	r.agesOnly = true
	if err := r.huntAges(ctx, everybody); err != nil {
		return err
	}
	asked := map[string]bool{}
	for more := true; more; {
		more = false
		for _, code := range r.countries(everybody.in) {
			if asked[code] {
				continue
			}
			if len(r.got) >= r.total || r.spent() {
				return nil
			}
			asked[code], more = true, true
			h := hunted{cell: Cell{Nationality: code}, in: func(n tocsin.Notice) bool { return slices.Contains(n.Nationalities, code) }}
			p, err := r.ask(ctx, h.cell)
			if err != nil {
				return err
			}
			if h.total = p.Total; h.total > reach && r.lacks(h) > 0 {
				if err := r.huntAges(ctx, h); err != nil {
					return err
				}
			}
		}
	}
	r.agesOnly = false
	return r.huntAges(ctx, everybody)
}

// huntAges finds missing rows whose birth date is not null.
func (r *run) huntAges(ctx context.Context, h hunted) error {
	cell := h.cell
	cell.Ages, cell.AgeMin, cell.AgeMax = true, 0, ageMax
	p, err := r.ask(ctx, cell)
	if err != nil {
		return err
	}
	dated := hunted{cell: cell, in: func(n tocsin.Notice) bool { return h.in(n) && n.BirthDate.Year > 0 }, total: p.Total}
	// First by the likely ages; what these hide is looked for by the bounds.
	for _, sure := range []bool{false, true} {
		if r.lacks(dated) <= 0 {
			break
		}
		err := r.narrowAges(ctx, dated, sure, func() bool { return r.lacks(dated) <= 0 })
		if err != nil {
			return err
		}
	}
	return nil
}

// narrowAges halves a range of ages until its missing rows stand in one answer.
func (r *run) narrowAges(ctx context.Context, h hunted, sure bool, done func() bool) error {
	if done() || r.agesLack(h, sure) <= 0 || r.spent() {
		return nil
	}
	if h.total <= reach {
		_, err := r.ask(ctx, h.cell)
		return err
	}
	if h.cell.AgeMin == h.cell.AgeMax {
		if _, err := r.ask(ctx, h.cell); err != nil || sure || r.agesOnly {
			return err
		}
		return r.huntCodes(ctx, h)
	}
	mid := r.middleAge(h)
	lower, upper := h, h
	lower.cell.AgeMax, upper.cell.AgeMin = mid, mid+1
	p, err := r.ask(ctx, lower.cell)
	if err != nil {
		return err
	}
	lower.total, upper.total = p.Total, h.total-p.Total
	if err := r.narrowAges(ctx, lower, sure, done); err != nil {
		return err
	}
	return r.narrowAges(ctx, upper, sure, done)
}

// agesLack is how many rows of a range of ages were not seen, as is likely, or,
// to be sure, at most.
func (r *run) agesLack(h hunted, sure bool) int {
	now := r.now().UTC()
	n := h.total
	for _, x := range r.got {
		if x.BirthDate.Year == 0 || !h.in(x) {
			continue
		}
		from, likely, to := ageBounds(x.BirthDate, now)
		if !sure {
			from, to = likely, likely
		}
		if from >= h.cell.AgeMin && to <= h.cell.AgeMax {
			n--
		}
	}
	return n
}

// middleAge divides a range so that about half of the rows known are below.
func (r *run) middleAge(h hunted) int {
	var ages []int
	now := r.now().UTC()
	for _, n := range r.got {
		if n.BirthDate.Year > 0 && h.in(n) {
			if _, a, _ := ageBounds(n.BirthDate, now); a >= h.cell.AgeMin && a < h.cell.AgeMax {
				ages = append(ages, a)
			}
		}
	}
	if len(ages) == 0 {
		return (h.cell.AgeMin + min(h.cell.AgeMax, max(h.cell.AgeMin, 120))) / 2
	}
	slices.Sort(ages)
	return ages[len(ages)/2]
}
