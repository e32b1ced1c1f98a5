package slack

import (
	"encoding/json"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/slack-go/slack"

	"tocsin/notifier"
)

var (
	ownMarkup = regexp.MustCompile(`<@[UW][A-Z0-9]+>|<https?://[^<>|\s]+>|\*NOW\*|\*[0-9]+\*`)
	ownMarks  = regexp.MustCompile("[*_~`]")
	escaped   = regexp.MustCompile(`&(amp|lt|gt);`)
)

type blockJSON struct {
	Type     string
	Text     *textJSON
	Elements []struct {
		Type, Value string
		Text        json.RawMessage
		Emoji       *bool
	}
	ImageURL string `json:"image_url"`
}

type textJSON struct {
	Type, Text string
	Emoji      *bool
	Verbatim   bool
}

// lawful fails the test unless the blocks keep Slack's limits and nothing in
// them can format, mention or be fetched but our own markup.
func lawful(t testing.TB, bs []slack.Block) {
	t.Helper()
	raw := encode(t, bs)
	var list []blockJSON
	if err := json.Unmarshal(raw, &list); err != nil {
		t.Fatal(err)
	}
	if len(list) == 0 || len(list) > 50 {
		t.Errorf("%d blocks", len(list))
	}
	total := 0
	text := func(x *textJSON, limit int) {
		t.Helper()
		if x == nil || x.Text == "" {
			t.Error("a block without text")
			return
		}
		total += size(x.Text)
		if size(x.Text) > limit {
			t.Errorf("a text of %d units where %d are allowed", size(x.Text), limit)
		}
		lawfulText(t, x)
	}
	for _, b := range list {
		switch b.Type {
		case "header":
			text(b.Text, 150)
		case "section":
			text(b.Text, 3000)
		case "divider":
		case "context":
			if n := len(b.Elements); n == 0 || n > 10 {
				t.Errorf("%d elements in a context", n)
			}
			for _, e := range b.Elements {
				var s string
				if err := json.Unmarshal(e.Text, &s); err != nil {
					t.Fatal(err)
				}
				text(&textJSON{Type: e.Type, Text: s, Emoji: e.Emoji, Verbatim: true}, 2000)
			}
		case "actions":
			for _, e := range b.Elements {
				var label textJSON
				if err := json.Unmarshal(e.Text, &label); err != nil {
					t.Fatal(err)
				}
				text(&label, 75)
				if e.Type != "button" || !caseID.MatchString(e.Value) {
					t.Errorf("a button with the value %q", e.Value)
				}
			}
		default:
			t.Errorf("a block of type %q", b.Type)
		}
	}
	if total > 12000 || len(raw) > 100_000 {
		t.Errorf("a message of %d units, %d bytes", total, len(raw))
	}
}

func lawfulText(t testing.TB, x *textJSON) {
	t.Helper()
	s := x.Text
	switch x.Type {
	case "plain_text":
		if x.Emoji == nil || *x.Emoji {
			t.Errorf("emoji codes are read in %q", s)
		}
	case "mrkdwn":
		if !x.Verbatim {
			t.Errorf("addresses are linked in %q", s)
		}
		s = ownMarkup.ReplaceAllString(s, "")
		if ownMarks.MatchString(s) {
			t.Errorf("marks format in %q", s)
		}
	default:
		t.Errorf("text of type %q", x.Type)
	}
	harmless(t, s)
}

// harmless fails the test if s has markup, or letters that hide or turn others.
func harmless(t testing.TB, s string) {
	t.Helper()
	if strings.ContainsAny(escaped.ReplaceAllString(s, ""), "<>&") {
		t.Errorf("unescaped markup in %q", s)
	}
	depth := 0
	for _, r := range s {
		switch {
		case r == '\u2068':
			depth++
		case r == '\u2069':
			depth--
		case r == '\n', r == '\u200c', r == '\u200d':
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp):
			t.Errorf("%U stands in %q", r, s)
		}
		if depth < 0 || depth > 1 {
			t.Errorf("isolates do not match in %q", s)
		}
	}
	if depth != 0 {
		t.Errorf("an isolate stays open in %q", s)
	}
}

