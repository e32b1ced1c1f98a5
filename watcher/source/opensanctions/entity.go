package opensanctions

import (
	"bytes"
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"tocsin"
	"tocsin/watcher/source"
)

var (
	errNotJSON   = errors.New("not JSON")
	errNotEntity = errors.New("no entity: an id and a schema are expected")
	errNotOp     = errors.New("no change: an op ADD, MOD or DEL and an entity are expected")
)

// values are a property's: a list of texts, or one. What is no text is left out.
type values []string

func (v *values) UnmarshalJSON(b []byte) error {
	*v = nil
	var plain []string
	if json.Unmarshal(b, &plain) == nil {
		*v = plain
		return nil
	}
	var mixed []any
	if json.Unmarshal(b, &mixed) != nil {
		mixed = make([]any, 1)
		if err := json.Unmarshal(b, &mixed[0]); err != nil {
			return err
		}
	}
	for _, x := range mixed {
		if s, ok := x.(string); ok {
			*v = append(*v, s)
		}
	}
	return nil
}

// entity is a thing of FollowTheMoney (followthemoney.tech/explorer, schema
// Person), with what OpenSanctions writes beside it.
type entity struct {
	ID         string   `json:"id"`
	Schema     string   `json:"schema"`
	Caption    string   `json:"caption"`
	Referents  []string `json:"referents"`
	Properties struct {
		Name         []string `json:"name"`
		Alias        []string `json:"alias"`
		PreviousName []string `json:"previousName"`
		WeakAlias    []string `json:"weakAlias"`
		FirstName    []string `json:"firstName"`
		SecondName   []string `json:"secondName"`
		MiddleName   []string `json:"middleName"`
		FatherName   []string `json:"fatherName"`
		LastName     []string `json:"lastName"`
		BirthDate    []string `json:"birthDate"`
		BirthPlace   []string `json:"birthPlace"`
		BirthCountry []string `json:"birthCountry"`
		Nationality  []string `json:"nationality"`
		Citizenship  []string `json:"citizenship"`
		Country      []string `json:"country"`
		Gender       []string `json:"gender"`
		SourceURL    []string `json:"sourceUrl"`
	} `json:"properties"`
}

// person is the schema whose entities are rows. No other is derived from it.
const person = "Person"

var personText = []byte(`"` + person + `"`)

// longestID bounds an entity's id (OpenSanctions' own are under 255) and
// longestValue a name: what is longer is none.
const (
	longestID    = 255
	longestValue = 1000
)

// parseEntity reads one line of entities. row is nil where it is no person's.
func parseEntity(line []byte, source string) (row *source.Row, err error) {
	if !bytes.Contains(line, personText) {
		// Most lines are not people's: addresses, sanctions, companies.
		if !json.Valid(line) {
			return nil, errNotJSON
		}
		if line = bytes.TrimSpace(line); line[0] != '{' {
			return nil, errNotEntity
		}
		return nil, nil
	}
	e, err := decode(line)
	if err != nil {
		return nil, err
	}
	return e.row(source)
}

// decode reads an entity. Where some property is no list of texts it is read
// once more, and what can be taken of it is.
func decode(line []byte) (e entity, err error) {
	err = json.Unmarshal(line, &e)
	var kind *json.UnmarshalTypeError
	if !errors.As(err, &kind) {
		if err != nil {
			err = errNotJSON
		}
		return e, err
	}
	var loose struct {
		ID         string            `json:"id"`
		Schema     string            `json:"schema"`
		Caption    string            `json:"caption"`
		Referents  values            `json:"referents"`
		Properties map[string]values `json:"properties"`
	}
	if json.Unmarshal(line, &loose) != nil {
		return entity{}, errNotEntity
	}
	lists, err := json.Marshal(loose.Properties)
	if err != nil {
		return entity{}, errNotEntity
	}
	e = entity{ID: loose.ID, Schema: loose.Schema, Caption: loose.Caption, Referents: loose.Referents}
	if json.Unmarshal(lists, &e.Properties) != nil {
		return entity{}, errNotEntity
	}
	return e, nil
}

// change is one line of a delta (opensanctions.org/faq/80).
type change struct {
	removed bool
	id      string
	row     *source.Row // nil where it is no person's, or removed
}

func parseChange(line []byte, source string) (change, error) {
	var j struct {
		Op     string          `json:"op"`
		Entity json.RawMessage `json:"entity"`
	}
	if err := json.Unmarshal(line, &j); err != nil {
		var kind *json.UnmarshalTypeError
		if errors.As(err, &kind) {
			return change{}, errNotOp
		}
		return change{}, errNotJSON
	}
	if j.Op != "ADD" && j.Op != "MOD" && j.Op != "DEL" || len(j.Entity) == 0 {
		return change{}, errNotOp
	}
	e, err := decode(j.Entity)
	switch {
	case err != nil:
		return change{}, err
	case !plainID(e.ID):
		return change{}, errNotEntity
	case j.Op == "DEL":
		return change{removed: true, id: e.ID}, nil
	}
	row, err := e.row(source)
	return change{id: e.ID, row: row}, err
}

