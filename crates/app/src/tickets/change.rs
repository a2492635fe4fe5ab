//! What can be said anew about a ticket: its status, how pressing it is, what it is about, who works on it.

use remit_core::{At, Id};
use remit_custody::{Act as Deed, Reason};
use remit_db::{Tx, sql};

use super::event::Happened;
use super::kind::{Impact, Priority, Status, Tier, Urgency};
use super::priority::priorities;
use super::route::{Matter, Routed, route};
use super::ticket::Change;
use super::{Ticket, Warm, approval, checklist, custody, field, hand_off, open, relation, store};
use crate::App;
use crate::act::{Act, Caller};
use crate::clients::Client;
use crate::people::{Membership, Permission};
use crate::refused::{Faults, Field, Refused};

/// What a ticket is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Classification {
    /// A service of the catalogue; empty where nobody knows.
    pub service: String,
    /// How far up it has to go.
    pub tier: Tier,
}

/// Moves the status. Only the party that holds a ticket does; `from` is what the caller saw.
pub fn set_status(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    id: Id<Ticket>,
    (from, to): (Status, Status),
) -> Result<Ticket, Refused> {
    let ticket = if from == Status::Closed { reopened(tx, act, id)? } else { custody::held(tx, act, id)? };
    if ticket.status != from {
        return Err(Refused::Stale);
    }
    can_become(tx, act, (&ticket, to))?;
    let mut change = Change::of(ticket);
    moved(tx, act, &mut change, to)?;
    custody::settled(tx, act, &mut change)?;
    change.keep(tx, act)
}

/// Refuses to move the status of an open ticket where it would be refused.
pub(super) fn may_set(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (ticket, to): (&Ticket, Status),
) -> Result<(), Refused> {
    custody::held(tx, act, ticket.id)?;
    can_become(tx, act, (ticket, to))?;
    may_move(tx, act, (&Change::of(ticket.clone()), to))
}

fn can_become(tx: &mut Tx<'_, '_>, act: &Act, (ticket, to): (&Ticket, Status)) -> Result<(), Refused> {
    let from = ticket.status;
    approval::none_open(tx, ticket)?;
    if to == Status::WaitingApproval {
        let words = "that follows from an approval: ask for one, and the ticket waits for it";
        return Err(Refused::Conflict(words.to_owned()));
    }
    if !from.may_become(to) {
        let words =
            format!("what is {} cannot become {}", from.name().to_lowercase(), to.name().to_lowercase());
        return Err(Refused::Conflict(words));
    }
    if from.is_open() && !to.is_open() {
        field::missing(tx, act, ticket)?;
    }
    Ok(())
}

/// Refuses to move the status while something else is waited for.
fn may_move(tx: &mut Tx<'_, '_>, act: &Act, (change, to): (&Change, Status)) -> Result<(), Refused> {
    approval::none_open(tx, &change.ticket)?;
    if to == Status::Closed {
        let parts = relation::open_parts(tx, change.ticket.id)?;
        if !parts.is_empty() {
            let parts: Vec<String> = parts.iter().map(|number| format!("#{number}")).collect();
            return Err(Refused::Conflict(format!("parts of it are still open: {}", parts.join(", "))));
        }
    }
    if to.is_open() { Ok(()) } else { checklist::may_end(tx, act, change) }
}

/// Moves the status, and custody with it where that follows.
pub(super) fn moved(tx: &mut Tx<'_, '_>, act: &Act, change: &mut Change, to: Status) -> Result<(), Refused> {
    may_move(tx, act, (change, to))?;
    let ticket = &mut change.ticket;
    let from = std::mem::replace(&mut ticket.status, to);
    ticket.solved_at = if to.is_open() { None } else { ticket.solved_at.or(Some(act.at)) };
    ticket.closed_at = (to == Status::Closed).then_some(act.at);
    let custody = &ticket.custody;
    let (epoch, seen, by) = (custody.epoch(), custody.turn(), ticket.team);
    let asked_to_close = custody.round().is_some_and(|round| round.reason == Reason::Solved);
    let deed = match (from, to) {
        (Status::Closed, _) => Some(Deed::Reopen { seen }),
        (_, Status::Closed) => Some(Deed::Close { epoch, seen, by }),
        // Solved elsewhere: whoever answers for the outcome is asked to close it.
        (_, Status::Solved) if !custody.may_close(&by) && custody.round().is_none() => {
            Some(Deed::Return { epoch, seen, by })
        }
        // Not solved after all: nobody need close it.
        (Status::Solved, _) if asked_to_close => {
            custody.offer().map(|offer| Deed::Recall { epoch, offer: offer.turn, by })
        }
        _ => None,
    };
    change.happened(act, Happened::Status { from, to });
    deed.map_or(Ok(()), |deed| custody::step(tx, act, change, (deed, Vec::new())))
}

