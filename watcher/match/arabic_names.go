package match

import (
	"slices"
	"strings"
)

// arabicNames says how given names that very many have are read: Arabic script leaves
// their vowels out, and writes Western names by ear. Each line has the spellings in
// Arabic letters, a slash, and the customary ones in Latin letters, which are spellings
// of one another in no other script. Written from memory, to be checked against: for
// Arabic and Persian names the ALA-LC romanisation tables (2012) and Wikipedia's lists
// of given names (CC BY-SA 4.0); for Western ones the titles of Persian and Arabic
// Wikipedia's articles about people so named.
const arabicNames = `محمد/muhammad mohammad mohamed
احمد/ahmad ahmed
محمود/mahmud
علي/ali
حسن/hasan hassan
حسين/husayn hussein hossein
عمر/umar omar
عثمان/uthman othman osman
مصطفي مصطفى/mustafa mostafa
مرتضي مرتضى/murtada murtaza morteza
موسي موسى/musa
عيسي عيسى/isa
يحيي يحيى/yahya
مجتبي مجتبى/mujtaba mojtaba
رضا/reza rida
حميد/hamid
حامد/hamed hamid
مهدي/mahdi mehdi
هادي/hadi
ابراهيم/ibrahim ebrahim
اسماعيل/ismail esmail
يوسف/yusuf yousef
يعقوب/yaqub
اسحاق/ishaq eshaq
سليمان/sulayman soleiman
داود داوود/dawud davud
خالد/khalid khaled
سعيد/said saeed
سعد/saad
سالم/salim salem
سليم/salim
سلمان/salman
صالح/salih saleh
صادق/sadiq sadegh
جعفر/jafar
كاظم/kazim kazem
قاسم/qasim ghasem
ناصر/nasir nasser naser
نصر/nasr
منصور/mansur
مسعود/masud masoud
محسن/muhsin mohsen
مجيد/majid
مبارك/mubarak
كريم/karim
رحيم/rahim
رحمن رحمان/rahman rehman
رشيد/rashid
راشد/rashid rashed
عزيز/aziz
جمال/jamal gamal
كمال/kamal
جلال/jalal
بلال/bilal
هلال/hilal
طلال/talal
طارق/tariq tarek
فيصل/faysal faisal
فهد/fahd
فؤاد/fuad
فاروق/faruq farooq
فتح/fath fatah
حمزه/hamza hamzeh
عباس/abbas
حيدر/haydar heydar
اكبر/akbar
اصغر/asghar
انور/anwar anvar
اشرف/ashraf
اسامه/usama osama
امين/amin
امير/amir
ايمن/ayman
عادل/adil adel
عاصم/asim asem
عصمت/ismat esmat
عامر/amir amer
عمار/ammar
عماد/imad emad
عمران/imran emran
غلام/ghulam gholam
ضياء ضيا/diya ziya zia
نور/nur nour noor
نعيم/naim
نبيل/nabil
هشام/hisham
هاشم/hashim hashem
وليد/walid
ولي/wali vali
ياسر/yasir yasser
ياسين/yasin
زياد/ziyad
زكريا/zakariya
شريف/sharif sherif
شفيق/shafiq
شيخ/shaykh
سيد/sayyid sayed seyed said
شاه/shah
خان/khan
حسان/hassan
حاتم/hatim hatem
حبيب/habib
حكيم/hakim
حنيف/hanif
خليل/khalil
لطيف/latif
مالك/malik
نادر/nadir nader
نجيب/najib
رامي/rami
رمضان/ramadan ramazan
سامي/sami
سمير/samir
صلاح/salah
ظاهر/zahir zaher
طاهر/tahir taher
فاضل/fadil fazel
فضل/fadl fazl
فريد/farid
قدير/qadir
قادر/qadir
بشير/bashir
بكر/bakr
ابوبكر/abubakr
انس/anas
اياد/iyad
بدر/badr
بهرام/bahram
بهروز/behruz
بهمن/bahman
پرويز/parviz
جواد/javad jawad
داريوش/dariush
رستم/rostam
روحاني/rohani rouhani
شهرام/shahram
سهراب/sohrab
فرهاد/farhad
كامران/kamran
كيوان/keyvan
مهران/mehran
هوشنگ/hushang
فاطمه/fatima fatemeh
مريم/maryam
زهرا زهراء/zahra
زينب/zaynab zeinab
عايشه عائشه/aisha
خديجه/khadija
ليلي ليلى ليلا/layla leila
الهه/elaheh elahe
نرگس/narges
نسرين/nasrin
مينا/mina
معصومه/masumeh
نسيم/nasim
گل/gul gol
دين/din
الله/allah
اخوند/akhund
زاده/zadeh zada
احمدي/ahmadi
محمدي/mohammadi
حسيني/husayni hosseini
موسوي/musavi mousavi
كريمي/karimi
رضايي/rezaei
/
جان جون/john
جك/jack
جيم/jim
جيمز جيمس/james
جرج جورج/george
جوزف جوزيف/joseph
جو/joe
جري/jerry
جف/jeff
جيسون/jason
مايك/mike
مايكل/michael
ميشل ميشال/michel
مارك/mark marc
مارتين مارتن/martin
ماتيو متيو/matthew
ديويد ديفيد/david
دانيل دانيال/daniel
دني داني/danny
دان/dan
رابرت روبرت/robert
ريچارد ريتشارد/richard
راجر روجر/roger
ران رون/ron
رونالد/ronald
ريموند/raymond
ادوارد/edward
اد/ed
اندرو آندرو/andrew
آنتوني انتوني/anthony
الن آلن الان/alan allen
الكساندر/alexander
اريك/eric erik
استيو ستيف/steve
استيون ستيفن استيفن/stephen steven
اسكات سكوت/scott
باب بوب/bob
بابي/bobby
برايان/brian bryan
بروس/bruce
بن/ben
بنجامين/benjamin
بيل/bill
پل بول/paul
پيتر بيتر/peter
پاتريك باتريك/patrick
پير بيير/pierre
تام توم/tom
توماس تامس/thomas
توني/tony
تيم/tim
تد/ted
چارلز تشارلز/charles
شارل/charles
چارلي/charlie
كريس/chris
كريستوفر/christopher
كريستين/christian christine
كلاوس/klaus
كنت كينيث/kenneth
كوين كيفن/kevin
فرانك/frank
فرانسوا/francois
فيليپ فيليب/philip philippe
فرد/fred
لري لاري/larry
لوئيس لويس/louis luis
هنري/henry henri
هانس/hans
ولفگانگ/wolfgang
ويليام وليام/william
والتر/walter
ژان جان/jean
ژاك جاك/jacques
ژوزه/jose
خوسه خوسيه/jose
خوان/juan
كارل/karl carl
كارلوس/carlos
كارول/carol
الكس/alex
نيك/nick
نيكلاس نيكولا/nicholas nicolas
جوليا/julia
جودي/judy
مري ماري/mary marie
ماريا/maria
مارگارت/margaret
كاترين/catherine
اليزابت اليزابيث/elizabeth
هلن/helen
سوزان/susan
سارا ساره/sara sarah
آنا انا/anna
جين/jane gene
سام/sam
ساموئل/samuel
سايمون/simon
گري/gary gerry
گرگ/greg
گوردون/gordon
دونالد/donald
داگلاس/douglas
دنيس/dennis denis
دونا/donna
آرتور/arthur arturo
آلبرت/albert
آوستين آستين/austin
روپرت/rupert
رودي/rudy
هرمان/hermann
گرهارد/gerhard
يوهان/johan johann
يورگن/jurgen
اولاف/olaf
سرگئي/sergei
ولاديمير/vladimir
ميخائيل/mikhail
نيكلاي/nikolai
ديميتري/dmitri
`

