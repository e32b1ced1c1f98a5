package match

import "strings"

func set(s string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(s) {
		m[w] = true
	}
	return m
}

// Particles join names and are left out as easily as they are put in.
// Written from memory, to be checked against: CLDR person-name data ("surname prefix") and UK Home Office, "A Guide to
// Names and Naming Practices" (2006).
var particles = set(`al el ul ad an ar as ash at az bin bint ibn ben bn ould oglu ogly uly kyzy kizi gizi van von der den de da di do dos das del della la le du des lo y e i
	zu zum zur ten ter af av au ur wa ud od ut us uz il aka`)

// Titles and honorifics, which lists take for names. Written from memory, to be checked against: as above, and the
// "title" field of the UN consolidated list.
var titles = set(`dr doctor baroness baron mag prof ing dipl med phil jur univ msc mba bsc phd eng hon sir lady lord dame mr mrs ms mme mlle hadji haji hajji haj sheikh shaikh shaykh sheik cheikh chaykh
	mullah mulla maulavi mawlawi mawlavi maulawi qari general gen col maj capt brig jr sr junior senior ii iii iv ml st csc dott avv rer nat ddr bakk mgr judr mudr phdr rndr paeddr jnr snr baroness barone baronin baronne freiherr freifrau viscount countess prinz prinzessin general colonel brigadier alhaj alhaji`)

// Parts that millions share: they tell little of who somebody is. By their code in
// the western system, so that spellings fall together. Written from memory, to be checked against: Wikipedia's lists of
// the most common surnames and given names by region (CC BY-SA 4.0), the first of each.
var commonParts = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(`mohammed mohamed muhammad mohammad muhammed mahomed mehmet mamat memet ahmed ahmad ahmet ali hassan hasan hussein hussain husain hossein husayn huseyin ibrahim
	omar umar khalid khaled abdallah abdullah abdulla abdul abdel abd mustafa mostafa yusuf youssef yousef yusef ismail mahmoud mahmud mehmud said saeed sayed sayyid seyed syed salim salem saleh
	salih hamid karim rahim rashid nasir nasser jamal kamal abu abou umm khan shah reza hamza bilal idris musa isa issa yasin yassin osman othman usman amin emin aziz rahman fatima fatma aisha zahra
	maryam mariam zeynab khadija mehdi mahdi akbar hassani hosseini husseini ahmadi mohammadi rahimi karimi haidar haider jafar sadiq abbas
	mehmet mustafa yilmaz kaya demir celik sahin yildiz ozturk aydin arslan kemal suleyman suleiman
	ivan ivanov ivanova petrov petrova sidorov kuznetsov popov smirnov sokolov novikov volkov morozov alexander aleksandr alexandr sergey sergei andrey andrei alexey aleksei dmitry dmitri vladimir viktor
	victor yuri yury igor oleg nikolai nikolay mikhail michail pavel konstantin evgeny yevgeny maxim anton roman denis vadim valery anatoly boris elena olga natalia natalya irina tatiana svetlana maria marina anna ekaterina ludmila galina
	aleksandrovich alexandrovich sergeevich vladimirovich nikolaevich ivanovich mikhailovich viktorovich anatolievich vasilievich alekseevich petrovich yurievich andreevich dmitrievich aleksandrovna
	john james robert michael mike william david richard thomas tom charles joseph joe george paul peter pieter mark martin daniel andrew steven stephen jean pierre jacques michel marie jose juan carlos luis
	jorge antonio manuel francisco pedro jesus miguel maria rafael fernando garcia rodriguez martinez hernandez lopez gonzalez gonzales perez sanchez ramirez torres flores rivera gomez diaz cruz morales
	reyes gutierrez ortiz silva santos oliveira souza pereira ferreira costa smith johnson williams brown jones miller davis wilson anderson taylor moore jackson white harris thompson lee lewis walker
	hall allen young king wright scott hill green adams baker nelson mitchell roberts hans klaus peter wolfgang josef franz karl andreas thomas stefan michael muller mueller schmidt schneider fischer weber meyer
	wagner becker schulz hoffmann marco giuseppe giovanni antonio mario luigi rossi russo ferrari jan piotr andrzej krzysztof stanislaw tomas jiri petr novak ion gheorghe maria ana lars erik ole johan anders per
	hansen johansen olsen larsen andersen pedersen nilsson johansson andersson karlsson
	nguyen tran le pham huynh hoang phan vu vo dang bui do ho ngo duong ly van thi thanh minh duc hong hung anh ngoc quang tuan hoa hai phuong binh thu xuan huu dinh trung kim
	kim lee yi ri rhee li park pak bak choi choe jung jeong chung chong jong kang gang cho jo yoon yun jang chang lim im rim han oh seo shin kwon hwang ahn an song yong young yeong jin sung
	wang zhang chen liu yang huang zhao wu zhou xu sun ma zhu hu guo he lin gao luo zheng liang xie tang feng deng cao peng zeng xiao tian dong pan yuan cai jiang yu du ye cheng wei su lu ding ren shen
	chan wong cheung leung lau ng ho yip tsang tan lim ong goh chua teo koh sim low
	singh kumar sharma devi das ram lal gupta patel begum akhtar ullah uddin haq gul jan agha haji ahmadzai
	georgiev georgieva dimitrov dimitrova nikolov nikolova hristov stoyanov todorov todorova iliev vasilev atanasov petkov angelov kolev yordanov iordanov jordanov marinov popescu ionescu popa horvat kovacs nagy szabo toth varga
	fernandez alvarez romero ruiz alonso dominguez vazquez ramos gil castro ortega delgado mendoza rojas medina aguilar vargas guerrero herrera chavez munoz soto mendez rios salazar angel alejandro eduardo ricardo alberto roberto javier
	ben haj traore diallo keita coulibaly barry jallow ousmane moussa amadou mamadou oumar ibrahima`) {
		m[western.rewrite(w)] = true
	}
	for _, w := range strings.Fields(servantOf) {
		m[western.rewrite("abd"+w)] = true
	}
	return m
}()

