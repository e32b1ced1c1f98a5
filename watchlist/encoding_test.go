package watchlist

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
)

func toUTF16(order binary.AppendByteOrder, s string) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = order.AppendUint16(b, u)
	}
	return string(b)
}

func TestUTF16WithAndWithoutItsMark(t *testing.T) {
	const text = "id,name\r\np-1,Мира Варден\r\np-2,林家豪\r\np-3,𠮷田 Kosten\r\n"
	for why, data := range map[string]string{
		"little, marked": toUTF16(binary.LittleEndian, "\ufeff"+text), "little": toUTF16(binary.LittleEndian, text),
		"big, marked": toUTF16(binary.BigEndian, "\ufeff"+text), "big": toUTF16(binary.BigEndian, text),
	} {
		l, warnings := mustParse(t, "w.csv", data)
		if len(l.People) != 3 || l.People[0].Name != "Мира Варден" || l.People[1].Name != "林家豪" || l.People[2].Name != "𠮷田 Kosten" || len(warnings) > 0 {
			t.Errorf("%s: %+v, %v", why, l.People, warnings)
		}
	}
	yaml, _ := mustParse(t, "w.yaml", toUTF16(binary.LittleEndian, "\ufeff- {id: p-1, name: Мира Варден}\n"))
	if yaml.People[0].Name != "Мира Варден" {
		t.Errorf("YAML: %+v", yaml.People)
	}
}

func TestBrokenUTF16IsRefusedWithItsLine(t *testing.T) {
	whole := toUTF16(binary.LittleEndian, "\ufeffid,name\r\np-1,Mira Varden\r\np-2,Omar Said")
	if got := told(t, "w.csv", whole+"\x00"); !strings.HasPrefix(got, "w.csv:3: unreadable bytes") {
		t.Errorf("half a unit: %q", got)
	}
	if got := told(t, "w.csv", strings.Replace(whole, "M\x00", "\x00\xd8", 1)); !strings.HasPrefix(got, "w.csv:2: unreadable bytes") {
		t.Errorf("half a pair: %q", got)
	}
	if got := told(t, "w.csv", strings.Replace(whole, "O\x00", "\x00\x00", 1)); !strings.HasPrefix(got, "w.csv:3: a NUL byte") {
		t.Errorf("a NUL: %q", got)
	}
}

// Lists as they come out of spreadsheets on the machines of the people who keep
// them. Two lines are enough to tell; what the alphabets share goes to the wider
// used encoding, with a warning either way.
func TestOtherEncodingsAreDetected(t *testing.T) {
	for _, c := range []struct {
		name     string
		encoding encoding.Encoding
		names    []string
	}{
		{"GB18030", simplifiedchinese.GB18030, []string{"林家豪", "王小明"}},
		{"GB18030", simplifiedchinese.GB18030, []string{"多力坤·艾沙"}},
		{"GB18030", simplifiedchinese.GB18030, []string{"林家豪", "張國榮", "ئىلھام"}},
		{"GB18030", simplifiedchinese.GBK, []string{"古丽娜尔", "热依汗"}},
		{"windows-1251", charmap.Windows1251, []string{"Мира Варден"}},
		{"windows-1251", charmap.Windows1251, []string{"Дар'я Костен", "Їжак Євген", "Ольга"}},
		{"windows-1251", charmap.Windows1251, []string{"МИРА ВАРДЕН", "ОЛЕГ"}},
		{"windows-1251", charmap.Windows1251, []string{"Марі Сіра"}}, // ideographs too, but rare ones
		{"windows-1252", charmap.Windows1252, []string{"José Peña"}},
		{"windows-1252", charmap.Windows1252, []string{"François Müller", "Søren Ågaard"}},
		{"windows-1252", charmap.Windows1252, []string{"JOSÉ PEÑA"}},
		{"windows-1252", charmap.Windows1252, []string{"Mira D’Arden", "Zoë"}},
		{"windows-1250", charmap.Windows1250, []string{"Zdeněk Dvořák", "Łukasz Żak"}},
		{"windows-1250", charmap.Windows1250, []string{"Mirosław Wałęga"}},
		{"windows-1254", charmap.Windows1254, []string{"Ayşe Yıldız", "İbrahim Şahin"}},
		{"windows-1256", charmap.Windows1256, []string{"محمد سعيد", "عمر"}},
		{"windows-1253", charmap.Windows1253, []string{"Μαρία Κωστή", "Παύλος Βαρδένης"}},
		{"windows-1253", charmap.Windows1253, []string{"ΠΑΥΛΟΣ ΒΑΡΔΕΝΗΣ"}}, // Cyrillic too, but nobody could say it
		{"windows-1255", charmap.Windows1255, []string{"מירה ורדן", "עומר"}},
	} {
		text := "id,name\n"
		for i, n := range c.names {
			text += fmt.Sprintf("p-%d,%s\n", i, n)
		}
		data, err := c.encoding.NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		l, warnings, err := Parse("w.csv", strings.NewReader(data), daemon)
		if err != nil {
			t.Errorf("%s %v: %v", c.name, c.names, err)
			continue
		}
		if len(warnings) != 1 || !strings.HasPrefix(warnings[0].String(), "w.csv:2: not UTF-8: read as "+c.name) {
			t.Errorf("%v: %v", c.names, warnings)
		}
		for i, p := range l.People {
			if p.Name != c.names[i] {
				t.Errorf("%s: %s was read as %s", c.name, c.names[i], p.Name)
			}
		}
	}
}

