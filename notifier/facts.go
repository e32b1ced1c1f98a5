package notifier

import (
	"fmt"
	"slices"
	"strings"

	"tocsin"
)

// facts are the notice's own lines, as published. None at lower detail.
func (r renderer) facts(it Item) []string {
	n := it.Notice
	if n == nil {
		if it.Event.Notice != nil {
			return []string{"Notice " + clean(it.Event.Notice.ID) + ": " + clean(it.Event.Notice.Name)}
		}
		return nil
	}
	line := []string{withID("Notice", n) + ": " + orNone(clean(n.FullName()), "no name given")}
	line = append(line, "born "+orNone(day(n.BirthDate), "unknown"))
	if len(n.Nationalities) > 0 {
		line = append(line, countries(n.Nationalities))
	} else {
		line = append(line, "no nationality given")
	}
	if s := n.Sex(); s != "" {
		line = append(line, clean(s))
	}
	out := []string{strings.Join(line, " · ")}
	switch {
	case n.Detail == nil:
		out = append(out, "Charge: not read yet; the notice's own page is read later, in turn with all others")
	case len(n.Detail.Charges) == 0 && n.Color != "yellow" && it.Event.Edition == nil:
		out = append(out, "Charge: none published")
	}
	if n.Detail != nil {
		for _, c := range n.Detail.Charges {
			out = append(out, "Charge as published"+of(c.Country, len(n.Detail.Charges))+": "+charge(c))
		}
	}
	if r.links && n.URL != "" {
		out = append(out, clean(n.URL))
	}
	return out
}

func of(code string, n int) string {
	if n < 2 || code == "" {
		return ""
	}
	return " by " + country(code)
}

const chargeMax = 600 // letters; the longest seen is 526 (interpol-api.md)

func charge(c tocsin.Charge) string {
	text := cut(clean(c.Text), chargeMax)
	if text == "" {
		text = "none"
	} else {
		text = "« " + text + " »"
	}
	if t := clean(c.Translation); t != "" {
		return text + " (published translation: « " + cut(t, chargeMax) + " »)"
	}
	return text + " (no translation published)"
}

func (r renderer) change(it Item, c tocsin.FieldChange) string {
	name := fieldName(c.Field)
	if it.Detail != Full {
		return "Changed: " + name
	}
	if c.Field == "photo" {
		return "Changed: another picture"
	}
	if !c.List {
		return fmt.Sprintf("Changed: %s, from %s to %s", name, values(c.From), values(c.To))
	}
	var parts []string
	if came := without(c.To, c.From); len(came) > 0 {
		parts = append(parts, "new "+values(came))
	}
	if went := without(c.From, c.To); len(went) > 0 {
		parts = append(parts, "no longer "+values(went))
	}
	return "Changed: " + name + ", " + orNone(strings.Join(parts, "; "), "in another order")
}

// without gives what of a is not in b.
func without(a, b []string) (out []string) {
	for _, x := range a {
		if !slices.Contains(b, x) {
			out = append(out, x)
		}
	}
	return out
}

func values(vs []string) string {
	if len(vs) == 0 {
		return "nothing"
	}
	out := make([]string, 0, len(vs))
	for _, v := range vs {
		out = append(out, "« "+cut(clean(v), chargeMax)+" »")
	}
	return strings.Join(out, ", ")
}

// became says in which interval something must have happened.
func (r renderer) became(e tocsin.Event) string {
	if e.Window == nil || e.Window.Before.IsZero() {
		return ""
	}
	if e.Edition != nil {
		switch e.Kind {
		case tocsin.Listed:
			return "On the list since before " + r.moment(e.Window.Before) + ". Police may have had it longer."
		case tocsin.Appeared:
			return "Came onto the list " + r.span(*e.Window) + ". Police may have had it longer."
		}
	}
	switch e.Kind {
	case tocsin.Listed:
		return "Public since before " + r.moment(e.Window.Before) + ". Police may have had it longer."
	case tocsin.Appeared:
		return "Became public " + r.span(*e.Window) + ". Police may have had it longer."
	case tocsin.Reappeared:
		return "Became public again " + r.span(*e.Window) + "."
	case tocsin.Changed:
		return "Changed " + r.span(*e.Window) + "."
	}
	return ""
}

// earlier says that a notice came back, under its own id or under another one.
func earlier(it Item) string {
	switch it.Event.Kind {
	case tocsin.Reappeared:
		if it.Event.Edition != nil {
			return "" // it may have come back under another one
		}
		return "It came back under the id that it had."
	case tocsin.Appeared, tocsin.Listed:
	default:
		return ""
	}
	var ids []string
	for _, n := range it.Earlier {
		if n.ID != "" {
			ids = append(ids, clean(n.ID))
		}
	}
	switch {
	case len(it.Earlier) == 0:
		return ""
	case len(ids) == 0:
		return "An earlier notice that may be this person's is no longer public; this one has an id of its own."
	}
	return "No longer public, and perhaps this person's too: " + strings.Join(ids, ", ") + ". This one has an id of its own."
}
