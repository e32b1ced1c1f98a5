package config

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/agnivade/levenshtein"

	"tocsin/plainyaml"
)

// reader reads one configuration and gathers what is wrong with it.
type reader struct {
	file, dir string
	env       func(string) (string, bool)
	files     func(path string) (fileContent, error)
	zone      *time.Location
	problems  []Problem
	warnings  []Problem
	secrets   []string // what no message may hold
}

// fileContent is a small file as it is.
type fileContent struct {
	data []byte
	mode fs.FileMode
}

// value is one node with its text after ${NAME} was filled in. The zero value is
// a key that is not there.
type value struct {
	node *plainyaml.Node
	text string
	bad  bool // reported already
}

func (v value) given() bool { return v.node != nil && !v.bad }

func (r *reader) wrong(v value, message string) { r.wrongAt(v.node, message) }

func (r *reader) wrongAt(n *plainyaml.Node, message string) {
	r.problems = append(r.problems, Problem{r.file, n.Line, n.Column, message})
}

func (r *reader) warn(n *plainyaml.Node, message string) {
	r.warnings = append(r.warnings, Problem{r.file, n.Line, n.Column, message})
}

// word is what may be quoted from the file: a short word in lower case, without
// digits, is no token and no password of any strength.
var word = regexp.MustCompile(`^[a-z][a-z_]{0,23}$`)

// quoted is a text for a message, "" where it had better not be shown.
func quoted(text string) string {
	if word.MatchString(text) {
		return ` "` + text + `"`
	}
	return ""
}

var envName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// value fills in a node's ${NAME}s.
func (r *reader) value(n *plainyaml.Node) value {
	v := value{node: n, text: n.Text}
	if n.Kind != plainyaml.String || !strings.Contains(n.Text, "${") {
		return v
	}
	var out strings.Builder
	rest := n.Text
	for {
		before, after, found := strings.Cut(rest, "${")
		out.WriteString(before)
		if !found {
			break
		}
		name, tail, closed := strings.Cut(after, "}")
		if !closed || !envName.MatchString(name) {
			r.wrong(v, "after ${ the name of an environment variable and } are expected: write ${NAME}")
			v.bad = true
			return v
		}
		set, ok := r.env(name)
		if !ok {
			r.wrong(v, fmt.Sprintf("the environment variable %s is not set: set it, or write the value", name))
			v.bad = true
			return v
		}
		// What comes from the environment may be a secret wherever it stands.
		r.secrets = append(r.secrets, set)
		out.WriteString(set)
		rest = tail
	}
	v.text = out.String()
	return v
}

// group is a mapping whose keys are known.
type group struct {
	*reader
	node   *plainyaml.Node
	prefix string // of its keys in NotAvailable: "", "sources.", "notifiers."
}

// group opens a mapping and reports the keys that are not known. elsewhere says
// of a key which kinds have it; nil where there are no kinds.
func (r *reader) group(n *plainyaml.Node, prefix string, known []string, elsewhere func(key string) []string) (group, bool) {
	g := group{r, n, prefix}
	if n.Kind != plainyaml.Map {
		r.wrongAt(n, fmt.Sprintf("%s, where keys with their values are expected", n.Kind))
		return g, false
	}
	for _, f := range n.Fields {
		if slices.Contains(known, f.Key) {
			continue
		}
		at := &plainyaml.Node{Line: f.Line, Column: f.Column}
		if elsewhere != nil {
			if kinds := elsewhere(f.Key); len(kinds) > 0 {
				r.wrongAt(at, fmt.Sprintf("%s is for kind %s: leave it out here", f.Key, strings.Join(kinds, ", ")))
				continue
			}
		}
		message := "unknown key" + quoted(f.Key)
		if near := nearest(f.Key, known); near != "" {
			message += ": did you mean " + near + "?"
		} else {
			message += ": known here are " + strings.Join(known, ", ")
		}
		r.wrongAt(at, message)
	}
	return g, true
}

// nearest is the known word that was probably meant, "" if none is near.
func nearest(text string, known []string) string {
	best, least := "", 1+max(1, len(text)/3)
	for _, k := range known {
		if d := levenshtein.ComputeDistance(strings.ToLower(text), k); d < least {
			best, least = k, d
		}
	}
	return best
}

