package feed

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"

	"tocsin/watcher/source"
)

// document is a feed as it was read.
type document struct {
	title, language string
	items           []item
	notes           []string // oddities that do not hinder
	broken          string   // why it is not whole, "" if it is; the items before are there
}

// item is one entry, plain and bounded.
type item struct {
	id, link    string
	title, text string
	language    string
	published   time.Time
}

// notFeed says what a document is instead of a feed. Its words hold nothing of
// the document.
type notFeed struct {
	why     string
	refused bool // somebody decided: a page that wants a browser
}

func (n *notFeed) Error() string { return n.why }

var pageHead = regexp.MustCompile(`(?is)^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,1000}?-->\s*)*<(?:!doctype\s+html|html)[\s>]`)

// parse reads a feed of any kind and charset. base is the address that relative
// links start from. The error is a *notFeed.
func parse(body []byte, contentType string, base *url.URL) (doc document, err error) {
	defer func() {
		// What is parsed is anybody's: a fault of a parser must not end the watch.
		if p := recover(); p != nil {
			doc, err = document{}, &notFeed{why: "a feed that cannot be taken apart"}
		}
	}()
	if len(bytes.TrimSpace(body)) == 0 {
		return document{}, &notFeed{why: "nothing"}
	}
	if bytes.HasPrefix(body, []byte("\x1f\x8b")) || bytes.HasPrefix(body, []byte("PK\x03\x04")) {
		return document{}, &notFeed{why: "a packed file"}
	}
	text, note := decode(body, contentType)
	text = strings.TrimLeft(strings.Map(permitted, text), "\ufeff \t\r\n")
	if note != "" {
		doc.notes = append(doc.notes, note)
	}
	var f *gofeed.Feed
	switch {
	case strings.HasPrefix(text, "{"):
		f, err = fromJSON(text, &doc)
	case strings.HasPrefix(text, "<"):
		f, err = fromXML(text, &doc)
	default:
		err = &notFeed{why: "neither a feed nor a page"}
	}
	if err != nil {
		return document{}, err
	}
	doc.take(f, base)
	return doc, nil
}

// permitted takes out what XML forbids (XML 1.0, section 2.2) and feeds hold all
// the same: one stray control character is no reason to be blind.
func permitted(r rune) rune {
	switch {
	case r < ' ' && r != '\t' && r != '\n' && r != '\r':
		return -1
	case r == '\ufffe', r == '\uffff':
		return '\ufffd'
	}
	return r
}

// gofeedParser is a parser that looks for no pictures: that would read every
// item as a page.
func gofeedParser() *gofeed.Parser {
	p := gofeed.NewParser()
	p.RSSTranslator = &gofeed.DefaultRSSTranslator{DisableContentImageScan: true}
	return p
}

func fromXML(text string, doc *document) (*gofeed.Feed, error) {
	if rest, ok := strings.CutPrefix(text, "<?xml"); ok {
		if _, after, ok := strings.Cut(rest, "?>"); ok {
			text = after // what it says of its charset is true no more
		}
	}
	if pageHead.MatchString(text[:min(len(text), 16<<10)]) {
		return nil, page(text)
	}
	s := survey(text)
	switch {
	case s.root == "html":
		return nil, page(text)
	case s.root == "":
		return nil, &notFeed{why: "XML in which nothing is: " + s.broken}
	case s.root != "rss" && s.root != "rdf" && s.root != "feed":
		return nil, &notFeed{why: "XML that is no feed"}
	case s.broken != "" && s.items == 0:
		return nil, &notFeed{why: "a feed of which no item can be read: " + s.broken}
	case s.broken != "":
		doc.broken = fmt.Sprintf("after %d items %s", s.items, s.broken)
	case s.more:
		doc.notes = append(doc.notes, fmt.Sprintf("it holds too much: only the first %d items were read", s.items))
	}
	f, err := gofeedParser().Parse(io.MultiReader(strings.NewReader(text[s.at:s.end]), strings.NewReader(s.close)))
	if err != nil {
		return nil, &notFeed{why: "a feed that cannot be read"} // the parser's words quote the document
	}
	return f, nil
}

func page(text string) error {
	if source.Challenge([]byte(text)) && len(text) < 256<<10 {
		return &notFeed{why: "a page that wants a browser", refused: true}
	}
	return &notFeed{why: "a page for people"}
}

// itemKeys are what is read of an item of a JSON Feed (jsonfeed.org, version
// 1.1, "Items"). The rest is left out before anything is built from it.
var itemKeys = []string{"id", "url", "external_url", "title", "content_html", "content_text", "summary", "date_published", "date_modified", "language"}

