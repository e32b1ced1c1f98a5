package watchlist

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"
	"time"
)

// XLSX (ECMA-376, Office Open XML spreadsheets) is read here, without a library:
// the two that could be had either write parts of the sheet to temporary files,
// which would leave names on the disk, or have no limits; and both mix the
// phonetic guides of Japanese cells into the text.

// Limits of a spreadsheet, whatever its own directory says.
const (
	maxPart    = 128 << 20 // bytes of one part, unpacked
	maxParts   = 4096      // in the archive
	maxColumns = 256       // cells behind them are not looked at
)

func isZip(data []byte) bool { return bytes.HasPrefix(data, []byte("PK\x03\x04")) }

var errBigPart = errors.New("a part of the spreadsheet is larger than 128 MiB unpacked: this is no watchlist")

// xlsx reads the first sheet that is not hidden.
func (r *reader) xlsx(data []byte) {
	if err := r.workbook(data); err != nil {
		what := "cannot be read as a spreadsheet (.xlsx): damaged, or of another kind: save it as .xlsx or CSV UTF-8"
		if errors.Is(err, errBigPart) || errors.Is(err, errNoBook) {
			what = err.Error()
		}
		r.wrong(place{}, what)
	}
}

var errNoBook = errors.New("an archive, and no spreadsheet that is read here: save it as .xlsx or CSV UTF-8")

func (r *reader) workbook(data []byte) error {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return err
	}
	if len(z.File) > maxParts {
		return errNoBook
	}
	b := book{parts: map[string]*zip.File{}}
	for _, f := range z.File {
		b.parts[strings.ToLower(strings.TrimPrefix(f.Name, "/"))] = f
	}
	main := "xl/workbook.xml"
	links, err := b.links("")
	if err != nil {
		return err
	}
	for _, l := range links {
		if strings.HasSuffix(l.kind, "/officeDocument") {
			main = l.target
		}
	}
	if b.parts[main] == nil {
		return errNoBook
	}
	sheet, sheets, err := b.read(main)
	if err != nil {
		return err
	}
	if sheets > 1 {
		r.warn(place{}, fmt.Sprintf("the first sheet alone is read, of %d: import the others from files of their own", sheets))
	}
	return r.sheet(&b, sheet)
}

// book is what of a workbook its sheets need.
type book struct {
	parts  map[string]*zip.File
	texts  []string // shared strings
	dates  []int    // by style: 0 no date, otherwise a precision
	from04 bool     // days count from 1904
}

// Precisions of a date, by what its format shows.
const (
	toYear = 1 + iota
	toMonth
	toDay
)

type link struct{ id, kind, target string }

// links reads the relationships of a part, "" for the whole.
func (b *book) links(part string) (out []link, err error) {
	dir, file := path.Split(part)
	name := dir + "_rels/" + file + ".rels"
	if b.parts[name] == nil {
		return nil, nil
	}
	err = b.each(name, func(d *xml.Decoder, e xml.StartElement) error {
		if e.Name.Local == "Relationship" {
			l := link{attr(e, "Id"), attr(e, "Type"), attr(e, "Target")}
			if t, ok := strings.CutPrefix(l.target, "/"); ok {
				l.target = strings.ToLower(t)
			} else {
				l.target = strings.ToLower(path.Join(dir, l.target))
			}
			out = append(out, l)
		}
		return nil
	})
	return out, err
}

