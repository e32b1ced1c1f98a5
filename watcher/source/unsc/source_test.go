package unsc_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin"
	"tocsin/sim"
	"tocsin/watcher/source"
	"tocsin/watcher/source/unsc"
)

var morning = time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC)

type desk struct {
	t       *testing.T
	council *sim.Council
	src     *unsc.Source
	kept    []byte
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	c, err := sim.NewCouncil()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	f, err := source.NewFetcher(source.FetchOptions{Own: c.URL(), UserAgent: "tocsin-test", Timeout: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	src, err := unsc.New(unsc.Options{
		ID: "un-list", URL: c.URL(), Fetcher: f, Pacer: source.NewPacer(source.PaceOptions{}), Now: func() time.Time { return morning.Add(240 * time.Hour) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return &desk{t: t, council: c, src: src}
}

func (d *desk) poll() (source.Version, []source.Row) {
	d.t.Helper()
	var rows []source.Row
	v, kept, err := d.src.Poll(context.Background(), d.kept, func(r source.Row) error {
		rows = append(rows, r)
		return nil
	})
	if err != nil {
		d.t.Fatalf("the poll ended with %v", err)
	}
	d.kept = kept
	return v, rows
}

func TestTheListIsReadOnceAVersion(t *testing.T) {
	d := newDesk(t)
	d.council.Publish(morning, sim.People(1, 300)...)
	v, rows := d.poll()
	if !v.Complete || v.Unchanged || v.Listed != 300 || v.Seen != 300 || len(rows) != 300 || v.Requests != 1 || !v.DataAt.Equal(morning) || v.ID == "" {
		t.Fatalf("%+v, %d rows", v, len(rows))
	}
	if v.Answer == nil || !bytes.HasSuffix(bytes.TrimSpace(v.Answer.Body), []byte("</CONSOLIDATED_LIST>")) {
		t.Error("the list as served is not there for evidence")
	}
	if v, rows = d.poll(); !v.Complete || !v.Unchanged || v.Listed != 300 || len(rows) != 0 || v.Answer != nil {
		t.Errorf("the same list: %+v, %d rows", v, len(rows))
	}
	d.council.Publish(morning.Add(24*time.Hour), sim.People(1, 299)...)
	if v, rows = d.poll(); !v.Complete || v.Unchanged || len(rows) != 299 {
		t.Errorf("the next list: %+v, %d rows", v, len(rows))
	}
	if got := d.council.Requests(); len(got) != 3 {
		t.Errorf("%d requests", len(got))
	}
}

// document is a list with this in its first part.
func document(individuals string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><CONSOLIDATED_LIST dateGenerated="2026-03-02T06:00:00.000Z"><INDIVIDUALS>` + individuals + `</INDIVIDUALS></CONSOLIDATED_LIST>`
}

func TestAnIndividualIsReadWithAllThatTellsPeopleApart(t *testing.T) {
	d := newDesk(t)
	d.council.Serve(document(`<INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>YARA</FIRST_NAME><SECOND_NAME>MINA </SECOND_NAME><THIRD_NAME>na</THIRD_NAME>
		<FOURTH_NAME>VELMONDE</FOURTH_NAME><UN_LIST_TYPE>DRC</UN_LIST_TYPE><REFERENCE_NUMBER>CDi.901 </REFERENCE_NUMBER><LISTED_ON>2012-12-31</LISTED_ON>
		<GENDER>Female</GENDER><NAME_ORIGINAL_SCRIPT>يارا فيلموند</NAME_ORIGINAL_SCRIPT>
		<COMMENTS1>A note. INTERPOL-UN Security Council Special Notice web link:https://www.interpol.int/en/How-we-work/Notices/View-UN-Notices-Individuals</COMMENTS1>
		<DESIGNATION><VALUE>Keeper of the bell</VALUE></DESIGNATION>
		<NATIONALITY><VALUE>Russian Federation</VALUE><VALUE>Democratic Republic of the Congo</VALUE><VALUE>former Soviet Union</VALUE></NATIONALITY>
		<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>“Jara Welmond”; Yara  M. Velmonde</ALIAS_NAME></INDIVIDUAL_ALIAS>
		<INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>Bell</ALIAS_NAME></INDIVIDUAL_ALIAS>
		<INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME/></INDIVIDUAL_ALIAS>
		<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>1971-02-03</DATE></INDIVIDUAL_DATE_OF_BIRTH>
		<INDIVIDUAL_PLACE_OF_BIRTH><CITY>North Harbour</CITY><COUNTRY>Viet Nam</COUNTRY></INDIVIDUAL_PLACE_OF_BIRTH></INDIVIDUAL>`))
	v, rows := d.poll()
	if !v.Complete || len(rows) != 1 {
		t.Fatalf("%+v", v)
	}
	n := rows[0].Notice
	if n.ID != "CDi.901" || n.Source != "un-list" || n.FullName() != "YARA MINA VELMONDE" || n.BirthDate.String() != "1971-02-03" || n.Sex() != "F" {
		t.Errorf("%+v", n)
	}
	if want := []string{"يارا فيلموند", "Jara Welmond", "Yara M. Velmonde"}; !slices.Equal(n.OtherNames, want) {
		t.Errorf("other names %q, want %q", n.OtherNames, want)
	}
	if want := []string{"CD", "RU"}; !slices.Equal(n.Nationalities, want) {
		t.Errorf("nationalities %v, want %v", n.Nationalities, want)
	}
	if o := n.Detail.Other; o["weak_alias"] != "Bell" || o["list"] != "DRC" || o["listed_on"] != "2012-12-31" || o["designation"] != "Keeper of the bell" || o["birth_dates"] != "" {
		t.Errorf("%v", o)
	}
	if n.Detail.BirthPlace != "North Harbour, Viet Nam" || n.Detail.BirthCountry != "VN" {
		t.Errorf("born in %q, %q", n.Detail.BirthPlace, n.Detail.BirthCountry)
	}
	if n.URL != "https://www.interpol.int/en/How-we-work/Notices/View-UN-Notices-Individuals" {
		t.Errorf("its page is %q", n.URL)
	}
}

func TestDatesOfBirthOfEveryKind(t *testing.T) {
	birth := func(inner ...string) string {
		return "<INDIVIDUAL><DATAID>7</DATAID><FIRST_NAME>A</FIRST_NAME><INDIVIDUAL_DATE_OF_BIRTH>" +
			strings.Join(inner, "</INDIVIDUAL_DATE_OF_BIRTH><INDIVIDUAL_DATE_OF_BIRTH>") + "</INDIVIDUAL_DATE_OF_BIRTH></INDIVIDUAL>"
	}
	const exact, about, between = "<TYPE_OF_DATE>EXACT</TYPE_OF_DATE>", "<TYPE_OF_DATE>APPROXIMATELY</TYPE_OF_DATE>", "<TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE>"
	for _, c := range []struct{ what, text, born, said string }{
		{"a year", birth(exact + "<YEAR>1971</YEAR>"), "1971", ""},
		{"a day", birth(exact + "<DATE>1971-02-03</DATE>"), "1971-02-03", ""},
		{"about a year", birth(about + "<YEAR>1966</YEAR>"), "1966", "about 1966"},
		{"between two years", birth(between + "<FROM_YEAR>1973</FROM_YEAR><TO_YEAR>1975</TO_YEAR>"), "1974", "1973 to 1975"},
		{"between years too far apart", birth(between + "<FROM_YEAR>1960</FROM_YEAR><TO_YEAR>1970</TO_YEAR>"), "", "1960 to 1970"},
		{"two days of one year", birth(exact+"<DATE>1971-02-03</DATE>", exact+"<DATE>1971-03-02</DATE>"), "1971", "1971-02-03; 1971-03-02"},
		{"a year and a day", birth(exact+"<YEAR>1971</YEAR>", exact+"<DATE>1971-03-02</DATE>"), "1971-03-02", "1971; 1971-03-02"},
		{"years near one another", birth(exact+"<YEAR>1971</YEAR>", exact+"<YEAR>1973</YEAR>"), "1972", "1971; 1973"},
		{"years far apart", birth(exact+"<YEAR>1961</YEAR>", exact+"<YEAR>1973</YEAR>"), "", "1961; 1973"},
		{"nothing", birth("<TYPE_OF_DATE/>"), "", ""},
		{"nonsense", birth(exact + "<DATE>1971-99-99</DATE><YEAR>x</YEAR>"), "", ""},
	} {
		d := newDesk(t)
		d.council.Serve(document(c.text))
		v, rows := d.poll()
		if !v.Complete || len(rows) != 1 {
			t.Errorf("%s: %+v", c.what, v)
			continue
		}
		if n := rows[0].Notice; n.ID != "7" || n.BirthDate.String() != c.born || n.Detail.Other["birth_dates"] != c.said {
			t.Errorf("%s: born %q, said %q; want %q, %q", c.what, n.BirthDate, n.Detail.Other["birth_dates"], c.born, c.said)
		}
	}
}

func TestEachFaultIsToldApartAndNoneIsComplete(t *testing.T) {
	whole := sim.CouncilList(morning.Add(time.Hour), sim.People(1, 30)...)
	cut := whole[:len(whole)/2]
	for _, c := range []struct {
		what  string
		do    func(c *sim.Council)
		cause tocsin.Cause
		why   string
		rows  int // at least
	}{
		{"refused", func(c *sim.Council) { c.Fail(403) }, tocsin.CauseRefused, "refused (403)", 0},
		{"down", func(c *sim.Council) { c.Fail(502) }, tocsin.CauseUnreachable, "unreachable (502)", 0},
		{"gone", func(c *sim.Council) { c.Fail(404) }, tocsin.CauseMalformed, "malformed (404)", 0},
		{"a page", func(c *sim.Council) { c.Serve("<!DOCTYPE html><html><p>Hello</html>") }, tocsin.CauseMalformed, "a page for people", 0},
		{"another document", func(c *sim.Council) { c.Serve("<rss/>") }, tocsin.CauseMalformed, "not the Security Council's", 0},
		{"JSON", func(c *sim.Council) { c.Serve("{}") }, tocsin.CauseMalformed, "not the Security Council's", 0},
		{"nothing", func(c *sim.Council) { c.Serve("") }, tocsin.CauseMalformed, "not the Security Council's", 0},
		{"no date", func(c *sim.Council) { c.Serve("<CONSOLIDATED_LIST/>") }, tocsin.CauseMalformed, "when it was made", 0},
		{"cut off", func(c *sim.Council) { c.Serve(cut) }, tocsin.CauseMalformed, "the list breaks off", 10},
		{"an older one", func(c *sim.Council) { c.Publish(morning.Add(-time.Hour), sim.People(1, 30)...) }, tocsin.CauseMalformed, "the list went back", 0},
		{"nobody", func(c *sim.Council) { c.Publish(morning.Add(time.Hour)) }, tocsin.CauseMalformed, "holds nobody", 0},
		{"not XML", func(c *sim.Council) { c.Serve(strings.Replace(whole, "<GENDER>", "<GENDER><", 1)) }, tocsin.CauseMalformed, "not XML", 0},
		{"an entity", func(c *sim.Council) { c.Serve(strings.Replace(whole, "<GENDER>", "<GENDER>&x;", 1)) }, tocsin.CauseMalformed, "not XML", 0},
		{"a document type", func(c *sim.Council) {
			c.Serve(strings.Replace(whole, "<CONSOLIDATED_LIST", `<!DOCTYPE x [<!ENTITY x "y">]><CONSOLIDATED_LIST`, 1))
		}, tocsin.CauseMalformed, "document type", 0},
		{"a huge entry", func(c *sim.Council) {
			c.Serve(strings.Replace(whole, "<GENDER>", "<GENDER>"+strings.Repeat("x", 1<<20), 1))
		}, tocsin.CauseMalformed, "larger than any", 0},
		{"deep nesting", func(c *sim.Council) {
			c.Serve(strings.Replace(whole, "<GENDER>", strings.Repeat("<GENDER>", 5000), 1))
		}, tocsin.CauseMalformed, "nested deeper", 0},
		{"nesting outside entries", func(c *sim.Council) {
			c.Serve(strings.Replace(whole, "<INDIVIDUALS>", strings.Repeat("<x>", 50000), 1))
		}, tocsin.CauseMalformed, "nested deeper", 0},
		{"another encoding", func(c *sim.Council) { c.Serve(strings.Replace(whole, "UTF-8", "UTF-7", 1)) }, tocsin.CauseMalformed, "not read", 0},
		{"an entry without a number", func(c *sim.Council) {
			c.Serve(strings.Replace(document("<INDIVIDUAL><FIRST_NAME>A</FIRST_NAME></INDIVIDUAL><INDIVIDUAL><DATAID>2</DATAID></INDIVIDUAL>"), "T06", "T07", 1))
		}, tocsin.CauseMalformed, "without a number", 1},
	} {
		t.Run(c.what, func(t *testing.T) {
			d := newDesk(t)
			d.council.Publish(morning, sim.People(1, 30)...)
			d.poll()
			before := string(d.kept)
			c.do(d.council)
			v, rows := d.poll()
			if v.Complete || v.Unchanged || v.Cause != c.cause || !strings.Contains(v.Why, c.why) || len(rows) < c.rows || len(rows) != v.Seen {
				t.Errorf("%+v, %d rows", v, len(rows))
			}
			if string(d.kept) != before {
				t.Error("what is kept is another, though nothing whole was read")
			}
			d.council.Fail(0)
			d.council.Publish(morning.Add(2*time.Hour), sim.People(1, 31)...)
			if v, rows = d.poll(); !v.Complete || len(rows) != 31 {
				t.Errorf("afterwards: %+v", v)
			}
		})
	}
}

func TestAnErrorOfRowEndsTheReading(t *testing.T) {
	d := newDesk(t)
	d.council.Publish(morning, sim.People(1, 30)...)
	full := errors.New("the store is full")
	v, kept, err := d.src.Poll(context.Background(), nil, func(source.Row) error { return full })
	if !errors.Is(err, full) || kept != nil || v.Complete {
		t.Errorf("%v: %+v", err, v)
	}
}

func TestTheSavedListIsReadWhole(t *testing.T) {
	dir := os.Getenv("TOCSIN_DATA")
	if dir == "" {
		t.Skip("TOCSIN_DATA is not set: the saved list is not there")
	}
	f, err := os.Open(filepath.Join(dir, "other-lists", "un-consolidated-2026-02-27.xml.gz"))
	if err != nil {
		t.Skip("the saved list is not there")
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	d := newDesk(t)
	d.council.Serve(string(text))
	v, rows := d.poll()
	if !v.Complete || v.Listed != 730 {
		t.Fatalf("%+v", v)
	}
	ids := map[string]bool{}
	nameless, born, known, of, own := 0, 0, 0, 0, 0
	for _, r := range rows {
		ids[r.Notice.ID] = true
		if r.Notice.Name == "" {
			nameless++
		}
		if r.Notice.Detail.Other["birth_dates"] != "" || !r.Notice.BirthDate.IsZero() {
			born++
		}
		if !r.Notice.BirthDate.IsZero() {
			known++
		}
		if len(r.Notice.Nationalities) > 0 {
			of++
		}
		if len(r.Notice.OtherNames) > 0 {
			own++
		}
	}
	t.Logf("%d individuals, %d without a name, birth said of %d and known of %d, nationality of %d, other names of %d", len(rows), nameless, born, known, of, own)
	if len(ids) != 730 || nameless > 0 || born < 650 || known < 580 || of < 560 || own < 500 {
		t.Error("less of the list is understood than there is")
	}
}

func FuzzList(f *testing.F) {
	f.Add(sim.CouncilList(morning, sim.People(1, 3)...))
	f.Add(document(`<INDIVIDUAL><DATAID>1</DATAID><INDIVIDUAL_DATE_OF_BIRTH><FROM_YEAR>1</FROM_YEAR><TO_YEAR>9999</TO_YEAR></INDIVIDUAL_DATE_OF_BIRTH></INDIVIDUAL>`))
	f.Fuzz(func(t *testing.T, text string) {
		version, rows, err := unsc.Read(strings.NewReader(text))
		if err == nil && version == "" {
			t.Error("a list without a version")
		}
		for _, r := range rows {
			if r.Notice.ID == "" || r.Notice.Detail == nil {
				t.Errorf("a row without an id or a detail: %+v", r)
			}
		}
	})
}
