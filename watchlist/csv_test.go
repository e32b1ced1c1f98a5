package watchlist

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"tocsin"
)

// told gives what a file is refused for, one a line.
func told(t testing.TB, name, text string) string {
	t.Helper()
	l, _, err := Parse(name, strings.NewReader(text), daemon)
	if err == nil {
		return ""
	}
	var e *Errors
	if !errors.As(err, &e) || l != nil {
		t.Fatalf("%T with list %v: %v", err, l != nil, err)
	}
	return err.Error()
}

func TestEveryMistakeOfACSVFileIsRefusedWithItsLine(t *testing.T) {
	long := strings.Repeat("x", 4097)
	for _, c := range []struct{ why, text, want string }{
		{"an unknown column", "id,name,birthdate\np-1,Mira Varden,1988\n", `w.csv:1: unknown column "birthdate": did you mean birth_date?`},
		{"a column like no other", "id,name,colour\np-1,Mira Varden,\n", `w.csv:1: unknown column: known here are id, name,`},
		{"a column twice", "id,name,NAME\np-1,Mira Varden,\n", "w.csv:1: the column name is there twice"},
		{"no column of names", "id,aliases\np-1,Mira Varden\n", "w.csv:1: the column name is missing"},
		{"no header", "p-1,Mira Varden,Mira,1988\n", "w.csv:1: the first line is no header"},
		{"more cells than columns", "id,name\np-1,Varden, Mira\n", "w.csv:2: more cells than columns"},
		{"a cell under no name", "id,name,\np-1,Varden, Mira\n", "w.csv:2: more cells than columns"},
		{"a NUL byte", "id,name\np-1,Mira\np-2,Omar\x00Said\n", "w.csv:3: a NUL byte"},
		{"a month that is none", header + "p-1,Mira Varden,,1988-13-14,,,,,\n", "w.csv:2: birth_date is no date"},
		{"a day that is none", header + "p-1,Mira Varden,,1987-02-29,,,,,\n", "w.csv:2: birth_date is no date"},
		{"a date in another order", header + "p-1,Mira Varden,,14.03.1988,,,,,\n", "w.csv:2: birth_date is no date"},
		{"a year long past", header + "p-1,Mira Varden,,1088,,,,,\n", "w.csv:2: birth_date has a year"},
		{"an unknown country", header + "p-1,Mira Varden,,,ZZ,,,,\n", "w.csv:2: nationalities: no such country"},
		{"a country's name", header + "p-1,Mira Varden,,,MD;Moldova,,,,\n", "w.csv:2: nationalities: no such country"},
		{"the United Kingdom", header + "p-1,Mira Varden,,,uk,,,,\n", "w.csv:2: nationalities: the United Kingdom's code is GB"},
		{"an unknown sex", header + "p-1,Mira Varden,,,,X,,,\n", "w.csv:2: sex: write M or F"},
		{"a name of punctuation", header + "p-1,\"?? - ??\",,,,,,,\n", "w.csv:2: the name has no letter"},
		{"an alias of punctuation", header + "p-1,Mira Varden,Mira V;--,,,,,,\n", "w.csv:2: alias 2 has no letter"},
		{"a name of digits", header + "p-1,12345,,,,,,,\n", "w.csv:2: the name has no letter"},
		{"a name of one letter", header + "p-1,M.,,,,,,,\n", "w.csv:2: the name has one letter only"},
		{"an alias of one letter", header + "p-1,Mira Varden,M.,,,,,,\n", "w.csv:2: alias 1 has one letter only"},
		{"an id twice", header + "p-1,Mira Varden,,,,,,,\n\np-1,Omar Said,,,,,,,\n", "w.csv:4: the same id as on line 2"},
		{"no id", header + ",Mira Varden,,,,,,,\n", "w.csv:2: no id"},
		{"an id with a space", header + "p 1,Mira Varden,,,,,,,\n", "w.csv:2: not an id"},
		{"no name", header + "p-1,,,,,,,,\n", "w.csv:2: no name"},
		{"a field over 4 KiB", header + "p-1,Mira Varden,,,,,,," + long + "\n", "w.csv:2: note is longer than 4 KiB"},
		{"letters lost before", header + "p-1,Mira V\ufffdrden,,,,,,,\n", "w.csv:2: name has unreadable letters"},
		{"an escape character", header + "p-1,Mira\x1b[2J Varden,,,,,,,\n", "w.csv:2: name has control characters"},
		{"bytes that are no UTF-8", header + "p-1,Мира Варден,,,,,,,\np-2,Omar \xff Said,,,,,,,\n", "w.csv:3: unreadable bytes"},
		{"bytes that are nothing", header + "p-1,Mira\xffVarden,,,,,,,\n", "w.csv:2: unreadable bytes"},
		{"a quote never closed", header + "p-1,Mira Varden,,,,,,,\np-2,\"Omar Said,,,,,,,\np-3,Darya Kosten,,,,,,,\n", "w.csv:3: a quote is opened"},
		{"text behind a quote", header + "p-1,\"Mira\" Varden,,,,,,,\n", "w.csv:2: text behind a closing quote"},
		{"a quote that swallows people", header + "p-1,\"Mira Varden,,,,,,,\np-2,Omar Said,,,,,,,\np-3,Height 6'1\",,,,,,,\n", "w.csv:2: name has a whole line of the list in it"},
		{"a header alone", header, "w.csv:1: nobody is on the list"},
		{"a header and empty rows", header + ",,,,,,,,\n\n", "w.csv:1: nobody is on the list"},
		{"an empty file", "", "w.csv:1: the file is empty"},
		{"blank lines alone", "\n \n", "w.csv:1: the file is empty"},
		{"a spreadsheet", "PK\x03\x04\x14", "w.csv:1: a spreadsheet"},
		{"a sealed list", "age-encryption.org/v1\n", "w.csv:1: sealed with age"},
		{"UTF-32", "\xff\xfe\x00\x00i\x00\x00\x00", "w.csv:1: UTF-32"},
	} {
		if got := told(t, "w.csv", c.text); !strings.HasPrefix(got, c.want) || strings.Contains(got, "\n") {
			t.Errorf("%s:\n got %q\nwant %q", c.why, got, c.want)
		}
	}
}

