package interpol

import (
	"cmp"
	"context"
	"maps"
	"math/bits"
	"slices"

	"tocsin"
)

// hunted is a cell known to have rows that were not seen yet.
type hunted struct {
	cell  Cell
	in    func(tocsin.Notice) bool // whether a row that was seen is in the cell
	total int
	fore  class // how far forenames are narrowed; nil: they cannot help
}

func (r *run) seen(in func(tocsin.Notice) bool) int {
	n := 0
	for _, x := range r.got {
		if in(x) {
			n++
		}
	}
	return n
}

func (r *run) lacks(h hunted) int { return h.total - r.seen(h.in) }

// rest reads the rows that the main division leaves out: the cells where they
// were last, then, as long as the list counts more than was seen, wherever
// counts say that somebody is missing.
func (r *run) rest(ctx context.Context) error {
	for _, c := range r.st.Rest {
		// Of one that has grown too large the hunt finds whom it leaves out.
		if _, err := r.ask(ctx, c); err != nil {
			return err
		}
	}
	everybody := func(tocsin.Notice) bool { return true }
	if lack := r.total - len(r.got); lack <= 0 || lack == r.st.unreachable(r.total) || r.spent() {
		return nil
	}
	h := hunted{cell: Cell{}, in: everybody, total: r.total}
	if r.mode != ModeAges {
		h.fore = class{every}
	}
	return r.hunt(ctx, h)
}

// hunt narrows a cell by every field in turn until all its rows were seen. It
// skips what has no more rows than were seen of it.
func (r *run) hunt(ctx context.Context, h hunted) error {
	if r.lacks(h) <= 0 {
		return nil
	}
	if h.fore != nil {
		if err := r.huntForenames(ctx, h); err != nil {
			return err
		}
	}
	if r.lacks(h) > 0 && !h.cell.Ages {
		if err := r.huntAges(ctx, h); err != nil {
			return err
		}
	}
	if r.lacks(h) <= 0 {
		return nil
	}
	moved, err := r.moved(ctx)
	if err != nil || moved {
		return err
	}
	return r.huntCodes(ctx, h)
}

// moved reports whether the list has changed since the sweep began: then a
// count that is not reached proves nothing, and searching for it is in vain.
func (r *run) moved(ctx context.Context) (bool, error) {
	if err := r.newest(ctx); err != nil {
		return false, err
	}
	return r.last.Total != r.total || arrivals(r.first.Notices, r.last.Notices) > 0, nil
}

// huntForenames finds missing rows whose forename is not null.
func (r *run) huntForenames(ctx context.Context, h hunted) error {
	cell := h.cell
	cell.Forename = h.fore.pattern()
	total := h.total
	in := func(n tocsin.Notice) bool { return h.in(n) && n.Forename != "" && h.fore.has(n.Forename) }
	if h.cell.Forename != cell.Forename {
		p, err := r.ask(ctx, cell)
		if err != nil {
			return err
		}
		total = p.Total
	}
	return r.narrow(ctx, hunted{cell: cell, in: in, total: total, fore: h.fore})
}

// narrow halves a class of forenames until the missing rows stand in one answer.
func (r *run) narrow(ctx context.Context, h hunted) error {
	if r.lacks(h) <= 0 {
		return nil
	}
	if h.total <= reach {
		_, err := r.ask(ctx, h.cell)
		return err
	}
	parts := r.halves(h)
	if len(parts) < 2 {
		h.fore = nil
		return r.hunt(ctx, h)
	}
	left := h.total
	for i, c := range parts {
		part := hunted{cell: h.cell, fore: c}
		part.cell.Forename = c.pattern()
		part.in = func(n tocsin.Notice) bool { return h.in(n) && c.has(n.Forename) }
		part.total = left // the last has what the others leave
		if i < len(parts)-1 {
			p, err := r.ask(ctx, part.cell)
			if err != nil {
				return err
			}
			part.total = p.Total
		}
		left -= part.total
		if err := r.narrow(ctx, part); err != nil {
			return err
		}
		if r.lacks(h) <= 0 {
			return nil
		}
	}
	return nil
}

