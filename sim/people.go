package sim

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
)

// Shares of odd values, as counted among the 6,934 red notices of 2023-05-16
// (null names and forenames: among the 6,901 of 2023-04-13).
const (
	nullNationalities = 116.0 / 6934
	moreNationalities = 257.0 / 6934
	yearOnly          = 118.0 / 6934
	nullBirthDate     = 4.0 / 6934
	firstOfJanuary    = 85.0 / 6934
	noPicture         = 329.0 / 6934
	nullName          = 3.0 / 6901
	nullForename      = 11.0 / 6901
	dashForename      = 6.0 / 6934
	oddSpelling       = 40.0 / 6934 // double and trailing spaces, commas, brackets
	unknownCode       = 12.0 / 6934 // nationality UNK
	twoWarrants       = 0.008
	linkedShare       = 0.008
)

// birthYear is that of a list read in 2026: adults, those in their thirties
// and forties the likeliest.
func (m *maker) birthYear() int {
	return 2008 - min(m.r.IntN(66), (m.r.IntN(60)+m.r.IntN(50))/2)
}

type maker struct {
	r      *rand.Rand
	seed   uint64
	ids    map[string]bool
	styles []int // index of a style, once for each unit of its weight
}

func newMaker(seed uint64) *maker {
	m := &maker{r: rand.New(rand.NewPCG(seed, 0x70c51)), seed: seed, ids: map[string]bool{}}
	for i, s := range styles {
		for range s.weight {
			m.styles = append(m.styles, i)
		}
	}
	return m
}

// People are n fictional red notices, the same for the same seed, with odd
// values in the proportions of the real list. Their ids are distinct, and
// distinct from those of any seed that differs modulo 97.
func People(seed uint64, n int) []Row {
	m := newMaker(seed)
	rows := make([]Row, n)
	for i := range rows {
		rows[i] = m.person()
		if i > 0 && m.r.Float64() < linkedShare {
			other := rows[m.r.IntN(i)]
			rows[i].Linked = []Link{{Color: Red, EntityID: other.EntityID, Name: deref(other.Name), Forename: deref(other.Forename), Photo: other.Photo}}
		}
	}
	return rows
}

// NullRows are n fictional red notices of which each lacks at least one field
// that a sweep could filter by: name, forename, birth date, nationalities, or
// several of them in turn.
func NullRows(seed uint64, n int) []Row {
	m := newMaker(seed)
	rows := make([]Row, n)
	for i := range rows {
		r := m.person()
		for r.Name == nil || r.Forename == nil || r.DateOfBirth == nil || r.Nationalities == nil {
			r = m.person()
		}
		switch i % 7 {
		case 0:
			r.Name = nil
		case 1:
			r.Forename = nil
		case 2:
			r.DateOfBirth = nil
		case 3:
			r.Nationalities = nil
		case 4:
			r.Name, r.DateOfBirth = nil, nil
		case 5:
			r.Forename, r.Nationalities = nil, nil
		case 6:
			r.DateOfBirth, r.Nationalities = nil, nil
		}
		rows[i] = r
	}
	return rows
}

// Children are n fictional yellow notices, with birth dates known to the month
// among them.
func Children(seed uint64, n int) []Row {
	m := newMaker(seed)
	rows := make([]Row, n)
	for i := range rows {
		r := m.person()
		y := 2009 + m.r.IntN(16)
		r.Color, r.Warrants = Yellow, nil
		r.DateOfBirth = Str(fmt.Sprintf("%d/%02d/%02d", y, 1+m.r.IntN(12), 1+m.r.IntN(28)))
		if i%40 == 7 {
			r.DateOfBirth = Str((*r.DateOfBirth)[:7])
		}
		r.Height = Num(float64(60+m.r.IntN(110)) / 100)
		country := likelier(m.r, styles[m.style()].countries)
		r.Missing = &Missing{
			Country: country, Place: pick(m.r, places), Date: fmt.Sprintf("%d/%02d/%02d", y+1+m.r.IntN(2), 1+m.r.IntN(12), 1+m.r.IntN(28)),
			IssuingCountry: country, FatherName: deref(r.Name), MotherForename: "MIRELA", Visited: []string{"FR"},
		}
		rows[i] = r
	}
	return rows
}

// Fill gives rows what lists leave out and details have, sex and warrants
// first of all, seeded; what a row has already stays.
func Fill(seed uint64, rows []Row) []Row {
	out := make([]Row, len(rows))
	for i, r := range rows {
		// Seeded by the row itself, so that a row gets the same attributes in
		// whichever list it stands.
		m := newMaker(seed ^ hash(r.EntityID))
		r = r.clone()
		country := "FR"
		if len(r.Nationalities) > 0 {
			country = r.Nationalities[0]
		}
		m.attributes(&r, m.r.Float64() < 0.1, country, nil)
		out[i] = r
	}
	return out
}

