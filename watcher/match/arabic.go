package match

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Arabic script without short vowels, against Latin letters: vowels of the notice
// come nearly free, long ones are expected. Capitals in codes: A, W, Y the long
// vowels (or w, y), O ayn and hamza, E tāʾ marbūṭa and mute h, T thāʾ, D dhāl,
// ḍād, ẓāʾ. Written from memory, to be checked against: ALA-LC romanisation tables for Arabic, Persian, Pashto and
// Urdu (2012), and the French custom of the Maghreb.
var semitic = strictly(newSystem("arabic", []rule{
	{"tch", "C"}, {"sch", "S"}, {"sh", "S"}, {"ch", "S"}, {"kh", "X"}, {"gh", "G"}, {"th", "T"}, {"dh", "D"}, {"ph", "f"}, {"dj", "J"}, {"zh", "Z"}, {"ck", "k"}, {"que", "ke"}, {"qui", "ki"}, {"ou", "u"}, {"oo", "u"}, {"ee", "i"}, {"j", "J"}, {"y", "i"}, {"x", "ks"},
}, 12, 14, []cost{
	{0, "Aa"}, {12, "Ae"}, {45, "Ai"}, {40, "Ao"}, {50, "Au"}, {0, "Wu"}, {0, "Wo"}, {0, "Ww"}, {8, "Wv"}, {50, "Wa"}, {50, "We"}, {50, "Wi"}, {0, "Yi"}, {8, "Ye"}, {40, "Ya"}, {50, "Yu"}, {30, "YJ"}, {50, "AY"},
	{0, "ck"}, {5, "cq"}, {15, "cJ"}, {15, "cs"}, {25, "cC"}, {25, "cS"}, {0, "Oa"}, {0, "Oe"}, {0, "Oi"}, {0, "Oo"}, {0, "Ou"}, {0, "Ea"}, {0, "Ee"}, {5, "Eh"}, {15, "Et"}, {15, "Ei"}, {5, "qk"}, {12, "qg"}, {5, "Gg"}, {15, "Gq"}, {30, "Gk"}, {35, "Gr"}, {12, "Xh"}, {12, "Xk"}, {15, "SC"}, {10, "Jg"}, {30, "JC"}, {15, "JZ"}, {20, "JS"}, {5, "Dd"}, {5, "Dz"}, {20, "DT"}, {0, "Tt"}, {8, "Ts"}, {30, "Td"},
	{20, "sz"}, {30, "sS"}, {12, "bp"}, {10, "fv"}, {30, "fp"}, {25, "bv"}, {30, "kg"}, {25, "kX"}, {5, "wv"}, {0, "wu"}, {5, "wo"}, {35, "td"}, {60, "nm"}, {35, "CJ"}, {20, "CS"}, {10, "hX"}, {60, "Ck"}, {15, "ZS"},
}, []cost{{0, "O"}, {6, "E"}, {40, "A"}, {50, "WY"}, {25, "h"}, {40, "w"}}), 0.74)

var arabicLetters = map[rune]string{
	'ا': "A", 'أ': "A", 'إ': "A", 'آ': "A", 'ٱ': "A", 'ب': "b", 'ت': "t", 'ث': "T", 'ج': "J", 'ح': "h", 'خ': "X", 'د': "d", 'ذ': "D", 'ر': "r", 'ز': "z", 'س': "s", 'ش': "S", 'ص': "s", 'ض': "D", 'ط': "t", 'ظ': "D", 'ع': "O", 'غ': "G", 'ف': "f", 'ق': "q", 'ك': "k", 'ل': "l", 'م': "m", 'ن': "n", 'ه': "h", 'و': "W", 'ي': "Y", 'ى': "Y", 'ة': "E", 'ء': "O", 'ئ': "Y", 'ؤ': "W",
	'پ': "p", 'چ': "C", 'ژ': "Z", 'گ': "g", 'ک': "k", 'ی': "Y", 'ې': "Y", 'ۍ': "Y", 'ے': "Y", 'ټ': "t", 'ڈ': "d", 'ډ': "d", 'ٹ': "t", 'ڑ': "r", 'ړ': "r", 'ښ': "S", 'ږ': "Z", 'ځ': "z", 'څ': "s", 'ڼ': "n", 'ں': "n", 'ھ': "h", 'ہ': "h", 'ۀ': "E", 'ۃ': "E", 'ڤ': "v", 'ۇ': "W", 'ڭ': "n",
}

// What stands for a person's name in Latin letters when it is shown or kept.
var shown = strings.NewReplacer("A", "a", "W", "u", "Y", "i", "O", "", "E", "a", "T", "th", "D", "d", "X", "kh", "G", "gh", "S", "sh", "C", "ch", "J", "j", "Z", "zh")

// Parts in Arabic letters that millions share. Written from memory, to be checked against: as commonParts.
var commonArabic = set(`محمد احمد علی علي حسن حسین حسين ابراهیم ابراهيم عمر خالد عبدالله مصطفی مصطفى یوسف يوسف اسماعیل محمود سعید سعيد سالم صالح حامد کریم كريم رحیم ناصر جمال کمال ابو خان شاه رضا حمزه حمزة بلال عیسی یاسین ياسين عثمان امین امين سید سيد مهدی مهدي اکبر حسینی احمدی محمدی عباس حیدر جعفر صادق حاجی فاطمة فاطمه مریم مريم زینب`)

// What servantOf lists, and God's own name, which is cut where it is written together
// with "servant", without the article, as Arabic and Persian write them.
var commonServants = set(`الله له رحمن رحیم رحيم عزیز عزيز کریم كريم لطیف لطيف حمید حميد قادر سلام صمد مجید مجيد وهاب واحد هادی هادي ناصر غنی غني حلیم حليم حکیم حكيم رزاق رشید رشيد رسول ملک مالك جبار جلیل جليل فتاح`)

