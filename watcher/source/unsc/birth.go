package unsc

import (
	"strconv"
	"strings"

	"tocsin"
)

// apart is how far years may lie apart that are still told as one, the middle:
// listed years are off by a year or two anyway, and are compared so.
const apart = 4

// born is an individual's birth date, as exact as all accounts of it allow, and
// the accounts in words where there is more to say than that date.
func born(e element) (tocsin.Date, string) {
	var dates []tocsin.Date
	var words []string
	first, last := 0, 0 // years
	span := func(from, to int) {
		if first == 0 || from < first {
			first = from
		}
		last = max(last, to)
	}
	vague := false
	for _, b := range e.all("INDIVIDUAL_DATE_OF_BIRTH") {
		d := date(b.one("DATE"), b.one("YEAR"))
		from, to := date("", b.one("FROM_YEAR")).Year, date("", b.one("TO_YEAR")).Year
		switch kind := b.one("TYPE_OF_DATE"); {
		case from != 0 && to >= from:
			vague = true
			span(from, to)
			words = append(words, strconv.Itoa(from)+" to "+strconv.Itoa(to))
		case d.IsZero():
		case kind == "APPROXIMATELY":
			vague = true
			span(d.Year, d.Year)
			words = append(words, "about "+d.String())
		default:
			dates = append(dates, d)
			span(d.Year, d.Year)
			words = append(words, d.String())
		}
	}
	said := strings.Join(words, "; ")
	if agreed := tocsin.AgreedDate(dates); !vague && !agreed.IsZero() {
		if agreed.String() == said {
			said = ""
		}
		return agreed, said
	}
	if first == 0 || last-first > apart {
		return tocsin.Date{}, said
	}
	return tocsin.Date{Year: (first + last) / 2}, said
}

func date(text, year string) tocsin.Date {
	for _, s := range []string{text, year} {
		s, _, _ = strings.Cut(s, "T")
		if d, err := tocsin.ParseDate(s); err == nil && !d.IsZero() {
			return d
		}
	}
	return tocsin.Date{}
}

// country is a country's code by its name as the United Nations write it, "" if
// there is none of that name.
func country(name string) string {
	if code := official[name]; code != "" {
		return code
	}
	return tocsin.CountryNamed(name)
}

// official are names of the United Nations' terminology (UNTERM, short forms in
// English) that are not those in common use.
var official = map[string]string{
	"Bolivia (Plurinational State of)": "BO", "Brunei Darussalam": "BN", "Bosnia-Herzegovina": "BA", "Czech Republic": "CZ",
	"Democratic People's Republic of Korea": "KP", "Democratic People’s Republic of Korea": "KP", "Iran (Islamic Republic of)": "IR", "Islamic Republic of Iran": "IR",
	"Ivory Coast": "CI", "Cote d'Ivoire": "CI", "Côte d’Ivoire": "CI", "Lao People's Democratic Republic": "LA", "Lao People’s Democratic Republic": "LA",
	"Libyan Arab Jamahiriya": "LY", "Micronesia (Federated States of)": "FM", "Netherlands (Kingdom of the)": "NL", "Occupied Palestinian Territory": "PS",
	"State of Palestine": "PS", "Republic of Korea": "KR", "Republic of Moldova": "MD", "Russian Federation": "RU", "Swaziland": "SZ",
	"Sao Tome and Principe": "ST", "Syrian Arab Republic": "SY", "The former Yugoslav Republic of Macedonia": "MK", "Timor Leste": "TL", "Turkey": "TR",
	"United Kingdom of Great Britain and Northern Ireland": "GB", "United Republic of Tanzania": "TZ", "United States of America": "US",
	"Venezuela (Bolivarian Republic of)": "VE", "Vietnam": "VN",
}
