//! On PostgreSQL, with the words on its scope taken out of any statement, row-level security still refuses.
//!
//! Every statement of the sources that is bound to a scope is run three ways, with values out of rows of the first provider. As whoever
//! those rows belong to it does something, so the values are good ones. As each kind of stranger it is run as it is written, and then
//! without the words on its scope: that must give and do nothing more. All that is done is taken back.

mod desk;

use std::collections::{BTreeMap, BTreeSet};

use remit_core::Id;
use remit_db::testing::{Words, Written};
use remit_db::{Engine, Error, Reach, Scope, Tx, Value};
use uuid::Uuid;

use super::parameters::{Named, Read, Rows};
use super::sources;
use crate::act::Caller;
use crate::people::{self, Invitation, PartyKind, Role};
use crate::testing::{TestApp, on_each};
use crate::{clients, demo, matrix, notices, promises};

/// Rows out of which each statement is tried.
const TRIES: usize = 4;

/// Somebody to whom rows of the first provider do not belong.
struct Stranger {
    name: &'static str,
    scope: Scope,
    /// The clients within their reach; none for those of another provider, to whom nothing belongs at all.
    clients: Option<Vec<Uuid>>,
}

struct World {
    home: Uuid,
    rows: Rows,
    strangers: Vec<Stranger>,
}

fn client_of(table: &str, row: &Named<'_>) -> Option<Value> {
    row.get(if table == "client" { "id" } else { "client_id" }).cloned()
}

impl Stranger {
    /// Whether a row is none of theirs.
    fn lacks(&self, table: &str, row: Named<'_>) -> bool {
        let Some(own) = &self.clients else { return true };
        matches!(client_of(table, &row), Some(Value::Uuid(client)) if !own.contains(&client))
    }

    /// Whether a statement can be about something that is not theirs.
    fn concerned(&self, read: &Read) -> bool {
        // What is shared within a provider is nobody's own there, and what is the provider's as a whole is refused to all others before
        // there is a statement: `Tx::whole`.
        self.clients.is_none() || read.written == Written::Reached
    }
}

#[test]
fn no_statement_without_the_words_on_its_scope_does_more_than_with_them() {
    on_each(async |test| {
        if test.app.db.engine() == Engine::Sqlite {
            return;
        }
        let world = World::new(test).await;
        let mut faults = Vec::new();
        let all: BTreeMap<String, Read> = sources()
            .into_iter()
            .filter(|(written, _)| *written != Written::System)
            .map(|(written, sql)| (sql.clone(), Read::of(written, &sql)))
            .collect();
        assert!(all.len() > 60, "only {} statements were found", all.len());
        for read in all.values() {
            faults.extend(world.judge(test, read).await);
        }
        assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    });
}

impl World {
    async fn judge(&self, test: &TestApp, read: &Read) -> Vec<String> {
        let mut faults = Vec::new();
        for stranger in self.strangers.iter().filter(|stranger| stranger.concerned(read)) {
            let found = if read.adds() {
                self.added(test, read, stranger).await
            } else {
                self.found(test, read, stranger).await
            };
            let told = |fault: String| format!("{}: {fault}\n    {}", stranger.name, read.text);
            faults.extend(found.err().map(told));
        }
        faults
    }

    /// Tries a statement that reads, changes or removes.
    async fn found(&self, test: &TestApp, read: &Read, stranger: &Stranger) -> Result<(), String> {
        // Which rows it changes is told as well.
        let gives = read.text.starts_with("SELECT") || read.text.contains(" RETURNING ");
        let mut sql = if gives { read.text.clone() } else { format!("{} RETURNING provider_id", read.text) };
        if !sql.contains(" ORDER BY ") {
            // Any row will do for it, so which one it gives says nothing.
            sql = sql.replace(" LIMIT 1", "");
        }
        let values = read.values(&self.rows, |table, row| stranger.lacks(table, row));
        let home = Scope::all(self.home);
        let asked: Vec<_> = values.iter().map(|own| (Words::Kept, own.clone())).collect();
        let hits = attempts(test, home, &sql, asked, TRIES).await;
        let hits: Vec<Vec<Value>> = hits.into_iter().map(|(n, _)| values[n].clone()).collect();
        if hits.is_empty() {
            return Err(format!(
                "not tried: it does nothing for whoever the rows belong to, with {} values",
                values.len()
            ));
        }
        let foreign = self.foreign(stranger);
        let provider = stranger.scope.provider();
        for own in hits {
            let asked = vec![(Words::Kept, own.clone()), (Words::Forgotten { provider }, own.clone())];
            let seen = attempts(test, stranger.scope, &sql, asked, 2).await;
            let of = |n: usize| seen.iter().find(|(place, _)| *place == n).map(|(_, rows)| rows.clone());
            let (with, without) = (of(0), of(1));
            if with != without {
                return Err(format!("with {own:?}: {with:?}, and without the words {without:?}"));
            }
            let leaked =
                without.into_iter().flatten().flatten().find(|value| foreign.contains(&format!("{value:?}")));
            if let Some(leaked) = leaked {
                return Err(format!("with {own:?} it gives {leaked:?}"));
            }
        }
        Ok(())
    }

