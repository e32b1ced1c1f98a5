package mention

import (
	"testing"

	"tocsin"
	"tocsin/watcher/match"
)

// What is told of the person by name, in every language: with danger that no legal word
// names, without, and where the words of danger are another's.
func TestAScenesWordsTellOfTheNameThatTheyStandAround(t *testing.T) {
	people := []match.Person{
		{ID: "mira", Names: []string{"Mira Varden"}, BirthDate: tocsin.Date{Year: 1985}},
		{ID: "oskar", Names: []string{"Оскар Лединский"}, BirthDate: tocsin.Date{Year: 1979}},
		{ID: "huda", Names: []string{"هدى الرشواني"}, BirthDate: tocsin.Date{Year: 1981}},
		{ID: "tun", Names: []string{"تۇنسا ئابلىمىت"}, BirthDate: tocsin.Date{Year: 1981}},
		{ID: "ning", Names: []string{"欧阳宁岚"}, BirthDate: tocsin.Date{Year: 1981}},
	}
	s := Compile(people, Options{})
	for text, want := range map[string]bool{
		"Masked men pushed Mira Varden into a grey van.":                                    true,
		"Border guards took Mira Varden off the bus. Her passport is gone.":                 true,
		"Where is Mira Varden?":                                                             true,
		"Twelve nights, no letter. #FreeMiraVarden is what the posters say of Mira Varden.": true,
		"Mira Varden drove her car to the theatre.":                                         false,
		"Mira Varden won the match, police kept the crowd off the court.":                   false,
		"“We shall appeal,” said the lawyer, Mira Varden, after a jury convicted a roofer.": false,
		"Police arrested the lawyer Mira Varden, a colleague said.":                         true,
		"The lawyer of Mira Varden said that an indictment had come.":                       true,
		"The play “Arrest of the Moon” by Mira Varden opens on Friday.":                     false,
		"Critics praised Mira Varden for an arresting debut.":                               false,
		"Mira Varden opened the fair. It was a long summer, the stalls did well and the band went on tour through eleven villages of the coast and two of the hills. Yesterday Varden was led away by agents.": true,
		"Vermummte zerrten Mira Varden in einen Lieferwagen, sagt die Nachbarin.": true,
		"Des hommes en civil ont poussé Mira Varden dans une camionnette.":        true,
		"Unos hombres armados subieron a Mira Varden a una furgoneta.":            true,
		"Maskeli adamlar Mira Varden'i zorla minibüse bindirdi.":                  true,
		"Люди в масках затащили Оскара Лединского в микроавтобус.":                true,
		"Оскар Лединский завёл машину и поехал на дачу.":                          false,
		"Оскар Лединский держал кафе у вокзала. Прошли годы, и никто больше не вспоминал ни о кафе, ни о пирогах, ни об очередях у двери, ни о старых липах на площади перед ним. Вчера Лединского увели силовики.": true,
		"دفع ملثمون هدى الرشواني إلى سيارة بلا لوحات.": true,
		"قادت هدى الرشواني سيارة إلى البحر.":           false,
		"ساقچىلار تۇنسا ئابلىمىتنى ماشىنىغا سالدى.":    true,
		"几名便衣把欧阳宁岚塞进面包车。":                              true,
		"欧阳宁岚坐飞机去看展览。":                                 false,
	} {
		found := s.Scan(tocsin.Article{Text: text, Published: published})
		if len(found) != 1 {
			t.Errorf("%s: %d found", text, len(found))
			continue
		}
		if got := found[0].Match.Tier == tocsin.TierAlert; got != want {
			t.Errorf("%s: alert %v (%q), want %v", text, got, found[0].Danger, want)
		}
	}
}

func TestAThingThatIsNamedLikeSomebodyIsNobody(t *testing.T) {
	s := Compile([]match.Person{
		{ID: "mira", Names: []string{"Mira Varden"}},
		{ID: "oskar", Names: []string{"Оскар Лединский"}},
		{ID: "tun", Names: []string{"تۇنسا ئابلىمىت"}},
		{ID: "omid", Names: []string{"امید سحرابانی"}},
		{ID: "ning", Names: []string{"欧阳宁岚"}},
	}, Options{})
	for text, want := range map[string]bool{
		"Mira Varden Way is closed.":                       false,
		"Mira Varden & Sons sells rope.":                   false,
		"Mira Varden et Fils dépose le bilan.":             false,
		"Der Schlepper „Mira Varden“ liegt im Hafen.":      false,
		"Mira Varden Şiir Ödülü’nü bir şair kazandı.":      false,
		"Mira Varden'e ödül verildi.":                      true,
		"En el callejón Mira Varden no hay luz.":           false,
		"The harbour master of Leeds praised Mira Varden.": true,
		"В переулке Оскара Лединского темно.":              false,
		"Директор школы Оскар Лединский открыл собрание.":  true,
		"Мы встретили мальчика по имени Оскар Лединский.":  true,
		"Школа, носящая имя Оскара Лединского, закрыта.":   false,
		"تۇنسا ئابلىمىت باشلانغۇچ مەكتىپى تاقالدى.":        false,
		"«تۇنسا ئابلىمىت» ناملىق كېمە پورتقا قايتتى.":      false,
		"در کوچه امید سحرابانی برق رفت.":                   false,
		"“欧阳宁岚号”渔船回港。":                                     false,
	} {
		if got := len(s.Scan(tocsin.Article{Text: text, Published: published})) > 0; got != want {
			t.Errorf("%s: found %v, want %v", text, got, want)
		}
	}
}
