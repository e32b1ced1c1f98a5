package mention

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Words that make a place, a street, a house, a ship, a prize or a firm of the name
// beside them, small: after the name or before it; words that endings follow (Turkic
// languages); what a family's firm adds; and ideographs. Written from memory, not
// checked; where to check: OpenStreetMap wiki, "Name finder: Abbreviations" (CC BY-SA
// 2.0) for streets; ISO 20275 (entity legal forms) for firms; Wiktionary for the rest.
var (
	thingAfter = set(`street st road rd avenue ave lane square boulevard drive bridge park airport station stadium university college school hospital library museum foundation prize award inc ltd llc plc corp corporation company co gmbh ag kg
		holding holdings group partners brothers bros sons hotel theatre theater gallery straße strasse platz allee weg gasse ufer brücke schule stiftung preis verlag caddesi cad sokağı sokak bulvarı meydanı köprüsü parkı
		üniversitesi lisesi hastanesi vakfı şirketi küçəsi prospekti kochisi köchisi kochasi meydani көшесі даңғылы даңғылында көшесінде кочиси мейдани كوچىسى مەيدانى مەكتىپى улица проспект площадь вулиця площа alley court close
		passage quay wharf highway motorway tunnel bypass roundabout estate cemetery clinic church chapel mosque temple cathedral tower building centre center institute archive archives festival scholarship fellowship medal trust
		fund charity league derby regatta marathon cruiser ferry trawler tanker lifeboat yacht schooner barge brewery bakery pharmacy garage dealership solicitors associates enterprises industries logistics shipping publishing
		records media studio studios house hall field lock dam reservoir gymnasium kita kindergarten klinik krankenhaus kirche friedhof brunnen turm haus saal stipendium medaille pokal cup söhne sohn erben reederei werft bäckerei
		brauerei apotheke spedition werke crescent terrace memorial primary secondary elementary academy arena pavilion trophy stadion gesamtschule grundschule realschule halle bibliothek ring ilkokulu ortaokulu anaokulu stadyumu
		stadı ödülü ödülleri kütüphanesi salonu gemisi tankeri feribotu teknesi شىركىتى مۇكاپاتى دوختۇرخانىسى كۇتۇپخانىسى ئۇنىۋېرسىتېتى پاراخوتى تەنتەربىيە مەكتەپ way inn pub lodge nakliyat inşaat tekstil gıda turizm şti`)
	thingStems = words(`caddesi sokağı bulvarı meydanı köprüsü parkı üniversitesi lisesi hastanesi vakfı şirketi holdingi ilkokulu ortaokulu anaokulu stadyumu stadı ödülü kütüphanesi gemisi tankeri feribotu teknesi mahallesi camisi camii okulu yurdu müzesi turnuvası kupası lokantası oteli fırını eczanesi şilebi bursu
		كوچىسى مەيدانى مەكتىپى شىركىتى مۇكاپاتى دوختۇرخانىسى كۇتۇپخانىسى ئۇنىۋېرسىتېتى پاراخوتى كېمىسى تەنتەربىيە مەھەللىسى زاۋۇتى مۇزېيى باغچىسى كۆۋرۈكى مېھمانخانىسى فوندى جەمئىيىتى
		көшесі даңғылы мектебі ауруханасы саябағы küçəsi prospekti məktəbi xəstəxanası xiyaboni ko'chasi maktabi`)
	thingBefore = set(`transportes transports talleres construcciones ediciones panadería ferretería viajes autoescuela taller farmacia seenotkreuzer rettungskreuzer spedition autohaus bäckerei brauerei transport transporte rue avenue boulevard place quai impasse lycée école fondation hôpital stade université prix société hôtel calle avenida plaza paseo colegio escuela fundación hospital universidad estadio premio via piazza corso rua praça
		улица улице улицы улицу ул проспект проспекте площадь площади бульвар переулок школа школы школе имени фонд ооо зао оао пао ао ип вулиця вулиці вулицю вул площа площі проспекті тов школі школи школу школою імені ім شارع
		ميدان مدرسة جامعة مستشفى شركة مؤسسة جسر مطار ساحة خیابان میدان مدرسه دانشگاه بیمارستان بنیاد شرکت پل ship vessel trawler tanker freighter ferry frigate destroyer tug schooner yacht mv navire chalutier cargo pétrolier
		paquebot voilier remorqueur frégate collège amphithéâtre gymnase médiathèque bibliothèque promenade allée concours tournoi trophée établissements buque barco pesquero carguero petrolero velero fragata instituto concurso
		torneo trofeo bodegas polideportivo pabellón biblioteca glorieta schiff frachter fähre kutter segler dampfer fregatte судно теплоход танкер сухогруз траулер пароход паром фрегат стадион стадионе гимназия гимназии лицей
		лицее премия премии премию турнир кубок мемориал библиотека библиотеке теплохід суховантаж корабель стадіон стадіоні гімназія гімназії ліцей ліцеї премія премії премію турнір бібліотека бібліотеці سفينة السفينة ناقلة
		باخرة الباخرة عبارة ملعب استاد جائزة مكتبة کشتی نفتکش ورزشگاه جایزه کتابخانه بزرگراه chemin ruelle cours passage pont quartier résidence lotissement clinique festival fonds groupe entreprise entreprises sarl sas bourse
		médaille coupe vedette caboteur bac callejón travesía ronda camino carretera puente barrio urbanización clínica beca medalla copa empresa grupo sociedad lancha remolcador ferri yate schlepper jacht motorschiff segelschiff
		barkasse firma stiftung reederei klinik фоп переулке переулка переулку переулком провулок провулку провулка шоссе шосе набережная набережной набережна набережній бульваре бульварі буксир буксира ледокол криголам катер
		баржа яхта яхты шхуна корабль сейнер суднo больница больнице больницы лікарня лікарні клиника клинике клініка музей музее музеї сквер сквере сквері парк парке парку мост мосту міст стипендия стипендию стипендии стипендія
		стипендію компания компании компанию компанія компанії фирма фирмы фірма زقاق حارة حي جادة طريق مركب قارب يخت مجموعة مصرف بنك معهد كلية روضة عيادة مسجد مركز كأس بطولة وسام منحة کوچه بلوار دبستان دبیرستان هنرستان درمانگاه
		کلینیک مجتمع لنج ناو بورسیه جام جشنواره کارخانه کارگاه فرهنگسرا مهدکودک پارک gemisi tankeri feribotu teknesi yatı mavnası`)
	kinFirm     = set(`sons brothers co cie fils frères soeurs hijos hermanos hnos söhne sohn gebrüder partner partners partnerschaft oğulları kardeşler ortakları сыновья партнёры партнеры сыны братья сини партнери брати أولاده اولاده وأولاده واولاده وشركاه وإخوانه وشركاؤه پسران برادران شرکا ئوغۇللىرى`)
	thingQuoted = set(`كېمە پاراخوت شىركەت مەكتەپ كوچا gemi tekne tanker feribot şilep okul şirket`) // where the name is in quotation marks
	firmAnd     = set(`& and et e y i und u ve и та і й و`)
	glyphThing  = strings.Fields(`路 街 大道 大街 巷 广场 廣場 大学 大學 中学 中學 小学 小學 公司 集团 集團 基金会 基金會 医院 醫院 公园 公園 大桥 大橋 酒店 纪念馆 紀念館 有限公司 有限責任 股份 体育馆 體育館 体育场 體育場 图书馆 圖書館 博物馆 博物館 美术馆 美術館 剧院 劇院 书院 書院 文学奖 文學獎 艺术奖 藝術獎 科学奖 科學獎 新闻奖 新聞獎 奖 獎 杯 站 镇 鎮 村 县 縣 弄 胡同 里弄 桥 橋 大厦 大廈 號輪 号轮
		轮 輪 基金 学院 學院 学校 學校 幼儿园 幼兒園 影院 工作室 工作坊 药店 藥店 银行 銀行 律师事务所 律師事務所 机场 機場 车站 車站 故居 雕像`)
)

