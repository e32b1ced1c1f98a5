package config

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"tocsin"
	"tocsin/plainyaml"
)

// Play is what a team does after one kind of message, in its own words.
type Play struct {
	For      string // an event kind, or "arrested" for a case in that state
	Review   bool   // for review tier; otherwise for alert tier
	Source   string // a source's id; "" any
	State    string // the issuing state, ISO 3166 alpha-2; "" any
	Tag      string // of the watchlist; "" any
	Language string // of the notifier; "" any
	Steps    []string
}

// Arrested is Play.For of a case in which somebody says that the person was
// arrested.
const Arrested = "arrested"

const (
	mostPlays = 500
	mostSteps = 10  // of one play: nobody reads more in an alarm
	mostStep  = 300 // letters of one step
)

var (
	language = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$`)
	playKeys = []string{"for", "tier", "source", "state", "tag", "language", "steps"}
)

// playbook reads the team's own plays from the file that the key names.
func (g group) playbook(c *Config) []Play {
	path, v := g.path("playbook", "")
	if v.node == nil || v.bad {
		return nil
	}
	f, err := g.files(path)
	if err != nil {
		g.wrong(v, "playbook: "+missingFile(err)+": write the name of a file with plays, as docs/playbooks.md has them")
		return nil
	}
	r := *g.reader // the same, of another file
	r.file, r.problems, r.warnings = path, nil, nil
	plays := r.plays(f.data, c)
	g.problems, g.warnings = append(g.problems, r.problems...), append(g.warnings, r.warnings...)
	return plays
}

func (r *reader) plays(data []byte, c *Config) (out []Play) {
	root, problems := plainyaml.Parse(data)
	for _, p := range problems {
		r.problems = append(r.problems, Problem{r.file, p.Line, p.Column, p.Message})
	}
	if root == nil {
		if len(problems) == 0 {
			r.problems = append(r.problems, Problem{r.file, 1, 1, "the file is empty: write plays, as docs/playbooks.md has them"})
		}
		return nil
	}
	g, ok := r.group(root, "", []string{"plays"}, nil)
	if !ok {
		return nil
	}
	list := g.at("plays", "a list of plays", plainyaml.Seq)
	switch {
	case list.node == nil:
		g.wrongAt(root, "plays is missing: write a list of plays, as docs/playbooks.md has them")
	case list.given() && len(list.node.Items) > mostPlays:
		g.wrong(list, fmt.Sprintf("more than %d plays", mostPlays))
	case list.given():
		for _, n := range list.node.Items {
			if e, ok := r.group(n, "plays.", playKeys, nil); ok {
				out = append(out, e.play(c))
			}
		}
	}
	return out
}

func (g group) play(c *Config) (p Play) {
	kinds := []string{Arrested}
	for _, k := range tocsin.EventKinds {
		kinds = append(kinds, string(k))
	}
	var v value
	if p.For, v = g.choice("for", "", kinds); v.node == nil {
		g.wrongAt(g.node, "for is missing: write "+oneOf(kinds))
	}
	tier, _ := g.choice("tier", string(tocsin.TierAlert), []string{string(tocsin.TierAlert), string(tocsin.TierReview)})
	p.Review = tier == string(tocsin.TierReview)
	if p.Source, v = g.text("source", "", "a source's id"); v.given() {
		if _, ok := c.Source(p.Source); !ok {
			g.wrong(v, "no source has this id: write one of tocsin.yaml's sources, or leave it out for all")
		}
	}
	if p.State, v = g.text("state", "", "the issuing state's code, such as FR"); v.given() {
		if p.State = strings.ToUpper(p.State); tocsin.CountryName(p.State) == "" {
			g.wrong(v, "state is no country: write its code, such as FR")
		}
	}
	p.Tag, _ = g.text("tag", "", "a tag of the watchlist")
	p.Language = g.language()
	steps, _ := g.items("steps", "what to do, one entry a step")
	if g.field("steps") == nil || len(g.field("steps").Items) == 0 {
		g.wrongAt(g.node, "steps is missing: write a list of what to do, one entry a step")
	}
	for _, s := range steps {
		switch {
		case strings.ContainsFunc(s.text, func(c rune) bool { return c < ' ' || c == 0x7f }):
			g.wrong(s, "a step holds a line break or another control character: write one line")
		case len([]rune(s.text)) > mostStep:
			g.wrong(s, fmt.Sprintf("a step of more than %d letters: write it shorter, or as two", mostStep))
		default:
			p.Steps = append(p.Steps, strings.TrimSpace(s.text))
		}
	}
	if len(p.Steps) > mostSteps {
		g.wrongAt(g.field("steps"), fmt.Sprintf("more than %d steps: nobody reads so many in an alarm", mostSteps))
	}
	return p
}

// language is a key's language tag in lower case letters, "" if it is not there.
func (g group) language() string {
	text, v := g.text("language", "", "a language's code, such as fr")
	if v.given() && !language.MatchString(text) {
		g.wrong(v, "language is no code: write one such as fr")
	}
	return text
}

// unspoken warns of languages that plays have and no notifier reads.
func (g group) unspoken(plays []Play, all []Notifier) {
	for _, p := range plays {
		if p.Language != "" && !slices.ContainsFunc(all, func(n Notifier) bool { return n.Language == p.Language }) {
			g.warn(g.field("playbook"), fmt.Sprintf("the playbook has plays in %s, and no notifier has language: %s", p.Language, p.Language))
			return
		}
	}
}
