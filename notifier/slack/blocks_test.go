package slack

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tocsin"
	"tocsin/notifier"
)

var update = flag.Bool("update", false, "write the golden files anew")

// Every alert of one case has the buttons of its state.
func init() {
	for name, p := range pages {
		if len(p.Alerts) == 1 && p.Alerts[0].Case != "" {
			c := tocsin.Case{State: tocsin.CaseOpen}
			if p.Alerts[0].History != nil {
				c.Replay([]tocsin.Decision{{Action: tocsin.Ack, By: "slack:U0AMINA1"}})
			}
			pages[name].Alerts[0].Buttons = notifier.ButtonsOf(c)
		}
	}
}

// pages are one page for each kind of alert, worded as casework.md has it.
var pages = map[string]notifier.Page{
	"appeared": {Alerts: []notifier.Alert{{
		Icon: "🔔", Title: "Possible match, strong: Mira VARDEN (p-017) · new public red notice", Loud: true, Case: "c_7Qk2Lm",
		Status: "Not confirmed · nobody has it yet · Ruritania seeks arrest for extradition",
		Facts: []string{
			"Notice 2026/48213: VARDEN, MIRA ILSE · born 14 Mar 1988 · nationality Ruritania · F",
			"Charge as published: « participation à une organisation illégale » (no translation published)",
			"Why: family and given name, birth date, nationality equal",
			"Against: one part more in the notice · photo not compared",
			"Became public 3 May 2026, 08:14–08:29 UTC. Police may have had it longer.",
		},
		Steps: []string{"press I have it", "reach the person by the agreed safe channel", "before any border, airport, consulate or police contact: lawyer first", "never write here where anybody is"},
		Foot:  []string{"Opening interpol.int shows them your visit. What it said is kept in case c_7Qk2Lm."},
	}}},
	"acknowledged": {Alerts: []notifier.Alert{{
		Icon: "🔔", Title: "Possible match, strong: Mira VARDEN (p-017) · new public red notice", Loud: true, Case: "c_7Qk2Lm",
		Status: "Somebody has it 3 May 2026, 08:31 UTC", Owner: "slack:U0AMINA1", Facts: []string{"Notice 2026/48213: VARDEN, MIRA ILSE"}, Earlier: 3,
		History: []notifier.Deed{{Who: "slack:U0AMINA1", What: "has it", When: "3 May 08:31"}, {Who: "Bo *<!channel>*", What: "gave it to", Whom: "slack:U0BO", When: "3 May 08:40"}},
	}}},
	"changed": {Alerts: []notifier.Alert{{
		Icon: "🔁", Title: "Changed: red notice 2026/48213 · possible match, strong: Mira VARDEN (p-017)", Loud: true, Case: "c_7Qk2Lm",
		Status: "Person warned 3 May 2026, 09:02 UTC", Owner: "Amina at the desk",
		Facts: []string{"Changed: charges, from « participation » to « participation, financement »"},
	}}},
	"disappeared": {Alerts: []notifier.Alert{{
		Icon: "◻", Title: "No longer public: notice 2026/48213 · Mira VARDEN (p-017)", Loud: true, Case: "c_7Qk2Lm", Owner: "slack:U0AMINA1",
		Status: "Not proof of deletion. Police may still see it.",
		Facts:  []string{"Last seen 11 Jun 2026, 04:15 UTC · absent from two complete looks · its page answers that it is not there"},
		Steps:  []string{"do not tell the person that it is safe to travel", "lawyer: seek written confirmation from the CCF"},
		Foot:   []string{"Case c_7Qk2Lm."},
	}}},
	"reappeared": {Lead: []string{"Possible repeat: nobody could say whether this had already arrived."}, Alerts: []notifier.Alert{{
		Icon: "🔔", Title: "Public again: Mira VARDEN (p-017) · red notice that was no longer public", Loud: true, Case: "c_7Qk2Lm", Status: "Not confirmed · nobody has it yet",
	}}},
	"mentioned": {Alerts: []notifier.Alert{{
		Icon: "📰", Title: "Possible mention, weak: A. S. (p-101)", Case: "c_story1", Status: "Not confirmed · nobody has it yet",
		Facts: []string{"https://news.example.org/a?b=1&c=2"}, Steps: []string{"compare with what you know: most weak matches are strangers"},
	}}},
	"codename": {Alerts: []notifier.Alert{{
		Icon: "🔔", Title: "Possible match, strong: HERON · new public notice", Loud: true, Case: "c_7Qk2Lm", Status: "Not confirmed · nobody has it yet", Foot: []string{"Case c_7Qk2Lm."},
	}}},
	"blind": {Alerts: []notifier.Alert{{
		Icon: "⚠", Title: "We cannot see interpol-red · since 3 May 2026, 13:02 UTC (1 h 05)", Loud: true,
		Status: "Silence is not a “no”: a notice published since then would not ring.",
		Facts:  []string{"Last complete look 3 May 2026, 13:02 UTC: 6934 of 6934 · 120 people affected", "Cause: refused (403), 9 of 9 tries. Next try 3 May 2026, 14:35 UTC · other sources: 4 of 4 seen"},
		Steps:  []string{"tell nobody “you are not listed”; type no names into interpol.int"},
	}}},
	"recovered":   {Alerts: []notifier.Alert{{Icon: "✅", Title: "We see interpol-red again", Loud: true, Facts: []string{"Blind for 5 h 12"}}}},
	"undelivered": {Alerts: []notifier.Alert{{Icon: "⚠", Title: "Not delivered: 2 events to lawyers", Loud: true, Facts: []string{"Given up after 72 h"}}}},
	"gathered": {
		Subject: "🔔 Already public: 2 possible matches on the watchlist", Title: "🔔 Already public: 2 possible matches on the watchlist",
		Lead: []string{"These were public before we first looked for them, or before the person was added. Nothing here is new today."},
		Alerts: []notifier.Alert{
			{Icon: "🔔", Title: "Possible match, strong: Mira VARDEN (p-017) · red notice already public", Status: "Not confirmed · nobody has it yet", Facts: []string{"Notice 2026/48213: VARDEN, MIRA ILSE", "Why: family and given name equal"}, Case: "c_7Qk2Lm", Loud: true},
			{Icon: "🔎", Title: "Possible match, weak: O. SAIDOR (p-101) · red notice already public", Status: "Looks like our person", Owner: "slack:U0AMINA1", Facts: []string{"Notice 2025/90034: SAIDOR, OMAR"}, Case: "c_8Rm3Np"},
		},
		Foot: []string{notifier.NotWatched},
	},
}