// servantOf are what names of two words with "servant of" are commonly made with,
// as partsOf joins them. Source: as commonParts.
const servantOf = "rahman raman ramon rehman rahim raheem rehim aziz karim kareem kerim latif hamid hameed hamit kadir qadir qader khader kader salam salem samad majid wahab wahid hadi nasir nasser ghani halim hakim razak razzaq rashid rasul malik jabbar jalil fattah"

// isPatronymic knows a Russian, Ukrainian, Belarusian or Bulgarian patronymic by
// its ending (Bulgarian ones end as surnames do and are not told apart).
func isPatronymic(w string) bool {
	if len(w) < 6 {
		return false
	}
	for _, e := range [...]string{"ovich", "evich", "avich", "yvich", "ovitch", "evitch", "ovych", "evych", "avych", "iovych", "ovic", "evic", "ovna", "evna", "ivna", "ichna", "inichna", "auna", "euna", "ouna", "yevna", "ievna", "owitsch", "ewitsch", "iyovych", "jevic", "ovyc", "evyc", "ovits", "evits"} {
		if strings.HasSuffix(w, e) {
			return true
		}
	}
	return false
}

// feminine reports whether a patronymic is a daughter's.
func feminine(patronymic string) bool { return strings.HasSuffix(patronymic, "a") }

