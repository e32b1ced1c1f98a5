package notifier

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Owner puts who decided last into words: "slack:U123" is a member of the
// team's Slack, anything else is a name.
func Owner(by string) string {
	if id, ok := strings.CutPrefix(by, "slack:"); ok {
		return "@" + id
	}
	return clean(by)
}

// sectionWidth holds the longest name of a section.
const sectionWidth = len("NOT WATCHED")

// Text writes a page as plain text of at most width letters a line.
func Text(p Page, width int) string {
	var b strings.Builder
	put := func(indent, s string) { wrap(&b, indent, indent, s, width) }
	if p.Title != "" {
		put("", p.Title)
	}
	for _, l := range p.Lead {
		put("", l)
	}
	for i, a := range p.Alerts {
		if i > 0 || p.Title != "" || len(p.Lead) > 0 {
			b.WriteByte('\n')
		}
		put("", a.Icon+" "+a.Title)
		if s := a.statusLine(); s != "" {
			put("   ", s)
		}
		for _, f := range a.Facts {
			wrap(&b, "   ", "     ", f, width)
		}
		if len(p.Alerts) == 1 {
			for i, s := range a.Steps {
				lead := "       "
				if i == 0 {
					lead = "   NOW "
				}
				wrap(&b, fmt.Sprintf("%s%d ", lead, i+1), "         ", s, width)
			}
			if a.Earlier > 0 {
				put("   ", earlierDeeds(a.Earlier))
			}
			for _, d := range a.History {
				wrap(&b, "   ", "     ", d.String(), width)
			}
			for _, f := range a.Foot {
				put("   ", f)
			}
		} else {
			for _, d := range a.History {
				wrap(&b, "   ", "     ", d.String(), width)
			}
			if a.Case != "" {
				put("   ", "Case "+a.Case)
			}
		}
	}
	for i, x := range p.Sections {
		if i == 0 {
			b.WriteByte('\n')
		}
		for j, l := range x.Lines {
			name, under := "", ""
			if j == 0 {
				name = x.Name
			}
			if l.Under {
				under = "  "
			}
			wrap(&b, fmt.Sprintf("%-*s %s", sectionWidth, name, under), strings.Repeat(" ", sectionWidth+3)+under, l.Text, width)
		}
	}
	if len(p.Foot) > 0 {
		b.WriteByte('\n')
		for _, f := range p.Foot {
			put("", f)
		}
	}
	return b.String()
}

// statusLine is the status with who has it.
func (a Alert) statusLine() string {
	if a.Owner == "" {
		return a.Status
	}
	return strings.TrimPrefix(a.Status+" · owner "+Owner(a.Owner), " · ")
}

// wrap writes s in lines of at most width letters: first before the first line,
// next before the others. A word longer than a line is not broken.
func wrap(b *strings.Builder, first, next, s string, width int) {
	line, n := first, utf8.RuneCountInString(first)
	empty := true
	for _, w := range strings.Fields(s) {
		l := utf8.RuneCountInString(w)
		if !empty && n+1+l > width {
			b.WriteString(strings.TrimRight(line, " ") + "\n")
			line, n, empty = next, utf8.RuneCountInString(next), true
		}
		if !empty {
			line += " "
			n++
		}
		line, n, empty = line+w, n+l, false
	}
	b.WriteString(strings.TrimRight(line, " ") + "\n")
}
