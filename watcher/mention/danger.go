package mention

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// dangerStems are words of danger by the stems that texts inflect, small, "+" where two words follow one another;
// "=" at the end where nothing may follow.
// Written from memory, to be checked against: INTERPOL's glossary of notices in its four languages; IATE (the
// EU's terminology: "arrest", "detention", "extradition", "deportation",
// "abduction", "enforced disappearance", CC BY 4.0); UNTERM for Arabic, Chinese and
// Russian (OHCHR, "enforced disappearance", "refoulement"); Wiktionary's translation
// tables of the same entries for Turkish, Persian, Ukrainian and Uyghur (CC BY-SA 4.0).
var dangerStems = map[string]string{
	"en": `interpol red+notice red+corner wanted= extradit arrest detain detention deport abduct kidnap custody imprison jailed jail= prison prisoner renditi refoul fugitive warrant manhunt sentenced
		convict disappeared= forcibly+return handcuff apprehend seized+by tortur remand incommunicado repatriated+to held+without being+held held+in+custody forced+return taken+away diffusion+notice charged+with`,
	"fr": `notice+rouge recherché mandat+d extrad arrêté arrêtée arrêtés arrestation interpell détenu détenue détention expuls enlevé enlevée enlèvement kidnapp emprison incarcér prison condamn refoulement garde+à écrou
		disparition+forcée torturé avis+de+recherche traqué`,
	"es": `notificación+roja alerta+roja circular+roja ficha+roja buscado buscada orden+de extradi arrest detenid detenc detuv deport expulsad secuestr encarcel prisión preso= presa= condenad capturad desaparición+forzada desaparecid tortur prófug`,
	"de": `rote+notice fahndung gesucht= haftbefehl auslieferung ausgeliefert auszuliefern festgenommen festnahme festgehalten verhaft inhaft haft= haftstrafe untersuchungshaft abgeschoben abschieb entführ verschlepp gefängnis verurteilt gefoltert
		abgeführt ausgewiesen zwangsrückführung`,
	"tr": `kırmızı+bülten kırmızı+bültenle aranıyor aranan aranmakta iade+edil iadesi iade= tutukla tutuklu gözaltı sınır+dışı kaçırıl kaçırdı hapis hapse hapish cezaevi yakalan yakalama yakaladı mahkum mahkûm işkence zorla+kaybe alıkon`,
	"az": `qırmızı+bildiriş axtarışda axtarılır ekstradi həbs saxlanıl deporta oğurlan qaçırıl məhkum`,
	"ru": `интерпол красн+уведомлен красн+циркуляр розыск разыскива экстради арест задержа задержи выдач выдан= депорт выдвор похищ похити тюрьм тюрем заключен заключён осужд осуд приговор взят+под под+страж сизо пытк пытал этапиров
		насильствен+исчез ордер+на`,
	"uk":  `інтерпол червон+повідомлен червон+оповіщен розшук розшуку екстради арешт заарешт затрим видач депорт видвор викрад в'язни тюрм ув'язн засудж засуд вирок під+варт катув сізо насильницьк+зник`,
	"ar":  `الإنتربول إنتربول انتربول النشرة+الحمراء نشرة+حمراء مطلوب ملاحق تسليم اعتقل اعتقال معتقل احتجز احتجاز محتجز اوقف أوقف توقيف موقوف ترحيل رحلت رُحّل رحّلت اختطف اختطاف خطف مخطوف سجن سجين مسجون القبض حبس حكم+على إعادة+قسرية اختفاء+قسري إخفاء مذكرة تعذيب`,
	"fa":  `اینترپل پلیس+بین اعلان+قرمز تحت+تعقیب استرداد بازداشت دستگیر اخراج دیپورت ربوده آدم` + "\u200c" + `ربایی ادمربایی زندان زندانی حبس محکوم جلب شکنجه ناپدید`,
	"ug":  `ئىنتېرپول قىزىل+ئۇقتۇرۇش تۇتۇل تۇتقۇن تۇتۇپ قولغا+ئېل قولغا+ئال قولغا+چۈش قاماق قامال قامى تۈرمى تۈرمە ئۆتكۈزۈپ+بەر قايتۇر قايتۇرۇۋ لاگېر لاگىر تۇتتى ئىزدەل ئىزدەۋات بۇلاپ ئۇغرىلاپ كېسىل+كېسىل ھۆكۈم`,
	"ugl": `qizil+uqturush tutul tutqun qolgha+el qamaq qamal türmi türme qayturul lager`,
	"kk":  `қызыл+хабарлама іздеу+жариял іздестір экстрадиция қамау тұтқын ұсталды ұстады депортация ұрлан сотталды түрме`,
}