// each gives f every element of a part as it begins.
func (b *book) each(name string, f func(*xml.Decoder, xml.StartElement) error) error {
	part := b.parts[name]
	if part == nil {
		return fmt.Errorf("%s is missing", name)
	}
	rc, err := part.Open()
	if err != nil {
		return err
	}
	defer rc.Close() // it was only read
	lr := &io.LimitedReader{R: rc, N: maxPart + 1}
	d := xml.NewDecoder(lr)
	for {
		t, err := d.Token()
		if lr.N <= 0 {
			return errBigPart
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if e, ok := t.(xml.StartElement); ok {
			if err := f(d, e); err != nil {
				if lr.N <= 0 {
					return errBigPart
				}
				return err
			}
		}
	}
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// read finds the sheet to read, and reads texts and styles.
func (b *book) read(main string) (sheet string, sheets int, err error) {
	links, err := b.links(main)
	if err != nil {
		return "", 0, err
	}
	target := map[string]string{}
	for _, l := range links {
		target[l.id] = l.target
	}
	err = b.each(main, func(_ *xml.Decoder, e xml.StartElement) error {
		switch e.Name.Local {
		case "workbookPr":
			v := attr(e, "date1904")
			b.from04 = v == "1" || v == "true"
		case "sheet":
			if s := attr(e, "state"); s == "" || s == "visible" {
				sheets++
				if sheet == "" {
					for _, a := range e.Attr {
						if a.Name.Local == "id" {
							sheet = target[a.Value]
						}
					}
				}
			}
		}
		return nil
	})
	if err != nil {
		return "", 0, err
	}
	for _, l := range links {
		switch {
		case strings.HasSuffix(l.kind, "/sharedStrings"):
			err = b.each(l.target, func(d *xml.Decoder, e xml.StartElement) error {
				if e.Name.Local != "si" {
					return nil
				}
				s, err := cellText(d)
				b.texts = append(b.texts, s)
				return err
			})
		case strings.HasSuffix(l.kind, "/styles"):
			err = b.styles(l.target)
		}
		if err != nil {
			return "", 0, err
		}
	}
	return sheet, sheets, nil
}

// cellText gathers the text of a shared or inline string up to its end, without
// phonetic guides (rPh), which say how to read it. What is beyond the longest
// field is left out: it is refused anyway.
func cellText(d *xml.Decoder) (string, error) {
	var out strings.Builder
	depth, guide, text := 1, 0, false
	for depth > 0 {
		t, err := d.Token()
		if err != nil {
			return "", err
		}
		switch t := t.(type) {
		case xml.StartElement:
			depth++
			if t.Name.Local == "rPh" {
				guide = depth
			}
			text = t.Name.Local == "t"
		case xml.EndElement:
			if depth == guide {
				guide = 0
			}
			depth--
			text = false
		case xml.CharData:
			if text && guide == 0 && out.Len() <= maxField {
				out.Write(t[:min(len(t), 2*maxField)])
			}
		}
	}
	return strings.ToValidUTF8(out.String(), "\uFFFD"), nil
}

// styles learns which styles are dates, and how precise ones.
func (b *book) styles(part string) error {
	codes := map[string]int{"14": toDay, "15": toDay, "16": toDay, "17": toMonth, "22": toDay} // 18.8.30: numbers with a meaning of their own
	for n := 27; n <= 36; n++ {
		codes[strconv.Itoa(n)] = toDay // East Asian dates
	}
	for n := 50; n <= 58; n++ {
		codes[strconv.Itoa(n)] = toDay
	}
	inside := false
	return b.each(part, func(_ *xml.Decoder, e xml.StartElement) error {
		switch e.Name.Local {
		case "numFmt":
			if p := precision(attr(e, "formatCode")); p > 0 {
				codes[attr(e, "numFmtId")] = p
			}
		case "cellXfs":
			inside = true
		case "cellStyles", "dxfs":
			inside = false
		case "xf":
			if inside {
				b.dates = append(b.dates, codes[attr(e, "numFmtId")])
			}
		}
		return nil
	})
}

// precision says what a number format shows of a date; 0 if it is none.
func precision(code string) int {
	code, _, _ = strings.Cut(strings.ToLower(code), ";")
	var bare strings.Builder
	for i := 0; i < len(code); i++ {
		switch code[i] {
		case '"':
			for i++; i < len(code) && code[i] != '"'; i++ {
			}
		case '[':
			for i++; i < len(code) && code[i] != ']'; i++ {
			}
		case '\\':
			i++
		default:
			bare.WriteByte(code[i])
		}
	}
	s := bare.String()
	switch {
	case !strings.Contains(s, "y"):
		return 0 // a time, or a number
	case strings.Contains(s, "d"):
		return toDay
	case strings.Contains(s, "m"):
		return toMonth
	}
	return toYear
}

// sheet reads rows under a header.
func (r *reader) sheet(b *book, part string) error {
	row, line, formulas := 0, 0, 0
	var cells []string
	var wrong string
	var header []column
	end := func() {
		defer func() { cells, wrong = cells[:0], "" }()
		switch {
		case row == 0 || blank(cells) && wrong == "":
		case header == nil:
			if header, _ = r.header(cells, place{line: line}); header == nil {
				header = []column{} // no header: that is told
			}
		case !r.imports.headed:
		case wrong != "":
			r.row(line, func() { r.entries++; r.wrong(place{line: line}, wrong) })
		default:
			r.row(line, func() { r.record(header, cells, 0, place{line: line}) })
		}
	}
	err := b.each(part, func(d *xml.Decoder, e xml.StartElement) error {
		switch e.Name.Local {
		case "row":
			end()
			row++
			line++
			if n, err := strconv.Atoi(attr(e, "r")); err == nil && n > 0 {
				line = n
			}
		case "c":
			at := len(cells)
			if n := columnNumber(attr(e, "r")); n >= 0 {
				at = n
			}
			c, err := b.cell(d, e)
			if err != nil || at >= maxColumns {
				return err
			}
			for len(cells) <= at {
				cells = append(cells, "")
			}
			cells[at] = c.text
			if c.formula && c.text != "" {
				formulas++
			}
			if c.wrong != "" && wrong == "" {
				wrong = fmt.Sprintf("column %d: %s", at+1, c.wrong)
			}
		}
		return nil
	})
	if err == nil {
		end()
	}
	if formulas > 0 {
		r.warn(place{}, fmt.Sprintf("cells hold formulas (%d): what the spreadsheet last computed is taken", formulas))
	}
	if err != nil && r.imports.headed && !errors.Is(err, errBigPart) {
		r.wrong(place{line: line + 1}, "the spreadsheet is damaged from here on: what follows was not read")
		return nil
	}
	return err
}

// columnNumber reads the letters of a reference such as BC12, from 0; -1 if there
// are none.
func columnNumber(ref string) int {
	n := 0
	for i := 0; i < len(ref) && i < 4 && 'A' <= ref[i]&^0x20 && ref[i]&^0x20 <= 'Z'; i++ {
		n = n*26 + int(ref[i]&^0x20-'A') + 1
	}
	return n - 1
}

type cell struct {
	text    string
	formula bool
	wrong   string
}

func (b *book) cell(d *xml.Decoder, e xml.StartElement) (c cell, err error) {
	kind, style := attr(e, "t"), 0
	if n, err := strconv.Atoi(attr(e, "s")); err == nil && n >= 0 && n < len(b.dates) {
		style = b.dates[n]
	}
	value, inline := "", ""
	for {
		t, err := d.Token()
		if err != nil {
			return c, err
		}
		switch t := t.(type) {
		case xml.EndElement:
			if t.Name.Local == "c" {
				return b.value(kind, style, value, inline, c), nil
			}
		case xml.StartElement:
			switch t.Name.Local {
			case "is":
				inline, err = cellText(d)
			case "v":
				value, err = chars(d)
			case "f":
				c.formula = true
				err = d.Skip()
			default:
				err = d.Skip()
			}
			if err != nil {
				return c, err
			}
		}
	}
}

// chars reads the text of an element that holds nothing else.
func chars(d *xml.Decoder) (string, error) {
	var out strings.Builder
	for {
		t, err := d.Token()
		if err != nil {
			return "", err
		}
		switch t := t.(type) {
		case xml.EndElement:
			return strings.ToValidUTF8(out.String(), "\uFFFD"), nil
		case xml.CharData:
			if out.Len() <= maxField {
				out.Write(t[:min(len(t), 2*maxField)])
			}
		case xml.StartElement:
			if err := d.Skip(); err != nil {
				return "", err
			}
		}
	}
}

func (b *book) value(kind string, style int, v, inline string, c cell) cell {
	switch kind {
	case "s":
		n, err := strconv.Atoi(strings.TrimSpace(v))
		if err != nil || n < 0 || n >= len(b.texts) {
			c.wrong = "a text that the spreadsheet does not have: it is damaged"
			return c
		}
		c.text = b.texts[n]
	case "inlineStr":
		c.text = inline
	case "str":
		c.text = v
	case "d":
		c.text, _, _ = strings.Cut(v, "T")
	case "b":
		c.text = map[string]string{"1": "TRUE", "0": "FALSE"}[v]
	case "e":
		c.wrong = "an error of the spreadsheet (such as #N/A): write what is meant"
	default:
		c.text = b.number(v, style)
	}
	if c.formula && c.text == "" && v == "" && c.wrong == "" {
		c.wrong = "a formula that was never computed: open the file in a spreadsheet program and save it"
	}
	return c
}

// number writes a number as it reads in the sheet: a date as a date, to the
// precision that its format shows.
func (b *book) number(v string, style int) string {
	f, err := strconv.ParseFloat(strings.TrimSpace(v), 64)
	if err != nil {
		return v
	}
	if style == 0 || f < 1 || f > 2958465 { // 9999-12-31
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	// Days from the last of 1899; the 29 February 1900 that never was counts (18.17.4.1).
	first := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if b.from04 {
		first = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	} else if f < 61 {
		f++
	}
	d := first.AddDate(0, 0, int(f))
	return d.Format([...]string{toYear: "2006", toMonth: "2006-01", toDay: "2006-01-02"}[style])
}
