package match

import (
	"cmp"
	"slices"
	"strings"
	"sync"
)

// mandarinOf gives for syllables of Cantonese, Hokkien or Wade-Giles, in the
// sinitic system's code, the Pinyin of ideographs that are so read, the likeliest
// first; and the same for surnames. It is the readings' table turned round, made
// when a name first needs it.
var mandarinOf = sync.OnceValue(func() (m struct{ given, family map[string][]string }) {
	type votes map[string]int
	given, family := map[string]votes{}, map[string]votes{}
	vote := func(to map[string]votes, spelling, pinyin string, n int) {
		c := sinitic.rewrite(spelling)
		if to[c] == nil {
			to[c] = votes{}
		}
		to[c][pinyin] += n
	}
	for _, line := range strings.Split(strings.TrimSuffix(hanReadings, "\n"), "\n") {
		r := []rune(line)[0]
		x := readingOf(r)
		// Ideographs read in Korea too are the commoner half.
		if len(x.mandarin) == 0 || len(x.korean) == 0 {
			continue
		}
		p := x.mandarin[0]
		vote(given, wadeGiles(p), p, 1)
		for _, c := range x.cantonese {
			vote(given, hongKong(c), p, 1)
		}
		for _, s := range southernReading[r] {
			vote(given, s, p, 12)
		}
		for _, s := range regionalSurnames[r] {
			vote(family, s, p, 1)
			vote(family, wadeGiles(p), p, 1)
			for _, c := range x.cantonese {
				vote(family, hongKong(c), p, 1)
			}
		}
	}
	ranked := func(from map[string]votes, most int) map[string][]string {
		out := make(map[string][]string, len(from))
		for c, v := range from {
			var ps []string
			for p := range v {
				ps = append(ps, p)
			}
			slices.SortFunc(ps, func(a, b string) int { return cmp.Or(v[b]-v[a], strings.Compare(a, b)) })
			out[c] = ps[:min(len(ps), most)]
		}
		return out
	}
	m.given, m.family = ranked(given, 5), ranked(family, 4)
	return m
})

// mandarinSyllable is what a syllable may be in Pinyin; Taiwan writes w for the u of Wade-Giles.
func mandarinSyllable(of map[string][]string, w string) []string {
	if ps := of[sinitic.rewrite(w)]; len(ps) > 0 || len(w) < 3 || w[1] != 'w' {
		return ps
	}
	return of[sinitic.rewrite(w[:1]+"u"+w[2:])]
}

// southernForms reads a Chinese name in southern or Taiwanese spelling as Pinyin
// may print it. It is nil for what does not look like one.
func southernForms(ts []token, n int) []form {
	if len(ts) < 2 || len(ts) > 4 {
		return nil
	}
	for _, t := range ts {
		if len(t.text) > 6 && !t.joined && len(ts) == 2 {
			return nil
		}
	}
	m := mandarinOf()
	var out []form
	for i, t := range ts {
		names := m.family[sinitic.rewrite(t.text)]
		given, at := ts[i+1:], i+1
		if i == len(ts)-1 {
			given, at = ts[:i], 0
		}
		if len(names) == 0 || len(given) == 0 || len(given) > 2 || len(out) == 2 {
			continue
		}
		codes := []string{""}
		for _, g := range given {
			var next []string
			for _, p := range mandarinSyllable(m.given, g.text) {
				for _, c := range codes {
					if c != "" {
						c += syllableMark
					}
					next = append(next, c+p)
				}
			}
			codes = next
		}
		if len(codes) == 0 {
			continue
		}
		f := form{sys: pinyin, script: latin, name: n}
		for j, ws := range [][]string{names, codes} {
			p := part{text: ws[0], at: i, family: j == 0}
			if j == 1 {
				p.at = at
			}
			for _, w := range ws {
				p.codes = appendNew(p.codes, pinyin.rewrite(w))
			}
			p.weight = weigh(pinyin, p.codes[0], p.text)
			f.parts = append(f.parts, p)
		}
		out = append(out, f)
	}
	return out
}
