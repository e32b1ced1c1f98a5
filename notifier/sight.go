package notifier

import (
	"fmt"
	"strings"

	"tocsin"
)

// disappeared words the end of a notice's publication. It never says that the
// notice itself is gone.
func (r renderer) disappeared(it Item, a *Alert) {
	e := it.Event
	a.Icon = "◻"
	a.Title = fmt.Sprintf("No longer public: %s · %s", withID("notice", it.Notice), who(it)) + r.byList(it)
	a.Status, a.Owner = "Not proof of deletion. Police may still see it.", ""
	if it.Notice != nil {
		a.Facts = append(a.Facts, "Notice "+clean(it.Notice.ID)+": "+orNone(clean(it.Notice.FullName()), "no name given"))
	}
	if e.Window != nil {
		proof := "absent from two complete looks · its page answers that it is not there"
		if e.Inferred {
			proof = "absent from five complete looks · its page fails in the same way each time while those of other notices answer: inferred, the source will not say"
		}
		switch {
		case e.Edition == nil:
		case e.Inferred:
			proof = "absent from two successive versions of the list: inferred, the list does not say what it removes"
		default:
			proof = "absent from two successive versions of the list, which names it as removed"
		}
		a.Facts = append(a.Facts, "Last seen "+r.moment(e.Window.After)+" · "+proof)
	}
	if !it.FirstPublic.IsZero() && !it.LastPublic.IsZero() {
		a.Facts = append(a.Facts, "Public for at least "+lasted(it.LastPublic.Sub(it.FirstPublic))+" · everything it said is kept in case "+e.Case)
	}
	a.Facts = append(a.Facts, r.edition(it)...)
	a.Facts = append(a.Facts, r.copies(it)...)
	if c := it.Case; c != nil && c.State != tocsin.CaseOpen {
		a.Owner = c.Owner
		a.Facts = append(a.Facts, r.stands(c))
	}
	a.Case = e.Case
	a.Steps = []string{"do not tell the person that it is safe to travel", "lawyer: seek written confirmation from the CCF, INTERPOL's commission for the control of its files"}
	a.Foot = []string{"Case " + e.Case + "."}
}

var causeWords = map[tocsin.Cause]string{
	tocsin.CauseRefused:     "refused",
	tocsin.CauseUnreachable: "no answer",
	tocsin.CauseMalformed:   "answers that are not what was asked for",
	tocsin.CauseShifting:    "totals that do not agree",
	tocsin.CauseLate:        "looks do not finish in time",
	tocsin.CauseSilent:      "nothing published for longer than is usual",
	tocsin.CauseSpent:       "our own limit of requests a day is used up",
}

// blind words that a source cannot be seen, and what nobody must conclude.
func (r renderer) blind(it Item, a *Alert) {
	e := it.Event
	a.Icon = "⚠"
	o := e.Outage
	if o == nil {
		a.Title = "We cannot see " + sourceName(it)
		return
	}
	what := "We cannot see " + sourceName(it)
	if o.Newest {
		what = "We cannot see what is new on " + sourceName(it)
	}
	if o.Cause == tocsin.CauseSilent {
		what = "Nothing new from " + sourceName(it)
	}
	a.Title = what
	if !o.Since.IsZero() {
		a.Title += " · since " + r.moment(o.Since) + " (" + lasted(e.At.Sub(o.Since)) + ")"
	}
	a.Status = "Silence is not a “no”: a notice published since then would not ring."
	seen := count(o.People, "person affected", "people affected")
	if o.Listed > 0 {
		seen = fmt.Sprintf("Last complete look %s: %s of %s · %s", r.moment(o.Since), number(o.Seen), number(o.Listed), seen)
	} else {
		seen = "No complete look yet · " + seen
	}
	a.Facts = append(a.Facts, seen)
	cause, detail := orNone(causeWords[o.Cause], string(o.Cause)), clean(o.Why)
	switch {
	case strings.HasPrefix(detail, cause):
		cause = detail
	case detail != "":
		cause += " (" + detail + ")"
	}
	cause = "Cause: " + cause
	if o.Tries > 0 {
		cause += fmt.Sprintf(", %d of %d tries", o.Failed, o.Tries)
	}
	if !o.Next.IsZero() {
		cause += ". Next try " + r.moment(o.Next)
	}
	if o.SourcesOther > 0 {
		cause += fmt.Sprintf(" · other sources: %d of %d seen", o.SourcesSeen, o.SourcesOther)
	}
	a.Facts = append(a.Facts, cause)
	a.Facts = append(a.Facts, r.meanwhile(o, e.At)...)
	a.Steps = []string{
		"caseworkers: tell nobody “you are not listed”; type no names into any notice search",
		"sysadmin: tocsin check --online",
	}
	a.Foot = []string{"We say when sight returns, and what came and went meanwhile."}
}

func (r renderer) recovered(it Item, a *Alert) {
	e := it.Event
	a.Icon, a.Title = "✓", "We see "+sourceName(it)+" again"
	o := e.Outage
	if o == nil {
		return
	}
	if !o.Since.IsZero() && !o.Until.IsZero() {
		a.Status = fmt.Sprintf("Not seen %s (%s)", r.span(tocsin.Window{After: o.Since, Before: o.Until}), lasted(o.Until.Sub(o.Since)))
	}
	a.Facts = append(a.Facts, fmt.Sprintf("Complete look: %s of %s.", number(o.Seen), number(o.Listed)))
	a.Facts = append(a.Facts, fmt.Sprintf("Meanwhile on the whole list: %d came, %d went, %d changed. What concerns the people watched rings by itself.",
		o.Appeared, o.Disappeared, o.Changed))
	a.Foot = []string{"A notice that came and went while nobody saw is not known. " + NotWatched}
}

func (r renderer) undelivered(it Item, a *Alert) {
	e := it.Event
	a.Icon = "⚠"
	a.Title = fmt.Sprintf("%s could not be delivered to %q", count(len(e.Events), "alert", "alerts"), e.Notifier)
	a.Status = "Whoever reads that channel does not know."
	a.Facts = []string{"Events: " + strings.Join(e.Events, ", ")}
	a.Steps = []string{"tell them by another way", "sysadmin: tocsin history, then tocsin check --online"}
	if e.Drill {
		a.Title = fmt.Sprintf("The drill did not reach %q", e.Notifier)
		a.Status = "An alert would not have reached that channel either."
		a.Steps = []string{"sysadmin: tocsin check --online, then tocsin drill"}
	}
}

func sourceName(it Item) string {
	if it.Source != "" {
		return it.Source
	}
	return it.Event.Source
}
