package match

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"tocsin"
)

// Ratio is how one tier did on labelled pairs, the alert tier counted into the
// review tier. Margin is half the width of F1's 95 % interval.
type Ratio struct {
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
	Margin    float64 `json:"margin,omitempty"`

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
	if r.tp > 0 {
		r.Precision = float64(r.tp) / float64(r.tp+r.fp)
		r.Recall = float64(r.tp) / float64(r.tp+r.fn)
		r.F1 = 2 * r.Precision * r.Recall / (r.Precision + r.Recall)
		r.Margin = 1.96 * math.Sqrt(r.F1*(1-r.F1)/float64(r.tp+r.fp+r.fn))
	}
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
	fmt.Fprintf(&b, "%-22s %6s  %-20s %-20s\n", "group", "pairs", "alert P/R/F1", "review P/R/F1")
	row := func(name string, t Tiers) {
		fmt.Fprintf(&b, "%-22s %6d  %.3f %.3f %.3f    %.3f %.3f %.3f\n", name, t.Pairs, t.Alert.Precision, t.Alert.Recall, t.Alert.F1, t.Review.Precision, t.Review.Recall, t.Review.F1)
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

// pair is a row of an eval file.
type pair struct {
	label  bool
	group  string
	person Person
	notice tocsin.Notice
}

// maxPairs bounds an eval file, in bytes unpacked.
const maxPairs = 512 << 20

// rows reads a TSV with a header, gzipped or not; f is given each line's cells by
// column. Errors name the line, never what stands in it.
func rows(r io.Reader, f func(line int, cell func(string) string) error) error {
	br := bufio.NewReader(r)
	if head, _ := br.Peek(2); bytes.Equal(head, []byte{0x1f, 0x8b}) { // a short file is no gzip
		z, err := gzip.NewReader(br)
		if err != nil {
			return errors.New("reading gzip: damaged header")
		}
		r = z
	} else {
		r = br
	}
	sc := bufio.NewScanner(io.LimitReader(r, maxPairs))
	sc.Buffer(make([]byte, 64<<10), 1<<20)
	var columns map[string]int
	line := 0
	for sc.Scan() {
		line++
		text := strings.TrimSuffix(strings.TrimPrefix(sc.Text(), "\ufeff"), "\r")
		cells := strings.Split(text, "\t")
		if columns == nil {
			columns = map[string]int{}
			for i, c := range cells {
				columns[strings.TrimSpace(c)] = i
			}
			continue
		}
		if strings.TrimSpace(text) == "" {
			continue
		}
		cell := func(name string) string {
			if i, ok := columns[name]; ok && i < len(cells) {
				return strings.TrimSpace(cells[i])
			}
			return ""
		}
		if err := f(line, cell); err != nil {
			return fmt.Errorf("line %d: %w", line, err)
		}
	}
	if err := sc.Err(); err != nil {
		if errors.Is(err, bufio.ErrTooLong) {
			return fmt.Errorf("line %d: longer than 1 MiB", line+1)
		}
		return fmt.Errorf("line %d: %w", line+1, err)
	}
	if columns == nil {
		return errors.New("line 1: no header")
	}
	return nil
}

func list(s string) []string {
	var out []string
	for _, x := range strings.Split(s, ";") {
		if x = strings.TrimSpace(x); x != "" {
			out = append(out, x)
		}
	}
	return out
}

func readPairs(r io.Reader) ([]pair, error) {
	var out []pair
	err := rows(r, func(_ int, cell func(string) string) error {
		p := pair{group: cell("group")}
		switch cell("label") {
		case "1":
			p.label = true
		case "0":
		default:
			return errors.New("label is neither 1 nor 0")
		}
		name := cell("name")
		if name == "" {
			return errors.New("no name")
		}
		if cell("notice_name") == "" && cell("notice_forename") == "" {
			return errors.New("no notice_name")
		}
		var err error
		if p.person.BirthDate, err = tocsin.ParseDate(cell("birth_date")); err != nil {
			return fmt.Errorf("birth_date: %w", err)
		}
		if p.notice.BirthDate, err = tocsin.ParseDate(cell("notice_birth_date")); err != nil {
			return fmt.Errorf("notice_birth_date: %w", err)
		}
		p.person.ID = "p"
		p.person.Names = append([]string{name}, list(cell("aliases"))...)
		p.person.Nationalities, p.person.Sex = list(cell("nationalities")), cell("sex")
		p.notice.Name, p.notice.Forename = cell("notice_name"), cell("notice_forename")
		p.notice.Nationalities = list(cell("notice_nationalities"))
		if s := cell("notice_sex"); s != "" {
			p.notice.Detail = &tocsin.Detail{Sex: s}
		}
		out = append(out, p)
		return nil
	})
	return out, err
}

// Evaluate reads labelled pairs (contract: "eval file") and says how both tiers do
// on them. Errors name the line, never what stands in it. Only PairsPerSecond
// depends on the machine.
func Evaluate(r io.Reader, o Options) (Report, error) {
	pairs, err := readPairs(r)
	rep := Report{Groups: map[string]Tiers{}}
	if err != nil {
		return rep, err
	}
	began := time.Now()
	for _, p := range pairs {
		tier := tocsin.Tier("")
		if ms := Compile([]Person{p.person}, o).Match(p.notice); len(ms) > 0 {
			tier = ms[0].Tier
		}
		g := rep.Groups[p.group]
		for _, t := range []*Tiers{&g, &rep.Overall} {
			t.Pairs++
			t.Alert.count(p.label, tier == tocsin.TierAlert)
			t.Review.count(p.label, tier != "")
		}
		rep.Groups[p.group] = g
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
	return rep, nil
}

// Strangers screens every distinct person of the pairs, by name alone, against a
// population (contract: "--strangers"), either of them gzipped or not.
func Strangers(pairs, population io.Reader, o Options) (StrangersReport, error) {
	var rep StrangersReport
	ps, err := readPairs(pairs)
	if err != nil {
		return rep, fmt.Errorf("pairs: %w", err)
	}
	people := distinct(ps)
	x := Compile(people, o)
	alerts, reviews := 0, 0
	err = rows(population, func(_ int, cell func(string) string) error {
		n := tocsin.Notice{Name: cell("name"), Forename: cell("forename")}
		if n.Name == "" && n.Forename == "" {
			return errors.New("no name")
		}
		rep.Population++
		for _, m := range x.Match(n) {
			reviews++
			if m.Tier == tocsin.TierAlert {
				alerts++
			}
		}
		return nil
	})
	if err != nil {
		return rep, err
	}
	rep.People = len(people)
	if rep.People > 0 && rep.Population > 0 {
		per := 1e7 / float64(rep.People) / float64(rep.Population)
		rep.Alerts, rep.Reviews = float64(alerts)*per, float64(reviews)*per
	}
	return rep, nil
}

func distinct(ps []pair) []Person {
	seen := map[string]bool{}
	var out []Person
	for _, p := range ps {
		k := strings.Join(p.person.Names, "\x00")
		if !seen[k] {
			seen[k] = true
			out = append(out, Person{ID: fmt.Sprintf("p%06d", len(out)), Names: p.person.Names})
		}
	}
	slices.SortFunc(out, func(a, b Person) int { return cmp.Compare(a.ID, b.ID) })
	return out
}
