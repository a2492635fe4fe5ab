//! What is said of tickets.

use std::collections::BTreeMap;

use remit_core::{At, Id};
use remit_db::Tx;
use schemars::JsonSchema;
use serde::Serialize;

use super::super::operation::Sample;
use super::super::wire::{id, instant, maybe_id, maybe_instant, sample_at, sample_id};
use crate::act::Act;
use crate::clients::{Client, Site as Place};
use crate::people::{Membership, PartyKind, Team};
use crate::refused::Refused;
use crate::tickets::{
    self, Hand, Happened, Impact, Kind, Line, Listed, NO_PROMISE, Priority, Status, Ticket, Tier, Urgency,
    Visibility,
};

/// A ticket.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Ticket")]
pub(crate) struct TicketOut {
    /// Its id.
    #[schemars(schema_with = "id::<Ticket>")]
    pub id: Id<Ticket>,
    /// What people say on the phone.
    pub number: i64,
    /// For which client.
    #[schemars(schema_with = "id::<Client>")]
    pub client: Id<Client>,
    /// What kind of work it is.
    pub kind: Kind,
    /// In a line.
    pub subject: String,
    /// Where the work stands.
    pub status: Status,
    /// How much it meets.
    pub impact: Impact,
    /// How soon it hurts.
    pub urgency: Urgency,
    /// What follows from both.
    pub priority: Priority,
    /// A service of the catalogue; empty where nobody has said.
    pub service: String,
    /// How far up it has to go; empty where nobody has said.
    pub tier: Tier,
    /// Where.
    #[schemars(schema_with = "maybe_id::<Place>")]
    pub site: Option<Id<Place>>,
    /// For whom it is done.
    #[schemars(schema_with = "id::<Membership>")]
    pub requester: Id<Membership>,
    /// Who of the holding team works on it first.
    #[schemars(schema_with = "maybe_id::<Membership>")]
    pub worker: Option<Id<Membership>>,
    /// The team that holds it.
    #[schemars(schema_with = "id::<Team>")]
    pub team: Id<Team>,
    /// Its name, and that of its party.
    pub held_by: String,
    /// The offer that waits for an answer.
    pub offer: Option<OfferOut>,
    /// The words on it, for both IT teams; empty for everybody else.
    pub tags: Vec<String>,
    /// What stands in the provider's own fields that you may read, by their keys.
    pub fields: BTreeMap<String, String>,
    /// When it was opened.
    #[schemars(schema_with = "instant")]
    pub opened_at: At,
    /// When something happened last.
    #[schemars(schema_with = "instant")]
    pub changed_at: At,
    /// The next promised instant; null where nothing is promised.
    #[schemars(schema_with = "maybe_instant")]
    pub due_at: Option<At>,
    /// When it was solved.
    #[schemars(schema_with = "maybe_instant")]
    pub solved_at: Option<At>,
    /// When it was closed.
    #[schemars(schema_with = "maybe_instant")]
    pub closed_at: Option<At>,
}

/// An offer. The holder goes on holding until it is accepted.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Offer")]
pub(crate) struct OfferOut {
    /// Its number within the ticket: an answer names it, so that a late one answers no other.
    pub number: u32,
    /// To which team.
    #[schemars(schema_with = "id::<Team>")]
    pub to: Id<Team>,
    /// Until when it is to be answered.
    #[schemars(schema_with = "maybe_instant")]
    pub answer_by: Option<At>,
}

/// A line of a ticket.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "TicketLine")]
pub(crate) struct LineOut {
    /// Counted from 1; those that you may not read are left out.
    pub seq: i64,
    /// When.
    #[schemars(schema_with = "instant")]
    pub at: At,
    /// Who; null for what happened by itself.
    #[schemars(schema_with = "maybe_id::<Membership>")]
    pub by: Option<Id<Membership>>,
    /// Their name at the time.
    pub name: String,
    /// Who may read it.
    pub visibility: Visibility,
    /// What they wrote; may be empty.
    pub text: String,
    /// What happened.
    pub happened: Happened,
}

impl TicketOut {
    /// A ticket as the caller may see it.
    pub fn of(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Ticket>) -> Result<Self, Refused> {
        let listed = tickets::shown(tx, act, id)?;
        let fields = tickets::fields_of(tx, act, &[id])?.pop().unwrap_or_default();
        Ok(Self::from((listed, tickets::tags(tx, act, id)?, fields)))
    }
}

/// A ticket with the words on it and what stands in its fields.
pub(crate) type Whole = (Listed, Vec<String>, BTreeMap<String, String>);

impl From<Whole> for TicketOut {
    fn from((Listed { ticket, named }, tags, fields): Whole) -> Self {
        let offer = ticket.custody.offer().map(|offer| OfferOut {
            number: offer.turn.0,
            to: offer.to,
            answer_by: ticket.answer_by,
        });
        Self {
            offer,
            held_by: format!("{} of {}", named.team, named.party),
            id: ticket.id,
            number: ticket.number,
            client: ticket.client,
            kind: ticket.kind,
            subject: ticket.subject,
            status: ticket.status,
            impact: ticket.impact,
            urgency: ticket.urgency,
            priority: ticket.priority,
            service: ticket.service,
            tier: ticket.tier,
            site: ticket.site,
            requester: ticket.requester,
            worker: ticket.worker,
            team: ticket.team,
            tags,
            fields,
            opened_at: ticket.opened_at,
            changed_at: ticket.changed_at,
            due_at: Some(ticket.due_at).filter(|due| *due < NO_PROMISE),
            solved_at: ticket.solved_at,
            closed_at: ticket.closed_at,
        }
    }
}

impl From<Line> for LineOut {
    fn from(line: Line) -> Self {
        Self {
            seq: line.seq,
            at: line.at,
            by: line.by,
            name: line.name,
            visibility: line.visibility,
            text: line.text,
            happened: line.happened,
        }
    }
}

pub(super) fn words(text: &str) -> String {
    text.to_owned()
}

impl Sample for TicketOut {
    fn sample() -> Self {
        Self {
            id: sample_id(),
            number: 48_213,
            client: sample_id(),
            kind: Kind::Incident,
            subject: words("VPN down, whole site"),
            status: Status::Working,
            impact: Impact::High,
            urgency: Urgency::High,
            priority: Priority::P1,
            service: words("network.vpn"),
            tier: Tier::L3,
            site: None,
            requester: sample_id(),
            worker: None,
            team: sample_id(),
            held_by: words("Internal IT of Mill Street Dental IT"),
            offer: Some(OfferOut { number: 1, to: sample_id(), answer_by: Some(sample_at()) }),
            tags: vec![words("vpn")],
            fields: BTreeMap::from([(words("serial_number"), words("C02XG1"))]),
            opened_at: sample_at(),
            changed_at: sample_at(),
            due_at: None,
            solved_at: None,
            closed_at: None,
        }
    }
}

impl Sample for LineOut {
    fn sample() -> Self {
        Self {
            seq: 2,
            at: sample_at(),
            by: Some(sample_id()),
            name: words("Joe Martin"),
            visibility: Visibility::Teams,
            text: words("The tunnel is up, the route is not."),
            happened: Happened::Wrote { files: Vec::new() },
        }
    }
}

impl Sample for Hand {
    fn sample() -> Self {
        Self {
            party: sample_id(),
            party_name: words("Lanternworks IT"),
            kind: PartyKind::Provider,
            team: sample_id(),
            team_name: words("Service desk"),
        }
    }
}

impl Sample for Vec<Hand> {
    fn sample() -> Self {
        vec![Hand::sample()]
    }
}
