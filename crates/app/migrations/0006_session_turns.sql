-- Sessions get new secrets. The next one counts from its first use on, so that a lost answer signs nobody out; the one before stays good for
-- some seconds, for what was asked at the same time.
ALTER TABLE session ADD COLUMN next_hash BYTEA;
ALTER TABLE session ADD COLUMN next_at BIGINT;
ALTER TABLE session ADD COLUMN old_hash BYTEA;
ALTER TABLE session ADD COLUMN turned_at BIGINT;
CREATE INDEX session_by_next ON session (provider_id, next_hash);
CREATE INDEX session_by_old ON session (provider_id, old_hash);
