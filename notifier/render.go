package notifier

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tocsin"
)

// NotWatched is what every look at the watch has to say of its limits.
const NotWatched = "Only about one notice in nine is public; diffusions never are. Absence here never means “not wanted”."

// Render puts a message into words, in its zone.
func Render(m Message) Page {
	r := renderer{zone: m.Zone, links: m.Links, buttons: m.Buttons}
	if r.zone == nil {
		r.zone = time.UTC
	}
	var p Page
	if m.Repeat {
		p.Lead = append(p.Lead, "Possible repeat: nobody could say whether this had already arrived.")
	}
	switch {
	case m.Report != nil:
		r.report(m, &p)
		return p
	case m.Call != nil:
		r.call(m, &p)
		return p
	}
	for _, it := range m.Items {
		p.Alerts = append(p.Alerts, r.alert(it))
	}
	switch {
	case m.Kind == List:
		r.list(m, &p)
	case m.Kind == Gathered || len(m.Items) > 1:
		r.gathered(m, &p)
	case len(p.Alerts) == 1:
		p.Subject = p.Alerts[0].Icon + " " + p.Alerts[0].Title
	}
	return p
}

type renderer struct {
	zone    *time.Location
	links   bool
	buttons bool
}

func (r renderer) alert(it Item) Alert {
	a := Alert{Loud: it.Event.Tier == tocsin.TierAlert || it.Event.Kind.AboutSight()}
	switch it.Event.Kind {
	case tocsin.Blind:
		r.blind(it, &a)
	case tocsin.Recovered:
		r.recovered(it, &a)
	case tocsin.Undelivered:
		r.undelivered(it, &a)
	case tocsin.Disappeared:
		r.disappeared(it, &a)
	default:
		if it.News {
			r.mentioned(it, &a)
		} else {
			r.match(it, &a)
		}
	}
	if c := it.Case; c != nil {
		a.History, a.Earlier = r.history(*c)
		a.Buttons, a.Rev = ButtonsOf(*c), c.Rev
		switch {
		case c.State == tocsin.CaseDismissed || c.State == tocsin.CaseClosed:
			a.Steps = nil
		case c.State != tocsin.CaseOpen && len(a.Steps) > 0 && a.Steps[0] == r.take(it.Event.Case):
			a.Steps = a.Steps[1:] // somebody has it
		}
		if c.State == tocsin.CaseArrested {
			a.Steps, a.Foot = arrestedSteps, slices.Concat(arrestedFoot, a.Foot)
		}
	}
	a.Steps = own(it, a.Steps)
	if it.Event.Drill && it.Event.Kind != tocsin.Undelivered {
		a.Icon, a.Title = "🧪", "DRILL, not real · "+a.Title
		a.Steps = []string{"nobody needs to act: this shows how an alert comes to you, and how fast"}
		a.Foot = nil
	}
	return a
}

// own are the team's own steps, or the built-in ones where it has none.
func own(it Item, builtIn []string) []string {
	if len(it.Steps) == 0 {
		return builtIn
	}
	var steps []string
	for _, s := range it.Steps {
		steps = append(steps, clean(s))
	}
	return steps
}

// who names the person as far as the channel may.
func who(it Item) string {
	p := it.Person
	if p == nil {
		return "a person no longer on the watchlist (" + it.Event.Person + ")"
	}
	switch {
	case it.Detail == Full && len(p.Names) > 0:
		return clean(p.Names[0]) + " (" + p.ID + ")"
	case it.Detail == Initials && p.Initials != "":
		return p.Initials + " (" + p.ID + ")"
	case it.Detail == Codename && p.Codename != "":
		return clean(p.Codename)
	}
	return p.ID
}

// notice names the kind of notice: "red notice".
func noticeWord(n *tocsin.Notice) string {
	if n == nil {
		return "notice"
	}
	switch n.Color {
	case "red", "yellow":
		return n.Color + " notice"
	case "un":
		return "UN special notice"
	}
	return "notice"
}

// match words an event in which somebody is, or may be, on a notice.
func (r renderer) match(it Item, a *Alert) {
	e := it.Event
	strength := "strong"
	a.Icon = "🔔"
	if e.Tier == tocsin.TierReview {
		strength, a.Icon = "weak", "🔎"
	}
	person, word := who(it), noticeWord(it.Notice)
	if e.Edition != nil && word == "notice" {
		word = "entry" // not every list is one of notices
	}
	switch e.Kind {
	case tocsin.Appeared:
		a.Title = fmt.Sprintf("Possible match, %s: %s · new public %s", strength, person, word)
	case tocsin.Listed:
		a.Title = fmt.Sprintf("Possible match, %s: %s · %s already public", strength, person, word)
	case tocsin.Reappeared:
		a.Title = fmt.Sprintf("Public again: %s · %s that was no longer public", person, word)
	case tocsin.Changed:
		if a.Icon = "✎"; e.Tier == tocsin.TierAlert && !e.Quiet {
			a.Icon = "🔁"
		}
		a.Title = fmt.Sprintf("Changed: %s · possible match, %s", withID(word, it.Notice), strength+": "+person)
	}
	a.Title += r.byList(it)
	a.Status, a.Owner = r.status(it)
	a.Facts = append(a.Facts, r.edition(it)...)
	a.Facts = append(a.Facts, r.facts(it)...)
	for _, c := range e.Changes {
		a.Facts = append(a.Facts, r.change(it, c))
	}
	facts, con := grounds(it)
	a.Facts = append(a.Facts, facts...)
	if it.Detail != Codename && len(e.Reasons) > 0 {
		a.Facts = append(a.Facts, against(con, "photo not compared"))
	}
	if w := r.became(e); w != "" {
		a.Facts = append(a.Facts, w)
	}
	a.Facts = append(a.Facts, r.copies(it)...)
	if w := earlier(it); w != "" {
		a.Facts = append(a.Facts, w)
	}
	a.Case = e.Case
	if e.Kind != tocsin.Changed || !e.Quiet {
		a.Steps = []string{
			r.take(e.Case), "reach the person by the agreed safe channel",
			"before any border, airport, consulate or police contact: lawyer first", "never write here where anybody is",
		}
		if e.Tier == tocsin.TierReview {
			a.Steps = r.compare(e.Case)
		}
	}
	a.Foot = r.foot(it)
}

