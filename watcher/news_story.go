package watcher

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"hash/fnv"
	"math/bits"
	"net/url"
	"strings"
	"sync"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"tocsin"
	"tocsin/store"
	"tocsin/watcher/source/feed"
)

// One story is told by many outlets: under one address, with one title and
// beginning, or in nearly the same words. It rings once a person.
const (
	sameFor     = 7 * 24 * time.Hour // in which the same words are the same story (contract)
	leadLetters = 500                // that make its beginning (contract)

	shapeLetters = 3000 // that a shape is made of
	shingle      = 5    // letters: they work in scripts that do not divide words, too
	leastLetters = 120  // shorter texts have no shape: two short reports are alike by chance
	shapesApart  = 16   // of 64 bits: further apart, texts are not compared
	nearlySame   = 0.75 // share of shingles in common
)

// textMost bounds what is kept of one article, in bytes: some thirty pages.
const textMost = 64 << 10

// letters are what of a text is compared: its letters and digits alone, as
// compatibility and case fold them, at most most.
func letters(most int, texts ...string) []rune {
	out := make([]rune, 0, min(most, 512))
	for _, text := range texts {
		for _, r := range norm.NFKC.String(text[:min(len(text), 16*most)]) {
			if len(out) == most {
				return out
			}
			if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
				out = append(out, unicode.ToLower(r))
			}
		}
	}
	return out
}

// leadOf is a digest of an article's title and first letters, "" where it has none.
func leadOf(a tocsin.Article) string {
	title, text := letters(leadLetters, a.Title), letters(leadLetters, a.Text)
	if len(title)+len(text) == 0 {
		return ""
	}
	sum := sha256.Sum256([]byte(string(title) + "\n" + string(text)))
	return hex.EncodeToString(sum[:16])
}

// shapeOf is a SimHash (Charikar, STOC 2002) of a text's shingles: 64 bits of
// which few differ where few words do. 0 where there is too little to compare.
func shapeOf(text []rune) uint64 {
	if len(text) < leastLetters {
		return 0
	}
	var sums [64]int
	for s := range shinglesOf(text) {
		for i := range sums {
			sums[i] += int(s>>i&1)<<1 - 1
		}
	}
	var out uint64
	for i, n := range sums {
		if n > 0 {
			out |= 1 << i
		}
	}
	return out
}

func shinglesOf(text []rune) map[uint64]bool {
	out := make(map[uint64]bool, len(text))
	for i := 0; i+shingle <= len(text); i++ {
		h := fnv.New64a()
		h.Write([]byte(string(text[i : i+shingle])))
		out[h.Sum64()] = true
	}
	return out
}

// alike is the share of the shingles of two texts that both have.
func alike(x, y map[uint64]bool) float64 {
	both := 0
	for s := range x {
		if y[s] {
			both++
		}
	}
	if all := len(x) + len(y) - both; all > 0 {
		return float64(both) / float64(all)
	}
	return 0
}

// addressKey is what an address is compared by, "" where it is not one article's
// own: some feeds send every reader to their front page.
func addressKey(address string) string {
	u, err := url.Parse(feed.Canonical(address))
	if err != nil || u.Host == "" || strings.Trim(u.Path, "/") == "" && u.RawQuery == "" {
		return ""
	}
	key := strings.TrimPrefix(u.Host, "www.") + strings.TrimSuffix(u.EscapedPath(), "/")
	if u.RawQuery != "" {
		key += "?" + u.RawQuery
	}
	return key
}

// keysOf are what an article's addresses are compared by, its page's own first;
// one that is "" where it has none. Never empty.
func keysOf(a tocsin.Article) []string {
	keys := []string{}
	for _, address := range []string{a.Canonical, a.URL} {
		if key := addressKey(address); key != "" && !has(keys, key) {
			keys = append(keys, key)
		}
	}
	if len(keys) == 0 {
		return []string{""}
	}
	return keys
}

// storyOf finds the story that an article tells, or begins one; known tells which.
func (d *desk) storyOf(ctx context.Context, a tocsin.Article) (s store.Story, known bool, err error) {
	keys, lead, text := keysOf(a), leadOf(a), letters(shapeLetters, a.Title, a.Text)
	shape, shingles := shapeOf(text), sync.OnceValue(func() map[uint64]bool { return shinglesOf(text) })
	for _, key := range keys {
		if key == "" {
			break
		}
		for _, x := range d.tellings {
			if x.URLKey == key {
				return d.whole(ctx, x.Story)
			}
		}
		if s, known, err = d.w.store.StoryByAddress(ctx, key); known || err != nil {
			return s, known, err
		}
	}
	for _, x := range d.recent {
		switch {
		case lead != "" && x.Lead == lead:
		case shape == 0 || x.Shape == 0 || bits.OnesCount64(shape^x.Shape) > shapesApart:
			continue
		default:
			whole, ok, err := d.whole(ctx, x.ID)
			if err != nil {
				return s, false, err
			}
			if !ok || alike(shingles(), shinglesOf(letters(shapeLetters, whole.Title, whole.Text))) < nearlySame {
				continue
			}
		}
		s, known, err = d.whole(ctx, x.ID)
		if known || err != nil {
			return s, known, err
		}
	}
	s = store.Story{
		ID: store.NewStoryID(), Source: a.Source, URL: a.URL, URLKey: keys[0], Title: a.Title, Text: clipped(a.Text), Language: a.Language, Lead: lead, Shape: shape,
		Published: a.Published, SeenAt: d.now, Record: a.Record,
	}
	d.begun = append(d.begun, s)
	d.recent = append(d.recent, s)
	return s, false, nil
}

// whole reads a story with its text, be it one of this commit.
func (d *desk) whole(ctx context.Context, id string) (store.Story, bool, error) {
	for _, x := range d.begun {
		if x.ID == id {
			return x, true, nil
		}
	}
	return d.w.store.StoryByID(ctx, id)
}

// clipped is a text within its bound, cut between letters.
func clipped(s string) string {
	if len(s) <= textMost {
		return s
	}
	return strings.ToValidUTF8(s[:textMost], "")
}
