package notifier

import (
	"strings"
	"time"

	"tocsin"
)

// A versioned list is known by how old its data is, and a copy of another list by
// how that stands to it: both are said wherever an event rests on one.

// byList adds to an alert's title on which list it was seen and how old its data
// was, where the list is another one than what is watched first hand or that has
// not confirmed it.
func (r renderer) byList(it Item) string {
	e := it.Event
	if e.Edition == nil || !it.Confirmed.IsZero() {
		return ""
	}
	s := " · on " + clean(sourceName(it))
	if !e.Edition.DataAt.IsZero() {
		s += ", data " + lasted(max(0, e.At.Sub(e.Edition.DataAt))) + " old"
	}
	return s
}

// edition says what an event of a versioned list rests on, and how the list that it
// copies stands to that.
func (r renderer) edition(it Item) (out []string) {
	e := it.Event
	d := e.Edition
	if d == nil {
		return nil
	}
	line := "Source: " + clean(sourceName(it))
	if !d.DataAt.IsZero() {
		line += ", " + r.dataFrom(d.DataAt, e.At)
	}
	out = append(out, line)
	main := orNone(clean(it.Main), clean(d.WitnessFor))
	if main == "" {
		return out
	}
	if !it.Confirmed.IsZero() {
		return append(out, "Confirmed "+r.moment(it.Confirmed)+": "+main+" itself has it now")
	}
	var lines []string
	if d.Main == tocsin.MainBlind {
		line := main + " could not be seen when this was told"
		if !d.MainSeen.IsZero() {
			line += " (last complete look " + r.moment(d.MainSeen) + ")"
		}
		lines = append(lines, line+": this copy carries its alerts meanwhile")
	}
	seen := ""
	if !it.MainSeen.IsZero() {
		seen = " (complete look " + r.moment(it.MainSeen) + ")"
	}
	switch it.MainNow {
	case tocsin.MainHas:
		lines = append(lines, main+" itself has it, too")
	case tocsin.MainLacks:
		lines = append(lines, main+" itself does not have it"+seen)
	case tocsin.MainGone:
		lines = append(lines, main+" itself no longer has it"+seen)
	case tocsin.MainUnknown:
		lines = append(lines, "whether "+main+" itself has it is not known: the copy does not say which notice it is")
	}
	if len(lines) == 0 {
		return out
	}
	return append(out, strings.Join(lines, " · "))
}

// copies say of a list's own event what the copies of the list have of it.
func (r renderer) copies(it Item) (out []string) {
	e := it.Event
	for _, c := range it.Copies {
		name := clean(c.Name)
		switch {
		case !c.Gone.IsZero():
			out = append(out, name+" no longer has it either, since "+r.moment(c.Gone))
		case e.Kind == tocsin.Disappeared && c.DataAt.IsZero():
			out = append(out, name+" still has it")
		case e.Kind == tocsin.Disappeared:
			out = append(out, name+" still has it, "+r.dataFrom(c.DataAt, e.At))
		case e.At.After(c.Since):
			out = append(out, name+" has had it for "+lasted(e.At.Sub(c.Since)))
		}
	}
	return out
}

// dataFrom writes "data from 3 May, 06:00 UTC (8 h old)".
func (r renderer) dataFrom(at, now time.Time) string {
	return "data from " + r.moment(at) + " (" + lasted(max(0, now.Sub(at))) + " old)"
}

// meanwhile says which witnesses carry the alerts of a source that is blind.
func (r renderer) meanwhile(o *tocsin.Outage, now time.Time) (out []string) {
	for _, w := range o.Meanwhile {
		name := orNone(clean(w.Name), w.Source)
		line := "Meanwhile: " + name
		if w.DataAt.IsZero() {
			line += ", no data yet"
		} else {
			line += ", " + strings.TrimSuffix(r.dataFrom(w.DataAt, now), ")") + "; it can be refused too)"
		}
		out = append(out, line)
	}
	return out
}
