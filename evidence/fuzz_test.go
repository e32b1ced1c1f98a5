package evidence

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"testing"

	"golang.org/x/mod/sumdb/note"
)

func FuzzDecode(f *testing.F) {
	zw := gzip.NewWriter(nil)
	for _, x := range []Exchange{page(1, 2), detail(1, `{}`)} {
		c, err := newContent(x, nil)
		if err != nil {
			f.Fatal(err)
		}
		s := &sealed{content: c, salt: bytes.Repeat([]byte{7}, saltSize)}
		file, err := s.encode(zw)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(bytes.Join(append(c.records, s.seal()), nil))
		f.Add(file)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		// As a file, and as the uncompressed records of one, which gzip's own
		// checksums would keep a fuzzer from changing.
		tries := [][]byte{b}
		if parts := bytes.SplitAfter(b, []byte("\r\n\r\nWARC/1.1\r\n")); len(parts) > 1 {
			var members [][]byte
			head := ""
			for i, p := range parts {
				m := []byte(head + string(p))
				if i < len(parts)-1 {
					m, head = bytes.TrimSuffix(m, []byte(warcVersion)), warcVersion
				}
				members = append(members, m)
			}
			file, err := deflate(zw, members)
			if err != nil {
				t.Fatal(err)
			}
			tries = append(tries, file)
		}
		for _, file := range tries {
			s, err := decode(file, func(string) ([]byte, error) { return nil, ErrNotKept })
			if err != nil {
				continue
			}
			// What is accepted is what would be written.
			again, err := s.encode(gzip.NewWriter(nil))
			if err != nil {
				t.Fatal(err)
			}
			if back, err := decode(again, nil); err != nil || back.digest != s.digest || len(back.rows) != len(s.rows) {
				t.Errorf("accepted, written, and read otherwise: %v", err)
			}
			if _, _, err := s.tree(); err != nil {
				t.Error(err)
			}
		}
	})
}

func FuzzReadLog(f *testing.F) {
	s := open(f, f.TempDir(), Options{})
	r := keep(f, s, page(1, 1))
	keep(f, s, page(2, 1))
	if _, err := s.Forget(f.Context(), r.Digest); err != nil {
		f.Fatal(err)
	}
	log := readFile(f, s.v.d.dir, logName)
	var key note.Verifier = s.v.verifier
	f.Add(log)
	f.Add(log[:len(log)-10])
	f.Add(append(bytes.Clone(log), "record \n"...))
	f.Fuzz(func(t *testing.T, b []byte) {
		st, err := readLog(bytes.NewReader(b), key, logState{}, visitor{})
		if err != nil {
			return
		}
		// What was read is a beginning of the log as it was signed.
		if st.end > int64(len(b)) || st.point.signed != nil && st.point.tree.Hash != st.edge.root() {
			t.Errorf("read to %d of %d, to a root that is not signed", st.end, len(b))
		}
		if st.end > 0 && (st.end > int64(len(log)) || !bytes.Equal(b[:st.end], log[:st.end])) {
			n, _ := readLog(bytes.NewReader(log), key, logState{}, visitor{})
			if st.edge.n > n.edge.n {
				t.Error("more leaves than were ever signed")
			}
		}
	})
}

func FuzzProof(f *testing.F) {
	s := open(f, f.TempDir(), Options{})
	x := page(1, 5)
	r := keep(f, s, x)
	p, key := prove(f, s, r.Digest, 2)
	text, err := json.Marshal(p)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Fuzz(func(t *testing.T, b []byte) {
		var p Proof
		if json.Unmarshal(b, &p) != nil {
			return
		}
		shown, err := p.Verify(key)
		if err != nil {
			return
		}
		if shown.Head.Digest != r.Digest {
			t.Errorf("another record proved: %+v", shown.Head)
		}
		for i, row := range shown.Rows {
			if !bytes.Equal(row, x.Rows[i]) {
				t.Errorf("row %d proved to be %q", i, row)
			}
		}
	})
}
