package interpol

import (
	"net/url"
	"strconv"
)

// Cell is one query: the rows that satisfy all of its filters. The zero Cell is
// the whole list.
type Cell struct {
	Name        string `json:"name,omitempty"`     // a pattern
	Forename    string `json:"forename,omitempty"` // a pattern
	Nationality string `json:"nationality,omitempty"`
	Sex         string `json:"sex,omitempty"`
	Warrant     string `json:"warrant,omitempty"` // the issuing country's code
	// Ages says that AgeMin and AgeMax are asked, both inclusive.
	Ages   bool `json:"ages,omitempty"`
	AgeMin int  `json:"age_min,omitempty"`
	AgeMax int  `json:"age_max,omitempty"`
}

type filter struct{ key, value string }

// filters are what the cell asks, in the order in which the service gives them.
func (c Cell) filters() []filter {
	var fs []filter
	add := func(key, value string) {
		if value != "" {
			fs = append(fs, filter{key, value})
		}
	}
	add("name", c.Name)
	add("forename", c.Forename)
	add("nationality", c.Nationality)
	if c.Ages {
		add("ageMin", strconv.Itoa(c.AgeMin))
		add("ageMax", strconv.Itoa(c.AgeMax))
	}
	add("sexId", c.Sex)
	add("arrestWarrantCountryId", c.Warrant)
	return fs
}

// query is the cell as a request has it, and its name among saved leaves.
func (c Cell) query() string {
	q := "page=1&resultPerPage=" + strconv.Itoa(reach)
	for _, f := range c.filters() {
		q += "&" + f.key + "=" + url.QueryEscape(f.value)
	}
	return q
}

// echoedBy reports whether an answer says that it is to this query and to no
// other. Fields that are no filters of ours are the service's own affair.
func (c Cell) echoedBy(echo map[string]loose) bool {
	want := map[string]string{"page": "1", "resultPerPage": strconv.Itoa(reach)}
	for _, f := range c.filters() {
		want[f.key] = f.value
	}
	for key, value := range want {
		got, ok := echo[key]
		if !ok || got.text != value {
			return false
		}
	}
	for _, key := range []string{"name", "forename", "nationality", "ageMin", "ageMax", "sexId", "arrestWarrantCountryId", "freeText"} {
		if got, ok := echo[key]; ok && want[key] == "" && !got.null && got.text != "" {
			return false
		}
	}
	return true
}
