package watchlist

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

// decode gives the text of a file in UTF-8, without its byte order mark. Bytes
// that cannot be read are problems with their lines; an encoding that had to be
// guessed is a warning that names it.
func (r *reader) decode(data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		data = data[3:]
		if !utf8.Valid(data) {
			r.invalid(data)
			return ""
		}
		return string(data)
	case bytes.HasPrefix(data, []byte("\xff\xfe\x00\x00")), bytes.HasPrefix(data, []byte("\x00\x00\xfe\xff")):
		r.wrong(place{line: 1}, "UTF-32 is not read: save the file as UTF-8")
		return ""
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		return r.utf16(data[2:], binary.LittleEndian)
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		return r.utf16(data[2:], binary.BigEndian)
	// Without a mark: what begins a header, a list or a comment is ASCII.
	case len(data) >= 4 && data[0] != 0 && data[1] == 0 && data[2] != 0 && data[3] == 0:
		return r.utf16(data, binary.LittleEndian)
	case len(data) >= 4 && data[0] == 0 && data[1] != 0 && data[2] == 0 && data[3] != 0:
		return r.utf16(data, binary.BigEndian)
	case utf8.Valid(data):
		return string(data)
	case mostlyUTF8(data):
		r.invalid(data)
		return ""
	}
	return r.legacy(data)
}

// invalid tells each line that is not UTF-8.
func (r *reader) invalid(data []byte) {
	line, said := 1, 0
	for len(data) > 0 {
		i := invalidAt(data)
		line += lineBreaks(string(data[:i]))
		if i == len(data) {
			return
		}
		if line != said {
			r.wrong(place{line: line}, "unreadable bytes: the rest of the file is UTF-8, this is not: write the line again")
			said = line
		}
		data = data[i+1:]
	}
}

// invalidAt is where data stops being UTF-8, its length if nowhere.
func invalidAt(data []byte) int {
	for i := 0; i < len(data); {
		x, n := utf8.DecodeRune(data[i:])
		if x == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return len(data)
}

// mostlyUTF8 tells a damaged UTF-8 file from one in another encoding: chance
// seldom makes a letter of UTF-8, and never more of them than of the rest.
func mostlyUTF8(data []byte) bool {
	letters, bad := 0, 0
	for i := 0; i < len(data); {
		x, n := utf8.DecodeRune(data[i:])
		switch {
		case x == utf8.RuneError && n == 1:
			bad++
		case n > 1:
			letters++
		}
		i += n
	}
	return letters > 2*bad
}

func (r *reader) utf16(data []byte, order binary.ByteOrder) string {
	out := make([]byte, 0, len(data))
	line, said := 1, 0
	unreadable := func() {
		if line != said {
			r.wrong(place{line: line}, "unreadable bytes: half a letter of UTF-16: save the file as UTF-8")
			said = line
		}
	}
	var last rune
	for ; len(data) >= 2; data = data[2:] {
		x := rune(order.Uint16(data))
		if utf16.IsSurrogate(x) {
			second := rune(0)
			if len(data) >= 4 {
				second = rune(order.Uint16(data[2:]))
			}
			if x = utf16.DecodeRune(x, second); x == utf8.RuneError {
				unreadable()
				continue
			}
			data = data[2:]
		}
		if x == '\r' || x == '\n' && last != '\r' {
			line++
		}
		last = x
		out = utf8.AppendRune(out, x)
	}
	if len(data) > 0 {
		unreadable()
	}
	return string(out)
}

// legacy reads what is neither UTF-8 nor UTF-16.
func (r *reader) legacy(data []byte) string {
	first := place{line: 1 + lineBreaks(string(data[:invalidAt(data)]))}
	c := guess(sample(data))
	if c == nil {
		r.wrong(first, "unreadable bytes: neither UTF-8 nor an encoding that can be told: save the file as UTF-8")
		return ""
	}
	out, err := c.encoding.NewDecoder().Bytes(data)
	if err != nil {
		r.wrong(first, fmt.Sprintf("unreadable bytes: looks like %s, but is not: save the file as UTF-8", c.name))
		return ""
	}
	line, said := 1, 0
	for rest := out; ; {
		i := bytes.IndexFunc(rest, impossible)
		if i < 0 {
			break
		}
		if line += lineBreaks(string(rest[:i])); line != said {
			r.wrong(place{line: line}, fmt.Sprintf("unreadable bytes: the rest of the file is %s, this is not: save the file as UTF-8", c.name))
			said = line
		}
		_, n := utf8.DecodeRune(rest[i:])
		rest = rest[i+n:]
	}
	r.warn(first, fmt.Sprintf("not UTF-8: read as %s, which is a guess: see that the names look right, and save the file as UTF-8", c.name))
	return string(out)
}

// impossible knows what a decoder makes of bytes that its encoding does not have:
// U+FFFD, and the control characters that some tables fill their gaps with.
func impossible(x rune) bool { return x == utf8.RuneError || 0x80 <= x && x < 0xa0 }

// maxSample bounds what an encoding is guessed from, in bytes.
const maxSample = 128 << 10

// sample gives the lines that are not ASCII, as far as maxSample goes, from
// the whole of the file if it is longer.
func sample(data []byte) []byte {
	var lines [][]byte
	size := 0
	for line := range bytes.SplitSeq(data, []byte("\n")) {
		for _, b := range line {
			if b >= 0x80 {
				lines = append(lines, line)
				size += len(line) + 1
				break
			}
		}
	}
	step := max(1, size/maxSample)
	var out []byte
	for i := 0; i < len(lines) && len(out) < maxSample; i += step {
		out = append(append(out, lines[i]...), '\n')
	}
	return out
}
