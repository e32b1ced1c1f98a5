package watchlist

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tocsin"
)

var testKey = func() Key {
	k, err := ParseKey(strings.Repeat("5a", 32))
	if err != nil {
		panic(err)
	}
	return k
}()

func mira() Person {
	return Person{
		ID: "p-017", Name: "Mira Varden", Aliases: []string{"Mira Ilse Varden", "Мира Варден"}, BirthDate: tocsin.Date{Year: 1988, Month: 3, Day: 14},
		Nationalities: []string{"MD", "UA"}, Sex: "F", Codename: "HERON", Tags: []string{"north"}, Note: "n",
	}
}

func TestAnEditOfWhatAMatchRestsOnChangesTheFingerprint(t *testing.T) {
	was := mira().Fingerprint(testKey)
	seen := map[string]string{was: "unchanged"}
	for _, c := range []struct {
		what string
		edit func(*Person)
	}{
		{"id", func(p *Person) { p.ID = "p-018" }},
		{"name", func(p *Person) { p.Name = "Mira Vardin" }},
		{"an alias", func(p *Person) { p.Aliases[1] = "Мира Вардин" }},
		{"an alias more", func(p *Person) { p.Aliases = append(p.Aliases, "Mira") }},
		{"an alias less", func(p *Person) { p.Aliases = p.Aliases[:1] }},
		{"aliases in another order, which reasons count", func(p *Person) { slices.Reverse(p.Aliases) }},
		{"two aliases made one", func(p *Person) { p.Aliases = []string{"Mira Ilse VardenМира Варден"} }},
		{"a letter moved to the next alias", func(p *Person) { p.Aliases = []string{"Mira Ilse VardenМ", "ира Варден"} }},
		{"the name moved into the aliases", func(p *Person) { p.Name, p.Aliases = "", append([]string{p.Name}, p.Aliases...) }},
		{"birth day", func(p *Person) { p.BirthDate.Day = 15 }},
		{"birth day unknown", func(p *Person) { p.BirthDate.Day = 0 }},
		{"birth date unknown", func(p *Person) { p.BirthDate = tocsin.Date{} }},
		{"a nationality", func(p *Person) { p.Nationalities[1] = "RU" }},
		{"a nationality less", func(p *Person) { p.Nationalities = p.Nationalities[:1] }},
		{"sex", func(p *Person) { p.Sex = "M" }},
		{"sex unknown", func(p *Person) { p.Sex = "" }},
		{"sex moved into the nationalities", func(p *Person) { p.Sex, p.Nationalities = "", append(p.Nationalities, "F") }},
	} {
		p := mira()
		c.edit(&p)
		print := p.Fingerprint(testKey)
		if as, ok := seen[print]; ok {
			t.Errorf("%s: the fingerprint is the same as with %s", c.what, as)
		}
		seen[print] = c.what
	}
}

// Values that move from one field to the next stay apart by the counts of lists.
func TestFieldsCannotRunIntoEachOther(t *testing.T) {
	a := Person{Aliases: []string{"1988"}, BirthDate: tocsin.Date{Year: 1990}}
	b := Person{BirthDate: tocsin.Date{Year: 1988}, Nationalities: []string{"1990"}}
	if a.Fingerprint(testKey) == b.Fingerprint(testKey) {
		t.Error("two entries, one fingerprint")
	}
}

func TestAnEditOfWhatIsToldNeedsNoNewScreening(t *testing.T) {
	p := mira()
	p.Codename, p.Tags, p.Note = "WREN", nil, "other"
	slices.Reverse(p.Nationalities)
	if p.Fingerprint(testKey) != mira().Fingerprint(testKey) {
		t.Error("codename, tags, note or the order of nationalities changes the fingerprint")
	}
	if p.Nationalities[0] != "UA" {
		t.Error("making a fingerprint changed the person")
	}
}

