package tocsin

import "testing"

func TestEveryAssignedCountryCodeHasAName(t *testing.T) {
	if n := len(countryNames); n != 250 {
		t.Errorf("%d codes, want the 249 of ISO 3166-1 and XK", n)
	}
	for code, want := range map[string]string{"MD": "Moldova", "XK": "Kosovo", "NO": "Norway", "md": "", "UNK": "", "ZZ": "", "": ""} {
		if got := CountryName(code); got != want {
			t.Errorf("CountryName(%q) = %q, want %q", code, got, want)
		}
	}
	for code, name := range countryNames {
		if CountryNamed(name) != code {
			t.Errorf("CountryNamed(%q) = %q, want %q", name, CountryNamed(name), code)
		}
	}
	if got := CountryNamed("Atlantis"); got != "" {
		t.Errorf("CountryNamed of no country = %q", got)
	}
}
