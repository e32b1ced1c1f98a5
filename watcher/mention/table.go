package mention

import (
	"cmp"
	"slices"
)

// table maps keys, none of them 0, to rows. A sieve of bits, small enough to stay
// in the processor's cache, says of most keys at once that there is no row.
type table struct {
	sieve []uint64
	slots []slot // open addressing; a power of two
	rows  []uint64
}

type slot struct {
	key     uint64
	from, n uint32
}

type builder struct{ rows []row }

type row struct{ key, value uint64 }

func (b *builder) add(key, value uint64) { b.rows = append(b.rows, row{key, value}) }

// table gives what was added, each row once, and ends the builder.
func (b *builder) table() table {
	if len(b.rows) == 0 {
		return table{}
	}
	slices.SortFunc(b.rows, func(x, y row) int { return cmp.Or(cmp.Compare(x.key, y.key), cmp.Compare(x.value, y.value)) })
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
	t := table{sieve: make([]uint64, bits/64), slots: make([]slot, size), rows: make([]uint64, len(rows))}
	for i := 0; i < len(rows); {
		j := i
		for ; j < len(rows) && rows[j].key == rows[i].key; j++ {
			t.rows[j] = rows[j].value
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

// holds reports whether there may be rows under the key.
func (t *table) holds(key uint64) bool {
	if len(t.slots) == 0 {
		return false
	}
	h := hash(key)
	return t.sieve[h>>6&uint64(len(t.sieve)-1)]&(1<<(h&63)) != 0
}

func (t *table) get(key uint64) []uint64 {
	if !t.holds(key) {
		return nil
	}
	for at := hash(key) >> 20 & uint64(len(t.slots)-1); ; at = (at + 1) & uint64(len(t.slots)-1) {
		s := &t.slots[at]
		if s.n == 0 {
			return nil
		}
		if s.key == key {
			return t.rows[s.from : s.from+s.n]
		}
	}
}

// sieve says of most keys that were not added that they were not, and of none that
// was: three bits of one word for each, the whole about as many bits as most times
// the number of keys.
type sieve []uint64

const (
	sieveBits = 12      // a key
	mostSieve = 1 << 20 // words
)

func newSieve(keys int) sieve {
	n := 64
	for n < keys*sieveBits/64 && n < mostSieve {
		n *= 2
	}
	return make(sieve, n)
}

func (v sieve) bits(key uint64) (int, uint64) {
	h := hash(key)
	return int(h >> 44 & uint64(len(v)-1)), 1<<(h&63) | 1<<(h>>6&63) | 1<<(h>>12&63)
}

func (v sieve) add(key uint64) {
	i, b := v.bits(key)
	v[i] |= b
}

func (v sieve) holds(key uint64) bool {
	i, b := v.bits(key)
	return v[i]&b == b
}
