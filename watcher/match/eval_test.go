package match_test

import (
	"os"
	"path/filepath"
	"testing"

	"tocsin/watcher/match"
)

func data(t testing.TB, name string) *os.File {
	dir := os.Getenv("TOCSIN_DATA")
	if dir == "" {
		t.Skip("TOCSIN_DATA is not set: no labelled pairs to measure on")
	}
	f, err := os.Open(filepath.Join(dir, "names", name))
	if err != nil {
		t.Skipf("no labelled pairs: %v", err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestFiguresOnLabelledPairs(t *testing.T) {
	rep, err := match.Evaluate(data(t, "dev.tsv"), match.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if os.Getenv("STRANGERS") != "" {
		s, err := match.Strangers(data(t, "dev.tsv"), data(t, "population.tsv.gz"), match.Options{})
		if err != nil {
			t.Fatal(err)
		}
		rep.Strangers = &s
	}
	t.Log("\n" + rep.String())
}
