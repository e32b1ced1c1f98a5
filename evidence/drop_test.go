package evidence

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"
)

func TestForgetDropsThePayloadAndItsSaltAndTheLogStaysWhole(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	stays := keep(t, s, page(1, 2))
	before := holds(t, s).Checkpoint.Note
	x := detail(1, `{"name":"NOBODY AT ALL"}`)
	r := keep(t, s, x)
	later := x
	later.At = x.At.Add(time.Hour)
	again := keep(t, s, later)
	if !again.Again {
		t.Fatal("the payload was written twice")
	}
	sealed, err := s.v.open(s.v.entries[r.Digest])
	if err != nil {
		t.Fatal(err)
	}
	since := holds(t, s).Checkpoint.Note

	// Any one of them: it is the payload that is forgotten.
	if n, err := s.Forget(t.Context(), again.Digest); err != nil || n != 2 {
		t.Fatalf("%d records, %v", n, err)
	}
	for _, d := range []string{r.Digest, again.Digest} {
		if _, err := s.Get(d); !errors.Is(err, ErrNotKept) {
			t.Errorf("still there: %v", err)
		}
		if _, err := s.Prove(d); !errors.Is(err, ErrNotKept) {
			t.Errorf("still proved: %v", err)
		}
		if _, err := s.Forget(t.Context(), d); !errors.Is(err, ErrNotKept) {
			t.Errorf("forgotten twice: %v", err)
		}
	}
	if rep := holds(t, s, before, since); rep.Records != 1 || rep.Dropped[WhyForgotten] != 2 {
		t.Errorf("report: %+v", rep)
	}
	if _, err := s.Get(stays.Digest); err != nil {
		t.Error(err)
	}
	// Nothing in the folder says what it was, nor would confirm a guess.
	for _, name := range filesOf(t, dir) {
		b := readFile(t, dir, name)
		for _, trace := range []string{r.Digest[7:], again.Digest[7:], sealed.payload[7:], fmt.Sprintf("%x", sealed.salt), string(sealed.salt)} {
			if strings.Contains(name, trace) || bytes.Contains(b, []byte(trace)) {
				t.Errorf("%s still holds a trace", name)
			}
		}
	}
	// What was forgotten may be seen again, and is a new record then.
	if back := keep(t, s, x); back.Again {
		t.Error("kept once more by reference to what is gone")
	}
	holds(t, s)
}

// bounded is a store of ten records an hour apart, the digests in their order.
func bounded(t *testing.T) (*Store, *clock, []string) {
	c := &clock{noon}
	s := open(t, t.TempDir(), Options{Now: c.now})
	var digests []string
	for n := range 10 {
		digests = append(digests, keep(t, s, page(n, 3)).Digest)
		c.t = c.t.Add(time.Hour)
	}
	c.t = c.t.Add(time.Hour)
	return s, c, digests
}

func left(s *Store, digests []string) (out []int) {
	for i, d := range digests {
		if _, err := s.Get(d); err == nil {
			out = append(out, i)
		}
	}
	return out
}

func TestBoundsDropTheOldestThatNothingCitesFirst(t *testing.T) {
	var each int64 = 0
	{
		s, _, _ := bounded(t)
		u, err := s.Usage()
		must(t, err)
		each = u.Bytes/10 + 20
	}
	cites := func(digests []string, n ...int) func(string) (bool, error) {
		return func(d string) (bool, error) {
			for _, i := range n {
				if digests[i] == d {
					return true, nil
				}
			}
			return false, nil
		}
	}
	for _, tt := range []struct {
		name  string
		cited []int
		l     Limits
		want  string
		over  bool
	}{
		{"no limits", nil, Limits{}, "[0 1 2 3 4 5 6 7 8 9]", false},
		{"size", nil, Limits{MaxBytes: 4 * each}, "[6 7 8 9]", false},
		{"size, some cited", []int{0, 7}, Limits{MaxBytes: 4 * each}, "[0 7 8 9]", false},
		{"size, more cited than it allows", []int{0, 1, 2, 3, 7}, Limits{MaxBytes: 2 * each}, "[0 1 2 3 7]", true},
		{"size, cited too", []int{0, 1, 2, 3, 7}, Limits{MaxBytes: 2 * each, CitedToo: true}, "[3 7]", false},
		{"age", nil, Limits{MaxAge: 5*time.Hour + 30*time.Minute}, "[6 7 8 9]", false},
		{"age, some cited", []int{0, 1}, Limits{MaxAge: 5*time.Hour + 30*time.Minute, CitedMaxAge: 10*time.Hour + 30*time.Minute}, "[1 6 7 8 9]", false},
		{"what is young is safe", nil, Limits{MaxBytes: 1, Grace: 3*time.Hour + time.Minute}, "[8 9]", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, _, digests := bounded(t)
			tt.l.Cited = cites(digests, tt.cited...)
			b, err := s.Bound(t.Context(), tt.l)
			if err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprint(left(s, digests)); got != tt.want {
				t.Errorf("left %s, want %s", got, tt.want)
			}
			if (b.Over > 0) != tt.over {
				t.Errorf("over by %d", b.Over)
			}
			r := holds(t, s)
			if r.Records != len(left(s, digests)) || r.Dropped[WhyAge]+r.Dropped[WhySize] != b.Dropped || b.Dropped != 10-r.Records || b.Bytes != r.Bytes {
				t.Errorf("a drop that the log does not have: %+v, %+v", r, b)
			}
		})
	}
	t.Run("nothing that may be cited goes", func(t *testing.T) {
		s, _, digests := bounded(t)
		if b, err := s.Bound(t.Context(), Limits{MaxBytes: 1, MaxAge: 1}); err != nil || b.Dropped != 0 || b.Over == 0 {
			t.Errorf("%+v, %v", b, err)
		}
		broken := errors.New("no ledger")
		if _, err := s.Bound(t.Context(), Limits{MaxBytes: 1, Cited: func(string) (bool, error) { return false, broken }}); !errors.Is(err, broken) {
			t.Error(err)
		}
		if got := len(left(s, digests)); got != 10 {
			t.Errorf("%d left", got)
		}
	})
}

