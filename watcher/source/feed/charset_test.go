package feed

import (
	"fmt"
	"html"
	"strings"
	"testing"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	xunicode "golang.org/x/text/encoding/unicode"
)

// sentences are of invented news, in the languages whose old charsets are met.
var sentences = map[string]string{
	"ru": "Министерство сообщило, что гражданин был задержан в аэропорту по запросу. Его адвокат заявил, что ордер политически мотивирован.",
	"uk": "Поліція повідомила, що чоловіка затримали в аеропорту за запитом. Його адвокат заявив, що ордер є політично вмотивованим, без їхньої згоди.",
	"ar": "قالت الشرطة إن الرجل أوقف في المطار بناء على نشرة حمراء، وقال محاميه إن القضية سياسية بحتة ولا أساس لها.",
	"fa": "پلیس گفت این مرد به دلیل اعلان قرمز در فرودگاه بازداشت شد. وکیل او گفت پرونده سیاسی است و چاره\u200cای نیست.",
	"zh": "警方表示,该男子因红色通缉令在机场被拘留。他的律师说,此案具有政治动机,没有任何依据。",
	"zt": "警方表示,該男子因紅色通緝令在機場被拘留。他的律師說,此案具有政治動機,沒有任何依據。",
	"tr": "Polis, adamın kırmızı bülten nedeniyle havaalanında gözaltına alındığını söyledi. Avukatı davanın siyasi olduğunu belirtti; hiçbir dayanağı yok, dedi.",
	"fr": "La police a déclaré que l’homme avait été arrêté à l’aéroport en raison d’une notice rouge. Son avocat a affirmé que l’affaire était motivée politiquement.",
	"es": "La policía dijo que el hombre fue detenido en el aeropuerto por una notificación roja. Su abogado señaló que no había razón alguna.",
	"de": "Die Polizei erklärte, der Mann sei am Flughafen festgenommen worden. Sein Anwalt äußerte, das Verfahren sei politisch, für Jahre.",
	"pl": "Policja poinformowała, że mężczyzna został zatrzymany na lotnisku z powodu czerwonej noty. Jego adwokat powiedział, że sprawa ma podłoże polityczne; źródło.",
	"el": "Η αστυνομία δήλωσε ότι ο άνδρας συνελήφθη στο αεροδρόμιο λόγω ερυθράς αγγελίας. Ο δικηγόρος του είπε ότι η υπόθεση είναι πολιτική.",
	"he": "המשטרה מסרה כי האיש נעצר בשדה התעופה בשל הודעה אדומה. עורך דינו אמר כי התיק פוליטי.",
	"ja": "警察によると、男性は赤手配により空港で拘束された。弁護士は政治的な動機があると述べた。",
	"ko": "경찰은 이 남성이 적색수배로 공항에서 구금되었다고 밝혔다. 그의 변호사는 정치적 사건이라고 말했다.",
}

var inCharsets = []struct{ language, charset string }{
	{"ru", "windows-1251"}, {"ru", "koi8-r"}, {"ru", "iso-8859-5"}, {"ru", "ibm866"}, {"uk", "windows-1251"}, {"uk", "koi8-u"},
	{"ar", "windows-1256"}, {"ar", "iso-8859-6"}, {"fa", "windows-1256"}, {"zh", "gb18030"}, {"zh", "gbk"}, {"zt", "big5"},
	{"tr", "windows-1254"}, {"fr", "windows-1252"}, {"es", "windows-1252"}, {"de", "windows-1252"}, {"pl", "windows-1250"}, {"pl", "iso-8859-2"},
	{"el", "windows-1253"}, {"el", "iso-8859-7"}, {"he", "windows-1255"}, {"ja", "shift_jis"}, {"ja", "euc-jp"}, {"ko", "euc-kr"},
}

func encoded(t *testing.T, text, label string) (body []byte, want string) {
	t.Helper()
	e, _ := charset.Lookup(label)
	body, err := encoding.ReplaceUnsupported(e.NewEncoder()).Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	back, err := e.NewDecoder().Bytes(body)
	if err != nil {
		t.Fatal(err)
	}
	return body, string(back)
}

func feedOf(sentence, declaration string) string {
	var out strings.Builder
	fmt.Fprintf(&out, "<?xml version=\"1.0\"%s?>\n<rss version=\"2.0\"><channel><title>Lantern</title><link>https://lantern.example/</link>", declaration)
	for n := range 4 {
		fmt.Fprintf(&out, "<item><guid>%d</guid><link>https://lantern.example/%d</link><title>%s</title><description><![CDATA[<p>%s</p>]]></description></item>", n, n, sentence, sentence)
	}
	return out.String() + "</channel></rss>"
}

func TestAFeedsCharsetIsToldWithoutADeclaration(t *testing.T) {
	for _, c := range inCharsets {
		body, want := encoded(t, feedOf(sentences[c.language], ""), c.charset)
		got, note := decode(body, "text/xml")
		if got != want || note != "" {
			t.Errorf("%s in %s is read as %.60q (%s)", c.language, c.charset, got[strings.Index(got, "<item>"):], note)
		}
		doc, err := parse(body, "", nil)
		if err != nil || len(doc.items) != 4 || !strings.Contains(html.UnescapeString(want), doc.items[0].text) {
			t.Errorf("%s in %s: %d items, %v", c.language, c.charset, len(doc.items), err)
		}
	}
}

