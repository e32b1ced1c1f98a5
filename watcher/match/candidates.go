package match

import "slices"

// A candidate is somebody whom a notice may name, and the systems, as bits, in
// which names met.
type candidate struct {
	id      int32
	systems uint16
}

const everySystem = 1<<16 - 1

// hits says for each person which parts of a notice met one of hers, as bits, and
// who was met at all.
type hits struct {
	bits []uint32
	met  []int32
	seen []uint32 // for each term the turn in which it was looked at
	turn uint32
}

// enough is the bit of a meeting that needs no second one.
const enough = 1 << 31

// enoughWeight is what a part must weigh for that.
const enoughWeight = 0.85

// candidates are the people whom the notice may name: who share two parts with it,
// or one that tells much, or one where neither has more. In order, each once.
func (x *Index) candidates(q *query) []candidate {
	h, _ := x.scratch.Get().(*hits)
	if h == nil {
		h = &hits{bits: make([]uint32, len(x.people)), seen: make([]uint32, len(x.terms))}
	}
	defer x.scratch.Put(h)
	var out []candidate
	for _, e := range q.exact {
		for _, id := range x.same[e] {
			out = append(out, candidate{id, everySystem})
		}
	}
	for _, v := range q.views {
		for _, sys := range systems {
			if w := v[sys.id]; w != nil {
				out = x.meet(sys, w, h, out)
			}
		}
	}
	slices.SortFunc(out, func(a, b candidate) int { return int(a.id - b.id) })
	n := 0
	for _, c := range out {
		if n > 0 && out[n-1].id == c.id {
			out[n-1].systems |= c.systems
			continue
		}
		out[n] = c
		n++
	}
	return out[:n]
}

func (x *Index) meet(sys *system, w *view, h *hits, out []candidate) []candidate {
	whole := wholes(w.parts)
	look := func(terms []int32, bits uint32) {
		for _, t := range terms {
			bits := bits
			if x.terms[t].joined {
				bits |= enough // two parts of hers
			}
			for _, id := range x.terms[t].people {
				if h.bits[id] == 0 {
					h.met = append(h.met, id)
				}
				h.bits[id] |= bits
			}
		}
	}
	for i := range w.parts {
		p := &w.parts[i]
		if p.initial {
			continue
		}
		bits := uint32(1) << i
		if whole < 2 || p.weight > enoughWeight {
			bits |= enough
		}
		for _, code := range p.codes {
			look(x.like(sys, code, h), bits)
		}
		for _, g := range p.groups {
			look(x.byName[g], bits)
		}
	}
	for _, sp := range w.joined {
		look(x.like(sys, sp.code, h), mask(sp.i, sp.n))
	}
	for _, id := range h.met {
		if b := h.bits[id]; b&enough != 0 || b&(b-1) != 0 || x.people[id].short {
			out = append(out, candidate{id, 1 << sys.id})
		}
		h.bits[id] = 0
	}
	h.met = h.met[:0]
	return out
}

// maxNear bounds what is remembered of codes: their number.
const maxNear = 1 << 15

// like gives the terms that a code is likely enough the same as.
func (x *Index) like(sys *system, code string, h *hits) []int32 {
	var buf [2*maxToken + 8]byte
	k := string(append(append(buf[:0], sys.id), code...))
	if ts, ok := x.near.Load(k); ok {
		return ts.([]int32)
	}
	if h.turn++; h.turn == 0 {
		clear(h.seen)
		h.turn = 1
	}
	var keys [maxToken + 2]uint64
	var found []int32
	for _, key := range keysOf(sys, code, keys[:0], true) {
		for _, t := range x.byKey[key] {
			if h.seen[t] == h.turn {
				continue
			}
			h.seen[t] = h.turn
			c := &x.terms[t]
			if c.sys != sys || len(c.code) > 2*len(code)+1 || len(code) > 2*len(c.code)+1 {
				continue
			}
			if sys.likeness(c.code, code) >= sys.need {
				found = append(found, t)
			}
		}
	}
	found = slices.Clip(found)
	if x.nearSize.Add(1) <= maxNear {
		x.near.Store(k, found)
	}
	return found
}
