package sim

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"net/http"
	"slices"
	"strconv"
)

// root is the path that everything is below.
const root = "/notices/v1"

// ServeHTTP answers as the service does, or as the faults that are on make it.
func (n *Notices) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	now := n.options().Now()
	n.log.add(r, now)
	at, ok := parseAddress(r.URL.Path)
	hits := n.faults.take(r, at, now)
	var instead *hit
	for i, h := range hits {
		switch {
		case h.Kind == ClockJump:
			now = now.Add(h.Offset)
		case h.Kind == Act && h.Do != nil:
			h.Do()
		case h.Kind.instead():
			instead = &hits[i]
		}
	}
	w.Header().Set("Date", now.UTC().Format(http.TimeFormat))
	right := func(w http.ResponseWriter) {
		if !ok || r.Method != http.MethodGet && r.Method != http.MethodHead {
			edgePage(w, http.StatusNotFound, "Not Found")
			return
		}
		opts := n.options()
		if opts.Base == "" {
			opts.Base = "http://" + r.Host + root
		}
		if at.part == List {
			n.serveList(w, parseQuery(at.color, r.URL.RawQuery, opts.Patterns, now), opts, hits)
			return
		}
		n.serveOne(w, at, opts, hits)
	}
	if instead != nil {
		instead.misanswer(w, r, right)
		return
	}
	right(w)
}

func (n *Notices) options() Options {
	n.mu.RLock()
	defer n.mu.RUnlock()
	return n.opts
}

func (n *Notices) serveList(w http.ResponseWriter, q *query, opts Options, hits []hit) {
	doubled := false
	for _, h := range hits {
		if h.Kind == OtherEcho {
			q = q.another()
		}
		doubled = doubled || h.Kind == Doubled
	}
	if q.freeText || q.broken {
		// What the service makes of a pattern that does not compile is a guess.
		edgePage(w, http.StatusBadGateway, "Bad Gateway")
		return
	}
	n.mu.RLock()
	rows := n.rows
	n.mu.RUnlock()
	for _, h := range hits {
		rows = h.before(rows)
	}
	var found []*held
	for _, h := range rows {
		if q.matches(&h.row) {
			found = append(found, h)
		}
	}
	total := len(found)
	for _, h := range hits {
		found, total = h.after(found, total)
	}
	sendJSON(w, appendPage(nil, q, found, total, opts.Base, doubled))
}

// appendPage writes one page of a list. total may differ from what was found
// only under a fault, as may a row that stands there twice.
func appendPage(b []byte, q *query, found []*held, total int, base string, doubled bool) []byte {
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
	rows := slices.Clone(found[from:to])
	if doubled && len(rows) > 1 {
		rows[len(rows)-1] = rows[0]
	}
	for i, h := range rows {
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
func (n *Notices) serveOne(w http.ResponseWriter, at address, opts Options, hits []hit) {
	n.mu.RLock()
	h := n.byKey[at.color+"/"+at.id]
	n.mu.RUnlock()
	for _, fault := range hits {
		switch {
		case h == nil:
		case fault.Kind == OtherOne && slices.Contains(fault.IDs, at.id):
			h = fault.altered(h)
		case fault.Kind == Half && fault.Details && fault.lost(h):
			h = nil
		}
	}
	if h == nil || h.row.Entity != at.entity {
		unknown(w, opts.UnknownID)
		return
	}
	switch r := h.row; {
	case at.part == Detail:
		sendJSON(w, r.appendDetail(nil, opts.Base))
	case at.part == Images:
		sendJSON(w, r.appendImages(nil, opts.Base))
	case r.hasPicture(at.picture):
		w.Header().Set("Content-Type", "image/jpeg")
		_, _ = w.Write(picture(at.picture))
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
