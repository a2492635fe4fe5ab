-- What was answered to a request with an Idempotency-Key, so that the same request is not done twice. `id` is a hash of the caller and
-- the key, `request` one of the request. Kept for a day.
CREATE TABLE api_answer (
    provider_id UUID NOT NULL REFERENCES provider (provider_id),
    id BYTEA NOT NULL,
    request BYTEA NOT NULL,
    answer TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, id)
) {strict};
CREATE INDEX api_answer_by_age ON api_answer (made_at);
{secure api_answer system};
