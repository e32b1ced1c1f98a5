package watchlist

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"

	"tocsin"
)

// ftmEntity is an entity of FollowTheMoney (followthemoney.tech, schema Person),
// as OpenSanctions and Aleph export them. Its id is not kept: it is looked up in
// public data, and so is a name to whoever reads the ledger.
type ftmEntity struct {
	Schema     string                     `json:"schema"`
	Caption    string                     `json:"caption"`
	Properties map[string]json.RawMessage `json:"properties"`
}

// isFtM reports whether text is FollowTheMoney JSON: its first object has a schema
// and properties.
func isFtM(text string) bool {
	text = strings.TrimLeft(text, " \t\r\n")
	inner := strings.TrimLeft(strings.TrimPrefix(text, "["), " \t\r\n")
	if !strings.HasPrefix(inner, "{") {
		return false
	}
	var e ftmEntity
	return json.NewDecoder(strings.NewReader(inner)).Decode(&e) == nil && e.Schema != "" && e.Properties != nil
}

// ftm reads an array of entities, or one a line.
func (r *reader) ftm(text string) {
	r.imports.headed = true
	if first, _ := firstLine(strings.TrimLeft(text, " \t\r\n")); json.Valid([]byte(first)) && !strings.HasPrefix(first, "[") {
		line := 0
		for s := range strings.SplitSeq(text, "\n") {
			line++
			if s = strings.TrimSpace(s); s == "" {
				continue
			}
			r.row(line, func() {
				var e ftmEntity
				if err := json.Unmarshal([]byte(s), &e); err != nil {
					r.entries++
					r.wrong(place{line: line}, "not JSON: an entity stands on one line")
					return
				}
				r.ftmPerson(e, place{line: line})
			})
		}
		return
	}
	d := json.NewDecoder(strings.NewReader(text))
	if strings.HasPrefix(strings.TrimLeft(text, " \t\r\n"), "[") {
		if _, err := d.Token(); err != nil {
			return // isFtM has seen the bracket
		}
	}
	line, counted := 1, 0
	for d.More() {
		// The decoder stands behind the entity before; blanks and a comma follow.
		at := int(d.InputOffset())
		at += len(text[at:]) - len(strings.TrimLeft(text[at:], " \t\r\n,"))
		line += lineBreaks(text[counted:at])
		counted = at
		var e ftmEntity
		err := d.Decode(&e)
		var kind *json.UnmarshalTypeError
		if err != nil && !errors.As(err, &kind) {
			if !errors.Is(err, io.EOF) {
				r.entries++
				r.refuse(line, "not JSON from here on: what follows was not read")
			}
			return
		}
		r.row(line, func() {
			if err != nil {
				r.entries++
				r.wrong(place{line: line}, "no entity: an object with schema and properties is expected")
				return
			}
			r.ftmPerson(e, place{line: line})
		})
	}
}

func (r *reader) ftmPerson(e ftmEntity, at place) {
	if e.Schema != "Person" {
		r.entries++
		if knownSchema(e.Schema) {
			r.wrong(at, "a "+e.Schema+", not a Person")
		} else {
			r.wrong(at, "not of schema Person")
		}
		return
	}
	get := func(names ...string) (out []string) {
		for _, n := range names {
			for _, v := range ftmValues(e.Properties[n]) {
				if v = squeeze(strings.ReplaceAll(v, ";", " ")); v != "" && !slices.Contains(out, v) {
					out = append(out, v)
				}
			}
		}
		return out
	}
	var x entry
	x.place = at
	names := get("name")
	if len(names) == 0 {
		given, family := get("firstName", "givenName"), get("lastName")
		if len(given) > 0 && len(family) > 0 {
			names = []string{given[0] + " " + family[0]}
		} else if e.Caption != "" {
			names = []string{squeeze(strings.ReplaceAll(e.Caption, ";", " "))}
		}
	}
	for _, n := range get("alias", "weakAlias", "previousName") {
		if !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	if len(names) > 0 {
		x.values[colName].text = names[0]
		x.values[colAliases].text = strings.Join(names[1:], ";")
	}
	x.values[colBirthDate].text = r.ftmBirth(get("birthDate"), at)
	var countries []string
	for _, c := range get("nationality", "citizenship") {
		if tocsin.CountryName(strings.ToUpper(c)) == "" && formerCountry(c) {
			r.warn(at, "nationality: a country that is no longer: left out")
			continue
		}
		countries = append(countries, c)
	}
	x.values[colNationalities].text = strings.Join(countries, ";")
	if sex := get("gender"); len(sex) == 1 {
		x.values[colSex].text = sex[0]
	}
	for c := range columns {
		x.values[c].place = at
	}
	r.take(&x)
}

// ftmBirth is the one date that all agree with; where they do not, what they agree in.
func (r *reader) ftmBirth(texts []string, at place) string {
	var dates []tocsin.Date
	for _, s := range texts {
		s, _, _ = strings.Cut(s, "T")
		d, err := tocsin.ParseDate(s)
		if err != nil {
			return s // the reader says what is wrong with it
		}
		dates = append(dates, d)
	}
	agreed := tocsin.AgreedDate(dates)
	for _, d := range dates {
		switch {
		case agreed.Within(d):
		case agreed.IsZero():
			r.warn(at, "birth years that differ: none is taken")
			return ""
		default:
			r.warn(at, "birth dates that differ: only the year is taken")
			return agreed.String()
		}
	}
	return agreed.String()
}

// ftmValues reads a property: a list of texts, or one. What is no text, such as a
// nested entity, is left out.
func ftmValues(raw json.RawMessage) []string {
	if len(raw) == 0 {
		return nil
	}
	if raw = bytes.TrimSpace(raw); raw[0] != '[' {
		raw = append(append(json.RawMessage("["), raw...), ']')
	}
	var items []json.RawMessage
	if json.Unmarshal(raw, &items) != nil {
		return nil
	}
	var out []string
	for _, i := range items {
		var s string
		if json.Unmarshal(i, &s) == nil {
			out = append(out, s)
		}
	}
	return out
}

// knownSchema tells names of schemata, which may be quoted, from whatever else may
// stand there.
func knownSchema(s string) bool {
	return slices.Contains(strings.Fields(`Address Airplane Asset Associate BankAccount Company CryptoWallet Debt Directorship Document Email Employment Event Family Folder Identification
		LegalEntity Membership Mention Message Note Occupancy Organization Ownership Package Passport Payment Position PublicBody RealEstate Representation Sanction Security Succession Thing UnknownLink Vehicle Vessel`), s)
}

// formerCountry knows FollowTheMoney's codes of states that are no longer.
func formerCountry(s string) bool {
	return slices.Contains(strings.Fields("suhh dd cshh cshh yucs csxx zz eu"), strings.ToLower(s))
}
