package match_test

import (
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"tocsin"
	"tocsin/watcher/match"
)

func person(names ...string) match.Person { return match.Person{ID: "p-1", Names: names} }

func tier(p match.Person, n tocsin.Notice) tocsin.Tier {
	if ms := match.Compile([]match.Person{p}, match.Options{}).Match(n); len(ms) > 0 {
		return ms[0].Tier
	}
	return ""
}

func whole(name string) tocsin.Notice { return tocsin.Notice{Name: name} }

func TestOneNameInManySpellingsRings(t *testing.T) {
	for _, c := range []struct{ why, known, printed string }{
		{"order and case", "Mira Varden", "VARDEN, MIRA"},
		{"marks", "Şükran Özdemirel", "OZDEMIREL SUKRAN"},
		{"marks spelt out", "Şükran Çağlayan", "SHUKRAN CHAGLAYAN"},
		{"hyphen", "Anne-Laure Bresson", "BRESSON ANNE LAURE"},
		{"joined", "Umberto Del Bassini", "DELBASSINI UMBERTO"},
		{"Russian", "Олег Григорьевич Тарасенков", "TARASENKOV OLEG GRIGORIEVICH"},
		{"Belarusian of a Russian name", "Nikolai Varetsky", "VARETSKI, MIKALAI"},
		{"patronymic left out", "Галина Борисовна Ветлугина", "VETLUGINA GALINA"},
		{"Mandarin", "欧阳晓明", "OUYANG XIAOMING"},
		{"Mandarin in syllables", "贾振海", "JIA ZHEN HAI"},
		{"Cantonese", "馮國強", "FUNG KWOK-KEUNG"},
		{"Cantonese printed in Mandarin", "Fung Kwok-keung", "FENG GUOQIANG"},
		{"Hokkien", "陳文福", "TAN BOON HOCK"},
		{"Korean by hanja", "朴俊赫", "PARK JUN-HYUK"},
		{"Korean by hangul", "박준혁", "PAK CHUN HYOK"},
		{"Arabic without vowels", "سمير الخطابي", "AL-KHATTABI SAMIR"},
		{"servant of", "عبد الحميد الزغلول", "ABDELHAMID ZAGHLOUL"},
		{"two words in one, by other sounds", "ضياء الرحمان الزغلول", "ZIAURRAHMAN ZAGHLUL"},
		{"n and g of two syllables", "孙安桂", "SUN ANGUI"},
		{"Persian", "پروین رستمیان", "ROSTAMIAN, PARVIN"},
		{"by its sounds", "爱德华·史密森", "SMITHSON, EDWARD"},
		{"by its sounds, a pet name in ideographs", "比尔·哈特维尔", "WILLIAM JOHN HARTWELL"},
		{"by its sounds, French", "让·迪布瓦", "DUBOIS JEAN"},
		{"by its sounds, Hungarian", "彼得·科瓦奇", "KOVACS PETER"},
		{"Uyghur letters", "پەرىدە ئوسمان", "PERIDE OSMAN"},
		{"Uyghur by way of ideographs", "帕丽旦·吾斯曼", "PERIDE OSMAN"},
		{"Uyghur printed in Pinyin", "Peride Turghun", "PALIDAN TUERGONG"},
	} {
		if got := tier(person(c.known), whole(c.printed)); got == "" {
			t.Errorf("%s: %s is not found as %s", c.why, c.known, c.printed)
		}
	}
}

// Names from elsewhere are told apart in ideographs, too; a Chinese text names whom the
// list has in Latin letters.
func TestNamesHeardAreToldApart(t *testing.T) {
	r := match.NewReader(person("Margaret Hartwell"))
	same, other := r.Compare("玛格丽特·哈特韦尔").Score, r.Compare("玛丽亚·哈特曼").Score
	if same < match.DefaultReview || other >= match.DefaultReview {
		t.Errorf("her own name scores %.2f, another %.2f", same, other)
	}
	for _, printed := range []string{"EDGAR SUMMERS", "SMYTHE EDWIN", "SMITHSON MARIA"} {
		if got := tier(person("爱德华·史密森"), whole(printed)); got != "" {
			t.Errorf("%s is taken for another: tier %q", printed, got)
		}
	}
}

