-- Approvals on tickets: what is asked, of whom, and what each has said.
CREATE TABLE approval (
    provider_id UUID NOT NULL,
    id UUID NOT NULL,
    ticket_id UUID NOT NULL,
    -- Counted from 1 on each ticket.
    number BIGINT NOT NULL,
    client_id UUID NOT NULL,
    question TEXT NOT NULL CHECK (question <> ''),
    text TEXT NOT NULL,
    -- Who asked; nobody where a rule of the provider did.
    asker_id UUID,
    asker TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    -- How many must say yes.
    needed BIGINT NOT NULL CHECK (needed > 0),
    until_at BIGINT NOT NULL,
    -- When somebody looks next: half way, to remind, and at the end; never once it is decided.
    look_at BIGINT,
    state TEXT NOT NULL CHECK (state IN ('open', 'granted', 'refused', 'lapsed', 'withdrawn')),
    decided_at BIGINT,
    PRIMARY KEY (provider_id, id),
    UNIQUE (provider_id, ticket_id, number),
    FOREIGN KEY (provider_id, ticket_id) REFERENCES ticket (provider_id, id)
) {strict};
CREATE INDEX approval_by_look ON approval (look_at, id) WHERE look_at IS NOT NULL;
CREATE INDEX approval_by_client ON approval (provider_id, client_id, id);
-- One at a time.
CREATE UNIQUE INDEX approval_open ON approval (provider_id, ticket_id) WHERE state = 'open';
{secure approval by client_id};

CREATE TABLE approval_asked (
    provider_id UUID NOT NULL,
    approval_id UUID NOT NULL,
    -- Counted from 1 in each approval.
    place BIGINT NOT NULL,
    client_id UUID NOT NULL,
    ticket_id UUID NOT NULL,
    -- Whose word it is, and what they were called then.
    membership_id UUID NOT NULL,
    name TEXT NOT NULL,
    -- Who was asked first and named them in their own place.
    passed_by UUID,
    passed_name TEXT NOT NULL,
    -- Whether the request is their own: they are all that the client has.
    own BOOLEAN NOT NULL,
    answer TEXT CHECK (answer IN ('yes', 'no')),
    reason TEXT NOT NULL,
    answered_at BIGINT,
    -- Until when their word is waited for; not at all once they have said it, and once it is decided.
    waits_until BIGINT,
    PRIMARY KEY (provider_id, approval_id, place),
    FOREIGN KEY (provider_id, approval_id) REFERENCES approval (provider_id, id),
    FOREIGN KEY (provider_id, membership_id) REFERENCES membership (provider_id, id)
) {strict};
CREATE INDEX approval_asked_by_ticket ON approval_asked (provider_id, ticket_id, membership_id);
CREATE INDEX approval_asked_waiting ON approval_asked (provider_id, membership_id, waits_until, approval_id) WHERE waits_until IS NOT NULL;
{secure approval_asked by client_id};

-- What is asked of the client's approvers when a ticket of a kind and a service is opened.
CREATE TABLE approval_rule (
    provider_id UUID NOT NULL REFERENCES provider (provider_id),
    kind TEXT NOT NULL CHECK (kind IN ('request', 'change')),
    -- A service of the catalogue and those below it; empty for any.
    service TEXT NOT NULL,
    question TEXT NOT NULL CHECK (question <> ''),
    -- How many must say yes; 0 for all.
    needed BIGINT NOT NULL,
    hours BIGINT NOT NULL,
    version BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, kind, service)
) {strict};
{secure approval_rule shared};
