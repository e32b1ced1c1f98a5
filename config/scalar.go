package config

import (
	"fmt"
	"math"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"tocsin/plainyaml"
)

// zero says what 0 means for a key.
type zero bool

const (
	mayBeOff    zero = true
	mustBeThere zero = false
)

// duration is a key's duration, def if it is not there.
func (g group) duration(key string, def time.Duration, z zero) (time.Duration, value) {
	example := short(def)
	if def == 0 {
		example = "30s"
	}
	write := "a duration such as " + example
	v := g.at(key, write, plainyaml.String, plainyaml.Int, plainyaml.Float)
	if !v.given() {
		return def, v
	}
	d, message := parseDuration(v, write)
	switch {
	case message != "":
	case d < 0:
		message = "cannot be negative: write " + write
	case d == 0 && z == mustBeThere:
		message = "cannot be turned off: write " + write
	case d > 0 && d < shortest:
		message = "is too short: write 100us or longer"
	default:
		return d, v
	}
	g.wrong(v, key+" "+message)
	v.bad = true
	return def, v
}

func parseDuration(v value, write string) (time.Duration, string) {
	if v.node.Kind != plainyaml.String {
		if n, err := strconv.ParseFloat(v.text, 64); err == nil && n == 0 {
			return 0, ""
		}
		return 0, "has no unit: write " + write
	}
	text := strings.TrimSpace(v.text)
	if text == "0" {
		return 0, ""
	}
	d, err := time.ParseDuration(text)
	if err == nil {
		return d, ""
	}
	if strings.HasSuffix(text, "d") || strings.HasSuffix(text, "w") {
		return 0, "is in days or weeks, which differ in length: write hours, such as 72h"
	}
	return 0, "is no duration: write " + write
}

// short is a duration as people write it: 1h, not 1h0m0s.
func short(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// schedule is a key's schedule; nil if it is turned off, def if it is not there
// ("" is none).
func (g group) schedule(key, def string, z zero) (Schedule, value) {
	standard := func() Schedule {
		if def == "" {
			return nil
		}
		s, _ := parseSchedule(def, g.zone) // our own text
		return s
	}
	v := g.at(key, "a schedule: "+scheduleForms[len("write "):], plainyaml.String, plainyaml.Int)
	if !v.given() {
		return standard(), v
	}
	if off(v.text) {
		if z == mayBeOff {
			return nil, v
		}
		g.wrong(v, key+" cannot be turned off: "+scheduleForms)
		v.bad = true
		return standard(), v
	}
	s, err := parseSchedule(v.text, g.zone)
	if err != nil {
		g.wrong(v, key+": "+err.Error())
		v.bad = true
		return standard(), v
	}
	return s, v
}

func (g group) flag(key string, def bool) bool {
	v := g.at(key, "true or false", plainyaml.Bool)
	if !v.given() {
		return def
	}
	return strings.EqualFold(v.text, "true")
}

// count is a whole number from 0 to 10,000; 0 turns off.
func (g group) count(key string, def int) int {
	write := "a whole number such as " + strconv.Itoa(def)
	v := g.at(key, write, plainyaml.Int, plainyaml.String)
	if !v.given() {
		return def
	}
	n, err := strconv.Atoi(v.text)
	if err != nil || n < 0 || n > 10000 {
		g.wrong(v, key+" is not between 0 and 10000: write "+write)
		return def
	}
	return n
}

// fraction is a number from 0 to 1; 0 is the default, which is not ours.
func (g group) fraction(key string) (float64, value) {
	v := g.at(key, "a number between 0 and 1, such as 0.8", plainyaml.Int, plainyaml.Float, plainyaml.String)
	if !v.given() {
		return 0, v
	}
	n, err := strconv.ParseFloat(v.text, 64)
	if err != nil || math.IsNaN(n) || n < 0 || n > 1 {
		g.wrong(v, key+" is not between 0 and 1: write a number such as 0.8, or leave the key out for the calibrated one")
		v.bad = true
		return 0, v
	}
	return n, v
}

var units = []struct {
	suffix string
	bytes  float64
}{
	{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"TiB", 1 << 40}, {"KB", 1e3}, {"kB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"B", 1}, {"", 1},
}

// The least and the most that one answer may be bounded to.
const (
	leastBody = 1 << 10
	mostBody  = 1 << 30
)

// The least and the most that the evidence may be bounded to.
const (
	leastEvidence = 16 << 20
	mostEvidence  = 1 << 50
)

// size is a number of bytes, with or without a unit, between two bounds.
func (g group) size(key string, def int64, least, most float64) int64 {
	v := g.at(key, "a size such as 16MiB", plainyaml.Int, plainyaml.String)
	if !v.given() || def == 0 && off(v.text) {
		return def
	}
	for _, u := range units {
		number, ok := strings.CutSuffix(strings.TrimSpace(v.text), u.suffix)
		if !ok {
			continue
		}
		n, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
		if err != nil || math.IsNaN(n) {
			break
		}
		if n *= u.bytes; n < least || n > most {
			g.wrong(v, fmt.Sprintf("%s is not between %s and %s: write a size such as %s", key, sizeText(least), sizeText(most), sizeText(16*least)))
			return def
		}
		return int64(n)
	}
	g.wrong(v, key+" is no size: write one such as 16MiB")
	return def
}

// sizeText writes a power of two of bytes with the largest unit that fits.
func sizeText(bytes float64) string {
	for _, u := range []string{"TiB", "GiB", "MiB", "KiB"} {
		for _, x := range units {
			if x.suffix == u && bytes >= x.bytes {
				return fmt.Sprintf("%g%s", bytes/x.bytes, u)
			}
		}
	}
	return fmt.Sprintf("%gB", bytes)
}

// address reads a URL of one of these schemes. A password may stand in it only
// where it came from the environment.
func (g group) address(v value, key, write string, schemes ...string) *url.URL {
	u, err := url.Parse(strings.TrimSpace(v.text))
	switch {
	case err != nil || u.Scheme == "" || u.Hostname() == "":
		g.wrong(v, fmt.Sprintf("%s is no address: write %s", key, write))
		return nil
	case !contains(schemes, u.Scheme):
		g.wrong(v, fmt.Sprintf("%s begins with a scheme that does not fit: write %s", key, write))
		return nil
	case !goodPort(u.Port()):
		g.wrong(v, fmt.Sprintf("%s has a port that there is not: write 1 to 65535", key))
		return nil
	}
	if password, has := u.User.Password(); has && password != "" {
		g.secrets = append(g.secrets, password)
		if v.text == v.node.Text {
			g.wrong(v, g.passwordAdvice(key))
			return nil
		}
	}
	return u
}

func (g group) passwordAdvice(key string) string {
	if key == "smtp" {
		return "smtp holds a password written literally: take it out, and write password_file: FILE"
	}
	return key + " holds a password written literally: write ${NAME} for it, and set the environment variable"
}

func contains(list []string, s string) bool {
	for _, l := range list {
		if l == s {
			return true
		}
	}
	return false
}

func goodPort(port string) bool {
	if port == "" {
		return true
	}
	n, err := strconv.Atoi(port)
	return err == nil && n > 0 && n < 1<<16
}

// web is a key's http or https address, def if it is not there; without a def it
// must be there.
func (g group) web(key, def, write string) (string, value) {
	var v value
	if def == "" {
		_, v = g.required(key, write)
	} else {
		_, v = g.text(key, def, write)
	}
	if !v.given() {
		return def, v
	}
	if g.address(v, key, write, "http", "https") == nil {
		v.bad = true
		return def, v
	}
	return strings.TrimSpace(v.text), v
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}
