package source

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// rule says which addresses may be reached: the configured hosts, the allowed
// ones, and whatever is public. It is checked on the address that is dialled,
// so a name that leads inside does not get there.
type rule struct {
	hosts  map[string]bool // "host:port", lower case
	ranges []netip.Prefix
}

// notAllowed says that an address is not public; it does not name it.
type notAllowed struct{}

func (*notAllowed) Error() string { return "led to an address that is not public (http.allow)" }

var errRedirects = errors.New("redirected too often")

// redirectsMax is how many redirects are followed.
const redirectsMax = 5

func newRule(own string, allow []string) (*rule, error) {
	r := &rule{hosts: map[string]bool{}}
	u, err := url.Parse(own)
	if err != nil || u.Host == "" {
		return nil, errors.New("the source's url cannot be read: write https://host/path")
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("a source's url begins with https:// or http://, not %q", u.Scheme)
	}
	r.allowHost(u)
	for _, a := range allow {
		if p, err := netip.ParsePrefix(a); err == nil {
			r.ranges = append(r.ranges, p.Masked())
			continue
		}
		if ip, err := netip.ParseAddr(a); err == nil {
			r.ranges = append(r.ranges, netip.PrefixFrom(ip, ip.BitLen()))
			continue
		}
		host, port, err := net.SplitHostPort(a)
		if err != nil || host == "" || port == "" {
			return nil, fmt.Errorf("http.allow takes host:port or a range such as 10.0.0.0/8, not %q", a)
		}
		r.hosts[strings.ToLower(net.JoinHostPort(host, port))] = true
	}
	return r, nil
}

func hostPort(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443", "socks5": "1080", "socks5h": "1080"}[u.Scheme]
	}
	return strings.ToLower(net.JoinHostPort(u.Hostname(), port))
}

func (r *rule) allowHost(u *url.URL) { r.hosts[hostPort(u)] = true }

// check refuses a literal address that may not be reached; names are checked
// when they are dialled. Through a proxy this is the only check there is.
func (r *rule) check(u *url.URL) error {
	if r.hosts[hostPort(u)] {
		return nil
	}
	ip, err := netip.ParseAddr(u.Hostname())
	if err != nil {
		return nil
	}
	return r.permit(ip)
}

// trail is how one request was led on; it goes along in the request's context.
type trail struct {
	within    bool // not to other hosts
	hops      int
	temporary bool   // some redirect was not for good
	elsewhere string // where another host would have been asked
}

type trailKey struct{}

func (r *rule) redirect(req *http.Request, via []*http.Request) error {
	if len(via) > redirectsMax {
		return errRedirects
	}
	if req.URL.Scheme != "http" && req.URL.Scheme != "https" {
		return &notAllowed{}
	}
	if err := r.check(req.URL); err != nil {
		return err
	}
	way, _ := req.Context().Value(trailKey{}).(*trail)
	if way == nil {
		return nil
	}
	way.hops++
	if by := req.Response; by == nil || by.StatusCode != http.StatusMovedPermanently && by.StatusCode != http.StatusPermanentRedirect {
		way.temporary = true
	}
	if way.within && !sameHost(req.URL, via[len(via)-1].URL) {
		way.elsewhere = req.URL.String()
		return http.ErrUseLastResponse
	}
	return nil
}

// sameHost reports whether two addresses are one host's: a site that sends its
// readers from http to https is still itself.
func sameHost(a, b *url.URL) bool {
	if a.Port() == "" && b.Port() == "" {
		return strings.EqualFold(a.Hostname(), b.Hostname())
	}
	return hostPort(a) == hostPort(b)
}

func (r *rule) dial(ctx context.Context, network, address string) (net.Conn, error) {
	d := net.Dialer{Timeout: 15 * time.Second}
	if !r.hosts[strings.ToLower(address)] {
		d.Control = func(_, dialled string, _ syscall.RawConn) error {
			if r.hosts[dialled] {
				return nil
			}
			ap, err := netip.ParseAddrPort(dialled)
			if err != nil {
				return &notAllowed{}
			}
			return r.permit(ap.Addr())
		}
	}
	return d.DialContext(ctx, network, address)
}

func (r *rule) permit(ip netip.Addr) error {
	ip = ip.WithZone("").Unmap()
	for _, p := range r.ranges {
		if p.Contains(ip) {
			return nil
		}
	}
	if !public(ip) {
		return &notAllowed{}
	}
	return nil
}

// special are the ranges of IANA's special-purpose registries (RFC 6890 and its
// updates) that are not globally reachable, beside those netip knows.
var special = prefixes(
	"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
	"::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16", "fec0::/10",
)

// Ranges that carry an IPv4 address inside: NAT64 (RFC 6052) at the end, 6to4
// (RFC 3056) after the first two bytes.
var (
	nat64   = netip.MustParsePrefix("64:ff9b::/96")
	sixToIV = netip.MustParsePrefix("2002::/16")
)

func prefixes(texts ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(texts))
	for i, t := range texts {
		out[i] = netip.MustParsePrefix(t)
	}
	return out
}

// public reports whether an address belongs to the public internet.
func public(ip netip.Addr) bool {
	if !ip.IsValid() {
		return false
	}
	ip = ip.WithZone("").Unmap()
	if !ip.IsGlobalUnicast() || ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() {
		return false
	}
	for _, p := range special {
		if p.Contains(ip) {
			return false
		}
	}
	b := ip.As16()
	switch {
	case nat64.Contains(ip):
		return public(netip.AddrFrom4([4]byte(b[12:16])))
	case sixToIV.Contains(ip):
		return public(netip.AddrFrom4([4]byte(b[2:6])))
	}
	return true
}
