package evidence

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Kind says what a record is evidence of. Any lower-case word will do; these
// are the ones that Tocsin uses.
type Kind string

const (
	KindPage    Kind = "page"    // a page of a list, with its rows
	KindDetail  Kind = "detail"  // one notice's own document
	KindIndex   Kind = "index"   // the sorted ids that a complete sweep saw
	KindArticle Kind = "article" // a news item, or the feed that named it
	KindPicture Kind = "picture"
)

// Exchange is one answer of a source, as it is to be kept.
type Exchange struct {
	URL           string      // as asked; a user's name and password and a fragment are left out
	Method        string      // "" if no request is to be recorded
	RequestHeader http.Header // Authorization, Proxy-Authorization and Cookie are never written
	Status        int         // 0: not an answer but a document of our own (an index of ids)
	Proto         string      // "HTTP/1.1" if empty
	Header        http.Header // as served
	Body          []byte
	// Decoded says that Body is not what travelled but what its Content-Encoding
	// held. That field, and the length that went with it, are then written as
	// X-Archive-Orig-…, so that nobody decodes twice. (net/http does not need it
	// where it decoded by itself: it drops the two fields.)
	Decoded bool
	At      time.Time // when the answer ended; kept to the microsecond
	Kind    Kind
	// Rows are the parts of Body that may have to be shown alone, in the order in
	// which they stand there, none over another. Each must be bytes of Body: a
	// row that was not served is no evidence.
	Rows [][]byte
}

// Index is the record of the ids that a complete sweep saw, each once, sorted,
// one a line and each line a row: two neighbours, shown together, prove that no
// id between them was there. The address is a name of our own ("urn:tocsin:sweep:source:look").
func Index(source string, look int64, at time.Time, ids []string) (Exchange, error) {
	if slices.ContainsFunc(ids, func(id string) bool { return id == "" || strings.ContainsAny(id, "\r\n") }) {
		return Exchange{}, refuse("an id that is empty or holds a line end")
	}
	if len(ids) > maxRows {
		return Exchange{}, refuse("too many ids")
	}
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	var b bytes.Buffer
	for _, id := range ids {
		b.WriteString(id)
		b.WriteByte('\n')
	}
	lines := linesOf(b.Bytes())
	rows := make([][]byte, len(lines))
	for i, l := range lines {
		rows[i] = b.Bytes()[l.at : l.at+l.n]
	}
	return Exchange{
		URL:    fmt.Sprintf("urn:tocsin:sweep:%s:%d", url.PathEscape(source), look),
		Header: http.Header{"Content-Type": {"text/plain; charset=utf-8"}},
		Body:   b.Bytes(), At: at, Kind: KindIndex, Rows: rows,
	}, nil
}

// ErrExchange is an Exchange that cannot be kept as it is: the caller's fault,
// not the store's.
var ErrExchange = errors.New("not an exchange that can be kept")

func refuse(what string) error { return fmt.Errorf("%w: %s", ErrExchange, what) }

// redacted are request fields that say who asked, not what was asked.
var redacted = map[string]bool{"Authorization": true, "Proxy-Authorization": true, "Cookie": true}

// checked is x in the form in which it is written, or why it cannot be. Errors
// name no part of the address: it may hold anything.
func (x Exchange) checked() (Exchange, *url.URL, error) {
	u, err := url.Parse(x.URL)
	if err != nil || !u.IsAbs() || len(x.URL) > maxHead/4 {
		return x, nil, refuse("the address is not an absolute URL")
	}
	u.User, u.Fragment, u.RawFragment = nil, "", ""
	x.URL = u.String()
	if strings.ContainsFunc(x.URL, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return x, nil, refuse("the address holds a blank")
	}
	if x.At.IsZero() || x.At.Year() < 1 || x.At.Year() > 9999 {
		return x, nil, refuse("no time")
	}
	x.At = x.At.UTC().Truncate(time.Microsecond)
	if x.Kind == "" || len(x.Kind) > 32 || strings.Trim(string(x.Kind), "abcdefghijklmnopqrstuvwxyz-") != "" {
		return x, nil, refuse("the kind is not a lower-case word")
	}
	if x.Status != 0 && (x.Status < 100 || x.Status > 999) {
		return x, nil, refuse("the status is not one of HTTP's")
	}
	if x.Proto == "" {
		x.Proto = "HTTP/1.1"
	}
	if !token(x.Proto, "/.") || x.Method != "" && !token(x.Method, "") {
		return x, nil, refuse("the protocol or the method is not a word")
	}
	if x.Status == 0 && x.Method != "" {
		return x, nil, refuse("a request without an answer")
	}
	for _, h := range []http.Header{x.RequestHeader, x.Header} {
		for name, values := range h {
			if !token(name, "") || slices.ContainsFunc(values, func(v string) bool { return strings.ContainsAny(v, "\r\n\x00") }) {
				return x, nil, refuse("a header field holds a line end")
			}
		}
	}
	if len(x.Body) > maxRecord/2 {
		return x, nil, refuse("the body is too large")
	}
	return x, u, nil
}

