package watcher_test

import (
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tocsin/store"
	"tocsin/watcher/source"
)

// modelNumber reads a number from the environment.
func modelNumber(t testing.TB, key string, otherwise uint64) uint64 {
	text := os.Getenv(key)
	if text == "" {
		return otherwise
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatalf("%s is %q: write a number", key, text)
	}
	return n
}

// TestWhateverTheServiceDoesWhatIsToldIsTrue lets random lists live under
// random faults, with a watch that is restarted and cut off, and compares after
// every step what is held and told with a reference that knows the truth.
//
// TOCSIN_MODEL_RUNS is how many runs there are. A run that fails prints its
// seed; TOCSIN_MODEL_SEED runs it alone, or with TOCSIN_MODEL_RUNS those from it on.
func TestWhateverTheServiceDoesWhatIsToldIsTrue(t *testing.T) {
	runs, first := modelNumber(t, "TOCSIN_MODEL_RUNS", 12), modelNumber(t, "TOCSIN_MODEL_SEED", 1)
	if os.Getenv("TOCSIN_MODEL_SEED") != "" && os.Getenv("TOCSIN_MODEL_RUNS") == "" {
		runs = 1
	}
	bench := newBench(t)
	var next, violations atomic.Uint64
	var tally tally
	var wg sync.WaitGroup
	for range min(runs, uint64(runtime.GOMAXPROCS(0))) {
		wg.Go(func() {
			p := bench.place()
			defer p.close()
			for violations.Load() < 3 {
				n := next.Add(1)
				if n > runs {
					return
				}
				seed := first + n - 1
				steps := script(seed)
				bad := p.run(seed, steps, &tally)
				if bad == "" {
					continue
				}
				violations.Add(1)
				steps, bad = p.shrink(seed, steps, bad)
				t.Errorf("seed %d (TOCSIN_MODEL_SEED=%d): after %v: %s", seed, seed, steps, bad)
			}
		})
	}
	wg.Wait()
	t.Logf("%d runs from seed %d: %s", runs, first, tally.String())
}

// step is one thing that happens in a run; what exactly, its seed decides.
type step struct {
	kind string
	seed uint64
}

func (s step) String() string { return fmt.Sprintf("%s/%x", s.kind, s.seed&0xffff) }

// script draws a run's steps.
func script(seed uint64) []step {
	r := rand.New(rand.NewPCG(seed, 0x5c1197))
	many := large(seed)
	weights := []struct {
		kind string
		n    int
	}{
		{"look", 30}, {"newest", 7}, {"turn", 3}, {"publish", 5}, {"withdraw", 7}, {"return", 4}, {"edit", 6}, {"other", 2}, {"again", 1},
		{"mass", 2}, {"reach", 4}, {"dark", 3}, {"fault", 12}, {"lift", 6}, {"during", 7}, {"wait", 8}, {"sight", 5}, {"restart", 3}, {"kill", 3}, {"passing", 2}, {"unknown", 3}, {"unlike", 1}, {"blink", 2}, {"patterns", 1},
	}
	sum := 0
	for i := range weights {
		if w := &weights[i]; many && manyMore[w.kind] > 0 {
			w.n = manyMore[w.kind]
		}
		sum += weights[i].n
	}
	var out []step
	if r.IntN(8) > 0 {
		out = append(out, step{"look", r.Uint64()})
	}
	for range 4 + r.IntN(14) {
		at := r.IntN(sum)
		for _, w := range weights {
			if at -= w.n; at < 0 {
				out = append(out, step{w.kind, r.Uint64()})
				for range r.IntN(sequels[w.kind] + 1) { // it is to be seen
					out = append(out, step{"look", r.Uint64()}, step{pick(r, []string{"wait", "wait", "sight", "newest", "withdraw", "lift"}), r.Uint64()})
				}
				if w.kind == "kill" && r.IntN(2) == 0 {
					out = append(out, step{"passing", r.Uint64()}, step{"look", r.Uint64()})
				}
				if w.kind == "mass" && r.IntN(2) == 0 {
					for _, kind := range []string{"look", "wait", "mass", "look"} {
						out = append(out, step{kind, r.Uint64()})
					}
				}
				if w.kind == "dark" {
					for _, kind := range []string{"fault", "wait", "wait", "look", "sight", "newest", "wait", "sight", "look", "sight"} {
						out = append(out, step{kind, r.Uint64()})
					}
				}
				break
			}
		}
	}
	return out
}

