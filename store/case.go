package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"tocsin"
)

// NewCase is a case that no event tells of: a notice that was public before the
// person was watched. It makes the notice's return ring as one.
type NewCase struct {
	Person  string
	Source  string
	Notice  tocsin.NoticeRef
	Tier    tocsin.Tier
	Score   float64
	Reasons []tocsin.Reason
}

// CaseScore is a case's match as it is now judged, without any event.
type CaseScore struct {
	Case    string
	Tier    tocsin.Tier
	Score   float64
	Reasons []tocsin.Reason
	Anew    bool // what messages show of the case has changed, though the match may not have
}

// CaseFilter chooses cases; what is "" chooses nothing out.
type CaseFilter struct {
	ID     string
	Person string
	Source string
	Notice string // the source's own id of the notice
	Story  string // the story's id
}

const caseColumns = `c.id, c.person, c.source, c.subject, c.article, c.title, c.url, c.public, c.tier, c.score, c.reasons, c.opened_at, c.rev`

// Cases reads the chosen cases, the first opened first, each with the ids of its
// events, oldest first, and its log of decisions.
func (s *Store) Cases(ctx context.Context, f CaseFilter) (out []tocsin.Case, err error) {
	err = s.read(ctx, "reading cases", func(q querier) error {
		out, err = cases(ctx, q, f)
		return err
	})
	return out, err
}

func cases(ctx context.Context, q querier, f CaseFilter) (out []tocsin.Case, err error) {
	var w where
	w.equal("c.id", f.ID)
	w.equal("c.person", f.Person)
	w.equal("c.source", f.Source)
	if f.Notice != "" {
		w.equal("c.subject", f.Notice)
		w.add("c.article = 0")
	}
	if f.Story != "" {
		w.equal("c.subject", f.Story)
		w.add("c.article = 1")
	}
	at := map[string]int{}
	err = each(ctx, q, `SELECT `+caseColumns+` FROM cases c`+w.String()+` ORDER BY c.opened_at, c.source, c.subject, c.person`, w.args, func(r *sql.Rows) error {
		var c tocsin.Case
		var subject, title, url string
		var article bool
		err := r.Scan(&c.ID, &c.Person, &c.Source, &subject, &article, &title, &url, &c.Public, text[tocsin.Tier]{&c.Tier}, &c.Score,
			nested{&c.Reasons}, stamp{&c.OpenedAt}, &c.Rev)
		if article {
			c.Article = &tocsin.ArticleRef{URL: url, Title: title, Story: subject}
		} else {
			c.Notice = &tocsin.NoticeRef{ID: subject, Name: title, URL: url}
		}
		at[c.ID] = len(out)
		out = append(out, c)
		return err
	})
	if err != nil || len(out) == 0 {
		return out, err
	}
	logs := map[string][]tocsin.Decision{}
	if err := each(ctx, q, `SELECT d.case_id, `+decisionColumns+` FROM cases c JOIN decision d ON d.case_id = c.id`+w.String()+` ORDER BY d.seq`, w.args, func(r *sql.Rows) error {
		var id string
		var d tocsin.Decision
		err := r.Scan(append([]any{&id}, decisionFields(&d)...)...)
		logs[id] = append(logs[id], d)
		return err
	}); err != nil {
		return nil, err
	}
	for i := range out {
		out[i].Replay(logs[out[i].ID])
	}
	err = each(ctx, q, `SELECT e.case_id, e.id FROM cases c JOIN event e ON e.case_id = c.id`+w.String()+` ORDER BY e.seq`, w.args, func(r *sql.Rows) error {
		var id, event string
		err := r.Scan(&id, &event)
		if i, ok := at[id]; ok {
			out[i].Events = append(out[i].Events, event)
		}
		return err
	})
	return out, err
}

// subject is what a case is about besides a person.
type subject struct {
	id, title, url string
	article        bool
}

