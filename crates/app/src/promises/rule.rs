//! Rules: how long something may take, for which tickets, from when on.

use remit_core::{At, Id, Millis, Slug};
use remit_db::{Error, FromRow, Row, Tx, sql};
use remit_promise::{ClientId, Kind, PartyId, Promise, Scope, Target, Term, Within};

use super::{Rule, compiled, turned, words};
use crate::act::Act;
use crate::audit::{self, Event};
use crate::clients::{self, Client};
use crate::people::{Party, PartyKind, Permission, list_parties};
use crate::refused::{Faults, Field, Refused};
use crate::tickets::{self, Priority};

/// A rule that is to be added.
#[derive(Debug, Clone)]
pub struct NewRule {
    /// What is promised.
    pub promise: Promise,
    /// To which client; to all with `None`.
    pub client: Option<Id<Client>>,
    /// For which tier of the agreement; empty for all.
    pub tier: String,
    /// For which service and all below it; empty for all.
    pub service: String,
    /// For which priority.
    pub priority: Option<Priority>,
    /// Of an OLA or a UC by which party, of an SLA while which party holds.
    pub party: Option<Id<Party>>,
    /// From when on; now when absent.
    pub from: Option<At>,
    /// What is said.
    pub term: Term,
}

/// A rule as it is listed.
#[derive(Debug, Clone)]
pub struct ListedRule {
    /// Its id.
    pub id: Id<Rule>,
    /// To which client.
    pub client: Option<Id<Client>>,
    /// What it says.
    pub rule: remit_promise::Rule,
    /// When it was written.
    pub created_at: At,
    /// By whom.
    pub created_by: String,
}

impl FromRow for ListedRule {
    fn from_row(mut row: Row) -> Result<Self, Error> {
        let rule: String = row.get(2)?;
        Ok(Self {
            id: row.get(0)?,
            client: row.get(1)?,
            rule: serde_json::from_str(&rule)
                .map_err(|e| Error::Other(format!("a rule cannot be read: {e}")))?,
            created_at: row.get(3)?,
            created_by: row.get(4)?,
        })
    }
}

/// Adds a rule. It is refused when it and another say different things about the same tickets and neither is narrower.
pub fn add_rule(tx: &mut Tx<'_, '_>, act: &Act, new: &NewRule) -> Result<Id<Rule>, Refused> {
    act.require(Permission::ManageClients)?;
    reached(tx, act, new.client)?;
    let from = new.from.unwrap_or(act.at);
    let rule = checked(tx, new, (act.at, from))?;
    let id = insert(tx, act, new.client, &rule)?;
    compiled::checked(tx, act, new.client)
        .map_err(|words| Refused::Invalid(vec![Field::new("promise", words)]))?;
    tickets::reckon_again(tx, act, new.client)?;
    let detail = words::rule(&rule);
    let subject = id.to_string();
    audit::note(tx, act, Event { action: "promise.rule", subject, client: new.client, detail: &detail })?;
    Ok(id)
}

/// One rule.
pub fn find_rule(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Rule>) -> Result<ListedRule, Refused> {
    act.require(Permission::ReadClients)?;
    let find = sql!(
        "SELECT id, client_id, rule, created_at, created_by FROM promise_rule WHERE provider_id = $1 AND {reach?: client_id} AND id = $2"
    );
    tx.find(find, (id,))?.ok_or(Refused::NotFound)
}

/// Takes a rule back from now on: a wider one speaks again, if there is one. Says the client that it was about.
pub fn end_rule(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Rule>) -> Result<Option<Id<Client>>, Refused> {
    act.require(Permission::ManageClients)?;
    let ListedRule { client, rule, .. } = find_rule(tx, act, id)?;
    let now = rules(tx, act, client)?;
    let last =
        now.iter().rfind(|other| (other.rule.promise, &other.rule.scope) == (rule.promise, &rule.scope));
    if last.is_none_or(|last| last.id != id || last.rule.term == Term::Withdrawn) {
        return Err(Refused::Conflict(
            "it is over already: a later rule speaks about the same tickets".to_owned(),
        ));
    }
    let end = remit_promise::Rule {
        from: act.at.max(rule.from + Millis::from_millis(1)),
        term: Term::Withdrawn,
        ..rule
    };
    insert(tx, act, client, &end)?;
    compiled::checked(tx, act, client).map_err(Refused::Conflict)?;
    tickets::reckon_again(tx, act, client)?;
    let detail = words::rule(&end);
    audit::note(tx, act, Event { action: "promise.end", subject: id.to_string(), client, detail: &detail })?;
    Ok(client)
}

/// All rules that can speak about a client's tickets, in the order of time: everybody's and its own. With `None` everybody's alone.
pub fn rules(tx: &mut Tx<'_, '_>, act: &Act, client: Option<Id<Client>>) -> Result<Vec<ListedRule>, Refused> {
    act.require(Permission::ReadClients)?;
    of_client(tx, client)
}