func TestDamagedUTF8IsNotReadAsAnotherEncoding(t *testing.T) {
	for why, rows := range map[string]string{
		"one letter cut":               "p-1,Мира Варден\np-2,林家\xe8\xb1\n",
		"pasted from another encoding": "p-1,Мира Варден\np-2,Jos\xe9\n",
		"the last letter cut":          "p-1,Mira\np-2,\xd0\x9c\xd0\xb8\xd1\x80\xd0\n",
	} {
		if got := told(t, "w.csv", "id,name\n"+rows); !strings.HasPrefix(got, "w.csv:3: unreadable bytes: the rest of the file is UTF-8") {
			t.Errorf("%s: %q", why, got)
		}
	}
	if got := told(t, "w.csv", "\ufeffid,name\np-1,Mira\np-2,Jos\xe9\n"); !strings.HasPrefix(got, "w.csv:3: unreadable bytes") {
		t.Errorf("with a mark it is UTF-8: %q", got)
	}
}

func TestBytesThatMakeNoNamesAreRefused(t *testing.T) {
	for why, name := range map[string]string{
		"signs":                    "Mir\xb5 \xa4ard",
		"two bytes of some script": "Mira \xff\xfe",
		"a letter of none":         "Mira\xffVarden",
		"half a pair":              "Mira \xc3(",
	} {
		if got := told(t, "w.csv", "id,name\np-1,Mira\np-2,"+name+"\n"); !strings.HasPrefix(got, "w.csv:3: unreadable bytes: neither UTF-8") {
			t.Errorf("%s: %q", why, got)
		}
	}
}

// The encoding is told by the whole of a file, not by its beginning.
func TestALateLetterIsReadToo(t *testing.T) {
	var b bytes.Buffer
	b.WriteString("id,name\n")
	for i := range 20_000 {
		fmt.Fprintf(&b, "p-%d,Mira Varden\n", i)
	}
	b.WriteString("p-x,\xcc\xe8\xf0\xe0 \xc2\xe0\xf0\xe4\xe5\xed\n")
	l, warnings := mustParse(t, "w.csv", b.String())
	if len(warnings) != 1 || warnings[0].Line != 20_002 || l.People[20_000].Name != "Мира Варден" {
		t.Errorf("%v, %q", warnings, l.People[20_000].Name)
	}
}
