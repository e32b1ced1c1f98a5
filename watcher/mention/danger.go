package mention

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// dangerStems are words of danger by the stems that texts inflect, small, "+" where two words follow one another;
// "=" at the end where nothing may follow.
// What they are of: arrest, detain, hold, extradite, deport, abduct, wanted, red notice,
// charge, sentence, and the places and people of that.
//
// Sources. "Red notice" in English, French, Spanish and Arabic: INTERPOL's own pages on
// its notices (interpol.int, "About Notices"), as Wikipedia's "Interpol notice" quotes them
// in its editions. Arrest, detention, deportation, abduction in Arabic, Spanish, Persian,
// French, Russian, Turkish, Ukrainian and Chinese: the translations at
// der-die-das-deutsch.com/en/die-festnahme, /die-abschiebung and /die-entfuehrung, read
// there; the forms of German festhalten, and that it parts: Wiktionary as extracted at
// kaikki.org/dictionary/German (CC BY-SA 4.0), read there. All else, and every Uyghur,
// Azerbaijani and Kazakh word, is written from memory; the entries of the same meaning in
// Wiktionary (en.wiktionary.org: arrest, detain, extradite, deport, abduct, wanted,
// charge, sentence) are where to check it.
var dangerStems = map[string]string{
	"en": `interpol red+notice red+corner wanted= extradit arrest detain detention deport abduct kidnap custody imprison jailed jail= prison prisoner renditi refoul fugitive warrant manhunt sentenced
		convict disappeared= forcibly+return handcuff apprehend seized+by tortur remand incommunicado repatriated+to held+without being+held held+in+custody forced+return taken+away diffusion+notice charged+with
		behind+bars indict arraign charged= snatched sent+back sent+away led+away dragged+away bundled+into prosecut apprehension whisked+away extraordinary+rendition death+row on+bail under+escort vanished+after vanished+in vanished+from vanished+on vanished+without assassinat poisoned shot+dead gunned+down stabbed before+a+judge before+the+judge before+a+magistrate brought+before against+his+will against+her+will of+his+citizenship of+her+citizenship`,
	"fr": `notice+rouge recherché mandat+d extrad arrêté arrêtée arrêtés arrestation interpell détenu détenue détention expuls enlevé enlevée enlèvement kidnapp emprison incarcér prison condamn refoulement garde+à écrou
		disparition+forcée torturé avis+de+recherche traqué
		appréhend renvoyé+de+force renvoyée+de+force renvoyés+de+force renvoi+forcé mis+en+examen mise+en+examen mis+en+cause inculp derrière+les+barreaux sous+les+verrous réclusion porté+disparu portée+disparue sans+nouvelles+de remis+aux+autorités reconduit+à reconduite+à a+disparu ont+disparu assassin empoisonn devant+un+juge devant+le+juge sous+escorte mandat+d'arrêt`,
	"es": `notificación+roja alerta+roja circular+roja ficha+roja buscado buscada orden+de extradi arrest detenid detenc detuv deport expulsad secuestr encarcel prisión preso= presa= desaparición+forzada desaparecid tortur prófug
		detien recluid recluso cárcel cárceles imputa procesad procesam acusad acusan acusa+a tras+las+rejas entregad+a deten expuls paradero+desconocido orden+internacional prendid asesina envenena ante+el+juez ante+un+juez devuelto+a devuelta+a`,
	"de": `rote+notice fahndung gesucht= haftbefehl auslieferung ausgeliefert auszuliefern festgenommen festnahme festgehalten verhaft inhaft haft= haftstrafe untersuchungshaft abgeschoben abschieb entführ verschlepp gefängnis verurteilt gefoltert
		abgeführt ausgewiesen zwangsrückführung
		verurteil zurückgeschickt zurückgeschoben zurückgeführt rückführung anklag angeklag hinter+gittern haftanstalt gefangen ausliefer festnehm festhalt festzunehm festzuhalten abzuschieben abschiebe ausschaffung ausweisung vermisst= polizeigewahrsam gewahrsam in+haft ermordet vergiftet erschossen vor+dem+haftrichter haftrichter`,
	"tr": `kırmızı+bülten kırmızı+bültenle aranıyor aranan aranmakta iade+edil iadesi iade= tutukla tutuklu gözaltı sınır+dışı kaçırıl kaçırdı hapis hapse hapish cezaevi yakalan yakalama yakaladı mahkum mahkûm işkence zorla+kaybe alıkon
		geri+gönder dava+aç yargılan suçlan hüküm+giy parmaklık kırmızı+bült kelepçe firari aranma yakalat gözaltında kaçırıldı kaçırılan kaçırma= kaybedil tutsak yurda+getir türkiye'ye+getir paketle teslim+edil öldürül zehirlen`,
	"az": `qırmızı+bildiriş axtarışda axtarılır ekstradi həbs saxlanıl deporta oğurlan qaçırıl məhkum`,
	"ru": `интерпол красн+уведомлен красн+циркуляр розыск разыскива экстради арест задержа задержи выдач выдан= депорт выдвор похищ похити тюрьм тюрем заключен заключён осужд осуд приговор взят+под под+страж сизо пытк пытал этапиров
		насильствен+исчез ордер+на
		задержив увезл увёз увез= обвини обвинен обвинён обвиня лет+колонии года+колонии год+колонии колонии= в+колонию высла высыл выдать= выдадут= выдали+в выдал+в без+вести пропал= пропала= уголовн+дел этап+в арестов решётк за+решетк под+стражу находится+под+страж обыск завели+дело завел+дело завёл+дело завели+уголовн возбудили+дело возбудил+дело отравил отравлен застрел перестал+выходить перестала+выходить не+выпустили+из`,
	"uk": `інтерпол червон+повідомлен червон+оповіщен розшук розшуку екстрад арешт заарешт затрим видач депорт видвор викрад в'язни тюрм ув'язн засудж засуд вирок під+варт катув сізо насильницьк+зник
		викрал викрав= викраден підозр звинува утриму тримають+у тримають+в зник= зникл безвісти ґрат видати= видадуть= вислат кримінальн+справ розшукує розшукую повідомлен+про+підозр обшук порушили+справ відкрили+справ завели+справ не+виходить+на не+вийшов+на не+вийшла+на отруїл отруєн застрел`,
	"ar": `الإنتربول إنتربول انتربول النشرة+الحمراء نشرة+حمراء مطلوب ملاحق تسليم اعتقل اعتقال معتقل احتجز احتجاز محتجز اوقف أوقف توقيف موقوف ترحيل رحلت اختطف اختطاف خطف مخطوف سجن سجين مسجون القبض حبس حكم+على إعادة+قسرية اختفاء+قسري إخفاء مذكرة تعذيب
		خلف+القضبان تهمة اتهم متهم اقتيد اقتاد اختفى مفقود ادان أدان ادانة إدانة يحتجز زنزان مداهمة نشرات+حمراء تسلم+مطلوب معتقلا أمام+قاضي امام+قاضي أمام+النيابة لا+يعرف+مصير مجهول+المصير`,
	"fa": `اینترپل پلیس+بین اعلان+قرمز تحت+تعقیب استرداد بازداشت دستگیر اخراج دیپورت ربوده آدم
		پیگرد مسترد دزدید متهم اتهام گروگان مفقود سلول حکم+جلب محاکمه اسیر تحت+بازجویی بازجویی` + "\u200c" + `ربایی ادمربایی زندان زندانی حبس محکوم جلب شکنجه ناپدید`,
	"ug": `ئىنتېرپول قىزىل+ئۇقتۇرۇش تۇتۇل تۇتقۇن تۇتۇپ قولغا+ئېل قولغا+ئال قولغا+چۈش قاماق قامال قامى تۈرمى تۈرمە ئۆتكۈزۈپ+بەر قايتۇر قايتۇرۇۋ لاگېر لاگىر تۇتتى ئىزدەل ئىزدەۋات ئىزدىلىۋات بۇلاپ ئۇغرىلاپ كېسىل+كېسىل ھۆكۈم
		ئېلىپ+كەت ئېلىپ+كېت جازا ئەيىبل سولا سولان يوقاپ+كەت تۇتۇلغان تۇتۇش+بۇيرۇق تۈرمىدە`,
	"ugl": `qizil+uqturush tutul tutqun qolgha+el qamaq qamal türmi türme qayturul lager`,
	"kk":  `қызыл+хабарлама іздеу+жариял іздестір экстрадиция қамау тұтқын ұсталды ұстады депортация ұрлан сотталды түрме`,
}

