package match

import (
	"math"
	"slices"
)

// A hit says that parts of a form and of the notice may be the same name: a link that
// needed no comparing.
type hit struct {
	next         int32 // the form's hit before this, counted from 1; 0 if there is none
	like         float32
	a, an, b, bn uint8
}

// desk is what one search works on.
type desk struct {
	probes []probe // of the notice's parts
	sought probe   // of what is looked for
	blocks []int32
	lists  []alike
	some   []near  // likenesses that are not remembered
	marks  []int32 // for each spelling its last entry in marked, counted from 1
	marked []mark
	named  bool     // some are marked as one name, not for their letters
	met    []int32  // forms of which a part is met
	by     []uint32 // for each form by which parts of the notice, as bits
	hits   []hit    // of parts written as one
	found  []hit    // of the other parts of one form
	last   []int32  // for each form its last hit, counted from 1
	al     alignment
	bounds bounds
}

// alike are the spellings that a part of the notice is like.
type alike struct {
	part int
	near []near
}

// mark says which part of the notice a spelling is like.
type mark struct {
	next int32
	like float32
	part uint8
}

// alone is set among a form's parts that are met if one may be enough.
const alone = 1 << 31

// candidates are the people whom the notice may name, in order: those whose links,
// as the index knows them, can make a match with all that is known besides.
func (x *Index) candidates(q *query) []int32 {
	d, _ := x.scratch.Get().(*desk)
	if d == nil {
		d = &desk{}
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
	d.bounds.least = s.before(x.o.Review) - slack
	var out []int32
	for _, e := range q.exact {
		out = append(out, x.same[e]...)
	}
	for _, v := range q.views {
		for id, w := range v {
			if w == nil {
				continue
			}
			for shelf, b := range x.books[id] {
				if b != nil && (shelf&gated == 0 || w.pinyin) {
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

// meet adds the people of whose forms in a book some may be the name that w reads:
// those of which two parts are met, or one that may be enough.
func (x *Index) meet(b *book, q *query, w *view, d *desk, out []int32) []int32 {
	d.start(b)
	sys := b.parts.sys
	longest, whole := -1, 0
	for i := range w.parts {
		if p := &w.parts[i]; !p.initial {
			whole++
			if longest < 0 || len(p.codes[0]) > len(w.parts[longest].codes[0]) {
				longest = i
			}
		}
	}
	d.bounds.start(b, w)
	// A name of short syllables is joined to nothing where no other part of it is like
	// anything.
	company := !sys.eastern || whole > 2
	// The others first: the longest needs to be looked for only as far as it may do
	// without them, as who is met by another is asked for it then.
	for i := range w.parts {
		p := &w.parts[i]
		if p.initial {
			continue
		}
		for _, code := range p.codes {
			d.probe(sys, code, i)
			if i == longest && whole > 1 {
				continue
			}
			ns := x.like(&b.parts, code, anyLength, d)
			company = company || len(ns) > 0
			d.list(b, i, ns)
		}
		for _, g := range p.groups {
			if ts := b.byName[g]; len(ts) > 0 {
				named := make([]near, len(ts))
				for k, t := range ts {
					named[k] = near{t, sameNamesLike}
				}
				d.list(b, i, named)
				d.named = true
			}
		}
	}
	if whole > 1 {
		need := d.bounds.need(1, longest, 1, false)
		for _, code := range w.parts[longest].codes {
			d.list(b, longest, x.liker(&b.parts, code, anyLength, need, d))
		}
	}
	for i := range w.parts {
		p := &w.parts[i]
		if p.initial {
			continue
		}
		sole := d.bounds.need(2, i, 1, false)
		for _, n := range x.liker(&b.joined, p.codes[0], nearLength, d.bounds.need(2, i, 1, company || i != longest), d) {
			for _, at := range b.joined.of(n.spelling) {
				d.put(at.form, hit{like: n.like, a: at.at, an: at.n, b: uint8(i), bn: 1}, sole)
			}
		}
	}
	for _, sp := range w.joined {
		sole := d.bounds.need(1, sp.i, sp.n, false)
		for _, n := range x.liker(&b.parts, sp.code, nearLength, d.bounds.need(1, sp.i, sp.n, true), d) {
			for _, at := range b.parts.of(n.spelling) {
				d.put(at.form, hit{like: n.like, a: at.at, an: 1, b: uint8(sp.i), bn: uint8(sp.n)}, sole)
			}
		}
	}
	d.walk(b, w)
	for k := range d.probes {
		d.probes[k].need = sys.need
	}
	for _, f := range d.met {
		if x.worth(b, f, w, q, d) {
			out = append(out, b.forms[f].person)
		}
		d.by[f], d.last[f] = 0, 0
	}
	for _, l := range d.lists {
		for _, n := range l.near {
			d.marks[n.spelling] = 0
		}
	}
	return out
}

// start clears the desk for a book.
func (d *desk) start(b *book) {
	d.named = false
	d.probes, d.lists, d.some, d.marked, d.met, d.hits = d.probes[:0], d.lists[:0], d.some[:0], d.marked[:0], d.met[:0], d.hits[:0]
	if n := len(b.forms) - len(d.by); n > 0 {
		d.by, d.last = append(d.by, make([]uint32, n)...), append(d.last, make([]int32, n)...)
	}
	if n := len(b.parts.shapes) - len(d.marks); n > 0 {
		d.marks = append(d.marks, make([]int32, n)...)
	}
}

// list marks spellings that part i of the notice is like.
func (d *desk) list(b *book, i int, ns []near) {
	for _, n := range ns {
		d.marked = append(d.marked, mark{d.marks[n.spelling], n.like, uint8(i)})
		d.marks[n.spelling] = int32(len(d.marked))
	}
	d.lists = append(d.lists, alike{i, ns})
}

// walk goes through the forms in which the marked spellings stand, and puts down those
// of which another part may be met too, or which need no other.
func (d *desk) walk(b *book, w *view) {
	for _, l := range d.lists {
		for _, n := range l.near {
			level := int(b.parts.shapes[n.spelling].heaviest)
			limit := d.bounds.heaviestRest(l.part, level)
			d.bounds.company(l.part, level, float64(n.like), d.probes)
			posts := b.parts.of(n.spelling)
			for k := range posts {
				if at := &posts[k]; b.lone || at.rest < limit.rest[bit(at.latin)] {
					d.meet(at.form, 1<<l.part|alone)
				}
			}
			pairs := b.parts.beside(n.spelling)
			for k := range d.probes {
				p := &d.probes[k]
				if p.part == l.part || p.need > 1 {
					continue
				}
				p.row.rest()
				for i := range pairs {
					if r := pairs[i].rung; !p.row.passes(r.shared) && p.next(&b.parts, r.spelling) > 0 {
						d.meet(b.parts.posts[pairs[i].post].form, 1<<l.part)
					}
				}
			}
			if d.named {
				for i := range pairs {
					if d.markedBy(pairs[i].spelling)&^(1<<l.part) != 0 {
						d.meet(b.parts.posts[pairs[i].post].form, 1<<l.part)
					}
				}
			}
		}
	}
}

// markedBy gives the parts of the notice that a spelling is marked for, as bits.
func (d *desk) markedBy(t int32) (parts uint32) {
	for i := d.marks[t]; i != 0; i = d.marked[i-1].next {
		parts |= 1 << d.marked[i-1].part
	}
	return parts
}

// meet puts down by which part of the notice a form is met.
func (d *desk) meet(form int32, by uint32) {
	if d.by[form] == 0 {
		d.met = append(d.met, form)
	}
	d.by[form] |= by
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

// put puts down a hit of parts written as one, which may be enough if it is so like.
func (d *desk) put(form int32, h hit, enough float64) {
	by := mask(int(h.b), int(h.bn))
	if float64(h.like) >= enough-slack {
		by |= alone
	}
	d.meet(form, by)
	h.next = d.last[form]
	d.hits = append(d.hits, h)
	d.last[form] = int32(len(d.hits))
}

// worth reports whether the parts of a form that are met can make a match.
func (x *Index) worth(b *book, form int32, w *view, q *query, d *desk) bool {
	var as, bs uint32
	found := d.found[:0]
	readings := b.spelt[b.speltAt[form]:b.speltAt[form+1]]
	for _, s := range readings {
		var by, marked uint32
		for i := d.marks[s.spelling]; i != 0; i = d.marked[i-1].next {
			m := &d.marked[i-1]
			if m.like != sameNamesLike { // else its letters may be more alike
				marked |= 1 << m.part
			}
			by |= 1 << m.part
			found = append(found, hit{a: s.at, an: 1, b: m.part, bn: 1, like: m.like})
		}
		for k := range d.probes {
			p := &d.probes[k]
			if marked&(1<<p.part) == 0 {
				if l := p.like(b.parts.code(s.spelling), &b.parts.shapes[s.spelling]); l > 0 {
					by |= 1 << p.part
					found = append(found, hit{a: s.at, an: 1, b: uint8(p.part), bn: 1, like: float32(l)})
				}
			}
		}
		if by != 0 {
			as, bs = as|1<<s.at, bs|by
		}
	}
	d.found = found
	if d.by[form]&alone == 0 {
		for i := d.last[form]; i != 0; i = d.hits[i-1].next {
			h := &d.hits[i-1]
			as, bs = as|mask(int(h.a), int(h.an)), bs|mask(int(h.b), int(h.bn))
		}
		if as&(as-1) == 0 || bs&(bs-1) == 0 {
			return false
		}
	}
	al := &d.al
	f := b.forms[form].f
	al.form, al.view, al.found = f, w, al.found[:0]
	for i := range found {
		al.met(&found[i])
	}
	for i := d.last[form]; i != 0; i = d.hits[i-1].next {
		al.met(&d.hits[i-1])
	}
	if len(al.found) > mostHits {
		return true
	}
	al.findInitials()
	al.take()
	if al.score >= x.o.Review {
		return true
	}
	if al.score < d.bounds.least {
		return false
	}
	s := speak(&x.people[b.forms[form].person].Person, &q.n)
	return al.score >= s.before(x.o.Review)-slack
}

// met adds a link that is at least as good as a hit's parts have.
func (al *alignment) met(h *hit) {
	f, w := al.form, al.view
	like := float64(h.like)
	l := link{a: h.a, an: h.an, b: h.b, bn: h.bn}
	if h.an+h.bn == 2 {
		a, b := &f.parts[h.a], &w.parts[h.b]
		if !akin(a, b) {
			return
		}
		if a.root != "" && b.root != "" {
			like = (like + 1) / 2 // their roots may be the same
		}
		if like < sameArabicLike {
			like = max(like, sameArabic(a, b))
		}
		l.weight = (a.weight + b.weight) / 2
	} else {
		if holds(f.parts[h.a:h.a+h.an], w.parts[h.b].codes[0]) || holds(w.parts[h.b:h.b+h.bn], f.parts[h.a].codes[0]) {
			return
		}
		l.weight = max(weightOf(f.parts[h.a:h.a+h.an]), weightOf(w.parts[h.b:h.b+h.bn]))
	}
	l.like, l.quality = like, f.sys.quality(like)
	al.add(l)
}

// mostHits bounds the links that are weighed without a comparison.
const mostHits = 48

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