// apposed stand in Russian and Ukrainian before a name that has no ending: firms and ships.
var apposed = set(`ооо зао оао пао ао ип тов фоп судно теплоход танкер сухогруз траулер пароход паром фрегат буксир ледокол катер баржа яхта шхуна корабль сейнер теплохід суховантаж криголам фирма фірма компания компанія`)

// roles are those who stand at the head of a house of any kind, by stems: in Russian
// and Ukrainian their own name follows that of the house.
var roles = words(`директор учител вчител глава главы главу голов лауреат президент руководит керівник студент ученик учень основат засновник владел власник член председат ректор профессор професор преподават викладач сотрудник співробітник врач лікар актер актёр актор режиссер режиссёр режисер стипендиат выпускник випускник`)

// thing reports whether the name is a street's, a school's, a ship's or a firm's, or
// that of somebody whose life has ended long ago. declined: it has an ending.
func (c *scan) thing(start, end int, declined bool) bool {
	text := c.text
	if name := text[start:end]; strings.HasSuffix(name, "'s") || strings.HasSuffix(name, "’s") {
		return false // what somebody owns
	}
	if spanOf(text, end) || longDead(text, start, end) || end+2 < len(text) && (text[end] == ' ' || text[end] == ',') && firm.MatchString(text[end:min(len(text), end+16)]) {
		return true
	}
	behind := unquoted(text, end)
	quoted := behind > end && opensQuote(text, start)
	if i := strings.LastIndexByte(text[start:end], '-'); i > 0 && isThing(lower(text[start+i+1:end])) {
		return true // Varden-Preis
	}
	return thingBehind(text, behind, quoted) || thingAhead(text, start, quoted, declined)
}

