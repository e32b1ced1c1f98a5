package match_test

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tocsin"
	"tocsin/watcher/match"
)

func data(t testing.TB, name string) *os.File {
	dir := os.Getenv("TOCSIN_DATA")
	if dir == "" {
		t.Skip("TOCSIN_DATA is not set: no labelled pairs to measure on")
	}
	f, err := os.Open(filepath.Join(dir, "names", name))
	if err != nil {
		t.Skipf("no labelled pairs: %v", err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// floor is a little under what was reached: who goes below it has lost something.
// The weights were fitted on these very pairs, so it says nothing of other names.
type floor struct{ alertP, alertR, reviewP, reviewR float64 }

func TestFiguresOnLabelledPairs(t *testing.T) {
	rep, err := match.Evaluate(data(t, "dev.tsv"), match.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + rep.String())
	check := func(name string, got match.Tiers, want floor) {
		for _, f := range []struct {
			what      string
			got, want float64
		}{
			{"alert precision", got.Alert.Precision, want.alertP}, {"alert recall", got.Alert.Recall, want.alertR},
			{"review precision", got.Review.Precision, want.reviewP}, {"review recall", got.Review.Recall, want.reviewR},
		} {
			if f.got < f.want {
				t.Errorf("%s: %s %.3f is under %.3f", name, f.what, f.got, f.want)
			}
		}
	}
	check("overall", rep.Overall, floor{.99, .85, .94, .95})
	for name, f := range map[string]floor{
		"anchors": {.95, .74, .93, .94}, "arabic_latin": {.98, .80, .91, .95}, "arabic_script": {.96, .78, .93, .92}, "cyrillic": {.99, .91, .97, .96},
		"dob_conflict": {.97, .84, .55, .96}, "han_pinyin": {.99, .97, .97, .98}, "han_wade_cantonese": {.97, .61, .95, .83}, "initials": {.98, .86, .97, .95},
		"korean": {.98, .85, .92, .94}, "latin_western": {.99, .84, .98, .96}, "one_part_differs": {.97, .74, .94, .94}, "patronymic": {.98, .88, .95, .96},
		"persian": {.98, .75, .96, .87}, "token_order": {.98, .98, .97, .98}, "turkic": {.99, .91, .97, .97}, "uyghur": {.98, .85, .97, .94}, "vietnamese": {.97, .86, .91, .97},
	} {
		check(name, rep.Groups[name], f)
	}
}

func TestStrangersAreLeftAlone(t *testing.T) {
	// A fifth of the population, spread evenly, is enough to see a change for the worse.
	z, err := gzip.NewReader(data(t, "population.tsv.gz"))
	if err != nil {
		t.Fatal(err)
	}
	var some strings.Builder
	sc := bufio.NewScanner(z)
	for line := 0; sc.Scan(); line++ {
		if line%5 == 0 {
			some.WriteString(sc.Text() + "\n")
		}
	}
	s, err := match.Strangers(data(t, "dev.tsv"), strings.NewReader(some.String()), match.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d people, %d strangers: %.1f alerts and %.1f reviews per 10,000 strangers and 1,000 people", s.People, s.Population, s.Alerts, s.Reviews)
	if s.Alerts > 16 || s.Reviews > 140 {
		t.Errorf("%.1f alerts and %.1f reviews are too many", s.Alerts, s.Reviews)
	}
}

// invented gives n fictional people, their names built from syllables.
func invented(n int) []match.Person {
	r := rand.New(rand.NewPCG(1, 2))
	syllables := []string{"va", "ren", "mi", "ko", "lar", "des", "tu", "bri", "no", "sha", "gul", "zem", "or", "pek", "li", "dan", "ves", "ha", "jun", "qi"}
	word := func() string {
		s := ""
		for range 2 + r.IntN(2) {
			s += syllables[r.IntN(len(syllables))]
		}
		return s
	}
	out := make([]match.Person, n)
	for i := range out {
		out[i] = match.Person{ID: fmt.Sprint(i), Names: []string{word() + " " + word()}}
	}
	return out
}

func BenchmarkNoticeAgainstAThousandPeople(b *testing.B) {
	x := match.Compile(invented(1000), match.Options{})
	others := invented(5000)[1000:]
	for i := range b.N {
		x.Match(tocsin.Notice{Name: others[i%len(others)].Names[0]})
	}
}

func BenchmarkCompileAThousandPeople(b *testing.B) {
	people := invented(1000)
	b.ReportAllocs()
	for range b.N {
		match.Compile(people, match.Options{})
	}
}
