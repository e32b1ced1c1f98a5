package feed

import (
	"bytes"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gogs/chardet"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode/utf32"

	xunicode "golang.org/x/text/encoding/unicode"
)

// declared is where documents say how they are written: XML's own declaration
// (XML 1.0, section 4.3.3) and HTML's meta (HTML, "Specifying the document's
// character encoding").
var declared = regexp.MustCompile(`(?i)^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([a-z0-9_:.-]{1,40})["']|<meta[^>]{0,200}?charset\s*=\s*["']?\s*([a-z0-9_:.-]{1,40})`)

// declaredWithin is how far a declaration is looked for.
const declaredWithin = 8 << 10

// Notes of decode, as they stand in Why.
const (
	noteBroken    = "bytes that are no UTF-8 were read as �"
	noteNotAsSaid = "it is not written in the charset that it declares; another one was read"
)

// decode is the document's text, whatever it is written in: what a byte order
// mark says, else UTF-8 where the bytes are that, else the declared charset
// that reads, else the one in which the text looks most like words. contentType
// is the header's, "" if there was none. note says what was odd, "" nothing.
func decode(body []byte, contentType string) (text, note string) {
	if e, n := marked(body); e != nil {
		return with(e, body[n:]), ""
	}
	labels := labelsOf(body, contentType)
	if utf8.Valid(body) {
		if e := lookup("iso-2022-jp"); contains(labels, e) && bytes.Contains(body, []byte("\x1b$")) {
			return with(e, body), ""
		}
		return string(body), ""
	}
	says8 := len(labels) == 0
	var best encoding.Encoding
	top := -1.0
	sample := sampleOf(body)
	for _, e := range labels { // the document's own before the header's: servers have defaults
		if e == encoding.Nop {
			says8 = true
			continue
		}
		if q := reads(e, sample); q > top {
			best, top = e, q
		}
	}
	if says8 && mostlyUTF8(body) {
		return strings.ToValidUTF8(string(body), "�"), noteBroken
	}
	if top >= goodEnough {
		return with(best, body), ""
	}
	if e, q := detect(sample); e != nil && q > top {
		if len(labels) > 0 {
			note = noteNotAsSaid
		}
		return with(e, body), note
	}
	if best == nil {
		best = lookup("windows-1252")
	}
	return with(best, body), note
}

// marked is the encoding of a byte order mark and the mark's length, or of a
// first "<" in wide letters.
func marked(b []byte) (encoding.Encoding, int) {
	switch {
	case bytes.HasPrefix(b, []byte("\xef\xbb\xbf")) && utf8.Valid(b):
		return encoding.Nop, 3
	case bytes.HasPrefix(b, []byte("\xff\xfe\x00\x00")):
		return utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM), 4
	case bytes.HasPrefix(b, []byte("\x00\x00\xfe\xff")):
		return utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM), 4
	case bytes.HasPrefix(b, []byte("\xff\xfe")):
		return xunicode.UTF16(xunicode.LittleEndian, xunicode.IgnoreBOM), 2
	case bytes.HasPrefix(b, []byte("\xfe\xff")):
		return xunicode.UTF16(xunicode.BigEndian, xunicode.IgnoreBOM), 2
	case bytes.HasPrefix(b, []byte("<\x00")), bytes.HasPrefix(b, []byte("{\x00")):
		return xunicode.UTF16(xunicode.LittleEndian, xunicode.IgnoreBOM), 0
	case bytes.HasPrefix(b, []byte("\x00<")), bytes.HasPrefix(b, []byte("\x00{")):
		return xunicode.UTF16(xunicode.BigEndian, xunicode.IgnoreBOM), 0
	}
	return nil, 0
}

func with(e encoding.Encoding, body []byte) string {
	if e == encoding.Nop {
		return string(body)
	}
	out, err := e.NewDecoder().Bytes(body)
	if err != nil { // decoders of this library replace what they cannot read
		return strings.ToValidUTF8(string(body), "�")
	}
	return string(out)
}

// labelsOf are the encodings that the document and the header declare, in that
// order; Nop is UTF-8. What is unknown is left out.
func labelsOf(body []byte, contentType string) (out []encoding.Encoding) {
	if m := declared.FindSubmatch(body[:min(len(body), declaredWithin)]); m != nil {
		if e := lookup(string(m[1]) + string(m[2])); e != nil {
			out = append(out, e)
		}
	}
	if _, label, ok := strings.Cut(strings.ToLower(contentType), "charset="); ok {
		label, _, _ = strings.Cut(label, ";")
		if e := lookup(strings.Trim(label, ` "'`)); e != nil && !contains(out, e) {
			out = append(out, e)
		}
	}
	return out
}

func contains(es []encoding.Encoding, e encoding.Encoding) bool {
	for _, x := range es {
		if x == e {
			return true
		}
	}
	return false
}

// lookup is an encoding by any of its names (Encoding Standard, "Names and
// labels"), nil if there is none, Nop for UTF-8. GB18030 has all of GBK and GB
// 2312.
func lookup(label string) encoding.Encoding {
	e, err := htmlindex.Get(strings.ToLower(strings.TrimSpace(label)))
	if err != nil {
		return nil
	}
	name, err := htmlindex.Name(e)
	switch {
	case err != nil, name == "replacement", name == "x-user-defined":
		return nil
	case name == "gbk":
		return simplifiedchinese.GB18030
	case name == "utf-8":
		return encoding.Nop
	}
	return e
}

// sampleLength is of what an encoding is told. More does not tell more.
const sampleLength = 64 << 10

// sampleOf begins where the first byte that is not ASCII stands.
func sampleOf(body []byte) []byte {
	at := bytes.IndexFunc(body, func(r rune) bool { return r >= 0x80 })
	at = max(0, min(at-256, len(body)-sampleLength))
	return body[at:min(len(body), at+sampleLength)]
}

