package interpol

import (
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"strings"

	"tocsin"
)

// Errors of answers that are not what was asked for. They quote nothing.
var (
	errNotList   = errors.New("not a page of notices")
	errNoID      = errors.New("a row without an id")
	errTooMany   = errors.New("more rows than a page can have")
	errNotNotice = errors.New("not a notice's document")
)

// list is one page as served.
type list struct {
	total int
	query map[string]loose
	rows  []row
}

// row is one notice as served. Null and missing fields are empty.
type row struct {
	id             string
	name, forename string
	born           tocsin.Date
	nationalities  []string
	photo          string
	entity         bool // of the UN list: no person
	detail         *tocsin.Detail
}

// loose is a scalar that may come as a string, a number, a truth value or null.
type loose struct {
	text string
	null bool
}

func (l *loose) UnmarshalJSON(b []byte) error {
	*l = loose{}
	switch {
	case string(b) == "null":
		l.null = true
	case len(b) > 0 && b[0] == '"':
		return json.Unmarshal(b, &l.text)
	case len(b) > 0 && (b[0] == '{' || b[0] == '['):
		l.null = true // not a scalar: as good as nothing
	default:
		l.text = string(b)
	}
	return nil
}

func (l loose) number() float64 {
	f, err := strconv.ParseFloat(strings.TrimSpace(l.text), 64)
	if err != nil || f < 0 || math.IsInf(f, 0) || math.IsNaN(f) {
		return 0
	}
	return f
}

// looseList is a list of scalars, or one alone.
type looseList []string

func (l *looseList) UnmarshalJSON(b []byte) error {
	*l = nil
	var many []loose
	if json.Unmarshal(b, &many) != nil {
		var one loose
		if err := one.UnmarshalJSON(b); err != nil {
			return err
		}
		many = []loose{one}
	}
	for _, v := range many {
		if t := strings.TrimSpace(v.text); t != "" {
			*l = append(*l, t)
		}
	}
	return nil
}

type link struct {
	Href loose `json:"href"`
}

type links struct {
	Self      link `json:"self"`
	Thumbnail link `json:"thumbnail"`
}

// UnmarshalJSON takes links of any other shape for none.
func (l *links) UnmarshalJSON(b []byte) error {
	var raw struct {
		Self      json.RawMessage `json:"self"`
		Thumbnail json.RawMessage `json:"thumbnail"`
	}
	*l = links{}
	if json.Unmarshal(b, &raw) != nil {
		return nil
	}
	// Each is left empty where it is no link.
	if raw.Self != nil {
		_ = json.Unmarshal(raw.Self, &l.Self)
	}
	if raw.Thumbnail != nil {
		_ = json.Unmarshal(raw.Thumbnail, &l.Thumbnail)
	}
	return nil
}

// entity reports whether the link to a notice's own document is an
// organisation's: the UN list has both kinds, and tells them apart by it alone.
func (l links) entity() bool { return strings.Contains(l.Self.Href.text, "/un/entities/") }

// photo is the picture's id in the thumbnail's address. The address itself is
// never followed.
func (l links) photo() string {
	_, id, ok := strings.Cut(l.Thumbnail.Href.text, "/images/")
	if !ok || !word(id) {
		return ""
	}
	return id
}

type rowJSON struct {
	ID            loose     `json:"entity_id"`
	Name          loose     `json:"name"`
	Forename      loose     `json:"forename"`
	Born          loose     `json:"date_of_birth"`
	Nationalities looseList `json:"nationalities"`
	Links         links     `json:"_links"`
}

func (j rowJSON) row() row {
	return row{
		id: j.ID.text, name: j.Name.text, forename: j.Forename.text,
		born: date(j.Born.text), nationalities: j.Nationalities, photo: j.Links.photo(), entity: j.Links.entity(),
	}
}

// date reads what the service writes: YYYY/MM/DD, YYYY/MM or YYYY. Of a date
// that no calendar has as much is kept as can be.
func date(s string) tocsin.Date {
	s = strings.TrimSpace(s)
	for s != "" {
		if d, err := tocsin.ParseDate(s); err == nil {
			return d
		}
		cut := strings.LastIndexAny(s, "/-")
		if cut < 0 {
			break
		}
		s = s[:cut]
	}
	return tocsin.Date{}
}

