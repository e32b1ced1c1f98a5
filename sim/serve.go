package sim

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"net/http"
	"strconv"
	"strings"
)

// root is the path that everything is below.
const root = "/notices/v1"

// ServeHTTP answers as the service does.
func (n *Notices) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n.mu.RLock()
	opts, rows := n.opts, n.rows
	n.mu.RUnlock()
	now := opts.Now()
	n.log.add(r, now)
	w.Header().Set("Date", now.UTC().Format(http.TimeFormat))

	base := opts.Base
	if base == "" {
		base = "http://" + r.Host + root
	}
	path, ok := strings.CutPrefix(r.URL.Path, root+"/")
	if !ok || r.Method != http.MethodGet && r.Method != http.MethodHead {
		edgePage(w, http.StatusNotFound, "Not Found")
		return
	}
	switch path {
	case Red, Yellow, UN:
		q := parseQuery(path, r.URL.RawQuery, opts.Patterns, now)
		if q.freeText || q.broken {
			// What the service makes of a pattern that does not compile is a guess.
			edgePage(w, http.StatusBadGateway, "Bad Gateway")
			return
		}
		var found []*held
		for _, h := range rows {
			if q.matches(&h.row) {
				found = append(found, h)
			}
		}
		sendJSON(w, appendPage(nil, q, found, len(found), base))
		return
	}
	n.serveOne(w, path, base, opts)
}

// appendPage writes one page of a list. total may differ from what was found
// only under a fault.
func appendPage(b []byte, q *query, found []*held, total int, base string) []byte {
	reach := min(len(found), pageMax)
	last := max(1, (min(total, pageMax)+q.perPage-1)/q.perPage)
	// A page past the end is the last page once more, not an empty one.
	page := min(q.page, last)
	from := min((page-1)*q.perPage, reach)
	to := min(from+q.perPage, reach)

	b = fmt.Appendf(b, `{"total":%d,"query":{"page":%d,"resultPerPage":%d`, total, page, q.perPage)
	for _, f := range q.echo {
		b = append(b, ',')
		b = append(b, encode(f.key)...)
		b = append(b, ':')
		b = append(b, f.value...)
	}
	b = append(b, `},"_embedded":{"notices":[`...)
	for i, h := range found[from:to] {
		if i > 0 {
			b = append(b, ',')
		}
		b = h.row.appendList(b, base)
	}
	b = append(b, `]},"_links":{`...)
	link := func(key string, page int) {
		// Without a filter the service's own links begin with "?&".
		l := base + "/" + q.color + "?"
		if q.link == "" {
			l += "&"
		}
		b = href(b, key, fmt.Sprintf("%s%sresultPerPage=%d&page=%d", l, q.link, q.perPage, page))
		b = append(b, ',')
	}
	link("self", page)
	link("first", 1)
	if page < last {
		link("next", page+1)
	}
	link("last", last)
	b[len(b)-1] = '}'
	return append(b, '}')
}

// serveOne answers for one notice: its detail, its pictures' listing, a picture.
func (n *Notices) serveOne(w http.ResponseWriter, path, base string, opts Options) {
	parts := strings.Split(path, "/")
	kind, rest := parts[0], parts[1:]
	entity := false
	if kind == UN && len(rest) > 0 {
		entity = rest[0] == "entities"
		rest = rest[1:]
	}
	if len(rest) == 0 {
		edgePage(w, http.StatusNotFound, "Not Found")
		return
	}
	n.mu.RLock()
	h := n.byKey[kind+"/"+strings.Replace(rest[0], "-", "/", 1)]
	n.mu.RUnlock()
	if h == nil || h.row.Entity != entity {
		unknown(w, opts.UnknownID)
		return
	}
	r := h.row
	switch {
	case len(rest) == 1:
		sendJSON(w, r.appendDetail(nil, base))
	case len(rest) == 2 && rest[1] == "images":
		sendJSON(w, r.appendImages(nil, base))
	case len(rest) == 3 && rest[1] == "images" && r.hasPicture(rest[2]):
		w.Header().Set("Content-Type", "image/jpeg")
		_, _ = w.Write(picture(rest[2]))
	default:
		unknown(w, opts.UnknownID)
	}
}

func unknown(w http.ResponseWriter, status int) {
	if status == 0 {
		status = http.StatusNotFound
	}
	edgePage(w, status, http.StatusText(status))
}

func (r Row) appendImages(b []byte, base string) []byte {
	self := base + "/" + r.path()
	b = append(b, `{"_embedded":{"images":[`...)
	for i, id := range r.pictures() {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, `{"picture_id":`...)
		b = append(b, encode(id)...)
		b = append(b, `,"_links":{`...)
		b = href(b, "self", self+"/images/"+id)
		b = append(b, "}}"...)
	}
	b = append(b, `]},"_links":{`...)
	b = href(b, "self", self+"/images")
	b = append(b, ',')
	b = href(b, "notice", self)
	if r.Photo != "" {
		b = append(b, ',')
		b = href(b, "thumbnail", self+"/images/"+r.Photo)
	}
	return append(b, "}}"...)
}

func (r Row) hasPicture(id string) bool {
	if id == r.Photo {
		return true
	}
	for _, p := range r.pictures() {
		if p == id {
			return true
		}
	}
	return false
}

// picture is a small JPEG, one colour an id: enough to be kept and told apart.
func picture(id string) []byte {
	h := Row{EntityID: id}
	n, _ := strconv.Atoi(id) // an id that is no number is grey
	img := image.NewRGBA(image.Rect(0, 0, 16, 20))
	for i := range 16 * 20 {
		img.Set(i%16, i/16, color.RGBA{uint8(n), uint8(n >> 8), uint8(h.turn() * 40), 255})
	}
	var b bytes.Buffer
	_ = jpeg.Encode(&b, img, nil) // to memory
	return b.Bytes()
}

func sendJSON(w http.ResponseWriter, body []byte) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // a client that has gone is its own affair
}

// edgePage is an error page of the delivery network in front of the service.
func edgePage(w http.ResponseWriter, status int, title string) {
	w.Header().Set("Content-Type", "text/html")
	w.Header().Set("Server", "edge")
	w.WriteHeader(status)
	fmt.Fprintf(w, "<HTML><HEAD>\n<TITLE>%[1]s</TITLE>\n</HEAD><BODY>\n<H1>%[1]s</H1>\n"+
		"You don't have permission to access this resource or it is not available.<P>\nReference&#32;&#35;18.%x\n</BODY>\n</HTML>\n", title, status*7919)
}
