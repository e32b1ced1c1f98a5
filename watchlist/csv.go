package watchlist

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/agnivade/levenshtein"
)

// csv reads records under a header.
func (r *reader) csv(text string) {
	if r.imports == nil {
		r.nuls(text) // in an import they spoil their own row only
	}
	c := newCells(text, r.column)
	header, at, ok := r.firstRow(c)
	if !ok {
		return
	}
	for {
		start := c.pos
		cells, line := c.next()
		if cells == nil {
			break
		}
		whole := true
		r.row(line, func() {
			if whole = c.wrong == ""; !whole {
				r.entries++
				r.wrong(place{line: line}, c.wrong)
				whole = !c.unclosed
				return
			}
			whole = r.record(header, cells, c.delim, place{line: line})
		})
		if !whole && r.imports != nil && r.imports.resumed < maxResumed {
			// A quote that is not closed took in whole people: they are read after all.
			r.imports.resumed++
			c.resume(start, line)
		}
	}
	if r.imports == nil {
		r.nobody(at)
	}
}

// maxResumed bounds how often an import begins anew behind a quote that is not
// closed: each time may cost reading all that is left.
const maxResumed = 100

// nuls refuses NUL bytes with each line that has some.
func (r *reader) nuls(text string) {
	line, said := 1, 0
	for {
		i := strings.IndexByte(text, 0)
		if i < 0 {
			return
		}
		line += lineBreaks(text[:i])
		if line != said {
			r.wrong(place{line: line}, "a NUL byte: save the file as plain text")
			said = line
		}
		text = text[i+1:]
	}
}

// What stands in a header beside columns.
const (
	nameless   column = -1 - iota // must stay empty
	refused                       // told already
	familyName                    // in an import: the name in two columns
	givenName
)

// firstRow finds the header and which column stands where.
func (r *reader) firstRow(c *cells) (header []column, at place, ok bool) {
	names, line := c.next()
	for names != nil && c.wrong == "" && blank(names) {
		names, line = c.next()
	}
	at = place{line: line}
	if names == nil {
		r.wrong(place{line: 1}, "the file is empty: the first line is "+strings.Join(columnNames[:], ","))
		return nil, at, false
	}
	if c.wrong != "" {
		r.wrong(at, c.wrong)
		return nil, at, false
	}
	header, ok = r.header(names, at)
	return header, at, ok
}

// header finds which column each name of a header means.
func (r *reader) header(names []string, at place) (header []column, ok bool) {
	var seen [columns]bool
	known, family, given := 0, false, false
	for _, name := range names {
		if col, is := r.column(name); is {
			known++
			switch col {
			case familyName:
				family = true
			case givenName:
				given = true
			default:
				seen[col] = true
			}
		}
	}
	if known == 0 {
		// What stands here may well be a person.
		r.wrong(at, "the first line is no header: write "+strings.Join(columnNames[:], ","))
		return nil, false
	}
	named := seen[colName] || family && given
	if !named {
		r.wrong(at, "the column name is missing: it is the one that must be there")
	}
	seen = [columns]bool{}
	for _, name := range names {
		col, is := r.column(name)
		switch {
		case is && col < 0:
		case is && seen[col]:
			r.wrong(at, fmt.Sprintf("the column %s is there twice: leave one out", columnNames[col]))
			col = refused
		case is:
			seen[col] = true
		case strings.TrimSpace(name) == "":
			col = nameless
		default:
			what, near := unknown("column", name, named)
			if r.imports != nil && !near {
				r.warn(at, fmt.Sprintf("column %d is none of ours and is left out: known are %s", len(header)+1, strings.Join(columnNames[:], ", ")))
			} else {
				r.wrong(at, what)
			}
			col = refused
		}
		header = append(header, col)
	}
	if r.imports != nil {
		// A mistyped column would cost precision for everybody, in silence.
		r.imports.headed = named && len(r.problems) == 0
		return header, r.imports.headed
	}
	return header, named
}

