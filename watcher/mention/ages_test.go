package mention

import (
	"testing"

	"tocsin"
	"tocsin/watcher/match"
)

func agesScanner() *Scanner {
	var people []match.Person
	for id, name := range map[string]string{"mira": "Mira Varden", "ning": "欧阳宁岚", "munzir": "منذر بوقدارة", "zhur": "Вячеслав Журавинский", "tunsa": "تۇنسا ئابلىمىت"} {
		people = append(people, match.Person{ID: id, Names: []string{name}, BirthDate: tocsin.Date{Year: 1985}})
	}
	return Compile(people, Options{})
}

// An age that cannot be the person's speaks against, in digits or in words.
func TestAnAgeThatIsAnothersSpeaksAgainst(t *testing.T) {
	s := agesScanner()
	for text, want := range map[string]bool{
		"Mira Varden s’est éteinte dans sa 97e année.":                 true,
		"Mira Varden feiert ihren 99. Geburtstag.":                     true,
		"Fusilada en 1937, Mira Varden no tuvo lápida.":                true,
		"Née en 1871, Mira Varden laisse des carnets.":                 true,
		"Police held the schoolboy Mira Varden for a day.":             true,
		"九十六岁的欧阳宁岚每天打太极。":                                              true,
		"Mira Varden, 18, was arrested.":                               true,
		"Mira Varden, aged 18, was arrested.":                          true,
		"Mira Varden, peacefully at the hospice, aged 94. No flowers.": true,
		"They arrested Mira Varden at the age of 18.":                  true,
		"The 18-year-old Mira Varden was arrested.":                    true,
		"Mira Varden is 18 years old.":                                 true,
		"Mira Varden (18) wurde verhaftet.":                            true,
		"Mira Varden (18 Jahre) wurde verhaftet.":                      true,
		"Mira Varden, 8 Jahre alt, gewann den Preis.":                  true,
		"Die 18-jährige Mira Varden wurde verhaftet.":                  true,
		"Mira Varden, 18 ans, a été arrêtée.":                          true,
		"Mira Varden, âgée de 18 ans, a été arrêtée.":                  true,
		"Mira Varden, de 18 años, fue detenida.":                       true,
		"A los 18 años de edad, Mira Varden ganó el premio.":           true,
		"18 yaşındaki Mira Varden tutuklandı.":                         true,
		"18-летний Вячеслав Журавинский арестован.":                    true,
		"Вячеслав Журавинский, 18 лет, арестован.":                     true,
		"В возрасте 18 лет Вячеслав Журавинский эмигрировал.":          true,
		"18-річний Вячеслав Журавинский заарештований.":                true,
		"اعتقل منذر بوقدارة البالغ من العمر 18 عاما.":                  true,
		"منذر بوقدارة (18 عاما) اعتقل.":                                true,
		"منذر بوقدارة، ۱۸ ساله، بازداشت شد.":                           true,
		"18 ياشلىق تۇنسا ئابلىمىت تۇتۇلدى.":                            true,
		"18岁的欧阳宁岚被捕。":                                                  true,
		"Mira Varden sang for ninety people.":                          false,
		"Mira Varden paints in a house of 1871.":                       false,
		"老师九十岁。欧阳宁岚是他的学生。":                                             false,
	} {
		found := s.Scan(tocsin.Article{Text: text, Published: published})
		if len(found) != 1 {
			t.Errorf("%s: %d found", text, len(found))
		} else if got := contradicted(found[0].Match.Reasons); got != want {
			t.Errorf("%s: spoken against %v, want %v", text, got, want)
		}
	}
}

// What is told in years is mostly a sentence: no age, and no reason to be silent.
func TestASentenceInYearsIsNoAge(t *testing.T) {
	s := agesScanner()
	for _, text := range []string{
		"Mira Varden was sentenced to 18 years in prison on Friday.",
		"A court in the capital sentenced Mira Varden to 15 years.",
		"Mira Varden and 25 others were arrested.",
		"Mira Varden, 12 years in exile, was arrested at the airport.",
		"After 17 years in exile Mira Varden was arrested in Vienna.",
		"An 18-year sentence awaits Mira Varden, who was extradited.",
		"Mira Varden a été condamnée à 18 ans de prison.",
		"Mira Varden écope de 15 ans de réclusion.",
		"Condamnée pour la 15e année de suite, Mira Varden est en prison.",
		"Mira Varden wurde zu 15 Jahren Haft verurteilt.",
		"Eine 15-jährige Haftstrafe erwartet Mira Varden.",
		"Mira Varden fue condenada a 18 años de cárcel.",
		"Mira Varden'e 18 yıl hapis cezası verildi.",
		"Вячеслав Журавинский приговорен к 18 годам колонии.",
		"Суд дал Вячеславу Журавинскому 18 лет колонии.",
		"Вячеслав Журавинский отбывает 15-летний срок в тюрьме.",
		"Вячеслава Журавинского засудили до 15 років позбавлення волі.",
		"حكمت المحكمة على منذر بوقدارة بالسجن 15 سنة.",
		"حكم على منذر بوقدارة بالسجن 18 عاما.",
		"تۇنسا ئابلىمىت 15 يىللىق قاماق جازاسىغا ھۆكۈم قىلىندى.",
		"欧阳宁岚被判15年有期徒刑。",
		"Les négociations de 2004 achevées, Mira Varden a été arrêtée.",
		"Вячеслав Журавинский, депутат народного совета 1999 года, арестован.",
	} {
		found := s.Scan(tocsin.Article{Text: text, Published: published})
		if len(found) != 1 {
			t.Errorf("%s: %d found", text, len(found))
		} else if m := found[0].Match; contradicted(m.Reasons) || m.Tier != tocsin.TierAlert {
			t.Errorf("%s: %s, %+v", text, m.Tier, m.Reasons)
		}
	}
}
