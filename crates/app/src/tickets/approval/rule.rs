//! Approvals by rule: what is asked of the client's approvers as soon as a request or a change of a service is opened.
//!
//! A rule is for a kind and a service with those below it, or for any service. The narrowest one speaks alone.

use remit_core::{At, Millis};
use remit_db::{Error, FromRow, IntoValue as _, Row, Tx, Value, shared_sql};

use super::super::event::Happened;
use super::super::kind::Kind;
use super::super::ticket::Change;
use super::super::{Ticket, open};
use super::ask::{Candidate, LONGEST_TIME, MOST_ASKED, NewApproval, asked, candidates, line};
use crate::act::Act;
use crate::audit::{self, Event};
use crate::people::Permission;
use crate::refused::{Faults, Refused};

/// The most rules: more than there are services.
const MOST: u16 = 1000;

/// What is asked when a ticket of a kind and a service is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovalRule {
    /// Of which kind: a request or a change.
    pub kind: Kind,
    /// A service of the catalogue and those below it; empty for any.
    pub service: String,
    /// What is asked, in plain words.
    pub question: String,
    /// How many of the client's approvers must say yes; all where it is 0, or where there are fewer.
    pub needed: u32,
    /// In how many hours they are to answer.
    pub hours: u32,
    /// Changes whenever it does, from 1 on.
    pub version: i64,
    /// When it was changed last.
    pub changed_at: At,
}

impl ApprovalRule {
    /// The kinds that wait for approval: what is broken is mended at once.
    pub const KINDS: &'static [Kind] = &[Kind::Request, Kind::Change];
}

impl FromRow for ApprovalRule {
    fn from_row(mut row: Row) -> Result<Self, Error> {
        Ok(Self {
            kind: row.get(0)?,
            service: row.get(1)?,
            question: row.get(2)?,
            needed: row.get(3)?,
            hours: row.get(4)?,
            version: row.get(5)?,
            changed_at: row.get(6)?,
        })
    }
}

/// All rules, by kind and service.
pub fn approval_rules(tx: &mut Tx<'_, '_>, act: &Act) -> Result<Vec<ApprovalRule>, Refused> {
    act.require(Permission::ManageSettings)?;
    let list = shared_sql!(
        "SELECT kind, service, question, needed, hours, version, changed_at FROM approval_rule WHERE provider_id = $1 \
         ORDER BY kind DESC, service LIMIT $2"
    );
    Ok(tx.rows(list, (MOST,))?)
}

fn find(tx: &mut Tx<'_, '_>, kind: Kind, service: &str) -> Result<Option<ApprovalRule>, Refused> {
    let find = shared_sql!(
        "SELECT kind, service, question, needed, hours, version, changed_at FROM approval_rule WHERE provider_id = $1 AND kind = $2 \
         AND service = $3"
    );
    Ok(tx.find(find, (kind, service))?)
}

/// Writes a rule down, if nobody else has since the caller read it: 0 is the version of what is not there yet.
pub fn set_approval_rule(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    rule: &ApprovalRule,
) -> Result<ApprovalRule, Refused> {
    act.require(Permission::ManageSettings)?;
    let rule = checked(rule)?;
    if find(tx, rule.kind, &rule.service)?.map_or(0, |before| before.version) != rule.version {
        return Err(Refused::Stale);
    }
    let set = shared_sql!(
        "INSERT INTO approval_rule (provider_id, kind, service, question, needed, hours, version, changed_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (provider_id, kind, service) DO UPDATE SET question = excluded.question, \
         needed = excluded.needed, hours = excluded.hours, version = excluded.version, changed_at = excluded.changed_at \
         WHERE approval_rule.version = excluded.version - 1"
    );
    let rule = ApprovalRule { version: rule.version + 1, changed_at: act.at, ..rule };
    let own: Vec<Value> = vec![
        rule.kind.into_value(),
        (&rule.service).into_value(),
        (&rule.question).into_value(),
        rule.needed.into_value(),
        rule.hours.into_value(),
        rule.version.into_value(),
        rule.changed_at.into_value(),
    ];
    if tx.exec(set, own)? == 0 {
        return Err(Refused::Stale);
    }
    note(tx, act, "approval-rule.change", &rule)?;
    Ok(rule)
}

