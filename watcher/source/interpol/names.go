package interpol

import (
	"context"
	"slices"
	"sort"
	"strings"

	"tocsin"
)

func names(c class) Cell     { return Cell{Name: c.pattern()} }
func forenames(c class) Cell { return Cell{Forename: c.pattern()} }

// probe finds out how patterns are taken: whether one that everybody uses
// narrows the list, and whether one with alternatives reaches the rows of both.
func (r *run) probe(ctx context.Context) (Mode, error) {
	var count [26]int
	for _, n := range r.first.Notices {
		if step, ok := next(n.Name, ""); ok && step < 26 {
			count[step]++
		}
	}
	letters := make([]int, 26)
	for i := range letters {
		letters[i] = i
	}
	sort.SliceStable(letters, func(i, j int) bool { return count[letters[i]] > count[letters[j]] })
	if count[letters[1]] == 0 {
		return ModeAges, nil // no name begins with a letter: nothing to divide by
	}
	one := class{{S: 1 << letters[0]}}
	p, err := r.ask(ctx, names(one))
	if err != nil {
		return "", err
	}
	if p.Total == 0 || p.Total >= r.total || !mostly(one, p.Notices) {
		return ModeAges, nil
	}
	two := class{{S: 1 << letters[0]}, {P: string(rune('a' + letters[1])), S: all}}
	q, err := r.ask(ctx, names(two))
	if err != nil {
		return "", err
	}
	if q.Total <= p.Total || q.Total >= r.total || !mostly(two, q.Notices) {
		return ModePlain, nil
	}
	return ModeAlternation, nil
}

// mostly reports whether rows are what a class asked for, a few that a service
// may fold differently apart.
func mostly(c class, rows []tocsin.Notice) bool {
	in := 0
	for _, n := range rows {
		if c.has(n.Name) {
			in++
		}
	}
	return 2*in >= len(rows)
}

// byNames reads all whose name is not null.
func (r *run) byNames(ctx context.Context) error {
	leaves := r.st.Leaves
	if len(leaves) == 0 {
		leaves = r.guess(class{every}, r.total)
	}
	for _, l := range leaves {
		if _, err := r.readLeaf(ctx, l); err != nil {
			return err
		}
	}
	if r.mode == ModePlain && len(r.st.Leaves) == 0 {
		return r.short(ctx)
	}
	return nil
}

// shortMax is up to which length names are read by length.
const shortMax = 3

func ofLength(n int) Cell { return Cell{Name: "^" + strings.Repeat(".", n) + "$"} }

// short reads the names that end where a plan without alternation divides
// further: by their length, which one pattern can say.
func (r *run) short(ctx context.Context) error {
	for length := 1; length <= shortMax; length++ {
		if len(r.got) >= r.total {
			return nil
		}
		if _, err := r.ask(ctx, ofLength(length)); err != nil {
			return err
		}
	}
	return nil
}

// readLeaf reads a class of names, dividing it where it has grown too large,
// and gives the total of what was read.
func (r *run) readLeaf(ctx context.Context, l leaf) (int, error) {
	if r.mode == ModePlain {
		if parts := l.Units.plain(); len(parts) > 1 {
			return r.readAll(ctx, parts)
		}
		if u := l.Units[0]; u.S == end && len(u.P) <= shortMax {
			return 0, nil // see short
		}
	}
	if len(l.Fore) > 0 {
		r.loose = true
		return r.readFore(ctx, l)
	}
	p, err := r.ask(ctx, names(l.Units))
	if err != nil {
		return 0, err
	}
	emptied := func() bool {
		return l.N >= 10 || r.seen(func(n tocsin.Notice) bool { return n.Name != "" && l.Units.has(n.Name) }) >= 3
	}
	if p.Total == 0 && emptied() || !mostly(l.Units, p.Notices) {
		if err := r.suspect(ctx); err != nil {
			return 0, err
		}
	}
	if p.Total <= reach {
		return p.Total, nil
	}
	return p.Total, r.split(ctx, l.Units, p.Total)
}

