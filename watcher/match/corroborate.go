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
	slices.SortFunc(links, func(x, y link) int { return int(x.a) - int(y.a) })
	ordered := slices.IsSortedFunc(links, func(x, y link) int { return int(x.b) - int(y.b) })
	// A side that does not say which part is the family name takes the other's word.
	knownA, knownB := hasFamily(A), hasFamily(B)
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
		case al.form.script != latin && al.form.script != al.view.script:
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
			parts += int(max(l.an, l.bn))
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

func hasFamily(ps []part) bool {
	for i := range ps {
		if ps[i].family {
			return true
		}
	}
	return false
}

// spoken is what everything known beside the name says of a match.
type spoken struct {
	up      float64 // how much of what is open it adds to the score, taken off it under 0
	capped  bool    // a contradiction keeps the match out of the alert tier
	reasons [6]tocsin.Reason
	n       int // of them
}

func (s *spoken) say(code string, up float64, against bool) {
	s.reasons[s.n] = tocsin.Reason{Code: code, Against: against}
	s.n++
	s.up += up
}

// speak compares what is known of a person with what a notice says. What is not
// known is neutral.
func speak(p *Person, n *tocsin.Notice) (s spoken) {
	switch code, no := births(p.BirthDate, n.BirthDate); {
	case code == "":
	case no:
		s.say(code, -0.10, true)
		s.capped = true
	case code == tocsin.ReasonBirthEqual:
		s.say(code, 0.80, false)
	case code == tocsin.ReasonBirthYear:
		s.say(code, 0.35, false)
	default:
		s.say(code, 0.10, false)
	}
	if len(p.Nationalities) > 0 && len(n.Nationalities) > 0 {
		if slices.ContainsFunc(p.Nationalities, func(c string) bool { return slices.Contains(n.Nationalities, c) }) {
			s.say(tocsin.ReasonNatEqual, 0.10, false)
		} else {
			s.say(tocsin.ReasonNatDiffers, -0.05, true)
		}
	}
	if n.Detail == nil {
		return s
	}
	if a, b := p.Sex, n.Detail.Sex; (a == "M" || a == "F") && (b == "M" || b == "F") {
		if a == b {
			s.say(tocsin.ReasonSexEqual, 0.01, false)
		} else {
			s.say(tocsin.ReasonSexDiffers, -0.10, true)
			s.capped = true
		}
	}
	if slices.Contains(p.Nationalities, n.Detail.BirthCountry) {
		s.say(tocsin.ReasonPlaceEqual, 0.03, false)
	}
	if slices.ContainsFunc(n.Detail.Charges, func(c tocsin.Charge) bool { return slices.Contains(p.Nationalities, c.Country) }) {
		s.say(tocsin.ReasonIssuerNat, 0.05, false)
	}
	return s
}

// lift is a name's score with what else is known: that counts as far as there is a
// match.
func (s *spoken) lift(score float64) float64 {
	if s.up > 0 {
		return score + s.up*score*(1-score)
	}
	return score + s.up*score
}

// corroborate lets what else is known speak, and puts the match into its tier. A
// contradiction of birth date or sex caps the tier at review, and nothing here
// takes a match out of it.
func (x *Index) corroborate(m *tocsin.Match, s *spoken) {
	reviewed := m.Score >= x.o.Review
	names := len(m.Reasons)
	for names > 0 && m.Reasons[names-1].Against {
		names--
	}
	said := make([]tocsin.Reason, 0, len(m.Reasons)+s.n)
	said = append(said, m.Reasons[:names]...)
	for _, against := range [...]bool{false, true} {
		if against {
			said = append(said, m.Reasons[names:]...)
		}
		for _, r := range s.reasons[:s.n] {
			if r.Against == against {
				said = append(said, r)
			}
		}
	}
	m.Reasons = said
	m.Score = s.lift(m.Score)
	if reviewed && m.Score < x.o.Review {
		m.Score = x.o.Review
	}
	if s.capped && m.Score >= x.o.Alert {
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
