package unsc

import (
	"slices"
	"strings"

	"tocsin"
	"tocsin/watcher/source"
)

const (
	namesMost    = 200
	longestValue = 1000 // bytes: what is longer is no name
)

// page is where people read of an individual: where the entry itself says that
// its INTERPOL-UN special notice is, "" if it does not.
func page(comments string) string {
	_, rest, ok := strings.Cut(comments, "https://www.interpol.int/")
	if !ok {
		return ""
	}
	rest, _, _ = strings.Cut(rest, " ")
	return "https://www.interpol.int/" + strings.TrimRight(rest, ".,;)")
}

// row is an individual as the watch knows it. Its id is the permanent reference
// number ("QDi.001"), for want of one the number of the data.
func row(e element, id string) (source.Row, error) {
	n := tocsin.Notice{Source: id, ID: e.one("REFERENCE_NUMBER"), URL: page(e.one("COMMENTS1")), Detail: &tocsin.Detail{}}
	if n.ID == "" {
		n.ID = e.one("DATAID")
	}
	if n.ID == "" || len(n.ID) > 40 || strings.ContainsFunc(n.ID, func(x rune) bool { return x <= ' ' || x > '~' }) {
		return source.Row{}, errNoNumber
	}
	weak := names(e, &n)
	birth, accounts := born(e)
	n.BirthDate = birth
	for _, v := range e.values("NATIONALITY") {
		if code := country(v); code != "" {
			n.Nationalities = append(n.Nationalities, code)
		}
	}
	slices.Sort(n.Nationalities)
	n.Nationalities = slices.Compact(n.Nationalities)
	n.Detail.Sex = map[string]string{"Male": "M", "Female": "F"}[e.one("GENDER")]
	for _, p := range e.all("INDIVIDUAL_PLACE_OF_BIRTH") {
		var parts []string
		for _, k := range []string{"CITY", "STATE_PROVINCE", "COUNTRY"} {
			if s := p.one(k); s != "" {
				parts = append(parts, s)
			}
		}
		if len(parts) == 0 {
			continue
		}
		if n.Detail.BirthPlace != "" {
			n.Detail.BirthPlace += "; "
		}
		n.Detail.BirthPlace += strings.Join(parts, ", ")
		if n.Detail.BirthCountry == "" {
			n.Detail.BirthCountry = country(p.one("COUNTRY"))
		}
	}
	n.Detail.Other = map[string]string{}
	for key, text := range map[string]string{
		"weak_alias": strings.Join(weak, "; "), "birth_dates": accounts, "listed_on": e.one("LISTED_ON"), "list": e.one("UN_LIST_TYPE"),
		"designation": strings.Join(e.values("DESIGNATION"), "; "),
	} {
		if text != "" {
			n.Detail.Other[key] = text
		}
	}
	return source.Row{Notice: n}, nil
}

// names gives a notice all names of an individual: the parts of the first one in
// their order, undivided, since the list does not say which is the family's; the
// name in its own script; aliases. Those of low quality are handed back instead:
// they are too broad to be matched.
func names(e element, n *tocsin.Notice) (weak []string) {
	var whole []string
	for _, part := range []string{"FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME"} {
		if s := e.one(part); s != "" && s != "na" {
			whole = append(whole, s)
		}
	}
	seen := map[string]bool{}
	fresh := func(s string) bool {
		k := strings.ToLower(s)
		if s == "" || s == "na" || len(s) > longestValue || seen[k] {
			return false
		}
		seen[k] = true
		return true
	}
	if s := strings.Join(whole, " "); fresh(s) {
		n.Name = s
	}
	for _, o := range e.all("NAME_ORIGINAL_SCRIPT") {
		for s := range strings.SplitSeq(o.text, ";") {
			if s = bare(s); fresh(s) {
				n.OtherNames = append(n.OtherNames, s)
			}
		}
	}
	for _, a := range e.all("INDIVIDUAL_ALIAS") {
		low := a.one("QUALITY") == "Low"
		for s := range strings.SplitSeq(a.one("ALIAS_NAME"), ";") {
			switch s = bare(s); {
			case !fresh(s):
			case low:
				weak = append(weak, s)
			default:
				n.OtherNames = append(n.OtherNames, s)
			}
		}
	}
	n.OtherNames = n.OtherNames[:min(len(n.OtherNames), namesMost)]
	return weak[:min(len(weak), namesMost)]
}

// bare is a name without the quotation marks around it.
func bare(s string) string { return strings.Trim(squeeze(s), `"“”«»'‘’ `) }
