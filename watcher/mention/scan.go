package mention

import (
	"slices"
	"strings"
	"unicode/utf8"

	"tocsin"
	"tocsin/watcher/match"
)

// scan is the work on one article. What it learns of words and people that does not
// depend on the article is kept for the next.
type scan struct {
	s        *Scanner
	a        tocsin.Article
	language string
	mayBe    []string // see tongues
	mode     uint64   // what of language and letters decides how a word is read
	text     string   // the segment
	seg      int
	voweled  bool // Arabic letters write vowels here
	hits     map[int32]*hit
	tries    map[int32]int
	readers  map[int32]*match.Reader
	memo     map[printed]tocsin.Match
	words    memory
	refused  []uint64 // hashes of words that the matcher found to be nobody
	dots     int
	work     int // steps, so that a test can hold them to the text's length

	// Of the run at hand; used again for the next.
	ws      []word
	run     []word // before they are taken
	plotted bool   // danger was seen last that is a plot's
	tail    word   // see leave
	tailEnd int
	leads   []lead
	spots   []spot
	built   bool // items are those of ws
	items   []item
	arena   []byte
	runes   []rune
	keys    []skeleton
	fold    []byte
	spare   [64]byte
}

type printed struct {
	person int32
	name   string
}

// hit is the best place of a person so far.
type hit struct {
	seg, start, end int
	surname         string // as printed, of a whole name
	family          int32  // the part that it spells, from 1
	m               tocsin.Match
	danger          string
	found           string
}

// Bounds of what an article may cost.
const (
	mostTries   = 64   // places of one person that are looked at
	mostDots    = 2000 // names in ideographs with a dot
	mostReaders = 4096 // people kept ready
	mostRefused = 1 << 12
)

func (s *Scanner) newScan(a tocsin.Article) *scan {
	c, ok := s.scans.Get().(*scan)
	if !ok {
		c = &scan{s: s, hits: map[int32]*hit{}, tries: map[int32]int{}, readers: map[int32]*match.Reader{}, memo: map[printed]tocsin.Match{}, refused: make([]uint64, mostRefused)}
		c.words.forget()
	}
	clear(c.hits)
	clear(c.tries)
	c.a, c.language, c.mayBe, c.dots, c.work = a, languageOf(a), nil, 0, 0
	return c
}

func (c *scan) segment(seg int, text string) {
	c.begin(seg, text)
	c.tail = word{}
	c.split(func(ws []word) {
		c.take(ws)
		c.sibling(ws)
	})
}

// begin turns to a segment.
func (c *scan) begin(seg int, text string) {
	c.seg, c.text = seg, text
	c.voweled = strings.Contains(text, "ە") || c.language == "ug"
	c.mode = modeOf(c.language, c.voweled)
}

// done reports whether more places of a person cannot tell more, or were looked at
// often enough.
func (c *scan) done(person int32) bool {
	if c.tries[person] >= mostTries {
		return true
	}
	h := c.hits[person]
	return h != nil && h.m.Tier == tocsin.TierAlert
}

func (c *scan) reader(person int32) *match.Reader {
	r := c.readers[person]
	if r == nil {
		if len(c.readers) >= mostReaders {
			clear(c.readers)
		}
		r = match.NewReader(c.s.people[person])
		c.readers[person] = r
	}
	return r
}

// compare has the matcher compare what is printed with the person, once.
func (c *scan) compare(person int32, name string) tocsin.Match {
	k := printed{person, name}
	m, ok := c.memo[k]
	if !ok {
		m = c.reader(person).Compare(name)
		if len(c.memo) >= 4*mostReaders {
			clear(c.memo)
		}
		c.memo[k] = m
	}
	return m
}

// keep takes a place of a person if it is better than what there is.
func (c *scan) keep(person int32, h hit) {
	old := c.hits[person]
	if old != nil && !(h.m.Tier == tocsin.TierAlert && old.m.Tier != tocsin.TierAlert) && (h.m.Tier != old.m.Tier || h.m.Score <= old.m.Score) {
		return
	}
	c.hits[person] = &h
}

