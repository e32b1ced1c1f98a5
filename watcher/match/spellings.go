package match

import (
	"math"
	"slices"
	"strings"
)

// spellings are the codes of parts of people's names in one system, each once, and
// where they stand. They lie in blocks of one skeleton.
type spellings struct {
	sys    *system
	kind   byte     // tells those of one system apart
	codes  string   // one after another, block by block
	starts []uint32 // where each begins in codes, and the last one's end
	shapes []shape
	blocks []int32            // the first spelling of each block, and the last one's end
	keys   map[uint64][]int32 // blocks by keysOf
	posted []int32            // where the posts of each begin, and the last one's end
	posts  []post
}

// shape is what is known of a spelling before it is read.
type shape struct {
	size     uint16 // see system.size
	marks    uint8  // syllableMarks
	heaviest uint8  // what the part weighs most that is so spelt, in sixteenths, rounded up
}

const shapeUnit = 16

func shapeOf(s *system, code string) shape {
	return shape{size: s.length(code), marks: uint8(strings.Count(code, syllableMark))}
}

func (s *spellings) code(t int32) string { return s.codes[s.starts[t]:s.starts[t+1]] }

func (s *spellings) of(t int32) []post { return s.posts[s.posted[t]:s.posted[t+1]] }

// scribe takes spellings down in the order in which they come.
type scribe struct {
	ids    map[string]int32
	codes  []string
	weight []float64
	posts  []post
	of     []int32 // the spelling of each post
}

// post notes where a code stands, and gives its number.
func (w *scribe) post(code string, weight float64, p post) int32 {
	t, ok := w.ids[code]
	if !ok {
		t = int32(len(w.codes))
		w.ids[code] = t
		w.codes = append(w.codes, code)
		w.weight = append(w.weight, 0)
	}
	w.weight[t] = max(w.weight[t], weight)
	w.posts = append(w.posts, p)
	w.of = append(w.of, t)
	return t
}

// print puts what was taken down into s, and says which place each number got. A
// spelling is found by its skeleton and, if loose, by those with one class less.
func (w *scribe) print(s *spellings, sys *system, kind int, loose bool) []int32 {
	s.sys, s.kind, s.keys = sys, byte(kind), map[uint64][]int32{}
	blocks := map[uint64]int32{}
	in := make([]int32, len(w.codes))
	var keys [maxToken + 2]uint64
	for t, code := range w.codes {
		ks := keysOf(code, keys[:0], loose)
		b, ok := blocks[ks[0]]
		if !ok {
			b = int32(len(blocks))
			blocks[ks[0]] = b
			for _, k := range ks {
				if had := s.keys[k]; len(had) == 0 || had[len(had)-1] != b {
					s.keys[k] = append(had, b)
				}
			}
		}
		in[t] = b
	}
	var places []int32
	s.blocks, places = sortByCount(in, len(blocks))
	letters := 0
	back := make([]int32, len(places))
	for t, at := range places {
		back[at] = int32(t)
		letters += len(w.codes[t])
	}
	all := make([]byte, 0, letters)
	s.starts, s.shapes = make([]uint32, 0, len(back)+1), make([]shape, 0, len(back))
	for _, t := range back {
		code := w.codes[t]
		s.starts = append(s.starts, uint32(len(all)))
		shape := shapeOf(sys, code)
		shape.heaviest = uint8(math.Ceil(w.weight[t] * shapeUnit))
		s.shapes = append(s.shapes, shape)
		all = append(all, code...)
	}
	s.starts, s.codes = append(s.starts, uint32(len(all))), string(all)
	for i, t := range w.of {
		w.of[i] = places[t]
	}
	w.acquaint()
	s.posted, in = sortByCount(w.of, len(back))
	s.posts = make([]post, len(w.posts))
	for i, p := range w.posts {
		s.posts[in[i]] = p
	}
	return places
}

// acquaint tells each post of the other parts of its form, by the likeliest reading
// of each. Those of one form were taken down one after another.
func (w *scribe) acquaint() {
	for from, to := 0, 0; from < len(w.posts); from = to {
		for to = from; to < len(w.posts) && w.posts[to].form == w.posts[from].form; to++ {
		}
		form := w.posts[from:to]
		for i := range form {
			p, n := &form[i], 0
			p.others = [2]int32{-1, -1}
			for j := range form {
				switch {
				case form[j].at == p.at || j > 0 && form[j].at == form[j-1].at:
				case n == len(p.others):
					p.several = true
				default:
					p.others[n], p.places[n] = w.of[from+j], form[j].at
					n++
				}
			}
		}
	}
}

// sortByCount sorts numbers under n stably. It gives where those of each number
// begin, with the end of the last, and the place of each.
func sortByCount(numbers []int32, n int) (starts, places []int32) {
	starts = make([]int32, n+1)
	for _, x := range numbers {
		starts[x+1]++
	}
	for i := range n {
		starts[i+1] += starts[i]
	}
	next := slices.Clone(starts)
	places = make([]int32, len(numbers))
	for i, x := range numbers {
		places[i] = next[x]
		next[x]++
	}
	return starts, places
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
func keysOf(code string, out []uint64, loose bool) []uint64 {
	var b [maxToken + 1]byte
	k := skeleton(code, &b)
	hash := func(skip int) uint64 {
		h := uint64(14695981039346656037)
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

// probe is a code that is looked for among spellings.
type probe struct {
	sys   *system
	code  string
	size  int
	marks int
	part  int        // of the notice
	least [128]uint8 // for each sound what it costs at least beside the code
}

// unheard is what the code costs at least beside one of no other sounds, as bits.
func (p *probe) unheard(sounds uint64) int {
	cost := 0
	for i := range len(p.code) {
		c := p.code[i] & 127
		if sounds&p.sys.kin[c] == 0 {
			cost += int(min(p.sys.gap[c], kinCost))
		}
	}
	return cost
}

func (p *probe) set(s *system, code string) {
	p.sys, p.code, p.size, p.marks = s, code, int(s.length(code)), strings.Count(code, syllableMark)
	p.least = s.gap
	for i := range len(code) {
		sub := &s.sub[code[i]&127]
		for c := range p.least {
			p.least[c] = min(p.least[c], sub[c])
		}
	}
}

// like is the likeness of a spelling to the code, 0 if it is under the system's need.
// Most are known to be unlike from what their sounds cost at least.
func (p *probe) like(code string, shape shape) float64 {
	syllables := 1
	if code == "" || p.code == "" {
		return 0
	}
	if marks := int(shape.marks); marks|p.marks > 0 {
		if marks != p.marks && marks > 0 && p.marks > 0 {
			return 0
		}
		// Syllables are as like as they are on the average, at best.
		syllables = 1 + max(marks, p.marks)
	}
	most := syllables * (int(float64(max(int(shape.size), p.size))*(1-p.sys.need)) + 1)
	cost, heard := 0, uint64(0)
	if p.sys.firstDiffers(code, p.code) {
		cost = firstCost
	}
	for i := range len(code) {
		c := code[i] & 127
		cost += int(p.least[c])
		heard |= 1 << (c & 63)
	}
	if cost > most || p.unheard(heard) > most {
		return 0
	}
	return p.sys.likeness(code, p.code)
}
