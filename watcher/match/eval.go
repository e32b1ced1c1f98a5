package match

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"tocsin"
)

// Interval is a 95 % interval by Wilson's score: from, to.
type Interval [2]float64

// Ratio is how one tier did on labelled pairs, the alert tier counted into the
// review tier. Where nothing was found, or nothing was to be found, a figure is 0
// and its interval is all of 0 to 1.
type Ratio struct {
	Precision         float64  `json:"precision"`
	Recall            float64  `json:"recall"`
	F1                float64  `json:"f1"`
	PrecisionInterval Interval `json:"precision_95"`
	RecallInterval    Interval `json:"recall_95"`

	tp, fp, fn int
}

func (r *Ratio) count(label, found bool) {
	switch {
	case label && found:
		r.tp++
	case found:
		r.fp++
	case label:
		r.fn++
	}
}

func (r *Ratio) finish() {
	r.PrecisionInterval, r.RecallInterval = wilson(r.tp, r.tp+r.fp), wilson(r.tp, r.tp+r.fn)
	if r.tp > 0 {
		r.Precision = float64(r.tp) / float64(r.tp+r.fp)
		r.Recall = float64(r.tp) / float64(r.tp+r.fn)
		r.F1 = 2 * r.Precision * r.Recall / (r.Precision + r.Recall)
	}
}

// wilson is the 95 % score interval of k in n (E. B. Wilson, JASA 22, 1927).
func wilson(k, n int) Interval {
	if n == 0 {
		return Interval{0, 1}
	}
	const z = 1.96
	p, m := float64(k)/float64(n), float64(n)
	mid := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return Interval{max(0, mid-half), min(1, mid+half)}
}

// Tiers are the figures of one set of pairs.
type Tiers struct {
	Pairs  int   `json:"pairs"`
	Alert  Ratio `json:"alert"`
	Review Ratio `json:"review"`
}

// StrangersReport says how often people were rung who are in no pair.
type StrangersReport struct {
	People     int     `json:"people"`
	Population int     `json:"population"`
	Alerts     float64 `json:"alerts_per_10k_per_1000"`
	Reviews    float64 `json:"reviews_per_10k_per_1000"`
}

// Report is what Evaluate found.
type Report struct {
	Overall        Tiers            `json:"overall"`
	Groups         map[string]Tiers `json:"groups"`
	PairsPerSecond float64          `json:"pairs_per_second"`
	Strangers      *StrangersReport `json:"strangers,omitempty"`
}

// String is the report as a table.
func (r Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-22s %6s  %-47s %s\n", "group", "pairs", "alert: precision, recall (95 %), F1", "review: precision, recall (95 %), F1")
	tier := func(r Ratio) string {
		p, c := r.PrecisionInterval, r.RecallInterval
		return fmt.Sprintf("%.3f (%.3f–%.3f) %.3f (%.3f–%.3f) %.3f", r.Precision, p[0], p[1], r.Recall, c[0], c[1], r.F1)
	}
	row := func(name string, t Tiers) {
		fmt.Fprintf(&b, "%-22s %6d  %s  %s\n", name, t.Pairs, tier(t.Alert), tier(t.Review))
	}
	for _, g := range slices.Sorted(maps.Keys(r.Groups)) {
		row(g, r.Groups[g])
	}
	row("overall", r.Overall)
	fmt.Fprintf(&b, "%.0f pairs a second\n", r.PairsPerSecond)
	if s := r.Strangers; s != nil {
		fmt.Fprintf(&b, "%d people, %d strangers: %.1f alerts, %.1f reviews per 10,000 strangers and 1,000 people\n", s.People, s.Population, s.Alerts, s.Reviews)
	}
	return b.String()
}

// Evaluate reads labelled pairs (contract: "eval file") and says how both tiers do
// on them. Errors are LineErrors. Only PairsPerSecond depends on the machine.
func Evaluate(r io.Reader, o Options) (Report, error) {
	pairs, err := readPairs(r)
	if err != nil {
		return Report{Groups: map[string]Tiers{}}, err
	}
	return EvaluatePairs(pairs, o), nil
}

// EvaluatePairs says how both tiers do on labelled pairs.
func EvaluatePairs(pairs []Pair, o Options) Report {
	rep := Report{Groups: map[string]Tiers{}}
	began := time.Now()
	for _, p := range pairs {
		tier := tocsin.Tier("")
		if ms := Compile([]Person{p.Person}, o).Match(p.Notice); len(ms) > 0 {
			tier = ms[0].Tier
		}
		g := rep.Groups[p.Group]
		for _, t := range []*Tiers{&g, &rep.Overall} {
			t.Pairs++
			t.Alert.count(p.Same, tier == tocsin.TierAlert)
			t.Review.count(p.Same, tier != "")
		}
		rep.Groups[p.Group] = g
	}
	if d := time.Since(began).Seconds(); d > 0 {
		rep.PairsPerSecond = math.Round(float64(len(pairs)) / d)
	}
	finish := func(t Tiers) Tiers {
		t.Alert.finish()
		t.Review.finish()
		return t
	}
	rep.Overall = finish(rep.Overall)
	for g, t := range rep.Groups {
		rep.Groups[g] = finish(t)
	}
	return rep
}

// Strangers screens every distinct person of the pairs, by name alone, against a
// population (contract: "--strangers"), either of them gzipped or not, on as many
// cores as there are. Errors are LineErrors, of the population if the pairs were
// read before.
func Strangers(pairs, population io.Reader, o Options) (StrangersReport, error) {
	var rep StrangersReport
	ps, err := readPairs(pairs)
	if err != nil {
		return rep, err
	}
	people := distinct(ps)
	x := Compile(people, o)
	var alerts, reviews atomic.Int64
	work := make(chan tocsin.Notice, 256)
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for n := range work {
				for _, m := range x.Match(n) {
					reviews.Add(1)
					if m.Tier == tocsin.TierAlert {
						alerts.Add(1)
					}
				}
			}
		})
	}
	err = rows(population, func(_ int, cell func(string) string) error {
		n := tocsin.Notice{Name: cell("name"), Forename: cell("forename")}
		if n.Name == "" && n.Forename == "" {
			return errors.New("no name")
		}
		rep.Population++
		work <- n
		return nil
	})
	close(work)
	wg.Wait()
	if err != nil {
		return rep, err
	}
	rep.People = len(people)
	if rep.People > 0 && rep.Population > 0 {
		per := 1e7 / float64(rep.People) / float64(rep.Population)
		rep.Alerts, rep.Reviews = float64(alerts.Load())*per, float64(reviews.Load())*per
	}
	return rep, nil
}

func distinct(ps []Pair) []Person {
	seen := map[string]bool{}
	var out []Person
	for _, p := range ps {
		k := strings.Join(p.Person.Names, "\x00")
		if !seen[k] {
			seen[k] = true
			out = append(out, Person{ID: fmt.Sprintf("p%06d", len(out)), Names: p.Person.Names})
		}
	}
	slices.SortFunc(out, func(a, b Person) int { return cmp.Compare(a.ID, b.ID) })
	return out
}
