package store

import (
	"context"
	"database/sql"
	"time"

	"tocsin"
)

// Story is what one outlet or many tell, in the words of the first that did. Its
// text is public; nothing of the watchlist is in it.
type Story struct {
	ID        string // opaque, see NewStoryID: the subject of its cases
	Source    string // whose feed it came by first
	URL       string
	URLKey    string // the address without what tracks readers; "" where it has none of its own
	Title     string
	Text      string // "" once it is older than texts are kept
	Language  string
	Lead      string // digest of the title and the first letters
	Shape     uint64 // near for words that are near
	Published time.Time
	SeenAt    time.Time
	Record    string // evidence
}

// Telling is one place where a story stood.
type Telling struct {
	Story     string
	Source    string
	URL       string
	URLKey    string
	Title     string
	Outlet    string
	Published time.Time
	SeenAt    time.Time
}

// NewStoryID makes an opaque id: nothing of the story is in it.
func NewStoryID() string { return newID("s_") }

const storyColumns = `s.id, s.source, s.url, s.url_key, s.title, s.text, s.language, s.lead, s.shape, s.published, s.seen_at, s.record`

func (s *Store) stories(ctx context.Context, rest string, args ...any) (out []Story, err error) {
	err = each(ctx, s.r, `SELECT `+storyColumns+` FROM story s `+rest, args, func(r *sql.Rows) error {
		var x Story
		var shape int64
		err := r.Scan(&x.ID, &x.Source, &x.URL, &x.URLKey, &x.Title, &x.Text, &x.Language, &x.Lead, &shape, stamp{&x.Published}, stamp{&x.SeenAt}, &x.Record)
		x.Shape = uint64(shape)
		out = append(out, x)
		return err
	})
	return out, s.explain("reading stories", err)
}

// StoryByAddress is the story that was told under an address, by any outlet;
// false: none is kept.
func (s *Store) StoryByAddress(ctx context.Context, urlKey string) (Story, bool, error) {
	if urlKey == "" {
		return Story{}, false, nil
	}
	out, err := s.stories(ctx, `WHERE s.id IN (SELECT story FROM telling WHERE url_key = $1 AND url_key <> '') ORDER BY s.seen_at, s.id LIMIT 1`, urlKey)
	if err != nil || len(out) == 0 {
		return Story{}, false, err
	}
	return out[0], true, nil
}

// StoryByID reads one story; false: it is not kept.
func (s *Store) StoryByID(ctx context.Context, id string) (Story, bool, error) {
	out, err := s.stories(ctx, `WHERE s.id = $1`, id)
	if err != nil || len(out) == 0 {
		return Story{}, false, err
	}
	return out[0], true, nil
}

// StoriesSince reads the stories first seen later than a time, without their
// texts, oldest first.
func (s *Store) StoriesSince(ctx context.Context, since time.Time) (out []Story, err error) {
	err = each(ctx, s.r, `SELECT id, lead, shape, seen_at FROM story WHERE seen_at > $1 ORDER BY seen_at, id`, []any{ns(since)}, func(r *sql.Rows) error {
		var x Story
		var shape int64
		err := r.Scan(&x.ID, &x.Lead, &shape, stamp{&x.SeenAt})
		x.Shape = uint64(shape)
		out = append(out, x)
		return err
	})
	return out, s.explain("reading stories", err)
}

