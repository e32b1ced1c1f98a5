package sim

import (
	"hash/fnv"
	"math/rand/v2"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// Kind is what goes wrong. The first group answers instead of the service, the
// second changes what the service says.
type Kind string

// Answers instead of the service's own.
const (
	Refused   Kind = "refused"   // 403 with the delivery network's HTML page
	TooMany   Kind = "too many"  // 429, with Retry-After if Fault.RetryAfter is set
	Status    Kind = "status"    // Fault.Status (500 if 0) with an HTML page; also for ids that answer 502
	Truncated Kind = "truncated" // the right answer's first half, as if it were whole
	CutBody   Kind = "cut body"  // the right answer's first half, then the connection is cut
	Cut       Kind = "cut"       // the connection is cut before any answer, and nothing is done
	Lost      Kind = "lost"      // the request is done, and the connection is cut before any of the answer
	Null      Kind = "null"      // 200 with the literal null
	HTML      Kind = "html"      // 200 with a page for people
	Challenge Kind = "challenge" // 200 (or Fault.Status) with a page that wants a browser
	Hang      Kind = "hang"      // nothing, until the client goes, the fault is removed or Fault.Limit has passed
	Drip      Kind = "drip"      // the right answer, a byte every Fault.Pace
	Bomb      Kind = "bomb"      // Fault.Size bytes (200 MB) of JSON text, rounded up to whole MiB, gzipped to a thousandth
	Endless   Kind = "endless"   // JSON text without end, up to Fault.Size bytes (1 GB)
	Redirect  Kind = "redirect"  // 302 to Fault.Location, or to the same address for ever
	Answer    Kind = "answer"    // Fault.Status (200 if 0) with Fault.Body as JSON
)

// Changes to what the service says.
const (
	OtherEcho  Kind = "other echo" // the answer to another query, whole and consistent
	Empty      Kind = "empty"      // total 0 and no rows, whatever was asked
	Half       Kind = "half"       // a share of the rows (Fault.Share, 0.5 if 0; or Fault.IDs) is off every list, totals agreeing; details stay unless Fault.Details
	Shift      Kind = "shift"      // each answer's total is off by Fault.By more (1 if 0) than the one before
	Unfiltered Kind = "unfiltered" // Fault.IDs are reached by no filter
	Dropped    Kind = "dropped"    // Fault.IDs are counted, and not on any page
	Doubled    Kind = "doubled"    // one row of each page stands there twice, in another's place
	Moving     Kind = "moving"     // rows change places with every answer, by at most Fault.By (0: any distance)
	OtherOne   Kind = "other one"  // Fault.IDs are other people
	ClockJump  Kind = "clock jump" // the service's clock, and so its Date header and its ages, is off by Fault.Offset
	Act        Kind = "act"        // Fault.Do runs before the answer: for lists that change while they are read
)

// Part of the service that a Fault is about.
type Part string

const (
	AnyPart Part = ""
	List    Part = "list"
	Detail  Part = "detail"
	Images  Part = "images"  // the listing of pictures
	Picture Part = "picture" // a picture itself
)

// Fault is something that goes wrong, for requests that fit all of On, Match,
// IDs (details and pictures only) and the window of time, counted from when it
// is added.
type Fault struct {
	Kind  Kind
	On    Part
	Match *regexp.Regexp // of the path with "?" and query, as it came; nil fits all
	IDs   []string       // the notices concerned
	From  time.Time      // by the service's clock; zero is always
	Until time.Time      // exclusive; zero is never
	After int            // fitting requests that pass first
	Every int            // then only each n-th fitting request is hit; 0 and 1 are each
	Count int            // requests that are hit at most; 0 is without end

	// Done: the request is done all the same, and only its answer is another, for
	// the kinds that answer instead. Truncated, CutBody, Lost and Drip always do it.
	Done       bool
	Status     int
	RetryAfter string        // as the header has it: seconds or a date
	Location   string        // of Redirect
	Body       string        // of Answer
	Size       int64         // bytes: of Bomb, unpacked, and Endless
	Pace       time.Duration // of Drip: between two bytes, 100 ms if 0
	Limit      time.Duration // of Hang: one minute if 0
	Share      float64       // of Half
	Details    bool          // of Half: details are gone as well
	By         int           // of Shift and Moving
	Offset     time.Duration // of ClockJump
	Seed       uint64        // of Half, Moving and OtherOne
	Do         func()        // of Act; may call the Notices' methods
}

// instead says whether the kind answers instead of the service.
func (k Kind) instead() bool {
	switch k {
	case Refused, TooMany, Status, Truncated, CutBody, Cut, Lost, Null, HTML, Challenge, Hang, Drip, Bomb, Endless, Redirect, Answer:
		return true
	}
	return false
}

type activeFault struct {
	Fault
	fitted  int
	hits    int
	removed chan struct{}
}

type faults struct {
	mu   sync.Mutex
	list []*activeFault
}

// hit is one fault about one request; n counts that fault's hits from 1.
type hit struct {
	*activeFault
	n int
}

// AddFault switches a fault on until remove is called. Of several that answer
// instead of the service the one added first wins; those that change what it
// says add up. remove may be called more than once.
func (n *Notices) AddFault(f Fault) (remove func()) { return n.faults.add(f) }

// ClearFaults switches all faults off.
func (n *Notices) ClearFaults() { n.faults.clear() }

func (fs *faults) add(f Fault) (remove func()) {
	a := &activeFault{Fault: f, removed: make(chan struct{})}
	a.IDs = slices.Clone(f.IDs)
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.list = append(fs.list, a)
	return func() { fs.remove(a) }
}

func (fs *faults) clear() {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	for _, a := range fs.list {
		close(a.removed)
	}
	fs.list = nil
}

func (fs *faults) remove(a *activeFault) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	if i := slices.Index(fs.list, a); i >= 0 {
		fs.list = slices.Delete(slices.Clone(fs.list), i, i+1)
		close(a.removed)
	}
}