func (r *run) readAll(ctx context.Context, parts []class) (int, error) {
	sum := 0
	for _, c := range parts {
		n, err := r.readLeaf(ctx, leaf{Units: c})
		if err != nil {
			return 0, err
		}
		sum += n
	}
	return sum, nil
}

// readFore reads a class too common for names alone to divide, by forenames.
func (r *run) readFore(ctx context.Context, l leaf) (int, error) {
	sum := 0
	base := names(l.Units)
	for _, f := range l.Fore {
		for _, c := range r.askable(f.Units) {
			cell := base
			cell.Forename = c.pattern()
			p, err := r.ask(ctx, cell)
			if err != nil {
				return 0, err
			}
			if p.Total > reach {
				in := func(n tocsin.Notice) bool { return l.Units.has(n.Name) && c.has(n.Forename) }
				if err := r.hunt(ctx, hunted{cell: cell, in: in, total: p.Total, fore: c}); err != nil {
					return 0, err
				}
			}
			sum += p.Total
		}
	}
	return sum, nil
}

// askable divides a class into such as the mode can ask.
func (r *run) askable(c class) []class {
	if r.mode == ModePlain {
		return c.plain()
	}
	return []class{c}
}

// suspect makes sure that patterns are still taken as before.
func (r *run) suspect(ctx context.Context) error {
	for key := range r.asked {
		delete(r.asked, key)
	}
	clear(r.saved)
	m, err := r.probe(ctx)
	if err != nil {
		return err
	}
	if m != r.mode {
		r.st.Mode, r.st.Since = m, 0
		return errMode
	}
	return nil
}

// split divides a class that has more rows than can be reached.
func (r *run) split(ctx context.Context, c class, total int) error {
	leaves := r.guess(c, total)
	in := func(n tocsin.Notice) bool { return c.has(n.Name) }
	if len(leaves) < 2 {
		r.loose = true
		return r.hunt(ctx, hunted{cell: names(c), in: in, total: total, fore: class{every}})
	}
	sum := 0
	for _, l := range leaves {
		n, err := r.readLeaf(ctx, l)
		if err != nil {
			return err
		}
		sum += n
	}
	if sum >= total || r.mode == ModePlain {
		return nil
	}
	p, err := r.askAnew(ctx, names(c))
	if err != nil {
		return err
	}
	if sum >= p.Total {
		return nil
	}
	if sum == 0 {
		return r.suspect(ctx)
	}
	r.loose = true
	return r.hunt(ctx, hunted{cell: names(c), in: in, total: p.Total, fore: class{every}})
}

// guess divides a class by what the rows seen so far say of its names.
func (r *run) guess(c class, total int) []leaf {
	var sample []string
	for _, id := range r.order {
		if n := r.got[id]; n.Name != "" && c.has(n.Name) {
			sample = append(sample, n.Name)
		}
	}
	scale := float64(total) / float64(max(1, len(sample)))
	items := itemise(c, texts{sample, scale, 0.3}, guessTo, fineness(r.mode == ModeAlternation))
	leaves := pack(items, guessTo, r.mode == ModeAlternation)
	if len(leaves) == 1 && len(items) > 1 {
		// The sample is too kind: halve what it says.
		leaves = pack(items, max(1, float64(leaves[0].N)/2), r.mode == ModeAlternation)
	}
	for i := range leaves {
		leaves[i].N = 0 // a guess proves nothing
	}
	return leaves
}

// pairs are the names and forenames of all that was seen, in a stable order.
func (r *run) pairs() []pair {
	ids := slices.Clone(r.order)
	slices.Sort(ids)
	out := make([]pair, 0, len(ids))
	for _, id := range ids {
		n := r.got[id]
		out = append(out, pair{n.Name, n.Forename})
	}
	return out
}