// halves divides a class of forenames into parts with about as many rows each,
// as far as is known; one part if it cannot be divided.
func (r *run) halves(h hunted) []class {
	var sample []string
	for _, n := range r.got {
		if h.in(n) {
			sample = append(sample, n.Forename)
		}
	}
	if r.mode == ModePlain {
		return halvesPlain(h.fore[0], sample)
	}
	items := itemise(h.fore, texts{sample, 1, 0.01}, max(1, float64(len(sample))/4), 1)
	if len(items) < 2 {
		return nil
	}
	slices.SortStableFunc(items, func(a, b item) int { return cmp.Compare(b.n, a.n) })
	var a, b class
	var na, nb float64
	for _, it := range items {
		if na <= nb {
			a, na = append(a, it.unit).joined(), na+it.n
		} else {
			b, nb = append(b, it.unit).joined(), nb+it.n
		}
	}
	return []class{a, b}
}

// halvesPlain does the same with parts that need no alternation.
func halvesPlain(u unit, sample []string) []class {
	for bits.OnesCount32(u.S) == 1 {
		d, ok := u.deeper()
		if !ok || len(d.P) > 2*depthMax {
			return nil
		}
		u = d
	}
	if u.S&end != 0 && u.S != end {
		if u.S&^end == odd {
			return []class{{{u.P, end}}, {{u.P, odd}}}
		}
	}
	var by [steps]int
	for _, s := range sample {
		if step, ok := next(s, u.P); ok {
			by[step]++
		}
	}
	var a, rest uint32
	na, n := 0, 0
	letters := u.S & alpha
	for step := range 26 {
		if letters&(1<<step) != 0 {
			n += by[step]
		}
	}
	for step := range 26 {
		if letters&(1<<step) == 0 {
			continue
		}
		if a == 0 || 2*na < n && bits.OnesCount32(a) < bits.OnesCount32(letters)-1 {
			a |= 1 << step
			na += by[step]
		} else {
			rest |= 1 << step
		}
	}
	var out []class
	if u.S&end != 0 {
		out = append(out, class{{u.P, end}})
	}
	if a != 0 {
		out = append(out, class{{u.P, a}})
	}
	if rest |= u.S & odd; rest != 0 {
		out = append(out, class{{u.P, rest}})
	}
	return out
}

// huntCodes finds missing rows by nationality, sex and issuing country, the
// likeliest first.
func (r *run) huntCodes(ctx context.Context, h hunted) error {
	type way struct {
		list []string
		cell func(Cell, string) Cell
	}
	countries := r.countries(h.in)
	var ways []way
	if h.cell.Sex == "" {
		ways = append(ways, way{[]string{"U", "F"}, func(c Cell, v string) Cell { c.Sex = v; return c }})
	}
	if h.cell.Nationality == "" {
		ways = append(ways, way{countries, func(c Cell, v string) Cell { c.Nationality = v; return c }})
	}
	if h.cell.Warrant == "" && r.color == Red {
		ways = append(ways, way{countries, func(c Cell, v string) Cell { c.Warrant = v; return c }})
	}
	if h.cell.Sex == "" {
		ways = append(ways, way{[]string{"M"}, func(c Cell, v string) Cell { c.Sex = v; return c }})
	}
	for _, w := range ways {
		for _, v := range w.list {
			if r.codesLack(h) <= 0 || r.spent() {
				return nil
			}
			if _, err := r.ask(ctx, w.cell(h.cell, v)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *run) codesLack(h hunted) int {
	if h.cell.Ages {
		return r.agesLack(h, false)
	}
	return r.lacks(h)
}

// spent reports that the sweep has cost so much that it must end: what it did
// not find then shows as a deficit.
func (r *run) spent() bool {
	if r.mode == ModeAges {
		return r.requests > 14*(r.total/reach+1)
	}
	return r.requests > 8*(r.total/reach+1)
}

// countries are the codes that rows have, the most frequent first, those of the
// rows hunted before all others.
func (r *run) countries(in func(tocsin.Notice) bool) []string {
	count := map[string]int{}
	for _, n := range r.got {
		for _, c := range n.Nationalities {
			count[c]++
			if in(n) {
				count[c] += 1000
			}
		}
	}
	codes := slices.Collect(maps.Keys(count))
	slices.SortFunc(codes, func(a, b string) int { return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b)) })
	return codes
}
