-- Which priority follows from impact and urgency, where a provider has its own table: nine words, impact by impact, most pressing first.
CREATE TABLE priority_table (
    provider_id UUID NOT NULL PRIMARY KEY REFERENCES provider (provider_id),
    cells TEXT NOT NULL
) {strict};
{secure priority_table shared};
