-- By which words texts are found. Nothing here cannot be made again out of the texts.

{only sqlite}
-- The number of a provider in the index: entries of all of them stand in one, each provider's together.
CREATE TABLE index_provider (
    provider_id UUID NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL UNIQUE
) {strict};

-- Entries that are not in the index yet. Every search reads them too, so there are never many.
CREATE TABLE index_waiting (
    doc INTEGER NOT NULL PRIMARY KEY,
    tokens TEXT NOT NULL
) {strict};

-- The words that there are, so that unfinished and mistyped ones are looked up and not tried.
CREATE TABLE index_word (
    provider INTEGER NOT NULL,
    word TEXT NOT NULL,
    PRIMARY KEY (provider, word)
) {clustered};

CREATE VIRTUAL TABLE index_text USING fts5 (tokens, content = '', detail = none, tokenize = "ascii tokenchars '_'");
{end}
{only postgres}
CREATE TABLE index_text (
    provider_id UUID NOT NULL,
    place BIGINT NOT NULL,
    client_id UUID NOT NULL,
    tokens TSVECTOR NOT NULL,
    PRIMARY KEY (provider_id, place)
);
CREATE INDEX index_text_tokens ON index_text USING gin (tokens);
{secure index_text by client_id};
-- The condition that the index serves has to stand here: behind the rule above, nobody would use the index for it.
CREATE POLICY index_text_words ON index_text AS RESTRICTIVE FOR SELECT
    USING (tokens @@ (SELECT CAST(NULLIF(current_setting('remit.words', true), '') AS tsquery)));
{end}
