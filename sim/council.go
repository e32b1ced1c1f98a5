package sim

import (
	"fmt"
	"html"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Council publishes a list of individuals as the United Nations Security Council
// does its consolidated list, one document of XML. Its methods may be called
// from any goroutine.
type Council struct {
	local
	log requestLog

	mu     sync.Mutex
	list   []byte
	status int
}

// NewCouncil starts one on a loopback port, with nothing published yet.
func NewCouncil() (*Council, error) {
	c := &Council{}
	var err error
	c.local, err = onLoopback("list", c)
	return c, err
}

// URL is the list's address.
func (c *Council) URL() string { return c.host + "/resources/xml/en/consolidated.xml" }

// Requests are all requests so far, in the order in which they came.
func (c *Council) Requests() []Request { return c.log.all() }

// Fail has every request answered with a status; 0 ends it.
func (c *Council) Fail(status int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.status = status
}

// Publish makes these people the list, made at that time.
func (c *Council) Publish(at time.Time, people ...Row) { c.Serve(CouncilList(at, people...)) }

// Serve makes any text the list.
func (c *Council) Serve(text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.list = []byte(text)
}

// ServeHTTP answers.
func (c *Council) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.log.add(r, time.Now())
	c.mu.Lock()
	status, list := c.status, c.list
	c.mu.Unlock()
	switch {
	case status != 0:
		http.Error(w, http.StatusText(status), status)
	case r.URL.Path != "/resources/xml/en/consolidated.xml" || list == nil:
		http.NotFound(w, r)
	default:
		w.Header().Set("Content-Type", "text/xml")
		_, _ = w.Write(list)
	}
}

// CouncilList is a list of these people in the form of the real one (its XSD,
// https://www.un.org/sc/resources/sc-sanctions.xsd): entries are numbered by
// their notice's id, "2026/48213" is "QDi.2026-48213".
func CouncilList(at time.Time, people ...Row) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<CONSOLIDATED_LIST dateGenerated=%q>\n<INDIVIDUALS>\n",
		at.UTC().Format("2006-01-02T15:04:05.000Z"))
	el := func(name, text string) {
		if text == "" {
			b.WriteString("<" + name + "/>")
			return
		}
		b.WriteString("<" + name + ">" + html.EscapeString(text) + "</" + name + ">\n")
	}
	for i, r := range people {
		b.WriteString("<INDIVIDUAL>")
		el("DATAID", fmt.Sprint(6900000+i))
		el("VERSIONNUM", "1")
		el("FIRST_NAME", deref(r.Forename))
		el("SECOND_NAME", deref(r.Name))
		el("UN_LIST_TYPE", "Al-Qaida")
		el("REFERENCE_NUMBER", "QDi."+strings.ReplaceAll(r.EntityID, "/", "-"))
		el("LISTED_ON", "2016-10-13")
		el("GENDER", map[string]string{"M": "Male", "F": "Female"}[r.Sex])
		if len(r.Nationalities) > 0 {
			b.WriteString("<NATIONALITY>")
			for _, n := range r.Nationalities {
				el("VALUE", councilCountries[n])
			}
			b.WriteString("</NATIONALITY>\n")
		}
		b.WriteString("<INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME/></INDIVIDUAL_ALIAS>\n<INDIVIDUAL_DATE_OF_BIRTH>")
		switch born := strings.ReplaceAll(deref(r.DateOfBirth), "/", "-"); {
		case len(born) == 4:
			b.WriteString("<TYPE_OF_DATE>EXACT</TYPE_OF_DATE>")
			el("YEAR", born)
		case born != "":
			b.WriteString("<TYPE_OF_DATE>EXACT</TYPE_OF_DATE>")
			el("DATE", born)
		default:
			el("TYPE_OF_DATE", "")
		}
		b.WriteString("</INDIVIDUAL_DATE_OF_BIRTH>\n<INDIVIDUAL_DOCUMENT/><SORT_KEY/><SORT_KEY_LAST_MOD/></INDIVIDUAL>\n")
	}
	b.WriteString("</INDIVIDUALS>\n<ENTITIES>\n<ENTITY><DATAID>1</DATAID><FIRST_NAME>SAMPLE TRADING COMPANY</FIRST_NAME><REFERENCE_NUMBER>QDe.001</REFERENCE_NUMBER></ENTITY>\n" +
		"</ENTITIES>\n</CONSOLIDATED_LIST>\n")
	return b.String()
}

// councilCountries are some countries' names as the United Nations write them.
var councilCountries = map[string]string{
	"RU": "Russian Federation", "SY": "Syrian Arab Republic", "IR": "Iran (Islamic Republic of)", "TR": "Türkiye", "FR": "France", "IQ": "Iraq",
	"CN": "China", "PK": "Pakistan", "EG": "Egypt", "CD": "Democratic Republic of the Congo",
}
