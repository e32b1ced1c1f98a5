package sim

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"testing"
	"time"
)

var today = time.Date(2026, 5, 3, 8, 14, 0, 0, time.UTC)

func fixed() time.Time { return today }

// page is a list answer, as a client reads it.
type page struct {
	Total    int
	Query    map[string]any
	Embedded struct {
		Notices []map[string]any
	} `json:"_embedded"`
	Links map[string]struct{ Href string } `json:"_links"`
}

func (p page) ids() []string {
	var ids []string
	for _, n := range p.Embedded.Notices {
		ids = append(ids, n["entity_id"].(string))
	}
	return ids
}

func get(t *testing.T, h http.Handler, target string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", target, nil))
	return w
}

func list(t *testing.T, h http.Handler, target string) page {
	t.Helper()
	w := get(t, h, root+target)
	if w.Code != 200 {
		t.Fatalf("GET %s: status %d", target, w.Code)
	}
	var p page
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		t.Fatalf("GET %s: %v\n%s", target, err, w.Body)
	}
	return p
}

func serve(rows []Row) *Notices {
	n := NewNotices(Options{Now: fixed})
	n.Publish(rows...)
	return n
}

func TestOnlyTheFirst160RowsCanBeReachedAndTheTotalIsTrue(t *testing.T) {
	n := serve(People(1, 500))
	p := list(t, n, "/red?resultPerPage=500")
	if p.Total != 500 || len(p.ids()) != 160 || p.Query["resultPerPage"] != 160.0 {
		t.Errorf("total %d, rows %d, echo %v", p.Total, len(p.ids()), p.Query)
	}
	if _, ok := p.Links["next"]; ok {
		t.Error("a next page is offered beyond the cap")
	}
}

func TestAPagePastTheEndRepeatsRows(t *testing.T) {
	n := serve(People(1, 500))
	page8, page9, page40 := list(t, n, "/red?page=8"), list(t, n, "/red?page=9"), list(t, n, "/red?page=40")
	if len(page8.ids()) != 20 || !slices.Equal(page8.ids(), page9.ids()) || !slices.Equal(page8.ids(), page40.ids()) {
		t.Errorf("pages 9 and 40 should equal page 8")
	}
	one, two := list(t, n, "/red?resultPerPage=160"), list(t, n, "/red?resultPerPage=160&page=2")
	if !slices.Equal(one.ids(), two.ids()) || two.Query["page"] != 1.0 {
		t.Errorf("page 2 of 160 should be page 1, echo %v", two.Query)
	}
}

func TestDefaultsAndLinksAreTheServices(t *testing.T) {
	n := serve(People(1, 500))
	p := list(t, n, "/red")
	if p.Query["page"] != 1.0 || p.Query["resultPerPage"] != 20.0 || len(p.ids()) != 20 {
		t.Errorf("echo %v, rows %d", p.Query, len(p.ids()))
	}
	for key, want := range map[string]string{"self": "1", "first": "1", "next": "2", "last": "8"} {
		if got := p.Links[key].Href; got != "http://example.com/notices/v1/red?&resultPerPage=20&page="+want {
			t.Errorf("%s: %s", key, got)
		}
	}
	p = list(t, n, "/red?resultPerPage=160&page=1&ageMax=45&name=%5Ea")
	if got, want := p.Links["self"].Href, "http://example.com/notices/v1/red?name=%5Ea&ageMax=45&resultPerPage=160&page=1"; got != want {
		t.Errorf("self %s", got)
	}
	if p.Query["ageMax"] != 45.0 || p.Query["name"] != "^a" {
		t.Errorf("echo %v", p.Query)
	}
	if p = list(t, n, "/red?ageMin=130"); p.Total != 0 || p.Embedded.Notices == nil || len(p.Embedded.Notices) != 0 {
		t.Errorf("an empty result should be total 0 and []")
	}
}

