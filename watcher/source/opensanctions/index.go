package opensanctions

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"
)

// Errors of documents that are not what was asked for. They quote nothing.
var (
	errNotIndex   = errors.New("not a data set's index")
	errNoVersion  = errors.New("the index names no version")
	errOther      = errors.New("the index of another data set")
	errNoResource = errors.New("the index names no " + entitiesName)
	errNoLink     = errors.New("the index names a link that cannot be asked")
	errNotDeltas  = errors.New("not an index of deltas")
)

// The resource that is read: entities of FollowTheMoney, one a line.
const (
	entitiesName = "entities.ftm.json"
	entitiesType = "application/json+ftm"
)

// index is a data set's index.json, as far as it matters here: the output
// contract of OpenSanctions' exporter (zavod, exporters/metadata/model.py).
type index struct {
	version string
	failed  bool      // its publisher says that the export failed
	dataAt  time.Time // see newest
	full    resource
	delta   string // address of the index of deltas, "" if there is none
}

type resource struct {
	address string
	sha1    string // hex, lower case; "" if not given
	size    int64  // bytes; 0 if not given
}

type indexJSON struct {
	Name       string  `json:"name"`
	Version    string  `json:"version"`
	Result     string  `json:"result"`
	LastChange string  `json:"last_change"`
	LastExport string  `json:"last_export"`
	UpdatedAt  string  `json:"updated_at"`
	DeltaURL   *string `json:"delta_url"`
	Resources  []struct {
		Name     string `json:"name"`
		URL      string `json:"url"`
		MimeType string `json:"mime_type"`
		Checksum string `json:"checksum"`
		Size     int64  `json:"size"`
	} `json:"resources"`
}

// parseIndex reads an index.json that was had at an address.
func parseIndex(b []byte, dataset string, at *url.URL) (index, error) {
	var j indexJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return index{}, errNotIndex
	}
	x := index{version: strings.TrimSpace(j.Version), failed: j.Result == "failure"}
	switch {
	case !plainVersion(x.version):
		return index{}, errNoVersion
	case j.Name != "" && j.Name != dataset:
		return index{}, errOther
	case x.failed:
		return x, nil // its resources are left out (exporters/metadata)
	}
	x.dataAt = newest(j)
	for _, r := range j.Resources {
		address := r.URL
		if address == "" {
			address = r.Name
		}
		to, err := at.Parse(address)
		if r.Name != entitiesName && (r.Name != "" || r.MimeType != entitiesType && (err != nil || path.Base(to.Path) != entitiesName)) {
			continue
		}
		if err != nil || to.Host == "" {
			return index{}, errNoLink
		}
		x.full = resource{address: to.String(), sha1: sum(r.Checksum), size: max(0, r.Size)}
	}
	if x.full.address == "" {
		return index{}, errNoResource
	}
	if j.DeltaURL != nil && *j.DeltaURL != "" {
		to, err := at.Parse(*j.DeltaURL)
		if err != nil || to.Host == "" {
			return index{}, errNoLink
		}
		x.delta = to.String()
	}
	return x, nil
}

// sum is a SHA-1 in hex, "" if the text is none.
func sum(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	if len(s) != 40 || strings.Trim(s, "0123456789abcdef") != "" {
		return ""
	}
	return s
}

// newest is the age of the data. last_change says when something in it changed
// last (opensanctions.org/faq/81). last_export says only when the file was
// made: a crawler that is refused, or answered from its cache (the one for
// INTERPOL keeps lists for 3 days and details for 14), makes new files of old
// data. So the earlier account is the honest one.
func newest(j indexJSON) time.Time {
	for _, s := range []string{j.LastChange, j.LastExport, j.UpdatedAt} {
		if t, ok := stamp(s); ok {
			return t
		}
	}
	if made, ok := madeAt(j.Version); ok {
		return made
	}
	return time.Time{}
}

// stamp reads a time as the index writes it: ISO 8601 without a zone, in UTC.
func stamp(s string) (time.Time, bool) {
	for _, form := range []string{"2006-01-02T15:04:05", time.RFC3339, time.DateTime, time.DateOnly} {
		if t, err := time.Parse(form, strings.TrimSpace(s)); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

// madeAt is the time of which a version's name is made ("20260909143217-xyz").
func madeAt(version string) (time.Time, bool) {
	digits, _, _ := strings.Cut(version, "-")
	t, err := time.Parse("20060102150405", digits)
	return t, err == nil
}

func plainVersion(s string) bool {
	return s != "" && len(s) <= 100 && !strings.ContainsFunc(s, func(x rune) bool { return x <= ' ' || x > '~' })
}

// older reports whether version a was made before b, as far as their names say.
func older(a, b string) bool {
	x, ok := madeAt(a)
	y, both := madeAt(b)
	return ok && both && (x.Before(y) || x.Equal(y) && a < b)
}

// chainMost is how many deltas are followed. Beyond it the whole file costs less.
const chainMost = 40

// parseDeltas reads an index of deltas ({"versions":{version: address}},
// opensanctions.org/faq/80) and gives the addresses of those that lead from one
// version to another, the newest first; none where they do not chain.
func parseDeltas(b []byte, from, to string, at *url.URL) ([]string, error) {
	var j struct {
		Versions map[string]string `json:"versions"`
	}
	if err := json.Unmarshal(b, &j); err != nil || j.Versions == nil {
		return nil, errNotDeltas
	}
	type delta struct{ version, address string }
	var chain []delta
	reaches := false // as far back as the version held
	for version, address := range j.Versions {
		if _, ok := madeAt(version); !ok {
			return nil, fmt.Errorf("%w: a version without a time", errNotDeltas)
		}
		switch {
		case !older(from, version):
			reaches = true
		case !older(to, version):
			link, err := at.Parse(address)
			if err != nil || link.Host == "" {
				return nil, errNoLink
			}
			chain = append(chain, delta{version, link.String()})
		}
	}
	slices.SortFunc(chain, func(a, b delta) int { return strings.Compare(b.version, a.version) })
	// A version without changes has no delta, but a delta may also be late: only
	// one that leads to the very version is proof.
	if !reaches || len(chain) == 0 || len(chain) > chainMost || chain[0].version != to {
		return nil, nil
	}
	out := make([]string, len(chain))
	for i, d := range chain {
		out[i] = d.address
	}
	return out, nil
}