// dangerGlyphs are those of Chinese (both ways of writing) and Japanese.
var dangerGlyphs = strings.Fields(`国际刑警 國際刑警 红色通报 紅色通報 红色通缉 紅色通緝 红通 紅通 通缉 通緝 引渡 逮捕 被捕 拘捕 拘留 羁押 羈押 扣押 扣留 抓捕 被抓 遣返 驱逐 驅逐 绑架 綁架 监禁 監禁 入狱 入獄 关押 關押 服刑 判刑 判处 判處 失踪 失蹤 被带走 被帶走 强迫失踪 在逃 刑拘 软禁 軟禁 酷刑 押送 遣送
	国際手配 指名手配 送還 拉致`)

// stem is one of them, cut for the search.
type stem struct {
	words []string
	exact bool
}

// byHead finds stems by their first two letters.
var byHead = func() map[[2]rune][]stem {
	m := map[[2]rune][]stem{}
	for _, lang := range sortedKeys(dangerStems) {
		for _, w := range strings.Fields(dangerStems[lang]) {
			s := stem{}
			w, s.exact = strings.CutSuffix(w, "=")
			s.words = strings.Split(w, "+")
			h := head(s.words[0])
			m[h] = append(m[h], s)
		}
	}
	return m
}()

func head(w string) (h [2]rune) {
	i := 0
	for _, r := range w {
		if i == 2 {
			break
		}
		h[i] = r
		i++
	}
	return h
}

// How far from the name a word of danger may stand that is not in the same
// sentence, and how long a sentence may be in bytes.
const (
	dangerWords = 12
	dangerReach = 700
)

// dangerNear is the first word of danger in the sentence of a name, or near it in
// those beside, as printed; "" if there is none.
func dangerNear(text string, start, end int) string {
	from, to := bounds(text, start, end, dangerReach)
	if d := dangerIn(text[from:start], -1, false); d != "" {
		return d
	}
	if d := dangerIn(text[end:to], -1, false); d != "" {
		return d
	}
	if to < len(text) {
		if d := dangerIn(text[to:min(len(text), to+dangerReach)], dangerWords-countWords(text[end:to]), false); d != "" {
			return d
		}
	}
	if from > 0 {
		return dangerIn(text[max(0, from-dangerReach):from], dangerWords-countWords(text[from:start]), true)
	}
	return ""
}

func countWords(s string) (n int) {
	in := false
	for _, r := range s {
		k := classify(r)
		if k == kGlyph {
			n++ // about half a word
		}
		if l := k != kNone; l != in {
			if in = l; l {
				n++
			}
		}
	}
	return n
}

type spot struct{ from, to int }

