package match

import "testing"

func TestAGivenNameThatEndsInSMakesNoBalticNominative(t *testing.T) {
	for name, want := range map[string]bool{"Jonis Vardens": true, "Hans Vardens": false, "Vardens Georgios": false, "Mira Vardens": false} {
		if got := baltic(partsOf(western, tokenise(name))); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// A servant of God tells as little in Arabic letters as in Latin ones.
func TestServantsThatVeryManyAreNamedWeighLessInArabicLetters(t *testing.T) {
	weight := func(name string) float64 { return arabicForms(name, 0)[0].parts[1].weight }
	rare := weight("سمير عبد القهار")
	for _, name := range []string{"سمير عبد الله", "سمير عبدالله", "سمير عبد الرحيم", "سمير عبد الرحمن", "سمير عبدالعزیز"} {
		if w := weight(name); w > 0.75*rare {
			t.Errorf("%s weighs %v, a rare one %v", name, w, rare)
		}
	}
}
