package notifier

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tocsin"
)

// Report is what a digest tells beside the events that it delivers. Its items
// are redacted.
type Report struct {
	Since, Until time.Time
	People       int    // watched
	Needs        []Item // cases at alert tier that somebody has to see to, each with an event of its own
	Changed      []Item // what changed, was no longer public or came back
	Waiting      []Item // cases at review tier that nobody has decided
	Dismissed    []Item // cases that were dismissed meanwhile
	Dates        []Item // cases with a request to the Commission, unless they are closed
	Trouble      []Item // blind, recovered and undelivered
	Coverage     []Coverage
	Tested       time.Time // when the bell was last tried, zero: never
	Bell         []Tested
}

// Tested is how one channel took the last drill.
type Tested struct {
	Notifier string
	Took     time.Duration
	Missed   bool // it did not take it in time
}

// Coverage is how well a source was seen over a time.
type Coverage struct {
	Name         string // what people call the source
	Total        time.Duration
	Seen, Partly time.Duration // of it; the rest was not seen
	Listed, Rows int           // at the last complete look: rows that the source counts, rows seen
	Longest      time.Duration // between two complete looks, or so far: the latest that an alert could be
	Gaps         []Gap         // in which the list was not seen whole, the first first
	Versioned    bool          // it is a versioned list
	Oldest       time.Duration // of a versioned list: how old its data was at most; 0: not known
}

// Gap is a time in which a source was not seen whole. Unseen is how much of it
// nothing was seen.
type Gap struct {
	From, To time.Time
	Unseen   time.Duration
	Open     bool // it goes on
}

// linesMax bounds the cases that a section names one by one.
const linesMax = 20

// report words a digest, so that it can be read in a minute.
func (r renderer) report(m Message, p *Page) {
	rep := m.Report
	p.Title = r.period(rep.Since, rep.Until) + " · " + count(rep.People, "person watched", "people watched")
	if line := news(m.Items); line != "" {
		p.Lead = append(p.Lead, line)
	} else {
		p.Lead = append(p.Lead, "No new event. That is not a “no”: see what was seen, and what is not watched.")
	}
	add := func(name string, lines []Line) {
		if len(lines) > 0 {
			p.Sections = append(p.Sections, Section{Name: name, Lines: lines})
		}
	}
	needs := r.each(rep.Needs, r.need)
	if len(needs) == 0 {
		needs = []Line{{Text: "nothing"}}
	}
	add("NEEDS YOU", needs)
	p.Sections[0].Loud = len(rep.Needs) > 0
	add("CHANGED", r.each(rep.Changed, r.changed))
	add("WAITING", r.waiting(rep))
	if dates := r.each(rep.Dates, r.requested); len(dates) > 0 {
		add("DATES", append(dates, Line{binds, true}))
	}
	add("TROUBLE", r.each(rep.Trouble, r.trouble))
	add("BELL", []Line{{Text: r.bell(rep)}})
	var seen []Line
	for _, c := range rep.Coverage {
		for i, l := range r.coverage(c) {
			seen = append(seen, Line{l, i > 0})
		}
	}
	add("COVERAGE", seen)
	add("NOT WATCHED", []Line{
		{Text: "non-public notices (about 9 in 10), all diffusions, countries that publish nothing"}, {Text: "Absence here never means “not wanted”."},
	})
	p.Subject = subjectOf(rep, r.zone)
	if full(m) && len(rep.Needs) > 0 {
		p.Subject += ": " + count(len(rep.Needs), "case needs you", "cases need you")
	}
}

// full reports whether nothing was taken away from the message. One without any
// item has nothing to hide, and nothing to add.
func full(m Message) bool {
	for _, it := range slices.Concat(m.Items, m.Report.Needs) {
		if it.Detail != Full {
			return false
		}
	}
	return true
}