func TestFilters(t *testing.T) {
	row := func(id, name, fore, born string, nats ...string) Row {
		null := func(s string) *string {
			if s == "" {
				return nil
			}
			return &s
		}
		return Row{EntityID: "2026/" + id, Name: null(name), Forename: null(fore), DateOfBirth: null(born), Nationalities: nats, Sex: "M",
			Warrants: []Warrant{{Country: "XA", Charge: "theft"}}}
	}
	rows := []Row{
		row("1", "VARDEN", "MIRA ILSE", "1988/05/03", "XA"),
		row("2", "KOSTEN", "DÁRYA", "1988/05/04", "XB", "XA"),
		row("3", "ÉVARD", "", "1980", "XB"),
		row("4", "", "OLE", "", "XB"),
		row("5", "TAVARD (LIND)", "-", "1990/05"),
	}
	rows[0].Sex, rows[1].Warrants = "F", []Warrant{{Country: "XC"}, {Country: "XD"}}
	hidden := row("6", "VARDA", "TOR", "1988/05/03", "XA")
	hidden.Unfiltered = true
	rows = append(rows, hidden)
	for _, tt := range []struct{ filter, want string }{
		{"name=var", "1 3 5"},
		{"name=%5Evar", "1"},
		{"name=%5E......%24", "1 2"},
		{"name=%5E%5B%5Ea-z%5D", "3"},
		{"name=EVARD", ""},
		{"name=%C3%A9vard", "3"},
		{"name=%5E%28v%7Ck%5Bo-p%5D%29", "1 2"},
		{"forename=dar", ""},
		{"forename=.", "1 2 4 5"},
		{"forename=%5E-%24", "5"},
		{"nationality=XA", "1 2"},
		{"arrestWarrantCountryId=XD", "2"},
		{"sexId=F", "1"},
		{"ageMin=38&ageMax=38", "1"},
		{"ageMin=37&ageMax=38", "1 2"},
		{"ageMin=46&ageMax=46", "3"},
		{"ageMin=0&ageMax=200", "1 2 3 5"},
		{"ageMin=36&ageMax=36", "5"},
		{"ageMin=37&nationality=XB", "2 3"},
		{"name=var&sexId=M&nationality=XB", "3"},
		{"", "1 2 3 4 5 6"},
	} {
		got := ""
		for _, id := range list(t, serve(rows), "/red?"+tt.filter).ids() {
			got += " " + id[5:]
		}
		if got != "" {
			got = got[1:]
		}
		if got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.filter, got, tt.want)
		}
	}
}

func TestPatternsCanBeTakenAway(t *testing.T) {
	rows := []Row{{EntityID: "2026/1", Name: Str("VARDEN")}, {EntityID: "2026/2", Name: Str("KOSTEN")}, {EntityID: "2026/3", Name: Str("LIND (OLE)")}}
	for _, tt := range []struct {
		patterns       Patterns
		class, alt, or int
	}{
		{PatternsFull, 1, 2, 1},
		{PatternsNoAlternation, 1, 0, 0},
		{PatternsPlainAlternates, 1, 0, 1},
		{PatternsOff, 0, 0, 1},
		{PatternsIgnored, 3, 3, 3},
	} {
		n := serve(rows)
		n.SetPatterns(tt.patterns)
		if got := list(t, n, "/red?name=%5E%5Bt-w%5D").Total; got != tt.class {
			t.Errorf("%q: class found %d", tt.patterns, got)
		}
		if got := list(t, n, "/red?name="+url.QueryEscape("^(v|k)")).Total; got != tt.alt {
			t.Errorf("%q: alternation found %d", tt.patterns, got)
		}
		if got := list(t, n, "/red?name="+url.QueryEscape("(ole)")).Total; got != tt.or {
			t.Errorf("%q: (ole) found %d", tt.patterns, got)
		}
	}
}

func TestFreeTextIsUnreliable(t *testing.T) {
	if w := get(t, serve(nil), root+"/red?freeText=x"); w.Code != 502 {
		t.Errorf("status %d", w.Code)
	}
}

func TestNewestPublicationComesFirstAndWhatChangesMovesUp(t *testing.T) {
	rows := People(1, 5)
	n := serve(rows)
	order := func() (ids []string) { return list(t, n, "/red").ids() }
	id := func(i int) string { return rows[i].EntityID }
	if got := order(); !slices.Equal(got, []string{id(0), id(1), id(2), id(3), id(4)}) {
		t.Fatalf("as published: %v", got)
	}
	fresh := People(2, 1)[0]
	n.Publish(fresh)
	n.Edit(id(3), func(r *Row) { r.Photo = "1" })
	n.Publish(rows[4])
	if got := order(); !slices.Equal(got, []string{id(4), id(3), fresh.EntityID, id(0), id(1), id(2)}) {
		t.Errorf("after publishing, editing, publishing again: %v", got)
	}
	if n.Withdraw(id(0), id(3)) != 2 || n.Len() != 4 {
		t.Errorf("%d left", n.Len())
	}
	n.Replace([]Row{rows[0], rows[1], rows[2], rows[4]})
	if got := order(); !slices.Equal(got, []string{id(0), id(4), id(1), id(2)}) {
		t.Errorf("after replacing: %v", got)
	}
}

