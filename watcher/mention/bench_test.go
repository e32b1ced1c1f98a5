//go:build unix

package mention

import (
	"fmt"
	"runtime"
	"syscall"
	"testing"
	"time"

	ahocorasick "github.com/petar-dambovaliev/aho-corasick"
)

// BenchmarkScan prints MB a second by people watched, beside those of a plain
// automaton over the same strings, on one core: of the wall clock, and of the time
// that the process had the core, which is the same on an idle machine:
//
//	go test ./watcher/mention -run - -bench Scan -benchtime 1x
func BenchmarkScan(b *testing.B) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	const size = 50 << 20
	for _, n := range []int{1000, 10_000, 100_000} {
		people := inventPeople(n)
		articles := inventArticles(people, size)
		b.Run(fmt.Sprintf("people=%d", n), func(b *testing.B) {
			before := heap()
			began := time.Now()
			s := Compile(people, Options{})
			b.ReportMetric(time.Since(began).Seconds(), "compile-s")
			b.ReportMetric(float64(heap()-before)/1e6, "heap-MB")
			b.SetBytes(size)
			b.ResetTimer()
			found, busy := 0, core()
			for b.Loop() {
				found = 0
				for _, a := range articles {
					found += len(s.Scan(a))
				}
			}
			b.ReportMetric(float64(b.N)*size/1e6/(core()-busy).Seconds(), "core-MB/s")
			b.ReportMetric(float64(found), "found")
			runtime.KeepAlive(s)
		})
		b.Run(fmt.Sprintf("automaton=%d", n), func(b *testing.B) {
			var names []string
			for _, p := range people {
				names = append(names, p.Names...)
			}
			ac := ahocorasick.NewAhoCorasickBuilder(ahocorasick.Opts{MatchKind: ahocorasick.StandardMatch, DFA: false})
			m := ac.Build(names)
			b.SetBytes(size)
			b.ResetTimer()
			busy := core()
			for b.Loop() {
				for _, a := range articles {
					for it := m.IterOverlapping(a.Text); it.Next() != nil; {
					}
				}
			}
			b.ReportMetric(float64(b.N)*size/1e6/(core()-busy).Seconds(), "core-MB/s")
		})
	}
}

// core is the time that the process had a core.
func core() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