func TestAFingerprintNeedsTheKey(t *testing.T) {
	other, err := ParseKey(strings.Repeat("5b", 32))
	if err != nil {
		t.Fatal(err)
	}
	if mira().Fingerprint(testKey) == mira().Fingerprint(other) {
		t.Error("two keys, one fingerprint")
	}
	defer func() {
		if recover() == nil {
			t.Error("the zero Key makes fingerprints")
		}
	}()
	mira().Fingerprint(Key{})
}

func TestTheRevisionIsThePeopleInAnyOrder(t *testing.T) {
	a, b := mira(), mira()
	b.ID = "p-018"
	l := &List{People: []Person{a, b}}
	was := l.Revision(testKey)
	if (&List{People: []Person{b, a}}).Revision(testKey) != was {
		t.Error("the order of people changes the revision")
	}
	b.Name = "Mira Vardin"
	for what, other := range map[string][]Person{"an edit": {a, b}, "one less": {a}, "one twice": {a, a}, "nobody": nil} {
		if (&List{People: other}).Revision(testKey) == was {
			t.Errorf("%s keeps the revision", what)
		}
	}
	if l.Revision(testKey) == a.Fingerprint(testKey) {
		t.Error("a revision passes for a fingerprint")
	}
}

func TestAContentDigestIsTheBytesAndTheKey(t *testing.T) {
	l, _ := mustParse(t, "watchlist.csv", Sample)
	want := testKey.ContentDigest([]byte(Sample))
	if got := l.ContentDigest(testKey); got != want || len(want) != 64 {
		t.Errorf("%q, want %q", got, want)
	}
	if testKey.ContentDigest([]byte(Sample+"\n")) == want {
		t.Error("a byte more, the same digest")
	}
	other, err := ParseKey(strings.Repeat("5b", 32))
	if err != nil {
		t.Fatal(err)
	}
	if l.ContentDigest(other) == want {
		t.Error("another key, the same digest")
	}
	if (&List{People: l.People}).ContentDigest(testKey) != "" {
		t.Error("a list from no file has a digest")
	}
}

func TestAKeyIsMadeOnceForItsOwnerAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tocsin.key")
	if _, err := LoadKey(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	made, err := CreateKey(path)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	before, err := os.ReadFile(path)
	if err != nil || len(before) != 65 {
		t.Errorf("%d bytes, %v", len(before), err)
	}
	if _, err := CreateKey(path); !errors.Is(err, fs.ErrExist) {
		t.Errorf("made again: %v", err)
	}
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the key was replaced, %v", err)
	}
	loaded, err := LoadKey(path)
	if err != nil || mira().Fingerprint(loaded) != mira().Fingerprint(made) {
		t.Errorf("another key came back, %v", err)
	}
	second, err := CreateKey(path + "2")
	if err != nil || mira().Fingerprint(second) == mira().Fingerprint(made) {
		t.Errorf("two keys are one, %v", err)
	}
}

func TestWhatIsNoKeyIsRefusedAndNotShown(t *testing.T) {
	for _, s := range []string{"", "5a", strings.Repeat("5a", 31), strings.Repeat("5a", 33), strings.Repeat("5g", 32)} {
		if _, err := ParseKey(s); err == nil || s != "" && strings.Contains(err.Error(), s) {
			t.Errorf("%q: %v", s, err)
		}
	}
	path := filepath.Join(t.TempDir(), "k")
	if err := os.WriteFile(path, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadKey(path); err == nil || strings.Contains(err.Error(), "secret") || !strings.Contains(err.Error(), path) {
		t.Errorf("%v", err)
	}
}

func TestAKeyIsNeverPrinted(t *testing.T) {
	type holder struct{ key Key }
	text := ""
	for _, verb := range []string{"%v", "%+v", "%#v", "%x", "%s", "%d", "%q"} {
		text += fmt.Sprintf(verb, testKey) + fmt.Sprintf(verb, holder{testKey})
	}
	b, err := json.Marshal(struct{ K Key }{testKey})
	if err != nil {
		t.Fatal(err)
	}
	text += string(b)
	for _, part := range []string{"5a5a", "5A5A", "ZZZ", "90 90", "0x5a, 0x5a"} {
		if strings.Contains(text, part) {
			t.Errorf("the key is printed: %s", text)
		}
	}
}
