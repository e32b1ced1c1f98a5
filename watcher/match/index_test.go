package match_test

import (
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
// of the same syllables, are barely alike.
func TestTheIndexFindsWhatComparingEverybodyFinds(t *testing.T) {
	ps := people(8, 1000)
	for i := range ps {
		if i%3 == 0 { // something else is known of some
			ps[i].BirthDate, ps[i].Nationalities, ps[i].Sex = tocsin.Date{Year: 1950 + i%40}, []string{[]string{"CN", "RU", "DE"}[i%9/3]}, "F"
		}
	}
	list := notices(100)
	for _, p := range ps[:100] { // their own names, a letter left out of each
		ws := strings.Fields(strings.ToUpper(anyascii.Transliterate(p.Names[0])))
		slices.Reverse(ws)
		ws[0] = ws[0][:len(ws[0])/2] + ws[0][len(ws[0])/2+1:]
		list = append(list, tocsin.Notice{Name: ws[0], Forename: strings.Join(ws[1:], " ")})
	}
	x := match.Compile(ps, match.Options{})
	accepted, lost := 0, 0
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
	t.Logf("%d accepted, %d lost", accepted, lost)
	if accepted < 100 || float64(lost) > 0.005*float64(accepted) {
		t.Errorf("of %d accepted, %d are lost", accepted, lost)
	}
}