// large says which runs are about lists that no page holds. They cost more.
func large(seed uint64) bool { return seed%6 == 0 }

// manyMore are weights where the list has to be read in parts: for what happens
// between the parts.
var manyMore = map[string]int{"during": 22, "kill": 10, "reach": 8, "patterns": 2, "mass": 1, "look": 20, "sight": 2, "dark": 1}

// sequels is how many looks, at most, follow a step of a kind at once.
var sequels = map[string]int{"fault": 3, "mass": 3, "during": 2, "reach": 5, "kill": 1}

// shrink leaves steps out, by halves, for as long as the run goes wrong.
func (p *place) shrink(seed uint64, steps []step, bad string) ([]step, string) {
	for size := len(steps) / 2; size > 0; size /= 2 {
		for at := 0; at+size <= len(steps); {
			fewer := append(append([]step{}, steps[:at]...), steps[at+size:]...)
			if b := p.run(seed, fewer, nil); b != "" {
				steps, bad = fewer, b
			} else {
				at += size
			}
		}
	}
	return steps, bad
}

// bench holds what all runs share.
type bench struct {
	t        testing.TB
	dir      string
	template []byte // an empty ledger
}

// newBench puts ledgers into memory where the system has a place for that:
// what a power cut does to a disk is not this test's affair.
func newBench(t testing.TB) *bench {
	b := &bench{t: t, dir: t.TempDir()}
	if dir, err := os.MkdirTemp("/dev/shm", "tocsin-model-"); err == nil {
		b.dir = dir
		t.Cleanup(func() {
			if err := os.RemoveAll(dir); err != nil {
				t.Error(err)
			}
		})
	}
	path := filepath.Join(b.dir, "template.db")
	s, err := store.Open(t.Context(), "sqlite:"+path, store.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if b.template, err = os.ReadFile(path); err != nil {
		t.Fatal(err)
	}
	return b
}

// place is where one run after the other takes place.
type place struct {
	*bench
	db      string
	url     string
	server  *http.Server
	served  chan struct{}
	now     atomic.Pointer[world]
	fetcher *source.Fetcher
}

func (b *bench) place() *place {
	p := &place{bench: b, served: make(chan struct{})}
	dir, err := os.MkdirTemp(b.dir, "place-")
	if err != nil {
		b.t.Error(err)
	}
	p.db = filepath.Join(dir, "tocsin.db")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.t.Error(err)
		return p
	}
	p.server = &http.Server{
		Handler:           http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { p.now.Load().ServeHTTP(w, r) }),
		ReadHeaderTimeout: time.Minute, ErrorLog: log.New(io.Discard, "", 0),
	}
	go func() {
		defer close(p.served)
		_ = p.server.Serve(l) // returns when close closes it
	}()
	p.url = "http://" + l.Addr().String() + "/notices/v1"
	p.fetcher, err = source.NewFetcher(source.FetchOptions{
		UserAgent: "tocsin-test", Timeout: 20 * time.Second, MaxBody: 512 << 10, Own: p.url,
		Now: func() time.Time { return p.now.Load().clock.Now() },
	})
	if err != nil {
		b.t.Error(err)
	}
	return p
}

func (p *place) close() {
	if p.server == nil {
		return
	}
	if err := p.server.Close(); err != nil {
		p.t.Error(err)
	}
	<-p.served
}

// tally counts what the runs came to, so that it shows that they were not empty.
type tally struct {
	steps, looks, complete, told, gone, inferred, quarantined, blind, unreachable, resumed, worst atomic.Int64
}

func (t *tally) String() string {
	return fmt.Sprintf("%d steps, %d looks (%d complete, %d with rows out of reach, %d taken up again), %d events about people, %d gone (%d inferred), %d held back, %d outages; at most %d looks until all was told",
		t.steps.Load(), t.looks.Load(), t.complete.Load(), t.unreachable.Load(), t.resumed.Load(), t.told.Load(), t.gone.Load(), t.inferred.Load(), t.quarantined.Load(), t.blind.Load(), t.worst.Load())
}