// "Servant of" is a word of its own, however it is joined: its d is of no dh and no dj.
func TestTheSeamOfServantOfIsHeard(t *testing.T) {
	for _, c := range []struct{ known, printed string }{
		{"عبد الحكيم الزغلول", "ABDUL HAKIM ZAGHLOUL"},
		{"عبد الجليل الزغلول", "ABDELJALIL ZAGHLOUL"},
	} {
		if got := tier(person(c.known), whole(c.printed)); got != tocsin.TierAlert {
			t.Errorf("%s as %s: tier %q", c.known, c.printed, got)
		}
	}
}

// What custom leaves open between a script and Latin letters is no doubt of who is meant.
func TestCustomarySpellingsRing(t *testing.T) {
	for _, c := range []struct{ why, known, printed string }{
		{"short vowels of Arabic", "Hasan Mujibi", "HASSAN MOJEBI ABBAS"},
		{"vowels of Arabic that are one", "Hasan Abu Hael", "ABU HAYEL HASSAN"},
		{"an article as it is heard", "Hasan al-Nadi", "ENNADI HASSAN"},
		{"two consonants and every vowel", "Sami Qumu", "SAMI GOUMO"},
		{"w beside u", "Hasan Zawwadi", "ZAUWADI HASSAN"},
		{"emphatic letters", "Fadil al-Bahadhiq", "FAZEL BAHAZIQ"},
		{"names whose vowels are known", "علی ناصر", "NASER ALI"},
		{"Western names in Persian", "جان میجکار", "JOHN MIJKAR"},
		{"ё", "Сергей Вартёв", "VARTYOV SERGEI"},
		{"е behind a vowel", "Айдар Сакаев", "SAKAJEV AJDAR"},
		{"rh that is no Greek", "Андрей Пургаленко", "PURHALENKO ANDRIY"},
		{"adjectives as family names", "Андрей Александрович Бустинский", "BUSTINSKY ANDREY"},
		{"Belarusian d and t", "Timofei Terebov", "TSERABAU TSIMAFEI"},
		{"Tajik ё", "Ҳаёт Одилов", "HAYOT ODILOV"},
		{"a servant's r written once", "Abdurrahim Ali", "ABDURAHIM ALI"},
		{"kh as German has it", "Шота Хабадзе", "CHABADZE SCHOTA"},
		{"English by ear", "Адам Брайт", "BRIGHT ADAM"},
		{"a mute e by ear", "Пол Лейк", "LAKE PAUL"},
		{"aw of Arabic", "Amer Fawz", "AMER FOZ"},
		{"w of Taiwan", "Lin Hwai-Lin", "LIN HUAILIN"},
		{"Wade-Giles with a southern surname", "程文根", "THIA WEN KEN"},
		{"middle names of Vietnamese", "Ngô Đức Lượt", "LUOT NGO"},
	} {
		if got := tier(person(c.known), whole(c.printed)); got != tocsin.TierAlert {
			t.Errorf("%s: %s as %s: tier %q", c.why, c.known, c.printed, got)
		}
	}
}

