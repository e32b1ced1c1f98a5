package mention

import (
	"fmt"
	"testing"

	"tocsin"
)

type tally struct{ named, found, right, danger, alerted, rang, rightly int }

func (t *tally) String() string {
	return fmt.Sprintf("%4d named  recall %.3f  precision %.3f   near danger %3d: alert recall %.3f, precision %.3f",
		t.named, ratio(t.right, t.named), ratio(t.right, t.found), t.danger, ratio(t.alerted, t.danger), ratio(t.rightly, t.rang))
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 1
	}
	return float64(a) / float64(b)
}

// Every person of every cast is watched at once; whoever else is found counts
// against. A namesake of another age may be found for review, with a reason that
// speaks against, and never rings.
func TestMentionsAreFoundInEveryLanguageAndNearMissesAreNot(t *testing.T) {
	s := Compile(watched(), Options{})
	for _, set := range []string{"tuned", "held", "last", "fourth"} {
		total, articles := map[string]*tally{}, 0
		of, n := tongues, 72
		if set == "fourth" {
			of, n = fourth, 120
		}
		for _, tongue := range of {
			y := &tally{}
			total[tongue.code] = y
			for _, st := range stories(tongue, set, n, 11) {
				articles++
				judge(t, s, st, y, fmt.Sprintf("%s, %s", set, tongue.code))
			}
			t.Logf("%-5s %s %v", set, tongue.code, y)
			if ratio(y.right, y.named) < 0.95 || ratio(y.right, y.found) < 0.95 {
				t.Errorf("%s, %s: recall or precision under .95: %v", set, tongue.code, y)
			}
			if ratio(y.alerted, y.danger) < 0.95 || ratio(y.rightly, y.rang) < 0.95 {
				t.Errorf("%s, %s: alerts under .95: %v", set, tongue.code, y)
			}
		}
		if articles < 300 {
			t.Errorf("%d articles: fewer than 300", articles)
		}
	}
}

func judge(t *testing.T, s *Scanner, st story, y *tally, where string) {
	found := s.Scan(st.article)
	if st.person != "" {
		y.named++
		if st.danger {
			y.danger++
		}
	}
	hit := false
	for _, m := range found {
		right := m.Match.Person == st.person
		if st.aged == m.Match.Person && st.aged != "" && m.Match.Tier == tocsin.TierReview && contradicted(m.Match.Reasons) {
			continue
		}
		y.found++
		if right {
			hit = true
			y.right++
		}
		if m.Match.Tier == tocsin.TierAlert {
			y.rang++
			if right && st.danger {
				y.rightly++
				y.alerted++
			} else if testing.Verbose() {
				t.Logf("%s: rang wrongly for %s (%q, %q): %s", where, m.Match.Person, m.Found, m.Danger, st.article.Title+" | "+st.article.Text)
			}
		} else if right && st.danger && testing.Verbose() {
			t.Logf("%s: no danger seen (%.2f): %q in %s", where, m.Match.Score, m.Found, st.article.Text)
		}
		if !right && testing.Verbose() {
			t.Logf("%s: wrong %s %q %.2f: %s", where, m.Match.Person, m.Found, m.Match.Score, st.article.Text)
		}
	}
	if st.person != "" && !hit && testing.Verbose() {
		t.Logf("%s: missed %s: %s | %s", where, st.person, st.article.Title, st.article.Text)
	}
}
