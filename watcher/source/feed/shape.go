package feed

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// Bounds of a feed. The parsers behind them recurse and copy: without bounds a
// small hostile document costs the daemon its stack or its memory.
const (
	mostItems      = 10_000
	mostElements   = 300_000
	deepest        = 200
	longestElement = 4 << 20 // bytes of one tag or piece of text
	mostAttributes = 1000    // of one tag
	mostNamespaces = 200     // in scope at once
)

// shape is what a first pass over an XML document found: what its root is, and
// up to where it can be read.
type shape struct {
	root   string // local name, lower case; "" if none was found
	at     int    // where the root's tag begins
	end    int    // where the root ends, or the last whole item where it does not
	items  int    // whole items up to end
	close  string // end tags to put behind end
	broken string // why it is not whole, "" if it is
	more   bool   // there are more items, or elements, than are read
}

// errLong ends the pass over a document with an endless tag.
var errLong = errors.New("endless")

// meter gives a text byte by byte and ends where one token is too long.
type meter struct {
	text  string
	pos   int
	token int // where the token under way began
}

func (m *meter) ReadByte() (byte, error) {
	if m.pos >= len(m.text) {
		return 0, io.EOF
	}
	if m.pos-m.token > longestElement {
		return 0, errLong
	}
	m.pos++
	return m.text[m.pos-1], nil
}

// Read is there because a decoder wants a Reader; it reads by byte.
func (m *meter) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	b, err := m.ReadByte()
	if err != nil {
		return 0, err
	}
	p[0] = b
	return 1, nil
}

// survey reads a document with the decoder that the feed's parser uses, as
// leniently, and builds nothing. It ends at the root's end, at the first thing
// that is out of bounds, or where the document breaks off.
func survey(text string) (s shape) {
	m := &meter{text: text}
	d := xml.NewDecoder(m)
	d.Strict = false
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // it is UTF-8 by now
	var open []string                                                                  // the tags as written
	var spaces []int                                                                   // namespaces declared by each
	scope, elements := 0, 0
	for {
		before := int(d.InputOffset())
		m.token = m.pos
		t, err := d.Token()
		if err != nil {
			return s.breaks(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			if s.root == "" {
				s.root, s.at, s.end = strings.ToLower(t.Name.Local), before, before
			}
			declares := 0
			for _, a := range t.Attr {
				if a.Name.Space == "xmlns" || a.Name.Local == "xmlns" {
					declares++
				}
			}
			elements++
			scope += declares
			open, spaces = append(open, written(text[before:])), append(spaces, declares)
			switch {
			case len(open) > deepest:
				s.broken = "nested too deep"
			case len(t.Attr) > mostAttributes, scope > mostNamespaces:
				s.broken = "too many attributes"
			case elements > mostElements && s.items > 0:
				s.more = true
			case elements > mostElements:
				s.broken = "too many elements"
			default:
				continue
			}
			return s
		case xml.EndElement:
			item := isItem(t.Name.Local, len(open), s.root)
			scope -= spaces[len(spaces)-1]
			open, spaces = open[:len(open)-1], spaces[:len(spaces)-1]
			if len(open) == 0 {
				s.end, s.close = int(d.InputOffset()), ""
				return s
			}
			if !item {
				continue
			}
			s.items++
			s.end, s.close = int(d.InputOffset()), ""
			for i := len(open) - 1; i >= 0; i-- {
				s.close += "</" + open[i] + ">"
			}
			if s.items == mostItems {
				s.more = another(text[s.end:])
				return s
			}
		}
	}
}

// another reports whether a further item follows; without one the rest is not
// needed.
func another(rest string) bool {
	low := strings.ToLower(rest[:min(len(rest), longestElement)])
	return strings.Contains(low, "<item") || strings.Contains(low, "<entry") || strings.Contains(low, ":item")
}

func (s shape) breaks(err error) shape {
	var bad *xml.SyntaxError
	switch {
	case errors.Is(err, errLong):
		s.broken = "one element is endless"
	case errors.Is(err, io.EOF), errors.As(err, &bad) && bad.Msg == "unexpected EOF":
		s.broken = "it breaks off"
	default:
		s.broken = "it is not well-formed"
	}
	return s
}

// written is a tag's name with its prefix, as it stands.
func written(tag string) string {
	tag = strings.TrimPrefix(tag, "<")
	if i := strings.IndexAny(tag, " \t\r\n/>"); i >= 0 {
		return tag[:i]
	}
	return tag
}

// isItem: RSS has its items in the channel, RDF and Atom in the root.
func isItem(local string, depth int, root string) bool {
	switch strings.ToLower(local) {
	case "item":
		return depth == 3 || depth == 2 && root != "feed"
	case "entry":
		return depth == 2
	}
	return false
}
