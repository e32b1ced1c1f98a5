-- What a ledger of schema 1 holds, of fictional people: a row or more of every
-- table, and every state that a later version must still understand.
INSERT INTO meta (key, value) VALUES ('revision', 'r-0001'), ('watchlist_error', '');

INSERT INTO source (id, look, plan, validators, began, last_look, last_complete, newest_at, first_done, listed, seen, requests, details,
	unreachable, complete, cause, why, outage_n, outage_since, next_try, failed, tries) VALUES
	('interpol-red', 7, x'7b7d', NULL, 1777795200000000000, 1777795260000000000, 1777795260000000000, 1777795320000000000, 1, 3, 3, 4, 2, 0, 1, '', '', 1, 0, 0, 0, 0),
	('interpol-un', 2, NULL, NULL, 1777795200000000000, 1777795260000000000, 0, 0, 0, 0, 0, 1, 0, 0, 0, 'refused', 'the service refuses (403)', 1, 1777795200000000000, 1777798860000000000, 3, 3);

INSERT INTO look (source, n, kind, began, ended, complete, exact, listed, seen, requests, cause, why) VALUES
	('interpol-red', 1, 'sweep', 1777791600000000000, 1777791660000000000, 1, 1, 2, 2, 4, '', ''),
	('interpol-red', 7, 'sweep', 1777795200000000000, 1777795260000000000, 1, 1, 3, 3, 4, '', ''),
	('interpol-un', 2, 'sweep', 1777795200000000000, 1777795260000000000, 0, 0, 0, 0, 1, 'refused', 'the service refuses (403)');

INSERT INTO leaf (source, cell, began, total, notices) VALUES
	('interpol-un', 'nationality=MD', 1777795200000000000, 1, '[{"source":"interpol-un","id":"6900001","row":{}}]');

INSERT INTO notice (source, id, ver, first_look, first_seen, last_look, last_seen, missed, inferences, failure, absence, gone_at, inferred, detail_at, unfiltered) VALUES
	('interpol-red', '2026/48213', 2, 2, 1777793400000000000, 7, 1777795260000000000, 0, 0, '', '', 0, 0, 1777793410000000000, 0),
	('interpol-red', '2025/31170', 1, 1, 1777791600000000000, 6, 1777795000000000000, 2, 0, '', 'gone', 1777795260000000000, 0, 0, 0),
	('interpol-red', '2024/11002', 1, 1, 1777791600000000000, 6, 1777795000000000000, 1, 0, 'http 500', 'unconfirmed', 0, 0, 0, 0);

INSERT INTO notice_version (source, id, ver, look, at, body, record) VALUES
	('interpol-red', '2026/48213', 1, 2, 1777793400000000000, '{"source":"interpol-red","id":"2026/48213","family":"VARDEN","forename":"MIRA ILSE"}', ''),
	('interpol-red', '2026/48213', 2, 5, 1777794000000000000, '{"source":"interpol-red","id":"2026/48213","family":"VARDEN","forename":"MIRA"}', ''),
	('interpol-red', '2025/31170', 1, 1, 1777791600000000000, '{"source":"interpol-red","id":"2025/31170","family":"KOSTEN","forename":"DARYA"}', ''),
	('interpol-red', '2024/11002', 1, 1, 1777791600000000000, '{"source":"interpol-red","id":"2024/11002","family":"SAID","forename":"OMAR"}', '');

INSERT INTO person (id, fingerprint, screened, removed_at) VALUES
	('p-017', 'f-varden', 'r-0001', 0), ('p-009', 'f-kosten', 'r-0001', 0), ('p-003', 'f-removed', 'r-0000', 1777794000000000000);

INSERT INTO cases (id, person, source, subject, article, title, url, state, public, tier, score, reasons, who, note, decided_at, opened_at, rev) VALUES
	('c_varden', 'p-017', 'interpol-red', '2026/48213', 0, 'VARDEN, MIRA', 'https://notices.example/2026/48213', 'acknowledged', 1, 'alert', 0.97, '[{"code":"family_equal","with":"VARDEN"}]', 'amina', 'called', 1777794100000000000, 1777793400000000000, 3),
	('c_kosten', 'p-009', 'interpol-red', '2025/31170', 0, 'KOSTEN, DARYA', 'https://notices.example/2025/31170', 'dismissed', 0, 'review', 0.7, '[]', 'slack:U1', '', 1777794200000000000, 1777791660000000000, 2);

INSERT INTO decision (case_id, action, who, assignee, note, at, key) VALUES
	('c_varden', 'ack', 'amina', '', 'called', 1777794100000000000, 'k-1'),
	('c_kosten', 'dismiss', 'slack:U1', '', '', 1777794200000000000, NULL);

