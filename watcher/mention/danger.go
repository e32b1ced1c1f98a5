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

// byHead finds stems by their first two letters; heads has a bit for each pair of
// them, which most words do not begin with.
var byHead, heads = func() (m map[[2]rune][]stem, bits [64]uint64) {
	m = map[[2]rune][]stem{}
	for _, lang := range sortedKeys(dangerStems) {
		for _, w := range strings.Fields(dangerStems[lang]) {
			s := stem{}
			w, s.exact = strings.CutSuffix(w, "=")
			s.words = strings.Split(w, "+")
			h := head(s.words[0])
			m[h] = append(m[h], s)
			at := headBit(h)
			bits[at>>6] |= 1 << (at & 63)
		}
	}
	return m, bits
}()

func headBit(h [2]rune) uint64 { return hash(uint64(h[0])<<20|uint64(h[1])) >> 52 }

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
func (c *scan) dangerNear(text string, start, end int) string {
	from, to := bounds(text, start, end, dangerReach)
	if d := c.dangerIn(text[from:start], -1, false); d != "" {
		return d
	}
	if d := c.dangerIn(text[end:to], -1, false); d != "" {
		return d
	}
	if to < len(text) {
		if d := c.dangerIn(text[to:min(len(text), to+dangerReach)], dangerWords-countWords(text[end:to]), false); d != "" {
			return d
		}
	}
	if from > 0 {
		return c.dangerIn(text[max(0, from-dangerReach):from], dangerWords-countWords(text[from:start]), true)
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
func (c *scan) dangerIn(s string, most int, last bool) string {
	if most == 0 || s == "" {
		return ""
	}
	if most > 0 && !last {
		// A paragraph's end is an end: what comes after speaks of something else.
		if i := strings.Index(strings.TrimLeft(s, "\n\r "), "\n\n"); i >= 0 {
			s = s[:min(len(s), i+len(s)-len(strings.TrimLeft(s, "\n\r ")))]
		}
	}
	ws := c.spots[:0]
	at := -1
	glyph := false
	for i := 0; i < len(s); {
		if most > 0 && !last && len(ws) == most {
			break
		}
		r, size := runeAt(s, i)
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
		i += size
	}
	if at >= 0 {
		ws = append(ws, spot{at, len(s)})
	}
	c.spots = ws
	if most > 0 && len(ws) > most {
		ws = ws[len(ws)-most:]
	}
	for i, w := range ws {
		if !mayDanger(s[w.from:w.to]) {
			continue
		}
		word := small(s[w.from:w.to])
		for n := range danglers(word) {
			for _, st := range byHead[head(word[n:])] {
				if k := st.at(s, ws[i:], word[n:]); k > 0 && !(word == "wanted" && harmless(s, ws[i+1:])) {
					return s[w.from:ws[i+k-1].to]
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

// mayDanger reports whether a word may begin with a stem: by its first two letters,
// unless something may stand before it.
func mayDanger(w string) bool {
	var h [2]rune
	n := 0
	for i := 0; i < len(w) && n < 3; {
		r, size := runeAt(w, i)
		switch k := classify(r); {
		case k == kArabic, k == kApos:
			return true
		case k == kMark:
		default:
			if n < 2 {
				h[n] = unicode.ToLower(r)
			}
			n++
		}
		i += size
	}
	at := headBit(h)
	return heads[at>>6]&(1<<(at&63)) != 0
}

// small is a word in small letters, its apostrophes alike and its marks left out.
func small(w string) string {
	return strings.Map(func(r rune) rune {
		if classify(r) == kMark && r != 0x200c {
			return -1
		}
		if r == '’' || r == 'ʼ' {
			return '\''
		}
		return unicode.ToLower(r)
	}, w)
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

// at is how many of the words ws of s the stem spans, of which the first is small
// and without what stands before a stem; 0 if it does not stand there.
func (st stem) at(s string, ws []spot, first string) int {
	if len(st.words) > len(ws) {
		return 0
	}
	for k, want := range st.words {
		w := first
		if k > 0 {
			w = small(s[ws[k].from:ws[k].to])
		}
		if st.exact && k == len(st.words)-1 {
			if w != want && strings.TrimSuffix(w, "'s") != want {
				return 0
			}
		} else if !strings.HasPrefix(w, want) {
			return 0
		}
	}
	return len(st.words)
}

// harmless reports whether "wanted", before the words ws of s, says what somebody wished.
func harmless(s string, ws []spot) bool {
	if len(ws) == 0 {
		return false
	}
	switch small(s[ws[0].from:ws[0].to]) {
	case "to", "the", "a", "an", "his", "her", "their", "its", "more", "it", "them", "him", "that", "this", "no", "nothing", "only", "us", "me", "you", "people", "everyone":
		return true
	}
	return false
}