// mostlyUTF8 reports whether at least nine of ten characters beyond ASCII are
// whole: UTF-8 with something broken in it, not another charset.
func mostlyUTF8(b []byte) bool {
	good, bad := 0, 0
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		switch {
		case r == utf8.RuneError && n == 1:
			bad++
		case n > 1:
			good++
		}
		b = b[n:]
	}
	return good >= 9*bad
}

// goodEnough is how far a declared charset's text must look like words to be
// believed. Texts of few letters beyond ASCII decide little.
const goodEnough = 0.5

// others are what the detector does not know, or takes for something else.
var others = []string{"windows-1256", "koi8-u", "ibm866", "windows-1254", "windows-1257", "windows-1258", "windows-874"}

// supersets: what the Encoding Standard reads more widely than its name.
var supersets = map[string]string{"ISO-8859-1": "windows-1252", "ISO-8859-9": "windows-1254", "ISO-8859-8-I": "windows-1255", "ISO-8859-8": "windows-1255", "KOI8-R": "koi8-u"}

// detect is the encoding in which sample looks most like text, nil if in none,
// and how much. What ICU's detector says of letter frequencies counts half, what
// the words look like counts half.
func detect(sample []byte) (best encoding.Encoding, top float64) {
	results, err := chardet.NewHtmlDetector().DetectAll(sample)
	if err != nil {
		results = nil // nothing is recognised: the others remain
	}
	const confidence = 15 // of what the detector does not know
	for _, name := range others {
		results = append(results, chardet.Result{Charset: name, Confidence: confidence})
	}
	score := -1.0
	for _, r := range results {
		name := r.Charset
		if wider := supersets[name]; wider != "" {
			name = wider
		}
		e := lookup(name)
		if e == nil || e == encoding.Nop || strings.HasPrefix(name, "UTF-") {
			continue
		}
		q := reads(e, sample)
		if s := q/2 + float64(r.Confidence)/200; q > 0 && s > score {
			best, top, score = e, q, s
		}
	}
	return best, top
}

// reads is between 0 and 1: how far the sample looks like words in an encoding.
func reads(e encoding.Encoding, sample []byte) float64 {
	text := with(e, sample)
	// The sample may begin and end within a character.
	if r := []rune(text); len(r) > 8 && len(sample) == sampleLength {
		text = string(r[4 : len(r)-4])
	}
	return coherence(text)
}

// common are marks beyond ASCII that texts of any language have.
const common = "’‘“”„‚«»‹›–—·•…\u00a0、。，；：？！（）《》「」『』【】〈〉・～％“”€£°©®§№½×،؟؛٪\u200c\u200d\u200e\u200f\u00ad¿¡ªº"

// coherence is the share of the characters beyond ASCII that stand where they
// can be meant: in words of one script, written as words are, or marks that
// texts have. 1 where there are none.
func coherence(text string) float64 {
	good, all := 0.0, 0.0
	upper, lower, turned := 0, 0, false
	var w []rune
	end := func() {
		high := 0
		for _, r := range w {
			if r >= 0x80 {
				high++
				switch {
				case unicode.IsUpper(r):
					upper++
				case unicode.IsLower(r):
					lower++
				}
			}
		}
		turned = turned || len(w) > 2 && unicode.IsLower(w[0]) && unicode.IsUpper(w[1]) && unicode.IsUpper(w[2])
		if high > 0 {
			all += float64(high)
			good += float64(high) * wordly(w, high)
		}
		w = w[:0]
	}
	for _, r := range text {
		if unicode.IsLetter(r) || unicode.IsMark(r) {
			w = append(w, r)
			continue
		}
		end()
		if r < 0x80 {
			if r < ' ' && r != '\n' && r != '\r' && r != '\t' {
				all++
			}
			continue
		}
		all++
		if strings.ContainsRune(common, r) || unicode.IsDigit(r) {
			good++
		}
	}
	end()
	switch {
	case all == 0:
		return 1
	case turned && upper > 2*lower:
		return good / all / 3 // the other case: KOI8 read as windows-1251 and the like
	}
	return good / all
}

var scripts = []*unicode.RangeTable{unicode.Latin, unicode.Cyrillic, unicode.Arabic, unicode.Greek, unicode.Hebrew, unicode.Thai, unicode.Devanagari, unicode.Armenian, unicode.Georgian}

// eastern scripts stand beside each other, and beside Latin.
var eastern = []*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo, unicode.Latin}

// wordly says how much w, of whose letters high are beyond ASCII, can be a word.
func wordly(w []rune, high int) float64 {
	if unicode.Is(unicode.Han, w[len(w)-1]) || unicode.In(w[0], unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) {
		for _, r := range w {
			if !unicode.In(r, eastern...) && !unicode.IsMark(r) && !unicode.Is(unicode.Lm, r) {
				return 0
			}
		}
		return 1
	}
	var script *unicode.RangeTable
	upper, turns := 0, 0
	for i, r := range w {
		if unicode.IsMark(r) || unicode.Is(unicode.Lm, r) {
			if i == 0 {
				return 0
			}
			continue
		}
		if script == nil {
			for _, s := range scripts {
				if unicode.Is(s, r) {
					script = s
				}
			}
		}
		if script == nil || !unicode.Is(script, r) {
			return 0
		}
		if unicode.IsUpper(r) {
			upper++
			if i > 0 && unicode.IsLower(w[i-1]) {
				turns++
			}
		}
	}
	switch {
	case script == unicode.Latin && len(w) > 1 && high*2 > len(w)+1:
		return 0
	case turns > 1, turns == 1 && upper > 2:
		return 0.1
	case turns == 1:
		return 0.5
	}
	return 1
}
