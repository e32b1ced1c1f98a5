package plainyaml

import (
	"fmt"
	"strings"
	"testing"
)

// shown writes a node with its places, to be compared as text.
func shown(n *Node) string {
	if n == nil {
		return "none"
	}
	at := fmt.Sprintf("@%d:%d", n.Line, n.Column)
	switch n.Kind {
	case Seq:
		var parts []string
		for _, i := range n.Items {
			parts = append(parts, shown(i))
		}
		return "[" + strings.Join(parts, " ") + "]" + at
	case Map:
		var parts []string
		for _, f := range n.Fields {
			parts = append(parts, fmt.Sprintf("%s@%d:%d=%s", f.Key, f.Line, f.Column, shown(f.Value)))
		}
		return "{" + strings.Join(parts, " ") + "}" + at
	}
	return fmt.Sprintf("%d(%s)%s", n.Kind, n.Text, at)
}

func TestNodesKnowWhatTheyAreAndWhereTheyStand(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", "none"},
		{"comments only", "# a\n\n# b\n", "none"},
		{"a group", "a: 1\nb:\n  c: x\n", "{a@1:1=2(1)@1:4 b@2:1={c@3:3=4(x)@3:6}@3:3}@1:1"},
		{"kinds of scalars", "[null, true, 7, 7.5, x, \"7\", 'true']", "[0()@1:2 1(true)@1:8 2(7)@1:14 3(7.5)@1:17 4(x)@1:22 4(7)@1:25 4(true)@1:30]@1:1"},
		{"a key without a value", "a:\nb: 1\n", "{a@1:1=0()@1:3 b@2:1=2(1)@2:4}@1:1"},
		{"a list of groups", "- a: 1\n  b: 2\n- {a: 3}\n", "[{a@1:3=2(1)@1:6 b@2:3=2(2)@2:6}@1:3 {a@3:4=2(3)@3:7}@3:3]@1:1"},
		{"JSON", "{\"a\": [1, {\"b\": \"x\"}]}", "{a@1:2=[2(1)@1:8 {b@1:12=4(x)@1:17}@1:11]@1:7}@1:1"},
		{"a byte order mark and Windows' line ends", "\uFEFFa: 1\r\nb: 2\r\n", "{a@1:1=2(1)@1:4 b@2:1=2(2)@2:4}@1:1"},
		{"other scripts", "имя: 林家豪\n", "{имя@1:1=4(林家豪)@1:6}@1:1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			root, problems := Parse([]byte(c.text))
			if len(problems) > 0 {
				t.Fatalf("%v", problems)
			}
			if got := shown(root); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestWhatIsNotPlainIsRefusedWithItsPlaceAndNotQuoted(t *testing.T) {
	for _, c := range []struct {
		name, text, want string
		line, column     int
	}{
		{"an anchor", "a: &hush 1\n", "anchors", 1, 4},
		{"an alias", "a: 1\nb: *hush\n", "aliases", 2, 4},
		{"a tag", "a: !!str hush\n", "tags", 1, 4},
		{"a merge key", "a: {<<: {b: hush}}\n", "merge keys", 1, 5},
		{"a directive", "%YAML 1.2\n---\na: hush\n", "directives", 1, 1},
		{"a key with a question mark", "? hush\n: b\n", "question mark", 1, 1},
		{"the same key twice", "a: hush\nb: 2\na: 3\n", "first on line 1", 3, 1},
		{"two documents", "a: hush\n---\nb: 2\n", "second document", 3, 0},
		{"a reserved character", "a: 1\nb: @hush\n", "quotes", 2, 0},
		{"an open list", "a: [hush\n", "not YAML", 0, 0},
		{"bytes of another encoding", "a: 1\nb: \xff\n", "UTF-8", 2, 4},
		{"a NUL byte", "a: 1\nb: \x00\n", "NUL", 2, 0},
		{"a bare variable between braces", "a: {b: ${HUSH}}\n", `"${NAME}"`, 1, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, problems := Parse([]byte(c.text))
			if len(problems) == 0 {
				t.Fatal("accepted")
			}
			p := problems[0]
			if !strings.Contains(p.Message, c.want) || c.line > 0 && p.Line != c.line || c.column > 0 && p.Column != c.column {
				t.Errorf("%+v", p)
			}
			if strings.Contains(strings.ToLower(p.Message), "hush") {
				t.Errorf("quoted: %s", p.Message)
			}
		})
	}
}

func TestDeepNestingIsRefusedBeforeItCosts(t *testing.T) {
	for _, text := range []string{strings.Repeat("[", 100000), strings.Repeat("{a: ", 100000), strings.Repeat("- ", 100000)} {
		_, problems := Parse([]byte(text))
		if len(problems) != 1 {
			t.Errorf("%.8q…: %v", text, problems)
		}
	}
}

func TestALongListIsReadWhole(t *testing.T) {
	text := strings.Repeat("- {id: p-017, name: Mira Varden}\n", 20000)
	root, problems := Parse([]byte(text))
	if len(problems) > 0 || len(root.Items) != 20000 || root.Items[19999].Line != 20000 {
		t.Fatalf("%v", problems)
	}
}

// FuzzParse holds that no bytes make Parse panic and that whatever it says has
// its place.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"a: 1\nb: [x, {c: d}]\n", "- a: 1\n  b: |\n    x\n", "{\"a\": null}", "a: &x 1\nb: *x", "? a\n: b", "a: 'x\n", "%YAML\n---\n", "<<: {a: 1}", "a: >-\n  b\n\n c",
		"\uFEFFa:\r\n- b\r", "a: \"\\u0000\"", "[[[[", "- - - -", "a:\n- b\n c: d", "---\n---\n", "...",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		root, problems := Parse(data)
		for _, p := range problems {
			if p.Line < 1 || p.Column < 0 || p.Message == "" {
				t.Fatalf("%+v", p)
			}
		}
		if root != nil {
			placed(t, root)
		}
	})
}

func placed(t *testing.T, n *Node) {
	if n.Line < 1 || n.Kind < Null || n.Kind > Map {
		t.Fatalf("%+v", n)
	}
	for _, i := range n.Items {
		placed(t, i)
	}
	keys := map[string]bool{}
	for _, f := range n.Fields {
		if f.Value == nil || f.Line < 1 || keys[f.Key] {
			t.Fatalf("%+v", f)
		}
		keys[f.Key] = true
		placed(t, f.Value)
	}
}

func TestAParsersMessageQuotesNothingOfTheFile(t *testing.T) {
	for _, text := range []string{"a: |Mira Varden\n  b\n", "%YAML 9.Mira\n---\na: 1\n"} {
		_, problems := Parse([]byte(text))
		if len(problems) == 0 {
			t.Errorf("%q is taken", text)
		}
		for _, p := range problems {
			if strings.Contains(p.Message, "Mira") {
				t.Errorf("%q: %s", text, p.Message)
			}
		}
	}
}
