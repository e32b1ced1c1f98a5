package sim

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
)

// Colours of notices, as the service's paths write them.
const (
	Red    = "red"
	Yellow = "yellow"
	UN     = "un"
)

// Row is one notice as the service holds it: what its list says and what only
// its detail says. A nil pointer or slice is served as null.
type Row struct {
	Color         string // Red, Yellow or UN; "" is Red
	EntityID      string // "2026/48213"
	Name          *string
	Forename      *string
	DateOfBirth   *string // YYYY/MM/DD, YYYY/MM or YYYY
	Nationalities []string
	Photo         string   // id of the thumbnail; "" serves no thumbnail key and no picture
	Pictures      []string // ids of the pictures; nil with a Photo is one picture, numbered one below it as the service does

	Sex          string // M, F, U; "" is null
	BirthCountry string
	BirthPlace   string
	Languages    []string
	Height       *float64 // metres; 0 and nil are both "unknown"
	Weight       *float64 // kilograms; 0 and nil are both "unknown"
	Eyes         []string
	Hair         []string
	Marks        string
	Warrants     []Warrant
	Linked       []Link
	Missing      *Missing // what a yellow notice adds; nil serves its fields as null
	Entity       bool     // of UN: an entity, not a person

	// Unfiltered makes the row one that no filter reaches: counted by the
	// unfiltered list, found by its id, matched by no filter at all.
	Unfiltered bool
}

// Warrant is one arrest warrant of a red notice.
type Warrant struct {
	Country     string // issuing_country_id
	Charge      string
	Translation string // "" is null, as it nearly always is
}

// Link is a linked notice, as `_embedded.links` of a detail gives it.
type Link struct {
	Color    string
	EntityID string
	Name     string
	Forename string
	Photo    string
}

// Missing is what the detail of a yellow notice says beyond a red one's. Empty
// fields are null.
type Missing struct {
	Country        string // where the person went missing
	Place          string
	Date           string // date_of_event
	IssuingCountry string
	BirthName      string
	FatherName     string
	FatherForename string
	MotherName     string
	MotherForename string
	Visited        []string // countries_likely_to_be_visited
}

// Str is a pointer to s, for the fields of a Row that can be null.
func Str(s string) *string { return &s }

// Num is a pointer to f, for the fields of a Row that can be null.
func Num(f float64) *float64 { return &f }

func (r Row) color() string {
	if r.Color == "" {
		return Red
	}
	return r.Color
}

// key tells rows apart: the service numbers red and yellow notices apart.
func (r Row) key() string { return r.color() + "/" + r.EntityID }

// path is the row's own path below the service's root.
func (r Row) path() string {
	id := strings.ReplaceAll(r.EntityID, "/", "-")
	if r.color() != UN {
		return r.color() + "/" + id
	}
	if r.Entity {
		return "un/entities/" + id
	}
	return "un/persons/" + id
}

func (r Row) clone() Row {
	str := func(p *string) *string {
		if p == nil {
			return nil
		}
		return Str(*p)
	}
	num := func(p *float64) *float64 {
		if p == nil {
			return nil
		}
		return Num(*p)
	}
	r.Name, r.Forename, r.DateOfBirth = str(r.Name), str(r.Forename), str(r.DateOfBirth)
	r.Height, r.Weight = num(r.Height), num(r.Weight)
	r.Nationalities = slices.Clone(r.Nationalities)
	r.Pictures = slices.Clone(r.Pictures)
	r.Languages = slices.Clone(r.Languages)
	r.Eyes, r.Hair = slices.Clone(r.Eyes), slices.Clone(r.Hair)
	r.Warrants, r.Linked = slices.Clone(r.Warrants), slices.Clone(r.Linked)
	if r.Missing != nil {
		m := *r.Missing
		m.Visited = slices.Clone(m.Visited)
		r.Missing = &m
	}
	return r
}

// pictures are the ids that the images listing names, beside the thumbnail's.
func (r Row) pictures() []string {
	if r.Photo == "" || r.Pictures != nil {
		return r.Pictures
	}
	if n, err := strconv.Atoi(r.Photo); err == nil && n > 0 {
		return []string{strconv.Itoa(n - 1)}
	}
	return []string{r.Photo + "-1"}
}

// field is one key of a served object and its encoded value.
type field struct {
	key   string
	value []byte
}

