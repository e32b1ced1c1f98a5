package match

import "strings"

// sameNames has a line for each given name that languages or families write so
// differently that no likeness of letters shows it. Written from memory, to be checked against: Wiktionary,
// "Appendix:Names" (cross-language given names and diminutives), CC BY-SA 4.0; for
// East Slavic names Unbegaun, "Russian Surnames" (1972), and the passport spelling of each country; for
// Western names as Russian writes them (here in the letters of cyrillicLetters) Gilyarevsky and Starostin,
// "Inostrannye imena i nazvaniya v russkom tekste" (1985).
const sameNames = `vladimir uladzimir volodymyr wladimir volodimir vladymyr uladimir
nikolai nikolay mikalai mykola mikola nicholas nicolas nikola miklos mikalay nikolaj nikolas nikolaus nicolae niccolo nik nico nick nikos niko nicky nic
sergei sergey siarhei serhii serhiy serge sergio syarhey siarhiej serguei sergej serhij
alexander aleksandr aliaksandr oleksandr alexandre alejandro alessandro aleksander sandor alex sasha aliaksander alyaksandr olexandr oleksander alexandr alexandru iskander skender iskandar aleks alekzander
alexei alexey aleksei aliaksei oleksii oleksiy alyaksey aleksej olexiy alexis
evgeny evgeniy yevgeny yevgeni yauhen yevhen eugene ievgen yauheni evgenii jewgeni yevgenii evgueni evgenij yevheniy yudzhin ezhen
dmitry dmitri dzmitry dzmitriy dzmitryj zmitser zmicer zmitsier dmytro dimitri dmitriy dzmitri dima dimitry dimitar dmitrii dmitrij dmytrii
andrei andrey andrii andriy andrew andreas andre andres andrej andrzej andrea andras ondrej andy endryu endi
oleg aleh oleh
igor ihar ihor
pavel pavlo paval paul pablo paolo pawel paulo pol
mikhail mikhaylo mykhailo mikhas michael mihail michel miguel michele mihai mike mick mickey mischa misha mikhailo mihails mikael michal mykhaylo mihajlo michail maikl maik mishel migel mikhael
grigory grigoriy ryhor hryhorii gregory grzegorz gregor gregorio hryhoriy grigori greg grigorij gregori
vasily vasiliy vasil vasyl basil vassili vasile wassili vasilij vasili
petr pyotr piotr petro peter pedro pierre pietro pyatro petar pete piatro petru pieter piter peer per
ivan john johann jean juan giovanni jan johannes joao ioan jack johnny jon ian jonny hans dzhon dzhonni dzhek iogann iokhann zhan khuan yukhan yokhan
yuri yury yurii yuriy iurii jurij juri iouri george georgy georgi georges jorge giorgio georg heorhii jerzy gheorghe yurij iury yuriis jiri georgios dzhordzh zhorzh khorkhe
anatoly anatoli anatol anatolii anatoliy anatolij
valery valeri valerii valeriy valerij valerie
viktor victor viktar vittorio
vitaly vitali vitalii vitaliy vital vitalij
viacheslav vyacheslav viachaslau viacheslau vyachaslau
stanislav stanislau stanislaw stanislas
vladislav uladzislau vladyslav wladyslaw ladislav uladzislav
leonid leanid
gennady gennadi henadz hennadii genadz gennadiy gennadij henadzi
arkady arkadz arkadii arkadi
konstantin kanstantsin kostiantyn constantin constantine kastus kostyantyn konstantinos
kirill kiryl kyrylo cyril cyrill kyril
denis dzianis denys dionisy
maxim maksim maksym maxime massimo
artem artsiom artyom artsem
timofei tsimafei timothy tymofii timoti tim
stepan stephen stefan steven steve etienne esteban stephan stefano istvan stsiapan szczepan stiven stefen stiv shtefan eten
fyodor fedor fiodar theodore fedir teodor ted
yakov yakau jacob james jakob jakub jim jimmy jacques giacomo jaime santiago dzheims dzhim dzhimmi zhak khaime yakob
iosif joseph jose josef giuseppe joe jozef yusuf youssef yazep yosyp iosep josip joey dzhozef dzho zhozef khose iozef pepe chepe beppe peppe sepp
olga volha olha
natalia natalya natallia nataliia natalie nataliya natasha natallya nathalie natalija
elena yelena alena olena helena helen helene jelena ellen eleni ilona khelen elen
ekaterina yekaterina katsiaryna kateryna catherine katherine katarina kathryn catalina katarzyna katrin kate kathy cathy cathryn jekaterina ketrin keterin
anna hanna ganna anne ana ann annie enn
tatiana tatyana tatsiana tetiana tatjana tetyana tacciana
irina iryna irene irena
svetlana sviatlana svitlana
ludmila lyudmila liudmila liudmyla ludmilla
galina halina halyna
yulia yuliya yuliia julia iuliia julie dzhuliya zhuli
maria mariya maryia mariia mary marie maryna meri
margarita marharyta margaret marguerite marharita peggy maggie margarit
eugenia yevgenia yauheniya evgenia yevheniia
vera viera
daria darya dariia
william bill will billy wilhelm guillaume guillermo willem willy liam guglielmo willi uilyam uiliam villyam vilyam vilgelm billi uill viliam vilkhelm giiom
robert bob rob bobby bert roberto robin rober bobbi
richard dick rick ricky rich ricardo riccardo rishar rikhard dik rik
edward ed eddie ted eduard edouard eduardo edvard eddi
thomas tom tommy tomas tomasz tommaso toma
anthony tony antonio antoine anton antony antonin antoni entoni toni antuan teun toon ton tonio nino
charles charlie chuck carlos karl carl carlo karel karol charlz sharl chak
henry harry hank heinrich henri enrique enrico hendrik henryk henrik heinz genri anri genrikh khenri garri kherri enrike
francis frank francisco francesco francois franz franciszek fran franco paco frensis frenk fransua fransis frantsisko frants frantsishek pancho chico cisco
frederick fred freddie friedrich frederic federico fritz fredrik frederik fridrikh
lawrence larry laurence lorenzo laurent lars lourens loran lorens
daniel dan danny danilo daniele deniel den denni
david dave davy deivid devid
donald don donny
kenneth ken kenny kennet
ronald ron ronny ronnie
raymond ray ramon reimond remon
gerald jerry gerry gerard gerardo gerhard dzherald zherar gerkhard
matthew matt matteo mateo matthias mathieu mateusz matthieu matias mettyu metyu mate
christopher chris christoph christophe cristobal kristof krzysztof kit kristofer khristofor
samuel sam sammy semyuel sem samyuel
benjamin ben benny bendzhamin benzhamen
patrick pat paddy patricio patrik
philip phil philippe felipe filippo filip phillip
stuart stewart stu
timothy tim timmy
gregory greg
jeffrey jeff geoffrey geoff dzheffri dzhef dzhefri
leonard len lenny leonardo leonhard
nathaniel nathan nat nate
peter pete
walter walt wally uolter valter
albert al bert alberto albrecht alber
alfred fred alf alfredo
elizabeth liz beth betty elisabeth lisa elisabetta isabel isabelle eliza bess lizzie elizabet elizaveta izabel
susan sue susie susanne suzanne susanna zuzana syuzan
deborah debbie deb
barbara barb
patricia pat patty patti tricia
jennifer jenny jen dzhennifer
pamela pam
judith judy
cynthia cindy
sandra sandy
jacqueline jackie
kimberly kim
michelle michele
louis luis luigi lewis ludwig lajos lou louie lui lyuis lyudvig
joachim joaquin joao ioakhim yoakhim khoakin zhoakim yoachim joakim jochen
stephanie stefanie steffi
nicholas nick nico klaus nicolas nikos
vincent vincenzo vicente vince vinnie vinsent vensan
rudolf rudolph rudolfo rudi rudy
ernst ernest ernesto ernie
eugene gene
martin marty martino marten
victoria vicky viktoria viktoryia
xavier javier ksave khaver
guadalupe lupe
ignacio nacho ignacy
mohammed muhammad mohamed mohammad muhammed mahomed mehmet mamat memet mehmed mamadou mohamad muhamad muhammet maimaiti mahammad magomed mukhamed muhemmed mohd mouhamed mahamat
ahmed ahmad ahmet akhmad akhmed ehmet ahmadou amadou ehmed akhmet
hussein husain hussain hussayn husayn hossein husseyin huseyin hoseyn hocine houcine huseyn hosein gusein
hassan hasan hesen hassen khasan gasan hasen
yusuf youssef yousef joseph yusif yusup youssouf yousuf yusef youcef yosef
ibrahim ebrahim brahim abraham avraham ibrohim ibragim ibrahima abram
ismail esmail ismael ismoil ismayil smail ismaila
suleiman sulaiman suleyman soleiman slimane solomon souleymane sulayman sulejman sulaymon
dawud daud davud dawood daoud dovud david dawut davut
yaqub yakub yakup jacob yaghoub yacoub yaqoub yaqup yakov
musa moussa mousa moses mose musse
isa issa eisa essa eysa aisa
ishaq isaac ishak eshaq izhak yitzhak itzhak
harun haroun haron aaron
ilyas elias eliyas elyas ilias
omar umar omer umer oumar
osman othman usman uthman ousmane osmon
mahmoud mahmud mehmud mahmood mahmut
mustafa mostafa moustafa mustapha mustafo mostapha
jafar jaafar cafer djafar dzhafar
khalid khaled halid halit xalid
said saeed sayeed seid saad
abdullah abdallah abdulla abdoulaye abdollah abdullo abdula
qasim kasim ghassem qassem kassem kacem gasim ghasem
gulam ghulam gholam
hamid hameed hamed khamid
reza rida ridha riza
zia ziya diya dhia zeya
mark marc marco marcus markus marek marcos marko
alan allan allen alain alen
simon saimon simeon semyon semen szymon
neil nil neal niall
brian bryan braian bryant
graham greem graeme grekhem
roger rodzher rozhe ruediger rudiger rodzer
hugh khyu hugues hugo ugo
ian ien iain
keith kit
stuart styuart
nigel naidzhel
clive klaiv
gordon
jean zhan
luc lyuk luk luke lucas lukas luca lukasz
gilles zhil
guy gi
yves iv
didier dide
olivier olive oliver
bernard bernar bernhard berngard bernardo bernd
alain alen
benoit benua benedikt benedict benito
laurent loran
thierry terri teri
jurgen yurgen juergen
gunter gyunter guenter guenther
jorg yorg joerg
manuel manolo manny emanuel manoel emmanuel immanuel
rafael rafa raphael raffaele rafal rafaele
ignacio nacho nachito nachillo
enrique quique kike
eduardo lalo edu
alberto beto
roberto beto tito
jesus chuy chucho
guillermo memo
antonio tono toni
cornelis kees cornelius
johannes jan hans hannes
jacob jaap coos
hendrik henk rik
willem wim pim
abraham bram
ulrich uli ulrik
joachim jochen achim
heinrich heiner heinz hinrich
daniel danne danny
jan janne janusz
lars lasse laurentius
nils nisse niels
karl kalle carl
leopold leo poldi
leon leo leonid
alejandro ale alex jandro
aleksandra alexandra ola sandra sasha
malgorzata gosia margaret margarete margarethe greta gretchen
agnieszka agnes ines aga
jadwiga hedwig jadzia
gabriel gabi gabor gavriil gavrilo
adrian adriano adrien hadrian adrianus adriaan
sebastian sebastien sebastiano bastian seb
maximilian max maxi maximiliano
nathalie natalie natasha
veronica veronika vero veronique
teresa theresa therese tere terezia
rosario charo
dolores lola
concepcion concha conchita
pilar pili
josefa pepa
francisca paca paquita`

