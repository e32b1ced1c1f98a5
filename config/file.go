package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"strings"

	"tocsin/plainyaml"
)

var (
	errNotPlain = errors.New("not a plain file")
	errTooLarge = errors.New("too large")
)

// readSmall reads a file that holds a secret. It does not open what might never
// end or never answer.
func readSmall(path string) (fileContent, error) {
	info, err := os.Stat(path)
	if err != nil {
		return fileContent{}, err
	}
	if !info.Mode().IsRegular() {
		return fileContent{}, errNotPlain
	}
	f, err := os.Open(path)
	if err != nil {
		return fileContent{}, err
	}
	defer f.Close() // only read from
	data, err := io.ReadAll(io.LimitReader(f, mostSecret+1))
	switch {
	case err != nil:
		return fileContent{}, err
	case len(data) > mostSecret:
		return fileContent{}, errTooLarge
	}
	return fileContent{data, info.Mode()}, nil
}

// missingFile says why a file cannot be read, without its name: the line of the
// configuration has it.
func missingFile(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "there is no such file"
	case errors.Is(err, fs.ErrPermission):
		return "the file may not be read by this user"
	case errors.Is(err, errNotPlain):
		return "this is no plain file"
	case errors.Is(err, errTooLarge):
		return "the file is larger than 64 KiB"
	}
	return "the file cannot be read"
}

// readable warns of a file that everybody on the machine can read.
func (r *reader) readable(at *plainyaml.Node, key string, f fileContent) {
	if runtime.GOOS != "windows" && f.mode.Perm()&0o004 != 0 {
		r.warn(at, fmt.Sprintf("%s: everybody on this machine can read the file: chmod 600", key))
	}
}

// secret is what key_file's file holds, or key itself where that is ${NAME}. The
// value's node is nil where neither is written; a Secret that is not set beside
// a node was reported.
func (g group) secret(key, what string) (Secret, value) {
	fileKey := key + "_file"
	literal, file := g.field(key), g.field(fileKey)
	if literal != nil && file != nil {
		g.wrongAt(literal, fmt.Sprintf("%s and %s: leave one out", key, fileKey))
	}
	if literal != nil {
		return g.fromEnv(key, what, literal)
	}
	if file == nil {
		return Secret{}, value{}
	}
	path, v := g.path(fileKey, "")
	if !v.given() {
		return Secret{}, v
	}
	f, err := g.files(path)
	if err != nil {
		g.wrong(v, fmt.Sprintf("%s: %s: %s", fileKey, missingFile(err), secretAdvice(err, what)))
		return Secret{}, v
	}
	g.readable(v.node, fileKey, f)
	return g.oneLine(fileKey, what, string(f.data), v), v
}

// fromEnv takes a secret only if it is ${NAME} and nothing else.
func (g group) fromEnv(key, what string, n *plainyaml.Node) (Secret, value) {
	text := strings.TrimSpace(n.Text)
	name, ok := strings.CutPrefix(text, "${")
	name, closed := strings.CutSuffix(name, "}")
	if n.Kind != plainyaml.String || !ok || !closed || !envName.MatchString(name) {
		v := value{node: n, bad: true}
		if text != "" {
			g.secrets = append(g.secrets, text)
		}
		if n.Kind == plainyaml.Null || n.Kind == plainyaml.String && text == "" {
			g.wrong(v, fmt.Sprintf("%s has no value: write %s_file: FILE, or ${NAME} for an environment variable", key, key))
		} else {
			g.wrong(v, fmt.Sprintf("%s is written literally: put it into a file and write %s_file: FILE, or write ${NAME} for an environment variable", key, key))
		}
		g.available(g.prefix+key, "written", v)
		return Secret{}, v
	}
	v := g.at(key, "${NAME}", plainyaml.String)
	if !v.given() {
		return Secret{}, v
	}
	return g.oneLine(key, what, v.text, v), v
}

func (g group) oneLine(key, what, text string, v value) Secret {
	text = strings.TrimSpace(strings.TrimPrefix(text, "\uFEFF"))
	g.secrets = append(g.secrets, text)
	switch {
	case text == "":
		g.wrong(v, key+": nothing is in it: write "+what)
		return Secret{}
	case strings.ContainsFunc(text, func(c rune) bool { return c < ' ' || c == 0x7f }):
		g.wrong(v, key+": it holds more than one line: write "+what+" and nothing else")
		return Secret{}
	}
	return Secret{text}
}
