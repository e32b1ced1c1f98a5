package notifier

// Alert is one event put into words: plain text, nothing escaped, nothing that
// its channel may not show. Title, Facts and Foot may quote a notice and are
// hostile text; Steps are our own words alone.
type Alert struct {
	Icon   string   // one emoji
	Title  string   // one line
	Status string   // one line under the title: how sure, who has it, who asked
	Owner  string   // who has it, as the ledger has it ("slack:U…" or a name); "" for nobody
	Facts  []string // lines
	Steps  []string // what to do now, in order, without numbers
	// History is who did what about it, the first first, without the Earlier ones.
	History []Deed
	Earlier int
	Foot    []string // lines of small print
	Buttons []Button // what can be done with it by a press
	Case    string   // the case's id, "" for none
	Rev     int64    // the revision of the case that is shown
	Loud    bool     // alert tier: not to be folded away
}

// Page is a whole message put into words.
type Page struct {
	Subject string // one line for a list of messages; neutral where the detail tier asks for it
	// Mention is whom the channel is to call, as the configuration writes it for it
	// and not to be escaped; For is who is to be called, as the ledger has it.
	Mention, For string
	Title        string   // of a gathered message, "" for one alert alone
	Lead         []string // lines before the alerts
	Alerts       []Alert
	// Sections are what a digest has in place of alerts. Their lines may quote a
	// notice, as facts may.
	Sections []Section
	Foot     []string // lines after them: what is not watched …
}

// Section is one part of a digest under a short name of our own.
type Section struct {
	Name  string
	Lines []Line
	Loud  bool // somebody has to do something
}

// Line is one line of a section.
type Line struct {
	Text  string
	Under bool // it says more of the line before
}
