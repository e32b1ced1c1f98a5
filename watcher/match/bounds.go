package match

import (
	"math"
	"sort"
)

// bounds say what the links of a notice's name with a form must be like at least for
// the form to be worth a comparison. They ask the decision itself, about forms that
// agree as well as any can.
type bounds struct {
	least float64 // what a name must score with what is known besides
	sys   *system
	view  *view
	whole int // parts of the notice that are no initials
	book  *book
	al    alignment
	parts [2*maxTokens + 2]part
	form  form
	lone  [2 * maxTokens][mostLevels]limit // see heaviestRest
}

func (o *bounds) start(b *book, w *view) {
	o.book, o.sys, o.view, o.whole = b, b.parts.sys, w, wholes(w.parts)
	clear(o.lone[:len(w.parts)])
}

// A limit is for forms in other letters than Latin, and for those in Latin.
type limit struct {
	known bool
	rest  [2]uint8
	room  [2]float64 // how much doubt there may be if all parts of the notice are linked
}

// unbounded is the limit of a notice's part that may do alone whatever a form has
// besides.
var unbounded = limit{rest: [2]uint8{math.MaxUint8, math.MaxUint8}}

const mostLevels = 2 * shapeUnit

// heaviestRest is the least that another part of a form must weigh, in weightUnits,
// to put its match out of reach if a part as heavy as level is linked to part i of the
// notice, as like as can be, and no other.
func (o *bounds) heaviestRest(i, level int) *limit {
	w := o.view
	if o.whole < 2 || o.whole < len(w.parts) {
		return &unbounded
	}
	level = min(level, mostLevels-1)
	l := &o.lone[i][level]
	if l.known {
		return l
	}
	al := &o.al
	ps := [2]part{{weight: float64(level) / shapeUnit}}
	al.view = w
	sole := link{an: 1, b: uint8(i), bn: 1, like: 1, quality: 1, weight: (ps[0].weight + w.parts[i].weight) / 2}
	for k, written := range [...]script{other, latin} {
		al.form = &form{sys: o.sys, script: written}
		l.rest[k] = uint8(sort.Search(math.MaxUint8, func(rest int) bool {
			al.form.parts = ps[:1+min(rest, 1)] // nothing, or patronymics alone, contradict nothing
			ps[1].weight = float64(rest) / weightUnit
			al.found = append(al.found[:0], sole)
			al.take()
			return al.score < o.least
		}))
		all := o.parts[:1]
		all[0] = ps[0]
		al.found = append(al.found[:0], sole)
		for j := range w.parts {
			if j != i {
				al.found = append(al.found, link{a: uint8(len(all)), an: 1, b: uint8(j), bn: 1, like: 1, quality: 1, weight: (heaviestPart + w.parts[j].weight) / 2})
				all = append(all, part{weight: heaviestPart})
			}
		}
		al.form.parts = all
		al.take()
		l.room[k] = room(al.score, o.least)
	}
	l.known = true
	return l
}

// need is how like at least an parts of a form must be to bn parts of the notice, from b
// on, for a match, if besides all others are linked, or none: more than 1 if none can be.
// It takes the form to have as little as can be that contradicts.
func (o *bounds) need(an, b, bn int, company bool) float64 {
	need := 2.0
	w := o.view
	if o.whole < len(w.parts) {
		return o.sys.need
	}
	al := &o.al
	al.form, al.view = &o.form, w
	o.form = form{sys: o.sys}
	for _, initials := range [...]bool{false, true} {
		if initials && !o.book.lone {
			continue
		}
		al.found = al.found[:0]
		ps := o.parts[:0]
		for range an {
			ps = append(ps, part{weight: heaviestPart})
		}
		sole := link{an: uint8(an), b: uint8(b), bn: uint8(bn), like: 1, quality: 1}
		if an+bn == 2 {
			sole.weight = (heaviestPart + w.parts[b].weight) / 2
		} else {
			sole.weight = mostJoined
		}
		al.found = append(al.found, sole)
		for j := range w.parts {
			if j >= b && j < b+bn {
				continue
			}
			l := link{a: uint8(len(ps)), an: 1, b: uint8(j), bn: 1, like: 1, quality: 1}
			switch {
			case company:
				l.weight = (heaviestPart + w.parts[j].weight) / 2
				ps = append(ps, part{weight: heaviestPart})
			case initials:
				l.weight, l.initial = initialWeight, true
				ps = append(ps, part{weight: initialWeight, initial: true})
			default:
				continue
			}
			al.found = append(al.found, l)
		}
		if !o.book.lone && len(ps) == 1 {
			// Something is beside, which contradicts what is left of the notice.
			ps = append(ps, part{weight: float64(o.book.lightest) / weightUnit})
		}
		o.form.parts = ps
		for _, o.form.script = range [...]script{other, latin} {
			al.take()
			q := doubtOf(o.sys, o.form.script, sole.weight).least(room(al.score, o.least))
			need = min(need, o.sys.likeOf(q))
		}
	}
	if an+bn == 2 {
		need = unrooted(&w.parts[b], need)
	}
	return max(need, o.sys.need)
}

// unrooted is what the letters of a part must be like, where the part must be so like:
// it may have the same root, or be the same in Arabic script.
func unrooted(p *part, need float64) float64 {
	if need <= 1 && p.arabic != nil {
		return 0
	}
	if need <= 1 && p.root != "" {
		return 2*need - 1
	}
	return need
}

// likeOf is the likeness of such a quality.
func (s *system) likeOf(quality float64) float64 { return 1 - (1-quality)*(1-s.need) }

// company sets what the notice's other parts must be like where part i is so like a part
// as heavy as level.
func (o *bounds) company(i, level int, like float64, probes []probe) {
	w := o.view
	l := o.heaviestRest(i, level)
	if l == &unbounded || o.book.lone {
		for k := range probes {
			probes[k].need = o.sys.need
		}
		return
	}
	switch p := &w.parts[i]; {
	case p.arabic != nil:
		like = 1
	case p.root != "":
		like = (like + 1) / 2
	}
	d := 1 - o.sys.quality(like)
	weight := (float64(level)/shapeUnit + w.parts[i].weight) / 2
	for k := range probes {
		p := &probes[k]
		need := 2.0
		for k, written := range [...]script{other, latin} {
			spent := -(weights[fDoubt] + leanOf(o.sys, written).doubt) * weight * d
			need = min(need, doubtOf(o.sys, written, (heaviestPart+w.parts[p.part].weight)/2).least(l.room[k]-spent))
		}
		p.need = max(o.sys.need, unrooted(&w.parts[p.part], o.sys.likeOf(need)))
	}
}