// dangerIn looks through the first words of s, or the last; a negative number: all.
func dangerIn(s string, most int, last bool) string {
	if most == 0 || s == "" {
		return ""
	}
	if most > 0 && !last {
		// A paragraph's end is an end: what comes after speaks of something else.
		if i := strings.Index(strings.TrimLeft(s, "\n\r "), "\n\n"); i >= 0 {
			s = s[:min(len(s), i+len(s)-len(strings.TrimLeft(s, "\n\r ")))]
		}
	}
	var ws []spot
	at := -1
	glyph := false
	for i, r := range s {
		switch k := classify(r); {
		case k == kGlyph:
			glyph = true
			fallthrough
		case k == kNone:
			if at >= 0 {
				ws, at = append(ws, spot{at, i}), -1
			}
		case at < 0 && k != kApos && k != kMark:
			at = i
		}
	}
	if at >= 0 {
		ws = append(ws, spot{at, len(s)})
	}
	if most > 0 && len(ws) > most {
		if last {
			ws = ws[len(ws)-most:]
		} else {
			ws = ws[:most]
		}
	}
	lower := make([]string, len(ws))
	for i, w := range ws {
		lower[i] = strings.Map(func(r rune) rune {
			if classify(r) == kMark && r != 0x200c {
				return -1
			}
			if r == '’' || r == 'ʼ' {
				return '\''
			}
			return unicode.ToLower(r)
		}, s[w.from:w.to])
	}
	for i := range ws {
		for n := range danglers(lower[i]) {
			for _, st := range byHead[head(lower[i][n:])] {
				if k := st.at(lower, i, n); k > 0 && !(lower[i] == "wanted" && harmless(lower, i)) {
					return s[ws[i].from:ws[i+k-1].to]
				}
			}
		}
	}
	if glyph {
		part := s
		if most > 0 {
			part = runesOf(s, 2*most, last)
		}
		best := ""
		where := len(part)
		for _, g := range dangerGlyphs {
			if i := strings.Index(part, g); i >= 0 && (i < where || i == where && len(g) > len(best)) {
				best, where = g, i
			}
		}
		return best
	}
	return ""
}

// runesOf is the first or the last n runes of s.
func runesOf(s string, n int, last bool) string {
	rs := 0
	if last {
		i := len(s)
		for i > 0 && rs < n {
			_, size := utf8.DecodeLastRuneInString(s[:i])
			i -= size
			rs++
		}
		return s[i:]
	}
	for i := range s {
		if rs == n {
			return s[:i]
		}
		rs++
	}
	return s
}

// danglers are the places in a word where a stem may begin: after an Arabic word's
// particles, article and the letters of person that verbs begin with.
func danglers(w string) func(func(int) bool) {
	return func(yield func(int) bool) {
		if !yield(0) {
			return
		}
		if r, _ := utf8.DecodeRuneInString(w); classify(r) != kArabic {
			if i := strings.IndexByte(w, '\''); i > 0 && i < 3 { // d'extradition, l'arrestation
				yield(i + 1)
			}
			return
		}
		n := 0
		for range 3 {
			if rest := w[n:]; strings.HasPrefix(rest, "ال") && len(rest) > 8 {
				n += 4
			} else if r, size := utf8.DecodeRuneInString(rest); strings.ContainsRune("وفبلكسيت", r) && len(rest) > 6 {
				n += size
			} else {
				return
			}
			if !yield(n) {
				return
			}
		}
	}
}

// at is how many words from i on the stem spans, 0 if it does not stand there.
func (st stem) at(ws []string, i, n int) int {
	if i+len(st.words) > len(ws) {
		return 0
	}
	for k, s := range st.words {
		w := ws[i+k]
		if k == 0 {
			w = w[n:]
		}
		if st.exact && k == len(st.words)-1 {
			if w != s && strings.TrimSuffix(w, "'s") != s {
				return 0
			}
		} else if !strings.HasPrefix(w, s) {
			return 0
		}
	}
	return len(st.words)
}

// harmless reports whether "wanted" says what somebody wished.
func harmless(ws []string, i int) bool {
	if i+1 >= len(ws) {
		return false
	}
	switch ws[i+1] {
	case "to", "the", "a", "an", "his", "her", "their", "its", "more", "it", "them", "him", "that", "this", "no", "nothing", "only", "us", "me", "you", "people", "everyone":
		return true
	}
	return false
}
