package match

import "strings"

// Names and parts of names as Xinjiang's offices spell them in ideographs, in
// Pinyin, and before them as Uyghur writes them (Latin Yéziqi without marks). Long
// names are put together of them. Written from memory, to be checked against:
// 维吾尔人名汉字音译转写规则 (Xinjiang, 2001), its list of names, and 维吾尔语人名汉字译名
// in 民族人名译名手册.
var uyghurSpellings = strings.Split(`abdu abudu
abdulla abudula abudoula abudulla
abla abula
ablajan abulajiang
ablet abulaiti abuliti
ablikim abulikemu
ablimit abulimiti
abliz abulizi
adil adili adi
ahun ahong ahun
alim alimu
amine amina
anwar anwaer
arzugul aziguli
asiye axiya
asim asimu
aydin ayiding
aygul ayiguli aiguli
aynur ayinuer
ayshem ayixiamu ayixia
aziz aizezi azizi
batur batuer
bay bayi bai
beg bieke boke bake
behtiyar baihetiyaer baihetiya
berat bailati
bughra bugela
burhan buerhan baoerhan
dawut dawuti
dilber dilibaier
dilmurat dilimulati
dilnur dilinuer
dilraba dilireba
dilshat dilixiati
din ding
dolqun duolikun dolikun duolekun
ehmet aihemaiti aihaimaiti aihaimaite
ekber aikebaier
ekrem aikelamu aikeremu
eli aili
emet aimaiti
enwer anwaer
erkin aierken aerken
esqer aisikaer
exet aihaiti
eysa aisha
eziz aizezi
gheni aini waini
ghalip alifu
ghojam huojiamu
ghopur wufuer wupuer gufuer
gul guli
gulnar gulinaer
gulnaz gulinazi
gulnisa gulinisha gulinisa
gulshen gulixian
gulzar gulizaer
habibulla habibula
haji aji haji
hakim akemu aikemu
halide halidan
halmurat halimulati hamulati hamulati
hamit amiti aimiti hamiti
hamut amuti
hashim axim hashimu
hebibe aibibai
hemit aimiti
hesen aishan hashan
heyit aiyiti haiti aiyite
heyrinisa hairinisha hairinisa
hoshur wushouer wuxiuer wuxuer hushouer
huseyin wusaiyin yusaiyin
husen yushan wushan
ibrahim yibulayin yibulayimu yibulaximu
idris yidelisi yidilisi yidiresi
ilham yilihamu
ilyas yiliyasi
imam yimamu
imin yiming yimin aimin
iminjan yimingjiang
ismayil simayi simayili yisimayili
islam yisilamu
israyil yisilayili
jalal jialali
jamal jiamali
jan jiang
jappar jiapaer
jelil jialili jielili
jemile jiamila
jume jumai juma
juret zhureti zhuolaiti
kamil kamili
kerim kelimu kerimu
kurash kuraxi
mahinur mayinuer
mahire mayire
mahmut mahemuti mamuti
mehmut maihemuti
mehriban mairiban
mehrigul mairiguli miriguli miliguli
memet maimaiti maimeiti mamaiti memeti
meryem maireyamu mairiyamu
mewlan mawulan
mexsum maihesumu
mexsut maihesuti
mijit mijiti
mirehmet mirehemaiti
molla maola
muhter muhetaer
muhemmet muhanmode muhamaiti muhaimaiti
mukerrem mukereimu mukeremu
munire munire
murat mulati
musa musha
mutellip mutalifu mutailifu
muzapper muzhapaer mozhapa muzhapa
nasir nasier
nighmet nimaiti
niyaz niyazi
nizamidin nizhamuding
nur nuer
nurgul nuerguli
obul wubuli
omer wumaier
osman wusiman
patigul patiguli
patime patiman patima
perhat paerhati
peride palidan
polat fulati bolati pulati
qadir kadeer kadier
qari kari
qasim kasimu
qeyser kaisaier
qelbinur kailibinuer
qeyum keyoumu kayoumu
qurban kuerban
rabiye rebiya
rahile reyila
rahman reheman
raziye reziya
rehim reyimu rehemu
rehmet rehemaiti
reshit rexiti
reyhan reyihan
rishat rixiati
rizwan reziwan
roshen ruxian rouxian
rozi rouzi ruzi
ruqiye roukeya
sabir shabier sabier
sadiq shadike sadike
salam salamu
salih salayi shalihe
sawut shawuti
sayim shayimu
sayit shayiti
sayragul shayilaguli sayilaguli
selime salimai
semet saimaiti
seley sailai
setter shataer sataer
seypidin saifuding
seyit saiyiti
shir xier
shireli xiereli xieraili
shohret xiaohelaiti xiaokelaiti
shawket xiaokaiti
sherip xielifu
shirzat xierzhati
shukur xukuer shukuer xikuer
sidiq sidike
sulayman sulaiman
sultan sulitan
tahir tayier
tashpolat taxifulati tashibolati
telet tailaiti
teyip tayifu teyibai tiyipu
tohti tuoheti tuheti tuohuti tuohati
tomur tiemuer tumuer
tuniyaz tuniyazi
turap tulapu
turdi tuerdi
turghan tuergan
turghun tuerhong tuergong tuergun
tursun tuerxun tuersun
uyghur weiwuer
weli waili wali
wahit wayiti
xaliq halike
xelil halili hailili
xan han
yaqup yakufu yahefu
yasin yasen yasheng yaxin yaxing
yultuz yulituzi
yunus yunusi
yusup yusufu yusupu
zakir zhakeer zhakier
zeynep zainafu
zohre zuohere
zordun zuerdong zordong
zulpiqar zulipukaer
zulpiye zulifeiya
zumret zaomure zumureti
zunun zunong`, "\n")

