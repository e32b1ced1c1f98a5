package interpol

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"tocsin"
)

func TestARowIsReadWhateverItsFieldsLookLike(t *testing.T) {
	for _, c := range []struct {
		what, row string
		want      row
	}{
		{"whole", `{"entity_id":"2026/48213","name":"VARDEN","forename":"MIRA ILSE","date_of_birth":"1988/03/14","nationalities":["MD","RO"],
			"_links":{"self":{"href":"http://x/red/2026-48213"},"thumbnail":{"href":"http://x/red/2026-48213/images/63054872"}}}`,
			row{id: "2026/48213", name: "VARDEN", forename: "MIRA ILSE", born: tocsin.Date{Year: 1988, Month: 3, Day: 14}, nationalities: []string{"MD", "RO"}, photo: "63054872"}},
		{"nulls", `{"entity_id":"2026/1","name":null,"forename":null,"date_of_birth":null,"nationalities":null,"_links":null}`, row{id: "2026/1"}},
		{"nothing but the id", `{"entity_id":"2026/1"}`, row{id: "2026/1"}},
		{"a year", `{"entity_id":"2026/1","date_of_birth":"1988"}`, row{id: "2026/1", born: tocsin.Date{Year: 1988}}},
		{"a year as a number", `{"entity_id":"2026/1","date_of_birth":1988}`, row{id: "2026/1", born: tocsin.Date{Year: 1988}}},
		{"year and month", `{"entity_id":"2026/1","date_of_birth":"1988/03"}`, row{id: "2026/1", born: tocsin.Date{Year: 1988, Month: 3}}},
		{"a day that no month has", `{"entity_id":"2026/1","date_of_birth":"1988/02/31"}`, row{id: "2026/1", born: tocsin.Date{Year: 1988, Month: 2}}},
		{"a day of zero", `{"entity_id":"2026/1","date_of_birth":"1988/00/00"}`, row{id: "2026/1", born: tocsin.Date{Year: 1988}}},
		{"no date", `{"entity_id":"2026/1","date_of_birth":"unknown"}`, row{id: "2026/1"}},
		{"unknown code", `{"entity_id":"2026/1","nationalities":["UNK",null,""]}`, row{id: "2026/1", nationalities: []string{"UNK"}}},
		{"one nationality alone", `{"entity_id":"2026/1","nationalities":"MD"}`, row{id: "2026/1", nationalities: []string{"MD"}}},
		{"spaces as served", `{"entity_id":"2026/1","name":"VAN  DER MAR ","forename":"-"}`, row{id: "2026/1", name: "VAN  DER MAR ", forename: "-"}},
		{"links of another shape", `{"entity_id":"2026/1","_links":{"thumbnail":[{"href":"x"}]}}`, row{id: "2026/1"}},
		{"a thumbnail elsewhere", `{"entity_id":"2026/1","_links":{"thumbnail":{"href":"http://x/images/../../etc"}}}`, row{id: "2026/1"}},
	} {
		l, err := parseList([]byte(`{"total":1,"query":{"page":1},"_embedded":{"notices":[` + c.row + `]}}`))
		if err != nil || len(l.rows) != 1 || !reflect.DeepEqual(l.rows[0], c.want) {
			t.Errorf("%s: got %+v, %v; want %+v", c.what, l.rows, err, c.want)
		}
	}
}

func TestAPageThatIsNoneIsRefused(t *testing.T) {
	many := strings.Repeat(`{"entity_id":"2026/1"},`, reach+1)
	for what, body := range map[string]string{
		"nothing": ``, "null": `null`, "an array": `[]`, "a text": `"x"`, "no total": `{"query":{},"_embedded":{"notices":[]}}`,
		"total null": `{"total":null,"query":{},"_embedded":{"notices":[]}}`, "total below zero": `{"total":-1,"query":{},"_embedded":{"notices":[]}}`,
		"total in words": `{"total":"many","query":{},"_embedded":{"notices":[]}}`, "total with a fraction": `{"total":1.5,"query":{},"_embedded":{"notices":[]}}`,
		"no query": `{"total":0,"_embedded":{"notices":[]}}`, "no rows": `{"total":0,"query":{}}`, "rows that are none": `{"total":1,"query":{},"_embedded":{"notices":["x"]}}`,
		"a row without id": `{"total":1,"query":{},"_embedded":{"notices":[{"name":"VARDEN"}]}}`, "an id that leads elsewhere": `{"total":1,"query":{},"_embedded":{"notices":[{"entity_id":"../x"}]}}`,
		"more rows than a page has": `{"total":500,"query":{},"_embedded":{"notices":[` + strings.TrimSuffix(many, ",") + `]}}`,
	} {
		if l, err := parseList([]byte(body)); err == nil {
			t.Errorf("%s is taken for a page: %+v", what, l)
		}
	}
}

