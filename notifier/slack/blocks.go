package slack

import (
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"tocsin/notifier"
)

// Slack's own limits (docs.slack.dev, "Blocks"), and ours where they are lower:
// the whole of a message has a limit that no document names, and a message that
// is refused rings nowhere.
const (
	headerMax  = 150
	sectionMax = 2900 // of 3000
	contextMax = 1900 // of 2000
	textMax    = 3000 // of 4000 that are advised, 40000 that are cut
	factsMax   = 4000 // all facts of one alert
	factsCount = 60
	linksMax   = 3    // of one alert
	gatherMax  = 6000 // all alerts of a gathered message
	shownMax   = 20   // alerts of a gathered message: with owners, fewer than 50 blocks
	blocksMax  = 48   // of 50
)

// blockPrefix is what the id of a block of buttons begins with; the revision of
// the case that the message shows follows.
const blockPrefix = "rev-"

// layout is what a message may show beside its words.
type layout struct {
	buttons bool // a case's buttons
	links   bool // addresses may be links
}

// blocks lays a page out. Whatever its texts are, the blocks keep Slack's
// limits, and no text in them formats, mentions anybody or is fetched.
func blocks(p notifier.Page, l layout) []slack.Block {
	var out []slack.Block
	if m := mention(p); m != "" {
		out = append(out, slack.NewSectionBlock(ours(m), nil, nil))
	}
	switch {
	case len(p.Sections) > 0:
		return append(out, digest(p)...)
	case p.Title == "" && len(p.Alerts) == 1:
		return append(out, single(p, l)...)
	}
	return append(out, gathered(p, l)...)
}

// mention calls whom the page is for: as the configuration writes it, or a member
// of the workspace.
func mention(p notifier.Page) string {
	if p.Mention != "" || p.For == "" {
		return p.Mention
	}
	if m := member(p.For); m != "" {
		return m
	}
	return fit(notifier.Owner(p.For), 80, unmarked)
}

func single(p notifier.Page, l layout) []slack.Block {
	a := p.Alerts[0]
	var out []slack.Block
	out = addContext(out, p.Lead)
	title := strings.TrimSpace(a.Icon + " " + a.Title)
	out = addHeader(out, title)
	if size(fit(title, sectionMax, plain)) > headerMax {
		out = append(out, section(fit(title, 1000, plain), a.Loud))
	}
	if c := statusBlock(a); c != nil {
		out = append(out, c)
	}
	if h := deeds(a); h != nil {
		out = append(out, h)
	}
	out = addFacts(out, a, l)
	if s := steps(a.Steps); s != "" {
		out = append(out, section(s, a.Loud)) // plain text: a step may hold a command to copy
	}
	out = addContext(out, a.Foot)
	return addContext(addButtons(out, a, l, ""), p.Foot)
}

// addButtons adds what can be done with a case by a press. of tells the blocks of
// a message apart.
func addButtons(out []slack.Block, a notifier.Alert, l layout, of string) []slack.Block {
	if !l.buttons || len(a.Buttons) == 0 || !caseID.MatchString(a.Case) {
		return out
	}
	var bs []slack.BlockElement
	for _, b := range a.Buttons {
		bs = append(bs, slack.NewButtonBlockElement(string(b.Action), a.Case, words(b.Label)).WithStyle(slack.Style(b.Style)))
	}
	return append(out, slack.NewActionBlock(blockPrefix+strconv.FormatInt(a.Rev, 10)+of, bs...))
}

// addFacts packs the facts into as few sections as hold them. An address
// becomes a link only where the layout allows it.
func addFacts(out []slack.Block, a notifier.Alert, l layout) []slack.Block {
	var pack []string
	used, packed, links := 0, 0, 0
	flush := func() {
		if len(pack) > 0 {
			out = append(out, section(strings.Join(pack, "\n"), a.Loud))
		}
		pack, packed = nil, 0
	}
	for i, f := range a.Facts {
		if l.links && links < linksMax && isLink(f) {
			flush()
			links++
			out = append(out, slack.NewSectionBlock(ours("<"+escaper.Replace(f)+">"), nil, nil))
			used += size(f)
			continue
		}
		line := fit(f, sectionMax/2, plain)
		if line == "" {
			continue
		}
		n := size(line) + 1
		if used+n > factsMax || i >= factsCount {
			line = fmt.Sprintf("… and %d more lines: %s", len(a.Facts)-i, elsewhere)
			if packed+size(line)+1 > sectionMax {
				flush()
			}
			pack = append(pack, line)
			break
		}
		if packed+n > sectionMax {
			flush()
		}
		pack = append(pack, line)
		used, packed = used+n, packed+n
	}
	flush()
	return out
}

