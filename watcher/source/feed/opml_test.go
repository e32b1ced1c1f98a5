package feed

import (
	"errors"
	"strings"
	"testing"
)

func TestAListOfFeedsIsReadWithItsFolders(t *testing.T) {
	feeds, refused, err := ParseOPML([]byte(`<?xml version="1.0" encoding="windows-1252"?>
<opml version="1.0"><body>
 <outline title="Europe"><outline text="Bell &amp; Book" xmlUrl=" https://a.example/rss "/>
  <outline text="Caf` + "\xe9" + `"><outline title="Deep" xmlurl="feed:http://b.example/$x"/></outline>
 </outline>
 <outline text="No" xmlUrl="mailto:a@b.example"/>
</body></opml>`))
	if err != nil || len(feeds) != 2 || len(refused) != 1 || refused[0].Line != 6 {
		t.Fatalf("%+v, %+v, %v", feeds, refused, err)
	}
	if feeds[0] != (Outline{URL: "https://a.example/rss", Title: "Bell & Book", Group: "Europe", Line: 3}) || feeds[1] != (Outline{URL: "http://b.example/%24x", Title: "Deep", Group: "Europe / Café", Line: 4}) {
		t.Errorf("%+v", feeds)
	}
}

func TestWhatIsNoListOfFeedsIsSaidWithItsPlace(t *testing.T) {
	for _, c := range []struct {
		text, why string
		line      int
	}{
		{"", "breaks off", 1}, {"<opml>\n<body>", "breaks off", 2}, {"<rss/>", "no OPML", 1}, {"\n\n<html>", "no OPML", 3},
		{"<opml>\n<body><outline <></body></opml>", "well-formed", 2}, {"plain words", "breaks off", 1},
	} {
		_, _, err := ParseOPML([]byte(c.text))
		var e *OPMLError
		if !errors.As(err, &e) || e.Line != c.line || !strings.Contains(e.Why, c.why) {
			t.Errorf("%q: %v, want line %d: %s", c.text, err, c.line, c.why)
		}
	}
}