/// A closed ticket that the caller's party held last.
fn reopened(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Ticket>) -> Result<Ticket, Refused> {
    act.require(Permission::WorkTickets)?;
    let ticket = store::find(tx, act, id)?;
    if let Some(number) = relation::goes_on_in(tx, id)? {
        return Err(Refused::Conflict(format!("it was merged: it goes on in #{number}")));
    }
    match act.caller.party {
        Some(party) if party != ticket.party => Err(Refused::Conflict(
            "another party held it last: open a new one, and name this one in it".to_owned(),
        )),
        _ => Ok(ticket),
    }
}

/// Gives it another subject.
pub fn rename(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Ticket>, subject: &str) -> Result<Ticket, Refused> {
    let mut change = Change::of(custody::held(tx, act, id)?);
    let mut faults = Faults::default();
    let subject = faults.name("subject", subject).unwrap_or_default();
    faults.end()?;
    if change.ticket.subject != subject {
        let from = std::mem::replace(&mut change.ticket.subject, subject);
        change.happened(act, Happened::Renamed { from });
    }
    change.keep(tx, act)
}

/// Says who of the holding team works on it first; nobody with `None`.
pub fn assign(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    id: Id<Ticket>,
    worker: Option<Id<Membership>>,
) -> Result<Ticket, Refused> {
    let mut change = Change::of(custody::held(tx, act, id)?);
    let name = match worker {
        None => None,
        Some(worker) => {
            let find = sql!(
                "SELECT name, state FROM membership WHERE provider_id = $1 AND {reach?: client_id} AND id = $2 AND party_id = $3"
            );
            let found: Option<(String, String)> = tx.find(find, (worker, change.ticket.party))?;
            let found = found.filter(|(_, state)| state == "active" || state == "invited");
            let wrong =
                || Refused::Invalid(vec![Field::new("worker", "choose somebody of the party that holds it")]);
            Some(found.ok_or_else(wrong)?.0)
        }
    };
    if change.ticket.worker != worker {
        change.ticket.worker = worker;
        change.happened(act, Happened::Assigned { to: name });
    }
    change.keep(tx, act)
}

/// What a ticket is routed by, said anew.
#[derive(Debug, Clone)]
enum Said {
    Weight(Impact, Urgency, Priority),
    Matter(Classification),
    /// The next line is needed, and what it needs to know.
    Higher(Classification, Vec<super::Said>),
}

/// Something said anew and routed, and not kept yet.
#[derive(Debug, Clone)]
pub(crate) struct Anew {
    ticket: Ticket,
    said: Said,
    routed: Routed,
}

/// Says anew how pressing it is. Where the matrix names another owner for that, it is offered to them.
pub async fn weigh(
    app: &App,
    caller: &Caller,
    id: Id<Ticket>,
    to: (Impact, Urgency),
) -> Result<Ticket, Refused> {
    let anew = prepare_weight(app, caller, id, to).await?;
    app.write(caller, move |tx, act| change_prepared(tx, act, &anew)).await
}

/// Says anew what it is about. Where the matrix names another owner for that, it is offered to them.
pub async fn classify(
    app: &App,
    caller: &Caller,
    id: Id<Ticket>,
    to: Classification,
) -> Result<Ticket, Refused> {
    let anew = prepare_matter(app, caller, id, to).await?;
    app.write(caller, move |tx, act| change_prepared(tx, act, &anew)).await
}

/// Routes it by another weight, before the unit of work that keeps it.
pub(crate) async fn prepare_weight(
    app: &App,
    caller: &Caller,
    id: Id<Ticket>,
    (impact, urgency): (Impact, Urgency),
) -> Result<Anew, Refused> {
    let ticket = app.read(caller, move |tx, act| custody::held(tx, act, id)).await?;
    let table = app.read(caller, |tx, _| priorities(tx)).await?;
    anew(app, caller, ticket, Said::Weight(impact, urgency, table.of(impact, urgency))).await
}

/// Routes it by another matter, before the unit of work that keeps it.
pub(crate) async fn prepare_matter(
    app: &App,
    caller: &Caller,
    id: Id<Ticket>,
    to: Classification,
) -> Result<Anew, Refused> {
    let ticket = app.read(caller, move |tx, act| custody::held(tx, act, id)).await?;
    let mut faults = Faults::default();
    let service = faults.take("service", open::service(&to.service)).unwrap_or_default();
    faults.end()?;
    anew(app, caller, ticket, Said::Matter(Classification { service, tier: to.tier })).await
}

/// Takes it to the next line, in one go: who the matrix names for that is offered it with what they need to know. Where it names nobody
/// else, the holder goes on with it as a ticket of that line.
pub async fn escalate(app: &App, caller: &Caller, id: Id<Ticket>, warm: &Warm) -> Result<Ticket, Refused> {
    let anew = prepare_escalation(app, caller, id, warm).await?;
    app.write(caller, move |tx, act| change_prepared(tx, act, &anew)).await
}

