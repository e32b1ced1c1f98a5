package feed

import (
	"context"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"tocsin"
	"tocsin/watcher/source"
)

// acceptPage asks for a page as a reader's program does.
const acceptPage = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"

// hopsMost is how many hosts an article's link may lead over.
const hopsMost = 4

// Read reads the page of one article and extracts its text. It is to be called
// for every item of a feed or for none, never for those alone that name
// somebody. What it could not read it leaves as the item gave it, and says so by
// a *source.Failure; another error is ctx's own. The answer is as served, nil if
// nothing was.
func (s *Source) Read(ctx context.Context, a tocsin.Article) (tocsin.Article, *source.Answer, error) {
	at := unwrapped(a.URL)
	if at == nil {
		return a, nil, &source.Failure{Cause: tocsin.CauseMalformed, Why: "the item has no link that can be asked"}
	}
	at.Fragment, at.RawFragment = "", ""
	for range hopsMost {
		answer, err := s.page(ctx, at)
		if err != nil {
			return a, answer, err
		}
		if answer.Status == http.StatusOK {
			read, err := complete(ctx, a, answer)
			return read, answer, err
		}
		next, err := url.Parse(answer.Final)
		if err != nil {
			return a, answer, &source.Failure{Cause: tocsin.CauseMalformed, Status: answer.Status, Why: "the article's link leads nowhere"}
		}
		at = next
	}
	return a, nil, &source.Failure{Cause: tocsin.CauseMalformed, Why: "the article's link led over too many sites"}
}

// page asks one host for a page, at its pace and if its robots.txt lets it. An
// answer that is not 200 leads to another host.
func (s *Source) page(ctx context.Context, at *url.URL) (*source.Answer, error) {
	h := s.hosts.get(strings.ToLower(at.Host))
	rules, err := h.rules(ctx, s, at)
	if err != nil {
		return nil, err
	}
	if f := rules.forbidden(at); f != nil {
		return nil, f
	}
	var answer *source.Answer
	err = h.pacer.Do(ctx, source.Request{Priority: source.PriorityTurn, Document: true, Ask: func(ctx context.Context) error {
		a, err := s.fetcher.Within(ctx, at.String(), acceptPage)
		answer = a
		return err
	}})
	return answer, err
}

// complete puts the page's text into the article.
func complete(ctx context.Context, a tocsin.Article, answer *source.Answer) (tocsin.Article, error) {
	p, err := extract(ctx, answer.Body, answer.Header.Get("Content-Type"), answer.Final)
	if err != nil {
		var f *source.Failure
		if errors.As(err, &f) {
			f.Status = answer.Status
		}
		return a, err
	}
	a.Text = both(a.Text, p.text)
	if a.Title == "" {
		a.Title = p.title
	}
	if a.Language == "" {
		a.Language = p.language
	}
	if p.canonical != "" {
		a.Canonical = p.canonical
	}
	return a, nil
}

// both is the page's text; the item's own stands in front of it where the page
// does not hold it: what was extracted may be a wall that asks for consent or
// money. Where the page has less than the item, the item's stays alone.
func both(own, page string) string {
	mine, theirs := squeeze(own), squeeze(page)
	switch {
	case len(theirs) <= len(mine) || strings.Contains(mine, theirs):
		return own
	case mine == "", strings.Contains(theirs, cut(mine, 60)):
		return page
	}
	return cut(own+"\n\n"+page, longestText)
}

// Bounds of a page. Trees of pages take many times their size, and readers walk
// them by recursion.
const (
	longestPage = 4 << 20
	mostNodes   = 300_000
	mostTags    = 60_000
)

// extracting bounds how many pages are taken apart at once, for memory's sake.
var extracting = make(chan struct{}, 2)

// content is what a page holds.
type content struct {
	title, text, language string
	canonical             string // what the page says it is, on its own site; "" if it does not
}