func TestOtherPeopleDoNotRing(t *testing.T) {
	for _, c := range []struct{ why, known, printed string }{
		{"shared given name", "Mira Varden", "KOLLARIC, MIRA"},
		{"shared family name", "Mira Varden", "VARDEN, JOHANNES"},
		{"father and daughter", "Igor Arkadyevich Rotensky", "ROTENSKY, ARKADY"},
		{"given name and patronymic alone", "Сергей Анатольевич Тарбеев", "MOLCHUNOV, SERGEY ANATOLYEVICH"},
		{"short syllables", "冯玉祥", "LEI FENG"},
		{"one part", "Mira Varden", "MIRA"},
		{"a son's given name is not his father's", "AL-BARI, Harith", "AL-BARI, MUTHANNA HARITH SALMAN"},
		{"an initial stands before a family name", "Mark R. Wernicke", "MARX, WERNICKE"},
		{"other middle names of Vietnamese", "Trịnh Ngọc Thạch", "TRINH DINH THACH"},
		{"another syllable of Korean", "Kim Yong-Sok", "JONG-SOK, KIM"},
		{"a Korean surname is no given name", "MIN BYONG CHOL", "HWANG, MIN-CHOL"},
		{"the name a Vietnamese is called by", "Trần Văn Độ", "TRAN VAN"},
		{"a family name and a given name are no word", "Tomas Vardegger", "VAARDE, GEIR"},
		{"h of Korean is heard", "JO, Yong Chol", "CHO, HYONG-CHOL"},
		{"another syllable of Wade-Giles", "廖長江", "LIAO CHENG-CHING"},
	} {
		if got := tier(person(c.known), whole(c.printed)); got == tocsin.TierAlert {
			t.Errorf("%s: %s rings for %s", c.why, c.known, c.printed)
		}
	}
}

func TestCaseMarksAndOrderOfListsDoNotMatter(t *testing.T) {
	base := match.Person{ID: "p-1", Names: []string{"Şükran Özdemirel", "Sukran Ozdemirel Aydınlı"}, Nationalities: []string{"TR", "DE"}}
	turned := base
	turned.Names = []string{base.Names[1], base.Names[0]}
	turned.Nationalities = []string{"DE", "TR"}
	for _, name := range []string{"OZDEMIREL, SUKRAN", "özdemirel, şükran", "Özdemirel, Şükran"} {
		n := tocsin.Notice{Name: name, Nationalities: []string{"TR"}}
		a := match.Compile([]match.Person{base}, match.Options{}).Match(n)
		b := match.Compile([]match.Person{turned}, match.Options{}).Match(n)
		if len(a) != 1 || len(b) != 1 || a[0].Score != b[0].Score || a[0].Tier != b[0].Tier {
			t.Errorf("%s: %+v and %+v", name, a, b)
		}
	}
}

func TestTheSameNameOfTwoPartsAlwaysAlerts(t *testing.T) {
	for _, name := range []string{"Mira Varden", "Wu Yi", "Li Na", "Kim Il", "Nguyen Van An", "Mohamed Ali", "A. Bo", "欧阳晓明", "Олег Ли", "محمد علي", "ئەلى ئىمىن", "박준", "გიორგი ბერიძე", "सीता राम"} {
		for _, p := range []match.Person{person(name), person("Ximena Quintal", name)} {
			if got := tier(p, whole(strings.ToUpper(name))); got != tocsin.TierAlert && len([]rune(name)) > 2 {
				t.Errorf("%s: tier %q", name, got)
			}
			if got := tier(p, tocsin.Notice{Name: "NOBODY ATALL", OtherNames: []string{name}}); got != tocsin.TierAlert && len([]rune(name)) > 2 {
				t.Errorf("%s as another name: tier %q", name, got)
			}
		}
	}
}

