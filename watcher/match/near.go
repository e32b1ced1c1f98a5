package match

import "slices"

// maxNear bounds what is remembered of codes: their number. It is not more than there
// are forms either, as a small list is searched as soon as it is remembered.
const maxNear = 1 << 15

// near is a spelling that a code is likely enough the same as.
type near struct {
	spelling int32
	like     float32
}

// How a code is looked for.
const (
	anyLength byte = iota
	nearLength
)

// like gives the spellings that a code is likely enough the same as.
func (x *Index) like(s *spellings, code string, how byte, d *desk) []near {
	if len(s.shapes) == 0 {
		return nil
	}
	var buf [2*maxToken + 8]byte
	k := string(append(append(buf[:0], s.sys.id, s.kind, how), code...))
	if ns, ok := x.near.Load(k); ok {
		return ns.([]near)
	}
	found := slices.Clone(s.search(nil, code, how, s.sys.need, d))
	if int(x.nearSize.Add(1)) <= min(maxNear, 2*len(x.people)) {
		x.near.Store(k, found)
	}
	return found
}

// liker is like for those that are at least so like. What it gives holds until it is
// asked again.
func (x *Index) liker(s *spellings, code string, how byte, need float64, d *desk) []near {
	if need > 1 || len(s.shapes) == 0 {
		return nil
	}
	from := len(d.some)
	d.some = s.search(d.some, code, how, need, d)
	return d.some[from:]
}

// search adds the spellings that a code is at least so like.
func (s *spellings) search(found []near, code string, how byte, need float64, d *desk) []near {
	probe := &d.sought
	probe.set(s.sys, code)
	probe.need = need
	shortest, longest := len(code)/2, 2*len(code)+1
	if how == nearLength {
		shortest, longest = len(code)-s.sys.apart(), len(code)+s.sys.apart()
	}
	var keys [maxToken + 2]uint64
	d.blocks = d.blocks[:0]
	for _, k := range keysOf(code, keys[:0]) {
		d.blocks = append(d.blocks, s.keys[k]...)
	}
	slices.Sort(d.blocks)
	for _, b := range slices.Compact(d.blocks) {
		probe.row.rest()
		for _, r := range s.members[s.blocks[b]:s.blocks[b+1]] {
			passed := probe.row.passes(r.shared)
			if n := int(s.starts[r.spelling+1] - s.starts[r.spelling]); passed || n < shortest || n > longest {
				continue
			}
			if l := probe.next(s, r.spelling); l > 0 {
				found = append(found, near{r.spelling, float32(l)})
			}
		}
	}
	return found
}