// word is what may be quoted of a header.
var word = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9 _-]{0,31}$`)

// unknown says that name is none of ours, and which may be meant. It quotes name
// only if it is nearly the name of a column, and if sure, which it is beside a
// column called name, that this is a header and not somebody. near: one may be meant.
func unknown(what, name string, sure bool) (message string, near bool) {
	name = strings.ToLower(strings.TrimSpace(name))
	best, distance := "", 4
	for _, c := range columnNames {
		if d := levenshtein.ComputeDistance(name, c); d < distance && d < len(c) {
			best, distance = c, d
		}
	}
	message = "unknown " + what
	if sure && best != "" && word.MatchString(name) {
		return message + ` "` + name + `": did you mean ` + best + "?", true
	}
	return message + ": known here are " + strings.Join(columnNames[:], ", "), best != ""
}

// record reads one person. It reports whether the record is no more than one: a
// quote that is not closed may have taken in others.
func (r *reader) record(header []column, cells []string, delim byte, at place) bool {
	if blank(cells) {
		return true
	}
	e := entry{place: at}
	family, given := "", ""
	for i, text := range cells {
		col := nameless
		if i < len(header) {
			col = header[i]
		}
		switch {
		case col >= 0:
			e.values[col].text = text
		case col == familyName:
			family = strings.TrimSpace(text)
		case col == givenName:
			given = strings.TrimSpace(text)
		case col == nameless && strings.TrimSpace(text) != "":
			// Something slipped: what the columns seem to say would only mislead.
			r.entries++
			r.wrong(at, "more cells than columns: put a cell that has the delimiter in it in quotes")
			return true
		}
	}
	if strings.TrimSpace(e.values[colName].text) == "" {
		e.values[colName].text = strings.TrimSpace(given + " " + family)
	}
	for c := range columns {
		v := &e.values[c]
		v.place = at
		if strings.ContainsAny(v.text, "\r\n") && swallowed(v.text, delim, len(header)) {
			r.entries++
			r.wrong(at, columnNames[c]+" has a whole line of the list in it: a quote is not closed")
			return false
		}
		if t := strings.TrimSpace(v.text); t != "" && strings.IndexByte("=+-@", t[0]) >= 0 && c != colID {
			r.warn(at, fmt.Sprintf("%s begins with %c, which a spreadsheet may run as a formula: it is taken as text", columnNames[c], t[0]))
		}
	}
	r.take(&e)
	return true
}

// swallowed reports whether a line within a cell has as many cells as the header:
// a quote that was never closed takes in whole people, and they must not go
// unwatched in silence.
func swallowed(text string, delim byte, width int) bool {
	if width < 4 {
		return false
	}
	for line := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '\r' || r == '\n' }) {
		if strings.Count(line, string(delim)) == width-1 {
			return true
		}
	}
	return false
}

func blank(cells []string) bool {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

const delimiters = ",;\t"

// cells reads records of CSV (RFC 4180) with what spreadsheets and people make of
// it: lines end in LF, CR LF or CR; blanks may stand around a quoted cell; a
// quote inside a cell that does not begin with one is a quote (Omar "Lark"
// Said). Text behind a closing quote is refused rather than guessed at, since a
// guess may swallow the next person. encoding/csv is not used: it has either
// none of these or, with LazyQuotes, all guesses, and takes no CR.
type cells struct {
	text  string
	pos   int
	line  int
	delim byte
	out   []string
	wrong string // what is wrong with the record just read
	// unclosed: it is a quote that is opened and never closed.
	unclosed bool
}

// newCells reads text with the delimiter under which most of the first line are
// columns by columnOf.
func newCells(text string, columnOf func(string) (column, bool)) *cells {
	c := &cells{text: text, line: 1, delim: ','}
	if first, rest := firstLine(text); len(first) == len("sep=,") && strings.EqualFold(first[:4], "sep=") && strings.IndexByte(delimiters, first[4]) >= 0 {
		// Excel's own way of naming the delimiter.
		c.delim, c.pos, c.line = first[4], rest, 2
		return c
	}
	best := 0
	for i := range len(delimiters) {
		try := &cells{text: text, line: 1, delim: delimiters[i]}
		names, _ := try.next()
		for names != nil && blank(names) {
			names, _ = try.next()
		}
		known := 0
		for _, name := range names {
			if _, is := columnOf(name); is {
				known++
			}
		}
		if known > best {
			best, c.delim = known, delimiters[i]
		}
	}
	return c
}

// firstLine gives the first line and where the next begins.
func firstLine(text string) (line string, next int) {
	end := strings.IndexAny(text, "\r\n")
	if end < 0 {
		return text, len(text)
	}
	next = end + 1
	if strings.HasPrefix(text[end:], "\r\n") {
		next++
	}
	return text[:end], next
}

// next gives the next record and the line it begins on; nil at the end. The
// cells are good until the next call. If c.wrong is set they are worth nothing.
func (c *cells) next() (record []string, line int) {
	c.wrong, c.unclosed = "", false
	line = c.line
	if c.pos >= len(c.text) {
		return nil, line
	}
	c.out = c.out[:0]
	for {
		c.out = append(c.out, c.cell())
		if c.wrong != "" {
			line, _ := firstLine(c.text[c.pos:])
			c.pos += len(line) // what is left of the line is not read
		}
		if c.pos >= len(c.text) {
			return c.out, line
		}
		if c.text[c.pos] == c.delim {
			c.pos++
			continue
		}
		c.lineBreak()
		return c.out, line
	}
}

// resume goes on behind the first line of the record that began at start.
func (c *cells) resume(start, line int) {
	_, next := firstLine(c.text[start:])
	c.pos, c.line = start+next, line+1
}

func (c *cells) lineBreak() {
	if strings.HasPrefix(c.text[c.pos:], "\r\n") {
		c.pos++
	}
	c.pos++
	c.line++
}

// cell reads one cell and stops at the delimiter, line break or end behind it.
func (c *cells) cell() string {
	start := c.pos
	for c.pos < len(c.text) && (c.text[c.pos] == ' ' || c.text[c.pos] == '\t' && c.delim != '\t') {
		c.pos++
	}
	if c.pos < len(c.text) && c.text[c.pos] == '"' {
		c.pos++
		return c.quoted()
	}
	for c.pos < len(c.text) {
		if b := c.text[c.pos]; b == c.delim || b == '\n' || b == '\r' {
			break
		}
		c.pos++
	}
	return c.text[start:c.pos]
}

func (c *cells) quoted() string {
	var before []string // each up to and with a doubled quote
	for {
		n := strings.IndexByte(c.text[c.pos:], '"')
		if n < 0 {
			c.wrong = "a quote is opened here and never closed: close it, or write a quote inside quotes twice"
			c.pos, c.unclosed = len(c.text), true
			return ""
		}
		part := c.text[c.pos : c.pos+n]
		c.line += lineBreaks(part)
		c.pos += n + 1
		if c.pos < len(c.text) && c.text[c.pos] == '"' {
			before = append(before, part, `"`)
			c.pos++
			continue
		}
		for c.pos < len(c.text) && c.text[c.pos] != c.delim && (c.text[c.pos] == ' ' || c.text[c.pos] == '\t') {
			c.pos++
		}
		if c.pos < len(c.text) && c.text[c.pos] != c.delim && c.text[c.pos] != '\n' && c.text[c.pos] != '\r' {
			c.wrong = "text behind a closing quote: write a quote inside quotes twice, or close the one that is open"
		}
		if before == nil {
			return part
		}
		return strings.Join(append(before, part), "")
	}
}

// lineBreaks counts the ends of lines in s: LF, CR LF, or CR alone.
func lineBreaks(s string) int {
	n := strings.Count(s, "\n")
	if strings.IndexByte(s, '\r') >= 0 {
		n += strings.Count(s, "\r") - strings.Count(s, "\r\n")
	}
	return n
}