    /// Tries a statement that adds rows: for another provider, and for clients that it must not be for.
    async fn added(&self, test: &TestApp, read: &Read, stranger: &Stranger) -> Result<(), String> {
        let values = read.values(&self.rows, |_, _| true);
        let home = Scope::all(self.home);
        let passes = |result: &Result<_, Error>| *result != Err(Error::OutOfReach);
        let step = (values.len() / 8).max(1);
        let mut tried = 0;
        for own in values.iter().step_by(step) {
            let control = attempt(test, home, read, Words::Kept, own.clone()).await;
            if !passes(&control) {
                continue;
            }
            for (words, own) in self.wrong(read, stranger, own) {
                let kept = match words {
                    Words::Kept => unreachable!("it is to be forgotten"),
                    // The words would have bound their own.
                    Words::Forgotten { provider } if provider != stranger.scope.provider() => true,
                    Words::Forgotten { .. } => {
                        !passes(&attempt(test, stranger.scope, read, Words::Kept, own.clone()).await)
                    }
                };
                if !kept {
                    continue;
                }
                tried += 1;
                let done = attempt(test, stranger.scope, read, words, own.clone()).await;
                if passes(&done) {
                    return Err(format!("with {own:?}: {done:?}"));
                }
            }
        }
        if tried == 0 { Err(format!("not tried, with {} values", values.len())) } else { Ok(()) }
    }

    /// What a stranger must not add, made of what may be added: the same, for their own membership, for another client, for none.
    fn wrong(&self, read: &Read, stranger: &Stranger, own: &[Value]) -> Vec<(Words, Vec<Value>)> {
        let Some(clients) = &stranger.clients else {
            return vec![(Words::Forgotten { provider: self.home }, own.to_vec())];
        };
        let words = Words::Forgotten { provider: stranger.scope.provider() };
        let Some(client) = read.parameters.iter().position(|parameter| parameter.guarded) else {
            return Vec::new();
        };
        let others = self.rows["client"].rows.iter().map(|row| Named(&self.rows["client"], row));
        let mut others = others.filter_map(|row| client_of("client", &row));
        let other = others.find(|id| matches!(id, Value::Uuid(id) if !clients.contains(id)));
        let mut wrong = Vec::new();
        // Work for no client is everybody's to cause: another statement adds it.
        let none = Some(Value::Null).filter(|_| read.table != "job");
        for value in other.into_iter().chain(none) {
            let mut values = own.to_vec();
            values[client] = value;
            wrong.push((words, values.clone()));
            let membership = read.parameters.iter().position(|one| one.column() == "membership_id");
            if let (Some(place), Reach::Listed(membership)) = (membership, stranger.scope.reach()) {
                values[place] = Value::Uuid(membership);
                wrong.push((words, values));
            }
        }
        wrong
    }

    /// The ids of what is none of theirs.
    fn foreign(&self, stranger: &Stranger) -> BTreeSet<String> {
        let mut ids = BTreeSet::new();
        for (name, table) in &self.rows {
            for row in table.rows.iter().map(|row| Named(table, row)).filter(|row| stranger.lacks(name, *row))
            {
                ids.extend(row.get("id").map(|id| format!("{id:?}")));
            }
        }
        ids
    }
}

/// What a statement does with each of some values, with its place among them: of those that do something, so many at most.
async fn attempts(
    test: &TestApp,
    scope: Scope,
    sql: &str,
    asked: Vec<(Words, Vec<Value>)>,
    most: usize,
) -> Vec<(usize, Vec<Vec<Value>>)> {
    let sql = sql.to_owned();
    let run = move |tx: &mut Tx<'_, '_>| {
        let mut done = Vec::new();
        for (n, (words, own)) in asked.iter().enumerate() {
            match tx.attempt(&sql, *words, own) {
                Ok(mut rows) if !rows.is_empty() => {
                    rows.sort_by_key(|row| format!("{row:?}"));
                    done.push((n, rows));
                }
                Ok(_) | Err(Error::OutOfReach | Error::ForeignKey | Error::Check(_)) => {}
                Err(error) => panic!("{error}: {sql} with {own:?}"),
            }
            if done.len() == most {
                break;
            }
        }
        Ok::<_, Error>(done)
    };
    test.app.db.write(scope, run).await.unwrap()
}

async fn attempt(
    test: &TestApp,
    scope: Scope,
    read: &Read,
    words: Words,
    own: Vec<Value>,
) -> Result<Vec<Vec<Value>>, Error> {
    let sql = read.text.clone();
    let run = move |tx: &mut Tx<'_, '_>| Ok::<_, Error>(tx.attempt(&sql, words, &own));
    test.app.db.write(scope, run).await.unwrap()
}

