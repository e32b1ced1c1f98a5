package slack

import (
	"github.com/slack-go/slack"

	"tocsin/notifier"
)

// sectionsMax bounds the parts of a digest; there are fewer.
const sectionsMax = 20

// digest lays a digest out: a block a section, its name above its lines.
func digest(p notifier.Page) []slack.Block {
	out := addHeader(nil, p.Title)
	if s := lines(p.Lead, 600, 1500, plain); s != "" {
		out = append(out, section(s, false))
	}
	sections := p.Sections[:min(len(p.Sections), sectionsMax)]
	room := gatherMax * 3 / 2 / len(sections)
	for _, x := range sections {
		if s := lines(texts(x), 400, min(room, sectionMax-100), plain); s != "" {
			out = append(out, slack.NewDividerBlock(), section(fit(x.Name, 60, plain)+"\n"+s, true))
		}
	}
	return addContext(out, p.Foot)
}

// texts are a section's lines; what says more of a line is marked.
func texts(x notifier.Section) (out []string) {
	for _, l := range x.Lines {
		if l.Under {
			l.Text = "– " + l.Text
		}
		out = append(out, l.Text)
	}
	return out
}