var arabicParticles = set("بن ابن بنت ال آل و ولد بو حاجی حاجي حجي الحاج شیخ شيخ الشيخ الشیخ ملا مولوی مولوي د دکتر دكتور الدكتور مهندس")

func arabicForms(name string, n int) []form {
	if voweled(name) {
		return uyghurForms(name, n)
	}
	var words []string
	family := -1
	var b strings.Builder
	end := func() {
		if b.Len() > 0 && len(words) < maxTokens {
			words = append(words, b.String())
		}
		b.Reset()
	}
	for _, r := range norm.NFKC.String(cut(name)) {
		switch {
		case arabicLetters[r] != "":
			b.WriteRune(r)
		case r == 'ـ' || r == '\u200c' || r == '\u200d' || r >= 0x64b && r <= 0x65f || r == 0x670:
		default:
			end()
			if (r == ',' || r == '،') && family < 0 && len(words) > 0 {
				family = len(words)
			}
		}
	}
	end()
	bare := strings.NewReplacer("أ", "ا", "إ", "ا", "آ", "ا")
	f := form{sys: semitic, script: arabic, name: n}
	var readings [][]string
	for i := 0; i < len(words); i++ {
		w := bare.Replace(words[i])
		if arabicParticles[w] && len(words) > 1 {
			continue
		}
		servant := false
		if w == "عبد" && i+1 < len(words) {
			i++
			w, servant = bare.Replace(words[i]), true
		} else if rest, ok := strings.CutPrefix(w, "عبدال"); ok && len([]rune(rest)) >= 2 {
			w, servant = rest, true
		}
		stem := w
		if rest, ok := strings.CutPrefix(w, "ال"); ok && len([]rune(rest)) >= 2 && (w != "الله" || servant) {
			stem = rest
		}
		p := part{at: i, family: i < family}
		for _, x := range []string{stem, w} {
			c := arabicCode(x)
			if servant {
				c = "Abd" + c
			}
			if len(c) > maxToken {
				c = c[:maxToken]
			}
			if c != "" {
				p.codes = appendNew(p.codes, c)
			}
		}
		if len(p.codes) == 0 {
			continue
		}
		read := vocalised[plainArabic.Replace(stem)]
		if servant && len(read) > 0 {
			read = []string{"abd" + read[0]}
		} else if servant && stem == "له" {
			read = []string{"abdlah"}
		}
		p.text = shown.Replace(p.codes[0])
		p.weight = weigh(semitic, p.codes[0], p.text)
		if commonArabic[w] || commonArabic[stem] || servant && commonServants[stem] {
			p.weight *= 0.6
		}
		f.parts = append(f.parts, p)
		readings = append(readings, read)
	}
	if len(f.parts) == 0 {
		return nil
	}
	return append([]form{f}, vocalisedForm(f, readings)...)
}

// looksArabic knows a Latin spelling of an Arabic, Persian or Turkish Muslim name by
// its article or by a part that very many have.
func looksArabic(ts []token) bool {
	for _, t := range ts {
		switch t.text {
		case "al", "el", "bin", "ibn", "bint", "ben", "abu", "abou", "ould", "abd", "ul", "ur":
			return true
		}
		if _, ok := abdPrefix(t.text); ok || abd(t.text) || arabicReadings[t.text] || muslimParts[western.rewrite(t.text)] || strings.HasSuffix(t.text, "ullah") || strings.HasSuffix(t.text, "uddin") || strings.HasSuffix(t.text, "eddine") || strings.HasSuffix(t.text, "eddin") || strings.HasSuffix(t.text, "ettin") || strings.HasSuffix(t.text, "addin") || strings.HasSuffix(t.text, "zadeh") {
			return true
		}
		if len(t.text) > 6 && (strings.HasPrefix(t.text, "al") || strings.HasPrefix(t.text, "el")) && strings.IndexByte(vowels, t.text[2]) < 0 {
			return true
		}
	}
	return false
}

var muslimParts = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(`mohammed mohamed muhammad mohammad ahmed ahmad ali hassan hasan hussein hussain husayn ibrahim omar umar khalid khaled abdallah abdullah mustafa mostafa yusuf youssef yusef ismail
		mahmoud mahmud said saeed sayed seyed sayyid salim salem saleh salih hamid karim rahim rashid nasir nasser jamal kamal khan shah reza hamza bilal musa isa yasin osman othman aziz rahman fatima aisha
		maryam mehdi mahdi akbar hosseini hussaini ahmadi mohammadi rahimi karimi haidar haider jafar sadiq abbas haji mullah tariq tarek samir walid waleed faisal fahd saad sami adel adil majid mansour ayman
		hisham bashir basheer imad ziad nabil mounir munir marwan anwar fuad fouad ghassan hani jaber jabir kassem qassem qasim mazen nizar rami riad riyadh taha tawfiq wael yahya yahia zaki zayd zaid`) {
		m[western.rewrite(w)] = true
	}
	return m
}()

func arabicCode(w string) string {
	if w == "الله" {
		return "lE" // its alif is not heard behind another word, with which it makes a name
	}
	rs := []rune(w)
	out := make([]byte, 0, len(rs))
	for i, r := range rs {
		c := arabicLetters[r]
		if r == 'ه' && i == len(rs)-1 && len(rs) > 2 {
			c = "E"
		}
		if len(c) == 1 && (len(out) == 0 || out[len(out)-1] != c[0]) {
			out = append(out, c[0])
		}
	}
	return string(out)
}
