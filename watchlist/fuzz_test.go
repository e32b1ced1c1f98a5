package watchlist

import (
	"errors"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// planted is a name that no message of ours could hold by chance.
const planted = "Qzxwvq"

// FuzzParse plants a name into a file of any making: nothing panics, nothing said
// about the file holds the name, and a list that is accepted is fit for use.
func FuzzParse(f *testing.F) {
	for _, text := range []string{
		Sample, strings.ReplaceAll(Sample, ",", ";"), header + "p-1,\"a\"\"b\r\nc\",x;y,1990,MD,F,,,=1\n", "name\nab\n", "sep=\t\nid\tname\np-1\tab\n",
		"- {id: p-1, name: ab, aliases: [cd, ef], birth_date: 1990}\n", "people:\n  - id: p-1\n    name: ab\n", "\xff\xfei\x00d\x00", header + "p-1,\xcc\xe8\xf0\xe0,,,,,,,\n",
		header + "p-1,\"ab,,,,,,,\np-2,cd,,,,,,,\n", "name,x\nab,\x00\n",
	} {
		for at := 0; at < len(text); at += 17 {
			f.Add([]byte(text), uint16(at), false, true)
			f.Add([]byte(text), uint16(at), true, false)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte, at uint16, yaml, ids bool) {
		name := "w.csv"
		if yaml {
			name = "w.yaml"
		}
		i := int(at) % (len(data) + 1)
		text := string(data[:i]) + planted + " " + planted + string(data[i:])
		l, warnings, err := Parse(name, strings.NewReader(text), Options{RequireIDs: ids})
		said := ""
		for _, w := range warnings {
			said += w.String() + "\n"
		}
		if err != nil {
			said += err.Error()
			var e *Errors
			if !errors.As(err, &e) || len(e.Problems) == 0 || l != nil {
				t.Fatalf("%T with list %v", err, l != nil)
			}
			for _, p := range e.Problems {
				if p.File != name || p.Line < 0 || p.Column < 0 || p.Message == "" {
					t.Errorf("%+v", p)
				}
			}
		}
		if strings.Contains(strings.ToLower(said), strings.ToLower(planted)) && !headed(text) {
			t.Errorf("a value is quoted: %s", said)
		}
		if !utf8.ValidString(said) {
			t.Errorf("messages that are no text: %q", said)
		}
		if err == nil {
			holds(t, l, ids)
		}
	})
}

// headed reports whether the planted name stands on a line with the word name,
// where it may be a column's, and those are quoted.
func headed(text string) bool {
	for line := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '\r' || r == '\n' }) {
		if strings.Contains(strings.ToLower(line), "name") && strings.Contains(line, planted) {
			return true
		}
	}
	return false
}

// holds checks what a list that was accepted promises.
func holds(t *testing.T, l *List, ids bool) {
	t.Helper()
	if len(l.People) == 0 {
		t.Error("nobody is on the list")
	}
	seen := map[string]bool{}
	prints := map[string]bool{}
	for _, p := range l.People {
		if ids && p.ID == "" || p.ID != "" && (!ValidID(p.ID) || seen[p.ID]) {
			t.Errorf("the id %q", p.ID)
		}
		seen[p.ID] = true
		prints[p.Fingerprint(testKey)] = true
		if p.Sex != "" && p.Sex != "M" && p.Sex != "F" {
			t.Errorf("the sex %q", p.Sex)
		}
		for _, n := range append([]string{p.Name}, p.Aliases...) {
			if strings.IndexFunc(n, unicode.IsLetter) < 0 || strings.TrimSpace(n) != n || len(n) > maxField || !utf8.ValidString(n) {
				t.Errorf("the name %q", n)
			}
			if strings.IndexFunc(n, unicode.IsControl) >= 0 {
				t.Errorf("a control character in %q", n)
			}
		}
		if in := p.Initials(); in != "" && in == p.Name {
			t.Errorf("the initials of %q are all of it", p.Name)
		}
	}
	if ids && len(prints) != len(l.People) {
		t.Error("two people, one fingerprint")
	}
}