// dangerGlyphs are those of Chinese (both ways of writing) and Japanese.
var dangerGlyphs = strings.Fields(`国际刑警 國際刑警 红色通报 紅色通報 红色通缉 紅色通緝 红通 紅通 通缉 通緝 引渡 逮捕 被捕 拘捕 拘留 羁押 羈押 扣押 扣留 抓捕 被抓 遣返 驱逐 驅逐 绑架 綁架 监禁 監禁 入狱 入獄 关押 關押 服刑 判刑 判处 判處 失踪 失蹤 被带走 被帶走 强迫失踪 在逃 刑拘 软禁 軟禁 酷刑 押送 遣送
	机场被扣 機場被扣 被扣在 攔下 拦下 毒杀 毒殺 遇刺 枪杀 槍殺 保释 保釋 拒绝入境 拒絕入境
	带走 帶走 有期徒刑 被判 失联 失聯 关在 關在 看守所 劫持 起诉 起訴 公诉 公訴 刑事立案 逃犯 强制失踪 強制失蹤 監視居住 监视居住 羁留 羈留 审判 審判 受审 受審 押解
	国際手配 指名手配 送還 拉致`)

// dangerBook finds the stems of all languages.
var dangerBook = func() *stemBook[struct{}] {
	b := &stemBook[struct{}]{}
	for _, lang := range sortedKeys(dangerStems) {
		b.add(dangerStems[lang], struct{}{})
	}
	return b
}()

