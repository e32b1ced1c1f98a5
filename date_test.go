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
