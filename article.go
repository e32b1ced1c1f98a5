package tocsin

import "time"

// Article is one news item, as its source gives it. Empty fields are what the
// source left out. Texts are plain: markup was taken off and entities were
// decoded; they are hostile all the same.
type Article struct {
	Source    string    `json:"source,omitempty"`    // the configured source's id
	ID        string    `json:"id,omitempty"`        // the item's own id (guid), "" where it has none
	URL       string    `json:"url,omitempty"`       // as the item gives it
	Canonical string    `json:"canonical,omitempty"` // URL without what only tracks readers, or what its page says it is; the same of one story in two feeds
	Title     string    `json:"title,omitempty"`
	Text      string    `json:"text,omitempty"`     // the item's own words; the article's where its page was read
	Language  string    `json:"language,omitempty"` // BCP 47, lower case, as declared; "" unknown
	Outlet    string    `json:"outlet,omitempty"`   // what the feed calls itself
	Published time.Time `json:"published,omitzero"` // zero: not dated
	Record    string    `json:"-"`                  // digest of the evidence record of the answer it stood in, "" if none
}
