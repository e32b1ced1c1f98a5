package mention

import (
	"strings"
	"testing"

	"tocsin"
	"tocsin/watcher/match"
)

// What happens to people, in each language, in the forms that news have it: arrest,
// detain, hold, extradite, deport, abduct, wanted, red notice, charged, sentenced.
var happens = map[string]string{
	"en": `arrest: X was arrested. Police arrest X. The arrest of X is near. They are arresting X.
		detain: X was detained. Police detained X. The detention of X goes on. Police are detaining X. X, a detainee, wrote home.
		hold: X is being held. X is held without charge. X is in custody. X sits in prison.
		extradite: X will be extradited. They want to extradite X. The extradition of X is near. They are extraditing X.
		deport: X was deported. They deport X. The deportation of X is near. X was forcibly returned.
		abduct: X was abducted. Men kidnapped X. The abduction of X shocked us. Men took X away.
		wanted: X is wanted. X, a fugitive, came. A warrant names X.
		notice: A red notice names X. A red corner notice names X. Interpol names X.
		charge: They charged X with treason. X was indicted. X was charged.
		sentence: X was sentenced. X was convicted. X was jailed. X was imprisoned.
		more: X was freed on bail. X was flown home under escort. X vanished after a meeting. X was poisoned. X was shot dead. X appeared before a judge. X was stripped of his citizenship. X was repatriated against her will.`,
	"fr": `arrest: X a été arrêté. X a été arrêtée. On arrête X. L'arrestation de X choque. La police interpelle X.
		detain: X est détenu. X est détenue. La détention de X dure. X est en garde à vue.
		extradite: X sera extradé. X sera extradée. On veut extrader X. L’extradition de X est proche.
		deport: X sera expulsé. On expulse X. L'expulsion de X est proche. X fut refoulé.
		abduct: On a enlevé X. X fut enlevée. L'enlèvement de X choque. X a été kidnappé.
		wanted: X est recherché. X est recherchée. Un mandat d'arrêt vise X.
		notice: Une notice rouge vise X. Interpol vise X.
		charge: X est mis en examen. X est mise en examen. X est inculpé.
		sentence: X est condamné. On condamne X. X est incarcéré. X est emprisonnée. X est en prison.
		more: X a disparu au marché. X a été empoisonné. X passait devant un juge.`,
	"es": `arrest: X fue arrestado. Arrestan a X. El arresto de X es injusto. Arrestaron a X.
		detain: X fue detenida. Detienen a X. Detuvieron a X. La detención de X sigue. La policía detuvo a X.
		extradite: Extraditaron a X. Quieren extraditar a X. La extradición de X es injusta.
		deport: Deportaron a X. X será deportado. La deportación de X es injusta. Expulsaron a X.
		abduct: Secuestraron a X. El secuestro de X sigue. X está desaparecida.
		wanted: X está buscado. Hay una orden de captura contra X. X está prófugo.
		notice: Hay una notificación roja contra X. Hay una alerta roja contra X. La Interpol nombra a X.
		charge: Imputan a X. X fue imputada. Acusan a X. X está procesado.
		sentence: Condenaron a X. X fue condenada. X está en la cárcel. Encarcelaron a X. X está en prisión.
		more: X fue envenenada. X fue devuelto a su país. X pasó ante el juez.`,
	"de": `arrest: X wurde verhaftet. Man nahm X fest. Die Verhaftung von X ist falsch. Man verhaftet X. X wurde festgenommen.
		detain: X sitzt in Haft. Man hält X fest. X wird festgehalten. X ist inhaftiert.
		extradite: Man liefert X aus. X wird ausgeliefert. Die Auslieferung von X ist nah. Man will X ausliefern.
		deport: Man schiebt X ab. X wird abgeschoben. Die Abschiebung von X ist nah. Man will X abschieben.
		abduct: Man entführte X. X wurde entführt. Die Entführung von X ist wahr. Man verschleppte X.
		wanted: X wird gesucht. Ein Haftbefehl gegen X ist da. Die Fahndung nach X ist da.
		notice: Eine Rote Notice nennt X. Interpol nennt X.
		charge: X wurde angeklagt. Man klagte X an: die Anklage ist da.
		sentence: Man verurteilte X. X wurde verurteilt. X kam ins Gefängnis.
		more: X wurde vergiftet. X stand vor dem Haftrichter.`,
	"tr": `arrest: X tutuklandı. Polis X adlı kişiyi tutukladı. X için tutuklama kararı var. X yakalandı.
		detain: X gözaltına alındı. X gözaltında. X alıkonuldu.
		extradite: X iade edildi. X için iade istendi. X hakkında iadesi istendi.
		deport: X sınır dışı edildi. X geri gönderildi.
		abduct: X kaçırıldı. X zorla kaybedildi.
		wanted: X aranıyor. Aranan X geldi. X firari.
		notice: X için kırmızı bülten var. X için Interpol geldi.
		charge: X hakkında dava açıldı. X suçlandı.
		sentence: X hapis cezası aldı. X hapse girdi. X mahkum oldu. X cezaevinde.
		more: X yurda getirildi. X paketlenip getirildi.`,
	"ru": `arrest: X арестовали. X арестована. Арест X незаконен. X арестуют.
		detain: X задержали. X задержана. X задерживают. Задержание X незаконно. X под стражей.
		extradite: X экстрадировали. Экстрадиция X близка. Выдача X близка. Хотят выдать X.
		deport: X депортировали. Депортация X близка. X выдворили. X выслали.
		abduct: X похитили. Похищение X раскрыто. X похищен.
		wanted: X в розыске. X разыскивают. X разыскивается.
		notice: Красное уведомление на X есть. Интерпол назвал X.
		charge: X обвинили. X предъявили обвинение. X обвиняют. X обвиняется.
		sentence: X осудили. X осуждён. X приговорили. X в тюрьме. X в заключении.
		more: К друзьям X пришли с обыском. X не выпустили из страны. На X завели дело.`,
	"uk": `arrest: X заарештували. X арештовано. Арешт X незаконний.
		detain: X затримали. X затримують. Затримання X незаконне. X під вартою. X утримують.
		extradite: X екстрадували. Екстрадиція X близько. Видача X близько. Хочуть видати X.
		deport: X депортували. Депортація X близько. X видворили.
		abduct: X викрали. Викрадення X розкрито. X викрадено.
		wanted: X у розшуку. X розшукують.
		notice: Червоне повідомлення на X є. Інтерпол назвав X.
		charge: X звинуватили. X оголосили підозру.
		sentence: X засудили. X засуджено. X у в'язниці. X ув’язнено.
		more: На X відкрили справу. X отруїли.`,
	"ar": `arrest: اعتقلت الشرطة X. تم اعتقال X. X معتقل. اعتُقل X. ألقي القبض على X.
		detain: احتجزت الشرطة X. احتجاز X غير قانوني. X محتجز. توقيف X. أوقفت الشرطة X.
		extradite: تسليم X قريب.
		deport: ترحيل X قريب. رحلت الشرطة X.
		abduct: خُطف X. اختطف مسلحون X. اختطاف X.
		wanted: X مطلوب. X ملاحق.
		notice: النشرة الحمراء بحق X. الإنتربول سمى X.
		charge: وجهت تهمة إلى X. اتهمت النيابة X. X متهم.
		sentence: حكم على X. سجن X. X سجين. السجن لصالح X.
		more: لا يعرف مصير X. وقف X أمام النيابة.`,
	"fa": `arrest: X دستگیر شد. دستگیری X. پلیس X را دستگیر کرد.
		detain: X بازداشت شد. بازداشت X. X بازداشتی است.
		extradite: استرداد X. X مسترد شد.
		deport: X اخراج شد. اخراج X. X دیپورت شد.
		abduct: X ربوده شد. X را دزدیدند.
		wanted: X تحت تعقیب است. X تحت پیگرد است.
		notice: اعلان قرمز برای X. اینترپل X را نام برد.
		charge: X متهم شد. اتهام X.
		sentence: X محکوم شد. حبس X. X زندانی شد. X در زندان است.`,
	"ug": `arrest: X قولغا ئېلىندى. X نى قولغا ئالدى. X تۇتۇلدى. X تۇتقۇن قىلىندى.
		detain: X قامالدى. X تۇتۇپ تۇرۇلدى.
		deport: X قايتۇرۇلدى. X قايتۇرۇپ بېرىلدى.
		wanted: X ئىزدىلىۋاتىدۇ. X نى ئىزدەۋاتىدۇ.
		notice: قىزىل ئۇقتۇرۇش X. ئىنتېرپول X.
		charge: X ئەيىبلەندى.
		sentence: X قاماق جازاسىغا ھۆكۈم قىلىندى. X تۈرمىدە.`,
	"zh": `arrest: X被逮捕。警方逮捕了X。X被捕。X被抓。
		detain: X被拘留。X被羁押。X被关押。X被扣押。
		extradite: 引渡X。X被引渡。
		deport: X被遣返。X被驱逐出境。遣送X回国。
		abduct: X被绑架。X失踪。X被带走。
		wanted: X被通缉。X在逃。
		notice: 对X发出红色通报。国际刑警组织点名X。
		charge: X被起诉。
		sentence: X被判刑。X被判处五年。X入狱。X在狱中服刑。
		more: X在机场被扣。X被拒绝入境。X获保释。X遇刺。`,
}