// grounds are the lines on why it may be the person, and what speaks against it.
func grounds(it Item) (facts []string, con string) {
	subject := it.Person
	if it.Detail != Full {
		subject = nil
	}
	pro, con := why(it.Event.Reasons, subject)
	if pro != "" {
		facts = append(facts, "Why: "+pro)
	}
	if it.PersonEdited {
		facts = append(facts, "The watchlist's entry was edited since this was matched.")
	}
	return facts, con
}

// against is the line on what speaks against it, always being what always does.
func against(con, always string) string {
	if con != "" {
		con += " · "
	}
	return "Against: " + con + always
}

// compare is what to do about a weak match.
func (r renderer) compare(id string) []string {
	return []string{"compare with what you know: most weak matches are strangers", r.judge(id)}
}

// take is how somebody says that the case is in hand: by a button where there
// are any.
func (r renderer) take(id string) string {
	if r.buttons {
		return "press I have it"
	}
	return "tell the others that you have it: tocsin decide " + id + " ack --by YOU"
}

// judge is how somebody says what a weak match is.
func (r renderer) judge(id string) string {
	if r.buttons {
		return "press Looks like our person, or Not our person…"
	}
	return "say which it is: tocsin decide " + id + " confirm --by YOU, or dismiss"
}

// status says how a match stands: whether anybody has it, and who seeks whom.
func (r renderer) status(it Item) (line, owner string) {
	parts := []string{"Not confirmed"}
	if c := it.Case; c != nil && c.State != tocsin.CaseOpen {
		owner = c.Owner
		parts[0] = r.stands(c)
		if c.State != tocsin.CaseWarned && !c.WarnedAt.IsZero() {
			parts = append(parts, "person warned "+r.moment(c.WarnedAt))
		}
	} else {
		parts = append(parts, "nobody has it yet")
	}
	if c := it.Case; c != nil && c.Proposed != "" {
		parts = append(parts, Owner(c.Proposed)+" says not our person; a second person must agree")
	}
	if n := it.Notice; n != nil && n.Detail != nil {
		var states []string
		for _, c := range n.Detail.Charges {
			if name := country(c.Country); name != "" && !slices.Contains(states, name) {
				states = append(states, name)
			}
		}
		if len(states) > 0 && n.Color != "yellow" {
			parts = append(parts, strings.Join(states, " and ")+seek(len(states))+"arrest for extradition")
		}
	}
	return strings.Join(parts, " · "), owner
}

// stands says to what state people brought a case, and when.
func (r renderer) stands(c *tocsin.Case) string {
	if c.Since.IsZero() {
		return caseWords[c.State]
	}
	return caseWords[c.State] + " " + r.moment(c.Since)
}

func seek(n int) string {
	if n > 1 {
		return " seek "
	}
	return " seeks "
}

var caseWords = map[tocsin.CaseState]string{
	tocsin.CaseOpen: "open", tocsin.CaseAcknowledged: "Somebody has it", tocsin.CaseWarned: "Person warned",
	tocsin.CaseConfirmed: "Looks like our person", tocsin.CaseDismissed: "Not our person", tocsin.CaseArrested: "Arrested", tocsin.CaseClosed: "Closed",
}

func (r renderer) foot(it Item) []string {
	e := it.Event
	if e.Case == "" {
		return nil
	}
	if it.Detail == Full && it.Notice != nil && e.Edition != nil {
		return []string{"Opening its page shows the page's owner your visit. What it said is kept in case " + e.Case + "."}
	}
	if it.Detail == Full && it.Notice != nil {
		return []string{"Opening interpol.int shows them your visit. What it said is kept in case " + e.Case + "."}
	}
	return []string{"Case " + e.Case + "."}
}

func withID(word string, n *tocsin.Notice) string {
	if n == nil {
		return word
	}
	return word + " " + clean(n.ID)
}

func country(code string) string {
	code = clean(code)
	if name := tocsin.CountryName(code); name != "" {
		return name
	}
	return code
}

func countries(codes []string) string {
	var out []string
	for _, c := range codes {
		out = append(out, country(c))
	}
	return "nationality " + strings.Join(out, ", ")
}

func orNone(s, none string) string {
	if s == "" {
		return none
	}
	return s
}

// cut shortens s to n letters and says so.
func cut(s string, n int) string {
	rs := []rune(s)
	if len(rs) <= n {
		return s
	}
	return string(rs[:n]) + fmt.Sprintf(" … (%d letters more)", len(rs)-n)
}