// take finds the faults that a request meets, and counts them.
func (fs *faults) take(r *http.Request, at address, now time.Time) (hits []hit) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	instead := false
	for _, a := range fs.list {
		// A fault that would not get its turn is not used up.
		if a.Kind.instead() && instead || !a.fits(r, at, now) || a.Count > 0 && a.hits >= a.Count {
			continue
		}
		a.fitted++
		if a.fitted <= a.After || a.Every > 1 && (a.fitted-a.After)%a.Every != 0 {
			continue
		}
		a.hits++
		instead = instead || a.Kind.instead()
		hits = append(hits, hit{a, a.hits})
	}
	return hits
}

func (a *activeFault) fits(r *http.Request, at address, now time.Time) bool {
	switch {
	case a.On != AnyPart && a.On != at.part,
		!a.From.IsZero() && now.Before(a.From),
		!a.Until.IsZero() && !now.Before(a.Until):
		return false
	}
	// A list is not about single ids: there they say which rows are touched.
	if at.part != List && len(a.IDs) > 0 && !slices.Contains(a.IDs, at.id) {
		return false
	}
	if a.Match == nil {
		return true
	}
	target := r.URL.EscapedPath()
	if r.URL.RawQuery != "" {
		target += "?" + r.URL.RawQuery
	}
	return a.Match.MatchString(target)
}

// address is what a path asks for.
type address struct {
	part    Part
	color   string
	id      string // with "/"
	entity  bool
	picture string
}

func parseAddress(path string) (a address, ok bool) {
	path, ok = strings.CutPrefix(path, root+"/")
	if !ok {
		return a, false
	}
	parts := strings.Split(path, "/")
	a.color, parts = parts[0], parts[1:]
	if a.color != Red && a.color != Yellow && a.color != UN {
		return a, false
	}
	if len(parts) == 0 {
		a.part = List
		return a, true
	}
	if a.color == UN {
		if parts[0] != "persons" && parts[0] != "entities" {
			return a, false
		}
		a.entity, parts = parts[0] == "entities", parts[1:]
	}
	if len(parts) == 0 || parts[0] == "" || len(parts) > 3 || len(parts) > 1 && parts[1] != "images" {
		return a, false
	}
	a.id = strings.Replace(parts[0], "-", "/", 1)
	a.part = []Part{Detail, Images, Picture}[len(parts)-1]
	if a.part == Picture {
		a.picture = parts[2]
	}
	return a, true
}

// before changes the rows that the service answers from.
func (h hit) before(rows []*held) []*held {
	switch h.Kind {
	case Half:
		return slices.DeleteFunc(slices.Clone(rows), h.lost)
	case Unfiltered, OtherOne:
		rows = slices.Clone(rows)
		for i, row := range rows {
			if slices.Contains(h.IDs, row.row.EntityID) {
				rows[i] = h.altered(row)
			}
		}
	}
	return rows
}

func (h hit) lost(row *held) bool {
	if len(h.IDs) > 0 {
		return slices.Contains(h.IDs, row.row.EntityID)
	}
	share := h.Share
	if share == 0 {
		share = 0.5
	}
	f := fnv.New64a()
	f.Write([]byte(row.row.key()))
	return rand.New(rand.NewPCG(h.Seed, f.Sum64())).Float64() < share
}

func (h hit) altered(row *held) *held {
	if h.Kind == OtherOne {
		return &held{Impersonate(h.Seed^hash(row.row.EntityID), row.row)}
	}
	r := row.row
	r.Unfiltered = true
	return &held{r}
}

// after changes what a query found, and the total that is said of it.
func (h hit) after(found []*held, total int) ([]*held, int) {
	switch h.Kind {
	case Empty:
		return nil, 0
	case Shift:
		by := h.By
		if by == 0 {
			by = 1
		}
		return found, max(0, total+by*h.n)
	case Dropped:
		return slices.DeleteFunc(slices.Clone(found), func(row *held) bool { return slices.Contains(h.IDs, row.row.EntityID) }), total
	case Moving:
		return h.shuffled(found), total
	}
	return found, total
}

func (h hit) shuffled(found []*held) []*held {
	found = slices.Clone(found)
	r := rand.New(rand.NewPCG(h.Seed, uint64(h.n)))
	swap := func(i, j int) { found[i], found[j] = found[j], found[i] }
	if h.By == 0 {
		r.Shuffle(len(found), swap)
		return found
	}
	for i := 0; i < len(found); i += h.By + 1 {
		block := found[i:min(i+h.By+1, len(found))]
		r.Shuffle(len(block), func(a, b int) { swap(i+a, i+b) })
	}
	return found
}
