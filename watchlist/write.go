package watchlist

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"tocsin/plainyaml"
)

// csvText writes a list in our own columns.
func csvText(people []Person) string {
	header := make([]column, columns)
	for c := range header {
		header[c] = column(c)
	}
	var b strings.Builder
	b.WriteString(strings.Join(columnNames[:], ",") + "\n")
	for _, p := range people {
		b.WriteString(csvRow(p, header, ',') + "\n")
	}
	return b.String()
}

func csvRow(p Person, header []column, delim byte) string {
	texts := p.Entry().texts()
	var b strings.Builder
	for i, c := range header {
		if i > 0 {
			b.WriteByte(delim)
		}
		if c >= 0 {
			b.WriteString(csvCell(texts[c], delim))
		}
	}
	return b.String()
}

func csvCell(s string, delim byte) string {
	if s != "" && (strings.ContainsAny(s, "\"\r\n") || strings.IndexByte(s, delim) >= 0 || strings.TrimSpace(s) != s) {
		return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
	}
	return s
}

// editCSV replaces the rows of edited people, takes out those of people who are
// gone and adds new ones at the end; every other byte stays.
func (d *Draft) editCSV() (string, bool) {
	r := &reader{report: report{file: d.name, most: maxProblems}, ids: map[string]int{}}
	c := newCells(d.text, r.column)
	header, _, ok := r.firstRow(c)
	if !ok || len(r.problems) > 0 {
		return "", false
	}
	newline := "\n"
	if strings.Contains(d.text[:c.pos], "\r\n") {
		newline = "\r\n"
	}
	// A column that the file has not, and somebody needs.
	var more []string
	for col := range columns {
		if slices.Contains(header, col) {
			continue
		}
		for _, p := range d.people {
			if d.put[p.ID] && p.Entry().texts()[col] != "" {
				header = append(header, col)
				more = append(more, columnNames[col])
				break
			}
		}
	}
	var b strings.Builder
	head := strings.TrimRight(d.text[:c.pos], "\r\n")
	b.WriteString(head)
	for _, name := range more {
		b.WriteString(string(c.delim) + name)
	}
	b.WriteString(d.text[len(head):c.pos])
	had := map[string]bool{}
	for {
		start := c.pos
		cells, _ := c.next()
		if cells == nil {
			break
		}
		id := ""
		for i, col := range header[:min(len(header), len(cells))] {
			if col == colID {
				id = strings.TrimSpace(cells[i])
			}
		}
		had[id] = true
		switch {
		case d.gone[id] && !d.put[id]:
		case d.put[id]:
			p, _ := d.Person(id)
			b.WriteString(csvRow(p, header, c.delim) + newline)
		default:
			b.WriteString(d.text[start:c.pos])
		}
	}
	for _, p := range d.added(had) {
		if s := b.String(); !strings.HasSuffix(s, "\n") && !strings.HasSuffix(s, "\r") {
			b.WriteString(newline)
		}
		b.WriteString(csvRow(p, header, c.delim) + newline)
	}
	return b.String(), true
}

// fields are what is written of a person, empty ones left out.
func fields(p Person) (keys []string, values []any) {
	add := func(c column, v any) {
		switch v := v.(type) {
		case string:
			if v == "" {
				return
			}
		case []string:
			if len(v) == 0 {
				return
			}
		}
		keys, values = append(keys, columnNames[c]), append(values, v)
	}
	add(colID, p.ID)
	add(colName, p.Name)
	add(colAliases, p.Aliases)
	add(colBirthDate, p.BirthDate.String())
	add(colNationalities, p.Nationalities)
	add(colSex, p.Sex)
	add(colCodename, p.Codename)
	add(colTags, p.Tags)
	add(colNote, p.Note)
	return keys, values
}

// quoted writes a text as JSON does, which is how YAML quotes too.
func quoted(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string always encodes, and a Buffer takes all
	return strings.TrimSuffix(b.String(), "\n")
}

func jsonText(people []Person) string {
	var b strings.Builder
	b.WriteString("[")
	for i, p := range people {
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString("\n  {")
		keys, values := fields(p)
		for k, key := range keys {
			if k > 0 {
				b.WriteString(", ")
			}
			b.WriteString(quoted(key) + ": ")
			b.WriteString(written(values[k], quoted))
		}
		b.WriteString("}")
	}
	b.WriteString("\n]\n")
	return b.String()
}