func TestAllMistakesAreToldAtOnceInTheOrderOfTheFile(t *testing.T) {
	got := told(t, "w.csv", header+
		"p-1,Mira Varden,,1988-13-14,XX,Q,,,\n"+
		"p-2,Omar Said,,,,,,,\n"+
		"p-2,,,,,,,,a,b\n"+
		"p-2,--,,,,,,,\n")
	var lines []string
	for l := range strings.SplitSeq(got, "\n") {
		lines = append(lines, l[:strings.Index(l, ": ")])
	}
	if want := []string{"w.csv:2", "w.csv:2", "w.csv:2", "w.csv:4", "w.csv:5", "w.csv:5"}; !reflect.DeepEqual(lines, want) {
		t.Errorf("%v\n%s", lines, got)
	}
	many := told(t, "w.csv", header+strings.Repeat("p-1,--,,,,,,,\n", 1501))
	if n := strings.Count(many, "\n") + 1; n != 1001 || !strings.HasSuffix(many, "w.csv: and 2001 mistakes more") {
		t.Errorf("%d lines, the last %q", n, many[strings.LastIndex(many, "\n")+1:])
	}
}

func TestNoMessageQuotesAValue(t *testing.T) {
	const s = "Zyxwvut"
	var said strings.Builder
	for _, text := range []string{
		"p-1," + s + ",b\n", "name," + s + " " + s + "é\n", s + ",id\n", header + s + " x," + s + " A,--;" + s + "," + s + "," + s + "," + s + ",=" + s + "," + s + ",-" + s + "\n",
		header + s + "," + s + " B,,,,,,,\n" + s + "," + s + " C,,,,,,,," + s + "\n", header + "p-1,\"" + s + "\" " + s + ",,,,,,,\n", header + "p-1,\"" + s + ",,,,,,,\n",
		header + "p-1," + s + "\x00,,,,,,,\n", header + "p-1," + s + "\x1b,,,,,,,\n", header + "p-1," + s + " \xff,,,,,,,\n", header + "p-1," + strings.Repeat(s, 800) + ",,,,,,,\n",
		s + ": {name: x}\n", "- " + s + "\n", "- {" + s + ": 1}\n", "- {name: " + s + ", sex: " + s + ", birth_date: " + s + ", nationalities: [" + s + "]}\n",
		"- name: " + s + "\n " + s + ": 1\n", "- name: [" + s + "\n", "- name: *" + s + "\n", "- &" + s + " name: x\n", "- name: \"" + s + "\n", "- name: {" + s + ": 1}\n", ">" + s + " " + s + "\n", "- name: |" + s + "\n",
	} {
		for _, file := range []string{"w.csv", "w.yaml"} {
			_, warnings, err := Parse(file, strings.NewReader(text), daemon)
			fmt.Fprintln(&said, warnings, err)
		}
	}
	if i := strings.Index(strings.ToLower(said.String()), strings.ToLower(s)); i >= 0 {
		t.Errorf("a value is quoted: …%s", said.String()[max(0, i-80):i+20])
	}
	if strings.Count(said.String(), "w.csv:") < 20 {
		t.Errorf("too little was refused to tell:\n%s", said.String())
	}
}

