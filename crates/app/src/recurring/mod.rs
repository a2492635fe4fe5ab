//! Tickets that are opened again and again: the check of the backups on Mondays, the restore drill of each quarter.
//!
//! A **plan** says what is opened for a client, and by a [`Rule`] on which days, at which time on the client's clock. Each due instant is
//! opened once, whatever happens in between; it is routed as any other ticket at that hour. Where Remit did not run, the latest of what was
//! missed is opened alone, and says how many were. A plan that cannot be opened says why, and is tried again every hour.
//!
//! Both IT teams plan for the clients that they reach.

mod due;
mod rule;
#[cfg(test)]
mod tests;
pub(crate) mod web;

use remit_core::{At, Date, Id, Kind as IdKind, Time, Zone};
use remit_db::{Error, FromRow, Row, Tx, sql};
use serde::{Deserialize, Serialize};

use crate::act::Act;
use crate::audit::{self, Event};
use crate::clients::{self, Client};
use crate::people::{Membership, Permission};
use crate::refused::{Faults, Field, Refused};
use crate::tickets::{Impact, Kind, Tier, Urgency, service};

pub use due::{Opened, open_due};
pub(crate) use due::{handlers, schedule};
pub use rule::{Odd, Rule};

/// The most plans of one client.
pub const MOST_PLANS: usize = 200;
/// The longest text, in bytes.
const LONGEST: usize = 16 * 1024;

/// What is opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Template {
    /// What kind of work it is.
    pub kind: Kind,
    /// In a line.
    pub subject: String,
    /// What there is to do. May be empty.
    pub text: String,
    /// How much it meets.
    pub impact: Impact,
    /// How soon it hurts.
    pub urgency: Urgency,
    /// A service of the catalogue; may be empty.
    pub service: String,
    /// How far up it has to go.
    pub tier: Tier,
    /// For whom.
    pub requester: Id<Membership>,
}

/// What a plan says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPlan {
    /// What is opened.
    pub template: Template,
    /// On which days.
    pub rule: Rule,
    /// Counted from which day on.
    pub starts_on: Date,
    /// At what time, on the client's clock.
    pub time: Time,
}

/// A plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Its id.
    pub id: Id<Plan>,
    /// For which client.
    pub client: Id<Client>,
    /// What it says.
    pub says: NewPlan,
    /// When it falls due next; none while it is paused, and once its rule has no day any more.
    pub next_at: Option<At>,
    /// How many tickets it has opened, and the number of the last one.
    pub opened: i64,
    /// The number of the last one.
    pub last: Option<i64>,
    /// Why the next one could not be opened; empty where nothing is wrong.
    pub trouble: String,
    /// Counted from 1: how often it was changed by somebody.
    pub version: i64,
}

impl IdKind for Plan {
    const PREFIX: &'static str = "plan";
}

impl FromRow for Plan {
    fn from_row(mut row: Row) -> Result<Self, Error> {
        let odd = |e: &dyn std::fmt::Display| Error::Other(format!("a plan cannot be read: {e}"));
        let template: String = row.get(2)?;
        let (rule, starts_on, time): (String, String, String) = (row.get(3)?, row.get(4)?, row.get(5)?);
        let says = NewPlan {
            template: serde_json::from_str(&template).map_err(|e| odd(&e))?,
            rule: rule.parse().map_err(|e: Odd| odd(&e))?,
            starts_on: starts_on.parse().map_err(|e| odd(&e))?,
            time: time.parse().map_err(|e| odd(&e))?,
        };
        Ok(Self {
            id: row.get(0)?,
            client: row.get(1)?,
            says,
            next_at: row.get(6)?,
            opened: row.get(7)?,
            last: row.get(8)?,
            trouble: row.get(9)?,
            version: row.get(10)?,
        })
    }
}

impl NewPlan {
    /// The first instant behind another at which it falls due.
    pub fn after(&self, zone: &Zone, at: At) -> Option<At> {
        self.rule.after((self.starts_on, self.time), zone, at)
    }

