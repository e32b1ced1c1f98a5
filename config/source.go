package config

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"tocsin/plainyaml"
)

var sourceKinds = []string{"interpol", "opensanctions", "unsc", "feed", "page", "gdelt"}

var (
	everySource  = []string{"id", "kind", "url", "pace", "backoff", "backoff_max", "requests_per_day", "blind_after", "required"}
	sourceOwnKey = map[string][]string{
		"interpol":      {"notices", "newest", "sweep", "details", "newest_blind_after"},
		"opensanctions": {"poll", "dataset", "witness_for"},
		"unsc":          {"poll"},
		"feed":          {"poll", "lookback", "full_text"},
		"page":          {"poll", "lookback"},
		"gdelt":         {"poll", "lookback"},
	}
)

// The real services, and how often each kind is asked by default.
var (
	sourceURL = map[string]string{
		"interpol":      "https://ws-public.interpol.int/notices/v1",
		"opensanctions": "https://data.opensanctions.org/datasets/latest",
		"unsc":          "https://scsanctions.un.org/resources/xml/en/consolidated.xml",
		"gdelt":         "https://api.gdeltproject.org/api/v2/doc/doc",
	}
	sourcePoll = map[string]string{
		"opensanctions": "@every 6h", "unsc": "@every 6h", "feed": "*/10 * * * *", "page": "@hourly", "gdelt": "*/15 * * * *",
	}
)

const lookbackDefault = 72 * time.Hour

