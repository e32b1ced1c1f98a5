package interpol

import (
	"cmp"
	"math/bits"
	"slices"
)

const (
	packTo   = 140 // rows a leaf is filled to
	packFull = 148 // the same without alternation, where leaves are many and grow slowly
	splitAt  = 150 // rows above which a leaf is divided
	joinAt   = 110 // rows that two leaves may have together to become one
	guessTo  = 115 // rows a leaf is filled to where they are guessed
	depthMax = 9   // letters of a prefix
	// patternMax bounds a pattern's length: an address of about a thousand bytes
	// passes everywhere.
	patternMax = 600
)

// item is a unit and how many rows it is thought to have.
type item struct {
	unit
	n float64
}

// texts are what a sample says of a field, and how many rows stand behind each.
type texts struct {
	list  []string
	scale float64
	base  float64 // rows that an unseen step is thought to have
}

// itemise divides a class finely enough to be packed to size, as far as its
// texts can be told apart.
func itemise(c class, t texts, size, fine float64) []item {
	var out []item
	for _, u := range c {
		var mine []string
		for _, s := range t.list {
			if u.has(s) {
				mine = append(mine, s)
			}
		}
		out = divide(out, u, texts{mine, t.scale, t.base}, fine*size, true)
	}
	return out
}

// fineness is the share of a leaf above which an item is divided further: small
// items fill leaves better where alternation can join them.
func fineness(alternation bool) float64 {
	if alternation {
		return 0.3
	}
	return 1
}

func divide(out []item, u unit, t texts, size float64, force bool) []item {
	n := float64(len(t.list)) * t.scale
	if !force && (n <= size || len(u.P) >= depthMax) {
		return append(out, item{u, max(n, t.base)})
	}
	if bits.OnesCount32(u.S) == 1 {
		d, ok := u.deeper()
		if !ok || len(d.P) > depthMax {
			return append(out, item{u, max(n, t.base)})
		}
		return divide(out, d, t, size, true)
	}
	var by [steps][]string
	for _, s := range t.list {
		if step, ok := next(s, u.P); ok {
			by[step] = append(by[step], s)
		}
	}
	for _, v := range u.single() {
		out = divide(out, v, texts{by[bits.TrailingZeros32(v.S)], t.scale, t.base}, size, false)
	}
	return out
}

// bin is a leaf being filled.
type bin struct {
	class class
	n     float64
	cost  int // letters of its pattern, about
}

func (b *bin) with(prefix string) bool {
	return slices.ContainsFunc(b.class, func(u unit) bool { return u.P == prefix })
}

// pack fills leaves with items to size, the largest first into the fullest leaf
// that takes them. Without alternation a leaf takes one prefix only.
func pack(items []item, size float64, alternation bool) []leaf {
	slices.SortStableFunc(items, func(a, b item) int {
		return cmp.Or(cmp.Compare(b.n, a.n), cmp.Compare(a.P, b.P), cmp.Compare(a.S, b.S))
	})
	var bins []*bin
	for _, it := range items {
		alone := !alternation && it.S == end
		var best *bin
		bestRank := -1.0
		for _, b := range bins {
			same := b.with(it.P)
			if b.n+it.n > size || alone || !alternation && !same || !same && b.cost > patternMax {
				continue
			}
			if !alternation && b.class[0].S == end {
				continue
			}
			rank := b.n
			if same {
				rank += size * 0.1 // keeps patterns short
				if it.n < 1 {
					rank += size
				}
			}
			if rank > bestRank {
				best, bestRank = b, rank
			}
		}
		if best == nil {
			best = &bin{}
			bins = append(bins, best)
		}
		if !best.with(it.P) {
			best.cost += len(it.P) + 6
		}
		best.class = append(best.class, it.unit).joined()
		best.cost++
		best.n += it.n
	}
	out := make([]leaf, len(bins))
	for i, b := range bins {
		slices.SortFunc(b.class, func(x, y unit) int { return cmp.Compare(x.P, y.P) })
		out[i] = leaf{Units: b.class, N: int(b.n)}
	}
	slices.SortFunc(out, func(a, b leaf) int {
		return cmp.Or(cmp.Compare(a.Units[0].P, b.Units[0].P), cmp.Compare(a.Units[0].S, b.Units[0].S))
	})
	return out
}

// leaf is a class of names that is read in one answer, with the rows it had. A
// class of one name too common for that is divided further, by forenames.
type leaf struct {
	Units class  `json:"u"`
	N     int    `json:"n"`
	Fore  []leaf `json:"f,omitempty"`
}

// plan divides all names so that each leaf has at most packTo or packFull rows, as
// far as names and forenames can tell them apart.
func plan(rows []pair, alternation bool) []leaf {
	size := float64(packTo)
	if !alternation {
		size = packFull
	}
	names := make([]string, 0, len(rows))
	for _, r := range rows {
		if r.name != "" {
			names = append(names, r.name)
		}
	}
	leaves := pack(itemise(class{every}, texts{names, 1, 0}, size, fineness(alternation)), size, alternation)
	for i, l := range leaves {
		if l.N <= splitAt {
			continue
		}
		var fore []string
		for _, r := range rows {
			if r.forename != "" && l.Units.has(r.name) {
				fore = append(fore, r.forename)
			}
		}
		leaves[i].Fore = pack(itemise(class{every}, texts{fore, 1, 0}, size, fineness(alternation)), size, alternation)
	}
	return leaves
}

type pair struct{ name, forename string }
