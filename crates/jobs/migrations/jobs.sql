-- Work that is done later. Added by the unit of work that causes it, changed by workers alone.

CREATE TABLE job (
    -- The zero id is the installation itself.
    provider_id UUID NOT NULL,
    id UUID NOT NULL,
    client_id UUID,
    queue TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- JSON; gone once it is done.
    payload TEXT,
    -- The same deed twice is one job.
    deed TEXT,
    -- When it may begin; once somebody has it, when their lease ends.
    due_at BIGINT NOT NULL,
    -- Tries that were begun.
    tries BIGINT NOT NULL DEFAULT 0,
    holder UUID,
    made_at BIGINT NOT NULL,
    ended_at BIGINT,
    -- done, dead
    outcome TEXT,
    last_error TEXT,
    PRIMARY KEY (id),
    UNIQUE (provider_id, deed)
) {strict};
CREATE INDEX job_next ON job (queue, due_at) WHERE ended_at IS NULL;
CREATE INDEX job_turn ON job (queue, provider_id, due_at, id) WHERE ended_at IS NULL;
CREATE INDEX job_held ON job (holder) WHERE holder IS NOT NULL;
CREATE INDEX job_ended ON job (outcome, ended_at) WHERE ended_at IS NOT NULL;
{secure job queue client_id};

-- Work that comes again.
CREATE TABLE schedule (
    provider_id UUID NOT NULL,
    name TEXT NOT NULL,
    client_id UUID,
    queue TEXT NOT NULL,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    recurrence TEXT NOT NULL,
    next_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, name)
) {strict};
CREATE INDEX schedule_next ON schedule (next_at);
{secure schedule whole};
