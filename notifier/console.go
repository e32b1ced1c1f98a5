package notifier

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
)

// Console prints messages to a terminal or a file, as they would be read.
type Console struct {
	mu    sync.Mutex
	w     io.Writer
	color bool
	width int
}

// NewConsole prints to w; with color, titles are marked by terminal codes.
func NewConsole(w io.Writer, color bool) *Console {
	return &Console{w: w, color: color, width: 100}
}

// Send prints the message. A failed write is temporary.
func (c *Console) Send(_ context.Context, m Message) (Result, error) {
	text := Text(Render(m), c.width)
	if c.color {
		text = bold(text)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, err := fmt.Fprintf(c.w, "%s\n", text); err != nil {
		return Result{}, &Error{Outcome: Temporary, Why: "the terminal cannot be written to"}
	}
	return Result{}, nil
}

// bold marks lines that begin at the margin: titles.
func bold(text string) string {
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		if l != "" && l[0] != ' ' {
			lines[i] = "\x1b[1m" + l + "\x1b[0m"
		}
	}
	return strings.Join(lines, "\n")
}