func TestADocumentsFactsAreKept(t *testing.T) {
	r, err := parseDetail([]byte(`{"entity_id":"2026/48213","name":"VARDEN","forename":null,"date_of_birth":"1988/03/14","nationalities":["MD"],
		"sex_id":"F","country_of_birth_id":"MD","place_of_birth":"Orhei","languages_spoken_ids":["RUM"],"height":"1.68","weight":0,"eyes_colors_id":["BRO"],"hairs_id":null,
		"distinguishing_marks":null,"arrest_warrants":[{"issuing_country_id":"MD","charge":"a\r\nb","charge_translation":null},{"charge":"c","issuing_country_id":null}],
		"_embedded":{"links":[{"entity_id":"2026/5"}]},"place":"Chisinau","date_of_event":"2025/01/02","countries_likely_to_be_visited":["FR","DE"],"birth_name":null,"_links":{}}`))
	if err != nil {
		t.Fatal(err)
	}
	want := &tocsin.Detail{
		Sex: "F", BirthCountry: "MD", BirthPlace: "Orhei", Languages: []string{"RUM"}, Height: 1.68, Eyes: []string{"BRO"},
		Charges: []tocsin.Charge{{Country: "MD", Text: "a\r\nb"}, {Text: "c"}}, Linked: []string{"2026/5"},
		Other: map[string]string{"place": "Chisinau", "date_of_event": "2025/01/02", "countries_likely_to_be_visited": "FR, DE"},
	}
	if !reflect.DeepEqual(r.detail, want) {
		t.Errorf("got %+v\nwant %+v", r.detail, want)
	}
	for _, body := range []string{``, `null`, `[]`, `{}`, `{"entity_id":null}`, `{"entity_id":"2026/1","arrest_warrants":"x"}`} {
		if _, err := parseDetail([]byte(body)); err == nil {
			t.Errorf("%s is taken for a document", body)
		}
	}
}

func TestSavedAnswersAreRead(t *testing.T) {
	dir := os.Getenv("TOCSIN_DATA")
	if dir == "" {
		t.Skip("TOCSIN_DATA is not set: no saved answers")
	}
	files, err := filepath.Glob(filepath.Join(dir, "interpol", "raw", "*.js*"))
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(f)
		switch {
		case strings.HasSuffix(name, ".js"), strings.Contains(name, "null"):
		case strings.HasPrefix(name, "list-"):
			l, err := parseList(b)
			if err != nil || len(l.rows) == 0 && l.total > 0 {
				t.Errorf("%s: %d rows of %d, %v", name, len(l.rows), l.total, err)
			}
		case strings.HasPrefix(name, "detail-"):
			if r, err := parseDetail(b); err != nil || r.detail.Sex == "" && r.name == "" {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

func TestTheEchoMustBeOfTheQueryAsked(t *testing.T) {
	c := Cell{Name: "^(ab|c)", Nationality: "MD", Ages: true, AgeMin: 0, AgeMax: 30}
	for echo, want := range map[string]bool{
		`{"page":1,"resultPerPage":160,"name":"^(ab|c)","nationality":"MD","ageMin":0,"ageMax":30}`:               true,
		`{"page":"1","resultPerPage":"160","name":"^(ab|c)","nationality":"MD","ageMin":"0","ageMax":30,"x":"y"}`: true,
		`{"page":1,"resultPerPage":160,"name":"^(ab|c)","nationality":"MD","ageMin":0,"ageMax":30,"sexId":null}`:  true,
		`{"page":1,"resultPerPage":160,"name":"^(ab|c)","nationality":"MD","ageMin":0,"ageMax":30,"sexId":"M"}`:   false,
		`{"page":1,"resultPerPage":160,"name":"^(ab|c)","nationality":"MD","ageMin":0}`:                           false,
		`{"page":1,"resultPerPage":160,"name":"^ab","nationality":"MD","ageMin":0,"ageMax":30}`:                   false,
		`{"page":2,"resultPerPage":160,"name":"^(ab|c)","nationality":"MD","ageMin":0,"ageMax":30}`:               false,
		`{"page":1,"resultPerPage":20,"name":"^(ab|c)","nationality":"MD","ageMin":0,"ageMax":30}`:                false,
		`{}`: false,
	} {
		l, err := parseList([]byte(`{"total":0,"query":` + echo + `,"_embedded":{"notices":[]}}`))
		if err != nil || c.echoedBy(l.query) != want {
			t.Errorf("%s: %v, %v", echo, !want, err)
		}
	}
}

func FuzzParseList(f *testing.F) {
	f.Add([]byte(`{"total":1,"query":{"page":1},"_embedded":{"notices":[{"entity_id":"2026/1","name":null,"date_of_birth":1988,"_links":{"thumbnail":{"href":"a/images/1"}}}]}}`))
	f.Add([]byte(`{"total":"3","query":{},"_embedded":{"notices":null}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		l, err := parseList(b)
		if err != nil {
			if len(err.Error()) > 60 {
				t.Errorf("the error may quote the answer: %v", err)
			}
			return
		}
		if !json.Valid(b) || l.total < 0 || len(l.rows) > reach {
			t.Errorf("taken for a page: %d of %d", len(l.rows), l.total)
		}
		for _, r := range l.rows {
			checkRow(t, r)
		}
	})
}

func FuzzParseDetail(f *testing.F) {
	f.Add([]byte(`{"entity_id":"2026/1","sex_id":"F","weight":0,"height":1.7,"arrest_warrants":[{"charge":"x"}],"place":"y","_embedded":{"links":[{"entity_id":"2026/2"}]}}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := parseDetail(b)
		if err != nil {
			return
		}
		checkRow(t, r)
		if r.detail == nil || r.detail.Height < 0 || r.detail.Weight < 0 {
			t.Errorf("a document with %+v", r.detail)
		}
		if _, err := json.Marshal(r.detail); err != nil {
			t.Errorf("a document that cannot be kept: %v", err)
		}
	})
}

func checkRow(t *testing.T, r row) {
	path, ok := dashed(r.id)
	if !ok || strings.ContainsAny(path, "/?#%\\. ") {
		t.Errorf("an id that leads elsewhere: %q", r.id)
	}
	if d, err := tocsin.ParseDate(r.born.String()); err != nil || d != r.born {
		t.Errorf("a birth date that is none: %v", r.born)
	}
	if strings.ContainsAny(r.photo, "/?#%") {
		t.Errorf("a picture id that leads elsewhere: %q", r.photo)
	}
	if _, err := json.Marshal(fmt.Sprint(r.name, r.forename, r.nationalities)); err != nil {
		t.Error(err)
	}
}
