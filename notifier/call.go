package notifier

import (
	"strings"
	"time"

	"tocsin"
)

// Why is why a call is made.
type Why string

const (
	NobodyHas     Why = "nobody has it"
	NobodyWarned  Why = "nobody warned the person"
	Arrested      Why = "arrested"
	Reminder      Why = "reminder"
	CommissionDue Why = "the Commission's time is up"
)

// Call is what is said about cases at its time, without any event.
type Call struct {
	Why       Why
	Since     time.Time // NobodyHas, NobodyWarned: for how long
	Before    int       // how often it was said before
	Elsewhere string    // the notifier where it was said before and nobody came, "" for this one
	Mention   string    // whom to call, as the configuration writes it
	For       string    // Reminder: who asked for it
	Note      string    // Reminder: why. Not shown below full detail
}

// call words what is said at its time.
func (r renderer) call(m Message, p *Page) {
	c := *m.Call
	p.Mention, p.For = c.Mention, c.For
	for _, it := range m.Items {
		p.Alerts = append(p.Alerts, r.called(c, m.Now, it))
	}
	switch len(p.Alerts) {
	case 0:
	case 1:
		p.Subject = p.Alerts[0].Icon + " " + p.Alerts[0].Title
	default:
		p.Title = "⏰ Nobody has these yet: " + count(len(p.Alerts), "possible match", "possible matches")
		if c.Why == NobodyWarned {
			p.Title = "⏰ Nobody has warned these people yet: " + number(len(p.Alerts))
		}
		p.Subject = p.Title
	}
}

func (r renderer) called(c Call, now time.Time, it Item) Alert {
	a := Alert{Icon: "⏰", Loud: true, Case: it.Event.Case}
	x := it.Case
	if x == nil {
		x = &tocsin.Case{State: tocsin.CaseOpen}
	}
	a.Owner = x.Owner
	person, safe := who(it), []string{"reach the person by the agreed safe channel", "before any border, airport, consulate or police contact: lawyer first"}
	switch c.Why {
	case NobodyHas:
		a.Title = "Nobody has it yet: " + person + " · possible match"
		a.Status = "Told " + r.moment(c.Since) + ", " + lasted(now.Sub(c.Since)) + " ago" + r.before(c)
		a.Steps = append([]string{r.take(it.Event.Case)}, safe...)
		if x.State != tocsin.CaseOpen {
			a.Title, a.Steps = "Nobody had it until now: "+person+" · possible match", safe
		}
	case NobodyWarned:
		a.Title = "Nobody has warned the person yet: " + person
		a.Status = "Taken " + r.moment(c.Since) + ", " + lasted(now.Sub(c.Since)) + " ago" + r.before(c)
		if !x.WarnedAt.IsZero() {
			a.Title = "Nobody had warned the person until now: " + person
		}
		a.Steps = append(safe, r.tellWarned(it.Event.Case), "where warning may be an offence, the local lawyer says so: pass the case on")
	case Arrested:
		a.Icon, a.Title, a.Status = "🚨", "Arrested: "+person, "Said "+r.moment(x.Since)+". Hours matter more than forms"
		a.Steps, a.Foot = own(it, arrestedSteps), arrestedFoot
		if len(it.Steps) > 0 { // the team's own
			a.Steps = it.Steps
		}
	case Reminder:
		a.Title, a.Status = "Reminder: "+person, "Asked for by "+Owner(c.For)
		a.Facts = append(a.Facts, "The case: "+r.standing(x)+".")
		if note := clean(c.Note); note != "" && it.Detail == Full {
			a.Facts = append(a.Facts, "Why: "+cut(note, noteMax))
		}
		if d := r.dates(x); d != "" {
			a.Facts, a.Foot = append(a.Facts, "Request to the Commission (CCF): "+d), []string{binds}
		}
	case CommissionDue:
		a.Icon, a.Title, a.Status = "📅", "The Commission (CCF) should have answered by now: "+person, r.dates(x)
		a.Steps = []string{"lawyer: ask the Commission in writing where the request stands"}
		a.Foot = []string{binds, notAdvice}
	}
	a.Foot = append(a.Foot, "Case "+it.Event.Case+".")
	return a
}

// before says how often it was said already, and where.
func (r renderer) before(c Call) string {
	var s string
	switch c.Before {
	case 0:
	case 1:
		s = " · called once before"
	default:
		s = " · called " + number(c.Before) + " times before"
	}
	if c.Elsewhere != "" {
		s += " in " + clean(c.Elsewhere) + ": nobody came"
	}
	return s
}

// tellWarned is how somebody says that the person was warned.
func (r renderer) tellWarned(id string) string {
	if r.buttons {
		return "press Person warned"
	}
	return "tell the others: tocsin decide " + id + " warned --by YOU"
}

const (
	// binds says whose dates the Commission's are.
	binds = "These dates bind the Commission, not the team; often it is later."
	// notAdvice stands under facts of law.
	notAdvice = "Not legal advice: read in late 2026, mostly in secondary sources. A lawyer checks each."
)

// arrestedSteps are what to do when somebody was arrested on a notice.
var arrestedSteps = []string{
	"a local lawyer, now, before any statement",
	"lawyer: urgent word to INTERPOL's General Secretariat, and to the Commission (CCF) with a request for provisional measures",
	"as the person wishes: the refugee agency (UNHCR), and embassies that may help",
	"write down who did what and when; never write here where anybody is held",
}

// arrestedFoot is what the lawyer may want to know, each with its source: below
// the steps, which come first in such an hour.
var arrestedFoot = []string{
	"Provisional measures of the Commission are exceptional (CCF Statute, Art. 37; otherside.law).",
	"A recognised refugee's notice that the state fled asked for is against INTERPOL's refugee policy of 2015: often the strongest ground (rednoticelawjournal.com).",
	"The person or an authorised representative may file, with an unredacted identity document, and an original power of attorney unless the Commission's form is used (CCF, “Admissibility of a Request”).",
	"The Commission may tell national bureaus some things: mark what is confidential (interpol.int, “Processing procedure”).",
	notAdvice,
}

// dates say when a request to the Commission was filed and became admissible, and
// by when it should have decided; "" where there is none.
func (r renderer) dates(c *tocsin.Case) string {
	var parts []string
	if !c.Filed.IsZero() {
		parts = append(parts, "filed "+civil(c.Filed))
	}
	switch {
	case c.Admissible.IsZero() && c.Filed.IsZero():
		return ""
	case c.Admissible.IsZero():
		parts = append(parts, "not known to be admissible; CCF due to say about "+civil(tocsin.CommissionDue(tocsin.Filed, c.Request, c.Filed))+", often late")
	default:
		due := "CCF due about " + civil(tocsin.CommissionDue(tocsin.Admissible, c.Request, c.Admissible))
		if c.Request == "" {
			due = "CCF due about " + civil(tocsin.CommissionDue(tocsin.Admissible, "access", c.Admissible)) + " on access, " +
				civil(tocsin.CommissionDue(tocsin.Admissible, "", c.Admissible)) + " on correction or deletion"
		}
		parts = append(parts, "admissible "+civil(c.Admissible)+"; "+due+", often late")
	}
	return strings.Join(parts, ", ")
}