func TestEveryKindOfAlertIsLaidOutAsItWasAgreed(t *testing.T) {
	for name, p := range pages {
		t.Run(name, func(t *testing.T) {
			bs := blocks(p, layout{buttons: true, links: name == "mentioned"})
			lawful(t, bs)
			got := encode(t, map[string]any{"text": fallback(p), "blocks": bs})
			file := filepath.Join("testdata", name+".json")
			if *update {
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("layout differs from %s (go test -update writes it anew):\n%s", file, got)
			}
		})
	}
}

func TestButtonsStandOnlyWhereSomebodyListensAndThereIsACase(t *testing.T) {
	if s := show(t, blocks(pages["appeared"], layout{})); strings.Contains(s, `"actions"`) {
		t.Error("buttons without anybody who listens")
	}
	if s := show(t, blocks(pages["blind"], layout{buttons: true})); strings.Contains(s, `"actions"`) {
		t.Error("buttons without a case")
	}
	s := show(t, blocks(pages["appeared"], layout{buttons: true}))
	for _, b := range []string{"ack", "warned", "confirm", "dismiss"} {
		if !strings.Contains(s, `"action_id": "`+b+`"`) {
			t.Errorf("no button %s", b)
		}
	}
	if n, all := strings.Count(s, `"value": "c_7Qk2Lm"`), strings.Count(s, `"action_id"`); n != all {
		t.Errorf("%d of %d buttons name the case", n, all)
	}
}

