package mention

import (
	"fmt"
	"slices"
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
	s := Compile(slices.Concat(watched(), fifthWatched()), Options{})
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
			y.hold(t, set, tongue.code, floor{})
		}
		if articles < 300 {
			t.Errorf("%d articles: fewer than 300", articles)
		}
	}
	articles := 0
	for _, u := range fifth() {
		y := &tally{}
		for _, st := range fifthStories(u) {
			articles++
			judge(t, s, st, y, "fifth, "+u.code)
		}
		y.hold(t, "fifth", u.code, fifthFloors[u.code])
	}
	if articles < 300 {
		t.Errorf("%d articles: fewer than 300", articles)
	}
}

// A floor is the least recall, precision, recall of alerts and their precision; 0 is
// .95.
type floor [4]float64

func (y *tally) hold(t *testing.T, set, code string, least floor) {
	t.Logf("%-5s %s %v", set, code, y)
	for i, seen := range [4]float64{ratio(y.right, y.named), ratio(y.right, y.found), ratio(y.alerted, y.danger), ratio(y.rightly, y.rang)} {
		if least[i] == 0 {
			least[i] = 0.95
		}
		if seen < least[i] {
			t.Errorf("%s, %s: %s %.3f, under %.3f: %v", set, code, [4]string{"recall", "precision", "alert recall", "alert precision"}[i], seen, least[i], y)
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
