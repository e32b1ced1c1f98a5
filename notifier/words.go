package notifier

import (
	"fmt"
	"strconv"
	"strings"

	"tocsin"
)

// reasonWords are the words of each reason code, without either side's text.
var reasonWords = map[string]string{
	tocsin.ReasonFamilyEqual:  "family name equal",
	tocsin.ReasonGivenEqual:   "given name equal",
	tocsin.ReasonPartEqual:    "one part of the name equal",
	tocsin.ReasonSpelling:     "one part of the name spelled a little differently",
	tocsin.ReasonVariant:      "one part is another spelling of the same name",
	tocsin.ReasonScript:       "one part is the same name in another script",
	tocsin.ReasonJoined:       "parts written together or apart",
	tocsin.ReasonInitial:      "an initial stands for one part",
	tocsin.ReasonOrder:        "parts in another order",
	tocsin.ReasonMoreInNotice: "one part more in the notice",
	tocsin.ReasonMoreInPerson: "one part not in the notice",
	tocsin.ReasonPartDiffers:  "one part of the name differs",
	tocsin.ReasonOnePart:      "only one part of the name matched",
	tocsin.ReasonCommon:       "a name that many bear",
	tocsin.ReasonBirthEqual:   "birth date equal",
	tocsin.ReasonBirthYear:    "birth date equal as far as both are known",
	tocsin.ReasonBirthNear:    "birth date nearly equal",
	tocsin.ReasonBirthDiffers: "birth date differs",
	tocsin.ReasonNatEqual:     "nationality equal",
	tocsin.ReasonNatDiffers:   "nationality differs",
	tocsin.ReasonSexEqual:     "sex equal",
	tocsin.ReasonSexDiffers:   "sex differs",
	tocsin.ReasonPlaceEqual:   "birth country is a nationality of the person's",
	tocsin.ReasonIssuerNat:    "the seeking state is a nationality of the person's",
	tocsin.ReasonInText:       "named in the text",
	tocsin.ReasonDanger:       "near a word of danger",
	tocsin.ReasonInflected:    "the name with a grammatical ending",
	tocsin.ReasonAgeEqual:     "the age or birth year given fits",
	tocsin.ReasonAgeDiffers:   "the age or birth year given does not fit",
	tocsin.ReasonNatNear:      "a word for a nationality of theirs stands near",
}

// Words puts one reason into words. Without a subject nothing of either side is
// quoted: "alias 2: family name equal". With one, an alias is quoted.
func Words(r tocsin.Reason, s *Subject) string {
	text, ok := reasonWords[r.Code]
	if !ok {
		text = strings.ReplaceAll(r.Code, "_", " ")
	}
	if s != nil && r.With != "" && quotes(r.Code) {
		text += " (" + clean(r.With) + ")"
	}
	if r.Name == 0 {
		return text
	}
	return aliasWords(r.Name, s) + ": " + text
}

func aliasWords(n int, s *Subject) string {
	if s != nil && n < len(s.Names) {
		return fmt.Sprintf("alias %d (%s)", n, clean(s.Names[n]))
	}
	return fmt.Sprintf("alias %d", n)
}

// quotes tells for which reasons the notice's side adds something.
func quotes(code string) bool {
	switch code {
	case tocsin.ReasonSpelling, tocsin.ReasonVariant, tocsin.ReasonScript, tocsin.ReasonJoined, tocsin.ReasonInitial,
		tocsin.ReasonMoreInNotice, tocsin.ReasonPartDiffers, tocsin.ReasonBirthNear, tocsin.ReasonBirthDiffers, tocsin.ReasonNatDiffers,
		tocsin.ReasonInText, tocsin.ReasonDanger, tocsin.ReasonInflected, tocsin.ReasonAgeEqual, tocsin.ReasonAgeDiffers, tocsin.ReasonNatNear:
		return true
	}
	return false
}

// equalNouns are reasons that read best together: "family and given name, birth
// date equal".
var equalNouns = map[string]string{
	tocsin.ReasonBirthEqual: "birth date",
	tocsin.ReasonNatEqual:   "nationality",
	tocsin.ReasonSexEqual:   "sex",
}

// why puts the reasons for and against a match into two lines. s is nil where
// nothing may be quoted.
func why(rs []tocsin.Reason, s *Subject) (pro, con string) {
	var family, given, parts, alias int
	var nouns, rest, against []string
	for _, r := range rs {
		if r.Name > 0 && alias == 0 {
			alias = r.Name
		}
		bare := r
		bare.Name = 0
		switch {
		case r.Against:
			against = append(against, Words(bare, s))
		case r.Code == tocsin.ReasonFamilyEqual:
			family++
		case r.Code == tocsin.ReasonGivenEqual:
			given++
		case r.Code == tocsin.ReasonPartEqual:
			parts++
		case equalNouns[r.Code] != "":
			nouns = append(nouns, equalNouns[r.Code])
		default:
			if spelt := spelt(r, s, nil); spelt != "" {
				rest = append(rest, spelt)
			} else {
				rest = append(rest, Words(bare, s))
			}
		}
	}
	var names []string
	switch {
	case family > 0 && given > 0:
		names = append(names, "family and given name")
	case family > 0:
		names = append(names, "family name")
	case given > 0:
		names = append(names, "given name")
	}
	if parts > 0 {
		names = append(names, count(parts, "part of the name", "parts of the name"))
	}
	var out []string
	if alias > 0 {
		out = append(out, "by "+aliasWords(alias, s))
	}
	if equal := append(names, nouns...); len(equal) > 0 {
		out = append(out, strings.Join(equal, ", ")+" equal")
	}
	out = append(out, rest...)
	return strings.Join(out, " · "), strings.Join(against, " · ")
}

// count writes a number with its noun.
func count(n int, one, many string) string {
	if n == 1 {
		return "one " + one
	}
	return number(n) + " " + many
}

// number writes n with a comma before every three digits: "6,934".
func number(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// fieldWords are the names of a notice's fields in messages.
var fieldWords = map[string]string{
	"name": "family name", "forename": "given names", "birth_date": "birth date", "nationalities": "nationality", "sex": "sex",
	"charges": "charges", "photo": "picture", "other_names": "other names", "birth_place": "place of birth",
	"birth_country": "country of birth", "languages": "languages", "marks": "distinguishing marks", "linked": "linked notices",
}

func fieldName(f string) string {
	if w := fieldWords[f]; w != "" {
		return w
	}
	return strings.ReplaceAll(f, "_", " ")
}

// clean makes hostile text safe to stand in a line of any channel: control
// characters and marks that turn the direction of writing are taken out, runs
// of white space are one space.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\t', r == '\n', r == '\r', r == '\u2028', r == '\u2029', r == '\u0085':
			return ' '
		case r < 0x20, r >= 0x7f && r < 0xa0:
			return -1
		case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0x200e, r == 0x200f, r == 0x61c, r == 0xfeff, r == 0x200b:
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}
