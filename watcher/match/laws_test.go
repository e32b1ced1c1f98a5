package match_test

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"tocsin"
	"tocsin/watcher/match"
)

func score(p match.Person, n tocsin.Notice) float64 {
	ms := match.Compile([]match.Person{p}, match.Options{}).Nearest(n, 1)
	if len(ms) == 0 {
		return 0
	}
	return ms[0].Score
}

func TestTheOrderOfPeopleAndTheTimesOfAskingDoNotMatter(t *testing.T) {
	ps := people(5, 400)
	turned := append([]match.Person(nil), ps...)
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(turned), func(i, j int) { turned[i], turned[j] = turned[j], turned[i] })
	x, y := match.Compile(ps, match.Options{}), match.Compile(turned, match.Options{})
	found := 0
	for _, n := range notices(300) {
		want := x.Match(n)
		found += len(want)
		if got := y.Match(n); !reflect.DeepEqual(got, want) {
			t.Fatalf("%v\n%v", got, want)
		}
		if got := x.Match(n); !reflect.DeepEqual(got, want) {
			t.Fatalf("asked again: %v\n%v", got, want)
		}
	}
	if found == 0 {
		t.Error("nobody was found: nothing was tried")
	}
}

func TestTheOrderOfPartsDoesNotMatter(t *testing.T) {
	for _, parts := range [][]string{
		{"Mira", "Varden"}, {"Oleg", "Grigorievich", "Tarbeev"}, {"Samir", "Rashid", "Khattabi"}, {"Şükran", "Özdemirel"}, {"Олег", "Тарбеев"}, {"سمير", "الخطابي"}, {"J.", "Varden"},
	} {
		for _, printed := range []string{"VARDEN MIRA", "TARBEEV OLEG", "TARBEYEV ALEH RYHORAVICH", "AL-KHATTABI SAMEER", "OZDEMIRAL SHUKRAN", "VARDEN JONAS", "KHATTABI RASHED SAMIR"} {
			want := score(person(strings.Join(parts, " ")), whole(printed))
			for i := range parts {
				turned := append(append([]string(nil), parts[i:]...), parts[:i]...)
				if got := score(person(strings.Join(turned, " ")), whole(printed)); got != want {
					t.Errorf("%v against %s: %v, as first written %v", turned, printed, got, want)
				}
			}
			words := strings.Fields(printed)
			back := append(append([]string(nil), words[1:]...), words[0])
			if got := score(person(strings.Join(parts, " ")), whole(strings.Join(back, " "))); got != want {
				t.Errorf("%v against %v: %v, as first printed %v", parts, back, got, want)
			}
		}
	}
}

func TestMoreAgreementNeverLowersTheScore(t *testing.T) {
	full := match.Person{ID: "p", Names: []string{"Oleg Grigorievich Tarbeev"}, BirthDate: date(t, "1969-03-09"), Nationalities: []string{"BY"}, Sex: "M"}
	for _, name := range []string{"TARBEEV OLEG", "TARBEYEV ALEH", "TARBEEV OLEG IVANOVICH", "TARBEEV PAVEL", "MOLCHUNOV OLEG", "TARBEEV"} {
		n := whole(name)
		before := score(full, n)
		for _, more := range []struct {
			what string
			add  func(*tocsin.Notice)
		}{
			{"birth year", func(n *tocsin.Notice) { n.BirthDate = date(t, "1969") }},
			{"birth date", func(n *tocsin.Notice) { n.BirthDate = date(t, "1969-03-09") }},
			{"nationality", func(n *tocsin.Notice) { n.Nationalities = []string{"BY"} }},
			{"sex", func(n *tocsin.Notice) { n.Detail = &tocsin.Detail{Sex: "M"} }},
			{"place", func(n *tocsin.Notice) { n.Detail = &tocsin.Detail{Sex: "M", BirthCountry: "BY"} }},
			{"seeking state", func(n *tocsin.Notice) {
				n.Detail = &tocsin.Detail{Sex: "M", BirthCountry: "BY", Charges: []tocsin.Charge{{Country: "BY"}}}
			}},
		} {
			more.add(&n)
			after := score(full, n)
			if after < before || after > 1 {
				t.Errorf("%s: with the %s %v, without %v", name, more.what, after, before)
			}
			before = after
		}
	}
	// A part that agrees instead of one that does not, or none.
	for _, c := range []struct{ less, more string }{
		{"TARBEEV PAVEL", "TARBEEV OLEG"}, {"MOLCHUNOV OLEG", "TARBEEV OLEG"}, {"TARBEEV OLEG IVANOVICH", "TARBEEV OLEG GRIGORIEVICH"},
		{"TARBEEV", "TARBEEV OLEG"}, {"TARBEEV OLEG", "TARBEEV OLEG GRIGORIEVICH"}, {"TARBAYEV OLEG", "TARBEEV OLEG"}, {"TARBEEV PAVEL IVANOVICH", "TARBEEV PAVEL GRIGORIEVICH"},
	} {
		if a, b := score(full, whole(c.less)), score(full, whole(c.more)); a > b {
			t.Errorf("%s scores %v, %s less: %v", c.less, a, c.more, b)
		}
	}
}

