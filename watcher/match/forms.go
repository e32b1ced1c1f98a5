package match

import "strings"

// part is one part of a form, spelt as its system spells.
type part struct {
	codes   []string // ways to read it, the likeliest first
	text    string   // as written, folded
	at      int      // place of its first written part, see WrittenParts
	weight  float64  // how much it tells of who somebody is
	family  bool
	initial bool
	patro   bool
	joint   bool       // a hyphen stands before it
	groups  []uint16   // see sameNames
	root    string     // the code without an ending that many names have, "" if there is none
	heard   bool       // the last of codes is by ear: of names in Latin letters for those in others
	arabic  *romanised // nil for a name that does not look Arabic
}

// span is one part of a name, or two to four next to each other written as one.
type span struct {
	i, n   int
	code   string
	weight float64
}

// spans gives the joined parts; parts alone are not among them.
func spans(s *system, ps []part) []span {
	if s == vietnamese {
		return together(ps)
	}
	mark := ""
	if s.eastern {
		mark = syllableMark
	}
	var out []span
	for i := range ps {
		code, w := ps[i].codes[0], ps[i].weight
		for n := 2; n <= 4 && i+n <= len(ps); n++ {
			next := &ps[i+n-1]
			if s == uyghur && next.family != ps[i].family {
				break // a family name and a given name are not one word of Pinyin
			}
			code += mark + next.codes[0]
			w += next.weight
			if len(code) > maxToken || n == 2 && (ps[i].initial || next.initial) && (len(ps) > 2 || ps[i].family != next.family) {
				break
			}
			out = append(out, span{i, n, code, min(w, mostJoined)})
		}
	}
	return out
}

// mostJoined is the most that parts written as one weigh.
const mostJoined = 1.3

// form is one way in which a reader could meet a name.
type form struct {
	sys    *system
	script script // what it was written in
	name   int    // which of the person's names
	parts  []part
	joined []span
	doubt  float64 // how much more a part that is spelt otherwise is in doubt; 0 is 1
	// gated forms speak only to a notice that is spelt by way of Pinyin.
	gated bool
}

// heaviestPart is the most that a part weighs.
const heaviestPart = 1.15

// weigh says how much a part tells: more the longer it is, less if many share it.
func weigh(s *system, code, text string) float64 {
	size := 0
	for i := range len(code) {
		size += int(s.size[code[i]&127])
	}
	w := min(0.25+0.17*float64(size)/100, heaviestPart)
	switch c := western.rewrite(text); {
	case commonest[c]:
		w *= 0.45
	case commonParts[c]:
		w *= 0.65
	case len(variantOf[text]) > 0:
		w *= 0.8
	}
	return w
}

// initialWeight is what an initial tells.
const initialWeight = 0.25

// partsOf makes parts of tokens: particles and titles go, unless nothing else is left.
func partsOf(s *system, ts []token) []part {
	out := make([]part, 0, len(ts))
	for pass := 0; pass < 2 && len(out) == 0; pass++ {
		before := ""
		keep := soleFamily(ts)
		for i := 0; i < len(ts); i++ {
			t := ts[i]
			if pass == 0 && len(ts) > 1 && !s.eastern && i != keep {
				if particles[t.text] && !t.dotted && (len(t.text) > 1 || joins(ts, i)) || titles[t.text] {
					if particles[t.text] {
						before += t.text
					}
					continue
				}
			}
			p := part{text: t.text, at: i, joint: t.joined, family: t.family, initial: len(t.text) == 1 && (!s.eastern || t.dotted)}
			if s.eastern {
				// Its short syllables are no particles.
			} else if abd(t.text) {
				j := i + 1
				if j < len(ts) && particles[ts[j].text] {
					j++
				}
				if j < len(ts) && len(ts[j].text) > 1 {
					p.text, p.family = "abd"+unarticled(ts[j].text), p.family || ts[j].family
					i = j
				}
			} else if rest, ok := abdPrefix(t.text); ok {
				p.text = "abd" + rest
			}
			p.patro = isPatronymic(p.text)
			p.codes = []string{s.spell(p.text)}
			switch rest := unarticled(p.text); {
			case s == semitic && rest != p.text:
				p.codes = []string{s.rewrite(rest), p.codes[0]}
			case s != semitic && len(p.text) >= 8 && (strings.HasSuffix(p.text, "jan") || strings.HasSuffix(p.text, "can")):
				// Turkic endearment.
				p.codes = append(p.codes, s.rewrite(p.text[:len(p.text)-3]))
			}
			if i := strings.Index(p.text, "ng"); i > 0 && (s == pinyin || s == sinitic) && i+2 < len(p.text) && strings.IndexByte(vowels, p.text[i+2]) >= 0 {
				p.codes = append(p.codes, s.rewrite(p.text[:i+1])+s.rewrite(p.text[i+1:])) // n and g of two syllables
			}
			if s == western || s == heard {
				p.groups = groupsOf(p.text, p.patro)
			}
			if s == western {
				if root, end := stem(p.text); end != "" {
					p.root = s.rewrite(root)
				}
			}
			if s == western && strings.Contains(p.text, "ow") {
				// Russian hears the English sound, and so does who spells it back.
				p.codes = append(p.codes, s.rewrite(strings.ReplaceAll(p.text, "ow", "au")))
			}
			if s == western {
				for _, w := range slavicSpellings(p.text) {
					p.codes = appendNew(p.codes, s.rewrite(w))
				}
			}
			if before != "" && s == western && len(before)+len(p.text) <= maxToken {
				p.codes = append(p.codes, s.rewrite(before+p.text))
			}
			before = ""
			p.weight = weigh(s, p.codes[0], p.text)
			if p.patro {
				p.weight *= 0.6
			}
			if p.initial {
				p.weight = initialWeight
			}
			out = append(out, p)
		}
	}
	if s == western {
		bare(s, out)
		if looksArabic(ts) {
			for i := range out {
				if !out[i].initial {
					r := romanise(out[i].text)
					out[i].arabic = &r
					for _, w := range arabicSpellings(out[i].text) {
						out[i].codes = appendNew(out[i].codes, s.rewrite(w))
					}
				}
			}
		}
	}
	// Beside initials alone a name is a family name.
	whole := -1
	for i, p := range out {
		if !p.initial {
			if whole >= 0 {
				whole = -2
				break
			}
			whole = i
		}
	}
	if whole >= 0 && len(out) > 1 {
		out[whole].family = true
	}
	// An initial between two parts stands behind a given name.
	if s == western && len(out) == 3 && out[1].initial && !out[0].initial && !out[2].initial && !out[0].family {
		out[2].family = true
	}
	return out
}

