package notifier

import (
	"slices"
	"strings"
	"unicode"

	"tocsin"
)

// Both puts one reason into words that quote both sides, for whoever may see the
// watchlist: "family name: 艾山 is a Chinese spelling of HASAN", "born 1987 both".
// n is the notice, nil where it is not at hand. Where a side is not known it says
// what Words says.
func Both(r tocsin.Reason, s *Subject, n *tocsin.Notice) string {
	if s == nil {
		return Words(r, nil)
	}
	if text := spelt(r, s, n); text != "" {
		return ofAlias(r, s) + text
	}
	if n != nil {
		switch r.Code {
		case tocsin.ReasonBirthEqual, tocsin.ReasonBirthYear:
			return "born " + coarser(s.BirthDate, n.BirthDate).String() + " both"
		case tocsin.ReasonBirthNear:
			return "birth date nearly equal: " + s.BirthDate.String() + " · " + n.BirthDate.String()
		case tocsin.ReasonBirthDiffers:
			return "birth date differs: " + s.BirthDate.String() + " · " + n.BirthDate.String()
		case tocsin.ReasonNatEqual:
			var both []string
			for _, c := range s.Nationalities {
				if slices.Contains(n.Nationalities, c) {
					both = append(both, clean(c))
				}
			}
			return "nationality " + strings.Join(both, ", ") + " both"
		case tocsin.ReasonNatDiffers:
			return "nationality differs: " + strings.Join(s.Nationalities, ", ") + " · " + clean(strings.Join(n.Nationalities, ", "))
		}
	}
	bare := r
	bare.Name = 0
	text, with := Words(bare, nil), clean(r.With)
	switch hers := partOf(r, s); {
	case hers != "" && with != "" && !equalPart(r.Code):
		text += ": " + hers + " · " + with
	case hers != "" && !equalPart(r.Code):
		text += ": " + hers
	case with != "" && !equalPart(r.Code):
		text += ": " + with
	}
	return ofAlias(r, s) + text
}

func ofAlias(r tocsin.Reason, s *Subject) string {
	if r.Name == 0 {
		return ""
	}
	return aliasWords(r.Name, s) + ": "
}

func equalPart(code string) bool {
	return code == tocsin.ReasonFamilyEqual || code == tocsin.ReasonGivenEqual || code == tocsin.ReasonPartEqual
}

// partOf is the person's written part that a reason is about, "" if it is not known.
func partOf(r tocsin.Reason, s *Subject) string {
	if s == nil || r.Name < 0 || r.Name >= len(s.Parts) || r.Part < 1 || r.Part > len(s.Parts[r.Name]) {
		return ""
	}
	return clean(s.Parts[r.Name][r.Part-1])
}

// spelt words the reasons in which one part stands for another, "" for others and
// where a side is not known.
func spelt(r tocsin.Reason, s *Subject, n *tocsin.Notice) string {
	hers, with := partOf(r, s), clean(r.With)
	if hers == "" || with == "" {
		return ""
	}
	switch r.Code {
	case tocsin.ReasonScript:
		return place(with, n) + ": " + hers + " is " + scriptWord(hers) + " spelling of " + with
	case tocsin.ReasonVariant:
		return place(with, n) + ": " + hers + " is another spelling of " + with
	case tocsin.ReasonSpelling:
		return place(with, n) + ": " + hers + " and " + with + " differ by a letter or two"
	case tocsin.ReasonInitial:
		return place(with, n) + ": an initial, " + hers + " and " + with
	case tocsin.ReasonJoined:
		return place(with, n) + ": " + hers + " and " + with + ", written together or apart"
	}
	return ""
}

// place says where in the notice's name a part stands.
func place(with string, n *tocsin.Notice) string {
	if n != nil && n.Forename != "" {
		switch {
		case holdsWord(n.Name, with) && !holdsWord(n.Forename, with):
			return "family name"
		case holdsWord(n.Forename, with) && !holdsWord(n.Name, with):
			return "given name"
		}
	}
	return "one part"
}

func holdsWord(name, part string) bool {
	fold := func(s string) string {
		return " " + strings.Join(strings.FieldsFunc(strings.ToUpper(s), func(x rune) bool { return !unicode.IsLetter(x) && !unicode.IsMark(x) }), " ") + " "
	}
	return strings.Contains(fold(name), fold(part))
}

func scriptWord(s string) string {
	for _, x := range []struct {
		table *unicode.RangeTable
		word  string
	}{
		{unicode.Han, "a Chinese"}, {unicode.Cyrillic, "a Cyrillic"}, {unicode.Arabic, "an Arabic-script"}, {unicode.Hangul, "a Korean"}, {unicode.Hebrew, "a Hebrew"}, {unicode.Greek, "a Greek"},
		{unicode.Georgian, "a Georgian"}, {unicode.Armenian, "an Armenian"}, {unicode.Thai, "a Thai"}, {unicode.Devanagari, "a Devanagari"}, {unicode.Ethiopic, "an Ethiopic"}, {unicode.Tibetan, "a Tibetan"},
	} {
		if strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(x.table, r) }) {
			return x.word
		}
	}
	return "another"
}

// coarser is what both dates say.
func coarser(a, b tocsin.Date) tocsin.Date {
	if a.Month == 0 || b.Month == 0 || a.Month != b.Month {
		return tocsin.Date{Year: a.Year}
	}
	if a.Day == 0 || b.Day == 0 || a.Day != b.Day {
		return tocsin.Date{Year: a.Year, Month: a.Month}
	}
	return a
}
