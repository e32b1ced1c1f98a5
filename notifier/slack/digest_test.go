package slack

import (
	"fmt"
	"strings"
	"testing"

	"tocsin/notifier"
)

func TestADigestIsLaidOutBySections(t *testing.T) {
	p := notifier.Page{
		Title: "27 Apr–4 May 2026, 08:00 UTC · 120 people watched", Lead: []string{"Since the last report: one new possible match."},
		Sections: []notifier.Section{{Name: "NEEDS YOU", Lines: []notifier.Line{{Text: "HERON: possible match"}, {Text: "*WREN* <!channel>", Under: true}}}, {Name: "EMPTY"}},
	}
	bs := blocks(p, layout{buttons: true})
	lawful(t, bs)
	s := show(t, bs)
	if !strings.Contains(s, `"NEEDS YOU\nHERON: possible match\n– *WREN* &lt;!channel&gt;"`) || strings.Contains(s, "EMPTY") || strings.Contains(s, "mrkdwn") {
		t.Errorf("it is\n%s", s)
	}
	if text := fallback(p); !strings.Contains(text, "NEEDS YOU: HERON") || strings.Contains(text, "<!") {
		t.Errorf("its text is %q", text)
	}
}

func TestALongDigestKeepsSlacksLimits(t *testing.T) {
	p := notifier.Page{Title: strings.Repeat("week ", 100)}
	for i := range 30 {
		s := notifier.Section{Name: fmt.Sprintf("SECTION %d", i)}
		for range 200 {
			s.Lines = append(s.Lines, notifier.Line{Text: strings.Repeat("& ", 400)})
		}
		p.Sections = append(p.Sections, s)
	}
	lawful(t, blocks(p, layout{}))
	if n := size(fallback(p)); n >= 4000 {
		t.Errorf("top-level text of %d units", n)
	}
}
