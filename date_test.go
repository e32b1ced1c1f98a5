package tocsin

import "testing"

func TestParseDateReadsWhatListsWriteAndNothingElse(t *testing.T) {
	good := map[string]string{
		"": "", "1988": "1988", "1988-03": "1988-03", "1988/03/14": "1988-03-14", " 1988-03-14 ": "1988-03-14", "2000-02-29": "2000-02-29",
	}
	for in, want := range good {
		d, err := ParseDate(in)
		if err != nil || d.String() != want {
			t.Errorf("ParseDate(%q) = %v, %v; want %s", in, d, err, want)
		}
	}
	for _, in := range []string{"88", "1988-13", "1988-02-30", "1988-3-4", "14.03.1988", "1988-03-14-01", "0000", "1988-00-10", "abcd"} {
		if d, err := ParseDate(in); err == nil {
			t.Errorf("ParseDate(%q) = %v; want an error", in, d)
		}
	}
}

func TestAccountsOfABirthDateAgreeOrSayAsMuchAsTheyDo(t *testing.T) {
	for _, c := range []struct {
		of   []string
		want string
	}{
		{nil, ""},
		{[]string{"1971-02-03"}, "1971-02-03"},
		{[]string{"1971", "1971-02-03", "1971-02"}, "1971-02-03"},
		{[]string{"1971-02-03", "1971-02-04"}, "1971"},
		{[]string{"1971-01", "1971-02-03", "1971-01-05"}, "1971"}, // in any order
		{[]string{"1971-01-05", "1971-02-03", "1971-01"}, "1971"},
		{[]string{"1971", "1972-01-01"}, ""},
		{[]string{"1972-01-01", "1972-02-02", "1971"}, ""},
	} {
		var dates []Date
		for _, s := range c.of {
			d, err := ParseDate(s)
			if err != nil {
				t.Fatal(err)
			}
			dates = append(dates, d)
		}
		if got := AgreedDate(dates).String(); got != c.want {
			t.Errorf("%v agree in %q, want %q", c.of, got, c.want)
		}
	}
}
