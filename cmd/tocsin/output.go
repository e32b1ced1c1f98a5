package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"text/tabwriter"
	"time"

	"golang.org/x/term"
)

// streams are where a command reads and writes: results on out, everything
// else on err.
type streams struct {
	in  io.Reader
	out io.Writer
	err io.Writer
}

// globals are the flags that every command takes.
type globals struct {
	streams
	config string
	json   bool
}

// line prints one JSON object on a line of its own.
func (s streams) line(v any) error {
	enc := json.NewEncoder(s.out)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// table prints rows aligned in columns.
func (s streams) table(header string, rows [][]string) error {
	w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, header)
	for _, r := range rows {
		for i, c := range r {
			if i > 0 {
				_, _ = fmt.Fprint(w, "\t")
			}
			_, _ = fmt.Fprint(w, c)
		}
		_, _ = fmt.Fprintln(w)
	}
	return w.Flush()
}

// isTerminal reports whether w is a terminal that a person may be reading.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

func when(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return "never"
	}
	return t.In(zone).Format("2 Jan 2006 15:04 MST")
}

// rounded is a score to four digits: more say nothing.
func rounded(score float64) float64 { return math.Round(score*1e4) / 1e4 }

// count writes a number with its noun.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
