package evidence

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
)

func prove(t testing.TB, s *Store, digest string, rows ...int) (*Proof, string) {
	t.Helper()
	p, err := s.Prove(digest, rows...)
	if err != nil {
		t.Fatal(err)
	}
	key, err := s.PublicKey()
	if err != nil {
		t.Fatal(err)
	}
	return p, key
}

func TestARowIsProvedWithoutTheOthers(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	keep(t, s, page(7, 2))
	x := page(1, 160)
	r := keep(t, s, x)
	keep(t, s, page(8, 2))
	for row := range x.Rows {
		p, key := prove(t, s, r.Digest, row)
		text, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		var back Proof
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatal(err)
		}
		shown, err := back.Verify(key)
		if err != nil {
			t.Fatalf("row %d: %v", row, err)
		}
		if len(shown.Rows) != 1 || !bytes.Equal(shown.Rows[row], x.Rows[row]) {
			t.Errorf("row %d: shown %v", row, shown.Rows)
		}
		if h := shown.Head; h.Digest != r.Digest || h.URL != x.URL || !h.At.Equal(x.At) || h.Status != 200 || h.Rows != 160 || h.Kind != KindPage {
			t.Errorf("row %d: head %+v", row, h)
		}
		if shown.Checkpoint.Root != holds(t, s, shown.Checkpoint.Note).Root || shown.Checkpoint.Leaves != 3 {
			t.Errorf("row %d: checkpoint %+v", row, shown.Checkpoint)
		}
		for i, e := range p.Entries {
			for other := range x.Rows {
				if other != row && bytes.Contains(e.Data, x.Rows[other]) {
					t.Errorf("entry %d of the proof of row %d shows row %d", i, row, other)
				}
			}
		}
	}
	for _, rows := range [][]int{{-1}, {160}} {
		if _, err := s.Prove(r.Digest, rows...); err == nil {
			t.Errorf("rows %v proved", rows)
		}
	}
}

// Two neighbours of a sorted index, shown together, leave no room between them.
func TestAnAbsenceIsProvedByTwoNeighbours(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	r, err := s.KeepIndex(t.Context(), "red", 1, noon, []string{"2025/1", "2025/3", "2025/4"})
	if err != nil {
		t.Fatal(err)
	}
	p, key := prove(t, s, r.Digest, 1, 0, 1)
	shown, err := p.Verify(key)
	if err != nil || len(shown.Rows) != 2 || string(shown.Rows[0]) != "2025/1" || string(shown.Rows[1]) != "2025/3" {
		t.Errorf("%v, %v", shown.Rows, err)
	}
}

func TestAWrongProofProvesNothing(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	keep(t, s, page(3, 1))
	r := keep(t, s, page(1, 5))
	other := keep(t, s, page(2, 5))
	foreign := open(t, t.TempDir(), Options{})
	_, foreignKey := prove(t, foreign, keep(t, foreign, page(1, 5)).Digest)
	wrong := map[string]func(p *Proof){
		"another row's bytes":      func(p *Proof) { p.Entries[1].Data = page(1, 5).Rows[3] },
		"a changed row":            func(p *Proof) { p.Entries[1].Data[3] ^= 1 },
		"a changed salt":           func(p *Proof) { p.Entries[1].Salt[0] ^= 1 },
		"no salt":                  func(p *Proof) { p.Entries[1].Salt = nil },
		"another place":            func(p *Proof) { p.Entries[1].N++ },
		"a place before the first": func(p *Proof) { p.Entries[1].N = -1 },
		"a place behind the last":  func(p *Proof) { p.Entries[1].N = 6 },
		"a row as the head":        func(p *Proof) { p.Entries[1].N = 0 },
		"no head":                  func(p *Proof) { p.Entries = p.Entries[1:] },
		"nothing":                  func(p *Proof) { p.Entries = nil },
		"a changed head": func(p *Proof) {
			p.Entries[0].Data = bytes.Replace(p.Entries[0].Data, []byte("page=1"), []byte("page=2"), 1)
		},
		"another number of rows": func(p *Proof) {
			p.Entries[0].Data = bytes.Replace(p.Entries[0].Data, []byte(`"rows":5`), []byte(`"rows":4`), 1)
		},
		"a short path":            func(p *Proof) { p.Entries[1].Path = p.Entries[1].Path[1:] },
		"a changed path":          func(p *Proof) { p.Entries[1].Path[0][0] ^= 1 },
		"another leaf":            func(p *Proof) { p.Leaf-- },
		"a leaf behind the last":  func(p *Proof) { p.Leaf = 9 },
		"another root":            func(p *Proof) { p.Root[0] ^= 1 },
		"another kind":            func(p *Proof) { p.Kind = leafAdopted },
		"no kind":                 func(p *Proof) { p.Kind = "" },
		"another path in the log": func(p *Proof) { p.Path[0] = tlog.Hash{} },
		"a changed checkpoint":    func(p *Proof) { p.Checkpoint = strings.Replace(p.Checkpoint, "\n3\n", "\n4\n", 1) },
		"no checkpoint":           func(p *Proof) { p.Checkpoint = "" },
		"another format":          func(p *Proof) { p.Format = "x" },
		"the rows of another record": func(p *Proof) {
			q, err := s.Prove(other.Digest, 2)
			if err != nil {
				t.Fatal(err)
			}
			p.Entries[1] = q.Entries[1]
		},
	}
	for name, change := range wrong {
		p, key := prove(t, s, r.Digest, 2)
		if _, err := p.Verify(key); err != nil {
			t.Fatal(err)
		}
		change(p)
		if shown, err := p.Verify(key); !errors.Is(err, ErrProof) || shown.Rows != nil {
			t.Errorf("%s: %v, %v", name, err, shown.Rows)
		}
	}
	p, _ := prove(t, s, r.Digest, 2)
	for _, key := range []string{foreignKey, ""} {
		if _, err := p.Verify(key); !errors.Is(err, ErrProof) {
			t.Errorf("another key: %v", err)
		}
	}
}

// Who has a proof of one row and guesses another cannot find the guess confirmed.
func TestALeafConfirmsNoGuess(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	x := page(1, 2)
	r := keep(t, s, x)
	p, _ := prove(t, s, r.Digest, 0)
	shown := p.Entries[1]
	sibling := shown.Path
	for _, salt := range [][]byte{nil, shown.Salt, p.Entries[0].Salt} {
		if slices.Contains(sibling, entryHash(salt, x.Rows[1])) {
			t.Error("the path gives the other row away")
		}
	}
	// The same exchange in another store has another leaf.
	o := open(t, t.TempDir(), Options{})
	if q, _ := prove(t, o, keep(t, o, x).Digest, 0); q.Root == p.Root {
		t.Error("the leaf is not blinded")
	}
}
