package evidence

import (
	"bytes"
	"compress/gzip"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"slices"
	"strconv"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

const (
	digestPrefix = "sha256:"
	saltSize     = 32
	maxRows      = 100_000
	sealFormat   = "tocsin evidence 1"
	samePayload  = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
)

// content is the WARC records of x, all but the seal, and their digest.
// x has been checked.
type content struct {
	x       Exchange
	digest  string
	payload string // digest of x.Body
	again   bool   // the payload stands in an earlier record
	main    string // WARC-Record-ID of the answer or document
	records [][]byte
	rows    []span // of x.Body
}

type span struct{ at, n int }

// newContent makes x's records. Where the same payload is held already, of is
// the content that holds it: a revisit of that is written (WARC 1.1, section
// 6.7), which has everything but the payload.
func newContent(x Exchange, of *content) (*content, error) {
	x, u, err := x.checked()
	if err != nil {
		return nil, err
	}
	c := &content{x: x, payload: digestOf(x.Body), again: of != nil}
	if c.rows, err = locate(x.Body, x.Rows); err != nil {
		return nil, err
	}
	date := x.At.Format(time.RFC3339Nano)
	add := func(block []byte, fields ...field) {
		r := warcRecord{fields: fields, block: block}
		c.records = append(c.records, r.appendTo(make([]byte, 0, len(block)+1024)))
	}

	about := fmt.Appendf(nil, "software: tocsin\r\nformat: WARC File Format 1.1\r\n"+
		"conformsTo: https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\ntocsin-kind: %s\r\n", x.Kind)
	info := recordID("warcinfo", date, x.URL, string(about))
	add(about, field{"WARC-Type", "warcinfo"}, field{"WARC-Record-ID", info}, field{"WARC-Date", date},
		field{"Content-Type", "application/warc-fields"})

	block, typ, holds := x.Body, "resource", x.Header.Get("Content-Type")
	if holds == "" {
		holds = "application/octet-stream"
	}
	if x.Status != 0 {
		block, typ, holds = append(x.response(), x.Body...), "response", "application/http; msgtype=response"
	}
	fields := []field{{"WARC-Date", date}, {"WARC-Target-URI", x.URL}, {"WARC-Warcinfo-ID", info}, {"WARC-Payload-Digest", c.payload}}
	if c.again {
		block, typ = block[:len(block)-len(x.Body)], "revisit"
		fields = append(fields, field{"WARC-Profile", samePayload}, field{"WARC-Refers-To", of.main},
			field{"WARC-Refers-To-Target-URI", of.x.URL}, field{"WARC-Refers-To-Date", of.x.At.Format(time.RFC3339Nano)})
	}
	c.main = recordID(typ, date, x.URL, c.payload, digestOf(block))
	if x.Method != "" {
		asked := x.request(u)
		add(asked, field{"WARC-Type", "request"}, field{"WARC-Record-ID", recordID("request", date, x.URL, string(asked))},
			field{"WARC-Date", date}, field{"WARC-Target-URI", x.URL}, field{"WARC-Warcinfo-ID", info},
			field{"WARC-Concurrent-To", c.main}, field{"Content-Type", "application/http; msgtype=request"})
	}
	add(block, append([]field{{"WARC-Type", typ}, {"WARC-Record-ID", c.main}, {"Content-Type", holds}}, fields...)...)
	c.digest = digestOfAll(c.records)
	return c, nil
}

func digestOfAll(parts [][]byte) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write(p)
	}
	return digestPrefix + hex.EncodeToString(h.Sum(nil))
}

// locate finds each row in body, one after the other.
func locate(body []byte, rows [][]byte) ([]span, error) {
	if len(rows) > maxRows {
		return nil, refuse("too many rows")
	}
	spans := make([]span, 0, len(rows))
	from := 0
	for i, row := range rows {
		at := bytes.Index(body[from:], row)
		if at < 0 || len(row) == 0 {
			return nil, refuse("row " + strconv.Itoa(i) + " does not stand in the body behind the row before it")
		}
		spans = append(spans, span{from + at, len(row)})
		from += at + len(row)
	}
	return spans, nil
}