// extract takes the article out of a page in any charset. The error is a
// *source.Failure, or ctx's.
func extract(ctx context.Context, body []byte, contentType, address string) (c content, err error) {
	if why := notPage(body, contentType); why != "" {
		return content{}, &source.Failure{Cause: tocsin.CauseMalformed, Why: "the article is " + why}
	}
	at, err := url.Parse(address)
	if err != nil {
		return content{}, &source.Failure{Cause: tocsin.CauseMalformed, Why: "the article's address cannot be read"}
	}
	select {
	case extracting <- struct{}{}:
		defer func() { <-extracting }()
	case <-ctx.Done():
		return content{}, ctx.Err()
	}
	defer func() {
		if p := recover(); p != nil {
			c, err = content{}, &source.Failure{Cause: tocsin.CauseMalformed, Why: "the article is a page that cannot be taken apart"}
		}
	}()
	text, _ := decode(body, contentType)
	if why := outOfBounds(text); why != "" {
		return content{}, &source.Failure{Cause: tocsin.CauseMalformed, Why: "the article is " + why}
	}
	doc, err := html.Parse(strings.NewReader(text))
	if err != nil {
		return content{}, &source.Failure{Cause: tocsin.CauseMalformed, Why: "the article is a page nested too deep"}
	}
	c.canonical, c.language = declaredBy(doc, at)
	if source.Challenge([]byte(text)) && len(text) < 16<<10 {
		return content{}, &source.Failure{Cause: tocsin.CauseRefused, Why: "refused (a page that wants a browser)"}
	}
	p := readability.NewParser()
	article, err := p.ParseAndMutate(doc, at)
	if err != nil {
		return content{}, &source.Failure{Cause: tocsin.CauseMalformed, Why: "the article is a page that cannot be taken apart"}
	}
	c.title = line(article.Title(), longestTitle)
	if article.Node == nil {
		return c, nil // no article on it: the item's own words stay
	}
	var out strings.Builder
	if err := article.RenderText(&out); err != nil {
		return c, nil
	}
	c.text = cut(tidy(out.String()), longestText)
	return c, nil
}

func notPage(body []byte, contentType string) string {
	kind, _, err := mime.ParseMediaType(contentType)
	if err != nil || kind == "application/octet-stream" || kind == "text/plain" {
		kind = http.DetectContentType(body[:min(len(body), 512)])
		kind, _, _ = strings.Cut(kind, ";")
	}
	switch {
	case len(body) > longestPage:
		return "larger than 4 MiB"
	case kind == "text/html", kind == "application/xhtml+xml", strings.HasSuffix(kind, "/xml"), kind == "text/plain":
		return ""
	case strings.HasPrefix(kind, "image/"), strings.HasPrefix(kind, "video/"), strings.HasPrefix(kind, "audio/"):
		return "a picture, film or sound"
	}
	return "no page but a file"
}

// formatting are the elements that a parser opens again in each block where
// they were left open (HTML, "the list of active formatting elements"): a small
// page can make a tree of billions of nodes by them.
var formatting = map[atom.Atom]bool{
	atom.A: true, atom.B: true, atom.Big: true, atom.Code: true, atom.Em: true, atom.Font: true, atom.I: true, atom.Nobr: true, atom.S: true, atom.Small: true,
	atom.Strike: true, atom.Strong: true, atom.Tt: true, atom.U: true,
}

// outOfBounds counts, before a tree is built, what the tree may come to; "" if
// it is within bounds.
func outOfBounds(text string) string {
	z := html.NewTokenizer(strings.NewReader(text))
	tags, nodes, open := 0, 0, 0
	for {
		kind := z.Next()
		switch kind {
		case html.ErrorToken:
			return ""
		case html.StartTagToken, html.EndTagToken:
			tags++
			name, _ := z.TagName()
			if formatting[atom.Lookup(name)] {
				if kind == html.StartTagToken {
					open++
				} else if open > 0 {
					open--
				}
			}
		}
		if nodes += 1 + open; nodes > mostNodes || tags > mostTags {
			return "a page of too many elements"
		}
	}
}

// declaredBy is what a page says of itself: its canonical address, if that is
// on its own site, and its language.
func declaredBy(doc *html.Node, at *url.URL) (canonical, language string) {
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.DataAtom {
		case atom.Html:
			if language == "" {
				language = languageTag(attribute(n, "lang"))
			}
		case atom.Link:
			if canonical != "" || !strings.EqualFold(strings.TrimSpace(attribute(n, "rel")), "canonical") {
				continue
			}
			u, err := at.Parse(strings.TrimSpace(attribute(n, "href")))
			// Some sites name their front page on every page of theirs.
			if err == nil && (u.Scheme == "http" || u.Scheme == "https") && sameSite(u, at) && (len(u.Path) > 1 || len(at.Path) <= 1) {
				canonical = Canonical(u.String())
			}
		case atom.Body:
			return canonical, language
		}
	}
	return canonical, language
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// sameSite reports whether two addresses are one site's: the host, or its
// forms for telephones.
func sameSite(a, b *url.URL) bool {
	bare := func(u *url.URL) string {
		h := strings.ToLower(u.Hostname())
		for _, p := range []string{"www.", "m.", "mobile.", "amp."} {
			h = strings.TrimPrefix(h, p)
		}
		return h
	}
	return bare(a) == bare(b)
}
