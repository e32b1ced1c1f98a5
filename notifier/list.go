package notifier

import (
	"fmt"

	"tocsin"
)

// list words weak matches that wait for somebody's judgement.
func (r renderer) list(m Message, p *Page) {
	waiting := 0
	oldest := m.Now
	for i, it := range m.Items {
		a := &p.Alerts[i]
		a.Icon, a.Title, a.Steps, a.Foot = fmt.Sprint(i+1), r.label(it), nil, nil
		if e := it.Event; e.Kind != tocsin.Appeared && e.Kind != tocsin.Mentioned {
			a.Title += " · " + string(e.Kind)
		}
		subject := it.Person
		if it.Detail != Full {
			subject = nil
		}
		a.Facts = nil
		pro, con := why(it.Event.Reasons, subject)
		if pro != "" {
			a.Facts = append(a.Facts, pro)
		}
		if con != "" {
			a.Facts = append(a.Facts, "AGAINST "+con)
		}
		c := it.Case
		if c == nil {
			continue
		}
		if c.State == tocsin.CaseOpen || c.State == tocsin.CaseAcknowledged {
			if waiting++; c.OpenedAt.Before(oldest) {
				oldest = c.OpenedAt
			}
		}
		if a.Status, a.Owner = "", ""; c.State != tocsin.CaseOpen {
			a.Status = r.stands(c)
		}
		if n := len(a.History); n > 0 { // who did what last says who has it, too
			a.History, a.Earlier = a.History[n-1:], 0
		}
		a.Buttons = judging(*c)
	}
	p.Title = "🔎 " + count(len(m.Items), "possible match", "possible matches") + " to check · weak or contradicted; most will be strangers"
	switch {
	case waiting == 0:
		p.Lead = append(p.Lead, "All of them are decided.")
	default:
		p.Lead = append(p.Lead, fmt.Sprintf("%d waiting, the oldest since %s (%s) · undecided ones stay in every digest", waiting, r.moment(oldest), waited(m.Now.Sub(oldest))))
	}
	p.Subject = p.Title
	p.Foot = append(p.Foot, "Each has its details in the thread, or in tocsin cases.", NotWatched)
}

// judging are the buttons that say of a weak match what it is.
func judging(c tocsin.Case) (out []Button) {
	for _, b := range ButtonsOf(c) {
		switch b.Action {
		case tocsin.Confirm, tocsin.Dismiss, tocsin.Reopen, tocsin.Undo:
			b.Style = ""
			out = append(out, b)
		}
	}
	return out
}
