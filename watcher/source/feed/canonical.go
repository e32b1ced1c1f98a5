package feed

import (
	"net/url"
	"strings"
)

// tracking are parameters that tell the site where a reader came from, and not
// what to show: of Google Analytics and Ads, Meta, Microsoft, Yandex, X,
// Mailchimp, HubSpot, Marketo, AT Internet, Webtrekk, Piano and of large
// outlets, as the lists of the browsers that take them off have them (Firefox's
// query stripping, Brave, ClearURLs).
var tracking = map[string]bool{
	"fbclid": true, "gclid": true, "gclsrc": true, "dclid": true, "gbraid": true, "wbraid": true, "msclkid": true, "yclid": true, "ysclid": true, "twclid": true,
	"ttclid": true, "igshid": true, "igsh": true, "li_fat_id": true, "_openstat": true, "srsltid": true,
	"mc_cid": true, "mc_eid": true, "mkt_tok": true, "_hsenc": true, "_hsmi": true, "__hssc": true, "__hstc": true, "__hsfp": true, "hsctatracking": true,
	"vero_id": true, "vero_conv": true, "oly_anon_id": true, "oly_enc_id": true, "_ga": true, "_gl": true, "s_cid": true, "icid": true, "xtor": true,
	"wt.mc_id": true, "wt_mc": true, "wt.tsrc": true, "ref_src": true, "ref_url": true, "cmpid": true, "cmp": true, "smid": true, "smtyp": true, "ocid": true, "ftag": true,
	"ns_mchannel": true, "ns_source": true, "ns_campaign": true, "ns_linkname": true, "ns_fee": true, "cvid": true, "ncid": true, "guccounter": true,
	"guce_referrer": true, "guce_referrer_sig": true, "rss_id": true, "feedtype": true, "feedname": true, "partner": true, "traffic_source": true,
}

var trackingPrefix = []string{"utm_", "at_campaign", "at_medium", "at_custom", "at_link", "at_format", "at_bbc", "pk_", "mtm_", "piwik_", "matomo_", "hsa_", "wt.mc", "stm_", "sc_"}

// Canonical is an address without tracking parameters and fragment, its host in
// lower case and without a port that goes without saying: what is the same of
// one story in two feeds. Of a link that leads through a search engine's
// counter it is where that leads. What is no address comes back as it is.
func Canonical(address string) string {
	u := unwrapped(strings.TrimSpace(address))
	if u == nil {
		return address
	}
	u.Fragment, u.RawFragment, u.User = "", "", nil
	u.Host = strings.ToLower(u.Host)
	if p := u.Port(); p == "80" && u.Scheme == "http" || p == "443" && u.Scheme == "https" {
		u.Host = strings.TrimSuffix(u.Host, ":"+p)
	}
	if u.Path == "" {
		u.Path = "/"
	}
	if u.RawQuery != "" {
		var kept []string
		for _, pair := range strings.Split(u.RawQuery, "&") {
			if pair = strings.TrimSpace(pair); pair != "" && !tracks(pair) {
				kept = append(kept, pair)
			}
		}
		u.RawQuery = strings.Join(kept, "&")
	}
	u.ForceQuery = false
	return u.String()
}

func tracks(pair string) bool {
	key, _, _ := strings.Cut(pair, "=")
	if k, err := url.QueryUnescape(key); err == nil {
		key = k
	}
	key = strings.ToLower(key)
	if tracking[key] {
		return true
	}
	for _, p := range trackingPrefix {
		if strings.HasPrefix(key, p) {
			return true
		}
	}
	return false
}

// unwrapped is where a link leads that goes through a counter (Google's and
// Bing's alerts), or the link itself; nil if it is no address of the web.
func unwrapped(address string) *url.URL {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil
	}
	host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	counter := strings.HasPrefix(host, "google.") && u.Path == "/url" || host == "bing.com" && u.Path == "/news/apiclick.aspx"
	if !counter {
		return u
	}
	for _, key := range []string{"url", "q"} {
		if to, err := url.Parse(u.Query().Get(key)); err == nil && to.Hostname() != "" && (to.Scheme == "http" || to.Scheme == "https") {
			return to
		}
	}
	return u
}
