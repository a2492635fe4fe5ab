-- What is promised, to whom, for what, and in which hours. All of it is dated and only ever added to.

ALTER TABLE agreement ADD COLUMN tier TEXT NOT NULL DEFAULT '';

-- Another id whenever anything changes that promised time depends on: whoever has compiled it sees whether it still holds.
CREATE TABLE promise_turn (
    provider_id UUID NOT NULL PRIMARY KEY REFERENCES provider (provider_id),
    turn UUID NOT NULL
) {strict};
{secure promise_turn shared};

CREATE TABLE promise_rule (
    provider_id UUID NOT NULL,
    id UUID NOT NULL,
    -- The client that it is about; none for all.
    client_id UUID,
    starts_at BIGINT NOT NULL,
    -- Promise, scope and term, as remit-promise reads them.
    rule TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    PRIMARY KEY (provider_id, id),
    FOREIGN KEY (provider_id, client_id) REFERENCES client (provider_id, id)
) {strict};
CREATE INDEX promise_rule_by_start ON promise_rule (provider_id, starts_at, id);
{secure promise_rule by client_id?};
-- What holds for all is added by those who reach all.
{secure promise_rule new client_id};

-- Hours in which promises count: everybody's, a client's, or a party's.
CREATE TABLE promise_calendar (
    provider_id UUID NOT NULL,
    id UUID NOT NULL,
    client_id UUID,
    party_id UUID,
    name TEXT NOT NULL,
    starts_at BIGINT NOT NULL,
    -- Zone, week, holidays and days, as the text of a matrix has them.
    hours TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    PRIMARY KEY (provider_id, id),
    FOREIGN KEY (provider_id, client_id) REFERENCES client (provider_id, id)
) {strict};
CREATE INDEX promise_calendar_by_name ON promise_calendar (provider_id, name, starts_at, id);
{secure promise_calendar by client_id?};
{secure promise_calendar new client_id};

-- The clocks of a ticket as its lines gave them, when, and under which turn: they can be thrown away and reckoned again.
ALTER TABLE ticket ADD COLUMN clocks TEXT NOT NULL DEFAULT '[]';
ALTER TABLE ticket ADD COLUMN clocked_at BIGINT;
ALTER TABLE ticket ADD COLUMN clocked_by UUID;
-- Of which promise `due_at` is; empty where nothing is promised.
ALTER TABLE ticket ADD COLUMN due_what TEXT NOT NULL DEFAULT '';
