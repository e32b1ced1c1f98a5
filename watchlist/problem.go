package watchlist

import (
	"fmt"
	"slices"
	"strings"
)

// Problem is one mistake, or one thing worth a look, in a watchlist file. Line
// and Column count from 1; 0 is unknown, and CSV has no columns. A record of CSV
// that goes over several lines stands on its first. File is named as the caller
// named it. The message says what to do, and quotes no value of the file.
type Problem struct {
	File    string
	Line    int
	Column  int
	Message string
}

// String is the problem as the contract prints it: FILE:LINE:COLUMN: message.
func (p Problem) String() string {
	switch {
	case p.Line == 0:
		return p.File + ": " + p.Message
	case p.Column == 0:
		return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Message)
	}
	return fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Column, p.Message)
}

// Errors are the mistakes of a watchlist file, in the order of the file. Errors
// that come from the system unwrap to it, as to fs.ErrNotExist.
type Errors struct {
	Problems []Problem

	cause error
}

// Error is one problem a line.
func (e *Errors) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives what the system said, nil if nothing.
func (e *Errors) Unwrap() error { return e.cause }

// maxProblems bounds what is told of one file: nobody reads more, and the daemon
// keeps them in its state.
const maxProblems = 1000

// report gathers what is said of one file.
type report struct {
	file     string
	problems []Problem
	warnings []Problem
	most     int // problems, and warnings, that are told
	omitted  int // problems beyond most
}

// place is where something stands, lines and columns from 1; column 0 is none.
type place struct{ line, column int }

func (r *report) wrong(at place, message string) {
	if len(r.problems) == r.most {
		r.omitted++
		return
	}
	r.problems = append(r.problems, Problem{r.file, at.line, at.column, message})
}

func (r *report) warn(at place, message string) {
	if len(r.warnings) < r.most {
		r.warnings = append(r.warnings, Problem{r.file, at.line, at.column, message})
	}
}

// err is what makes the file unfit for use, nil if nothing does.
func (r *report) err() error {
	inOrder(r.warnings)
	if len(r.problems) == 0 {
		return nil
	}
	inOrder(r.problems)
	if r.omitted > 0 {
		r.problems = append(r.problems, Problem{File: r.file, Message: fmt.Sprintf("and %d mistakes more", r.omitted)})
	}
	return &Errors{Problems: r.problems}
}

func inOrder(ps []Problem) {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
}
