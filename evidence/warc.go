package evidence

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// The subset of WARC 1.1 that is written here, and all that is read: one record
// a gzip member, each with its block's digest. The format is that of
// https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/
// (sections 4 to 6, annex D for compression). Digests are written as
// "sha256:" and lower-case hex, as warcio and Heritrix write them.
const warcVersion = "WARC/1.1\r\n"

const (
	maxRecord = 96 << 20 // uncompressed bytes of a file, all its records together
	maxHead   = 64 << 10 // bytes of one record's named fields
)

var errWARC = errors.New("malformed WARC")

// warcRecord is one WARC record. Fields are in order and without
// Content-Length and WARC-Block-Digest, which its block gives.
type warcRecord struct {
	fields []field
	block  []byte
}

type field struct{ name, value string }

// get is the first value of a field, "" if there is none. Names of fields are
// case-insensitive.
func (r *warcRecord) get(name string) string {
	for _, f := range r.fields {
		if strings.EqualFold(f.name, name) {
			return f.value
		}
	}
	return ""
}

// appendTo appends the record's uncompressed bytes.
func (r *warcRecord) appendTo(dst []byte) []byte {
	dst = append(dst, warcVersion...)
	for _, f := range r.fields {
		dst = fmt.Appendf(dst, "%s: %s\r\n", f.name, f.value)
	}
	dst = fmt.Appendf(dst, "WARC-Block-Digest: %s\r\nContent-Length: %d\r\n\r\n", digestOf(r.block), len(r.block))
	dst = append(dst, r.block...)
	return append(dst, "\r\n\r\n"...)
}

// digestOf is "sha256:" and the hex of b's SHA-256.
func digestOf(b []byte) string {
	sum := sha256.Sum256(b)
	return digestPrefix + hex.EncodeToString(sum[:])
}

// recordID names a record by what it holds, so that the same record always has
// the same name (RFC 9562, section 5.8: a UUID of version 8 is free in form).
func recordID(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	u := h.Sum(nil)[:16]
	u[6], u[8] = u[6]&0x0f|0x80, u[8]&0x3f|0x80
	return fmt.Sprintf("<urn:uuid:%x-%x-%x-%x-%x>", u[:4], u[4:6], u[6:8], u[8:10], u[10:])
}

// deflate writes each record as a gzip member of its own.
func deflate(zw *gzip.Writer, records [][]byte) ([]byte, error) {
	var out bytes.Buffer
	for _, r := range records {
		zw.Reset(&out)
		if _, err := zw.Write(r); err != nil {
			return nil, err
		}
		if err := zw.Close(); err != nil {
			return nil, err
		}
	}
	return out.Bytes(), nil
}

// inflate reads what deflate wrote: the uncompressed bytes of each member. It
// refuses more than maxRecord bytes in all, and anything after the last member.
func inflate(file []byte) ([][]byte, error) {
	var members [][]byte
	in := bytes.NewReader(file) // a ByteReader: gzip then reads no further than the member
	left := int64(maxRecord)
	for in.Len() > 0 {
		zr, err := gzip.NewReader(in)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errWARC, err)
		}
		zr.Multistream(false)
		m, err := io.ReadAll(io.LimitReader(zr, left+1))
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errWARC, err)
		}
		if left -= int64(len(m)); left < 0 {
			return nil, fmt.Errorf("%w: more than %d bytes", errWARC, int64(maxRecord))
		}
		members = append(members, m)
	}
	return members, nil
}

// parseWARC reads exactly one record and checks its length and block digest.
// The block is part of b, not a copy.
func parseWARC(b []byte) (*warcRecord, error) {
	rest, ok := bytes.CutPrefix(b, []byte(warcVersion))
	if !ok {
		return nil, fmt.Errorf("%w: no %q", errWARC, strings.TrimSpace(warcVersion))
	}
	end := bytes.Index(rest[:min(len(rest), maxHead)], []byte("\r\n\r\n"))
	if end < 0 {
		return nil, fmt.Errorf("%w: fields without end", errWARC)
	}
	r := &warcRecord{}
	for line := range strings.SplitSeq(string(rest[:end]), "\r\n") {
		name, value, ok := strings.Cut(line, ":")
		if !ok || name == "" {
			return nil, fmt.Errorf("%w: a field without a name", errWARC)
		}
		r.fields = append(r.fields, field{name, strings.TrimSpace(value)})
	}
	rest = rest[end+4:]
	n, err := strconv.Atoi(r.get("Content-Length"))
	if err != nil || n < 0 || n > len(rest) || !bytes.Equal(rest[n:], []byte("\r\n\r\n")) {
		return nil, fmt.Errorf("%w: Content-Length is not the block's", errWARC)
	}
	r.block = rest[:n:n]
	if r.get("WARC-Block-Digest") != digestOf(r.block) {
		return nil, fmt.Errorf("%w: WARC-Block-Digest is not the block's", errWARC)
	}
	r.fields = slices.DeleteFunc(r.fields, func(f field) bool {
		return f.name == "Content-Length" || f.name == "WARC-Block-Digest"
	})
	return r, nil
}