// same is what every spelling of one list in the tests must give.
var same = []Person{
	{ID: "p-1", Name: "Mira Varden", Aliases: []string{"M. Varden", "Мира Варден"}, BirthDate: tocsin.Date{Year: 1988, Month: 3}, Nationalities: []string{"MD", "XK"}, Sex: "F"},
	{ID: "p-2", Name: "龍"},
}

func TestCSVAsProgramsAndPeopleWriteIt(t *testing.T) {
	for _, c := range []struct{ why, text string }{
		{"as the contract has it", "id,name,aliases,birth_date,nationalities,sex\np-1,Mira Varden,M. Varden;Мира Варден,1988-03,MD;XK,F\np-2,龍,,,,\n"},
		{"a byte order mark", "\ufeffid,name,aliases,birth_date,nationalities,sex\np-1,Mira Varden,M. Varden;Мира Варден,1988-03,MD;XK,F\np-2,龍,,,,\n"},
		{"semicolons", "id;name;aliases;birth_date;nationalities;sex\np-1;Mira Varden;\"M. Varden;Мира Варден\";1988-03;\"MD;XK\";F\np-2;龍;;;;\n"},
		{"tabs", "id\tname\taliases\tbirth_date\tnationalities\tsex\np-1\tMira Varden\tM. Varden;Мира Варден\t1988-03\tMD;XK\tF\np-2\t龍\t\t\t\t\n"},
		{"Excel's own line", "sep=;\nid;name;aliases;birth_date;nationalities;sex\np-1;Mira Varden;\"M. Varden;Мира Варден\";1988-03;\"MD;XK\";F\np-2;龍\n"},
		{"CR LF, no end of the last line", "id,name,aliases,birth_date,nationalities,sex\r\np-1,Mira Varden,M. Varden;Мира Варден,1988-03,MD;XK,F\r\np-2,龍,,,,"},
		{"CR alone", "id,name,aliases,birth_date,nationalities,sex\rp-1,Mira Varden,M. Varden;Мира Варден,1988-03,MD;XK,F\rp-2,龍,,,,\r"},
		{"another order, any case, blanks", " Sex ,NAME,Nationalities, birth_date ,aliases,ID\nf, Mira  Varden , md ; xk;MD,1988/03,;M. Varden; Мира Варден;,p-1\nu,龍,,,,p-2\n"},
		{"quotes everywhere, blanks around them", "\"id\", \"name\" ,\"aliases\",\"birth_date\",\"nationalities\",\"sex\"\n\"p-1\", \"Mira\nVarden\" ,\"M. Varden;Мира Варден\",\"1988-03\",\"MD;XK\",\"F\"\n\"p-2\",\"龍\"\n"},
		{"empty lines and columns", "\nid,name,aliases,birth_date,nationalities,sex,,\n,,,,,,,\np-1,Mira Varden,M. Varden;Мира Варден,1988-03,MD;XK,F,,\n\n   \np-2,龍,,,,,,,,,,\n,,,\n"},
	} {
		l, warnings := mustParse(t, "w.csv", c.text)
		if !reflect.DeepEqual(l.People, same) || len(warnings) > 0 {
			t.Errorf("%s: %+v, warnings %v", c.why, l.People, warnings)
		}
	}
}

