package mention

import (
	"cmp"
	"slices"

	"tocsin/watcher/match"
)

// form is one way in which a text may print a person's name.
type form struct {
	person int32
	name   int32
	bare   bool // no vowels
	sure   float32
	parts  []part
	whole  int // parts that are neither initials nor patronymics
}

type part struct {
	text  string // folded Latin letters
	canon string
	patro bool
	short bool // an initial
	at    int
}

// mostParts bounds the parts of a name of which pairs are made.
const mostParts = 6

func (s *Scanner) compileForms() {
	var pairs, single builder
	for id := range s.people {
		for _, t := range match.TextForms(s.people[id]) {
			f := form{person: int32(id), name: int32(t.Name), bare: t.Bare, sure: float32(t.Sure)}
			for i, text := range t.Parts {
				if len(text) > 0 && len(f.parts) < mostParts {
					f.parts = append(f.parts, newPart(text, t.At[i]))
				}
			}
			s.add(f, &pairs, &single)
			// Parts of few letters are printed together as well.
			if n := len(f.parts); n > 2 && n <= 4 && !t.Bare {
				for i := 0; i+1 < n; i++ {
					a, b := f.parts[i].text, f.parts[i+1].text
					if len(a) > 6 || len(b) > 6 || len(a) == 1 || len(b) == 1 {
						continue
					}
					g := f
					g.parts = slices.Concat(f.parts[:i:i], []part{newPart(a+b, f.parts[i].at)}, f.parts[i+2:])
					s.add(g, &pairs, &single)
				}
			}
		}
	}
	s.pairs, s.single = pairs.table(), single.table()
}

func newPart(text string, at int) part {
	return part{text: text, canon: string(canon(nil, []byte(text))), patro: match.Patronymic(text), short: len(text) == 1, at: at}
}

func (s *Scanner) add(f form, pairs, single *builder) {
	for _, p := range f.parts {
		if !p.patro && !p.short {
			f.whole++
		}
	}
	id := int32(len(s.forms))
	s.forms = append(s.forms, f)
	var sk [mostParts][]skeleton
	for i, p := range f.parts {
		if !p.short {
			sk[i] = skeletons(nil, []byte(p.text), true)
			if rest, ok := unarticled(p.text); ok {
				sk[i] = skeletons(sk[i], []byte(rest), true)
			}
		}
	}
	if len(f.parts) == 1 {
		for _, k := range sk[0] {
			single.add(uint64(k), posting{form: id, one: lettersOf(f.parts[0].text)})
			single.see(k)
		}
		return
	}
	for i := range f.parts {
		for j := i + 1; j < len(f.parts); j++ {
			for _, a := range sk[i] {
				for _, b := range sk[j] {
					if a != 0 || b != 0 {
						n := posting{form: id, p: uint8(i), q: uint8(j), one: letterBits(f.parts[i]), two: letterBits(f.parts[j])}
						if a > b {
							n.p, n.q, n.one, n.two = n.q, n.p, n.two, n.one
						}
						pairs.add(pairKey(a, b), n)
						if a == b {
							n.p, n.q, n.one, n.two = n.q, n.p, n.two, n.one
							pairs.add(pairKey(a, b), n)
						}
						pairs.see(a)
						pairs.see(b)
					}
				}
			}
		}
	}
}

// letterBits are the letters of a part in either spelling that words are compared in.
func letterBits(p part) letterSet { return lettersOf(p.canon) | lettersOf(p.text) }

func unarticled(w string) (string, bool) {
	if len(w) > 4 && (w[:2] == "al" || w[:2] == "el" || w[:2] == "ul") {
		return w[2:], true
	}
	return w, false
}

func pairKey(a, b skeleton) uint64 {
	if a > b {
		a, b = b, a
	}
	return uint64(a)<<24 | uint64(b) | 1<<63
}

// table maps keys to forms. A bit for each skeleton that stands in some key, and a
// sieve of bits over all keys, say of most words at once that they are none.
type table struct {
	seen  []uint64 // by skeleton
	sieve []uint64
	slots []slot // open addressing; a power of two
	rows  []posting
}

type slot struct {
	key     uint64
	from, n uint32
}

// posting is one form under a key: which of its parts the words are, that of the
// lesser skeleton first, and the letters of each, so that most forms need not be
// looked at.
type posting struct {
	form     int32
	one, two letterSet
	p, q     uint8
}

// letterSet has a bit for each letter from a to z.
type letterSet uint32

func lettersOf[T string | []byte](w T) (m letterSet) {
	for i := range len(w) {
		if c := w[i] - 'a'; c < 26 {
			m |= 1 << c
		}
	}
	return m
}

type builder struct {
	rows []row
	seen []uint64
}

type row struct {
	key uint64
	posting
}

func (b *builder) add(key uint64, p posting) { b.rows = append(b.rows, row{key, p}) }

func (b *builder) see(k skeleton) {
	if b.seen == nil {
		b.seen = make([]uint64, 1<<24/64)
	}
	b.seen[k>>6] |= 1 << (k & 63)
}

func (b *builder) table() table {
	if len(b.rows) == 0 {
		return table{}
	}
	slices.SortFunc(b.rows, func(x, y row) int {
		return cmp.Or(cmp.Compare(x.key, y.key), cmp.Compare(x.form, y.form), cmp.Compare(x.p, y.p), cmp.Compare(x.q, y.q))
	})
	rows := slices.Compact(b.rows)
	keys := 1
	for i := 1; i < len(rows); i++ {
		if rows[i].key != rows[i-1].key {
			keys++
		}
	}
	size, bits := 16, 1<<12
	for size < 2*keys {
		size *= 2
	}
	for bits < 16*keys {
		bits *= 2
	}
	t := table{seen: b.seen, sieve: make([]uint64, bits/64), slots: make([]slot, size), rows: make([]posting, len(rows))}
	for i := 0; i < len(rows); {
		j := i
		for ; j < len(rows) && rows[j].key == rows[i].key; j++ {
			t.rows[j] = rows[j].posting
		}
		h := hash(rows[i].key)
		t.sieve[h>>6&uint64(len(t.sieve)-1)] |= 1 << (h & 63)
		at := h >> 20 & uint64(size-1)
		for t.slots[at].n > 0 {
			at = (at + 1) & uint64(size-1)
		}
		t.slots[at] = slot{rows[i].key, uint32(i), uint32(j - i)}
		i = j
	}
	b.rows = nil
	return t
}

func hash(k uint64) uint64 {
	k *= 0x9e3779b97f4a7c15
	return k ^ k>>29
}

func (t *table) holds(k skeleton) bool {
	return t.seen != nil && t.seen[k>>6]&(1<<(k&63)) != 0
}

func (t *table) get(key uint64) []posting {
	if len(t.slots) == 0 {
		return nil
	}
	h := hash(key)
	if t.sieve[h>>6&uint64(len(t.sieve)-1)]&(1<<(h&63)) == 0 {
		return nil
	}
	for at := h >> 20 & uint64(len(t.slots)-1); ; at = (at + 1) & uint64(len(t.slots)-1) {
		s := &t.slots[at]
		if s.n == 0 {
			return nil
		}
		if s.key == key {
			return t.rows[s.from : s.from+s.n]
		}
	}
}