    /// The next ones.
    pub fn next(&self, zone: &Zone, mut at: At, most: usize) -> Vec<At> {
        let mut found = Vec::new();
        while let Some(next) = self.after(zone, at).filter(|_| found.len() < most) {
            found.push(next);
            at = next;
        }
        found
    }
}

/// The zone of a client within reach.
fn zone_of(tx: &mut Tx<'_, '_>, act: &Act, client: Id<Client>) -> Result<Zone, Refused> {
    let found = clients::find(tx, act, client)?;
    Ok(Zone::parse(&found.zone).unwrap_or_else(|_| Zone::utc()))
}

/// The plans of a client.
pub fn plans(tx: &mut Tx<'_, '_>, act: &Act, client: Id<Client>) -> Result<Vec<Plan>, Refused> {
    act.require(Permission::PlanTickets)?;
    clients::find(tx, act, client)?;
    let list = sql!(
        "SELECT id, client_id, template, rule, starts_on, time, next_at, opened, last_number, trouble, version FROM recurring \
         WHERE provider_id = $1 AND {reach: client_id} AND client_id = $2 ORDER BY id LIMIT 200"
    );
    Ok(tx.rows(list, (client,))?)
}

/// One of them.
pub fn plan(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Plan>) -> Result<Plan, Refused> {
    act.require(Permission::PlanTickets)?;
    find(tx, id)
}

fn find(tx: &mut Tx<'_, '_>, id: Id<Plan>) -> Result<Plan, Refused> {
    let get = sql!(
        "SELECT id, client_id, template, rule, starts_on, time, next_at, opened, last_number, trouble, version FROM recurring \
         WHERE provider_id = $1 AND {reach: client_id} AND id = $2"
    );
    tx.find(get, (id,))?.ok_or(Refused::NotFound)
}

/// The same as it is kept.
fn checked(tx: &mut Tx<'_, '_>, client: Id<Client>, mut says: NewPlan) -> Result<NewPlan, Refused> {
    let mut faults = Faults::default();
    let template = &mut says.template;
    template.subject = faults.name("subject", &template.subject).unwrap_or_default();
    template.service = faults.take("service", service(&template.service)).unwrap_or_default();
    let text = template.text.replace("\r\n", "\n");
    text.trim_end().clone_into(&mut template.text);
    if template.text.len() > LONGEST {
        faults.take::<(), _>("text", Err("write at most 16 kB"));
    } else if template.text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        faults.take::<(), _>("text", Err("it holds control characters: paste it as plain text"));
    }
    let find = sql!(
        "SELECT client_id, state FROM membership WHERE provider_id = $1 AND {reach?: client_id} AND id = $2"
    );
    let found: Option<(Option<Id<Client>>, String)> = tx.find(find, (template.requester,))?;
    let fits =
        |(of, state): &(Option<Id<Client>>, String)| of.is_none_or(|of| of == client) && state != "left";
    if !found.as_ref().is_some_and(fits) {
        faults.take::<(), _>(
            "requester",
            Err("choose somebody of this client, or of the provider, who has not left"),
        );
    }
    faults.end()?;
    Ok(says)
}

type Kept<'p> = (&'p str, String, String, String, String);

fn kept(says: &NewPlan) -> Kept<'_> {
    let template = serde_json::to_string(&says.template).expect("a template is plain data");
    let (rule, starts_on) = (says.rule.to_string(), says.starts_on.to_string());
    (&says.template.subject, template, rule, starts_on, says.time.strftime("%H:%M:%S").to_string())
}

fn noted(tx: &mut Tx<'_, '_>, act: &Act, action: &'static str, plan: &Plan) -> Result<(), Refused> {
    let (subject, detail) = (plan.id.to_string(), plan.says.rule.to_string());
    audit::note(tx, act, Event { action, subject, client: Some(plan.client), detail: &detail })
}

fn none_left() -> Refused {
    Refused::Invalid(vec![Field::new(
        "rule",
        "it never falls due from now on: look at the days, the first and the last one",
    )])
}

