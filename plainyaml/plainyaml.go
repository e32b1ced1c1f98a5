// Package plainyaml reads the plain part of YAML (JSON included) into nodes
// that know where they stand: mappings, sequences and scalars, one document.
// Aliases, anchors, tags, merge keys, directives and duplicate keys are
// refused, so that what is read is what is written, and no small file can grow
// large in memory.
//
// No message quotes the text that was read: it may hold names or secrets.
package plainyaml

import (
	"bytes"
	"errors"
	"fmt"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Kind is what a Node is, by YAML's core schema.
type Kind int

// The kinds of nodes. A scalar in quotes is a String whatever it says.
const (
	Null Kind = iota // written as nothing, ~ or null
	Bool
	Int
	Float
	String
	Seq
	Map
)

// String names the kind as an error message would.
func (k Kind) String() string {
	return [...]string{"nothing", "true or false", "a whole number", "a number", "text", "a list", "a group of keys"}[k]
}

// Node is one value and where it stands, lines and columns from 1.
type Node struct {
	Kind   Kind
	Line   int
	Column int
	Text   string  // a scalar as written, without its quotes
	Items  []*Node // of a Seq
	Fields []Field // of a Map, in the order written, each key once
}

// Field is one key of a Map with its value, which is never nil.
type Field struct {
	Key    string
	Line   int
	Column int
	Value  *Node
}

// Problem is one mistake and where it stands, lines and columns from 1.
type Problem struct {
	Line    int
	Column  int
	Message string
}

// maxNesting is how deep lists and groups may stand in each other on one line.
// Deeper ones exhaust the parser's stack; no file of ours needs four.
const maxNesting = 32

// Parse reads one document. A nil Node with no problems is an empty document.
// With problems, the Node holds what could be read, or is nil. The caller
// bounds the size of data.
func Parse(data []byte) (root *Node, problems []Problem) {
	defer func() {
		// The parser is somebody else's code and the input may be hostile: a
		// panic in it is one more way of not being YAML.
		if recover() != nil {
			root, problems = nil, []Problem{{1, 1, "cannot be read as YAML"}}
		}
	}()
	if !utf8.Valid(data) {
		line, column := firstInvalid(data)
		return nil, []Problem{{line, column, "bytes that are not UTF-8: save the file as UTF-8"}}
	}
	data = bytes.TrimPrefix(data, []byte("\uFEFF"))
	data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	data = bytes.ReplaceAll(data, []byte("\r"), []byte("\n"))
	if i := bytes.IndexByte(data, 0); i >= 0 {
		return nil, []Problem{{1 + bytes.Count(data[:i], []byte("\n")), 0, "a NUL byte: save the file as plain text"}}
	}
	tokens := lexer.Tokenize(string(data))
	if problems = refused(tokens); len(problems) > 0 {
		return nil, problems
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, []Problem{syntax(err)}
	}
	r := reader{}
	for i, doc := range file.Docs {
		if doc.Body == nil {
			continue
		}
		if i > 0 && root != nil {
			r.add(doc.Body.GetToken(), "a second document: write one, without --- between")
			break
		}
		root = r.node(doc.Body)
	}
	sort.SliceStable(r.problems, func(i, j int) bool {
		a, b := r.problems[i], r.problems[j]
		return a.Line < b.Line || a.Line == b.Line && a.Column < b.Column
	})
	return root, r.problems
}

func firstInvalid(data []byte) (line, column int) {
	line, column = 1, 1
	for len(data) > 0 {
		r, n := utf8.DecodeRune(data)
		if r == utf8.RuneError && n <= 1 {
			break
		}
		column++
		if r == '\n' {
			line, column = line+1, 1
		}
		data = data[n:]
	}
	return line, column
}

// refused finds what is not taken before the parser meets it: part of it costs
// the parser stack or memory out of proportion to the file.
func refused(tokens token.Tokens) []Problem {
	var problems []Problem
	depth, entries, entryLine := 0, 0, 0
	for _, t := range tokens {
		say := func(message string) {
			problems = append(problems, Problem{t.Position.Line, t.Position.Column, message})
		}
		switch t.Type {
		case token.InvalidType:
			say("not YAML: " + unquoted(t.Error) + "; put the value in quotes")
			return problems
		case token.AnchorType:
			say("anchors (&) are not taken: write the value out, or put it in quotes")
		case token.AliasType:
			say("aliases (*) are not taken: write the value out, or put it in quotes")
			return problems
		case token.TagType:
			say("tags (!) are not taken: leave the tag out, or put the value in quotes")
		case token.MergeKeyType:
			say("merge keys (<<) are not taken: write the keys out")
		case token.DirectiveType:
			say("directives (%) are not taken: leave the line out")
			return problems
		case token.MappingKeyType:
			say("keys with a question mark are not taken: write key: value")
		case token.MappingStartType, token.SequenceStartType:
			depth++
		case token.MappingEndType, token.SequenceEndType:
			depth--
		case token.SequenceEntryType:
			if t.Position.Line != entryLine {
				entries, entryLine = 0, t.Position.Line
			}
			entries++
		}
		if depth > maxNesting || entries > maxNesting {
			say("nested too deeply")
			return problems
		}
	}
	return problems
}

func syntax(err error) Problem {
	var e yaml.Error
	if !errors.As(err, &e) || e.GetToken() == nil {
		return Problem{1, 1, "cannot be read as YAML"}
	}
	t := e.GetToken()
	p := Problem{t.Position.Line, t.Position.Column, "not YAML: " + unquoted(e.GetMessage())}
	if t.Type == token.MappingStartType && t.Prev != nil && len(t.Prev.Value) > 0 && t.Prev.Value[len(t.Prev.Value)-1] == '$' {
		p.Message = `not YAML: between { and } write "${NAME}" in quotes`
	}
	return p
}

// unquoted takes what stands between double quotes out of one of the parser's
// messages: some quote a piece of the file, which may be a name or a secret.
func unquoted(message string) string {
	first, last := strings.IndexByte(message, '"'), strings.LastIndexByte(message, '"')
	if first < 0 {
		return message
	}
	return message[:first] + "what stands here" + message[last+1:]
}

type reader struct{ problems []Problem }

func (r *reader) add(t *token.Token, message string) {
	r.problems = append(r.problems, Problem{t.Position.Line, t.Position.Column, message})
}

func (r *reader) node(n ast.Node) *Node {
	t := n.GetToken()
	out := &Node{Line: t.Position.Line, Column: t.Position.Column, Text: t.Value}
	switch n := n.(type) {
	case *ast.NullNode:
		out.Text = ""
	case *ast.BoolNode:
		out.Kind = Bool
	case *ast.IntegerNode:
		out.Kind = Int
	case *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		out.Kind = Float
	case *ast.StringNode:
		out.Kind, out.Text = String, n.Value
	case *ast.LiteralNode:
		out.Kind, out.Text = String, n.Value.Value
	case *ast.SequenceNode:
		out.Kind, out.Text = Seq, ""
		for _, item := range n.Values {
			out.Items = append(out.Items, r.node(item))
		}
	case *ast.MappingNode:
		out.Kind, out.Text = Map, ""
		r.fields(out, n.Values)
	case *ast.MappingValueNode:
		out.Kind, out.Text = Map, ""
		r.fields(out, []*ast.MappingValueNode{n})
	default:
		r.add(t, "neither a value, a list nor a group of keys")
		out.Text = ""
	}
	return out
}

func (r *reader) fields(out *Node, values []*ast.MappingValueNode) {
	seen := make(map[string]int, len(values))
	for i, v := range values {
		t := v.Key.GetToken()
		if i == 0 {
			// A group begins where its first key does; the parser says its colon.
			if out.Line > t.Position.Line || out.Line == t.Position.Line && out.Column > t.Position.Column {
				out.Line, out.Column = t.Position.Line, t.Position.Column
			}
		}
		if first, twice := seen[t.Value]; twice {
			r.add(t, fmt.Sprintf("the same key again (first on line %d): leave one out", first))
			continue
		}
		seen[t.Value] = t.Position.Line
		f := Field{Key: t.Value, Line: t.Position.Line, Column: t.Position.Column}
		if v.Value == nil {
			f.Value = &Node{Line: f.Line, Column: f.Column}
		} else {
			f.Value = r.node(v.Value)
		}
		out.Fields = append(out.Fields, f)
	}
}
