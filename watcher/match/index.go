package match

import (
	"math"
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
	books  [numSystems][shelves]*book
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
	var used [numSystems][shelves]bool
	for i := range x.people {
		c := &x.people[i]
		for _, e := range c.exact {
			if ids := x.same[e]; e != "" && (len(ids) == 0 || ids[len(ids)-1] != int32(i)) {
				x.same[e] = append(ids, int32(i))
			}
		}
		for j := range c.forms {
			used[c.forms[j].sys.id][c.forms[j].shelf()] = true
		}
	}
	for id, shelves := range used {
		for shelf, used := range shelves {
			if used {
				wg.Go(func() { x.books[id][shelf] = x.write(systems[id], shelf) })
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

// Forms of one system stand on shelves: those that are gated apart, and those of which
// one part may be enough, as there is no other but initials.
const (
	gated = 1 << iota
	lone
	shelves
)

func (f *form) shelf() int {
	n := 0
	if f.gated {
		n |= gated
	}
	if whole := wholes(f.parts); whole < 2 || whole < len(f.parts) {
		n |= lone
	}
	return n
}

// book holds the forms of one system, in the order of people, and their spellings.
type book struct {
	forms         []placed
	spelt         []spelt // the parts of each form
	speltAt       []int32 // where those of each form begin, and the last one's end
	parts, joined spellings
	byName        map[uint16][]int32 // spellings of parts by line of sameNames
	lone          bool               // see shelf
	lightest      uint8              // the least that is beside a part, as restOf says
}

// spelt is one reading of a part of a form.
type spelt struct {
	spelling int32
	at       uint8 // which part
}

// write makes the book of a system's forms on one shelf.
func (x *Index) write(s *system, shelf int) *book {
	b := &book{byName: map[uint16][]int32{}, lone: shelf&lone != 0, lightest: math.MaxUint8}
	parts, joined := scribe{ids: map[string]int32{}}, scribe{ids: map[string]int32{}}
	names := map[int32][]uint16{}
	for person := range x.people {
		for k := range x.people[person].forms {
			f := &x.people[person].forms[k]
			if f.sys != s || f.shelf() != shelf {
				continue
			}
			id := int32(len(b.forms))
			b.forms = append(b.forms, placed{f, int32(person)})
			b.speltAt = append(b.speltAt, int32(len(b.spelt)))
			for i := range f.parts {
				p := &f.parts[i]
				if p.initial {
					continue
				}
				here := post{form: id, at: uint8(i), n: 1, latin: f.script == latin}
				if !b.lone {
					here.rest = restOf(f.parts, i)
					b.lightest = min(b.lightest, here.rest)
				}
				for _, code := range p.codes {
					t := parts.post(code, p.weight, here)
					b.spelt = append(b.spelt, spelt{t, uint8(i)})
					for _, g := range p.groups {
						if !slices.Contains(names[t], g) {
							names[t] = append(names[t], g)
						}
					}
				}
			}
			for _, j := range f.joined {
				joined.post(j.code, j.weight, post{form: id, at: uint8(j.i), n: uint8(j.n), latin: f.script == latin})
			}
		}
	}
	b.speltAt = append(b.speltAt, int32(len(b.spelt)))
	places := parts.print(&b.parts, s, 2*shelf, true)
	for i := range b.spelt {
		b.spelt[i].spelling = places[b.spelt[i].spelling]
	}
	for t := range places {
		for _, g := range names[int32(t)] {
			b.byName[g] = append(b.byName[g], places[t])
		}
	}
	joined.print(&b.joined, s, 2*shelf+1, false)
	return b
}

// A post says where a spelling stands: in which form, at which of its parts.
type post struct {
	form  int32
	at, n uint8
	rest  uint8 // see restOf
	latin bool  // the form is written in Latin letters
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
