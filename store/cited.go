package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"strings"
)

// Cited is the set of evidence records, by digest, that events rest on, that say
// what a notice now says, or that hold a complete look's ids.
func (s *Store) Cited(ctx context.Context) (map[string]bool, error) {
	out := map[string]bool{}
	add := func(records string) {
		for _, r := range strings.Fields(records) {
			out[r] = true
		}
	}
	err := s.read(ctx, "reading what is cited", func(q querier) error {
		if err := each(ctx, q, `SELECT v.record FROM notice_version v JOIN notice n ON n.source = v.source AND n.id = v.id AND n.ver = v.ver
			UNION ALL SELECT record FROM look WHERE record <> ''`, nil, func(r *sql.Rows) error {
			var record string
			err := r.Scan(&record)
			add(record)
			return err
		}); err != nil {
			return err
		}
		return each(ctx, q, `SELECT body FROM event`, nil, func(r *sql.Rows) error {
			var body string
			if err := r.Scan(&body); err != nil {
				return err
			}
			var b struct{ Evidence string }
			err := json.Unmarshal([]byte(body), &b)
			add(b.Evidence)
			return err
		})
	})
	return out, err
}