// thingBehind looks at what follows a name: a word of the kind, after others with
// capitals, or any two where the name stands in quotation marks.
func thingBehind(text string, at int, quoted bool) bool {
	joined := false
	for n := range 4 {
		w := wordAfter(text, at)
		if w == "" {
			if n == 0 && strings.HasPrefix(text[at:], " & ") {
				joined, at = true, at+2
				continue
			}
			return false
		}
		at = strings.Index(text[at:], w) + at + len(w)
		l := lower(w)
		first, _ := utf8.DecodeRuneInString(w)
		quoted = quoted || n == 0 && l == "ناملىق" // named like
		switch {
		case joined:
			return kinFirm[l]
		case n == 0 && len(l) <= 3 && firmAnd[l]:
			joined = true
			continue
		case isThing(l), quoted && namedThing(l), n == 0 && classify(first) == kArabic && kinFirm[l]:
			return true
		}
		if k := classify(first); k != kUpper && !(k == kArabic && n < 1) && !(quoted && n < 3) {
			return false
		}
	}
	return false
}

// namedThing is isThing where the name stands in quotation marks, or is said to be one.
func namedThing(w string) bool {
	for s := range thingQuoted {
		if strings.HasPrefix(w, s) && len(w) <= len(s)+14 {
			return true
		}
	}
	return false
}

// isThing reports whether a word makes a thing of the name before it.
func isThing(w string) bool {
	if thingAfter[w] {
		return true
	}
	for _, s := range thingsByHead[head(w)] {
		if strings.HasPrefix(w, s) && len(w) <= len(s)+14 {
			return true
		}
	}
	return false
}

// thingsByHead are thingStems by their first two letters.
var thingsByHead = func() map[[2]rune][]string {
	m := map[[2]rune][]string{}
	for _, s := range thingStems {
		m[head(s)] = append(m[head(s)], s)
	}
	return m
}()

// thingAhead looks at what stands before a name: a word of the kind, or one more
// before it where the name stands in quotation marks.
func thingAhead(text string, at int, quoted, declined bool) bool {
	for n := range 3 {
		w := wordBefore(text, at)
		if w == "" {
			return false
		}
		at = strings.LastIndex(text[:at], w)
		l := lower(w)
		switch l {
		case "имени", "імені":
			return lower(wordBefore(text, at)) != "по"
		case "имя", "ім'я":
			return strings.HasPrefix(lower(wordBefore(text, at)), "нос")
		}
		for k := range danglers(l) {
			if thingBefore[l[k:]] {
				// In a school, on a street: whose it is stands in the genitive, who is there does not.
				if first, _ := utf8.DecodeRuneInString(l); !quoted && !declined && first >= 0x400 && first < 0x530 && !apposed[l] && (strings.HasSuffix(l, "е") || strings.HasSuffix(l, "і")) {
					return false
				}
				return quoted || n > 0 || !hasStem(wordBefore(text, at), roles, -1, false)
			}
		}
		if !quoted {
			return false
		}
	}
	return false
}

func opensQuote(text string, at int) bool {
	r, _ := utf8.DecodeLastRuneInString(text[:at])
	return strings.ContainsRune("«„“\"‚'「『”", r)
}

// lower writes a word small; Turkish İ as i.
func lower(w string) string { return strings.ReplaceAll(strings.ToLower(w), "i\u0307", "i") }

// unquoted is where the text goes on behind a quotation mark that ends at a name, and
// behind what hyphens tie to it.
func unquoted(text string, at int) int {
	for at < len(text) && text[at] == '-' {
		i := at + 1
		for i < len(text) {
			r, size := utf8.DecodeRuneInString(text[i:])
			if !ofWord(r) {
				break
			}
			i += size
		}
		if i == at+1 || i == len(text) || text[i] != '-' {
			break // the last is what it is
		}
		at = i
	}
	if r, size := utf8.DecodeRuneInString(text[at:]); strings.ContainsRune("»”“\"」』", r) {
		return at + size
	}
	return at
}

