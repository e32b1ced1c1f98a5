package config

import "strings"

// Unavailable is something that the contract has and this version has not: it
// is read and checked like everything else, and then refused.
type Unavailable struct {
	Key  string                 // where it is written: "database", "sources.kind", "notifiers.digest"
	What string                 // as the message names it
	Is   func(text string) bool // which values; nil: any but "" and 0, which turn a thing off
}

// NotAvailable is all that is refused. Whoever builds one of these deletes its
// line. It must not be changed while a configuration is read.
var NotAvailable = []Unavailable{
	{"sources.kind", "kind page", is("page")},
	{"sources.kind", "kind gdelt", is("gdelt")},
}

const notAvailable = "not available in this version"

func is(value string) func(string) bool { return func(text string) bool { return text == value } }

func isPostgres(text string) bool {
	return strings.HasPrefix(text, "postgres://") || strings.HasPrefix(text, "postgresql://")
}

func isSealed(text string) bool { return strings.HasSuffix(strings.ToLower(text), ".age") }

// available refuses what a key's value asks for where it is not built yet.
func (r *reader) available(key, text string, v value) {
	for _, u := range NotAvailable {
		if u.Key != key {
			continue
		}
		if u.Is != nil && u.Is(text) || u.Is == nil && !off(text) {
			r.wrong(v, u.What+": "+notAvailable+": leave it out")
		}
	}
}

// off reports whether a value turns off what can be turned off.
func off(text string) bool { return text == "" || text == "0" || text == "0s" }
