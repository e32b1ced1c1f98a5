package feed

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"

	"tocsin/watcher/source"
)

// How long an item is remembered after it was last in the feed, and how many.
// Two keys an item: a feed that is read to its bound fits twice.
const (
	forget   = 90 // days
	mostKeys = 4 * mostItems
)

// epoch is day 0 of the days that are kept.
var epoch = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)

func dayOf(t time.Time) uint16 {
	return uint16(max(0, min(t.Sub(epoch)/(24*time.Hour), 1<<16-1)))
}

// key is a keyed hash of what an item is known by: a feed cannot make one item
// pass for another, and the ledger does not repeat addresses.
type key [8]byte

// memory is what is kept of a feed from one poll to the next. Its form is the
// state that Poll hands back.
type memory struct {
	Version    int               `json:"v"`
	Key        []byte            `json:"key"`
	Address    string            `json:"at"` // hash of the feed's address: validators are for one
	Validators source.Validators `json:"validators,omitzero"`
	Body       string            `json:"body,omitempty"` // hash of the document as it was served
	Whole      time.Time         `json:"whole,omitzero"` // when it was last asked for without validators, and had
	Items      int               `json:"items"`          // that it had
	LastNew    time.Time         `json:"last_new,omitzero"`
	Hours      []int64           `json:"hours,omitempty"` // in which something was new, since 1970, rising
	Read       uint16            `json:"read"`            // day of the last reading, or of the last answer that it is the same
	Packed     []byte            `json:"seen,omitempty"`  // key and day, ten bytes each, sorted

	seen map[key]uint16 // day when last in the feed
	now  map[key]bool   // in the reading under way
}

const memoryVersion = 1

// recall reads a state. One that cannot be read is none: whole is false then,
// unless there was none.
func recall(state []byte, address string) (m *memory, whole bool) {
	m, whole = &memory{}, true
	if len(state) > 0 {
		if err := json.Unmarshal(state, m); err != nil || m.Version != memoryVersion || len(m.Key) != sha256.Size || len(m.Packed)%10 != 0 {
			m, whole = &memory{}, false
		}
	}
	if m.Version == 0 {
		m.Version, m.Key = memoryVersion, make([]byte, sha256.Size)
		_, _ = rand.Read(m.Key) // never fails (Go 1.24)
	}
	m.seen = make(map[key]uint16, len(m.Packed)/10)
	for p := m.Packed; len(p) > 0; p = p[10:] {
		m.seen[key(p[:8])] = binary.BigEndian.Uint16(p[8:])
	}
	m.now = map[key]bool{}
	if at := m.hash("address", address); at != m.Address {
		// Another address: what was seen stays known, what was asked does not.
		m.Address, m.Validators, m.Body = at, source.Validators{}, ""
	}
	return m, whole
}

// state is m in the form in which it is kept, the same bytes for the same
// memory.
func (m *memory) state() ([]byte, error) {
	m.forget()
	keys := make([]key, 0, len(m.seen))
	for k := range m.seen {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b key) int { return strings.Compare(string(a[:]), string(b[:])) })
	m.Packed = make([]byte, 0, 10*len(keys))
	for _, k := range keys {
		m.Packed = binary.BigEndian.AppendUint16(append(m.Packed, k[:]...), m.seen[k])
	}
	return json.Marshal(m)
}

// forget drops what has not been in the feed for long, and the oldest of what
// is too much.
func (m *memory) forget() {
	for k, day := range m.seen {
		if day+forget < m.Read {
			delete(m.seen, k)
		}
	}
	if len(m.seen) <= mostKeys {
		return
	}
	keys := make([]key, 0, len(m.seen))
	for k := range m.seen {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b key) int { return int(m.seen[a]) - int(m.seen[b]) })
	for _, k := range keys[:len(keys)-mostKeys] {
		if !m.now[k] {
			delete(m.seen, k)
		}
	}
}

func (m *memory) sum(parts ...string) []byte {
	h := hmac.New(sha256.New, m.Key)
	for _, p := range parts {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(p)))
		h.Write(n[:])
		h.Write([]byte(p))
	}
	return h.Sum(nil)
}

func (m *memory) hash(parts ...string) string {
	return base64.RawURLEncoding.EncodeToString(m.sum(parts...)[:12])
}

// still notes that the feed is as it was read last: its items are in it today
// as well.
func (m *memory) still(now time.Time) {
	today := dayOf(now)
	if today <= m.Read {
		return
	}
	for k, day := range m.seen {
		if day == m.Read {
			m.seen[k] = today
		}
	}
	m.Read = today
}

// fresh are the items that were not known, in the feed's order; all are known
// from here on.
func (m *memory) fresh(items []item, now time.Time) (fresh []item) {
	m.Read = max(m.Read, dayOf(now))
	ids, links := map[string]string{}, map[string]string{}
	shared := map[string]bool{} // ids and links that several different items have
	for _, it := range items {
		for _, c := range []struct {
			in  map[string]string
			key string
		}{{ids, idOf(it)}, {links, linkOf(it.link)}} {
			of := squeeze(it.title) + "\x00" + linkOf(it.link)
			if had, ok := c.in[c.key]; ok && had != of {
				shared[c.key] = true
			}
			c.in[c.key] = of
		}
	}
	for _, it := range items {
		keys := m.keys(it, shared)
		known := false
		for _, k := range keys {
			_, ok := m.seen[k]
			known = known || ok
		}
		if !known {
			fresh = append(fresh, it)
		}
		for _, k := range keys {
			m.seen[k], m.now[k] = m.Read, true
		}
	}
	return fresh
}

// keys are what an item is known by; one that is known makes it known. Its id
// first, as long as it is its own; else its link, as long as that is. Beside it,
// its title at its place on the site, so that new ids for old items, or a new
// host, do not make them new. What has neither id nor link is known by its
// words.
func (m *memory) keys(it item, shared map[string]bool) (out []key) {
	add := func(kind string, parts ...string) {
		out = append(out, key(m.sum(append([]string{kind}, parts...)...)[:8]))
	}
	id, link, title := idOf(it), linkOf(it.link), squeeze(it.title)
	switch {
	case id != "" && !shared[id]:
		add("id", id)
	case id == "" && link != "" && !shared[link]:
		add("link", link)
	}
	if link != "" && title != "" {
		add("title", pathOf(link), title)
	}
	if len(out) == 0 {
		add("text", link, title, cut(squeeze(it.text), 2000))
	}
	return out
}

// idOf is an item's id: an address without its scheme, as sites move to https.
func idOf(it item) string {
	if rest, ok := strings.CutPrefix(it.id, "http://"); ok {
		return "//" + rest
	}
	if rest, ok := strings.CutPrefix(it.id, "https://"); ok {
		return "//" + rest
	}
	return it.id
}

// linkOf is a link as it tells items apart: canonical, whatever its scheme.
func linkOf(link string) string {
	if link == "" {
		return ""
	}
	_, rest, _ := strings.Cut(Canonical(link), ":")
	return strings.Replace(rest, "//www.", "//", 1)
}

func pathOf(link string) string {
	u, err := url.Parse(link)
	if err != nil {
		return link
	}
	return u.RequestURI()
}

// squeeze is a text as it is compared: letters and digits alone, in lower case.
func squeeze(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}
