package mention

import (
	"hash/maphash"
	"math"
	"strings"
)

// fitting is a part that a word spells.
type fitting struct {
	part     int32
	fit      fit
	size     uint8 // consonants that they share
	partners uint64
}

// reading is what a word may be: its keys, and once it is judged, the parts that it
// spells: stretches of the memory.
type reading struct {
	keysFrom, from uint32
	n              uint16
	keys           uint8
	more           uint8 // words that it takes besides: see servant
	judged         bool
	lone           bool   // some part is somebody's whole name
	bits           uint64 // of the parts: see partnerBit
	partners       uint64 // those beside them in names
}

// lead is a word of a run, or two, that has the consonants of some part.
type lead struct {
	reading
	hash        uint64
	first, last int // words
	item        int // where to look for its item, once they are made
	bare        bool
}

// memory holds what words may be that were looked up lately: most words of a text are
// the words of every text, and are told by one hash. A place is taken by whoever
// comes last, so that it never grows; the seed is its own, so that no text can choose
// which words share a place or a hash.
type memory struct {
	seed  maphash.Seed
	known []remembered
	keys  []skeleton
	fits  []fitting
}

type remembered struct {
	hash uint64
	reading
}

const (
	mostKnown = 1 << 13
	mostKept  = 1 << 15 // keys, and parts that words fit
)

// forget makes or empties the memory.
func (m *memory) forget() {
	if m.known == nil {
		m.seed = maphash.MakeSeed()
	}
	m.known, m.keys, m.fits = make([]remembered, mostKnown), m.keys[:0], m.fits[:0]
}

func (m *memory) keysOf(r *reading) []skeleton { return m.keys[r.keysFrom:][:r.keys] }

func (m *memory) fitting(r *reading) []fitting { return m.fits[r.from:][:r.n] }

// modeOf tells apart readings of the same letters: by endings and sounds of the
// language, and by whether Arabic letters write vowels.
func modeOf(language string, voweled bool) uint64 {
	n := uint64(1)
	if turkic[language] {
		n |= 2
	}
	if language == "uk" || language == "be" {
		n |= 4
	}
	if voweled {
		n |= 8
	}
	return n
}

// lookUp appends what word i may be to c.leads, and what it may be with the one before.
func (c *scan) lookUp(i int) {
	w := &c.ws[i]
	bare := c.bare(w)
	text := c.text[w.start:w.end]
	if bare && i+1 < len(c.ws) && strings.Contains(text, servantOf) {
		text = c.text[w.start:c.ws[i+1].end] // it may be read with the next word
	}
	h := maphash.String(c.words.seed, text) ^ c.mode
	c.append(h, i, i, bare)
	if c.together(i) {
		h = hash(h) ^ maphash.String(c.words.seed, c.text[c.ws[i-1].start:c.ws[i-1].end])
		c.append(h, i-1, i, false)
	}
}

// append looks words up by their hash, which stands for them and how they are read.
func (c *scan) append(h uint64, first, last int, bare bool) {
	e := &c.words.known[h%mostKnown]
	if e.hash != h {
		it := c.itemOf(first, last)
		e.hash, e.reading = h, reading{keysFrom: uint32(len(c.words.keys)), keys: uint8(len(it.keys)), more: uint8(it.last - last)}
		c.words.keys = append(c.words.keys, it.keys...)
	}
	if e.keys > 0 {
		c.leads = append(c.leads, lead{reading: e.reading, hash: h, first: first, last: last + int(e.more), bare: bare})
	}
}

// judge finds the parts that a lead's words spell.
func (c *scan) judge(l *lead) {
	if l.judged {
		return
	}
	it := c.itemOf(l.first, l.last-int(l.more))
	m := &c.words
	l.judged, l.from = true, uint32(len(m.fits))
	for _, k := range it.keys {
		size := uint8(k.size())
	next:
		for _, row := range c.s.spelt.get(uint64(k) | 1<<63) {
			c.work++
			if !it.could(letterSet(row >> 32)) {
				continue
			}
			id := int32(row & (1<<32 - 1))
			for i := range m.fits[l.from:] {
				if f := &m.fits[int(l.from)+i]; f.part == id {
					f.size = max(f.size, size)
					continue next
				}
			}
			p := &c.s.parts[id]
			if f := it.fits(p); f != none && l.n < math.MaxUint16 {
				m.fits = append(m.fits, fitting{part: id, fit: f, size: size, partners: p.partners})
				l.n++
				l.bits |= partnerBit(id)
				l.partners |= p.partners
				l.lone = l.lone || p.alone
			}
		}
	}
	if e := &m.known[l.hash%mostKnown]; e.hash == l.hash {
		e.reading = l.reading
	}
}