// sealed is a record with its salt: what its file holds and its leaf commits to.
type sealed struct {
	*content
	salt []byte
	mac  hash.Hash // keyed with salt, once it was needed
}

// seal is the uncompressed bytes of the file's last record.
func (s *sealed) seal() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "format: %s\r\ndigest: %s\r\nsalt: %x\r\nrows:", sealFormat, s.digest, s.salt)
	if len(s.rows) > 0 && slices.Equal(s.rows, linesOf(s.x.Body)) {
		b.WriteString(" lines")
	} else {
		for _, r := range s.rows {
			fmt.Fprintf(&b, " %d+%d", r.at, r.n)
		}
	}
	b.WriteString("\r\n")
	r := warcRecord{block: b.Bytes(), fields: []field{
		{"WARC-Type", "metadata"}, {"WARC-Record-ID", recordID("metadata", s.main, b.String())},
		{"WARC-Date", s.x.At.Format(time.RFC3339Nano)}, {"WARC-Target-URI", s.x.URL}, {"WARC-Refers-To", s.main},
		{"Content-Type", "application/warc-fields"},
	}}
	return r.appendTo(nil)
}

// linesOf are the lines of b, without their ends; nil where they are not all
// ended and not empty.
func linesOf(b []byte) []span {
	var out []span
	for at := 0; at < len(b); {
		n := bytes.IndexByte(b[at:], '\n')
		if n < 1 || len(out) == maxRows {
			return nil
		}
		out = append(out, span{at, n})
		at += n + 1
	}
	return out
}

// encode is the record's file.
func (s *sealed) encode(zw *gzip.Writer) ([]byte, error) {
	return deflate(zw, append(s.records[:len(s.records):len(s.records)], s.seal()))
}

func (c *content) head() Head {
	return Head{Digest: c.digest, Kind: c.x.Kind, URL: c.x.URL, At: c.x.At, Status: c.x.Status, Rows: len(c.rows)}
}

// entry is what the record's tree holds at i: the head at 0, then the rows. Each
// is shown with its own salt, which tells nothing about the others'.
func (s *sealed) entry(i int) (salt, data []byte, err error) {
	if s.mac == nil {
		s.mac = hmac.New(sha256.New, s.salt)
	}
	s.mac.Reset()
	s.mac.Write(binary.BigEndian.AppendUint64([]byte(sealFormat+" entry "), uint64(i)))
	salt = s.mac.Sum(nil)
	if i == 0 {
		data, err = json.Marshal(s.head())
		return salt, data, err
	}
	r := s.rows[i-1]
	return salt, s.x.Body[r.at : r.at+r.n], nil
}

// tree is the record's tree of entries (RFC 6962, section 2.1) and its root.
func (s *sealed) tree() (hashes, tlog.Hash, error) {
	t := make(hashes, 0, 2*len(s.rows)+2)
	for i := range len(s.rows) + 1 {
		salt, data, err := s.entry(i)
		if err != nil {
			return nil, tlog.Hash{}, err
		}
		if t, err = t.add(int64(i), entryHash(salt, data)); err != nil {
			return nil, tlog.Hash{}, err
		}
	}
	root, err := tlog.TreeHash(int64(len(s.rows)+1), t)
	return t, root, err
}

func entryHash(salt, data []byte) tlog.Hash {
	return tlog.RecordHash(append(salt[:len(salt):len(salt)], data...))
}

// hashes are all hashes of a tree, in tlog's order of storage.
type hashes []tlog.Hash

func (h hashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, 0, len(indexes))
	for _, i := range indexes {
		if i < 0 || i >= int64(len(h)) {
			return nil, fmt.Errorf("hash %d of %d", i, len(h))
		}
		out = append(out, h[i])
	}
	return out, nil
}

func (h hashes) add(n int64, leaf tlog.Hash) (hashes, error) {
	more, err := tlog.StoredHashesForRecordHash(n, leaf, h)
	return append(h, more...), err
}
