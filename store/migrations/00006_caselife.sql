-- +goose Up
-- about is what a decision is about beside the case: the day on which a request to
-- the Commission was filed or is admissible, the time of a reminder. second: another
-- person had to agree.
ALTER TABLE decision ADD COLUMN about INTEGER NOT NULL DEFAULT 0;
ALTER TABLE decision ADD COLUMN second INTEGER NOT NULL DEFAULT 0;
