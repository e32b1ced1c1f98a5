package sim

import (
	"bytes"
	"crypto/sha1" // as the index of the real service has it
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Entity is a thing of FollowTheMoney as a Mirror publishes it, one a line.
type Entity struct {
	ID         string              `json:"id"`
	Caption    string              `json:"caption"`
	Schema     string              `json:"schema"`
	Referents  []string            `json:"referents"`
	Datasets   []string            `json:"datasets"`
	FirstSeen  string              `json:"first_seen"`
	LastSeen   string              `json:"last_seen"`
	LastChange string              `json:"last_change"`
	Target     bool                `json:"target"`
	Properties map[string][]string `json:"properties"`
}

// Copied is a notice as OpenSanctions' crawler writes it down (its
// datasets/_global/interpol/interpol_api.py): the id is the data set's prefix
// and the notice's id, whole name, first and last name are apart, and the link
// leads to the notice's document.
func Copied(r Row) Entity {
	name, fore := deref(r.Name), deref(r.Forename)
	e := Entity{
		ID: "interpol-" + r.color() + "-" + strings.ReplaceAll(r.EntityID, "/", "-"), Schema: "Person", Referents: []string{},
		Datasets: []string{"interpol_" + r.color() + "_notices"}, Target: true, Properties: map[string][]string{},
	}
	set := func(key string, values ...string) {
		for _, v := range values {
			if v = strings.Join(strings.Fields(v), " "); v != "" {
				e.Properties[key] = append(e.Properties[key], v)
			}
		}
	}
	e.Caption = strings.Join(strings.Fields(fore+" "+name), " ")
	set("name", e.Caption)
	set("firstName", fore)
	set("lastName", name)
	set("birthDate", strings.ReplaceAll(deref(r.DateOfBirth), "/", "-"))
	for _, n := range r.Nationalities {
		if n != "UNK" {
			set("nationality", strings.ToLower(n))
		}
	}
	set("country", strings.ToLower(r.BirthCountry))
	set("birthPlace", r.BirthPlace)
	set("gender", map[string]string{"M": "male", "F": "female"}[r.Sex])
	set("sourceUrl", "https://ws-public.interpol.int/notices/v1/"+r.path())
	set("topics", "crime", "wanted")
	return e
}

// Merged is one entity made of several, as OpenSanctions does where a person
// stands in more than one list: the id is new, theirs are its referents.
func Merged(id string, of ...Entity) Entity {
	m := Entity{ID: id, Schema: "Person", Properties: map[string][]string{}, Target: true}
	add := func(list *[]string, values ...string) {
		for _, v := range values {
			if v != id && !slices.Contains(*list, v) {
				*list = append(*list, v)
			}
		}
	}
	for _, e := range of {
		m.Caption = e.Caption
		add(&m.Referents, e.ID)
		add(&m.Referents, e.Referents...)
		add(&m.Datasets, e.Datasets...)
		for k, values := range e.Properties {
			list := m.Properties[k]
			add(&list, values...)
			m.Properties[k] = list
		}
	}
	return m
}

// MirrorFault is what is wrong with what a Mirror answers.
type MirrorFault string

const (
	MirrorWhole       MirrorFault = ""               // nothing
	MirrorIndexBroken MirrorFault = "index-broken"   // the index breaks off
	MirrorPage        MirrorFault = "page"           // a page for people, with 200, in place of everything
	MirrorFailed      MirrorFault = "export-failed"  // the index of an export that failed: no resources
	MirrorCut         MirrorFault = "cut"            // the connection ends in the middle of a file
	MirrorShort       MirrorFault = "short"          // the file ends in the middle of a line, and nothing shows it
	MirrorFewer       MirrorFault = "fewer"          // the file ends after half its lines, and only its size shows it
	MirrorOther       MirrorFault = "other"          // the file is not the one whose checksum the index gives
	MirrorBadLine     MirrorFault = "bad-line"       // one line of the file is no JSON
	MirrorNoDelta     MirrorFault = "no-delta"       // the deltas are gone
	MirrorDeltaBroken MirrorFault = "delta-bad-line" // one line of each delta is no JSON
	MirrorStill       MirrorFault = "still"          // the index is that of the version before
)

// Mirror publishes one data set as OpenSanctions does: an index that names the
// version, all entities one a line, an index of deltas, and a delta from each
// version to the next (opensanctions.org/docs/bulk, faq/80). Its methods may be
// called from any goroutine.
type Mirror struct {
	local
	dataset string
	log     requestLog

	mu       sync.Mutex
	versions []mirrored // rising
	fault    MirrorFault
	status   int
}

// mirrored is one version of a Mirror.
type mirrored struct {
	id          string
	at, changed time.Time
	entities    []Entity
	full, delta []byte
}

// NewMirror starts a mirror of a data set of that name on a loopback port, with
// no version published yet.
func NewMirror(dataset string) (*Mirror, error) {
	m := &Mirror{dataset: dataset}
	var err error
	m.local, err = onLoopback("mirror", m)
	return m, err
}

// URL is the root of data sets, as tocsin.yaml has it.
func (m *Mirror) URL() string { return m.host + "/datasets/latest" }

// Requests are all requests so far, in the order in which they came.
func (m *Mirror) Requests() []Request { return m.log.all() }

// Fail has every request answered with a status; 0 ends it.
func (m *Mirror) Fail(status int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.status = status
}

// Fault makes what is answered wrong in one way, until another is set.
func (m *Mirror) Fault(f MirrorFault) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.fault = f
}