var bearers = map[string]string{"ru": "Мирона Ледневского", "uk": "Мирона Ледневського", "ar": "نادر الشعراوندي", "fa": "کاوه تهرانزاد", "ug": "پەرھات ئوسمانجان", "zh": "欧阳思澈"}

func TestWhatHappensToPeopleRaisesTheAlert(t *testing.T) {
	for lang, text := range happens {
		name := bearers[lang]
		if name == "" {
			name = "Mira Varden"
		}
		listed := strings.NewReplacer("Мирона Ледневского", "Мирон Ледневский", "Мирона Ледневського", "Мирон Ледневський").Replace(name)
		s := Compile([]match.Person{{ID: "p", Names: []string{listed}}}, Options{})
		for line := range strings.Lines(text) {
			what, rest, _ := strings.Cut(strings.TrimSpace(line), ": ")
			for _, sentence := range strings.FieldsFunc(rest, func(r rune) bool { return r == '.' || r == '。' }) {
				sentence = strings.TrimSpace(strings.ReplaceAll(sentence, "X", name))
				ms := s.Scan(tocsin.Article{Text: sentence + ".", Language: lang, Published: published})
				switch {
				case len(ms) != 1:
					t.Errorf("%s, %s: not found: %s", lang, what, sentence)
				case ms[0].Match.Tier != tocsin.TierAlert:
					t.Errorf("%s, %s: no danger: %s", lang, what, sentence)
				}
			}
		}
	}
}

