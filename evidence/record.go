package evidence

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Record names what was kept.
type Record struct {
	Digest string // "sha256:" and hex; what an event names
	// Again says that the payload was held already: nothing was written, or no
	// more than a reference to it.
	Again bool
}

// Head is what a record is, as its leaf commits to it.
type Head struct {
	Digest string    `json:"digest"`
	Kind   Kind      `json:"kind"`
	URL    string    `json:"url"`
	At     time.Time `json:"at"`
	Status int       `json:"status,omitempty"`
	Rows   int       `json:"rows"`
}

// decode reads a record's file. It checks everything that the file says of
// itself: each block's and the payload's digest, the record's own and the seal.
// held gives the payload of a revisit, which stands in another file.
func decode(file []byte, held func(payload string) ([]byte, error)) (*sealed, error) {
	members, err := inflate(file)
	if err != nil {
		return nil, err
	}
	if n := len(members); n < 3 || n > 4 {
		return nil, fmt.Errorf("%w: %d records in a file", errWARC, n)
	}
	var records []*warcRecord
	for _, m := range members {
		r, err := parseWARC(m)
		if err != nil {
			return nil, err
		}
		records = append(records, r)
	}
	last := len(records) - 1
	c := &content{records: members[:last], digest: digestOfAll(members[:last])}
	if err := c.read(records[:last], held); err != nil {
		return nil, err
	}
	s := &sealed{content: c}
	if err := s.readSeal(records[last]); err != nil {
		return nil, err
	}
	// The seal is the one part that no digest covers.
	if !bytes.Equal(s.seal(), members[last]) {
		return nil, fmt.Errorf("%w: the seal is not as it is written", errWARC)
	}
	return s, nil
}

// read fills in what the records say of the exchange.
func (c *content) read(records []*warcRecord, held func(string) ([]byte, error)) error {
	info, main := records[0], records[len(records)-1]
	if info.get("WARC-Type") != "warcinfo" {
		return fmt.Errorf("%w: no warcinfo at the beginning", errWARC)
	}
	kind, _ := lineOf(info.block, "tocsin-kind")
	at, err := time.Parse(time.RFC3339Nano, main.get("WARC-Date"))
	if err != nil {
		return fmt.Errorf("%w: WARC-Date", errWARC)
	}
	c.main = main.get("WARC-Record-ID")
	c.x = Exchange{URL: main.get("WARC-Target-URI"), At: at, Kind: Kind(kind)}
	switch typ := main.get("WARC-Type"); {
	case typ == "resource" && len(records) == 2, typ == "revisit" && len(main.block) == 0 && len(records) == 2:
		c.again = typ == "revisit"
		c.x.Header = http.Header{"Content-Type": {main.get("Content-Type")}}
		c.x.Body = main.block
	case typ == "response", typ == "revisit":
		c.again = typ == "revisit"
		first, h, body, err := parseHeader(main.block)
		if err != nil {
			return err
		}
		proto, rest, _ := strings.Cut(first, " ")
		code, _, _ := strings.Cut(rest, " ")
		status, err := strconv.Atoi(code)
		if err != nil || status < 100 || status > 999 {
			return fmt.Errorf("%w: the status line", errWARC)
		}
		c.x.Proto, c.x.Status, c.x.Header, c.x.Body = proto, status, h, body
	default:
		return fmt.Errorf("%w: neither a response nor a resource", errWARC)
	}
	c.payload = main.get("WARC-Payload-Digest")
	if c.again {
		if len(c.x.Body) != 0 || main.get("WARC-Profile") != samePayload || !validDigest(c.payload) {
			return fmt.Errorf("%w: not a revisit of the same payload", errWARC)
		}
		if c.x.Body, err = held(c.payload); err != nil {
			return fmt.Errorf("the payload that is held in an earlier record: %w", err)
		}
	}
	if c.payload != digestOf(c.x.Body) {
		return fmt.Errorf("%w: WARC-Payload-Digest is not the payload's", errWARC)
	}
	if len(records) == 3 {
		asked := records[1]
		if asked.get("WARC-Type") != "request" {
			return fmt.Errorf("%w: a %q where a request should be", errWARC, asked.get("WARC-Type"))
		}
		first, h, _, err := parseHeader(asked.block)
		if err != nil {
			return err
		}
		c.x.Method, _, _ = strings.Cut(first, " ")
		c.x.RequestHeader = h
	}
	return nil
}

func (s *sealed) readSeal(r *warcRecord) error {
	bad := func(what string) error { return fmt.Errorf("%w: the seal's %s", errWARC, what) }
	if r.get("WARC-Type") != "metadata" {
		return bad("type")
	}
	if v, _ := lineOf(r.block, "format"); v != sealFormat {
		return bad("format")
	}
	if v, _ := lineOf(r.block, "digest"); v != s.digest {
		return bad("digest is not the record's")
	}
	v, _ := lineOf(r.block, "salt")
	salt, err := hex.DecodeString(v)
	if err != nil || len(salt) != saltSize {
		return bad("salt")
	}
	s.salt = salt
	v, ok := lineOf(r.block, "rows")
	if !ok {
		return bad("rows")
	}
	if v == "lines" {
		for _, r := range linesOf(s.x.Body) {
			s.addRow(r)
		}
		if len(s.rows) == 0 {
			return bad("rows")
		}
		return nil
	}
	end := 0
	for f := range strings.FieldsSeq(v) {
		a, b, _ := strings.Cut(f, "+")
		at, err1 := strconv.Atoi(a)
		n, err2 := strconv.Atoi(b)
		if err1 != nil || err2 != nil || at < end || n < 1 || at > len(s.x.Body) || n > len(s.x.Body)-at || len(s.rows) >= maxRows {
			return bad("rows")
		}
		end = at + n
		s.addRow(span{at, n})
	}
	return nil
}

func (s *sealed) addRow(r span) {
	s.rows = append(s.rows, r)
	s.x.Rows = append(s.x.Rows, s.x.Body[r.at:r.at+r.n:r.at+r.n])
}

// lineOf is the value of the first line "name: value" of a block.
func lineOf(block []byte, name string) (string, bool) {
	for line := range strings.SplitSeq(string(block), "\r\n") {
		if v, ok := strings.CutPrefix(line, name+":"); ok {
			return strings.TrimSpace(v), true
		}
	}
	return "", false
}

// validDigest reports whether s is "sha256:" and 64 lower-case hex digits.
func validDigest(s string) bool {
	name, ok := strings.CutPrefix(s, digestPrefix)
	return ok && len(name) == 64 && strings.Trim(name, "0123456789abcdef") == ""
}
