package match

import "testing"

// More agreement never lowers a score only while each weight has the sign of what
// its feature says.
func TestEachWeightHasTheSignOfItsFeature(t *testing.T) {
	speaksFor := map[int]bool{fMatched: true, fMatched2: true, fFull: true, fClean: true, fThree: true, fInitialClean: true}
	for i := fBias + 1; i < featureCount; i++ {
		if w := weights[i]; speaksFor[i] && w < 0 || !speaksFor[i] && w > 0 {
			t.Errorf("feature %d weighs %v", i, w)
		}
	}
}
