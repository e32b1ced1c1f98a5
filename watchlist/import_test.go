package watchlist

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// spreadsheet packs parts of a workbook as spreadsheet programs do.
func spreadsheet(t testing.TB, sheet, texts string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range map[string]string{
		"_rels/.rels":                `<Relationships><Relationship Id="r1" Type="http://x/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<workbook xmlns:r="r"><sheets><sheet name="hid" state="hidden" r:id="r9"/><sheet name="a" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="r1" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="http://x/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="r3" Type="http://x/styles" Target="styles.xml"/></Relationships>`,
		"xl/styles.xml":              `<styleSheet><numFmts><numFmt numFmtId="165" formatCode="mmm\-yyyy"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="165"/></cellXfs></styleSheet>`,
		"xl/sharedStrings.xml":       texts, "xl/worksheets/sheet1.xml": sheet,
	} {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const sharedTexts = `<sst><si><t>Name</t></si><si><t>DOB</t></si><si><r><t>Mira </t></r><r><t>Varden</t></r><rPh><t>ミラ</t></rPh></si></sst>`

const sheet = `<worksheet><sheetData>
<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>
<row r="3"><c r="A3" t="s"><v>2</v></c><c r="B3" s="1"><v>32216</v></c></row>
<row r="4"><c r="A4" t="inlineStr"><is><t>Darya Kosten</t></is></c><c r="B4" s="2"><v>29160</v></c></row>
<row r="5"><c r="A5" t="str"><f>UPPER(A4)</f><v>OMAR SAID</v></c><c r="B5"><v>1990</v></c></row>
<row r="6"><c r="A6"><f>A9</f></c></row>
<row r="7"><c r="A7" t="e"><v>#N/A</v></c></row>
<row r="8"><c r="A8" t="s"><v>77</v></c></row>
</sheetData></worksheet>`

func TestASpreadsheetIsReadAsItShows(t *testing.T) {
	m, err := importData("w.xlsx", spreadsheet(t, sheet, sharedTexts), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for i, p := range m.People {
		got = append(got, p.Name+" "+p.BirthDate.String())
		if m.Lines[i] != i+3 {
			t.Errorf("person %d stands on line %d", i, m.Lines[i])
		}
	}
	if want := "Mira Varden 1988-03-14,Darya Kosten 1979-11,OMAR SAID 1990"; strings.Join(got, ",") != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if m.Rows != 6 || len(m.Refused) != 3 {
		t.Errorf("%d rows, refused %v", m.Rows, m.Refused)
	}
	if len(m.Warnings) != 1 || !strings.Contains(m.Warnings[0].Message, "formulas") {
		t.Errorf("warnings %v", m.Warnings)
	}
}

func TestASpreadsheetThatUnpacksToTooMuchIsRefused(t *testing.T) {
	if raced {
		t.Skip("128 MiB are unpacked without the race detector")
	}
	_, err := importData("w.xlsx", spreadsheet(t, `<worksheet><row r="1"><c><v>`+strings.Repeat("a", maxPart+1), sharedTexts), Options{})
	if err == nil || !strings.Contains(err.Error(), "128 MiB") {
		t.Errorf("got %v", err)
	}
}

func FuzzXLSX(f *testing.F) {
	f.Add(sheet, sharedTexts)
	f.Fuzz(func(t *testing.T, sheet, texts string) {
		fuzzed(t, "w.xlsx", spreadsheet(t, sheet, texts))
	})
}

func FuzzImport(f *testing.F) {
	for _, s := range []string{Sample, "Full name;DOB\nMira Varden;14.03.1988\n", "name\n\"ab\ncd\nef\n", `{"id":"a","schema":"Person","properties":{"name":["Ab Cd"],"birthDate":["1979","1979-11"],"nationality":["suhh","ua"]}}`,
		`[{"schema":"Person","properties":{"name":"Ab"}},{"schema":"Company"` + "}]", "- name: ab\n  shoes: 3\n"} {
		f.Add([]byte(s), false)
		f.Add([]byte(s), true)
	}
	f.Fuzz(func(t *testing.T, data []byte, yaml bool) {
		name := "w.csv"
		if yaml {
			name = "w.yaml"
		}
		fuzzed(t, name, data)
	})
}

// fuzzed: whatever is imported can be written and read again, in both formats.
func fuzzed(t *testing.T, name string, data []byte) {
	m, err := importData(name, data, Options{})
	if err != nil {
		return
	}
	if m.Rows < len(m.People) {
		t.Errorf("%d rows, %d people", m.Rows, len(m.People))
	}
	if len(m.People) == 0 {
		return
	}
	d := &Draft{name: "w.csv", path: "w.csv", fresh: true}
	d.begin(nil)
	n := 0
	m.Merge(d, func(taken func(string) bool) string {
		for n++; taken(fmt.Sprintf("p-%d", n)); n++ {
		}
		return fmt.Sprintf("p-%d", n)
	})
	for _, as := range []string{"w.csv", "w.yaml", "w.json"} {
		d.name = as
		if _, err := d.written(); err != nil {
			t.Errorf("%s: %v", as, err)
		}
	}
}

func TestAnEditLeavesTheRestOfTheFileAsItIs(t *testing.T) {
	for _, c := range []struct{ name, before, after string }{
		{"w.csv", "id;name;note\r\np-1;Mira Varden;\"a;b\"\r\np-2;Omar Said;x\r\np-3;Darya Kosten;\r\n", "id;name;note;sex\r\np-1;Mira Varden;\"a;b\"\r\np-2;Omar Said;x;M\r\np-9;Ab Cd;;\r\n"},
		{"w.yaml", "# ours\npeople:\n  - id: p-1 # first\n    name: Mira Varden\n  # second\n  - {id: p-2, name: Omar Said, note: x}\n\n  - id: p-3\n    name: Darya Kosten\n# end\n",
			"# ours\npeople:\n  - id: p-1 # first\n    name: Mira Varden\n  # second\n  - id: p-2\n    name: Omar Said\n    sex: M\n    note: x\n\n  - id: p-9\n    name: Ab Cd\n# end\n"},
		{"w.json", `[{"id":"p-1","name":"Mira Varden","note":"a;b"},{"id":"p-2","name":"Omar Said","note":"x"},{"id":"p-3","name":"Darya Kosten"}]`,
			"[\n  {\"id\": \"p-1\", \"name\": \"Mira Varden\", \"note\": \"a;b\"},\n  {\"id\": \"p-2\", \"name\": \"Omar Said\", \"sex\": \"M\", \"note\": \"x\"},\n  {\"id\": \"p-9\", \"name\": \"Ab Cd\"}\n]\n"},
	} {
		path := filepath.Join(t.TempDir(), c.name)
		if err := os.WriteFile(path, []byte(c.before), 0o640); err != nil {
			t.Fatal(err)
		}
		d, _, err := Edit(path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		p, _ := d.Person("p-2")
		p.Sex = "M"
		d.Put(p)
		d.Put(Person{ID: "p-9", Name: "Ab Cd"})
		if !d.Remove("p-3") || d.Remove("p-3") {
			t.Error("removing is not told right")
		}
		if _, err := d.Save(); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(path)
		if err != nil || string(got) != c.after {
			t.Errorf("%s: %v\n%s\nwant\n%s", c.name, err, got, c.after)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o640 {
			t.Errorf("%s: %v, %v", c.name, info.Mode(), err)
		}
	}
}

func TestAnEditOverSomebodyElsesWriteIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "w.csv")
	write := func(s string) {
		if err := os.WriteFile(path, []byte(s), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("id,name\np-1,Mira Varden\n")
	d, _, err := Edit(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	write("id,name\np-1,Mira Varden\np-2,Omar Said\n")
	d.Put(Person{ID: "p-9", Name: "Ab Cd"})
	if _, err := d.Save(); !Meanwhile(err) {
		t.Errorf("got %v", err)
	}
}

func TestASealedListIsFollowedAndReadWithItsIdentityAlone(t *testing.T) {
	dir := t.TempDir()
	path, key, other := filepath.Join(dir, "w.csv"), filepath.Join(dir, "key"), filepath.Join(dir, "other")
	if err := os.WriteFile(path, []byte(header+"p-1,Mira Varden,,,,,,,\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, k := range []string{key, other} {
		if err := CreateIdentity(k); err != nil {
			t.Fatal(err)
		}
	}
	o := Options{RequireIDs: true, IdentityFile: key}
	list, _, err := Read(path, o)
	if err != nil {
		t.Fatal(err)
	}
	file := NewFile(path, list, o)
	to, err := Seal(path, o)
	if err != nil {
		t.Fatal(err)
	}
	d, _, err := Edit(to, o)
	if err != nil {
		t.Fatal(err)
	}
	d.Put(Person{ID: "p-2", Name: "Omar Said"})
	if _, err := d.Save(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(to)
	if err != nil || bytes.Contains(data, []byte("Said")) {
		t.Fatalf("a name is in the sealed file, or %v", err)
	}
	changed := false
	for range 3 {
		l, ok, err := file.Changed(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if ok {
			changed, list = true, l
		}
	}
	if !changed || len(list.People) != 2 {
		t.Errorf("the sealed list is not followed: %v, %d people", changed, len(list.People))
	}
	for why, o := range map[string]Options{"not for the identity": {IdentityFile: other}, "watchlist_identity_file": {}, "no such file": {IdentityFile: dir + "/gone"}} {
		if _, _, err := Read(to, o); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("want %q, got %v", why, err)
		}
	}
	if err := os.WriteFile(to, data[:len(data)-3], 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Read(to, o); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("got %v", err)
	}
}
