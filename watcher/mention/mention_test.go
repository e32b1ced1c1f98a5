package mention

import (
	"strings"
	"testing"

	"tocsin"
	"tocsin/watcher/match"
)

func scanOne(p match.Person, text string) []Mention {
	if p.ID == "" {
		p.ID = "p-1"
	}
	return Compile([]match.Person{p}, Options{}).Scan(tocsin.Article{Text: text, Published: published})
}

func TestHowANameIsPrinted(t *testing.T) {
	for _, c := range []struct {
		what, listed, text string
		found              string // "": not found
	}{
		{"as listed", "Mira Varden", "We met Mira Varden in May.", "Mira Varden"},
		{"capitals", "Mira Varden", "WE MET MIRA VARDEN IN MAY.", "MIRA VARDEN"},
		{"family name first", "Mira Varden", "Present were: Varden, Mira; Olsen, Petra.", "Varden, Mira"},
		{"another's surname before the given name", "Mira Varden", "There came Petra Varden, Mira Olsen and others.", ""},
		{"possessive", "Mira Varden", "It was Mira Varden's garden.", "Mira Varden's"},
		{"typographic possessive", "Mira Varden", "It was Mira Varden’s garden.", "Mira Varden’s"},
		{"divided at the line's end", "Mira Varden", "It was Mira Var-\nden who came.", "Mira Var- den"},
		{"soft hyphen", "Mira Varden", "It was Mira Var\u00adden who came.", "Mira Varden"},
		{"full-width letters", "Mira Varden", "It was Ｍｉｒａ Ｖａｒｄｅｎ who came.", "Ｍｉｒａ Ｖａｒｄｅｎ"},
		{"marks left out", "Şükran Aldemiroğlu", "It was Sukran Aldemiroglu who came.", "Sukran Aldemiroglu"},
		{"another given name", "Mira Varden", "It was Petra Varden who came.", ""},
		{"one part", "Mira Varden", "It was Varden who came, not Mira.", ""},
		{"inside longer words", "Mira Varden", "It was Mirabel Vardenberg who came.", ""},
		{"a street", "Mira Varden", "It burned on Mira Varden Street.", ""},
		{"a firm", "Mira Varden", "We bought from Mira Varden Ltd.", ""},
		{"a sentence's end between", "Mira Varden", "We met Mira. Varden came later.", ""},
		{"Cyrillic for Latin", "Mira Varden", "Вчера была Мира Варден.", "Мира Варден"},
		{"Arabic for Latin", "Mira Varden", "حضرت ميرا فاردن الحفل.", "ميرا فاردن"},
		{"Latin for Han", "梁栖梧", "The essay by Liang Qiwu is short.", "Liang Qiwu"},
		{"traditional for simplified", "欧阳思澈", "這是歐陽思澈的書。", "歐陽思澈"},
		{"two ideographs", "沈砚", "律师见到沈砚。", "沈砚"},
		{"two ideographs of three", "沈砚", "律师见到沈砚秋。", ""},
		{"two ideographs after a surname", "沈砚", "律师见到赵沈砚。", ""},
		{"dots written otherwise", "阿依努尔·热合曼江", "这是阿依努尔・热合曼江的书。", "阿依努尔・热合曼江"},
		{"dots left out", "阿依努尔·热合曼江", "这是阿依努尔热合曼江的书。", "阿依努尔热合曼江"},
		{"Uyghur, listed in Latin letters, in ideographs", "Dilmurat Ghojamet", "这是迪里木拉提·霍加买提的书。", "迪里木拉提·霍加买提"},
		{"given name and patronymic of another", "Сергей Анатольевич Квасницкий", "Говорил Сергей Анатольевич Лодыгин.", ""},
		{"father and child", "Аркадий Студенцов", "Говорил Лев Аркадьевич Студенцов.", ""},
		{"a common name with a part more, in Latin letters", "Mohammed Ali", "He met Mohammed Ali Hasan there.", ""},
		{"a common name", "Mohammed Ali", "He met Mohammed Ali there.", "Mohammed Ali"},
		{"a common name with a part more", "محمد علي", "قال محمد علي حسن إن الجو جميل.", ""},
	} {
		ms := scanOne(match.Person{Names: []string{c.listed}}, c.text)
		got := ""
		if len(ms) > 0 {
			got = ms[0].Found
		}
		if got != c.found {
			t.Errorf("%s: %q in %q: found %q, want %q", c.what, c.listed, c.text, got, c.found)
		}
	}
}

