-- Who serves, who is served, who works there, who may see what, and what was done.

CREATE TABLE provider (
    provider_id UUID NOT NULL PRIMARY KEY,
    name TEXT NOT NULL CHECK (name <> ''),
    zone TEXT NOT NULL,
    created_at BIGINT NOT NULL
) {strict};
{secure provider shared};

CREATE TABLE client (
    provider_id UUID NOT NULL REFERENCES provider (provider_id),
    id UUID NOT NULL,
    name TEXT NOT NULL CHECK (name <> ''),
    folded TEXT NOT NULL,
    zone TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('active', 'suspended', 'left')),
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, id),
    UNIQUE (provider_id, folded)
) {strict};

-- Which clients a membership reaches, for those that do not reach all.
CREATE TABLE reach (
    provider_id UUID NOT NULL,
    membership_id UUID NOT NULL,
    client_id UUID NOT NULL,
    PRIMARY KEY (provider_id, membership_id, client_id),
    FOREIGN KEY (provider_id, client_id) REFERENCES client (provider_id, id)
) {clustered};
{secure reach by-membership};
{secure client by id};

-- How a client is served, dated. Switching is a new row, never a change of an old one.
CREATE TABLE agreement (
    provider_id UUID NOT NULL,
    client_id UUID NOT NULL,
    model TEXT NOT NULL CHECK (model IN ('fully-managed', 'co-managed')),
    arrangements TEXT NOT NULL,
    starts_on TEXT NOT NULL,
    starts_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, client_id, starts_at),
    FOREIGN KEY (provider_id, client_id) REFERENCES client (provider_id, id)
) {strict};
{secure agreement by client_id};

CREATE TABLE site (
    provider_id UUID NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    slug TEXT NOT NULL,
    name TEXT NOT NULL CHECK (name <> ''),
    zone TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (provider_id, id),
    UNIQUE (provider_id, client_id, slug),
    FOREIGN KEY (provider_id, client_id) REFERENCES client (provider_id, id)
) {strict};
{secure site by client_id};

-- Who can own: the provider, the internal IT of a client, a vendor. The client is empty for all but internal IT.
CREATE TABLE party (
    provider_id UUID NOT NULL REFERENCES provider (provider_id),
    id UUID NOT NULL,
    client_id UUID,
    slug TEXT NOT NULL,
    name TEXT NOT NULL CHECK (name <> ''),
    kind TEXT NOT NULL CHECK (kind IN ('provider', 'internal', 'vendor')),
    PRIMARY KEY (provider_id, id),
    FOREIGN KEY (provider_id, client_id) REFERENCES client (provider_id, id),
    CHECK ((kind = 'internal') = (client_id IS NOT NULL))
) {strict};
CREATE UNIQUE INDEX party_by_slug ON party (provider_id, client_id, slug);
{secure party by client_id?};

CREATE TABLE team (
    provider_id UUID NOT NULL,
    id UUID NOT NULL,
    party_id UUID NOT NULL,
    client_id UUID,
    slug TEXT NOT NULL,
    name TEXT NOT NULL CHECK (name <> ''),
    zone TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (provider_id, id),
    UNIQUE (provider_id, party_id, slug),
    FOREIGN KEY (provider_id, party_id) REFERENCES party (provider_id, id)
) {strict};
{secure team by client_id?};

-- Somebody who may sign in. What others see of them stands in their memberships.
CREATE TABLE person (
    provider_id UUID NOT NULL REFERENCES provider (provider_id),
    id UUID NOT NULL,
    email TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, id),
    UNIQUE (provider_id, email)
) {strict};
{secure person system};

-- A person as part of a party, in one role. The client is empty for people of the provider and of vendors.
CREATE TABLE membership (
    provider_id UUID NOT NULL,
    id UUID NOT NULL,
    person_id UUID NOT NULL,
    party_id UUID NOT NULL,
    client_id UUID,
    role TEXT NOT NULL,
    name TEXT NOT NULL CHECK (name <> ''),
    folded TEXT NOT NULL,
    email TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('invited', 'active', 'suspended', 'left')),
    everywhere BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, id),
    UNIQUE (provider_id, person_id, party_id, role),
    FOREIGN KEY (provider_id, person_id) REFERENCES person (provider_id, id),
    FOREIGN KEY (provider_id, party_id) REFERENCES party (provider_id, id),
    FOREIGN KEY (provider_id, client_id) REFERENCES client (provider_id, id)
) {strict};
CREATE INDEX membership_by_name ON membership (provider_id, folded, id);
CREATE INDEX membership_by_client ON membership (provider_id, client_id, folded, id);
{secure membership by client_id?};

CREATE TABLE team_member (
    provider_id UUID NOT NULL,
    team_id UUID NOT NULL,
    membership_id UUID NOT NULL,
    client_id UUID,
    PRIMARY KEY (provider_id, team_id, membership_id),
    FOREIGN KEY (provider_id, team_id) REFERENCES team (provider_id, id),
    FOREIGN KEY (provider_id, membership_id) REFERENCES membership (provider_id, id)
) {clustered};
{secure team_member by client_id?};

-- One line for everything that changed and every reading of something sensitive, each sealed with the one before.
CREATE TABLE audit (
    provider_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor_id UUID,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    client_id UUID,
    detail TEXT NOT NULL,
    seal BYTEA NOT NULL,
    PRIMARY KEY (provider_id, seq)
) {strict};
CREATE INDEX audit_by_client ON audit (provider_id, client_id, seq);
{secure audit append client_id};

-- The last line of each log, so that cutting its end off shows.
CREATE TABLE audit_head (
    provider_id UUID NOT NULL PRIMARY KEY REFERENCES provider (provider_id),
    seq BIGINT NOT NULL,
    last BYTEA NOT NULL,
    seal BYTEA NOT NULL
) {strict};
{secure audit_head shared};
