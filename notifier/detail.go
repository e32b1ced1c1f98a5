package notifier

import "tocsin"

// Redact takes away what a channel of this detail may not show. It is asked
// once, before anything is put into words: what is not in the item any more
// cannot be shown by mistake. At Initials and Codename nothing is left that
// names the person or the notice (CONTRACT.md, "Mail"; casework.md, "Words").
func Redact(d Detail, it Item) Item {
	it.Detail = d
	it.News = it.Event.Article != nil || it.Event.Kind == tocsin.Mentioned
	if d == Full {
		return it
	}
	e := it.Event
	e.Notice, e.Article, e.Evidence = nil, nil, ""
	e.Changes = bare(e.Changes)
	e.Reasons = nil
	if d == Initials {
		for _, r := range it.Event.Reasons {
			r.With = ""
			e.Reasons = append(e.Reasons, r)
		}
	}
	it.Event = e
	it.Notice, it.Outlets = nil, make([]string, len(it.Outlets))
	it.Earlier = make([]tocsin.NoticeRef, len(it.Earlier)) // that there are some, not which
	if it.Person != nil {
		p := Subject{ID: it.Person.ID}
		if d == Initials {
			p.Initials = it.Person.Initials
		} else {
			p.Codename = it.Person.Codename
		}
		it.Person = &p
	}
	if it.Case != nil {
		c := *it.Case
		c.Notice, c.Article, c.Reasons, c.Note = nil, nil, nil, ""
		c.Log = nil
		for _, d := range it.Case.Log {
			if d.By != "" { // what the watch itself notes names fields alone
				d.Note = ""
			}
			c.Log = append(c.Log, d)
		}
		it.Case = &c
	}
	return it
}

// bare keeps which fields changed, not what they say.
func bare(cs []tocsin.FieldChange) []tocsin.FieldChange {
	var out []tocsin.FieldChange
	for _, c := range cs {
		out = append(out, tocsin.FieldChange{Field: c.Field, List: c.List})
	}
	return out
}
