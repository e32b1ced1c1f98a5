package interpol

import (
	"context"
	"fmt"
	"slices"

	"tocsin"
	"tocsin/watcher/source"
)

// settle judges a sweep that was read to its end, and makes the next one's plan.
//
// It is exact when nothing moved while it lasted, by the totals and by the
// order of the newest page, and as many rows were seen as are counted. It is
// complete, too, when only the rows were not seen that by three sweeps no filter
// reaches; and when something moved but the division by names, which holds
// however the list moves, was read whole, and a count taken while nothing moved
// says that nobody is outside of it but who was seen there.
func (r *run) settle(ctx context.Context, snap *tocsin.Snapshot) error {
	if r.total <= reach {
		// A first reading that did not add up may have had rows that are gone by now.
		snap.Complete, snap.Exact = true, len(r.got) == r.total
		r.st.LastListed = r.total
		return nil
	}
	if err := r.newest(ctx); err != nil {
		return err
	}
	if r.last.Total == 0 {
		return r.emptied(r.total)
	}
	still := !r.resumed && r.last.Total == r.total && arrivals(r.first.Notices, r.last.Notices) == 0
	lack := r.total - len(r.got)
	switch {
	case still && lack == 0:
		snap.Complete, snap.Exact = true, true
		r.st.Deficit, r.st.Runs = 0, 0
	case still && lack > 0:
		if r.st.Deficit != lack {
			r.st.Deficit, r.st.Runs = lack, 0
		}
		r.st.Runs++
		if r.mode == ModeAges {
			r.replan()
		}
		if r.st.unreachable(r.total) == lack {
			snap.Complete, snap.Unreachable = true, lack
		} else if r.st.Runs == deficitRuns {
			// Too many to be out of reach: perhaps the division is wrong. It is found anew, once.
			r.st.Mode, r.st.Since, r.st.Leaves, r.st.Rest = ModeUnknown, 0, nil, nil
		}
	default:
		ok, err := r.verify(ctx)
		if err != nil {
			return err
		}
		u := r.st.unreachable(r.total)
		if ok && len(r.got) >= r.last.Total-u { // all who are there now, and maybe some who are gone
			snap.Complete, snap.Unreachable = true, u
		}
	}
	r.st.Done = r.now().UTC()
	if !snap.Complete {
		if still && lack > 0 {
			return &stopped{tocsin.CauseShifting, fmt.Sprintf("%d of %d rows are counted and were not found", lack, r.total)}
		}
		return &stopped{tocsin.CauseShifting, fmt.Sprintf("the list changed while it was read (%d, then %d)", r.total, r.last.Total)}
	}
	for _, id := range r.order {
		if r.viaR[id] || !r.filtered[id] && has(r.first.Notices, id) && (snap.Exact || has(r.last.Notices, id)) {
			snap.Unfiltered = append(snap.Unfiltered, id)
		}
	}
	r.st.LastListed = r.last.Total
	r.st.Since++
	r.replan()
	return nil
}

func has(rows []tocsin.Notice, id string) bool {
	return slices.ContainsFunc(rows, func(n tocsin.Notice) bool { return n.ID == id })
}

// verify makes sure, after something has moved, that nobody is left out. Rows
// with a name were all read, in whichever leaf; who came or was changed stands
// on the newest page. There remain rows that no pattern for names reaches: they
// are counted, as the difference between all rows and those with a name, and
// read again, while the newest page shows that nothing moves.
func (r *run) verify(ctx context.Context) (bool, error) {
	if r.mode != ModeAlternation || r.loose {
		return false, nil
	}
	before := r.last
	named, err := r.fetch(ctx, names(class{every}))
	if err != nil {
		return false, err
	}
	outside := map[string]bool{}
	for _, c := range r.restCells(r.nameless()) {
		p, err := r.askAnew(ctx, c)
		if err != nil {
			return false, err
		}
		for _, n := range p.Notices {
			if n.Name == "" {
				outside[n.ID] = true
			}
		}
	}
	for _, id := range r.order {
		if !r.viaR[id] {
			continue
		}
		d, err := r.Detail(ctx, id, source.PrioritySweep)
		if ctx.Err() != nil {
			return false, ctx.Err()
		}
		if err == nil && d.State == tocsin.DetailFound {
			outside[id] = true
		}
	}
	if err := r.newest(ctx); err != nil {
		return false, err
	}
	if r.last.Total != before.Total || arrivals(before.Notices, r.last.Notices) > 0 {
		return false, nil
	}
	known := map[string]bool{}
	if r.h.Unfiltered != nil {
		for _, id := range r.h.Unfiltered() {
			known[id] = !r.filtered[id]
		}
	}
	for _, n := range r.last.Notices {
		if n.Name == "" || known[n.ID] {
			outside[n.ID] = true
		}
	}
	return named.Total+len(outside)+r.st.unreachable(r.total) == r.last.Total, nil
}

// nameless are the rows seen that no pattern for names reaches, but some other
// filter does.
func (r *run) nameless() []tocsin.Notice {
	var out []tocsin.Notice
	for _, id := range r.order {
		if n := r.got[id]; n.Name == "" && !r.viaR[id] {
			out = append(out, n)
		}
	}
	return out
}

// replan makes the next sweep's plan of all that was seen. A plan that still
// serves is kept.
func (r *run) replan() {
	if r.mode == ModeAges {
		r.st.Ages = r.useful
		return
	}
	rows := r.pairs()
	if !serves(r.st.Leaves, rows) {
		r.st.Leaves = plan(rows, r.mode == ModeAlternation)
	}
	var left []tocsin.Notice
	short := [shortMax + 1]bool{}
	for _, id := range r.order {
		n := r.got[id]
		if r.viaR[id] || !r.filtered[id] {
			continue
		}
		in := r.covered(n)
		if !in && r.mode == ModePlain && n.Name != "" && len(n.Name) <= shortMax {
			short[len(n.Name)], in = true, true
		}
		if !in {
			left = append(left, n)
		}
	}
	r.st.Rest = nil
	for length, ok := range short {
		if ok {
			r.st.Rest = append(r.st.Rest, ofLength(length))
		}
	}
	r.st.Rest = append(r.st.Rest, r.restCells(left)...)
}

// covered reports whether some leaf of the plan reads a row.
func (r *run) covered(n tocsin.Notice) bool {
	if n.Name == "" {
		return false
	}
	for _, l := range r.st.Leaves {
		if !l.Units.has(n.Name) {
			continue
		}
		if r.mode == ModePlain && l.Units[0].S == end && len(l.Units[0].P) <= shortMax {
			return false
		}
		return len(l.Fore) == 0 || n.Forename != ""
	}
	return false
}

// serves reports whether a plan's leaves are neither too large nor so small
// that two could be one, and notes how many rows each has.
func serves(leaves []leaf, rows []pair) bool {
	if len(leaves) == 0 {
		return false
	}
	var sizes []int
	for i := range leaves {
		l := &leaves[i]
		l.N = 0
		fore := make([]int, len(l.Fore))
		for _, r := range rows {
			if r.name == "" || !l.Units.has(r.name) {
				continue
			}
			l.N++
			for j, f := range l.Fore {
				if r.forename != "" && f.Units.has(r.forename) {
					fore[j]++
				}
			}
		}
		if len(l.Fore) == 0 {
			sizes = append(sizes, l.N)
		}
		for j, n := range fore {
			l.Fore[j].N = n
			if n > splitAt {
				return false
			}
		}
	}
	slices.Sort(sizes)
	n := len(sizes)
	return n == 0 || sizes[n-1] <= splitAt && (n < 2 || sizes[0]+sizes[1] > joinAt)
}