// The work for a name does not grow with what no name needs: it is cut.
func TestAVeryLongNameCostsNoMoreThanALongOne(t *testing.T) {
	for _, unit := range []string{"Mira Varden ", "mi-", "阿", "李·", "ا", "عبد ال", "박", "a. ", "é", "́", "𝔞", "\u202e", "ﷺ"} {
		cost := func(kb int) float64 {
			long := strings.Repeat(unit, kb<<10/len(unit))
			return testing.AllocsPerRun(2, func() {
				x := match.Compile([]match.Person{person("Mira Varden"), person(long)}, match.Options{})
				x.Match(whole(long))
				x.Nearest(whole(long), 1)
			})
		}
		if a, b := cost(4), cost(64); b > 1.5*a+500 {
			t.Errorf("%q: %v allocations for 4 KB, %v for 64", unit, a, b)
		}
	}
}

func BenchmarkANameOfFourKilobytes(b *testing.B) {
	long := strings.Repeat("Mira-Varden al-Khattabi ", 4<<10/24)
	x := match.Compile(people(6, 1000), match.Options{})
	for b.Loop() {
		match.Compile([]match.Person{person(long)}, match.Options{}).Match(whole(long))
		x.Match(whole(long))
	}
}

func TestAdviceSaysWhyAPersonCannotBeMatchedWell(t *testing.T) {
	for _, c := range []struct {
		why  string
		p    match.Person
		want []match.Advice
	}{
		{"nothing", match.Person{Names: []string{"Ximena Quintalvar"}, BirthDate: date(t, "1969")}, nil},
		{"one part", match.Person{Names: []string{"Ximena"}, BirthDate: date(t, "1969")}, []match.Advice{{Code: match.AdviceOnePart}}},
		{"an alias of one part", match.Person{Names: []string{"Ximena Quintalvar", "Xim"}, BirthDate: date(t, "1969")}, []match.Advice{{Code: match.AdviceOnePart, Name: 1}}},
		{"no birth date", match.Person{Names: []string{"Ximena Quintalvar"}}, []match.Advice{{Code: match.AdviceNoBirth}}},
		{"no birth date and a name of many", match.Person{Names: []string{"Mohammed Ali"}}, []match.Advice{{Code: match.AdviceCommon}}},
		{"a script read letter by letter", match.Person{Names: []string{"दिव्या सोनकर"}, BirthDate: date(t, "1969")}, []match.Advice{{Code: match.AdviceScript}}},
		{"the same with a Latin alias", match.Person{Names: []string{"दिव्या सोनकर", "Divya Sonkar"}, BirthDate: date(t, "1969")}, nil},
		{"nothing to read", match.Person{Names: []string{"·"}, BirthDate: date(t, "1969")}, []match.Advice{{Code: match.AdviceUnreadable}}},
		{"ideographs", match.Person{Names: []string{"欧阳晓明"}, BirthDate: date(t, "1969")}, nil},
	} {
		if got := match.Advise(c.p); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v, want %v", c.why, got, c.want)
		}
	}
}

func TestTextFormsSayHowSureTheyAre(t *testing.T) {
	ps := []match.Person{{ID: "a", Names: []string{"Mira Varden", "Мира Варден"}}, {ID: "b", Names: []string{"馮國強"}}, {ID: "c", Names: []string{"سمير الخطابي"}}}
	var got []match.TextForm
	for _, p := range ps {
		got = append(got, match.TextForms(p)...)
	}
	find := func(person, form string) *match.TextForm {
		for i := range got {
			if got[i].Person == person && strings.Join(got[i].Parts, " ") == form {
				return &got[i]
			}
		}
		t.Fatalf("%s is not among the forms of %s: %v", form, person, got)
		return nil
	}
	if f := find("a", "mira varden"); f.Sure != 1 || f.Name != 0 || f.Bare {
		t.Errorf("%+v", f)
	}
	p, c := find("b", "feng guoqiang"), find("b", "fung kwokkeung")
	if p.Sure <= c.Sure || c.Sure <= 0 {
		t.Errorf("Mandarin %v, Cantonese %v", p.Sure, c.Sure)
	}
	for _, f := range got {
		if f.Sure <= 0 || f.Sure > 1 || len(f.Parts) == 0 || f.Person == "c" && !f.Bare {
			t.Errorf("%+v", f)
		}
	}
}

func TestReasonsPointAtThePartAsItIsWritten(t *testing.T) {
	for _, c := range []struct{ known, printed, part, with string }{
		{"Мира Варден", "VARDEN MIRA", "Варден", "varden"},
		{"馮國強", "FENG GUOQIANG", "馮", "feng"},
		{"欧阳晓明", "OUYANG XIAOMING", "晓明", "xiaoming"},
		{"帕丽旦·吾斯曼", "PERIDE OSMAN", "吾斯曼", "osman"},
		{"سمير بن الخطابي", "KHATTABI SAMIR", "الخطابي", "khattabi"},
		{"Dr. Mira van Varden", "VARDEN MIRA", "Varden", "varden"},
		{"박준혁", "PAK CHUN HYOK", "박", "pak"},
	} {
		ms := match.Compile([]match.Person{person(c.known)}, match.Options{}).Match(whole(c.printed))
		if len(ms) != 1 {
			t.Errorf("%s is not found as %s", c.known, c.printed)
			continue
		}
		parts := match.WrittenParts(c.known)
		said := false
		for _, r := range ms[0].Reasons {
			said = said || r.With == strings.ToUpper(c.with) && r.Part > 0 && r.Part <= len(parts) && parts[r.Part-1] == c.part
		}
		if !said {
			t.Errorf("%s: %v, parts %q", c.known, ms[0].Reasons, parts)
		}
	}
}
