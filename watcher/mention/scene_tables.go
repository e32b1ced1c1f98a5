//lint:file-ignore ST1018 Persian is written with U+200C between a stem and its ending.

package mention

// sceneStems are the words by which an arrest, an abduction, a trial or a removal is
// told without its legal name, by language and by what they are of:
//
//	!  danger by itself
//	~  danger by itself, but not on a stage
//	A  those who come: police, agents, masked or armed men
//	M  what they do: force, drag, take, search
//	V  what they take one to, over or off: vehicles, aeroplanes, borders, papers
//	C  courts, and who speaks there
//	K  cells and camps
//	R  asylum, exile, consulates
//	U  silence: no word, no trace
//	H  blows and bonds
//	T  years, of a sentence
//	X  to hand over or send back
//	G  governments and their offices
//	S  sport, stage and print: what is told there in such words is mostly play
//
// Stems are written as in dangerStems. Two words of kinds that go together (see
// together) are danger, one alone but for ! is none. A language's words are looked for in
// texts of that language only: a stem of one is a harmless word of another.
//
// Written from memory by the parts of such scenes (who comes, what they do, where to,
// where one sits, before whom one stands, what is heard after), and not by any set of
// articles; where to check: the entries for these words in Wiktionary, and their
// synonyms there.
var sceneStems = map[string]map[byte]string{
	"en": {
		'!': `bundled+into snatched+from sentenced+to thrown+into+a thrown+into+jail years+in+a+penal sought+by shackl manacl blindfold interrogat whereabouts gunpoint hostage ransom internment interned gulag penal solitary+confinement holding+cell labour+camp labor+camp prison+camp re+education
			on+trial stand+trial stood+trial stands+trial court+martial found+guilty pleaded+guilty pleaded+not pleads+guilty refused+bail denied+bail bail+was+refused bail+was+denied without+bail locked+up in+the+dock
			dragged+from dragged+out dragged+off hauled+off hauled+away forced+onto forced+into forced+aboard pushed+into shoved+into put+on+a+plane put+on+a+flight put+aboard was+handed+over were+handed+over be+handed+over
			been+handed+over handed+over+to handing+over surrendered+to turned+over+to picked+up+by rounded+up went+missing gone+missing reported+missing missing+since not+been+seen not+been+heard no+trace+of no+word+from no+word+of
			no+news+of most+wanted death+sentence life+sentence jail+term firing+squad beatings no+lawyer without+a+lawyer hunger+strike house+arrest travel+ban stripped+of+citizenship passport+was+confiscated
			was+captured were+captured been+captured captured+by strip+search state+security secret+police`,
		'A': `police officer agent agents= plainclothes plain+clothes masked hooded armed soldier gunm patrol intelligence troops commando gendarm militia authorities detective special+forces men+without badges counterterror uniformed security`,
		'M': `forced= forcib forcing bundl dragged dragging shoved seized seizing grabbed snatch hauled picked+up taken+from taken+to taken+off led+out led+barefoot marched escorted whisk rounded raided raid= raids= stormed broke+into broke+down smashed
			handed+over surrender transferred removed+from pulled+from pulled+off pulled+out ordered+out ambush intercept came+for stopped+at stopped+by stopped= held= took+him took+her took+them barged burst+into`,
		'V': `van= vans= car= cars= boot= trunk= minibus jeep vehicle saloon plane= aircraft flight= airport border checkpoint passport visa= convoy runway coach= crossing=`,
		'C': `court courtroom judge judges trial= tribunal hearing prosecut magistrat verdict appeal= bail dock= indictment jury ruling charges= charge= accused offence guilty lawyer attorney extremism treason sedition espionage`,
		'K': `cellmate inmate cell= cells= locked barracks solitary camp= camps= isolation guards= warden transit+room handcuffs`,
		'R': `asylum refugee immigration requesting+state homeland embassy consul exile exiled stateless visa+overstay sent+to returned+to return+to flown+to flown+back`,
		'U': `vanish silence missing= last+seen unreachable relatives family+has+no no+contact no+letter unanswered phone+is+off switched+off nobody+knows`,
		'H': `beaten beating beat= kicked electric tied= bound= gagged hood= barefoot bruise wounded bleeding`,
		'T': `years=`,
		'S': `match= league goals= championship tournament goalkeeper innings wicket tennis football cricket novel film= movie comedy thriller drama= album exhibition theatre theater concert gallery debut screenplay chess`,
		'X': `hand+over handed+over hands+over handing+over transfer surrender send+back sent+back return+of returned= deport turn+over expel removal=`,
		'G': `government ministry minister authorities cabinet officials prosecutor interior embassy`,
	},
	"fr": {
		'!': `menott cagoul entravé menotté maison+d'arrêt centre+de+rétention placé+en+rétention placée+en+rétention assigné+à assignée+à interrogatoire otage rançon banc+des+accusés mitard cachot geôle quitter+le+territoire oqtf
			frappé+pendant perquisition garde+à+vue aucune+nouvelle sans+nouvelle sans+avocat grève+de+la+faim cour+martiale peine+capitale peine+de+mort réclusion perpétuité traduit+en+justice traduite+en+justice comparaît comparaiss cellule+d'isolement
			reconduit reconduite embarqué+de+force embarquée+de+force lieu+inconnu prisonni geôlier bagne livré+aux livrée+aux remis+à+la remise+à+la`,
		'A': `police policier gendarm agents= brigade armés armé militaire soldat patrouille renseignement douanier autorités services individus inconnus escorte commando sécurité hommes+en milice`,
		'~': `on+arrête=`,
		'M': `arrête= arrêter= arrêtent= emmen embarqu force= contraint traîn poussé poussée poussés jeté jetée cueilli saisi intercept conduit emport escort rafl remise= remis= remettre livrer livré transfér capturé capturée arraché fouill descente bloqué bloquée retenu retenue intercepté`,
		'V': `voiture fourgon camionnette véhicule coffre avion vol= aéroport frontière passeport charter embarquement visa= roissy`,
		'C': `tribunal juge juges procureur audience procès cour= chambre+de accusé prévenu box= verdict parquet magistrat instruction= justice= peine= plaid réquisit requiert requis jugement assises défense= avocat inculp`,
		'K': `codétenu cellule barreaux verrous isolement camp= camps= enfermé enfermée`,
		'R': `asile réfugié exil pays+d'origine rétention consul ambassade territoire= apatride renvoyé renvoyée`,
		'U': `disparu disparue introuvable silence sans+trace plus+revu plus+revue plus+donné où+se+trouve où+est+passé visite= injoignable proches=`,
		'H': `frapp coups= battu battue sanglé sanglée sanglées ligot bandés ensanglant roué blessé`,
		'T': `ans=`,
		'S': `match= championnat buts= tournoi demi-finale finale= roman= film= comédie album exposition théâtre concert galerie recueil nouvelle+pièce pétanque rugby football polar scénario`,
		'X': `remise= remis= remettre livrer livré renvoyer renvoi= transfér retour+forcé éloign`,
		'G': `gouvernement ministère ministre autorités préfet parquet intérieur`,
	},
	"es": {
		'!': `esposad banquillo interrog rehén rehenes encañon ni+rastro sin+rastro entre+rejas tras+rejas entre+barrotes tras+barrotes calabozo presidio presos= presas= apres conden rapt captur reclus torturad paliza redada prófug cadena+perpetua pena+de+muerte
			huelga+de+hambre arresto+domiciliario prisión+preventiva sin+abogado sin+noticias incomunicad ingresó+en ingreso+en+prisión se+busca fuga= entregad+al entregada+al fue+entregad será+entregad la+entrega+de a+juicio compareció comparece centro+de+internamiento
			requisitoria sala+de+lo+penal desaparici`,
		'A': `policía policial agentes= patrulla guardia guardias militares soldados encapuchad armados uniformad de+civil sicarios autoridades comando inteligencia fuerzas+de migración gendarm desconocidos`,
		'M': `metieron subieron subió forz arrastr empuj llev+a se+llev se+la se+lo llevaron llevado llevada arranc sacaron sacó retien retuv reten trasladad embarcad intercept cayó+en entrega= entregar irrump allan registr bajaron introduj`,
		'V': `furgón furgoneta camioneta coche carro= vehículo maletero avión vuelo= aeropuerto frontera pasaporte visado patrullero aduana`,
		'C': `fiscal fiscalía juicio= juez jueza tribunal audiencia= sentencia pena= imputad investigad+por alegato abogad juzgad magistrad cargos= delito vista+oral acusación`,
		'K': `compañero+de+celda celda celdas rejas= barrotes campo+de+trabajo encerrad penal= máxima+seguridad ingreso=`,
		'R': `asilo refugi exilio consul embajada país+de+origen de+vuelta+a+su rumbo+al+país apátrida devuelt`,
		'U': `dónde+está silencio+oficial paradero desapare familia+no sin+contacto no+se+sabe nadie+sabe`,
		'H': `golpe golpearon vendad atad maniatad herid sangre esposas= cubrieron+la`,
		'T': `años=`,
		'S': `partido= liga= goles= campeonato torneo novela película comedia álbum exposición teatro concierto galería ajedrez fútbol tenis estrena doblete`,
		'X': `entrega= entregar entregó devolver devuelv traslad expuls`,
		'G': `gobierno ministerio ministro ministros autoridades fiscalía estado+reclamante cancillería interior=`,
	},
	"de": {
		'!': `handschelle fußfessel gefesselt fesseln= anklagebank straflager arbeitslager umerziehung einzelhaft isolationshaft abschiebehaft sicherungshaft schutzhaft auslieferungshaft u+haft haftrichter haftprüf haftstraf kerker jede+spur spurlos verhör geisel lösegeld
			strafkolonie razzia vor+gericht hungerstreik hausarrest todesstrafe lebenslänglich lebenslang geständnis untergetaucht steckbrief in+arrest unbekannten+ort unbekanntem+ort überstellt überstellung abgeholt+von kein+lebenszeichen folter folterte`,
		'A': `polizei polizist polizeib beamte beamten= vermummt maskiert bewaffnet soldat geheimdienst grenzsch grenzbeamt sicherheitskr zivilfahnder spezialeinheit behörden= uniformiert männer+in staatssicherheit`,
		'M': `stießen stieß gestoßen zerr gezerrt schlepp holten geholt brachte+man drängt gedrängt überwältig aufgegriffen festgesetzt festsetz gestoppt stoppt durchsuch stürm aufbrach aufgebrochen zwang gezwungen netz= weggebracht gebracht abtransport mitgenommen nahmen verfrachte`,
		'V': `auto= wagen= kastenwagen lieferwagen transporter kofferraum flugzeug flieger charter flughafen grenze= grenzübergang reisepass pass= maschine= mannschaftswagen kleinbus`,
		'C': `gericht landgericht oberlandesgericht amtsgericht bundesgericht militärgericht verwaltungsgericht richter staatsanw bundesanw generalstaatsanw generalbundesanw prozess verhandlung urteil berufung kammer= verteidig vorwurf vorgeworfen anwalt anwältin senat= landesverrat spionage`,
		'K': `zellengenoss mithäftling zelle= zellen= zellentrakt gitter lager= verlies eingesperrt weggesperrt isoliert`,
		'R': `asyl flüchtling heimat konsulat botschaft exil eilantrag herkunftsland staatenlos ausreise zurückgebracht`,
		'U': `fehlt= verschwunden verschwand verschwinden lebenszeichen kontakt= angehörige unerreichbar schweigen`,
		'H': `schlug= schlugen geschlagen prügel misshand blutig geknebelt augenbinde`,
		'T': `jahre= jahren=`,
		'S': `spiel= liga= tore= meisterschaft turnier roman= film= komödie krimi album ausstellung theater konzert galerie handball fußball schach doppelpack`,
		'X': `übergab übergeb übergabe überstell rückführ ausliefer zurückschick`,
		'G': `regierung ministeri behörde kabinett innenminister justizminister`,
	},
	"tr": {
		'!': `sorguda sorgusu sorguya müebbet zindan rehine fidye infaz+koruma arama+kararı yakalama+kararı ele+geçir teslim+edil teslim+edecek geri+itil evinden+alın evinden+alıp zorla+araca zorla+bindir haber+alınam haber+alama haber+yok açlık+grev ev+hapsi ağır+ceza kelepçe
			idam= idamı idama hücre= hücrede hücresi hücreye tutuksuz+yargıla sanık gözleri+bağl yurt+dışı+yasağı pasaportuna polis+baskın nezaret dövdü dövüld işkence esir`,
		'A': `polis jandarma asker maskeli silahlı sivil+plaka sivil+giyim istihbarat güvenlik+güç ekip emniyet özel+harekât muhafız yetkililer`,
		'M': `zorla bindir götür alındı alınan alıp+götür sürükle itil baskın basıl alıkon çevirip durdur teslim nakled sevk gönderildi yolladı el+kon`,
		'V': `araç= araca araçt aracı aracın minibüs otomobil uçak uçağ havaliman havaalan sınır= sınırd sınırda pasaport kamyonet bagaj`,
		'C': `mahkeme savcı yargı duruşma dava= davas davad hâkim hakim iddianame ceza= cezas cezaya suçlama istinaf temyiz karar= kararı avukat yargıtay başsavcı`,
		'K': `koğuş+arkadaş koğuş parmaklık kamp= kampı kampına merkezinde merkezi’nde`,
		'R': `iltica sığınma sığınmacı mülteci göçmen sürgün konsolos büyükelçi`,
		'U': `nerede= nerde akıbet kayıp kaybol haber= sessizlik ulaşılam görüş= avukatıyla`,
		'H': `darp bağla kanlar yaralı tekme`,
		'T': `yıl= yıla`,
		'S': `maç= lig= ligi gol= golü golle şampiyona turnuva roman film= filmi komedi albüm sergi tiyatro konser satranç`,
		'X': `teslim iade gönderil geri+ver`,
		'G': `hükümet bakanlı makam yetkilil yargıtay devlet`,
	},
	"ru": {
		'!': `признани+под выбили+признан наручник изолятор скамье+подсудимых скрутил затолка мешк+на+голов нет+связи меру+пресечения мера+пресечения меры+пресечения мерой+пресечения карцер строгого+режима общего+режима под+суд под+суда под+следстви допрос допраш избил избит избив автозак
			конвой конвоир этапом этапиров лагер+смерт барак штрафн+изолятор заложник выкуп+за голодовк пожизненн смертн+казн предъявил+обвинен нет+вестей никто+не+видел не+выходит+на+связь похищен исчезла= исчез= исчезнов взяли+под взят+под взята+под
			домашн+арест подозреваем под+конвоем лишени+свободы лишили+свободы объявлен+в выведен выслал задержан лет+тюрьм иноагент статье+ силой+увез вывез+в принудительн насильно+`,
		'A': `власт полиц омон= омоновц спецназ силовик сотрудник оперативник следовател масках= вооружен вооружён неизвестные неизвестными фсб= мвд= погранич жандарм солдат патруль чекист пристав спецслужб люди+в военные`,
		'M': `вывел увел= увели= увёл посад запихн забрал схвати схвач втащи вытащ выволок отвез отвёз передать передал передан переда вломил ворвал обыск захват насильн остановил привез привёз доставил изъял отобрал`,
		'V': `машин микроавтобус фургон газел автомобил внедорожник самолет самолёт рейс борт= трап аэропорт границ паспорт вертолет вертолёт`,
		'C': `суд= суда= суде= судом= суду= судь судеб прокур заседан апелляц следств следовател присяжн трибунал статья= статью статье= вердикт обвин подсудим адвокат преследован защит`,
		'K': `сокамерн камере= камера= камеры= камеру= решетк решётк барак колони лагере лагерь`,
		'R': `убежищ беженц миграц консул посольств эмигра родину= изгнан`,
		'U': `исчез связи= молчит где+он где+она неизвестно свидани вестей новостей+от телефон+молчит`,
		'H': `бил= били= били токо= током= связал связан кров= побо`,
		'T': `лет= год= года=`,
		'S': `матч лига= лиге гол= голов= чемпионат турнир роман= романа фильм комеди альбом выставк театр спектакл концерт галере шахмат повест`,
		'X': `передать передач передал передан переда вернуть возвращ выдат`,
		'G': `власт правительств минист генпрокур мид= посольств страны+`,
	},
	"uk": {
		'!': `зізнан наручник кайданк ізолятор лаві+підсудних скрутил заштовха заштовх мішк+на+голов немає+зв'язку запобіжн+захід карцер суворого+режиму загального+режиму під+суд під+слідств допит допиту побит побил автозак конвой етапу етапован заручник викуп+за голодув довічн
			смертн+кар безвіст зник= зникла= зникнен взяли+під взято+під взята+під домашн+арешт підозрюван позбавленн+вол за+ґрат за+грат колоні стягнули+руки обшук силою+вивез примусов`,
		'A': `влад поліц омон= спецназ силовик оперативник слідч масках= балаклав озброєн невідомі фсб= мвс= сбу= прикордон жандарм солдат патрул спецслужб люди+в окупант військові`,
		'M': `вивел вивів повел повезл посадил запхн забрал схопил схоплен втягл витягл відвез передати передал передан вдерл увірвал захопил силою зупинил привез поклали вилуч відібрал`,
		'V': `машин мікроавтобус бус= буса= фургон автомобіл літак рейс борт= трап аеропорт кордон паспорт гелікоптер`,
		'C': `суд= суду= суді= судом= судд суддя прокур генпрокур засідан апеляц слідств присяжн трибунал статт вердикт обвинувач звинувач підсудн адвокат вирок`,
		'K': `співкамерн камер= камері= камеру= ґрат барак таборі табір`,
		'R': `притул біженц міграц консул посольств еміграц вигнан`,
		'U': `зник зв'язку= мовчить де+він де+вона невідомо побачен вістей звістк`,
		'H': `бил= били= струмом= струм= зв'язал кров= шланг`,
		'T': `років= рік= роки=`,
		'S': `матч ліг= лізі гол= голів= чемпіонат турнір роман= фільм комед альбом виставк театр вистав концерт галере шах= шахи п'єс повість`,
		'X': `передати передач передал передан поверн видат`,
		'G': `влад уряд мініст генпрокур мзс= держав`,
	},
	"ar": {
		'!': `أصفاد اصفاد الأغلال أغلال مكبل كبل+يدا كبلت معصوب قفص+الاتهام قسرا قسري استجواب مؤبد إعدام اعدام فارون فار+من انقطعت+أخبار انقطعت+اخبار انقطع+الاتصال على+ذمة خاطف رهين رهائن فدية في+قبضة قبضة+الأمن مصيره مصيرها مجهول+المصير بلا+محام دون+محام
			إضراب+عن+الطعام إقامة+جبرية الإقامة+الجبرية السجن+المشدد وراء+القضبان جهة+مجهولة اقتادو اقتادت كبلو لائحة+الاتهام لائحة+اتهام حرس+السجن منفردة انفرادي أمسكت+دورية`,
		'A': `شرط الشرطة أمن= الأمن الامن عناصر قوات قوة+أمنية ملثم مسلح مدرع دورية جنود مخابرات استخبارات عسكر ضباط بلباس+مدني زي+مدني حاجز مباحث درك سلطات مجهولون`,
		'M': `دفعوا دفعوه دفع+ انتزع أمسك امسك سحب جروا طوق أخرج اخرج اصطحب أجبر اجبر أخذوا اخذوا داهم اقتحم سلم+ تسلم إعادة اعادة أصعد صادر فتش نقلوا نقل+ منع+من`,
		'V': `سيارة حافلة شاحنة مركبة طائرة مطار حدود جواز مدرج لوحات معبر`,
		'C': `محكمة محاكم محاكمة نيابة قاض قاضي مدع+ المدعي جلسة حكم+ الحكم قضاء قضائي قضائية النقض استئناف تهم دعوى جنايات محام دفاع`,
		'K': `قضبان زنزان مخفر معسكر حجز ثكنة`,
		'R': `لجوء لاجئ هجرة قنصل سفارة بلده بلدها منفى`,
		'U': `مصير أخباره أخبارها اختفت صمت أين+ زيارة لا+يعرف`,
		'H': `ضرب ضربوا عذب قيد قيدوا كهرب دماء جلد`,
		'T': `سنوات= عاما= سنة= أعوام=`,
		'S': `مباراة دوري هدف أهداف بطولة رواية فيلم مسرحية ألبوم معرض حفل+موسيقي شطرنج كوميديا`,
		'X': `تسليم سلم+ سلمت إعادة اعادة إرجاع`,
		'G': `حكومة وزارة وزراء سلطات مجلس+الوزراء داخلية خارجية`,
	},
	"fa": {
		'!': `دستبند دست‌بند چشم‌بند بازجو پشت+میله انفرادی کیفرخواست خبری+نیست بی‌خبری بی‌خبر وثیقه شلاق اعدام احضار فراری دست‌بسته دام+پلیس لباس+شخصی به+زور وادار+به+اعتراف بند+عمومی گروگان ربود آدم‌ربا ابد= سلول بازداشتگاه
			اعتصاب+غذا ممنوع‌الخروج حصر+خانگی نامعلوم چشم‌هایش+را+بست لباس‌شخصی`,
		'A': `پلیس مامور مأمور سپاه اطلاعات نیروها نیروی امنیتی نقاب مسلح سرباز گشت= موتورسوار مقامات`,
		'M': `بردند می‌برند برد= ریختند یورش هجوم کشان سوار+ بازگردان منتقل تحویل زور= گرفتند بستند ضبط توقیف تفتیش`,
		'V': `ون= خودرو ماشین پرواز هواپیما فرودگاه مرز= گذرنامه اتوبوس`,
		'C': `دادگاه دادستان دادسرا شعبه حکم= قاضی رأی= رای= محکمه وکیل اتهام تجدیدنظر دادرسی`,
		'K': `میله سلول بند= زندانبان اردوگاه قرنطینه`,
		'R': `پناهند مهاجرت تبعید سفارت کنسول کشورش`,
		'U': `کجاست= کجاست ملاقات تماسی خبری ناپدید سکوت`,
		'H': `کتک زدند ضرب+و چشم‌های خونین شکنجه`,
		'T': `سال= سالی=`,
		'S': `بازی+ لیگ گل= قهرمانی رمان فیلم نمایش آلبوم نمایشگاه کنسرت شطرنج کمدی`,
		'X': `تحویل بازگردان پس+فرستاد استرداد`,
		'G': `دولت وزارت مقامات حکومت ترکیه+ وزیر`,
	},
	"ug": {
		'!': `كويزا سولاق قىيىن+قىستاق قىيناق نەزەربەند كېسىل كېسىلدى قاچقۇن سوتلان سوتلىن ئەيىبنامە خەۋەر+يوق توك+قامچ ئەكېتىل ئەكەت ئەكېت زورلاپ گۆرۈ گۆرۈگە باندىت+قىل ئاچلىق+ئېلان ئۆلۈم+جازا ئۆمۈرلۈك تەقىب
			قارا+خالتا كويزىلى ئېلىپ+مېڭىپ نامەلۇم+جاي بۇلاپ ئىز+دېرەك يىغىۋېلىش`,
		'A': `ساقچى نىقابلىق خەۋپسىزلىك قوراللىق ئەسكەر ج+خ دۆلەت+بىخەتەرلىك پوستى كىشىلەر`,
		'M': `مەجبۇرىي ئېلىپ+چىق ئېلىپ+كەت ئېلىپ+كېت تارتىۋېل تارتىۋېلى ئاختۇر پېچەتلەن سۆرە باستۇر توسۇ يۆتكەل يۆتكە سېلىپ`,
		'V': `ماشىنا ماشىنى ئايروپىلان ئايرودروم چېگرا پاسپورت ئاپتوبۇس`,
		'C': `سوت= سوتى سوتتا سوتقا تەپتىش سودىيە ئەيىب ئەيىبلەن ئادۋوكات جازا ھۆكۈم`,
		'K': `كامېر قاماق تەربىيەلەش لاگېر`,
		'R': `پاناھلىق مۇھاجىر كۆچمەن ئەلچى كونسۇل`,
		'U': `قەيەردە نەدىلىك خەت= خەۋەر`,
		'H': `ئۇردى ئۇرۇپ ئۇرۇلغان قامچ`,
		'T': `يىل= يىللىق`,
		'S': `مۇسابىقە توپ= توپنى رومان فىلىم كىنو تىياتىر كۆرگەزمە كونسېرت شاھمات`,
		'X': `قايتۇر ئۆتكۈزۈپ تاپشۇر`,
		'G': `ھۆكۈمەت دائىرىلى مىنىستىر تەرەپ`,
	},
}

