package presence

import (
	"sort"
	"strconv"
	"strings"

	"tocsin"
)

// merge lays a new row or document over what was held and lists the fields
// that differ in meaning: white space, the order of a set and letter case of
// charges do not count. A row without a document leaves the held document as it
// is, unless it tells of another person.
func merge(old, now tocsin.Notice) (tocsin.Notice, []tocsin.FieldChange) {
	if now.Detail == nil && !sameText(old.FullName(), now.FullName()) && old.BirthDate != now.BirthDate {
		return now, fields(old, now)
	}
	if now.Detail == nil {
		now.Detail, now.Entity = old.Detail, now.Entity || old.Entity
	}
	return now, fields(old, now)
}

func fields(a, b tocsin.Notice) []tocsin.FieldChange {
	var out []tocsin.FieldChange
	one := func(field, from, to string) {
		if !sameText(from, to) {
			out = append(out, tocsin.FieldChange{Field: field, From: single(from), To: single(to)})
		}
	}
	set := func(field string, from, to []string) {
		if !sameSet(from, to) {
			out = append(out, tocsin.FieldChange{Field: field, From: from, To: to, List: true})
		}
	}
	one("name", a.Name, b.Name)
	one("forename", a.Forename, b.Forename)
	set("other_names", a.OtherNames, b.OtherNames)
	one("birth_date", a.BirthDate.String(), b.BirthDate.String())
	set("nationalities", a.Nationalities, b.Nationalities)
	if a.Detail != nil && b.Detail != nil {
		d, e := *a.Detail, *b.Detail
		one("sex", d.Sex, e.Sex)
		set("charges", charges(d.Charges), charges(e.Charges))
		one("birth_place", d.BirthPlace, e.BirthPlace)
		one("birth_country", d.BirthCountry, e.BirthCountry)
		set("languages", d.Languages, e.Languages)
		one("height", number(d.Height), number(e.Height))
		one("weight", number(d.Weight), number(e.Weight))
		set("eyes", d.Eyes, e.Eyes)
		set("hair", d.Hair, e.Hair)
		one("marks", d.Marks, e.Marks)
		set("linked", d.Linked, e.Linked)
		for _, k := range keys(d.Other, e.Other) {
			one(k, d.Other[k], e.Other[k])
		}
	}
	one("photo", a.Photo, b.Photo)
	return out
}

func charges(cs []tocsin.Charge) []string {
	var out []string
	for _, c := range cs {
		text := strings.Join(strings.Fields(c.Text), " ")
		if t := strings.Join(strings.Fields(c.Translation), " "); t != "" {
			text += " [" + t + "]"
		}
		if c.Country != "" {
			text = c.Country + ": " + text
		}
		out = append(out, text)
	}
	return out
}

func number(f float64) string {
	if f == 0 {
		return ""
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

func single(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

func fold(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

func sameText(a, b string) bool { return a == b || fold(a) == fold(b) }

func sameSet(a, b []string) bool {
	fa, fb := foldSet(a), foldSet(b)
	if len(fa) != len(fb) {
		return false
	}
	for i := range fa {
		if fa[i] != fb[i] {
			return false
		}
	}
	return true
}

func foldSet(v []string) []string {
	out := make([]string, 0, len(v))
	for _, s := range v {
		if f := fold(s); f != "" {
			out = append(out, f)
		}
	}
	sort.Strings(out)
	uniq := out[:0]
	for i, s := range out {
		if i == 0 || s != out[i-1] {
			uniq = append(uniq, s)
		}
	}
	return uniq
}

func keys(a, b map[string]string) []string {
	var out []string
	for k := range a {
		out = append(out, k)
	}
	for k := range b {
		if _, both := a[k]; !both {
			out = append(out, k)
		}
	}
	sort.Strings(out)
	return out
}

func identity(fs []tocsin.FieldChange) bool {
	for _, f := range fs {
		switch f.Field {
		case "name", "forename", "other_names", "birth_date", "nationalities", "sex":
			return true
		}
	}
	return false
}

func quiet(fs []tocsin.FieldChange) bool { return len(fs) == 1 && fs[0].Field == "photo" }

// otherPerson reports that nothing by which people are told apart is the same
// any more; a sex that either side does not know does not count.
func otherPerson(a, b tocsin.Notice) bool {
	if sameText(a.FullName(), b.FullName()) || a.BirthDate == b.BirthDate {
		return false
	}
	return a.Sex() == "" || b.Sex() == "" || a.Sex() != b.Sex()
}