/// The most rules that are read at once; [`remit_promise::Policy::MOST`] and one, so that too many are seen.
const MOST: u16 = 4097;

pub(super) fn of_client(tx: &mut Tx<'_, '_>, client: Option<Id<Client>>) -> Result<Vec<ListedRule>, Refused> {
    let list = sql!(
        "SELECT id, client_id, rule, created_at, created_by FROM promise_rule WHERE provider_id = $1 AND {reach?: client_id} \
         AND (client_id IS NULL OR client_id = $2) ORDER BY starts_at, id LIMIT $3"
    );
    Ok(tx.rows(list, (client, MOST))?)
}

/// Those of all clients, for a rule that is about all of them.
pub(super) fn of_all(tx: &mut Tx<'_, '_>) -> Result<Vec<ListedRule>, Refused> {
    let list = sql!(
        "SELECT id, client_id, rule, created_at, created_by FROM promise_rule WHERE provider_id = $1 AND {reach?: client_id} \
         ORDER BY starts_at, id LIMIT $2"
    );
    Ok(tx.rows(list, (MOST,))?)
}

fn checked(
    tx: &mut Tx<'_, '_>,
    new: &NewRule,
    (now, from): (At, At),
) -> Result<remit_promise::Rule, Refused> {
    let mut faults = Faults::default();
    let service = faults.take("service", tickets::service(&new.service)).unwrap_or_default();
    let tier = match new.tier.trim() {
        "" => None,
        tier => faults.take("tier", Slug::parse(tier)).map(|slug| slug.to_string()),
    };
    if from < now {
        faults.take::<(), _>(
            "from",
            Err("a rule cannot begin in the past: what was counted stays as it was counted"),
        );
    }
    if let Some(party) = new.party {
        let known = list_parties(tx, new.client)?;
        let kind = known.iter().find(|(id, ..)| *id == party).map(|(_, kind, _)| *kind);
        let fits = match (new.promise.kind, kind) {
            (_, None) => Err("choose a party of the list"),
            (Kind::Uc, Some(PartyKind::Vendor))
            | (Kind::Ola, Some(PartyKind::Provider | PartyKind::Internal))
            | (Kind::Sla, _) => Ok(()),
            (Kind::Uc, _) => Err("a UC is a vendor's; what the two IT teams promise each other is an OLA"),
            (Kind::Ola, _) => Err("an OLA is between the two IT teams; what a vendor promises is a UC"),
        };
        faults.take("party", fits);
    }
    if let Term::Within(within) = &new.term {
        let length = within.length;
        if length <= Millis::ZERO || length > Within::LONGEST {
            faults.take::<(), _>("within", Err("write more than nothing and at most five years"));
        }
    }
    faults.end()?;
    let service = (!service.is_empty()).then(|| Slug::parse(&service)).transpose();
    let service = service.map_err(|e| Refused::Invalid(vec![Field::new("service", e.to_string())]))?;
    let scope = Scope {
        client: new.client.map(|id| ClientId(id.uuid().as_u128())),
        tier,
        service,
        priority: new.priority.map(|priority| priority.key().to_owned()),
        party: new.party.map(|id| PartyId(id.uuid().as_u128())),
    };
    Ok(remit_promise::Rule { promise: new.promise, scope, from, term: new.term.clone() })
}

/// What is about a client needs the client, and what is about all of them all.
pub(super) fn reached(tx: &mut Tx<'_, '_>, act: &Act, client: Option<Id<Client>>) -> Result<(), Refused> {
    match client {
        Some(client) => clients::find(tx, act, client).map(drop),
        None => Ok(tx.whole().map(drop)?),
    }
}

/// Keeps a rule as it is.
pub(crate) fn insert(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    client: Option<Id<Client>>,
    rule: &remit_promise::Rule,
) -> Result<Id<Rule>, Refused> {
    let add = sql!(
        "INSERT INTO promise_rule (provider_id, id, client_id, starts_at, rule, created_at, created_by) \
         VALUES ($1, $2, {client?: $3}, $4, $5, $6, $7)"
    );
    let id: Id<Rule> = act.id();
    let text = serde_json::to_string(rule).expect("a rule is plain data");
    tx.exec(add, (id, client, rule.from, text, act.at, &act.caller.name))?;
    turned(tx, act)?;
    Ok(id)
}

/// What every provider begins with: until when whoever is offered a ticket is to answer, by its priority, day and night. Nothing else is
/// promised until somebody says so.
pub(crate) fn found(tx: &mut Tx<'_, '_>, act: &Act, from: At) -> Result<(), Refused> {
    for priority in Priority::ALL {
        for kind in [Kind::Ola, Kind::Uc] {
            let rule = remit_promise::Rule {
                promise: Promise { kind, target: Target::Acceptance },
                scope: Scope { priority: Some(priority.key().to_owned()), ..Scope::default() },
                from,
                term: Term::Within(Within::every_minute(tickets::answer_within(*priority))),
            };
            insert(tx, act, None, &rule)?;
        }
    }
    Ok(())
}
