package opensanctions_test

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode"

	"tocsin/sim"
	"tocsin/watcher/source/opensanctions"
)

func TestAnEntityIsReadWithAllThatTellsPeopleApart(t *testing.T) {
	row, err := opensanctions.ParseEntity([]byte(`{"id":"NK-a1","caption":"Yara Velmonde","schema":"Person","referents":["interpol-red-2026-48213","NK-a1","ofac-7"],
		"datasets":["x"],"first_seen":"2026-01-02T03:04:05","target":true,"properties":{
		"name":["Яра Вельмонд","Yara Velmonde","YARA VELMONDE"],"alias":["Jara  Welmond","يارا فيلموند"],"previousName":["Yara Tarin"],"weakAlias":["Bell"],
		"firstName":["Yara"],"lastName":["Velmonde","Вельмонд"],"birthDate":["1988","1988-03-14"],"nationality":["fr","suhh"],"citizenship":["ge-ab"],"country":["de"],
		"gender":["female"],"birthPlace":["North Harbour"],"birthCountry":["fr"],"sourceUrl":["https://ws-public.interpol.int/notices/v1/red/2026-48213"],
		"height":[1.7, null, "1.70"], "address":[{"id":"x"}]}}`), "mirror")
	if err != nil || row == nil {
		t.Fatal(row, err)
	}
	n := row.Notice
	if n.Source != "mirror" || n.ID != "NK-a1" || n.Color != "red" || row.SameAs != "2026/48213" {
		t.Errorf("%s %s %s, same as %s", n.Source, n.ID, n.Color, row.SameAs)
	}
	if n.FullName() != "Velmonde, Yara" {
		t.Errorf("the name is %q", n.FullName())
	}
	// Each script early, whatever comes first in the file; no weak alias.
	if want := []string{"Яра Вельмонд", "Jara Welmond", "يارا فيلموند", "Yara Tarin"}; !slices.Equal(n.OtherNames, want) {
		t.Errorf("other names %q, want %q", n.OtherNames, want)
	}
	if n.BirthDate.String() != "1988-03-14" || !slices.Equal(n.Nationalities, []string{"FR", "GE"}) || n.Sex() != "F" {
		t.Errorf("born %s, of %v, %s", n.BirthDate, n.Nationalities, n.Sex())
	}
	if d := n.Detail; d.BirthPlace != "North Harbour" || d.BirthCountry != "FR" || d.Other["weak_alias"] != "Bell" {
		t.Errorf("%+v", d)
	}
	if !slices.Equal(row.Referents, []string{"interpol-red-2026-48213", "ofac-7"}) {
		t.Errorf("referents %v", row.Referents)
	}
	if n.URL != "https://www.opensanctions.org/entities/NK-a1/" {
		t.Errorf("its page is %s", n.URL)
	}
}

