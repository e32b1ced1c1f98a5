package mention

import (
	"hash/maphash"
	"slices"
	"strings"
	"unicode/utf8"

	"tocsin"
	"tocsin/watcher/match"
)

// verify weighs the words lo to hi of the run, of which l says how they spell parts
// of a form.
func (c *scan) verify(l *link, lo, hi int) {
	form := &c.s.forms[l.form]
	c.tries[form.person]++
	whole, strict, linked := 0, true, 0
	missing := false
	for p := range int(form.n) {
		part := c.s.part(form, p)
		switch {
		case l.item[p] == 0:
			missing = missing || !part.patro && !part.short
			continue
		case l.fit[p] == loose:
			strict = false
		}
		linked++
		if !part.patro {
			whole++
		}
	}
	if linked < 2 || whole < min(2, int(form.whole)) || form.whole < 2 && linked < int(form.n) {
		return
	}
	if !c.listed(l, lo, hi) || c.thing(c.ws[lo].start, c.ws[hi].end, slices.Contains(l.fit[:], ending)) {
		return
	}
	extra := c.extra(l, lo, hi)
	from, to := lo, hi
	arabic := c.ws[lo].arabic
	if c.ws[lo].before == gapHyphen && lo > 0 {
		from, extra = lo-1, true
	}
	if hi+1 < len(c.ws) && c.ws[hi+1].before == gapHyphen {
		to, extra = hi+1, true
	}
	common := form.common
	if from == lo && lo > 0 && c.ws[lo].before == gapSpace && c.commonWord(lo-1) {
		from, extra = lo-1, true
	}
	if to == hi && common && hi+1 < len(c.ws) && c.ws[hi+1].before == gapSpace && c.commonWord(hi+1) {
		to, extra = hi+1, true
	}
	if common && extra {
		return // Mohammed Ali Hasan is no Mohammed Ali
	}
	var m tocsin.Match
	exact := strict && !missing && !extra
	if exact {
		m.Score = sureScore(form, arabic)
	} else {
		if missing && !arabic && !c.shouting() {
			// What stands beside may be what contradicts.
			if from == lo && lo > 0 && c.ws[lo].before == gapSpace && !noName[latin(c.text[c.ws[lo-1].start:c.ws[lo-1].end])] {
				from--
			}
			if to == hi && hi+1 < len(c.ws) && c.ws[hi+1].before == gapSpace {
				to++
			}
		}
		need := c.s.o.Review
		if arabic && !strict {
			need = max(need, c.s.o.Alert)
		}
		h := c.hash(l, from, to)
		place := &c.refused[h%mostRefused]
		if *place == h {
			return
		}
		if m = c.compare(form.person, c.spelling(l, from, to)); m.Score < need {
			*place = h
			return
		}
	}
	h := hit{seg: c.seg, start: c.ws[lo].start, end: c.ws[hi].end, m: m}
	h.found = c.text[h.start:h.end]
	h.m.Reasons = c.reasons(l, m.Reasons, exact, h.found)
	if common {
		h.m.Reasons = append(h.m.Reasons, tocsin.Reason{Code: tocsin.ReasonCommon, Name: int(form.name), Against: true})
	}
	for p := int(form.n) - 1; p >= 0; p-- {
		if it := l.item[p]; it > 0 && !c.s.part(form, p).patro {
			w := c.ws[c.items[it-1].last]
			h.surname, h.family = c.text[w.start:w.end], form.parts[p]+1
			break
		}
	}
	c.settle(form.person, h, true, exact)
}

// hash stands for the words from to to and how l reads them.
func (c *scan) hash(l *link, from, to int) uint64 {
	h := maphash.String(c.words.seed, c.text[c.ws[from].start:c.ws[to].end]) ^ hash(uint64(l.form)<<1|1)
	for p, n := range l.item {
		at := uint64(0)
		if n > 0 {
			it := &c.items[n-1]
			at = uint64(it.first-from+1)<<16 | uint64(it.last-it.first)<<8 | uint64(l.fit[p])
		}
		h = hash(h + at)
	}
	return h ^ c.mode
}

