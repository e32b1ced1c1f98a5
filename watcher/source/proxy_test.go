package source_test

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"tocsin/watcher/source"
)

// socks is a SOCKS5 proxy (RFC 1928, no authentication) that connects whatever
// it is asked for to one address, and notes what that was.
type socks struct {
	net.Listener
	to    string
	mu    sync.Mutex
	asked []string
}

func newSocks(t *testing.T, to string) *socks {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &socks{Listener: l, to: to}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go s.serve(c)
		}
	}()
	return s
}

func (s *socks) serve(c net.Conn) {
	defer c.Close()
	in := bufio.NewReader(c)
	head := make([]byte, 2)
	if _, err := io.ReadFull(in, head); err != nil || head[0] != 5 {
		return
	}
	if _, err := io.CopyN(io.Discard, in, int64(head[1])); err != nil {
		return
	}
	c.Write([]byte{5, 0})
	req := make([]byte, 4)
	if _, err := io.ReadFull(in, req); err != nil || req[1] != 1 {
		return
	}
	host := ""
	switch req[3] {
	case 1:
		b := make([]byte, 4)
		io.ReadFull(in, b)
		host = net.IP(b).String()
	case 3:
		n, err := in.ReadByte()
		if err != nil {
			return
		}
		b := make([]byte, n)
		io.ReadFull(in, b)
		host = string(b)
	default:
		return
	}
	var port uint16
	if err := binary.Read(in, binary.BigEndian, &port); err != nil {
		return
	}
	s.mu.Lock()
	s.asked = append(s.asked, fmt.Sprintf("%s:%d", host, port))
	s.mu.Unlock()
	up, err := net.Dial("tcp", s.to)
	if err != nil {
		c.Write([]byte{5, 5, 0, 1, 0, 0, 0, 0, 0, 0})
		return
	}
	defer up.Close()
	c.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0})
	go io.Copy(up, in)
	io.Copy(c, up)
}

func (s *socks) seen() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.asked, " ")
}

func TestRequestsGoThroughTheProxyWhichAloneLooksNamesUp(t *testing.T) {
	var agent string
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		agent = r.UserAgent()
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"host":%q}`, r.Host)
	}))
	defer site.Close()
	through := newSocks(t, site.Listener.Addr().String())
	var forwarded string
	plain := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		forwarded = r.URL.String() // an absolute address: the proxy's own form (RFC 9112, 3.2.2)
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `{}`)
	}))
	defer plain.Close()
	// The name has no address that this machine could look up (RFC 6761, .invalid).
	const own = "http://notices.invalid:8099/notices/v1"
	for _, c := range []struct {
		proxy string
		saw   func() string
		want  string
	}{
		{"socks5://" + through.Addr().String(), through.seen, "notices.invalid:8099"},
		{"socks5h://" + through.Addr().String(), through.seen, "notices.invalid:8099 notices.invalid:8099"},
		{plain.URL, func() string { return forwarded }, own + "/red"},
	} {
		f, err := source.NewFetcher(source.FetchOptions{UserAgent: "Example Watch (watch@example.org)", Proxy: c.proxy, Own: own, Timeout: 10 * time.Second})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Get(t.Context(), own+"/red", source.JSON); err != nil {
			t.Errorf("%s: %v", c.proxy, err)
			continue
		}
		if got := c.saw(); got != c.want {
			t.Errorf("%s was asked for %q, want %q", c.proxy, got, c.want)
		}
	}
	if agent != "Example Watch (watch@example.org)" {
		t.Errorf("the site was told %q", agent)
	}
}

func TestAProxyThatDoesNotAnswerIsUnreachableAndNothingGoesAroundIt(t *testing.T) {
	asked := false
	site := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	defer site.Close()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	dead := l.Addr().String()
	l.Close()
	f, err := source.NewFetcher(source.FetchOptions{Proxy: "socks5://" + dead, Own: site.URL, Timeout: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Get(t.Context(), site.URL, source.JSON); err == nil || asked {
		t.Errorf("err %v, the site was asked: %v", err, asked)
	}
}