// dangerGlyphBook are dangerGlyphs by their first letter, the longest first.
var dangerGlyphBook = func() map[rune][]string {
	m := map[rune][]string{}
	for _, g := range dangerGlyphs {
		r, _ := utf8.DecodeRuneInString(g)
		m[r] = append(m[r], g)
	}
	for _, gs := range m {
		slices.SortFunc(gs, func(a, b string) int { return len(b) - len(a) })
	}
	return m
}()

// How many words of the sentences beside a name's are looked through, and how long a
// sentence may be in bytes.
const (
	besideWords = 25
	dangerReach = 700
)

// dangerNear is the first word of danger in the sentence of a name, or near it in
// those beside, as printed; "" if there is none. declined: the name has an ending, so that
// whoever stands before it is another.
func (c *scan) dangerNear(text string, start, end int, declined bool) string {
	a := c.aroundOf(text, start, end)
	if !declined && speaksFor(&a) {
		if d := c.dangerIn(a.before.words(ownWordsBefore, true)); d != "" {
			return d
		}
		if hasStem(a.after.s, clients, 1, false) {
			return ""
		}
		return c.dangerIn(a.after.words(ownWordsAfter, false))
	}
	d := c.dangerAnywhere(&a, text)
	if c.plotted = d != "" && c.plot(&a); !c.plotted {
		return d
	}
	if d := c.dangerIn(a.before.words(plotWords, true)); d != "" {
		return d
	}
	return c.dangerIn(a.after.words(plotWords, false))
}