func date(t *testing.T, s string) tocsin.Date {
	t.Helper()
	d, err := tocsin.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestAContradictionCapsAtReviewAndNeverDrops(t *testing.T) {
	p := person("Mira Varden")
	p.BirthDate, p.Sex, p.Nationalities = date(t, "1969-03-09"), "F", []string{"CN"}
	for _, c := range []struct {
		why  string
		n    tocsin.Notice
		want tocsin.Tier
	}{
		{"nothing known", tocsin.Notice{}, tocsin.TierAlert},
		{"equal", tocsin.Notice{BirthDate: date(t, "1969-03-09"), Nationalities: []string{"CN"}}, tocsin.TierAlert},
		{"the year alone", tocsin.Notice{BirthDate: date(t, "1969")}, tocsin.TierAlert},
		{"day and month swapped", tocsin.Notice{BirthDate: date(t, "1969-09-03")}, tocsin.TierAlert},
		{"off by a year", tocsin.Notice{BirthDate: date(t, "1970")}, tocsin.TierAlert},
		{"off by sixteen", tocsin.Notice{BirthDate: date(t, "1953")}, tocsin.TierReview},
		{"another sex", tocsin.Notice{Detail: &tocsin.Detail{Sex: "M"}}, tocsin.TierReview},
		{"sex unknown", tocsin.Notice{Detail: &tocsin.Detail{Sex: "U"}}, tocsin.TierAlert},
		{"everything else", tocsin.Notice{BirthDate: date(t, "1930"), Nationalities: []string{"BR"}, Detail: &tocsin.Detail{Sex: "M"}}, tocsin.TierReview},
	} {
		c.n.Name, c.n.Forename = "VARDEN", "MIRA"
		if got := tier(p, c.n); got != c.want {
			t.Errorf("%s: %q, want %q", c.why, got, c.want)
		}
	}
}

func TestReasonsAreInStableOrderAndQuoteTheNoticeOnly(t *testing.T) {
	p := person("Мира Варден")
	p.BirthDate, p.Nationalities = date(t, "1969-03-09"), []string{"CN"}
	n := tocsin.Notice{Name: "VARDEN", Forename: "MIRA ROSE", BirthDate: date(t, "1950"), Nationalities: []string{"CN"}}
	ms := match.Compile([]match.Person{p}, match.Options{}).Match(n)
	if len(ms) != 1 {
		t.Fatalf("%d matches", len(ms))
	}
	var codes []string
	against := false
	for _, r := range ms[0].Reasons {
		codes = append(codes, r.Code)
		if against && !r.Against {
			t.Errorf("%s speaks for the match behind one that speaks against", r.Code)
		}
		against = r.Against
		if strings.ContainsAny(r.With, "МВмв") || r.With != "" && !strings.Contains("VARDEN MIRA ROSE", r.With) {
			t.Errorf("%s does not quote the notice: %s", r.Code, r.With)
		}
	}
	want := []string{tocsin.ReasonScript, tocsin.ReasonScript, tocsin.ReasonMoreInNotice, tocsin.ReasonNatEqual, tocsin.ReasonBirthDiffers}
	if !reflect.DeepEqual(codes, want) {
		t.Errorf("reasons %v, want %v", codes, want)
	}
}

// What is written the same on both sides is equal, whatever script both are in.
func TestTheSameIdeographsAreNoOtherScript(t *testing.T) {
	for name, want := range map[string][]string{
		"林家豪":     {tocsin.ReasonFamilyEqual, tocsin.ReasonGivenEqual},
		"爱德华·史密森": {tocsin.ReasonPartEqual, tocsin.ReasonPartEqual},
	} {
		ms := match.Compile([]match.Person{person(name)}, match.Options{}).Match(whole(name))
		if len(ms) != 1 {
			t.Fatalf("%s: %d matches", name, len(ms))
		}
		var codes []string
		for _, r := range ms[0].Reasons {
			codes = append(codes, r.Code)
		}
		if !slices.Equal(codes, want) {
			t.Errorf("%s: reasons %v, want %v", name, codes, want)
		}
	}
}

func TestNearestSaysWhyNot(t *testing.T) {
	x := match.Compile([]match.Person{{ID: "a", Names: []string{"Mira Varden"}}, {ID: "b", Names: []string{"Ximena Quintal"}}, {ID: "c", Names: []string{"Johannes Varden"}}}, match.Options{})
	ms := x.Nearest(whole("VARDEN, MIRA"), 2)
	if len(ms) != 2 || ms[0].Person != "a" || ms[1].Person != "c" || ms[1].Tier != "" {
		t.Fatalf("%+v", ms)
	}
	said := false
	for _, r := range ms[1].Reasons {
		said = said || r.Against && r.Code == tocsin.ReasonPartDiffers && r.With == "MIRA"
	}
	if !said {
		t.Errorf("the part that differs is not named: %+v", ms[1].Reasons)
	}
	if len(x.Nearest(whole(""), -1)) != 0 || len(x.Match(tocsin.Notice{})) != 0 {
		t.Error("an empty name is near to somebody")
	}
}

func TestMatchesComeByScoreThenIDWhateverTheOrderOfPeople(t *testing.T) {
	a, b, c := match.Person{ID: "a", Names: []string{"Mira Varden"}}, match.Person{ID: "b", Names: []string{"Mira Varden"}}, match.Person{ID: "c", Names: []string{"Mira Wardeen"}}
	n := whole("VARDEN, MIRA")
	want := match.Compile([]match.Person{a, b, c}, match.Options{}).Match(n)
	got := match.Compile([]match.Person{c, b, a}, match.Options{}).Match(n)
	if !reflect.DeepEqual(got, want) || len(got) != 3 || got[0].Person != "a" || got[1].Person != "b" {
		t.Errorf("%+v\n%+v", got, want)
	}
}

func TestANameOfFourThousandLettersIsNoBurden(t *testing.T) {
	long := strings.Repeat("Mira Varden ", 340)
	x := match.Compile([]match.Person{person("Mira Varden"), person(long)}, match.Options{})
	if testing.AllocsPerRun(1, func() { x.Match(whole(long)); x.Nearest(whole(long), 1) }) > 20000 {
		t.Error("the work grows with the name")
	}
}

func TestAnIndexMayBeUsedByManyAtOnce(t *testing.T) {
	x := match.Compile([]match.Person{person("Mira Varden"), {ID: "p-2", Names: []string{"贾振海"}}}, match.Options{})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				if len(x.Match(whole("VARDEN MIRA"))) != 1 || len(x.Match(whole("JIA ZHENHAI"))) != 1 {
					t.Error("a match was lost")
				}
			}
		})
	}
	wg.Wait()
}

