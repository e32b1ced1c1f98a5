package evidence

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestNpmWarcioReadsEveryRecord reads a store with npm's warcio, which must be
// named by TOCSIN_WARCIO (node_modules/warcio/dist/cli.js of warcio@2.4.11). Its
// command does not check digests, so the script has its parser read each record
// and computes them anew.
func TestNpmWarcioReadsEveryRecord(t *testing.T) {
	cli := os.Getenv("TOCSIN_WARCIO")
	node, err := exec.LookPath("node")
	if cli == "" || err != nil {
		t.Skip("TOCSIN_WARCIO is not set to the cli.js of npm's warcio, or there is no node")
	}
	s := open(t, t.TempDir(), Options{})
	want := map[string]string{} // what was served, by digest of the payload
	xs := []Exchange{page(1, 160), page(2, 0), detail(1, `{"name":"Zoë"}`), detail(2, `{"name":"Zoë"}`), detail(3, "")}
	ix, err := Index("interpol-red", 1, noon, idsOf(200))
	must(t, err)
	xs = append(xs, ix)
	records, err := s.KeepAll(t.Context(), xs)
	must(t, err)
	args := []string{filepath.Join("testdata", "warcio.mjs"), cli}
	for i, r := range records {
		want[digestOf(xs[i].Body)] = string(xs[i].Body)
		args = append(args, s.v.d.path(s.v.entries[r.Digest].path()))
	}
	out, err := exec.Command(node, args...).Output()
	if err != nil {
		if e := (*exec.ExitError)(nil); errors.As(err, &e) {
			t.Fatalf("%v: %s", err, e.Stderr)
		}
		t.Fatal(err)
	}
	var read []struct{ File, Type, URI, ID, Payload, PayloadDigest, BlockDigest, WantPayload, WantBlock string }
	if err := json.Unmarshal(out, &read); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	types := map[string]int{}
	for _, r := range read {
		types[r.Type]++
		if r.BlockDigest != r.WantBlock {
			t.Errorf("%s of %s: the block's digest is %s, its field says %s", r.Type, r.URI, r.BlockDigest, r.WantBlock)
		}
		if r.Type != "response" && r.Type != "resource" {
			continue
		}
		body, ok := want[r.PayloadDigest]
		if !ok || body != r.Payload || r.PayloadDigest != r.WantPayload {
			t.Errorf("%s of %s: the payload is not what was served", r.Type, r.URI)
		}
	}
	// One of the two equal details is by reference.
	if got, _ := json.Marshal(types); string(got) != `{"metadata":6,"request":5,"resource":1,"response":4,"revisit":1,"warcinfo":6}` {
		t.Errorf("records: %s", got)
	}
	for _, args := range [][]string{{"index"}, {"cdx-index"}} {
		for _, r := range records {
			if out, err := exec.Command(node, append([]string{cli, args[0]}, s.v.d.path(s.v.entries[r.Digest].path()))...).CombinedOutput(); err != nil || len(out) == 0 {
				t.Errorf("warcio %s: %v: %s", args[0], err, out)
			}
		}
	}
}
