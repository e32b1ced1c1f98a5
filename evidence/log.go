package evidence

import (
	"bufio"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// origin is the first line of each checkpoint and the name of each key. The
// text is C2SP's tlog-checkpoint: origin, size, root, and one line more: when.
const origin = "tocsin/evidence"

const (
	maxLine  = 4096    // bytes of a line of the log
	maxBatch = 1 << 16 // leaves under one checkpoint
)

// ErrTampered is a log or a record that is not as it was written.
var ErrTampered = errors.New("the evidence is not as it was written")

// leaf is one line of the log, with its end: what the tree hashes.
//
//	record ROOT           a record, by the root of its tree, in base64
//	adopted ROOT          the same, found without its leaf when the log's end had been lost
//	dropped N WHY WHEN    leaf N's record was dropped
type leaf string

const (
	leafRecord  = "record"
	leafAdopted = "adopted"
)

func recordLeaf(kind string, root tlog.Hash) leaf { return leaf(kind + " " + root.String() + "\n") }

func droppedLeaf(n int64, why string, at time.Time) leaf {
	return leaf(fmt.Sprintf("dropped %d %s %s\n", n, why, at.UTC().Format(time.RFC3339)))
}

func (l leaf) hash() tlog.Hash { return tlog.RecordHash([]byte(l)) }

// record is the root that a record's leaf holds, and which of the two it is.
func (l leaf) record() (kind string, root tlog.Hash, ok bool) {
	kind, v, ok := strings.Cut(string(l), " ")
	if !ok || kind != leafRecord && kind != leafAdopted || !strings.HasSuffix(v, "\n") {
		return "", root, false
	}
	root, err := tlog.ParseHash(v[:len(v)-1])
	return kind, root, err == nil && l == recordLeaf(kind, root)
}

// dropped is the leaf that a tombstone speaks of.
func (l leaf) dropped() (n int64, why string, ok bool) {
	f := strings.Split(strings.TrimSuffix(string(l), "\n"), " ")
	if len(f) != 4 || f[0] != "dropped" {
		return 0, "", false
	}
	n, err := strconv.ParseInt(f[1], 10, 64)
	at, err2 := time.Parse(time.RFC3339, f[3])
	return n, f[2], err == nil && err2 == nil && n >= 0 && l == droppedLeaf(n, f[2], at)
}

func (l leaf) valid() bool {
	_, _, record := l.record()
	_, _, dropped := l.dropped()
	return record || dropped
}

// edge is as much of a tree as is needed to go on: the roots of its complete
// subtrees, the smallest first (RFC 6962, section 2.1).
type edge struct {
	n     int64
	roots []tlog.Hash // by level; only those of n's set bits mean something
}

func (e *edge) add(h tlog.Hash) {
	level := 0
	for ; e.n>>level&1 == 1; level++ {
		h = tlog.NodeHash(e.roots[level], h)
	}
	if level == len(e.roots) {
		e.roots = append(e.roots, h)
	} else {
		e.roots[level] = h
	}
	e.n++
}

func (e *edge) clone() edge { return edge{e.n, append([]tlog.Hash(nil), e.roots...)} }

func (e *edge) root() tlog.Hash {
	var h tlog.Hash
	some := false
	for level, r := range e.roots {
		switch {
		case e.n>>level&1 == 0:
		case some:
			h = tlog.NodeHash(r, h)
		default:
			h, some = r, true
		}
	}
	if !some {
		h, _ = tlog.TreeHash(0, nil)
	}
	return h
}

// checkpoint is one signed state of the log.
type checkpoint struct {
	tree   tlog.Tree
	at     time.Time
	signed []byte // the whole note
}

func (c checkpoint) String() string { return rootString(c.tree.Hash) }

func rootString(h tlog.Hash) string { return fmt.Sprintf("%s%x", digestPrefix, h[:]) }

func signCheckpoint(t tlog.Tree, at time.Time, key note.Signer) (checkpoint, error) {
	at = at.UTC().Truncate(time.Second)
	text := fmt.Sprintf("%s\n%d\n%s\n%s\n", origin, t.N, t.Hash, at.Format(time.RFC3339))
	signed, err := note.Sign(&note.Note{Text: text}, key)
	return checkpoint{t, at, signed}, err
}

// openCheckpoint checks the signature of a checkpoint and reads it.
func openCheckpoint(signed []byte, key note.Verifier) (checkpoint, error) {
	n, err := note.Open(signed, note.VerifierList(key))
	if err != nil {
		return checkpoint{}, fmt.Errorf("a checkpoint: %w", err)
	}
	f := strings.Split(n.Text, "\n")
	if len(f) != 5 || f[0] != origin {
		return checkpoint{}, errors.New("a signed note that is no checkpoint")
	}
	size, err1 := strconv.ParseInt(f[1], 10, 64)
	hash, err2 := tlog.ParseHash(f[2])
	at, err3 := time.Parse(time.RFC3339, f[3])
	if err := errors.Join(err1, err2, err3); err != nil || size < 0 {
		return checkpoint{}, errors.New("a signed note that is no checkpoint")
	}
	return checkpoint{tlog.Tree{N: size, Hash: hash}, at, signed}, nil
}

// newKey makes a signing key, in the form of package note.
func newKey() (private, public string, err error) { return note.GenerateKey(rand.Reader, origin) }

// publicOf is the verifier's key that belongs to a signer's key.
func publicOf(private string) (string, error) {
	_, rest, ok := strings.Cut(strings.TrimSpace(private), origin+"+")
	_, encoded, ok2 := strings.Cut(rest, "+")
	key, err := base64.StdEncoding.DecodeString(encoded)
	if !ok || !ok2 || err != nil || len(key) != 1+ed25519.SeedSize {
		return "", errors.New("not a signing key")
	}
	pub := ed25519.NewKeyFromSeed(key[1:]).Public().(ed25519.PublicKey)
	return note.NewEd25519VerifierKey(origin, pub)
}

// logState is how far a log has been read: always up to a checkpoint.
type logState struct {
	end   int64 // offset behind the last checkpoint
	edge  edge
	point checkpoint
}

// visitor is given what a log has committed, in order. Either may be nil.
type visitor struct {
	leaf  func(n int64, l leaf) error
	point func(checkpoint) error
}

// errTorn is what a log ends with when a process died while writing it.
var errTorn = errors.New("torn")

// readLog reads on from a state to the last checkpoint that is whole, and checks
// that each checkpoint signs the leaves before it. What follows the last one is
// torn, a commit that never was, and is not read; but where something is wrong
// and a checkpoint signed with the key still follows, the log was tampered with.
func readLog(r io.ReaderAt, key note.Verifier, st logState, v visitor) (logState, error) {
	in := tail(r, st.end)
	at := st.end
	next := st.edge.clone()
	var batch []leaf
	for {
		item, err := readItem(in)
		if err == io.EOF {
			return st, nil
		}
		if err != nil && err != errTorn {
			return st, err
		}
		at += int64(len(item))
		if l := leaf(item); err == nil && l.valid() && len(batch) < maxBatch {
			next.add(l.hash())
			batch = append(batch, l)
			continue
		}
		point, failed := openCheckpoint([]byte(item), key)
		if err != nil || failed != nil || point.tree != (tlog.Tree{N: next.n, Hash: next.root()}) {
			if pointFollows(tail(r, st.end), key) {
				return st, fmt.Errorf("%w: the log does not hold behind its first %d leaves", ErrTampered, st.edge.n)
			}
			return st, nil
		}
		for i, l := range batch {
			if v.leaf != nil {
				if err := v.leaf(st.edge.n+int64(i), l); err != nil {
					return st, err
				}
			}
		}
		if v.point != nil {
			if err := v.point(point); err != nil {
				return st, err
			}
		}
		st = logState{at, next.clone(), point}
		batch = batch[:0]
	}
}

func tail(r io.ReaderAt, from int64) *bufio.Reader {
	return bufio.NewReaderSize(io.NewSectionReader(r, from, math.MaxInt64-from), maxLine)
}

// readItem reads a line, or the six lines of a checkpoint. It returns errTorn
// for what ends too soon or is too long, and io.EOF at the end.
func readItem(in *bufio.Reader) (string, error) {
	var item strings.Builder
	for lines := 1; ; lines++ {
		b, err := in.ReadSlice('\n')
		item.Write(b)
		switch {
		case err == io.EOF && item.Len() == 0:
			return "", io.EOF
		case err == io.EOF || err == bufio.ErrBufferFull:
			return item.String(), errTorn
		case err != nil:
			return "", err
		case lines == 6 || lines == 1 && string(b) != origin+"\n":
			return item.String(), nil
		}
	}
}

// pointFollows reports whether anything in the rest is a checkpoint that the
// key signed.
func pointFollows(in *bufio.Reader, key note.Verifier) bool {
	var last [6]string
	for {
		b, err := in.ReadSlice('\n')
		if err != nil && err != bufio.ErrBufferFull {
			return false
		}
		copy(last[:], last[1:])
		last[5] = string(b)
		if !strings.HasSuffix(last[0], origin+"\n") {
			continue
		}
		text := origin + "\n" + strings.Join(last[1:], "")
		if _, err := openCheckpoint([]byte(text), key); err == nil {
			return true
		}
	}
}
