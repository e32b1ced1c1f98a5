package evidence

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

var noon = time.Date(2026, 1, 2, 12, 0, 0, 123456000, time.UTC)

// clock is a clock that tests move by hand.
type clock struct{ t time.Time }

func (c *clock) now() time.Time { return c.t }

func open(t testing.TB, dir string, o Options) *Store {
	t.Helper()
	if o.Now == nil {
		o.Now = (&clock{noon}).now
	}
	s, err := Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func keep(t testing.TB, s *Store, x Exchange) Record {
	t.Helper()
	r, err := s.Keep(t.Context(), x)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func verify(t testing.TB, s *Store, known ...string) Report {
	t.Helper()
	r, err := s.Verify(t.Context(), known...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func holds(t testing.TB, s *Store, known ...string) Report {
	t.Helper()
	r := verify(t, s, known...)
	if !r.OK || r.Why != "" {
		t.Fatalf("the store does not hold: %s", r.Why)
	}
	return r
}

// page is the n-th page of a fictional list, with rows rows.
func page(n, rows int) Exchange {
	var list []string
	for i := range rows {
		list = append(list, fmt.Sprintf(`{"name": "TESTER %d", "entity_id":"2025/%d%03d"}`, i, n, i))
	}
	body := fmt.Sprintf(`{"total":%d, "_embedded":{"notices":[%s]}}`, rows, strings.Join(list, ", "))
	parts, err := Elements([]byte(body), "_embedded", "notices")
	if err != nil {
		panic(err)
	}
	return Exchange{
		URL: fmt.Sprintf("https://notices.example/notices/v1/red?page=%d", n), Method: "GET",
		RequestHeader: http.Header{"Accept": {"application/json"}, "Cookie": {"secret=1"}},
		Status:        200, Header: http.Header{"Content-Type": {"application/json"}, "Via": {"1.1 a", "1.1 b"}},
		Body: []byte(body), At: noon.Add(time.Duration(n) * time.Second), Kind: KindPage, Rows: parts,
	}
}

func detail(n int, body string) Exchange {
	return Exchange{
		URL: fmt.Sprintf("https://notices.example/notices/v1/red/2025-%d", n), Method: "GET", Status: 200,
		Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(body), At: noon.Add(time.Duration(n) * time.Minute), Kind: KindDetail,
	}
}

func TestWhatIsKeptIsReadBackAsServed(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	x := page(1, 3)
	r := keep(t, s, x)
	ix, err := s.KeepIndex(t.Context(), "interpol-red", 7, noon, []string{"2025/2", "2025/1", "2025/2"})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []*Store{s, open(t, dir, Options{}), open(t, dir, Options{ReadOnly: true})} {
		k, err := s.Get(r.Digest)
		if err != nil {
			t.Fatal(err)
		}
		got := k.Exchange
		if !bytes.Equal(got.Body, x.Body) || got.URL != x.URL || got.Status != 200 || got.Method != "GET" || !got.At.Equal(x.At) || got.Kind != KindPage {
			t.Errorf("read back: %+v", got)
		}
		if v := got.Header["Via"]; !slices.Equal(v, []string{"1.1 a", "1.1 b"}) {
			t.Errorf("Via: %q", v)
		}
		if v := got.RequestHeader; v.Get("Accept") != "application/json" || v.Get("Cookie") != "" {
			t.Errorf("the request's header: %v", v)
		}
		if len(got.Rows) != 3 || !bytes.Equal(got.Rows[2], x.Rows[2]) {
			t.Errorf("rows: %q", got.Rows)
		}
		if k.Digest != r.Digest || k.Rows != 3 || k.Leaf != 0 || !k.Kept.Equal(noon.Truncate(time.Second)) {
			t.Errorf("head: %+v", k.Head)
		}
		if k, err = s.Get(ix.Digest); err != nil || string(k.Exchange.Body) != "2025/1\n2025/2\n" || k.Kind != KindIndex || k.URL != "urn:tocsin:sweep:interpol-red:7" {
			t.Errorf("the index: %+v, %v", k, err)
		}
		if _, err := s.Get(digestOf(nil)); !errors.Is(err, ErrNotKept) {
			t.Errorf("an unknown digest: %v", err)
		}
		if rep := holds(t, s); rep.Records != 2 || rep.Leaves != 2 || !strings.HasPrefix(rep.Root, "sha256:") {
			t.Errorf("report: %+v", rep)
		}
	}
}

func TestAnEmptyStoreHolds(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	if r := holds(t, s); r.Leaves != 0 || r.Root == "" {
		t.Errorf("report: %+v", r)
	}
}

func TestTheSameExchangeIsOneRecordAndTheSamePayloadIsWrittenOnce(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	ids := make([]string, 2000)
	for i := range ids {
		ids[i] = fmt.Sprintf("2025/%d", 7919*i%100003)
	}
	first, err := s.KeepIndex(t.Context(), "red", 1, noon, ids)
	if err != nil {
		t.Fatal(err)
	}
	before, err := s.Usage()
	if err != nil {
		t.Fatal(err)
	}
	again, err := s.KeepIndex(t.Context(), "red", 1, noon, ids)
	if err != nil || again.Digest != first.Digest || !again.Again {
		t.Errorf("the same once more: %+v, %v", again, err)
	}
	if u, err := s.Usage(); err != nil || u != before {
		t.Errorf("it cost %+v, was %+v, %v", u, before, err)
	}

	s = open(t, dir, Options{}) // nothing of this is in memory alone
	later, err := s.KeepIndex(t.Context(), "red", 2, noon.Add(time.Hour), ids)
	if err != nil || later.Digest == first.Digest || !later.Again {
		t.Fatalf("the next sweep's: %+v, %v", later, err)
	}
	if twice, err := s.KeepIndex(t.Context(), "red", 2, noon.Add(time.Hour), ids); err != nil || twice.Digest != later.Digest {
		t.Errorf("the next sweep's once more: %+v, %v", twice, err)
	}
	u, err := s.Usage()
	if err != nil || u.Records != 2 || u.Bytes-before.Bytes > before.Bytes/4 {
		t.Errorf("the second costs %d bytes, the first %d, %v", u.Bytes-before.Bytes, before.Bytes, err)
	}
	k, err := s.Get(later.Digest)
	if err != nil || len(k.Exchange.Rows) != 2000 || k.Holder != first.Digest || k.URL != "urn:tocsin:sweep:red:2" || k.Exchange.Header.Get("Content-Type") == "" {
		t.Errorf("by reference: %d rows, holder %s, %v", len(k.Exchange.Rows), k.Holder, err)
	}
	holds(t, s)
}

func TestABatchIsOneCheckpoint(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	a, b := page(1, 2), page(2, 2)
	c := a
	c.At = c.At.Add(time.Hour)
	rs, err := s.KeepAll(t.Context(), []Exchange{a, b, a, c, c})
	if err != nil {
		t.Fatal(err)
	}
	if rs[0].Digest != rs[2].Digest || rs[3].Digest != rs[4].Digest || rs[0].Again || !rs[3].Again {
		t.Errorf("records: %+v", rs)
	}
	if r := holds(t, s); r.Records != 3 || r.Checkpoint.Leaves != 3 {
		t.Errorf("report: %+v", r)
	}
	log, err := os.ReadFile(s.v.d.path(logName))
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(log), origin+"\n"); n != 2 {
		t.Errorf("%d checkpoints, want the first and one", n)
	}
	if rs, err := s.KeepAll(t.Context(), nil); err != nil || rs != nil {
		t.Errorf("nothing: %v, %v", rs, err)
	}
}

func TestNothingOfABadBatchIsKept(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	bad := map[string]func(*Exchange){
		"no address":          func(x *Exchange) { x.URL = "" },
		"a relative address":  func(x *Exchange) { x.URL = "/red" },
		"no time":             func(x *Exchange) { x.At = time.Time{} },
		"a kind of two words": func(x *Exchange) { x.Kind = "a page" },
		"a foreign row":       func(x *Exchange) { x.Rows = [][]byte{[]byte("not served")} },
		"rows out of order":   func(x *Exchange) { slices.Reverse(x.Rows) },
		"an empty row":        func(x *Exchange) { x.Rows = [][]byte{{}} },
		"a split field":       func(x *Exchange) { x.Header = http.Header{"A": {"b\r\nc: d"}} },
		"a strange status":    func(x *Exchange) { x.Status = 20 },
		"a strange method":    func(x *Exchange) { x.Method = "GET /" },
	}
	for name, change := range bad {
		x := page(2, 2)
		change(&x)
		if _, err := s.KeepAll(t.Context(), []Exchange{page(1, 1), x}); !errors.Is(err, ErrExchange) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, ids := range [][]string{{"a", ""}, {"a\nb"}} {
		if _, err := s.KeepIndex(t.Context(), "red", 1, noon, ids); !errors.Is(err, ErrExchange) {
			t.Errorf("ids %q: %v", ids, err)
		}
	}
	if r := holds(t, s); r.Leaves != 0 {
		t.Errorf("%d leaves", r.Leaves)
	}
}

func TestSecretsOfARequestAreNotWritten(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	x := page(1, 1)
	x.URL = "https://user:hunter2@notices.example/red#frag"
	x.RequestHeader = http.Header{"authorization": {"Bearer hunter2"}, "Cookie": {"hunter2"}, "Proxy-Authorization": {"hunter2"}}
	k, err := s.Get(keep(t, s, x).Digest)
	if err != nil {
		t.Fatal(err)
	}
	members, err := inflate(k.File)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range members {
		if bytes.Contains(m, []byte("hunter2")) {
			t.Errorf("written: %s", m)
		}
	}
	if k.URL != "https://notices.example/red" {
		t.Error(k.URL)
	}
}

func TestADecodedBodyDoesNotClaimItsCoding(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	x := detail(1, `{"a":1}`)
	x.Header = http.Header{"Content-Encoding": {"gzip"}, "Content-Length": {"3"}}
	x.Decoded = true
	k, err := s.Get(keep(t, s, x).Digest)
	if err != nil {
		t.Fatal(err)
	}
	h := k.Exchange.Header
	if h.Get("Content-Encoding") != "" || h.Get("X-Archive-Orig-Content-Encoding") != "gzip" || h.Get("X-Archive-Orig-Content-Length") != "3" {
		t.Errorf("header: %v", h)
	}
}

func TestElementsAreTheBytesOfTheBody(t *testing.T) {
	for _, tt := range []struct {
		body string
		want []string
		ok   bool
	}{
		{`{"e":{"n":[ {"a": 1 },  {"b":"\u00e9"}]}}`, []string{`{"a": 1 }`, `{"b":"\u00e9"}`}, true},
		{`{"e":{"n":[]}}`, nil, true},
		{`{"e":{}}`, nil, true},
		{`{}`, nil, true},
		{`{"e":{"n":{}}}`, nil, false},
		{`[`, nil, false},
	} {
		rows, err := Elements([]byte(tt.body), "e", "n")
		if (err == nil) != tt.ok || len(rows) != len(tt.want) {
			t.Errorf("%s: %q, %v", tt.body, rows, err)
			continue
		}
		for i, r := range rows {
			if string(r) != tt.want[i] {
				t.Errorf("%s: row %d is %s", tt.body, i, r)
			}
		}
	}
}

func TestTheKeyBelongsToTheLog(t *testing.T) {
	one, two := bytes.Repeat([]byte{1}, 32), bytes.Repeat([]byte{2}, 32)
	t.Run("made from a secret it does not stand in the folder", func(t *testing.T) {
		dir := t.TempDir()
		s := open(t, dir, Options{Key: one})
		keep(t, s, page(1, 1))
		if _, err := os.Stat(filepath.Join(dir, keyName)); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("a key in the folder: %v", err)
		}
		holds(t, open(t, dir, Options{ReadOnly: true}))
		keep(t, open(t, dir, Options{Key: one}), page(2, 1))
		for _, o := range []Options{{}, {Key: two}, {Key: one[:31]}} {
			if _, err := Open(dir, o); !errors.Is(err, ErrKey) {
				t.Errorf("%+v: %v", o, err)
			}
		}
	})
	t.Run("a lost one is not made anew", func(t *testing.T) {
		for _, name := range []string{keyName, pubName} {
			dir := t.TempDir()
			keep(t, open(t, dir, Options{}), page(1, 1))
			if err := os.Remove(filepath.Join(dir, name)); err != nil {
				t.Fatal(err)
			}
			if _, err := Open(dir, Options{}); !errors.Is(err, ErrKey) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
	t.Run("a lost log is not begun anew over records", func(t *testing.T) {
		dir := t.TempDir()
		keep(t, open(t, dir, Options{}), page(1, 1))
		if err := os.Remove(filepath.Join(dir, logName)); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(dir, Options{}); !errors.Is(err, ErrTampered) {
			t.Error(err)
		}
	})
}

func TestAStoreForReadingWritesNothing(t *testing.T) {
	dir := t.TempDir()
	if _, err := Open(filepath.Join(dir, "none"), Options{ReadOnly: true}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a store that is not there: %v", err)
	}
	w := open(t, dir, Options{})
	r := keep(t, w, page(1, 1))
	s := open(t, dir, Options{ReadOnly: true})
	if _, err := s.Keep(t.Context(), page(2, 1)); !errors.Is(err, ErrReadOnly) {
		t.Errorf("Keep: %v", err)
	}
	if _, err := s.Forget(t.Context(), r.Digest); !errors.Is(err, ErrReadOnly) {
		t.Errorf("Forget: %v", err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Keep(t.Context(), page(2, 1)); !errors.Is(err, ErrReadOnly) {
		t.Errorf("Keep after Close: %v", err)
	}
}

// Two stores on one folder are to each other what two processes are: flock is
// between open files.
func TestWritersTakeTurnsAndReadersReadBeside(t *testing.T) {
	dir := t.TempDir()
	const each = 12
	stores := []*Store{open(t, dir, Options{}), open(t, dir, Options{})}
	reader := open(t, dir, Options{ReadOnly: true})
	var wg sync.WaitGroup
	for i, s := range stores {
		wg.Go(func() {
			for n := range each {
				r, err := s.Keep(context.Background(), page(100*i+n, 2))
				if err != nil {
					t.Error(err)
					continue
				}
				if n%3 == 0 {
					if _, err := s.Forget(context.Background(), r.Digest); err != nil {
						t.Error(err)
					}
				} else if _, err := reader.Get(r.Digest); err != nil {
					t.Error(err)
				}
			}
		})
	}
	done := make(chan struct{})
	go func() { wg.Wait(); close(done) }()
	for running := true; running; {
		select {
		case <-done:
			running = false
		default:
		}
		holds(t, reader)
	}
	if r := holds(t, reader); r.Records != 2*each*2/3 || r.Dropped[WhyForgotten] != 2*each/3 {
		t.Errorf("report: %+v", r)
	}
	for _, s := range stores {
		if s.Repaired().Any() {
			t.Errorf("something to repair: %+v", s.Repaired())
		}
	}
}

func TestAWaitForTheLockEndsWithItsContext(t *testing.T) {
	dir := t.TempDir()
	s, other := open(t, dir, Options{}), open(t, dir, Options{})
	ctx, cancel := context.WithCancel(t.Context())
	err := other.locked(t.Context(), func() error {
		go cancel()
		_, err := s.Keep(ctx, page(1, 1))
		return err
	})
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	keep(t, s, page(1, 1))
}
