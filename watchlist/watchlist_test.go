package watchlist

import (
	"reflect"
	"strings"
	"testing"

	"tocsin"
)

const header = "id,name,aliases,birth_date,nationalities,sex,codename,tags,note\n"

var daemon = Options{RequireIDs: true}

// mustParse parses a file that is right.
func mustParse(t testing.TB, name, text string) (*List, []Problem) {
	t.Helper()
	l, warnings, err := Parse(name, strings.NewReader(text), daemon)
	if err != nil {
		t.Fatalf("%s is refused: %v", name, err)
	}
	return l, warnings
}

func TestTheSampleIsRightAndWarnsOfNothing(t *testing.T) {
	l, warnings := mustParse(t, "watchlist.csv", Sample)
	if len(warnings) > 0 {
		t.Errorf("warnings: %v", warnings)
	}
	want := Person{
		ID: "p-044", Name: "林家豪", Aliases: []string{"Lin Jiahao", "Lam Ka Ho"}, BirthDate: tocsin.Date{Year: 1990}, Nationalities: []string{"CN", "HK"},
		Sex: "M", Codename: "WREN", Tags: []string{"east"}, Note: "a year, or a year and month, will do as birth date",
	}
	if len(l.People) != 4 || !reflect.DeepEqual(l.People[1], want) {
		t.Errorf("got %+v", l.People)
	}
}

func TestInitials(t *testing.T) {
	for _, c := range []struct{ why, name, want string }{
		{"two parts", "Mira Varden", "M. V."},
		{"small letters", "mira varden", "M. V."},
		{"family name first", "VARDEN, Mira", "V. M."},
		{"a hyphen joins", "Anna-Maria Kosten", "A. K."},
		{"a particle is a part", "Jan van der Veld", "J. V. D. V."},
		{"a nickname in quotes", `Omar "Lark" Said`, "O. L. S."},
		{"what has no letter is no part", "Mira 2 — Varden", "M. V."},
		{"one part", "Mira", "M."},
		{"Cyrillic", "Мира Варден", "М. В."},
		{"Arabic", "عمر سعيد", "ع. س."},
		{"a letter and its accent are one", "E\u0301mile Za", "E\u0301. Z."},
		{"a syllable with its vowel sign is one", "मीरा वर्देन", "मी. व."},
		{"Han in one piece: the first alone", "林家豪", "林."},
		{"Han in parts: the first alone", "多力坤·艾沙", "多."},
		{"Hangul in parts: the first alone", "김 민준", "김."},
		{"every letter would be shown: the first alone", "김 구", "김."},
		{"every letter would be shown, Latin", "X Y", "X."},
		{"one letter is the whole name", "龍", ""},
		{"no letters", "--", ""},
		{"nothing", "", ""},
	} {
		if got := (Person{Name: c.name}).Initials(); got != c.want {
			t.Errorf("%s: %q, want %q", c.why, got, c.want)
		}
	}
}

func TestIDsAreSafeToStoreLogAndPutIntoAddresses(t *testing.T) {
	for _, id := range []string{"p-017", "7", "A", "2024:17", "a_b.c-d", strings.Repeat("x", 64)} {
		if !ValidID(id) {
			t.Errorf("%q is refused", id)
		}
	}
	for _, id := range []string{"", "-c", ".hidden", "a b", "a/b", "..", "a\n", "p\x1b[31m", "мира", "a;b", "a,b", `a"b`, "<!here>", strings.Repeat("x", 65)} {
		if ValidID(id) {
			t.Errorf("%q is accepted", id)
		}
	}
}