// linkShape leaves out every character with which an address could leave its
// brackets or hide where it leads.
var linkShape = regexp.MustCompile(`^https?://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~/%?&=+,;:-]*)?$`)

func isLink(s string) bool {
	if len(s) > 500 || !linkShape.MatchString(s) {
		return false
	}
	u, err := url.Parse(s)
	return err == nil && u.Host != ""
}

func gathered(p notifier.Page, l layout) []slack.Block {
	title := p.Title
	if title == "" {
		title = fmt.Sprintf("%d events", len(p.Alerts))
	}
	out := addHeader(nil, title)
	if s := lines(p.Lead, 600, 1500, plain); s != "" {
		out = append(out, section(s, false))
	}
	shown := shownOf(p.Alerts)
	room := 900
	if len(shown) > 0 {
		room = min(room, gatherMax/len(shown))
	}
	pressed := 0
	if l.buttons {
		pressed = len(shown)
	}
	divided := len(out)+2*len(shown)+pressed+owned(shown)+2 <= blocksMax
	for _, a := range shown {
		if divided {
			out = append(out, slack.NewDividerBlock())
		}
		out = append(out, section(condensed(a, room), false))
		if o := owner(a.Owner); o != nil {
			out = append(out, slack.NewContextBlock("", o))
		} else if h := deeds(a); h != nil {
			out = append(out, h)
		}
		out = addButtons(out, a, l, "-"+a.Case)
	}
	if rest := len(p.Alerts) - len(shown); rest > 0 {
		out = append(out, slack.NewContextBlock("", words(fmt.Sprintf("… and %d more: %s", rest, elsewhere))))
	}
	return addContext(out, p.Foot)
}

// shownOf chooses the alerts that a gathered message has room for: those of the
// alert tier first where not all have.
func shownOf(as []notifier.Alert) []notifier.Alert {
	if len(as) <= shownMax {
		return as
	}
	var out []notifier.Alert
	for _, loud := range []bool{true, false} {
		for _, a := range as {
			if a.Loud == loud && len(out) < shownMax {
				out = append(out, a)
			}
		}
	}
	return out
}

func owned(as []notifier.Alert) int {
	n := 0
	for _, a := range as {
		if a.Owner != "" || len(a.History) > 0 {
			n++
		}
	}
	return n
}

// condensed is one alert of many, in at most room units.
func condensed(a notifier.Alert, room int) string {
	text := fit(strings.TrimSpace(a.Icon+" "+a.Title), min(room, 190), plain)
	if text == "" {
		text = "…"
	}
	add := func(s string, most int) {
		if left := min(most, room-size(text)-1); left >= 40 && strings.TrimSpace(s) != "" {
			if line := fit(s, left, plain); line != "" {
				text += "\n" + line
			}
		}
	}
	status := a.Status
	if a.Case != "" {
		status = strings.TrimPrefix(status+" · case "+a.Case, " · ")
	}
	add(status, 190)
	add(strings.Join(a.Facts, " · "), room)
	return text
}

func addHeader(out []slack.Block, s string) []slack.Block {
	text := fit(s, headerMax, plain)
	if text == "" {
		text = "…"
	}
	return append(out, slack.NewHeaderBlock(object(text)))
}

// addContext adds small print, if there is any.
func addContext(out []slack.Block, ls []string) []slack.Block {
	if s := lines(ls, 900, contextMax/2, plain); s != "" {
		out = append(out, slack.NewContextBlock("", object(s)))
	}
	return out
}

