package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// version is set by the linker in a release build; otherwise the module's own
// build information speaks.
var version = "dev"

type build struct {
	Version string `json:"version"`
	Commit  string `json:"commit"`
	Build   string `json:"build"`
}

func buildInfo() build {
	b := build{Version: version, Commit: "unknown", Build: runtime.Version() + " " + runtime.GOOS + "/" + runtime.GOARCH}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				b.Commit = s.Value
			case "vcs.modified":
				if s.Value == "true" {
					b.Build += " (modified)"
				}
			}
		}
	}
	return b
}

func versionCommand(g *globals) *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print version, commit and build", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			b := buildInfo()
			if g.json {
				return g.line(b)
			}
			_, err := fmt.Fprintf(g.out, "tocsin %s, commit %s, %s\n", b.Version, b.Commit, b.Build)
			return err
		},
	}
}