func hash(s string) uint64 {
	h := uint64(14695981039346656037) // FNV-1a
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func (m *maker) chance(share float64) bool { return m.r.Float64() < share }

func (m *maker) style() int { return m.styles[m.r.IntN(len(m.styles))] }

// id is one that is not taken: its number is the seed's class modulo 97.
func (m *maker) id() string {
	for {
		year := 2026 - min(m.r.IntN(13), m.r.IntN(13))
		id := fmt.Sprintf("%d/%d", year, 97*(1+m.r.IntN(4000))+int(m.seed%97))
		if !m.ids[id] {
			m.ids[id] = true
			return id
		}
	}
}

func (m *maker) person() Row {
	s := &styles[m.style()]
	woman := m.chance(0.1)
	r := Row{Color: Red, EntityID: m.id()}
	name, given := s.family(m.r, woman), s.given(m.r, woman)
	if m.chance(oddSpelling) {
		switch m.r.IntN(4) {
		case 0:
			name = strings.Replace(name+" "+s.family(m.r, woman), " ", "  ", 1)
		case 1:
			given += " "
		case 2:
			given += ", " + s.given(m.r, woman)
		case 3:
			name += " (" + s.family(m.r, woman) + ")"
		}
	}
	r.Name, r.Forename = Str(name), Str(given)
	switch {
	case m.chance(nullName):
		r.Name = nil
	case m.chance(nullForename):
		r.Forename = nil
	case m.chance(dashForename):
		r.Forename = Str("-")
	}

	year := m.birthYear()
	switch {
	case m.chance(nullBirthDate):
	case m.chance(yearOnly):
		r.DateOfBirth = Str(strconv.Itoa(year))
	case m.chance(firstOfJanuary):
		r.DateOfBirth = Str(fmt.Sprintf("%d/01/01", year))
	default:
		r.DateOfBirth = Str(fmt.Sprintf("%d/%02d/%02d", year, 1+m.r.IntN(12), 1+m.r.IntN(28)))
	}

	country := likelier(m.r, s.countries)
	switch {
	case m.chance(nullNationalities):
	case m.chance(unknownCode):
		r.Nationalities = []string{"UNK"}
	case m.chance(moreNationalities):
		r.Nationalities = []string{country}
		if other := pick(m.r, styles[m.style()].countries); other != country {
			r.Nationalities = append(r.Nationalities, other)
		}
	default:
		r.Nationalities = []string{country}
	}
	if !m.chance(noPicture) {
		r.Photo = strconv.Itoa(62000000 + 2*m.r.IntN(400000))
	}
	m.attributes(&r, woman, country, s.languages)
	return r
}

// attributes fills in what only details say, where it is lacking.
func (m *maker) attributes(r *Row, woman bool, country string, languages []string) {
	if r.Sex == "" {
		r.Sex = "M"
		if woman {
			r.Sex = "F"
		}
		if m.chance(0.002) {
			r.Sex = "U"
		}
	}
	if r.BirthCountry == "" && !m.chance(0.04) {
		r.BirthCountry = country
	}
	if r.BirthPlace == "" && !m.chance(0.12) {
		r.BirthPlace = pick(m.r, places)
	}
	if r.Languages == nil && len(languages) > 0 && !m.chance(0.06) {
		r.Languages = []string{likelier(m.r, languages)}
	}
	// Unknown is written both as null and as 0.
	if r.Height == nil && !m.chance(0.2) {
		r.Height = Num(0)
		if m.chance(0.55) {
			r.Height = Num(float64(150+m.r.IntN(50)) / 100)
		}
	}
	if r.Weight == nil && !m.chance(0.23) {
		r.Weight = Num(0)
		if m.chance(0.3) {
			r.Weight = Num(float64(50 + m.r.IntN(60)))
		}
	}
	if r.Eyes == nil && m.chance(0.42) {
		r.Eyes = []string{pick(m.r, []string{"BRO", "BLU", "BROD", "OTHD", "GRE"})}
	}
	if r.Hair == nil && m.chance(0.47) {
		r.Hair = []string{pick(m.r, []string{"BLA", "BRO", "BROD", "GRY"})}
	}
	if r.Marks == "" && m.chance(0.03) {
		r.Marks = "Scar on the left hand; tattoo of a bell"
	}
	if r.color() == Red && r.Warrants == nil {
		r.Warrants = []Warrant{m.warrant(country)}
		if m.chance(twoWarrants) {
			r.Warrants = append(r.Warrants, m.warrant(r.Warrants[0].Country))
		}
	}
}

func (m *maker) warrant(country string) Warrant {
	w := Warrant{Country: country, Charge: pick(m.r, charges)}
	switch {
	case m.chance(0.02):
		w.Charge = longCharge
	case m.chance(0.02):
		w.Translation = "Membership in a criminal association"
	}
	if m.chance(0.25) {
		w.Country = likelier(m.r, styles[m.style()].countries)
	}
	return w
}

// Impersonate makes the notice another fictional person's under the same id:
// another name, birth date and sex.
func Impersonate(seed uint64, r Row) Row {
	m := newMaker(seed)
	other := m.person()
	for other.Name == nil || other.Forename == nil || other.DateOfBirth == nil ||
		deref(other.DateOfBirth) == deref(r.DateOfBirth) || deref(other.Name) == deref(r.Name) || other.Nationalities == nil {
		other = m.person()
	}
	other.Color, other.EntityID = r.Color, r.EntityID
	if other.Sex == r.Sex {
		other.Sex = map[bool]string{true: "M", false: "F"}[r.Sex == "F"]
	}
	if slices.Equal(other.Nationalities, r.Nationalities) {
		other.Nationalities = []string{"UNK"}
	}
	return other
}
