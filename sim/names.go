package sim

import (
	"math/rand/v2"
	"strings"
)

// style is one way of making names up: families and given names from
// syllables, in capitals, as notices write them. No name is taken from a list
// of people; that some syllables meet in a name that somebody bears cannot be
// ruled out and means nothing.
type style struct {
	weight    int
	countries []string // nationalities that go with it, the likelier first
	languages []string
	begin     []string // syllables of a family name
	middle    []string
	end       []string
	endF      []string // ends for a woman's family name; nil: the same
	givenM    []string // first syllables of given names
	givenF    []string
	givenEndM []string
	givenEndF []string
	join      string  // between two family names; "" for one
	two       float64 // share with two family names
	second    float64 // share with a second given name
	prefixes  []string
	accents   float64 // share that keeps accents
}

var styles = []style{
	{ // eastern
		weight: 30, countries: []string{"RU", "UA", "TJ", "UZ", "KZ", "BY", "KG", "AZ"}, languages: []string{"RUS", "UKR"},
		begin:  []string{"VAR", "KOS", "MEL", "DRO", "ZHUR", "TAB", "GOL", "SHEV", "LUK", "BOR", "YAS", "RUD", "PEL", "KHAM", "TSAR", "NIZ", "ORL", "STAR"},
		middle: []string{"", "A", "I", "EN", "OV", "ICH", "AM", "UR", "EL"},
		end:    []string{"OV", "EV", "IN", "ENKO", "SKIY", "UK", "YAN", "IDZE"}, endF: []string{"OVA", "EVA", "INA", "ENKO", "SKAYA", "UK", "YAN", "IDZE"},
		givenM: []string{"VLA", "DMI", "RO", "ALE", "MAK", "YAR", "KI", "TI"}, givenEndM: []string{"SLAN", "TRON", "MIR", "KSEL", "RILL", "MUR", "DAR"},
		givenF: []string{"DAR", "MI", "OKS", "YE", "LIU", "ZHA", "TA"}, givenEndF: []string{"YANA", "LENA", "ANA", "VGENA", "DMILA", "NNA", "RIA"},
		second: 0.25,
	},
	{ // Spanish and Portuguese
		weight: 30, countries: []string{"SV", "AR", "GT", "CO", "BR", "MX", "PE", "HN", "ES", "CL"}, languages: []string{"SPA", "POR"},
		begin:  []string{"MON", "CAR", "VIL", "RO", "HER", "GUZ", "PAL", "SAN", "BAR", "ZU", "ESCA", "LÓ", "MÉN", "NÚÑ", "AYA", "QUIN"},
		middle: []string{"", "TA", "LA", "MI", "RE", "DE", "CA", "NO"}, end: []string{"DEZ", "RAS", "LLO", "ÑO", "NTES", "VAR", "LES", "ZA", "RÍA"},
		givenM: []string{"JO", "LU", "FER", "AL", "RO", "WIL", "JU", "ÁN"}, givenEndM: []string{"AQUILO", "CIANDO", "NARDEO", "BERIO", "MERICO", "SÉO", "GELIO"},
		givenF: []string{"MA", "RO", "DO", "LU", "AN", "XI"}, givenEndF: []string{"RIELA", "SALDA", "LORINA", "CIRA", "GÉLINA", "MENA"},
		join: " ", two: 0.7, second: 0.6, accents: 0.18,
	},
	{ // Arabic and Persian
		weight: 18, countries: []string{"PK", "IQ", "SY", "EG", "LY", "MA", "DZ", "IR", "LB", "YE"}, languages: []string{"ARA", "PER", "URD"},
		begin:  []string{"HAM", "KHAL", "RASH", "SAL", "NAS", "GHAR", "MAH", "TAR", "ZUB", "QAS", "ABD", "FAR"},
		middle: []string{"", "A", "I", "OU", "EE"}, end: []string{"DI", "RI", "MANI", "DAN", "IB", "AWI", "OUD", "SHI", "LAT"},
		givenM: []string{"MU", "AH", "YA", "KHA", "OSA", "TA", "NA"}, givenEndM: []string{"STAFAN", "MADIN", "SIRAN", "LIDAR", "MIR", "RIQAN", "BILAN"},
		givenF: []string{"FA", "SA", "NOU", "LAY", "ZAI"}, givenEndF: []string{"TIRA", "MIRAN", "RANA", "LISA", "NABEL"},
		prefixes: []string{"AL ", "AL-", "EL ", "BIN ", "ABU "}, second: 0.5,
	},
	{ // Chinese, in pinyin
		weight: 8, countries: []string{"CN", "TW", "SG"}, languages: []string{"CHI"},
		begin: []string{"LIANG", "QIU", "XUAN", "ZHOU", "FENG", "TANG", "PENG", "OU"}, middle: []string{""}, end: []string{""},
		givenM: []string{"JIA", "ZHEN", "BO", "WEI", "HAO", "XIAO"}, givenEndM: []string{"HAO", "GUO", "LONG", "YUAN", "QIANG"},
		givenF: []string{"MEI", "YUN", "XIU", "LAN", "JING"}, givenEndF: []string{"FANG", "YING", "HUA", "LIAN"},
	},
	{ // Turkish and Turkic
		weight: 12, countries: []string{"TR", "AZ", "KZ", "CN", "TM"}, languages: []string{"TUR", "UIG"},
		begin:  []string{"YIL", "KAR", "DEMI", "ÖZ", "TUR", "ÇEL", "BAY", "ERD", "TOKH", "ABLI"},
		middle: []string{"", "A", "I", "DA", "TA"}, end: []string{"MAZ", "TAS", "KAYA", "BEK", "TEKIN", "SOY", "ŞEN", "TI"},
		givenM: []string{"MEH", "ER", "TUR", "YA", "BA"}, givenEndM: []string{"METKAN", "DOGUN", "GUNAY", "RISH", "TUHAN"},
		givenF: []string{"AY", "GÜL", "NUR", "ZEY"}, givenEndF: []string{"SELEN", "BAHAR", "GÜNEN", "NEPA"},
		second: 0.2, accents: 0.3,
	},
	{ // South Asian
		weight: 14, countries: []string{"IN", "LK", "BD", "NP"}, languages: []string{"HIN", "ENG", "TAM"},
		begin:  []string{"SHAR", "GUP", "PATI", "RANA", "KUL", "BHAT", "DEVA", "SUN"},
		middle: []string{"", "A", "KA", "VA"}, end: []string{"MAR", "TAKAR", "SINGHE", "WARAN", "DASA", "JI", "NATH"},
		givenM: []string{"RA", "SU", "AM", "VI", "GUR"}, givenEndM: []string{"JENDEV", "RESHAN", "RITPAL", "KRAMIT", "DEEPAN"},
		givenF: []string{"SU", "PRI", "KA", "LAK"}, givenEndF: []string{"NITIKA", "YANKARI", "VITARA", "SHMIKA"},
		second: 0.3,
	},
	{ // French and West African
		weight: 10, countries: []string{"FR", "CI", "SN", "CM", "BE", "CD", "NG", "GH"}, languages: []string{"FRE", "ENG"},
		begin:  []string{"DIA", "KOU", "BEAU", "TRAO", "MBA", "OKO", "LE FÈ", "GUÉ", "NDI"},
		middle: []string{"", "MA", "LI", "RI"}, end: []string{"RÉ", "LLO", "KOLE", "MENT", "SSI", "NGA", "VRE", "YE"},
		givenM: []string{"JEAN", "ADA", "MOU", "CHU", "OU"}, givenEndM: []string{"-LIBERT", "MARIN", "SSANE", "KWUDI", "MARIL"},
		givenF: []string{"AÏS", "MARI", "FAN", "NGO"}, givenEndF: []string{"ELLINE", "SSATIA", "TARINE", "ZIMA"},
		second: 0.4, accents: 0.3,
	},
	{ // Germanic and Nordic
		weight: 10, countries: []string{"DE", "NL", "US", "GB", "NO", "CA"}, languages: []string{"GER", "ENG", "DUT"},
		begin:  []string{"HOL", "STEIN", "BRAN", "LIND", "GRAU", "FÄR", "WEST", "KÖH", "ROTH"},
		middle: []string{"", "EN", "ER", "EL"}, end: []string{"BECK", "MANN", "STRÖM", "WALD", "FORD", "SEN", "HAGE"},
		givenM: []string{"HEN", "MAR", "OL", "WIL", "TOR"}, givenEndM: []string{"DRIKUS", "TENBERT", "AVIN", "MERIC", "STENAR"},
		givenF: []string{"IN", "SI", "AN", "GRE"}, givenEndF: []string{"GELIND", "GRUNA", "NIKEN", "TALINE"},
		prefixes: []string{"VAN ", "VON ", "DE "}, second: 0.5, accents: 0.2,
	},
}