func TestSmallAndOddEntities(t *testing.T) {
	for _, c := range []struct {
		what, properties string
		name, others     string
		born, of, url    string
	}{
		{"parts, no whole name", `"firstName":["Yara"],"middleName":["Mina"],"lastName":["Velmonde"]`, "Velmonde, Yara Mina", "", "", "", ""},
		{"a surname alone", `"lastName":["Velmonde"]`, "Velmonde", "", "", "", ""},
		{"an alias alone", `"alias":["Yara V"],"firstName":["Yara"]`, "Yara V", "", "", "", ""},
		{"no name at all", `"birthDate":["1990-05"]`, "", "", "1990-05", "", ""},
		{"one text for a list", `"name":"Yara Velmonde","birthDate":"1990"`, "Yara Velmonde", "", "1990", "", ""},
		{"family name first", `"name":["VELMONDE, Yara"],"firstName":["Yara"],"lastName":["Velmonde"]`, "VELMONDE, Yara", "", "", "", ""},
		{"a last name that is elsewhere", `"name":["Yara Velmonde"],"firstName":["Yara"],"lastName":["Tarin"]`, "Yara Velmonde", "", "", "", ""},
		{"country for want of better", `"name":["Y"],"country":["fr"]`, "Y", "", "", "FR", ""},
		{"dates that differ", `"name":["Y"],"birthDate":["1990-01-02","1990-03-04T00:00:00"]`, "Y", "", "1990", "", ""},
		{"an impossible date", `"name":["Y"],"birthDate":["1990-13-40"]`, "Y", "", "", "", ""},
		{"a page of its own", `"name":["Y"],"sourceUrl":["http://b.example/1","https://a.example/p"]`, "Y", "", "", "", "https://a.example/p"},
	} {
		row, err := opensanctions.ParseEntity([]byte(`{"id":"x-1","schema":"Person","properties":{`+c.properties+`}}`), "m")
		if err != nil || row == nil {
			t.Errorf("%s: %v", c.what, err)
			continue
		}
		n := row.Notice
		if c.url == "" {
			c.url = "https://www.opensanctions.org/entities/x-1/"
		}
		if n.FullName() != c.name || strings.Join(n.OtherNames, "|") != c.others || n.BirthDate.String() != c.born || strings.Join(n.Nationalities, "|") != c.of || n.URL != c.url {
			t.Errorf("%s: %q %q born %s of %v at %s", c.what, n.FullName(), n.OtherNames, n.BirthDate, n.Nationalities, n.URL)
		}
	}
	for _, c := range []struct{ line, why string }{
		{`{"id":"a","schema":"Company","properties":{"name":["A"]}}`, ""},
		{`{"id":"a","schema":"Sanction","properties":{"reason":["a \"Person\" of \"Person\""]}}`, ""},
		{`{"id":"a","schema":"Person"`, "not JSON"},
		{`{"id":"a","schema":"Company"`, "not JSON"},
		{`[1]`, "no entity"}, {`null`, "no entity"}, {`"Person"`, "no entity"},
		{`{"id":"","schema":"Person"}`, "no entity"}, {`{"id":7,"schema":"Person"}`, "no entity"}, {`{"id":"a b","schema":"Person"}`, "no entity"},
	} {
		row, err := opensanctions.ParseEntity([]byte(c.line), "m")
		if row != nil || (err == nil) != (c.why == "") || err != nil && !strings.Contains(err.Error(), c.why) {
			t.Errorf("%s: %v, %v", c.line, row, err)
		}
	}
}

// A mirror's row tells of the notice what the notice's own source tells.
func TestACopyOfANoticeReadsAsTheNoticeDoes(t *testing.T) {
	for _, r := range sim.People(5, 400) {
		b, err := json.Marshal(sim.Copied(r))
		if err != nil {
			t.Fatal(err)
		}
		row, err := opensanctions.ParseEntity(b, "mirror")
		if err != nil || row == nil {
			t.Fatalf("%s: %v", b, err)
		}
		if row.SameAs != r.EntityID || row.Notice.Color != "red" {
			t.Errorf("%s is taken for a copy of %s", b, row.SameAs)
		}
		squeeze := func(s *string) string {
			if s == nil {
				return ""
			}
			return strings.Join(strings.FieldsFunc(*s, unicode.IsSpace), " ")
		}
		name, fore := squeeze(r.Name), squeeze(r.Forename)
		if name != "" && fore != "" && (row.Notice.Name != name || row.Notice.Forename != fore) {
			t.Errorf("%q, %q is read as %q, %q", name, fore, row.Notice.Name, row.Notice.Forename)
		}
	}
}

func TestAMergedEntityIsTheCopyOfItsReferent(t *testing.T) {
	rows := sim.People(5, 2)
	b, err := json.Marshal(sim.Merged("NK-merged", sim.Copied(rows[0]), sim.Copied(rows[1])))
	if err != nil {
		t.Fatal(err)
	}
	row, err := opensanctions.ParseEntity(b, "m")
	if err != nil || row.SameAs != min(rows[0].EntityID, rows[1].EntityID) || len(row.Referents) != 2 {
		t.Errorf("%v %+v", err, row)
	}
}