func statusBlock(a notifier.Alert) slack.Block {
	var es []slack.MixedElement
	if s := fit(a.Status, contextMax/2, plain); s != "" {
		es = append(es, object(s))
	}
	if o := owner(a.Owner); o != nil {
		es = append(es, o)
	}
	if len(es) == 0 {
		return nil
	}
	return slack.NewContextBlock("", es...)
}

// caseID is the form of a case's id (CONTRACT.md, "ids").
var caseID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

var userID = regexp.MustCompile(`^[UW][A-Z0-9]{1,30}$`)

// owner names who has the case: a member of the workspace as Slack shows
// members, anybody else by name.
func owner(by string) *slack.TextBlockObject {
	if m := member(by); m != "" {
		return ours("Owner: " + m)
	}
	if name := fit(notifier.Owner(by), 80, plain); name != "" {
		return object("Owner: " + name)
	}
	return nil
}

// deeds say who did what about the case, a line each. A member of the workspace
// is shown as Slack shows members.
func deeds(a notifier.Alert) slack.Block {
	var ls []string
	if a.Earlier > 0 {
		ls = append(ls, fmt.Sprintf("… %d earlier: %s", a.Earlier, elsewhere))
	}
	for _, d := range a.History {
		who := member(d.Who)
		if who == "" {
			who = fit(notifier.Deed{Who: d.Who}.Name(), 80, unmarked)
		}
		line := d.When + " · " + who + " " + fit(d.What, 200, unmarked)
		if d.Whom != "" {
			whom := member(d.Whom)
			if whom == "" {
				whom = fit(notifier.Owner(d.Whom), 80, unmarked)
			}
			line += " " + whom
		}
		if why := fit(d.Why, 320, unmarked); why != "" {
			line += " (" + why + ")"
		}
		ls = append(ls, line)
	}
	for size(strings.Join(ls, "\n")) > contextMax {
		ls = ls[1:]
	}
	if len(ls) == 0 {
		return nil
	}
	return slack.NewContextBlock("", ours(strings.Join(ls, "\n")))
}

// member mentions somebody who decided by a press; "" is somebody else.
func member(by string) string {
	if id, ok := strings.CutPrefix(by, "slack:"); ok && userID.MatchString(id) {
		return "<@" + id + ">"
	}
	return ""
}

func steps(ss []string) string {
	var out []string
	total := 0
	for i, s := range ss {
		s = fmt.Sprintf("%d  %s", i+1, fit(s, 500, plain))
		if i == 0 {
			s = "NOW  " + s
		}
		if total += size(s) + 1; total > sectionMax/2 {
			break
		}
		out = append(out, s)
	}
	return strings.Join(out, "\n")
}

// object is text that may quote a notice, already fitted and escaped.
func object(text string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, text, false, false)
}

// words are our own, in plain text.
func words(text string) *slack.TextBlockObject { return object(plain(text)) }

// ours is markup of our own. Nothing in it is made a link that is not one.
func ours(text string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.MarkdownType, text, false, true)
}

func section(text string, expand bool) *slack.SectionBlock {
	return slack.NewSectionBlock(object(text), nil, nil, slack.SectionBlockOptionExpand(expand))
}

// fallback is the message's top-level text: what notifications and readers
// that know no blocks show. It says what the blocks begin with.
func fallback(p notifier.Page) string {
	var ls []string
	if p.Title != "" {
		ls = append(ls, p.Title)
	}
	if p.Title == "" && len(p.Alerts) == 1 {
		a := p.Alerts[0]
		ls = append(ls, a.Icon+" "+a.Title)
		ls = append(append(append(ls, p.Lead...), a.Status), a.Facts...)
	} else {
		ls = append(ls, p.Lead...)
		for _, a := range p.Alerts {
			ls = append(ls, a.Icon+" "+a.Title)
		}
		for _, x := range p.Sections {
			ls = append(ls, x.Name+": "+strings.Join(texts(x), " · "))
		}
	}
	s := lines(ls, 600, textMax, unmarked)
	if s == "" {
		s = "…"
	}
	if m := mention(p); m != "" {
		s = m + "\n" + s
	}
	return s
}
