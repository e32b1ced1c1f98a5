package mention

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tocsin"
)

// plainly scans as Scan does, but asks of every two words near one another and of
// every two parts of every form whether they agree: no table, no sieve, no memory,
// no letters that tell at once.
func plainly(s *Scanner, a tocsin.Article) []Mention {
	c := s.newScan(a)
	defer s.scans.Put(c)
	for seg, text := range [...]string{a.Title, a.Text} {
		c.begin(seg, text)
		c.split(func(ws []word) { takePlainly(c, ws) })
	}
	return c.mentions()
}

func takePlainly(c *scan, ws []word) {
	c.ws = ws
	c.read()
	for i := range c.items {
		for j := i + 1; j < len(c.items); j++ {
			a, b := &c.items[i], &c.items[j]
			if b.first <= a.last || b.first-a.last > c.reach(a.last, b.first) || b.first-a.last > mostBack {
				continue
			}
			for f := range c.s.forms {
				form := &c.s.forms[f]
				for p := range int(form.n) {
					for q := range int(form.n) {
						x, y := shared(a, c.s.part(form, p)), shared(b, c.s.part(form, q))
						if p == q || x < 0 || y < 0 || x+y == 0 || a.runes != nil && x+y < leastBare {
							continue
						}
						l := link{form: int32(f)}
						l.put(p, i, a.fits(c.s.part(form, p)))
						l.put(q, j, b.fits(c.s.part(form, q)))
						if l.fit[p] != none && l.fit[q] != none && !c.done(form.person) {
							c.consider(&l, i, j)
						}
					}
				}
			}
		}
	}
}

// shared is the number of consonants of the longest skeleton that both have, -1 if
// they have none in common.
func shared(it *item, p *part) int {
	if p.short {
		return -1
	}
	ks := skeletons(nil, []byte(p.text), true)
	if rest, ok := unarticled(p.text); ok {
		ks = skeletons(ks, []byte(rest), true)
	}
	if n := len(p.text) - 1; n > 4 && p.text[n] == 's' && strings.IndexByte("aeiou", p.text[n-1]) >= 0 {
		ks = skeletons(ks, []byte(p.text[:n]), true)
	}
	n := -1
	for _, k := range it.keys {
		if slices.Contains(ks, k) {
			n = max(n, k.size())
		}
	}
	return n
}

// misprint changes a letter or two of a name, or puts something to it.
func misprint(r *rand.Rand, name string) string {
	rs := []rune(name)
	for range r.IntN(3) {
		i := r.IntN(len(rs))
		switch r.IntN(6) {
		case 0:
			rs[i] = rs[r.IntN(len(rs))]
		case 1:
			rs = slices.Insert(rs, i, rs[r.IntN(len(rs))])
		case 2:
			if len(rs) > 3 {
				rs = slices.Delete(rs, i, i+1)
			}
		case 3:
			rs = append(rs, []rune([]string{"s", "’s", "'in", "а", "у", "ом", "ой", "нىڭ", "ning", "-"}[r.IntN(10)])...)
		case 4:
			rs = slices.Concat([]rune([]string{"و", "ال", "ل", "Al-", "el ", "ب"}[r.IntN(6)]), rs)
		case 5:
			words := strings.Fields(string(rs))
			slices.Reverse(words)
			rs = []rune(strings.Join(words, []string{" ", ", ", "-", " bin ", " X "}[r.IntN(5)]))
		}
	}
	return string(rs)
}

func TestSpeedLosesNoMention(t *testing.T) {
	for script, n := range map[string]int{"casts": 0, "invented": 400} {
		people := watched()
		if n > 0 {
			people = inventPeople(n)
		}
		s := Compile(people, Options{})
		r := rand.New(rand.NewPCG(9, uint64(n)))
		rounds, found := 40, 0
		if testing.Short() || raced {
			rounds = 6
		}
		for range rounds {
			var b strings.Builder
			for range 40 {
				b.WriteString(misprint(r, people[r.IntN(len(people))].Names[0]))
				b.WriteString([]string{" ", ", ", ". ", " and ", " сказал ", " و "}[r.IntN(6)])
			}
			tongue := tongues[r.IntN(len(tongues))].code
			a := tocsin.Article{Text: b.String(), Language: tongue, Published: published}
			fast, slow := s.Scan(a), plainly(s, a)
			found += len(slow)
			if x, y := told(fast), told(slow); !slices.Equal(x, y) {
				t.Fatalf("%s, %s: %v, plainly %v, in %s", script, tongue, x, y, a.Text)
			}
		}
		if found < rounds {
			t.Errorf("%s: %d found: too few to tell", script, found)
		}
	}
}

// told is who is named, and how surely: of places that are as good as one another
// either may be shown.
func told(ms []Mention) (out []string) {
	for _, m := range ms {
		out = append(out, fmt.Sprintf("%s %s %.4f", m.Match.Tier, m.Match.Person, m.Match.Score))
	}
	return out
}

func TestATableHoldsWhatWasPutIntoIt(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	var b builder
	want := map[uint64][]uint64{}
	for range 20_000 {
		k, v := uint64(r.IntN(5000))<<20|1<<63, uint64(r.IntN(3))
		b.add(k, v)
		if !slices.Contains(want[k], v) {
			want[k] = append(want[k], v)
		}
	}
	v := newSieve(len(want))
	table := b.table()
	for k, rows := range want {
		slices.Sort(rows)
		if !slices.Equal(table.get(k), rows) {
			t.Fatalf("%x: %v, want %v", k, table.get(k), rows)
		}
		v.add(k)
	}
	wrongly := 0
	for range 20_000 {
		if k := r.Uint64()>>1 | 1<<63; want[k] == nil {
			if table.get(k) != nil {
				t.Fatalf("%x was not put there", k)
			}
			if v.holds(k) {
				wrongly++
			}
		}
	}
	for k := range want {
		if !v.holds(k) {
			t.Fatalf("the sieve lost %x", k)
		}
	}
	if wrongly > 1000 {
		t.Errorf("%d of 20000 keys that are not there pass the sieve", wrongly)
	}
}

func TestWhatStandsBeforeInTheArenaDoesNotMatter(t *testing.T) {
	for _, w := range []string{"hrebinchuk", "ievgen", "oleh", "khan", "xesen"} {
		if got, want := string(canon([]byte("oleh"), []byte(w))), "oleh"+string(canon(nil, []byte(w))); got != want {
			t.Errorf("%s: %s, want %s", w, got, want)
		}
	}
}
