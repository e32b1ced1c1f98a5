package unsc

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"tocsin/watcher/source"
)

// Limits of the list, beside that of a bulk file: an individual of the list of
// 2026-02-27 has at most 13 KB and three levels.
const (
	individualMost = 256 << 10 // bytes
	depthMost      = 8
	badMost        = 20 // individuals without a number; then the rest is not read
)

// fault is what is wrong with the document, in words that quote nothing of it.
type fault string

func (f fault) Error() string { return string(f) }

const (
	errNotList  fault = "not the Security Council's consolidated list"
	errNoDate   fault = "the list does not say when it was made"
	errDoctype  fault = "it has a document type, and may not"
	errLarge    fault = "an entry is larger than any entry can be"
	errDeep     fault = "an entry is nested deeper than any entry can be"
	errBreaks   fault = "the list breaks off"
	errNoNumber fault = "an entry without a number"
	errNobody   fault = "the list holds nobody"
)

// element is one of the document, with what stands in it.
type element struct {
	name string
	text string
	kids []element
}

// all are the kids of that name.
func (e element) all(name string) (out []element) {
	for _, k := range e.kids {
		if k.name == name {
			out = append(out, k)
		}
	}
	return out
}

// one is the text of the first kid of that name, squeezed; "" if there is none.
func (e element) one(name string) string {
	for _, k := range e.kids {
		if k.name == name {
			return squeeze(k.text)
		}
	}
	return ""
}

// values are the texts of VALUE in the kids of that name.
func (e element) values(name string) (out []string) {
	for _, k := range e.all(name) {
		for _, v := range k.all("VALUE") {
			if s := squeeze(v.text); s != "" {
				out = append(out, s)
			}
		}
	}
	return out
}

func squeeze(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(x rune) bool { return unicode.IsSpace(x) || unicode.IsControl(x) }), " ")
}

// guard bounds how much is read for one part of the document, whatever it is.
type guard struct {
	from io.Reader
	left int
}

func (g *guard) Read(p []byte) (int, error) {
	if g.left <= 0 {
		return 0, errLarge
	}
	n, err := g.from.Read(p[:min(len(p), g.left)])
	g.left -= n
	return n, err
}

// reader reads the list in the form of the XSD that it names itself,
// https://www.un.org/sc/resources/sc-sanctions.xsd.
type reader struct {
	guard guard
	d     *xml.Decoder
}

func newReader(from io.Reader) *reader {
	r := &reader{guard: guard{from: from, left: individualMost}}
	r.d = xml.NewDecoder(&r.guard) // strict, and with no entities but XML's own five
	return r
}

func (r *reader) token() (xml.Token, error) {
	t, err := r.d.Token()
	if err == nil {
		if _, ok := t.(xml.Directive); ok {
			return nil, errDoctype
		}
		return t, nil
	}
	var syntax *xml.SyntaxError
	var f fault
	var failed *source.Failure
	switch {
	case errors.As(err, &syntax) && !strings.Contains(syntax.Msg, "unexpected EOF"):
		return nil, fault(fmt.Sprintf("line %d: not XML", syntax.Line))
	case syntax != nil, errors.Is(err, io.EOF):
		return nil, errBreaks
	case errors.As(err, &f), errors.As(err, &failed), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return nil, err
	}
	return nil, fault("XML in a form that is not read") // as an encoding other than UTF-8
}

// begin reads up to the list's first element and gives the time of which it
// says that it was made, as it is written and as it is meant.
func (r *reader) begin() (version string, at time.Time, err error) {
	for {
		t, err := r.token()
		if errors.Is(err, errBreaks) {
			return "", time.Time{}, errNotList
		}
		if err != nil {
			return "", time.Time{}, err
		}
		root, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		if root.Name.Local != "CONSOLIDATED_LIST" {
			return "", time.Time{}, errNotList
		}
		for _, a := range root.Attr {
			if a.Name.Local == "dateGenerated" {
				version = strings.TrimSpace(a.Value)
			}
		}
		if at, ok = generated(version); !ok {
			return "", time.Time{}, errNoDate
		}
		return version, at, nil
	}
}

// generated reads a time as the list writes it, with a zone or, as older lists,
// without.
func generated(s string) (time.Time, bool) {
	for _, form := range []string{time.RFC3339, "2006-01-02T15:04:05", time.DateOnly} {
		if t, err := time.Parse(form, s); err == nil && len(s) <= 40 {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

// individuals hands on each individual up to the list's end. What each refuses
// with errNoNumber is counted, and the rest is read all the same.
func (r *reader) individuals(each func(element) error) error {
	depth, bad := 1, 0 // within the list
	for {
		r.guard.left = individualMost
		t, err := r.token()
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if t.Name.Local != "INDIVIDUAL" || depth != 2 {
				if depth++; depth > depthMost {
					return errDeep
				}
				continue
			}
			e, err := r.element(t, depth)
			if err == nil {
				err = each(e)
			}
			if errors.Is(err, errNoNumber) {
				if bad++; bad < badMost {
					continue
				}
			}
			if err != nil {
				return err
			}
		case xml.EndElement:
			if depth--; depth > 0 {
				continue
			}
			if bad > 0 {
				return errNoNumber
			}
			return nil
		}
	}
}

// element reads the rest of an element that has begun.
func (r *reader) element(start xml.StartElement, depth int) (element, error) {
	if depth > depthMost {
		return element{}, errDeep
	}
	e := element{name: start.Name.Local}
	var text strings.Builder
	for {
		t, err := r.token()
		if err != nil {
			return element{}, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			kid, err := r.element(t, depth+1)
			if err != nil {
				return element{}, err
			}
			e.kids = append(e.kids, kid)
		case xml.CharData:
			text.Write(t)
		case xml.EndElement:
			e.text = text.String()
			return e, nil
		}
	}
}

// stop ends the reading with the error that it holds.
type stop struct{ error }

func (s stop) Unwrap() error { return s.error }

// failure is what an error of reading comes to: a fault of the document, or what
// it was.
func failure(status int, err error) error {
	var end stop
	var f fault
	switch {
	case errors.As(err, &end):
		return end.error
	case errors.As(err, &f):
		return malformed(status, f)
	}
	return err
}

// rest reads what follows the list, which is little.
func (r *reader) rest() error {
	r.guard.left = individualMost
	_, err := io.Copy(io.Discard, &r.guard)
	return err
}