func encode(v any) []byte {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return []byte("null")
	}
	return []byte(strings.TrimSuffix(b.String(), "\n"))
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// listFields are the fields of the row in a list, without its links.
func (r Row) listFields() []field {
	return []field{
		{"date_of_birth", encode(r.DateOfBirth)},
		{"nationalities", encode(r.Nationalities)},
		{"entity_id", encode(r.EntityID)},
		{"forename", encode(r.Forename)},
		{"name", encode(r.Name)},
	}
}

func (r Row) detailFields() []field {
	fs := r.listFields()
	add := func(key string, v any) { fs = append(fs, field{key, encode(v)}) }
	add("sex_id", orNull(r.Sex))
	add("country_of_birth_id", orNull(r.BirthCountry))
	add("place_of_birth", orNull(r.BirthPlace))
	add("languages_spoken_ids", r.Languages)
	add("height", r.Height)
	add("weight", r.Weight)
	add("eyes_colors_id", r.Eyes)
	add("hairs_id", r.Hair)
	add("distinguishing_marks", orNull(r.Marks))
	if r.color() == Yellow {
		m := r.Missing
		if m == nil {
			m = &Missing{}
		}
		add("country", orNull(m.Country))
		add("place", orNull(m.Place))
		add("date_of_event", orNull(m.Date))
		add("issuing_country", orNull(m.IssuingCountry))
		add("birth_name", orNull(m.BirthName))
		add("father_name", orNull(m.FatherName))
		add("father_forename", orNull(m.FatherForename))
		add("mother_name", orNull(m.MotherName))
		add("mother_forename", orNull(m.MotherForename))
		add("countries_likely_to_be_visited", m.Visited)
		return fs
	}
	var ws []json.RawMessage
	for _, w := range r.Warrants {
		ws = append(ws, appendObject(nil, []field{
			{"issuing_country_id", encode(orNull(w.Country))},
			{"charge", encode(w.Charge)},
			{"charge_translation", encode(orNull(w.Translation))},
		}, 0))
	}
	add("arrest_warrants", ws)
	return fs
}

// appendObject writes fields as an object, beginning with the turn-th: the
// service's key order is not constant, so nobody may rely on it.
func appendObject(b []byte, fs []field, turn int) []byte {
	b = append(b, '{')
	for i := range fs {
		f := fs[(i+turn)%len(fs)]
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendQuote(b, f.key)
		b = append(b, ':')
		b = append(b, f.value...)
	}
	return append(b, '}')
}

func href(b []byte, key, link string) []byte {
	b = strconv.AppendQuote(b, key)
	b = append(b, `:{"href":`...)
	b = append(b, encode(link)...)
	return append(b, '}')
}

func (r Row) appendLinks(b []byte, base string) []byte {
	self := base + "/" + r.path()
	b = append(b, `"_links":{`...)
	b = href(b, "self", self)
	b = append(b, ',')
	b = href(b, "images", self+"/images")
	if r.Photo != "" {
		b = append(b, ',')
		b = href(b, "thumbnail", self+"/images/"+r.Photo)
	}
	return append(b, '}')
}

func (r Row) turn() int {
	h := fnv.New32a()
	h.Write([]byte(r.EntityID))
	return int(h.Sum32() % 5)
}

// appendList writes the row as a list has it. base is the service's root, as
// in "https://ws-public.interpol.int/notices/v1".
func (r Row) appendList(b []byte, base string) []byte {
	b = appendObject(b, r.listFields(), r.turn())
	b[len(b)-1] = ','
	b = r.appendLinks(b, base)
	return append(b, '}')
}

func (r Row) appendDetail(b []byte, base string) []byte {
	b = appendObject(b, r.detailFields(), r.turn())
	b[len(b)-1] = ','
	b = append(b, `"_embedded":{"links":[`...)
	for i, l := range r.Linked {
		if i > 0 {
			b = append(b, ',')
		}
		b = l.append(b, base)
	}
	b = append(b, "]},"...)
	b = r.appendLinks(b, base)
	return append(b, '}')
}

func (l Link) append(b []byte, base string) []byte {
	b = appendObject(b, []field{
		{"forename", encode(orNull(l.Forename))},
		{"color", encode(strings.ToUpper(l.Color))},
		{"name", encode(orNull(l.Name))},
		{"entity_id", encode(l.EntityID)},
	}, 0)
	b[len(b)-1] = ','
	self := base + "/" + Row{Color: strings.ToLower(l.Color), EntityID: l.EntityID}.path()
	b = append(b, `"_links":{`...)
	b = href(b, "self", self)
	if l.Photo != "" {
		b = append(b, ',')
		b = href(b, "thumbnail", self+"/images/"+l.Photo)
	}
	return append(b, "}}"...)
}