// settle lets what stands around a name speak, and keeps the place. whole: it is
// more than one part of several; exact: each is spelt as it is known.
func (c *scan) settle(person int32, h hit, whole, exact bool) {
	p := &c.s.people[person]
	against := contradicted(h.m.Reasons)
	switch age, word := c.ageNear(h.start, h.end, p.BirthDate.Year); age {
	case fits:
		h.m.Reasons = before(h.m.Reasons, tocsin.Reason{Code: tocsin.ReasonAgeEqual, With: word})
		h.m.Score += (1 - h.m.Score) / 3
	case differs:
		if !exact || hasCode(h.m.Reasons, tocsin.ReasonCommon) {
			return
		}
		h.m.Reasons = append(h.m.Reasons, tocsin.Reason{Code: tocsin.ReasonAgeDiffers, With: word, Against: true})
		h.m.Score *= 0.75
		against = true
	}
	if word := peopleNear(c.text, h.start, h.end, p.Nationalities); word != "" {
		h.m.Reasons = before(h.m.Reasons, tocsin.Reason{Code: tocsin.ReasonNatNear, With: word})
	}
	h.m.Tier = tocsin.TierReview
	if whole && !against && h.m.Score >= c.s.o.Alert {
		if h.danger = c.dangerNear(c.text, h.start, h.end, hasCode(h.m.Reasons, tocsin.ReasonInflected)); h.danger != "" {
			h.m.Tier = tocsin.TierAlert
			h.m.Reasons = withDanger(h.m.Reasons, h.danger)
		} else if c.plotted {
			c.tries[person] += plotTries
		}
	}
	c.keep(person, h)
}

// plotTries is how many places a name in a plot counts for: a story names its hero often.
const plotTries = 32

func hasCode(rs []tocsin.Reason, code string) bool {
	for _, r := range rs {
		if r.Code == code {
			return true
		}
	}
	return false
}

// before puts a reason that speaks for before those that speak against.
func before(rs []tocsin.Reason, r tocsin.Reason) []tocsin.Reason {
	out := make([]tocsin.Reason, 0, len(rs)+1)
	put := false
	for _, x := range rs {
		if x.Against && !put {
			out, put = append(out, r), true
		}
		out = append(out, x)
	}
	if !put {
		out = append(out, r)
	}
	return out
}

// sureScore is the score of a name that is printed as a form spells it.
func sureScore(f *form, arabic bool) float64 {
	if arabic {
		return 0.90
	}
	return min(0.98, 0.76+0.22*float64(f.sure))
}

// alone takes a name of one part: it needs something else to speak for it.
func (c *scan) alone(f int32, a *lead) {
	form := &c.s.forms[f]
	c.work++
	if c.done(form.person) {
		return
	}
	w := c.ws[a.first]
	c.tries[form.person]++
	p := &c.s.people[form.person]
	if c.thing(w.start, w.end, true) {
		return
	}
	age, _ := c.ageNear(w.start, w.end, p.BirthDate.Year)
	if age == differs || age != fits && peopleNear(c.text, w.start, w.end, p.Nationalities) == "" {
		return
	}
	h := hit{seg: c.seg, start: w.start, end: w.end, found: c.text[w.start:w.end], m: tocsin.Match{Score: c.s.o.Review}}
	h.m.Reasons = []tocsin.Reason{{Code: tocsin.ReasonInText, With: clean(h.found)},
		{Code: tocsin.ReasonPartEqual, Name: int(form.name), Part: int(form.at[0]) + 1, With: clean(h.found)},
		{Code: tocsin.ReasonOnePart, Name: int(form.name), Against: true}}
	c.settle(form.person, h, false, true)
}

// listed reports whether a comma between the words is that of "Family, Given".
func (c *scan) listed(l *link, lo, hi int) bool {
	comma := false
	for i := lo + 1; i <= hi; i++ {
		if c.ws[i].before == gapComma {
			if comma || c.ws[i].arabic {
				return false
			}
			comma = true
		}
	}
	if !comma {
		return true
	}
	last := int16(0)
	for p := range int(c.s.forms[l.form].n) {
		if l.item[p] > 0 {
			last = l.item[p]
		}
	}
	return last > 0 && c.items[last-1].first == lo && c.ws[lo+1].before == gapComma &&
		(lo == 0 || c.ws[lo].before == gapComma) && (hi+1 == len(c.ws) || c.ws[hi+1].before == gapComma)
}

// shouting reports whether the run is a line in capitals: what stands beside a name
// is any word.
func (c *scan) shouting() bool {
	if len(c.ws) < 4 {
		return false
	}
	for _, w := range c.ws {
		if s := c.text[w.start:w.end]; s != strings.ToUpper(s) {
			return false
		}
	}
	return true
}

// extra reports whether a word among lo to hi spells no part.
func (c *scan) extra(l *link, lo, hi int) bool {
	for i := lo; i <= hi; i++ {
		if w := &c.ws[i]; !w.particle && !w.initial && c.linkOf(l, i) < 0 && !c.nickname(w, i > lo && i < hi) {
			return true
		}
	}
	return false
}