fn checked(rule: &ApprovalRule) -> Result<ApprovalRule, Refused> {
    let mut faults = Faults::default();
    if !ApprovalRule::KINDS.contains(&rule.kind) {
        faults.take::<(), _>("kind", Err("choose requests or changes: what is broken is mended at once"));
    }
    let service = faults.take("service", open::service(&rule.service)).unwrap_or_default();
    let question = faults.take("question", line(&rule.question)).unwrap_or_default();
    if rule.needed as usize > MOST_ASKED {
        faults.take::<(), _>("needed", Err(format!("write a number up to {MOST_ASKED}, or 0 for all")));
    }
    let most = u32::try_from(LONGEST_TIME.millis() / 3_600_000).unwrap_or(u32::MAX);
    if rule.hours == 0 || rule.hours > most {
        faults.take::<(), _>("hours", Err(format!("write a number of hours from 1 to {most}")));
    }
    faults.end()?;
    Ok(ApprovalRule { service, question, ..rule.clone() })
}

/// Takes a rule away: a wider one speaks again, if there is one.
pub fn remove_approval_rule(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (kind, service): (Kind, &str),
) -> Result<(), Refused> {
    act.require(Permission::ManageSettings)?;
    let rule = find(tx, kind, service.trim())?.ok_or(Refused::NotFound)?;
    let cut = shared_sql!("DELETE FROM approval_rule WHERE provider_id = $1 AND kind = $2 AND service = $3");
    tx.exec(cut, (kind, service.trim()))?;
    note(tx, act, "approval-rule.remove", &rule)
}

fn note(tx: &mut Tx<'_, '_>, act: &Act, action: &'static str, rule: &ApprovalRule) -> Result<(), Refused> {
    let service = if rule.service.is_empty() { "any service" } else { rule.service.as_str() };
    let detail = format!("{}, {service}: {}", rule.kind.name(), rule.question);
    let subject = act.caller.provider.to_string();
    audit::note(tx, act, Event { action, subject, client: None, detail: &detail })
}

/// The rule that speaks for a kind and a service.
fn speaks(tx: &mut Tx<'_, '_>, kind: Kind, service: &str) -> Result<Option<ApprovalRule>, Refused> {
    if !ApprovalRule::KINDS.contains(&kind) {
        return Ok(None);
    }
    let mut service = service;
    loop {
        if let Some(rule) = find(tx, kind, service)? {
            return Ok(Some(rule));
        }
        match service.rsplit_once('.') {
            Some((above, _)) => service = above,
            None if service.is_empty() => return Ok(None),
            None => service = "",
        }
    }
}

/// Asks the client's approvers as soon as a ticket is opened, where a rule says so. Where the client has none that could be asked, the ticket
/// says that.
pub(in super::super) fn ask_at_opening(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    ticket: Ticket,
) -> Result<Ticket, Refused> {
    // What happened before there were any is told as it was.
    if act.past {
        return Ok(ticket);
    }
    let Some(rule) = speaks(tx, ticket.kind, &ticket.service)? else { return Ok(ticket) };
    let all = candidates(tx, &ticket, None)?;
    let mut people: Vec<&Candidate> = Vec::new();
    for one in all.iter().filter(|one| one.approves() && one.can_be_asked()) {
        if people.len() < MOST_ASKED && !people.iter().any(|other| other.person == one.person) {
            people.push(one);
        }
    }
    if people.is_empty() {
        let mut change = Change::of(ticket);
        change.happened(act, Happened::ApprovalMissing { question: rule.question });
        return change.keep(tx, act);
    }
    let new = NewApproval {
        question: rule.question,
        text: String::new(),
        people: Vec::new(),
        needed: Some(rule.needed).filter(|needed| *needed > 0),
        until: act.at + Millis::from_hours(i64::from(rule.hours)),
    };
    asked(tx, act, ticket, (&new, &people, None))
}
