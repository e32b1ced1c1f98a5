package match

import (
	"math/bits"
	"slices"
	"strings"

	"tocsin"
)

// reasons puts an alignment into codes: what agrees in the order of the person's
// parts, then what does not.
func (al *alignment) reasons() []tocsin.Reason {
	var forIt, against []tocsin.Reason
	A, B := al.form.parts, al.view.parts
	links := slices.Clone(al.links)
	slices.SortFunc(links, func(x, y link) int { return x.a - y.a })
	ordered := slices.IsSortedFunc(links, func(x, y link) int { return x.b - y.b })
	// A side that does not say which part is the family name takes the other's word.
	knownA, knownB := slices.ContainsFunc(A, isFamily), slices.ContainsFunc(B, isFamily)
	parts := 0
	for _, l := range links {
		with := ""
		for j := l.b; j < l.b+l.bn; j++ {
			if j > l.b {
				with += " "
			}
			with += strings.ToUpper(strings.ReplaceAll(B[j].text, syllableMark, "")) // as notices print it
		}
		r := tocsin.Reason{Name: al.form.name, Part: A[l.a].at + 1, With: with}
		same := l.like == 1
		switch {
		case l.initial:
			r.Code = tocsin.ReasonInitial
		case al.form.script != latin:
			r.Code = tocsin.ReasonScript
		case l.an+l.bn > 2:
			r.Code = tocsin.ReasonJoined
		case same && A[l.a].text == B[l.b].text:
			familyA, familyB := A[l.a].family || !knownA && B[l.b].family, B[l.b].family || !knownB && A[l.a].family
			switch {
			case !knownA && !knownB || familyA != familyB:
				r.Code = tocsin.ReasonPartEqual
			case familyA:
				r.Code = tocsin.ReasonFamilyEqual
			default:
				r.Code = tocsin.ReasonGivenEqual
			}
		case same:
			r.Code = tocsin.ReasonVariant
		default:
			r.Code = tocsin.ReasonSpelling
		}
		if !l.initial {
			parts += max(l.an, l.bn)
		}
		forIt = append(forIt, r)
	}
	if !ordered && knownA == knownB {
		forIt = append(forIt, tocsin.Reason{Code: tocsin.ReasonOrder, Name: al.form.name})
	}
	a, b := al.aFree, al.bFree
	for a != 0 && b != 0 {
		i, j := bits.TrailingZeros32(a), bits.TrailingZeros32(b)
		against = append(against, tocsin.Reason{Code: tocsin.ReasonPartDiffers, Name: al.form.name, Part: A[i].at + 1, With: strings.ToUpper(B[j].text), Against: true})
		a, b = a&(a-1), b&(b-1)
	}
	for ; a != 0; a &= a - 1 {
		forIt = append(forIt, tocsin.Reason{Code: tocsin.ReasonMoreInPerson, Name: al.form.name, Part: A[bits.TrailingZeros32(a)].at + 1})
	}
	for ; b != 0; b &= b - 1 {
		forIt = append(forIt, tocsin.Reason{Code: tocsin.ReasonMoreInNotice, Name: al.form.name, With: strings.ToUpper(B[bits.TrailingZeros32(b)].text)})
	}
	if parts <= 1 {
		against = append(against, tocsin.Reason{Code: tocsin.ReasonOnePart, Name: al.form.name, Against: true})
	}
	slices.SortStableFunc(forIt, func(x, y tocsin.Reason) int { return rank(x) - rank(y) })
	return append(forIt, against...)
}

// rank puts the family name before the given names, whatever order they stand in.
func rank(r tocsin.Reason) int {
	switch r.Code {
	case tocsin.ReasonFamilyEqual:
		return 0
	case tocsin.ReasonGivenEqual:
		return 1
	}
	return 2
}

func isFamily(p part) bool { return p.family }

// mostUp is the most that everything known beside the name can speak for a match.
const mostUp = 0.99