// PublicBase is the real service's root, as its answers write it.
const PublicBase = "https://ws-public.interpol.int/notices/v1"

// MarshalJSON writes the row as its detail document, the links being the real
// service's. UnmarshalJSON reads it back.
func (r Row) MarshalJSON() ([]byte, error) { return r.appendDetail(nil, PublicBase), nil }

type rowJSON struct {
	EntityID      string   `json:"entity_id"`
	Name          *string  `json:"name"`
	Forename      *string  `json:"forename"`
	DateOfBirth   *string  `json:"date_of_birth"`
	Nationalities []string `json:"nationalities"`
	Sex           string   `json:"sex_id"`
	BirthCountry  string   `json:"country_of_birth_id"`
	BirthPlace    string   `json:"place_of_birth"`
	Languages     []string `json:"languages_spoken_ids"`
	Height        *float64 `json:"height"`
	Weight        *float64 `json:"weight"`
	Eyes          []string `json:"eyes_colors_id"`
	Hair          []string `json:"hairs_id"`
	Marks         string   `json:"distinguishing_marks"`
	Warrants      []struct {
		Country     string `json:"issuing_country_id"`
		Charge      string `json:"charge"`
		Translation string `json:"charge_translation"`
	} `json:"arrest_warrants"`
	Country        string   `json:"country"`
	Place          string   `json:"place"`
	Date           string   `json:"date_of_event"`
	IssuingCountry string   `json:"issuing_country"`
	BirthName      string   `json:"birth_name"`
	FatherName     string   `json:"father_name"`
	FatherForename string   `json:"father_forename"`
	MotherName     string   `json:"mother_name"`
	MotherForename string   `json:"mother_forename"`
	Visited        []string `json:"countries_likely_to_be_visited"`
	Embedded       struct {
		Links []struct {
			Forename string    `json:"forename"`
			Color    string    `json:"color"`
			Name     string    `json:"name"`
			EntityID string    `json:"entity_id"`
			Links    linksJSON `json:"_links"`
		} `json:"links"`
	} `json:"_embedded"`
	Links linksJSON `json:"_links"`
}

type linksJSON struct {
	Self      struct{ Href string } `json:"self"`
	Thumbnail struct{ Href string } `json:"thumbnail"`
}

func (l linksJSON) photo() string {
	_, id, _ := strings.Cut(l.Thumbnail.Href, "/images/")
	return id
}

// UnmarshalJSON reads a row of a list or a whole detail document; the colour
// is the one in its links, red if there are none.
func (r *Row) UnmarshalJSON(data []byte) error {
	var j rowJSON
	if err := json.Unmarshal(data, &j); err != nil {
		return err
	}
	if j.EntityID == "" {
		return fmt.Errorf("a row without entity_id")
	}
	*r = Row{
		EntityID: j.EntityID, Name: j.Name, Forename: j.Forename, DateOfBirth: j.DateOfBirth,
		Nationalities: j.Nationalities, Photo: j.Links.photo(), Sex: j.Sex, BirthCountry: j.BirthCountry,
		BirthPlace: j.BirthPlace, Languages: j.Languages, Height: j.Height, Weight: j.Weight,
		Eyes: j.Eyes, Hair: j.Hair, Marks: j.Marks, Color: Red,
	}
	switch self := j.Links.Self.Href; {
	case strings.Contains(self, "/yellow/"):
		r.Color = Yellow
	case strings.Contains(self, "/un/"):
		r.Color, r.Entity = UN, strings.Contains(self, "/un/entities/")
	}
	for _, w := range j.Warrants {
		r.Warrants = append(r.Warrants, Warrant{w.Country, w.Charge, w.Translation})
	}
	for _, l := range j.Embedded.Links {
		r.Linked = append(r.Linked, Link{strings.ToLower(l.Color), l.EntityID, l.Name, l.Forename, l.Links.photo()})
	}
	m := Missing{j.Country, j.Place, j.Date, j.IssuingCountry, j.BirthName, j.FatherName, j.FatherForename,
		j.MotherName, j.MotherForename, j.Visited}
	if r.Color == Yellow && j.Country+j.Place+j.Date+j.IssuingCountry != "" {
		r.Missing = &m
	}
	return nil
}