/// Routes it as a ticket of the next line, before the unit of work that keeps it.
pub(crate) async fn prepare_escalation(
    app: &App,
    caller: &Caller,
    id: Id<Ticket>,
    warm: &Warm,
) -> Result<Anew, Refused> {
    let warm = warm.clone();
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let ticket = custody::held(tx, act, id)?;
        let said = hand_off::said(tx, &ticket, &warm)?;
        Ok((ticket, said))
    };
    let (ticket, said) = app.read(caller, read).await?;
    let top = || Refused::Conflict("it is with the third line: hand it on to somebody by name".to_owned());
    let tier = ticket.tier.above().ok_or_else(top)?;
    let to = Classification { service: ticket.service.clone(), tier };
    anew(app, caller, ticket, Said::Higher(to, said)).await
}

async fn anew(app: &App, caller: &Caller, ticket: Ticket, said: Said) -> Result<Anew, Refused> {
    let mut meant = Matter::of(&ticket);
    match &said {
        Said::Weight(_, _, priority) => meant.priority = *priority,
        Said::Matter(to) | Said::Higher(to, _) => {
            (meant.service, meant.tier) = (to.service.clone(), to.tier);
        }
    }
    let routed = route(app, caller, meant).await?;
    Ok(Anew { ticket, said, routed })
}

/// Keeps it. Refused as stale where the ticket has changed meanwhile: what it is routed by must be what was asked about.
pub(crate) fn change_prepared(tx: &mut Tx<'_, '_>, act: &Act, anew: &Anew) -> Result<Ticket, Refused> {
    let now = custody::held(tx, act, anew.ticket.id)?;
    if now.lines != anew.ticket.lines {
        return Err(Refused::Stale);
    }
    let mut change = Change::of(now);
    match &anew.said {
        Said::Weight(impact, urgency, to) => reweighed(&mut change, act, (*impact, *urgency, *to)),
        Said::Matter(to) | Said::Higher(to, _) => reclassified(&mut change, act, to),
    }
    let said = match &anew.said {
        Said::Higher(_, said) => said.clone(),
        Said::Weight(..) | Said::Matter(_) => Vec::new(),
    };
    custody::rerouted(tx, act, &mut change, (&anew.routed, said))?;
    custody::settled(tx, act, &mut change)?;
    change.keep(tx, act)
}

pub(super) fn reweighed(change: &mut Change, act: &Act, (impact, urgency, to): (Impact, Urgency, Priority)) {
    let from = change.ticket.priority;
    if (change.ticket.impact, change.ticket.urgency, from) != (impact, urgency, to) {
        let ticket = &mut change.ticket;
        (ticket.impact, ticket.urgency, ticket.priority) = (impact, urgency, to);
        change.happened(act, Happened::Weighed { impact, urgency, from, to });
    }
}

pub(super) fn reclassified(change: &mut Change, act: &Act, to: &Classification) {
    if change.ticket.service != to.service || change.ticket.tier != to.tier {
        let from = std::mem::replace(&mut change.ticket.service, to.service.clone());
        change.ticket.tier = to.tier;
        change.happened(act, Happened::Classified { from, service: to.service.clone(), tier: to.tier });
    }
}

/// Open tickets that somebody works on first, by number; at most 1,000.
pub(crate) fn worked_by(tx: &mut Tx<'_, '_>, who: Id<Membership>) -> Result<Vec<(Id<Ticket>, i64)>, Refused> {
    let list = sql!(
        "SELECT id, number FROM ticket WHERE provider_id = $1 AND {reach: client_id} AND worker_id = $2 AND closed_at IS NULL \
         ORDER BY due_at, id LIMIT 1000"
    );
    let mut found: Vec<(Id<Ticket>, i64)> = tx.rows(list, (who,))?;
    found.sort_unstable_by_key(|(_, number)| *number);
    Ok(found)
}

/// What somebody who leaves worked on goes to an heir, or to their team alone.
pub(crate) fn pass_work(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    from: Id<Membership>,
    heir: Option<(Id<Membership>, &str)>,
) -> Result<(), Refused> {
    for (id, _) in worked_by(tx, from)? {
        let mut change = Change::of(store::get(tx, id)?);
        change.ticket.worker = heir.map(|(id, _)| id);
        change.happened(act, Happened::Assigned { to: heir.map(|(_, name)| name.to_owned()) });
        change.keep(tx, act)?;
    }
    Ok(())
}

/// Another matrix is in force from an instant on: every open ticket of the client is looked at then.
pub(crate) fn look_again(tx: &mut Tx<'_, '_>, client: Id<Client>, from: At) -> Result<(), Refused> {
    let set = sql!(
        "UPDATE ticket SET timer_at = $3, owner_until = $3 WHERE provider_id = $1 AND {reach: client_id} AND client_id = $2 \
         AND timer_at >= $3"
    );
    tx.exec(set, (client, from))?;
    Ok(())
}

/// What is promised has changed: the clocks of every open ticket that it can concern are reckoned again, of one client or of all.
pub(crate) fn reckon_again(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    client: Option<Id<Client>>,
) -> Result<(), Refused> {
    let set = sql!(
        "UPDATE ticket SET timer_at = $3 WHERE provider_id = $1 AND {reach: client_id} AND (client_id = $2 OR $2 IS NULL) AND timer_at >= $3"
    );
    tx.exec(set, (client, act.at))?;
    Ok(())
}
