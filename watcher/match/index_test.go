package match_test

import (
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/anyascii/go"

	"tocsin"
	"tocsin/watcher/match"
)

// What the index finds is what comparing everybody finds, told in the same words:
// all that rings, and all but one in two hundred of those for review, whose names, made
// of the same syllables, are barely alike. TOCSIN_SOAK asks three larger lists.
func TestTheIndexFindsWhatComparingEverybodyFinds(t *testing.T) {
	seeds, size := []uint64{8}, 1000
	if os.Getenv("TOCSIN_SOAK") != "" {
		seeds, size = []uint64{8, 21, 22}, 4000
	}
	accepted, lost := 0, 0
	for _, seed := range seeds {
		a, l := lostByTheIndex(t, people(seed, size), size*3/20)
		t.Logf("list %d: %d accepted, %d lost", seed, a, l)
		accepted, lost = accepted+a, lost+l
	}
	t.Logf("%d accepted, %d lost: %.4f found", accepted, lost, 1-float64(lost)/float64(accepted))
	if accepted < 100 || float64(lost) > 0.005*float64(accepted) {
		t.Errorf("of %d accepted, %d are lost", accepted, lost)
	}
}

// lostByTheIndex asks of some strangers and of as many of the people, their names
// misspelt, and counts whom comparing everybody accepts, and whom the index leaves out.
func lostByTheIndex(t *testing.T, ps []match.Person, some int) (accepted, lost int) {
	for i := range ps {
		if i%3 == 0 { // something else is known of some
			ps[i].BirthDate, ps[i].Nationalities, ps[i].Sex = tocsin.Date{Year: 1950 + i%40}, []string{[]string{"CN", "RU", "DE"}[i%9/3]}, "F"
		}
	}
	list := notices(some)
	for _, p := range ps[:some] { // their own names, a letter left out of each
		ws := strings.Fields(strings.ToUpper(anyascii.Transliterate(p.Names[0])))
		slices.Reverse(ws)
		ws[0] = ws[0][:len(ws[0])/2] + ws[0][len(ws[0])/2+1:]
		list = append(list, tocsin.Notice{Name: ws[0], Forename: strings.Join(ws[1:], " ")})
	}
	x := match.Compile(ps, match.Options{})
	for i, n := range list {
		if i%2 == 0 {
			n.BirthDate, n.Nationalities, n.Detail = tocsin.Date{Year: 1950 + i%40}, []string{"RU", "CN"}, &tocsin.Detail{Sex: "F", BirthCountry: "CN"}
		}
		got := x.Match(n)
		for _, m := range x.Nearest(n, len(ps)) {
			if m.Tier == "" {
				continue
			}
			accepted++
			k := slices.IndexFunc(got, func(g tocsin.Match) bool { return g.Person == m.Person })
			switch {
			case k >= 0:
				if !reflect.DeepEqual(got[k], m) {
					t.Errorf("%+v\nis told by comparing everybody as\n%+v", got[k], m)
				}
				got = slices.Delete(got, k, k+1)
			case m.Tier == tocsin.TierAlert:
				t.Errorf("%+v is lost for %s", m, n.Name)
			default:
				lost++
			}
		}
		if len(got) > 0 {
			t.Errorf("comparing everybody does not find %+v", got)
		}
	}
	return accepted, lost
}

// A patronymic contradicts no other part: who has nothing else beside an equal name is
// found, whatever more the notice says.
func TestTheIndexFindsAnEqualPartBesidePatronymicsAlone(t *testing.T) {
	x := match.Compile([]match.Person{{ID: "p", Names: []string{"Mirsla Olgovich Belsngrombevich"}}}, match.Options{})
	n := tocsin.Notice{Name: "TARNBELGORBOVA", Forename: "MIRSLA MIRRI"}
	if want := x.Nearest(n, 1); len(want) != 1 || want[0].Tier == "" || !reflect.DeepEqual(x.Match(n), want) {
		t.Errorf("found %+v, want %+v", x.Match(n), want)
	}
}
