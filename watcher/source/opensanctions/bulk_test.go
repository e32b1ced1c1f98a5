package opensanctions_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	"tocsin/sim"
	"tocsin/watcher/source"
	"tocsin/watcher/source/opensanctions"
)

// bulk serves a data set of about size bytes, made as it is sent: of three lines
// one is a person's, as in OpenSanctions' collections.
func bulk(tb testing.TB, size int64) (src *opensanctions.Source, people int) {
	tb.Helper()
	block, inBlock := bulkBlock(tb)
	blocks := int(size/int64(len(block))) + 1
	mux := http.NewServeMux()
	s := httptest.NewServer(mux)
	tb.Cleanup(s.Close)
	mux.HandleFunc("/x/index.json", func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprintf(w, `{"name":"x","version":"20260302060000-abc","resources":[{"name":"entities.ftm.json","url":"entities.ftm.json","size":%d}]}`, blocks*len(block))
	})
	mux.HandleFunc("/x/entities.ftm.json", func(w http.ResponseWriter, r *http.Request) {
		for range blocks {
			if _, err := w.Write(block); err != nil {
				return // the client has gone
			}
		}
	})
	f, err := source.NewFetcher(source.FetchOptions{Own: s.URL})
	if err != nil {
		tb.Fatal(err)
	}
	src, err = opensanctions.New(opensanctions.Options{ID: "m", URL: s.URL, Dataset: "x", Fetcher: f, Pacer: source.NewPacer(source.PaceOptions{})})
	if err != nil {
		tb.Fatal(err)
	}
	return src, blocks * inBlock
}

func bulkBlock(tb testing.TB) (block []byte, people int) {
	tb.Helper()
	var b bytes.Buffer
	w := json.NewEncoder(&b)
	w.SetEscapeHTML(false)
	rows := sim.People(7, 200)
	for i, r := range rows {
		e := sim.Copied(r)
		e.Properties["alias"] = []string{e.Caption + " Вельмонд", "Other " + e.Caption, "يارا فيلموند"}
		e.Properties["notes"] = []string{strings.Repeat("What a list says of somebody. ", 1+i%20)}
		for _, x := range []any{
			e,
			sim.Entity{ID: fmt.Sprintf("addr-%d", i), Schema: "Address", Caption: "1 Bell Street", Properties: map[string][]string{"full": {strings.Repeat("1 Bell Street, North Harbour; ", 1+i%6)}}},
			sim.Entity{ID: fmt.Sprintf("s-%d", i), Schema: "Sanction", Caption: "A list", Properties: map[string][]string{"entity": {e.ID}, "reason": {strings.Repeat("A reason. ", 1+i%40)}}},
		} {
			if err := w.Encode(x); err != nil {
				tb.Fatal(err)
			}
		}
	}
	return b.Bytes(), len(rows)
}

// heap is the memory that the heap holds, live or not yet swept.
func heap() uint64 {
	s := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}

// resident is the most memory that the process ever had, as the system counts it.
func resident() string {
	b, _ := os.ReadFile("/proc/self/status") // not everywhere
	_, rest, _ := strings.Cut(string(b), "VmHWM:")
	line, _, _ := strings.Cut(rest, "\n")
	return strings.Join(strings.Fields(line), " ")
}

// Two gigabytes in at most 200 MB: the long form (TOCSIN_SOAK=1) is those, the
// short one a part of them in the same part of the memory.
func TestABulkFileIsReadInATenthOfItsSize(t *testing.T) {
	size := int64(64 << 20)
	if raced {
		size = 8 << 20
	}
	if os.Getenv("TOCSIN_SOAK") != "" {
		size = 2 << 30
	}
	src, people := bulk(t, size)
	runtime.GC()
	before, peak, n := heap(), uint64(0), 0
	began := time.Now()
	v, _, err := src.Poll(context.Background(), nil, func(source.Row) error {
		if n++; n%500 == 0 {
			peak = max(peak, heap())
		}
		return nil
	})
	took := time.Since(began)
	if err != nil || !v.Complete || v.Seen != people {
		t.Fatalf("%v: %+v, want %d people", err, v, people)
	}
	used := int64(peak) - int64(before)
	t.Logf("%d MB, %d people: %.0f MB/s, heap at most %.1f MB above %.1f, resident at most %s", size>>20, people,
		float64(size)/1e6/took.Seconds(), float64(used)/1e6, float64(before)/1e6, resident())
	if !raced && used > size/10 || used > 200<<20 {
		t.Errorf("%d bytes of heap for a file of %d", used, size)
	}
}

func BenchmarkBulk(b *testing.B) {
	const size = 64 << 20
	src, people := bulk(b, size)
	b.SetBytes(size)
	for b.Loop() {
		v, _, err := src.Poll(context.Background(), nil, func(source.Row) error { return nil })
		if err != nil || v.Seen != people {
			b.Fatalf("%v: %+v", err, v)
		}
	}
}