// subjectOf says of which time the digest is, and nothing else.
func subjectOf(rep *Report, zone *time.Location) string {
	until := rep.Until.In(zone)
	switch d := rep.Until.Sub(rep.Since); {
	case d > 6*24*time.Hour && d < 8*24*time.Hour:
		_, week := rep.Since.In(zone).ISOWeek()
		return fmt.Sprintf("Weekly report %d", week)
	case d > 20*time.Hour && d < 28*time.Hour:
		return until.Format("Daily report, 2 January")
	}
	return until.Format("Report, 2 January 15:04")
}

// period writes "27 Apr–4 May 2026, 08:00 UTC".
func (r renderer) period(since, until time.Time) string {
	a, b := since.In(r.zone), until.In(r.zone)
	switch {
	case a.Format("15:04") != b.Format("15:04"):
		return a.Format("2 Jan 15:04") + "–" + b.Format("2 Jan 2006, 15:04 MST")
	case a.Year() != b.Year():
		return a.Format("2 Jan 2006") + "–" + b.Format("2 Jan 2006, 15:04 MST")
	}
	return a.Format("2 Jan") + "–" + b.Format("2 Jan 2006, 15:04 MST")
}

var kindWords = []struct {
	kind      tocsin.EventKind
	one, many string
}{
	{tocsin.Appeared, "new possible match", "new possible matches"},
	{tocsin.Reappeared, "public again", "public again"},
	{tocsin.Listed, "possible match that was already public", "possible matches that were already public"},
	{tocsin.Changed, "change", "changes"},
	{tocsin.Disappeared, "no longer public", "no longer public"},
	{tocsin.Mentioned, "possible mention", "possible mentions"},
	{tocsin.Blind, "outage", "outages"},
	{tocsin.Recovered, "return of sight", "returns of sight"},
	{tocsin.Undelivered, "lost delivery", "lost deliveries"},
}