// written is a text, or a list of texts in brackets, each as scalar writes one.
func written(v any, scalar func(string) string) string {
	list, ok := v.([]string)
	if !ok {
		return scalar(v.(string))
	}
	items := make([]string, len(list))
	for i := range list {
		items[i] = scalar(list[i])
	}
	return "[" + strings.Join(items, ", ") + "]"
}

// bare is what YAML reads as text without quotes: words.
var bare = regexp.MustCompile(`^\pL[\pL\pM]*([ .'-][\pL\pM]+)*$`)

// yamlScalar writes a text so that it is read as text by any reader of YAML.
func yamlScalar(s string) string {
	switch strings.ToLower(s) {
	case "null", "true", "false", "yes", "no", "on", "off", "y", "n":
		return quoted(s)
	}
	if bare.MatchString(s) || dateLike.MatchString(s) || idLike.MatchString(s) {
		return s
	}
	return quoted(s)
}

var (
	dateLike = regexp.MustCompile(`^[0-9]{4}(-[0-9]{2}){0,2}$`)
	idLike   = regexp.MustCompile(`^[a-z]+-[0-9a-z]+$`)
)

// yamlEntry writes a person as an item of a list, its dash behind so many blanks.
func yamlEntry(p Person, indent int) string {
	var b strings.Builder
	keys, values := fields(p)
	for k, key := range keys {
		lead := "  "
		if k == 0 {
			lead = "- "
		}
		b.WriteString(strings.Repeat(" ", indent) + lead + key + ": ")
		b.WriteString(written(values[k], yamlScalar))
		b.WriteString("\n")
	}
	return b.String()
}

func yamlText(people []Person) string {
	var b strings.Builder
	for _, p := range people {
		b.WriteString(yamlEntry(p, 0))
	}
	return b.String()
}

// editYAML replaces the lines of edited people, takes out those of people who are
// gone and adds new ones at the end of the list. It does so only where each person
// begins a line of their own with a dash.
func (d *Draft) editYAML() (string, bool) {
	text := strings.ReplaceAll(strings.ReplaceAll(d.text, "\r\n", "\n"), "\r", "\n")
	root, problems := plainyaml.Parse([]byte(text))
	if root == nil || len(problems) > 0 {
		return "", false
	}
	people := root
	if root.Kind == plainyaml.Map {
		people = nil
		for _, f := range root.Fields {
			if f.Key == "people" {
				people = f.Value
			}
		}
	}
	if people == nil || people.Kind != plainyaml.Seq || len(people.Items) == 0 {
		return "", false
	}
	lines := strings.SplitAfter(text, "\n")
	indent := func(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }
	starts := make([]int, len(people.Items), len(people.Items)+1)
	for i, item := range people.Items {
		at := item.Line - 1
		for at >= 0 && at < len(lines) && !strings.HasPrefix(strings.TrimLeft(lines[at], " "), "-") {
			at-- // the dash may stand on a line before, alone
		}
		if at < 0 || at >= len(lines) || i > 0 && (at <= starts[i-1] || indent(lines[at]) != indent(lines[starts[0]])) {
			return "", false
		}
		starts[i] = at
	}
	dash := indent(lines[starts[0]])
	starts = append(starts, len(lines))
	var b strings.Builder
	b.WriteString(strings.Join(lines[:starts[0]], ""))
	had := map[string]bool{}
	tail := ""
	for i, item := range people.Items {
		id := ""
		for _, f := range item.Fields {
			if c, ok := columnOf(f.Key); ok && c == colID {
				id = strings.TrimSpace(f.Value.Text)
			}
		}
		// Blank lines and comments behind an item belong to what follows.
		end := starts[i+1]
		for end > starts[i]+1 {
			line := strings.TrimSpace(lines[end-1])
			if line != "" && (line[0] != '#' || indent(lines[end-1]) > dash) {
				break
			}
			end--
		}
		body := strings.Join(lines[starts[i]:end], "")
		after := strings.Join(lines[end:starts[i+1]], "")
		had[id] = true
		switch {
		case d.gone[id] && !d.put[id]:
			body = ""
		case d.put[id]:
			p, _ := d.Person(id)
			body = yamlEntry(p, dash)
		}
		b.WriteString(body)
		if i == len(people.Items)-1 {
			tail = after
			break
		}
		b.WriteString(after)
	}
	for _, p := range d.added(had) {
		if !strings.HasSuffix(b.String(), "\n") {
			b.WriteString("\n")
		}
		b.WriteString(yamlEntry(p, dash))
	}
	return b.String() + tail, true
}
