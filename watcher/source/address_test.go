package source

import (
	"net/netip"
	"testing"
)

func TestPublicAddresses(t *testing.T) {
	for text, want := range map[string]bool{
		"93.184.216.34": true, "8.8.8.8": true, "172.15.0.1": true, "172.32.0.1": true, "100.63.0.1": true, "100.128.0.1": true, "2606:4700::1111": true,
		"127.0.0.1": false, "127.9.9.9": false, "10.0.0.1": false, "172.16.0.1": false, "172.31.255.255": false, "192.168.1.1": false,
		"169.254.169.254": false, "100.64.0.1": false, "100.127.255.255": false, "0.0.0.0": false, "0.1.2.3": false, "224.0.0.1": false,
		"239.1.1.1": false, "240.0.0.1": false, "255.255.255.255": false, "192.0.2.1": false, "198.18.0.1": false, "198.51.100.1": false, "203.0.113.9": false,
		"::": false, "::1": false, "fe80::1": false, "fe80::1%eth0": false, "fc00::1": false, "fd12::1": false, "ff02::1": false, "fec0::1": false, "2001:db8::1": false,
		"::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false, "::ffff:8.8.8.8": true, "::127.0.0.1": false,
		"64:ff9b::127.0.0.1": false, "64:ff9b::10.0.0.1": false, "64:ff9b::8.8.8.8": true, "64:ff9b:1::1": false, "2002:7f00:1::": false, "2002:a00:1::": false, "2002:808:808::": true,
	} {
		if got := public(netip.MustParseAddr(text)); got != want {
			t.Errorf("public(%s) = %v", text, got)
		}
	}
	if public(netip.Addr{}) {
		t.Error("no address is public")
	}
}

// FuzzPublic holds that an address is not public in one writing and inside in
// another.
func FuzzPublic(f *testing.F) {
	for _, s := range []string{"127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::c0a8:1", "8.8.8.8"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		ip, err := netip.ParseAddr(text)
		if err != nil {
			return
		}
		if public(ip) != public(ip.WithZone("").Unmap()) {
			t.Errorf("%v differs from its plain form", ip)
		}
		if !public(ip) {
			return
		}
		if p := ip.Unmap().WithZone(""); p.IsPrivate() || p.IsLoopback() || p.IsMulticast() || p.IsUnspecified() || p.IsLinkLocalUnicast() {
			t.Errorf("%v is public", ip)
		}
		if ip.Unmap().Is4() {
			b := ip.Unmap().As4()
			a := [16]byte{0, 0x64, 0xff, 0x9b}
			copy(a[12:], b[:])
			if !public(netip.AddrFrom16(a)) {
				t.Errorf("%v is public and not through NAT64", ip)
			}
		}
	})
}