func TestAQuoteInsideACellIsAQuote(t *testing.T) {
	l, _ := mustParse(t, "w.csv", "id,name,note\np-1,Omar \"Lark\" Said,\"he says \"\"hello\"\"\"\n")
	if p := l.People[0]; p.Name != `Omar "Lark" Said` || p.Note != `he says "hello"` {
		t.Errorf("%+v", p)
	}
}

func TestARecordStandsOnItsFirstLine(t *testing.T) {
	for _, end := range []string{"\n", "\r\n", "\r"} {
		text := strings.ReplaceAll("id,name,note\np-1,Mira Varden,\"one\ntwo\n\nfour\"\np-2,Omar Said,\"a\nb\"\np-1,Darya Kosten,\"x\ny\"\n", "\n", end)
		if got := told(t, "w.csv", text); !strings.HasPrefix(got, "w.csv:8: the same id as on line 2") {
			t.Errorf("%q: %s", end, got)
		}
	}
	l, _ := mustParse(t, "w.csv", "id,name,note\np-1,Mira Varden,\"one\ntwo\"\n")
	if l.People[0].Note != "one\ntwo" {
		t.Errorf("%q", l.People[0].Note)
	}
}

func TestWhatIsTakenWithAWarning(t *testing.T) {
	for _, c := range []struct{ why, text, want, name string }{
		{"a formula", "id,name\np-1,=Mira Varden\n", "w.csv:2: name begins with =", "=Mira Varden"},
		{"a plus", "id,name\np-1, +Mira Varden\n", "w.csv:2: name begins with +", "+Mira Varden"},
		{"a minus", "id,name\np-1,\"-Mira Varden\"\n", "w.csv:2: name begins with -", "-Mira Varden"},
		{"an at sign", "id,name\np-1,@Mira Varden\n", "w.csv:2: name begins with @", "@Mira Varden"},
		{"a formula in a note", "id,name,note\np-1,Mira Varden,=1+1\n", "w.csv:2: note begins with =", "Mira Varden"},
		{"aliases on lines", "id,name,aliases\np-1,Mira Varden,\"Mira V\nMira I\"\n", "w.csv:2: a line break within aliases", "Mira Varden"},
		{"an id that tells", "id,name\nvarden-1,Mira Varden\n", "w.csv:2: the id has a part of the name", "Mira Varden"},
	} {
		l, warnings := mustParse(t, "w.csv", c.text)
		if len(warnings) != 1 || !strings.HasPrefix(warnings[0].String(), c.want) || l.People[0].Name != c.name {
			t.Errorf("%s: %v, %+v", c.why, warnings, l.People)
		}
	}
}

func TestWithoutRequireIDsAnIDMayBeMissing(t *testing.T) {
	l, _, err := Parse("w.csv", strings.NewReader("name\nMira Varden\nOmar Said\n"), Options{})
	if err != nil || len(l.People) != 2 || l.People[1].Name != "Omar Said" || l.People[1].ID != "" {
		t.Errorf("%+v, %v", l, err)
	}
}

func BenchmarkAHundredThousandPeople(b *testing.B) {
	var csv, yaml strings.Builder
	csv.WriteString(header)
	for i := range 100_000 {
		fmt.Fprintf(&csv, "p-%d,Mira Varden,Мира Варден;Mira V,1988-03-14,MD;UA,F,HERON,north,some note or other\n", i)
		fmt.Fprintf(&yaml, "- id: p-%d\n  name: Mira Varden\n  aliases: [Мира Варден, Mira V]\n  birth_date: 1988-03-14\n", i)
	}
	for name, text := range map[string]string{"w.csv": csv.String(), "w.yaml": yaml.String()} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				mustParse(b, name, text)
			}
		})
	}
}