func TestTheThumbnailKeyIsAbsentNotNullAndKeyOrderVaries(t *testing.T) {
	rows := People(1, 60)
	rows[0].Photo, rows[1].Photo = "", "62000001"
	n := serve(rows)
	p := list(t, n, "/red?resultPerPage=2")
	for i, want := range []bool{false, true} {
		if _, ok := p.Embedded.Notices[i]["_links"].(map[string]any)["thumbnail"]; ok != want {
			t.Errorf("row %d: thumbnail key there: %v", i, ok)
		}
	}
	first := map[string]bool{}
	for _, m := range regexp.MustCompile(`\{"([a-z_]+)":[^{}]*"_links"`).FindAllStringSubmatch(get(t, n, root+"/red?resultPerPage=60").Body.String(), -1) {
		first[m[1]] = true
	}
	if len(first) < 3 {
		t.Errorf("rows begin with %v only", first)
	}
}

func TestDetailAndPictures(t *testing.T) {
	rows := append(People(1, 1), Children(2, 1)...)
	rows[0].Photo, rows[0].Linked = "62000010", []Link{{Color: Yellow, EntityID: "2020/5", Name: "KOSTEN"}}
	rows = append(rows, Row{Color: UN, EntityID: "2015/7", Name: Str("VARDEN RELIEF"), Entity: true})
	n := serve(rows)
	base := root + "/red/" + regexp.MustCompile("/").ReplaceAllString(rows[0].EntityID, "-")
	var d map[string]any
	if err := json.Unmarshal(get(t, n, base).Body.Bytes(), &d); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"sex_id", "country_of_birth_id", "place_of_birth", "languages_spoken_ids", "height", "weight", "eyes_colors_id",
		"hairs_id", "distinguishing_marks", "arrest_warrants", "_embedded", "_links", "entity_id", "name"} {
		if _, ok := d[key]; !ok {
			t.Errorf("detail lacks %s", key)
		}
	}
	if link := d["_embedded"].(map[string]any)["links"].([]any)[0].(map[string]any); link["color"] != "YELLOW" || link["forename"] != nil {
		t.Errorf("linked notice: %v", link)
	}
	images := get(t, n, base+"/images").Body.String()
	if want := fmt.Sprintf(`{"_embedded":{"images":[{"picture_id":"62000009","_links":{"self":{"href":"http://example.com%[1]s/images/62000009"}}}]},`+
		`"_links":{"self":{"href":"http://example.com%[1]s/images"},"notice":{"href":"http://example.com%[1]s"},"thumbnail":{"href":"http://example.com%[1]s/images/62000010"}}}`, base); images != want {
		t.Errorf("images:\n%s\nwant\n%s", images, want)
	}
	for path, want := range map[string]int{base + "/images/62000010": 200, base + "/images/62000009": 200, base + "/images/1": 404,
		root + "/red/2026-1": 404, root + "/un/persons/2015-7": 404, root + "/un/entities/2015-7": 200, root + "/red/": 404, root + "/blue": 404, "/": 404} {
		if got := get(t, n, path).Code; got != want {
			t.Errorf("%s: %d, want %d", path, got, want)
		}
	}
	n.SetUnknownID(502)
	if got := get(t, n, root+"/red/2026-1").Code; got != 502 {
		t.Errorf("unknown id: %d", got)
	}
	var y Row
	path := root + "/yellow/" + regexp.MustCompile("/").ReplaceAllString(rows[1].EntityID, "-")
	if err := json.Unmarshal(get(t, n, path).Body.Bytes(), &y); err != nil || y.Missing == nil || y.Missing.Country == "" || y.Color != Yellow {
		t.Errorf("yellow detail: %+v, %v", y, err)
	}
}

func TestRequestsAreKeptInOrder(t *testing.T) {
	n := serve(People(1, 3))
	if err := n.Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/red?name=%5eA&page=1", "/yellow"} {
		res, err := http.Get(n.URL() + path)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, res.Body)
		res.Body.Close()
		if d, err := http.ParseTime(res.Header.Get("Date")); err != nil || !d.Equal(today) {
			t.Errorf("Date header %q is not the service's clock", res.Header.Get("Date"))
		}
	}
	reqs := n.Requests()
	if len(reqs) != 2 || reqs[0].String() != "GET /notices/v1/red?name=%5eA&page=1" || reqs[1].Path != "/notices/v1/yellow" || reqs[0].Header.Get("User-Agent") == "" {
		t.Errorf("requests: %v", reqs)
	}
	n.ResetRequests()
	if len(n.Requests()) != 0 || n.Close() != nil || n.URL() != "" {
		t.Error("not reset, or not closed")
	}
}