// joins reports whether the one letter of a token is Spanish or Catalan "and", which
// stands before the last of two family names.
func joins(ts []token, i int) bool {
	return i > 1 && i+1 < len(ts) && len(ts[i-1].text) > 1 && len(ts[i+1].text) > 1
}

// soleFamily is the place of the one token that is known to be the family name, -1
// if there is none or more: such a name is no particle.
func soleFamily(ts []token) int {
	at := -1
	for i, t := range ts {
		if t.family {
			if at >= 0 {
				return -1
			}
			at = i
		}
	}
	return at
}

// abd is the first half of names that mean "servant of".
func abd(s string) bool {
	switch s {
	case "abd", "abdul", "abdel", "abdal", "abdol", "abdoul", "abdu", "abdi", "abdelal", "abdool":
		return true
	}
	return false
}

func abdPrefix(s string) (string, bool) {
	for _, p := range [...]string{"abdoul", "abdool", "abdul", "abdel", "abdal", "abdol", "abder", "abdur", "abdar", "abdus", "abdes", "abdas", "abdun", "abden", "abdou", "abdu", "abdi", "abdo"} {
		if len(s) >= len(p)+3 && s[:len(p)] == p && !(p[len(p)-1] == 's' && s[len(p)] == 'h') { // Abdu-shukur
			n := len(p)
			if c := p[n-1]; c != 'l' && strings.IndexByte(vowels, c) < 0 && strings.IndexByte(vowels, s[n]) >= 0 {
				n-- // Abdu-rahim: the article has become its r, which is written once
			}
			return s[n:], true
		}
	}
	return "", false
}

// spell is rewrite, but that the sounds before and after the seam of a name with
// "servant of" are not taken for one: Abd-hakim has no dh, Abd-jalil no dj.
func (s *system) spell(w string) string {
	if rest, ok := strings.CutPrefix(w, "abd"); ok && rest != "" && !s.eastern && (rest[0] == 'h' || rest[0] == 'j' || rest[0] == 'z') {
		return s.rewrite("abd") + s.rewrite(rest)
	}
	return s.rewrite(w)
}

func unarticled(s string) string {
	if len(s) > 5 && (s[:2] == "al" || s[:2] == "el" || s[:2] == "ul") {
		return s[2:]
	}
	return s
}

// formsOf compiles one name.
func formsOf(name string, n int) []form {
	out := readName(name, n)
	for i := range out {
		out[i].joined = spans(out[i].sys, out[i].parts)
	}
	return out
}

func readName(name string, n int) []form {
	switch sc := scriptOf(name); sc {
	case han:
		return hanForms(cut(name), n)
	case arabic:
		return arabicForms(name, n)
	case cyrillic:
		return cyrillicForms(name, n)
	case hangul:
		return hangulForms(cut(name), n)
	default:
		if sc == other && hebrew(name) {
			return hebrewForms(name, n)
		}
		if looksVietnamese(tokenise(name)) {
			return latinLike(name, sc, n, vietnamese)
		}
		fs := latinLike(name, sc, n, western)
		koreanInLatin(fs)
		return append(fs, latinForms(name, n)...)
	}
}

func (f form) String() string {
	s := ""
	for i, p := range f.parts {
		if i > 0 {
			s += " "
		}
		s += strings.ReplaceAll(p.text, syllableMark, "")
	}
	return s
}