func plainID(id string) bool {
	return id != "" && len(id) <= longestID && !strings.ContainsFunc(id, func(x rune) bool { return x <= ' ' || x > '~' })
}

// row is the entity as the watch knows it, nil if it is no person.
func (e *entity) row(id string) (*source.Row, error) {
	if !plainID(e.ID) || e.Schema == "" {
		return nil, errNotEntity
	}
	if e.Schema != person {
		return nil, nil
	}
	p := &e.Properties
	r := &source.Row{Notice: tocsin.Notice{Source: id, ID: e.ID, Detail: &tocsin.Detail{}}}
	for _, id := range e.Referents {
		if id != e.ID && plainID(id) && !slices.Contains(r.Referents, id) {
			r.Referents = append(r.Referents, id)
		}
	}
	n := &r.Notice
	r.SameAs, n.Color = e.copyOf()
	e.names(n)
	var dates []tocsin.Date
	for _, s := range p.BirthDate {
		s, _, _ = strings.Cut(s, "T")
		if d, err := tocsin.ParseDate(s); err == nil && !d.IsZero() {
			dates = append(dates, d)
		}
	}
	n.BirthDate = tocsin.AgreedDate(dates)
	n.Nationalities = countries(append(slices.Clone(p.Nationality), p.Citizenship...))
	if len(n.Nationalities) == 0 {
		n.Nationalities = countries(p.Country)
	}
	n.Detail.Sex = sex(p.Gender)
	n.Detail.BirthPlace = strings.Join(plain(p.BirthPlace), "; ")
	n.Detail.BirthCountry = strings.Join(countries(p.BirthCountry), "; ")
	if weak := plain(p.WeakAlias); len(weak) > 0 {
		n.Detail.Other = map[string]string{"weak_alias": strings.Join(weak[:min(len(weak), namesMost)], "; ")}
	}
	n.URL = e.page(r.SameAs)
	return r, nil
}

// page is where people read of the entity: its source's, or OpenSanctions' own
// (its documented form). Addresses of a service that answers in JSON are none.
func (e *entity) page(copied string) string {
	if copied == "" {
		for _, u := range plain(e.Properties.SourceURL) {
			if strings.HasPrefix(u, "https://") && len(u) <= 500 {
				return u
			}
		}
	}
	return "https://www.opensanctions.org/entities/" + e.ID + "/"
}

// How an entity that copies a notice of INTERPOL names it. From OpenSanctions'
// crawler (datasets/_global/interpol: interpol_api.py, interpol_red_notices.yml,
// interpol_yellow_notices.yml): sourceUrl is the notice's document at the
// service, and the id is the data set's prefix, "interpol-red" or
// "interpol-yellow", and the notice's id with "-" for "/". Once merged with
// others, the entity has another id, and the former among its referents. Notes
// hold distinguishing marks, no id.
var (
	copiedURL = regexp.MustCompile(`^https?://ws-public\.interpol\.int/notices/v1/(red|yellow)/(\d{4})-(\d+)/?$`)
	copiedID  = regexp.MustCompile(`^interpol-(red|yellow)-(\d{4})-(\d+)$`)
)

// copyOf is the notice of which the entity is a copy, "" if of none, with its
// colour. Of several, the least: the same whenever it is read.
func (e *entity) copyOf() (id, color string) {
	take := func(form *regexp.Regexp, text string) {
		if m := form.FindStringSubmatch(text); m != nil {
			if found := m[2] + "/" + m[3]; id == "" || found < id {
				id, color = found, m[1]
			}
		}
	}
	for _, u := range e.Properties.SourceURL {
		take(copiedURL, u)
	}
	take(copiedID, e.ID)
	for _, r := range e.Referents {
		take(copiedID, r)
	}
	return id, color
}

// plain are values without their odd white space, without repetitions and
// without what is too long, in an order that does not depend on the file's: sets have none.
func plain(v []string) []string {
	var out []string
	for _, s := range v {
		if s = squeeze(s); s != "" && len(s) <= longestValue {
			out = append(out, s)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func squeeze(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(x rune) bool { return unicode.IsSpace(x) || unicode.IsControl(x) }), " ")
}

// countries are the codes of countries that there are: FollowTheMoney's are ISO
// 3166 in small letters, with some of states that are no longer (suhh, yucs)
// and of parts ("ge-ab"), which count as the whole.
func countries(v []string) []string {
	var out []string
	for _, s := range v {
		code, _, _ := strings.Cut(strings.ToUpper(strings.TrimSpace(s)), "-")
		if tocsin.CountryName(code) != "" {
			out = append(out, code)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// sex is M, F or U; "" where nothing is said, or different things.
func sex(v []string) string {
	said := ""
	for _, s := range v {
		is := map[string]string{"male": "M", "female": "F", "other": "U"}[s]
		if is == "" || said != "" && said != is {
			return ""
		}
		said = is
	}
	return said
}
