package match_test

import (
	"bufio"
	"slices"
	"strings"
	"testing"

	"github.com/anyascii/go"

	"tocsin/watcher/match"
)

// jaroWinkler is Winkler's similarity (1990), prefixes of four letters weighing a tenth.
func jaroWinkler(a, b string) float64 {
	if a == b {
		return 1
	}
	reach := max(0, max(len(a), len(b))/2-1)
	used := make([]bool, len(b))
	var common, order []byte
	for i := range len(a) {
		for j := max(0, i-reach); j < min(len(b), i+reach+1); j++ {
			if !used[j] && a[i] == b[j] {
				used[j] = true
				common = append(common, a[i])
				break
			}
		}
	}
	for j, u := range used {
		if u {
			order = append(order, b[j])
		}
	}
	if len(common) == 0 {
		return 0
	}
	moved := 0
	for i := range common {
		if common[i] != order[i] {
			moved++
		}
	}
	m := float64(len(common))
	s := (m/float64(len(a)) + m/float64(len(b)) + (m-float64(moved)/2)/m) / 3
	prefix := 0
	for prefix < min(4, len(a), len(b)) && a[prefix] == b[prefix] {
		prefix++
	}
	return s + float64(prefix)*0.1*(1-s)
}

func sortedTokens(s string) string {
	ws := strings.FieldsFunc(strings.ToLower(anyascii.Transliterate(s)), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	slices.Sort(ws)
	return strings.Join(ws, " ")
}

// BenchmarkBesideTheBaseline prints the best F1 that Jaro-Winkler over
// transliterated sorted tokens can have on the same rows, its threshold chosen on
// them, and its recall where its precision is .95; and this package's figures.
func BenchmarkBesideTheBaseline(b *testing.B) {
	type scored struct {
		s    float64
		same bool
	}
	for b.Loop() {
		var all []scored
		positive := 0.0
		sc := bufio.NewScanner(data(b, "dev.tsv"))
		var columns []string
		for sc.Scan() {
			cells := strings.Split(sc.Text(), "\t")
			if columns == nil {
				columns = cells
				continue
			}
			cell := func(name string) string { return cells[slices.Index(columns, name)] }
			x := scored{jaroWinkler(sortedTokens(cell("name")), sortedTokens(cell("notice_name")+" "+cell("notice_forename"))), cell("label") == "1"}
			if x.same {
				positive++
			}
			all = append(all, x)
		}
		slices.SortFunc(all, func(x, y scored) int {
			if x.s > y.s {
				return -1
			} else if x.s < y.s {
				return 1
			}
			return 0
		})
		best, sure, tp := 0.0, 0.0, 0.0
		for i, x := range all {
			if x.same {
				tp++
			}
			if i+1 < len(all) && all[i+1].s == x.s {
				continue
			}
			p, r := tp/float64(i+1), tp/positive
			best = max(best, 2*p*r/(p+r))
			if p >= 0.95 {
				sure = max(sure, r)
			}
		}
		rep, err := match.Evaluate(data(b, "dev.tsv"), match.Options{})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(best, "baseline-F1")
		b.ReportMetric(sure, "baseline-R@P.95")
		b.ReportMetric(rep.Overall.Review.F1, "review-F1")
		b.ReportMetric(rep.Overall.Alert.Recall, "alert-R")
		b.ReportMetric(rep.Overall.Alert.Precision, "alert-P")
	}
}