func (g group) field(key string) *plainyaml.Node {
	for _, f := range g.node.Fields {
		if f.Key == key {
			return f.Value
		}
	}
	return nil
}

// at is the value of a key, of one of the kinds that are wanted. Any other kind
// is reported with what to write instead.
func (g group) at(key, write string, wanted ...plainyaml.Kind) value {
	n := g.field(key)
	if n == nil {
		return value{}
	}
	v := g.value(n)
	if v.bad {
		return v
	}
	switch {
	case n.Kind == plainyaml.Null:
		g.wrong(v, fmt.Sprintf("%s has no value: write %s, or leave the key out", key, write))
		v.bad = true
	case !slices.Contains(wanted, n.Kind):
		g.wrong(v, fmt.Sprintf("%s is %s: write %s", key, n.Kind, write))
		v.bad = true
	}
	text := v.text
	if n.Kind == plainyaml.Seq || n.Kind == plainyaml.Map {
		if text = "written"; len(n.Items)+len(n.Fields) == 0 {
			text = ""
		}
	}
	g.available(g.prefix+key, text, v)
	return v
}

// text is a key's text, def if it is not there.
func (g group) text(key, def, write string) (string, value) {
	v := g.at(key, write, plainyaml.String)
	if !v.given() {
		return def, v
	}
	if strings.ContainsFunc(v.text, func(c rune) bool { return c < ' ' || c == 0x7f }) {
		g.wrong(v, key+" holds a line break or another control character: write one line")
		v.bad = true
		return def, v
	}
	return v.text, v
}

// required is a text that must be there.
func (g group) required(key, why string) (string, value) {
	text, v := g.text(key, "", why)
	switch {
	case v.node == nil:
		g.wrongAt(g.node, key+" is missing: write "+why)
	case v.given() && strings.TrimSpace(text) == "":
		g.wrong(v, key+" is empty: write "+why)
		v.bad = true
	}
	return text, v
}

// choice is one word of several.
func (g group) choice(key, def string, known []string) (string, value) {
	v := g.at(key, oneOf(known), plainyaml.String)
	if !v.given() {
		return def, v
	}
	if !slices.Contains(known, v.text) {
		g.unknown(v, key, known)
		v.bad = true
		return def, v
	}
	return v.text, v
}

func (g group) unknown(v value, key string, known []string) {
	message := "unknown " + key + quoted(v.text) + ": "
	if near := nearest(v.text, known); near != "" && near != v.text {
		message += "did you mean " + near + "? There are " + strings.Join(known, ", ")
	} else {
		message += "write " + oneOf(known)
	}
	g.wrong(v, message)
}

func oneOf(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}

// items are the texts of a list; ok is false where the key is not there or is
// no list.
func (g group) items(key, write string) (vs []value, ok bool) {
	v := g.at(key, "a list: "+write, plainyaml.Seq)
	if !v.given() {
		return nil, false
	}
	for _, n := range v.node.Items {
		item := g.value(n)
		switch {
		case item.bad:
		case n.Kind != plainyaml.String || strings.TrimSpace(item.text) == "":
			g.wrong(item, fmt.Sprintf("an entry of %s is %s: write %s", key, emptyOr(n), write))
		default:
			vs = append(vs, item)
		}
	}
	return vs, true
}

func emptyOr(n *plainyaml.Node) string {
	if n.Kind == plainyaml.String {
		return "empty"
	}
	return n.Kind.String()
}

// path is a file named relative to the configuration.
func (g group) path(key, def string) (string, value) {
	text, v := g.text(key, def, "the name of a file")
	switch {
	case v.given() && text == "":
		g.wrong(v, key+" is empty: write the name of a file, or leave the key out for "+def)
		v.bad, text = true, def
	case strings.HasPrefix(text, "~"):
		g.wrong(v, key+" begins with ~, which only a shell understands: write the whole path")
		v.bad, text = true, def
	}
	return g.resolve(text), v
}

// resolve names a file from where the configuration stands, in the form in which
// the configuration itself was named, so that messages stay short.
func (r *reader) resolve(path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(r.dir, path)
}
