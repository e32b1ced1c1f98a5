package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"tocsin/plainyaml"
	"tocsin/watcher/source/feed"
)

func feedsCommand(g *globals) *cobra.Command {
	c := &cobra.Command{
		Use: "feeds", Short: "Work on the news feeds that are watched", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(feedsImportCommand(g))
	return c
}

func feedsImportCommand(g *globals) *cobra.Command {
	var write, fullText bool
	c := &cobra.Command{
		Use: "import FILE.opml", Short: "Make sources of a list of feeds (OPML)", Args: cobra.ExactArgs(1),
		Long: `Make sources of a list of feeds (OPML), as every feed reader exports it.
Prints the lines for 'sources:' in the configuration. With --write they are put there: nothing else in the file is changed,
and the file as it was stays beside it, with .bak behind its name. Feeds that the configuration has already are left out.`,
		RunE: func(_ *cobra.Command, args []string) error { return g.importFeeds(args[0], write, fullText) },
	}
	c.Flags().BoolVar(&write, "write", false, "put them into the configuration")
	c.Flags().BoolVar(&fullText, "full-text", false, "read the articles' pages too, not only what the feeds hold")
	return c
}

// imported is one feed of the list and what became of it.
type imported struct {
	ID    string `json:"id,omitempty"` // its source's, "" where there is none
	URL   string `json:"url,omitempty"`
	Title string `json:"title,omitempty"`
	Line  int    `json:"line"`          // in the list
	Why   string `json:"why,omitempty"` // no source was made of it
}

func (g *globals) importFeeds(path string, write, fullText bool) error {
	data, err := readBounded(path, feed.LongestOPML)
	if err != nil {
		return usage("%s: %v", path, err)
	}
	outlines, refused, err := feed.ParseOPML(data)
	if err != nil {
		return usage("%s:%v", path, err)
	}
	old, err := readBounded(g.config, 16<<20)
	if err != nil {
		return usage("%s: %v: 'tocsin init' writes one", g.config, err)
	}
	target, problems := parseTarget(old)
	if len(problems) > 0 {
		p := problems[0]
		return usage("%s:%d:%d: %s", g.config, p.Line, p.Column, p.Message)
	}
	added, left := target.sources(outlines)
	for _, r := range refused {
		left = append(left, imported{Line: r.Line, Why: r.Why})
	}
	if len(added) == 0 && len(left) == 0 {
		return usage("%s: there is no feed in it: an outline of a feed has an xmlUrl", path)
	}
	if write && len(added) > 0 {
		text, err := target.with(lines(added, target.indent, fullText), len(added))
		if err != nil {
			return exit{exitFailed, fmt.Errorf("%s: %w", g.config, err)}
		}
		if err := writeBeside(g.config, old, text); err != nil {
			return err
		}
	}
	return g.printImport(path, added, left, write, fullText)
}

func (g *globals) printImport(path string, added, left []imported, write, fullText bool) error {
	for _, l := range left {
		_, _ = fmt.Fprintf(g.err, "%s:%d: left out: %s\n", path, l.Line, l.Why)
	}
	switch {
	case g.json:
		return g.line(map[string]any{"added": orNone(added), "left": orNone(left), "written": write && len(added) > 0})
	case write && len(added) == 0:
		_, err := fmt.Fprintf(g.out, "Nothing new: %s stays as it is.\n", g.config)
		return err
	case write:
		_, err := fmt.Fprintf(g.out, "%s put into %s; as it was: %s.bak\nNext: tocsin check -c %s\n", count(len(added), "feed", "feeds"), g.config, g.config, g.config)
		return err
	}
	_, err := fmt.Fprint(g.out, lines(added, "  ", fullText))
	return err
}

func orNone(l []imported) []imported {
	if l == nil {
		return []imported{}
	}
	return l
}

// lines are the sources as the configuration has them, one a line.
func lines(added []imported, indent string, fullText bool) string {
	var out strings.Builder
	for _, a := range added {
		// An address has no quotes and no backslash: they are percent-encoded in it.
		address := strings.NewReplacer(`"`, "%22", `\`, "%5C").Replace(a.URL)
		full := ""
		if fullText {
			full = ", full_text: true"
		}
		fmt.Fprintf(&out, "%s- {id: %s, kind: feed, url: \"%s\"%s}", indent, a.ID, address, full)
		if a.Title != "" {
			fmt.Fprintf(&out, "  # %s", a.Title)
		}
		out.WriteByte('\n')
	}
	return out.String()
}

// readBounded reads a file of at most so many bytes. Its errors do not name it.
func readBounded(path string, most int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		var p *os.PathError
		if errors.As(err, &p) {
			err = p.Err
		}
		return nil, err
	}
	defer f.Close() // only read from
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	switch {
	case err != nil:
		return nil, errors.New("cannot be read")
	case int64(len(data)) > most:
		return nil, fmt.Errorf("larger than %d MiB", most>>20)
	}
	return data, nil
}

// writeBeside replaces a file, all of it or nothing, and leaves the old one
// beside it. A link stays a link.
func writeBeside(path string, old, text []byte) (err error) {
	doing := func(err error) error { return fmt.Errorf("writing %s: %w", path, err) }
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return doing(err)
	}
	info, err := os.Stat(real)
	if err != nil {
		return doing(err)
	}
	if err := os.WriteFile(path+".bak", old, info.Mode().Perm()); err != nil {
		return fmt.Errorf("keeping the file as it was: %w", err)
	}
	f, err := os.CreateTemp(filepath.Dir(real), ".tocsin-*")
	if err != nil {
		return doing(err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	_, err = f.Write(text)
	if err = errors.Join(err, f.Chmod(info.Mode().Perm()), f.Sync(), f.Close()); err != nil {
		return doing(err)
	}
	if err = os.Rename(f.Name(), real); err != nil {
		return doing(err)
	}
	return nil
}

// parseTarget reads where in a configuration sources can be put.
func parseTarget(data []byte) (*target, []plainyaml.Problem) {
	t := &target{text: data, ids: map[string]bool{}, urls: map[string]string{}, indent: "  "}
	root, problems := plainyaml.Parse(data)
	if len(problems) > 0 {
		return nil, problems
	}
	if root == nil || root.Kind != plainyaml.Map {
		return t, nil
	}
	t.read(root)
	return t, nil
}
