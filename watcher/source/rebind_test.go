package source_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"tocsin"
	"tocsin/watcher/source"
)

// names answers every question for an address with what say gives, and has this
// process ask it until the test ends.
func names(t *testing.T, say func(question int64) [4]byte) {
	t.Helper()
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	var asked atomic.Int64
	go func() {
		defer close(done)
		buf := make([]byte, 1500)
		for {
			n, from, err := c.ReadFrom(buf)
			if err != nil {
				return // closed
			}
			var m dnsmessage.Message
			if m.Unpack(buf[:n]) != nil || len(m.Questions) != 1 {
				continue
			}
			q := m.Questions[0]
			m.Header.Response, m.Header.Authoritative = true, true
			m.Answers, m.Authorities, m.Additionals = nil, nil, nil
			if q.Type == dnsmessage.TypeA {
				m.Answers = []dnsmessage.Resource{{
					Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class},
					Body:   &dnsmessage.AResource{A: say(asked.Add(1))},
				}}
			}
			if out, err := m.Pack(); err == nil {
				_, _ = c.WriteTo(out, from) // the asker's own time-out tells
			}
		}
	}()
	was := net.DefaultResolver
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "udp", c.LocalAddr().String())
	}}
	t.Cleanup(func() {
		net.DefaultResolver = was
		c.Close()
		<-done
	})
}

// A name may be a public address when it is asked for, and one inside when it is dialled.
func TestANameThatComesToMeanAnAddressInsideIsNotDialled(t *testing.T) {
	var reached atomic.Bool
	inside := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		reached.Store(true)
		fmt.Fprint(w, `{"in":true}`)
	})
	names(t, func(question int64) [4]byte {
		if question == 1 {
			return [4]byte{8, 8, 8, 8}
		}
		return [4]byte{127, 0, 0, 1}
	})
	to := "http://rebinds.example" + inside.URL[strings.LastIndex(inside.URL, ":"):]
	if first, err := net.DefaultResolver.LookupHost(t.Context(), "rebinds.example"); err != nil || len(first) != 1 || first[0] != "8.8.8.8" {
		t.Fatalf("asked at first: %v, %v", first, err)
	}
	own := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, r.URL.Query().Get("to"), http.StatusFound)
	})
	f := fetcher(t, source.FetchOptions{Own: own.URL})
	for _, address := range []string{to, own.URL + "/?to=" + url.QueryEscape(to)} {
		_, err := f.Get(t.Context(), address, source.JSON)
		var fail *source.Failure
		if !errors.As(err, &fail) || fail.Cause != tocsin.CauseMalformed || !strings.Contains(fail.Why, "not public") {
			t.Errorf("%s: %v", address, err)
		}
	}
	if reached.Load() {
		t.Error("the address inside was reached")
	}
}