// What looks like such a word and is none.
func TestWhatHappensToNobodyRaisesNothing(t *testing.T) {
	for lang, text := range map[string]string{
		"en": "X wanted to sing. X took the train. The charge of the battery pleased X. X held a speech. X went away. X handed out bread.",
		"fr": "X recherche la paix. X est à la mairie. X s'est mis au piano.",
		"es": "X busca trabajo. X ordena libros. X come pan.",
		"de": "X sucht Arbeit. X sieht gut aus. X nahm ein Buch. X feiert ein Fest.",
		"tr": "X arıyor ama bulamıyor. X kitap okudu.",
		"ru": "X выдали премию. X заключили в объятия. X пишет книгу.",
		"zh": "X喜欢唱歌。X开车上班。",
	} {
		name := bearers[lang]
		if name == "" {
			name = "Mira Varden"
		}
		listed := strings.ReplaceAll(name, "Мирона Ледневского", "Мирон Ледневский")
		s := Compile([]match.Person{{ID: "p", Names: []string{listed}}}, Options{})
		for _, sentence := range strings.FieldsFunc(text, func(r rune) bool { return r == '.' || r == '。' }) {
			sentence = strings.TrimSpace(strings.ReplaceAll(sentence, "X", name))
			for _, m := range s.Scan(tocsin.Article{Text: sentence + ".", Language: lang, Published: published}) {
				if m.Match.Tier == tocsin.TierAlert {
					t.Errorf("%s: %q rang: %s", lang, m.Danger, sentence)
				}
			}
		}
	}
}

// What bears a name is no mention of a person; what a person owns is.
func TestThingsThatBearANameAreNoMention(t *testing.T) {
	p := match.Person{ID: "p", Names: []string{"Mira Varden"}}
	for text, want := range map[string]int{
		"Mira Varden's company was raided on Monday.":                         1,
		"The trawler “Mira Varden” was towed in.":                             0,
		"Das Mira-Varden-Stadion bleibt leer.":                                0,
		"Le collège Mira Varden a rouvert.":                                   0,
		"El buque «Mira Varden» fue apresado.":                                0,
		"Mira Varden (1866–1931) founded the first reading room in the city.": 0,
		"Mira Varden (1990–2026) died in custody.":                            1,
	} {
		if got := len(scanOne(p, text)); got != want {
			t.Errorf("%s: %d mentions, want %d", text, got, want)
		}
	}
}
