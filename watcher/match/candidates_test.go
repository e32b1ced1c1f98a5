package match

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"tocsin"
)

// The index may leave out nobody whom the full comparison would accept, but for
// one in two hundred.
func TestCandidatesKeepWhomTheFullComparisonAccepts(t *testing.T) {
	f, err := os.Open(filepath.Join(os.Getenv("TOCSIN_DATA"), "names", "dev.tsv"))
	if err != nil {
		t.Skip("no labelled pairs: TOCSIN_DATA is not set or empty")
	}
	defer f.Close()
	pairs, err := readPairs(f)
	if err != nil {
		t.Fatal(err)
	}
	people := distinct(pairs)
	x := Compile(people, Options{})
	accepted, kept := 0, 0
	tiers := map[tocsin.Tier]int{}
	for i := 0; i < len(pairs); i += 30 {
		q := newQuery(pairs[i].Notice)
		ids := x.candidates(q)
		for id := range x.people {
			m := x.compare(q, &x.people[id], x.o.Review)
			if m.Tier == "" {
				continue
			}
			accepted++
			if found := slices.Contains(ids, int32(id)); found {
				kept++
			} else {
				tiers[m.Tier]++
			}
		}
	}
	recall := float64(kept) / float64(accepted)
	t.Logf("%d accepted, recall %.4f; lost by tier: %v", accepted, recall, tiers)
	if recall < 0.995 {
		t.Errorf("recall %.4f is under 0.995", recall)
	}
}