INSERT INTO event (id, kind, at, source, person, case_id, notifier, occurrence, tier, score, body) VALUES
	('e_listed', 'listed', 1777791660000000000, 'interpol-red', 'p-009', 'c_kosten', '', 1, 'review', 0.7, '{"notice":{"id":"2025/31170","name":"KOSTEN, DARYA"}}'),
	('e_appeared', 'appeared', 1777793400000000000, 'interpol-red', 'p-017', 'c_varden', '', 1, 'alert', 0.97, '{"notice":{"id":"2026/48213","name":"VARDEN, MIRA ILSE"},"window":{"after":"2026-05-03T07:01:00Z","before":"2026-05-03T07:30:00Z"}}'),
	('e_changed', 'changed', 1777794000000000000, 'interpol-red', 'p-017', 'c_varden', '', 1, 'alert', 0.97, '{"notice":{"id":"2026/48213","name":"VARDEN, MIRA"},"changes":[{"field":"forename","from":"MIRA ILSE","to":"MIRA"}]}'),
	('e_gone', 'disappeared', 1777795260000000000, 'interpol-red', 'p-009', 'c_kosten', '', 1, 'review', 0.7, '{"notice":{"id":"2025/31170","name":"KOSTEN, DARYA"}}'),
	('e_blind', 'blind', 1777795260000000000, 'interpol-un', '', NULL, '', 1, '', 0, '{"outage":{"cause":"refused","since":"2026-05-03T08:00:00Z"}}'),
	('e_undelivered', 'undelivered', 1777795300000000000, '', '', NULL, 'hook', 1, '', 0, '{"events":["e_appeared"]}');

INSERT INTO message (id, notifier, case_id, parent, kind, state, attempts, tried_at, created_at, ref, shown_rev, events, again, why, due, behind) VALUES
	('m_gathered', 'team', '', '', 'gathered', 'sent', 1, 1777791661000000000, 1777791661000000000, 'C0TEAM/1.0', 0, '["e_listed"]', 0, '', 0, 0),
	('m_item', 'team', 'c_kosten', 'm_gathered', 'item', 'sent', 1, 1777791662000000000, 1777791662000000000, 'C0TEAM/2.0', 1, '[]', 0, '', 0, 1),
	('m_root', 'team', 'c_varden', '', 'root', 'sent', 2, 1777793402000000000, 1777793401000000000, 'C0TEAM/3.0', 3, '["e_appeared"]', 1, '', 0, 0),
	('m_reply', 'team', 'c_varden', 'm_root', 'reply', 'sending', 1, 1777794001000000000, 1777794001000000000, '', 0, '["e_changed"]', 0, '', 1777794001000000000, 0),
	('m_mail', 'lawyers', 'c_varden', '', 'root', 'retry', 3, 1777794002000000000, 1777794001000000000, '', 0, '["e_appeared","e_changed"]', 0, 'the server says 451', 1777794302000000000, 0),
	('m_hook', 'hook', 'c_varden', '', 'root', 'failed', 9, 1777795299000000000, 1777793401000000000, '', 0, '["e_appeared"]', 0, 'the server says 410', 0, 0);

INSERT INTO delivery (event, notifier, ord, state, at, attempts, why, due, message) VALUES
	('e_listed', 'team', 0, 'sent', 1777791661000000000, 1, '', 1777791660000000000, 'm_gathered'),
	('e_appeared', 'team', 0, 'sent', 1777793402000000000, 2, '', 1777793400000000000, 'm_root'),
	('e_appeared', 'lawyers', 1, 'pending', 0, 3, 'the server says 451', 1777793400000000000, 'm_mail'),
	('e_appeared', 'hook', 2, 'failed', 1777795300000000000, 9, 'the server says 410', 1777793400000000000, 'm_hook'),
	('e_changed', 'team', 0, 'pending', 0, 1, '', 1777794000000000000, 'm_reply'),
	('e_changed', 'lawyers', 1, 'pending', 0, 3, 'the server says 451', 1777794000000000000, 'm_mail'),
	('e_gone', 'team', 0, 'skipped', 1777795260000000000, 0, 'dismissed', 0, NULL),
	('e_blind', 'team', 0, 'pending', 0, 0, '', 1777795260000000000, NULL),
	('e_undelivered', 'team', 0, 'pending', 0, 0, '', 1777795300000000000, NULL);

INSERT INTO lease (name, holder, until, fence) VALUES ('notifier:team', 'a1b2', 1777795345000000000, 12);