// vocalised are the readings of arabicNames by their spelling in plainArabic.
var vocalised = func() map[string][]string {
	m := map[string][]string{}
	for _, line := range strings.Split(strings.TrimSpace(arabicNames), "\n") {
		written, read, _ := strings.Cut(line, "/")
		for _, w := range strings.Fields(written) {
			k := plainArabic.Replace(w)
			for _, r := range strings.Fields(read) {
				m[k] = appendNew(m[k], r)
			}
		}
	}
	return m
}()

// vocalisedForm is a name in Arabic letters with its vowels, where those of each part
// are known, or of some of them.
func vocalisedForm(bare form, readings [][]string) []form {
	known := 0
	for _, r := range readings {
		if len(r) > 0 {
			known++
		}
	}
	switch {
	case known == 0:
		return nil
	case known < len(readings):
		// The rest is read by its consonants.
		for i, rs := range readings {
			for _, r := range rs {
				bare.parts[i].codes = appendNew(bare.parts[i].codes, semitic.spell(r))
			}
		}
		return nil
	}
	f := form{sys: western, script: arabic, name: bare.name}
	for i, rs := range readings {
		p := part{text: rs[0], at: bare.parts[i].at, family: bare.parts[i].family}
		for _, r := range rs {
			p.codes = appendNew(p.codes, western.spell(r))
			for _, g := range groupsOf(r, false) {
				if !slices.Contains(p.groups, g) {
					p.groups = append(p.groups, g)
				}
			}
		}
		p.weight = weigh(western, p.codes[0], p.text)
		f.parts = append(f.parts, p)
	}
	return []form{f}
}

// plainArabic takes the letters together that one keyboard has for the other's.
var plainArabic = strings.NewReplacer("أ", "ا", "إ", "ا", "آ", "ا", "ی", "ي", "ى", "ي", "ک", "ك", "ہ", "ه", "ة", "ه", "ۃ", "ه")

// arabicReadings are the readings of the names that are Arabic or Persian.
var arabicReadings = func() map[string]bool {
	m := map[string]bool{}
	own, _, _ := strings.Cut(arabicNames, "\n/\n")
	for _, line := range strings.Split(own, "\n") {
		_, read, _ := strings.Cut(line, "/")
		for _, r := range strings.Fields(read) {
			m[r] = true
		}
	}
	return m
}()