/// Plans something for a client, from now on.
pub fn add_plan(tx: &mut Tx<'_, '_>, act: &Act, client: Id<Client>, says: NewPlan) -> Result<Plan, Refused> {
    act.require(Permission::PlanTickets)?;
    let zone = zone_of(tx, act, client)?;
    let says = checked(tx, client, says)?;
    if plans(tx, act, client)?.len() >= MOST_PLANS {
        return Err(Refused::Conflict(format!(
            "this client has {MOST_PLANS} plans already, which is the most"
        )));
    }
    let next_at = says.after(&zone, act.at).ok_or_else(none_left)?;
    let id = act.id();
    let add = sql!(
        "INSERT INTO recurring (provider_id, id, client_id, subject, template, rule, starts_on, time, next_at, look_at, opened, trouble, \
         version) VALUES ($1, $2, {client: $3}, $4, $5, $6, $7, $8, $9, $10, 0, '', 1)"
    );
    let (subject, template, rule, starts_on, time) = kept(&says);
    tx.exec(add, (id, client, subject, template, rule, starts_on, time, next_at, next_at))?;
    let plan = Plan {
        id,
        client,
        says,
        next_at: Some(next_at),
        opened: 0,
        last: None,
        trouble: String::new(),
        version: 1,
    };
    noted(tx, act, "plan.add", &plan)?;
    Ok(plan)
}

/// Says something else in a plan; `version` is that of what the caller saw. Whether it is paused stays.
pub fn change_plan(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (id, version): (Id<Plan>, i64),
    says: NewPlan,
) -> Result<Plan, Refused> {
    let before = plan(tx, act, id)?;
    let zone = zone_of(tx, act, before.client)?;
    let says = checked(tx, before.client, says)?;
    if before.version != version {
        return Err(Refused::Stale);
    }
    let next = says.after(&zone, act.at).ok_or_else(none_left)?;
    let next_at = before.next_at.map(|_| next);
    let set = sql!(
        "UPDATE recurring SET subject = $4, template = $5, rule = $6, starts_on = $7, time = $8, next_at = $9, look_at = $10, \
         trouble = '', version = version + 1 WHERE provider_id = $1 AND {reach: client_id} AND id = $2 AND version = $3"
    );
    let (subject, template, rule, starts_on, time) = kept(&says);
    if tx.exec(set, (id, version, subject, template, rule, starts_on, time, next_at, next_at))? == 0 {
        return Err(Refused::Stale);
    }
    let plan = Plan { says, next_at, trouble: String::new(), version: version + 1, ..before };
    noted(tx, act, "plan.change", &plan)?;
    Ok(plan)
}

/// Lets it rest, or go on from now: what would have been due meanwhile is not opened.
pub fn rest_plan(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Plan>, rests: bool) -> Result<Plan, Refused> {
    let before = plan(tx, act, id)?;
    if before.next_at.is_none() == rests {
        return Ok(before);
    }
    let zone = zone_of(tx, act, before.client)?;
    let next_at = if rests { None } else { Some(before.says.after(&zone, act.at).ok_or_else(none_left)?) };
    let set = sql!(
        "UPDATE recurring SET next_at = $4, look_at = $5, trouble = '', version = version + 1 \
         WHERE provider_id = $1 AND {reach: client_id} AND id = $2 AND version = $3"
    );
    if tx.exec(set, (id, before.version, next_at, next_at))? == 0 {
        return Err(Refused::Stale);
    }
    let plan = Plan { next_at, trouble: String::new(), version: before.version + 1, ..before };
    noted(tx, act, if rests { "plan.pause" } else { "plan.resume" }, &plan)?;
    Ok(plan)
}

/// Ends it. The tickets that it has opened stay.
pub fn end_plan(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Plan>) -> Result<(), Refused> {
    let plan = plan(tx, act, id)?;
    let cut = sql!("DELETE FROM recurring WHERE provider_id = $1 AND {reach: client_id} AND id = $2");
    tx.exec(cut, (id,))?;
    noted(tx, act, "plan.end", &plan)
}
