package watchlist

import (
	"strings"
	"sync"
	"time"
	"unicode"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
	"golang.org/x/text/unicode/norm"

	"tocsin"
)

// Ways in which lists write dates, to the day or to the month. Month and day in
// figures are told apart by foreignDate.
var (
	dayLayouts   = []string{"2.1.2006", "2 January 2006", "2 Jan 2006", "January 2, 2006", "Jan 2, 2006", "January 2 2006", "Jan 2 2006", "2-Jan-2006", "2-January-2006", "2006-01-02 15:04:05", "2006-01-02T15:04:05", time.RFC3339, "20060102"}
	monthLayouts = []string{"January 2006", "Jan 2006", "Jan-2006", "1.2006"}
)

// foreignDate reads dates as other lists have them. Figures that may be day and
// month or month and day are refused: a wrong birth date is worse than none.
func foreignDate(text string) (d tocsin.Date, why string) {
	s := strings.Join(strings.Fields(strings.ReplaceAll(text, "年", "-")), " ")
	s = strings.NewReplacer("月", "-", "日", "", "Sept ", "Sep ").Replace(s)
	for _, l := range dayLayouts {
		if t, err := time.Parse(l, s); err == nil {
			return checkedYear(tocsin.Date{Year: t.Year(), Month: int(t.Month()), Day: t.Day()})
		}
	}
	for _, l := range monthLayouts {
		if t, err := time.Parse(l, s); err == nil {
			return checkedYear(tocsin.Date{Year: t.Year(), Month: int(t.Month())})
		}
	}
	for _, l := range []string{"2006-1-2", "2006-1"} {
		if t, err := time.Parse(l, strings.Trim(s, "-")); err == nil {
			d := tocsin.Date{Year: t.Year(), Month: int(t.Month())}
			if l == "2006-1-2" {
				d.Day = t.Day()
			}
			return checkedYear(d)
		}
	}
	first, e1 := time.Parse("2/1/2006", s)
	second, e2 := time.Parse("1/2/2006", s)
	switch {
	case e1 == nil && e2 == nil && !first.Equal(second):
		return d, "day and month cannot be told apart: write YYYY-MM-DD"
	case e1 == nil:
		return checkedYear(tocsin.Date{Year: first.Year(), Month: int(first.Month()), Day: first.Day()})
	case e2 == nil:
		return checkedYear(tocsin.Date{Year: second.Year(), Month: int(second.Month()), Day: second.Day()})
	}
	return d, "no date of the calendar: write YYYY, YYYY-MM or YYYY-MM-DD"
}

func checkedYear(d tocsin.Date) (tocsin.Date, string) {
	if d.Year < firstYear || d.Year > lastYear {
		return tocsin.Date{}, "a year in which nobody on a watchlist was born"
	}
	return d, ""
}

// foreignSex reads the words that lists have for sex; s is in upper case.
func foreignSex(s string) string {
	switch s {
	case "MALE", "MAN", "MR", "M.", "МУЖСКОЙ", "МУЖ", "МУЖ.", "男":
		return "M"
	case "FEMALE", "WOMAN", "F.", "W", "ЖЕНСКИЙ", "ЖЕН", "ЖЕН.", "女":
		return "F"
	case "UNKNOWN", "OTHER", "X", "-", "?", "N/A", "NA", "NONE":
		return ""
	}
	return s
}

// countryLanguages are those whose names of countries are read: CLDR, as
// golang.org/x/text has it.
var countryLanguages = []language.Tag{
	language.English, language.French, language.Spanish, language.Portuguese, language.German, language.Italian,
	language.Russian, language.Ukrainian, language.Turkish, language.Arabic, language.Persian, language.SimplifiedChinese, language.TraditionalChinese,
}

