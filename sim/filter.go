package sim

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// query is what the service understood of a list request.
type query struct {
	color         string
	page, perPage int
	echo          []field // filters in the service's own order, numbers as numbers
	link          string  // the same for links, each followed by "&"
	filtered      bool
	freeText      bool

	name, forename *regexp.Regexp
	nothing        bool // a pattern that matches nothing
	broken         bool // a pattern that does not compile
	nationality    string
	warrantCountry string
	sex            string
	ageMin, ageMax int
	byMin, byMax   bool
	today          time.Time
}

// pageMax is the most rows of any query that can be reached, and the most that
// one page holds.
const pageMax = 160

// filterNames are the filters in the order in which echo and links give them;
// the places of forename, sexId and freeText are a guess.
var filterNames = []string{"name", "forename", "nationality", "ageMin", "ageMax", "sexId", "arrestWarrantCountryId", "freeText"}

func parseQuery(color, raw string, patterns Patterns, now time.Time) *query {
	values, _ := url.ParseQuery(raw) // what can be read of it is what a lenient service reads
	q := &query{color: color, page: 1, perPage: 20, today: now.UTC()}
	if v, err := strconv.Atoi(values.Get("page")); err == nil && v > 0 {
		q.page = v
	}
	if v, err := strconv.Atoi(values.Get("resultPerPage")); err == nil && v > 0 {
		q.perPage = min(v, pageMax)
	}
	for _, key := range filterNames {
		if v := values.Get(key); v != "" {
			q.take(key, v, patterns)
		}
	}
	// Echoing parameters that the service does not know is a guess.
	unknown := make([]string, 0, len(values))
	for key := range values {
		if key != "page" && key != "resultPerPage" && !slices.Contains(filterNames, key) {
			unknown = append(unknown, key)
		}
	}
	slices.Sort(unknown)
	for _, key := range unknown {
		q.say(key, values.Get(key), true)
	}
	return q
}

// another is a query that q is not: the first page without any filter, of
// another size.
func (q *query) another() *query {
	size := "20"
	if q.perPage == 20 {
		size = "40"
	}
	return parseQuery(q.color, "page=1&resultPerPage="+size, PatternsFull, q.today)
}

func (q *query) say(key, value string, number bool) {
	encoded := encode(value)
	if n, err := strconv.Atoi(value); number && err == nil {
		encoded = encode(n)
	}
	q.echo = append(q.echo, field{key, encoded})
	q.link += url.QueryEscape(key) + "=" + url.QueryEscape(value) + "&"
}

func (q *query) take(key, v string, patterns Patterns) {
	number := key == "ageMin" || key == "ageMax"
	q.say(key, v, number)
	if q.color == UN && key != "name" {
		return // only name is reported to be honoured there
	}
	if q.color != Red && key == "arrestWarrantCountryId" {
		return
	}
	switch key {
	case "name":
		q.name = q.pattern(v, patterns)
	case "forename":
		q.forename = q.pattern(v, patterns)
	case "nationality":
		q.nationality = v
	case "arrestWarrantCountryId":
		q.warrantCountry = v
	case "sexId":
		q.sex = v
	case "ageMin", "ageMax":
		n, err := strconv.Atoi(v)
		if err != nil {
			return
		}
		if key == "ageMin" {
			q.ageMin, q.byMin = n, true
		} else {
			q.ageMax, q.byMax = n, true
		}
	case "freeText":
		q.freeText = true
	}
	q.filtered = true
}

// pattern compiles a name filter: matched anywhere, without regard to case,
// with regard to accents.
func (q *query) pattern(v string, patterns Patterns) *regexp.Regexp {
	group := strings.ContainsAny(v, "|()")
	switch {
	case patterns == PatternsIgnored:
		return nil
	case patterns == PatternsNoAlternation && group:
		q.nothing = true
		return nil
	case patterns == PatternsOff, patterns == PatternsPlainAlternates && group:
		v = regexp.QuoteMeta(v)
	}
	re, err := regexp.Compile("(?i)" + v)
	if err != nil {
		q.broken = true
	}
	return re
}

// matches says whether a row answers all filters. A null field is reached by
// no filter on it.
func (q *query) matches(r *Row) bool {
	if r.color() != q.color {
		return false
	}
	if !q.filtered {
		return true
	}
	if q.nothing || r.Unfiltered {
		return false
	}
	if q.byMin || q.byMax {
		age, known := ageAt(r.DateOfBirth, q.today)
		if !known || q.byMin && age < q.ageMin || q.byMax && age > q.ageMax {
			return false
		}
	}
	if q.nationality != "" && !slices.Contains(r.Nationalities, q.nationality) {
		return false
	}
	if q.sex != "" && r.Sex != q.sex {
		return false
	}
	if q.warrantCountry != "" && !slices.ContainsFunc(r.Warrants, func(w Warrant) bool { return w.Country == q.warrantCountry }) {
		return false
	}
	if q.name != nil && (r.Name == nil || !q.name.MatchString(*r.Name)) {
		return false
	}
	return q.forename == nil || r.Forename != nil && q.forename.MatchString(*r.Forename)
}

// ageAt is the age in whole years. A date known to the year or the month counts
// from its first day: that those rows are included is observed, from which day
// they count is a guess.
func ageAt(date *string, today time.Time) (age int, known bool) {
	if date == nil {
		return 0, false
	}
	var part [3]int
	part[1], part[2] = 1, 1
	for i, s := range strings.SplitN(*date, "/", 3) {
		n, err := strconv.Atoi(s)
		if err != nil {
			return 0, false
		}
		part[i] = n
	}
	age = today.Year() - part[0]
	if int(today.Month()) < part[1] || int(today.Month()) == part[1] && today.Day() < part[2] {
		age--
	}
	return age, true
}
