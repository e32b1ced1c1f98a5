package sim

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// web is a Notices behind a real server, and a client that neither keeps
// connections (which would let it try again by itself) nor follows or unpacks.
type web struct {
	*Notices
	t    *testing.T
	url  string
	done chan struct{} // one for each request that the service is through with
}

func serveWeb(t *testing.T, rows []Row) *web {
	t.Helper()
	x := &web{Notices: serve(rows), t: t, done: make(chan struct{}, 1000)}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() { x.done <- struct{}{} }()
		x.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	t.Cleanup(x.ClearFaults)
	x.url = s.URL + root
	return x
}

var plainClient = &http.Client{
	Transport:     &http.Transport{DisableKeepAlives: true, DisableCompression: true},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// open asks and leaves the body to be read.
func (x *web) open(ctx context.Context, path string) (*http.Response, error) {
	x.t.Helper()
	req, err := http.NewRequestWithContext(ctx, "GET", x.url+path, nil)
	if err != nil {
		x.t.Fatal(err)
	}
	return plainClient.Do(req)
}

// ask asks and reads the whole body; err is where reading ended, if too soon.
func (x *web) ask(path string) (res *http.Response, body string, err error) {
	x.t.Helper()
	res, err = x.open(x.t.Context(), path)
	if err != nil {
		return nil, "", err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	return res, string(b), err
}

// right is the answer without faults.
func (x *web) right(path string) string {
	x.t.Helper()
	res, body, err := x.ask(path)
	if err != nil || res.StatusCode != 200 {
		x.t.Fatal(res, err)
	}
	return body
}

func (x *web) list(path string) page {
	x.t.Helper()
	var p page
	if err := json.Unmarshal([]byte(x.right(path)), &p); err != nil {
		x.t.Fatal(err)
	}
	return p
}

func (x *web) status(path string) int {
	x.t.Helper()
	res, _, err := x.ask(path)
	if err != nil {
		x.t.Fatal(err)
	}
	return res.StatusCode
}

func pathOf(r Row) string { return "/" + r.path() }

func TestFaultsThatAnswerInsteadOfTheService(t *testing.T) {
	rows := People(1, 30)
	right := serveWeb(t, rows).right("/red?page=2&name=a")
	half := right[:len(right)/2]
	type answer struct {
		status int
		kind   string // of Content-Type
		body   string // part of it; with "=" in front all of it
		header string // "Name: value"
		cut    bool   // the body ends too soon
		dead   bool   // no answer at all
	}
	for name, c := range map[string]struct {
		fault Fault
		want  answer
	}{
		"refused":                 {Fault{Kind: Refused}, answer{status: 403, kind: "text/html", body: "Access Denied"}},
		"too many":                {Fault{Kind: TooMany}, answer{status: 429, kind: "text/html", header: "Retry-After: "}},
		"too many, with seconds":  {Fault{Kind: TooMany, RetryAfter: "7"}, answer{status: 429, kind: "text/html", header: "Retry-After: 7"}},
		"status":                  {Fault{Kind: Status}, answer{status: 500, kind: "text/html"}},
		"another status":          {Fault{Kind: Status, Status: 503, RetryAfter: "9"}, answer{status: 503, kind: "text/html", header: "Retry-After: 9"}},
		"truncated":               {Fault{Kind: Truncated}, answer{status: 200, kind: "application/json", body: "=" + half}},
		"cut body":                {Fault{Kind: CutBody}, answer{status: 200, kind: "application/json", body: "=" + half, cut: true}},
		"cut":                     {Fault{Kind: Cut}, answer{dead: true}},
		"lost":                    {Fault{Kind: Lost}, answer{dead: true}},
		"null":                    {Fault{Kind: Null}, answer{status: 200, kind: "application/json", body: "=null"}},
		"html":                    {Fault{Kind: HTML}, answer{status: 200, kind: "text/html", body: "<!DOCTYPE html>"}},
		"challenge":               {Fault{Kind: Challenge}, answer{status: 200, kind: "text/html", body: "Enable JavaScript"}},
		"challenge with a status": {Fault{Kind: Challenge, Status: 403}, answer{status: 403, kind: "text/html", body: "Enable JavaScript"}},
		"hang to its limit":       {Fault{Kind: Hang, Limit: time.Nanosecond}, answer{dead: true}},
		"drip":                    {Fault{Kind: Drip, Pace: time.Nanosecond}, answer{status: 200, kind: "application/json", body: "=" + right}},
		"redirect":                {Fault{Kind: Redirect, Location: "http://elsewhere.example/"}, answer{status: 302, header: "Location: http://elsewhere.example/"}},
		"redirect to itself":      {Fault{Kind: Redirect}, answer{status: 302, header: "Location: /notices/v1/red?page=2&name=a"}},
		"answer":                  {Fault{Kind: Answer, Body: `{"a":1}`}, answer{status: 200, kind: "application/json", body: `={"a":1}`}},
		"answer with a status":    {Fault{Kind: Answer, Status: 418, Body: `[]`}, answer{status: 418, kind: "application/json", body: `=[]`}},
	} {
		t.Run(name, func(t *testing.T) {
			x := serveWeb(t, rows)
			// Links carry the port, which differs, and so does the half of an answer.
			shift := func(s string) string { return regexp.MustCompile(`127\.0\.0\.1:[0-9]+`).ReplaceAllString(s, "host") }
			x.AddFault(c.fault)
			res, body, err := x.ask("/red?page=2&name=a")
			if c.want.dead {
				if err == nil {
					t.Fatalf("answered %d %q", res.StatusCode, body)
				}
				if n := len(x.Requests()); n != 1 {
					t.Errorf("%d requests", n)
				}
				return
			}
			if res == nil || errors.Is(err, io.ErrUnexpectedEOF) != c.want.cut || err != nil && !c.want.cut {
				t.Fatalf("%v %v", res, err)
			}
			if res.StatusCode != c.want.status || !strings.HasPrefix(res.Header.Get("Content-Type"), c.want.kind) {
				t.Errorf("%d %s", res.StatusCode, res.Header.Get("Content-Type"))
			}
			if whole, ok := strings.CutPrefix(c.want.body, "="); ok && shift(body) != shift(whole) {
				t.Errorf("%d bytes %.200q, want %d", len(body), body, len(whole))
			} else if !ok && !strings.Contains(body, c.want.body) {
				t.Errorf("%q", body)
			}
			if key, value, ok := strings.Cut(c.want.header, ": "); ok && res.Header.Get(key) != value {
				t.Errorf("%s: %q", key, res.Header.Get(key))
			}
			if res.Header.Get("Date") != today.Format(http.TimeFormat) {
				t.Errorf("Date %q", res.Header.Get("Date"))
			}
		})
	}
}

func TestAHangEndsWhenTheClientGoes(t *testing.T) {
	x := serveWeb(t, nil)
	x.AddFault(Fault{Kind: Hang, Limit: time.Hour})
	ctx, cancel := context.WithCancel(t.Context())
	x.AddFault(Fault{Kind: Act, Do: cancel})
	if _, err := x.open(ctx, "/red"); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	<-x.done
}

func TestAHangEndsWhenItsFaultIsRemoved(t *testing.T) {
	for name, end := range map[string]func(x *web, remove func()){
		"removed":       func(_ *web, remove func()) { remove(); remove() },
		"all taken off": func(x *web, remove func()) { x.ClearFaults(); remove() },
	} {
		t.Run(name, func(t *testing.T) {
			x := serveWeb(t, nil)
			remove := x.AddFault(Fault{Kind: Hang, Limit: time.Hour})
			came := make(chan struct{})
			x.AddFault(Fault{Kind: Act, Do: func() { close(came) }})
			got := make(chan error)
			go func() {
				_, err := x.open(t.Context(), "/red")
				got <- err
			}()
			<-came
			end(x, remove)
			if err := <-got; err == nil {
				t.Error("it answered")
			}
			x.ClearFaults()
			if x.status("/red") != 200 {
				t.Error("still hanging")
			}
		})
	}
}

func TestADripIsCutWhenItsFaultIsRemovedAndEndsWhenTheClientGoes(t *testing.T) {
	x := serveWeb(t, People(1, 3))
	remove := x.AddFault(Fault{Kind: Drip, Pace: time.Hour})
	first := func(ctx context.Context) *http.Response {
		res, err := x.open(ctx, "/red")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(res.Body, make([]byte, 1)); err != nil {
			t.Fatal(err)
		}
		return res
	}
	ctx, cancel := context.WithCancel(t.Context())
	res := first(ctx)
	cancel()
	res.Body.Close()
	<-x.done

	res = first(t.Context())
	defer res.Body.Close()
	remove()
	if _, err := io.Copy(io.Discard, res.Body); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("%v", err)
	}
}

func TestABombUnpacksToAThousandTimesWhatIsSentAndStopsAtItsSize(t *testing.T) {
	x := serveWeb(t, nil)
	x.AddFault(Fault{Kind: Bomb, Size: 5<<20 - 1})
	res, packed, err := x.ask("/red")
	if err != nil || res.Header.Get("Content-Encoding") != "gzip" {
		t.Fatal(res, err)
	}
	z, err := gzip.NewReader(strings.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	n, err := io.Copy(io.Discard, z)
	if err != nil || n != 5<<20 || n < 900*int64(len(packed)) {
		t.Errorf("%d bytes from %d, %v", n, len(packed), err)
	}
}

func TestAnEndlessBodyStopsAtItsSizeOrWhenTheClientGoes(t *testing.T) {
	x := serveWeb(t, nil)
	remove := x.AddFault(Fault{Kind: Endless, Size: 3<<20 + 5})
	res, body, err := x.ask("/red")
	if err != nil || len(body) != 3<<20+5 || res.ContentLength != -1 {
		t.Errorf("%d bytes, %v", len(body), err)
	}
	<-x.done
	remove()
	x.AddFault(Fault{Kind: Endless, Size: 1 << 50})
	ctx, cancel := context.WithCancel(t.Context())
	res, err = x.open(ctx, "/red")
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	res.Body.Close()
	<-x.done
}

func TestFaultsThatChangeWhatListsSay(t *testing.T) {
	rows := People(1, 40)
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.EntityID
	}
	all := "/red?resultPerPage=160"
	named := all + "&name=."
	for name, c := range map[string]struct {
		fault Fault
		check func(t *testing.T, x *web)
	}{
		"other echo": {Fault{Kind: OtherEcho}, func(t *testing.T, x *web) {
			p := x.list(named)
			if p.Query["name"] != nil || p.Query["resultPerPage"] == 160.0 || len(p.ids()) != 20 || p.Total != 40 {
				t.Errorf("%v, %d of %d", p.Query, len(p.ids()), p.Total)
			}
			if p = x.list("/red?resultPerPage=20"); p.Query["resultPerPage"] == 20.0 {
				t.Error("it is the same query")
			}
		}},
		"empty": {Fault{Kind: Empty}, func(t *testing.T, x *web) {
			if p := x.list(named); p.Total != 0 || len(p.ids()) != 0 || p.Embedded.Notices == nil {
				t.Errorf("%d of %d", len(p.ids()), p.Total)
			}
		}},
		"half": {Fault{Kind: Half, Seed: 2}, func(t *testing.T, x *web) {
			p, again := x.list(all), x.list(all)
			if p.Total != len(p.ids()) || p.Total < 10 || p.Total > 30 || !slices.Equal(p.ids(), again.ids()) {
				t.Errorf("%d of %d, then %d", len(p.ids()), p.Total, again.Total)
			}
			for _, r := range rows {
				if x.status(pathOf(r)) != 200 {
					t.Errorf("%s is gone", r.EntityID)
				}
			}
		}},
		"a share": {Fault{Kind: Half, Share: 0.9, Details: true}, func(t *testing.T, x *web) {
			p, gone := x.list(all), 0
			for _, r := range rows {
				if s := x.status(pathOf(r)); s == 404 {
					gone++
				}
			}
			if p.Total > 12 || gone != 40-p.Total {
				t.Errorf("%d listed, %d details gone", p.Total, gone)
			}
		}},
		"some of them": {Fault{Kind: Half, IDs: ids[:3]}, func(t *testing.T, x *web) {
			if p := x.list(all); p.Total != 37 || !slices.Equal(p.ids(), ids[3:]) {
				t.Errorf("%d", p.Total)
			}
		}},
		"shift": {Fault{Kind: Shift}, func(t *testing.T, x *web) {
			if a, b := x.list(all), x.list(all); a.Total != 41 || b.Total != 42 || len(b.ids()) != 40 {
				t.Errorf("%d, %d", a.Total, b.Total)
			}
		}},
		"shift down": {Fault{Kind: Shift, By: -30}, func(t *testing.T, x *web) {
			if a, b := x.list(all), x.list(all); a.Total != 10 || b.Total != 0 {
				t.Errorf("%d, %d", a.Total, b.Total)
			}
		}},
		"unfiltered": {Fault{Kind: Unfiltered, IDs: ids[:1]}, func(t *testing.T, x *web) {
			if a, b := x.list(all), x.list("/red?ageMin=0&ageMax=150&resultPerPage=160"); a.Total != 40 || slices.Contains(b.ids(), ids[0]) || x.status(pathOf(rows[0])) != 200 {
				t.Errorf("%d, %d", a.Total, b.Total)
			}
		}},
		"dropped": {Fault{Kind: Dropped, IDs: ids[:2]}, func(t *testing.T, x *web) {
			if p := x.list(all); p.Total != 40 || !slices.Equal(p.ids(), ids[2:]) {
				t.Errorf("%d of %d", len(p.ids()), p.Total)
			}
		}},
		"doubled": {Fault{Kind: Doubled}, func(t *testing.T, x *web) {
			p := x.list("/red?resultPerPage=10&page=2")
			if got := p.ids(); len(got) != 10 || got[0] != got[9] || !slices.Equal(got[:9], ids[10:19]) {
				t.Errorf("%v", got)
			}
		}},
		"moving": {Fault{Kind: Moving, Seed: 1}, func(t *testing.T, x *web) {
			a, b := x.list(all).ids(), x.list(all).ids()
			if slices.Equal(a, b) {
				t.Error("nothing moves")
			}
			slices.Sort(a)
			slices.Sort(b)
			if !slices.Equal(a, b) {
				t.Error("not the same rows")
			}
		}},
		"moving a little": {Fault{Kind: Moving, By: 2, Seed: 1}, func(t *testing.T, x *web) {
			got, moved := x.list(all).ids(), false
			for i, id := range got {
				was := slices.Index(ids, id)
				if was-i > 2 || i-was > 2 {
					t.Errorf("%s moved from %d to %d", id, was, i)
				}
				moved = moved || was != i
			}
			if !moved {
				t.Error("nothing moves")
			}
		}},
		"another one": {Fault{Kind: OtherOne, IDs: ids[:1]}, func(t *testing.T, x *web) {
			var d Row
			if err := json.Unmarshal([]byte(x.right(pathOf(rows[0]))), &d); err != nil {
				t.Fatal(err)
			}
			was := rows[0]
			if d.EntityID != was.EntityID || deref(d.Name) == deref(was.Name) || deref(d.DateOfBirth) == deref(was.DateOfBirth) || d.Sex == was.Sex {
				t.Errorf("%+v", d)
			}
			if n := x.list(all).Embedded.Notices[0]; n["entity_id"] != was.EntityID || n["name"] != *d.Name {
				t.Errorf("the list says %v", n)
			}
		}},
		"the clock jumps": {Fault{Kind: ClockJump, Offset: 100 * 366 * 24 * time.Hour}, func(t *testing.T, x *web) {
			res, _, err := x.ask(all)
			if err != nil || res.Header.Get("Date") != today.Add(100*366*24*time.Hour).Format(http.TimeFormat) {
				t.Errorf("%v %v", res.Header, err)
			}
			if p := x.list(all + "&ageMax=99"); p.Total != 0 {
				t.Errorf("%d are not a hundred years old", p.Total)
			}
		}},
		"act": {Fault{Kind: Act}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			x := serveWeb(t, rows)
			if c.check == nil {
				x.AddFault(Fault{Kind: Act, Do: func() { x.Withdraw(ids[0]) }})
				if p := x.list(all); p.Total != 39 {
					t.Errorf("it ran after the answer: %d", p.Total)
				}
				return
			}
			remove := x.AddFault(c.fault)
			c.check(t, x)
			remove()
			if p := x.list(all); p.Total != 40 || !slices.Equal(p.ids(), ids) {
				t.Error("it outlives its removal")
			}
		})
	}
}