func TestAPayloadStaysWhileAYoungerOrCitedRecordRefersToIt(t *testing.T) {
	c := &clock{noon}
	s := open(t, t.TempDir(), Options{Now: c.now})
	ids := []string{"a", "b"}
	var looks []string
	for look := range int64(6) {
		r, err := s.KeepIndex(t.Context(), "red", look, c.t, ids)
		must(t, err)
		looks = append(looks, r.Digest)
		c.t = c.t.Add(24 * time.Hour)
	}
	none := func(string) (bool, error) { return false, nil }
	if b, err := s.Bound(t.Context(), Limits{MaxAge: 60 * time.Hour, Cited: none}); err != nil || b.Dropped != 3 {
		t.Errorf("%+v, %v", b, err)
	}
	if got := fmt.Sprint(left(s, looks)); got != "[0 4 5]" {
		t.Errorf("left %s", got)
	}
	holds(t, s)
	cited := func(d string) (bool, error) { return d == looks[4], nil }
	if _, err := s.Bound(t.Context(), Limits{MaxBytes: 1, Cited: cited}); err != nil {
		t.Error(err)
	}
	if got := fmt.Sprint(left(s, looks)); got != "[0 4]" {
		t.Errorf("left %s", got)
	}
	c.t = c.t.Add(1000 * time.Hour)
	if b, err := s.Bound(t.Context(), Limits{MaxAge: time.Hour, Cited: none}); err != nil || b.Bytes != 0 {
		t.Errorf("%+v, %v", b, err)
	}
	holds(t, s)
}

// A long random life: after each act the store holds, has what it should have
// and explains what it has not.
func TestAnyLifeOfAStoreHolds(t *testing.T) {
	t.Parallel()
	for seed := range uint64(8) {
		rng := rand.New(rand.NewPCG(seed, 1))
		c := &clock{noon}
		dir := t.TempDir()
		s := open(t, dir, Options{Now: c.now})
		want := map[string]Exchange{}
		var notes []string
		var order []string
		for range 40 {
			c.t = c.t.Add(time.Duration(rng.IntN(120)) * time.Minute)
			switch n := rng.IntN(10); {
			case n < 6:
				x := page(rng.IntN(5), rng.IntN(4))
				x.At = noon.Add(time.Duration(rng.IntN(4)) * time.Second)
				r := keep(t, s, x)
				if _, had := want[r.Digest]; !had {
					order = append(order, r.Digest)
				}
				want[r.Digest] = x
			case n < 7 && len(order) > 0:
				d := order[rng.IntN(len(order))]
				x, had := want[d]
				if _, err := s.Forget(t.Context(), d); (err == nil) != had {
					t.Fatalf("seed %d: Forget: %v, had it %v", seed, err, had)
				}
				for other, y := range want {
					if had && bytes.Equal(x.Body, y.Body) {
						delete(want, other)
					}
				}
			case n < 8:
				if _, err := s.Bound(t.Context(), Limits{MaxBytes: 4000, Cited: func(d string) (bool, error) { return d[8] < '8', nil }}); err != nil {
					t.Fatal(err)
				}
				for d := range want {
					if _, err := s.Get(d); errors.Is(err, ErrNotKept) {
						if d[8] < '8' {
							t.Fatalf("seed %d: a cited record was dropped", seed)
						}
						delete(want, d)
					}
				}
			case n < 9:
				must(t, s.Close())
				s = open(t, dir, Options{Now: c.now})
			default:
				notes = append(notes, holds(t, s).Checkpoint.Note)
			}
			for d, x := range want {
				if k, err := s.Get(d); err != nil || !bytes.Equal(k.Exchange.Body, x.Body) || !k.Exchange.At.Equal(x.At) {
					t.Fatalf("seed %d: %s: %v", seed, d, err)
				}
			}
		}
		r := holds(t, s, notes...)
		dropped := 0
		for _, n := range r.Dropped {
			dropped += n
		}
		if r.Records != len(want) || r.Leaves != int64(r.Records+2*dropped) {
			t.Errorf("seed %d: %d wanted, %+v", seed, len(want), r)
		}
		if list, err := os.ReadDir(s.v.d.path(incomingDir)); err != nil || len(list) > 0 {
			t.Errorf("seed %d: incoming: %v, %v", seed, list, err)
		}
	}
}
