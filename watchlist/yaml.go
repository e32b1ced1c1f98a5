package watchlist

import (
	"fmt"
	"strings"

	"tocsin/plainyaml"
)

// yaml reads a list of people, at the top or under the key people.
func (r *reader) yaml(text string) {
	root, problems := plainyaml.Parse([]byte(text))
	for _, p := range problems {
		r.wrong(place{p.Line, p.Column}, p.Message)
	}
	if r.imports != nil {
		r.imports.headed = len(problems) == 0
	}
	if root == nil {
		r.nobody(place{1, 1})
		return
	}
	people := root
	if root.Kind == plainyaml.Map {
		people = nil
		for _, f := range root.Fields {
			if f.Key == "people" {
				people = f.Value
				continue
			}
			// Not quoted: a file laid out otherwise may have names for keys.
			r.wrong(place{f.Line, f.Column}, "unknown key: write a list of people, each with a name, or that list under people")
		}
		if people == nil {
			return
		}
	}
	switch people.Kind {
	case plainyaml.Null:
	case plainyaml.Seq:
		for _, n := range people.Items {
			r.row(n.Line, func() { r.yamlPerson(n) })
		}
	default:
		r.wrong(at(people), people.Kind.String()+", where a list of people is expected: begin each with - name:")
		return
	}
	if r.imports == nil {
		r.nobody(at(people))
	}
}

func at(n *plainyaml.Node) place { return place{n.Line, n.Column} }

func (r *reader) yamlPerson(n *plainyaml.Node) {
	if n.Kind != plainyaml.Map {
		r.entries++
		r.wrong(at(n), n.Kind.String()+", where a person is expected: write - name: and the name")
		return
	}
	e := entry{place: at(n)}
	named := false
	for _, f := range n.Fields {
		c, known := r.column(f.Key)
		named = named || known && c == colName
	}
	var seen [columns]bool
	for _, f := range n.Fields {
		c, known := r.column(f.Key)
		switch {
		case !known || c < 0:
			what, near := unknown("key", f.Key, named)
			if r.imports != nil && !near {
				r.warn(place{f.Line, f.Column}, "a key that is none of ours is left out: known are "+strings.Join(columnNames[:], ", "))
				continue
			}
			r.wrong(place{f.Line, f.Column}, what)
			continue
		case seen[c]: // in another case; the same twice is refused before
			r.wrong(place{f.Line, f.Column}, "the same key again: leave one out")
			continue
		}
		seen[c] = true
		e.values[c] = r.yamlValue(c, f.Value)
	}
	r.take(&e)
}

func (r *reader) yamlValue(c column, n *plainyaml.Node) value {
	several := c == colAliases || c == colNationalities || c == colTags
	v := value{place: at(n)}
	switch {
	case n.Kind == plainyaml.Map:
		r.wrong(at(n), fmt.Sprintf("%s is a group of keys, where text is expected", columnNames[c]))
		v.told = true
	case n.Kind == plainyaml.Seq && !several:
		r.wrong(at(n), columnNames[c]+" is a list: write one value")
		v.told = true
	case n.Kind == plainyaml.Seq:
		v.list = true
		for _, item := range n.Items {
			switch item.Kind {
			case plainyaml.Map, plainyaml.Seq:
				r.wrong(at(item), fmt.Sprintf("%s has %s in it, where text is expected", columnNames[c], item.Kind))
			case plainyaml.Null:
				r.wrong(at(item), fmt.Sprintf("%s has nothing in it: take the item out, or put what reads as null in quotes", columnNames[c]))
			default:
				v.items = append(v.items, value{place: at(item), text: item.Text})
			}
		}
	default:
		// As written, whatever YAML makes of it: No is a name, NO is Norway, 1990 is
		// a birth date.
		v.text, v.null = n.Text, n.Kind == plainyaml.Null
	}
	return v
}