// news counts the events that the digest delivers, so that none goes unsaid.
func news(items []Item) string {
	n := map[tocsin.EventKind]int{}
	for _, it := range items {
		n[it.Event.Kind]++
	}
	var parts []string
	for _, k := range kindWords {
		if c := n[k.kind]; c > 0 {
			parts = append(parts, count(c, k.one, k.many))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "Since the last report: " + strings.Join(parts, ", ") + "."
}

func (r renderer) each(items []Item, word func(Item) string) (out []Line) {
	for i, it := range items {
		if i == linesMax {
			return append(out, Line{Text: fmt.Sprintf("… and %d more: tocsin cases", len(items)-i)})
		}
		out = append(out, Line{Text: word(it)})
	}
	return out
}

// label names a case: the person as far as the channel may, the notice where it
// may.
func (r renderer) label(it Item) string {
	s := who(it)
	if n := it.Notice; n != nil {
		s += " ↔ " + clean(n.ID) + " " + clean(n.FullName())
	}
	if x := it.Event.Article; x != nil {
		s += " ↔ " + strings.TrimPrefix(clean(x.Outlet)+": “"+cut(clean(x.Title), 120)+"”", ": ")
	}
	return s
}

func (r renderer) need(it Item) string {
	s := r.label(it) + ": possible match"
	if it.News {
		s = r.label(it) + ": possible mention in the news"
	}
	if c := it.Case; c != nil {
		if !c.Public {
			s += ", no longer public"
		}
		s += ", told " + r.date(c.OpenedAt) + "; " + r.standing(c)
		if c.Proposed != "" {
			s += "; " + Owner(c.Proposed) + " says not our person, " + r.date(c.ProposedAt) + ": a second person must agree"
		}
		s += " · case " + c.ID
	}
	return s
}

// requested words a case's request to the Commission.
func (r renderer) requested(it Item) string {
	s := r.label(it)
	if c := it.Case; c != nil {
		s += " " + orNone(c.Request, "request") + ": " + r.dates(c) + " · case " + c.ID
	}
	return s
}

// standing says who has a case, and since when.
func (r renderer) standing(c *tocsin.Case) string {
	if c.State == tocsin.CaseOpen {
		return "nobody has it"
	}
	s := Owner(c.By) + " has it"
	if c.State != tocsin.CaseAcknowledged {
		s = strings.ToLower(caseWords[c.State][:1]) + caseWords[c.State][1:] + ", by " + Owner(c.By)
	}
	if !c.DecidedAt.IsZero() {
		s += " since " + c.DecidedAt.In(r.zone).Format("2 Jan 15:04")
	}
	return s
}

func (r renderer) date(t time.Time) string { return t.In(r.zone).Format("2 Jan") }

func (r renderer) changed(it Item) string {
	e := it.Event
	s := r.label(it) + ": "
	switch e.Kind {
	case tocsin.Disappeared:
		s += "no longer public (not proof of deletion)"
	case tocsin.Reappeared:
		s += "public again"
	default:
		var fields []string
		for _, c := range e.Changes {
			fields = append(fields, fieldName(c.Field))
		}
		s += "changed: " + orNone(strings.Join(fields, ", "), "what it says")
	}
	s += ", " + r.date(e.At)
	if e.Case != "" {
		s += " · case " + e.Case
	}
	return s
}

// waiting words what nobody has decided yet, and what was decided away.
func (r renderer) waiting(rep *Report) (out []Line) {
	if n := len(rep.Waiting); n > 0 {
		oldest := rep.Until
		for _, it := range rep.Waiting {
			if it.Case != nil && it.Case.OpenedAt.Before(oldest) {
				oldest = it.Case.OpenedAt
			}
		}
		out = append(out, Line{Text: count(n, "review match", "review matches") + ", oldest " + waited(rep.Until.Sub(oldest)) + "; most will be strangers"})
		each := r.each(rep.Waiting, func(it Item) string {
			s := r.label(it)
			subject := it.Person
			if it.Detail != Full {
				subject = nil
			}
			if it.Case != nil {
				pro, con := why(it.Case.Reasons, subject)
				for _, w := range []string{pro, con} {
					if w != "" {
						s += " · " + w
					}
				}
				s += " · case " + it.Case.ID
			}
			return s
		})
		for _, l := range each {
			out = append(out, Line{l.Text, true})
		}
	}
	if n := len(rep.Dismissed); n > 0 {
		out = append(out, r.each(rep.Dismissed, func(it Item) string {
			s := "dismissed as not our person: " + r.label(it)
			if c := it.Case; c != nil {
				s += ", by " + dismissers(c) + " " + r.date(c.DecidedAt)
				if note := clean(c.Note); note != "" {
					s += " (" + cut(note, 200) + ")"
				}
				s += " · case " + c.ID
			}
			return s
		})...)
	}
	return out
}

// dismissers are who said that it is not our person: two where two had to agree.
func dismissers(c *tocsin.Case) string {
	by := Owner(c.By)
	standing := tocsin.Standing(c.Log)
	for i := len(standing) - 1; i >= 0 && standing[i].Action != tocsin.Reopen; i-- {
		if d := standing[i]; d.Action == tocsin.Dismiss && d.Second && !tocsin.SamePerson(d.By, c.By) {
			return Owner(d.By) + " and " + by
		}
	}
	return by
}

// waited is how long something has waited, in days where it is days.
func waited(d time.Duration) string {
	if d >= 24*time.Hour {
		return count(int(d/(24*time.Hour)), "day", "days")
	}
	return lasted(d)
}

func (r renderer) trouble(it Item) string {
	e := it.Event
	at := e.At.In(r.zone).Format("Mon 2 Jan 15:04")
	switch e.Kind {
	case tocsin.Blind:
		s := at + ": we could not see " + sourceName(it)
		if e.Outage != nil && !e.Outage.Since.IsZero() {
			s += ", since " + e.Outage.Since.In(r.zone).Format("15:04") + ", cause: " + orNone(causeWords[e.Outage.Cause], string(e.Outage.Cause))
		}
		return s
	case tocsin.Recovered:
		s := at + ": we saw " + sourceName(it) + " again"
		if o := e.Outage; o != nil {
			s += fmt.Sprintf("; meanwhile on the whole list %d came, %d went, %d changed", o.Appeared, o.Disappeared, o.Changed)
		}
		return s
	}
	what := count(len(e.Events), "alert", "alerts")
	if e.Drill {
		what = "a drill"
	}
	return fmt.Sprintf("%s: %s could not be delivered to %q", at, what, e.Notifier)
}

func (r renderer) bell(rep *Report) string {
	if rep.Tested.IsZero() {
		return "never tested: tocsin drill"
	}
	var took []string
	for _, b := range rep.Bell {
		if b.Missed {
			took = append(took, b.Notifier+" did NOT take it")
		} else {
			took = append(took, b.Notifier+" "+quick(b.Took))
		}
	}
	return "tested " + r.date(rep.Tested) + ": " + orNone(strings.Join(took, ", "), "no channel")
}

// quick writes a short time: "0.4 s", "11 s".
func quick(d time.Duration) string {
	if d < 10*time.Second {
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	return lasted(d)
}

// coverage says how much of a time a source was seen, and how late an alert
// could be for that.
func (r renderer) coverage(c Coverage) []string {
	part := ", public part"
	if c.Versioned {
		part = ""
	}
	head := fmt.Sprintf("%s%s: seen %s of the time", c.Name, part, percent(c.Seen, c.Total))
	if c.Partly > 0 {
		head += fmt.Sprintf(", partly %s", percent(c.Partly, c.Total))
	}
	if c.Oldest > 0 {
		head += ", data at most " + lasted(c.Oldest) + " old"
	}
	if c.Listed > 0 {
		head += fmt.Sprintf("; of the list %s (%s of %s rows at the last complete look)",
			percent(time.Duration(c.Rows), time.Duration(c.Listed)), number(c.Rows), number(c.Listed))
	} else {
		head += "; no complete look yet"
	}
	out := []string{head}
	longest, most := 0, time.Duration(0)
	for i, g := range c.Gaps {
		if d := g.To.Sub(g.From); d > most {
			longest, most = i, d
		}
	}
	if len(c.Gaps) == 0 {
		if c.Longest > 0 {
			out = append(out, "no gap; a notice could reach you "+lasted(c.Longest)+" late at most, the time between two looks")
		}
		return out
	}
	out = append(out, "longest gap "+r.gap(c.Gaps[longest])+"; a notice then could reach you "+lasted(most)+" late")
	var others []string
	for i, g := range c.Gaps {
		if i != longest {
			others = append(others, r.gap(g))
		}
	}
	if n := len(others); n > 6 {
		others = append(others[:6], fmt.Sprintf("%d more", n-6))
	}
	if len(others) > 0 {
		out = append(out, "other gaps: "+strings.Join(others, ", "))
	}
	return out
}

// gap writes "5 h 12 (Wed 29 Apr 13:02–18:14)".
func (r renderer) gap(g Gap) string {
	a, b := g.From.In(r.zone), g.To.In(r.zone)
	end := b.Format("15:04")
	if a.Format(time.DateOnly) != b.Format(time.DateOnly) {
		end = b.Format("Mon 2 Jan 15:04")
	}
	if g.Open {
		end += ", goes on"
	}
	s := lasted(b.Sub(a)) + " (" + a.Format("Mon 2 Jan 15:04") + "–" + end
	if part := b.Sub(a) - g.Unseen; part >= time.Minute && g.Unseen > 0 {
		s += ", partly seen " + lasted(part)
	} else if part >= time.Minute {
		s += ", partly seen"
	}
	return s + ")"
}

// percent is a share with one digit behind the point. It is never rounded up:
// 100 % is the whole.
func percent(part, whole time.Duration) string {
	if whole <= 0 {
		return "0 %"
	}
	if part >= whole {
		return "100 %"
	}
	tenths := int64(float64(part) / float64(whole) * 1000)
	return fmt.Sprintf("%d.%d %%", tenths/10, tenths%10)
}
