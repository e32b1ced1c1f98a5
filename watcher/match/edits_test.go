package match

import (
	"math/rand/v2"
	"testing"
)

// A list of codes compared in order costs what each of them costs alone.
func TestLaddersCostWhatEditsCost(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	word := func() string {
		b := make([]byte, 1+r.IntN(12))
		for i := range b {
			b[i] = "aeioubdgkmnrstvhyX-"[r.IntN(19)]
		}
		return string(b)
	}
	for _, s := range []*system{western, semitic, uyghur, sinitic} {
		w := scribe{ids: map[string]int32{}}
		for range 2000 {
			w.post(word(), 1, post{})
		}
		var all spellings
		w.print(&all, s, 0, false)
		found := 0
		for range 40 {
			var p probe
			code := []byte(all.code(int32(r.IntN(len(all.shapes)))))
			code[r.IntN(len(code))] = "aeioubdg"[r.IntN(8)]
			p.set(s, string(code))
			p.need = s.need + r.Float64()*(1-s.need)/2
			p.row.rest()
			for i := range all.shapes {
				shared, got := uint8(0), 0.0
				if i > 0 {
					shared = all.shared(int32(i-1), int32(i))
				}
				if !p.row.passes(shared) {
					got = p.next(&all, int32(i))
				}
				want := s.likeness(p.code, all.code(int32(i)))
				if want < p.need {
					want = 0
				}
				if got != want {
					t.Fatalf("%s: %s and %s: %v in a list, %v alone", s.name, p.code, all.code(int32(i)), got, want)
				}
				if got > 0 {
					found++
				}
			}
		}
		if found < 20 {
			t.Errorf("%s: %d likenesses are too few to tell", s.name, found)
		}
	}
}