// corroborate lets what else is known speak, and puts the match into its tier. A
// contradiction of birth date or sex caps the tier at review, and nothing here
// takes a match out of it: what is not known is neutral.
func (x *Index) corroborate(m *tocsin.Match, n tocsin.Notice, p *Person) {
	reviewed := m.Score >= x.o.Review
	capped := false
	names := len(m.Reasons)
	for names > 0 && m.Reasons[names-1].Against {
		names--
	}
	against := slices.Clone(m.Reasons[names:])
	forIt := m.Reasons[:names:names]
	say := func(code string, no bool) {
		if r := (tocsin.Reason{Code: code, Against: no}); no {
			against = append(against, r)
		} else {
			forIt = append(forIt, r)
		}
	}
	up := 0.0
	switch code, no := births(p.BirthDate, n.BirthDate); {
	case code == "":
	case no:
		say(code, true)
		capped = true
		up -= 0.10
	default:
		say(code, false)
		up += map[string]float64{tocsin.ReasonBirthEqual: 0.80, tocsin.ReasonBirthYear: 0.35, tocsin.ReasonBirthNear: 0.10}[code]
	}
	if len(p.Nationalities) > 0 && len(n.Nationalities) > 0 {
		if slices.ContainsFunc(p.Nationalities, func(c string) bool { return slices.Contains(n.Nationalities, c) }) {
			say(tocsin.ReasonNatEqual, false)
			up += 0.10
		} else {
			say(tocsin.ReasonNatDiffers, true)
			up -= 0.05
		}
	}
	if a, b := p.Sex, n.Sex(); (a == "M" || a == "F") && (b == "M" || b == "F") {
		if a == b {
			say(tocsin.ReasonSexEqual, false)
			up += 0.01
		} else {
			say(tocsin.ReasonSexDiffers, true)
			capped = true
			up -= 0.10
		}
	}
	if d := n.Detail; d != nil {
		if slices.Contains(p.Nationalities, d.BirthCountry) {
			say(tocsin.ReasonPlaceEqual, false)
			up += 0.03
		}
		if slices.ContainsFunc(d.Charges, func(c tocsin.Charge) bool { return slices.Contains(p.Nationalities, c.Country) }) {
			say(tocsin.ReasonIssuerNat, false)
			up += 0.05
		}
	}
	m.Reasons = append(forIt, against...)
	// What speaks for a match counts as far as there is one.
	if up > 0 {
		m.Score += up * m.Score * (1 - m.Score)
	} else {
		m.Score += up * m.Score
	}
	if reviewed && m.Score < x.o.Review {
		m.Score = x.o.Review
	}
	if capped && m.Score >= x.o.Alert {
		m.Score = x.o.Alert - 0.001
	}
	switch {
	case m.Score >= x.o.Alert:
		m.Tier = tocsin.TierAlert
	case m.Score >= x.o.Review:
		m.Tier = tocsin.TierReview
	}
}

// births compares birth dates as far as both are known. Listed dates are really
// off by a year or two, and 1 January often stands for "that year".
func births(a, b tocsin.Date) (code string, against bool) {
	if a.IsZero() || b.IsZero() {
		return "", false
	}
	year := a.Month == 0 || b.Month == 0 || a.Month == 1 && a.Day == 1 || b.Month == 1 && b.Day == 1
	switch d := a.Year - b.Year; {
	case d == 0 && a == b && a.Day > 0:
		return tocsin.ReasonBirthEqual, false
	case d == 0 && (year || a.Month == b.Month && (a.Day == 0 || b.Day == 0)):
		return tocsin.ReasonBirthYear, false
	case d == 0:
		return tocsin.ReasonBirthNear, false
	case d >= -1 && d <= 1:
		return tocsin.ReasonBirthNear, false
	case d >= -2 && d <= 2 && year:
		return tocsin.ReasonBirthNear, false
	}
	return tocsin.ReasonBirthDiffers, true
}