// The few that whole countries share.
var commonest = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(`mohammed mohamed muhammad mohammad mehmet mamat memet mahamat ahmed ahmad ahmet ali hassan hasan hussein hussain ibrahim brahim omar khalid abdullah abdallah mustafa yusuf youssef
	mahmoud mahmud said saeed salem saleh salih sayed seyed syed khan shah abu reza hamza mohammadi ahmadi hosseini ahmadou mamadou amadou
	ivan sergey sergei alexander aleksandr andrey andrei alexey aleksei dmitry vladimir nikolai nikolay mikhail ivanov ivanova petrov petrova ivanovich nikolaevich vladimirovich aleksandrovich alexandrovich
	maria jose juan carlos antonio garcia rodriguez hernandez gonzalez martinez lopez perez jean pierre john peter david michael thomas
	nguyen tran le pham van thi thanh minh duc hong ngoc hoang duong dinh quang tuan huu xuan thu hung do vu bui
	kim lee ri yi pak park choe choi jong jung chong chung kang cho jo wang li zhang chen chan liu yang wu lin lim huang wong tan singh`) {
		m[western.rewrite(w)] = true
	}
	for _, w := range []string{"lah", "llah", "ullah", "ula", "la"} {
		m[western.rewrite("abd"+w)] = true
	}
	return m
}()

// Endings that families of a language share: what tells names apart stands before
// them. Written from memory, to be checked against: Wiktionary, "Category:Surname suffixes" by language.
var endings = strings.Fields(`ovich evich ovych evych avich yovych enko anko chenko ovska owska evska ewska ovski owski evski ewski skaya skaia ska ski inski ov ev ova eva yev yeva ou au in ina yan ian idze shvili adze adis poulos opoulos akis ides escu eanu
	son sen sson dottir berg stein mann man ez es oglu zade zadeh pour pur nejad nezhad zai zay ullah ulla uddin eddine addin ini ani elli etti ucci ic ovic evic kova ikova ikov nik kiewicz wicz ella illo eau ard bay bek jan dzhan gul qul tash`)

// adjectives are the ways to spell the ending of Slavic family names in -ski, the longest first.
var adjectives = strings.Fields("skiy skii skij skyi skyy skyj sky")

// stem takes the longest known ending off a part of six letters or more.
func stem(w string) (string, string) {
	best := ""
	for _, e := range adjectives {
		if rest, ok := strings.CutSuffix(w, e); ok {
			w = rest + "ski"
			break
		}
	}
	if len(w) >= 6 {
		for _, e := range endings {
			if len(e) > len(best) && len(w) >= len(e)+3 && strings.HasSuffix(w, e) {
				best = e
			}
		}
	}
	return w[:len(w)-len(best)], best
}

// Endings that Latvian and Lithuanian put to every man's name, foreign ones too, and
// Czech and Slovak to women's family names. Written from memory, to be checked
// against: Latvian Cabinet Regulation 114 (2004) on personal names, and Internetová
// jazyková příručka, "Přechylování".
var (
	balticEndings = []string{"ijs", "js", "is", "as", "us", "s"}
	czechEnding   = "ova"
)

// baltic reports whether all of a name, two parts or more, stands in the nominative
// that Latvian and Lithuanian men's names have. A given name that ends so by itself,
// as Hans and Georgios do, is another people's: Latvian writes Hanss.
func baltic(ps []part) bool {
	n := 0
	for i := range ps {
		if ps[i].initial {
			continue
		}
		if len(ps[i].text) < 3 || ps[i].text[len(ps[i].text)-1] != 's' || len(variantOf[ps[i].text]) > 0 {
			return false
		}
		n++
	}
	return n > 1
}

// bare adds to the parts of a name the codes they have without such endings.
func bare(s *system, ps []part) {
	all := baltic(ps)
	for i := range ps {
		p := &ps[i]
		if all && !p.initial {
			for _, e := range balticEndings {
				if w, ok := strings.CutSuffix(p.text, e); ok && len(w) > 1 {
					p.codes = appendNew(p.codes, s.rewrite(w))
				}
			}
		}
		if w, ok := strings.CutSuffix(p.text, czechEnding); ok && len(w) > 3 && len(variantOf[w]) == 0 && !commonParts[s.rewrite(w)] {
			p.codes = appendNew(p.codes, s.rewrite(w))
		}
	}
}
