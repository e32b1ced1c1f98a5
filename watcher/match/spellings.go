package match

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// spellings are the codes of parts of people's names in one system, each once, and
// where they stand. They are numbered by length, then by letters.
type spellings struct {
	sys     *system
	kind    byte     // tells those of one system apart
	codes   string   // one after another
	starts  []uint32 // where each begins in codes, and the last one's end
	shapes  []shape
	longest [maxCode + 1]uint16 // the longest of so many letters, see system.length
	blocks  []int32             // where the members of each skeleton begin, and the last one's end
	members []rung
	keys    map[uint64][]int32 // blocks by keysOf
	posted  []int32            // where the posts of each begin, and the last one's end
	posts   []post
	paired  []int32 // where the pairs of each begin, and the last one's end
	pairs   []pair
}

// rung is a spelling in a list of several, in their order.
type rung struct {
	spelling int32
	shared   uint8 // how many letters it begins with as the one before, if it has as many
}

// pair says that another spelling stands in a form, at another part.
type pair struct {
	rung
	post int32 // of the one
}

func (s *spellings) code(t int32) string { return s.codes[s.starts[t]:s.starts[t+1]] }

func (s *spellings) of(t int32) []post { return s.posts[s.posted[t]:s.posted[t+1]] }

func (s *spellings) beside(t int32) []pair { return s.pairs[s.paired[t]:s.paired[t+1]] }

// shared is how many letters two spellings of the same length begin with alike.
func (s *spellings) shared(t, u int32) uint8 {
	a, b := s.code(t), s.code(u)
	if len(a) != len(b) {
		return 0
	}
	n := 0
	for n < len(a) && a[n] == b[n] {
		n++
	}
	return uint8(n)
}

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
// spelling is found by its skeleton and by those with one class less; if paired, by
// what stands beside it.
func (w *scribe) print(s *spellings, sys *system, kind int, paired bool) []int32 {
	s.sys, s.kind, s.keys = sys, byte(kind), map[uint64][]int32{}
	back := make([]int32, len(w.codes))
	letters := 0
	for t := range back {
		back[t] = int32(t)
		letters += len(w.codes[t])
	}
	slices.SortFunc(back, func(t, u int32) int {
		return cmp.Or(len(w.codes[t])-len(w.codes[u]), strings.Compare(w.codes[t], w.codes[u]))
	})
	places := make([]int32, len(back))
	in := make([]int32, len(back))
	blocks := map[uint64]int32{}
	var keys [maxToken + 2]uint64
	all := make([]byte, 0, letters)
	s.starts, s.shapes = make([]uint32, 0, len(back)+1), make([]shape, 0, len(back))
	for at, t := range back {
		places[t] = int32(at)
		code := w.codes[t]
		s.starts = append(s.starts, uint32(len(all)))
		shape := shapeOf(sys, code)
		shape.heaviest = uint8(math.Ceil(w.weight[t] * shapeUnit))
		s.shapes = append(s.shapes, shape)
		all = append(all, code...)
		n := min(len(code), maxCode)
		s.longest[n] = max(s.longest[n], shape.size)

		ks := keysOf(code, keys[:0])
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
		in[at] = b
	}
	s.starts, s.codes = append(s.starts, uint32(len(all))), string(all)
	var order []int32
	s.blocks, order = sortByCount(in, len(blocks))
	s.members = make([]rung, len(order))
	for t, at := range order {
		s.members[at].spelling = int32(t)
	}
	for b := range blocks {
		ms := s.members[s.blocks[blocks[b]]:s.blocks[blocks[b]+1]]
		for i := 1; i < len(ms); i++ {
			ms[i].shared = s.shared(ms[i-1].spelling, ms[i].spelling)
		}
	}
	for i, t := range w.of {
		w.of[i] = places[t]
	}
	s.posted, order = sortByCount(w.of, len(back))
	s.posts = make([]post, len(w.posts))
	for i, p := range w.posts {
		s.posts[order[i]] = p
	}
	if paired {
		w.pair(s, order)
	}
	return places
}

// pair tells each post of the readings of its form's other parts. Those of one form were
// taken down one after another.
func (w *scribe) pair(s *spellings, order []int32) {
	s.paired = make([]int32, len(s.shapes)+1)
	each := func(f func(i, j int)) {
		for from, to := 0, 0; from < len(w.posts); from = to {
			for to = from; to < len(w.posts) && w.posts[to].form == w.posts[from].form; to++ {
			}
			for i := from; i < to; i++ {
				for j := from; j < to; j++ {
					if w.posts[i].at != w.posts[j].at {
						f(i, j)
					}
				}
			}
		}
	}
	n := int32(0)
	each(func(i, _ int) { s.paired[w.of[i]+1]++ })
	for t := range s.paired {
		n += s.paired[t]
		s.paired[t] = n
	}
	s.pairs = make([]pair, n)
	next := slices.Clone(s.paired)
	each(func(i, j int) {
		t := w.of[i]
		s.pairs[next[t]] = pair{rung{spelling: w.of[j]}, order[i]}
		next[t]++
	})
	for t := range s.shapes {
		ps := s.beside(int32(t))
		slices.SortFunc(ps, func(x, y pair) int { return cmp.Or(int(x.spelling-y.spelling), int(x.post-y.post)) })
		for i := 1; i < len(ps); i++ {
			ps[i].shared = s.shared(ps[i-1].spelling, ps[i].spelling)
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
// a comparison), and those with one class of sounds left out.
func keysOf(code string, out []uint64) []uint64 {
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
	for i := range k {
		out = append(out, hash(i))
	}
	return out
}
