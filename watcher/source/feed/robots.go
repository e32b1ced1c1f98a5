package feed

import (
	"strconv"
	"strings"
	"time"
)

// Bounds of robots.txt. RFC 9309, section 2.5, lets a crawler stop after 500
// kibibytes.
const (
	longestRobots  = 500 << 10
	longestPattern = 512
)

// robots are the rules of one site for one agent (RFC 9309). The zero value
// allows everything.
type robots struct {
	rules []rule
	delay time.Duration // Crawl-delay, an extension; 0 none
	shut  string        // why nothing may be read, "" if that is not so
}

type rule struct {
	pattern string
	allow   bool
}

// parseRobots reads the groups that name one of the agents (lower case), or,
// where none does, those for everybody.
func parseRobots(text string, agents ...string) robots {
	var ours, all robots
	named := false                  // some group names us
	mine, everybody := false, false // the group under way
	rules := true                   // its agents are all told
	text = cutBytes(strings.TrimPrefix(text, "\ufeff"), longestRobots)
	for len(text) > 0 {
		var l string
		if i := strings.IndexAny(text, "\r\n"); i >= 0 {
			l, text = text[:i], text[i+1:]
		} else {
			l, text = text, ""
		}
		l, _, _ = strings.Cut(l, "#")
		key, value, ok := strings.Cut(l, ":")
		if !ok || len(l) > 4*longestPattern {
			continue
		}
		value = strings.TrimSpace(value)
		switch strings.ToLower(strings.TrimSpace(key)) {
		case "user-agent":
			if rules {
				mine, everybody, rules = false, false, false
			}
			name := strings.ToLower(value)
			everybody = everybody || name == "*"
			for _, a := range agents {
				if a != "" && product(name) == a {
					mine, named = true, true
				}
			}
		case "allow", "disallow":
			rules = true
			if value == "" {
				continue // an empty Disallow forbids nothing
			}
			r := rule{normal(cutBytes(value, longestPattern)), strings.EqualFold(strings.TrimSpace(key), "allow")}
			if mine {
				ours.rules = append(ours.rules, r)
			}
			if everybody {
				all.rules = append(all.rules, r)
			}
		case "crawl-delay":
			rules = true
			seconds, err := strconv.ParseFloat(value, 64)
			if err != nil || !(seconds > 0) {
				continue
			}
			d := time.Duration(min(seconds, 1e6) * float64(time.Second))
			if mine {
				ours.delay = max(ours.delay, d)
			}
			if everybody {
				all.delay = max(all.delay, d)
			}
		}
	}
	if named {
		return ours
	}
	return all
}

// product is the name of an agent without version: what robots.txt calls it
// (RFC 9309, section 2.2.1).
func product(agent string) string {
	agent = strings.ToLower(strings.TrimSpace(agent))
	for i, c := range agent {
		if (c < 'a' || c > 'z') && c != '-' && c != '_' {
			return agent[:i]
		}
	}
	return agent
}

// allows reports whether a path with its query may be read: the longest rule
// that matches decides, an Allow where two are as long (RFC 9309, section
// 2.2.2).
func (r robots) allows(path string) bool {
	path = normal(path)
	best, allow := -1, true
	for _, u := range r.rules {
		if n := len(u.pattern); (n > best || n == best && u.allow) && matches(u.pattern, path) {
			best, allow = n, u.allow
		}
	}
	return allow
}

// matches compares from the path's beginning; * is anything, $ at the end is
// the path's end.
func matches(pattern, path string) bool {
	whole := strings.HasSuffix(pattern, "$")
	if pattern = strings.TrimSuffix(pattern, "$"); !whole {
		pattern += "*"
	}
	p, s, star, mark := 0, 0, -1, 0
	for s < len(path) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, s
			p++
			if p == len(pattern) {
				return true
			}
		case p < len(pattern) && pattern[p] == path[s]:
			p, s = p+1, s+1
		case star >= 0:
			mark++
			p, s = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

// normal writes percent-encoding in one way, so that rules and paths compare:
// letters, digits and -._~ plain, everything beyond ASCII encoded.
func normal(path string) string {
	const hex = "0123456789ABCDEF"
	var out strings.Builder
	for i := 0; i < len(path); i++ {
		c := path[i]
		if c == '%' && i+2 < len(path) {
			if n, err := strconv.ParseUint(path[i+1:i+3], 16, 8); err == nil {
				i += 2
				if b := byte(n); plainByte(b) {
					out.WriteByte(b)
				} else {
					out.WriteString("%" + string(hex[b>>4]) + string(hex[b&15]))
				}
				continue
			}
		}
		if c < 0x80 && c > ' ' {
			out.WriteByte(c)
		} else {
			out.WriteString("%" + string(hex[c>>4]) + string(hex[c&15]))
		}
	}
	return out.String()
}

func plainByte(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || strings.IndexByte("-._~", b) >= 0
}