func pick(r *rand.Rand, list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[r.IntN(len(list))]
}

// likelier picks from a list, the first entries more often.
func likelier(r *rand.Rand, list []string) string {
	return list[min(r.IntN(len(list)), r.IntN(len(list)))]
}

func (s *style) family(r *rand.Rand, woman bool) string {
	one := func() string {
		end := s.end
		if woman && s.endF != nil {
			end = s.endF
		}
		return pick(r, s.begin) + pick(r, s.middle) + pick(r, end)
	}
	name := one()
	if s.join != "" && r.Float64() < s.two {
		name += s.join + one()
	}
	if r.Float64() < 0.3 {
		name = pick(r, s.prefixes) + name
	}
	return s.spell(r, name)
}

func (s *style) given(r *rand.Rand, woman bool) string {
	one := func() string {
		if woman {
			return pick(r, s.givenF) + pick(r, s.givenEndF)
		}
		return pick(r, s.givenM) + pick(r, s.givenEndM)
	}
	name := one()
	if r.Float64() < s.second {
		name += " " + one()
	}
	return s.spell(r, name)
}

var unaccented = strings.NewReplacer("Á", "A", "É", "E", "È", "E", "Í", "I", "Ï", "I", "Ó", "O", "Ö", "O", "Ú", "U",
	"Ü", "U", "Ñ", "N", "Ç", "C", "Ş", "S", "Ä", "A")