// lifespan is what an encyclopedia writes after a name: the years of a life that began
// before 1925.
var lifespan = regexp.MustCompile(`^(-\pL+)? ?[(（](1[0-8]\d\d|19[01]\d|192[0-4]) ?[-–—] ?(1[0-9]\d\d|20\d\d)[)）]`)

// firm is what law adds to a firm's name.
var firm = regexp.MustCompile(`^[,]? (S\. ?L|S\. ?A|S\.p\.A|S\.r\.l|A\.Ş|Ltd|LLC|Inc|GmbH|SARL|SAS|AG)\b`)

// longDead reports whether a grave or a death beside a name is of a year long gone: an
// encyclopedia's, a local paper's. The year and the word stand in the name's sentence or
// in the next.
func longDead(text string, start, end int) bool {
	if !yearIn(text[max(0, start-deadReach):min(len(text), end+2*deadReach)]) {
		return false
	}
	from, to := bounds(text, start, end, deadReach)
	_, to = bounds(text, to, to, deadReach)
	s := text[from:to]
	return oldYear.MatchString(s) && (hasStem(s, dead, -1, false) || slices.ContainsFunc(deadGlyphs, func(g string) bool { return strings.Contains(s, g) }))
}

// spanOf reports whether the years of a life that ended long ago stand after a name.
func spanOf(text string, end int) bool {
	rest := text[end:min(len(text), end+24)]
	return (strings.IndexByte(rest, '(') >= 0 || strings.Contains(rest, "（")) && lifespan.MatchString(rest)
}

// yearIn reports whether a text has four digits of which the first is 1, or the like in
// Persian: most have none.
func yearIn(s string) bool {
	for {
		i := strings.IndexByte(s, '1')
		if i < 0 || i+4 > len(s) {
			break
		}
		if digit(rune(s[i+1])) >= 0 && digit(rune(s[i+2])) >= 0 && digit(rune(s[i+3])) >= 0 {
			return true
		}
		s = s[i+1:]
	}
	return strings.Contains(s, "۱")
}

const deadReach = 200

// oldYear is a year before 1925, or one of Persia's calendar, and deaths and graves are
// what stands beside it. Written from memory; where to check: Wiktionary for "died",
// "grave", "exile".
var (
	oldYear    = regexp.MustCompile(`(?:^|\D)(1[5-8]\d\d|19[01]\d|192[0-4]|1[0-2]\d\d|۱[۲۱]\d?[۰-۹]{2})(?:\D|$)`)
	dead       = words(`died grave tomb buried executed hanged exiled mort morte tombe inhumé exécuté fusillé exil murió falleció tumba sepult fusilad desterr gestorben starb grab= grabstein begraben hingericht mezar öldü ölen vefat sürgün умер умерла могил казнён казнен сослан расстрелян помер померла могил страчен заслан توفي توفيت ضريح قبر دفن أعدم درگذشت آرامگاه مزار ئۆلگەن قەبرى ۋاپات`)
	deadGlyphs = []string{"墓", "病故", "去世", "逝世", "殉", "就义"}
)

// glyphThingAt reports whether what follows makes a street, a school or a firm of a name.
func glyphThingAt(text string, i int) bool {
	behind := unquoted(text, i)
	rest := strings.TrimLeft(text[behind:min(len(text), behind+16)], " ")
	if spanOf(text, i) {
		return true // somebody of long ago
	}
	if after, ok := strings.CutPrefix(strings.Replace(rest, "號", "号", 1), "号"); ok && (behind > i || unquoted(after, 0) > 0 || strings.HasPrefix(after, "渔") || strings.HasPrefix(after, "货") || strings.HasPrefix(after, "轮")) {
		return true // a ship
	}
	for _, t := range glyphThing {
		if strings.HasPrefix(rest, t) {
			return true
		}
	}
	house := text[i:min(len(text), i+48)]
	return strings.HasPrefix(rest, "墓") || (strings.Contains(house, "公司") || strings.Contains(house, "基金") || strings.Contains(house, "奖") || strings.Contains(house, "獎")) && glyphHouse.MatchString(house)
}

// glyphHouse is a firm or a prize whose kind stands between the name and its word.
var glyphHouse = regexp.MustCompile(`^\p{Han}{1,10}(有限公司|有限責任公司|股份公司|基金会|基金會|文学奖|文學獎|小说奖|小說獎|诗歌奖|詩歌獎|奖学金|獎學金|奖揭晓|獎揭曉)`)
