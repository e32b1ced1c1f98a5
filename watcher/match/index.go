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
	same   map[string][]int32 // by sameName
	terms  []term
	byCode map[string]int32   // terms by system and code
	byKey  map[uint64][]int32 // terms by skeleton
	byName map[uint16][]int32 // terms by line of sameNames
	// scratch holds *hits between uses, and near remembers which terms a code is
	// like: what a match works on, never what it found.
	scratch  sync.Pool
	near     sync.Map
	nearSize atomic.Int32
}

type compiled struct {
	Person
	forms []form
	exact []string // see sameName; one for each name
	short bool     // some form has one whole part only
}

// term is one spelling, in one system, of parts of people's names.
type term struct {
	sys    *system
	code   string
	people []int32 // in order
	joined bool    // of more parts than one
}

// Compile makes an index of people. Those without a readable name are kept and
// never match.
func Compile(people []Person, o Options) *Index {
	x := &Index{o: o.orDefault(), people: make([]compiled, len(people)), same: map[string][]int32{},
		byCode: map[string]int32{}, byKey: map[uint64][]int32{}, byName: map[uint16][]int32{}}
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
	for i := range x.people {
		x.add(int32(i))
	}
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
	for i := range c.forms {
		c.short = c.short || wholes(c.forms[i].parts) < 2
	}
	return c
}

func (x *Index) add(id int32) {
	c := &x.people[id]
	for _, e := range c.exact {
		if e != "" && !endsWith(x.same[e], id) {
			x.same[e] = append(x.same[e], id)
		}
	}
	for i := range c.forms {
		f := &c.forms[i]
		for j := range f.parts {
			p := &f.parts[j]
			if p.initial {
				continue
			}
			for _, code := range p.codes {
				t := x.term(f.sys, code, false)
				x.post(t, id)
				for _, g := range p.groups {
					if !slices.Contains(x.byName[g], t) {
						x.byName[g] = append(x.byName[g], t)
					}
				}
			}
		}
		for _, j := range f.joined {
			x.post(x.term(f.sys, j.code, true), id)
		}
	}
}

func (x *Index) post(t, id int32) {
	if people := &x.terms[t].people; !endsWith(*people, id) {
		*people = append(*people, id)
	}
}

func endsWith(ids []int32, id int32) bool { return len(ids) > 0 && ids[len(ids)-1] == id }

// term finds or makes the term of a code. One that is joined is looked for by its
// whole skeleton only.
func (x *Index) term(s *system, code string, joined bool) int32 {
	var buf [2*maxToken + 8]byte
	k := append(append(buf[:0], s.id), code...)
	if t, ok := x.byCode[string(k)]; ok {
		return t
	}
	t := int32(len(x.terms))
	x.terms = append(x.terms, term{sys: s, code: code, joined: joined})
	x.byCode[string(k)] = t
	var keys [maxToken + 2]uint64
	for _, k := range keysOf(s, code, keys[:0], !joined) {
		if !endsWith(x.byKey[k], t) {
			x.byKey[k] = append(x.byKey[k], t)
		}
	}
	return t
}

// Sounds that are heard for one another share a class; vowels, y and h have none.
var class = func() (t [128]byte) {
	for i, g := range []string{"bpvfw", "dtDT", "gkqGXcCsSzZjJx", "mnN", "lr"} {
		for _, b := range []byte(g) {
			t[b] = byte('1' + i)
		}
	}
	return t
}()

// skeleton is the classes of a code's sounds, one for sounds of the same class that
// stand next to one another.
func skeleton(code string, b *[maxToken + 1]byte) []byte {
	n, before := 0, byte(0)
	for i := 0; i < len(code) && n < maxToken; i++ {
		c := class[code[i]&127]
		if c != 0 && c != before {
			b[n] = c
			n++
		}
		before = c
	}
	if n == 0 && code != "" {
		b[0], n = 'v', 1
	}
	return b[:n]
}

// keysOf gives the keys of a code: its skeleton, hashed (FNV-1a: a collision costs
// a comparison), and, if loose, those with one class of sounds left out.
func keysOf(s *system, code string, out []uint64, loose bool) []uint64 {
	var b [maxToken + 1]byte
	k := skeleton(code, &b)
	hash := func(skip int) uint64 {
		h := uint64(14695981039346656037) ^ uint64(s.id)
		for i, c := range k {
			if i != skip {
				h = (h ^ uint64(c)) * 1099511628211
			}
		}
		return h
	}
	out = append(out, hash(-1))
	if loose && len(k) >= 2 {
		for i := range k {
			out = append(out, hash(i))
		}
	}
	return out
}
