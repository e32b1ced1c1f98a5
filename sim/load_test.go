package sim

import (
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// savedRow is a row as a list has it: neither sex nor warrants.
const savedRow = `{"date_of_birth":"1979/11/02","nationalities":["UA"],"entity_id":"2025/31170","forename":"DARYA","name":"KOSTEN",` +
	`"_links":{"self":{"href":"https://ws-public.interpol.int/notices/v1/red/2025-31170"},` +
	`"thumbnail":{"href":"https://ws-public.interpol.int/notices/v1/red/2025-31170/images/62000010"}}}`

func saved(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasSuffix(name, ".gz") {
		z := gzip.NewWriter(f)
		if _, err := z.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
	} else if _, err := f.WriteString(text); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestASavedListIsServedWithWhatItLacks(t *testing.T) {
	for _, name := range []string{"list.ndjson", "list.ndjson.gz"} {
		rows, err := LoadFile(saved(t, name, savedRow+"\n\n"+strings.ReplaceAll(savedRow, "31170", "31171")+"\n"))
		if err != nil || len(rows) != 2 {
			t.Fatalf("%d rows, %v", len(rows), err)
		}
		r := rows[0]
		if r.EntityID != "2025/31170" || *r.Name != "KOSTEN" || r.Photo != "62000010" || r.Color != Red || r.Sex != "" || r.Warrants != nil {
			t.Errorf("%+v", r)
		}
		n := serve(append(Fill(7, rows), NullRows(7, 3)...))
		if p := list(t, n, "/red"); p.Total != 5 || p.ids()[0] != "2025/31170" || p.ids()[1] != "2025/31171" {
			t.Errorf("%d: %v", p.Total, p.ids())
		}
		var d Row
		if err := json.Unmarshal(get(t, n, root+"/red/2025-31170").Body.Bytes(), &d); err != nil || d.Sex == "" || len(d.Warrants) == 0 || *d.Name != "KOSTEN" {
			t.Errorf("%+v, %v", d, err)
		}
	}
}

func TestALoadedRowIsWhatWasSaved(t *testing.T) {
	rows := append(append(People(4, 300), Children(5, 50)...), NullRows(6, 14)...)
	rows = append(rows, Row{Color: UN, EntityID: "2015/7", Name: Str("VARDEN RELIEF"), Entity: true})
	var b strings.Builder
	for _, r := range rows {
		doc, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(doc)
		b.WriteByte('\n')
	}
	got, err := Load(strings.NewReader(b.String()))
	if err != nil || len(got) != len(rows) {
		t.Fatalf("%d of %d, %v", len(got), len(rows), err)
	}
	for i := range rows {
		if !reflect.DeepEqual(got[i], rows[i]) {
			t.Errorf("row %d:\n%+v\nwant\n%+v", i, got[i], rows[i])
		}
	}
}

func TestABrokenListSaysWhere(t *testing.T) {
	for name, c := range map[string]struct{ file, text, want string }{
		"no JSON":    {"a.ndjson", savedRow + "\n{", "row 2"},
		"no id":      {"a.ndjson", savedRow + "\n" + savedRow + "\n{}", "row 3"},
		"too long":   {"a.ndjson", strings.Repeat(" ", 2<<20), "too long"},
		"not packed": {"a.ndjson.gz", "", ""},
	} {
		path := saved(t, c.file, c.text)
		if c.want == "" {
			if err := os.WriteFile(path, []byte(savedRow), 0o600); err != nil {
				t.Fatal(err)
			}
			c.want = "unpack"
		}
		if _, err := LoadFile(path); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := LoadFile("missing"); !os.IsNotExist(err) {
		t.Error(err)
	}
}

func TestPeopleAreTheSameForTheSameSeedAndHaveOddValues(t *testing.T) {
	rows, again := People(9, 7000), People(9, 7000)
	if !reflect.DeepEqual(rows, again) {
		t.Error("not the same")
	}
	ids := map[string]bool{}
	count := map[string]int{}
	for _, r := range slices.Concat(rows, People(10, 500), NullRows(11, 30)) {
		if ids[r.EntityID] {
			t.Errorf("%s twice", r.EntityID)
		}
		ids[r.EntityID] = true
	}
	for _, r := range rows {
		for what, is := range map[string]bool{
			"no name": r.Name == nil, "no forename": r.Forename == nil, "no birth date": r.DateOfBirth == nil, "no nationalities": r.Nationalities == nil,
			"a year only": r.DateOfBirth != nil && len(*r.DateOfBirth) == 4, "no picture": r.Photo == "", "two nationalities": len(r.Nationalities) > 1,
			"UNK": slices.Contains(r.Nationalities, "UNK"), "a dash": deref(r.Forename) == "-", "two warrants": len(r.Warrants) > 1,
			"a woman": r.Sex == "F", "no warrant": len(r.Warrants) == 0, "linked": len(r.Linked) > 0,
		} {
			if is {
				count[what]++
			}
		}
	}
	for what, want := range map[string][2]int{
		"no name": {0, 15}, "no forename": {2, 30}, "no birth date": {0, 15}, "no nationalities": {70, 180}, "a year only": {70, 180}, "no picture": {240, 430},
		"two nationalities": {150, 360}, "UNK": {2, 30}, "a dash": {0, 20}, "two warrants": {25, 90}, "a woman": {550, 850}, "no warrant": {0, 0}, "linked": {25, 90},
	} {
		if n := count[what]; n < want[0] || n > want[1] {
			t.Errorf("%s: %d of 7000, want %v", what, n, want)
		}
	}
}

func TestNullRowsAllLackSomethingThatAFilterAsksFor(t *testing.T) {
	for _, r := range NullRows(3, 50) {
		if r.Name != nil && r.Forename != nil && r.DateOfBirth != nil && r.Nationalities != nil {
			t.Errorf("%s lacks nothing", r.EntityID)
		}
	}
}

func TestFillKeepsWhatIsThereAndGivesARowTheSameInEveryList(t *testing.T) {
	row := Row{EntityID: "2026/1", Name: Str("VARDEN"), Nationalities: []string{"MD"}}
	alone, among := Fill(7, []Row{row})[0], Fill(7, append(People(1, 5), row))[5]
	if !reflect.DeepEqual(alone, among) || alone.Sex == "" || len(alone.Warrants) == 0 {
		t.Errorf("%+v\n%+v", alone, among)
	}
	full := row
	full.Sex, full.BirthPlace, full.Marks, full.Warrants = "F", "OSTROVA", "none", []Warrant{{Country: "XA", Charge: "theft"}}
	if got := Fill(7, []Row{full})[0]; got.Sex != "F" || got.BirthPlace != "OSTROVA" || got.Marks != "none" || !slices.Equal(got.Warrants, full.Warrants) || got.Name == row.Name {
		t.Errorf("%+v", got)
	}
	if row.Sex != "" {
		t.Error("it wrote into what it was given")
	}
}

func TestAnImpersonatorIsAnotherPersonUnderTheSameId(t *testing.T) {
	for i, r := range People(2, 40) {
		x := Impersonate(uint64(i), r)
		if x.EntityID != r.EntityID || x.Color != r.Color || deref(x.Name) == deref(r.Name) || deref(x.DateOfBirth) == deref(r.DateOfBirth) || x.Sex == r.Sex || slices.Equal(x.Nationalities, r.Nationalities) {
			t.Errorf("%+v\n%+v", r, x)
		}
	}
}