var hostile = []string{
	"<!channel>", "<!everyone> <@U123> <#C123|x>", "<https://evil.example|interpol.int>", "*bold* _it_ ~gone~ `code` ```pre```", "&", "&amp;lt;", "a && b &",
	"@here @channel", ":rotating_light: :a:b:c:", "> quoted", "line\nbreak\r\n\n> next", "\u202egnp.exe\u202c", "\u2066\u2067x", "\x00\x07\x1b[31mred", "\u200b\ufeffzero",
	"\xff\xfe broken", strings.Repeat("x", 10_000), strings.Repeat("&", 10_000), strings.Repeat("<", 3_001), strings.Repeat("🔔", 5_000), strings.Repeat("م", 10_000),
	strings.Repeat("م a ", 3_000), "ئەركىن تۇرسۇن (p-017) אבג", "", " ", "https://x.example/a_b_c*d*", "https://x.example/abc?a=1&b=2", strings.Repeat("word ", 2_000), "\u2028sep\u2029", "\U000e0041tag",
}

// pageOf puts s wherever a page has text.
func pageOf(s string, n int) notifier.Page {
	p := notifier.Page{Subject: s, Lead: []string{s, s}, Foot: []string{s}}
	a := notifier.Alert{Icon: "🔔", Title: s, Status: s, Owner: s, Case: "c_7Qk2Lm", Loud: true}
	for range 1 + n%90 {
		a.Facts, a.Steps, a.Foot = append(a.Facts, s), append(a.Steps, s), append(a.Foot, s)
	}
	if n%2 == 1 {
		p.Title = s
	}
	for range max(1, n%70) {
		p.Alerts = append(p.Alerts, a)
	}
	return p
}

func TestNoTextOfANoticeFormatsMentionsOrBreaksTheLimits(t *testing.T) {
	for _, s := range hostile {
		for _, n := range []int{0, 1, 21, 69, 420} {
			check(t, s, n)
			if t.Failed() {
				t.Fatalf("with %.60q, %d", s, n)
			}
		}
	}
	letters := []rune("ab &<>*_~`:@!|\n\u202e\u2068\u2069\u200d🔔مאé")
	rnd := rand.New(rand.NewPCG(7, 7))
	for range 80 {
		rs := make([]rune, rnd.IntN(400))
		for i := range rs {
			rs[i] = letters[rnd.IntN(len(letters))]
		}
		check(t, string(rs), rnd.IntN(200))
	}
}

func check(t testing.TB, s string, n int) {
	t.Helper()
	p := pageOf(s, n)
	lawful(t, blocks(p, layout{buttons: true, links: n%3 == 0}))
	text := fallback(p)
	harmless(t, text)
	if text == "" || size(text) >= 4000 {
		t.Errorf("top-level text of %d units", size(text))
	}
	if ownMarks.MatchString(text) || strings.Contains(text, "\n&gt;") || strings.HasPrefix(text, "&gt;") {
		t.Errorf("marks format in the top-level text %q", text)
	}
}

func FuzzBlocks(f *testing.F) {
	for i, s := range hostile {
		f.Add(s, i)
	}
	f.Fuzz(func(t *testing.T, s string, n int) { check(t, s, int(uint32(n)%1000)) })
}

func TestAPlainNameStaysInOnePiece(t *testing.T) {
	for _, name := range []string{"Mira VARDEN", "VARDEN, MIRA ILSE", "O'SAIDOR-KOSTEN", "ئەركىن تۇرسۇن", "林家豪", "Дарья КОСТЕН"} {
		p := notifier.Page{Alerts: []notifier.Alert{{Icon: "🔔", Title: "Possible match, strong: " + name + " (p-017)"}}}
		if !strings.Contains(fallback(p), name) || !strings.Contains(show(t, blocks(p, layout{})), name) {
			t.Errorf("%s is taken apart", name)
		}
	}
}

func TestANameWrittenFromTheRightKeepsWhatStandsBesideItInOrder(t *testing.T) {
	if got, want := plain("seen: أمينة فاردن 17 · born 1988"), "seen: \u2068أمينة فاردن\u2069 17 · born 1988"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := plain("Mira VARDEN"); got != "Mira VARDEN" {
		t.Errorf("%q was touched", got)
	}
}

func TestWhatIsCutIsSaid(t *testing.T) {
	if got := fit(strings.Repeat("x", 1000), 300, plain); !strings.Contains(got, "letters more)") || size(got) > 300 || size(got) < 250 {
		t.Errorf("%d units: %q", size(got), got)
	}
	if got := fit("short", 300, plain); got != "short" {
		t.Errorf("%q", got)
	}
	if got := lines([]string{strings.Repeat("a", 500), strings.Repeat("b", 500), "c"}, 600, 700, plain); !strings.HasSuffix(got, "… and 2 more lines: tocsin cases") {
		t.Errorf("%q", got)
	}
}
