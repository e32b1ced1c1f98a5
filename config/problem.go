package config

import (
	"fmt"
	"sort"
	"strings"
)

// Problem is one mistake in a file and where it stands. Line and Column count
// from 1; 0 is unknown. File is named as the caller named it. The message says
// what is wrong and what to write instead, and quotes no secret.
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

// Errors are all the mistakes of a configuration, in the order of the file.
type Errors struct{ Problems []Problem }

// Error is one problem a line.
func (e *Errors) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// inOrder sorts by place, drops repetitions, and takes out of the messages
// whatever turned out to be a secret.
func inOrder(ps []Problem, secrets []string) []Problem {
	sort.SliceStable(ps, func(i, j int) bool {
		a, b := ps[i], ps[j]
		return a.Line < b.Line || a.Line == b.Line && a.Column < b.Column
	})
	seen := make(map[Problem]bool, len(ps))
	var out []Problem
	for _, p := range ps {
		for _, s := range secrets {
			if len(s) >= shortestSecret {
				p.Message = strings.ReplaceAll(p.Message, s, shownSecret)
			}
		}
		if !seen[p] {
			seen[p] = true
			out = append(out, p)
		}
	}
	return out
}

// shortestSecret bounds what is taken out of messages: removing single letters
// would only make them unreadable.
const shortestSecret = 4