// Publish makes a version of these entities, exported at that time, and gives
// its name. Its data changed at that time too, unless they are as they were.
func (m *Mirror) Publish(at time.Time, entities ...Entity) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	v := mirrored{id: at.UTC().Format("20060102150405") + "-sim", at: at.UTC(), changed: at.UTC(), entities: entities}
	var before []Entity
	if n := len(m.versions); n > 0 {
		before = m.versions[n-1].entities
	}
	for _, e := range entities {
		v.full = append(v.full, line(e)...)
	}
	if v.delta = delta(before, entities); len(v.delta) == 0 && len(m.versions) > 0 {
		v.changed = m.versions[len(m.versions)-1].changed
	}
	m.versions = append(m.versions, v)
	return v.id
}

// Keep drops all versions but the last n, with their deltas: the real service
// keeps a hundred.
func (m *Mirror) Keep(n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.versions = slices.Clone(m.versions[max(0, len(m.versions)-n):])
}

// Entities are those of the last version.
func (m *Mirror) Entities() []Entity {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.versions) == 0 {
		return nil
	}
	return slices.Clone(m.versions[len(m.versions)-1].entities)
}

func line(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings and lists of them
	}
	return append(b, '\n')
}

// delta is what leads from one version's entities to another's, one a line.
func delta(before, after []Entity) (b []byte) {
	type op struct {
		Op     string `json:"op"`
		Entity any    `json:"entity"`
	}
	was := map[string][]byte{}
	for _, e := range before {
		was[e.ID] = line(e)
	}
	for _, e := range after {
		switch old, ok := was[e.ID]; {
		case !ok:
			b = append(b, line(op{"ADD", e})...)
		case !bytes.Equal(old, line(e)):
			b = append(b, line(op{"MOD", e})...)
		}
		delete(was, e.ID)
	}
	for _, e := range before {
		if was[e.ID] != nil {
			b = append(b, line(op{"DEL", map[string]string{"id": e.ID}})...)
		}
	}
	return b
}