func TestTheEntitiesAreFoundHoweverTheIndexNamesThem(t *testing.T) {
	at := &url.URL{Scheme: "https", Host: "m.example", Path: "/datasets/latest/x/index.json"}
	for _, resource := range []string{
		`{"name":"entities.ftm.json","url":"https://m.example/f"}`, `{"name":"entities.ftm.json"}`, `{"url":"https://m.example/1/entities.ftm.json"}`,
		`{"mime_type":"application/json+ftm","url":"f"}`, `{"name":"entities.ftm.json","url":"/f","checksum":"none","size":-1}`,
	} {
		if _, err := opensanctions.ParseIndex([]byte(`{"version":"1","resources":[{"name":"names.txt","url":"n"},`+resource+`]}`), "x", at); err != nil {
			t.Errorf("%s: %v", resource, err)
		}
	}
	for text, why := range map[string]string{
		`{"version":"1","resources":[{"name":"names.txt","url":"https://m.example/entities.ftm.json"}]}`: "names no entities.ftm.json",
		`{"version":"1","resources":[]}`: "names no entities.ftm.json",
		`{"version":"","resources":[]}`:  "names no version",
		`{"version":"1","name":"y"}`:     "another data set",
		`{"version":7}`:                  "not a data set's index",
		`[]`:                             "not a data set's index",
		`{"version":"1","resources":[{"name":"entities.ftm.json","url":"https://%zz/"}]}`: "cannot be asked",
	} {
		if _, err := opensanctions.ParseIndex([]byte(text), "x", at); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: %v, want %s", text, err, why)
		}
	}
}

func FuzzEntity(f *testing.F) {
	f.Add([]byte(`{"id":"a","schema":"Person","caption":"A B","referents":["interpol-red-2026-1"],"properties":{"name":["A B","АБ"],"lastName":["B"],"firstName":["A"],"birthDate":["1990"]}}`))
	f.Add([]byte(`{"id":"a","schema":"Person","properties":{"name":"A","gender":[1,null,{}]}}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		row, err := opensanctions.ParseEntity(line, "m")
		if err != nil || row == nil {
			return
		}
		if row.Notice.ID == "" || row.Notice.Detail == nil {
			t.Errorf("a row without an id or a detail: %+v", row)
		}
		again, err := opensanctions.ParseEntity(line, "m")
		if err != nil || again.Notice.FullName() != row.Notice.FullName() || !slices.Equal(again.Notice.OtherNames, row.Notice.OtherNames) {
			t.Error("the same line reads differently a second time")
		}
		for _, c := range row.Notice.Nationalities {
			if len(c) != 2 {
				t.Errorf("nationality %q", c)
			}
		}
	})
}

func FuzzChange(f *testing.F) {
	f.Add([]byte(`{"op":"ADD","entity":{"id":"a","schema":"Person","properties":{"name":["A"]}}}`))
	f.Add([]byte(`{"op":"DEL","entity":{"id":"a"}}`))
	f.Add([]byte(`{"op":"MOD","entity":{"id":"a","schema":"Company"}}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		if _, id, err := opensanctions.ChangeOf(line); err == nil && id == "" {
			t.Error("a change of nothing")
		}
	})
}

func FuzzIndex(f *testing.F) {
	f.Add([]byte(`{"name":"x","version":"20260101000000-abc","last_change":"2026-01-01T00:00:00","resources":[{"name":"entities.ftm.json","url":"https://a.example/b","checksum":"da39a3ee5e6b4b0d3255bfef95601890afd80709","size":3}],"delta_url":"d.json"}`))
	f.Add([]byte(`{"versions":{"20260101000000-abc":"https://a.example/b","20260102000000-abc":"c"}}`))
	at := &url.URL{Scheme: "https", Host: "m.example", Path: "/datasets/latest/x/index.json"}
	f.Fuzz(func(t *testing.T, b []byte) {
		_, _ = opensanctions.ParseIndex(b, "x", at)
		chain, err := opensanctions.ParseDeltas(b, "20260101000000-abc", "20260102000000-abc", at)
		if err == nil {
			for _, a := range chain {
				if u, err := url.Parse(a); err != nil || u.Host == "" {
					t.Errorf("a delta at %q", a)
				}
			}
		}
	})
}