// token reports whether s is a token (RFC 9110, section 5.6.2), or has more of
// the characters given.
func token(s, more string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("!#$%&'*+-.^_`|~"+more, r))
	})
}

// request is the block of the WARC request record.
func (x Exchange) request(u *url.URL) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\n", x.Method, u.RequestURI())
	if x.RequestHeader.Get("Host") == "" {
		fmt.Fprintf(&b, "Host: %s\r\n", u.Host)
	}
	appendHeader(&b, x.RequestHeader, func(name string) string {
		if redacted[http.CanonicalHeaderKey(name)] {
			return ""
		}
		return name
	})
	b.WriteString("\r\n")
	return b.Bytes()
}

// response is the head of the block of the WARC response record; the body
// follows it.
func (x Exchange) response() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %03d %s\r\n", x.Proto, x.Status, http.StatusText(x.Status))
	appendHeader(&b, x.Header, func(name string) string {
		switch http.CanonicalHeaderKey(name) {
		case "Transfer-Encoding": // net/http has always undone it
			return "X-Archive-Orig-" + name
		case "Content-Encoding", "Content-Length":
			if x.Decoded {
				return "X-Archive-Orig-" + name
			}
		}
		return name
	})
	b.WriteString("\r\n")
	return b.Bytes()
}

// appendHeader writes the fields in order of their names, which is all the order
// that net/http leaves; the values of one name stay in theirs.
func appendHeader(b *bytes.Buffer, h http.Header, rename func(string) string) {
	names := make([]string, 0, len(h))
	for name := range h {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		as := rename(name)
		if as == "" {
			continue
		}
		for _, v := range h[name] {
			fmt.Fprintf(b, "%s: %s\r\n", as, strings.Trim(v, " \t"))
		}
	}
}

// parseHeader reads the lines of a header; the first line is returned apart.
func parseHeader(b []byte) (first string, h http.Header, body []byte, err error) {
	head, body, ok := bytes.Cut(b, []byte("\r\n\r\n"))
	if !ok {
		return "", nil, nil, fmt.Errorf("%w: a header without end", errWARC)
	}
	first, rest, _ := strings.Cut(string(head), "\r\n")
	h = http.Header{}
	for rest != "" {
		var line string
		line, rest, _ = strings.Cut(rest, "\r\n")
		name, value, ok := strings.Cut(line, ":")
		if !ok || name == "" {
			return "", nil, nil, fmt.Errorf("%w: a header field without a name", errWARC)
		}
		h[name] = append(h[name], strings.Trim(value, " \t"))
	}
	return first, h, body, nil
}

// Elements are the members of the JSON array that stands in body under the keys
// given, byte for byte as they stand there: the Rows of a list page. An array
// that is not there has none; JSON that is not of that form is an error.
func Elements(body []byte, keys ...string) ([][]byte, error) {
	at := json.RawMessage(body)
	for _, key := range keys {
		var o map[string]json.RawMessage
		if err := json.Unmarshal(at, &o); err != nil {
			return nil, refuse("no JSON object above " + strconv.Quote(key))
		}
		if at = o[key]; at == nil {
			return nil, nil
		}
	}
	var list []json.RawMessage
	if err := json.Unmarshal(at, &list); err != nil {
		return nil, refuse("no JSON array")
	}
	rows := make([][]byte, len(list))
	for i, e := range list {
		rows[i] = e
	}
	return rows, nil
}
