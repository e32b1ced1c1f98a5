package feed

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
)

// Outline is one feed of a list of feeds (OPML 2.0, "Subscription lists").
type Outline struct {
	URL   string // of the feed, http or https
	Title string // one line, "" if it has none
	Group string // titles of the outlines around it, outermost first, joined by " / "
	Line  int    // where it stands, from 1
}

// Refused is an outline that is no feed that can be read, and why.
type Refused struct {
	Line int
	Why  string
}

// OPMLError is why a file is no OPML, and where. Line and Column count from 1.
type OPMLError struct {
	Line, Column int
	Why          string
}

// Error has no file name: the caller knows it.
func (e *OPMLError) Error() string { return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Why) }

// Bounds of an OPML file.
const (
	LongestOPML  = 16 << 20 // bytes
	mostOutlines = 10_000
)

// ParseOPML reads a list of feeds, in any charset. Outlines may be nested;
// those without a feed's address are folders. The error is an *OPMLError.
func ParseOPML(data []byte) (feeds []Outline, refused []Refused, err error) {
	if len(data) > LongestOPML {
		return nil, nil, &OPMLError{1, 1, "larger than 16 MiB: this is no list of feeds"}
	}
	text, _ := decode(data, "")
	d := xml.NewDecoder(&meter{text: text})
	d.Strict = false
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	wrong := func(why string) error {
		line, column := d.InputPos()
		return &OPMLError{line, column, why}
	}
	var groups []string // titles of the open outlines
	root, depth := false, 0
	for {
		line, _ := d.InputPos()
		t, err := d.Token()
		if errors.Is(err, io.EOF) && root && depth == 0 {
			return feeds, refused, nil
		}
		if err != nil {
			return nil, nil, wrong(opmlFault(err))
		}
		switch t := t.(type) {
		case xml.StartElement:
			name := strings.ToLower(t.Name.Local)
			if depth++; depth > deepest {
				return nil, nil, wrong("nested too deep: this is no list of feeds")
			}
			if !root && name != "opml" {
				return nil, nil, wrong("this is no OPML: it begins with another element than <opml>")
			}
			root = true
			if name != "outline" {
				continue
			}
			o := outline(t, line)
			at := o.URL
			o.Group = strings.Join(titled(groups), " / ")
			groups = append(groups, o.Title)
			if at == "" {
				continue
			}
			if o.URL, err = feedAddress(at); err != nil {
				refused = append(refused, Refused{line, err.Error()})
				continue
			}
			if feeds = append(feeds, o); len(feeds) > mostOutlines {
				return nil, nil, wrong("more than 10,000 feeds: this is no list to be watched")
			}
		case xml.EndElement:
			depth--
			if strings.EqualFold(t.Name.Local, "outline") && len(groups) > 0 {
				groups = groups[:len(groups)-1]
			}
		}
	}
}

func opmlFault(err error) string {
	var bad *xml.SyntaxError
	switch {
	case errors.Is(err, errLong):
		return "an endless element: this is no list of feeds"
	case errors.Is(err, io.EOF), errors.As(err, &bad) && bad.Msg == "unexpected EOF":
		return "it breaks off here: export it again"
	}
	return "this is no well-formed XML: export it again as OPML"
}

func outline(t xml.StartElement, line int) Outline {
	o := Outline{Line: line}
	title := ""
	for _, a := range t.Attr {
		switch strings.ToLower(a.Name.Local) {
		case "xmlurl":
			o.URL = strings.TrimSpace(a.Value)
		case "text":
			o.Title = line1(a.Value)
		case "title":
			title = line1(a.Value)
		}
	}
	if o.Title == "" {
		o.Title = title
	}
	return o
}

func line1(s string) string { return line(plain(cutBytes(s, longestToken)), 200) }

func titled(groups []string) (out []string) {
	for _, g := range groups {
		if g != "" {
			out = append(out, g)
		}
	}
	return out
}

// feedAddress is an address as a source can have it. Its errors do not quote
// it: it may hold a password.
func feedAddress(text string) (string, error) {
	low := strings.ToLower(text)
	switch {
	case strings.HasPrefix(low, "feed://"):
		text = "https://" + text[len("feed://"):]
	case strings.HasPrefix(low, "feed:"):
		text = text[len("feed:"):]
	}
	u, err := url.Parse(text)
	switch {
	case err != nil || len(text) > longestURL:
		return "", errors.New("xmlUrl is no address")
	case u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "":
		return "", errors.New("xmlUrl is no address on the web (http or https)")
	case u.User != nil:
		return "", errors.New("xmlUrl holds a password: write this source yourself, with the password as ${NAME}")
	}
	u.Fragment, u.RawFragment = "", ""
	// In tocsin.yaml ${NAME} would be filled in.
	return strings.ReplaceAll(u.String(), "$", "%24"), nil
}