func TestThresholdsAreTheOperators(t *testing.T) {
	p := []match.Person{person("Mira Varden")}
	n := whole("VARDEN, MIRA")
	if ms := match.Compile(p, match.Options{Alert: 0.9999, Review: 0.5}).Match(n); len(ms) != 1 || ms[0].Tier != tocsin.TierReview {
		t.Errorf("%+v", ms)
	}
}

// forms are the spellings that texts are searched for.
func forms(p match.Person) (out []string) {
	for _, f := range match.TextForms(p) {
		out = append(out, strings.Join(f.Parts, " "))
	}
	return out
}

func TestFormsShowEveryReading(t *testing.T) {
	got := strings.Join(forms(person("馮國強", "Фёдор Варден")), "|")
	for _, want := range []string{"feng guoqiang", "fung kwokkeung", "fedor varden"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not among %s", want, got)
		}
	}
}

func FuzzMatchNeverPanics(f *testing.F) {
	for _, s := range []string{"", "Mira Varden", "A\xf9ع\xa8دا", "A 000", ",", "-", "A. B.", "欧阳·晓", "عبد", "عبدال", "ال", "박", "\xff\xfe", "ئ", "李", "abd", "abdul al", strings.Repeat("a ", 3000), strings.Repeat("阿", 3000), strings.Repeat("ا", 3000), "ﷺ", "İ̇", "O'", "٣"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, known, printed string) {
		x := match.Compile([]match.Person{person(known), person("Mira Varden", known)}, match.Options{})
		for _, n := range []tocsin.Notice{whole(printed), {Name: printed, Forename: known}, {OtherNames: []string{known, printed}}} {
			for _, m := range append(x.Match(n), x.Nearest(n, 2)...) {
				if !(m.Score >= 0 && m.Score <= 1) {
					t.Errorf("score %v", m.Score)
				}
			}
		}
		match.TextForms(person(known))
	})
}