// ServeHTTP answers.
func (m *Mirror) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m.log.add(r, time.Now())
	m.mu.Lock()
	status, fault, versions := m.status, m.fault, slices.Clone(m.versions)
	m.mu.Unlock()
	switch {
	case status != 0:
		http.Error(w, http.StatusText(status), status)
		return
	case fault == MirrorPage:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = fmt.Fprint(w, "<!doctype html><html><head><title>Data</title></head><body><p>Welcome.</p></body></html>")
		return
	}
	if r.URL.Path == "/datasets/latest/"+m.dataset+"/index.json" && len(versions) > 0 {
		if fault == MirrorStill && len(versions) > 1 {
			versions = versions[:len(versions)-1]
		}
		m.serveIndex(w, r, versions, fault)
		return
	}
	for i, v := range versions {
		of := "/artifacts/" + m.dataset + "/" + v.id + "/"
		switch r.URL.Path {
		case of + "entities.ftm.json":
			serveFile(w, v.full, fault)
			return
		case of + "entities.delta.json":
			if fault != MirrorNoDelta && len(v.delta) > 0 {
				if fault == MirrorDeltaBroken {
					fault = MirrorBadLine
				}
				serveFile(w, v.delta, fault)
				return
			}
		case of + "delta.json":
			sendJSON(w, line(map[string]any{"versions": m.deltas(versions[:i+1])}))
			return
		}
	}
	http.NotFound(w, r)
}

// deltas are the addresses of deltas by version. A version without changes has
// none; the first one adds everything.
func (m *Mirror) deltas(versions []mirrored) map[string]string {
	out := map[string]string{}
	for _, v := range versions {
		if len(v.delta) > 0 {
			out[v.id] = m.host + "/artifacts/" + m.dataset + "/" + v.id + "/entities.delta.json"
		}
	}
	return out
}

func (m *Mirror) serveIndex(w http.ResponseWriter, r *http.Request, versions []mirrored, fault MirrorFault) {
	v := versions[len(versions)-1]
	form := "2006-01-02T15:04:05"
	of := m.host + "/artifacts/" + m.dataset + "/" + v.id + "/"
	sum := sha1.Sum(v.full)
	x := map[string]any{
		"name": m.dataset, "title": "A fictional list", "type": "source", "version": v.id, "updated_at": v.at.Format(form), "last_export": v.at.Format(form),
		"last_change": v.changed.Format(form), "result": "success", "entity_count": len(v.entities), "index_url": of + "index.json",
		"resources": []map[string]any{
			{"name": "names.txt", "path": "names.txt", "url": of + "names.txt", "checksum": strings.Repeat("0", 40), "mime_type": "text/plain", "size": 1},
			{
				"name": "entities.ftm.json", "path": "entities.ftm.json", "url": of + "entities.ftm.json", "checksum": hex.EncodeToString(sum[:]),
				"mime_type": "application/json+ftm", "mime_type_label": "FollowTheMoney Entities", "title": "FollowTheMoney entities", "size": len(v.full),
			},
		},
	}
	if len(m.deltas(versions)) > 0 {
		x["delta_url"] = of + "delta.json"
	}
	switch fault {
	case MirrorFailed:
		x["result"], x["resources"], x["version"] = "failure", []any{}, v.id+"x"
		delete(x, "last_change")
	case MirrorShort, MirrorFewer, MirrorBadLine:
		// Where the index has no checksum, only the file itself or its size can show it.
		for _, res := range x["resources"].([]map[string]any) {
			delete(res, "checksum")
			if fault != MirrorFewer {
				delete(res, "size")
			}
		}
	}
	b := line(x)
	tag := `"` + v.id + string(fault) + `"`
	w.Header().Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if fault == MirrorIndexBroken {
		b = b[:len(b)/2]
	}
	sendJSON(w, b)
}

func serveFile(w http.ResponseWriter, b []byte, fault MirrorFault) {
	half := len(b) / 2
	switch fault {
	case MirrorShort:
		b = b[:half]
	case MirrorFewer, MirrorOther:
		b = b[:bytes.LastIndexByte(b[:half], '\n')+1]
	case MirrorBadLine:
		at := bytes.LastIndexByte(b[:half], '\n') + 1
		b = slices.Insert(slices.Clone(b), at, []byte("{\"id\":\"broken\",\"schema\":\"Person\",\n")...)
	}
	w.Header().Set("Content-Type", "application/json+ftm")
	w.Header().Set("Content-Length", strconv.Itoa(len(b)))
	if fault == MirrorCut {
		_, _ = w.Write(b[:half])
		_ = http.NewResponseController(w).Flush() // else the client never sees an answer begin
		panic(http.ErrAbortHandler)
	}
	_, _ = w.Write(b) // a client that has gone is its own affair
}
