package interpol_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"tocsin"
	"tocsin/sim"
	"tocsin/watcher/source"
	"tocsin/watcher/source/interpol"
)

// service is a local notices service with rows, closed with the test.
func service(t testing.TB, o sim.Options, rows ...sim.Row) *sim.Notices {
	t.Helper()
	n := sim.NewNotices(o)
	n.Publish(rows...)
	if err := n.Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { n.Close() })
	return n
}

// reader reads a local service's list without pacing.
func reader(t testing.TB, n *sim.Notices, color string, now func() time.Time) (*interpol.Source, *source.Pacer) {
	t.Helper()
	f, err := source.NewFetcher(source.FetchOptions{UserAgent: "tocsin-test", Timeout: 10 * time.Second, Own: n.URL()})
	if err != nil {
		t.Fatal(err)
	}
	p := source.NewPacer(source.PaceOptions{Seed: 1, BackoffMax: time.Nanosecond, Now: now})
	s, err := interpol.New(interpol.Options{ID: "list", URL: n.URL(), Color: color, Fetcher: f, Pacer: p, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return s, p
}

// sweep sweeps once, with the state as the ledger keeps it.
func sweep(t testing.TB, s *interpol.Source, st interpol.State, h interpol.Hooks) (tocsin.Snapshot, interpol.State) {
	t.Helper()
	kept, err := json.Marshal(st)
	if err != nil {
		t.Fatal(err)
	}
	st = interpol.State{}
	if err := json.Unmarshal(kept, &st); err != nil {
		t.Fatal(err)
	}
	snap, next, err := s.Sweep(context.Background(), st, h)
	if err != nil {
		t.Fatal(err)
	}
	return snap, next
}

// lists are those that the figures are held on: saved ones with rows that lack
// fields added, and fictional ones.
func lists(t *testing.T) map[string][]sim.Row {
	out := map[string][]sim.Row{"fictional 7000": append(sim.People(3, 7000), sim.NullRows(4, 14)...)}
	dir := os.Getenv("TOCSIN_DATA")
	if dir == "" {
		t.Log("TOCSIN_DATA is not set: saved lists are left out")
		return out
	}
	files, err := filepath.Glob(filepath.Join(dir, "interpol", "snapshots", "*.ndjson.gz"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		rows, err := sim.LoadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if len(rows) < 5000 {
			continue
		}
		nulls := sim.NullRows(11, 14)
		for i := range nulls {
			nulls[i].Color = rows[0].Color
		}
		out[filepath.Base(f)] = sim.Fill(7, append(rows, nulls...))
	}
	return out
}

func TestASweepSeesEveryRowAtAFewTimesTheLeastRequests(t *testing.T) {
	unlessRaced(t)
	if testing.Short() {
		t.Skip("whole lists take long")
	}
	for name, rows := range lists(t) {
		for _, c := range []struct {
			patterns      sim.Patterns
			first, steady float64
		}{{sim.PatternsFull, 9, 1.45}, {sim.PatternsNoAlternation, 9, 1.8}, {sim.PatternsPlainAlternates, 9, 1.8}} {
			t.Run(name+" "+string(c.patterns), func(t *testing.T) {
				n := service(t, sim.Options{Patterns: c.patterns, LogLimit: 1}, rows...)
				s, _ := reader(t, n, rows[0].Color, nil)
				floor := float64((n.Len() + 159) / 160)
				snap, st := sweep(t, s, interpol.State{}, interpol.Hooks{})
				wholly(t, n, snap)
				first := float64(snap.Requests) / floor
				snap, st = sweep(t, s, st, interpol.Hooks{})
				wholly(t, n, snap)
				steady := float64(snap.Requests) / floor
				kept, _ := json.Marshal(st)
				t.Logf("%5d rows, floor %2.0f: first sweep %.2f x, steady %.2f x (%d requests; state of %d bytes)",
					n.Len(), floor, first, steady, snap.Requests, len(kept))
				if first > c.first {
					t.Errorf("the first sweep took %.2f times the least requests, want at most %.2f", first, c.first)
				}
				if steady > c.steady {
					t.Errorf("a steady sweep took %.2f times the least requests, want at most %.2f", steady, c.steady)
				}
			})
		}
	}
}

// wholly checks that a snapshot is exact and has every row that is published.
func wholly(t testing.TB, n *sim.Notices, snap tocsin.Snapshot) {
	t.Helper()
	if !snap.Complete || !snap.Exact {
		t.Errorf("the sweep is not exact: complete %v, %d of %d, %s: %s", snap.Complete, len(snap.Notices), snap.Listed, snap.Cause, snap.Why)
	}
	have := map[string]bool{}
	for _, x := range snap.Notices {
		if have[x.ID] {
			t.Errorf("%s is in the snapshot twice", x.ID)
		}
		have[x.ID] = true
	}
	missing := 0
	for _, r := range n.Rows() {
		if !have[r.EntityID] {
			missing++
		}
	}
	if missing > 0 || len(have) != n.Len() {
		t.Errorf("%d of %d rows were not seen, %d seen in all", missing, n.Len(), len(have))
	}
}
