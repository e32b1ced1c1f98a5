package interpol

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
)

// odds are texts on which classes and patterns might disagree.
var odds = []string{"", "A", "AB", "ab", "A B", "AB-C", "ABÉ", "ÉLAN", "-", " LEAD", "'AWAR", "O'KEL", "BA", "BAA", "Ba", "ZZZ", "Z", "ŻAK", "瓦", "A\nB", "AB "}

func someTexts(r *rand.Rand, n int) []string {
	out := append([]string{}, odds...)
	for range n {
		var b strings.Builder
		for range r.IntN(6) {
			b.WriteByte("ABCDEFabc -'"[r.IntN(12)])
		}
		out = append(out, b.String())
	}
	return out
}

// TestPlansDivideAllNames holds that whatever the names a plan was made of, each
// name belongs to exactly one leaf, and that the patterns say what the classes do.
func TestPlansDivideAllNames(t *testing.T) {
	for seed := range uint64(30) {
		r := rand.New(rand.NewPCG(seed, 1))
		var rows []pair
		for _, s := range someTexts(r, 200+r.IntN(2500)) {
			rows = append(rows, pair{s, "X"})
		}
		for range r.IntN(400) {
			rows = append(rows, pair{"ABBA", fmt.Sprintf("%c%c", 'A'+rune(r.IntN(26)), 'A'+rune(r.IntN(26)))})
		}
		for _, alternation := range []bool{true, false} {
			leaves := plan(rows, alternation)
			var res []*regexp.Regexp
			for _, l := range leaves {
				if !alternation && len(l.Units.plain()) > 1 {
					t.Fatalf("seed %d: a leaf that needs alternation: %s", seed, l.Units.pattern())
				}
				res = append(res, regexp.MustCompile("(?i)"+l.Units.pattern()))
				if p := l.Units.pattern(); len(p) > 2*patternMax || !alternation && strings.ContainsAny(p, "(|)") {
					t.Errorf("seed %d: the pattern %s", seed, p)
				}
			}
			for _, text := range someTexts(r, 500) {
				in := 0
				for i, l := range leaves {
					has := l.Units.has(text)
					if has {
						in++
					}
					if strings.Contains(text, "\n") {
						continue // where patterns differ between engines
					}
					if res[i].MatchString(text) != has {
						t.Fatalf("seed %d: %q and the class %s: %v", seed, text, l.Units.pattern(), has)
					}
				}
				if in != 1 {
					t.Fatalf("seed %d, alternation %v: %q is in %d leaves", seed, alternation, text, in)
				}
			}
		}
	}
}

func TestAPlanThatStillServesIsKept(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var rows []pair
	for range 3000 {
		rows = append(rows, pair{fmt.Sprintf("%c%c%c", 'A'+rune(r.IntN(26)), 'A'+rune(r.IntN(26)), 'A'+rune(r.IntN(26))), "X"})
	}
	leaves := plan(rows, true)
	for _, l := range leaves {
		if l.N > packTo {
			t.Errorf("a leaf of %d rows", l.N)
		}
	}
	if !serves(leaves, rows) || !serves(leaves, append(rows[5:len(rows):len(rows)], pair{"NEW", "X"})) {
		t.Error("a plan is given up for nothing")
	}
	if serves(leaves, rows[:1500]) {
		t.Error("leaves half empty are kept")
	}
	more := rows
	for range 40 {
		more = append(more, pair{rows[0].name, "X"})
	}
	if serves(leaves, more) {
		t.Error("a leaf about to overflow is kept")
	}
}
