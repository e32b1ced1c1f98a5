package match

import (
	"slices"
	"sync"
	"sync/atomic"
)

// Index is a compiled watchlist. It is never changed after Compile; any number of
// goroutines may use it.
type Index struct {
	o      Options
	people []compiled
	same   map[string][]int32 // people by sameName
	forms  []placed           // everybody's, in the order of people
	books  [numSystems][2]*book
	// scratch holds *desk between uses, and near remembers which spellings a code is
	// like: what a match works on, never what it found.
	scratch  sync.Pool
	near     sync.Map
	nearSize atomic.Int32
}

type compiled struct {
	Person
	forms []form
	exact []string // see sameName; one for each name
}

// placed is a form and whose it is.
type placed struct {
	f      *form
	person int32
}

// Compile makes an index of people. Those without a readable name are kept and
// never match.
func Compile(people []Person, o Options) *Index {
	x := &Index{o: o.orDefault(), people: make([]compiled, len(people)), same: map[string][]int32{}}
	// Names are read on every core; what is read is put together in order.
	var next atomic.Int32
	var wg sync.WaitGroup
	for range min(compilers, len(people)/compileAlone+1) {
		wg.Go(func() {
			for i := next.Add(1) - 1; int(i) < len(people); i = next.Add(1) - 1 {
				x.people[i] = compile(people[i])
			}
		})
	}
	wg.Wait()
	var used [numSystems][2]bool
	for i := range x.people {
		c := &x.people[i]
		for _, e := range c.exact {
			if ids := x.same[e]; e != "" && (len(ids) == 0 || ids[len(ids)-1] != int32(i)) {
				x.same[e] = append(ids, int32(i))
			}
		}
		for j := range c.forms {
			f := &c.forms[j]
			x.forms = append(x.forms, placed{f, int32(i)})
			used[f.sys.id][f.gate()] = true
		}
	}
	for id, gates := range used {
		for gate, used := range gates {
			if used {
				wg.Go(func() { x.books[id][gate] = x.write(systems[id], gate) })
			}
		}
	}
	wg.Wait()
	return x
}

const (
	compilers    = 4
	compileAlone = 64 // people for whom another goroutine is not worth it
)

func compile(p Person) compiled {
	c := compiled{Person: p}
	for n, name := range p.Names {
		c.forms = append(c.forms, formsOf(name, n)...)
		c.exact = append(c.exact, sameName(name))
	}
	return c
}

// gate is 1 for a gated form: its spellings are kept apart.
func (f *form) gate() int {
	if f.gated {
		return 1
	}
	return 0
}

// book holds the spellings of one system.
type book struct {
	parts, joined spellings
	byName        map[uint16][]int32 // spellings of parts by line of sameNames
}

// write makes the book of a system's forms, gated or not.
func (x *Index) write(s *system, gate int) *book {
	parts, joined := scribe{ids: map[string]int32{}}, scribe{ids: map[string]int32{}}
	names := map[int32][]uint16{}
	for id := range x.forms {
		f := x.forms[id].f
		if f.sys != s || f.gate() != gate {
			continue
		}
		whole := wholes(f.parts)
		for i := range f.parts {
			p := &f.parts[i]
			if p.initial {
				continue
			}
			here := post{form: int32(id), at: uint8(i), n: 1, latin: f.script == latin, rest: restOf(f.parts, i), always: whole < 2 || whole < len(f.parts)}
			for _, code := range p.codes {
				t := parts.post(code, p.weight, here)
				for _, g := range p.groups {
					if !slices.Contains(names[t], g) {
						names[t] = append(names[t], g)
					}
				}
			}
		}
		for _, j := range f.joined {
			joined.post(j.code, j.weight, post{form: int32(id), at: uint8(j.i), n: uint8(j.n), always: true})
		}
	}
	b := &book{byName: map[uint16][]int32{}}
	places := parts.print(&b.parts, s, 2*gate, true)
	for t := range places {
		for _, g := range names[int32(t)] {
			b.byName[g] = append(b.byName[g], places[t])
		}
	}
	// What Arabic writes as two words has sounds that Latin letters take for others.
	joined.print(&b.joined, s, 2*gate+1, s.eastern || s == semitic)
	return b
}

// A post says where a spelling stands: in which form, at which of its parts.
type post struct {
	form int32
	// The spellings of the form's other parts and their places, as far as there are:
	// whoever meets one part can ask for them without the form at hand.
	others [2]int32
	places [2]uint8
	// several is set where others do not hold them all.
	several bool
	at, n   uint8
	rest    uint8 // see restOf
	latin   bool  // the form is written in Latin letters
	// always is set where to meet this one spelling may be enough, whatever the rest
	// weighs: the form has no other whole part, or this is more of them than one.
	always bool
}

// weightUnit is what weights are kept in where they are kept small: one 128th.
const weightUnit = 128

// restOf is what the weightiest part beside i weighs, patronymics left out, in
// weightUnits and not more than it is.
func restOf(ps []part, i int) uint8 {
	most := 0.0
	for j := range ps {
		if j != i && !ps[j].patro {
			most = max(most, ps[j].weight)
		}
	}
	return uint8(min(most*weightUnit, 255))
}
