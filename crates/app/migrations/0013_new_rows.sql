-- Who may see a row is not always who may add one. Where a statement forgets to say for which client it adds, the database says so too:
-- what belongs to the provider is added by those who reach all of it, work only for clients within reach, and nobody widens their own reach.
{secure team new client_id};
{secure team_member new client_id};
{secure party new client_id};
{secure membership new client_id};
{secure job new client_id?};
{secure reach given};