func TestEvaluateNamesTheLineAndNeverTheName(t *testing.T) {
	for _, c := range []struct{ why, in, want string }{
		{"label", "label\tname\tnotice_name\n1\tMira Varden\tVARDEN\n2\tMira Varden\tVARDEN\n", "line 3: label is neither 1 nor 0"},
		{"no name", "label\tname\tnotice_name\n1\t\tVARDEN\n", "line 2: no name"},
		{"no notice", "label\tname\tnotice_name\n1\tMira Varden\t\n", "line 2: no notice_name"},
		{"date", "label\tname\tnotice_name\tbirth_date\n1\tMira Varden\tVARDEN\tMira\n", "line 2: birth_date: "},
		{"empty", "", "line 1: no header"},
		{"long", "label\n" + strings.Repeat("x", 2<<20), "line 2: longer than 1 MiB"},
	} {
		_, err := match.Evaluate(strings.NewReader(c.in), match.Options{})
		if err == nil || !strings.HasPrefix(err.Error(), c.want) || strings.Contains(err.Error(), "Mira") {
			t.Errorf("%s: %v", c.why, err)
		}
	}
}

func TestEvaluateCountsBothTiers(t *testing.T) {
	rep, err := match.Evaluate(strings.NewReader("label\tgroup\tname\tbirth_date\tnotice_name\tnotice_birth_date\n"+
		"1\tx\tMira \"Mi\" Varden\t\tVARDEN, MIRA\t\n1\tx\tMira Varden\t1950\tVARDEN, MIRA\t1980\n0\ty\tMira Varden\t\tQUINTAL, XIMENA\t\n1\ty\tMira Varden\t\tQUINTAL, XIMENA\t\n"), match.Options{})
	if err != nil {
		t.Fatal(err)
	}
	o := rep.Overall
	if o.Pairs != 4 || o.Alert.Precision != 1 || o.Review.Recall != 2.0/3 || rep.Groups["x"].Review.Recall != 1 || rep.Groups["y"].Pairs != 2 {
		t.Errorf("%+v", rep)
	}
}

func TestStrangersAreCountedPerTenThousandAndThousand(t *testing.T) {
	pairs := "label\tname\tnotice_name\n1\tMira Varden\tx\n1\tMira Varden\ty\n1\tXimena Quintal\tz\n"
	people := "name\tforename\nVARDEN\tMIRA\nOTHERMAN\tJONAS\n"
	s, err := match.Strangers(strings.NewReader(pairs), strings.NewReader(people), match.Options{})
	if err != nil || s.People != 2 || s.Population != 2 || s.Alerts != 1e7/4 || s.Reviews != 1e7/4 {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestAnOrganisationIsNobody(t *testing.T) {
	p, n := person("Mira Varden"), tocsin.Notice{Name: "VARDEN", Forename: "MIRA"}
	if tier(p, n) == "" {
		t.Fatal("the person is not found at all")
	}
	if n.Entity = true; tier(p, n) != "" {
		t.Error("an organisation was matched with a person")
	}
}

func TestTextsAreSearchedForWhatNewspapersPrint(t *testing.T) {
	for _, c := range []struct{ name, want string }{
		{"Ірина Галушкевич", "iryna halouchkevytch"},
		{"Рустам Жукшихов", "rustam schukschichow"},
		{"梁栖梧", "lyan tsiu"},
		{"徐晓光", "syui syaoguan"},
		{"朱学汇", "chzhu syuekhuei"},
		{"欧阳思澈", "ouyan syche"},
	} {
		if got := forms(person(c.name)); !slices.Contains(got, c.want) {
			t.Errorf("%s: %q is not among %q", c.name, c.want, got)
		}
	}
}