func (c *scan) mentions() []Mention {
	ids := make([]int32, 0, len(c.hits))
	for id := range c.hits {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	var out []Mention
	for _, id := range ids {
		h := c.hits[id]
		c.again(h)
		p := &c.s.people[id]
		h.m.Person, h.m.Fingerprint = p.ID, p.Fingerprint
		text := c.a.Text
		if h.seg == 0 {
			text = c.a.Title
		}
		out = append(out, Mention{Match: h.m, Sentence: sentenceAt(text, h.start, h.end), Found: clean(h.found), Language: c.language, Danger: clean(h.danger)})
	}
	return out
}

// again looks at places after the whole name where the surname stands alone, with
// whatever ending: what is said of it there is said of the same person.
func (c *scan) again(h *hit) {
	if h.surname == "" || h.m.Tier == tocsin.TierAlert || h.m.Score < c.s.o.Alert || contradicted(h.m.Reasons) {
		return
	}
	stem := stemOf(h.surname)
	for seg, text := range [...]string{c.a.Title, c.a.Text} {
		from := 0
		if seg < h.seg {
			continue
		} else if seg == h.seg {
			from = h.end
		}
		c.begin(seg, text)
		for range mostTries / 4 {
			i := strings.Index(text[from:], stem)
			if i < 0 {
				break
			}
			start, end := wordAround(text, from+i)
			from = max(end, from+i+len(stem))
			family := c.isFamily(h, start, end)
			if n := strings.LastIndexAny(text[:start], " \n") + 1; start-n <= 4 && n < start && text[start-1] == '-' && isParticle(lower(text[n:start-1])) {
				start = n // al-
			}
			if !family || !apart(text, start, end) {
				continue
			}
			d := c.dangerNear(text, start, end, false)
			if c.plotted {
				return // a story goes on with its hero
			}
			if d != "" {
				h.danger, h.m.Tier = d, tocsin.TierAlert
				h.seg, h.start, h.end = seg, start, end
				h.m.Reasons = withDanger(h.m.Reasons, d)
				return
			}
		}
	}
}

// isFamily reports whether a word spells the surname of a hit.
func (c *scan) isFamily(h *hit, start, end int) bool {
	name := c.text[start:end]
	if name == h.surname {
		return true
	}
	if h.family == 0 || end-start > mostWord {
		return false
	}
	r, _ := utf8.DecodeRuneInString(name)
	c.ws = append(c.run[:0], word{start: start, end: end, arabic: classify(r) == kArabic})
	it := c.itemOf(0, 0)
	if len(it.keys) == 0 {
		return false
	}
	asPrinted := part{canon: string(canon(nil, []byte(latin(h.surname))))}
	return it.fits(&c.s.parts[h.family-1]) >= ending || it.runes == nil && it.fits(&asPrinted) >= ending
}

// stemOf is what of a printed surname stands in all its cases, whatever ending it
// has or another takes its place.
func stemOf(surname string) string {
	rs := []rune(surname)
	if classify(rs[0]) == kGlyph || rs[0] < 0x250 {
		return surname // endings come after it
	}
	return string(rs[:max(min(len(rs), 3), len(rs)-3)])
}

// wordAround is the word that a place is in.
func wordAround(text string, at int) (int, int) {
	start := at
	for start > 0 {
		r, size := utf8.DecodeLastRuneInString(text[:start])
		if k := classify(r); k == kNone || k == kGlyph || k == kApos {
			break
		}
		start -= size
	}
	r, size := utf8.DecodeRuneInString(text[start:])
	return start, wordEnd(text, start+size, classify(r) == kArabic)
}

func contradicted(rs []tocsin.Reason) bool {
	return slices.ContainsFunc(rs, func(r tocsin.Reason) bool { return r.Against && r.Code != tocsin.ReasonCommon })
}

// withDanger puts the reason of danger before what speaks against.
func withDanger(rs []tocsin.Reason, word string) []tocsin.Reason {
	i := slices.IndexFunc(rs, func(r tocsin.Reason) bool { return r.Against })
	if i < 0 {
		i = len(rs)
	}
	return slices.Insert(slices.Clone(rs), i, tocsin.Reason{Code: tocsin.ReasonDanger, With: word})
}
