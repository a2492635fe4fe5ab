//! The past of tickets that come with their history: the demo's. It is told deed by deed, each with its own instant in the [`Act`], by the steps
//! of the verbs; only what the verbs read first is known here already: the ticket as it stands, and that whoever acts may.

use remit_core::{At, Id};
use remit_db::Tx;

use super::PriorityTable;
use super::Ticket;
use super::change::{Classification, moved, reclassified, reweighed};
use super::custody::{self, Warm, rerouted, settled};
use super::event::Happened;
use super::kind::{Impact, Kind, Status, Tier, Urgency};
use super::route::{Matter, Routed, route};
use super::ticket::{Change, hand};
use super::visibility::Visibility;
use crate::App;
use crate::act::{Act, Caller};
use crate::clients::{Client, Site};
use crate::people::Membership;
use crate::refused::Refused;

/// What decides who owns an incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct About {
    /// Of which client.
    pub client: Id<Client>,
    /// How much it meets.
    pub impact: Impact,
    /// How soon it hurts.
    pub urgency: Urgency,
    /// A service of the catalogue.
    pub service: String,
    /// How far up it has to go.
    pub tier: Tier,
    /// Where.
    pub site: Option<Id<Site>>,
}

/// What the matrix says about it at an instant.
#[derive(Debug, Clone)]
pub(crate) struct Word {
    about: About,
    routed: Routed,
}

impl Word {
    /// When the owner changes next, as far as a week can be seen.
    pub fn until(&self) -> Option<At> {
        self.routed.until()
    }
}

/// Asks the matrix that is in force at the instant of `app`.
pub(crate) async fn ask(app: &App, caller: &Caller, about: About) -> Result<Word, Refused> {
    let matter = Matter {
        client: about.client,
        kind: Kind::Incident,
        priority: PriorityTable::USUAL.of(about.impact, about.urgency),
        service: about.service.clone(),
        tier: about.tier,
        site: about.site,
        asset_class: String::new(),
    };
    Ok(Word { routed: route(app, caller, matter).await?, about })
}

/// The ticket is about this from now on, and the matrix says that of it; where that is another owner, they are asked.
pub(crate) fn heard(tx: &mut Tx<'_, '_>, act: &Act, ticket: Ticket, word: &Word) -> Result<Ticket, Refused> {
    let mut change = Change::of(ticket);
    let About { impact, urgency, service, tier, .. } = &word.about;
    let priority = PriorityTable::USUAL.of(*impact, *urgency);
    reweighed(&mut change, act, (*impact, *urgency, priority));
    reclassified(&mut change, act, &Classification { service: service.clone(), tier: *tier });
    rerouted(tx, act, &mut change, (&word.routed, Vec::new()))?;
    settled(tx, act, &mut change)?;
    change.keep(tx, act)
}

/// What somebody does with a ticket at one instant.
#[derive(Debug, Clone, Default)]
pub(crate) struct Entry {
    /// Who works on it from then on, and their name.
    pub worker: Option<(Id<Membership>, String)>,
    /// What they write, and for whom.
    pub text: Option<(Visibility, String)>,
    /// Where the work stands then.
    pub status: Option<Status>,
}

/// Does it. What the status may not become it does not become.
pub(crate) fn entered(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    ticket: Ticket,
    entry: Entry,
) -> Result<Ticket, Refused> {
    let mut change = Change::of(ticket);
    if let Some((worker, name)) = entry.worker
        && change.ticket.worker != Some(worker)
    {
        change.ticket.worker = Some(worker);
        change.happened(act, Happened::Assigned { to: Some(name) });
    }
    if let Some((visibility, text)) = entry.text {
        change.wrote(act, visibility, Happened::Wrote { files: Vec::new() }, &text);
    }
    if let Some(to) = entry.status.filter(|to| change.ticket.status.may_become(*to)) {
        moved(tx, act, &mut change, to)?;
    }
    settled(tx, act, &mut change)?;
    change.keep(tx, act)
}

/// The holder offers it to a team.
pub(crate) fn offered(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    ticket: Ticket,
    (to, warm): (Id<crate::people::Team>, &Warm),
) -> Result<Ticket, Refused> {
    let said = warm.said()?;
    custody::offered(tx, act, ticket, (to, said))
}

/// Whoever it is offered to takes it; it stays as it is where nothing is on offer.
pub(crate) fn taken(tx: &mut Tx<'_, '_>, act: &Act, ticket: Ticket) -> Result<Ticket, Refused> {
    let Some(offer) = ticket.custody.offer() else { return Ok(ticket) };
    let (to, number) = (hand(tx, offer.to)?, offer.turn.0);
    custody::taken(tx, act, ticket, (to, number))
}

/// All of it is told: what is due, and what was broken, follows from it.
pub(crate) fn reckoned(tx: &mut Tx<'_, '_>, act: &Act, ticket: Ticket) -> Result<(), Refused> {
    let mut change = Change::of(ticket);
    change.reckon = true;
    change.keep(tx, act).map(drop)
}