func subjectOf(e tocsin.Event) (subject, bool) {
	switch {
	case e.Notice != nil:
		return subject{e.Notice.ID, e.Notice.Name, e.Notice.URL, false}, e.Notice.ID != ""
	case e.Article != nil:
		id := e.Article.Story
		if id == "" {
			id = e.Article.URL
		}
		return subject{id, e.Article.Title, e.Article.URL, true}, id != ""
	}
	return subject{}, false
}

const insertCase = `INSERT INTO cases (id, person, source, subject, article, title, url, state, public, tier, score, reasons, who, note,
	decided_at, opened_at, rev) VALUES ($1, $2, $3, $4, $5, $6, $7, 'open', $8, $9, $10, $11, '', '', 0, $12, 1)`

// openSilently makes a case without an event; one that exists is left alone.
func (t *tx) openSilently(c NewCase) error {
	reasons, err := jsonText(c.Reasons)
	if err != nil {
		return err
	}
	_, err = t.exec(insertCase+` ON CONFLICT (person, source, subject) DO NOTHING`, newID("c_"), c.Person, c.Source, c.Notice.ID, false,
		c.Notice.Name, c.Notice.URL, false, string(c.Tier), c.Score, reasons, ns(t.now))
	return err
}

// tellCase brings the case of an event up to date, or opens it, and returns its
// id and the state in which the event met it ("" for a new one).
func (t *tx) tellCase(e tocsin.Event) (id string, met tocsin.CaseState, err error) {
	sub, ok := subjectOf(e)
	if !ok || e.Person == "" || e.Source == "" {
		return "", "", errors.New("an event names no source, person or subject")
	}
	reasons, err := jsonText(e.Reasons)
	if err != nil {
		return "", "", err
	}
	public := e.Kind != tocsin.Disappeared
	// A story is one case a person, whichever feed tells it.
	err = t.row(`SELECT id, state FROM cases WHERE person = $1 AND subject = $2 AND (source = $3 OR article = 1 AND $4 = 1)`, e.Person, sub.id, e.Source, sub.article).
		Scan(&id, text[tocsin.CaseState]{&met})
	if errors.Is(err, sql.ErrNoRows) {
		id = newID("c_")
		_, err = t.exec(insertCase, id, e.Person, e.Source, sub.id, sub.article, sub.title, sub.url, public, string(e.Tier), e.Score, reasons, ns(e.At))
		return id, "", err
	}
	if err != nil {
		return "", "", err
	}
	if _, err := t.exec(`UPDATE cases SET title = $1, url = $2, public = $3, tier = $4, score = $5, reasons = $6 WHERE id = $7`,
		sub.title, sub.url, public, string(e.Tier), e.Score, reasons, id); err != nil {
		return "", "", err
	}
	return id, met, t.moved(id)
}

// reopen ends a dismissal that what it rested on has outlived. The log keeps that
// nobody did it, and which fields changed.
func (t *tx) reopen(id string, changed []tocsin.FieldChange) error {
	var fields []string
	for _, c := range changed {
		fields = append(fields, c.Field)
	}
	return t.decided(id, tocsin.Decision{Action: tocsin.Reopen, Note: strings.Join(fields, " "), At: t.now}, "")
}

// keepScores writes matches as they are judged now. What a message shows has
// changed only where a value did, or where the caller says so.
func (t *tx) keepScores(scores []CaseScore) error {
	for _, c := range scores {
		reasons, err := jsonText(c.Reasons)
		if err != nil {
			return err
		}
		n, err := t.exec(`UPDATE cases SET tier = $1, score = $2, reasons = $3 WHERE id = $4 AND (tier <> $1 OR score <> $2 OR reasons <> $3)`,
			string(c.Tier), c.Score, reasons, c.Case)
		if err != nil {
			return err
		}
		if n > 0 || c.Anew {
			if err := t.moved(c.Case); err != nil {
				return err
			}
		}
	}
	return nil
}