var variantOf = func() map[string][]uint16 {
	m := map[string][]uint16{}
	for i, line := range strings.Split(sameNames, "\n") {
		for _, w := range strings.Fields(line) {
			m[w] = append(m[w], uint16(i+1))
		}
	}
	return m
}()

// patronymicStem takes a patronymic's ending off and gives the father's name as
// far as it can be told.
func patronymicStem(w string) string {
	for _, e := range [...]string{"iyovych", "iovych", "yevitch", "ievich", "yevich", "yovych", "evitch", "ovitch", "jevic", "owitsch", "ewitsch", "ovich", "evich", "avich", "yvich", "ovych", "evych", "avych", "yevna", "ievna", "iivna", "iyivna", "inichna", "ichna", "ovna", "evna", "auna", "euna", "ouna", "yivna", "ivna", "ovic", "evic", "ovyc", "evyc", "ovits", "evits"} {
		if s, ok := strings.CutSuffix(w, e); ok && len(s) >= 3 {
			return s
		}
	}
	return ""
}

// patronymicOf maps stems of fathers' names to the names.
var patronymicOf = func() map[string][]uint16 {
	m := map[string][]uint16{}
	for w, ids := range variantOf {
		s := strings.TrimRight(w, "aeiouyj")
		if len(s) >= 3 {
			m[s] = append(m[s], ids...)
		}
	}
	return m
}()

// groupsOf gives the lines of sameNames that a part may belong to; patronymics
// have numbers of their own.
func groupsOf(text string, patro bool) []uint16 {
	if !patro {
		return variantOf[text]
	}
	stem := strings.TrimRight(patronymicStem(text), "aeiouyj")
	if stem == "" {
		return nil
	}
	var out []uint16
	for _, id := range patronymicOf[stem] {
		out = append(out, id|1<<15)
	}
	return out
}

func share(a, b []uint16) bool {
	for _, x := range a {
		for _, y := range b {
			if x == y {
				return true
			}
		}
	}
	return false
}