// spell keeps accents in a share of names, and in the others drops them, as
// most bureaus do.
func (s *style) spell(r *rand.Rand, name string) string {
	if r.Float64() < s.accents {
		return name
	}
	return unaccented.Replace(name)
}

var charges = []string{
	"Murder",
	"Participation in an illegal armed formation",
	"Agrupaciones ilícitas",
	"Homicidio agravado",
	"Participation à une organisation illégale",
	"escroquerie en bande organisée",
	"1) Fraud by wire\r\n2) Money laundering\r\n3) Conspiracy to commit the same (4 Counts)",
	"تشكيل عصابة إجرامية والاحتيال",
	"Illegal acquisition, storage and transport of narcotics on an especially large scale",
	"membre d'une association de malfaiteurs  ",
	"Public calls for separatism; spreading of knowingly false information about the activity of the state's bodies",
	"Extorsión agravada en perjuicio de la paz pública\r\n",
	"insult of the head of state & membership in a banned party <Part 2>",
}

// longCharge is as long as the longest charge recorded, 526 letters.
var longCharge = func() string {
	text := "Organising and taking part in the activity of an association that was declared extremist by a court; " +
		"financing the said activity by transfers from abroad; evading the duties of a person listed by the ministry; "
	for len(text) < 526 {
		text += "aiding others in the same; "
	}
	return text[:526]
}()

var places = []string{"NORTH HARBOUR", "Vel Tarin", "OSTROVA", "Puerto Calmo", "QARA SU", "Saint-Albin", "NEW MEADOW,  EAST SIDE", "Al Wadi"}
