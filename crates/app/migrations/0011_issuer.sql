-- Signing in through what a party has: its issuer vouches for its people. Found across scopes only, as everything before sign-in is.

-- The issuer of a party, and as what Remit is known there. The secret is sealed with a key that is not in the database.
CREATE TABLE issuer (
    provider_id UUID NOT NULL,
    party_id UUID NOT NULL,
    url TEXT NOT NULL,
    audience TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    -- What the token says where a second factor was asked for; empty where it never counts.
    strong TEXT NOT NULL,
    -- What stands on the button of the page to sign in; empty where there is none.
    label TEXT NOT NULL,
    required BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, party_id),
    FOREIGN KEY (provider_id, party_id) REFERENCES party (provider_id, id)
) {strict};
{secure issuer system};

-- For whose addresses an issuer may speak.
CREATE TABLE vouched_domain (
    provider_id UUID NOT NULL,
    domain TEXT NOT NULL,
    party_id UUID NOT NULL,
    PRIMARY KEY (provider_id, domain),
    FOREIGN KEY (provider_id, party_id) REFERENCES party (provider_id, id)
) {clustered};
CREATE INDEX vouched_domain_by_name ON vouched_domain (domain);
CREATE INDEX vouched_domain_by_party ON vouched_domain (provider_id, party_id);
{secure vouched_domain system};

-- An account at an issuer, and whose it is in that party.
CREATE TABLE identity (
    provider_id UUID NOT NULL,
    party_id UUID NOT NULL,
    url TEXT NOT NULL,
    subject TEXT NOT NULL,
    person_id UUID NOT NULL,
    made_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, party_id, url, subject),
    UNIQUE (provider_id, party_id, url, person_id),
    FOREIGN KEY (provider_id, person_id) REFERENCES person (provider_id, id)
) {strict};
{secure identity system};

-- Somebody who is on the way to an issuer and back. The membership is there where an account is linked, not signed in with.
CREATE TABLE trip (
    provider_id UUID NOT NULL,
    hash BYTEA NOT NULL,
    browser BYTEA NOT NULL,
    party_id UUID NOT NULL,
    membership_id UUID,
    next TEXT NOT NULL,
    ends_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, hash)
) {clustered};
{secure trip system};

-- The party whose issuer has vouched for it. Such a session stays within the party.
ALTER TABLE session ADD COLUMN vouched_by UUID;
ALTER TABLE half_session ADD COLUMN vouched_by UUID;
-- Whether a link was sent by mail. Those of the operator are good where a party has its people come through its issuer.
ALTER TABLE link ADD COLUMN mailed BOOLEAN NOT NULL DEFAULT FALSE;
