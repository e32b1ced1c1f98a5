package evidence

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Kept is a record, read back and held against the log.
type Kept struct {
	Head
	Exchange Exchange  // Rows are parts of Body
	Leaf     int64     // its number in the log
	Kept     time.Time // of the checkpoint that first had it
	Path     string    // of its file, below the store's folder, with slashes
	File     []byte    // its file: gzipped WARC
	// Holder is the record whose file has the payload, if that is not this one's.
	Holder string
}

// Get reads a record: ErrNotKept if there is none, ErrTampered or another error
// if it is not as it was kept.
func (s *Store) Get(digest string) (Kept, error) {
	var k Kept
	err := s.read(func(v *view) error {
		e := v.entries[digest]
		if e == nil {
			return ErrNotKept
		}
		r, file, err := v.openFile(e)
		if err != nil {
			return err
		}
		if _, err := v.check(r, e.leaf); err != nil {
			return err
		}
		k = Kept{Head: r.head(), Exchange: r.x, Leaf: e.leaf, Kept: v.keptAt(e.leaf), Path: e.path(), File: file}
		if e.again {
			k.Holder = v.holders[e.payload].digest
		}
		return nil
	})
	if err != nil {
		return Kept{}, fmt.Errorf("reading evidence: %w", err)
	}
	return k, nil
}

// Proof shows some rows of a record, and what the record is, without the other
// rows. Whoever has the log's public key can verify it alone.
type Proof struct {
	Format     string      `json:"format"`
	Checkpoint string      `json:"checkpoint"` // the signed note
	Leaf       int64       `json:"leaf"`
	Kind       string      `json:"kind"` // the leaf's first word
	Root       tlog.Hash   `json:"root"` // of the record's tree
	Path       []tlog.Hash `json:"path"` // from the leaf to the checkpoint
	Entries    []Entry     `json:"entries"`
}

// Entry is one part of a record: its head (0) or a row (from 1).
type Entry struct {
	N    int64       `json:"n"`
	Salt []byte      `json:"salt"`
	Data []byte      `json:"data"`
	Path []tlog.Hash `json:"path"` // to the record's root
}

const proofFormat = "tocsin evidence proof 1"

// Shown is what a proof proves.
type Shown struct {
	Head       Head
	Rows       map[int][]byte // by their place in the record, from 0
	Checkpoint Checkpoint
}

// Checkpoint is a signed state of the log.
type Checkpoint struct {
	Leaves int64
	Root   string    // "sha256:" and hex
	At     time.Time // by the clock of who signed it
	Note   string    // the signed text
}

func (c checkpoint) public() Checkpoint {
	return Checkpoint{Leaves: c.tree.N, Root: c.String(), At: c.at, Note: string(c.signed)}
}

// ErrProof is a proof that proves nothing.
var ErrProof = errors.New("the proof does not hold")

// Prove shows the rows given, by their places from 0, of a record.
func (s *Store) Prove(digest string, rows ...int) (*Proof, error) {
	var p *Proof
	err := s.read(func(v *view) error {
		e := v.entries[digest]
		if e == nil {
			return ErrNotKept
		}
		r, err := v.open(e)
		if err != nil {
			return err
		}
		tree, err := v.check(r, e.leaf)
		if err != nil {
			return err
		}
		p = &Proof{
			Format: proofFormat, Checkpoint: string(v.st.point.signed), Leaf: e.leaf,
			Kind: v.leaves[e.leaf].kind, Root: v.leaves[e.leaf].root,
		}
		want := []int{-1}
		for _, row := range rows {
			if row < 0 || row >= len(r.rows) {
				return fmt.Errorf("there is no row %d: the record has %d", row, len(r.rows))
			}
			want = append(want, row)
		}
		slices.Sort(want)
		for _, row := range slices.Compact(want) {
			n := Entry{N: int64(row + 1)}
			if n.Salt, n.Data, err = r.entry(row + 1); err != nil {
				return err
			}
			if n.Path, err = tlog.ProveRecord(int64(len(r.rows)+1), n.N, tree); err != nil {
				return err
			}
			p.Entries = append(p.Entries, n)
		}
		var log hashes
		for i, l := range v.leaves {
			if log, err = log.add(int64(i), l.hash); err != nil {
				return err
			}
		}
		p.Path, err = tlog.ProveRecord(int64(len(v.leaves)), e.leaf, log)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("proving evidence: %w", err)
	}
	return p, nil
}

// Verify checks a proof with the log's public key and returns what it proves.
func (p *Proof) Verify(publicKey string) (Shown, error) {
	bad := func(what string) (Shown, error) { return Shown{}, fmt.Errorf("%w: %s", ErrProof, what) }
	key, err := note.NewVerifier(strings.TrimSpace(publicKey))
	if err != nil {
		return bad("the public key cannot be read")
	}
	point, err := openCheckpoint([]byte(p.Checkpoint), key)
	if err != nil {
		return bad("its checkpoint is not one that the key signed")
	}
	if p.Format != proofFormat || p.Kind != leafRecord && p.Kind != leafAdopted || p.Leaf < 0 || p.Leaf >= point.tree.N {
		return bad("its form")
	}
	if err := tlog.CheckRecord(p.Path, point.tree.N, point.tree.Hash, p.Leaf, recordLeaf(p.Kind, p.Root).hash()); err != nil {
		return bad("its record is not in the log")
	}
	if len(p.Entries) == 0 || p.Entries[0].N != 0 {
		return bad("it does not say what the record is")
	}
	shown := Shown{Rows: map[int][]byte{}, Checkpoint: point.public()}
	// How many rows there are is in the head, which then proves itself.
	if err := json.Unmarshal(p.Entries[0].Data, &shown.Head); err != nil || shown.Head.Rows < 0 || shown.Head.Rows > maxRows {
		return bad("what it says of the record")
	}
	size := int64(shown.Head.Rows) + 1
	for _, e := range p.Entries {
		if len(e.Salt) != saltSize || e.N < 0 || e.N >= size {
			return bad("a row's form")
		}
		if err := tlog.CheckRecord(e.Path, size, p.Root, e.N, entryHash(e.Salt, e.Data)); err != nil {
			return bad("a row is not the record's")
		}
		if e.N > 0 {
			shown.Rows[int(e.N)-1] = e.Data
		}
	}
	return shown, nil
}

// Holds tells, without reading them, which of the records with these digests are
// kept: the others are returned, in order.
func (s *Store) Holds(digests []string) (missing []string, err error) {
	err = s.read(func(v *view) error {
		for _, d := range digests {
			if v.entries[d] == nil {
				missing = append(missing, d)
			}
		}
		return nil
	})
	return missing, err
}