func fromJSON(text string, doc *document) (*gofeed.Feed, error) {
	var top struct {
		Version  json.RawMessage `json:"version"`
		Title    json.RawMessage `json:"title"`
		HomePage json.RawMessage `json:"home_page_url"`
		Language json.RawMessage `json:"language"`
		Items    json.RawMessage `json:"items"`
	}
	if err := json.Unmarshal([]byte(text), &top); err != nil {
		var bad *json.SyntaxError
		if errors.As(err, &bad) && bad.Offset >= int64(len(text)) {
			return nil, &notFeed{why: "JSON that breaks off"}
		}
		return nil, &notFeed{why: "JSON that is no feed"}
	}
	if !bytes.HasPrefix(bytes.TrimSpace(top.Items), []byte("[")) || !strings.Contains(string(top.Version), "jsonfeed") {
		return nil, &notFeed{why: "JSON that is no feed"}
	}
	d := json.NewDecoder(bytes.NewReader(top.Items))
	if _, err := d.Token(); err != nil {
		return nil, &notFeed{why: "JSON that is no feed"}
	}
	items := []map[string]json.RawMessage{}
	for d.More() {
		if len(items) == mostItems {
			doc.notes = append(doc.notes, fmt.Sprintf("it holds too much: only the first %d items were read", len(items)))
			break
		}
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return nil, &notFeed{why: "JSON that is no feed"}
		}
		var all map[string]json.RawMessage
		if len(raw) > longestElement || json.Unmarshal(raw, &all) != nil {
			doc.broken = fmt.Sprintf("after %d items it is not as a JSON feed is", len(items))
			break
		}
		kept := map[string]json.RawMessage{}
		for _, k := range itemKeys {
			if v, ok := all[k]; ok {
				kept[k] = v
			}
		}
		items = append(items, kept)
	}
	slim := map[string]any{"items": items}
	for k, v := range map[string]json.RawMessage{"version": top.Version, "title": top.Title, "home_page_url": top.HomePage, "language": top.Language} {
		if len(v) > 0 {
			slim[k] = v
		}
	}
	b, err := json.Marshal(slim)
	if err != nil {
		return nil, &notFeed{why: "JSON that is no feed"}
	}
	f, err := gofeedParser().Parse(bytes.NewReader(b))
	if err != nil {
		return nil, &notFeed{why: "a feed that cannot be read"}
	}
	return f, nil
}

// take makes items of what the parser found.
func (doc *document) take(f *gofeed.Feed, base *url.URL) {
	fields := func(i *gofeed.Item) []*string { return []*string{&i.Title, &i.Description, &i.Content} }
	twice, foreign, lost, runes := 0, 0, 0, 0
	for _, i := range f.Items {
		for _, s := range fields(i) {
			for _, r := range *s {
				if r == '\ufffd' {
					lost++
				}
				runes++
			}
			_, good, bad := mend(*s)
			if good+bad > 0 {
				foreign++
			}
			if good > bad {
				twice++
			}
		}
	}
	all := twice > 0 && 2*twice >= foreign // of the feed, so that one letter of a title is too
	mended := false
	for _, i := range f.Items {
		for _, s := range append(fields(i), &f.Title) {
			if whole, good, bad := mend(*s); all && good > 0 || mangled(*s, good, bad) {
				*s, mended = whole, true
			}
		}
	}
	if mended {
		doc.notes = append(doc.notes, "letters of it were encoded twice, and are read as they were meant")
	}
	if lost >= 5 && 1000*lost >= runes {
		doc.notes = append(doc.notes, "some of its letters were lost before it was served (�)")
	}
	doc.title = line(plain(f.Title), 200)
	doc.language = languageTag(f.Language)
	doc.items = make([]item, 0, len(f.Items))
	for _, i := range f.Items {
		doc.items = append(doc.items, doc.item(i, base))
	}
}

func (doc *document) item(i *gofeed.Item, base *url.URL) item {
	out := item{id: cutBytes(strings.TrimSpace(i.GUID), longestID), title: line(plain(cutBytes(i.Title, longestToken)), longestTitle), language: doc.language}
	if i.DublinCoreExt != nil && len(i.DublinCoreExt.Language) > 0 {
		if l := languageTag(i.DublinCoreExt.Language[0]); l != "" {
			out.language = l
		}
	}
	summary, content := plain(i.Description), plain(i.Content)
	switch {
	case summary == "" || strings.Contains(content, summary):
		out.text = content
	case content == "" || strings.Contains(summary, content):
		out.text = summary
	default:
		out.text = summary + "\n\n" + content
	}
	out.text = cut(out.text, longestText)
	for _, l := range append([]string{i.Link}, append(i.Links, i.GUID)...) {
		if out.link = absolute(base, l, l == i.GUID && l != i.Link); out.link != "" {
			break
		}
	}
	for _, t := range []*time.Time{i.PublishedParsed, i.UpdatedParsed} {
		if t != nil && t.Year() >= 1990 && t.Year() < 2200 {
			out.published = t.UTC()
			break
		}
	}
	return out
}

// absolute is a link as it can be asked, "" if it cannot. Where it has to be
// whole already, a relative one is none.
func absolute(base *url.URL, link string, whole bool) string {
	link = strings.TrimSpace(link)
	if link == "" || len(link) > longestURL {
		return ""
	}
	u, err := url.Parse(link)
	if err != nil || whole && !u.IsAbs() {
		return ""
	}
	if base != nil {
		u = base.ResolveReference(u)
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return ""
	}
	u.User = nil
	return u.String()
}

var languageForm = regexp.MustCompile(`^[a-z]{2,3}(?:-[a-z0-9]{1,8}){0,4}$`)

// languageTag is a declared language in the form of BCP 47, lower case; "" if
// it is none.
func languageTag(s string) string {
	s = strings.ReplaceAll(strings.ToLower(strings.TrimSpace(s)), "_", "-")
	if !languageForm.MatchString(s) {
		return ""
	}
	return s
}