// moreCountries are names that lists have and CLDR has not: former, long and
// colloquial ones, and adjectives of nationality, in the form of countryKey.
// Written from memory, to be checked against: UK Foreign, Commonwealth &
// Development Office, "Geographical names: countries" (names and citizens).
const moreCountries = `US usa unitedstatesofamerica american america; GB uk greatbritain britain british english scottish england scotland wales northernireland; RU russianfederation russian;
IR islamicrepublicofiran iranian persian; SY syrianarabrepublic syrian; KR republicofkorea korearepublicof southkorean; KP dprk democraticpeoplesrepublicofkorea northkorean; VN vietnam vietnamese; LA laos laopdr lao laotian;
TR turkiye turkey turkish; CZ czechrepublic czech; MK macedonia northmacedonia macedonian; MD republicofmoldova moldovarepublicof moldovan; TZ unitedrepublicoftanzania tanzanian; VE bolivarianrepublicofvenezuela venezuelan; BO plurinationalstateofbolivia bolivian;
CN peoplesrepublicofchina prc chinese mainlandchina; TW taiwanprovinceofchina republicofchina taiwanese; HK hongkong hongkonger hongkongsarchina; MO macau macao; CD drc drcongo democraticrepublicofthecongo congokinshasa; CG republicofthecongo congobrazzaville; CI cotedivoire ivorycoast ivorian;
CV capeverde caboverde; SZ swaziland eswatini; MM burma myanmar burmese; TL easttimor timorleste; PS palestine stateofpalestine palestinian palestinianterritories; VA vatican holysee; XK kosovo kosovan kosovar; SA saudi saudiarabian; AE uae emirati; AF afghan; AL albanian; DZ algerian; AO angolan; AR argentine argentinian; AM armenian; AU australian; AT austrian; AZ azerbaijani;
BH bahraini; BD bangladeshi; BY belarusian belarussian byelorussia belorussia; BE belgian; BJ beninese; BA bosnian bosniaandherzegovina bosnia; BW motswana botswanan; BR brazilian; BG bulgarian; BF burkinabe; BI burundian; KH cambodian; CM cameroonian; CA canadian; TD chadian; CL chilean; CO colombian; CR costarican; HR croatian; CU cuban; CY cypriot;
DK danish; DJ djiboutian; DO dominicanrepublic; EC ecuadorian; EG egyptian; SV salvadoran; GQ equatorialguinean; ER eritrean; EE estonian; ET ethiopian; FI finnish; FR french; GA gabonese; GM gambian thegambia; GE georgian; DE german; GH ghanaian; GR greek; GT guatemalan; GN guinean; HT haitian; HN honduran; HU hungarian; IS icelandic; IN indian; ID indonesian;
IQ iraqi; IE irish; IL israeli; IT italian; JM jamaican; JP japanese; JO jordanian; KZ kazakh kazakhstani; KE kenyan; KW kuwaiti; KG kyrgyz kyrgyzstani kirghizia; LV latvian; LB lebanese; LR liberian; LY libyan; LT lithuanian; LU luxembourgish; MG malagasy; MW malawian; MY malaysian; MV maldivian; ML malian; MT maltese; MR mauritanian; MX mexican; MN mongolian; ME montenegrin; MA moroccan;
MZ mozambican; NA namibian; NP nepali nepalese; NL dutch holland thenetherlands; NZ newzealander; NI nicaraguan; NE nigerien; NG nigerian; NO norwegian; OM omani; PK pakistani; PA panamanian; PY paraguayan; PE peruvian; PH filipino philippine thephilippines; PL polish; PT portuguese; QA qatari; RO romanian; RW rwandan; SN senegalese; RS serbian; SL sierraleonean; SG singaporean; SK slovak; SI slovenian slovene; SO somali;
ZA southafrican; SS southsudanese; ES spanish; LK srilankan; SD sudanese; SE swedish; CH swiss; TJ tajik tajikistani; TH thai; TG togolese; TT trinidadian; TN tunisian; TM turkmen; UG ugandan; UA ukrainian; UY uruguayan; UZ uzbek uzbekistani; YE yemeni; ZM zambian; ZW zimbabwean`

// countryNames maps names of countries, as countryKey has them, to codes. A name
// that two countries share is left out.
var countryNames = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	add := func(name, code string) {
		k := countryKey(name)
		switch other, ok := out[k]; {
		case k == "" || len(k) == 2: // a code, or nothing
		case ok && other != code:
			out[k] = ""
		default:
			out[k] = code
		}
	}
	var namers []display.Namer
	for _, l := range countryLanguages {
		namers = append(namers, display.Regions(l))
	}
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			code := string([]rune{a, b})
			if tocsin.CountryName(code) == "" {
				continue
			}
			add(tocsin.CountryName(code), code)
			region, err := language.ParseRegion(code)
			if err != nil {
				continue
			}
			if iso := region.ISO3(); iso != "ZZZ" {
				add(iso, code)
			}
			for _, n := range namers {
				add(n.Name(region), code)
			}
		}
	}
	for line := range strings.SplitSeq(moreCountries, ";") {
		names := strings.Fields(line)
		for _, n := range names[1:] {
			out[n] = names[0]
		}
	}
	return out
})

// countryKey is a name in small letters and nothing else.
func countryKey(s string) string {
	return strings.Map(func(x rune) rune {
		if unicode.IsLetter(x) || unicode.IsMark(x) && !unicode.Is(unicode.Mn, x) {
			return unicode.ToLower(x)
		}
		return -1
	}, norm.NFD.String(s))
}

// namedCountries puts codes in the place of names of countries. What is no name
// stays as it is; a part that is none but holds several is divided.
func namedCountries(parts []value) []value {
	var out []value
	for _, v := range parts {
		if code := countryCode(v.text); code != "" {
			v.text = code
			out = append(out, v)
			continue
		}
		var several []value
		for s := range strings.FieldsFuncSeq(strings.ReplaceAll(v.text, " and ", ","), func(x rune) bool { return strings.ContainsRune(",/|&、，", x) }) {
			code := countryCode(s)
			if code == "" {
				several = nil
				break
			}
			one := v
			one.text = code
			several = append(several, one)
		}
		if several == nil {
			several = []value{v}
		}
		out = append(out, several...)
	}
	return out
}

func countryCode(s string) string {
	s = strings.TrimSpace(s)
	if code := strings.ToUpper(s); tocsin.CountryName(code) != "" {
		return code
	}
	return countryNames()[countryKey(s)]
}