func TestADeclaredCharsetIsTakenWhereItReads(t *testing.T) {
	for _, c := range inCharsets {
		e := sentences[c.language]
		for _, d := range []struct{ what, declaration, header string }{
			{"declared", ` encoding="` + c.charset + `"`, ""},
			{"in the header", "", "text/xml; charset=" + c.charset},
			{"a header's default against the declaration", ` encoding="` + c.charset + `"`, "text/xml; charset=ISO-8859-1"},
			{"UTF-8 declared, wrongly", ` encoding="UTF-8"`, "text/xml; charset=" + c.charset},
			{"UTF-8 in both, wrongly", ` encoding="utf-8"`, "text/xml; charset=utf-8"},
		} {
			body, want := encoded(t, feedOf(e, d.declaration), c.charset)
			if got, _ := decode(body, d.header); got != want {
				t.Errorf("%s in %s, %s: %.60q", c.language, c.charset, d.what, got[strings.Index(got, "<item>"):])
			}
		}
		// UTF-8 is told from whatever is declared.
		text := feedOf(e, ` encoding="`+c.charset+`"`)
		if got, _ := decode([]byte(text), "text/xml; charset=ISO-8859-1"); got != text {
			t.Errorf("%s in UTF-8 that claims to be %s: %.60q", c.language, c.charset, got)
		}
	}
}

func TestADeclaredCharsetThatDoesNotReadIsDropped(t *testing.T) {
	for _, c := range []struct{ language, charset, declared string }{
		{"ru", "windows-1251", "windows-1252"},
		{"ru", "koi8-r", "iso-8859-1"},
		{"ru", "koi8-r", "windows-1251"}, // its words have their capitals everywhere but at the start
		{"ar", "windows-1256", "iso-8859-1"},
		{"zh", "gb18030", "windows-1252"},
	} {
		for where, d := range map[string][2]string{"declared": {` encoding="` + c.declared + `"`, ""}, "in the header": {"", "text/xml; charset=" + c.declared}} {
			body, want := encoded(t, feedOf(sentences[c.language], d[0]), c.charset)
			got, note := decode(body, d[1])
			if got != want || note != noteNotAsSaid {
				t.Errorf("%s in %s, %s %s: %.200q (%s), it reads %.2f", c.language, c.charset, where, c.declared, got[strings.Index(got, "<title>"):], note, reads(lookup(c.declared), sampleOf(body)))
			}
		}
	}
}

func TestWideLettersAreRead(t *testing.T) {
	text := feedOf(sentences["ru"], ` encoding="UTF-16"`)
	for _, o := range []struct {
		order xunicode.Endianness
		mark  xunicode.BOMPolicy
	}{{xunicode.LittleEndian, xunicode.UseBOM}, {xunicode.BigEndian, xunicode.UseBOM}, {xunicode.LittleEndian, xunicode.IgnoreBOM}, {xunicode.BigEndian, xunicode.IgnoreBOM}} {
		body, err := xunicode.UTF16(o.order, o.mark).NewEncoder().Bytes([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := decode(body, ""); got != text {
			t.Errorf("%v: %.40q", o, got)
		}
		if doc, err := parse(body, "", nil); err != nil || len(doc.items) != 4 {
			t.Errorf("%v: %d items, %v", o, len(doc.items), err)
		}
	}
}

func TestBrokenLettersAreSaidAndTheRestIsRead(t *testing.T) {
	body := []byte(feedOf(sentences["ru"], ` encoding="UTF-8"`))
	body[strings.Index(string(body), "аэропорту")] = 0xff
	doc, err := parse(body, "", nil)
	if err != nil || len(doc.items) != 4 || !strings.Contains(strings.Join(doc.notes, ";"), "no UTF-8") || !strings.Contains(doc.items[1].text, "Министерство сообщило") {
		t.Errorf("%+v, %v", doc, err)
	}
	lost := strings.ReplaceAll(feedOf(sentences["ru"], ""), "о", "\ufffd")
	if doc, err := parse([]byte(lost), "", nil); err != nil || !strings.Contains(strings.Join(doc.notes, ";"), "lost") {
		t.Errorf("%v, %v", doc.notes, err)
	}
}

func TestLettersEncodedTwiceAreReadAsTheyWereMeant(t *testing.T) {
	for language, sentence := range sentences {
		text := feedOf(sentence, "")
		var twice strings.Builder
		for _, b := range []byte(text) {
			r := rune(b)
			if b >= 0x80 {
				if e, _ := charset.Lookup("windows-1252"); true {
					if s, err := e.NewDecoder().Bytes([]byte{b}); err == nil && string(s) != "\ufffd" {
						r = []rune(string(s))[0]
					}
				}
			}
			twice.WriteRune(r)
		}
		doc, err := parse([]byte(twice.String()), "", nil)
		if err != nil || len(doc.items) != 4 || doc.items[0].text != sentence || !strings.Contains(strings.Join(doc.notes, ";"), "encoded twice") {
			t.Errorf("%s: %v %.80q, %v", language, doc.notes, doc.items[0].text, err)
		}
		doc, err = parse([]byte(text), "", nil)
		if err != nil || len(doc.notes) != 0 || doc.items[0].text != sentence {
			t.Errorf("%s is taken for mangled: %v", language, doc.notes)
		}
	}
}
