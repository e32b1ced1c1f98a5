package interpol

import (
	"cmp"
	"slices"
	"strings"

	"tocsin"
)

// crossMax is how many letters of a forename a cell of the rest looks at.
const crossMax = 6

// restCells are cells that together hold the rows given, each small enough for
// one answer by what was seen, and few.
func (r *run) restCells(rows []tocsin.Notice) []Cell {
	var cells []Cell
	add := func(c Cell) {
		if !slices.Contains(cells, c) {
			cells = append(cells, c)
		}
	}
	var fore []tocsin.Notice
	for _, n := range rows {
		step, ok := next(n.Forename, "")
		switch {
		case n.Forename != "" && ok && step < 26:
			fore = append(fore, n)
		case n.Forename != "":
			add(forenames(class{{S: odd}}))
		default:
			if c := r.attributeCell(n); c != (Cell{}) {
				add(c)
			}
		}
	}
	slices.SortFunc(fore, func(a, b tocsin.Notice) int {
		return cmp.Or(cmp.Compare(a.Forename, b.Forename), cmp.Compare(a.ID, b.ID))
	})
	for _, c := range r.crossCells(fore) {
		add(c)
	}
	return cells
}

// crossCells cover forenames by a set of letters for each of their first
// places, which needs no alternation. Where that would hold too many others
// the rows are divided.
func (r *run) crossCells(rows []tocsin.Notice) []Cell {
	if len(rows) == 0 {
		return nil
	}
	depth := crossMax
	for _, n := range rows {
		depth = min(depth, len(letterPrefix(n.Forename)))
	}
	sets := make([]uint32, depth)
	for _, n := range rows {
		for i, c := range []byte(letterPrefix(n.Forename)[:depth]) {
			sets[i] |= 1 << (c - 'a')
		}
	}
	held := r.seen(func(n tocsin.Notice) bool {
		p := letterPrefix(n.Forename)
		if len(p) < depth {
			return false
		}
		for i, s := range sets {
			if s&(1<<(p[i]-'a')) == 0 {
				return false
			}
		}
		return true
	})
	if held > packTo && len(rows) > 1 {
		// The shortest apart: it is what keeps the others' pattern short.
		by := slices.Clone(rows)
		slices.SortStableFunc(by, func(a, b tocsin.Notice) int {
			return cmp.Compare(len(letterPrefix(a.Forename)), len(letterPrefix(b.Forename)))
		})
		mid := len(by) / 2
		return append(r.crossCells(by[:mid]), r.crossCells(by[mid:])...)
	}
	if held > packTo {
		c := r.attributeCell(rows[0])
		c.Forename = "^" + letterPrefix(rows[0].Forename)
		return []Cell{c}
	}
	var b strings.Builder
	b.WriteByte('^')
	for _, s := range sets {
		b.WriteString("[" + ranges(s) + "]")
	}
	return []Cell{{Forename: b.String()}}
}

// letterPrefix are the letters a–z that a text begins with, in lower case.
func letterPrefix(s string) string {
	b := []byte(s[:min(len(s), crossMax)])
	for i, c := range b {
		if c = lower(c); c < 'a' || c > 'z' {
			return string(b[:i])
		}
		b[i] = lower(b[i])
	}
	return string(b)
}

// attributeCell is the narrowest cell without patterns that holds a row now and
// will tomorrow; the zero Cell if there is none.
func (r *run) attributeCell(n tocsin.Notice) Cell {
	var c Cell
	if n.BirthDate.Year > 0 {
		from, _, to := ageBounds(n.BirthDate, r.now().UTC())
		if from >= 0 && to < ageMax {
			c.Ages, c.AgeMin, c.AgeMax = true, from, to
		}
	}
	if len(n.Nationalities) > 0 {
		c.Nationality = n.Nationalities[0]
	}
	return c
}
