-- Pieces of work. Each has one holder at every instant, a status, and a line for everything that happened to it.

-- The last number that a provider has given to a ticket.
CREATE TABLE ticket_count (
    provider_id UUID NOT NULL PRIMARY KEY REFERENCES provider (provider_id),
    last BIGINT NOT NULL
) {strict};
{secure ticket_count shared};

CREATE TABLE ticket (
    provider_id UUID NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    -- Counted from 1 for each provider, without a hole: what people say on the phone.
    number BIGINT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL CHECK (subject <> ''),
    status TEXT NOT NULL,
    impact TEXT NOT NULL,
    urgency TEXT NOT NULL,
    priority TEXT NOT NULL,
    -- What it is routed by, besides its kind and priority; empty where it is not said.
    service TEXT NOT NULL,
    tier TEXT NOT NULL,
    site_id UUID,
    asset_class TEXT NOT NULL,
    -- For whom it is done, who wrote it down, and who of the holding team works on it first.
    requester_id UUID NOT NULL,
    submitter_id UUID,
    worker_id UUID,
    -- The version of the matrix and the row of it that named the owner; none where nothing was agreed.
    version_id UUID,
    row_name TEXT NOT NULL,
    -- The owner that it names: who answers for the outcome, and the team that takes it.
    owner_party_id UUID NOT NULL,
    owner_team_id UUID NOT NULL,
    -- When the matrix names another owner, as far as a week can be seen.
    owner_until BIGINT,
    -- Custody: who holds it, to whom it is offered and until when they are to answer, and all of it as the rule keeps it.
    party_id UUID NOT NULL,
    team_id UUID NOT NULL,
    offered_team_id UUID,
    answer_by BIGINT,
    custody TEXT NOT NULL,
    -- When something is to be looked at next without anybody asking; none once it is closed.
    timer_at BIGINT,
    -- The next promised instant; far away where nothing is promised.
    due_at BIGINT NOT NULL,
    -- Lines so far; changes whenever anything does.
    version BIGINT NOT NULL,
    opened_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    solved_at BIGINT,
    closed_at BIGINT,
    PRIMARY KEY (provider_id, id),
    UNIQUE (provider_id, number),
    FOREIGN KEY (provider_id, client_id) REFERENCES client (provider_id, id),
    FOREIGN KEY (provider_id, team_id) REFERENCES team (provider_id, id),
    FOREIGN KEY (provider_id, party_id) REFERENCES party (provider_id, id)
) {strict};
-- Lists go through these by priority and then by what is due, so that one of a rare priority is found as quickly as one of all.
CREATE INDEX ticket_by_team ON ticket (provider_id, team_id, priority, due_at, id) WHERE closed_at IS NULL;
CREATE INDEX ticket_by_offer ON ticket (provider_id, offered_team_id, answer_by, id) WHERE offered_team_id IS NOT NULL;
CREATE INDEX ticket_by_worker ON ticket (provider_id, worker_id, due_at, id) WHERE closed_at IS NULL AND worker_id IS NOT NULL;
CREATE INDEX ticket_by_due ON ticket (provider_id, priority, due_at, id) WHERE closed_at IS NULL;
-- The same for whoever reaches one client.
CREATE INDEX ticket_by_client_due ON ticket (provider_id, client_id, priority, due_at, id) WHERE closed_at IS NULL;
CREATE INDEX ticket_by_client ON ticket (provider_id, client_id, priority, id);
CREATE INDEX ticket_by_requester ON ticket (provider_id, requester_id, id);
-- A matrix names a party by what it is.
CREATE INDEX party_by_kind ON party (provider_id, kind, client_id);
CREATE INDEX ticket_by_timer ON ticket (timer_at, id) WHERE timer_at IS NOT NULL;
{secure ticket by client_id};

-- What happened to a ticket: never changed, never removed. `text` is what somebody wrote, `facts` what a program reads.
CREATE TABLE ticket_event (
    provider_id UUID NOT NULL,
    ticket_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    client_id UUID NOT NULL,
    at BIGINT NOT NULL,
    actor_id UUID,
    actor TEXT NOT NULL,
    -- The party whose line it is: whoever reads it needs to know for whom they spoke, and `party` lines are theirs alone.
    party_id UUID NOT NULL,
    visibility TEXT NOT NULL CHECK (visibility IN ('public', 'teams', 'party')),
    -- A party that reads it besides, for it is told to them: whoever a ticket is offered to.
    told_id UUID,
    -- What happened, in a word; `facts` say it whole.
    action TEXT NOT NULL,
    text TEXT NOT NULL,
    facts TEXT NOT NULL,
    PRIMARY KEY (provider_id, ticket_id, seq),
    FOREIGN KEY (provider_id, ticket_id) REFERENCES ticket (provider_id, id)
) {clustered};
{secure ticket_event by client_id};
