package mention

import (
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"tocsin"
	"tocsin/watcher/match"
)

func TestTheOrderOfPeopleDoesNotMatter(t *testing.T) {
	people := watched()
	shuffled := slices.Clone(people)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	a, b := Compile(people, Options{}), Compile(shuffled, Options{})
	for _, tongue := range tongues {
		for _, st := range stories(tongue, "tuned", 30, 4) {
			x, y := a.Scan(st.article), b.Scan(st.article)
			if !reflect.DeepEqual(x, y) || !reflect.DeepEqual(x, a.Scan(st.article)) {
				t.Fatalf("%s: %v, then %v", st.article.Text, x, y)
			}
		}
	}
}

func TestManyMayScanAtOnce(t *testing.T) {
	s := Compile(watched(), Options{})
	list := stories(tongues[0], "tuned", 20, 4)
	var want [][]Mention
	for _, st := range list {
		want = append(want, s.Scan(st.article))
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for i, st := range list {
				if got := s.Scan(st.article); !reflect.DeepEqual(got, want[i]) {
					t.Errorf("%s: %v, then %v", st.article.Text, want[i], got)
				}
			}
		})
	}
	all.Wait()
}

// work is the steps that an article takes, and what was found.
func work(s *Scanner, text string) (int, int) {
	c := s.newScan(tocsin.Article{Text: text, Published: published})
	c.segment(1, text)
	return c.work, len(c.mentions())
}

func TestWorkGrowsWithTheTextAndNoFaster(t *testing.T) {
	unlessRaced(t)
	s := Compile(watched(), Options{})
	var all []string
	for _, p := range watched() {
		all = append(all, p.Names...)
	}
	for name, piece := range map[string]string{
		"every name":        strings.Join(all, ", ") + ". ",
		"names in one run":  strings.Join(all, " ") + " ",
		"one line":          "Mira Varden ",
		"capitals":          "A B C D E F ",
		"dots":              "多·力·坤·",
		"no spaces":         "欧阳思澈沈砚",
		"hyphens":           "Mira-Varden-",
		"apostrophes":       "Mira'Varden’",
		"broken":            "\xff\xfeMira\xc3 Varden\xe4\xb8",
		"marks":             "M\u0301\u0302\u0303 ",
		"one part":          "نادر ",
		"line break hyphen": "Mira Var-\nden ",
	} {
		few, _ := work(s, strings.Repeat(piece, 500))
		many, _ := work(s, strings.Repeat(piece, 5000))
		if many > 11*few+1000 {
			t.Errorf("%s: %d steps for one length, %d for ten", name, few, many)
		}
		if limit := 400 * 5000 * (len(piece) + 1); many > limit {
			t.Errorf("%s: %d steps, more than %d", name, many, limit)
		}
	}
}

func TestEveryNameTenThousandTimes(t *testing.T) {
	unlessRaced(t)
	var b strings.Builder
	for _, p := range watched() {
		b.WriteString(p.Names[0] + ". ")
	}
	text := strings.Repeat(b.String(), 10_000)
	if testing.Short() {
		text = strings.Repeat(b.String(), 500)
	}
	if n := len(Compile(watched(), Options{}).Scan(tocsin.Article{Text: text})); n < len(watched())*9/10 {
		t.Errorf("%d of %d found", n, len(watched()))
	}
}

func TestALineOfTenMegabytes(t *testing.T) {
	unlessRaced(t)
	s := Compile(watched(), Options{})
	for _, piece := range []string{"x", "X", "X ", "ش", "ش ", "中", "Ж", "\x80"} {
		text := strings.Repeat(piece, 10<<20/len(piece)) + " Mira Varden was arrested."
		m := s.Scan(tocsin.Article{Text: text})
		if piece != "X" && piece != "X " && piece != "\x80" && (len(m) != 1 || m[0].Match.Person != "en-00") {
			t.Errorf("%q: %v", piece, m)
		}
	}
}

func FuzzScan(f *testing.F) {
	f.Add("Mira Varden", "Police arrested Mira Varden’s brother in Oslo.", "en")
	f.Add("", "检方要求引渡迪里木拉提·霍加买提。", "")
	f.Add("ش", "اعتقلت الشرطة لعبد الرحمن القحطاوي\xff", "ar")
	f.Add("Ж", "Льва Студенцова (58 лет) задер-\nжали", "ru")
	s := Compile(append(watched(), match.Person{ID: "odd", Names: []string{"", "\xff", "·", "Ü", "a b c d e f g h i j k l m n"}}), Options{})
	f.Fuzz(func(t *testing.T, title, text, language string) {
		a := tocsin.Article{Title: title, Text: text, Language: language, Published: published}
		for _, m := range s.Scan(a) {
			if n := utf8.RuneCountInString(m.Sentence); n > mostSentence || n == 0 || !utf8.ValidString(m.Sentence) {
				t.Errorf("a sentence of %d runes: %q", n, m.Sentence)
			}
			if strings.ContainsFunc(m.Sentence+m.Found+m.Danger, func(r rune) bool { return r < ' ' || r == 0x7f }) {
				t.Errorf("control characters: %q, %q, %q", m.Sentence, m.Found, m.Danger)
			}
			if m.Match.Tier == tocsin.TierAlert && m.Danger == "" || m.Match.Score <= 0 || m.Match.Score > 1 {
				t.Errorf("%+v", m)
			}
		}
	})
}

func TestAHundredThousandPeopleFitInMemory(t *testing.T) {
	unlessRaced(t)
	if testing.Short() {
		t.Skip("takes seconds")
	}
	people := inventPeople(100_000)
	before := heap()
	s := Compile(people, Options{})
	mb := (heap() - before) >> 20
	t.Logf("%d MB for %d people, %d forms", mb, len(people), len(s.forms))
	if mb > 500 {
		t.Errorf("%d MB", mb)
	}
	runtime.KeepAlive(s)
}

// unlessRaced skips a test of what is bounded, a size or a count of steps, under the race
// detector: that changes both, and takes minutes.
func unlessRaced(t *testing.T) {
	t.Helper()
	if raced {
		t.Skip("bounds are measured without the race detector")
	}
}