// parseList reads one page. Rows are kept as served, an id that stands there
// twice included.
func parseList(b []byte) (list, error) {
	var j struct {
		Total    *loose           `json:"total"`
		Query    map[string]loose `json:"query"`
		Embedded *struct {
			Notices []rowJSON `json:"notices"`
		} `json:"_embedded"`
	}
	if err := json.Unmarshal(b, &j); err != nil || j.Total == nil || j.Embedded == nil || j.Query == nil {
		return list{}, errNotList
	}
	total, err := strconv.Atoi(j.Total.text)
	if err != nil || total < 0 {
		return list{}, errNotList
	}
	if len(j.Embedded.Notices) > reach {
		return list{}, errTooMany
	}
	l := list{total: total, query: j.Query, rows: make([]row, 0, len(j.Embedded.Notices))}
	for _, r := range j.Embedded.Notices {
		if _, ok := dashed(r.ID.text); !ok {
			return list{}, errNoID
		}
		l.rows = append(l.rows, r.row())
	}
	return l, nil
}

type detailJSON struct {
	rowJSON
	Sex          loose     `json:"sex_id"`
	BirthPlace   loose     `json:"place_of_birth"`
	BirthCountry loose     `json:"country_of_birth_id"`
	Languages    looseList `json:"languages_spoken_ids"`
	Height       loose     `json:"height"`
	Weight       loose     `json:"weight"`
	Eyes         looseList `json:"eyes_colors_id"`
	Hair         looseList `json:"hairs_id"`
	Marks        loose     `json:"distinguishing_marks"`
	Warrants     []struct {
		Country     loose `json:"issuing_country_id"`
		Charge      loose `json:"charge"`
		Translation loose `json:"charge_translation"`
	} `json:"arrest_warrants"`
}

// known are the fields of a document that have a place of their own.
var known = map[string]bool{
	"entity_id": true, "name": true, "forename": true, "date_of_birth": true, "nationalities": true, "_links": true, "_embedded": true,
	"sex_id": true, "place_of_birth": true, "country_of_birth_id": true, "languages_spoken_ids": true, "height": true, "weight": true,
	"eyes_colors_id": true, "hairs_id": true, "distinguishing_marks": true, "arrest_warrants": true,
}

// parseDetail reads a notice's own document.
func parseDetail(b []byte) (row, error) {
	var fields map[string]json.RawMessage
	var j detailJSON
	if json.Unmarshal(b, &fields) != nil || fields == nil {
		return row{}, errNotNotice
	}
	if err := json.Unmarshal(b, &j); err != nil {
		return row{}, errNotNotice
	}
	if _, ok := dashed(j.ID.text); !ok {
		return row{}, errNoID
	}
	r := j.row()
	r.detail = &tocsin.Detail{
		Sex: j.Sex.text, BirthPlace: j.BirthPlace.text, BirthCountry: j.BirthCountry.text, Languages: j.Languages,
		Height: j.Height.number(), Weight: j.Weight.number(), Eyes: j.Eyes, Hair: j.Hair, Marks: j.Marks.text,
	}
	for _, w := range j.Warrants {
		r.detail.Charges = append(r.detail.Charges, tocsin.Charge{Country: w.Country.text, Text: w.Charge.text, Translation: w.Translation.text})
	}
	r.detail.Linked = linkedIDs(fields["_embedded"])
	for key, value := range fields {
		if known[key] {
			continue
		}
		var many looseList
		if many.UnmarshalJSON(value) == nil && len(many) > 0 {
			if r.detail.Other == nil {
				r.detail.Other = map[string]string{}
			}
			r.detail.Other[key] = strings.Join(many, ", ")
		}
	}
	return r, nil
}

func linkedIDs(embedded json.RawMessage) []string {
	var e struct {
		Links []struct {
			ID loose `json:"entity_id"`
		} `json:"links"`
	}
	if embedded == nil || json.Unmarshal(embedded, &e) != nil {
		return nil
	}
	var ids []string
	for _, l := range e.Links {
		if l.ID.text != "" {
			ids = append(ids, l.ID.text)
		}
	}
	return ids
}