// sceneGlyphs are those of Chinese, both ways of writing.
var sceneGlyphs = map[byte]string{
	'!': `手铐 手銬 反铐 反銬 脚镣 腳鐐 锒铛 鋃鐺 刑讯 刑訊 逼供 再教育营 再教育營 获刑 獲刑 重判 死刑 无期 無期 被告席 音讯全无 音訊全無 杳无音 杳無音 下落不明 强押 強押 押回 押上 押走 强制措施 強制措施 护照没收 護照沒收 没收护照 沒收護照 护照被 護照被
		传唤 傳喚 审讯 審訊 讯问 訊問 牢房 狱中 獄中 坐牢 囚 黑头套 黑頭套 抓走 抓人 塞进 塞進 绑走 綁走 掳走 擄走 悬赏 懸賞 缉捕 緝捕 追捕 落网 落網 不许会见 不許會見 毒打 殴打 毆打 限制出境 禁止出境 移交 人质 人質 赎金 贖金 绝食 絕食 蒙面 被捕 捕获 抓获 抓獲 押在 羁 羈 集中营 集中營 消失 酷刑 看守 庭审 庭審 受审 受審 认罪 認罪 判了 被关 被關`,
	'A': `警方 警察 便衣 国保 國保 公安 特警 军警 軍警 士兵 民警 武警 国安 國安 情报 情報`,
	'M': `强行 強行 拖 按在地 破门 破門 搜查 抄家 封条 封條 拘`,
	'V': `面包车 麵包車 车上 車上 飞机 飛機 航班 机场 機場 边境 邊境 护照 護照 登机 登機 口岸`,
	'C': `法院 法庭 法官 检察 檢察 公诉 公訴 开庭 開庭 宣判 判决 判決 被告 罪名 诉讼 訴訟 律师 律師`,
	'K': `监狱 監獄 牢 狱 獄 营地`,
	'R': `庇护 庇護 难民 難民 移民署 移民局 使馆 使館 原籍 领事 領事`,
	'U': `在哪里 在哪裡 在哪儿 下落 音讯 音訊 会见 會見 关机 關機 沉默`,
	'H': `打伤 打傷 电击 電擊`,
	'T': `年`,
	'S': `比赛 比賽 联赛 聯賽 进球 進球 小说 小說 电影 電影 喜剧 喜劇 展览 展覽 音乐会 音樂會 围棋 圍棋 象棋 画展 畫展`,
}

