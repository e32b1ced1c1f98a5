package opensanctions

import (
	"slices"
	"strings"
	"unicode"

	"tocsin"
)

// namesMost is how many names of an entity are kept.
const namesMost = 200

// names gives a notice all names of an entity. The first one is its caption,
// divided into family name and forename where the entity says how. Weak aliases
// are not among them: FollowTheMoney's own description of the property says
// that they must not be matched.
func (e *entity) names(n *tocsin.Notice) {
	p := &e.Properties
	main, others := plain(p.Name), append(plain(p.Alias), plain(p.PreviousName)...)
	if len(main) == 0 && len(others) == 0 {
		main = e.composed()
	}
	if caption := squeeze(e.Caption); caption != "" && (len(main) == 0 && len(others) == 0 || slices.Contains(main, caption)) {
		main = append([]string{caption}, main...)
	}
	all := distinct(append(main, others...))
	if len(all) == 0 {
		return
	}
	n.Name, n.Forename = divided(all[0], p.FirstName, p.LastName)
	n.OtherNames = scriptsInTurn(all[1:])
	n.OtherNames = n.OtherNames[:min(len(n.OtherNames), namesMost)]
}

// composed are whole names made of an entity's parts, for want of whole ones.
func (e *entity) composed() (out []string) {
	p := &e.Properties
	const most = 3
	first, last := plain(p.FirstName), plain(p.LastName)
	var between []string
	for _, v := range [][]string{p.SecondName, p.MiddleName, p.FatherName} {
		if s := plain(v); len(s) > 0 {
			between = append(between, s[0])
		}
	}
	if len(last) == 0 {
		last = []string{""}
	}
	if len(first) == 0 {
		first = []string{""}
	}
	for _, f := range first[:min(len(first), most)] {
		for _, l := range last[:min(len(last), most)] {
			out = append(out, squeeze(f+" "+strings.Join(between, " ")+" "+l))
		}
	}
	return slices.DeleteFunc(out, func(s string) bool { return s == "" })
}

// distinct leaves out what differs from an earlier name in letter case alone.
func distinct(names []string) (out []string) {
	seen := map[string]bool{}
	for _, s := range names {
		if k := strings.ToLower(s); !seen[k] {
			seen[k] = true
			out = append(out, s)
		}
	}
	return out
}

// divided are a whole name's family name and forename, where one of the known
// family names begins or ends it and a known first name is in the rest; else
// the whole.
func divided(whole string, first, last []string) (name, fore string) {
	for _, l := range plain(last) {
		rest, found := "", false
		if len(whole) > len(l) && strings.EqualFold(whole[len(whole)-len(l):], l) && whole[len(whole)-len(l)-1] == ' ' {
			rest, name, found = whole[:len(whole)-len(l)-1], whole[len(whole)-len(l):], true
		} else if len(whole) > len(l)+1 && strings.EqualFold(whole[:len(l)], l) && (whole[len(l)] == ' ' || whole[len(l)] == ',') {
			rest, name, found = strings.TrimLeft(whole[len(l):], ", "), whole[:len(l)], true
		}
		if !found {
			continue
		}
		for _, f := range plain(first) {
			if strings.Contains(" "+strings.ToLower(rest)+" ", " "+strings.ToLower(f)+" ") {
				return name, rest
			}
		}
	}
	return whole, ""
}

// scriptsInTurn orders names so that each script has its turn: whoever reads
// the first few has read every script.
func scriptsInTurn(names []string) []string {
	var order []string
	by := map[string][]string{}
	for _, s := range names {
		script := scriptOf(s)
		if by[script] == nil {
			order = append(order, script)
		}
		by[script] = append(by[script], s)
	}
	out := make([]string, 0, len(names))
	for len(out) < len(names) {
		for _, script := range order {
			if left := by[script]; len(left) > 0 {
				out, by[script] = append(out, left[0]), left[1:]
			}
		}
	}
	return out
}

// scripts are those that are told apart; what is in none of them is one more.
var scripts = []struct {
	name  string
	table *unicode.RangeTable
}{
	{"Latin", unicode.Latin}, {"Cyrillic", unicode.Cyrillic}, {"Arabic", unicode.Arabic}, {"Han", unicode.Han}, {"Hangul", unicode.Hangul},
	{"Hiragana", unicode.Hiragana}, {"Katakana", unicode.Katakana}, {"Greek", unicode.Greek}, {"Hebrew", unicode.Hebrew},
	{"Armenian", unicode.Armenian}, {"Georgian", unicode.Georgian}, {"Devanagari", unicode.Devanagari}, {"Thai", unicode.Thai},
}

func scriptOf(s string) string {
	for _, x := range s {
		if !unicode.IsLetter(x) {
			continue
		}
		for _, sc := range scripts {
			if unicode.Is(sc.table, x) {
				return sc.name
			}
		}
		return ""
	}
	return ""
}
