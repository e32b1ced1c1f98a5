package main

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/anyascii/go"

	"tocsin/plainyaml"
	"tocsin/watcher/source/feed"
)

// target is a configuration that sources are put into, as a text: a file that
// people wrote and commented must stay theirs.
type target struct {
	text   []byte
	indent string // before the dash of its sources
	ids    map[string]bool
	urls   map[string]string // canonical address → id of the feed that has it
	held   int               // sources that it has
	list   *plainyaml.Node   // the value of sources, nil if it has none
	after  int               // line behind which the list begins, from 1
}

func (t *target) read(root *plainyaml.Node) {
	for _, f := range root.Fields {
		if f.Key != "sources" {
			continue
		}
		t.list, t.after = f.Value, f.Line
		for _, s := range f.Value.Items {
			t.held++
			id, address := "", ""
			for _, k := range s.Fields {
				switch k.Key {
				case "id":
					id = k.Value.Text
				case "url":
					address = k.Value.Text
				}
			}
			t.ids[id] = true
			if address != "" {
				t.urls[sameFeed(address)] = id
			}
		}
		if len(f.Value.Items) > 0 {
			l := t.lines()[f.Value.Items[0].Line-1]
			t.indent = l[:len(l)-len(strings.TrimLeft(l, " "))]
		}
	}
}

func (t *target) lines() []string { return strings.Split(string(t.text), "\n") }

// sameFeed is an address as feeds are told apart: http and https are one.
func sameFeed(address string) string {
	_, rest, _ := strings.Cut(feed.Canonical(address), ":")
	return rest
}

// sources are the feeds that the configuration does not have, each with an id
// of its own, and those that are left out.
func (t *target) sources(outlines []feed.Outline) (added, left []imported) {
	for _, o := range outlines {
		one := imported{URL: o.URL, Title: o.Title, Line: o.Line}
		if id, ok := t.urls[sameFeed(o.URL)]; ok {
			one.Why = "source " + id + " has this address already"
			left = append(left, one)
			continue
		}
		one.ID = t.id(o)
		t.ids[one.ID], t.urls[sameFeed(o.URL)] = true, one.ID
		added = append(added, one)
	}
	return added, left
}

// longestID is what is left of a title in an id; ids stand in messages.
const longestID = 40

// id makes a short name of the feed's title, or of its host where there is
// none, that no other source has.
func (t *target) id(o feed.Outline) string {
	base := slug(o.Title)
	if base == "" {
		_, rest, _ := strings.Cut(o.URL, "://")
		host, _, _ := strings.Cut(rest, "/")
		base = slug(strings.TrimPrefix(host, "www."))
	}
	if base == "" {
		base = "feed"
	}
	id := base
	for n := 2; t.ids[id]; n++ {
		id = fmt.Sprintf("%s-%d", base, n)
	}
	return id
}

// slug is a title in lower-case letters, digits and dashes, "" if nothing is
// left. Titles in other scripts are transliterated.
func slug(title string) string {
	var out strings.Builder
	dash := false
	for _, c := range strings.ToLower(anyascii.Transliterate(title)) {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			if dash && out.Len() > 0 {
				out.WriteByte('-')
			}
			out.WriteRune(c)
			dash = false
			if out.Len() >= longestID {
				break
			}
			continue
		}
		dash = true
	}
	return out.String()
}

// with is the configuration with the lines of added sources put behind its own. What it had
// before is compared with what it has then: a file that would not be the same
// is not written.
func (t *target) with(more string, added int) ([]byte, error) {
	lines := t.lines()
	newline := "\n"
	if bytes.Contains(t.text, []byte("\r\n")) {
		newline = "\r\n"
		more = strings.ReplaceAll(more, "\n", newline)
	}
	at := len(lines)
	switch {
	case t.list == nil:
		more = "sources:" + newline + more
	case t.list.Kind == plainyaml.Null:
		at = t.after
	case t.list.Kind != plainyaml.Seq || !dashed(lines, t.list):
		return nil, errors.New("its sources are not written one below the other with a dash: put the lines in yourself (without --write they are printed)")
	default:
		at = end(lines, t.list)
	}
	before, behind := strings.Join(lines[:at], "\n"), strings.Join(lines[at:], "\n")
	if at < len(lines) {
		before += "\n"
	} else if !strings.HasSuffix(before, "\n") && before != "" {
		before += newline
	}
	out := []byte(before + more + behind)
	if !t.kept(out, added) {
		return nil, errors.New("it is written in a way that does not let sources be put in: put the lines in yourself (without --write they are printed)")
	}
	return out, nil
}

// dashed reports whether a list is written with dashes, and not in brackets.
func dashed(lines []string, list *plainyaml.Node) bool {
	return len(list.Items) > 0 && strings.HasPrefix(strings.TrimLeft(lines[list.Items[0].Line-1], " "), "-")
}

// end is the line, counted from 0, before which a further entry of a list
// stands: behind the last line that is indented like it or more.
func end(lines []string, list *plainyaml.Node) int {
	first := lines[list.Items[0].Line-1]
	indent := len(first) - len(strings.TrimLeft(first, " "))
	last := list.Items[len(list.Items)-1].Line
	at := last
	for i := last; i < len(lines); i++ {
		l := strings.TrimRight(lines[i], " \r")
		bare := strings.TrimLeft(l, " ")
		deep := len(l) - len(bare)
		if bare == "" || strings.HasPrefix(bare, "#") {
			continue // belongs to what follows, unless that is of the list
		}
		if deep < indent || deep == indent && !strings.HasPrefix(bare, "-") {
			break
		}
		at = i + 1
	}
	return at
}

// kept reports whether out has everything that the configuration has, and so
// many sources more.
func (t *target) kept(out []byte, more int) bool {
	old, problems := plainyaml.Parse(t.text)
	now, problems2 := plainyaml.Parse(out)
	if len(problems) > 0 || len(problems2) > 0 || now == nil || now.Kind != plainyaml.Map {
		return false
	}
	if old == nil {
		old = &plainyaml.Node{Kind: plainyaml.Map}
	}
	had := map[string]*plainyaml.Node{}
	for _, f := range old.Fields {
		had[f.Key] = f.Value
	}
	for _, f := range now.Fields {
		was := had[f.Key]
		delete(had, f.Key)
		if f.Key != "sources" {
			if was == nil || !same(was, f.Value) {
				return false
			}
			continue
		}
		if len(f.Value.Items) != t.held+more {
			return false
		}
		for i := range t.held {
			if !same(was.Items[i], f.Value.Items[i]) {
				return false
			}
		}
	}
	return len(had) == 0
}

// same compares two nodes wherever they stand.
func same(a, b *plainyaml.Node) bool {
	if a.Kind != b.Kind || a.Text != b.Text || len(a.Items) != len(b.Items) || len(a.Fields) != len(b.Fields) {
		return false
	}
	for i := range a.Items {
		if !same(a.Items[i], b.Items[i]) {
			return false
		}
	}
	for i := range a.Fields {
		if a.Fields[i].Key != b.Fields[i].Key || !same(a.Fields[i].Value, b.Fields[i].Value) {
			return false
		}
	}
	return true
}