// uyghurElements are what spellings in Pinyin say, by the spelling.
var uyghurElements = func() map[string]string {
	m := map[string]string{}
	for _, line := range uyghurSpellings {
		name, spellings, _ := strings.Cut(line, " ")
		for _, s := range strings.Fields(spellings) {
			m[s] = name
		}
	}
	return m
}()

// elements gives what a word in Pinyin says in Uyghur, as far as it is made of
// uyghurElements; "" if it is made of none.
func elements(pinyin string) string {
	w := strings.ReplaceAll(pinyin, "dou", "du") // 都
	out, found, _ := elementwise(w, func(from, to int) string {
		if name := uyghurElements[w[from:to]]; name != "" && (to == len(w) || syllabled(w[to:])) {
			return name
		}
		return ""
	})
	if found == 0 {
		return ""
	}
	return out
}

// elementwise says a word anew by its elements, the longest first: say gives what stands
// from one place to another, "" if that is no element. It counts the elements, and the
// letters of none, which are kept as they are.
func elementwise(w string, say func(from, to int) string) (out string, found, kept int) {
	var b strings.Builder
next:
	for i := 0; i < len(w); {
		for n := min(longestElement, len(w)-i); n >= shortestElement; n-- {
			if said := say(i, i+n); said != "" {
				b.WriteString(said)
				found++
				i += n
				continue next
			}
		}
		b.WriteByte(w[i])
		kept++
		i++
	}
	return b.String(), found, kept
}

const shortestElement, longestElement = 3, 12

// syllabled reports whether w begins as a syllable of Pinyin may.
func syllabled(w string) bool {
	for n := min(6, len(w)); n > 0; n-- {
		if syllable(w[:n]) {
			return true
		}
	}
	return false
}

// addElements adds to each part, spelt by way of Pinyin, what is said in Uyghur.
func addElements(ps []part) {
	for i := range ps {
		if e := elements(ps[i].text); e != "" {
			ps[i].codes = appendNew(ps[i].codes, uyghur.rewrite(e))
		}
	}
}
