package interpol

import "net/url"

// LeafOf is the query of the leaf of a plan that a name stands in.
func LeafOf(st State, name string) string {
	for _, l := range st.Leaves {
		if l.Units.has(name) {
			return "&name=" + url.QueryEscape(l.Units.pattern())
		}
	}
	return ""
}
