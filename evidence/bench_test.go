package evidence

import (
	"fmt"
	"testing"
	"time"
)

func idsOf(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprintf("%d/%d", 1990+i%36, i*7919%104729)
	}
	return ids
}

// What a steady sweep keeps, and what an event does, at 7,000 notices: time is
// that of the call, the syncs included.
func BenchmarkKeep(b *testing.B) {
	ids := idsOf(7000)
	for _, bm := range []struct {
		name string
		keep func(s *Store, i int) error
	}{
		{"page of 160 rows", func(s *Store, i int) error {
			_, err := s.Keep(b.Context(), page(i, 160))
			return err
		}},
		{"detail", func(s *Store, i int) error {
			_, err := s.Keep(b.Context(), detail(i, fmt.Sprintf(`{"entity_id":"2025/%d","charge":"a charge"}`, i)))
			return err
		}},
		{"index, one id new", func(s *Store, i int) error {
			ids[i%len(ids)] = fmt.Sprintf("2026/%d", i)
			_, err := s.KeepIndex(b.Context(), "red", int64(i), noon, ids)
			return err
		}},
		{"index, none new", func(s *Store, i int) error {
			_, err := s.KeepIndex(b.Context(), "red", int64(i), noon, ids)
			return err
		}},
		{"20 details at once", func(s *Store, i int) error {
			var xs []Exchange
			for n := range 20 {
				xs = append(xs, detail(20*i+n, fmt.Sprintf(`{"entity_id":"2025/%d"}`, 20*i+n)))
			}
			_, err := s.KeepAll(b.Context(), xs)
			return err
		}},
	} {
		b.Run(bm.name, func(b *testing.B) {
			s := open(b, b.TempDir(), Options{})
			n := 0
			for b.Loop() {
				if err := bm.keep(s, n); err != nil {
					b.Fatal(err)
				}
				n++
			}
			u, err := s.Usage()
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(u.Bytes)/float64(u.Records), "disk-B/record")
			b.ReportMetric(float64(u.Log)/float64(n), "log-B/op")
			if n > 1 && bm.name[:5] == "index" {
				b.ReportMetric(float64(24*u.Bytes)/float64(n), "disk-B/day-hourly")
			}
		})
	}
}

func BenchmarkVerify(b *testing.B) {
	s := open(b, b.TempDir(), Options{})
	ids := idsOf(7000)
	for i := range 50 {
		keep(b, s, page(i, 160))
		if _, err := s.KeepIndex(b.Context(), "red", int64(i), noon.Add(time.Duration(i)*time.Hour), ids); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		holds(b, s)
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/100, "µs/record")
}