func TestDangerNearAWholeNameRaisesTheAlert(t *testing.T) {
	long := strings.Repeat("The rain fell on the roofs and nobody came. ", 4)
	for _, c := range []struct {
		what, text string
		tier       tocsin.Tier
		danger     string
	}{
		{"same sentence", "Police arrested Mira Varden in Oslo.", tocsin.TierAlert, "arrested"},
		{"two words", "A red notice names Mira Varden.", tocsin.TierAlert, "red notice"},
		{"the next sentence", "We wrote to Mira Varden. She is detained in Oslo.", tocsin.TierAlert, "detained"},
		{"none", "Mira Varden opened a garden.", tocsin.TierReview, ""},
		{"far away", "Mira Varden opened a garden. " + long + "A thief was arrested.", tocsin.TierReview, ""},
		{"a wish", "Mira Varden wanted to plant roses.", tocsin.TierReview, ""},
		{"wanted", "Mira Varden is wanted by two states.", tocsin.TierAlert, "wanted"},
		{"the surname alone, later", "Mira Varden opened a garden. " + long + "Late in the day Varden was arrested.", tocsin.TierAlert, "arrested"},
		{"another's surname, later", "Mira Varden opened a garden. " + long + "Yesterday Petra Varden was arrested.", tocsin.TierReview, ""},
	} {
		ms := scanOne(match.Person{Names: []string{"Mira Varden"}}, c.text)
		if len(ms) != 1 || ms[0].Match.Tier != c.tier || ms[0].Danger != c.danger {
			t.Errorf("%s: %+v", c.what, ms)
		}
	}
}

func TestAgeAndPeopleSpeak(t *testing.T) {
	for _, c := range []struct {
		what, name, text string
		tier             tocsin.Tier // "": not found
		code             string
	}{
		{"age fits", "Mira Varden", "Mira Varden, 38, was arrested.", tocsin.TierAlert, tocsin.ReasonAgeEqual},
		{"age does not", "Mira Varden", "Mira Varden, aged 61, was arrested.", tocsin.TierReview, tocsin.ReasonAgeDiffers},
		{"year of birth", "Mira Varden", "Mira Varden (born 1988) was arrested.", tocsin.TierAlert, tocsin.ReasonAgeEqual},
		{"her people", "Mira Varden", "The Ukrainian writer Mira Varden opened a garden.", tocsin.TierReview, tocsin.ReasonNatNear},
		{"one part and nothing else", "Mirvarda", "Yesterday came Mirvarda to sing.", "", ""},
		{"one part and her people", "Mirvarda", "The Ukrainian singer, Mirvarda, was arrested.", tocsin.TierReview, tocsin.ReasonOnePart},
	} {
		ms := scanOne(match.Person{Names: []string{c.name}, BirthDate: tocsin.Date{Year: 1988}, Nationalities: []string{"UA"}}, c.text)
		if c.tier == "" {
			if len(ms) != 0 {
				t.Errorf("%s: %+v", c.what, ms)
			}
			continue
		}
		if len(ms) != 1 || ms[0].Match.Tier != c.tier || !hasCode(ms[0].Match.Reasons, c.code) {
			t.Errorf("%s: %+v", c.what, ms)
		}
	}
}

func TestTheSentenceIsCutAtWords(t *testing.T) {
	text := strings.Repeat("word ", 100) + "Mira\u0007 Varden was here" + strings.Repeat(" word", 100) + "."
	text = strings.Replace(text, "\u0007", "", 1)
	ms := scanOne(match.Person{Names: []string{"Mira Varden"}}, "Before. "+text+" After.")
	if len(ms) != 1 {
		t.Fatal(ms)
	}
	s := ms[0].Sentence
	if n := len([]rune(s)); n > 300 || n < 200 || !strings.HasPrefix(s, "…word ") || !strings.HasSuffix(s, " word…") || !strings.Contains(s, "word Mira Varden was") {
		t.Errorf("%d runes: %q", n, s)
	}
}