// dangerAnywhere is the first danger around a name, as printed; "" if there is none.
func (c *scan) dangerAnywhere(a *around, text string) string {
	if d := c.dangerIn(&a.before); d != "" {
		return d
	}
	if d := c.dangerIn(&a.after); d != "" {
		return d
	}
	if d := c.dangerAround(&a.before, &a.after); d != "" {
		return d
	}
	if d := c.dangerIn(&a.next); d != "" {
		return d
	}
	if d := c.dangerIn(&a.prev); d != "" {
		return d
	}
	if strings.IndexByte(text, '#') >= 0 || strings.Contains(text, "＃") {
		if d := tagged(a.before.s + a.name + a.after.s + " " + a.next.s); d != "" {
			return d
		}
	}
	return c.scene(a)
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

// parted are verbs of danger of which the name may stand between the halves ("nahmen
// N fest", "took N away"): the first by its stem, the second as it is. Source: as
// dangerStems; which German verbs part, the entries of Wiktionary for festnehmen,
// festhalten, ausliefern, abschieben, abführen, ausweisen, zurückschicken.
var parted = func() map[string][]string {
	m := map[string][]string{}
	for _, w := range strings.Fields(`nahm~fest nehm~fest nimmt~fest hält~fest halten~fest hielt~fest liefer~aus weist~aus weisen~aus wies~aus schob~ab schieb~ab führt~ab führen~ab schick~zurück schob~zurück schieb~zurück
		led~away leads~away took~away taken~away drag~away whisk~away sent~back send~back hand~over charg~with`) {
		head, tail, _ := strings.Cut(w, "~")
		m[tail] = append(m[tail], head)
	}
	return m
}()

// How many words may stand between the halves, the name not counted, and how long a
// second half is in bytes.
const (
	partedBy    = 8
	longestTail = 8
)

// dangerAround is a verb of danger that stands around a name, or beside it, in two
// halves, as printed; "" if there is none.
func (c *scan) dangerAround(before, after *region) string {
	tail := func(r *region, w spot) bool { return w.to-w.from <= longestTail && parted[r.s[w.from:w.to]] != nil }
	if !slices.ContainsFunc(before.ws, func(w spot) bool { return tail(before, w) }) && !slices.ContainsFunc(after.ws, func(w spot) bool { return tail(after, w) }) {
		return ""
	}
	var ws []string
	for _, r := range [...]*region{before, after} {
		for _, w := range r.ws {
			ws = append(ws, r.s[w.from:w.to])
		}
	}
	for j := range ws {
		for i := max(0, j-partedBy); i < j && parted[ws[j]] != nil; i++ {
			w := small(ws[i])
			if slices.ContainsFunc(parted[ws[j]], func(head string) bool { return strings.HasPrefix(w, head) }) {
				return ws[i] + " … " + ws[j]
			}
		}
	}
	return ""
}

// dangerIn is the first word of danger of a region, as printed; "" if there is none.
func (c *scan) dangerIn(r *region) (danger string) {
	for i, w := range r.ws {
		dangerBook.find(r.s, r.ws[i:], func(_ struct{}, span int) bool {
			if !harmless(r, i) {
				danger = r.s[w.from:r.ws[i+span-1].to]
			}
			return danger == ""
		})
		if danger != "" {
			return danger
		}
	}
	for i, c := range r.glyphs {
		for _, g := range dangerGlyphBook[c] {
			if strings.HasPrefix(r.glyphs[i:], g) {
				return g
			}
		}
	}
	return ""
}

// nobody is to whom nothing has happened, small. Written from memory.
var nobody = set("nobody niemand niemanden personne nadie kimse kimseyi никого нікого никто ніхто هیچ\u200cکس هیچکس ھېچكىم")

// harmless reports whether a word only looks like one of danger: what happens to nobody,
// "wanted" that says what somebody wished, and an arresting read.
func harmless(r *region, i int) bool {
	beside := func(i int) string {
		if i < 0 || i >= len(r.ws) {
			return ""
		}
		return small(r.s[r.ws[i].from:r.ws[i].to])
	}
	if nobody[beside(i-1)] || nobody[beside(i-2)] {
		return true
	}
	switch beside(i) {
	case "wanted":
		switch beside(i + 1) {
		case "to", "the", "a", "an", "his", "her", "their", "its", "more", "it", "them", "him", "that", "this", "no", "nothing", "only", "us", "me", "you", "people", "everyone":
			return true
		}
	case "arresting":
		switch beside(i - 1) {
		case "an", "most", "more", "so", "very", "visually", "truly":
			return true
		}
	}
	return false
}
