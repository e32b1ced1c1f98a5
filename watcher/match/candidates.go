package match

import (
	"math"
	"slices"
	"sort"
)

// A hit says that a part of a form and one of the notice's may be the same name: a
// link that needed no comparing.
type hit struct {
	next         int32 // the form's hit before this, counted from 1; 0 if there is none
	like         float32
	a, an, b, bn uint8
	alone        bool // may be enough without another
	several      bool // see post
}

// desk is what one search works on.
type desk struct {
	last   []int32 // for each form its last hit, counted from 1
	hits   []hit
	met    []int32 // forms that have a hit
	probes []probe // of the notice's parts
	sought probe   // of what is looked for
	blocks []int32
	al     alignment
	lone   [mostLevels]limit // see heaviestRest
	least  float64           // what a name must score with what is known besides
}

// candidates are the people whom the notice may name, in order: those whose links,
// as the index knows them, can make a match with all that is known besides.
func (x *Index) candidates(q *query) []int32 {
	d, _ := x.scratch.Get().(*desk)
	if d == nil {
		d = &desk{last: make([]int32, len(x.forms))}
	}
	defer x.scratch.Put(d)
	ideal := Person{BirthDate: q.n.BirthDate, Nationalities: q.n.Nationalities, Sex: q.n.Sex()}
	if n := q.n.Detail; n != nil {
		ideal.Nationalities = append(slices.Clip(ideal.Nationalities), n.BirthCountry)
		for _, c := range n.Charges {
			ideal.Nationalities = append(ideal.Nationalities, c.Country)
		}
	}
	s := speak(&ideal, &q.n)
	d.least = s.before(x.o.Review) - slack
	var out []int32
	for _, e := range q.exact {
		out = append(out, x.same[e]...)
	}
	for _, v := range q.views {
		for id, w := range v {
			if w == nil {
				continue
			}
			for gate, b := range x.books[id] {
				if b != nil && (gate == 0 || w.pinyin) {
					out = x.meet(b, q, w, d, out)
				}
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// slack is what a score may be off by where likenesses were kept small.
const slack = 1e-4

// before is the least score that is lifted to one.
func (s *spoken) before(score float64) float64 {
	if s.up <= 0 {
		return score
	}
	b := 1 + s.up
	return (b - math.Sqrt(b*b-4*s.up*score)) / (2 * s.up)
}

// meet adds the people of whose forms in a book some may be the name that w reads.
func (x *Index) meet(b *book, q *query, w *view, d *desk, out []int32) []int32 {
	sys := b.parts.sys
	d.probes = d.probes[:0]
	for i := range w.parts {
		if !w.parts[i].initial {
			for _, code := range w.parts[i].codes {
				d.probe(sys, code, i)
			}
		}
	}
	// First what is met by more parts than one, or by no likeness of letters.
	for i := range w.parts {
		p := &w.parts[i]
		if p.initial {
			continue
		}
		for _, n := range x.like(&b.joined, p.codes[0], nearLength, d) {
			for _, at := range b.joined.of(n.spelling) {
				d.put(at.form, hit{like: n.like, a: at.at, an: at.n, b: uint8(i), bn: 1, alone: true})
			}
		}
		for _, g := range p.groups {
			for _, t := range b.byName[g] {
				d.look(&b.parts, t, sameNamesLike, i, nil)
			}
		}
	}
	for _, sp := range w.joined {
		for _, n := range x.like(&b.parts, sp.code, nearLength, d) {
			for _, at := range b.parts.of(n.spelling) {
				d.put(at.form, hit{like: n.like, a: at.at, an: 1, b: uint8(sp.i), bn: uint8(sp.n), alone: true})
			}
		}
	}
	whole := wholes(w.parts)
	for i := range w.parts {
		p := &w.parts[i]
		if p.initial {
			continue
		}
		d.lone = [mostLevels]limit{}
		for _, code := range p.codes {
			for _, n := range x.like(&b.parts, code, anyLength, d) {
				l := &unbounded
				if whole > 1 && whole == len(w.parts) {
					l = d.heaviestRest(sys, w, i, int(b.parts.shapes[n.spelling].heaviest))
				}
				d.look(&b.parts, n.spelling, n.like, i, l)
			}
		}
	}
	for _, f := range d.met {
		if x.worth(f, w, q, d) {
			out = append(out, x.forms[f].person)
		}
		d.last[f] = 0
	}
	d.met, d.hits = d.met[:0], d.hits[:0]
	return out
}

// look goes through the forms in which a spelling stands that is like part i of the
// notice, and puts down those of which another part is met too, or which need no other.
// Where l is nil all are put down.
func (d *desk) look(s *spellings, t int32, like float32, i int, l *limit) {
	posts := s.of(t)
	for k := range posts {
		at := &posts[k]
		h := hit{like: like, a: at.at, an: 1, b: uint8(i), bn: 1, several: at.several}
		keep := l == nil || at.several || d.last[at.form] != 0
		if l != nil && (at.always || at.rest < l.rest[bit(at.latin)]) {
			keep, h.alone = true, true
		}
		if !at.several {
			for k, o := range at.others {
				if o < 0 {
					break
				}
				for p := range d.probes {
					probe := &d.probes[p]
					if probe.part == i {
						continue
					}
					if other := probe.like(s.code(o), s.shapes[o]); other > 0 {
						d.put(at.form, hit{like: float32(other), a: at.places[k], an: 1, b: uint8(probe.part), bn: 1})
						keep = true
					}
				}
			}
		}
		if keep {
			d.put(at.form, h)
		}
	}
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (d *desk) probe(s *system, code string, part int) {
	if len(d.probes) < cap(d.probes) {
		d.probes = d.probes[:len(d.probes)+1]
	} else {
		d.probes = append(d.probes, probe{})
	}
	p := &d.probes[len(d.probes)-1]
	p.set(s, code)
	p.part = part
}

func (d *desk) put(form int32, h hit) {
	h.next = d.last[form]
	if h.next == 0 {
		d.met = append(d.met, form)
	}
	d.hits = append(d.hits, h)
	d.last[form] = int32(len(d.hits))
}

// worth reports whether a form's hits can make a match.
func (x *Index) worth(form int32, w *view, q *query, d *desk) bool {
	var a, b uint32
	alone, several := false, false
	for i := d.last[form]; i != 0; i = d.hits[i-1].next {
		h := &d.hits[i-1]
		a, b = a|mask(int(h.a), int(h.an)), b|mask(int(h.b), int(h.bn))
		alone, several = alone || h.alone, several || h.several
	}
	f := x.forms[form].f
	if several {
		for i := range f.parts {
			if a&(1<<i) != 0 || f.parts[i].initial {
				continue
			}
			for _, code := range f.parts[i].codes {
				for k := range d.probes {
					p := &d.probes[k]
					if l := p.like(code, shapeOf(f.sys, code)); l > 0 {
						d.put(form, hit{like: float32(l), a: uint8(i), an: 1, b: uint8(p.part), bn: 1})
						a, b = a|1<<i, b|1<<p.part
					}
				}
			}
		}
	}
	if !alone && (a&(a-1) == 0 || b&(b-1) == 0) {
		return false
	}
	score, ok := d.quick(f, w, form)
	if !ok || score >= x.o.Review {
		return true
	}
	if score < d.least {
		return false
	}
	s := speak(&x.people[x.forms[form].person].Person, &q.n)
	return score >= s.before(x.o.Review)-slack
}

// mostHits bounds the links that are weighed without a comparison.
const mostHits = 48

// quick is what the hits of a form score at most; not ok if they are too many.
func (d *desk) quick(f *form, w *view, form int32) (score float64, ok bool) {
	al := &d.al
	s := f.sys
	al.form, al.view, al.found = f, w, al.found[:0]
	for i := d.last[form]; i != 0; i = d.hits[i-1].next {
		if len(al.found) == mostHits {
			return 0, false
		}
		h := &d.hits[i-1]
		like := float64(h.like)
		l := link{a: h.a, an: h.an, b: h.b, bn: h.bn}
		if h.an+h.bn == 2 {
			a, b := &f.parts[h.a], &w.parts[h.b]
			if !akin(a, b) {
				continue
			}
			if a.root != "" && b.root != "" {
				like = (like + 1) / 2 // their roots may be the same
			}
			if like < sameArabicLike && sameArabic(a, b) {
				like = sameArabicLike
			}
			l.weight = (a.weight + b.weight) / 2
		} else {
			if holds(f.parts[h.a:h.a+h.an], w.parts[h.b].codes[0]) || holds(w.parts[h.b:h.b+h.bn], f.parts[h.a].codes[0]) {
				continue
			}
			l.weight = max(weightOf(f.parts[h.a:h.a+h.an]), weightOf(w.parts[h.b:h.b+h.bn]))
		}
		l.like, l.quality = like, s.quality(like)
		al.add(l)
	}
	al.findInitials()
	al.take()
	return al.score, true
}

// A limit is for forms in other letters than Latin, and for those in Latin.
type limit struct {
	known bool
	rest  [2]uint8
}

// unbounded is the limit of a notice's part that may do alone whatever a form has
// besides.
var unbounded = limit{rest: [2]uint8{math.MaxUint8, math.MaxUint8}}

const mostLevels = 2 * shapeUnit

// heaviestRest is the least that another part of a form must weigh, in weightUnits,
// to put its match out of reach if a part as heavy as level is linked to part i of the
// notice, as like as can be, and no other.
func (d *desk) heaviestRest(s *system, w *view, i, level int) *limit {
	level = min(level, mostLevels-1)
	l := &d.lone[level]
	if l.known {
		return l
	}
	al := &d.al
	ps := [2]part{{weight: float64(level) / shapeUnit}}
	al.view = w
	sole := link{an: 1, b: uint8(i), bn: 1, like: 1, quality: 1, weight: (ps[0].weight + w.parts[i].weight) / 2}
	for k, written := range [...]script{other, latin} {
		al.form = &form{sys: s, script: written, parts: ps[:]}
		l.rest[k] = uint8(sort.Search(math.MaxUint8, func(rest int) bool {
			ps[1].weight = float64(rest) / weightUnit
			al.found = append(al.found[:0], sole)
			al.take()
			return al.score < d.least
		}))
	}
	l.known = true
	return l
}

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
	probe := &d.sought
	probe.set(s.sys, code)
	shortest, longest := len(code)/2, 2*len(code)+1
	if how == nearLength {
		shortest, longest = len(code)-s.sys.apart(), len(code)+s.sys.apart()
	}
	var keys [maxToken + 2]uint64
	d.blocks = d.blocks[:0]
	for _, k := range keysOf(code, keys[:0], true) {
		d.blocks = append(d.blocks, s.keys[k]...)
	}
	slices.Sort(d.blocks)
	var found []near
	for _, b := range slices.Compact(d.blocks) {
		for t := s.blocks[b]; t < s.blocks[b+1]; t++ {
			if n := int(s.starts[t+1] - s.starts[t]); n < shortest || n > longest {
				continue
			}
			if l := probe.like(s.code(t), s.shapes[t]); l > 0 {
				found = append(found, near{t, float32(l)})
			}
		}
	}
	found = slices.Clip(found)
	if int(x.nearSize.Add(1)) <= min(maxNear, len(x.forms)) {
		x.near.Store(k, found)
	}
	return found
}

// weightOf is what parts weigh that are written as one.
func weightOf(ps []part) float64 {
	w := 0.0
	for i := range ps {
		w += ps[i].weight
	}
	if len(ps) > 1 {
		return min(w, mostJoined)
	}
	return w
}