// named is a name that goes into databases, metrics, mail headers and commands.
var named = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$`)

// entries opens each mapping of a list with its kind, its keys checked, its id
// single.
func (g group) entries(key, one, example string, kinds, every []string, own map[string][]string, each func(e group, id, kind string)) {
	v := g.at(key, "a list of "+key, plainyaml.Seq)
	switch {
	case v.node == nil:
		g.wrongAt(g.node, fmt.Sprintf("%s is missing: write at least one, such as\n", key)+example)
		return
	case !v.given():
		return
	case len(v.node.Items) == 0:
		g.wrong(v, fmt.Sprintf("%s is empty: write at least one, such as\n", key)+example)
		return
	}
	first := map[string]int{}
	for _, n := range v.node.Items {
		// Its kind first: which keys are known depends on it.
		kind := ""
		if n.Kind == plainyaml.Map {
			bare := group{g.reader, n, key + "."}
			kind, _ = bare.choice("kind", "", kinds)
			if bare.field("kind") == nil {
				g.wrongAt(n, "kind is missing: write "+oneOf(kinds))
			}
		}
		known, elsewhere := keysOf(kind, kinds, every, own)
		e, ok := g.group(n, key+".", known, elsewhere)
		if !ok {
			continue
		}
		id, at := e.required("id", "a short name of its own, such as "+one)
		switch {
		case !at.given():
		case !named.MatchString(id):
			g.wrong(at, "id may hold letters, digits, _ and -, at most 63: write a short name such as "+one)
		case first[id] > 0:
			g.wrong(at, fmt.Sprintf("the same id as on line %d: write another", first[id]))
		default:
			first[id] = at.node.Line
		}
		each(e, id, kind)
	}
}

// keysOf says which keys a kind has, and of other keys which kinds have them.
// Without a kind, all keys of all kinds are known.
func keysOf(kind string, kinds, every []string, own map[string][]string) (known []string, elsewhere func(string) []string) {
	known = slices.Clone(every)
	for _, k := range kinds {
		if kind != "" && k != kind {
			continue
		}
		for _, key := range own[k] {
			if !slices.Contains(known, key) {
				known = append(known, key)
			}
		}
	}
	return known, func(key string) (with []string) {
		for _, k := range kinds {
			if slices.Contains(own[k], key) {
				with = append(with, k)
			}
		}
		return with
	}
}

const sourceExample = "  - {id: interpol-red, kind: interpol, notices: red}"

func (g group) sources() []Source {
	var out []Source
	var witness []value
	g.entries("sources", "interpol-red", sourceExample, sourceKinds, everySource, sourceOwnKey, func(e group, id, kind string) {
		s := Source{ID: id, Kind: kind, Line: e.node.Line}
		s.Pace, _ = e.duration("pace", 2*time.Second, mayBeOff)
		s.Backoff, _ = e.duration("backoff", 30*time.Second, mayBeOff)
		var most value
		s.BackoffMax, most = e.duration("backoff_max", max(time.Hour, s.Backoff), mayBeOff)
		if most.given() && s.BackoffMax < s.Backoff {
			g.wrong(most, "backoff_max is shorter than backoff: write "+short(s.Backoff)+" or longer")
		}
		s.Daily = e.count("requests_per_day", 0)
		s.Required = e.flag("required", true)
		switch kind {
		case "":
			return // nothing is known of the rest
		case "interpol":
			e.interpol(&s)
		default:
			e.polled(&s)
			if kind == "opensanctions" {
				var v value
				s.Dataset, s.WitnessFor, v = e.mirror()
				witness = append(witness, v)
			}
		}
		s.URL = e.sourceURL(kind)
		e.enough(s)
		out = append(out, s)
	})
	for _, v := range witness {
		if v.given() && !slices.ContainsFunc(out, func(s Source) bool { return s.ID == v.text && s.Kind == "interpol" }) {
			g.wrong(v, "witness_for names no source of kind interpol: write the id of one")
		}
	}
	return out
}

// enough warns of a limit that the looks alone, one request each, would use up.
func (g group) enough(s Source) {
	looks := 0
	for _, due := range []Schedule{s.Newest, s.Sweep, s.Poll} {
		if due != nil {
			looks += int(24 * time.Hour / max(interval(due), time.Second))
		}
	}
	if s.Daily > 0 && s.Daily < looks {
		g.warn(g.field("requests_per_day"), fmt.Sprintf("this source looks %d times a day, and each look is a request or more: it will be blind every day", looks))
	}
}

func (g group) sourceURL(kind string) string {
	write := "the whole address, https://…"
	if d := sourceURL[kind]; d != "" {
		write = "an address such as " + d
	}
	text, v := g.web("url", sourceURL[kind], write)
	if !v.given() || kind != "interpol" && kind != "opensanctions" {
		return text
	}
	if strings.ContainsAny(text, "?#") {
		g.wrong(v, "url is the service's root and has no ? or #: write "+write)
	}
	return strings.TrimRight(text, "/")
}

// How many intervals may pass before a source that is asked so rarely is called
// blind, where the file does not say.
const intervals = 3

func (g group) interpol(s *Source) {
	const (
		newest, newestBlind = "@every 1m", 15 * time.Minute
		sweep, blind        = "@every 1h", 2 * time.Hour
	)
	s.Notices, _ = g.choice("notices", "red", []string{"red", "yellow", "un"})
	s.Newest, _ = g.schedule("newest", newest, mayBeOff)
	s.Sweep, _ = g.schedule("sweep", sweep, mustBeThere)
	s.Details, _ = g.duration("details", 72*time.Hour, mayBeOff)
	// A sweep rarer than hourly must not count as blindness between two of them.
	s.BlindAfter = g.blindAfter("blind_after", max(blind, 2*interval(s.Sweep)), s.Sweep)
	if s.Newest == nil {
		// What is not read cannot be missed.
		if v := g.at("newest_blind_after", "a duration", plainyaml.String, plainyaml.Int); v.given() && !off(v.text) {
			g.wrong(v, "newest_blind_after has no meaning while newest is off: leave it out")
		}
		return
	}
	s.NewestBlindAfter = g.blindAfter("newest_blind_after", max(newestBlind, intervals*interval(s.Newest)), s.Newest)
}

func (g group) blindAfter(key string, def time.Duration, s Schedule) time.Duration {
	d, v := g.duration(key, def, mayBeOff)
	switch {
	case !v.given():
	case d == 0:
		g.warn(v.node, key+" is off: nobody will be told when this source cannot be seen")
	case d < interval(s):
		g.warn(v.node, fmt.Sprintf("%s is shorter than the time between two looks (%s): it will ring though nothing is wrong", key, short(interval(s))))
	}
	return d
}

func (g group) polled(s *Source) {
	s.Poll, _ = g.schedule("poll", sourcePoll[s.Kind], mustBeThere)
	s.BlindAfter = g.blindAfter("blind_after", intervals*interval(s.Poll), s.Poll)
	if s.Kind == "opensanctions" || s.Kind == "unsc" {
		return
	}
	s.Lookback, _ = g.duration("lookback", lookbackDefault, mayBeOff)
	if s.Kind == "feed" {
		s.FullText = g.flag("full_text", false)
	}
}

func (g group) mirror() (dataset, witnessFor string, witness value) {
	dataset, v := g.text("dataset", "interpol_red_notices", "a data set's name, such as interpol_red_notices")
	if v.given() && !named.MatchString(dataset) {
		g.wrong(v, "dataset is no name of a data set: write one such as interpol_red_notices")
	}
	witnessFor, witness = g.text("witness_for", "", "the id of a source of kind interpol")
	return dataset, witnessFor, witness
}
