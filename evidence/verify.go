package evidence

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"golang.org/x/mod/sumdb/note"
)

// Report is what Verify found.
type Report struct {
	OK   bool   `json:"ok"`
	Root string `json:"root,omitempty"` // of the log at its last checkpoint, "sha256:" and hex
	Why  string `json:"why,omitempty"`  // what does not hold, "" if all does

	Leaves  int64          `json:"leaves"`
	Records int            `json:"records"` // that are there and hold
	Bytes   int64          `json:"bytes"`   // of their files
	Dropped map[string]int `json:"dropped,omitempty"`
	// Adopted are records that the log had once lost. They are what they were
	// kept as, but when is not proved from before the loss.
	Adopted int `json:"adopted,omitempty"`
	// Others are files in the records' folders that are no record's.
	Others     int        `json:"others,omitempty"`
	Checkpoint Checkpoint `json:"-"`
}

// Verify reads the whole store anew, from the disk: each record and all its
// digests, each against its leaf; the log against each of its checkpoints; for
// each leaf its record or the drop that explains why there is none. known are
// signed checkpoints (Checkpoint.Note) kept elsewhere, which the log must
// continue. Beside a process that writes it speaks for what was committed when
// it began. What does not hold is in the report; the error is ctx's, or the file
// system's where nothing could be read.
func (s *Store) Verify(ctx context.Context, known ...string) (Report, error) {
	v := &view{d: disk{dir: s.v.d.dir}}
	var r Report
	pub, err := s.PublicKey()
	if err != nil {
		return r, fmt.Errorf("verifying the evidence store: %w", err)
	}
	if v.verifier, err = note.NewVerifier(pub); err != nil {
		r.Why = "the log's public key cannot be read"
		return r, nil
	}
	bad, err := r.verify(ctx, v, known)
	if errors.Is(err, ErrTampered) {
		bad, err = append(bad, err.Error()), nil
	}
	if err != nil {
		return Report{}, fmt.Errorf("verifying the evidence store: %w", err)
	}
	r.OK = len(bad) == 0
	if !r.OK {
		r.Why = bad[0]
		if n := len(bad) - 1; n > 0 {
			r.Why += fmt.Sprintf(" (and %d more)", n)
		}
	}
	return r, nil
}

// verify returns what does not hold.
func (r *Report) verify(ctx context.Context, v *view, known []string) (bad []string, err error) {
	if err := v.readLogBeside(); err != nil {
		return nil, err
	}
	n := v.st.edge.n
	r.Leaves, r.Checkpoint = n, v.st.point.public()
	r.Root = r.Checkpoint.Root
	bad = append(bad, continues(v, known)...)
	bad = append(bad, r.tombstones(v)...)

	if err := v.scan(); err != nil {
		return nil, err
	}
	r.Others = len(v.odd)
	files, astray := slices.Clone(v.files), v.astray
	there := map[int64]bool{}
	failed := map[int64]string{}
	for _, e := range files {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if _, gone := v.dropped[e.leaf]; gone {
			continue // its drop is logged; the next Open for writing removes it
		}
		rec, err := v.open(&e)
		if err == nil {
			_, err = v.check(rec, e.leaf)
		}
		switch {
		case err == nil && !there[e.leaf]:
			there[e.leaf] = true
			r.Records++
			r.Bytes += e.size
		case err != nil && !e.coming:
			failed[e.leaf] = fmt.Sprintf("record %s: %s", e.digest, plain(err))
		}
	}

	// What is missing now may have been dropped since, and what was not in the
	// log then may be in it now.
	if err := v.readLogBeside(); err != nil {
		return nil, err
	}
	for leaf := range v.leaves[:n] {
		_, gone := v.dropped[int64(leaf)]
		why, broken := failed[int64(leaf)]
		switch {
		case v.leaves[leaf].kind == "" || gone:
		case broken:
			bad = append(bad, why)
		case !there[int64(leaf)]:
			bad = append(bad, fmt.Sprintf("the record of leaf %d is missing and no drop explains it", leaf))
		case v.leaves[leaf].kind == leafAdopted:
			r.Adopted++
		}
	}
	for _, e := range files {
		if e.leaf < n && v.leaves[e.leaf].kind == "" {
			bad = append(bad, fmt.Sprintf("record %s stands for a leaf that is no record's", e.digest))
		}
	}
	for _, e := range astray {
		if e.leaf >= v.st.edge.n {
			bad = append(bad, fmt.Sprintf("record %s is not in the log, which has lost its end", e.digest))
		}
	}
	return bad, nil
}

// plain is an error without the address of the store's folder.
func plain(err error) string {
	if p := (*fs.PathError)(nil); errors.As(err, &p) {
		return "its file cannot be read: " + p.Err.Error()
	}
	return err.Error()
}

// tombstones checks that each drop speaks of a record before it, once.
func (r *Report) tombstones(v *view) (bad []string) {
	drops := 0
	for _, k := range v.leaves {
		if k.kind == "" {
			drops++
		}
	}
	for leaf, why := range v.dropped {
		if leaf >= int64(len(v.leaves)) || v.leaves[leaf].kind == "" {
			bad = append(bad, fmt.Sprintf("a drop speaks of leaf %d, which is no record's", leaf))
			continue
		}
		if r.Dropped == nil {
			r.Dropped = map[string]int{}
		}
		r.Dropped[why]++
	}
	if len(bad) == 0 && drops != len(v.dropped) {
		bad = append(bad, "a record is said to be dropped twice")
	}
	return bad
}

// continues checks that the log had, or has, each of the states given.
func continues(v *view, known []string) (bad []string) {
	for _, text := range known {
		c, err := openCheckpoint([]byte(text), v.verifier)
		if err != nil {
			bad = append(bad, "a checkpoint from elsewhere was not signed with this log's key")
			continue
		}
		var e edge
		for _, k := range v.leaves[:min(c.tree.N, int64(len(v.leaves)))] {
			e.add(k.hash)
		}
		if e.n != c.tree.N || e.root() != c.tree.Hash {
			bad = append(bad, fmt.Sprintf("the log does not continue the checkpoint of %d leaves that was kept elsewhere", c.tree.N))
		}
	}
	return bad
}