// EachStory calls f with each story of a source that was first seen later than a
// time, its text with it, oldest first.
func (s *Store) EachStory(ctx context.Context, source string, since time.Time, f func(Story) error) error {
	ids := []string{}
	err := each(ctx, s.r, `SELECT id FROM story WHERE source = $1 AND seen_at > $2 ORDER BY seen_at, id`, []any{source, ns(since)}, func(r *sql.Rows) error {
		var id string
		err := r.Scan(&id)
		ids = append(ids, id)
		return err
	})
	if err != nil {
		return s.explain("reading stories", err)
	}
	for _, id := range ids { // one at a time: their texts are long
		x, ok, err := s.StoryByID(ctx, id)
		if err == nil && ok {
			err = f(x)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Tellings reads where a story stood, the first outlet first.
func (s *Store) Tellings(ctx context.Context, story string) (out []Telling, err error) {
	err = each(ctx, s.r, `SELECT story, source, url, url_key, title, outlet, published, seen_at FROM telling WHERE story = $1 ORDER BY seen_at, source, url_key`,
		[]any{story}, func(r *sql.Rows) error {
			var x Telling
			err := r.Scan(&x.Story, &x.Source, &x.URL, &x.URLKey, &x.Title, &x.Outlet, stamp{&x.Published}, stamp{&x.SeenAt})
			out = append(out, x)
			return err
		})
	return out, s.explain("reading where a story stood", err)
}

// Stories counts what is kept of a source's articles.
func (s *Store) Stories(ctx context.Context, source string) (n int, err error) {
	err = s.one(ctx, `SELECT count(*) FROM story WHERE source = $1`, []any{source}, &n)
	return n, s.explain("counting stories", err)
}

// Mentions counts, by person, the mentions at a tier that were told each by
// itself later than a time.
func (s *Store) Mentions(ctx context.Context, tier tocsin.Tier, since time.Time) (map[string]int, error) {
	out := map[string]int{}
	err := each(ctx, s.r, `SELECT person, body FROM event WHERE kind = 'mentioned' AND tier = $1 AND at > $2`, []any{string(tier), ns(since)}, func(r *sql.Rows) error {
		var person string
		var b eventBody
		err := r.Scan(&person, nested{&b})
		if !b.Gathered {
			out[person]++
		}
		return err
	})
	return out, s.explain("counting mentions", err)
}

// ForgetStories drops the texts of stories first seen before one time, and the
// stories themselves, with where they stood, before another, unless a case is
// about them.
func (s *Store) ForgetStories(ctx context.Context, texts, all time.Time) error {
	return s.write(ctx, "forgetting old stories", func(t *tx) error {
		if _, err := t.exec(`UPDATE story SET text = '' WHERE seen_at < $1 AND text <> ''`, ns(texts)); err != nil {
			return err
		}
		const old = `SELECT s.id FROM story s WHERE s.seen_at < $1 AND NOT EXISTS (SELECT 1 FROM cases c WHERE c.article = 1 AND c.subject = s.id)`
		if _, err := t.exec(`DELETE FROM telling WHERE story IN (`+old+`)`, ns(all)); err != nil {
			return err
		}
		_, err := t.exec(`DELETE FROM story WHERE id IN (`+old+`)`, ns(all))
		return err
	})
}

// ForgetLooks drops a source's looks that ended before a time, but for the last
// complete one and what came after it.
func (s *Store) ForgetLooks(ctx context.Context, source string, before time.Time) error {
	return s.write(ctx, "forgetting old looks", func(t *tx) error {
		_, err := t.exec(`DELETE FROM look WHERE source = $1 AND ended < $2
			AND n < coalesce((SELECT max(n) FROM look WHERE source = $1 AND complete = 1), 0)`, source, ns(before))
		return err
	})
}

// keepStories writes new stories and where stories stood. One that stood there
// already is left as it is; the words of one that was read more fully since are
// replaced.
func (t *tx) keepStories(stories []Story, tellings []Telling) error {
	for _, x := range stories {
		if _, err := t.exec(`INSERT INTO story (id, source, url, url_key, title, text, language, lead, shape, published, seen_at, record)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
			ON CONFLICT (id) DO UPDATE SET text = excluded.text, lead = excluded.lead, shape = excluded.shape, record = excluded.record`,
			x.ID, x.Source, x.URL, x.URLKey, x.Title, x.Text, x.Language, x.Lead, int64(x.Shape), ns(x.Published), ns(x.SeenAt), x.Record); err != nil {
			return err
		}
	}
	for _, x := range tellings {
		if _, err := t.exec(`INSERT INTO telling (story, source, url, url_key, title, outlet, published, seen_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
			ON CONFLICT (story, source, url_key) DO NOTHING`, x.Story, x.Source, x.URL, x.URLKey, x.Title, x.Outlet, ns(x.Published), ns(x.SeenAt)); err != nil {
			return err
		}
	}
	return nil
}
