package match

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"

	"tocsin"
)

// Pair is a labelled pair: does Notice name Person? It is a row of an eval file, or
// a decision that a team made of a case.
type Pair struct {
	Same   bool
	Group  string
	Person Person
	Notice tocsin.Notice
}

// LineError says which line of a file is wrong, and never what stands in it.
type LineError struct {
	Line int
	Err  error
}

func (e *LineError) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Err) }
func (e *LineError) Unwrap() error { return e.Err }

// maxPairs bounds an eval file, in bytes unpacked.
const maxPairs = 512 << 20

// rows reads a TSV with a header, gzipped or not; f is given each line's cells by
// column. Errors name the line, never what stands in it.
func rows(r io.Reader, f func(line int, cell func(string) string) error) error {
	br := bufio.NewReader(r)
	if head, _ := br.Peek(2); bytes.Equal(head, []byte{0x1f, 0x8b}) { // a short file is no gzip
		z, err := gzip.NewReader(br)
		if err != nil {
			return errors.New("reading gzip: damaged header")
		}
		r = z
	} else {
		r = br
	}
	sc := bufio.NewScanner(io.LimitReader(r, maxPairs))
	sc.Buffer(make([]byte, 64<<10), 1<<20)
	var columns map[string]int
	line := 0
	for sc.Scan() {
		line++
		text := strings.TrimSuffix(strings.TrimPrefix(sc.Text(), "\ufeff"), "\r")
		cells := strings.Split(text, "\t")
		if columns == nil {
			columns = map[string]int{}
			for i, c := range cells {
				columns[strings.TrimSpace(c)] = i
			}
			continue
		}
		if strings.TrimSpace(text) == "" {
			continue
		}
		cell := func(name string) string {
			if i, ok := columns[name]; ok && i < len(cells) {
				return strings.TrimSpace(cells[i])
			}
			return ""
		}
		if err := f(line, cell); err != nil {
			return &LineError{line, err}
		}
	}
	if err := sc.Err(); err != nil {
		if errors.Is(err, bufio.ErrTooLong) {
			return &LineError{line + 1, errors.New("longer than 1 MiB")}
		}
		return &LineError{line + 1, err}
	}
	if columns == nil {
		return &LineError{1, errors.New("no header")}
	}
	return nil
}

func list(s string) []string {
	var out []string
	for _, x := range strings.Split(s, ";") {
		if x = strings.TrimSpace(x); x != "" {
			out = append(out, x)
		}
	}
	return out
}

func readPairs(r io.Reader) ([]Pair, error) {
	var out []Pair
	err := rows(r, func(_ int, cell func(string) string) error {
		p := Pair{Group: cell("group")}
		switch cell("label") {
		case "1":
			p.Same = true
		case "0":
		default:
			return errors.New("label is neither 1 nor 0")
		}
		name := cell("name")
		if name == "" {
			return errors.New("no name")
		}
		if cell("notice_name") == "" && cell("notice_forename") == "" {
			return errors.New("no notice_name")
		}
		var err error
		if p.Person.BirthDate, err = tocsin.ParseDate(cell("birth_date")); err != nil {
			return fmt.Errorf("birth_date: %w", err)
		}
		if p.Notice.BirthDate, err = tocsin.ParseDate(cell("notice_birth_date")); err != nil {
			return fmt.Errorf("notice_birth_date: %w", err)
		}
		p.Person.ID = "p"
		p.Person.Names = append([]string{name}, list(cell("aliases"))...)
		p.Person.Nationalities, p.Person.Sex = list(cell("nationalities")), cell("sex")
		p.Notice.Name, p.Notice.Forename = cell("notice_name"), cell("notice_forename")
		p.Notice.Nationalities = list(cell("notice_nationalities"))
		if s := cell("notice_sex"); s != "" {
			p.Notice.Detail = &tocsin.Detail{Sex: s}
		}
		out = append(out, p)
		return nil
	})
	return out, err
}