// nickname reports whether a word between others stands in quotation marks.
func (c *scan) nickname(w *word, between bool) bool {
	if !between || !opensQuote(c.text, w.start) {
		return false
	}
	r, _ := utf8.DecodeRuneInString(c.text[w.end:])
	return strings.ContainsRune("»”“\"'’」』", r)
}

// linkOf is the part that word i spells, -1 if none.
func (c *scan) linkOf(l *link, i int) int {
	for p, n := range l.item {
		if n > 0 && c.items[n-1].first <= i && i <= c.items[n-1].last {
			return p
		}
	}
	return -1
}

// commonWord reports whether word i of the run is a name that millions have.
func (c *scan) commonWord(i int) bool {
	w := c.ws[i]
	if w.particle || w.initial {
		return false
	}
	if c.bare(&w) {
		return commonArabic[c.text[w.start:w.end]]
	}
	s := latin(c.text[w.start:w.end])
	return len(s) > 2 && !noName[s] && match.Common(s)
}

// commonArabic are the commonest of names in Arabic letters. Source: as
// watcher/match/arabic.go.
var commonArabic = set(`محمد احمد أحمد علي علی حسن حسين حسین ابراهيم إبراهيم عمر خالد عبدالله مصطفى مصطفی يوسف یوسف محمود سعيد سعید مهدي مهدی رضا عباس فاطمة فاطمه مريم مریم زینب زينب`)

// latin spells a word in Latin letters.
func latin(w string) string {
	var b strings.Builder
	for _, r := range w {
		if k := classify(r); k == kLower || k == kUpper || k == kArabic {
			b.WriteString(latinOf(r))
		}
	}
	if r, _ := utf8.DecodeRuneInString(w); greek(r) {
		return string(greekSounds([]byte(b.String())))
	}
	return b.String()
}

// spelling writes the words from to to for the matcher: those with an ending as the
// part without it.
func (c *scan) spelling(l *link, from, to int) string {
	var b strings.Builder
	done := -1
	for i := from; i <= to; i++ {
		w := c.ws[i]
		s := c.text[w.start:w.end]
		if c.bare(&w) {
			if p := c.linkOf(l, i); p >= 0 {
				it := &c.items[l.item[p]-1]
				if n := speltAny(it.runes, c.s.part(&c.s.forms[l.form], p).text); n > 0 {
					s = string(it.runes[n:])
				}
			}
		} else if p := c.linkOf(l, i); p < 0 {
			s = latin(s)
		} else if p == done {
			continue // the second half of two words that are one part
		} else {
			done = p
			switch it := &c.items[l.item[p]-1]; {
			case l.fit[p] != loose:
				s = c.s.part(&c.s.forms[l.form], p).text
			case it.first != it.last:
				s = latin(c.text[c.ws[it.first].start:c.ws[it.first].end] + s)
			case it.base > 0 && strings.ContainsAny(s, "'’ʼ‘ʻ`´"):
				s = latin(s[:strings.LastIndexAny(s, "'’ʼ‘ʻ`´")])
			case it.ends != nil:
				s = unended(latin(s), c.s.part(&c.s.forms[l.form], p).canon, it.ends)
			default:
				s = latin(s)
			}
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(s)
	}
	return b.String()
}

// reasons says why, with what the text prints.
func (c *scan) reasons(l *link, matched []tocsin.Reason, exact bool, found string) []tocsin.Reason {
	form := &c.s.forms[l.form]
	out := []tocsin.Reason{{Code: tocsin.ReasonInText, With: clean(found)}}
	at := map[int]string{}
	ordered, last := true, -1
	for p := range int(form.n) {
		n := l.item[p]
		if n == 0 {
			continue
		}
		it := &c.items[n-1]
		ordered, last = ordered && it.first > last, it.first
		with := clean(c.text[c.ws[it.first].start:c.ws[it.last].end])
		at[int(form.at[p])+1] = with
		if exact {
			code := tocsin.ReasonPartEqual
			switch {
			case l.fit[p] == ending:
				code = tocsin.ReasonInflected
			case c.ws[it.first].arabic || form.sure < 1:
				code = tocsin.ReasonScript
			}
			out = append(out, tocsin.Reason{Code: code, Name: int(form.name), Part: int(form.at[p]) + 1, With: with})
		}
	}
	if exact {
		if !ordered {
			out = append(out, tocsin.Reason{Code: tocsin.ReasonOrder, Name: int(form.name)})
		}
		return out
	}
	for _, r := range matched {
		if w, ok := at[r.Part]; ok && r.With != "" {
			r.With = w
		}
		out = append(out, r)
	}
	return out
}
