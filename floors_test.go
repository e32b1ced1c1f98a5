package tocsin

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// floors says what each package may import of this module, from DESIGN.md:
// cmd → watcher, web → presence, source, match, notifier, store, evidence →
// config, watchlist → tocsin. What polls (source) and what keeps (store,
// evidence) cannot name a Person.
var floors = map[string][]string{
	".":                            {},
	"plainyaml":                    {},
	"config":                       {".", "plainyaml"},
	"watchlist":                    {".", "plainyaml"},
	"watcher/presence":             {"."},
	"watcher/match":                {".", "watchlist"},
	"watcher/mention":              {".", "watcher/match"},
	"watcher/source":               {".", "config"},
	"watcher/source/interpol":      {".", "config", "watcher/source"},
	"watcher/source/opensanctions": {".", "watcher/source"},
	"watcher/source/unsc":          {".", "watcher/source"},
	"watcher/source/feed":          {".", "watcher/source"},
	"notifier":                     {".", "config", "watchlist"},
	"notifier/slack":               {".", "config", "watchlist", "notifier"},
	"store":                        {"."},
	"store/pgtest":                 {},
	"evidence":                     {"."},
	"sim":                          {"."},
	"web":                          {".", "config", "store", "notifier", "evidence"},
	"watcher": {".", "config", "watchlist", "watcher/presence", "watcher/match", "watcher/source", "watcher/source/interpol",
		"watcher/mention", "watcher/source/feed",
		"notifier", "store", "evidence"},
	"cmd/tocsin": {"*"},
}

func TestImportsGoDownOnly(t *testing.T) {
	seen := 0
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && strings.HasPrefix(d.Name(), ".") && path != "." {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		seen++
		pkg := filepath.ToSlash(filepath.Dir(path))
		allowed, known := floors[pkg]
		if !known {
			t.Errorf("%s: package %s has no floor: say in floors what it may import", path, pkg)
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, imp := range f.Imports {
			p := strings.Trim(imp.Path.Value, `"`)
			own := "."
			switch {
			case p == "tocsin":
			case strings.HasPrefix(p, "tocsin/"):
				own = strings.TrimPrefix(p, "tocsin/")
			case pkg == "." && strings.Contains(p, "."):
				t.Errorf("%s: the root package imports %s: the standard library only", path, p)
				continue
			default:
				continue
			}
			if !permits(allowed, own) {
				t.Errorf("%s: %s may not import %s", path, pkg, p)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen == 0 {
		t.Fatal("no source files found")
	}
}

func permits(allowed []string, pkg string) bool {
	for _, a := range allowed {
		if a == "*" || a == pkg {
			return true
		}
	}
	return false
}