func TestAnAddressIsALinkOnlyWhereLinksAreAllowed(t *testing.T) {
	const link = `"<https://news.example.org/a?b=1&amp;c=2>"`
	if s := show(t, blocks(pages["mentioned"], layout{})); strings.Contains(s, link) {
		t.Error("a link where none is allowed")
	}
	if s := show(t, blocks(pages["mentioned"], layout{links: true})); !strings.Contains(s, link) {
		t.Errorf("no link where it is allowed:\n%s", s)
	}
	for _, trap := range []string{"https://a.example|click", "https://a.example/<!channel>", "javascript:alert(1)", "https://a.example/ b", "see https://a.example", "https://a@b.example/"} {
		p := notifier.Page{Alerts: []notifier.Alert{{Icon: "i", Title: "t", Facts: []string{trap}}}}
		if s := show(t, blocks(p, layout{links: true})); strings.Contains(s, "mrkdwn") {
			t.Errorf("%q became a link", trap)
		}
	}
}

func TestOnlyAMemberOfTheWorkspaceIsNamedAsOne(t *testing.T) {
	for by, want := range map[string]string{
		"slack:U123":              `"text": "Owner: <@U123>"`,
		"slack:U1>here":           `"text": "Owner: @U1&gt;here"`,
		"slack:!channel":          `"text": "Owner: @!channel"`,
		"Amina <!here>":           `"text": "Owner: Amina &lt;!here&gt;"`,
		"slack:U123> <!everyone>": `Owner: @U123&gt; &lt;!everyone&gt;"`,
	} {
		p := notifier.Page{Alerts: []notifier.Alert{{Icon: "i", Title: "t", Owner: by}}}
		if s := show(t, blocks(p, layout{})); !strings.Contains(s, want) {
			t.Errorf("owner %q: no %s in\n%s", by, want, s)
		}
	}
}

func TestManyAlertsShowTheLoudOnesFirstAndSayHowManyAreLeftOut(t *testing.T) {
	p := notifier.Page{Title: "🔔 130 events at once"}
	for i := range 130 {
		p.Alerts = append(p.Alerts, notifier.Alert{Icon: "🔎", Title: fmt.Sprintf("Person %d", i), Status: "Not confirmed", Owner: "slack:U0AMINA1",
			Facts: []string{strings.Repeat("fact ", 100)}, Case: fmt.Sprintf("c_case%d", i), Loud: i >= 125})
	}
	bs := blocks(p, layout{buttons: true})
	lawful(t, bs)
	s := show(t, bs)
	if !strings.Contains(s, "and 110 more: tocsin cases") {
		t.Error("what was left out is not said")
	}
	for i := 125; i < 130; i++ {
		if !strings.Contains(s, fmt.Sprintf("Person %d", i)) {
			t.Errorf("loud alert %d was left out", i)
		}
	}
	if text := fallback(p); size(text) >= 4000 {
		t.Errorf("top-level text of %d units", size(text))
	}
}

func TestALongTitleIsCutInTheHeaderAndWholeBelow(t *testing.T) {
	name := strings.Repeat("Varden-", 40) + "END"
	p := notifier.Page{Alerts: []notifier.Alert{{Icon: "🔔", Title: name, Loud: true}}}
	s := show(t, blocks(p, layout{}))
	if !strings.Contains(s, "…") || !strings.Contains(s, name) {
		t.Errorf("the title is lost:\n%s", s)
	}
	if !strings.Contains(s, `"expand": true`) {
		t.Error("an alert may be folded away")
	}
}

func encode(t testing.TB, v any) []byte {
	t.Helper()
	// The library escapes some objects' text for HTML; read again, all are alike.
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func show(t testing.TB, v any) string { return string(encode(t, v)) }
