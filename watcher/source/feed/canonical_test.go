package feed

import "testing"

func TestOneStoryHasOneAddress(t *testing.T) {
	for in, want := range map[string]string{
		"https://Lantern.Example/a?utm_source=rss&id=7&fbclid=x#top":                    "https://lantern.example/a?id=7",
		"https://lantern.example:443":                                                   "https://lantern.example/",
		"http://lantern.example:80/a?":                                                  "http://lantern.example/a",
		"http://lantern.example:8080/a":                                                 "http://lantern.example:8080/a",
		"https://lantern.example/a?b=1&a=2":                                             "https://lantern.example/a?b=1&a=2",
		"https://lantern.example/a?UTM_Medium=x&at_medium=RSS&xtor=RSS-1&wt_mc=y":       "https://lantern.example/a",
		"https://lantern.example/?p=123":                                                "https://lantern.example/?p=123",
		"https://lantern.example/%D8%A7?q=%20&gclid=1":                                  "https://lantern.example/%D8%A7?q=%20",
		"https://www.google.com/url?rct=j&url=https://lantern.example/a?utm_source%3Dg": "https://lantern.example/a",
		"https://www.google.de/url?q=http%3A%2F%2Flantern.example%2Fa%3Fid%3D1":         "http://lantern.example/a?id=1",
		"https://www.google.com/url?url=javascript:alert(1)":                            "https://www.google.com/url?url=javascript:alert(1)",
		"https://me:pw@lantern.example/a":                                               "https://lantern.example/a",
		"  https://lantern.example/a ":                                                  "https://lantern.example/a",
		"no address":                                                                    "no address",
		"":                                                                              "",
	} {
		got := Canonical(in)
		if got != want {
			t.Errorf("%s\n\tis %s\n\twant %s", in, got, want)
		}
		if again := Canonical(got); again != got {
			t.Errorf("%s is %s the second time", got, again)
		}
	}
}