impl World {
    async fn new(test: &TestApp) -> Self {
        let made = demo::make(&test.app).await.unwrap();
        let home = made.provider.uuid();
        fill(test, made.provider).await;
        // A log never has such a line, and there is a statement that looks for one.
        test.home().tamper(
            "INSERT INTO audit SELECT provider_id, 0, at, actor_id, actor, action, subject, client_id, detail, seal FROM audit \
             WHERE seq = 1",
        );
        let of = |role| made.roles.iter().find(|member| member.role == role).expect("each role is there");
        let own = of(Role::ClientIt).client.expect("they are of a client").uuid();
        let abroad = of(Role::OffshoreTechnician).id.uuid();
        let rows = all_rows(test, home).await;
        let listed = |row: Named<'_>| row.get("membership_id") == Some(&Value::Uuid(abroad));
        let reach = &rows["reach"];
        let listed: Vec<Uuid> = reach
            .rows
            .iter()
            .map(|row| Named(reach, row))
            .filter(|row| listed(*row))
            .filter_map(|row| if let Some(Value::Uuid(id)) = row.get("client_id") { Some(*id) } else { None })
            .collect();
        assert!(!listed.is_empty() && !listed.contains(&own) || listed.len() > 1);
        let strangers = vec![
            Stranger {
                name: "the owner of another provider",
                scope: Scope::all(test.provider.uuid()),
                clients: None,
            },
            Stranger {
                name: "somebody of one client",
                scope: Scope::client(home, own),
                clients: Some(vec![own]),
            },
            Stranger {
                name: "somebody with a list of clients",
                scope: Scope::listed(home, abroad),
                clients: Some(listed),
            },
        ];
        Self { home, rows, strangers }
    }
}

/// What the demo does not have: at a client out of the strangers' reach a team with a member, somebody with two memberships, somebody
/// who has left, a proposal that nobody has signed, and jobs.
async fn fill(test: &TestApp, provider: Id<people::Provider>) {
    let operator = Caller::operator(provider);
    let fill = |tx: &mut Tx<'_, '_>, act: &crate::Act| {
        let today: remit_core::Date = "2026-12-01".parse().expect("it is a date");
        for client in clients::list(tx, act, None, 50)? {
            let parties = people::list_parties(tx, Some(client.id))?;
            let internal =
                parties.iter().find(|(_, kind, _)| *kind == PartyKind::Internal).expect("it is there").0;
            let of = |role: Role, email: &str| Invitation {
                party: internal,
                role,
                name: "Somebody Twice".to_owned(),
                email: email.to_owned(),
                everywhere: false,
                clients: Vec::new(),
            };
            let email = format!("twice@{}.example", client.id);
            let one = people::invite(tx, act, &of(Role::Requester, &email))?;
            people::invite(tx, act, &of(Role::ClientLeadership, &email))?;
            let gone = people::invite(tx, act, &of(Role::Requester, &format!("gone@{}.example", client.id)))?;
            let seen = people::seen(&people::holds(tx, act, gone)?);
            people::leave(tx, act, gone, &people::Departure { successor: None, seen })?;
            let team = people::found_team(tx, act, internal, "Night desk", "UTC")?;
            people::join_team(tx, act, team, one)?;
            if let Some(draft) = matrix::draft(tx, act, client.id)? {
                // One has a hole, and is not taken.
                let _ =
                    matrix::propose(tx, act, client.id, draft.version, &matrix::check(&draft.text, today));
            }
        }
        let parties = people::list_parties(tx, None)?;
        let own = parties.iter().find(|(_, kind, _)| *kind == PartyKind::Provider).expect("it is there").0;
        let clerk = Invitation {
            party: own,
            role: Role::Billing,
            name: "Somebody New".to_owned(),
            email: "new@lanternworks.example".to_owned(),
            everywhere: true,
            clients: Vec::new(),
        };
        people::invite(tx, act, &clerk)
    };
    test.app.write(&operator, fill).await.unwrap();
    desk::tickets(test, &operator).await;
    desk::late(test, &operator).await;
}

/// A rule about one client.
fn update(client: Id<clients::Client>) -> promises::NewRule {
    promises::NewRule {
        promise: remit_promise::Promise::UPDATE,
        client: Some(client),
        tier: String::new(),
        service: String::new(),
        priority: None,
        party: None,
        from: None,
        term: remit_promise::Term::NoPromise,
    }
}

/// All rows of a provider.
async fn all_rows(test: &TestApp, provider: Uuid) -> Rows {
    let read = move |tx: &mut Tx<'_, '_, remit_db::statement::System>| {
        let list = "SELECT CAST(c.relname AS TEXT), CAST(a.attname AS TEXT) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid \
                    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname NOT IN ('schema_migration', 'index_text') \
                    AND a.attnum > 0 AND NOT a.attisdropped ORDER BY c.relname, a.attnum";
        let mut rows = Rows::new();
        for row in tx.attempt(list, Words::Kept, &[])? {
            let [Value::Text(table), Value::Text(column)] = row.as_slice() else { panic!("{row:?}") };
            rows.entry(table.clone()).or_default().columns.push(column.clone());
        }
        for (name, table) in &mut rows {
            let sql =
                format!("SELECT {} FROM {name} WHERE provider_id = '{provider}'", table.columns.join(", "));
            table.rows = tx.attempt(&sql, Words::Kept, &[])?;
        }
        Ok::<_, Error>(rows)
    };
    test.app.db.system("a test", read).await.unwrap()
}
