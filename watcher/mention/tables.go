package mention

import "strings"

// What is mostly written before a name and is no part of one, where it has a
// capital: of the common given names' list, too. Prepositions begin sentences; they
// are those of Universal Dependencies' treebanks (tag ADP) that are most frequent,
// written from memory.
var noName = set(`sobre segun contra para con por ante hasta desde entre sin tras selon pour avec contre chez sans sous apres avant depuis entre laut nach gegen mit fuer bei ohne seit ueber from by against after before about without since
	protiv ob ot bez posle pro dlia vid pislia a e i o u y v s k z
	said king hall young green white long moore scott may will mark grace rose hope art bill guy an do the and of by in on for with mr mrs dr van von le la los las der die das`)

func set(s string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(s) {
		m[w] = true
	}
	return m
}

// What an ideograph may be that follows a name of two ideographs: particles, verbs and nouns of office that begin no given name. Written from memory, not checked; where to check: 现代汉语
// 八百词 (1999), by headword.
var afterShortName = runes(`的在被于於与與和是说說因已将將向从從对對等曾为為以先女表称稱则則也又就都还還及或遭获獲日月今昨前后後到至去来來出受要会會可能不没沒未周星发發教谈一二三四五六七八九十两兩認认告接写寫指提要回介透强強批呼参參赢贏击擊给給让讓把由并而却仍正必须須需想应應该該走逃躲带帶引因目喜今昨从曾遇辩辯否拒获獲离離返抵本当當现現还表`)

// Ideographs of given names: after a name of two they make another's of it. Written
// from memory, to be checked against: the Ministry of Public Security's reports on names, 2018 to 2021
// (the fifty ideographs most used), and Wiktionary's category of Chinese given names.
var inGivenNames = runes(`伟偉芳娜秀敏静靜丽麗强強磊军軍洋艳艷勇杰傑娟涛濤明超兰蘭霞平刚剛桂英华華玉萍红紅文辉輝建国國秋春夏冬梅雪云雲龙龍凤鳳峰海波林森山川志宏博宇浩轩軒涵欣怡佳嘉俊翔鹏鵬飞飛
	思诗詩雨晨曦梓子一然若若晴婷琳莉倩颖穎洁潔雯悦悅慧珍珠琴瑶瑤璐露美蓉莲蓮荣榮富贵貴福寿壽康健安宁寧永恒光亮东東南西北成功业業学學才智仁义義礼禮信忠孝廉生民德良善`)

// The surnames before which a name of two ideographs is the end of a longer one.
// Written from memory, not checked; where to check: 百家姓 and the hundred commonest of the Ministry of Public Security's report
// of 2020, as in Wikipedia's "List of common Chinese surnames" (CC BY-SA 4.0).
var surnames = runes(`王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蔡蒋余杜叶程苏魏吕丁任沈姚卢姜崔谭汪范金石廖贾韦夏付傅邹熊孟秦江尹薛阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严欧赖`)

func runes(s string) map[rune]bool {
	m := map[rune]bool{}
	for _, r := range s {
		m[r] = true
	}
	return m
}

// Words for the people of a country and for it, by the stems that texts inflect.
// English: tocsin.CountryName besides. Written from memory, not checked; where to check: Unicode CLDR 45 (territory names) and
// Wiktionary's demonyms, for the countries whose people are mostly watched.
var peoples = map[string][]string{
	"CN": words(`chinese china chinois chine chino chinesisch китай kitay çin چین صين الصين 中国 中國 xitay خىتاي`),
	"TR": words(`turkish turk turkey turc turquie turco türk турец турк турец туреч turcia ترك تركي تركيا ترکیه 土耳其`),
	"RU": words(`russian russia russe russie ruso rusia russisch russland росси русск росій rus روس روسيا 俄罗斯 俄羅斯`),
	"UA": words(`ukrain украин україн ucrani أوكراني اوکراین 乌克兰 烏克蘭`),
	"KZ": words(`kazakh kasach kazajo казах қазақ kazak كازاخ قزاق 哈萨克 哈薩克`),
	"AZ": words(`azerbaijan azeri azéri aserbaidsch azerí азербайдж azərbaycan azerbaycan أذربيجان آذربایجان 阿塞拜疆`),
	"IR": words(`iran irán иран іран ایران إيران 伊朗`),
	"EG": words(`egypt égypt ägypt egipt египет египт єгип mısır مصر 埃及`),
	"SA": words(`saudi saoud саудов саудів suudi سعودي عربستان 沙特`),
	"SY": words(`syria syrien syrienne sirio siria сири сирі suriye سوري سوریه 叙利亚 敘利亞`),
	"IQ": words(`iraq irak ирак ірак عراق 伊拉克`),
	"MA": words(`morocc maroc marroqu marokk марокк fas مغرب مراکش 摩洛哥`),
	"TJ": words(`tajik tadjik tadschik tayiko таджик tacik طاجيك تاجیک 塔吉克`),
	"UZ": words(`uzbek ouzbek usbek uzbeko узбек o'zbek özbek أوزبك ازبک 乌兹别克`),
	"BY": words(`belarus bélarus bielorrus белорус білорус بيلاروس 白俄罗斯`),
	"VE": words(`venezolan venezuel венесуэл 委内瑞拉`),
	"ES": words(`spanish spain espagn español spanisch испан іспан إسباني اسپانیا 西班牙`),
	"FR": words(`french france français französ francés франц француз فرنسي فرانسه 法国 法國`),
	"DE": words(`german germany allemand alemán alemania deutsch немец німець герман alman ألماني آلمان 德国 德國`),
	"GB": words(`british britain britann britán брит ingiliz بريطاني بریتانیا 英国 英國`),
	"US": words(`american américain estadounidense amerikan америк أمريكي آمریکا 美国 美國`),
	"IN": words(`indian inde indio indisch инди індій هندي هند 印度`),
	"PK": words(`pakistan pakistán пакистан باكستان پاکستان 巴基斯坦`),
	"AF": words(`afghan afgan афган أفغان افغان 阿富汗`),
	"KR": words(`korean corée coreano korea коре koreli كوري کره 韩国 韓國`),
	"VN": words(`vietnam вьетнам в'єтнам 越南`),
	"HK": words(`香港 hongkong`),
}

func words(s string) []string { return strings.Fields(s) }