// freeTags are what hashtags ask for somebody, in any language, small: free, where is,
// bring back.
var freeTags = words(`free libérez liberez libertad liberen liberad freiheit freelass özgür serbest nerede свободу свобода волю звільніть الحرية أطلقوا افرجوا أفرجوا أنقذوا آزاد ازاد 释放 釋放 放人 ئەركىن قويۇپ whereis bringback save dóndeestá dondeesta aparicionconvida oùest ouest где де_ أين کجاست disappeared missing`)

// whereWords ask where somebody is.
var whereWords = set(`where où dónde donde wo nerede nerde где де أين اين کجاست کجا قەيەردە نەدە`)

// lawyers are who speak for others, by stems, and told those whom they speak for, or that
// they speak: where both stand around a name, the danger is mostly the other's.
var (
	lawyers      = words(`lawyer solicitor barrister counsel attorney advocate avocat me maître abogad letrad anwalt anwält rechtsanw verteidig avukat адвокат защитни захисни محام وکیل ئادۋوكات`)
	clients      = words(`client mandant defendid patrocinad müvekkil подзащитн доверител підзахисн موكل موکل said says told dit déclar martel affirm pidió dijo afirm sagte sagt dedi diyen açıkla заявил заяви сказал прокомент сказав قال گفت دېدى ئېيت jury appeal`)
	clientGlyphs = []string{"当事人", "當事人", "表示", "说", "說"}
)

// Where a title of a work stands in quotation marks, a word like these stands beside it.
var workWords = words(`novel film movie play comedy thriller drama series song album book exhibition roman pièce comédie livre chanson novela película comedia libro obra canción komödie buch stück lied krimi oyun kitap roman dizi şarkı фильм роман комеди спектакл книг повест песн пьес фільм п'єс вистав пісн رواية فيلم مسرحية كتاب أغنية ديوان فیلم نمایش کتاب رمان ترانه ھېكايە رومان فىلىم كىتاب ناخشا`)
