package notifier

import (
	"fmt"
	"net/url"
	"strings"

	"tocsin"
)

// outletsMost is how many outlets of one story are named.
const outletsMost = 8

// mentioned words that an article may name somebody: what it says, who says it,
// and how sure that is. Below full detail nothing of the article is left in the
// item.
func (r renderer) mentioned(it Item, a *Alert) {
	e := it.Event
	strength := "strong"
	a.Icon = "📰"
	if e.Tier == tocsin.TierReview {
		strength, a.Icon = "weak", "🗞"
	}
	a.Title = fmt.Sprintf("Possible mention, %s: %s · in the news", strength, who(it))
	if e.Kind == tocsin.Changed {
		a.Icon, a.Title = "🔁", fmt.Sprintf("Possible mention, now %s: %s · another outlet says more", strength, who(it))
	}
	a.Status, a.Owner = r.status(it)
	a.Facts = append(a.Facts, r.article(it)...)
	facts, con := grounds(it)
	a.Facts = append(a.Facts, facts...)
	if it.Detail != Codename {
		a.Facts = append(a.Facts, against(con, "an article seldom tells namesakes apart"))
	}
	a.Facts = append(a.Facts, r.readAt(e)...)
	a.Case = e.Case
	a.Steps = []string{
		r.take(e.Case), "find out whether it is the person: ask no outlet, type no names into any search",
		"if it is: reach the person or the lawyer by the agreed safe channel", "never write here where anybody is",
	}
	if e.Tier == tocsin.TierReview {
		a.Steps = r.compare(e.Case)
	}
	a.Foot = []string{"Case " + e.Case + "."}
	if it.Detail == Full && e.Article != nil {
		a.Foot = []string{"Opening the page shows its owner your visit. What it said is kept in case " + e.Case + "."}
	}
}

// article are the article's own lines. None at lower detail.
func (r renderer) article(it Item) (out []string) {
	x := it.Event.Article
	if x == nil {
		return nil
	}
	if s := clean(x.Sentence); s != "" {
		out = append(out, "« "+cut(s, chargeMax)+" »")
	}
	head := "Article: " + orNone(cut(clean(x.Title), 200), "no title")
	by := clean(x.Outlet)
	if host := hostOf(x.URL); host != "" && !strings.Contains(strings.ToLower(by), host) {
		by = strings.TrimSpace(by + " (" + host + ")")
	}
	if by != "" {
		head += " · " + cut(by, 120)
	}
	if l := clean(x.Language); l != "" {
		head += " · language " + l
	}
	if !x.Published.IsZero() {
		head += " · dated " + r.moment(x.Published)
	}
	out = append(out, head)
	if f := clean(x.Found); f != "" {
		line := "Found as “" + cut(f, 120) + "”"
		if d := clean(x.Danger); d != "" {
			line += " near “" + cut(d, 60) + "”"
		}
		out = append(out, line)
	}
	if n := len(it.Outlets); n > 1 {
		names := make([]string, 0, n)
		for _, o := range it.Outlets[:min(n, outletsMost)] {
			names = append(names, cut(clean(o), 60))
		}
		line := fmt.Sprintf("Told by %d outlets: %s", n, strings.Join(names, ", "))
		if n > outletsMost {
			line += fmt.Sprintf(" and %d more", n-outletsMost)
		}
		out = append(out, line)
	}
	if r.links && x.URL != "" {
		out = append(out, clean(x.URL))
	}
	return out
}

// hostOf is the site that an address is on, "" if it is none.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return clean(strings.TrimPrefix(strings.ToLower(u.Hostname()), "www."))
}

// readAt says when the article was met, and why it did not ring by itself.
func (r renderer) readAt(e tocsin.Event) (out []string) {
	if w := e.Window; w != nil && !w.Before.IsZero() {
		switch {
		case e.Many:
			out = append(out, "Read "+r.span(*w)+". The person was named too often that day: the rest is told together at its end.")
		case e.Gathered:
			out = append(out, "In the feed since before "+r.moment(w.Before)+".")
		default:
			out = append(out, "Came into the feed "+r.span(*w)+".")
		}
	}
	return out
}
