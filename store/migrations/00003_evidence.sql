-- +goose Up
-- Digests of the evidence records on which rows and looks rest, '' where there is none.
ALTER TABLE leaf ADD COLUMN record TEXT NOT NULL DEFAULT '';
ALTER TABLE look ADD COLUMN record TEXT NOT NULL DEFAULT '';