func TestAFaultHitsWhatFitsItAndNothingElse(t *testing.T) {
	rows := People(1, 3)
	one, two := pathOf(rows[0]), pathOf(rows[1])
	image := one + "/images/" + rows[0].pictures()[0]
	paths := []string{"/red", "/red?name=a", one, two, one + "/images", image}
	for name, c := range map[string]struct {
		fault Fault
		want  []string // of which requests are refused
	}{
		"everything":        {Fault{}, paths},
		"lists":             {Fault{On: List}, paths[:2]},
		"details":           {Fault{On: Detail}, paths[2:4]},
		"listings":          {Fault{On: Images}, paths[4:5]},
		"pictures":          {Fault{On: Picture}, paths[5:]},
		"a filter":          {Fault{Match: regexp.MustCompile(`\?name=`)}, paths[1:2]},
		"a path":            {Fault{Match: regexp.MustCompile(`^` + root + `/red$`)}, paths[:1]},
		"an id and lists":   {Fault{IDs: []string{rows[0].EntityID}}, []string{paths[0], paths[1], one, one + "/images", image}},
		"an id's detail":    {Fault{On: Detail, IDs: []string{rows[1].EntityID}}, []string{two}},
		"after two":         {Fault{After: 2}, paths[2:]},
		"two":               {Fault{Count: 2}, paths[:2]},
		"one after one":     {Fault{After: 1, Count: 1}, paths[1:2]},
		"each third":        {Fault{Every: 3}, []string{paths[2], paths[5]}},
		"each second of it": {Fault{Every: 2, After: 1, On: List}, nil},
		"not yet":           {Fault{From: today.Add(time.Second)}, nil},
		"from now":          {Fault{From: today}, paths},
		"no more":           {Fault{Until: today}, nil},
		"until then":        {Fault{Until: today.Add(time.Second)}, paths},
	} {
		t.Run(name, func(t *testing.T) {
			x := serveWeb(t, rows)
			c.fault.Kind = Refused
			x.AddFault(c.fault)
			var got []string
			for _, p := range paths {
				if x.status(p) == 403 {
					got = append(got, p)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("hit %v, want %v", got, c.want)
			}
		})
	}
}

func TestTheFirstFaultWinsAndTheOtherIsNotUsedUp(t *testing.T) {
	x := serveWeb(t, People(1, 10))
	x.AddFault(Fault{Kind: Status, Status: 503, Count: 2})
	x.AddFault(Fault{Kind: Refused, Count: 1})
	x.AddFault(Fault{Kind: Shift, By: 5})
	x.AddFault(Fault{Kind: Shift, By: 1})
	for i, want := range []int{503, 503, 403, 200} {
		if got := x.status("/red"); got != want {
			t.Errorf("request %d: %d, want %d", i, got, want)
		}
	}
	if p := x.list("/red"); p.Total != 10+5*5+5 {
		t.Errorf("changes do not add up: %d", p.Total)
	}
	x.ClearFaults()
	if p := x.list("/red"); p.Total != 10 {
		t.Errorf("%d after all were taken off", p.Total)
	}
}