func TestAListedNameIsFoundInTheLettersOfAnotherScript(t *testing.T) {
	for _, c := range []struct{ listed, text string }{
		{"梁栖梧", "Полиция задержала Лян Циу вчера."},
		{"徐晓光", "Суд арестовал Сюй Сяогуана."},
		{"Ірина Галушкевич", "On a vu Iryna Halouchkevytch hier."},
		{"Рустам Жукшихов", "Gestern kam Rustam Schukschichow an."},
		{"표은새", "They met Pyo Eunsae there."},
		{"Γιώργος Παπαλάμπρου", "They met Giorgos Papalamprou there."},
		{"გიორგი ჭავჭანიძე", "They met Giorgi Chavchanidze there."},
		{"Արամ Խաչվանյան", "They met Aram Khachvanyan there."},
		{"Mira Varden", "Η Μίρα Βάρντεν συνελήφθη."},
		{"Giorgos Papalambrou", "Η αστυνομία συνέλαβε τον Γιώργο Παπαλάμπρου."},
		{"Giorgi Chavchanidze", "პოლიციამ დააკავა გიორგი ჭავჭანიძე."},
		{"Aram Khachvanyan", "Ոստիկանները ձերբակալեցին Արամ Խաչվանյանին։"},
		{"Mira Varden", "המשטרה עצרה את מירה ורדן אתמול."},
		{"Daniel Ben-Ezrachi", "המשטרה עצרה את דניאל בן עזרחי."},
		{"Liang Qiwu", "警方拘留了作家梁栖梧。"},
		{"Liang Ch'i-wu", "警方拘留了作家梁栖梧。"},
		{"Kim Cheolsong", "경찰은 김철송 씨를 체포했다."},
		{"تۇرسۇن مەمەتئابلا", "They met Tuersun Maimaitiabula there."},
		{"Ablikim Osman", "They met Abulikemu Wusiman there."},
		{"Aygül Hékim", "They met Aiguli Aikemu there."},
		{"吐尔逊·买买提阿布拉", "They met Tursun Memetabla there."},
		{"艾合买提·吐尔逊", "They met Ehmet Tursun there."},
		{"艾合买提·吐尔逊", "They met Ahmat Tursun there."},
		{"阿卜杜拉·艾山", "They met Abdulla Hesen there."},
		{"Selamawit Tekleab", "ፖሊስ ሰላማዊት ተክለአብን አሰረ።"},
	} {
		if ms := scanOne(match.Person{Names: []string{c.listed}}, c.text); len(ms) != 1 {
			t.Errorf("%s is not found in %s: %v", c.listed, c.text, ms)
		}
	}
}

func TestThreeLettersThatSoundLikeANameAreOfSomebodyOrNobody(t *testing.T) {
	for _, c := range []struct {
		listed, text string
		tier         tocsin.Tier
	}{
		{"Liang Qiwu", "警方拘留了作家梁栖梧。", tocsin.TierReview},
		{"Liang Qiwu", "作家梁栖梧的新书出版了。", tocsin.TierReview},
		{"Liang Qiwu", "山上有梁栖梧，风很大。", ""},
		{"Liang Qiwu", "作家梁栖山的新书出版了。", ""},
		{"Liang Qiwu", "作家梁栖梧路的新书出版了。", ""},
		{"Gao Xiaoming", "他高小明地说。", ""},
		{"Kim Cheolsong", "시장 김철송 씨가 말했다.", tocsin.TierReview},
		{"Kim Cheolsong", "시장에 김철송이가 많다.", ""},
	} {
		ms := scanOne(match.Person{Names: []string{c.listed}}, c.text)
		if c.tier == "" && len(ms) != 0 || c.tier != "" && (len(ms) != 1 || ms[0].Match.Tier != c.tier) {
			t.Errorf("%s in %s: %+v", c.listed, c.text, ms)
		}
	}
}
